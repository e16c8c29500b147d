//! `/channels/{channel}/messages…`

use serde_json::{Value, json};

use super::routes::id;
use super::{Call, Outcome};
use crate::refusal::Refusal;
use crate::world::{Allowed, AllowedMentions, Draft, Poll, Reference, World, messages, permissions, render};
use crate::{BOT_ID, Id};

pub(super) fn route(world: &mut World, call: &Call, channel: Id, rest: &[&str]) -> Outcome {
    match (call.method.as_str(), rest) {
        ("GET", []) => list(world, call, channel),
        ("POST", []) => create(world, call, channel),
        ("GET", [message]) => {
            world.demand(channel, permissions::READ_MESSAGE_HISTORY)?;
            Ok((200, render::message(world, world.message_in(channel, id(message)?)?)))
        }
        ("PATCH", [message]) => edit(world, call, channel, id(message)?),
        ("DELETE", [message]) => delete(world, channel, id(message)?),
        _ => Err(Refusal::wrong_method()),
    }
}

/// Before, after or around an id, newest first. Without the history permission an empty page, no refusal.
fn list(world: &World, call: &Call, channel: Id) -> Outcome {
    let found = world.seen_channel(channel)?;
    let limit = call.count("limit", 50, 100)?;
    if !world.may(BOT_ID, channel, permissions::READ_MESSAGE_HISTORY) {
        return Ok((200, json!([])));
    }
    let all = &found.timeline;
    let mut page: Vec<Id> = if let Some(after) = call.id_in_query("after") {
        all.range(after + 1..).take(limit).copied().collect()
    } else if let Some(around) = call.id_in_query("around") {
        let older = all.range(..around).rev().take(limit / 2);
        older.chain(all.range(around..).take(limit.div_ceil(2))).copied().collect()
    } else {
        let before = call.id_in_query("before").unwrap_or(Id::MAX);
        all.range(..before).rev().take(limit).copied().collect()
    };
    page.sort_unstable_by(|a, b| b.cmp(a));
    let messages: Vec<Value> =
        page.iter().filter_map(|m| world.messages.get(m)).map(|m| render::message(world, m)).collect();
    Ok((200, json!(messages)))
}

fn create(world: &mut World, call: &Call, channel: Id) -> Outcome {
    world.seen_channel(channel)?;
    let mut draft = draft(call, channel);
    let asked = call.body.get("poll").filter(|poll| !poll.is_null());
    draft.poll = asked.map(|poll| Poll::asked(poll, world.now_ms()));
    if let Some(reference) = call.body.get("message_reference").filter(|r| !r.is_null()) {
        draft = with_reference(world, draft, reference)?;
    }
    let made = world.post(draft)?;
    Ok((200, render::message(world, &world.messages[&made])))
}

fn with_reference(world: &World, draft: Draft, reference: &Value) -> Result<Draft, Refusal> {
    let message = snowflake(&reference["message_id"]).unwrap_or(0);
    let channel = snowflake(&reference["channel_id"]).unwrap_or(draft.channel);
    if world.message_in(channel, message).is_ok() {
        return Ok(Draft { kind: messages::REPLY, reference: Some(Reference { channel, message }), ..draft });
    }
    if reference["fail_if_not_exists"].as_bool().unwrap_or(true) {
        return Err(Refusal::invalid("message_reference", "Unknown message"));
    }
    Ok(draft)
}

pub(super) fn snowflake(value: &Value) -> Option<Id> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

/// What a body asks to be written there by the bot.
pub(super) fn draft(call: &Call, channel: Id) -> Draft {
    draft_of(&call.body, call, channel)
}

pub(super) fn draft_of(body: &Value, call: &Call, channel: Id) -> Draft {
    let list = |name: &str| body[name].as_array().cloned().unwrap_or_default();
    Draft {
        embeds: list("embeds"),
        components: list("components"),
        files: call.files.clone(),
        allowed: allowed_mentions(body),
        flags: body["flags"].as_u64().unwrap_or(0),
        nonce: body.get("nonce").filter(|n| !n.is_null()).cloned(),
        enforce_nonce: body["enforce_nonce"].as_bool().unwrap_or(false),
        ..Draft::new(channel, BOT_ID, body["content"].as_str().unwrap_or(""))
    }
}

pub(super) fn allowed_mentions(body: &Value) -> Option<AllowedMentions> {
    let given = body.get("allowed_mentions").filter(|a| a.is_object())?;
    let parse = |what: &str| given["parse"].as_array().is_some_and(|p| p.iter().any(|k| k == what));
    let ids = |what: &str| given[what].as_array().into_iter().flatten().filter_map(snowflake).collect();
    Some(AllowedMentions {
        users: if parse("users") { Allowed::All } else { Allowed::Only(ids("users")) },
        roles: if parse("roles") { Allowed::All } else { Allowed::Only(ids("roles")) },
        everyone: parse("everyone"),
        replied_user: given["replied_user"].as_bool().unwrap_or(false),
    })
}

fn edit(world: &mut World, call: &Call, channel: Id, message: Id) -> Outcome {
    world.seen_channel(channel)?;
    let found = world.message_in(channel, message)?;
    if found.author != BOT_ID {
        return Err(Refusal::not_your_message());
    }
    if found.poll.is_some() {
        return Err(Refusal::poll_is_not_edited());
    }
    world.edit(message, &call.body, allowed_mentions(&call.body).as_ref())?;
    world.add_files(message, call.files.clone());
    Ok((200, render::message(world, &world.messages[&message])))
}

fn delete(world: &mut World, channel: Id, message: Id) -> Outcome {
    world.seen_channel(channel)?;
    if world.message_in(channel, message)?.author != BOT_ID {
        world.demand(channel, permissions::MANAGE_MESSAGES)?;
    }
    world.delete_message(message)?;
    Ok((204, Value::Null))
}
