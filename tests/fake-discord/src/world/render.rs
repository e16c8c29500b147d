//! The JSON of each thing, complete enough for Discord's own description of its answers.

use serde_json::{Map, Value, json};

use super::voice::voice_state;
use super::{Message, Reference, Role, World, kind, permissions};
use crate::clock::timestamp;
use crate::{APPLICATION_ID, BOT_ID, Id, OWNER_ID};

fn id_or_null(id: Option<Id>) -> Value {
    id.map_or(Value::Null, |id| json!(id.to_string()))
}

pub fn user(world: &World, id: Id) -> Value {
    let (name, bot) = world.users.get(&id).map_or(("Deleted User", false), |u| (u.name.as_str(), u.bot));
    let mut value = json!({
        "id": id.to_string(), "username": name, "global_name": if bot { Value::Null } else { json!(name) },
        "discriminator": if bot { "4242" } else { "0" }, "avatar": null, "public_flags": 0, "flags": 0,
        "primary_guild": null, "banner": null, "accent_color": null, "avatar_decoration_data": null,
        "collectibles": null,
    });
    if bot {
        value["bot"] = json!(true);
    }
    value
}

pub fn me(world: &World) -> Value {
    let mut value = user(world, BOT_ID);
    value["mfa_enabled"] = json!(false);
    value["locale"] = json!("en-US");
    value["verified"] = json!(true);
    value["email"] = Value::Null;
    value
}

pub fn application(world: &World) -> Value {
    json!({
        "id": APPLICATION_ID.to_string(), "name": "Wallflower", "icon": null, "description": "", "type": null,
        "verify_key": "0".repeat(64), "flags": 0, "flags_new": "0", "redirect_uris": [],
        "interactions_endpoint_url": null, "role_connections_verification_url": null,
        "owner": user(world, OWNER_ID), "approximate_guild_count": world.communities.len(),
        "approximate_user_install_count": 0, "approximate_user_authorization_count": 0,
        "explicit_content_filter": 0, "team": null, "bot": user(world, BOT_ID), "bot_public": true,
        "eligible_oauth2_scopes": ["bot", "applications.commands"],
        "bot_require_code_grant": false, "integration_types_config": { "0": {} },
    })
}

/// A member with its user; `None` for who is not in the community.
pub fn member(world: &World, guild: Id, id: Id) -> Option<Value> {
    let mut value = bare_member(world, guild, id)?;
    value["user"] = user(world, id);
    Some(value)
}

fn bare_member(world: &World, guild: Id, id: Id) -> Option<Value> {
    let found = world.communities.get(&guild)?.members.get(&id)?;
    let deaf = world.communities.get(&guild)?.voice.get(&id).is_some_and(|state| state.deaf);
    Some(json!({
        "roles": found.roles.iter().map(Id::to_string).collect::<Vec<_>>(), "nick": found.nick, "avatar": null,
        "banner": null, "joined_at": world.joined_at(guild, id), "premium_since": null, "deaf": deaf,
        "mute": false, "flags": 0, "pending": false, "communication_disabled_until": null,
        "avatar_decoration_data": null, "collectibles": null,
    }))
}

pub fn role(found: &Role) -> Value {
    let mut value = json!({
        "id": found.id.to_string(), "name": found.name, "permissions": found.permissions.to_string(),
        "position": i32::from(found.name != "@everyone"), "color": 0,
        "colors": { "primary_color": 0, "secondary_color": null, "tertiary_color": null }, "hoist": false,
        "managed": found.of_bot, "mentionable": found.mentionable, "icon": null, "unicode_emoji": null,
        "flags": 0,
    });
    if found.of_bot {
        value["tags"] = json!({ "bot_id": BOT_ID.to_string() });
    }
    value
}

/// A channel of any kind, without what only one of its readers would see.
pub fn channel(world: &World, id: Id) -> Value {
    let Some(found) = world.channels.get(&id) else { return Value::Null };
    let last = id_or_null(found.last_message);
    if found.kind == kind::DM {
        let others: Vec<Value> = found.recipients.iter().filter(|r| **r != BOT_ID).map(|r| user(world, *r)).collect();
        return json!({
            "id": id.to_string(), "type": found.kind, "flags": 0, "last_message_id": last, "recipients": others,
        });
    }
    let mut value = json!({
        "id": id.to_string(), "type": found.kind, "flags": 0, "guild_id": id_or_null(found.guild),
        "name": found.name, "parent_id": id_or_null(found.parent), "last_message_id": last,
        "last_pin_timestamp": null, "rate_limit_per_user": 0,
    });
    let more = if found.thread.is_some() { thread_fields(world, id) } else { channel_fields(world, id) };
    if let Some(fields) = value.as_object_mut() {
        fields.extend(more);
    }
    value
}

fn channel_fields(world: &World, id: Id) -> Map<String, Value> {
    let found = &world.channels[&id];
    let place = found
        .guild
        .and_then(|g| world.communities.get(&g))
        .and_then(|c| c.channels.iter().position(|other| *other == id));
    let overwrites: Vec<Value> = found
        .overwrites
        .iter()
        .map(|o| {
            json!({ "id": o.id.to_string(), "type": u8::from(o.is_member), "allow": o.allow.to_string(),
                    "deny": o.deny.to_string() })
        })
        .collect();
    fields(json!({
        "position": place.unwrap_or(0), "topic": found.topic, "nsfw": found.nsfw,
        "permission_overwrites": overwrites,
    }))
}

fn fields(value: Value) -> Map<String, Value> {
    if let Value::Object(fields) = value { fields } else { Map::new() }
}

fn thread_fields(world: &World, id: Id) -> Map<String, Value> {
    let found = &world.channels[&id];
    let Some(thread) = &found.thread else { return Map::new() };
    let mut metadata = json!({
        "archived": thread.archived, "archive_timestamp": timestamp(thread.archive_changed_ms),
        "auto_archive_duration": thread.auto_archive_minutes, "locked": thread.locked,
        "create_timestamp": timestamp(thread.created_ms),
    });
    if found.kind == kind::PRIVATE_THREAD {
        metadata["invitable"] = json!(thread.invitable);
    }
    let mut value = json!({
        "owner_id": thread.owner.to_string(), "thread_metadata": metadata,
        "message_count": found.timeline.len(), "member_count": thread.members.len().min(50),
        "total_message_sent": thread.total_messages,
    });
    if thread.members.contains_key(&BOT_ID) {
        value["member"] = thread_member(world, id, BOT_ID);
    }
    fields(value)
}

pub fn thread_member(world: &World, thread: Id, user: Id) -> Value {
    let joined = world.channels.get(&thread).and_then(|c| c.thread.as_ref()?.members.get(&user));
    json!({
        "id": thread.to_string(), "user_id": user.to_string(), "flags": 0,
        "join_timestamp": timestamp(joined.copied().unwrap_or(0)),
    })
}

/// A message as REST and gateway show it; the gateway adds `guild_id` and `member`.
pub fn message(world: &World, found: &Message) -> Value {
    let mut value = bare_message(world, found);
    if let Some(Reference { channel, message: id, .. }) = &found.reference {
        let guild = world.channels.get(channel).and_then(|c| c.guild);
        value["message_reference"] =
            json!({ "type": 0, "channel_id": channel.to_string(), "message_id": id.to_string() });
        if let Some(guild) = guild {
            value["message_reference"]["guild_id"] = json!(guild.to_string());
        }
        let original = world.messages.get(id).filter(|m| m.ephemeral_for.is_none());
        value["referenced_message"] = original.map_or(Value::Null, |m| bare_message(world, m));
    }
    if !found.reactions.is_empty() {
        value["reactions"] = found.reactions.iter().map(super::Reaction::summary).collect();
    }
    if let Some(thread) = found.opened_thread.filter(|t| world.channels.contains_key(t)) {
        value["thread"] = channel(world, thread);
    }
    value
}

fn bare_message(world: &World, found: &Message) -> Value {
    let attachments: Vec<Value> = found.files.iter().map(|f| f.json(found.channel)).collect();
    let mut value = json!({
        "id": found.id.to_string(), "channel_id": found.channel.to_string(), "author": user(world, found.author),
        "type": found.kind, "content": found.content, "timestamp": timestamp(found.at_ms),
        "edited_timestamp": found.edited_ms.map(timestamp), "tts": false, "mention_everyone": found.mention_everyone,
        "mentions": found.mentions.iter().map(|id| user(world, *id)).collect::<Vec<_>>(),
        "mention_roles": found.mention_roles.iter().map(Id::to_string).collect::<Vec<_>>(),
        "attachments": attachments, "embeds": found.embeds, "components": found.components, "pinned": false,
        "flags": found.flags,
    });
    if let Some(poll) = &found.poll {
        value["poll"] = poll.json(world.now_ms());
    }
    if let Some(nonce) = &found.nonce {
        value["nonce"] = nonce.clone();
    }
    if let Some(metadata) = &found.interaction {
        value["interaction_metadata"] = metadata.clone();
        value["application_id"] = json!(APPLICATION_ID.to_string());
        value["webhook_id"] = json!(APPLICATION_ID.to_string());
    }
    value
}

/// A message with what only the gateway adds.
pub fn gateway_message(world: &World, found: &Message) -> Value {
    let mut value = message(world, found);
    if let Some(guild) = world.channels.get(&found.channel).and_then(|c| c.guild) {
        value["guild_id"] = json!(guild.to_string());
        if let Some(member) = bare_member(world, guild, found.author) {
            value["member"] = member;
        }
        for mentioned in value["mentions"].as_array_mut().into_iter().flatten() {
            let id = mentioned["id"].as_str().and_then(|id| id.parse().ok());
            if let Some(member) = id.and_then(|id| bare_member(world, guild, id)) {
                mentioned["member"] = member;
            }
        }
    }
    value
}

/// What the REST API tells of a community.
pub fn guild(world: &World, id: Id) -> Value {
    let Some(found) = world.communities.get(&id) else { return Value::Null };
    json!({
        "id": id.to_string(), "name": found.name, "icon": null, "description": null, "home_header": null,
        "splash": null, "discovery_splash": null, "features": [], "banner": null,
        "owner_id": found.owner.to_string(), "application_id": null, "region": "rotterdam",
        "afk_channel_id": id_or_null(found.afk_channel), "afk_timeout": 300, "system_channel_id": null, "system_channel_flags": 0,
        "widget_enabled": false, "widget_channel_id": null, "verification_level": 0,
        "roles": found.roles.values().map(role).collect::<Vec<_>>(), "default_message_notifications": 0,
        "mfa_level": 0, "explicit_content_filter": 0, "max_presences": null, "max_members": 500_000,
        "max_stage_video_channel_users": 50, "max_video_channel_users": 25, "vanity_url_code": null,
        "premium_tier": 0, "premium_subscription_count": 0, "preferred_locale": "en-US",
        "rules_channel_id": null, "safety_alerts_channel_id": null, "public_updates_channel_id": null,
        "premium_progress_bar_enabled": false, "nsfw": false, "nsfw_level": 0, "emojis": [], "stickers": [],
        "incidents_data": null,
    })
}

/// The community as a session first hears of it: channels and active threads that the bot can see, who is in its voice
/// channels, and of the members only those and the bot.
pub fn guild_create(world: &World, id: Id) -> Value {
    let mut value = guild(world, id);
    let Some(found) = world.communities.get(&id) else { return value };
    let seen = |c: &Id| world.can_see(BOT_ID, *c);
    let told = found.channels.iter().filter(|c| world.tells_hidden || seen(c));
    let channels: Vec<Value> = told.map(|c| channel(world, *c)).collect();
    let threads: Vec<Value> = world.active_threads(id).into_iter().filter(seen).map(|c| channel(world, c)).collect();
    let voices = world.seen_voices(id);
    let members: Vec<Value> = [BOT_ID].iter().chain(&voices).filter_map(|user| member(world, id, *user)).collect();
    let extra = json!({
        "joined_at": world.joined_at(id, BOT_ID), "large": found.members.len() > 250, "unavailable": false,
        "member_count": found.members.len(), "voice_states": voices.iter().map(|user| voice_state(world, id, *user)).collect::<Vec<_>>(),
        "members": members, "channels": channels,
        "threads": threads, "presences": [], "stage_instances": [], "soundboard_sounds": [],
        "guild_scheduled_events": found.events.values().filter(|e| e.is_open()).map(|e| e.json(world)).collect::<Vec<_>>(),
    });
    if let Some(all) = value.as_object_mut() {
        all.extend(fields(extra));
    }
    value
}

/// The short form of a channel inside interactions and resolved options.
pub fn partial_channel(world: &World, id: Id, reader: Id) -> Value {
    let mut value = channel(world, id);
    if let Some(found) = world.channels.get(&id).filter(|c| c.kind != kind::DM) {
        value["permissions"] = json!(world.permissions(reader, found).to_string());
    }
    value
}

/// A member as interactions carry it: with the permissions it has in that channel.
pub fn acting_member(world: &World, guild: Id, id: Id, channel: Id) -> Option<Value> {
    let mut value = member(world, guild, id)?;
    let held = world.channels.get(&channel).map_or(permissions::EVERYONE, |c| world.permissions(id, c));
    value["permissions"] = json!(held.to_string());
    Some(value)
}

/// A member inside `resolved`: without its user.
pub fn resolved_member(world: &World, guild: Id, id: Id) -> Option<Value> {
    let mut value = bare_member(world, guild, id)?;
    let base = world.communities.get(&guild)?.base_permissions(id);
    value["permissions"] = json!(base.to_string());
    Some(value)
}
