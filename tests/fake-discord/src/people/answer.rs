//! What a person gets to see after an act.

use serde_json::{Value, json};

use super::components::walk;
use super::looking::{Attached, SeenMessage};
use crate::{Discord, Id};

const TEXT_INPUT: u64 = 4;
const STRING_SELECT: u64 = 3;
const LABEL: u64 = 18;

/// The visible end of an interaction: a message of its own, a changed message, or a modal.
#[derive(Debug, Clone)]
pub struct Answer {
    pub(super) discord: Discord,
    pub interaction: Id,
    /// The message that answers, or the changed one; `None` with a modal, or where it was deleted.
    pub message: Option<Id>,
    pub text: String,
    pub embeds: Vec<Value>,
    pub components: Vec<Value>,
    pub files: Vec<Attached>,
    /// Only the acting person sees it.
    pub ephemeral: bool,
    /// The message under which the act happened was changed, instead of a new one.
    pub updated: bool,
    pub modal: Option<Modal>,
    /// Messages after the first, as far as they came already.
    pub followups: Vec<SeenMessage>,
}

/// A form that stands open before one person.
#[derive(Debug, Clone)]
pub struct Modal {
    pub(super) interaction: Id,
    pub title: String,
    pub custom_id: String,
    pub components: Vec<Value>,
}

impl Answer {
    /// The form that was opened.
    ///
    /// # Panics
    /// If the answer is no form.
    pub fn modal(&self) -> Modal {
        self.modal.clone().unwrap_or_else(|| panic!("no modal but: {self:?}"))
    }

    /// Everything that can be read: content, embeds, labels, files, followups.
    pub fn full_text(&self) -> String {
        let own = self.message.and_then(|id| self.discord.message(id)).map(|m| m.full_text());
        let texts = own.into_iter().chain(self.followups.iter().map(SeenMessage::full_text));
        texts.collect::<Vec<_>>().join("\n")
    }

    /// Labels of buttons and options.
    pub fn labels(&self) -> Vec<String> {
        super::components::labels(&self.components)
    }

    /// The answer as it stands now: buttons change it, followups come.
    #[must_use]
    pub fn now(&self) -> Self {
        Self::of(&self.discord, self.interaction)
    }
}

impl Modal {
    /// What each input shows before somebody types: `(label, value)`.
    pub fn inputs(&self) -> Vec<(String, String)> {
        let value = |input: &Value| input["value"].as_str().unwrap_or("").to_owned();
        self.labelled().into_iter().map(|(label, input)| (label, value(input))).collect()
    }

    /// Inputs with their labels, in either of Discord's two forms.
    fn labelled(&self) -> Vec<(String, &Value)> {
        let text = |value: &Value| value.as_str().unwrap_or("").to_owned();
        let mut found = Vec::new();
        for component in walk(&self.components) {
            if component["type"].as_u64() == Some(LABEL) {
                found.push((text(&component["label"]), &component["component"]));
            } else if component["type"].as_u64() == Some(TEXT_INPUT) && component["label"].is_string() {
                found.push((text(&component["label"]), component));
            }
        }
        found
    }

    /// The data of the submission, with these texts under their labels; else what is wrong with them.
    pub(super) fn filled(&self, given: &[(&str, &str)]) -> Result<Value, String> {
        let labelled = self.labelled();
        for (label, _) in given {
            if !labelled.iter().any(|(known, _)| known == label) {
                let known: Vec<&String> = labelled.iter().map(|(label, _)| label).collect();
                return Err(format!("no input \"{label}\" among {known:?}"));
            }
        }
        let mut rows = Vec::new();
        for (label, input) in &labelled {
            let text = given.iter().find(|(l, _)| l == label).map(|(_, text)| *text);
            let field = fill(label, input, text)?;
            let in_label = input["label"].is_null();
            rows.push(if in_label {
                json!({ "type": LABEL, "id": rows.len() + 1, "component": field })
            } else {
                json!({ "type": 1, "id": rows.len() + 1, "components": [field] })
            });
        }
        Ok(json!({ "custom_id": self.custom_id, "components": rows }))
    }
}

fn fill(label: &str, input: &Value, text: Option<&str>) -> Result<Value, String> {
    let required = input["required"].as_bool().unwrap_or(true);
    let custom_id = &input["custom_id"];
    if input["type"].as_u64() == Some(STRING_SELECT) {
        let options = input["options"].as_array().cloned().unwrap_or_default();
        let chosen: Vec<Value> =
            options.iter().filter(|o| text == o["label"].as_str()).map(|o| o["value"].clone()).collect();
        if chosen.is_empty() && (required || text.is_some()) {
            return Err(format!("\"{label}\" has no option {text:?}"));
        }
        return Ok(json!({ "type": STRING_SELECT, "id": 0, "custom_id": custom_id, "values": chosen }));
    }
    let text = text.unwrap_or_else(|| input["value"].as_str().unwrap_or(""));
    if required && text.is_empty() {
        return Err(format!("\"{label}\" is required"));
    }
    let length = u64::try_from(text.chars().count()).unwrap_or(u64::MAX);
    let (min, max) = (input["min_length"].as_u64().unwrap_or(0), input["max_length"].as_u64().unwrap_or(4000));
    if length > max || (length < min && !text.is_empty()) {
        return Err(format!("\"{label}\" takes {min} to {max} characters, not {length}"));
    }
    Ok(json!({ "type": TEXT_INPUT, "id": 0, "custom_id": custom_id, "value": text }))
}
