//! What Discord refuses though its own description lets it through: limits and combinations, by hand.
//!
//! | body | rules in |
//! |---|---|
//! | messages, edits, followups, `data` of callbacks 4, 5 and 7 | `rules/message.rs`, `rules/embeds.rs`, `rules/components.rs` |
//! | modals (callback 9) | `rules/modal.rs` |
//! | autocomplete (callback 8), commands | `rules/commands.rs` |
//! | threads, scheduled events | `rules/places.rs` |
//! | polls of messages | `rules/polls.rs` |
//!
//! The limits are those of Discord's documentation; characters are Unicode scalar values. A limit that the
//! description states too is repeated here, so that it holds where the description is absent.

mod commands;
mod components;
mod embeds;
mod message;
mod modal;
mod node;
mod places;
mod polls;

use crate::openapi::{Fault, Violation, segments};
use message::Purpose;
use node::Node;
use serde_json::Value;

/// What each rule returns: nothing, or the first fault it found.
type Verdict = Result<(), Fault>;

/// Checks a request body by hand-written rules: `path` with or without `/api/v10`, `body` the JSON (of a form its
/// `payload_json`; uploaded files count through `attachments`), null where there is none.
///
/// Calls without rules pass.
pub fn check_request(method: &str, path: &str, body: &Value) -> Result<(), Violation> {
    let body = Node::root(body);
    let verdict = match (method, segments(path).as_slice()) {
        ("POST", ["channels", _, "messages"] | ["webhooks", _, _]) => message::check(&body, Purpose::New),
        ("PATCH", ["channels", _, "messages", _] | ["webhooks", _, _, "messages", _]) => {
            message::check(&body, Purpose::Edit)
        }
        ("POST", ["interactions", _, _, "callback"]) => callback(&body),
        ("POST", ["channels", _, "threads"] | ["channels", _, "messages", _, "threads"]) => places::new_thread(&body),
        ("PATCH", ["channels", _]) => places::edited_channel(&body),
        ("POST", ["guilds", _, "scheduled-events"]) => places::new_event(&body),
        ("PATCH", ["guilds", _, "scheduled-events", _]) => places::edited_event(&body),
        ("PUT", ["applications", _, "commands"] | ["applications", _, "guilds", _, "commands"]) => commands::all(&body),
        ("POST", ["applications", _, "commands"] | ["applications", _, "guilds", _, "commands"]) => {
            commands::one(&body)
        }
        _ => Ok(()),
    };
    verdict.map_err(|fault| fault.of(format!("{method} {path}")))
}

/// The first answer to an interaction: its `data` is held to the rules of what it makes.
fn callback(body: &Node<'_>) -> Verdict {
    let Some(data) = body.get("data") else {
        return match body.number("type") {
            Some(4 | 8 | 9) => body.fault_at("data", "this type of answer needs data"),
            _ => Ok(()),
        };
    };
    match body.number("type") {
        Some(4) => message::check(&data, Purpose::New),
        Some(5..=7) => message::check(&data, Purpose::Edit),
        Some(8) => commands::choices(&data, "choices"),
        Some(9) => modal::check(&data),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;
