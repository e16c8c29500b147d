//! The vote inside a meetup on when: which times stand to choose, who can make which, and when the question closes.

use std::collections::BTreeSet;

use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};

use super::ids::MessageId;
use super::slot::Slot;

/// A poll that has found a time common to all waits this long for second thoughts.
const SETTLING: Duration = Duration::minutes(10);
/// Without a common time, a poll stays open this long: two evenings to look at it.
const OPEN_FOR: Duration = Duration::hours(48);
/// Nobody should learn of a meetup later than the day before.
const BEFORE_FIRST_SLOT: Duration = Duration::hours(24);
/// A clicked reaction counts as an answer once it has stood this long: a slip of the thumb is undone sooner.
const STANDS_AFTER: Duration = Duration::minutes(2);

/// What one reaction says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Choice {
    /// The slot with this index in the poll.
    Slot(u8),
    NoneOfThese,
}

/// The choices of one participant, and when they last changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Votes {
    pub choices: BTreeSet<Choice>,
    pub changed_at: DateTime<Utc>,
}

impl Votes {
    pub fn new(choices: impl IntoIterator<Item = Choice>, changed_at: DateTime<Utc>) -> Self {
        Self { choices: choices.into_iter().collect(), changed_at }
    }

    /// Whether they can make the slot with this index.
    pub fn has_slot(&self, index: u8) -> bool {
        self.choices.contains(&Choice::Slot(index))
    }
}

/// A question on when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Poll {
    /// 1, or 2 for the second and last one of a meetup.
    pub number: u8,
    pub slots: Vec<Slot>,
    /// Where it stands, once it has been posted.
    pub message: Option<MessageId>,
    /// The latest moment at which it closes.
    pub closes_by: DateTime<Utc>,
}

impl Poll {
    pub fn new(number: u8, slots: Vec<Slot>, now: DateTime<Utc>) -> Self {
        let first = slots.iter().map(Slot::start).min();
        let closes_by = first.map_or(now + OPEN_FOR, |first| (first - BEFORE_FIRST_SLOT).min(now + OPEN_FOR));
        Self { number, slots, message: None, closes_by: closes_by.max(now) }
    }

    /// How many can make each slot, in the order of the slots, and how many none of them.
    pub fn counts<'a>(&self, votes: impl Iterator<Item = Option<&'a Votes>>) -> (Vec<usize>, usize) {
        let mut slots = vec![0; self.slots.len()];
        let mut none = 0;
        for votes in votes.flatten() {
            for choice in &votes.choices {
                match choice {
                    Choice::Slot(index) => slots.iter_mut().skip(usize::from(*index)).take(1).for_each(|n| *n += 1),
                    Choice::NoneOfThese => none += 1,
                }
            }
        }
        (slots, none)
    }

    /// The earliest of the slots that most can make, where at least `needed` can.
    pub fn winner<'a>(&self, votes: impl Iterator<Item = Option<&'a Votes>>, needed: usize) -> Option<Slot> {
        let (counts, _) = self.counts(votes);
        let best = counts.iter().copied().max().filter(|best| *best >= needed.max(1))?;
        let candidates = self.slots.iter().zip(&counts).filter(|(_, count)| **count == best);
        candidates.map(|(slot, _)| slot).min_by_key(|slot| slot.start()).copied()
    }

    /// When this poll is to be closed, given what each participant has said so far.
    pub fn closes_at<'a>(&self, votes: impl Iterator<Item = Option<&'a Votes>> + Clone) -> DateTime<Utc> {
        // A reaction of the last moment is given its two minutes; nobody keeps a poll open longer with that.
        let latest = votes.clone().flatten().map(|votes| votes.changed_at).max();
        let standing = latest.map_or(self.closes_by, |latest| latest + STANDS_AFTER);
        let last_call = self.closes_by.max(standing.min(self.closes_by + SETTLING));
        let Some(all) = votes.collect::<Option<Vec<&Votes>>>().filter(|all| !all.is_empty()) else {
            return last_call;
        };
        let common = (0..self.slots.len()).filter_map(|index| u8::try_from(index).ok());
        let agreed = common.clone().any(|index| all.iter().all(|votes| votes.has_slot(index)));
        let hopeless = all.iter().all(|votes| votes.choices.iter().eq([&Choice::NoneOfThese]));
        if !agreed && !hopeless {
            return last_call;
        }
        let last_change = latest.unwrap_or(self.closes_by);
        (last_change + SETTLING).min(last_call)
    }
}
