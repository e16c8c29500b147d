//! What is known of a channel when its next message is heard: who spoke and who turned to whom, and how it moves.

use super::Addressee;
use super::cues::Candidate;
use super::numbers::{length, ln, small};
use super::people::{PEOPLE, People};
use crate::domain::ids::UserId;

#[derive(Debug, Clone, Default)]
pub struct Memory {
    pub people: People,
    pub rhythm: Rhythm,
}

/// Whom one message was for, as far as it is believed.
#[derive(Debug, Clone, Copy, Default)]
pub struct Belief {
    /// By the places of the people in the memory when it was heard; together at most 1.
    pub sure: [f32; PEOPLE],
    /// How surely it was for nobody.
    pub alone: f32,
    /// By the author's own act: a name or a reply.
    pub by_name: bool,
}

impl Belief {
    /// By the shares of the candidates and then of nobody, together 1.
    pub fn of(candidates: &[Candidate], shares: &[f32]) -> Self {
        let mut belief = Self { alone: shares.last().copied().unwrap_or(1.0), ..Self::default() };
        for (candidate, share) in candidates.iter().zip(shares) {
            belief.sure[usize::from(candidate.place)] = *share;
        }
        belief
    }
}

impl Memory {
    /// Remembers the next message, which names nobody, and whom of the candidates it is believed to be for. Returns the
    /// author's place.
    pub fn guessed(&mut self, author: UserId, at: i64, candidates: &[Candidate], belief: &Belief) -> u8 {
        let place = self.people.guessed(author, at, self.next(), candidates, belief);
        self.rhythm.beat(at, false);
        place
    }

    /// Remembers the next message, which says itself whom it is for. Returns the author's place.
    pub fn named(&mut self, author: UserId, at: i64, named: &[Addressee]) -> (u8, Belief) {
        let known = self.people.named(author, at, self.next(), named);
        self.rhythm.beat(at, true);
        known
    }

    const fn next(&self) -> u32 {
        self.rhythm.messages.saturating_add(1)
    }
}

/// How a channel moves.
#[derive(Debug, Clone, Copy)]
pub struct Rhythm {
    /// The logarithm of the usual gap between two messages, in milliseconds.
    pub usual: f32,
    /// Messages heard so far.
    pub messages: u32,
    pub last: i64,
    /// The share of the latest messages that reply or name.
    pub naming: f32,
}

/// Before a channel has shown its own.
const USUAL_AT_FIRST: f32 = 9.2; // ten seconds
/// Gaps are taken as between half a second and six hours: beyond, they tell of nights and of clocks.
const GAPS: (f32, f32) = (500.0, 21_600_000.0);
/// The usual gap is a mean over about so many messages.
const USUAL_SPAN: f32 = 50.0;
/// Over about how many of the latest messages the custom of naming is measured.
const NAMING_SPAN: f32 = 32.0;

impl Default for Rhythm {
    fn default() -> Self {
        Self { usual: USUAL_AT_FIRST, messages: 0, last: 0, naming: 0.0 }
    }
}

impl Rhythm {
    fn beat(&mut self, at: i64, by_name: bool) {
        self.naming += (f32::from(u8::from(by_name)) - self.naming) / NAMING_SPAN;
        if self.messages > 0 {
            let gap = ln(length(at, self.last).clamp(GAPS.0, GAPS.1));
            self.usual += (gap - self.usual) / small(self.messages + 1).min(USUAL_SPAN);
        }
        self.messages = self.messages.saturating_add(1);
        self.last = at;
    }
}
