//! What two people have built by talking: amounts by week and kind, and the strength that follows from them.
//!
//! Amounts are whole thousandths of a message, since sums of floats would depend on how they were batched.

use std::collections::BTreeMap;
use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign};
use std::str::FromStr;

use chrono::{DateTime, Datelike, Duration, Utc};
use foldhash::HashMap;

use super::ids::{CommunityId, Pair, UserId};

/// Thousandths of a message: 1000 is a message that was for one person for certain.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Thousandths(pub i64);

impl Thousandths {
    pub const ZERO: Self = Self(0);
    /// One whole message.
    pub const ONE: Self = Self(1000);

    /// In messages.
    #[expect(clippy::cast_precision_loss, reason = "2^53 thousandths are nine trillion messages")]
    pub fn messages(self) -> f64 {
        self.0 as f64 / 1000.0
    }

    /// In whole messages, halves rounded up; below zero counts as none.
    pub fn rounded(self) -> u64 {
        u64::try_from(self.0.saturating_add(500) / 1000).unwrap_or(0)
    }
}

impl Add for Thousandths {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl AddAssign for Thousandths {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sum for Thousandths {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, Add::add)
    }
}

/// How one person turned to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    Reply,
    Mention,
    /// Inferred from turn-taking: neither replied nor named.
    Turn,
    /// One reaction to a message of the other.
    Reaction,
    /// A minute together in a voice channel, told of both directions.
    Voice,
    /// A thread in which both wrote, told of both directions.
    Thread,
}

/// Text that names no [`Kind`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is no kind of talk")]
pub struct UnknownKind(pub String);

impl Kind {
    pub const ALL: [Self; 6] = [Self::Reply, Self::Mention, Self::Turn, Self::Reaction, Self::Voice, Self::Thread];

    /// The text in a database column; never changes.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Reply => "reply",
            Self::Mention => "mention",
            Self::Turn => "turn",
            Self::Reaction => "reaction",
            Self::Voice => "voice",
            Self::Thread => "thread",
        }
    }

    /// What one unit of this kind adds to a strength, in messages that were certainly for the other.
    pub const fn weight(self) -> f64 {
        match self {
            // Said to this person, by their own act.
            Self::Reply | Self::Mention => 1.0,
            // A guess: so weighed it ranks pairs better than left out or weighed more (docs/CONVERSATION.md has the table).
            Self::Turn => 0.25,
            // One click; shows that somebody reads, hardly that they talk.
            Self::Reaction => 0.1,
            // A minute in one voice channel: an hour is three messages, for they were together, perhaps among twenty.
            Self::Voice => 0.05,
            // Both wrote in one thread: interest in the same thing.
            Self::Thread => 0.2,
        }
    }

    /// Whether the amounts of this kind are messages, so that people can be told their number.
    pub const fn is_message(self) -> bool {
        matches!(self, Self::Reply | Self::Mention | Self::Turn)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Kind {
    type Err = UnknownKind;
    fn from_str(text: &str) -> Result<Self, UnknownKind> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text).ok_or_else(|| UnknownKind(text.to_owned()))
    }
}

/// Days from 1970-01-01, a Thursday, to the first Monday.
const FIRST_MONDAY: i64 = 4;
const SECONDS_PER_DAY: i64 = 86_400;

/// An ISO week in UTC, as the number of weeks since Monday 1970-01-05.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Week(i32);

impl Week {
    /// The week of a moment.
    pub fn of(at: DateTime<Utc>) -> Self {
        let days = at.timestamp().div_euclid(SECONDS_PER_DAY) - FIRST_MONDAY;
        // chrono's years end at 262,142: fourteen million weeks.
        Self(i32::try_from(days.div_euclid(7)).unwrap_or(i32::MAX))
    }

    /// From a database column, which holds only what [`Self::get`] gave.
    pub fn from_column(raw: i64) -> Self {
        Self(i32::try_from(raw).unwrap_or(if raw < 0 { i32::MIN } else { i32::MAX }))
    }

    /// As a database column keeps it: BIGINT.
    pub const fn get(self) -> i64 {
        self.0 as i64
    }

    /// Its Monday at 00:00 UTC.
    pub fn start(self) -> DateTime<Utc> {
        let days = self.get() * 7 + FIRST_MONDAY;
        DateTime::from_timestamp(days * SECONDS_PER_DAY, 0).unwrap_or(DateTime::UNIX_EPOCH)
    }

    /// The next Monday at 00:00 UTC.
    pub fn end(self) -> DateTime<Utc> {
        self.start() + Duration::weeks(1)
    }

    /// The week `count` weeks earlier.
    #[must_use]
    pub const fn earlier(self, count: u32) -> Self {
        Self(self.0.saturating_sub_unsigned(count))
    }
}

impl fmt::Display for Week {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let week = self.start().iso_week();
        write!(f, "{}-W{:02}", week.year(), week.week())
    }
}

/// How much each of a pair turned to the other.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Talk {
    pub low_to_high: Thousandths,
    pub high_to_low: Thousandths,
}

impl Talk {
    /// `amount` said by `from`, who must be one of the pair; by anybody else it is nothing.
    pub fn said(pair: Pair, from: UserId, amount: Thousandths) -> Self {
        Self {
            low_to_high: if from == pair.low() { amount } else { Thousandths::ZERO },
            high_to_low: if from == pair.high() { amount } else { Thousandths::ZERO },
        }
    }

    /// Both directions together.
    pub fn total(self) -> Thousandths {
        self.low_to_high + self.high_to_low
    }
}

impl Add for Talk {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self { low_to_high: self.low_to_high + other.low_to_high, high_to_low: self.high_to_low + other.high_to_low }
    }
}

impl AddAssign for Talk {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sum for Talk {
    fn sum<I: Iterator<Item = Self>>(talks: I) -> Self {
        talks.fold(Self::default(), Add::add)
    }
}

/// The key of a row of ties. Its order is the order in which rows are written.
pub type DeltaKey = (CommunityId, Pair, Week, Kind);

/// What is to be added to the ties. The order of adding and merging makes no difference.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Deltas(HashMap<DeltaKey, Talk>);

impl Deltas {
    /// Notes that `from` turned to `to`. Talk to oneself and an amount of zero are no tie.
    pub fn add(
        &mut self,
        community: CommunityId,
        from: UserId,
        to: UserId,
        at: DateTime<Utc>,
        kind: Kind,
        amount: Thousandths,
    ) {
        if let Some(pair) = Pair::new(from, to).filter(|_| amount != Thousandths::ZERO) {
            *self.0.entry((community, pair, Week::of(at), kind)).or_default() += Talk::said(pair, from, amount);
        }
    }

    pub fn merge(&mut self, other: Self) {
        for (key, talk) in other.0 {
            *self.0.entry(key).or_default() += talk;
        }
    }

    /// The number of rows.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Everything so far, leaving nothing.
    #[must_use]
    pub fn take(&mut self) -> Self {
        std::mem::take(self)
    }

    /// Drops what `keep` says no to.
    pub fn retain(&mut self, keep: impl Fn(&DeltaKey) -> bool) {
        self.0.retain(|key, _| keep(key));
    }

    /// By community, pair, week and kind, in that order. Sorts them, which is no matter once a flush and would be one with
    /// each message.
    pub fn iter(&self) -> impl Iterator<Item = (DeltaKey, Talk)> + '_ {
        let mut rows: Vec<(DeltaKey, Talk)> = self.0.iter().map(|(key, talk)| (*key, *talk)).collect();
        rows.sort_unstable_by_key(|(key, _)| *key);
        rows.into_iter()
    }
}

/// All that one pair has in one community, or the part of it that somebody looks at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts(BTreeMap<(Week, Kind), Talk>);

impl Counts {
    pub fn add(&mut self, week: Week, kind: Kind, talk: Talk) {
        *self.0.entry((week, kind)).or_default() += talk;
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Only what lies in weeks before that one.
    #[must_use]
    pub fn before(&self, week: Week) -> Self {
        Self(self.0.iter().filter(|((of, _), _)| *of < week).map(|(key, talk)| (*key, *talk)).collect())
    }

    /// All weeks of one kind together.
    pub fn of_kind(&self, kind: Kind) -> Talk {
        self.0.iter().filter(|((_, of), _)| *of == kind).map(|(_, talk)| *talk).sum()
    }

    /// All that was written, certain and guessed, unfaded; without reactions, voice and shared threads.
    pub fn messages(&self) -> Talk {
        self.0.iter().filter(|((_, kind), _)| kind.is_message()).map(|(_, talk)| *talk).sum()
    }

    /// In how many weeks something of this kind passed between them, in either direction.
    pub fn weeks_with(&self, kind: Kind) -> u32 {
        self.weeks_where(|of| of == kind)
    }

    /// In how many weeks one wrote to the other, by half a message at least.
    pub fn weeks_talked(&self) -> u32 {
        self.weeks_where(Kind::is_message)
    }

    fn weeks_where(&self, counts: impl Fn(Kind) -> bool) -> u32 {
        let mut by_week: BTreeMap<Week, Thousandths> = BTreeMap::new();
        for ((week, _), talk) in self.0.iter().filter(|((_, kind), _)| counts(*kind)) {
            *by_week.entry(*week).or_default() += talk.total();
        }
        u32::try_from(by_week.values().filter(|amount| amount.rounded() > 0).count()).unwrap_or(u32::MAX)
    }

    /// How evenly they talk: what the quieter one wrote to the other, in percent of what the louder one did.
    pub fn percent_answered(&self) -> u8 {
        let talk = self.messages();
        let (quieter, louder) = (talk.low_to_high.min(talk.high_to_low), talk.low_to_high.max(talk.high_to_low));
        if louder <= Thousandths::ZERO {
            return 0;
        }
        let percent = i128::from(quieter.0.max(0)) * 100 / i128::from(louder.0);
        u8::try_from(percent).unwrap_or(100)
    }

    /// Over how many weeks what still counts is spread, in tenths: (Σ amount)² / Σ amount² over the weeks, which is the
    /// number of equal weeks that would be as even (the order-2 diversity of M. O. Hill, Ecology 54, 1973). 10 for all
    /// in one week, 0 for nothing.
    pub fn spread(&self, now: DateTime<Utc>, half_life: Option<HalfLife>) -> u32 {
        let mut by_week: BTreeMap<Week, i128> = BTreeMap::new();
        for ((week, kind), talk) in &self.0 {
            let left = kind.weight() * half_life.map_or(1.0, |half_life| half_life.left(*week, now));
            let both = Strength { low_to_high: talk.total().messages() * left, high_to_low: 0.0 };
            *by_week.entry(*week).or_default() += i128::from(both.sum().0.max(0));
        }
        let sum: i128 = by_week.values().sum();
        let squares: i128 = by_week.values().map(|amount| amount.saturating_mul(*amount)).fold(0, i128::saturating_add);
        if squares == 0 { 0 } else { u32::try_from(sum.saturating_mul(sum).saturating_mul(10) / squares).unwrap_or(0) }
    }

    /// How strong the tie is at `now`; see [`Strength`]. `half_life` of `None` never forgets.
    pub fn strength(&self, now: DateTime<Utc>, half_life: Option<HalfLife>) -> Strength {
        let mut strength = Strength { low_to_high: 0.0, high_to_low: 0.0 };
        for ((week, kind), talk) in &self.0 {
            let left = kind.weight() * half_life.map_or(1.0, |half_life| half_life.left(*week, now));
            strength.low_to_high += talk.low_to_high.messages() * left;
            strength.high_to_low += talk.high_to_low.messages() * left;
        }
        strength
    }
}

/// The days after which half of a week's talk still counts; above zero.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HalfLife(f64);

impl HalfLife {
    /// What admins may choose from, in days: a week's talk counts in full while it lasts, and after 26 weeks it is erased.
    pub const CHOICES: std::ops::RangeInclusive<i64> = 1..=365;

    /// Of a community, in days; what is out of bounds is brought within.
    pub fn of_community(days: i64) -> Self {
        let days = days.clamp(*Self::CHOICES.start(), *Self::CHOICES.end());
        Self(i32::try_from(days).map_or(30.0, f64::from))
    }

    /// Rounded, at least one.
    #[expect(clippy::cast_possible_truncation, reason = "a cast from f64 saturates")]
    pub fn in_whole_days(self) -> i64 {
        (self.0.round() as i64).max(1)
    }

    /// `None` for what is no number of days above zero.
    pub fn days(days: f64) -> Option<Self> {
        (days.is_finite() && days > 0.0).then_some(Self(days))
    }

    pub const fn as_days(self) -> f64 {
        self.0
    }

    /// The share of a week's talk that counts at `now`: 2^(−age / half-life), the age counted from the week's end
    /// and never negative, so that the running week counts whole.
    pub fn left(self, week: Week, now: DateTime<Utc>) -> f64 {
        let age = (now - week.end()).as_seconds_f64() / 86_400.0;
        (-age.max(0.0) / self.0).exp2()
    }
}

/// The strength of a tie in each direction, in messages: Σ kind's weight × amount × what is left of the week.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Strength {
    pub low_to_high: f64,
    pub high_to_low: f64,
}

impl Strength {
    /// Both directions in one figure, their harmonic mean 2ab/(a+b): attention that is not returned is no tie, and
    /// of two with the same sum the more even one is stronger.
    pub fn value(self) -> f64 {
        let (a, b) = (self.low_to_high.max(0.0), self.high_to_low.max(0.0));
        if a + b > 0.0 { 2.0 * a * b / (a + b) } else { 0.0 }
    }

    /// Both directions added, in thousandths.
    #[expect(clippy::cast_possible_truncation, reason = "a cast from f64 saturates")]
    fn sum(self) -> Thousandths {
        Thousandths(((self.low_to_high + self.high_to_low) * 1000.0).round() as i64)
    }

    /// [`Self::value`] in thousandths, as whole numbers that compare and add exactly.
    #[expect(clippy::cast_possible_truncation, reason = "a cast from f64 saturates")]
    pub fn thousandths(self) -> Thousandths {
        Thousandths((self.value() * 1000.0).round() as i64)
    }
}

#[cfg(test)]
#[path = "tie_tests.rs"]
mod tests;
