//! The bot's answers to acts: `/interactions/…/callback` and `/webhooks/{app}/{token}…`

use serde_json::{Value, json};

use super::messages::{allowed_mentions, draft, draft_of};
use super::routes::id;
use super::{Call, Outcome};
use crate::refusal::Refusal;
use crate::world::messages::{EPHEMERAL, LOADING};
use crate::world::{Draft, InteractionKind, Reply, World, render};
use crate::{APPLICATION_ID, Discord, Id};

/// Callback types as Discord numbers them.
mod callback_type {
    pub const MESSAGE: u64 = 4;
    pub const DEFERRED_MESSAGE: u64 = 5;
    pub const DEFERRED_UPDATE: u64 = 6;
    pub const UPDATE: u64 = 7;
    pub const CHOICES: u64 = 8;
    pub const MODAL: u64 = 9;
}

/// The first answer: in time, once, and of a kind that fits the act.
pub(super) fn callback(discord: &Discord, world: &mut World, call: &Call, id: Id, token: &str) -> Outcome {
    let found = world.interactions.get(&id).filter(|i| i.token == token);
    let found = found.ok_or_else(Refusal::unknown_interaction)?.clone();
    if !matches!(found.reply, Reply::None) {
        return Err(Refusal::already_acknowledged());
    }
    if found.born.elapsed() >= discord.options().first_answer_within {
        return Err(Refusal::unknown_interaction());
    }
    let kind = call.body["type"].as_u64().unwrap_or(0);
    if !fits(kind, found.kind, found.source.is_some()) {
        return Err(Refusal::invalid("type", "This answer does not fit this interaction."));
    }
    let data = &call.body["data"];
    match kind {
        callback_type::MESSAGE => {
            let draft = draft_of(data, call, found.channel);
            if draft.is_empty() {
                return Err(Refusal::empty_message());
            }
            world.answer_with(id, draft, false);
        }
        callback_type::DEFERRED_MESSAGE => {
            let flags = data["flags"].as_u64().unwrap_or(0) & EPHEMERAL | LOADING;
            world.answer_with(id, Draft { flags, ..draft_of(&Value::Null, call, found.channel) }, false);
        }
        callback_type::DEFERRED_UPDATE => world.set_reply(id, Reply::Update { done: false }),
        callback_type::UPDATE => {
            world.set_reply(id, Reply::Update { done: true });
            world.edit_answer(id, found.source.unwrap_or(0), data, allowed_mentions(data).as_ref())?;
        }
        callback_type::CHOICES => {
            world.set_reply(id, Reply::Choices(data["choices"].as_array().cloned().unwrap_or_default()));
        }
        _ => world.set_reply(id, Reply::Modal(data.clone())),
    }
    Ok(acknowledged(world, call, id, kind))
}

fn fits(kind: u64, act: InteractionKind, on_message: bool) -> bool {
    let completing = act == InteractionKind::Autocomplete;
    match kind {
        callback_type::MESSAGE | callback_type::DEFERRED_MESSAGE => !completing,
        callback_type::DEFERRED_UPDATE | callback_type::UPDATE => on_message && !completing,
        callback_type::CHOICES => completing,
        callback_type::MODAL => !completing && act != InteractionKind::ModalSubmit,
        _ => false,
    }
}

/// Nothing, or with `?with_response=true` what has become of the interaction.
fn acknowledged(world: &World, call: &Call, id: Id, kind: u64) -> (u16, Value) {
    if call.query.get("with_response").is_none_or(|v| v != "true") {
        return (204, Value::Null);
    }
    let found = &world.interactions[&id];
    let mut answer = json!({ "interaction": { "id": id.to_string(), "type": found.kind as u8 } });
    if let Some(message) = world.original(id).and_then(|m| world.messages.get(&m)) {
        answer["interaction"]["response_message_id"] = json!(message.id.to_string());
        answer["interaction"]["response_message_loading"] = json!(message.flags & LOADING != 0);
        answer["interaction"]["response_message_ephemeral"] = json!(message.ephemeral_for.is_some());
        answer["resource"] = json!({ "type": kind, "message": render::message(world, message) });
    }
    (200, answer)
}

/// What the token opens after the first answer.
pub(super) fn webhook(world: &mut World, call: &Call, app: Id, token: &str, rest: &[&str]) -> Outcome {
    if app != APPLICATION_ID {
        return Err(Refusal::unknown_webhook());
    }
    let interaction = world.open_token(token)?;
    match (call.method.as_str(), rest) {
        ("POST", []) => follow_up(world, call, interaction),
        (method, ["messages", which]) => {
            let message = meant(world, interaction, which)?;
            on_message(world, call, interaction, method, message)
        }
        _ => Err(Refusal::no_such_route()),
    }
}

/// `@original`, or a message that this interaction made.
fn meant(world: &World, interaction: Id, which: &str) -> Result<Id, Refusal> {
    let message = if which == "@original" {
        world.original(interaction).ok_or_else(Refusal::unknown_message)?
    } else {
        let wanted = id(which)?;
        let made = &world.interactions[&interaction].followups;
        let own = made.contains(&wanted) || world.original(interaction) == Some(wanted);
        if own { wanted } else { return Err(Refusal::unknown_message()) }
    };
    world.messages.get(&message).map(|m| m.id).ok_or_else(Refusal::unknown_message)
}

fn on_message(world: &mut World, call: &Call, interaction: Id, method: &str, message: Id) -> Outcome {
    match method {
        "GET" => {}
        "PATCH" => {
            world.edit_answer(interaction, message, &call.body, allowed_mentions(&call.body).as_ref())?;
            world.add_files(message, call.files.clone());
        }
        "DELETE" => {
            world.delete_message(message)?;
            return Ok((204, Value::Null));
        }
        _ => return Err(Refusal::wrong_method()),
    }
    Ok((200, render::message(world, &world.messages[&message])))
}

/// The first followup after "thinking" takes its place; later ones are messages of their own.
fn follow_up(world: &mut World, call: &Call, interaction: Id) -> Outcome {
    let channel = world.interactions[&interaction].channel;
    let thinking =
        world.original(interaction).filter(|m| world.messages.get(m).is_some_and(|m| m.flags & LOADING != 0));
    let message = if let Some(thinking) = thinking {
        world.edit_answer(interaction, thinking, &call.body, allowed_mentions(&call.body).as_ref())?;
        world.add_files(thinking, call.files.clone());
        thinking
    } else {
        let draft = draft(call, channel);
        if draft.is_empty() {
            return Err(Refusal::empty_message());
        }
        world.answer_with(interaction, draft, true)
    };
    Ok((200, render::message(world, &world.messages[&message])))
}
