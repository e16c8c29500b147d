//! What can go wrong, to order: lost lines, refused resumes, 429, 500, slow answers, the kill before an answer.

use std::time::Duration;

use crate::gateway::Frame;
use crate::world::Event;
use crate::{Discord, State};

/// How a REST request fails, or is delayed.
#[derive(Debug, Clone)]
pub enum RestFault {
    /// 429. `scope` is `user`, `global` or `shared`; `retry_after` in seconds, as Discord writes it.
    TooMany { scope: &'static str, retry_after: f64 },
    /// 500, 502 or whatever else a server in trouble answers.
    Status(u16),
    /// As Discord refuses by itself: a status with its own code.
    Code(u16, u32),
    /// Answered as usual, but only after so long.
    Slow(Duration),
    /// Applied, but the line goes dead before the answer.
    HangUp,
}

/// A fault for the next requests that fit.
#[derive(Debug, Clone)]
pub(crate) struct OrderedRestFault {
    /// Empty fits every method.
    method: String,
    /// Below `/api/v10`, as `/channels/`.
    prefix: String,
    left: usize,
    fault: RestFault,
}

/// What happens to gateway events that fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventFault {
    /// Never told, and without a number: Discord does drop some.
    Lose,
    /// Told twice, as two events.
    Repeat,
    /// Told only after the event that follows.
    Swap,
}

#[derive(Debug)]
struct OrderedEventFault {
    name: String,
    left: usize,
    fault: EventFault,
}

type Kill = Box<dyn FnOnce() + Send>;

/// All faults that are ordered and not used up.
#[derive(Default)]
pub struct Faults {
    pub(crate) withhold_acks: bool,
    pub(crate) refuse_resumes: usize,
    rest: Vec<OrderedRestFault>,
    events: Vec<OrderedEventFault>,
    held_back: Vec<Event>,
    kill: Option<(usize, Kill)>,
}

impl Faults {
    pub(crate) fn for_request(&mut self, method: &str, path: &str) -> Option<RestFault> {
        let fits = |f: &OrderedRestFault| (f.method.is_empty() || f.method == method) && path.starts_with(&f.prefix);
        let at = self.rest.iter().position(fits)?;
        let found = &mut self.rest[at];
        found.left -= 1;
        let fault = found.fault.clone();
        self.rest.retain(|f| f.left > 0);
        Some(fault)
    }

    /// The event as it is really told: not at all, once, twice, or together with one held back.
    pub(crate) fn for_event(&mut self, event: Event) -> Vec<Event> {
        let at = self.events.iter().position(|f| f.name == event.name);
        let fault = at.map(|at| {
            self.events[at].left -= 1;
            self.events[at].fault
        });
        self.events.retain(|f| f.left > 0);
        let mut told = match fault {
            Some(EventFault::Lose) => return Vec::new(),
            Some(EventFault::Swap) => {
                self.held_back.push(event);
                return Vec::new();
            }
            Some(EventFault::Repeat) => vec![event.clone(), event],
            None => vec![event],
        };
        told.append(&mut self.held_back);
        told
    }

    /// The kill that is due once so many mutating requests were applied.
    pub(crate) fn kill_due(&mut self, applied: usize) -> Option<Kill> {
        let due = self.kill.as_ref().is_some_and(|(n, _)| *n == applied);
        due.then(|| self.kill.take().map(|(_, kill)| kill)).flatten()
    }
}

impl Discord {
    fn order(&self, order: impl FnOnce(&mut State)) {
        self.change(order);
    }

    /// All gateway connections go dead, without a closing frame. Sessions can be resumed.
    pub fn drop_connections(&self) {
        self.order(|s| s.sessions.write_to(None, || Frame::Cut));
    }

    /// The connection of one session (see `sessions()`) goes dead.
    pub fn drop_session(&self, id: &str) {
        self.order(|s| s.sessions.write_to(Some(id), || Frame::Cut));
    }

    /// All gateway connections are closed with a code, as 4000.
    pub fn close_connections(&self, code: u16) {
        self.order(|s| s.sessions.write_to(None, || Frame::Close(code, "Ordered by the test.")));
    }

    pub fn close_session(&self, id: &str, code: u16) {
        self.order(|s| s.sessions.write_to(Some(id), || Frame::Close(code, "Ordered by the test.")));
    }

    /// op 7: every client is asked to reconnect and resume.
    pub fn ask_to_reconnect(&self) {
        self.order(|s| s.sessions.write_to(None, || Frame::Text(r#"{"op":7,"d":null}"#.into())));
    }

    /// op 9: the sessions are invalid. Not resumable ones are forgotten.
    pub fn invalidate_sessions(&self, resumable: bool) {
        self.order(|s| {
            s.sessions.write_to(None, || Frame::Text(format!(r#"{{"op":9,"d":{resumable}}}"#)));
            if !resumable {
                s.sessions.forget_all();
            }
        });
    }

    /// The next `n` resumes are answered with op 9, `d: false`.
    pub fn refuse_resumes(&self, n: usize) {
        self.order(|s| s.faults.refuse_resumes = n);
    }

    /// Of what each session would be told again by a resume, Discord has lost one event in the middle: this many before the
    /// newest. The numbers go on as if nothing was.
    pub fn loses_of_the_replay(&self, before_the_newest: usize) {
        self.order(|s| s.sessions.lose_of_the_replay(before_the_newest));
    }

    /// Heartbeats get no ACK until this is called with false.
    pub fn withhold_acks(&self, withhold: bool) {
        self.order(|s| s.faults.withhold_acks = withhold);
    }

    /// The next `n` requests of this method (empty: any) whose path below `/api/v10` begins so fail like this.
    pub fn fail_requests(&self, n: usize, method: &str, prefix: &str, fault: RestFault) {
        if n == 0 {
            return;
        }
        let ordered = OrderedRestFault { method: method.into(), prefix: prefix.into(), left: n, fault };
        self.order(|s| s.faults.rest.push(ordered));
    }

    /// How many requests are still to come that will fail as ordered.
    pub fn faults_to_come(&self) -> usize {
        self.look(|s| s.faults.rest.iter().map(|fault| fault.left).sum())
    }

    /// The next `n` gateway events of this name, as `MESSAGE_CREATE`, are lost, repeated or swapped.
    pub fn disturb_events(&self, n: usize, name: &str, fault: EventFault) {
        if n > 0 {
            self.order(|s| s.faults.events.push(OrderedEventFault { name: name.into(), left: n, fault }));
        }
    }

    /// After the `n`-th mutating REST request from now has been applied and before it is answered, calls `kill`;
    /// that request is never answered, its connection is cut.
    pub fn after_request(&self, n: usize, kill: Box<dyn FnOnce() + Send>) {
        self.order(|s| s.faults.kill = Some((s.mutating + n, kill)));
    }

    pub fn clear_faults(&self) {
        self.order(|s| s.faults = Faults::default());
    }
}
