//! Which branch of a `oneOf` or `anyOf` a value belongs to.
//!
//! The branches of a component, a callback or a command option are told apart by a field (`type` nearly
//! always) that each of them fixes to its own values. Where none is, the kind of the JSON value decides.

use super::document::Document;
use super::violation::{Fault, JsonPath};
use serde_json::Value;

/// The branches that a value may belong to.
pub(crate) enum Branches {
    /// Pointers to the branches that the value may have been meant for; at least one.
    Candidates(Vec<String>),
    /// It belongs to none, and this is why.
    Nowhere(Fault),
}

/// Pointers to the branches of the union at `pointer`, which ends in `oneOf` or `anyOf`.
pub(crate) fn branches_for(document: &Document, pointer: &str, value: &Value, path: &JsonPath) -> Branches {
    let count = document.schemas().pointer(pointer).and_then(Value::as_array).map_or(0, Vec::len);
    let branches: Vec<(String, &Value)> =
        (0..count).filter_map(|branch| document.resolve(&format!("{pointer}/{branch}"))).collect();
    let constants: Vec<&Value> = branches.iter().filter_map(|(_, branch)| branch.get("const")).collect();
    if constants.len() == branches.len() && !constants.contains(&value) {
        return Branches::Nowhere(Fault::new(path.clone(), none_of(value, &constants)));
    }
    let of_kind: Vec<&(String, &Value)> = branches.iter().filter(|(_, branch)| admits_kind(branch, value)).collect();
    let Some(key) = discriminator(&of_kind, value) else {
        if of_kind.is_empty() {
            return Branches::Nowhere(Fault::new(path.clone(), format!("{} is not taken here", kind(value))));
        }
        return Branches::Candidates(of_kind.into_iter().map(|(pointer, _)| pointer.clone()).collect());
    };
    let chosen: Vec<String> = of_kind
        .iter()
        .filter(|(_, branch)| fixed(branch, key).is_some_and(|values| values.contains(&value[key])))
        .map(|(pointer, _)| pointer.clone())
        .collect();
    if chosen.is_empty() {
        let allowed: Vec<&Value> = of_kind.iter().filter_map(|(_, branch)| fixed(branch, key)).flatten().collect();
        return Branches::Nowhere(Fault::new(path.field(key), none_of(&value[key], &allowed)));
    }
    Branches::Candidates(chosen)
}

/// The field that every branch for objects fixes to values of its own.
fn discriminator<'a>(branches: &[&(String, &'a Value)], value: &Value) -> Option<&'a str> {
    if !value.is_object() || branches.len() < 2 {
        return None;
    }
    let properties = branches[0].1.get("properties")?.as_object()?;
    properties.keys().map(String::as_str).find(|key| branches.iter().all(|(_, branch)| fixed(branch, key).is_some()))
}

/// The values that a branch fixes a field to.
fn fixed<'a>(branch: &'a Value, key: &str) -> Option<&'a Vec<Value>> {
    branch.get("properties")?.get(key)?.get("enum")?.as_array()
}

fn admits_kind(branch: &Value, value: &Value) -> bool {
    let admits = |name: &str| match name {
        "integer" => value.is_i64() || value.is_u64(),
        name => name == kind(value),
    };
    match branch.get("type") {
        Some(Value::String(name)) => admits(name),
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).any(admits),
        _ => true,
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

fn none_of(value: &Value, allowed: &[&Value]) -> String {
    let mut allowed: Vec<String> = allowed.iter().map(ToString::to_string).collect();
    allowed.dedup();
    match value {
        Value::Null => format!("missing, expected one of {}", allowed.join(", ")),
        value => format!("{value} is none of {}", allowed.join(", ")),
    }
}
