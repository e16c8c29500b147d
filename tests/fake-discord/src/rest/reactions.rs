//! `/channels/{channel}/messages/{message}/reactions…`

use serde_json::{Value, json};

use super::request::decode;
use super::routes::id;
use super::{Call, Outcome};
use crate::refusal::Refusal;
use crate::world::{World, permissions, render};
use crate::{BOT_ID, Id};

pub(super) fn route(world: &mut World, call: &Call, channel: Id, message: Id, rest: &[&str]) -> Outcome {
    world.demand(channel, permissions::READ_MESSAGE_HISTORY)?;
    world.message_in(channel, message)?;
    let done = (204, Value::Null);
    match (call.method.as_str(), rest) {
        ("PUT", [emoji, "@me"]) => world.react(BOT_ID, message, &decode(emoji)).map(|()| done),
        ("DELETE", [emoji, "@me"]) => world.unreact(BOT_ID, message, &decode(emoji)).map(|()| done),
        ("GET", [emoji]) => users(world, call, message, &decode(emoji)),
        ("DELETE", []) => {
            world.demand(channel, permissions::MANAGE_MESSAGES)?;
            world.clear_reactions(message).map(|()| done)
        }
        ("DELETE", [emoji, user]) => {
            world.demand(channel, permissions::MANAGE_MESSAGES)?;
            world.unreact(id(user)?, message, &decode(emoji)).map(|()| done)
        }
        _ => Err(Refusal::wrong_method()),
    }
}

/// Who reacted, by id, at most 100 a page.
fn users(world: &World, call: &Call, message: Id, emoji: &str) -> Outcome {
    let limit = call.count("limit", 25, 100)?;
    let after = call.id_in_query("after").unwrap_or(0);
    let reaction = world.messages[&message].reactions.iter().find(|r| r.emoji == emoji);
    let mut who: Vec<Id> = reaction.map(|r| r.users.clone()).unwrap_or_default();
    who.retain(|user| *user > after);
    who.sort_unstable();
    who.truncate(limit);
    let users: Vec<Value> = who.iter().map(|u| render::user(world, *u)).collect();
    Ok((200, json!(users)))
}
