//! Rows, buttons and selects.

use super::{NEW_MESSAGE, button, buttons, hold, long, options, rows, select, with};
use serde_json::{Value, json};

#[test]
fn rows_and_buttons_hold_their_limits() {
    let base = json!({"components": [{"type": 1, "components": [button(1), button(2)]}]});
    let first = "/components/0/components/0";
    let at = |field: &str| format!("$.components[0].components[0]{field}");
    let link = |more: &Value| {
        let mut link = json!({"type": 2, "style": 5, "label": "x", "url": "https://example.org"});
        link.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        link
    };
    let premium = json!({"type": 2, "style": 6, "sku_id": "1"});
    hold(
        NEW_MESSAGE,
        &base,
        vec![
            ("/components", rows(5), rows(6), "$.components"),
            ("/components/0", buttons(0..5), buttons(0..6), "$.components[0].components"),
            ("/components/0", buttons(0..1), buttons(0..0), "$.components[0].components"),
            ("/components/0", buttons(0..1), button(0), "$.components[0].type"),
            (
                "/components/0/components/1/custom_id",
                json!("b2"),
                json!("b1"),
                "$.components[0].components[1].custom_id",
            ),
            (&format!("{first}/label"), long(80), long(81), &at(".label")),
            (&format!("{first}/custom_id"), long(100), long(101), &at(".custom_id")),
            (&format!("{first}/custom_id"), long(1), long(0), &at(".custom_id")),
            (&format!("{first}/custom_id"), long(1), Value::Null, &at(".custom_id")),
            (&format!("{first}/url"), Value::Null, json!("https://example.org"), &at(".url")),
            (&format!("{first}/sku_id"), Value::Null, json!("1"), &at(".sku_id")),
            (&format!("{first}/label"), json!("x"), json!(""), &at(".label")),
            (
                first,
                json!({"type": 2, "style": 1, "custom_id": "c", "emoji": {"name": "✅"}}),
                json!({"type": 2, "style": 1, "custom_id": "c"}),
                &at(".label"),
            ),
            (first, link(&json!({})), link(&json!({"url": null})), &at(".url")),
            (first, link(&json!({})), link(&json!({"url": long(513)})), &at(".url")),
            (first, link(&json!({})), link(&json!({"custom_id": "c"})), &at(".custom_id")),
            (first, premium.clone(), with(premium.clone(), "/sku_id", Value::Null), &at(".sku_id")),
            (first, premium.clone(), with(premium, "/label", json!("x")), &at(".label")),
        ],
    );
    let many = |count: usize| json!((0..count).map(|_| json!({"type": 10, "content": "hi"})).collect::<Vec<_>>());
    let only_components = json!({"flags": 1 << 15});
    hold(NEW_MESSAGE, &only_components, vec![("/components", many(40), many(41), "$.components")]);
}

#[test]
fn selects_stand_alone_and_hold_their_limits() {
    let base = json!({"components": [{"type": 1, "components": [select("s")]}]});
    let first = "/components/0/components/0";
    let at = |field: &str| format!("$.components[0].components[0]{field}");
    let users = |more: &str, value: u64| with(json!({"type": 5, "custom_id": "u"}), more, json!(value));
    hold(
        NEW_MESSAGE,
        &base,
        vec![
            (
                "/components/0/components",
                json!([select("s")]),
                json!([select("s"), button(1)]),
                "$.components[0].components",
            ),
            (&format!("{first}/options"), options(25), options(26), &at(".options")),
            (&format!("{first}/options"), options(1), options(0), &at(".options")),
            (&format!("{first}/max_values"), json!(3), json!(4), &at(".options")),
            (&format!("{first}/min_values"), json!(0), json!(2), &at(".min_values")),
            (&format!("{first}/placeholder"), long(150), long(151), &at(".placeholder")),
            (&format!("{first}/custom_id"), long(100), Value::Null, &at(".custom_id")),
            (&format!("{first}/options/0/label"), long(100), long(101), &at(".options[0].label")),
            (&format!("{first}/options/0/value"), long(100), long(101), &at(".options[0].value")),
            (&format!("{first}/options/0/description"), long(100), long(101), &at(".options[0].description")),
            (&format!("{first}/options/2/value"), json!("v2"), json!("v0"), &at(".options[2].value")),
            (first, users("/max_values", 25), users("/max_values", 26), &at(".max_values")),
            (first, users("/max_values", 1), users("/max_values", 0), &at(".max_values")),
            (first, users("/min_values", 1), users("/min_values", 26), &at(".min_values")),
        ],
    );
}
