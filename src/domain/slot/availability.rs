//! A member's free time: for each weekday, which parts of the day. 28 bits, Monday's morning the lowest.

use chrono::{Datelike, NaiveDateTime, Timelike, Weekday};
use serde::{Deserialize, Serialize};

/// Parts of a day that people name when asked when they are free.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartOfDay {
    Morning,
    Lunch,
    Afternoon,
    Evening,
}

const MINUTES_PER_HOUR: u32 = 60;
/// Late enough to have slept and travelled, also at a weekend.
const MORNING_STARTS: u32 = 10 * MINUTES_PER_HOUR;
/// Canteens and cafés serve from noon.
const LUNCH_STARTS: u32 = 12 * MINUTES_PER_HOUR;
/// Lunch is over nearly everywhere.
const AFTERNOON_STARTS: u32 = 14 * MINUTES_PER_HOUR;
/// People leave for home; what lies between this and the evening is nobody's free time.
const AFTERNOON_ENDS: u32 = 18 * MINUTES_PER_HOUR;
/// Work and the way home are done.
const EVENING_STARTS: u32 = 19 * MINUTES_PER_HOUR;
/// The quiet hours begin.
const EVENING_ENDS: u32 = crate::domain::nudge::QUIET_FROM_HOUR * MINUTES_PER_HOUR;

impl PartOfDay {
    pub const ALL: [Self; 4] = [Self::Morning, Self::Lunch, Self::Afternoon, Self::Evening];

    /// Local minutes after midnight at which it begins, and at which a meetup in it usually does.
    pub const fn starts(self) -> u32 {
        match self {
            Self::Morning => MORNING_STARTS,
            Self::Lunch => LUNCH_STARTS,
            Self::Afternoon => AFTERNOON_STARTS,
            Self::Evening => EVENING_STARTS,
        }
    }

    /// Local minutes after midnight at which it is over.
    pub const fn ends(self) -> u32 {
        match self {
            Self::Morning => LUNCH_STARTS,
            Self::Lunch => AFTERNOON_STARTS,
            Self::Afternoon => AFTERNOON_ENDS,
            Self::Evening => EVENING_ENDS,
        }
    }

    /// The part in which a local time lies, if in any.
    pub fn of(local: NaiveDateTime) -> Option<Self> {
        let minute = local.hour() * MINUTES_PER_HOUR + local.minute();
        Self::ALL.into_iter().find(|part| (part.starts()..part.ends()).contains(&minute))
    }
}

/// A number with bits beyond the grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0} is no availability: it has bits beyond 7 days of 4 parts")]
pub struct NotAnAvailability(i64);

/// A weekly grid of free time, in the member's own zone. Serialised as the integer of its bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "i64")]
pub struct Availability(u32);

impl Availability {
    pub const NEVER: Self = Self(0);
    pub const ALWAYS: Self = Self((1 << 28) - 1);

    /// As a database column keeps it.
    pub const fn get(self) -> i64 {
        self.0 as i64
    }

    pub const fn contains(self, day: Weekday, part: PartOfDay) -> bool {
        self.0 & bit(day, part) != 0
    }

    #[must_use]
    pub const fn with(self, day: Weekday, part: PartOfDay) -> Self {
        Self(self.0 | bit(day, part))
    }

    #[must_use]
    pub const fn without(self, day: Weekday, part: PartOfDay) -> Self {
        Self(self.0 & !bit(day, part))
    }

    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether a moment that shows as `local` is free time.
    pub fn covers(self, local: NaiveDateTime) -> bool {
        PartOfDay::of(local).is_some_and(|part| self.contains(local.weekday(), part))
    }
}

const fn bit(day: Weekday, part: PartOfDay) -> u32 {
    1 << (day.num_days_from_monday() * 4 + part as u32)
}

/// What is assumed of a member who said nothing: evenings, and at weekends also lunch and afternoon.
impl Default for Availability {
    fn default() -> Self {
        let weekdays = [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri];
        let evenings = weekdays.into_iter().fold(Self::NEVER, |free, day| free.with(day, PartOfDay::Evening));
        [Weekday::Sat, Weekday::Sun].into_iter().fold(evenings, |free, day| {
            free.with(day, PartOfDay::Lunch).with(day, PartOfDay::Afternoon).with(day, PartOfDay::Evening)
        })
    }
}

/// From a database column or JSON.
impl TryFrom<i64> for Availability {
    type Error = NotAnAvailability;

    fn try_from(raw: i64) -> Result<Self, NotAnAvailability> {
        let bits = u32::try_from(raw).map_err(|_| NotAnAvailability(raw))?;
        if bits <= Self::ALWAYS.0 { Ok(Self(bits)) } else { Err(NotAnAvailability(raw)) }
    }
}

impl From<Availability> for i64 {
    fn from(availability: Availability) -> Self {
        availability.get()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn who_said_nothing_is_free_in_evenings_and_at_weekends() {
        let assumed = Availability::default();
        assert!(assumed.contains(Weekday::Wed, PartOfDay::Evening) && assumed.contains(Weekday::Sun, PartOfDay::Lunch));
        assert!(
            !assumed.contains(Weekday::Wed, PartOfDay::Lunch) && !assumed.contains(Weekday::Sun, PartOfDay::Morning)
        );
        assert!(assumed.covers("2026-06-04T19:00:00".parse().unwrap()), "a Thursday");
        assert!(!assumed.covers("2026-06-04T18:59:00".parse().unwrap()));
        assert!(!assumed.covers("2026-06-04T22:00:00".parse().unwrap()));
    }

    #[test]
    fn bits_beyond_the_grid_are_refused() {
        assert!(Availability::try_from(-1).is_err());
        assert!(Availability::try_from(1 << 28).is_err());
        assert!(serde_json::from_str::<Availability>("268435456").is_err());
    }

    proptest! {
        #[test]
        fn an_availability_survives_column_and_json(bits in 0_i64..1 << 28) {
            let availability = Availability::try_from(bits).unwrap();
            prop_assert_eq!(availability.get(), bits);
            prop_assert_eq!(serde_json::to_string(&availability).unwrap(), bits.to_string());
            prop_assert_eq!(serde_json::from_str::<Availability>(&bits.to_string()).unwrap(), availability);
        }

        #[test]
        fn what_is_set_is_there_and_nothing_else(bits in 0_i64..1 << 28, day in 0_u8..7, part in 0_usize..4) {
            let (day, part) = (Weekday::try_from(day).unwrap(), PartOfDay::ALL[part]);
            let before = Availability::try_from(bits).unwrap();
            prop_assert!(before.with(day, part).contains(day, part));
            prop_assert!(!before.without(day, part).contains(day, part));
            prop_assert_eq!(before.with(day, part).without(day, part), before.without(day, part));
        }
    }
}
