//! What a session may hear: which events its intents let through, and which fields of them.

use std::borrow::Cow;

use serde_json::{Value, json};

use crate::BOT_ID;
use crate::world::Event;

pub const GUILDS: u64 = 1 << 0;
pub const GUILD_MEMBERS: u64 = 1 << 1;
pub const GUILD_MODERATION: u64 = 1 << 2;
pub const GUILD_EXPRESSIONS: u64 = 1 << 3;
pub const GUILD_VOICE_STATES: u64 = 1 << 7;
pub const GUILD_PRESENCES: u64 = 1 << 8;
pub const GUILD_MESSAGES: u64 = 1 << 9;
pub const GUILD_MESSAGE_REACTIONS: u64 = 1 << 10;
pub const DIRECT_MESSAGES: u64 = 1 << 12;
pub const DIRECT_MESSAGE_REACTIONS: u64 = 1 << 13;
pub const MESSAGE_CONTENT: u64 = 1 << 15;
pub const GUILD_SCHEDULED_EVENTS: u64 = 1 << 16;
pub const GUILD_MESSAGE_POLLS: u64 = 1 << 24;
pub const DIRECT_MESSAGE_POLLS: u64 = 1 << 25;

/// Intents that must be switched on in the Developer Portal.
pub const PRIVILEGED: u64 = GUILD_MEMBERS | GUILD_PRESENCES | MESSAGE_CONTENT;

/// Every bit that Discord knows (0 to 16, 20, 21, 24, 25).
pub const KNOWN: u64 = 0x1_FFFF | 1 << 20 | 1 << 21 | 1 << 24 | 1 << 25;

/// The intent that an event needs; 0 for those that every session receives.
fn needed(name: &str, in_guild: bool) -> u64 {
    match name {
        "INTERACTION_CREATE" | "READY" | "RESUMED" => 0,
        "VOICE_STATE_UPDATE" => GUILD_VOICE_STATES,
        _ if name.starts_with("MESSAGE_REACTION") => {
            if in_guild {
                GUILD_MESSAGE_REACTIONS
            } else {
                DIRECT_MESSAGE_REACTIONS
            }
        }
        _ if name.starts_with("MESSAGE_POLL_VOTE") => {
            if in_guild {
                GUILD_MESSAGE_POLLS
            } else {
                DIRECT_MESSAGE_POLLS
            }
        }
        _ if name.starts_with("MESSAGE") => {
            if in_guild {
                GUILD_MESSAGES
            } else {
                DIRECT_MESSAGES
            }
        }
        _ if name.starts_with("GUILD_MEMBER") => GUILD_MEMBERS,
        _ if name.starts_with("GUILD_BAN") => GUILD_MODERATION,
        _ if name.starts_with("GUILD_SCHEDULED_EVENT") => GUILD_SCHEDULED_EVENTS,
        // Opening a DM is told with the DM intent; all else about channels and threads with GUILDS.
        "CHANNEL_CREATE" if !in_guild => DIRECT_MESSAGES,
        _ => GUILDS,
    }
}

/// The event as a session with these intents receives it, if at all.
pub fn delivered(event: &Event, intents: u64) -> Option<Cow<'_, Value>> {
    // Of itself the bot hears without the privileged intent.
    let of_itself = event.name == "GUILD_MEMBER_UPDATE" && event.data["user"]["id"] == BOT_ID.to_string().as_str();
    let needed = if of_itself { 0 } else { needed(event.name, event.guild.is_some()) };
    if intents & needed != needed {
        return None;
    }
    if event.name == "GUILD_CREATE" {
        return Some(snapshot(&event.data, intents));
    }
    if event.name == "THREAD_MEMBERS_UPDATE" && intents & GUILD_MEMBERS == 0 {
        return about_the_bot(&event.data).map(Cow::Owned);
    }
    if intents & MESSAGE_CONTENT == 0 && event.guild.is_some() && event.data.get("content").is_some() {
        return Some(Cow::Owned(without_content(event)));
    }
    Some(Cow::Borrowed(&event.data))
}

/// A community as a session with these intents first hears of it: who speaks with whom is for those that hear of it later too.
pub fn snapshot(guild: &Value, intents: u64) -> Cow<'_, Value> {
    if intents & GUILD_VOICE_STATES != 0 {
        return Cow::Borrowed(guild);
    }
    let mut guild = guild.clone();
    guild["voice_states"] = json!([]);
    if let Some(members) = guild["members"].as_array_mut() {
        members.retain(|m| m["user"]["id"] == BOT_ID.to_string().as_str());
    }
    Cow::Owned(guild)
}

/// Without `GUILD_MEMBERS` a bot hears only of its own coming and going.
fn about_the_bot(data: &Value) -> Option<Value> {
    let me = BOT_ID.to_string();
    let mut data = data.clone();
    let added = data["added_members"].as_array_mut()?;
    added.retain(|m| m["user_id"] == me.as_str());
    let any = !added.is_empty();
    let removed = data["removed_member_ids"].as_array_mut()?;
    removed.retain(|id| id == me.as_str());
    (any || !removed.is_empty()).then_some(data)
}

fn without_content(event: &Event) -> Value {
    let mut data = event.data.clone();
    if event.needs_content_intent {
        empty(&mut data);
    }
    let original = &mut data["referenced_message"];
    let me = BOT_ID.to_string();
    let names_bot = original["mentions"].as_array().is_some_and(|m| m.iter().any(|u| u["id"] == me.as_str()));
    if original.is_object() && original["author"]["id"] != me.as_str() && !names_bot {
        empty(original);
    }
    if event.data.get("referenced_message").is_none()
        && let Some(fields) = data.as_object_mut()
    {
        fields.remove("referenced_message");
    }
    data
}

fn empty(message: &mut Value) {
    message["content"] = json!("");
    for field in ["embeds", "attachments", "components"] {
        message[field] = json!([]);
    }
    if let Some(fields) = message.as_object_mut() {
        fields.remove("poll");
    }
}
