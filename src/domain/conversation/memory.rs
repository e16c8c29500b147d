//! What is known of a channel when its next message is heard: who spoke and who turned to whom, and how it moves.

use super::amounts::Told;
use super::numbers::Row;
use super::people::{Number, People, length};
use super::{Addressee, Addressees};
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
    pub sure: Row,
    /// How surely it was for nobody.
    pub alone: f32,
    /// By the author's own act: a name or a reply.
    pub by_name: bool,
}

impl Belief {
    /// By the shares of all among themselves, and how likely nobody is beside them together.
    pub fn of(shares: &Row, nobody: f32) -> Self {
        let any = 1.0 / (1.0 + nobody);
        Self { sure: *shares * any, alone: nobody * any, by_name: false }
    }
}

impl Memory {
    /// What is told of a belief.
    pub fn tell(&self, belief: &Belief) -> Addressees {
        Told::by_custom(self.rhythm.naming).of(self.people.users(), &belief.sure)
    }

    /// Remembers the next message, which names nobody, and whom it is believed to be for; of an author who has the place
    /// `me`, if they are remembered. Returns the author's place.
    pub fn guessed(&mut self, me: Option<usize>, author: UserId, at: f64, belief: &Belief) -> usize {
        let now = self.rhythm.next(&mut self.people);
        let place = self.people.guessed(me, author, at, now, belief);
        self.rhythm.beat(at, false);
        place
    }

    /// Remembers the next message, which says itself whom it is for. Returns the author's place, and whom it is known to be for.
    pub fn named(&mut self, me: Option<usize>, author: UserId, at: f64, named: &[Addressee]) -> (usize, Belief) {
        let now = self.rhythm.next(&mut self.people);
        let known = self.people.named(me, author, at, now, named);
        self.rhythm.beat(at, true);
        known
    }
}

/// How a channel moves.
#[derive(Debug, Clone, Copy)]
pub struct Rhythm {
    /// The logarithm of the usual gap between two messages, in milliseconds.
    pub usual: f32,
    /// Messages heard so far.
    pub messages: Number,
    /// When the last was written, in milliseconds.
    pub last: f64,
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
        Self { usual: USUAL_AT_FIRST, messages: 0.0, last: 0.0, naming: 0.0 }
    }
}

impl Rhythm {
    /// How many usual gaps a millisecond is.
    pub fn gaps_each_ms(&self) -> f32 {
        (-self.usual).exp()
    }

    /// The number of the message before the last so many.
    #[expect(clippy::cast_precision_loss, reason = "few messages wait")]
    pub fn before(&self, messages: usize) -> Number {
        self.messages - messages as f32
    }

    /// The number of the next message of those people.
    fn next(&mut self, people: &mut People) -> Number {
        self.messages -= people.renumber(self.messages);
        self.messages + 1.0
    }

    fn beat(&mut self, at: f64, by_name: bool) {
        self.naming += (f32::from(u8::from(by_name)) - self.naming) / NAMING_SPAN;
        if self.messages > 0.0 {
            let gap = length(self.last, at).clamp(GAPS.0, GAPS.1).ln();
            self.usual += (gap - self.usual) / (self.messages + 1.0).min(USUAL_SPAN);
        }
        self.messages += 1.0;
        self.last = at;
    }
}
