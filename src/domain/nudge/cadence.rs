//! How often rounds come: a cadence as the admin chose it, in words that a setting and a column keep.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveDateTime, Utc, Weekday};
use chrono_tz::Tz;
use croner::Cron;
use croner::parser::CronParser;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::domain::wall_clock::{at_hour, local, moment};

/// Words that name no cadence, said so that the admin can mend them.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotACadence {
    #[error(
        "\"{0}\" is no cadence; write one like \"weekly mon 18\", \"biweekly thu 19\", \"monthly first thu 19\" or \"cron 0 18 * * 1\""
    )]
    Unknown(String),
    #[error("\"{0}\" is no weekday; write mon, tue, wed, thu, fri, sat or sun")]
    Weekday(String),
    #[error("\"{0}\" is no hour; write a full hour from 0 to 23")]
    Hour(String),
    #[error("\"{0}\" is no week of a month; write first, second, third, fourth or last")]
    Ordinal(String),
    #[error("\"{0}\" is no cron expression of five fields (minute, hour, day, month, weekday): {1}")]
    Cron(String, String),
    #[error("\"{0}\" comes more often than daily; give one minute and one hour")]
    TooOften(String),
    #[error("\"{0}\" names a day that never comes")]
    Never(String),
}

/// A full hour of the day, 0 to 23.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hour(u8);

impl Hour {
    /// `None` beyond 23.
    pub fn new(hour: u32) -> Option<Self> {
        u8::try_from(hour).ok().filter(|hour| *hour < 24).map(Self)
    }

    pub const fn get(self) -> u32 {
        self.0 as u32
    }
}

/// Which one of a weekday's days in a month. A fifth is not in every month, so the last stands for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Ordinal {
    First,
    Second,
    Third,
    Fourth,
    Last,
}

/// A cron expression of five fields that fires at most once a day.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CronExpression {
    text: String,
    /// Boxed since it is twenty times the size of the other cadences.
    cron: Box<Cron>,
}

/// When rounds come, in the community's zone. As text (settings, columns, JSON): "weekly mon 18", "biweekly thu 19",
/// "monthly first thu 19", "cron 0 18 * * 1".
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Cadence {
    Weekly {
        day: Weekday,
        hour: Hour,
    },
    /// In every second week, counted from the one of Monday, 1 January 2024: the same weeks for all.
    EveryTwoWeeks {
        day: Weekday,
        hour: Hour,
    },
    Monthly {
        ordinal: Ordinal,
        day: Weekday,
        hour: Hour,
    },
    Cron(CronExpression),
}

/// Once a week, early in the evening, with the week ahead to answer in.
impl Default for Cadence {
    fn default() -> Self {
        Self::Weekly { day: Weekday::Mon, hour: Hour(18) }
    }
}

/// The Monday from which every second week is counted.
const FIRST_OF_TWO_WEEKS: Option<NaiveDate> = NaiveDate::from_ymd_opt(2024, 1, 1);
/// In a fold the wall shows times whose moment is past: at most a day of them, so one or two daily firings to skip.
const MOST_STEPS: usize = 8;

impl Cadence {
    /// The first firing later than `after`, in `zone`. Where clocks skip the hour it fires right after the gap, where
    /// they show it twice the first time. `None` only at the end of the calendar.
    pub fn next(&self, after: DateTime<Utc>, zone: Tz) -> Option<DateTime<Utc>> {
        // A later wall time never means an earlier moment, so nothing due is behind this one.
        let mut shown = local(after, zone);
        for _ in 0..MOST_STEPS {
            shown = self.next_shown(shown)?;
            let fires = moment(shown, zone);
            if fires > after {
                return Some(fires);
            }
        }
        None
    }

    /// The first local time later than `shown` at which it is due, were all days 24 hours long.
    fn next_shown(&self, shown: NaiveDateTime) -> Option<NaiveDateTime> {
        let on = |day: Weekday, hour: Hour, due: &dyn Fn(NaiveDate) -> bool| {
            let days = shown.date().iter_days().filter(|date| date.weekday() == day && due(*date));
            days.map(|date| at_hour(date, hour.get())).find(|due| *due > shown)
        };
        match self {
            Self::Weekly { day, hour } => on(*day, *hour, &|_| true),
            Self::EveryTwoWeeks { day, hour } => on(*day, *hour, &is_first_of_two_weeks),
            Self::Monthly { ordinal, day, hour } => on(*day, *hour, &|date| ordinal.is_that_of(date)),
            Self::Cron(expression) => expression.next_shown(shown),
        }
    }
}

fn is_first_of_two_weeks(date: NaiveDate) -> bool {
    FIRST_OF_TWO_WEEKS.is_some_and(|monday| date.signed_duration_since(monday).num_days().rem_euclid(14) < 7)
}

impl Ordinal {
    fn is_that_of(self, date: NaiveDate) -> bool {
        let week = date.day0() / 7;
        match self {
            Self::First => week == 0,
            Self::Second => week == 1,
            Self::Third => week == 2,
            Self::Fourth => week == 3,
            Self::Last => date.checked_add_days(Days::new(7)).is_none_or(|next| next.month() != date.month()),
        }
    }
}

impl CronExpression {
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// croner works on local time as though it were UTC: gaps and folds are left to [`moment`].
    fn next_shown(&self, shown: NaiveDateTime) -> Option<NaiveDateTime> {
        self.cron.find_next_occurrence(&shown.and_utc(), false).ok().map(|due| due.naive_utc())
    }
}

impl FromStr for CronExpression {
    type Err = NotACadence;

    fn from_str(text: &str) -> Result<Self, NotACadence> {
        let fields: Vec<&str> = text.split_whitespace().collect();
        let text = fields.join(" ");
        if fields.len() != 5 {
            return Err(NotACadence::Cron(text, format!("it has {}", fields.len())));
        }
        let cron = CronParser::new()
            .parse(&text)
            .map_err(|fault| NotACadence::Cron(text.clone(), fault.to_string().trim_end_matches('.').to_owned()))?;
        if cron.pattern.minutes.values().len() != 1 || cron.pattern.hours.values().len() != 1 {
            return Err(NotACadence::TooOften(text));
        }
        let expression = Self { text, cron: Box::new(cron) };
        match expression.next_shown(FIRST_OF_TWO_WEEKS.unwrap_or_default().into()) {
            Some(_) => Ok(expression),
            None => Err(NotACadence::Never(expression.text)),
        }
    }
}

impl FromStr for Cadence {
    type Err = NotACadence;

    fn from_str(text: &str) -> Result<Self, NotACadence> {
        let words: Vec<&str> = text.split_whitespace().collect();
        match words[..] {
            [kind, day, hour] if is(kind, "weekly") => Ok(Self::Weekly { day: weekday(day)?, hour: full_hour(hour)? }),
            [kind, day, hour] if is(kind, "biweekly") => {
                Ok(Self::EveryTwoWeeks { day: weekday(day)?, hour: full_hour(hour)? })
            }
            [kind, ordinal, day, hour] if is(kind, "monthly") => {
                Ok(Self::Monthly { ordinal: ordinal.parse()?, day: weekday(day)?, hour: full_hour(hour)? })
            }
            [kind, ref fields @ ..] if is(kind, "cron") => fields.join(" ").parse().map(Self::Cron),
            _ => Err(NotACadence::Unknown(text.to_owned())),
        }
    }
}

fn is(word: &str, kind: &str) -> bool {
    word.eq_ignore_ascii_case(kind)
}

fn weekday(word: &str) -> Result<Weekday, NotACadence> {
    word.parse().map_err(|_| NotACadence::Weekday(word.to_owned()))
}

fn full_hour(word: &str) -> Result<Hour, NotACadence> {
    word.parse().ok().and_then(Hour::new).ok_or_else(|| NotACadence::Hour(word.to_owned()))
}

impl FromStr for Ordinal {
    type Err = NotACadence;

    fn from_str(word: &str) -> Result<Self, NotACadence> {
        [Self::First, Self::Second, Self::Third, Self::Fourth, Self::Last]
            .into_iter()
            .find(|ordinal| is(word, &ordinal.to_string()))
            .ok_or_else(|| NotACadence::Ordinal(word.to_owned()))
    }
}

impl fmt::Display for Ordinal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::First => "first",
            Self::Second => "second",
            Self::Third => "third",
            Self::Fourth => "fourth",
            Self::Last => "last",
        })
    }
}

impl fmt::Display for Cadence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let short = |day: &Weekday| day.to_string().to_ascii_lowercase();
        match self {
            Self::Weekly { day, hour } => write!(f, "weekly {} {}", short(day), hour.get()),
            Self::EveryTwoWeeks { day, hour } => write!(f, "biweekly {} {}", short(day), hour.get()),
            Self::Monthly { ordinal, day, hour } => write!(f, "monthly {ordinal} {} {}", short(day), hour.get()),
            Self::Cron(expression) => write!(f, "cron {}", expression.text),
        }
    }
}

/// As its text.
impl Serialize for Cadence {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Cadence {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests;
