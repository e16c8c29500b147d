//! `/channels/{channel}/polls/{message}…`

use serde_json::{Value, json};

use super::routes::id;
use super::{Call, Outcome};
use crate::Id;
use crate::refusal::Refusal;
use crate::world::{World, permissions, render};

pub(super) fn route(world: &mut World, call: &Call, channel: Id, message: Id, rest: &[&str]) -> Outcome {
    world.seen_channel(channel)?;
    match (call.method.as_str(), rest) {
        ("GET", ["answers", answer]) => voters(world, call, channel, message, id(answer)?),
        ("POST", ["expire"]) => {
            world.expire_poll(channel, message)?;
            Ok((200, render::message(world, world.message_in(channel, message)?)))
        }
        _ => Err(Refusal::wrong_method()),
    }
}

/// Who voted for an answer, by id, at most 100 a page.
fn voters(world: &World, call: &Call, channel: Id, message: Id, answer: u64) -> Outcome {
    world.demand(channel, permissions::READ_MESSAGE_HISTORY)?;
    let poll = world.message_in(channel, message)?.poll.as_ref().ok_or_else(Refusal::no_poll)?;
    let place = usize::try_from(answer).ok().and_then(|answer| answer.checked_sub(1));
    let found = place.and_then(|place| poll.answers.get(place));
    let found = found.ok_or_else(|| Refusal::invalid("answer_id", "no such answer"))?;
    let (limit, after) = (call.count("limit", 25, 100)?, call.id_in_query("after").unwrap_or(0));
    let page: Vec<Value> = found.voters.range(after + 1..).take(limit).map(|u| render::user(world, *u)).collect();
    Ok((200, json!({ "users": page })))
}
