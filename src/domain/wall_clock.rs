//! From the time on somebody's wall to the moment it means. Twice a year that is not one to one.

use chrono::{DateTime, Days, Duration, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;

/// Longer than any gap in the zones' history: whole days were skipped at the date line.
const LONGEST_GAP_MINUTES: i64 = 2 * 24 * 60;

/// The moment at which clocks in `zone` show `local`. Where they skip it, the first moment after the gap; where they
/// show it twice, the first time.
pub fn moment(local: NaiveDateTime, zone: Tz) -> DateTime<Utc> {
    (0..=LONGEST_GAP_MINUTES)
        .filter_map(|minutes| local.checked_add_signed(Duration::minutes(minutes)))
        .find_map(|local| zone.from_local_datetime(&local).earliest())
        .map_or_else(|| local.and_utc(), |found| found.to_utc())
}

/// What clocks in `zone` show at `at`.
pub fn local(at: DateTime<Utc>, zone: Tz) -> NaiveDateTime {
    at.with_timezone(&zone).naive_local()
}

/// The full hour `hour` of `date`; hours beyond 23 count as 23.
pub(super) fn at_hour(date: NaiveDate, hour: u32) -> NaiveDateTime {
    date.and_time(NaiveTime::from_hms_opt(hour.min(23), 0, 0).unwrap_or_default())
}

/// The first `hour`:00 in `zone` on the calendar day after that of `after`; hours beyond 23 count as 23. Where a gap
/// skips that hour, the first moment after the gap.
pub fn next_morning(after: DateTime<Utc>, zone: Tz, hour: u32) -> DateTime<Utc> {
    let today = local(after, zone).date();
    let tomorrow = today.checked_add_days(Days::new(1)).unwrap_or(today);
    moment(at_hour(tomorrow, hour), zone)
}

#[cfg(test)]
pub(super) mod tests {
    use chrono::Timelike;
    use chrono_tz::{America, Asia, Australia, Europe, Pacific};
    use proptest::prelude::*;

    use super::*;

    /// Zones that catch careless arithmetic: both sides of the date line, half and quarter hours, a half-hour shift,
    /// clocks that move at midnight.
    pub(in crate::domain) const AWKWARD_ZONES: [Tz; 14] = [
        Europe::Amsterdam,
        Europe::London,
        America::New_York,
        America::Los_Angeles,
        America::St_Johns,
        America::Santiago,
        Asia::Kolkata,
        Asia::Kathmandu,
        Asia::Tokyo,
        Australia::Lord_Howe,
        Pacific::Auckland,
        Pacific::Chatham,
        Pacific::Kiritimati,
        Pacific::Pago_Pago,
    ];

    pub(in crate::domain) fn any_zone() -> impl Strategy<Value = Tz> {
        prop_oneof![proptest::sample::select(&AWKWARD_ZONES[..]), proptest::sample::select(&chrono_tz::TZ_VARIANTS[..])]
    }

    /// From 2020 to 2045, to the second.
    pub(in crate::domain) fn any_moment() -> impl Strategy<Value = DateTime<Utc>> {
        (1_577_836_800_i64..2_366_841_600).prop_map(|seconds| DateTime::from_timestamp(seconds, 0).unwrap())
    }

    pub(in crate::domain) fn utc(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn an_hour_that_clocks_skip_means_the_moment_after_the_gap() {
        let skipped = "2026-03-29T02:30:00".parse().unwrap();
        assert_eq!(moment(skipped, Europe::Amsterdam), utc("2026-03-29T01:00:00Z"));
        // Samoa slept through the whole of 30 December 2011.
        let skipped = "2011-12-30T18:00:00".parse().unwrap();
        assert_eq!(moment(skipped, Pacific::Apia), utc("2011-12-30T10:00:00Z"));
    }

    #[test]
    fn an_hour_that_clocks_show_twice_means_the_first_time() {
        let twice = "2026-10-25T02:30:00".parse().unwrap();
        assert_eq!(moment(twice, Europe::Amsterdam), utc("2026-10-25T00:30:00Z"));
    }

    #[test]
    fn the_next_morning_is_the_one_after_the_local_day() {
        let ten = |after, zone| next_morning(utc(after), zone, 10);
        assert_eq!(ten("2026-06-04T19:00:00Z", Europe::Amsterdam), utc("2026-06-05T08:00:00Z"));
        // Half past midnight in Amsterdam is already Friday.
        assert_eq!(ten("2026-06-04T22:30:00Z", Europe::Amsterdam), utc("2026-06-06T08:00:00Z"));
        assert_eq!(ten("2026-03-28T20:00:00Z", Europe::Amsterdam), utc("2026-03-29T08:00:00Z"));
    }

    #[test]
    fn the_ends_of_time_do_no_harm() {
        for end in [DateTime::<Utc>::MAX_UTC, DateTime::<Utc>::MIN_UTC] {
            moment(end.naive_utc(), Pacific::Kiritimati);
        }
        next_morning(utc("9999-12-31T23:00:00Z"), Europe::Amsterdam, 99);
    }

    proptest! {
        #[test]
        fn the_next_morning_is_later_and_shows_its_hour(after in any_moment(), zone in any_zone(), hour in 0_u32..24) {
            let morning = next_morning(after, zone, hour);
            prop_assert!(morning > after && morning - after <= Duration::hours(51));
            let shown = local(morning, zone);
            prop_assert!(shown.hour() == hour || zone.from_local_datetime(&at_hour(shown.date(), hour)).earliest().is_none());
        }

        #[test]
        fn a_shown_time_means_a_moment_that_shows_it(at in any_moment(), zone in any_zone()) {
            let shown = local(at, zone);
            prop_assert_eq!(local(moment(shown, zone), zone), shown);
            prop_assert!(moment(shown, zone) <= at);
        }
    }
}
