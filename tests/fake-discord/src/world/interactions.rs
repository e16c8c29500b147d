//! Interactions: a person acts, the bot answers within its limits, and only once.

use std::time::Instant;

use serde_json::{Value, json};

use super::{AllowedMentions, Draft, Reference, World, messages, render};
use crate::refusal::Refusal;
use crate::{APPLICATION_ID, BOT_ID, Id};

/// For how long a token may be used after the act, by the fake's clock.
pub const TOKEN_MS: i64 = 15 * 60 * 1000;

const CHAT_INPUT_COMMAND: u8 = 20;
const CONTEXT_MENU_COMMAND: u8 = 23;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InteractionKind {
    Command = 2,
    Component = 3,
    Autocomplete = 4,
    ModalSubmit = 5,
}

/// How the bot answered so far.
#[derive(Debug, Clone)]
pub enum Reply {
    None,
    /// A message stands as the answer; it may still say "thinking".
    Message(Id),
    /// The message under which the act happened is to be changed, and whether that has happened.
    Update {
        done: bool,
    },
    Modal(Value),
    Choices(Vec<Value>),
}

/// One act of a person and its answer.
#[derive(Debug, Clone)]
pub struct Interaction {
    pub id: Id,
    pub token: String,
    pub kind: InteractionKind,
    pub user: Id,
    pub channel: Id,
    pub guild: Option<Id>,
    /// The message whose component was used, also for a modal opened from one.
    pub source: Option<Id>,
    /// The command's type, 0 for others.
    pub command_kind: u64,
    pub born_ms: i64,
    pub born: Instant,
    pub reply: Reply,
    pub followups: Vec<Id>,
}

/// What a person does, before it has an id and a token.
#[derive(Debug, Clone)]
pub struct Act {
    pub kind: InteractionKind,
    pub user: Id,
    pub channel: Id,
    pub source: Option<Id>,
    pub command_kind: u64,
    pub data: Value,
}

impl World {
    /// Tells the bot of an act and returns its id.
    pub fn act(&mut self, act: &Act) -> Id {
        let id = self.clock.next_id();
        let guild = self.channels.get(&act.channel).and_then(|c| c.guild);
        let interaction = Interaction {
            id,
            token: format!("aW50ZXJhY3Rpb24{id:x}"),
            kind: act.kind,
            user: act.user,
            channel: act.channel,
            guild,
            source: act.source,
            command_kind: act.command_kind,
            born_ms: self.now_ms(),
            born: Instant::now(),
            reply: Reply::None,
            followups: Vec::new(),
        };
        let data = self.interaction_event(&interaction, &act.data);
        self.interactions.insert(id, interaction);
        self.emit("INTERACTION_CREATE", guild, data);
        id
    }

    fn interaction_event(&self, of: &Interaction, data: &Value) -> Value {
        let bot_permissions = self.channels.get(&of.channel).map_or(0, |c| self.permissions(BOT_ID, c));
        let mut event = json!({
            "id": of.id.to_string(), "application_id": APPLICATION_ID.to_string(), "type": of.kind as u8,
            "data": data, "channel_id": of.channel.to_string(),
            "channel": render::partial_channel(self, of.channel, of.user), "token": of.token, "version": 1,
            "app_permissions": bot_permissions.to_string(), "locale": "en-US", "entitlements": [],
            "authorizing_integration_owners": { "0": of.guild.map_or("0".into(), |g| g.to_string()) },
            "context": u8::from(of.guild.is_none()), "attachment_size_limit": self.limits.file_bytes,
        });
        if let Some(guild) = of.guild {
            event["guild_id"] = json!(guild.to_string());
            event["guild"] = json!({ "id": guild.to_string(), "features": [], "locale": "en-US" });
            event["guild_locale"] = json!("en-US");
            event["member"] = json!(render::acting_member(self, guild, of.user, of.channel));
        } else {
            event["user"] = render::user(self, of.user);
        }
        if let Some(source) = of.source.and_then(|id| self.messages.get(&id)) {
            event["message"] = render::message(self, source);
        }
        event
    }

    pub fn interaction_by_token(&self, token: &str) -> Option<&Interaction> {
        self.interactions.values().find(|i| i.token == token)
    }

    /// The interaction that a token still opens, else Discord's refusal.
    pub fn open_token(&self, token: &str) -> Result<Id, Refusal> {
        let found = self.interaction_by_token(token).ok_or_else(Refusal::unknown_webhook)?;
        if matches!(found.reply, Reply::None) {
            return Err(Refusal::unknown_webhook());
        }
        if self.now_ms() - found.born_ms >= TOKEN_MS {
            return Err(Refusal::token_expired());
        }
        Ok(found.id)
    }

    /// Writes a message as the answer to an act, or after it.
    pub fn answer_with(&mut self, id: Id, mut draft: Draft, followup: bool) -> Id {
        let found = self.interactions[&id].clone();
        draft.interaction = Some(self.metadata(&found));
        if draft.flags & messages::EPHEMERAL != 0 {
            draft.ephemeral_for = Some(found.user);
        }
        let answered = if followup { self.original(id) } else { found.source };
        let answered = answered.filter(|m| self.messages.get(m).is_some_and(|m| m.ephemeral_for.is_none()));
        draft.kind = match (found.kind, answered) {
            (_, Some(message)) => {
                draft.reference = Some(Reference { channel: found.channel, message });
                messages::REPLY
            }
            (InteractionKind::Command, None) if found.command_kind != super::commands::SLASH => CONTEXT_MENU_COMMAND,
            (InteractionKind::Command, None) if !followup => CHAT_INPUT_COMMAND,
            _ => messages::PLAIN,
        };
        let message = self.write(draft);
        if let Some(interaction) = self.interactions.get_mut(&id) {
            if followup {
                interaction.followups.push(message);
            } else {
                interaction.reply = Reply::Message(message);
            }
        }
        message
    }

    fn metadata(&self, of: &Interaction) -> Value {
        let owners = json!({ "0": of.guild.map_or("0".into(), |g| g.to_string()) });
        let mut value = json!({
            "id": of.id.to_string(), "type": of.kind as u8, "user": render::user(self, of.user),
            "authorizing_integration_owners": owners,
        });
        match (of.kind, of.source) {
            (InteractionKind::Component, Some(source)) => {
                value["interacted_message_id"] = json!(source.to_string());
            }
            (InteractionKind::ModalSubmit, source) => {
                let mut before = json!({
                    "id": of.id.to_string(), "type": if source.is_some() { 3 } else { 2 },
                    "user": render::user(self, of.user), "authorizing_integration_owners": owners,
                });
                if let Some(source) = source {
                    before["interacted_message_id"] = json!(source.to_string());
                }
                value["triggering_interaction_metadata"] = before;
            }
            _ => {}
        }
        value
    }

    /// The message that `@original` means for an interaction.
    pub fn original(&self, id: Id) -> Option<Id> {
        let found = self.interactions.get(&id)?;
        match found.reply {
            Reply::Message(message) => Some(message),
            Reply::Update { .. } => found.source,
            _ => None,
        }
    }

    /// An edit through the token ends "thinking" and counts as the awaited update.
    pub fn edit_answer(
        &mut self,
        id: Id,
        message: Id,
        body: &Value,
        allowed: Option<&AllowedMentions>,
    ) -> Result<(), Refusal> {
        self.edit(message, body, allowed)?;
        if let Some(Reply::Update { done }) = self.interactions.get_mut(&id).map(|i| &mut i.reply) {
            *done = true;
        }
        Ok(())
    }

    pub fn set_reply(&mut self, id: Id, reply: Reply) {
        if let Some(found) = self.interactions.get_mut(&id) {
            found.reply = reply;
        }
    }
}
