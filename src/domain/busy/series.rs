//! Events that repeat, written out for a stretch of time: by their rules, with what was added, left out and changed.

use std::collections::{BTreeMap, BTreeSet};

use calcard::common::PartialDateTime;
use calcard::common::timezone::Tz as NamedZone;
use calcard::icalendar::{
    ICalendar, ICalendarComponent, ICalendarComponentType, ICalendarEntry, ICalendarFrequency, ICalendarProperty,
    ICalendarRecurrenceRule, ICalendarValue,
};
use chrono::{DateTime, Datelike, Duration, NaiveDateTime, NaiveTime, Timelike, Utc};

use super::entries::{Clock, Entry, Lasts};
use super::{Broken, NotACalendar};
use crate::domain::slot::Interval;

/// Of one event: one an hour for two years, or one a day for half a century.
const MOST_OF_ONE: usize = 20_000;
/// Of all events of a file; bounds the work.
const MOST_OF_ALL: usize = 200_000;
/// Looking for a first occurrence that never comes is as much work as finding so many.
const WORK_OF_NONE: usize = 20_000;

/// What makes somebody busy between two moments, cut at both. In no order.
pub(super) fn expanded(
    entries: &[Entry],
    (from, until): (DateTime<Utc>, DateTime<Utc>),
) -> Result<Vec<Interval>, NotACalendar> {
    let mut changed: BTreeMap<&str, BTreeSet<DateTime<Utc>>> = BTreeMap::new();
    for entry in entries {
        if let Some(occurrence) = entry.instead_of {
            changed.entry(&entry.uid).or_default().insert(occurrence);
        }
    }
    let none = BTreeSet::new();
    let (mut busy, mut left) = (Vec::new(), MOST_OF_ALL);
    for entry in entries.iter().filter(|entry| entry.counts) {
        let changed = changed.get(entry.uid.as_str()).filter(|_| entry.instead_of.is_none()).unwrap_or(&none);
        for start in starts(entry, until, &mut left)? {
            let at = entry.start.clock.at(start);
            if !entry.except.contains(&at) && !changed.contains(&at) {
                busy.extend(stretch(entry, start, at, (from, until)));
            }
        }
        let also = entry.also.iter().filter(|at| !entry.except.contains(at) && !changed.contains(at));
        busy.extend(also.filter_map(|at| stretch(entry, entry.start.clock.shows(*at), *at, (from, until))));
    }
    Ok(busy)
}

fn stretch(
    entry: &Entry,
    shown: NaiveDateTime,
    at: DateTime<Utc>,
    (from, until): (DateTime<Utc>, DateTime<Utc>),
) -> Option<Interval> {
    let end = match entry.lasts {
        Lasts::Exactly(length) => at.checked_add_signed(length),
        Lasts::Days(days) => {
            let last = Duration::try_days(days).and_then(|days| shown.checked_add_signed(days));
            last.map(|last| entry.start.clock.at(last))
        }
    };
    Interval::new(at.max(from), end.unwrap_or(until).min(until)).ok()
}

/// The local times at which it begins, as far as until then; of an event without a rule its only one.
fn starts(entry: &Entry, until: DateTime<Utc>, left: &mut usize) -> Result<Vec<NaiveDateTime>, NotACalendar> {
    let shown = entry.start.shown;
    let Some((line, rule)) = entry.rule.as_ref().filter(|_| entry.instead_of.is_none()) else { return Ok(vec![shown]) };
    let most = MOST_OF_ONE.min(*left);
    // No person's day goes by minutes, and their rules can hide a day's search behind each occurrence.
    if most == 0 || matches!(rule.freq, ICalendarFrequency::Secondly | ICalendarFrequency::Minutely) {
        return Err(Broken::TooOften.at(*line));
    }
    let horizon = entry.start.clock.shows(until);
    if shown > horizon {
        return Ok(Vec::new());
    }
    let rule = local_rule(rule, entry.start.clock, horizon);
    let mut expansion = floating(shown, rule).expand_dates(NamedZone::Floating, most);
    if !expansion.errors.is_empty() {
        return Err(Broken::NotARule.at(*line));
    }
    let all: Vec<_> = expansion.events.drain(..).map(|event| event.start.naive_local()).collect();
    *left = left.saturating_sub(if all.is_empty() { WORK_OF_NONE } else { all.len() });
    let reached = all.last().is_none_or(|last| entry.start.clock.at(*last) >= until);
    if all.len() >= most && !reached { Err(Broken::TooOften.at(*line)) } else { Ok(all) }
}

/// The event as its own clocks show it, so that the rule counts in wall time; what that means is for us to say, gaps and
/// folds too.
fn floating(shown: NaiveDateTime, rule: ICalendarRecurrenceRule) -> ICalendar {
    let property = |name, value| ICalendarEntry { name, params: Vec::new(), values: vec![value] };
    let start = ICalendarValue::PartialDateTime(Box::new(written(shown)));
    let event = ICalendarComponent {
        component_type: ICalendarComponentType::VEvent,
        entries: vec![
            property(ICalendarProperty::Dtstart, start),
            property(ICalendarProperty::Rrule, ICalendarValue::RecurrenceRule(Box::new(rule))),
        ],
        component_ids: Vec::new(),
    };
    ICalendar { components: vec![event] }
}

/// Followed no further than to the horizon. Its last moment is mostly written in UTC; as a date it means the whole of that
/// day.
fn local_rule(rule: &ICalendarRecurrenceRule, clock: Clock, horizon: NaiveDateTime) -> ICalendarRecurrenceRule {
    let last = rule.until.as_ref().and_then(|until| {
        let read = until.to_date_time()?;
        let end_of_day = NaiveTime::from_hms_opt(23, 59, 59).unwrap_or_default();
        Some(match (until.has_time(), read.to_date_time_with_tz(NamedZone::Floating)) {
            (false, _) => read.date_time.date().and_time(end_of_day),
            (true, Some(at)) if read.tz().is_some() => clock.shows(at.to_utc()),
            (true, _) => read.date_time,
        })
    });
    let last = last.map_or(horizon, |last| last.min(horizon));
    ICalendarRecurrenceRule { until: Some(written(last)), ..rule.clone() }
}

fn written(shown: NaiveDateTime) -> PartialDateTime {
    let small = |number: u32| u8::try_from(number).ok();
    PartialDateTime {
        year: u16::try_from(shown.year()).ok(),
        month: small(shown.month()),
        day: small(shown.day()),
        hour: small(shown.hour()),
        minute: small(shown.minute()),
        second: small(shown.second()),
        ..PartialDateTime::default()
    }
}
