//! An exported chat, said again at its own pace.

use std::collections::HashMap;

use fake_discord::Id;
use fake_discord::world::{Draft, Reference, messages};

use super::export::Exported;
use super::stage::Stage;
use super::town::writes;

/// What is said of it already, and what comes next.
pub struct Replay {
    exported: Exported,
    next: usize,
    /// The messages here, by their number in the export.
    said: HashMap<usize, Id>,
}

impl Replay {
    pub fn new(exported: Exported) -> Self {
        Self { exported, next: 0, said: HashMap::new() }
    }

    pub fn next_at(&self) -> Option<i64> {
        self.exported.said.get(self.next).map(|said| said.at_ms)
    }

    pub fn say(&mut self, stage: &Stage) {
        let Some(said) = self.exported.said.get(self.next) else { return };
        let (Some(author), Some(channel)) = (stage.town.people.get(said.author), stage.town.rooms.get(said.channel))
        else {
            self.next += 1;
            return;
        };
        let mut draft = Draft::new(channel.id, author.id, &said.text);
        if let Some(message) = said.answers.and_then(|number| self.said.get(&number)) {
            draft.kind = messages::REPLY;
            draft.reference = Some(Reference { channel: channel.id, message: *message });
        }
        draft.named = said.mentions.iter().filter_map(|number| Some(stage.town.people.get(*number)?.id)).collect();
        if let Some(message) = writes(stage, draft) {
            self.said.insert(self.next, message);
        }
        self.next += 1;
    }
}
