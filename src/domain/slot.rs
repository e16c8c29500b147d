//! When people could meet: the weekly grid of each one's free time, slots with a zone, and the few slots that a poll
//! offers.

mod availability;
mod candidates;
mod days;
mod heat;
mod person;
mod proposal;
mod together;

use chrono::{DateTime, Duration, NaiveDateTime, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::wall_clock::local;

pub use availability::{Availability, NotAnAvailability, PartOfDay};
pub use candidates::{DEFAULT_LEAD_DAYS, Wishes, candidates, candidates_further_ahead, suits};
pub use days::{FURTHEST_DAYS, NotDays, days, spans, taken, whole_days};
pub use heat::{HEAT_DAYS, HeatDay, heat};
pub use person::{Person, Schedule};
pub use proposal::{NotProposed, proposed, proposed_day};
pub use together::free_together;

/// A meetup ends on the day it began, so to speak.
const LONGEST_SLOT_MINUTES: u32 = 24 * 60;

/// What is no slot or interval, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotASlot {
    #[error("a slot lasts from one minute to a day, not {0} minutes")]
    Length(u32),
    #[error("a slot begins at a full minute, not at {0}")]
    Seconds(DateTime<Utc>),
    #[error("an interval ends after it begins, but {1} is not after {0}")]
    Backwards(DateTime<Utc>, DateTime<Utc>),
    #[error("{0} is too far away")]
    TooFar(DateTime<Utc>),
}

/// One stretch of time; the end is outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Interval {
    start: DateTime<Utc>,
    end: DateTime<Utc>,
}

impl Interval {
    pub fn new(start: DateTime<Utc>, end: DateTime<Utc>) -> Result<Self, NotASlot> {
        if end > start { Ok(Self { start, end }) } else { Err(NotASlot::Backwards(start, end)) }
    }

    pub const fn start(&self) -> DateTime<Utc> {
        self.start
    }

    pub const fn end(&self) -> DateTime<Utc> {
        self.end
    }

    pub fn holds(&self, at: DateTime<Utc>) -> bool {
        self.start <= at && at < self.end
    }

    /// Whether both have a moment in common; touching is not overlapping.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.start < other.end && other.start < self.end
    }
}

/// In order; what overlaps or touches is one.
pub fn merged(mut intervals: Vec<Interval>) -> Vec<Interval> {
    intervals.sort_unstable();
    let mut all: Vec<Interval> = Vec::with_capacity(intervals.len());
    for next in intervals {
        match all.last_mut() {
            Some(last) if next.start <= last.end => last.end = last.end.max(next.end),
            _ => all.push(next),
        }
    }
    all
}

/// A time to meet: a moment, a length, and the zone in which its wall time is meant. As JSON
/// `{"start": RFC 3339, "minutes": number, "zone": IANA name}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "RawSlot", into = "RawSlot")]
pub struct Slot {
    start: DateTime<Utc>,
    minutes: u32,
    zone: Tz,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSlot {
    start: DateTime<Utc>,
    minutes: u32,
    zone: Tz,
}

impl Slot {
    /// From a full minute on, for one minute to a day.
    pub fn new(start: DateTime<Utc>, minutes: u32, zone: Tz) -> Result<Self, NotASlot> {
        if minutes == 0 || minutes > LONGEST_SLOT_MINUTES {
            return Err(NotASlot::Length(minutes));
        }
        if start.timestamp() % 60 != 0 || start.timestamp_subsec_nanos() != 0 {
            return Err(NotASlot::Seconds(start));
        }
        // Room on both sides, so that neither its end nor its local time leaves the calendar.
        let room = Duration::days(2);
        if start.checked_add_signed(room).is_none() || start.checked_sub_signed(room).is_none() {
            return Err(NotASlot::TooFar(start));
        }
        Ok(Self { start, minutes, zone })
    }

    pub const fn start(&self) -> DateTime<Utc> {
        self.start
    }

    pub const fn minutes(&self) -> u32 {
        self.minutes
    }

    pub const fn zone(&self) -> Tz {
        self.zone
    }

    pub fn end(&self) -> DateTime<Utc> {
        self.start + Duration::minutes(self.minutes.into())
    }

    /// What clocks in its zone show when it begins.
    pub fn local_start(&self) -> NaiveDateTime {
        local(self.start, self.zone)
    }

    pub fn interval(&self) -> Interval {
        Interval { start: self.start, end: self.end() }
    }
}

impl TryFrom<RawSlot> for Slot {
    type Error = NotASlot;

    fn try_from(raw: RawSlot) -> Result<Self, NotASlot> {
        Self::new(raw.start, raw.minutes, raw.zone)
    }
}

impl From<Slot> for RawSlot {
    fn from(Slot { start, minutes, zone }: Slot) -> Self {
        Self { start, minutes, zone }
    }
}

#[cfg(test)]
mod tests {
    use chrono_tz::Europe::Amsterdam;
    use proptest::prelude::*;

    use super::super::wall_clock::tests::{any_moment, any_zone, utc};
    use super::*;

    #[test]
    fn a_slot_that_cannot_be_is_not_built() {
        let start = utc("2026-06-04T17:00:00Z");
        assert_eq!(Slot::new(start, 0, Amsterdam), Err(NotASlot::Length(0)));
        assert_eq!(Slot::new(start, 1441, Amsterdam), Err(NotASlot::Length(1441)));
        assert!(matches!(Slot::new(utc("2026-06-04T17:00:01Z"), 60, Amsterdam), Err(NotASlot::Seconds(_))));
        assert!(matches!(Slot::new(utc("+262142-12-31T23:59:00Z"), 60, Amsterdam), Err(NotASlot::TooFar(_))));
        assert!(Interval::new(start, start).is_err());
        let backdoor = r#"{"start":"2026-06-04T17:00:00Z","minutes":0,"zone":"Europe/Amsterdam"}"#;
        assert!(serde_json::from_str::<Slot>(backdoor).is_err());
    }

    #[test]
    fn a_slot_shows_the_wall_time_of_its_zone() {
        let slot = Slot::new(utc("2026-06-04T17:00:00Z"), 60, Amsterdam).unwrap();
        assert_eq!(slot.local_start().to_string(), "2026-06-04 19:00:00");
        assert_eq!(slot.end(), utc("2026-06-04T18:00:00Z"));
    }

    #[test]
    fn slots_that_touch_do_not_overlap() {
        let slot = |start| Slot::new(utc(start), 60, Amsterdam).unwrap().interval();
        let seven = slot("2026-06-04T17:00:00Z");
        assert!(!seven.overlaps(&slot("2026-06-04T18:00:00Z")));
        assert!(seven.overlaps(&slot("2026-06-04T17:59:00Z")));
    }

    proptest! {
        #[test]
        fn merged_intervals_are_apart_and_hold_the_same_moments(
            pieces in prop::collection::vec((0_i64..60, 1_i64..9), 0..12), at in 0_i64..70,
        ) {
            let minute = |minute: i64| utc("2026-06-04T17:00:00Z") + Duration::minutes(minute);
            let pieces: Vec<_> =
                pieces.iter().map(|(from, long)| Interval::new(minute(*from), minute(from + long)).unwrap()).collect();
            let holds = |all: &[Interval]| all.iter().any(|one| one.start() <= minute(at) && minute(at) < one.end());
            let one = merged(pieces.clone());
            prop_assert!(one.windows(2).all(|two| two[0].end() < two[1].start()));
            prop_assert_eq!(holds(&one), holds(&pieces));
        }

        #[test]
        fn a_slot_survives_json(start in any_moment(), minutes in 1_u32..=1440, zone in any_zone()) {
            let full_minute = start - Duration::seconds(start.timestamp() % 60);
            let slot = Slot::new(full_minute, minutes, zone).unwrap();
            let json = serde_json::to_string(&slot).unwrap();
            prop_assert_eq!(serde_json::from_str::<Slot>(&json).unwrap(), slot);
        }
    }
}
