//! A person: writes, answers, reacts, leaves.

use super::looking::{Message, Shown, dm_of};
use super::{Channel, Community, Role};
use crate::refusal::Refusal;
use crate::world::{Draft, File, NewThread, Reference, kind, messages, permissions};
use crate::{Discord, Id};

/// Somebody with an account, acting in one community. Clones are the same person.
#[derive(Debug, Clone)]
pub struct Person {
    pub(super) discord: Discord,
    pub id: Id,
    pub community: Id,
}

impl Person {
    pub fn name(&self) -> String {
        self.discord.world(|w| w.users[&self.id].name.clone())
    }

    /// How a text mentions this person.
    pub fn mention(&self) -> String {
        format!("<@{}>", self.id)
    }

    /// The same person, acting in another community where they are a member.
    #[must_use]
    pub fn at(&self, community: &Community) -> Self {
        Self { community: community.id, ..self.clone() }
    }

    fn done<T>(&self, what: &str, outcome: Result<T, Refusal>) -> T {
        outcome.unwrap_or_else(|refusal| panic!("{} cannot {what}: {}", self.name(), refusal.message))
    }

    /// Writes a message.
    ///
    /// # Panics
    /// If this person may not write there. So do all other acts.
    pub fn says(&self, channel: &Channel, text: &str) -> Message {
        self.writes(Draft::new(channel.id, self.id, text))
    }

    fn writes(&self, draft: Draft) -> Message {
        let channel = draft.channel;
        let id = self.done("write there", self.discord.change_world(|w| w.post(draft)));
        Message { discord: self.discord.clone(), id, channel }
    }

    /// Lays a file ready for an option of a command that takes one: `/meet busy file:busy.ics`.
    pub fn hands_over(&self, name: &str, bytes: &[u8]) {
        self.discord.change_world(|w| {
            let id = w.clock.next_id();
            let content_type = "application/octet-stream".to_owned();
            w.handed.insert(id, File { id, name: name.to_owned(), content_type, bytes: bytes.to_vec() });
        });
    }

    /// Answers a message, which names its author.
    ///
    /// # Panics
    /// If that message is gone, or this person may not write there.
    pub fn replies_to(&self, to: &impl Shown, text: &str) -> Message {
        let message = to.message_id();
        let channel = self.discord.world(|w| w.messages.get(&message).map(|m| m.channel));
        let channel = channel.unwrap_or_else(|| panic!("the message that {} answers is gone", self.name()));
        let reference = Some(Reference { channel, message });
        self.writes(Draft { kind: messages::REPLY, reference, ..Draft::new(channel, self.id, text) })
    }

    /// Writes a message that names people.
    pub fn mentions(&self, channel: &Channel, people: &[&Person], text: &str) -> Message {
        let names: Vec<String> = people.iter().map(|p| p.mention()).collect();
        self.says(channel, &format!("{} {text}", names.join(" ")))
    }

    /// Writes to the bot alone.
    pub fn writes_to_bot(&self, text: &str) -> Message {
        let dm = self.dm();
        self.says(&dm, text)
    }

    /// The DM channel with the bot, opened if need be.
    pub fn dm(&self) -> Channel {
        let id = self.discord.world(|w| dm_of(w, self.id));
        let id = id.unwrap_or_else(|| self.discord.change_world(|w| w.open_dm(self.id)));
        self.discord.channel_by_id(id)
    }

    pub fn edits(&self, message: &impl Shown, text: &str) {
        let body = serde_json::json!({ "content": text });
        self.done("edit it", self.discord.change_world(|w| w.edit(message.message_id(), &body, None)));
    }

    /// Deletes an own message, or as a moderator any other.
    pub fn deletes(&self, message: &impl Shown) {
        let id = message.message_id();
        let outcome = self.discord.change_world(|w| {
            let found = w.messages.get(&id).ok_or_else(Refusal::unknown_message)?;
            if found.author != self.id && !w.may(self.id, found.channel, permissions::MANAGE_MESSAGES) {
                return Err(Refusal::missing_permissions());
            }
            w.delete_message(id)
        });
        self.done("delete it", outcome);
    }

    pub fn reacts(&self, message: &impl Shown, emoji: &str) {
        let id = message.message_id();
        let outcome = self.discord.change_world(|w| w.react(self.id, id, emoji));
        self.done(&format!("react with {emoji}"), outcome);
    }

    pub fn unreacts(&self, message: &impl Shown, emoji: &str) {
        let id = message.message_id();
        self.done("take it back", self.discord.change_world(|w| w.unreact(self.id, id, emoji)));
    }

    /// Chooses these answers in a poll of Discord's own, and no others.
    pub fn votes(&self, message: &impl Shown, answers: &[&str]) {
        let id = message.message_id();
        let outcome = self.discord.change_world(|w| w.vote(self.id, id, answers));
        self.done(&format!("vote for {answers:?}"), outcome);
    }

    /// Opens a public thread under a channel.
    pub fn opens_thread(&self, parent: &Channel, name: &str) -> Channel {
        let new = NewThread {
            parent: parent.id,
            from_message: None,
            name: name.into(),
            kind: kind::PUBLIC_THREAD,
            auto_archive_minutes: 4320,
            invitable: true,
        };
        let id = self.done("open a thread", self.discord.change_world(|w| w.open_thread(self.id, &new)));
        self.discord.channel_by_id(id)
    }

    pub fn closes_dms(&self) {
        self.set_dms_closed(true);
    }

    pub fn opens_dms(&self) {
        self.set_dms_closed(false);
    }

    fn set_dms_closed(&self, closed: bool) {
        self.discord.change_world(|w| {
            if let Some(user) = w.users.get_mut(&self.id) {
                user.dms_closed = closed;
            }
        });
    }

    pub fn leaves(&self, community: &Community) {
        self.discord.change_world(|w| w.leave(community.id, self.id));
    }

    /// Leaves a thread.
    pub fn leaves_thread(&self, thread: &Channel) {
        self.done("leave", self.discord.change_world(|w| w.remove_from_thread(thread.id, self.id)));
    }

    pub fn takes_role(&self, role: &Role) {
        self.discord.change_world(|w| w.give_role(role.community, self.id, role.id));
    }

    pub fn drops_role(&self, role: &Role) {
        self.discord.change_world(|w| w.take_role(role.community, self.id, role.id));
    }
}
