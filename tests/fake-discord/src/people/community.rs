//! Communities, their channels and roles, and what their admins do.

use super::Person;
use super::looking::SeenMessage;
use crate::world::{ScheduledEvent, kind, permissions};
use crate::{BOT_ID, Discord, Id};

#[derive(Debug, Clone)]
pub struct Community {
    pub(super) discord: Discord,
    pub id: Id,
}

/// A channel, thread or DM.
#[derive(Debug, Clone)]
pub struct Channel {
    pub(super) discord: Discord,
    pub id: Id,
}

#[derive(Debug, Clone)]
pub struct Role {
    pub(super) discord: Discord,
    pub id: Id,
    pub community: Id,
}

impl Discord {
    /// A new community with the bot in it, and nothing else yet.
    pub fn community(&self, name: &str) -> Community {
        let id = self.change_world(|w| w.found_community(name));
        Community { discord: self.clone(), id }
    }

    pub fn communities(&self) -> Vec<Community> {
        let ids: Vec<Id> = self.world(|w| w.communities.keys().copied().collect());
        ids.into_iter().map(|id| Community { discord: self.clone(), id }).collect()
    }

    pub fn channel_by_id(&self, id: Id) -> Channel {
        Channel { discord: self.clone(), id }
    }
}

impl Community {
    /// A text channel.
    pub fn channel(&self, name: &str) -> Channel {
        self.channel_of_kind(name, kind::TEXT)
    }

    /// A channel of one of the kinds in `world::kind`.
    pub fn channel_of_kind(&self, name: &str, channel_kind: u8) -> Channel {
        let id = self.discord.change_world(|w| w.new_channel(self.id, name, channel_kind));
        Channel { discord: self.discord.clone(), id }
    }

    /// A category, in which channels may stand.
    pub fn category(&self, name: &str) -> Channel {
        self.channel_of_kind(name, kind::CATEGORY)
    }

    /// A new account that joins this community.
    pub fn person(&self, name: &str) -> Person {
        let id = self.discord.change_world(|w| {
            let id = w.new_user(name);
            w.join(self.id, id);
            id
        });
        Person { discord: self.discord.clone(), id, community: self.id }
    }

    /// A new account with *Manage Server*.
    pub fn admin(&self, name: &str) -> Person {
        let person = self.person(name);
        person.takes_role(&self.role_with("admins", permissions::MANAGE_GUILD));
        person
    }

    /// A new account that may manage messages and threads, and so reads private threads.
    pub fn moderator(&self, name: &str) -> Person {
        let person = self.person(name);
        let held = permissions::MANAGE_MESSAGES | permissions::MANAGE_THREADS;
        person.takes_role(&self.role_with("moderators", held));
        person
    }

    /// Somebody who has an account joins this community too.
    ///
    /// # Panics
    /// If they are banned.
    pub fn lets_in(&self, person: &Person) -> Person {
        let joined = self.discord.change_world(|w| w.join(self.id, person.id));
        assert!(joined, "{} is banned", person.name());
        Person { community: self.id, ..person.clone() }
    }

    /// A moderator bans somebody: they are out, and cannot come back.
    pub fn bans(&self, person: &Person) {
        self.discord.change_world(|w| w.ban(self.id, person.id));
    }

    pub fn role(&self, name: &str) -> Role {
        self.role_with(name, 0)
    }

    /// A role with permissions of `permissions`.
    pub fn role_with(&self, name: &str, held: u64) -> Role {
        let id = self.discord.change_world(|w| w.new_role(self.id, name, held));
        Role { discord: self.discord.clone(), id: id.unwrap_or(0), community: self.id }
    }

    pub fn everyone(&self) -> Role {
        Role { discord: self.discord.clone(), id: self.id, community: self.id }
    }

    /// The bot's own role; `None` while it is not in the community.
    pub fn bot_role(&self) -> Option<Role> {
        let id = self.discord.world(|w| w.bot_role(self.id))?;
        Some(Role { discord: self.discord.clone(), id, community: self.id })
    }

    pub fn channels(&self) -> Vec<Channel> {
        let ids = self.discord.world(|w| w.communities.get(&self.id).map(|c| c.channels.clone()));
        ids.unwrap_or_default().into_iter().map(|id| self.discord.channel_by_id(id)).collect()
    }

    /// Threads, archived ones too.
    pub fn threads(&self) -> Vec<Channel> {
        let mine: Vec<Id> = self.discord.world(|w| {
            w.channels.values().filter(|c| c.guild == Some(self.id) && c.thread.is_some()).map(|c| c.id).collect()
        });
        mine.into_iter().map(|id| self.discord.channel_by_id(id)).collect()
    }

    /// The public list of scheduled events.
    pub fn events(&self) -> Vec<ScheduledEvent> {
        self.discord
            .world(|w| w.communities.get(&self.id).map(|c| c.events.values().cloned().collect()).unwrap_or_default())
    }

    /// A moderator deletes an entry of that list by hand.
    pub fn deletes_event(&self, event: &ScheduledEvent) {
        self.discord.change_world(|w| w.delete_event(self.id, event.id));
    }

    pub fn has_bot(&self) -> bool {
        self.discord.world(|w| w.communities.get(&self.id).is_some_and(|c| c.members.contains_key(&BOT_ID)))
    }

    pub fn kicks_bot(&self) {
        self.discord.change_world(|w| w.kick_bot(self.id));
    }

    pub fn adds_bot(&self) {
        self.discord.change_world(|w| w.add_bot(self.id));
    }

    /// Discord itself loses this community for a while: `GUILD_DELETE` with `unavailable`.
    pub fn goes_down(&self) {
        self.discord.change_world(|w| w.set_available(self.id, false));
    }

    pub fn comes_back(&self) {
        self.discord.change_world(|w| w.set_available(self.id, true));
    }

    /// Takes permissions from the bot everywhere: out of its role, and denied in each channel.
    pub fn takes_from_bot(&self, taken: u64) {
        self.change_bot_role(|held| held & !taken);
        self.channels().iter().for_each(|c| c.denies_bot(taken));
    }

    pub fn gives_bot(&self, given: u64) {
        self.change_bot_role(|held| held | given);
        self.channels().iter().for_each(|c| c.allows_bot(given));
    }

    /// Somebody gives the bot another role.
    pub fn gives_bot_role(&self, role: &Role) {
        self.discord.change_world(|w| w.give_role(self.id, BOT_ID, role.id));
    }

    pub fn takes_bot_role(&self, role: &Role) {
        self.discord.change_world(|w| w.take_role(self.id, BOT_ID, role.id));
    }

    fn change_bot_role(&self, change: impl Fn(u64) -> u64) {
        if let Some(role) = self.bot_role() {
            role.holds(change(role.permissions()));
        }
    }
}

impl Role {
    pub fn permissions(&self) -> u64 {
        self.discord.world(|w| w.communities[&self.community].roles.get(&self.id).map_or(0, |r| r.permissions))
    }

    /// An admin deletes it.
    pub fn is_deleted(&self) {
        self.discord.change_world(|w| w.delete_role(self.community, self.id));
    }

    /// Sets the role's permissions.
    pub fn holds(&self, held: u64) {
        self.discord.change_world(|w| w.set_role_permissions(self.community, self.id, held));
    }
}

impl Channel {
    pub fn name(&self) -> String {
        self.discord.world(|w| w.channels.get(&self.id).map(|c| c.name.clone()).unwrap_or_default())
    }

    pub fn exists(&self) -> bool {
        self.discord.world(|w| w.channels.contains_key(&self.id))
    }

    /// Discord's channel type, see `world::kind`.
    pub fn kind(&self) -> Option<u8> {
        self.discord.world(|w| w.channels.get(&self.id).map(|c| c.kind))
    }

    pub fn parent(&self) -> Option<Id> {
        self.discord.world(|w| w.channels.get(&self.id)?.parent)
    }

    pub fn is_private_thread(&self) -> bool {
        self.kind() == Some(kind::PRIVATE_THREAD)
    }

    pub fn is_archived(&self) -> bool {
        self.discord.world(|w| w.channels.get(&self.id).and_then(|c| c.thread.as_ref()).is_some_and(|t| t.archived))
    }

    /// Who is in this thread.
    pub fn thread_members(&self) -> Vec<Id> {
        self.discord.world(|w| {
            let thread = w.channels.get(&self.id).and_then(|c| c.thread.as_ref());
            thread.map(|t| t.members.keys().copied().collect()).unwrap_or_default()
        })
    }

    /// All that stands here for all readers, oldest first.
    pub fn messages(&self) -> Vec<SeenMessage> {
        self.discord.world(|w| {
            let ids = w.channels.get(&self.id).map(|c| c.timeline.clone()).unwrap_or_default();
            ids.iter().filter_map(|m| w.messages.get(m)).map(|m| SeenMessage::of(&self.discord, w, m)).collect()
        })
    }

    /// An admin deletes it, with all that stands in it.
    pub fn is_deleted(&self) {
        self.discord.change_world(|w| w.delete_channel(self.id));
    }

    /// An admin moves it into a category, or out of it.
    pub fn stands_in(&self, category: Option<&Channel>) {
        self.discord.change_world(|w| {
            if let Some(channel) = w.channels.get_mut(&self.id) {
                channel.parent = category.map(|category| category.id);
            }
            let data = crate::world::render::channel(w, self.id);
            w.emit_in(self.id, "CHANNEL_UPDATE", data);
        });
    }

    pub fn is_marked_age_restricted(&self) {
        self.discord.change_world(|w| {
            if let Some(channel) = w.channels.get_mut(&self.id) {
                channel.nsfw = true;
            }
            let data = crate::world::render::channel(w, self.id);
            w.emit_in(self.id, "CHANNEL_UPDATE", data);
        });
    }

    /// A thread is archived, as Discord does after a quiet time.
    ///
    /// # Panics
    /// If this is no thread.
    pub fn is_archived_now(&self) {
        let done = self.discord.change_world(|w| w.change_thread(self.id, |_, thread| thread.archived = true));
        assert!(done.is_ok(), "{} is no thread: {done:?}", self.name());
    }

    /// A moderator archives and locks a thread.
    ///
    /// # Panics
    /// If this is no thread.
    pub fn is_locked_now(&self) {
        let done = self
            .discord
            .change_world(|w| w.change_thread(self.id, |_, thread| (thread.archived, thread.locked) = (true, true)));
        assert!(done.is_ok(), "{} is no thread: {done:?}", self.name());
    }
}
