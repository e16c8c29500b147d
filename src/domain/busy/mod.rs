//! When somebody is busy, from the calendar that they hand over as an `.ics` file (RFC 5545): nothing of it but times.
//! Titles, places and people in it are not even looked at.

mod entries;
mod lines;
mod series;

use chrono::{DateTime, Duration, Utc};
use chrono_tz::Tz;

use super::slot::{Interval, merged};

/// A year of a full calendar is some hundred kilobytes.
pub const MOST_BYTES: usize = 1024 * 1024;
/// How far ahead busy times are kept; a calendar says little of what lies further, and it can be handed over again.
const HORIZON: Duration = Duration::days(180);
/// Stretches of busy time that are kept of one member: more than ten on each day.
const MOST_STRETCHES: usize = 2_000;

/// Why a file is not taken. Lines are counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotACalendar {
    #[error("line {line}: {why}")]
    At { line: usize, why: Broken },
    #[error("more than {MOST_BYTES} bytes")]
    TooLarge,
    #[error("more than {MOST_STRETCHES} stretches of time")]
    TooFull,
    /// The reading itself broke off.
    #[error("it cannot be read")]
    Unreadable,
}

/// What is wrong with a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    #[error("no BEGIN:VCALENDAR")]
    NotBegun,
    #[error("neither NAME:VALUE nor the rest of the line before")]
    NotALine,
    #[error("what begins here does not end, or something else does")]
    NotEnded,
    #[error("an event without a beginning")]
    NoStart,
    #[error("no date or time that can be read")]
    NotATime,
    #[error("it ends before it begins")]
    Backwards,
    #[error("an unknown time zone")]
    UnknownZone,
    #[error("no rule that can be followed")]
    NotARule,
    #[error("it repeats too often")]
    TooOften,
    #[error("too many events")]
    TooMany,
}

impl Broken {
    const fn at(self, line: usize) -> NotACalendar {
        NotACalendar::At { line, why: self }
    }
}

/// The stretches of time, in order and apart from each other, in which the events of a calendar make somebody busy, from
/// `now` on for half a year. Floating times and whole days are those of `zone`. Events that are transparent or cancelled
/// count nothing, and neither do those that take no time.
///
/// # Errors
/// Where any part of it that says when cannot be understood: half a calendar would make people free who are not.
pub fn read(file: &[u8], zone: Tz, now: DateTime<Utc>) -> Result<Vec<Interval>, NotACalendar> {
    if file.len() > MOST_BYTES {
        return Err(NotACalendar::TooLarge);
    }
    let window = (now, now.checked_add_signed(HORIZON).unwrap_or(now));
    let entries = entries::read(&lines::blocks(file)?, zone)?;
    let stretches = merged(series::expanded(&entries, window)?);
    if stretches.len() > MOST_STRETCHES { Err(NotACalendar::TooFull) } else { Ok(stretches) }
}

#[cfg(test)]
mod tests;
