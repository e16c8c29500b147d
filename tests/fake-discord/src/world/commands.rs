//! What the bot registered: slash commands and context menus, global or of one community.

use serde_json::{Value, json};

use super::World;
use crate::{APPLICATION_ID, Id};

/// Command types as Discord numbers them.
pub const SLASH: u64 = 1;
pub const USER_MENU: u64 = 2;

/// A registered command.
#[derive(Debug, Clone)]
pub struct Command {
    pub id: Id,
    pub name: String,
    pub kind: u64,
    /// As Discord answers it.
    pub json: Value,
}

impl Command {
    /// Whether it is offered in a community (0) or in the bot's DMs (1).
    pub fn offered_in(&self, context: u64) -> bool {
        match self.json["contexts"].as_array() {
            Some(contexts) => contexts.iter().any(|c| c.as_u64() == Some(context)),
            None => context == 0 || self.json["dm_permission"].as_bool().unwrap_or(true),
        }
    }

    /// Permissions that a member needs unless an admin decided otherwise.
    pub fn needed_permissions(&self) -> u64 {
        self.json["default_member_permissions"].as_str().and_then(|bits| bits.parse().ok()).unwrap_or(0)
    }
}

impl World {
    /// Replaces all commands of a scope; one that keeps its name and type keeps its id.
    pub fn overwrite_commands(&mut self, guild: Option<Id>, wanted: Vec<Value>) -> Vec<Value> {
        self.bulk_overwrites += 1;
        let commands: Vec<Command> = wanted.into_iter().map(|json| self.command(guild, json)).collect();
        let answer = commands.iter().map(|c| c.json.clone()).collect();
        self.commands.insert(guild, commands);
        answer
    }

    /// Adds one command, or replaces the one of the same name and type. True if it is new.
    pub fn upsert_command(&mut self, guild: Option<Id>, wanted: Value) -> (Value, bool) {
        let command = self.command(guild, wanted);
        let answer = command.json.clone();
        let scope = self.commands.entry(guild).or_default();
        let before = scope.len();
        scope.retain(|c| (&c.name, c.kind) != (&command.name, command.kind));
        let new = scope.len() == before;
        scope.push(command);
        (answer, new)
    }

    fn command(&mut self, guild: Option<Id>, mut json: Value) -> Command {
        let name = json["name"].as_str().unwrap_or_default().to_owned();
        let kind = json["type"].as_u64().unwrap_or(SLASH);
        let known = self.commands.get(&guild).into_iter().flatten().find(|c| c.name == name && c.kind == kind);
        let id = known.map(|c| c.id);
        let id = id.unwrap_or_else(|| self.clock.next_id());
        let version = self.clock.next_id();
        json["id"] = json!(id.to_string());
        json["application_id"] = json!(APPLICATION_ID.to_string());
        json["version"] = json!(version.to_string());
        json["type"] = json!(kind);
        json["default_member_permissions"] = match &json["default_member_permissions"] {
            Value::Number(bits) => json!(bits.to_string()),
            other => other.clone(),
        };
        for (field, default) in [
            ("description", json!("")),
            ("nsfw", json!(false)),
            ("contexts", Value::Null),
            ("integration_types", json!([0])),
        ] {
            if json.get(field).is_none_or(Value::is_null) {
                json[field] = default;
            }
        }
        if let Some(guild) = guild {
            json["guild_id"] = json!(guild.to_string());
        }
        drop_nulls(&mut json["options"]);
        if json["options"].is_null() {
            json["options"] = json!([]);
        }
        Command { id, name, kind, json }
    }

    /// The command that people in that community (or in a DM) would find under this name.
    pub fn find_command(&self, guild: Option<Id>, kind: u64, name: &str) -> Option<&Command> {
        let scopes = [guild.map(Some), Some(None)];
        scopes
            .into_iter()
            .flatten()
            .filter_map(|scope| self.commands.get(&scope))
            .flatten()
            .find(|c| c.kind == kind && c.name == name)
    }
}

/// Clients write `null` for what they leave open; Discord answers without it.
fn drop_nulls(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.retain(|_, inner| !inner.is_null());
            fields.values_mut().for_each(drop_nulls);
        }
        Value::Array(items) => items.iter_mut().for_each(drop_nulls),
        _ => {}
    }
}
