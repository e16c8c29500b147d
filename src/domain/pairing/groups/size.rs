//! How many sit at a table, as admins say it: `2` or `pairs`, `3` or `threes`, `4-6`.

use std::fmt;
use std::str::FromStr;

/// From two to eight, and at least as many as the least.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Size {
    least: u8,
    most: u8,
}

/// Numbers or words that are no size of a table.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a table seats {} to {}, the smaller number first: write 3 or 4-6", Size::FEWEST, Size::MOST)]
pub struct NoSize;

impl Size {
    pub const FEWEST: u8 = 2;
    /// Beyond eight a table falls into two conversations.
    pub const MOST: u8 = 8;
    pub const PAIRS: Self = Self { least: 2, most: 2 };

    pub fn new(least: u8, most: u8) -> Result<Self, NoSize> {
        (Self::FEWEST <= least && least <= most && most <= Self::MOST).then_some(Self { least, most }).ok_or(NoSize)
    }

    pub const fn least(self) -> u8 {
        self.least
    }

    pub const fn most(self) -> u8 {
        self.most
    }

    pub fn holds(self, people: usize) -> bool {
        (usize::from(self.least)..=usize::from(self.most)).contains(&people)
    }

    /// With the further chair for somebody who would be left over: only where one number was asked for, since a range has
    /// room of its own, and never beyond [`Size::MOST`].
    pub const fn with_a_chair_more(self) -> u8 {
        if self.least == self.most && self.most < Self::MOST { self.most + 1 } else { self.most }
    }
}

impl FromStr for Size {
    type Err = NoSize;

    fn from_str(text: &str) -> Result<Self, NoSize> {
        match text.trim() {
            "pairs" => return Ok(Self::PAIRS),
            "threes" => return Self::new(3, 3),
            _ => {}
        }
        let number = |text: &str| text.trim().parse().map_err(|_| NoSize);
        let (least, most) = text.split_once(['-', '–']).unwrap_or((text, text));
        Self::new(number(least)?, number(most)?)
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.least == self.most { write!(f, "{}", self.least) } else { write!(f, "{}-{}", self.least, self.most) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_is_one_number_or_two_between_two_and_eight() {
        for (text, least, most) in [
            ("2", 2, 2),
            ("3", 3, 3),
            ("4-6", 4, 6),
            ("2-8", 2, 8),
            (" 4 – 6 ", 4, 6),
            ("pairs", 2, 2),
            (" threes", 3, 3),
        ] {
            assert_eq!(text.parse(), Size::new(least, most), "{text}");
            assert_eq!(Size::new(least, most).map(|size| size.to_string().parse()), Ok(Size::new(least, most)));
        }
        for text in ["", "1", "9", "6-4", "1-3", "4-9", "4-", "-4", "4-5-6", "four", "300", "4.5"] {
            assert_eq!(text.parse::<Size>(), Err(NoSize), "{text}");
        }
    }

    #[test]
    fn only_an_exact_size_takes_one_chair_more() {
        let chairs = |text: &str| text.parse::<Size>().map(Size::with_a_chair_more);
        assert_eq!((chairs("2"), chairs("3"), chairs("4-6")), (Ok(3), Ok(4), Ok(6)));
        assert_eq!(chairs("8"), Ok(8), "beyond eight a table falls into two conversations");
    }
}
