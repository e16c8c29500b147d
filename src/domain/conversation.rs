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
mod pending;
mod people;

use std::collections::VecDeque;

use super::ids::{MessageId, UserId};
use super::observation::{Observation, Reply};
use super::tie::{Kind, Thousandths};
use amounts::Told;
use cues::{CANDIDATES, log_sum, shares, weighed};
use memory::{Belief, Memory};
use pending::{Afterwards, Pending};

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

/// What one channel has just said, bounded: about 18 KB at most.
#[derive(Debug, Clone, Default)]
pub struct Window {
    messages: VecDeque<(MessageId, UserId)>,
    memory: Memory,
    pending: VecDeque<Pending>,
    /// Room that is used again by each message.
    cues: Cues,
    afterwards: Afterwards,
    spare: Vec<(UserId, f32)>,
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
        self.cues.read(&self.memory, author, at);
        let mut belief = Belief { to: std::mem::take(&mut self.spare), by_name: false };
        let (mut first, mut scores) = (None, [0.0; CANDIDATES + 1]);
        let addressees = if let Some(certain) = self.certain(observation) {
            belief.by_name = true;
            belief.to.clear();
            belief.to.extend(certain.iter().map(|to| (to.user, share(to.weight))));
            if let [answered] = certain[..] {
                habits.learn(&self.cues, answered.user, answered.kind);
            }
            certain
        } else {
            let told = if self.memory.rhythm.naming > NAMING_IS_CUSTOM { Told::Likeliest } else { Told::All };
            scores = self.scores(habits);
            let guess = self.believe(scores, told, &mut belief);
            first = (!belief.to.is_empty()).then(|| (guess.clone(), told));
            guess
        };
        self.memory.heard(author, at, &belief);
        push_bounded(&mut self.messages, (observation.message(), author), RECENT_MESSAGES);
        let (waits, likeliest) = (first.is_some(), addressees.first().map(|to| (to.user, share(to.weight))));
        let cues = (waits && self.traces.is_some()).then(|| Box::new(self.cues.clone()));
        self.pending.push_back(Pending {
            message: observation.message(),
            author,
            belief,
            likeliest,
            scores,
            first,
            cues,
        });
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
        let guesses = self.pending.iter().filter(|pending| pending.first.is_some());
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

    /// The scores of the candidates and then of nobody, by the cues that were read.
    fn scores(&self, habits: &Habits) -> [f32; CANDIDATES + 1] {
        let candidates = &self.cues.candidates;
        let mut scores = [0.0; CANDIDATES + 1];
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
        scores
    }

    /// Turns the scores of the candidates into a belief, and says what is told of it.
    fn believe(&self, mut scores: [f32; CANDIDATES + 1], told: Told, belief: &mut Belief) -> Addressees {
        let users = || self.cues.candidates.iter().map(|(user, _)| *user);
        let scores = &mut scores[..=self.cues.candidates.len()];
        shares(scores);
        belief.to.clear();
        belief.to.extend(users().zip(scores.iter().copied()));
        told.of(users(), scores)
    }

    /// Judges the oldest message that waits once more, by those after it. It is final then.
    fn settle_oldest(&mut self, habits: &Habits) -> Option<Settled> {
        let Pending { message, author, belief, mut scores, first, cues, .. } = self.pending.pop_front()?;
        let settled = first.map(|(first, told)| {
            let cues_later = self.afterwards.read(author, &belief, &self.pending);
            let scores = &mut scores[..cues_later.len()];
            for (score, cues) in scores.iter_mut().zip(cues_later) {
                *score += weighed(&habits.constants().afterwards, cues);
            }
            shares(scores);
            if let (Some(traces), Some(cues)) = (&mut self.traces, cues) {
                traces.push(Trace { message, cues: *cues, afterwards: cues_later.to_vec() });
            }
            Settled { message, author, first, last: told.of(belief.to.iter().map(|(user, _)| *user), scores) }
        });
        self.spare = belief.to;
        settled
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
