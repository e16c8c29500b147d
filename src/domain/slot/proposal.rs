//! A time that somebody proposes by themselves: read kindly, and held to what the times that Wallflower offers keep too.

use chrono::{DateTime, Duration, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Timelike, Utc};
use chrono_tz::Tz;

use super::Slot;
use crate::domain::nudge::is_quiet_hour;
use crate::domain::wall_clock::local;

/// As long as the times that are offered.
const MINUTES: u32 = 60;
/// How closely it is looked at, as for those.
const LOOK_MINUTES: i64 = 15;
/// Nobody should learn of a meetup later than the day before.
const BEFORE: Duration = Duration::hours(24);
/// Nobody plans an evening with somebody new further ahead.
const FURTHEST: Duration = Duration::days(60);

/// Why a proposed time cannot be asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotProposed {
    /// No day and time of day can be read in it, or clocks skip it.
    Unreadable,
    /// It has passed, or the poll would close less than a day before it.
    TooSoon,
    TooFar,
    /// It lies in somebody's quiet hours.
    AtNight,
}

/// The slot that `day` and `time` mean where clocks show those of `zone`, for people in `zones`, in a poll that closes at
/// `closes_by` at the latest. The slot bears `shown_in`, the zone of the poll's other slots.
///
/// A day is read as in [`days`](super::days()). A time is `19:30`,
/// `19.30`, `19h30`, `19` or `7 pm`. Of times that clocks show twice the first is meant.
pub fn proposed(
    (day, time): (&str, &str),
    zone: Tz,
    zones: &[Tz],
    (now, closes_by): (DateTime<Utc>, DateTime<Utc>),
    shown_in: Tz,
) -> Result<Slot, NotProposed> {
    let today = local(now, zone).date();
    let shown = proposed_day(day, today).zip(read_time(time)).map(|(day, time)| NaiveDateTime::new(day, time));
    let start = shown.and_then(|shown| zone.from_local_datetime(&shown).earliest()).ok_or(NotProposed::Unreadable)?;
    let start = start.to_utc();
    if start < closes_by.max(now) + BEFORE {
        return Err(NotProposed::TooSoon);
    }
    if start > now + FURTHEST {
        return Err(NotProposed::TooFar);
    }
    let slot = Slot::new(start, MINUTES, shown_in).map_err(|_| NotProposed::Unreadable)?;
    if zones.iter().any(|zone| disturbs(&slot, *zone)) { Err(NotProposed::AtNight) } else { Ok(slot) }
}

/// The day alone, as `today` is the day on which it is typed.
pub fn proposed_day(day: &str, today: NaiveDate) -> Option<NaiveDate> {
    super::days::day(day, today)
}

fn disturbs(slot: &Slot, zone: Tz) -> bool {
    let moments =
        std::iter::successors(Some(slot.start()), |at| at.checked_add_signed(Duration::minutes(LOOK_MINUTES)));
    moments.take_while(|at| *at < slot.end()).any(|at| is_quiet_hour(local(at, zone).hour()))
}

fn read_time(text: &str) -> Option<NaiveTime> {
    let text = text.trim().to_lowercase();
    let (clock, half) = match (text.strip_suffix("am"), text.strip_suffix("pm")) {
        (Some(clock), _) => (clock, Some(0)),
        (None, Some(clock)) => (clock, Some(12)),
        (None, None) => (text.as_str(), None),
    };
    let clock = clock.trim().trim_end_matches('h').trim_end();
    let (hour, minute) = clock.split_once([':', '.', 'h']).unwrap_or((clock, "0"));
    let (hour, minute): (u32, u32) = (hour.trim().parse().ok()?, minute.trim().parse().ok()?);
    match half {
        Some(_) if !(1..=12).contains(&hour) => None,
        Some(half) => NaiveTime::from_hms_opt(hour % 12 + half, minute, 0),
        None => NaiveTime::from_hms_opt(hour, minute, 0),
    }
}

#[cfg(test)]
mod tests {
    use chrono_tz::Asia::Tokyo;
    use chrono_tz::Europe::{Amsterdam, London};
    use proptest::prelude::*;

    use super::super::super::wall_clock::tests::{any_zone, utc};
    use super::*;

    fn day(text: &str) -> Option<String> {
        super::super::days::day(text, "2026-11-20".parse().unwrap()).map(|day| day.to_string())
    }

    fn time(text: &str) -> Option<String> {
        read_time(text).map(|time| time.format("%H:%M").to_string())
    }

    #[test]
    fn a_day_is_read_as_people_write_it() {
        for written in ["2026-12-24", "24.12.", "24/12", " 24 . 12 . 2026 ", "24/12/2026", "24 Dec", "December 24th"] {
            assert_eq!(day(written).as_deref(), Some("2026-12-24"), "{written}");
        }
        assert_eq!(day("3.2.").as_deref(), Some("2027-02-03"), "the next one to come");
        for nonsense in ["", "soon", "24", "32.1.", "24.13.", "24.12.26", "1.2.3.4"] {
            assert_eq!(day(nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn a_time_is_read_as_people_write_it() {
        for written in ["19:30", "19.30", "19h30", " 7:30 PM", "7.30pm", "19 : 30"] {
            assert_eq!(time(written).as_deref(), Some("19:30"), "{written}");
        }
        assert_eq!(time("19").as_deref(), Some("19:00"));
        assert_eq!(time("19h").as_deref(), Some("19:00"));
        assert_eq!(time("12 am").as_deref(), Some("00:00"));
        assert_eq!(time("12 pm").as_deref(), Some("12:00"));
        for nonsense in ["", "noon", "25", "19:60", "13 pm", "0 am", "-3", "19:30:00"] {
            assert_eq!(time(nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn a_proposed_time_keeps_what_offered_times_keep() {
        let (now, closes) = (utc("2026-09-07T09:00:00Z"), utc("2026-09-09T09:00:00Z"));
        let at = |day, time, zones: &[Tz]| proposed((day, time), Amsterdam, zones, (now, closes), London);
        let slot = at("2026-09-11", "19:30", &[Amsterdam]).unwrap();
        assert_eq!((slot.start(), slot.zone()), (utc("2026-09-11T17:30:00Z"), London));
        assert_eq!(at("2026-09-11", "25", &[Amsterdam]), Err(NotProposed::Unreadable));
        assert_eq!(at("2026-09-06", "19", &[Amsterdam]), Err(NotProposed::TooSoon));
        assert_eq!(at("2026-09-10", "10:59", &[Amsterdam]), Err(NotProposed::TooSoon), "a day after the poll");
        assert!(at("2026-09-10", "11:00", &[Amsterdam]).is_ok());
        assert_eq!(at("2026-12-24", "19", &[Amsterdam]), Err(NotProposed::TooFar));
        assert_eq!(at("2026-09-11", "21:30", &[Amsterdam]), Err(NotProposed::AtNight), "it would end at half past ten");
        assert_eq!(at("2026-09-11", "19:30", &[Amsterdam, Tokyo]), Err(NotProposed::AtNight));
        assert!(at("2026-09-11", "10:30", &[Amsterdam, Tokyo]).is_ok());
    }

    #[test]
    fn a_time_that_clocks_skip_is_none() {
        let (now, closes) = (utc("2026-03-20T09:00:00Z"), utc("2026-03-21T09:00:00Z"));
        let at = |time| proposed(("2026-03-29", time), Amsterdam, &[], (now, closes), Amsterdam);
        assert_eq!(at("2:30"), Err(NotProposed::Unreadable));
        assert!(at("3:30").is_ok());
    }

    proptest! {
        #[test]
        fn whatever_is_typed_harms_nobody(
            day in ".{0,12}", time in ".{0,8}", zone in any_zone(), others in prop::collection::vec(any_zone(), 0..4),
        ) {
            let (now, closes) = (utc("2026-09-07T09:00:00Z"), utc("2026-09-09T09:00:00Z"));
            if let Ok(slot) = proposed((&day, &time), zone, &others, (now, closes), zone) {
                prop_assert!(slot.start() >= closes + BEFORE && slot.start() <= now + FURTHEST);
            }
        }

        #[test]
        fn what_is_accepted_is_in_nobody_s_night(
            days in 0_i64..70, hour in 0_u32..24, minute in 0_u32..60, zones in prop::collection::vec(any_zone(), 1..4),
        ) {
            let (now, closes) = (utc("2026-09-07T09:00:00Z"), utc("2026-09-09T09:00:00Z"));
            let day = (now + Duration::days(days)).date_naive().to_string();
            let time = format!("{hour}:{minute:02}");
            if let Ok(slot) = proposed((&day, &time), zones[0], &zones, (now, closes), zones[0]) {
                let shown = slot.local_start();
                prop_assert_eq!((shown.date().to_string(), shown.format("%-H:%M").to_string()), (day, time));
                for zone in zones {
                    prop_assert!((8..22).contains(&local(slot.start(), zone).hour()));
                }
            }
        }
    }
}
