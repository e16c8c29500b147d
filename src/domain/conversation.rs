//! Whom was a message for? Replies and mentions say it; for the rest turn-taking is weighed, by `docs/CONVERSATION.md`.
//!
//! One [`Window`] per channel, in memory only: it holds bystanders, and is forgotten with the process. A message is
//! judged at once by what came before it, and once more when the next few messages are known. [`Habits`], one per
//! community, learn from its replies how far the shared constants suit it. The same history gives the same answers.

mod afterwards;
mod amounts;
pub mod constants;
mod cues;
mod flow;
mod habits;
mod later;
mod links;
mod memory;
mod numbers;
mod pending;
mod people;
mod scene;

use std::collections::VecDeque;

use super::ids::{MessageId, UserId};
use super::observation::{Observation, Reply};
use super::tie::{Kind, Thousandths};
use afterwards::Afterwards;
use cues::Cues;
use habits::WHOLLY;
use later::Later;
use memory::{Belief, Memory};
use numbers::Sum;
use pending::Pending;

pub use cues::Traced;
pub use flow::{Flow, SILENCE};
pub use habits::{Habits, Learned};
pub use pending::{AHEAD, Settled, Trace};
pub use people::Each;

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

/// What one channel has just said, bounded: about 21 KB, and a little more where crowds are named.
#[derive(Debug, Clone, Default)]
pub struct Window {
    messages: VecDeque<(MessageId, UserId)>,
    /// By what is believed at once.
    memory: Memory,
    /// The same, up to the last message that waits no more, and by what is believed of all finally.
    settled: Memory,
    pending: VecDeque<Pending>,
    /// What those before them look at in the messages that wait.
    later: Later,
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
        let (pending, belief) = match self.certain(observation) {
            Some(certain) => self.told_by_name(observation, certain, habits),
            None => self.guess(observation, habits),
        };
        push_bounded(&mut self.messages, (pending.message, pending.author), RECENT_MESSAGES);
        let (addressees, waits) = (pending.first.clone(), pending.waits);
        self.later.push(pending.place, &belief);
        self.pending.push_back(pending);
        let settled = if self.pending.len() > AHEAD { self.settle_oldest(habits) } else { None };
        Heard { addressees, waits, settled, over: Vec::new() }
    }

    /// What still waits, as it stands; nothing waits afterwards.
    pub fn settle(&mut self, habits: &Habits) -> Vec<Settled> {
        let mut settled = Vec::new();
        while !self.pending.is_empty() {
            settled.extend(self.settle_oldest(habits));
        }
        settled
    }

    /// The oldest guess above a message that waits.
    pub fn waits_from(&self, after: MessageId) -> Option<MessageId> {
        let guesses = self.pending.iter().filter(|pending| pending.waits);
        guesses.map(|pending| pending.message).filter(|message| *message > after).min()
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

    /// A message that says whom it is for, which teaches of those that do not.
    fn told_by_name(&mut self, said: &Observation, certain: Addressees, habits: &mut Habits) -> (Pending, Belief) {
        let (author, at) = (said.author(), milliseconds(said.message()));
        let Memory { people, .. } = &self.memory;
        let me = people.place_of(author);
        if let ([answered], true) = (&certain[..], habits.learns())
            && let Some(place) = people.place_of(answered.user)
        {
            let cues = Cues::read(&self.memory, me, at, habits.weights());
            habits.learn(&cues, place, answered.kind);
        }
        let (place, belief) = self.memory.named(me, author, at, &certain);
        (Pending::of(said, place, at, certain), belief)
    }

    /// A message that does not say it.
    fn guess(&mut self, said: &Observation, habits: &Habits) -> (Pending, Belief) {
        let (author, at) = (said.author(), milliseconds(said.message()));
        let me = self.memory.people.place_of(author);
        let cues = Cues::read(&self.memory, me, at, habits.weights());
        let (belief, shift) = at_once(&cues, habits);
        let told = self.memory.tell(&belief);
        let waits = cues.how_many() > 0;
        let cues = self.traces.as_ref().filter(|_| waits).map(|_| {
            let cues = Traced::read(&self.memory, me, at, habits.weights());
            Box::new((*self.memory.people.users(), cues))
        });
        let place = self.memory.guessed(me, author, at, &belief);
        (Pending { by_name: false, waits, shift, cues, ..Pending::of(said, place, at, told) }, belief)
    }

    /// Judges the oldest message that waits once more, by those after it and by what is finally believed of those before it.
    fn settle_oldest(&mut self, habits: &Habits) -> Option<Settled> {
        let Pending { message, author, place, at, first, waits, by_name, shift, cues } = self.pending.pop_front()?;
        self.later.pop();
        let me = self.settled.people.place_of(author);
        if by_name {
            self.settled.named(me, author, at, &first);
            return None;
        }
        let again = Cues::read(&self.settled, me, at, habits.weights());
        let there = self.memory.people.there_since(self.memory.rhythm.before(self.pending.len()));
        let afterwards = Afterwards::of(place, &again, &self.later, &there);
        let belief = finally(&again, &afterwards, habits, shift);
        let last = self.settled.tell(&belief);
        if let (Some(traces), Some(cues)) = (&mut self.traces, cues) {
            let ((users, cues), again) = (*cues, Traced::read(&self.settled, me, at, habits.weights()));
            traces.push(Trace { message, users, cues, again, afterwards: afterwards.traced() });
        }
        self.settled.guessed(me, author, at, &belief);
        waits.then_some(Settled { message, author, first, last })
    }
}

/// What is believed of a message at once, and what was added for it to the scores of all but nobody: replies teach who it was
/// rather than whether it was anybody, so nobody keeps the share of the shared constants.
fn at_once(cues: &Cues, habits: &Habits) -> (Belief, f32) {
    let mut scores = cues.scores(&habits.trust());
    let here = Sum::share(&mut scores);
    let anybody = if habits.has_learned() { Sum::of(cues.scores(&WHOLLY)) } else { here };
    let nobody = anybody.beside(cues.score_of_nobody(habits.constants()));
    (Belief::of(&scores, nobody), anybody.above(here))
}

/// What is believed of a message when those after it are known.
fn finally(again: &Cues, afterwards: &Afterwards<'_>, habits: &Habits, shift: f32) -> Belief {
    let constants = habits.constants();
    let (later, later_of_nobody) = afterwards.weighed(&constants.afterwards);
    let mut scores = again.scores(&habits.trust()) + later;
    let anybody = Sum::share(&mut scores);
    let nobody = again.score_of_nobody(constants) + later_of_nobody - shift;
    Belief::of(&scores, anybody.beside(nobody))
}

#[expect(clippy::cast_precision_loss, reason = "milliseconds since 1970 are exact for ages")]
const fn milliseconds(message: MessageId) -> f64 {
    message.millis() as f64
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
