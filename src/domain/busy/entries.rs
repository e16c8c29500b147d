//! Events as what they say of time, read from their lines.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use calcard::common::timezone::Tz as NamedZone;
use calcard::icalendar::{
    ICalendar, ICalendarEntry, ICalendarProperty, ICalendarRecurrenceRule, ICalendarStatus, ICalendarTransparency,
    ICalendarValue,
};
use chrono::{DateTime, Duration, NaiveDateTime, TimeZone, Utc};
use chrono_tz::Tz;

use super::lines::{Blocks, Line};
use super::{Broken, NotACalendar};
use crate::domain::wall_clock::{local, moment};

/// By which clocks a local time is meant.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Clock {
    named: NamedZone,
    /// Where the reader lives: what names no zone is meant there.
    home: Tz,
}

impl Clock {
    pub fn at(self, shown: NaiveDateTime) -> DateTime<Utc> {
        match self.named {
            NamedZone::Tz(zone) => moment(shown, zone),
            NamedZone::Fixed(offset) => {
                offset.from_local_datetime(&shown).earliest().map_or(shown.and_utc(), |at| at.to_utc())
            }
            NamedZone::Floating => moment(shown, self.home),
        }
    }

    pub fn shows(self, at: DateTime<Utc>) -> NaiveDateTime {
        match self.named {
            NamedZone::Tz(zone) => local(at, zone),
            NamedZone::Fixed(offset) => at.with_timezone(&offset).naive_local(),
            NamedZone::Floating => local(at, self.home),
        }
    }
}

/// A date or a time as it was written.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Stated {
    pub shown: NaiveDateTime,
    pub clock: Clock,
    pub whole_day: bool,
}

impl Stated {
    pub fn at(&self) -> DateTime<Utc> {
        self.clock.at(self.shown)
    }
}

/// How long an event lasts. A whole day is as long as its clocks say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lasts {
    Days(i64),
    Exactly(Duration),
}

/// What one event says of time.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    /// By which a change of one occurrence finds the others; goes when the file has been read.
    pub uid: String,
    pub start: Stated,
    pub lasts: Lasts,
    /// With its line.
    pub rule: Option<(usize, ICalendarRecurrenceRule)>,
    /// Besides those that the rule gives.
    pub also: Vec<DateTime<Utc>>,
    pub except: BTreeSet<DateTime<Utc>>,
    /// It stands for this occurrence of the event with the same `uid`.
    pub instead_of: Option<DateTime<Utc>>,
    /// Neither cancelled nor transparent.
    pub counts: bool,
}

/// All events, in the order of the file. `home` is the zone of what names none.
pub(super) fn read(blocks: &Blocks, home: Tz) -> Result<Vec<Entry>, NotACalendar> {
    let zones = Zones { named: blocks.zones.iter().filter_map(|zone| named_zone(zone)).collect(), home };
    blocks.events.iter().map(|(line, lines)| entry(*line, lines, &zones)).collect()
}

struct Zones {
    named: BTreeMap<String, NamedZone>,
    home: Tz,
}

impl Zones {
    fn clock(&self, name: Option<&str>) -> Option<Clock> {
        let named = match name {
            Some(name) => self.named.get(name).copied().or_else(|| NamedZone::from_str(name).ok())?,
            None => NamedZone::Floating,
        };
        Some(Clock { named, home: self.home })
    }

    /// What the values of a property say; one that says nothing of the kind is broken.
    fn stated(&self, line: &Line, entry: &ICalendarEntry) -> Result<Vec<Stated>, NotACalendar> {
        let clock = self.clock(entry.tz_id()).ok_or(Broken::UnknownZone.at(line.number))?;
        let one = |value: &ICalendarValue| {
            let ICalendarValue::PartialDateTime(written) = value else { return None };
            let read = written.to_date_time()?;
            let named = read.tz().unwrap_or(clock.named);
            Some(Stated { shown: read.date_time, clock: Clock { named, ..clock }, whole_day: !written.has_time() })
        };
        let all: Option<Vec<Stated>> = entry.values.iter().map(one).collect();
        all.filter(|all| !all.is_empty()).ok_or(Broken::NotATime.at(line.number))
    }
}

/// A zone by the name that the file gives it, where that or the place that it stands for is known.
fn named_zone(lines: &[Line]) -> Option<(String, NamedZone)> {
    let value = |name: &str| lines.iter().find(|line| line.name() == name).and_then(Line::value);
    let name = value("TZID")?;
    let zone = NamedZone::from_str(name).ok().or_else(|| NamedZone::from_str(value("X-LIC-LOCATION")?).ok())?;
    Some((name.to_owned(), zone))
}

fn entry(begins: usize, lines: &[Line], zones: &Zones) -> Result<Entry, NotACalendar> {
    let (mut start, mut end, mut length, mut rule) = (None, None, None, None);
    let (mut uid, mut also, mut except, mut instead_of, mut counts) =
        (String::new(), Vec::new(), BTreeSet::new(), None, true);
    for line in lines {
        let Some(entry) = parsed(line) else { return Err(Broken::NotALine.at(line.number)) };
        let times = || zones.stated(line, &entry);
        let first = || times().map(|all| all[0]);
        match (&entry.name, entry.values.first()) {
            (ICalendarProperty::Uid, _) => line.value().unwrap_or_default().clone_into(&mut uid),
            (ICalendarProperty::Dtstart, _) => start = Some(first()?),
            (ICalendarProperty::Dtend, _) => end = Some((line.number, first()?)),
            (ICalendarProperty::RecurrenceId, _) => instead_of = Some(first()?.at()),
            (ICalendarProperty::Rdate, _) => also.extend(times()?.iter().map(Stated::at)),
            (ICalendarProperty::Exdate, _) => except.extend(times()?.iter().map(Stated::at)),
            (ICalendarProperty::Duration, Some(ICalendarValue::Duration(lasts))) => {
                length = Some((line.number, lasts.to_time_delta().ok_or(Broken::NotATime.at(line.number))?));
            }
            (ICalendarProperty::Duration, _) => return Err(Broken::NotATime.at(line.number)),
            (ICalendarProperty::Rrule, Some(ICalendarValue::RecurrenceRule(followed))) => {
                rule = Some((line.number, (**followed).clone()));
            }
            (ICalendarProperty::Rrule, _) => return Err(Broken::NotARule.at(line.number)),
            (_, Some(ICalendarValue::Status(status))) => counts &= *status != ICalendarStatus::Cancelled,
            (_, Some(ICalendarValue::Transparency(how))) => counts &= *how == ICalendarTransparency::Opaque,
            _ => {}
        }
    }
    let start = start.ok_or(Broken::NoStart.at(begins))?;
    let lasts = lasts(&start, end, length)?;
    Ok(Entry { uid, start, lasts, rule, also, except, instead_of, counts })
}

/// One property by itself, so that what is wrong is known by its line.
fn parsed(line: &Line) -> Option<ICalendarEntry> {
    let event = ICalendar::parse(format!("BEGIN:VEVENT\r\n{}\r\nEND:VEVENT\r\n", line.text)).ok()?;
    event.components.into_iter().next()?.entries.into_iter().next()
}

fn lasts(
    start: &Stated,
    end: Option<(usize, Stated)>,
    length: Option<(usize, Duration)>,
) -> Result<Lasts, NotACalendar> {
    let (line, lasts) = match (end, length) {
        (Some((line, end)), _) if start.whole_day => {
            (line, Lasts::Days((end.shown.date() - start.shown.date()).num_days()))
        }
        (Some((line, end)), _) => (line, Lasts::Exactly(end.at() - start.at())),
        (None, Some((line, length))) if start.whole_day => (line, Lasts::Days(length.num_days())),
        (None, Some((line, length))) => (line, Lasts::Exactly(length)),
        (None, None) if start.whole_day => return Ok(Lasts::Days(1)),
        (None, None) => return Ok(Lasts::Exactly(Duration::zero())),
    };
    match lasts {
        // Some calendars write a day that ends on itself.
        Lasts::Days(0) => Ok(Lasts::Days(1)),
        Lasts::Days(days) if days < 0 => Err(Broken::Backwards.at(line)),
        Lasts::Exactly(length) if length < Duration::zero() => Err(Broken::Backwards.at(line)),
        lasts => Ok(lasts),
    }
}
