//! Modals.

use super::{CALLBACK, button, hold, long, options, select, with};
use serde_json::{Value, json};

#[test]
fn modals_hold_their_limits() {
    let input = |id: usize| json!({"type": 1, "components": [{"type": 4, "style": 1, "custom_id": format!("i{id}"), "label": "x"}]});
    let label = json!({"type": 18, "label": "x", "component": {"type": 4, "style": 1, "custom_id": "l"}});
    let base = json!({"type": 9, "data": {"custom_id": "m", "title": "t", "components": [input(0), label]}});
    let inputs = |count: usize| -> Value { (0..count).map(input).collect() };
    let first = "/data/components/0/components/0";
    let at = |field: &str| format!("$.data.components[0].components[0]{field}");
    let two = json!({"type": 1, "components": [input(5)["components"][0], input(6)["components"][0]]});
    hold(
        CALLBACK,
        &base,
        vec![
            ("/data/title", long(45), long(46), "$.data.title"),
            ("/data/title", long(1), Value::Null, "$.data.title"),
            ("/data/custom_id", long(100), long(101), "$.data.custom_id"),
            ("/data/components", inputs(5), inputs(6), "$.data.components"),
            ("/data/components", inputs(1), inputs(0), "$.data.components"),
            ("/data/components/0", input(5), two, "$.data.components[0].components"),
            (first, input(5)["components"][0].clone(), button(1), &at(".type")),
            (&format!("{first}/label"), long(45), long(46), &at(".label")),
            (&format!("{first}/label"), long(1), Value::Null, &at(".label")),
            (&format!("{first}/placeholder"), long(100), long(101), &at(".placeholder")),
            (&format!("{first}/value"), long(4000), long(4001), &at(".value")),
            (&format!("{first}/max_length"), json!(4000), json!(4001), &at(".max_length")),
            (&format!("{first}/min_length"), json!(4000), json!(4001), &at(".min_length")),
            (&format!("{first}/custom_id"), long(100), long(101), &at(".custom_id")),
            (&format!("{first}/custom_id"), json!("other"), json!("l"), "$.data.components[1].component.custom_id"),
            ("/data/components/1/label", long(45), long(46), "$.data.components[1].label"),
            ("/data/components/1/description", long(100), long(101), "$.data.components[1].description"),
            ("/data/components/1/component/label", Value::Null, json!("x"), "$.data.components[1].component.label"),
            ("/data/components/1/component", select("s"), Value::Null, "$.data.components[1].component"),
            (
                "/data/components/1/component",
                select("s"),
                with(select("s"), "/options", options(26)),
                "$.data.components[1].component.options",
            ),
        ],
    );
    let short = with(
        with(base, "/data/components/0/components/0/min_length", json!(5)),
        "/data/components/0/components/0/max_length",
        json!(9),
    );
    hold(
        CALLBACK,
        &short,
        vec![
            (&format!("{first}/value"), long(5), long(4), &at(".value")),
            (&format!("{first}/value"), long(9), long(10), &at(".value")),
        ],
    );
}
