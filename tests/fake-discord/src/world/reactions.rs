//! Reactions: one per person, emoji and message.

use serde_json::{Value, json};

use super::{World, permissions, render};
use crate::refusal::Refusal;
use crate::{BOT_ID, Id};

/// Discord takes at most so many different emoji under one message.
const MAX_EMOJI: usize = 20;

/// One emoji under a message, with who put it there in the order of acting.
#[derive(Debug, Clone)]
pub struct Reaction {
    /// The emoji itself, or `name:id` for a community's own.
    pub emoji: String,
    pub users: Vec<Id>,
}

impl Reaction {
    pub(super) fn summary(&self) -> Value {
        json!({
            "emoji": emoji_json(&self.emoji), "count": self.users.len(), "me": self.users.contains(&BOT_ID),
            "me_burst": false, "burst_colors": [],
            "count_details": { "normal": self.users.len(), "burst": 0 },
        })
    }
}

fn emoji_json(emoji: &str) -> Value {
    match emoji.split_once(':') {
        Some((name, id)) => json!({ "id": id, "name": name }),
        None => json!({ "id": null, "name": emoji }),
    }
}

/// Plain words are no emoji; keycaps and flags hold characters beyond ASCII.
fn is_emoji(text: &str) -> bool {
    let custom = text.split_once(':').is_some_and(|(_, id)| id.parse::<Id>().is_ok());
    custom || (!text.is_ascii() && text.chars().count() <= 16)
}

impl World {
    pub fn react(&mut self, user: Id, message: Id, emoji: &str) -> Result<(), Refusal> {
        let found = self.messages.get(&message).ok_or_else(Refusal::unknown_message)?;
        if !is_emoji(emoji) {
            return Err(Refusal::unknown_emoji());
        }
        let (channel, known) = (found.channel, found.reactions.iter().any(|r| r.emoji == emoji));
        let needed = permissions::READ_MESSAGE_HISTORY | if known { 0 } else { permissions::ADD_REACTIONS };
        if !self.may(user, channel, needed) {
            return Err(Refusal::missing_permissions());
        }
        if self.channels.get(&channel).and_then(|c| c.thread.as_ref()).is_some_and(|t| t.archived) {
            return Err(Refusal::thread_archived());
        }
        if !known && found.reactions.len() >= MAX_EMOJI {
            return Err(Refusal::too_many_reactions());
        }
        let Some(found) = self.messages.get_mut(&message) else { return Ok(()) };
        if !known {
            found.reactions.push(Reaction { emoji: emoji.into(), users: Vec::new() });
        }
        let Some(reaction) = found.reactions.iter_mut().find(|r| r.emoji == emoji) else { return Ok(()) };
        if !reaction.users.contains(&user) {
            reaction.users.push(user);
            self.tell_reaction("MESSAGE_REACTION_ADD", user, message, emoji);
        }
        Ok(())
    }

    pub fn unreact(&mut self, user: Id, message: Id, emoji: &str) -> Result<(), Refusal> {
        let found = self.messages.get_mut(&message).ok_or_else(Refusal::unknown_message)?;
        let Some(reaction) = found.reactions.iter_mut().find(|r| r.emoji == emoji) else { return Ok(()) };
        let before = reaction.users.len();
        reaction.users.retain(|u| *u != user);
        let taken = reaction.users.len() < before;
        found.reactions.retain(|r| !r.users.is_empty());
        if taken {
            self.tell_reaction("MESSAGE_REACTION_REMOVE", user, message, emoji);
        }
        Ok(())
    }

    pub fn clear_reactions(&mut self, message: Id) -> Result<(), Refusal> {
        let found = self.messages.get_mut(&message).ok_or_else(Refusal::unknown_message)?;
        found.reactions.clear();
        let channel = found.channel;
        let data = self.reaction_place(channel, message);
        self.emit_in(channel, "MESSAGE_REACTION_REMOVE_ALL", data);
        Ok(())
    }

    pub(super) fn reaction_place(&self, channel: Id, message: Id) -> Value {
        let mut data = json!({ "channel_id": channel.to_string(), "message_id": message.to_string() });
        if let Some(guild) = self.channels.get(&channel).and_then(|c| c.guild) {
            data["guild_id"] = json!(guild.to_string());
        }
        data
    }

    fn tell_reaction(&mut self, name: &'static str, user: Id, message: Id, emoji: &str) {
        let (channel, author) = (self.messages[&message].channel, self.messages[&message].author);
        let mut data = self.reaction_place(channel, message);
        data["user_id"] = json!(user.to_string());
        data["emoji"] = emoji_json(emoji);
        data["burst"] = json!(false);
        data["type"] = json!(0);
        if name == "MESSAGE_REACTION_ADD" {
            data["message_author_id"] = json!(author.to_string());
            let guild = self.channels.get(&channel).and_then(|c| c.guild);
            if let Some(member) = guild.and_then(|g| render::member(self, g, user)) {
                data["member"] = member;
            }
        }
        self.emit_in(channel, name, data);
    }
}
