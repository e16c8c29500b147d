//! Threads: public ones under a channel or message, private ones for their members only.

use std::collections::BTreeMap;

use serde_json::json;

use super::{Channel, Draft, Reference, World, kind, permissions, render};
use crate::refusal::Refusal;
use crate::{BOT_ID, Id};

/// Message types that Discord writes by itself around threads.
const RECIPIENT_ADDED: u8 = 1;
const THREAD_CREATED: u8 = 18;
const STARTER: u8 = 21;

/// Message flag: this message has a thread.
const HAS_THREAD: u64 = 1 << 5;

/// What a thread is beyond a channel. Times in milliseconds since 1970.
#[derive(Debug, Clone, Default)]
pub struct Thread {
    pub owner: Id,
    pub archived: bool,
    pub locked: bool,
    pub invitable: bool,
    pub auto_archive_minutes: u32,
    pub created_ms: i64,
    pub archive_changed_ms: i64,
    /// Since when each member is in it.
    pub members: BTreeMap<Id, i64>,
    pub total_messages: u64,
}

/// What somebody asks for when opening a thread.
#[derive(Debug, Clone)]
pub struct NewThread {
    pub parent: Id,
    pub from_message: Option<Id>,
    pub name: String,
    pub kind: u8,
    pub auto_archive_minutes: u32,
    pub invitable: bool,
}

impl World {
    pub fn active_threads(&self, guild: Id) -> Vec<Id> {
        let open = |c: &&Channel| c.guild == Some(guild) && c.thread.as_ref().is_some_and(|t| !t.archived);
        self.channels.values().filter(open).map(|c| c.id).collect()
    }

    pub fn open_thread(&mut self, by: Id, new: &NewThread) -> Result<Id, Refusal> {
        let parent = self.channels.get(&new.parent).ok_or_else(Refusal::unknown_channel)?;
        let guild = parent.guild.ok_or_else(Refusal::not_in_dms)?;
        self.may_open_thread(by, parent, guild, new)?;
        let id = new.from_message.unwrap_or_else(|| self.clock.next_id());
        let now = self.now_ms();
        let thread = Thread {
            owner: by,
            invitable: new.invitable,
            auto_archive_minutes: new.auto_archive_minutes,
            created_ms: now,
            archive_changed_ms: now,
            members: BTreeMap::from([(by, now)]),
            ..Thread::default()
        };
        let channel = Channel {
            id,
            guild: Some(guild),
            kind: new.kind,
            name: new.name.clone(),
            parent: Some(new.parent),
            thread: Some(thread),
            ..Channel::default()
        };
        self.channels.insert(id, channel);
        let mut data = render::channel(self, id);
        data["newly_created"] = json!(true);
        self.emit_in(id, "THREAD_CREATE", data);
        self.announce_thread(by, id, new);
        Ok(id)
    }

    fn may_open_thread(&self, by: Id, parent: &Channel, guild: Id, new: &NewThread) -> Result<(), Refusal> {
        if !matches!(parent.kind, kind::TEXT | kind::ANNOUNCEMENT) || parent.thread.is_some() {
            return Err(Refusal::not_on_this_kind());
        }
        let private = new.kind == kind::PRIVATE_THREAD;
        if private && parent.kind != kind::TEXT {
            return Err(Refusal::not_on_this_kind());
        }
        let needed = if private { permissions::CREATE_PRIVATE_THREADS } else { permissions::CREATE_PUBLIC_THREADS };
        if !self.may(by, parent.id, needed) {
            return Err(Refusal::missing_permissions());
        }
        if let Some(message) = new.from_message {
            let found = self.messages.get(&message).filter(|m| m.channel == parent.id);
            let found = found.ok_or_else(Refusal::unknown_message)?;
            if found.opened_thread.is_some() {
                return Err(Refusal::thread_exists());
            }
        }
        if self.active_threads(guild).len() >= self.limits.active_threads {
            return Err(Refusal::too_many_threads());
        }
        Ok(())
    }

    /// The lines that Discord itself writes when a thread begins.
    fn announce_thread(&mut self, by: Id, thread: Id, new: &NewThread) {
        if let Some(message) = new.from_message {
            if let Some(found) = self.messages.get_mut(&message) {
                found.opened_thread = Some(thread);
                found.flags |= HAS_THREAD;
            }
            self.tell_update(message);
            let starter = Draft {
                kind: STARTER,
                reference: Some(Reference { channel: new.parent, message }),
                ..Draft::new(thread, by, "")
            };
            self.write(starter);
        } else if new.kind == kind::PUBLIC_THREAD {
            let line = Draft { kind: THREAD_CREATED, ..Draft::new(new.parent, by, &new.name) };
            self.write(line);
        }
    }

    /// Adds somebody, which pings them with a line in the thread.
    pub fn add_to_thread(&mut self, by: Id, thread: Id, user: Id) -> Result<(), Refusal> {
        let found = self.channels.get(&thread).ok_or_else(Refusal::unknown_channel)?;
        let (parent, guild) = (found.parent, found.guild);
        let state = found.thread.as_ref().ok_or_else(Refusal::not_on_this_kind)?;
        if state.members.contains_key(&user) {
            return Ok(());
        }
        if state.archived {
            return Err(Refusal::thread_archived());
        }
        if state.members.len() >= self.limits.thread_members {
            return Err(Refusal::thread_full());
        }
        let community = guild.and_then(|g| self.communities.get(&g));
        if !community.is_some_and(|c| c.members.contains_key(&user)) {
            return Err(Refusal::unknown_member());
        }
        if !parent.is_some_and(|p| self.can_see(user, p)) {
            return Err(Refusal::missing_access());
        }
        self.enter_thread(thread, user);
        if by != user {
            let line = Draft { kind: RECIPIENT_ADDED, named: vec![user], ..Draft::new(thread, by, "") };
            self.write(line);
        }
        Ok(())
    }

    /// Membership without a ping: who joins by itself or is named in a message.
    pub(super) fn enter_thread(&mut self, thread: Id, user: Id) {
        let now = self.now_ms();
        let Some(state) = self.channels.get_mut(&thread).and_then(|c| c.thread.as_mut()) else { return };
        if state.members.insert(user, now).is_none() {
            self.tell_thread_members(thread, &[user], &[]);
        }
    }

    pub fn remove_from_thread(&mut self, thread: Id, user: Id) -> Result<(), Refusal> {
        let found = self.channels.get_mut(&thread).ok_or_else(Refusal::unknown_channel)?;
        let state = found.thread.as_mut().ok_or_else(Refusal::not_on_this_kind)?;
        if state.members.remove(&user).is_some() {
            self.tell_thread_members(thread, &[], &[user]);
        }
        Ok(())
    }

    fn tell_thread_members(&mut self, thread: Id, added: &[Id], removed: &[Id]) {
        let Some(found) = self.channels.get(&thread) else { return };
        let guild = found.guild;
        let count = found.thread.as_ref().map_or(0, |t| t.members.len());
        let members: Vec<_> = added
            .iter()
            .map(|user| {
                let mut value = render::thread_member(self, thread, *user);
                value["member"] = json!(guild.and_then(|g| render::member(self, g, *user)));
                value
            })
            .collect();
        let data = json!({
            "id": thread.to_string(), "guild_id": guild.map(|g| g.to_string()), "member_count": count.min(50),
            "added_members": members, "removed_member_ids": removed.iter().map(Id::to_string).collect::<Vec<_>>(),
        });
        if added.contains(&BOT_ID) {
            let whole = render::channel(self, thread);
            self.emit_in(thread, "THREAD_CREATE", whole);
        }
        self.emit_in(thread, "THREAD_MEMBERS_UPDATE", data);
    }

    pub fn change_thread(&mut self, thread: Id, change: impl FnOnce(&mut Channel, &mut Thread)) -> Result<(), Refusal> {
        let now = self.now_ms();
        let found = self.channels.get_mut(&thread).ok_or_else(Refusal::unknown_channel)?;
        let mut state = found.thread.take().ok_or_else(Refusal::not_on_this_kind)?;
        let was = state.archived;
        change(found, &mut state);
        if state.archived != was {
            state.archive_changed_ms = now;
        }
        found.thread = Some(state);
        let data = render::channel(self, thread);
        self.emit_in(thread, "THREAD_UPDATE", data);
        Ok(())
    }
}
