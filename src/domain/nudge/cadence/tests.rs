//! Rounds come when the admin said, whatever the clocks do.

use chrono::{Duration, TimeZone, Timelike};
use chrono_tz::Europe::Amsterdam;
use proptest::prelude::*;

use super::*;
use crate::domain::wall_clock::tests::{any_moment, any_zone, utc};

fn cadence(text: &str) -> Cadence {
    text.parse().unwrap()
}

fn next(text: &str, after: &str) -> DateTime<Utc> {
    cadence(text).next(utc(after), Amsterdam).unwrap()
}

fn refused(text: &str) -> String {
    text.parse::<Cadence>().unwrap_err().to_string()
}

#[test]
fn each_cadence_comes_when_it_says() {
    let thursday = "2026-06-04T12:00:00Z";
    assert_eq!(next("weekly mon 18", thursday), utc("2026-06-08T16:00:00Z"));
    assert_eq!(next("weekly thu 19", thursday), utc("2026-06-04T17:00:00Z"));
    assert_eq!(next("weekly thu 14", thursday), utc("2026-06-11T12:00:00Z"), "now is not later than now");
    assert_eq!(next("monthly first thu 19", thursday), utc("2026-06-04T17:00:00Z"));
    assert_eq!(next("monthly last fri 9", thursday), utc("2026-06-26T07:00:00Z"));
    assert_eq!(next("cron 0 18 * * 1", thursday), utc("2026-06-08T16:00:00Z"));
    assert_eq!(next("cron 30 9 1 * *", thursday), utc("2026-07-01T07:30:00Z"));
}

#[test]
fn every_two_weeks_keeps_its_weeks() {
    let first = next("biweekly thu 19", "2024-01-01T00:00:00Z");
    assert_eq!(first, utc("2024-01-04T18:00:00Z"));
    assert_eq!(next("biweekly thu 19", "2024-01-04T18:00:00Z"), utc("2024-01-18T18:00:00Z"));
    assert_eq!(next("biweekly thu 19", "2024-01-09T12:00:00Z"), utc("2024-01-18T18:00:00Z"));
}

#[test]
fn an_hour_that_clocks_skip_comes_after_the_gap_and_once() {
    for text in ["weekly sun 2", "cron 0 2 * * 0"] {
        assert_eq!(next(text, "2026-03-28T12:00:00Z"), utc("2026-03-29T01:00:00Z"), "{text}");
        assert_eq!(next(text, "2026-03-29T01:00:00Z"), utc("2026-04-05T00:00:00Z"), "{text}");
    }
}

#[test]
fn an_hour_that_clocks_show_twice_comes_once() {
    for text in ["weekly sun 2", "cron 0 2 * * 0"] {
        assert_eq!(next(text, "2026-10-24T12:00:00Z"), utc("2026-10-25T00:00:00Z"), "{text}");
        assert_eq!(next(text, "2026-10-25T00:00:00Z"), utc("2026-11-01T01:00:00Z"), "{text}");
        assert_eq!(next(text, "2026-10-25T01:00:00Z"), utc("2026-11-01T01:00:00Z"), "{text}");
    }
}

#[test]
fn a_refusal_says_what_to_write() {
    assert!(refused("daily").contains("write one like"));
    assert!(refused("weekly someday 18").contains("\"someday\" is no weekday"));
    assert!(refused("weekly mon 24").contains("from 0 to 23"));
    assert!(refused("monthly fifth mon 18").contains("first, second, third, fourth or last"));
    assert!(refused("cron 0 18 * *").contains("five fields"));
    assert!(refused("cron 0 25 * * 1").contains("no cron expression"));
    assert!(refused("cron @hourly").contains("five fields"));
}

#[test]
fn more_often_than_daily_is_refused() {
    for text in ["cron * * * * *", "cron 0 * * * *", "cron */30 9 * * *", "cron 0 9,18 * * *", "cron 0 9-11 * * 1"] {
        assert!(refused(text).contains("more often than daily"), "{text}");
    }
    assert!("cron 0 18 * * *".parse::<Cadence>().is_ok());
}

#[test]
fn a_day_that_never_comes_is_refused() {
    assert!(refused("cron 0 18 31 2 *").contains("never comes"));
    assert_eq!(next("cron 0 18 29 2 *", "2026-06-04T12:00:00Z"), utc("2028-02-29T17:00:00Z"));
}

#[test]
fn words_of_any_case_and_spacing_become_one_text() {
    assert_eq!(cadence("  Weekly  Monday 18 ").to_string(), "weekly mon 18");
    assert_eq!(cadence("CRON 0  18 * * mon").to_string(), "cron 0 18 * * mon");
}

fn any_cadence() -> impl Strategy<Value = Cadence> {
    let day = || (0_u8..7).prop_map(|day| Weekday::try_from(day).unwrap());
    let hour = || (0_u32..24).prop_map(|hour| Hour::new(hour).unwrap());
    let ordinal =
        prop::sample::select(vec![Ordinal::First, Ordinal::Second, Ordinal::Third, Ordinal::Fourth, Ordinal::Last]);
    prop_oneof![
        (day(), hour()).prop_map(|(day, hour)| Cadence::Weekly { day, hour }),
        (day(), hour()).prop_map(|(day, hour)| Cadence::EveryTwoWeeks { day, hour }),
        (ordinal, day(), hour()).prop_map(|(ordinal, day, hour)| Cadence::Monthly { ordinal, day, hour }),
        (0..60, 0..24, 0..7).prop_map(|(minute, hour, day)| cadence(&format!("cron {minute} {hour} * * {day}"))),
        (0..60, 0..24).prop_map(|(minute, hour)| cadence(&format!("cron {minute} {hour} * * *"))),
    ]
}

/// Whether clocks in `zone` jump forward right before `at`.
fn just_after_a_gap(at: DateTime<Utc>, zone: Tz) -> bool {
    let minute_before = local(at, zone) - Duration::minutes(1);
    zone.from_local_datetime(&minute_before).earliest().is_none()
}

proptest! {
    #[test]
    fn a_cadence_survives_its_text(cadence in any_cadence()) {
        prop_assert_eq!(cadence.to_string().parse::<Cadence>(), Ok(cadence.clone()));
        let json = serde_json::to_string(&cadence).unwrap();
        prop_assert_eq!(serde_json::from_str::<Cadence>(&json).unwrap(), cadence);
    }

    #[test]
    fn any_text_is_read_or_refused(text in "(weekly|biweekly|monthly|cron)?[ a-zA-Z0-9*/,#LW?@-]{0,20}") {
        let _ = text.parse::<Cadence>();
    }

    #[test]
    fn the_next_one_is_later_on_its_day_and_hour(cadence in any_cadence(), after in any_moment(), zone in any_zone()) {
        let fires = cadence.next(after, zone).unwrap();
        prop_assert!(fires > after);
        let shown = local(fires, zone);
        if let Cadence::Weekly { day, hour } | Cadence::EveryTwoWeeks { day, hour } | Cadence::Monthly { day, hour, .. } = cadence {
            let on_time = shown.weekday() == day && shown.hour() == hour.get() && shown.minute() == 0;
            prop_assert!(on_time || just_after_a_gap(fires, zone), "{shown} in {zone}");
        }
        if matches!(cadence, Cadence::Weekly { .. }) {
            prop_assert!(fires - after <= Duration::days(7) + Duration::hours(2));
        }
    }

    #[test]
    fn no_firing_is_passed_over(cadence in any_cadence(), after in any_moment(), zone in any_zone(), hours in 0_i64..400) {
        let from_earlier = cadence.next(after - Duration::hours(hours), zone).unwrap();
        prop_assert!(from_earlier <= after || cadence.next(after, zone) == Some(from_earlier));
    }

    #[test]
    fn two_firings_never_fall_together(cadence in any_cadence(), after in any_moment(), zone in any_zone()) {
        let mut fires = cadence.next(after, zone).unwrap();
        for _ in 0..4 {
            let following = cadence.next(fires, zone).unwrap();
            prop_assert!(following - fires >= Duration::hours(22), "{fires} and {following} in {zone}");
            prop_assert_eq!(cadence.next(following - Duration::seconds(1), zone), Some(following));
            fires = following;
        }
    }
}
