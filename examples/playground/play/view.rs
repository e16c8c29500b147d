//! What one person sees, as JSON for the page: channels, messages, people, events and commands. Nothing else of the world
//! leaves it, so a tab shows exactly what that person may read.

use fake_discord::world::commands::USER_MENU;
use fake_discord::world::{Channel, Message, World, kind, permissions};
use fake_discord::{BOT_ID, Id};
use serde_json::{Value, json};

use super::page::PNG;
use super::stage::Stage;

/// Of an answered message, so much is quoted.
const QUOTED: usize = 110;
/// Message flag: an answer that is still to come.
const LOADING: u64 = 1 << 7;

fn text(id: Id) -> String {
    id.to_string()
}

/// Channels, threads and the conversation with the bot.
pub fn channels(stage: &Stage, world: &World, me: Id) -> Value {
    let Some(community) = world.communities.get(&stage.town.community.id) else { return json!([]) };
    let order = |id: &Id| community.channels.iter().position(|one| one == id);
    let seen = |channel: &&Channel| match channel.guild {
        Some(guild) => {
            let left =
                channel.thread.as_ref().is_some_and(|thread| thread.archived && !thread.members.contains_key(&me));
            guild == community.id && !left && world.can_see(me, channel.id)
        }
        None => channel.recipients.contains(&me),
    };
    let mut all: Vec<&Channel> = world.channels.values().filter(seen).collect();
    all.sort_by_key(|channel| (order(&channel.id).unwrap_or(usize::MAX), channel.id));
    let write = |channel: &Channel| {
        let needed =
            if channel.thread.is_some() { permissions::SEND_MESSAGES_IN_THREADS } else { permissions::SEND_MESSAGES };
        world.may(me, channel.id, needed)
    };
    let one = |channel: &Channel| {
        json!({
            "id": text(channel.id), "name": channel.name, "kind": channel.kind, "topic": channel.topic,
            "parent": channel.parent.map(text), "last": channel.timeline.last().copied().map(text),
            "archived": channel.thread.as_ref().is_some_and(|thread| thread.archived),
            "in": channel.thread.as_ref().map(|thread| thread.members.contains_key(&me)),
            "writes": write(channel),
        })
    };
    all.into_iter().map(one).collect()
}

/// Everybody in the community, the bot too.
pub fn people(stage: &Stage, world: &World) -> Value {
    let Some(community) = world.communities.get(&stage.town.community.id) else { return json!([]) };
    let role = |id: &Id| {
        let held = community.base_permissions(*id);
        if held & permissions::MANAGE_GUILD != 0 {
            "admin"
        } else if held & permissions::MANAGE_THREADS != 0 {
            "moderator"
        } else {
            "everyone"
        }
    };
    let joined = stage.sees.borrow().clone();
    let one = |id: &Id| {
        let user = world.users.get(id)?;
        Some(json!({
            "id": text(*id), "name": user.name, "bot": user.bot, "role": if user.bot { "bot" } else { role(id) },
            "joined": joined.is_member(*id),
        }))
    };
    community.members.keys().filter_map(one).collect()
}

/// Roles and their names, for mentions and options.
pub fn roles(stage: &Stage, world: &World) -> Value {
    let community = world.communities.get(&stage.town.community.id);
    let roles = community.into_iter().flat_map(|found| found.roles.values());
    roles.map(|role| json!({ "id": text(role.id), "name": role.name })).collect()
}

/// The public list of scheduled events.
pub fn events(stage: &Stage, world: &World, me: Id) -> Value {
    let community = world.communities.get(&stage.town.community.id);
    let events = community.into_iter().flat_map(|found| found.events.values()).filter(|event| event.is_open());
    let one = |event: &fake_discord::world::ScheduledEvent| {
        json!({
            "id": text(event.id), "name": event.name, "about": event.description, "start": event.start_ms,
            "end": event.end_ms, "place": event.location, "status": event.status, "count": event.interested.len(),
            "mine": event.interested.contains(&me),
        })
    };
    events.map(one).collect()
}

/// The commands that this person is offered in a channel, just as the bot registered them.
pub fn commands(stage: &Stage, world: &World, me: Id, channel: Id) -> Value {
    let Some(person) = stage.town.person(me) else { return json!([]) };
    let one = |command: &fake_discord::world::Command| {
        json!({
            "name": command.name, "menu": command.kind == USER_MENU, "description": command.json["description"],
            "options": command.json["options"],
        })
    };
    person.offered(world, channel).into_iter().map(one).collect()
}

/// The latest messages of a channel with what only this person sees there, oldest first; and whether there are earlier ones.
pub fn messages(stage: &Stage, world: &World, me: Id, channel: Id, most: usize) -> (Vec<(Id, Value)>, bool) {
    let Some(found) = world.channels.get(&channel).filter(|_| world.can_see(me, channel)) else {
        return (Vec::new(), false);
    };
    let mut ids: Vec<Id> = found.timeline.iter().rev().take(most).copied().collect();
    let oldest = ids.last().copied().unwrap_or(0);
    let is_more = found.timeline.len() > ids.len();
    let noticed = super::stage::unpoisoned(&stage.noticed);
    let own = noticed.ephemeral.get(&me).into_iter().flatten();
    ids.extend(own.filter(|(place, id)| *place == channel && (*id > oldest || !is_more)).map(|(_, id)| *id));
    drop(noticed);
    ids.sort_unstable();
    ids.dedup();
    let shown = ids.into_iter().filter_map(|id| Some((id, message(world, me, world.messages.get(&id)?)?)));
    (shown.collect(), is_more)
}

/// What rang for this person: the last message that did, by channel, and all of them.
pub fn rang(stage: &Stage, me: Id) -> Value {
    let noticed = super::stage::unpoisoned(&stage.noticed);
    let all = noticed.rang.get(&me).into_iter().flatten();
    all.rev().take(60).map(|(channel, id)| json!([text(*channel), text(*id)])).collect()
}

fn message(world: &World, me: Id, found: &Message) -> Option<Value> {
    if !world.can_read(me, found) {
        return None;
    }
    let reply = found.reference.as_ref().map(|reference| {
        let original = world.messages.get(&reference.message).filter(|original| world.can_read(me, original));
        json!({
            "id": text(reference.message), "author": original.map(|original| text(original.author)),
            "text": original.map(|original| original.content.chars().take(QUOTED).collect::<String>()),
        })
    });
    let reaction = |reaction: &fake_discord::world::Reaction| {
        json!([reaction.emoji, reaction.users.len(), reaction.users.contains(&me)])
    };
    let file = |file: &fake_discord::world::File| {
        let is_picture = file.bytes.starts_with(PNG);
        json!({ "id": text(file.id), "name": file.name, "size": file.bytes.len(), "picture": is_picture })
    };
    Some(json!({
        "id": text(found.id), "author": text(found.author), "kind": found.kind, "text": found.content, "at": found.at_ms,
        "edited": found.edited_ms.is_some(), "embeds": found.embeds, "rows": found.components,
        "reactions": found.reactions.iter().map(reaction).collect::<Vec<_>>(),
        "files": found.files.iter().map(file).collect::<Vec<_>>(), "reply": reply,
        "ephemeral": found.ephemeral_for.is_some(), "rings": found.pinged.contains(&me),
        "poll": found.poll.as_ref().map(|asked| poll(world, me, asked)), "thinking": found.flags & LOADING != 0,
        "by": found.interaction.as_ref().map(|by| by["user"]["id"].clone()),
        "mine": found.author == me, "bot": found.author == BOT_ID,
        "named": found.mentions.iter().copied().map(text).collect::<Vec<_>>(),
    }))
}

fn poll(world: &World, me: Id, poll: &fake_discord::world::Poll) -> Value {
    let answers = poll.answers.iter().map(|one| json!([one.text, one.voters.len(), one.voters.contains(&me)]));
    json!({
        "question": poll.question, "answers": answers.collect::<Vec<_>>(), "many": poll.multiselect,
        "over": poll.is_over(world.now_ms()), "until": poll.expires_ms,
    })
}

/// A channel that this person can see: the one asked for, else the first.
pub fn channel_or_first(stage: &Stage, world: &World, me: Id, wanted: Option<Id>) -> Id {
    let first = || {
        let community = world.communities.get(&stage.town.community.id);
        community.and_then(|found| found.channels.iter().copied().find(|id| world.can_see(me, *id)))
    };
    let dm =
        || world.channels.values().find(|one| one.kind == kind::DM && one.recipients.contains(&me)).map(|one| one.id);
    wanted.filter(|id| world.can_see(me, *id)).or_else(first).or_else(dm).unwrap_or(0)
}
