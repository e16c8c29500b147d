//! Threads, channels and scheduled events.

use super::Verdict;
use super::message::{self, Purpose};
use super::node::Node;

/// Minutes without a message after which a thread is archived.
const AUTO_ARCHIVE_MINUTES: [u64; 4] = [60, 1_440, 4_320, 10_080];
/// An event at some other place than a channel of the guild.
const EXTERNAL: u64 = 3;

pub(super) fn new_thread(thread: &Node<'_>) -> Verdict {
    thread.require_text("name", 1..=100)?;
    check_auto_archive(thread)?;
    // In a forum the thread begins with a message.
    thread.get("message").map_or(Ok(()), |message| message::check(&message, Purpose::New))
}

pub(super) fn edited_channel(channel: &Node<'_>) -> Verdict {
    channel.check_text("name", 1..=100)?;
    check_auto_archive(channel)
}

fn check_auto_archive(thread: &Node<'_>) -> Verdict {
    match thread.get("auto_archive_duration") {
        Some(_) if !thread.number("auto_archive_duration").is_some_and(|m| AUTO_ARCHIVE_MINUTES.contains(&m)) => {
            thread.fault_at("auto_archive_duration", format!("must be one of {AUTO_ARCHIVE_MINUTES:?} minutes"))
        }
        _ => Ok(()),
    }
}

pub(super) fn new_event(event: &Node<'_>) -> Verdict {
    event.require_text("name", 1..=100)?;
    event.require("scheduled_start_time", "an event needs its start")?;
    if event.number("entity_type") == Some(EXTERNAL) {
        event.require("scheduled_end_time", "an event elsewhere needs its end")?;
        event.require("entity_metadata", "an event elsewhere needs its location")?;
        if let Some(metadata) = event.get("entity_metadata") {
            metadata.require_text("location", 1..=100)?;
        }
    } else {
        event.require("channel_id", "an event in a channel needs its channel")?;
    }
    edited_event(event)
}

pub(super) fn edited_event(event: &Node<'_>) -> Verdict {
    event.check_text("name", 1..=100)?;
    event.check_text("description", 0..=1_000)?;
    if let Some(metadata) = event.get("entity_metadata") {
        metadata.check_text("location", 1..=100)?;
    }
    if event.number("entity_type") == Some(EXTERNAL) {
        event.forbid("channel_id", "an event elsewhere has no channel")?;
    }
    let instant = |field: &str| event.text(field).and_then(|text| chrono::DateTime::parse_from_rfc3339(text).ok());
    match (instant("scheduled_start_time"), instant("scheduled_end_time")) {
        (Some(start), Some(end)) if end <= start => event.fault_at("scheduled_end_time", "it ends before it starts"),
        _ => Ok(()),
    }
}
