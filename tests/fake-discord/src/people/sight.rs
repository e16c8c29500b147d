//! All that one person can read, as lines: to compare before and after something that concerns others.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Person;
use super::looking::SeenMessage;
use crate::world::{InteractionKind, Reply, World};

/// What the bot has let one person see: everything that stands there for them now, and everything that was ever shown to
/// them in messages (ephemeral ones too), forms and proposals. What is hidden in a button counts, since a curious
/// client shows it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sight {
    lines: BTreeSet<String>,
}

impl Sight {
    /// What has come to be seen since `before`.
    #[must_use]
    pub fn since(&self, before: &Self) -> Self {
        Self { lines: self.lines.difference(&before.lines).cloned().collect() }
    }

    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    pub fn lines(&self) -> impl Iterator<Item = &str> {
        self.lines.iter().map(String::as_str)
    }

    /// The first line that holds this person's id, or their name as a word.
    pub fn naming(&self, person: &Person) -> Option<&str> {
        let (id, name) = (person.id.to_string(), person.name());
        self.lines().find(|line| line.split(|c: char| !c.is_alphanumeric()).any(|word| word == id || word == name))
    }
}

impl Person {
    pub fn sight(&self) -> Sight {
        let now = self.sees_of_bot();
        let mut lines: BTreeSet<String> = now.lines().map(str::to_owned).collect();
        self.discord.world(|w| {
            for shown in w.shown.iter().filter(|shown| shown.readers.contains(&self.id)) {
                let message = SeenMessage::of(&self.discord, w, &shown.message);
                let rings = if shown.message.pinged.contains(&self.id) { "rings " } else { "" };
                let hidden = strings(message.components.iter(), "custom_id");
                lines.insert(format!("{rings}{} {} {hidden}", message.id, message.line()));
            }
            lines.extend(self.forms_and_proposals(w));
        });
        Sight { lines }
    }

    fn forms_and_proposals<'a>(&self, world: &'a World) -> impl Iterator<Item = String> + use<'a> {
        let id = self.id;
        world.interactions.values().filter(move |act| act.user == id).filter_map(|act| match &act.reply {
            Reply::Modal(form) => Some(format!("form {form}")),
            Reply::Choices(choices) if act.kind == InteractionKind::Autocomplete => {
                Some(format!("proposals {}", Value::from(choices.clone())))
            }
            _ => None,
        })
    }
}

/// All texts under this name, however deep.
fn strings<'a>(values: impl Iterator<Item = &'a Value>, name: &str) -> String {
    let mut found = String::new();
    for value in values {
        match value {
            Value::Object(fields) => {
                found.push_str(fields.get(name).and_then(Value::as_str).unwrap_or_default());
                found.push(' ');
                found.push_str(&strings(fields.values(), name));
            }
            Value::Array(items) => found.push_str(&strings(items.iter(), name)),
            _ => {}
        }
    }
    found
}
