//! Finds fields of a request that its schema does not declare.
//!
//! Discord ignores them silently; here each is a misspelt field whose effect somebody would miss.

use super::Validator;
use super::unions::{Branches, branches_for};
use super::violation::{Fault, JsonPath};
use serde_json::Value;

impl Validator {
    /// The first undeclared field of a value that is known to be valid under the schema at `pointer`.
    pub(super) fn unknown_field(&self, pointer: &str, value: &Value, path: &JsonPath) -> Option<Fault> {
        let (pointer, schema) = self.document.resolve(pointer)?;
        for union in ["oneOf", "anyOf"].into_iter().filter(|union| schema.get(*union).is_some()) {
            if let Some(fault) = self.unknown_in_union(&format!("{pointer}/{union}"), value, path) {
                return Some(fault);
            }
        }
        match value {
            Value::Array(items) if schema.get("items").is_some() => {
                let pointer = format!("{pointer}/items");
                let mut items = items.iter().enumerate();
                items.find_map(|(index, item)| self.unknown_field(&pointer, item, &path.index(index)))
            }
            Value::Object(fields) => {
                let declared = self.declarations(&pointer);
                // Neither here nor by a part of an `allOf`: a union has spoken, or any field is welcome.
                if declared.is_empty() {
                    return None;
                }
                fields.iter().find_map(|(name, field)| {
                    let path = path.field(name);
                    match declared.iter().find_map(|part| self.declared_by(part, name)) {
                        Some(pointer) => self.unknown_field(&pointer, field, &path),
                        None => Some(Fault::new(path, "unknown field")),
                    }
                })
            }
            _ => None,
        }
    }

    /// Among the branches under which the value is valid, one that declares all its fields is enough.
    fn unknown_in_union(&self, union: &str, value: &Value, path: &JsonPath) -> Option<Fault> {
        let Branches::Candidates(candidates) = branches_for(&self.document, union, value, path) else { return None };
        let mut first = None;
        for branch in candidates.iter().filter(|branch| self.compiled(branch).is_valid(value)) {
            let fault = self.unknown_field(branch, value, path)?;
            first.get_or_insert(fault);
        }
        first
    }

    /// The schema at `pointer` and the parts of its `allOf`, as far as they declare fields.
    fn declarations(&self, pointer: &str) -> Vec<String> {
        let Some((pointer, schema)) = self.document.resolve(pointer) else { return Vec::new() };
        let parts = schema.get("allOf").and_then(Value::as_array).map_or(0, Vec::len);
        let mut found: Vec<String> =
            (0..parts).flat_map(|part| self.declarations(&format!("{pointer}/allOf/{part}"))).collect();
        if schema.get("properties").is_some() || schema.get("additionalProperties").is_some() {
            found.push(pointer);
        }
        found
    }

    /// The schema of a field where the object schema at `pointer` declares it, or takes fields of any name.
    fn declared_by(&self, pointer: &str, field: &str) -> Option<String> {
        let (_, schema) = self.document.resolve(pointer)?;
        let escaped = field.replace('~', "~0").replace('/', "~1");
        if schema.get("properties").is_some_and(|properties| properties.get(field).is_some()) {
            return Some(format!("{pointer}/properties/{escaped}"));
        }
        schema.get("additionalProperties")?.is_object().then(|| format!("{pointer}/additionalProperties"))
    }
}
