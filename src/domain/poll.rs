//! The vote inside a meetup on when: which times stand to choose, who can make which, when the question closes, and what
//! it then comes to.

mod ballot;

use std::cmp::{Ordering, Reverse};
use std::collections::BTreeSet;

use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};

use super::ids::MessageId;
use super::slot::Slot;

pub use ballot::Ballot;

/// A poll that has found a time common to all waits this long for second thoughts.
const SETTLING: Duration = Duration::minutes(10);
/// Where all have voted and no time suits all, they have this long to look at it again before others are asked about.
const LOOKING_AGAIN: Duration = Duration::hours(12);
/// Without a common time, a poll stays open this long: two evenings to look at it.
const OPEN_FOR: Duration = Duration::hours(48);
/// A poll that is open for less than this reminds nobody.
const LONG_ENOUGH_TO_FORGET: Duration = Duration::hours(12);
/// Nobody should learn of a meetup later than the day before.
const BEFORE_FIRST_SLOT: Duration = Duration::hours(24);
/// A clicked reaction counts as an answer once it has stood this long: a slip of the thumb is undone sooner.
const STANDS_AFTER: Duration = Duration::minutes(2);

/// Times that people may propose in one poll: more would be a conversation, and the thread is there for that.
pub const MOST_PROPOSED: u8 = 3;

/// What somebody says in a poll. Of a slot that they can make at all, it is one of two; of one that they can't, nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Choice {
    /// Yes to the slot with this index in the poll.
    Slot(u8),
    NoneOfThese,
    /// They can make the slot with this index, and would rather not.
    IfNeedBe(u8),
}

/// What is said at once on a ballot with buttons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mark {
    /// These slots suit, and no others.
    Suits(BTreeSet<u8>),
    /// These can be made if need be, and no others.
    IfNeedBe(BTreeSet<u8>),
    NoneOfThese,
}

impl Mark {
    /// Whether it chooses nothing.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Suits(slots) | Self::IfNeedBe(slots) => slots.is_empty(),
            Self::NoneOfThese => false,
        }
    }

    /// The choices after it: what it says wins over what was said of the same slot before.
    pub fn on(&self, before: &BTreeSet<Choice>) -> BTreeSet<Choice> {
        let kept = |choice: &Choice| match (self, *choice) {
            (Self::Suits(slots), Choice::IfNeedBe(slot)) | (Self::IfNeedBe(slots), Choice::Slot(slot)) => {
                !slots.contains(&slot)
            }
            // None of them, still: nothing has been taken back by choosing nothing.
            (Self::Suits(slots) | Self::IfNeedBe(slots), Choice::NoneOfThese) => slots.is_empty(),
            _ => false,
        };
        let said: Vec<Choice> = match self {
            Self::Suits(slots) => slots.iter().copied().map(Choice::Slot).collect(),
            Self::IfNeedBe(slots) => slots.iter().copied().map(Choice::IfNeedBe).collect(),
            Self::NoneOfThese => vec![Choice::NoneOfThese],
        };
        before.iter().copied().filter(kept).chain(said).collect()
    }
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

    /// How the slot with this index suits them.
    pub fn fit(&self, index: u8) -> Fit {
        if self.choices.contains(&Choice::Slot(index)) {
            Fit::Yes
        } else if self.choices.contains(&Choice::IfNeedBe(index)) {
            Fit::IfNeedBe
        } else {
            Fit::No
        }
    }

    /// Whether they can make the slot with this index, gladly or not.
    pub fn can(&self, index: u8) -> bool {
        self.fit(index) != Fit::No
    }
}

/// How a slot suits somebody; the better, the greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    No,
    IfNeedBe,
    Yes,
}

/// How many say what of one slot.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    pub yes: usize,
    pub if_need_be: usize,
}

impl Count {
    /// How many can come.
    pub const fn can(self) -> usize {
        self.yes + self.if_need_be
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
    /// How it is voted in, whatever the community decides meanwhile.
    #[serde(default)]
    pub ballot: Ballot,
    /// When those who have not voted are reminded, once; `None` where they have been, or shall not be.
    #[serde(default)]
    pub remind_at: Option<DateTime<Utc>>,
    /// How many of its slots, the last ones, were proposed while it ran.
    #[serde(default)]
    pub proposed: u8,
    /// When the last of them was: what was said before was said without it.
    #[serde(default)]
    pub grown_at: Option<DateTime<Utc>>,
    /// It is a trip that brings those who are asked near each other at its slots.
    #[serde(default)]
    pub by_a_trip: bool,
}

impl Poll {
    pub fn new(number: u8, slots: Vec<Slot>, ballot: Ballot, now: DateTime<Utc>) -> Self {
        let first = slots.iter().map(Slot::start).min();
        let closes_by = first.map_or(now + OPEN_FOR, |first| (first - BEFORE_FIRST_SLOT).min(now + OPEN_FOR));
        let open_for = closes_by - now;
        let remind_at = (open_for >= LONG_ENOUGH_TO_FORGET).then(|| now + open_for / 2);
        Self {
            number,
            slots,
            message: None,
            closes_by: closes_by.max(now),
            ballot,
            remind_at,
            proposed: 0,
            grown_at: None,
            by_a_trip: false,
        }
    }

    /// The indices of its slots.
    pub fn indices(&self) -> impl Iterator<Item = u8> + Clone + use<> {
        (0..self.slots.len()).filter_map(|index| u8::try_from(index).ok())
    }

    /// Whether somebody may propose one more time.
    pub const fn may_grow(&self) -> bool {
        self.ballot.can_grow() && self.proposed < MOST_PROPOSED
    }

    /// One more slot, at the end, so that the others keep their places. `None` where there may be no more, or it is among
    /// them already.
    pub fn grown(mut self, slot: Slot, now: DateTime<Utc>) -> Option<(Self, u8)> {
        let is_new = self.slots.iter().all(|known| known.start() != slot.start());
        let index = u8::try_from(self.slots.len()).ok().filter(|_| is_new && self.may_grow())?;
        self.slots.push(slot);
        self.proposed += 1;
        self.grown_at = Some(now);
        Some((self, index))
    }

    /// Whether they were said with all slots in sight.
    pub fn knows_all(&self, votes: &Votes) -> bool {
        self.grown_at.is_none_or(|grown| grown <= votes.changed_at)
    }

    /// What the answer with this number says in Discord's own poll: the slots from 1 on, and last that none of them suits.
    pub fn answer(&self, number: u8) -> Option<Choice> {
        let index = number.checked_sub(1)?;
        match usize::from(index).cmp(&self.slots.len()) {
            Ordering::Less => Some(Choice::Slot(index)),
            Ordering::Equal => Some(Choice::NoneOfThese),
            Ordering::Greater => None,
        }
    }

    /// How many can make each slot, in the order of the slots, and how many none of them.
    pub fn counts<'a>(&self, votes: impl Iterator<Item = Option<&'a Votes>>) -> (Vec<Count>, usize) {
        let mut slots = vec![Count::default(); self.slots.len()];
        let mut none = 0;
        for votes in votes.flatten() {
            for (index, count) in self.indices().zip(&mut slots) {
                match votes.fit(index) {
                    Fit::Yes => count.yes += 1,
                    Fit::IfNeedBe => count.if_need_be += 1,
                    Fit::No => {}
                }
            }
            none += usize::from(votes.choices.contains(&Choice::NoneOfThese));
        }
        (slots, none)
    }

    /// The index of the slot that it comes to, among those that at least `quorum` can make: the one with most yes; of
    /// those the one with fewest "if need be", so that nobody is dragged along without need; of those the one that suits
    /// the host best; of those the earliest.
    pub fn winner<'a>(
        &self,
        votes: impl Iterator<Item = Option<&'a Votes>>,
        host: Option<&Votes>,
        quorum: usize,
    ) -> Option<u8> {
        let (counts, _) = self.counts(votes);
        let merit = |index: u8, count: Count, slot: &Slot| {
            let wish = host.map_or(Fit::No, |host| host.fit(index));
            (count.yes, Reverse(count.if_need_be), wish, Reverse(slot.start()))
        };
        let all = self.indices().zip(counts).zip(&self.slots);
        let eligible = all.filter(|((_, count), _)| count.can() >= quorum.max(1));
        eligible.max_by_key(|((index, count), slot)| merit(*index, *count, slot)).map(|((index, _), _)| index)
    }

    /// When this poll is to be closed, given what each participant has said so far.
    ///
    /// A time that all can make closes it within minutes, as does "none of these" from all; so does it within hours when
    /// all have voted and there is no such time. Else it closes at its deadline.
    pub fn closes_at<'a>(&self, votes: impl Iterator<Item = Option<&'a Votes>> + Clone) -> DateTime<Utc> {
        // A reaction of the last moment is given its two minutes; nobody keeps a poll open longer with that.
        let latest = votes.clone().flatten().map(|votes| votes.changed_at).max().max(self.grown_at);
        let standing = latest.map_or(self.closes_by, |latest| latest + STANDS_AFTER);
        let last_call = self.closes_by.max(standing.min(self.closes_by + SETTLING));
        let Some(all) = votes.collect::<Option<Vec<&Votes>>>().filter(|all| !all.is_empty()) else {
            return last_call;
        };
        let agreed = self.indices().any(|index| all.iter().all(|votes| votes.can(index)));
        if !agreed && !all.iter().all(|votes| self.knows_all(votes)) {
            return last_call;
        }
        let hopeless = all.iter().all(|votes| votes.choices.iter().eq([&Choice::NoneOfThese]));
        let last_change = latest.unwrap_or(self.closes_by);
        let wait = if agreed || hopeless { SETTLING } else { LOOKING_AGAIN };
        (last_change + wait).min(last_call)
    }
}

#[cfg(test)]
mod tests;
