//! Whom was a message for? Replies and mentions say it; for the rest turn-taking is weighed, by `docs/CONVERSATION.md`.
//!
//! One [`Window`] per channel, in memory only: it holds bystanders, and is forgotten with the process. A message is
//! judged at once by what came before it, and once more by the next few messages. [`Habits`], one per community, learn
//! from its replies how far the shared constants suit it. The same history gives the same answers.

mod amounts;
pub mod constants;
mod cues;
mod flow;
mod habits;
mod pending;
mod people;

use std::collections::VecDeque;

use super::ids::{MessageId, UserId};
use super::observation::{Observation, Reply};
use super::tie::{Kind, Thousandths};
use amounts::Told;
use cues::{CANDIDATES, Rhythm, log_sum, shares, weighed};
use pending::{Later, Pending};
use people::People;

pub use cues::Cues;
pub use flow::{Flow, SILENCE};
pub use habits::{Habits, Learned};
pub use pending::{AHEAD, Settled, Trace};

/// One person whom a message was for, with how sure that is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Addressee {
    pub user: UserId,
    pub kind: Kind,
    pub weight: Thousandths,
}

/// Whom one message was for: the author never, nobody twice, weights above zero and together at most one message.
pub type Addressees = Vec<Addressee>;

/// What a message brings to light.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Heard {
    /// Whom it was for, as far as can be said at once.
    pub addressees: Addressees,
    /// That is a guess, and will be settled by a later message of this channel or by [`Window::settle`].
    pub waits: bool,
    /// An earlier guess that is final now.
    pub settled: Option<Settled>,
    /// Earlier guesses that a long silence has made final; see [`Flow`].
    pub over: Vec<Settled>,
}

/// Message ids kept to find whom a reply answers, where Discord does not say it.
const RECENT_MESSAGES: usize = 256;
/// The share of messages that reply or name, from which naming is the custom of a channel.
const NAMING_IS_CUSTOM: f32 = 0.25;

/// What one channel has just said, bounded: about 14 KB at most.
#[derive(Debug, Clone, Default)]
pub struct Window {
    messages: VecDeque<(MessageId, UserId)>,
    people: People,
    rhythm: Rhythm,
    pending: VecDeque<Pending>,
    /// Memory that is used again by each message: its cues, and whom it turned to how surely.
    cues: Cues,
    turned: Vec<(UserId, f32)>,
    /// For fitting: the cues of the guesses that became final.
    traces: Option<Vec<Trace>>,
}

impl Window {
    /// One that keeps the cues of all its guesses; not for listening.
    pub fn keeping_traces() -> Self {
        Self { traces: Some(Vec::new()), ..Self::default() }
    }

    /// Takes in the channel's next message and says whom it was for. Messages come in their order in the channel.
    pub fn hear(&mut self, observation: &Observation, habits: &mut Habits) -> Heard {
        let (author, at) = (observation.author(), observation.at().timestamp_millis());
        self.cues.read(&self.people, &self.rhythm, author, at);
        let told = if self.rhythm.naming > NAMING_IS_CUSTOM { Told::Likeliest } else { Told::All };
        let number = self.rhythm.messages.saturating_add(1);
        let certain = self.certain(observation);
        let mut scores = [0.0; CANDIDATES + 1];
        let addressees = if let Some(certain) = &certain {
            self.turned.clear();
            self.turned.extend(certain.iter().map(|to| (to.user, share(to.weight))));
            if let [answered] = certain[..] {
                habits.learn(&self.cues, answered.user, answered.kind);
            }
            certain.clone()
        } else {
            self.guess(habits, told, &mut scores)
        };
        self.look_back(author, number, certain.is_some(), habits);
        let settled = self.settle_ripe(number, habits);
        let waits = certain.is_none() && !self.cues.candidates.is_empty();
        if waits {
            let who = (observation.message(), author);
            let pending = Pending::new(who, number, &self.cues, &scores[..=self.cues.candidates.len()], told);
            let pending = pending.telling(&addressees);
            self.pending.push_back(if self.traces.is_some() { pending.traced(&self.cues) } else { pending });
        }
        self.remember(observation, number, certain.is_some());
        Heard { addressees, waits, settled, over: Vec::new() }
    }

    /// What still waits, as it stands; nothing waits afterwards.
    pub fn settle(&mut self, habits: &Habits) -> Vec<Settled> {
        let pending = std::mem::take(&mut self.pending);
        pending.into_iter().map(|pending| self.finish(pending, habits)).collect()
    }

    /// The oldest guess above a message that waits.
    pub fn waits_from(&self, after: MessageId) -> Option<MessageId> {
        self.pending.iter().map(Pending::message).filter(|message| *message > after).min()
    }

    /// The cues of the guesses that became final since the last call; none unless the window keeps traces.
    pub fn take_traces(&mut self) -> Vec<Trace> {
        self.traces.as_mut().map(std::mem::take).unwrap_or_default()
    }

    /// The author of a message still in the window.
    pub fn author_of(&self, message: MessageId) -> Option<UserId> {
        self.messages.iter().rev().find(|(id, _)| *id == message).map(|(_, author)| *author)
    }

    /// Whom the author's own act names: nobody (an empty list) where it is a reply to somebody unknown.
    fn certain(&self, observation: &Observation) -> Option<Addressees> {
        let answered = match observation.reply() {
            Reply::None => None,
            Reply::To(user) => Some(user),
            Reply::Unresolved(message) => self.author_of(message),
        };
        if let Some(user) = answered.filter(|user| *user != observation.author()) {
            return Some(vec![Addressee { user, kind: Kind::Reply, weight: Thousandths::ONE }]);
        }
        let mentions = observation.mentions();
        if !mentions.is_empty() {
            return Some(shared_among(mentions));
        }
        // A reply to somebody unknown was for that somebody: guessing another would be wrong for certain.
        (answered.is_none() && observation.reply() != Reply::None).then(Addressees::new)
    }

    /// Leaves the scores of the candidates and of nobody in `scores`, and their shares in `turned`.
    fn guess(&mut self, habits: &Habits, told: Told, scores: &mut [f32; CANDIDATES + 1]) -> Addressees {
        let candidates = &self.cues.candidates;
        for (score, (_, cues)) in scores.iter_mut().zip(candidates) {
            *score = weighed(habits.turn(), cues);
        }
        if habits.has_learned() && !candidates.is_empty() {
            // Replies teach who it was rather than whether it was anybody: nobody keeps the share of the shared constants.
            let as_fitted = candidates.iter().map(|(_, cues)| weighed(&habits.constants().turn, cues));
            let shift = log_sum(as_fitted) - log_sum(scores[..candidates.len()].iter().copied());
            scores[..candidates.len()].iter_mut().for_each(|score| *score += shift);
        }
        scores[candidates.len()] = weighed(&habits.constants().nobody, &self.cues.nobody);
        let mut sure = *scores;
        let sure = &mut sure[..=candidates.len()];
        shares(sure);
        self.turned.clear();
        self.turned.extend(candidates.iter().map(|(user, _)| *user).zip(sure.iter().copied()));
        told.of(candidates.iter().map(|(user, _)| *user), sure)
    }

    fn look_back(&mut self, author: UserId, number: u32, by_name: bool, habits: &Habits) {
        let later = Later { author, number, turned: &self.turned, by_name };
        for pending in &mut self.pending {
            pending.sees(&later, &habits.constants().afterwards);
        }
    }

    fn settle_ripe(&mut self, number: u32, habits: &Habits) -> Option<Settled> {
        let ripe = self.pending.front().is_some_and(|pending| pending.is_ripe(number));
        let pending = if ripe { self.pending.pop_front() } else { None }?;
        Some(self.finish(pending, habits))
    }

    fn finish(&mut self, pending: Pending, habits: &Habits) -> Settled {
        let (settled, trace) = pending.settle(&habits.constants().afterwards);
        if let (Some(traces), Some(trace)) = (&mut self.traces, trace) {
            traces.push(*trace);
        }
        settled
    }

    fn remember(&mut self, observation: &Observation, number: u32, by_name: bool) {
        let (author, at) = (observation.author(), observation.at().timestamp_millis());
        push_bounded(&mut self.messages, (observation.message(), author), RECENT_MESSAGES);
        self.people.heard(author, at, number, &self.turned, by_name);
        self.rhythm.beat(at, by_name);
    }
}

/// Of those named together the first has half of the message, as whom it is said to; the others share what is left, but
/// for one thousandth, so that whoever takes the heaviest finds the first.
fn shared_among(users: &[UserId]) -> Addressees {
    let others = i64::try_from(users.len() - 1).unwrap_or(i64::MAX);
    let half = Thousandths::ONE.0 / 2;
    let first = if others == 0 { Thousandths::ONE.0 } else { half };
    let weights = std::iter::once(first).chain(std::iter::repeat_with(|| (half - 1) / others));
    let named = users.iter().zip(weights);
    let named = named.map(|(user, weight)| Addressee { user: *user, kind: Kind::Mention, weight: Thousandths(weight) });
    named.filter(|addressee| addressee.weight > Thousandths::ZERO).collect()
}

fn push_bounded<T>(queue: &mut VecDeque<T>, item: T, most: usize) {
    if queue.len() == most {
        queue.pop_front();
    }
    queue.push_back(item);
}

#[expect(clippy::cast_possible_truncation, reason = "at most one message, in thousandths")]
fn share(weight: Thousandths) -> f32 {
    weight.messages() as f32
}

#[cfg(test)]
#[path = "conversation_tests.rs"]
mod tests;
