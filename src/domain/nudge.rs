//! When Wallflower may speak unasked: the rounds' cadence, and the quiet hours of each one's night.

mod cadence;

use chrono::{DateTime, Days, Timelike, Utc};
use chrono_tz::Tz;

use super::wall_clock::{at_hour, local, moment};

pub use cadence::{Cadence, CronExpression, Hour, NotACadence, Ordinal};

/// Phones lie beside beds.
pub const QUIET_FROM_HOUR: u32 = 22;
/// Late enough for those who sleep long on workdays.
pub const QUIET_UNTIL_HOUR: u32 = 8;

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

#[cfg(test)]
mod tests {
    use chrono::Duration;
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
