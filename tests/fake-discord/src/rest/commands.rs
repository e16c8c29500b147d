//! `/applications/{app}/commands…` and the same below a community.

use serde_json::{Value, json};

use super::routes::id;
use super::{Call, Outcome};
use crate::refusal::Refusal;
use crate::world::World;
use crate::{APPLICATION_ID, Id};

pub(super) fn route(world: &mut World, call: &Call, app: Id, guild: Option<Id>, rest: &[&str]) -> Outcome {
    if app != APPLICATION_ID {
        return Err(Refusal::missing_access());
    }
    if let Some(guild) = guild {
        world.seen_community(guild).map_err(|_| Refusal::missing_access())?;
    }
    let scope = world.commands.get(&guild);
    match (call.method.as_str(), rest) {
        ("GET", []) => {
            let all: Vec<Value> = scope.into_iter().flatten().map(|c| c.json.clone()).collect();
            Ok((200, json!(all)))
        }
        ("PUT", []) => {
            let wanted = call.body.as_array().cloned();
            let wanted = wanted.ok_or_else(|| Refusal::invalid("", "Must be an array of commands."))?;
            Ok((200, json!(world.overwrite_commands(guild, wanted))))
        }
        ("POST", []) => {
            let (made, new) = world.upsert_command(guild, call.body.clone());
            Ok((if new { 201 } else { 200 }, made))
        }
        ("GET", [command]) => {
            let command = id(command)?;
            let found = scope.into_iter().flatten().find(|c| c.id == command);
            found.map(|c| (200, c.json.clone())).ok_or_else(Refusal::unknown_command)
        }
        ("DELETE", [command]) => {
            let command = id(command)?;
            let all = world.commands.entry(guild).or_default();
            let before = all.len();
            all.retain(|c| c.id != command);
            if all.len() == before { Err(Refusal::unknown_command()) } else { Ok((204, Value::Null)) }
        }
        _ => Err(Refusal::wrong_method()),
    }
}
