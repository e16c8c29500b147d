//! The words and buttons of answers to commands and clicks. Pure: what came of a use case in, a reply out.

pub mod admin;
pub mod ballot;
pub mod busy;
pub mod export;
pub mod heat;
pub mod member;
pub mod mine;
pub mod places;
pub mod privacy;
pub mod profile;
pub mod times;
pub mod trips;

use chrono::{DateTime, Utc};

use crate::domain::ids::UserId;

/// Shown to each reader in their own zone.
pub fn long_time(at: DateTime<Utc>) -> String {
    format!("<t:{}:F>", at.timestamp())
}

pub fn relative_time(at: DateTime<Utc>) -> String {
    format!("<t:{}:R>", at.timestamp())
}

/// Shown as the name; pings nobody, since answers allow no mentions.
pub fn name(user: UserId) -> String {
    format!("<@{user}>")
}
