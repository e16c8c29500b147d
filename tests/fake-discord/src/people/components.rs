//! Finding buttons and selects in a message as a reader would: by what is written on them.

use serde_json::Value;

const BUTTON: u64 = 2;
const LINK_STYLE: u64 = 5;
const SELECTS: [u64; 5] = [3, 5, 6, 7, 8];

/// Every component, outermost first.
pub(super) fn walk(components: &[Value]) -> Vec<&Value> {
    let mut all = Vec::new();
    for component in components {
        all.push(component);
        for field in ["components", "accessory", "component"] {
            match component.get(field) {
                Some(Value::Array(inner)) => all.extend(walk(inner)),
                Some(inner @ Value::Object(_)) => all.extend(walk(std::slice::from_ref(inner))),
                _ => {}
            }
        }
    }
    all
}

pub(super) fn labels(components: &[Value]) -> Vec<String> {
    let all = walk(components);
    let options = all.iter().flat_map(|c| c["options"].as_array().into_iter().flatten());
    let own = all.iter().copied().chain(options).filter_map(|c| c["label"].as_str());
    own.map(str::to_owned).collect()
}

fn is_enabled(component: &Value) -> bool {
    !component["disabled"].as_bool().unwrap_or(false)
}

/// The button with this label or `custom_id`, or why it cannot be clicked.
pub(super) fn button<'a>(components: &'a [Value], label: &str) -> Result<&'a Value, String> {
    let buttons: Vec<&Value> = walk(components)
        .into_iter()
        .filter(|c| c["type"].as_u64() == Some(BUTTON) && c["style"].as_u64() != Some(LINK_STYLE))
        .collect();
    let found =
        buttons.iter().find(|b| [&b["label"], &b["emoji"]["name"], &b["custom_id"]].contains(&&Value::from(label)));
    let found = found.ok_or_else(|| format!("no button \"{label}\" among {:?}", labels(components)))?;
    if is_enabled(found) { Ok(found) } else { Err(format!("the button \"{label}\" is disabled")) }
}

/// The select whose placeholder is this, or whose `custom_id` contains it.
pub(super) fn select<'a>(components: &'a [Value], which: &str) -> Result<&'a Value, String> {
    let selects: Vec<&Value> = walk(components)
        .into_iter()
        .filter(|c| c["type"].as_u64().is_some_and(|kind| SELECTS.contains(&kind)))
        .collect();
    let fits = |s: &&&Value| s["placeholder"] == which || s["custom_id"].as_str().is_some_and(|id| id.contains(which));
    let found = selects.iter().find(fits);
    let found = found.ok_or_else(|| format!("no select \"{which}\" among {selects:?}"))?;
    if is_enabled(found) { Ok(found) } else { Err(format!("the select \"{which}\" is disabled")) }
}
