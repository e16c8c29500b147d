//! Each rule twice: a body that just keeps it passes, one that breaks it is refused at the right place.

mod commands;
mod components;
mod messages;
mod modals;
mod places;
mod polls;

use super::*;
use serde_json::json;

const NEW_MESSAGE: &str = "POST /api/v10/channels/1/messages";
const EDIT: &str = "PATCH /channels/1/messages/2";
const FOLLOWUP: &str = "POST /webhooks/1/token";
const FOLLOWUP_EDIT: &str = "PATCH /webhooks/1/token/messages/@original";
const CALLBACK: &str = "POST /interactions/1/token/callback";
const COMMANDS: &str = "PUT /applications/1/commands";
const THREAD: &str = "POST /channels/1/threads";
const EVENT: &str = "POST /guilds/1/scheduled-events";

fn checked(call: &str, body: &Value) -> Result<(), Violation> {
    let (method, path) = call.split_once(' ').unwrap();
    check_request(method, path, body)
}

/// The body with one value set at a JSON pointer whose parent exists; null removes.
fn with(mut body: Value, pointer: &str, value: Value) -> Value {
    let (parent, field) = pointer.rsplit_once('/').unwrap();
    let parent = body.pointer_mut(parent).expect("the parent exists");
    match parent.as_array_mut() {
        Some(items) => items[field.parse::<usize>().unwrap()] = value,
        None => parent[field] = value,
    }
    body
}

/// One rule: the pointer to a value, one that keeps the rule, one that breaks it, the place that is named.
type Case<'a> = (&'a str, Value, Value, &'a str);

fn hold(call: &str, base: &Value, cases: Vec<Case<'_>>) {
    for (pointer, keeps, breaks, place) in cases {
        let kept = checked(call, &with(base.clone(), pointer, keeps));
        assert_eq!(kept, Ok(()), "{call} {pointer} keeps the rule");
        let broken = checked(call, &with(base.clone(), pointer, breaks));
        let broken = broken.expect_err(&format!("{call} {pointer} breaks the rule"));
        assert_eq!(broken.json_path, place, "{broken}");
    }
}

/// A text of so many characters, of more bytes than characters.
fn long(characters: usize) -> Value {
    json!("é".repeat(characters))
}

fn button(id: usize) -> Value {
    json!({"type": 2, "style": 1, "label": "x", "custom_id": format!("b{id}")})
}

fn buttons(range: std::ops::Range<usize>) -> Value {
    json!({"type": 1, "components": range.map(button).collect::<Vec<_>>()})
}

fn rows(count: usize) -> Value {
    (0..count).map(|row| buttons(row * 10..row * 10 + 1)).collect()
}

fn options(count: usize) -> Value {
    (0..count).map(|option| json!({"label": "x", "value": format!("v{option}")})).collect()
}

fn select(id: &str) -> Value {
    json!({"type": 3, "custom_id": id, "options": options(3)})
}

fn ids(count: usize) -> Value {
    (0..count).map(|id| json!(id.to_string())).collect()
}

#[test]
fn a_violation_reads_as_a_sentence_and_other_calls_pass() {
    let violation = checked("POST /channels/1/messages", &json!({"content": "x".repeat(3000)})).unwrap_err();
    let said = "POST /channels/1/messages: $.content: 3000 characters, must be between 0 and 2000";
    assert_eq!(violation.to_string(), said);
    assert_eq!(checked("GET /users/@me", &Value::Null), Ok(()));
}
