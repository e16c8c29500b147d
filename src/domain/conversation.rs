//! Whom was a message for? Replies and mentions say it; for the rest turn-taking is weighed, by `docs/CONVERSATION.md`.
//!
//! One [`Window`] per channel, in memory only: it holds bystanders, and is forgotten with the process. A message is
//! judged at once by what came before it, and once more when the next few messages are known. [`Habits`], one per
//! community, learn from its replies how far the shared constants suit it. The same history gives the same answers.

mod amounts;
pub mod constants;
mod cues;
mod flow;
mod habits;
mod memory;
mod numbers;
mod pending;
mod people;

use std::collections::VecDeque;

use super::ids::{MessageId, UserId};
use super::observation::{Observation, Reply};
use super::tie::{Kind, Thousandths};
use amounts::Told;
use memory::{Belief, Memory};
use numbers::{Row, log_sum, shares, weighed};
use pending::{Glance, Pending, afterwards};

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

/// What one channel has just said, bounded: about 26 KB, and a little more where crowds are named.
#[derive(Debug, Clone, Default)]
pub struct Window {
    messages: VecDeque<(MessageId, UserId)>,
    /// By what is believed at once.
    memory: Memory,
    /// The same, up to the last message that waits no more, and by what is believed of all finally.
    settled: Memory,
    pending: VecDeque<Pending>,
    /// Of each message that waits, what the others look at.
    glances: VecDeque<Glance>,
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
        let (author, at) = (observation.author(), observation.message().millis());
        let cues = Cues::read(&self.memory, author, at);
        let (mut shift, mut waits) = (0.0, false);
        let (place, belief, addressees) = if let Some(certain) = self.certain(observation) {
            if let [answered] = certain[..] {
                habits.learn(&cues, answered.user, answered.kind);
            }
            let (place, belief) = self.memory.named(author, at, &certain);
            (place, belief, certain)
        } else {
            let turn = weighed(habits.turn(), &cues.turn);
            shift = unmoved(&cues, habits, turn);
            let (belief, guess) = believe(&cues, scores(&cues, habits, turn, shift), self.memory.rhythm.naming);
            waits = !cues.candidates().is_empty();
            (self.memory.guessed(author, at, cues.candidates(), &belief), belief, guess)
        };
        push_bounded(&mut self.messages, (observation.message(), author), RECENT_MESSAGES);
        let cues = (waits && self.traces.is_some()).then(|| Box::new(cues.clone()));
        let (message, first) = (observation.message(), addressees.clone());
        self.pending.push_back(Pending { message, at, first, waits, shift, cues });
        self.glances.push_back(Glance::of(author, place, &belief));
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

    /// Judges the oldest message that waits once more, by those after it and by what is finally believed of those before it.
    fn settle_oldest(&mut self, habits: &Habits) -> Option<Settled> {
        let Pending { message, at, first, waits, shift, cues } = self.pending.pop_front()?;
        let guess = self.glances.pop_front()?;
        if guess.by_name {
            self.settled.named(guess.author, at, &first);
            return None;
        }
        let again = Cues::read(&self.settled, guess.author, at);
        let mut scores = scores(&again, habits, weighed(habits.turn(), &again.turn), shift);
        let later = afterwards(&guess, &again, &self.glances, &self.memory.people);
        let more = weighed(&habits.constants().afterwards, &later);
        scores.iter_mut().zip(more).for_each(|(score, more)| *score += more);
        let (belief, last) = believe(&again, scores, self.settled.rhythm.naming);
        self.settled.guessed(guess.author, at, again.candidates(), &belief);
        if let (Some(traces), Some(cues)) = (&mut self.traces, cues) {
            traces.push(Trace { message, cues: *cues, again: again.clone(), afterwards: later });
        }
        waits.then_some(Settled { message, author: guess.author, first, last })
    }
}

/// What is added to the scores of the candidates. Replies teach who it was rather than whether it was anybody: nobody keeps
/// the share of the shared constants.
fn unmoved(cues: &Cues, habits: &Habits, turn: Row) -> f32 {
    let count = cues.candidates().len();
    if !habits.has_learned() || count == 0 {
        return 0.0;
    }
    log_sum(weighed(&habits.constants().turn, &cues.turn), count) - log_sum(turn, count)
}

/// The scores of the candidates and then of nobody, by what the cues of the turn come to.
fn scores(cues: &Cues, habits: &Habits, mut scores: Row, shift: f32) -> Row {
    for score in &mut scores {
        *score += shift;
    }
    scores[cues.candidates().len()] =
        habits.constants().nobody.iter().zip(&cues.nobody).map(|(weight, cue)| weight * cue).sum();
    scores
}

/// Turns the scores into a belief, and says what is told of it where such a share of the messages names.
fn believe(cues: &Cues, mut scores: Row, naming: f32) -> (Belief, Addressees) {
    let candidates = cues.candidates();
    shares(&mut scores, candidates.len() + 1);
    let scores = &scores[..=candidates.len()];
    (Belief::of(candidates, scores), Told::by_custom(naming).of(candidates, scores))
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
