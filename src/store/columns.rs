//! How values stand in columns, and back.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::database::Value;
use super::{Result, StoreError};
use crate::domain::ids::{ChannelId, CommunityId, MeetupId, MessageId, NoticeId, RoleId, ScheduledEventId, UserId};

/// Makes the list of values of a statement.
macro_rules! values {
    ($($value:expr),* $(,)?) => { vec![$($crate::store::database::Value::from($value)),*] };
}
pub(super) use values;

macro_rules! snowflakes {
    ($($name:ident),*) => {$(
        impl From<$name> for Value<'_> {
            fn from(id: $name) -> Self {
                Self::Number(Some(id.get()))
            }
        }
        impl From<Option<$name>> for Value<'_> {
            fn from(id: Option<$name>) -> Self {
                Self::Number(id.map($name::get))
            }
        }
    )*};
}
snowflakes!(ChannelId, CommunityId, MessageId, RoleId, ScheduledEventId, UserId);

macro_rules! own_ids {
    ($($name:ident),*) => {$(
        impl From<$name> for Value<'_> {
            fn from(id: $name) -> Self {
                Self::Text(Some(Cow::Owned(id.to_string())))
            }
        }
        impl From<Option<$name>> for Value<'_> {
            fn from(id: Option<$name>) -> Self {
                Self::Text(id.map(|id| Cow::Owned(id.to_string())))
            }
        }
    )*};
}
own_ids!(MeetupId, NoticeId);

impl From<i64> for Value<'_> {
    fn from(number: i64) -> Self {
        Self::Number(Some(number))
    }
}

impl From<Option<i64>> for Value<'_> {
    fn from(number: Option<i64>) -> Self {
        Self::Number(number)
    }
}

impl From<bool> for Value<'_> {
    fn from(truth: bool) -> Self {
        Self::Number(Some(truth.into()))
    }
}

impl<'q> From<&'q str> for Value<'q> {
    fn from(text: &'q str) -> Self {
        Self::Text(Some(Cow::Borrowed(text)))
    }
}

impl From<String> for Value<'_> {
    fn from(text: String) -> Self {
        Self::Text(Some(Cow::Owned(text)))
    }
}

impl<'q> From<Option<&'q str>> for Value<'q> {
    fn from(text: Option<&'q str>) -> Self {
        Self::Text(text.map(Cow::Borrowed))
    }
}

impl From<DateTime<Utc>> for Value<'_> {
    fn from(moment: DateTime<Utc>) -> Self {
        Self::Number(Some(moment.timestamp_millis()))
    }
}

impl From<Option<DateTime<Utc>>> for Value<'_> {
    fn from(moment: Option<DateTime<Utc>>) -> Self {
        Self::Number(moment.map(|moment| moment.timestamp_millis()))
    }
}

/// Milliseconds since 1970; what lies outside chrono's calendar is its nearest end.
pub(super) fn moment(millis: i64) -> DateTime<Utc> {
    let end = if millis < 0 { DateTime::<Utc>::MIN_UTC } else { DateTime::<Utc>::MAX_UTC };
    DateTime::from_timestamp_millis(millis).unwrap_or(end)
}

/// What stands in its column as its own text: ids, kinds, cadences.
pub(super) fn parsed<T: std::str::FromStr>(table: &'static str, text: &str) -> Result<T> {
    text.parse().map_err(|_| StoreError::Unreadable { table, reason: format!("\"{text}\" has no meaning here") })
}

/// A value kept as JSON.
pub(super) fn from_json<T: DeserializeOwned>(table: &'static str, text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|error| StoreError::Unreadable { table, reason: error.to_string() })
}

pub(super) fn to_json<T: Serialize>(table: &'static str, value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|error| StoreError::Unreadable { table, reason: error.to_string() })
}

/// An enum whose variants serde writes as plain words, as a TEXT column keeps it.
pub(super) fn word<T: Serialize>(table: &'static str, value: &T) -> Result<String> {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => Ok(word),
        Ok(other) => Err(StoreError::Unreadable { table, reason: format!("{other} is not a word") }),
        Err(error) => Err(StoreError::Unreadable { table, reason: error.to_string() }),
    }
}

pub(super) fn from_word<T: DeserializeOwned>(table: &'static str, word: &str) -> Result<T> {
    serde_json::from_value(serde_json::Value::String(word.to_owned()))
        .map_err(|error| StoreError::Unreadable { table, reason: error.to_string() })
}
/// What the bodies of notices of this kind look like.
pub(super) fn of_kind(kind: &str) -> String {
    format!("{{\"notice\":\"{kind}\"%")
}
