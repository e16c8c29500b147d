//! What is known of a channel when its next message is heard: who spoke and who turned to whom, and how it moves.

use super::people::People;
use crate::domain::ids::UserId;

#[derive(Debug, Clone, Default)]
pub struct Memory {
    pub people: People,
    pub rhythm: Rhythm,
}

/// Whom one message was for, as far as it is believed.
#[derive(Debug, Clone, Default)]
pub struct Belief {
    /// Nobody twice, and never the author; together at most 1.
    pub to: Vec<(UserId, f32)>,
    /// By the author's own act: a name or a reply.
    pub by_name: bool,
}

impl Belief {
    pub fn sure(&self, user: UserId) -> f32 {
        // Without a branch: it is asked for every message that waits, and nobody is in it twice.
        let bits = |(other, sure): &(UserId, f32)| if *other == user { sure.to_bits() } else { 0 };
        f32::from_bits(self.to.iter().map(bits).fold(0, |found, bits| found | bits))
    }

    /// How surely it was for nobody.
    pub fn alone(&self) -> f32 {
        if self.by_name { 0.0 } else { (1.0 - self.to.iter().map(|(_, sure)| sure).sum::<f32>()).max(0.0) }
    }
}

impl Memory {
    /// Remembers the next message.
    pub fn heard(&mut self, author: UserId, at: i64, belief: &Belief) {
        self.people.heard(author, at, self.rhythm.messages.saturating_add(1), belief);
        self.rhythm.beat(at, belief.by_name);
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
            let gap = length(at, self.last).clamp(GAPS.0, GAPS.1).ln();
            self.usual += (gap - self.usual) / small(self.messages + 1).min(USUAL_SPAN);
        }
        self.messages = self.messages.saturating_add(1);
        self.last = at;
    }
}

/// From one moment to a later one; none if it is not later.
#[expect(clippy::cast_precision_loss, reason = "seven digits of a time are enough")]
pub fn length(now: i64, then: i64) -> f32 {
    now.saturating_sub(then).max(0) as f32
}

#[expect(clippy::cast_precision_loss, reason = "a logarithm of it is taken")]
pub const fn small(count: u32) -> f32 {
    count as f32
}
