//! "Not on these dates": days as people write them, and what of somebody's time they take.

use std::collections::BTreeSet;
use std::str::FromStr;

use chrono::{DateTime, Datelike, Days, Month, NaiveDate, NaiveTime, Utc};
use chrono_tz::Tz;

use super::Interval;
use crate::domain::wall_clock::moment;

/// Nobody knows their days further ahead; also bounds what is kept.
pub const FURTHEST_DAYS: u64 = 366;

/// What is no day or span of days, in the words that were typed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotDays {
    #[error("\"{0}\" is no day")]
    Unreadable(String),
    #[error("\"{0}\" ends before it begins")]
    Backwards(String),
    #[error("\"{0}\" is over")]
    Over(String),
    #[error("\"{0}\" is too far away")]
    TooFar(String),
}

/// A day as it was written; what is missing follows from another one, or from today.
#[derive(Debug, Clone, Copy)]
struct Written {
    day: u32,
    month: Option<u32>,
    year: Option<i32>,
}

/// The days that a list names, such as `24-26 Dec, 2027-01-02`: single days and spans with both ends in them, parted by
/// commas, semicolons or lines. A day is `2026-12-24`, `24.12.`, `24/12`, `24.12.2026`, `24 Dec` or `Dec 24`; without a year
/// the next one to come is meant. What of a span is over already is left out.
pub fn days(text: &str, today: NaiveDate) -> Result<BTreeSet<NaiveDate>, NotDays> {
    let mut all = BTreeSet::new();
    for piece in text.split([',', ';', '\n']).map(str::trim).filter(|piece| !piece.is_empty()) {
        let (first, last) = span(piece, today)?;
        all.extend(first.max(today).iter_days().take_while(|day| *day <= last));
    }
    if all.is_empty() { Err(NotDays::Unreadable(text.trim().to_owned())) } else { Ok(all) }
}

/// One day, written in the same ways. With a year it may lie in the past.
pub(super) fn day(text: &str, today: NaiveDate) -> Option<NaiveDate> {
    let day = written(text)?;
    resolved(day, day, today).map(|(_, day)| day)
}

fn span(piece: &str, today: NaiveDate) -> Result<(NaiveDate, NaiveDate), NotDays> {
    let unreadable = || NotDays::Unreadable(piece.to_owned());
    let (first, last) = match written(piece) {
        Some(day) => resolved(day, day, today).ok_or_else(unreadable)?,
        None => ends(piece).find_map(|(first, last)| resolved(first, last, today)).ok_or_else(unreadable)?,
    };
    if last < first {
        return Err(NotDays::Backwards(piece.to_owned()));
    }
    if last < today {
        return Err(NotDays::Over(piece.to_owned()));
    }
    let furthest = today.checked_add_days(Days::new(FURTHEST_DAYS)).unwrap_or(today);
    if last > furthest { Err(NotDays::TooFar(piece.to_owned())) } else { Ok((first, last)) }
}

/// The ways to read a piece as two days. A hyphen also stands within a day.
fn ends(piece: &str) -> impl Iterator<Item = (Written, Written)> {
    let words = [" to ", "..", "–", "—"].into_iter().filter_map(|mark| piece.split_once(mark));
    let hyphens = piece.match_indices('-').map(|(at, _)| (&piece[..at], &piece[at + 1..]));
    words.chain(hyphens).filter_map(|(first, last)| Some((written(first)?, written(last)?)))
}

/// Both ends as days of the calendar: the last one is the next such day to come, the first the latest one before it. Of
/// `24-26 Dec` the first takes the month of the last.
fn resolved(first: Written, last: Written, today: NaiveDate) -> Option<(NaiveDate, NaiveDate)> {
    let last_month = last.month?;
    if let (None, Some(month), Some(year)) = (last.year, first.month, first.year) {
        let first = NaiveDate::from_ymd_opt(year, month, first.day)?;
        let on_or_after = |year| NaiveDate::from_ymd_opt(year, last_month, last.day).filter(|day| *day >= first);
        return Some((first, on_or_after(year).or_else(|| on_or_after(year + 1))?));
    }
    let end = if let Some(year) = last.year {
        NaiveDate::from_ymd_opt(year, last_month, last.day)?
    } else {
        let to_come = |year| NaiveDate::from_ymd_opt(year, last_month, last.day).filter(|day| *day >= today);
        to_come(today.year()).or_else(|| to_come(today.year() + 1))?
    };
    let start = match (first.month, first.year) {
        (None, _) => NaiveDate::from_ymd_opt(end.year(), end.month(), first.day)?,
        (Some(month), Some(year)) => NaiveDate::from_ymd_opt(year, month, first.day)?,
        (Some(month), None) => {
            let before = |year| NaiveDate::from_ymd_opt(year, month, first.day).filter(|day| *day <= end);
            before(end.year()).or_else(|| before(end.year() - 1))?
        }
    };
    Some((start, end))
}

fn written(text: &str) -> Option<Written> {
    let text = text.trim();
    if let Ok(day) = NaiveDate::from_str(text) {
        return Some(Written { day: day.day(), month: Some(day.month()), year: Some(day.year()) });
    }
    let parts: Vec<&str> =
        text.split([' ', '.', '/', '\u{a0}']).map(str::trim).filter(|part| !part.is_empty()).collect();
    let numbered = |text: &str| text.parse::<u32>().ok().filter(|number| (1..=12).contains(number));
    match parts[..] {
        [only] => Some(Written { day: number(only)?, month: None, year: None }),
        [one, two] => match (month(one), month(two)) {
            (Some(month), None) => Some(Written { day: number(two)?, month: Some(month), year: None }),
            (None, named) => {
                Some(Written { day: number(one)?, month: Some(named.or_else(|| numbered(two))?), year: None })
            }
            (Some(_), Some(_)) => None,
        },
        [one, two, three] => {
            let year = three.parse().ok().filter(|year| (1000..10_000).contains(year))?;
            let day_and_month = match month(one) {
                Some(month) => (number(two)?, month),
                None => (number(one)?, month(two).or_else(|| numbered(two))?),
            };
            Some(Written { day: day_and_month.0, month: Some(day_and_month.1), year: Some(year) })
        }
        _ => None,
    }
}

/// `24`, `24th`.
fn number(text: &str) -> Option<u32> {
    let text = text.to_lowercase();
    let bare = ["st", "nd", "rd", "th"].iter().find_map(|ending| text.strip_suffix(ending)).unwrap_or(&text);
    bare.parse().ok().filter(|day| (1..=31).contains(day))
}

/// By its English name, or the first three letters of it or more.
fn month(text: &str) -> Option<u32> {
    let text = text.to_lowercase();
    let letters = text.get(..3)?;
    let month = Month::from_str(letters).ok()?;
    month.name().to_lowercase().starts_with(&text).then(|| month.number_from_month())
}

/// Days that follow on each other as spans, both ends in them.
pub fn spans(days: impl IntoIterator<Item = NaiveDate>) -> Vec<(NaiveDate, NaiveDate)> {
    let mut all: Vec<(NaiveDate, NaiveDate)> = Vec::new();
    for day in days {
        match all.last_mut() {
            Some((_, last)) if last.succ_opt() == Some(day) => *last = day,
            _ => all.push((day, day)),
        }
    }
    all
}

/// What days that follow on each other take where clocks are those of `zone`: from midnight to midnight.
pub fn taken(days: impl IntoIterator<Item = NaiveDate>, zone: Tz) -> Vec<Interval> {
    spans(days).into_iter().filter_map(|span| whole_days(span, zone)).collect()
}

/// From the first midnight of these days to the last one, where clocks are those of `zone`; `None` for the days of no calendar.
pub fn whole_days((first, last): (NaiveDate, NaiveDate), zone: Tz) -> Option<Interval> {
    let midnight = |day: NaiveDate| moment(day.and_time(NaiveTime::MIN), zone);
    Interval::new(midnight(first), last.succ_opt().map_or(DateTime::<Utc>::MAX_UTC, midnight)).ok()
}

#[cfg(test)]
mod tests {
    use chrono::Duration;
    use chrono_tz::Europe::Amsterdam;
    use proptest::prelude::*;

    use super::super::super::wall_clock::{
        local,
        tests::{any_moment, any_zone, utc},
    };
    use super::*;

    const TODAY: &str = "2026-11-20";

    fn read(text: &str) -> Result<Vec<String>, NotDays> {
        read_on(text, TODAY)
    }

    fn read_on(text: &str, today: &str) -> Result<Vec<String>, NotDays> {
        let days = days(text, today.parse().unwrap())?;
        Ok(spans(days).into_iter().map(|(first, last)| format!("{first}/{last}")).collect())
    }

    #[test]
    fn days_are_read_as_people_write_them() {
        for written in
            ["2026-12-24", "24.12.", "24.12", "24/12", "24.12.2026", "24 Dec", "Dec 24", "24th december 2026"]
        {
            assert_eq!(read(written).unwrap(), ["2026-12-24/2026-12-24"], "{written}");
        }
        for written in [
            "24-26 Dec",
            "24 - 26 december",
            "24 Dec - 26 Dec",
            "24.-26.12.",
            "24.12.–26.12.",
            "2026-12-24 to 2026-12-26",
            "2026-12-24-2026-12-26",
            "24..26 Dec 2026",
            "26 Dec, 24 Dec; 25 Dec",
        ] {
            assert_eq!(read(written).unwrap(), ["2026-12-24/2026-12-26"], "{written}");
        }
        let both = ["2026-12-24/2026-12-26", "2027-01-02/2027-01-02"];
        assert_eq!(read("24-26 Dec, 2027-01-02").unwrap(), both);
    }

    #[test]
    fn a_day_without_a_year_is_the_next_one_and_a_span_may_pass_the_turn_of_the_year() {
        assert_eq!(read("3.2.").unwrap(), ["2027-02-03/2027-02-03"]);
        assert_eq!(read("28 Dec - 3 Jan").unwrap(), ["2026-12-28/2027-01-03"]);
        assert_eq!(read("28 Dec 2026 - 3 Jan").unwrap(), ["2026-12-28/2027-01-03"]);
        assert_eq!(read_on("28 Dec - 3 Jan", "2027-01-01").unwrap(), ["2027-01-01/2027-01-03"], "what is left of it");
        assert_eq!(read_on("24-26 Dec", "2026-12-25").unwrap(), ["2026-12-25/2026-12-26"]);
    }

    #[test]
    fn what_is_no_day_is_named() {
        for nonsense in
            ["", "soon", "24", "32 Dec", "24.13.", "30 Feb", "24 De", "24 Decembre", "12-", "1.2.3.4", "0 Dec"]
        {
            let typed = nonsense.to_owned();
            assert_eq!(read(nonsense), Err(NotDays::Unreadable(typed)), "{nonsense}");
        }
        assert_eq!(read("24 Dec, soon"), Err(NotDays::Unreadable("soon".to_owned())), "all or nothing");
        assert_eq!(read("26-24 Dec"), Err(NotDays::Backwards("26-24 Dec".to_owned())));
        assert_eq!(read("2026-11-19"), Err(NotDays::Over("2026-11-19".to_owned())));
        assert_eq!(read("2027-11-22"), Err(NotDays::TooFar("2027-11-22".to_owned())));
        assert_eq!(read("2026-12-24 to 2999-12-24"), Err(NotDays::TooFar("2026-12-24 to 2999-12-24".to_owned())));
    }

    #[test]
    fn a_day_lasts_as_long_as_its_clocks_say() {
        let day = |text: &str| taken([text.parse().unwrap()], Amsterdam)[0];
        assert_eq!(day("2026-03-29").end() - day("2026-03-29").start(), Duration::hours(23));
        assert_eq!(day("2026-10-25").end() - day("2026-10-25").start(), Duration::hours(25));
        assert_eq!(day("2026-12-24").start(), utc("2026-12-23T23:00:00Z"));
    }

    proptest! {
        #[test]
        fn whatever_is_typed_harms_nobody(text in ".{0,40}", pieces in prop::collection::vec("[0-9./ -]{1,8}", 0..4)) {
            let today = TODAY.parse().unwrap();
            for text in [text, pieces.join("-"), pieces.join(", ")] {
                if let Ok(days) = days(&text, today) {
                    prop_assert!(!days.is_empty() && days.len() <= 367);
                    prop_assert!(days.iter().all(|day| (0..=366).contains(&(*day - today).num_days())));
                }
            }
        }

        #[test]
        fn a_moment_is_taken_exactly_when_clocks_show_one_of_the_days(
            at in any_moment(), zone in any_zone(), others in prop::collection::btree_set(-4_i64..4, 1..5),
        ) {
            let here = local(at, zone).date();
            let days: BTreeSet<NaiveDate> = others.iter().map(|day| here + Duration::days(*day)).collect();
            let taken = taken(days.iter().copied(), zone);
            let is_in = taken.iter().any(|whole| whole.start() <= at && at < whole.end());
            prop_assert_eq!(is_in, days.contains(&here));
        }
    }
}
