//! Threads, channels and scheduled events.

use super::{EVENT, THREAD, hold, long};
use serde_json::{Value, json};

#[test]
fn threads_hold_their_limits() {
    let base = json!({"name": "n", "type": 12});
    let forum = json!({"name": "n", "message": {"content": "hi"}});
    let minutes = "/auto_archive_duration";
    for call in [THREAD, "POST /channels/1/messages/2/threads"] {
        hold(
            call,
            &base,
            vec![
                ("/name", long(100), long(101), "$.name"),
                ("/name", long(1), long(0), "$.name"),
                ("/name", long(1), Value::Null, "$.name"),
                (minutes, json!(60), json!(61), "$.auto_archive_duration"),
                (minutes, json!(1440), json!("1440"), "$.auto_archive_duration"),
                (minutes, json!(4320), json!(0), "$.auto_archive_duration"),
                (minutes, json!(10080), json!(10081), "$.auto_archive_duration"),
            ],
        );
    }
    hold(
        THREAD,
        &forum,
        vec![
            ("/message/content", long(2000), long(2001), "$.message.content"),
            ("/message", json!({"content": "hi"}), json!({}), "$.message"),
        ],
    );
    hold(
        "PATCH /channels/1",
        &json!({"archived": true}),
        vec![("/name", long(100), long(101), "$.name"), (minutes, json!(60), json!(30), "$.auto_archive_duration")],
    );
}

#[test]
fn events_hold_their_limits_and_know_where_and_when() {
    let (start, end) = ("2026-11-14T22:00:00Z", "2026-11-14T23:00:00Z");
    let elsewhere = json!({
        "name": "n", "entity_type": 3, "scheduled_start_time": start, "scheduled_end_time": end,
        "entity_metadata": {"location": "here"}
    });
    let cases = || {
        vec![
            ("/name", long(100), long(101), "$.name"),
            ("/name", long(1), long(0), "$.name"),
            ("/description", long(1000), long(1001), "$.description"),
            ("/entity_metadata/location", long(100), long(101), "$.entity_metadata.location"),
            ("/channel_id", Value::Null, json!("5"), "$.channel_id"),
            ("/scheduled_end_time", json!(end), json!(start), "$.scheduled_end_time"),
        ]
    };
    hold(EVENT, &elsewhere, cases());
    hold("PATCH /guilds/1/scheduled-events/2", &elsewhere, cases());
    hold(
        EVENT,
        &elsewhere,
        vec![
            ("/name", long(1), Value::Null, "$.name"),
            ("/scheduled_start_time", json!(start), Value::Null, "$.scheduled_start_time"),
            ("/scheduled_end_time", json!(end), Value::Null, "$.scheduled_end_time"),
            ("/entity_metadata", json!({"location": "x"}), Value::Null, "$.entity_metadata"),
            ("/entity_metadata", json!({"location": "x"}), json!({}), "$.entity_metadata.location"),
        ],
    );
    let voice = json!({"name": "n", "entity_type": 2, "scheduled_start_time": start});
    hold(EVENT, &voice, vec![("/channel_id", json!("5"), Value::Null, "$.channel_id")]);
}
