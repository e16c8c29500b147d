//! `/guilds/{guild}/scheduled-events…`

use serde_json::Value;

use super::messages::snowflake;
use super::routes::id;
use super::{Call, Outcome};
use crate::clock::parse_timestamp;
use crate::refusal::Refusal;
use crate::world::events::status;
use crate::world::{ScheduledEvent, World, permissions};
use crate::{BOT_ID, Id};

const EXTERNAL: u64 = 3;
const MAX_OPEN: usize = 100;

pub(super) fn route(world: &mut World, call: &Call, guild: Id, rest: &[&str]) -> Outcome {
    let community = world.seen_community(guild)?;
    match (call.method.as_str(), rest) {
        ("GET", []) => Ok((200, community.events.values().filter(|e| e.is_open()).map(|e| e.json(world)).collect())),
        ("POST", []) => create(world, call, guild),
        ("GET", [event]) => {
            let found = world.event(guild, id(event)?).ok_or_else(Refusal::unknown_event)?;
            Ok((200, found.json(world)))
        }
        ("PATCH", [event]) => patch(world, call, guild, id(event)?),
        ("DELETE", [event]) => {
            let event = id(event)?;
            may_change(world, guild, event)?;
            world.delete_event(guild, event);
            Ok((204, Value::Null))
        }
        _ => Err(Refusal::wrong_method()),
    }
}

fn held(world: &World, guild: Id) -> u64 {
    world.communities.get(&guild).map_or(0, |c| c.base_permissions(BOT_ID))
}

fn create(world: &mut World, call: &Call, guild: Id) -> Outcome {
    if held(world, guild) & (permissions::CREATE_EVENTS | permissions::MANAGE_EVENTS) == 0 {
        return Err(Refusal::missing_permissions());
    }
    if world.communities[&guild].events.values().filter(|e| e.is_open()).count() >= MAX_OPEN {
        return Err(Refusal::too_many_events());
    }
    let blank = ScheduledEvent {
        id: world.clock.next_id(),
        guild,
        creator: BOT_ID,
        name: String::new(),
        description: None,
        start_ms: 0,
        end_ms: None,
        status: status::SCHEDULED,
        entity_type: 0,
        channel: None,
        location: None,
        interested: Vec::new(),
    };
    let event = written(blank, &call.body);
    complete(&event, world.now_ms())?;
    world.save_event(event.clone());
    Ok((200, event.json(world)))
}

/// Own events need `CREATE_EVENTS`, others' `MANAGE_EVENTS`.
fn may_change(world: &World, guild: Id, event: Id) -> Result<ScheduledEvent, Refusal> {
    let found = world.event(guild, event).ok_or_else(Refusal::unknown_event)?;
    let own = if found.creator == BOT_ID { permissions::CREATE_EVENTS } else { 0 };
    if held(world, guild) & (permissions::MANAGE_EVENTS | own) == 0 {
        return Err(Refusal::missing_permissions());
    }
    Ok(found.clone())
}

fn patch(world: &mut World, call: &Call, guild: Id, event: Id) -> Outcome {
    let before = may_change(world, guild, event)?;
    let after = written(before.clone(), &call.body);
    let allowed = before.status == after.status
        || matches!(
            (before.status, after.status),
            (status::SCHEDULED, status::ACTIVE | status::CANCELED) | (status::ACTIVE, status::COMPLETED)
        );
    if !allowed || !before.is_open() {
        return Err(Refusal::invalid("status", "Invalid Guild Scheduled Event Status Transition"));
    }
    if before.start_ms != after.start_ms {
        complete(&after, world.now_ms())?;
    }
    world.save_event(after.clone());
    Ok((200, after.json(world)))
}

fn written(mut event: ScheduledEvent, body: &Value) -> ScheduledEvent {
    let time = |field: &str| body[field].as_str().and_then(parse_timestamp);
    if let Some(name) = body["name"].as_str() {
        name.clone_into(&mut event.name);
    }
    if let Some(text) = body.get("description") {
        event.description = text.as_str().map(str::to_owned);
    }
    event.start_ms = time("scheduled_start_time").unwrap_or(event.start_ms);
    event.end_ms = time("scheduled_end_time").or(event.end_ms);
    event.channel = snowflake(&body["channel_id"]).or(event.channel);
    let small = |field: &str| body[field].as_u64().and_then(|n| u8::try_from(n).ok());
    event.entity_type = small("entity_type").unwrap_or(event.entity_type);
    event.status = small("status").unwrap_or(event.status);
    if let Some(place) = body["entity_metadata"]["location"].as_str() {
        event.location = Some(place.into());
    }
    event
}

/// An external event needs a place and an end; every one a start that is still to come.
fn complete(event: &ScheduledEvent, now_ms: i64) -> Result<(), Refusal> {
    if event.start_ms <= now_ms {
        return Err(Refusal::invalid("scheduled_start_time", "Cannot schedule event in the past."));
    }
    if u64::from(event.entity_type) == EXTERNAL {
        if event.location.as_ref().is_none_or(String::is_empty) {
            return Err(Refusal::invalid("entity_metadata.location", "This field is required"));
        }
        let Some(end) = event.end_ms else {
            return Err(Refusal::invalid("scheduled_end_time", "This field is required"));
        };
        if end <= event.start_ms {
            return Err(Refusal::invalid("scheduled_end_time", "Cannot end an event before it starts."));
        }
    } else if event.channel.is_none() {
        return Err(Refusal::invalid("channel_id", "This field is required"));
    }
    Ok(())
}
