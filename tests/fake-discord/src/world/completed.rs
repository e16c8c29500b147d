//! Embeds and components as Discord gives them back: with the numbers and defaults that it adds.

use serde_json::{Value, json};

pub(super) fn completed_embeds(embeds: Vec<Value>) -> Vec<Value> {
    embeds
        .into_iter()
        .map(|mut embed| {
            if embed["type"] != "poll_result" {
                embed["type"] = json!("rich");
            }
            for field in embed.get_mut("fields").and_then(Value::as_array_mut).into_iter().flatten() {
                if field.get("inline").is_none() {
                    field["inline"] = json!(false);
                }
            }
            if let Some(fields) = embed.as_object_mut() {
                fields.retain(|_, value| !value.is_null());
            }
            embed
        })
        .collect()
}

/// Gives each component the number and the defaults that Discord adds.
pub(super) fn completed_components(mut components: Vec<Value>) -> Vec<Value> {
    let mut next = 1;
    for component in &mut components {
        number(component, &mut next);
    }
    components
}

fn number(component: &mut Value, next: &mut u32) {
    const SELECTS: [u64; 5] = [3, 5, 6, 7, 8];
    if component.get("id").is_none_or(|id| id.as_u64() == Some(0)) {
        component["id"] = json!(*next);
    }
    *next += 1;
    let kind = component["type"].as_u64().unwrap_or(0);
    if SELECTS.contains(&kind) {
        for bound in ["min_values", "max_values"] {
            if component.get(bound).is_none_or(Value::is_null) {
                component[bound] = json!(1);
            }
        }
    }
    if let Some(fields) = component.as_object_mut() {
        fields.retain(|_, value| !value.is_null());
    }
    for inner in component.get_mut("components").and_then(Value::as_array_mut).into_iter().flatten() {
        number(inner, next);
    }
    if let Some(accessory) = component.get_mut("accessory") {
        number(accessory, next);
    }
}
