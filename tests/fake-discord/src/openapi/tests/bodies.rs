//! Bodies as serenity 0.12.5 writes them, and answers as Discord gives them.

use serde_json::{Value, json};

/// What serenity writes for a message with an embed, buttons, selects and named mentions.
pub(super) fn message() -> Value {
    json!({
        "content": "hi", "nonce": "0123456789abcdefghijkl", "enforce_nonce": true, "tts": false, "sticker_ids": [],
        "embeds": [{
            "title": "t", "type": "rich", "description": "d", "timestamp": "2026-11-14T22:13:20Z", "color": 65280,
            "footer": {"text": "f"}, "author": {"name": "n"}, "fields": [{"name": "a", "value": "b", "inline": true}]
        }],
        "allowed_mentions": {"parse": [], "users": ["1"], "roles": []},
        "message_reference": {"type": 0, "message_id": "3", "channel_id": "2", "fail_if_not_exists": false},
        "components": [
            {"type": 1, "components": [
                {"type": 2, "style": 3, "custom_id": "1:in", "label": "Count me in", "emoji": {"name": "✅"}, "disabled": false},
                {"type": 2, "style": 5, "url": "https://example.org", "label": "More", "disabled": false}
            ]},
            {"type": 1, "components": [{
                "custom_id": "1:city", "placeholder": "City", "min_values": 1, "max_values": 1, "type": 3,
                "options": [{"label": "a", "value": "b", "description": "c", "emoji": {"name": "✅"}}]
            }]},
            {"type": 1, "components": [
                {"custom_id": "1:who", "type": 5, "default_values": [{"id": 5, "type": "user"}]}
            ]}
        ],
        "flags": 4096, "attachments": [{"id": 0, "filename": "meetup.ics", "description": "x"}]
    })
}

/// One option as serenity writes it: every field of its struct, whatever the type.
pub(super) fn option(kind: u8, name: &str, more: &Value) -> Value {
    let mut option = json!({
        "type": kind, "name": name, "description": "d", "required": false, "choices": [], "options": [],
        "channel_types": [], "min_value": null, "max_value": null, "min_length": null, "max_length": null,
        "autocomplete": false
    });
    let more = more.as_object().unwrap().clone();
    option.as_object_mut().unwrap().extend(more);
    option
}

pub(super) fn commands() -> Value {
    let city = option(3, "city", &json!({"autocomplete": true, "required": true}));
    let count = option(4, "n", &json!({"min_value": 1, "max_value": 5}));
    let channel = option(7, "in", &json!({"channel_types": [0]}));
    let nested = option(2, "watch", &json!({"options": [option(1, "add", &json!({"options": [channel]}))]}));
    json!([
        {
            "name": "meet", "description": "d", "name_localizations": {}, "description_localizations": {},
            "options": [option(1, "join", &json!({"options": [city, count]})), nested],
            "default_member_permissions": "32", "dm_permission": false, "integration_types": [0], "contexts": [0],
            "nsfw": false
        },
        {
            "name": "Suggest meeting", "name_localizations": {}, "description_localizations": {}, "options": [],
            "type": 2, "nsfw": false
        }
    ])
}

pub(super) fn modal() -> Value {
    json!({"type": 9, "data": {"custom_id": "1:modal", "title": "Your city", "components": [
        {"type": 1, "components": [{
            "type": 4, "custom_id": "city", "style": 1, "label": "City", "min_length": 1, "max_length": 10,
            "required": true, "value": "x", "placeholder": "p"
        }]}
    ]}})
}

pub(super) fn event() -> Value {
    json!({
        "entity_metadata": {"location": "here"}, "name": "n", "privacy_level": 2, "entity_type": 3,
        "scheduled_start_time": "2026-11-14T22:13:20.000Z", "scheduled_end_time": "2026-11-14T23:03:20.000Z"
    })
}

/// A message as Discord answers with it.
pub(super) fn answered_message() -> Value {
    json!({
        "id": "30", "channel_id": "1", "type": 0, "content": "hi", "timestamp": "2026-11-14T22:13:20.123000+00:00",
        "edited_timestamp": null, "tts": false, "mention_everyone": false, "mentions": [user()], "mention_roles": [],
        "pinned": false, "flags": 0, "author": user(), "nonce": "abc",
        "embeds": [{"type": "rich", "title": "t", "color": 5, "content_scan_version": 0}],
        "attachments": [
            {"id": "31", "filename": "a.ics", "size": 5, "url": "https://e.org/a", "proxy_url": "https://e.org/a"}
        ],
        "components": [{"type": 1, "id": 1, "components": [
            {"type": 2, "id": 2, "style": 3, "custom_id": "1:in", "label": "Count me in"},
            {"type": 2, "id": 3, "style": 5, "url": "https://example.org", "label": "More"}
        ]}],
        "reactions": [{
            "emoji": {"id": null, "name": "✅"}, "count": 1, "count_details": {"burst": 0, "normal": 1},
            "burst_colors": [], "me_burst": false, "me": true, "burst_count": 0
        }]
    })
}

pub(super) fn user() -> Value {
    json!({
        "id": "5", "username": "ana", "avatar": null, "discriminator": "0", "public_flags": 0, "flags": 0,
        "global_name": "Ana", "primary_guild": null, "something_new": true
    })
}

pub(super) fn answered_thread() -> Value {
    json!({
        "id": "40", "type": 12, "flags": 0, "guild_id": "2", "parent_id": "1", "name": "n", "owner_id": "5",
        "thread_metadata": {
            "archived": false, "archive_timestamp": "2026-11-14T22:13:20+00:00", "auto_archive_duration": 1440,
            "locked": false, "invitable": false
        },
        "message_count": 0, "member_count": 1, "total_message_sent": 0
    })
}
