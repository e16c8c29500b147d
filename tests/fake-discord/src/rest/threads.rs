//! Threads: `/channels/{channel}/threads…`, `/channels/{thread}/thread-members…`

use serde_json::{Value, json};

use super::routes::id;
use super::{Call, Outcome};
use crate::clock::parse_timestamp;
use crate::refusal::Refusal;
use crate::world::{Channel, NewThread, World, kind, permissions, render};
use crate::{BOT_ID, Id};

/// Minutes after which a quiet thread is archived, unless told otherwise.
const DEFAULT_ARCHIVE_MINUTES: u64 = 4320;

pub(super) fn start(world: &mut World, call: &Call, parent: Id, from_message: Option<Id>) -> Outcome {
    if call.method != "POST" {
        return Err(Refusal::wrong_method());
    }
    world.seen_channel(parent)?;
    let body = &call.body;
    let minutes = body["auto_archive_duration"].as_u64().unwrap_or(DEFAULT_ARCHIVE_MINUTES);
    let asked = body["type"].as_u64().and_then(|k| u8::try_from(k).ok()).unwrap_or(kind::PRIVATE_THREAD);
    let new = NewThread {
        parent,
        from_message,
        name: body["name"].as_str().unwrap_or_default().into(),
        kind: if from_message.is_some() { kind::PUBLIC_THREAD } else { asked },
        auto_archive_minutes: u32::try_from(minutes).unwrap_or(0),
        invitable: body["invitable"].as_bool().unwrap_or(true),
    };
    let made = world.open_thread(BOT_ID, &new)?;
    Ok((201, render::channel(world, made)))
}

pub(super) fn members(world: &mut World, call: &Call, thread: Id, rest: &[&str]) -> Outcome {
    let found = world.seen_channel(thread)?;
    let state = found.thread.as_ref().ok_or_else(Refusal::not_on_this_kind)?;
    let (owner, done) = (state.owner, Ok((204, Value::Null)));
    let who = |text: &str| if text == "@me" { Ok(BOT_ID) } else { id(text) };
    match (call.method.as_str(), rest) {
        ("GET", []) => {
            let all: Vec<Value> =
                state.members.keys().map(|user| render::thread_member(world, thread, *user)).collect();
            Ok((200, json!(all)))
        }
        ("GET", [user]) => {
            let user = who(user)?;
            if !state.members.contains_key(&user) {
                return Err(Refusal::unknown_member());
            }
            Ok((200, render::thread_member(world, thread, user)))
        }
        ("PUT", [user]) => {
            if *user != "@me" {
                world.demand(thread, permissions::SEND_MESSAGES_IN_THREADS)?;
            }
            world.add_to_thread(BOT_ID, thread, who(user)?).and(done)
        }
        ("DELETE", [user]) => {
            let user = who(user)?;
            let own_private = found.kind == kind::PRIVATE_THREAD && owner == BOT_ID;
            if user != BOT_ID && !own_private {
                world.demand(thread, permissions::MANAGE_THREADS)?;
            }
            world.remove_from_thread(thread, user).and(done)
        }
        _ => Err(Refusal::wrong_method()),
    }
}

/// Archived threads, newest archiving first. Private ones need the permission to manage threads.
pub(super) fn archived(world: &World, call: &Call, parent: Id, which: &str) -> Outcome {
    world.demand(parent, permissions::READ_MESSAGE_HISTORY)?;
    let wanted = match which {
        "public" => kind::PUBLIC_THREAD,
        "private" => {
            world.demand(parent, permissions::MANAGE_THREADS)?;
            kind::PRIVATE_THREAD
        }
        _ => return Err(Refusal::no_such_route()),
    };
    let limit = call.count("limit", 50, 100)?;
    let before = call.query.get("before").and_then(|t| parse_timestamp(t)).unwrap_or(i64::MAX);
    let mut found: Vec<(i64, Id)> = world
        .channels
        .values()
        .filter(|c| c.parent == Some(parent) && c.kind == wanted)
        .filter_map(|c| Some((c.thread.as_ref().filter(|t| t.archived)?.archive_changed_ms, c.id)))
        .filter(|(at, _)| *at < before)
        .collect();
    found.sort_unstable_by(|a, b| b.cmp(a));
    let has_more = found.len() > limit;
    let ids: Vec<Id> = found.into_iter().take(limit).map(|(_, id)| id).collect();
    let mut answer = list(world, &ids);
    answer["has_more"] = json!(has_more);
    Ok((200, answer))
}

/// Archived private threads that the bot is in, the newest made first.
pub(super) fn joined_archived(world: &World, call: &Call, parent: Id) -> Outcome {
    world.demand(parent, permissions::READ_MESSAGE_HISTORY)?;
    let limit = call.count("limit", 50, 100)?;
    let before = call.id_in_query("before").unwrap_or(Id::MAX);
    let joined = |c: &&Channel| c.thread.as_ref().is_some_and(|t| t.archived && t.members.contains_key(&BOT_ID));
    let threads = world.channels.values().filter(|c| c.parent == Some(parent) && c.kind == kind::PRIVATE_THREAD);
    let mut found: Vec<Id> = threads.filter(joined).map(|c| c.id).filter(|id| *id < before).collect();
    found.sort_unstable_by(|a, b| b.cmp(a));
    let has_more = found.len() > limit;
    found.truncate(limit);
    let mut answer = list(world, &found);
    answer["has_more"] = json!(has_more);
    Ok((200, answer))
}

/// Threads with the bot's own membership, as all thread lists answer.
pub(super) fn list(world: &World, ids: &[Id]) -> Value {
    let mine = |id: &&Id| {
        let thread = world.channels.get(id).and_then(|c: &Channel| c.thread.as_ref());
        thread.is_some_and(|t| t.members.contains_key(&BOT_ID))
    };
    json!({
        "threads": ids.iter().map(|id| render::channel(world, *id)).collect::<Vec<_>>(),
        "members": ids.iter().filter(mine).map(|id| render::thread_member(world, *id, BOT_ID)).collect::<Vec<_>>(),
        "has_more": false,
    })
}
