//! Messages: something must be said, within limits, and pings must be unambiguous.

use super::node::Node;
use super::{Verdict, components, embeds, node, polls};

const CONTENT: usize = 2_000;
const NONCE: usize = 25;
const MENTIONS: usize = 100;
const ATTACHMENTS: usize = 10;
const FILENAME: usize = 1_024;
/// The flag that turns a message into components only.
const IS_COMPONENTS_V2: u64 = 1 << 15;

/// Whether a message is made or changed: a change may leave out everything.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    New,
    Edit,
}

pub(super) fn check(message: &Node<'_>, purpose: Purpose) -> Verdict {
    let components_only = message.number("flags").unwrap_or(0) & IS_COMPONENTS_V2 != 0;
    if purpose == Purpose::New && says_nothing(message) {
        return message.fault("cannot send an empty message (50006)");
    }
    if components_only {
        message.forbid("content", "a message of components only has no content")?;
        message.forbid("embeds", "a message of components only has no embeds")?;
    }
    message.check_text("content", 0..=CONTENT)?;
    message.check_text("nonce", 0..=NONCE)?;
    embeds::check(message)?;
    polls::check(message, purpose, components_only)?;
    components::check(message, purpose, components_only)?;
    check_mentions(message)?;
    check_attachments(message)
}

fn says_nothing(message: &Node<'_>) -> bool {
    const LISTS: [&str; 4] = ["embeds", "components", "attachments", "sticker_ids"];
    // 1 forwards another message, which needs no words of its own.
    let forwards = message.get("message_reference").is_some_and(|reference| reference.number("type") == Some(1));
    message.text("content").is_none_or(|content| content.trim().is_empty())
        && LISTS.iter().all(|list| message.list(list).is_empty())
        && message.get("poll").is_none()
        && message.get("shared_client_theme").is_none()
        && !forwards
}

fn check_mentions(message: &Node<'_>) -> Verdict {
    let Some(mentions) = message.get("allowed_mentions") else { return Ok(()) };
    for list in ["users", "roles"] {
        mentions.check_count(list, MENTIONS)?;
        let parsed = mentions.list("parse").iter().any(|kind| kind.as_text() == Some(list));
        // An empty list beside `parse` is taken as absent.
        if parsed && !mentions.list(list).is_empty() {
            return mentions.fault_at(list, format!("parse holds {list:?}: either all of them or a list, not both"));
        }
    }
    Ok(())
}

fn check_attachments(message: &Node<'_>) -> Verdict {
    message.check_count("attachments", ATTACHMENTS)?;
    let attachments = message.list("attachments");
    for attachment in &attachments {
        attachment.check_text("filename", 1..=FILENAME)?;
        attachment.check_text("description", 0..=FILENAME)?;
    }
    node::check_unique(&attachments, "id")
}
