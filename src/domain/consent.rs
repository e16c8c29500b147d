//! Consent has a moment: from then on a member is counted live, and what was said in the weeks below it is read once.
//!
//! A message between two members belongs to exactly one part of what they said to each other. The later of their two
//! moments divides it: above is live, below is the past of whoever joined later. So live counting (with the reading of
//! its gaps) and the reading of a past never count a message twice for a pair, and leave none out, whatever order they
//! come in: both ask [`part`] about the same moments and each takes only its own answer.

use chrono::Duration;

use super::ids::{MessageId, UserId};

/// How far below the moment of joining a past is read: a season's new friends, and little more than a member recalls.
pub const PAST_REACHES: Duration = Duration::weeks(8);

/// A member, with the snowflake from which on they are counted live.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Consent {
    pub user: UserId,
    pub from: i64,
}

impl Consent {
    /// The first message that may belong to this member's past.
    pub fn past_begins(self) -> MessageId {
        MessageId::at(MessageId::from_column(self.from).time() - PAST_REACHES)
    }
}

/// Which part of what two members said to each other a message belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Live,
    /// Said before the later of them joined, and read with their past.
    PastOf(Consent),
    /// Too long ago for anybody's past.
    TooOld,
}

/// To which part a message between these two belongs. Whose moment is the same joined in the order of their ids.
pub fn part(one: Consent, other: Consent, message: MessageId) -> Part {
    let later = if (one.from, one.user) < (other.from, other.user) { other } else { one };
    if message.get() >= later.from {
        Part::Live
    } else if message >= later.past_begins() {
        Part::PastOf(later)
    } else {
        Part::TooOld
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    fn consent(user: i64, from: i64) -> Consent {
        Consent { user: UserId::from_column(user), from }
    }

    fn day(n: i64) -> MessageId {
        MessageId::at(DateTime::from_timestamp(1_767_600_000 + n * 86_400, 0).unwrap())
    }

    #[test]
    fn the_later_moment_divides_what_two_said() {
        let (early, late) = (consent(2, day(0).get()), consent(1, day(10).get()));
        for (one, other) in [(early, late), (late, early)] {
            assert_eq!(part(one, other, day(10)), Part::Live);
            assert_eq!(part(one, other, day(9)), Part::PastOf(late));
            // Before the earlier one joined, too: both agreed to the weeks before their own joining.
            assert_eq!(part(one, other, day(-46)), Part::PastOf(late));
            assert_eq!(part(one, other, day(-47)), Part::TooOld);
        }
    }

    #[test]
    fn of_two_who_joined_at_once_one_has_the_past() {
        let (low, high) = (consent(1, day(10).get()), consent(2, day(10).get()));
        assert_eq!(part(low, high, day(9)), Part::PastOf(high));
        assert_eq!(part(high, low, day(9)), Part::PastOf(high));
    }
}
