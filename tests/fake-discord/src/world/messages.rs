//! Messages: written, edited, deleted, and whom they ping.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::completed::{completed_components, completed_embeds};
use super::mentions::Naming;
use super::{AllowedMentions, Channel, Poll, Reaction, Shown, World, kind, permissions, render};
use crate::refusal::Refusal;
use crate::{BOT_ID, Id};

pub const PLAIN: u8 = 0;
pub const REPLY: u8 = 19;
/// Discord's own line where a poll has ended.
pub const POLL_RESULT: u8 = 46;

/// Message flag: only one person sees it.
pub const EPHEMERAL: u64 = 1 << 6;
/// Message flag: a deferred answer that is still to come.
pub const LOADING: u64 = 1 << 7;

/// For how long a nonce returns the message already made.
pub(super) const NONCE_MS: i64 = 5 * 60 * 1000;

#[derive(Debug, Clone)]
pub struct File {
    pub id: Id,
    pub name: String,
    pub content_type: String,
    pub bytes: Vec<u8>,
}

impl File {
    pub(super) fn json(&self, channel: Id) -> Value {
        let url = format!("https://cdn.discordapp.com/attachments/{channel}/{}/{}", self.id, self.name);
        json!({
            "id": self.id.to_string(), "filename": self.name, "size": self.bytes.len(), "url": url,
            "proxy_url": url, "content_type": self.content_type,
        })
    }
}

/// The message that another one answers.
#[derive(Debug, Clone)]
pub struct Reference {
    pub channel: Id,
    pub message: Id,
}

#[derive(Debug, Clone)]
pub struct Message {
    pub id: Id,
    pub channel: Id,
    pub author: Id,
    pub kind: u8,
    pub content: String,
    pub at_ms: i64,
    pub edited_ms: Option<i64>,
    pub embeds: Vec<Value>,
    pub components: Vec<Value>,
    pub files: Vec<File>,
    pub mentions: Vec<Id>,
    pub mention_roles: Vec<Id>,
    pub mention_everyone: bool,
    /// Whose client rang: those named, in roles named, or all, as far as they can see it.
    pub pinged: BTreeSet<Id>,
    pub reference: Option<Reference>,
    pub reactions: Vec<Reaction>,
    pub poll: Option<Poll>,
    pub nonce: Option<Value>,
    pub flags: u64,
    pub ephemeral_for: Option<Id>,
    pub interaction: Option<Value>,
    pub opened_thread: Option<Id>,
}

/// A message about to be written.
#[derive(Debug, Clone)]
pub struct Draft {
    pub channel: Id,
    pub author: Id,
    pub kind: u8,
    pub content: String,
    pub embeds: Vec<Value>,
    pub components: Vec<Value>,
    pub files: Vec<File>,
    pub allowed: Option<AllowedMentions>,
    /// Named without standing in the text, as in Discord's own lines.
    pub named: Vec<Id>,
    pub reference: Option<Reference>,
    pub poll: Option<Poll>,
    pub flags: u64,
    pub nonce: Option<Value>,
    pub enforce_nonce: bool,
    pub ephemeral_for: Option<Id>,
    pub interaction: Option<Value>,
}

impl Draft {
    pub fn new(channel: Id, author: Id, content: &str) -> Self {
        Self {
            channel,
            author,
            kind: PLAIN,
            content: content.into(),
            embeds: Vec::new(),
            components: Vec::new(),
            files: Vec::new(),
            allowed: None,
            named: Vec::new(),
            reference: None,
            poll: None,
            flags: 0,
            nonce: None,
            enforce_nonce: false,
            ephemeral_for: None,
            interaction: None,
        }
    }

    pub fn is_empty(&self) -> bool {
        let attached = self.embeds.is_empty() && self.components.is_empty() && self.files.is_empty();
        self.content.trim().is_empty() && attached && self.poll.is_none()
    }
}

impl World {
    /// Writes a message as its author may, or refuses as Discord does.
    pub fn post(&mut self, draft: Draft) -> Result<Id, Refusal> {
        self.may_post(&draft)?;
        if let Some(made) = self.already_made(&draft) {
            return Ok(made);
        }
        if draft.is_empty() {
            return Err(Refusal::empty_message());
        }
        self.reopen_thread(draft.author, draft.channel)?;
        let remembered = draft.enforce_nonce.then(|| draft.nonce.clone()).flatten();
        let channel = draft.channel;
        let id = self.write(draft);
        if let Some(nonce) = remembered {
            self.nonces.insert((channel, nonce.to_string()), (id, self.now_ms()));
        }
        Ok(id)
    }

    fn already_made(&self, draft: &Draft) -> Option<Id> {
        let nonce = draft.nonce.as_ref().filter(|_| draft.enforce_nonce)?;
        let (id, at_ms) = self.nonces.get(&(draft.channel, nonce.to_string()))?;
        (self.now_ms() - at_ms < NONCE_MS && self.messages.contains_key(id)).then_some(*id)
    }

    fn may_post(&self, draft: &Draft) -> Result<(), Refusal> {
        let channel = self.channels.get(&draft.channel).ok_or_else(Refusal::unknown_channel)?;
        if channel.kind == kind::DM {
            return self.may_write_dm(draft.author, channel);
        }
        let held = self.permissions(draft.author, channel);
        if held & permissions::VIEW_CHANNEL == 0 {
            return Err(Refusal::missing_access());
        }
        if !matches!(channel.kind, kind::TEXT | kind::ANNOUNCEMENT | kind::VOICE) && channel.thread.is_none() {
            return Err(Refusal::not_on_this_kind());
        }
        let send =
            if channel.thread.is_some() { permissions::SEND_MESSAGES_IN_THREADS } else { permissions::SEND_MESSAGES };
        let embeds = if draft.embeds.is_empty() { 0 } else { permissions::EMBED_LINKS };
        let files = if draft.files.is_empty() { 0 } else { permissions::ATTACH_FILES };
        let history = if draft.reference.is_some() { permissions::READ_MESSAGE_HISTORY } else { 0 };
        let poll = if draft.poll.is_some() { permissions::SEND_POLLS } else { 0 };
        let needed = send | embeds | files | history | poll;
        if held & needed == needed { Ok(()) } else { Err(Refusal::missing_permissions()) }
    }

    fn may_write_dm(&self, author: Id, channel: &Channel) -> Result<(), Refusal> {
        if !channel.recipients.contains(&author) {
            return Err(Refusal::missing_access());
        }
        let other = channel.recipients.iter().find(|r| **r != BOT_ID).copied().unwrap_or(0);
        if author == BOT_ID && !self.share_a_community(other) {
            return Err(Refusal::no_server_in_common());
        }
        if author == BOT_ID && self.users.get(&other).is_some_and(|u| u.dms_closed) {
            return Err(Refusal::closed_dms());
        }
        Ok(())
    }

    /// A message in an archived thread reopens it, unless a moderator locked it.
    fn reopen_thread(&mut self, author: Id, channel: Id) -> Result<(), Refusal> {
        let Some(thread) = self.channels.get(&channel).and_then(|c| c.thread.as_ref()) else { return Ok(()) };
        if !thread.archived {
            return Ok(());
        }
        if thread.locked && !self.may(author, channel, permissions::MANAGE_THREADS) {
            return Err(Refusal::thread_archived());
        }
        self.change_thread(channel, |_, thread| thread.archived = false)
    }

    /// Writes without asking anybody: what Discord itself says, or what was checked already.
    pub(super) fn write(&mut self, mut draft: Draft) -> Id {
        let id = self.clock.next_id();
        let named = self.named(&Naming {
            channel: draft.channel,
            author: draft.author,
            text: &draft.content,
            replied_to: draft.reference.as_ref().filter(|_| draft.kind == REPLY).map(|r| r.message),
            allowed: draft.allowed.as_ref(),
            also: &draft.named,
            only_for: draft.ephemeral_for,
        });
        for file in &mut draft.files {
            file.id = self.clock.next_id();
        }
        let message = Message {
            id,
            channel: draft.channel,
            author: draft.author,
            kind: draft.kind,
            content: draft.content,
            at_ms: self.now_ms(),
            edited_ms: None,
            embeds: completed_embeds(draft.embeds),
            components: completed_components(draft.components),
            files: draft.files,
            pinged: named.pinged,
            mentions: named.users,
            mention_roles: named.roles,
            mention_everyone: named.everyone,
            reference: draft.reference,
            reactions: Vec::new(),
            poll: draft.poll,
            nonce: draft.nonce,
            flags: draft.flags,
            ephemeral_for: draft.ephemeral_for,
            interaction: draft.interaction,
            opened_thread: None,
        };
        self.stand(message);
        id
    }

    fn stand(&mut self, message: Message) {
        let (id, channel, author) = (message.id, message.channel, message.author);
        let (hidden, pinged) = (message.ephemeral_for.is_some(), message.pinged.clone());
        self.messages.insert(id, message);
        self.remember_shown(id);
        if hidden {
            return;
        }
        let Some(found) = self.channels.get_mut(&channel) else { return };
        found.timeline.insert(id);
        found.last_message = Some(id);
        let in_thread = found.thread.is_some();
        if let Some(thread) = &mut found.thread {
            thread.total_messages += 1;
        }
        if in_thread {
            for user in pinged.into_iter().chain([author]) {
                self.enter_thread(channel, user);
            }
        }
        self.tell_message("MESSAGE_CREATE", id);
    }

    /// Keeps what the bot showed, so that a test finds what was said for a moment only.
    fn remember_shown(&mut self, id: Id) {
        let Some(message) = self.messages.get(&id).filter(|m| m.author == BOT_ID) else { return };
        let readers = self.users.keys().copied().filter(|u| self.can_read(*u, message)).collect();
        self.shown.push(Shown { message: message.clone(), readers });
    }

    pub(super) fn tell_update(&mut self, id: Id) {
        self.tell_message("MESSAGE_UPDATE", id);
    }

    fn tell_message(&mut self, name: &'static str, id: Id) {
        let Some(found) = self.messages.get(&id).filter(|m| m.ephemeral_for.is_none()) else { return };
        let exempt = found.author == BOT_ID || found.mentions.contains(&BOT_ID);
        let (channel, data) = (found.channel, render::gateway_message(self, found));
        self.emit_text_in(channel, name, data, exempt);
    }

    /// Changes a message in place. That rings for nobody, unless the message said "thinking" until now.
    pub fn edit(&mut self, id: Id, body: &Value, allowed: Option<&AllowedMentions>) -> Result<(), Refusal> {
        let now = self.now_ms();
        let found = self.messages.get_mut(&id).ok_or_else(Refusal::unknown_message)?;
        if let Some(embeds) = body.get("embeds") {
            found.embeds = completed_embeds(embeds.as_array().cloned().unwrap_or_default());
        }
        if let Some(components) = body.get("components") {
            found.components = completed_components(components.as_array().cloned().unwrap_or_default());
        }
        if let Some(kept) = body.get("attachments").and_then(Value::as_array) {
            let kept: Vec<&str> = kept.iter().filter_map(|a| a["id"].as_str()).collect();
            found.files.retain(|f| kept.contains(&f.id.to_string().as_str()));
        }
        found.edited_ms = Some(now);
        if let Some(content) = body.get("content") {
            self.edit_text(id, content.as_str().unwrap_or(""), allowed);
        }
        if let Some(found) = self.messages.get_mut(&id) {
            found.flags &= !LOADING;
        }
        self.remember_shown(id);
        self.tell_update(id);
        Ok(())
    }

    fn edit_text(&mut self, id: Id, text: &str, allowed: Option<&AllowedMentions>) {
        let Some(before) = self.messages.get(&id) else { return };
        let named = self.named(&Naming {
            channel: before.channel,
            author: before.author,
            text,
            replied_to: before.reference.as_ref().filter(|_| before.kind == REPLY).map(|r| r.message),
            allowed,
            also: &[],
            only_for: before.ephemeral_for,
        });
        let Some(found) = self.messages.get_mut(&id) else { return };
        text.clone_into(&mut found.content);
        (found.mentions, found.mention_roles, found.mention_everyone) = (named.users, named.roles, named.everyone);
        if found.flags & LOADING != 0 {
            found.pinged = named.pinged;
        }
    }

    pub fn add_files(&mut self, id: Id, files: Vec<File>) {
        for mut file in files {
            file.id = self.clock.next_id();
            if let Some(found) = self.messages.get_mut(&id) {
                found.files.push(file);
            }
        }
    }

    pub fn delete_message(&mut self, id: Id) -> Result<(), Refusal> {
        let gone = self.messages.remove(&id).ok_or_else(Refusal::unknown_message)?;
        if gone.ephemeral_for.is_some() {
            return Ok(());
        }
        let Some(channel) = self.channels.get_mut(&gone.channel) else { return Ok(()) };
        channel.timeline.remove(&id);
        let mut data = json!({ "id": id.to_string(), "channel_id": gone.channel.to_string() });
        if let Some(guild) = channel.guild {
            data["guild_id"] = json!(guild.to_string());
        }
        self.emit_in(gone.channel, "MESSAGE_DELETE", data);
        Ok(())
    }

    /// A message that stands in that channel for all its readers.
    pub fn message_in(&self, channel: Id, id: Id) -> Result<&Message, Refusal> {
        let found = self.messages.get(&id).filter(|m| m.channel == channel && m.ephemeral_for.is_none());
        found.ok_or_else(Refusal::unknown_message)
    }
}
