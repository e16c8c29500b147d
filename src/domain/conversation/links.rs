//! Who has said how much to whom in one channel.

use super::numbers::{FOURS, Four, Row, TOGETHER};
use super::people::{Each, Number, PEOPLE};

/// What remains of a tie after one more message: a half after 34.
const TIE_KEEPS: f32 = 0.98;
/// When the unit of ties has grown so much, all are written in new ones.
const LARGE: f32 = 1e9;
/// And what is less than this is nothing.
const LEAST_TIE: f32 = 1e-6;
/// The number of a message that never was: so long ago that nothing is left of it.
const NEVER: Number = -1e30;
/// What nobody has said.
const NOTHING: Link = Four::new([NEVER, 0.0, 0.0, 0.0]);

/// What one person has said to another, as four numbers that a processor takes at once: the parts of
/// [`FourLinks`], in their order.
type Link = Four;
const NAMED: usize = 0;
const SINCE: usize = 2;
const TIE: usize = 3;

/// What four people have said to one, or one to four.
pub struct FourLinks {
    /// The number of the last message by name, or by which its author answered by their own act.
    pub named: Four,
    /// How surely the one's last message was for the other.
    pub latest: Four,
    /// All since the other's last message.
    pub since: Four,
    /// All, fading.
    pub tie: Four,
}

impl FourLinks {
    /// What is read of an author whom nobody remembers.
    pub const NONE: Self = Self { named: Four::splat(NEVER), latest: Four::ZERO, since: Four::ZERO, tie: Four::ZERO };
}

/// All that the people of a channel have said to each other, by their places.
#[derive(Debug, Clone)]
pub struct Links {
    /// Row by row: who said it, to whom.
    rows: Each<Each<Link>>,
    /// How large a whole message is written in ties by now. They fade in that it grows by the inverse with each message.
    unit: f32,
    /// Its inverse: what turns a written tie into messages.
    in_messages: f32,
}

impl Default for Links {
    fn default() -> Self {
        Self { rows: [[NOTHING; PEOPLE]; PEOPLE], unit: 1.0, in_messages: 1.0 }
    }
}

impl Links {
    /// What somebody has said to four.
    pub fn from(&self, place: usize, four: usize) -> FourLinks {
        let links = &self.rows[place % PEOPLE];
        let first = four % FOURS * TOGETHER;
        self.by_kind([links[first], links[first + 1], links[first + 2], links[first + 3]])
    }

    /// What four have said to somebody.
    pub fn to(&self, place: usize, four: usize) -> FourLinks {
        let (place, first) = (place % PEOPLE, four % FOURS * TOGETHER);
        let from = |other: usize| self.rows[first + other][place];
        self.by_kind([from(0), from(1), from(2), from(3)])
    }

    fn by_kind(&self, links: [Link; TOGETHER]) -> FourLinks {
        let [named, latest, since, tie] = Four::transpose(links);
        FourLinks { named, latest, since, tie: tie * self.in_messages }
    }

    /// Somebody's next message is for each so surely.
    pub fn turns(&mut self, from: usize, sure: &Row) {
        self.fades();
        let (keeps, adds) = (Four::new([1.0, 0.0, 1.0, 1.0]), Four::new([0.0, 1.0, 1.0, self.unit]));
        for (place, link) in self.rows[from % PEOPLE].iter_mut().enumerate() {
            *link = *link * keeps + adds * sure[place];
        }
        for links in &mut self.rows {
            links[from % PEOPLE].as_mut_array()[SINCE] = 0.0;
        }
    }

    /// With that message somebody was named.
    pub const fn names(&mut self, from: usize, to: usize, message: Number) {
        self.rows[from % PEOPLE][to % PEOPLE].as_mut_array()[NAMED] = message;
    }

    /// Nothing is known any more of whoever had that place.
    pub fn forget(&mut self, place: usize) {
        self.rows[place % PEOPLE] = [NOTHING; PEOPLE];
        self.rows.iter_mut().for_each(|to| to[place % PEOPLE] = NOTHING);
    }

    /// Writes all numbers of messages anew.
    pub fn renumber(&mut self, anew: impl Fn(Number) -> Number) {
        for link in self.rows.iter_mut().flatten() {
            let number = &mut link.as_mut_array()[NAMED];
            *number = anew(*number);
        }
    }

    /// One more message: all ties fade.
    fn fades(&mut self) {
        if self.unit > LARGE {
            for link in self.rows.iter_mut().flatten() {
                let tie = &mut link.as_mut_array()[TIE];
                *tie *= self.in_messages;
                *tie = if *tie < LEAST_TIE { 0.0 } else { *tie };
            }
            self.unit = 1.0;
        }
        self.unit *= 1.0 / TIE_KEEPS;
        self.in_messages = 1.0 / self.unit;
    }
}
