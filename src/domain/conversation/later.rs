//! What the messages before them look for in messages that wait.

use std::collections::VecDeque;

use super::constants::fading;
use super::memory::Belief;
use super::numbers::Row;
use super::pending::AHEAD;
use super::people::{Each, PEOPLE};

/// What the messages before it look for in a message that waits.
#[derive(Debug, Clone, Copy)]
pub struct Glance {
    pub alone: f32,
    /// By the places of the memory that heard it.
    pub sure: Row,
}

/// Which of the messages that wait, a bit for each, the oldest first: nothing depends on a branch that nobody could foresee.
pub type Which = u32;

const fn first(which: Which) -> usize {
    which.trailing_zeros() as usize
}

/// All before the first of them; of none, all.
pub const fn before(which: Which) -> Which {
    (which & which.wrapping_neg()).wrapping_sub(1)
}

/// The number of the first of none.
const NO_MESSAGE: usize = first(0);
const _: () = assert!(AHEAD < NO_MESSAGE);

/// How soon each of the later messages comes.
static SOON: [f32; NO_MESSAGE + 1] = {
    let mut soon = [0.0; NO_MESSAGE + 1];
    let (mut number, mut messages) = (0, 1.0);
    while number < AHEAD {
        soon[number] = fading(messages);
        (number, messages) = (number + 1, messages + 1.0);
    }
    soon
};

/// How soon the first of them comes.
pub fn soon(which: Which) -> f32 {
    SOON[first(which)]
}

/// The messages that wait, as those before them look at them.
#[derive(Debug, Clone, Default)]
pub struct Later {
    glances: VecDeque<Glance>,
    /// Which of them whoever has that place wrote.
    pub by: Each<Which>,
    /// Which of them name whoever has that place, or answer them by their author's own act.
    pub names: Each<Which>,
    /// Which of them name or answer anybody so.
    pub by_name: Which,
}

impl Later {
    pub fn len(&self) -> usize {
        self.glances.len()
    }

    /// For whom the latest is believed to be.
    #[cfg(test)]
    pub fn latest(&self) -> Option<Row> {
        self.glances.back().map(|latest| latest.sure)
    }

    /// One more message waits, by whoever has that place.
    pub fn push(&mut self, author: usize, belief: &Belief) {
        let Belief { sure, alone, by_name } = *belief;
        let number = self.glances.len();
        self.by[author % PEOPLE] |= 1 << number;
        if by_name {
            self.by_name |= 1 << number;
            for (place, names) in self.names.iter_mut().enumerate() {
                *names |= Which::from(sure[place] > 0.0) << number;
            }
        }
        self.glances.push_back(Glance { alone, sure });
    }

    /// The oldest waits no more.
    pub fn pop(&mut self) {
        self.glances.pop_front();
        self.by.iter_mut().for_each(|which| *which >>= 1);
        self.names.iter_mut().for_each(|which| *which >>= 1);
        self.by_name >>= 1;
    }

    /// The places of those who wrote them, a bit for each.
    pub fn speakers(&self) -> u32 {
        self.by.iter().enumerate().fold(0, |places, (place, by)| places | u32::from(*by > 0) << place)
    }

    /// The first of them.
    pub fn first(&self, which: Which) -> Option<&Glance> {
        self.glances.get(first(which))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// By whom one is, and whom it names.
    type Said = (usize, Option<usize>);

    fn which(all: &[bool]) -> Which {
        all.iter().enumerate().fold(0, |which, (number, so)| which | Which::from(*so) << number)
    }

    proptest! {
        #[test]
        fn the_bits_say_who_wrote_and_named_in_what_waits(
            said in prop::collection::vec((0..PEOPLE, prop::option::of(0..PEOPLE)), 0..100),
        ) {
            let mut later = Later::default();
            for (heard, (author, named)) in said.iter().enumerate() {
                let mut belief = Belief { alone: 0.5, by_name: named.is_some(), ..Belief::default() };
                belief.sure[named.unwrap_or(author ^ 1)] = 1.0;
                later.push(*author, &belief);
                if later.len() > AHEAD {
                    later.pop();
                }
                let waiting = &said[(heard + 1).saturating_sub(AHEAD)..=heard];
                let of = |is: &dyn Fn(&Said) -> bool| which(&waiting.iter().map(is).collect::<Vec<_>>());
                prop_assert_eq!(later.by_name, of(&|(_, named)| named.is_some()));
                for place in 0..PEOPLE {
                    prop_assert_eq!(later.by[place], of(&|(author, _)| *author == place));
                    prop_assert_eq!(later.names[place], of(&|(_, named)| *named == Some(place)));
                    let speaks = later.speakers() & 1 << place != 0;
                    prop_assert_eq!(speaks, waiting.iter().any(|(author, _)| *author == place));
                }
            }
        }
    }
}
