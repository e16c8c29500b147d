//! Scheduled events of a community: a public list.

use serde_json::{Value, json};

use super::{World, render};
use crate::Id;
use crate::clock::timestamp;

/// Statuses as Discord numbers them.
pub mod status {
    pub const SCHEDULED: u8 = 1;
    pub const ACTIVE: u8 = 2;
    pub const COMPLETED: u8 = 3;
    pub const CANCELED: u8 = 4;
}

/// A scheduled event. Times in milliseconds since 1970.
#[derive(Debug, Clone)]
pub struct ScheduledEvent {
    pub id: Id,
    pub guild: Id,
    pub creator: Id,
    pub name: String,
    pub description: Option<String>,
    pub start_ms: i64,
    pub end_ms: Option<i64>,
    pub status: u8,
    pub entity_type: u8,
    pub channel: Option<Id>,
    pub location: Option<String>,
    /// Who pressed *Interested*.
    pub interested: Vec<Id>,
}

impl ScheduledEvent {
    pub fn is_open(&self) -> bool {
        matches!(self.status, status::SCHEDULED | status::ACTIVE)
    }

    pub fn json(&self, world: &World) -> Value {
        json!({
            "id": self.id.to_string(), "guild_id": self.guild.to_string(), "name": self.name,
            "description": self.description, "channel_id": self.channel.map(|c| c.to_string()),
            "creator_id": self.creator.to_string(), "creator": render::user(world, self.creator),
            "image": null, "scheduled_start_time": timestamp(self.start_ms),
            "scheduled_end_time": self.end_ms.map(timestamp), "status": self.status,
            "entity_type": self.entity_type, "entity_id": null, "recurrence_rule": null, "privacy_level": 2,
            "guild_scheduled_event_exceptions": [], "user_count": self.interested.len(),
            "entity_metadata": self.location.as_ref().map(|l| json!({ "location": l })),
        })
    }
}

impl World {
    pub fn event(&self, guild: Id, id: Id) -> Option<&ScheduledEvent> {
        self.communities.get(&guild)?.events.get(&id)
    }

    /// Puts an event into the list, new or changed.
    pub fn save_event(&mut self, event: ScheduledEvent) {
        let data = event.json(self);
        let guild = event.guild;
        let Some(community) = self.communities.get_mut(&guild) else { return };
        let known = community.events.insert(event.id, event).is_some();
        let name = if known { "GUILD_SCHEDULED_EVENT_UPDATE" } else { "GUILD_SCHEDULED_EVENT_CREATE" };
        self.tell_guild(guild, name, data);
    }

    pub fn delete_event(&mut self, guild: Id, id: Id) {
        let gone = self.communities.get_mut(&guild).and_then(|c| c.events.remove(&id));
        if let Some(event) = gone {
            let data = event.json(self);
            self.tell_guild(guild, "GUILD_SCHEDULED_EVENT_DELETE", data);
        }
    }
}
