//! When Wallflower may speak unasked: the rounds' cadence, and the quiet hours of each one's night.

mod cadence;

use chrono::{DateTime, Days, Duration, Timelike, Utc};
use chrono_tz::Tz;

use super::wall_clock::{at_hour, local, moment};

pub use cadence::{Cadence, CronExpression, Hour, NotACadence, Ordinal};

/// Phones lie beside beds.
pub const QUIET_FROM_HOUR: u32 = 22;
/// Late enough for those who sleep long on workdays.
pub const QUIET_UNTIL_HOUR: u32 = 8;

/// Asks of one round go out this far apart, so that no crowd compares them.
const BETWEEN_ASKS: Duration = Duration::minutes(7);
/// And all of them within so many waking hours, however many there are: each has its days to answer from its own moment on.
const ALL_ASKED_WITHIN: Duration = Duration::hours(12);

/// Whether `at` lies in the quiet hours of `zone`: from 22:00 till before 08:00.
pub fn quiet(at: DateTime<Utc>, zone: Tz) -> bool {
    is_quiet_hour(local(at, zone).hour())
}

/// Whether the clock shows a quiet hour, 0 to 23.
pub(super) const fn is_quiet_hour(hour: u32) -> bool {
    hour >= QUIET_FROM_HOUR || hour < QUIET_UNTIL_HOUR
}

/// `at` itself outside the quiet hours of `zone`, else their end.
pub fn next_allowed(at: DateTime<Utc>, zone: Tz) -> DateTime<Utc> {
    if !quiet(at, zone) {
        return at;
    }
    let shown = local(at, zone);
    let days = u64::from(shown.hour() >= QUIET_FROM_HOUR);
    let morning = shown.date().checked_add_days(Days::new(days)).unwrap_or(shown.date());
    moment(at_hour(morning, QUIET_UNTIL_HOUR), zone).max(at)
}

/// When each of so many asks of a round goes out, the first one at `start`: one after the other, and what would come at night
/// goes on in the morning just so.
pub fn spread(start: DateTime<Utc>, zone: Tz, asks: usize) -> impl Iterator<Item = DateTime<Utc>> {
    let spacing = BETWEEN_ASKS.min(ALL_ASKED_WITHIN / i32::try_from(asks.max(1)).unwrap_or(i32::MAX));
    let first = next_allowed(start, zone);
    std::iter::successors(Some(first), move |last| Some(next_allowed(*last + spacing, zone))).take(asks)
}

#[cfg(test)]
mod tests {
    use chrono_tz::Europe::Amsterdam;
    use proptest::prelude::*;

    use super::super::wall_clock::tests::{any_moment, any_zone, utc};
    use super::*;

    #[test]
    fn a_late_word_waits_for_the_morning() {
        assert_eq!(next_allowed(utc("2026-06-04T20:00:00Z"), Amsterdam), utc("2026-06-05T06:00:00Z"));
        assert_eq!(next_allowed(utc("2026-06-04T03:00:00Z"), Amsterdam), utc("2026-06-04T06:00:00Z"));
        assert_eq!(next_allowed(utc("2026-06-04T19:59:59Z"), Amsterdam), utc("2026-06-04T19:59:59Z"));
        assert_eq!(next_allowed(utc("2026-06-04T06:00:00Z"), Amsterdam), utc("2026-06-04T06:00:00Z"));
    }

    /// Asks that begin at this moment of an evening in Amsterdam.
    fn asks(number: usize, start: &str) -> Vec<DateTime<Utc>> {
        let all: Vec<_> = spread(utc(start), Amsterdam, number).collect();
        assert_eq!(all.len(), number);
        assert!(all.iter().all(|at| !quiet(*at, Amsterdam)));
        all
    }

    #[test]
    fn asks_that_reach_into_the_night_go_on_in_the_morning_one_by_one() {
        let five = asks(5, "2026-06-04T19:50:00Z");
        let expected = ["2026-06-04T19:50:00Z", "2026-06-04T19:57:00Z", "2026-06-05T06:00:00Z"].map(utc);
        assert_eq!(five[..3], expected);
        assert_eq!(five[3..], ["2026-06-05T06:07:00Z", "2026-06-05T06:14:00Z"].map(utc));
    }

    #[test]
    fn of_three_hundred_asks_no_two_come_at_once_and_the_last_one_a_day_later_at_the_latest() {
        let all = asks(300, "2026-06-04T16:00:00Z");
        assert!(all.windows(2).all(|both| both[1] - both[0] >= Duration::minutes(2)), "no crowd compares them");
        assert!(all[299] - all[0] < Duration::hours(24), "{}", all[299]);
    }

    proptest! {
        #[test]
        fn an_allowed_moment_is_never_quiet_nor_far(at in any_moment(), zone in any_zone()) {
            let allowed = next_allowed(at, zone);
            prop_assert!(!quiet(allowed, zone));
            prop_assert!(allowed >= at && allowed - at <= Duration::hours(12));
            prop_assert_eq!(next_allowed(allowed, zone), allowed);
        }
    }
}
