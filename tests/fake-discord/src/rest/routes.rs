//! The map of REST: which method and path mean what.

use serde_json::{Value, json};

use super::{Call, Outcome, commands, events, guilds, interactions, messages, polls, reactions, threads};
use crate::refusal::Refusal;
use crate::world::render;
use crate::{Discord, Id, State};

/// An id of the path; what is no number is refused as Discord does.
pub(super) fn id(text: &str) -> Result<Id, Refusal> {
    text.parse().map_err(|_| Refusal::invalid("id", &format!("Value \"{text}\" is not snowflake.")))
}

pub(super) fn route(discord: &Discord, state: &mut State, call: &Call) -> Outcome {
    let world = &mut state.world;
    let steps = call.steps();
    match (call.method.as_str(), steps.as_slice()) {
        ("GET", ["gateway"]) => Ok((200, json!({ "url": discord.gateway_url() }))),
        ("GET", ["gateway", "bot"]) => Ok((200, gateway_bot(discord, state))),
        ("GET", ["users", "@me"]) => Ok((200, render::me(world))),
        ("GET", ["applications", "@me"] | ["oauth2", "applications", "@me"]) => Ok((200, render::application(world))),
        ("POST", ["users", "@me", "channels"]) => guilds::open_dm(world, call),
        (_, ["applications", app, "commands", rest @ ..]) => commands::route(world, call, id(app)?, None, rest),
        (_, ["applications", app, "guilds", guild, "commands", rest @ ..]) => {
            commands::route(world, call, id(app)?, Some(id(guild)?), rest)
        }
        (_, ["guilds", guild, "scheduled-events", rest @ ..]) => events::route(world, call, id(guild)?, rest),
        (_, ["guilds", guild, rest @ ..]) => guilds::route(world, call, id(guild)?, rest),
        (_, ["channels", channel, "messages", message, "reactions", rest @ ..]) => {
            reactions::route(world, call, id(channel)?, id(message)?, rest)
        }
        (_, ["channels", channel, "polls", message, rest @ ..]) => {
            polls::route(world, call, id(channel)?, id(message)?, rest)
        }
        (_, ["channels", channel, "messages", message, "threads"]) => {
            threads::start(world, call, id(channel)?, Some(id(message)?))
        }
        (_, ["channels", channel, "messages", rest @ ..]) => messages::route(world, call, id(channel)?, rest),
        (_, ["channels", channel, "threads"]) => threads::start(world, call, id(channel)?, None),
        (_, ["channels", channel, "threads", "archived", which]) => threads::archived(world, call, id(channel)?, which),
        ("GET", ["channels", channel, "users", "@me", "threads", "archived", "private"]) => {
            threads::joined_archived(world, call, id(channel)?)
        }
        (_, ["channels", channel, "thread-members", rest @ ..]) => threads::members(world, call, id(channel)?, rest),
        (_, ["channels", channel, rest @ ..]) => guilds::channel_route(world, call, id(channel)?, rest),
        ("POST", ["interactions", interaction, token, "callback"]) => {
            interactions::callback(discord, world, call, id(interaction)?, token)
        }
        (_, ["webhooks", app, token, rest @ ..]) => interactions::webhook(world, call, id(app)?, token, rest),
        _ => Err(Refusal::no_such_route()),
    }
}

fn gateway_bot(discord: &Discord, state: &State) -> Value {
    json!({
        "url": discord.gateway_url(), "shards": discord.options().shards,
        "session_start_limit": {
            "total": 1000, "remaining": 1000_usize.saturating_sub(state.identifies), "reset_after": 0,
            "max_concurrency": discord.options().max_concurrency,
        },
    })
}
