//! `/guilds/{guild}…`, `/channels/{channel}`, and opening DMs.

use serde_json::{Value, json};

use super::messages::snowflake;
use super::routes::id;
use super::{Call, Outcome, threads};
use crate::refusal::Refusal;
use crate::world::{World, permissions, render};
use crate::{BOT_ID, Id};

pub(super) fn route(world: &mut World, call: &Call, guild: Id, rest: &[&str]) -> Outcome {
    let community = world.seen_community(guild)?;
    match (call.method.as_str(), rest) {
        ("GET", []) => Ok((200, with_counts(world, call, guild))),
        ("GET", ["channels"]) => {
            let all: Vec<Value> = community.channels.iter().map(|c| render::channel(world, *c)).collect();
            Ok((200, json!(all)))
        }
        ("GET", ["roles"]) => Ok((200, community.roles.values().map(render::role).collect())),
        ("GET", ["members", user]) => member(world, guild, id(user)?),
        ("GET", ["threads", "active"]) => {
            let seen: Vec<Id> = world.active_threads(guild).into_iter().filter(|t| world.can_see(BOT_ID, *t)).collect();
            Ok((200, threads::list(world, &seen)))
        }
        _ => Err(Refusal::no_such_route()),
    }
}

fn with_counts(world: &World, call: &Call, guild: Id) -> Value {
    let mut value = render::guild(world, guild);
    if call.query.get("with_counts").is_some_and(|v| v == "true") {
        let members = world.communities[&guild].members.len();
        value["approximate_member_count"] = json!(members);
        value["approximate_presence_count"] = json!(members);
    }
    value
}

fn member(world: &World, guild: Id, user: Id) -> Outcome {
    world.user(user)?;
    render::member(world, guild, user).map(|m| (200, m)).ok_or_else(Refusal::unknown_member)
}

pub(super) fn channel_route(world: &mut World, call: &Call, channel: Id, rest: &[&str]) -> Outcome {
    let found = world.seen_channel(channel)?;
    let is_thread = found.thread.is_some();
    match (call.method.as_str(), rest) {
        ("GET", []) => Ok((200, render::channel(world, channel))),
        ("PATCH", []) if is_thread => patch_thread(world, call, channel),
        ("PATCH", []) => {
            world.demand(channel, permissions::MANAGE_CHANNELS)?;
            if let Some(found) = world.channels.get_mut(&channel) {
                if let Some(name) = call.body["name"].as_str() {
                    name.clone_into(&mut found.name);
                }
                if let Some(topic) = call.body.get("topic") {
                    found.topic = topic.as_str().map(str::to_owned);
                }
            }
            let data = render::channel(world, channel);
            world.emit_in(channel, "CHANNEL_UPDATE", data.clone());
            Ok((200, data))
        }
        ("DELETE", []) => {
            let needed = if is_thread { permissions::MANAGE_THREADS } else { permissions::MANAGE_CHANNELS };
            world.demand(channel, needed)?;
            let data = render::channel(world, channel);
            world.delete_channel(channel);
            Ok((200, data))
        }
        ("POST", ["typing"]) => {
            world.demand(channel, permissions::SEND_MESSAGES)?;
            Ok((204, Value::Null))
        }
        _ => Err(Refusal::no_such_route()),
    }
}

/// Its owner may rename, archive and reopen a thread; locking is for who manages threads.
fn patch_thread(world: &mut World, call: &Call, thread: Id) -> Outcome {
    let body = &call.body;
    let state = world.channels[&thread].thread.clone().unwrap_or_default();
    let manages = world.may(BOT_ID, thread, permissions::MANAGE_THREADS);
    let only_reopens = body["archived"] == json!(false) && body.as_object().is_some_and(|f| f.len() == 1);
    let may = manages || (state.owner == BOT_ID && body.get("locked").is_none());
    if !may && (!only_reopens || state.locked) {
        return Err(Refusal::missing_permissions());
    }
    if state.archived && body["archived"] != json!(false) {
        return Err(Refusal::thread_archived());
    }
    world.change_thread(thread, |channel, state| {
        if let Some(name) = body["name"].as_str() {
            name.clone_into(&mut channel.name);
        }
        state.archived = body["archived"].as_bool().unwrap_or(state.archived);
        state.locked = body["locked"].as_bool().unwrap_or(state.locked);
        state.invitable = body["invitable"].as_bool().unwrap_or(state.invitable);
        if let Some(minutes) = body["auto_archive_duration"].as_u64() {
            state.auto_archive_minutes = u32::try_from(minutes).unwrap_or(0);
        }
    })?;
    Ok((200, render::channel(world, thread)))
}

pub(super) fn open_dm(world: &mut World, call: &Call) -> Outcome {
    let user = snowflake(&call.body["recipient_id"]);
    let user = user.ok_or_else(|| Refusal::invalid("recipient_id", "This field is required"))?;
    if world.user(user)?.bot {
        return Err(Refusal::closed_dms());
    }
    let channel = world.open_dm(user);
    Ok((200, render::channel(world, channel)))
}
