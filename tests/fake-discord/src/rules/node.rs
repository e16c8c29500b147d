//! A JSON value that knows its place, so that a rule can say where it was broken.

use super::Verdict;
use crate::openapi::{Fault, JsonPath};
use serde_json::Value;
use std::collections::HashSet;
use std::ops::RangeInclusive;

/// A value and where it stands. Absent fields and `null` are alike, as they are to Discord.
#[derive(Clone)]
pub(super) struct Node<'a> {
    value: &'a Value,
    path: JsonPath,
}

impl<'a> Node<'a> {
    pub fn root(value: &'a Value) -> Self {
        Self { value, path: JsonPath::root() }
    }

    pub fn get(&self, field: &str) -> Option<Node<'a>> {
        let value = self.value.get(field).filter(|value| !value.is_null())?;
        Some(Node { value, path: self.path.field(field) })
    }

    /// The items of this list; none where it is no list.
    pub fn items(&self) -> Vec<Node<'a>> {
        let items = self.value.as_array().into_iter().flatten().enumerate();
        items.map(|(index, value)| Node { value, path: self.path.index(index) }).collect()
    }

    /// The items of a field that is a list; none where it is absent.
    pub fn list(&self, field: &str) -> Vec<Node<'a>> {
        self.get(field).map_or_else(Vec::new, |list| list.items())
    }

    pub fn text(&self, field: &str) -> Option<&'a str> {
        self.value.get(field)?.as_str()
    }

    pub fn number(&self, field: &str) -> Option<u64> {
        self.value.get(field)?.as_u64()
    }

    pub fn has_object(&self, field: &str) -> bool {
        self.value.get(field).is_some_and(Value::is_object)
    }

    pub fn is_true(&self, field: &str) -> bool {
        self.value.get(field) == Some(&Value::Bool(true))
    }

    pub fn as_text(&self) -> Option<&'a str> {
        self.value.as_str()
    }

    /// Characters of a text field; none where it is absent.
    pub fn length(&self, field: &str) -> usize {
        self.text(field).map_or(0, characters)
    }

    /// Characters of the longest text among the fields.
    pub fn longest_text(&self) -> usize {
        let texts = self.value.as_object().into_iter().flatten().filter_map(|(_, value)| value.as_str());
        texts.map(characters).max().unwrap_or(0)
    }

    pub fn fault(&self, reason: impl Into<String>) -> Verdict {
        Err(Fault::new(self.path.clone(), reason))
    }

    pub fn fault_at(&self, field: &str, reason: impl Into<String>) -> Verdict {
        Err(Fault::new(self.path.field(field), reason))
    }

    /// The text in a field must have so many characters; it may be absent.
    pub fn check_text(&self, field: &str, characters_allowed: RangeInclusive<usize>) -> Verdict {
        let Some(text) = self.text(field) else { return Ok(()) };
        let length = characters(text);
        if characters_allowed.contains(&length) {
            return Ok(());
        }
        let (least, most) = (characters_allowed.start(), characters_allowed.end());
        self.fault_at(field, format!("{length} characters, must be between {least} and {most}"))
    }

    /// The same, where the field may not be absent.
    pub fn require_text(&self, field: &str, characters_allowed: RangeInclusive<usize>) -> Verdict {
        match self.text(field) {
            Some(_) => self.check_text(field, characters_allowed),
            None => self.fault_at(field, "this field is required"),
        }
    }

    /// The list in a field may have so many items; it may be absent.
    pub fn check_count(&self, field: &str, most: usize) -> Verdict {
        match self.list(field).len() {
            count if count > most => self.fault_at(field, format!("{count} items, at most {most} are taken")),
            _ => Ok(()),
        }
    }

    pub fn forbid(&self, field: &str, reason: &str) -> Verdict {
        if self.get(field).is_some() { self.fault_at(field, reason) } else { Ok(()) }
    }

    pub fn require(&self, field: &str, reason: &str) -> Verdict {
        if self.get(field).is_none() { self.fault_at(field, reason) } else { Ok(()) }
    }
}

pub(super) fn characters(text: &str) -> usize {
    text.chars().count()
}

/// No two of the nodes may have the same text in a field.
pub(super) fn check_unique(nodes: &[Node<'_>], field: &str) -> Verdict {
    let mut seen = HashSet::new();
    for node in nodes {
        if node.get(field).is_some_and(|value| !seen.insert(value.value.to_string())) {
            return node.fault_at(field, "is there twice");
        }
    }
    Ok(())
}
