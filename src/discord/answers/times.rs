//! Free time in eight blocks, as a select can show them: the parts of a day, on weekdays and at weekends.

use chrono::Weekday;

use crate::domain::slot::{Availability, PartOfDay};

/// Several days' same part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Block {
    pub weekend: bool,
    pub part: PartOfDay,
}

const WEEKDAYS: [Weekday; 5] = [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri];
const WEEKEND: [Weekday; 2] = [Weekday::Sat, Weekday::Sun];

pub const WEEKDAY_EVENINGS: [Block; 1] = [Block { weekend: false, part: PartOfDay::Evening }];
pub const WEEKENDS: [Block; 4] = [
    Block { weekend: true, part: PartOfDay::Morning },
    Block { weekend: true, part: PartOfDay::Lunch },
    Block { weekend: true, part: PartOfDay::Afternoon },
    Block { weekend: true, part: PartOfDay::Evening },
];

impl Block {
    /// All eight, weekdays first.
    pub fn all() -> impl Iterator<Item = Self> {
        [false, true].into_iter().flat_map(|weekend| PartOfDay::ALL.map(|part| Self { weekend, part }))
    }

    const fn days(self) -> &'static [Weekday] {
        if self.weekend { &WEEKEND } else { &WEEKDAYS }
    }

    /// The value of its option, and what its text chooses by.
    pub const fn word(self) -> &'static str {
        match (self.weekend, self.part) {
            (false, PartOfDay::Morning) => "weekday-morning",
            (false, PartOfDay::Lunch) => "weekday-lunch",
            (false, PartOfDay::Afternoon) => "weekday-afternoon",
            (false, PartOfDay::Evening) => "weekday-evening",
            (true, PartOfDay::Morning) => "weekend-morning",
            (true, PartOfDay::Lunch) => "weekend-lunch",
            (true, PartOfDay::Afternoon) => "weekend-afternoon",
            (true, PartOfDay::Evening) => "weekend-evening",
        }
    }

    /// Whether all of it is free.
    pub fn is_in(self, times: Availability) -> bool {
        self.days().iter().all(|day| times.contains(*day, self.part))
    }
}

pub fn add(times: Availability, block: Block) -> Availability {
    block.days().iter().fold(times, |times, day| times.with(*day, block.part))
}

/// What was chosen in the select; words that are none of ours count nothing.
pub fn chosen(words: &[String]) -> Availability {
    Block::all().filter(|block| words.iter().any(|word| word == block.word())).fold(Availability::NEVER, add)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_blocks_together_are_any_time() {
        assert_eq!(Block::all().fold(Availability::NEVER, add), Availability::ALWAYS);
    }

    #[test]
    fn what_was_chosen_is_shown_as_chosen() {
        let words = ["weekday-evening".to_owned(), "weekend-lunch".to_owned(), "never heard of".to_owned()];
        let times = chosen(&words);
        let shown: Vec<_> = Block::all().filter(|block| block.is_in(times)).map(Block::word).collect();
        assert_eq!(shown, ["weekday-evening", "weekend-lunch"]);
    }
}
