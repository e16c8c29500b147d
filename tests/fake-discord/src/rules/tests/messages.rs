//! Messages and their embeds.

use super::{CALLBACK, EDIT, FOLLOWUP, FOLLOWUP_EDIT, NEW_MESSAGE, buttons, checked, hold, ids, long};
use serde_json::{Value, json};

#[test]
fn a_message_says_something_within_its_limits() {
    let base = json!({"content": "hi", "allowed_mentions": {}, "attachments": [{"id": "0", "filename": "a.ics"}]});
    let cases = || {
        vec![
            ("/content", long(2000), long(2001), "$.content"),
            ("/nonce", long(25), long(26), "$.nonce"),
            ("/allowed_mentions/users", ids(100), ids(101), "$.allowed_mentions.users"),
            ("/allowed_mentions/roles", ids(100), ids(101), "$.allowed_mentions.roles"),
            (
                "/allowed_mentions",
                json!({"parse": ["users"], "users": []}),
                json!({"parse": ["users"], "users": ["1"]}),
                "$.allowed_mentions.users",
            ),
            (
                "/allowed_mentions",
                json!({"parse": ["users"], "roles": ["1"]}),
                json!({"parse": ["roles"], "roles": ["1"]}),
                "$.allowed_mentions.roles",
            ),
            ("/attachments/0/filename", long(1024), json!(""), "$.attachments[0].filename"),
            ("/attachments/0/filename", json!("a"), long(1025), "$.attachments[0].filename"),
            ("/attachments/0/description", long(1024), long(1025), "$.attachments[0].description"),
            ("/attachments", json!([{"id": 0}, {"id": 1}]), json!([{"id": 0}, {"id": 0}]), "$.attachments[1].id"),
            (
                "/attachments",
                (0..10).map(|id| json!({"id": id})).collect(),
                (0..11).map(|id| json!({"id": id})).collect(),
                "$.attachments",
            ),
            ("/flags", json!(4096), json!(1 << 15), "$.content"),
        ]
    };
    for call in [NEW_MESSAGE, EDIT, FOLLOWUP, FOLLOWUP_EDIT] {
        hold(call, &base, cases());
    }
    let only_components = json!({"flags": 1 << 15, "components": [{"type": 10, "content": "hi"}]});
    hold(NEW_MESSAGE, &only_components, vec![("/embeds", Value::Null, json!([{"title": "t"}]), "$.embeds")]);
}

#[test]
fn an_empty_message_is_refused_but_an_empty_edit_is_not() {
    let sayings = [
        json!({"content": "hi"}),
        json!({"embeds": [{"title": "t"}]}),
        json!({"components": [buttons(0..1)]}),
        json!({"attachments": [{"id": "0", "filename": "a.ics"}]}),
        json!({"sticker_ids": ["1"]}),
        json!({"poll": {}}),
        json!({"message_reference": {"type": 1, "message_id": "2"}}),
    ];
    for said in &sayings {
        assert_eq!(checked(NEW_MESSAGE, said), Ok(()));
    }
    let silences = [
        json!({}),
        json!({"content": " \n"}),
        json!({"content": "", "embeds": [], "components": [], "attachments": [], "sticker_ids": []}),
        json!({"message_reference": {"type": 0, "message_id": "2"}}),
    ];
    for silence in &silences {
        for call in [NEW_MESSAGE, FOLLOWUP] {
            let violation = checked(call, silence).expect_err(call);
            assert!(violation.reason.contains("50006"), "{violation}");
        }
        assert_eq!(checked(CALLBACK, &json!({"type": 4, "data": silence})).unwrap_err().json_path, "$.data");
        assert_eq!(checked(CALLBACK, &json!({"type": 5, "data": silence})), Ok(()));
        assert_eq!(checked(EDIT, silence), Ok(()));
    }
}

#[test]
fn embeds_hold_their_limits_alone_and_together() {
    let base = json!({"embeds": [{"title": "t", "fields": [{"name": "a", "value": "b"}]}]});
    let fields = |count: usize| -> Value { (0..count).map(|_| json!({"name": "a", "value": "b"})).collect() };
    let embeds = |count: usize| -> Value { (0..count).map(|_| json!({"title": "t"})).collect() };
    // Characters of title, description, field name and value, footer and author over two embeds.
    let together = |last: usize| {
        json!([
            {"title": "x".repeat(100), "description": "x".repeat(3000), "footer": {"text": "x".repeat(100)}},
            {"description": "x".repeat(2000), "author": {"name": "x".repeat(100)},
             "fields": [{"name": "x".repeat(100), "value": "x".repeat(last)}]}
        ])
    };
    hold(
        NEW_MESSAGE,
        &base,
        vec![
            ("/embeds", embeds(10), embeds(11), "$.embeds"),
            ("/embeds", together(600), together(601), "$.embeds"),
            ("/embeds/0/title", long(256), long(257), "$.embeds[0].title"),
            ("/embeds/0/description", long(4096), long(4097), "$.embeds[0].description"),
            ("/embeds/0/fields", fields(25), fields(26), "$.embeds[0].fields"),
            ("/embeds/0/fields/0/name", long(256), long(257), "$.embeds[0].fields[0].name"),
            ("/embeds/0/fields/0/name", long(1), long(0), "$.embeds[0].fields[0].name"),
            ("/embeds/0/fields/0/value", long(1024), long(1025), "$.embeds[0].fields[0].value"),
            ("/embeds/0/fields/0/value", long(1), Value::Null, "$.embeds[0].fields[0].value"),
            ("/embeds/0/footer", json!({"text": long(2048)}), json!({"text": long(2049)}), "$.embeds[0].footer.text"),
            ("/embeds/0/author", json!({"name": long(256)}), json!({"name": long(257)}), "$.embeds[0].author.name"),
            ("/embeds/0", json!({"image": {"url": "u"}}), json!({"color": 5, "fields": []}), "$.embeds[0]"),
        ],
    );
}
