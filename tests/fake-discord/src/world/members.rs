//! Communities come to be, people join and leave, the bot is added and kicked.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use super::{Channel, Community, Member, Overwrite, Role, User, World, kind, permissions, render};
use crate::clock::timestamp;
use crate::{BOT_ID, Id};

impl World {
    /// A community with its founder, `@everyone`, and the bot in it.
    pub fn found_community(&mut self, name: &str) -> Id {
        let owner = self.new_user(&format!("founder of {name}"));
        let id = self.community_id();
        let everyone = Role {
            id,
            name: "@everyone".into(),
            permissions: permissions::EVERYONE,
            mentionable: false,
            of_bot: false,
        };
        let founder = Member { joined_ms: self.now_ms(), ..Member::default() };
        self.communities.insert(
            id,
            Community {
                id,
                name: name.into(),
                owner,
                roles: BTreeMap::from([(id, everyone)]),
                members: BTreeMap::from([(owner, founder)]),
                banned: BTreeSet::new(),
                channels: Vec::new(),
                events: BTreeMap::new(),
                voice: BTreeMap::new(),
                afk_channel: None,
                available: true,
            },
        );
        self.add_bot(id);
        id
    }

    pub fn new_user(&mut self, name: &str) -> Id {
        let id = self.account_id();
        self.users.insert(id, User { id, name: name.into(), bot: false, dms_closed: false });
        id
    }

    pub fn new_role(&mut self, guild: Id, name: &str, permissions: u64) -> Option<Id> {
        let id = self.clock.next_id();
        let role = Role { id, name: name.into(), permissions, mentionable: false, of_bot: false };
        self.communities.get_mut(&guild)?.roles.insert(id, role);
        let data = json!({ "guild_id": guild.to_string(), "role": render::role(&self.communities[&guild].roles[&id]) });
        self.tell_guild(guild, "GUILD_ROLE_CREATE", data);
        Some(id)
    }

    pub fn set_role_permissions(&mut self, guild: Id, role: Id, permissions: u64) {
        self.change_sight(guild, |world| {
            let found = world.communities.get_mut(&guild)?.roles.get_mut(&role)?;
            found.permissions = permissions;
            Some(("GUILD_ROLE_UPDATE", json!({ "guild_id": guild.to_string(), "role": render::role(found) })))
        });
    }

    /// Nobody has it any more; that is told by this event alone.
    pub fn delete_role(&mut self, guild: Id, role: Id) {
        self.change_sight(guild, |world| {
            let community = world.communities.get_mut(&guild)?;
            community.roles.remove(&role)?;
            community.members.values_mut().for_each(|member| {
                member.roles.remove(&role);
            });
            Some(("GUILD_ROLE_DELETE", json!({ "guild_id": guild.to_string(), "role_id": role.to_string() })))
        });
    }

    pub fn new_channel(&mut self, guild: Id, name: &str, channel_kind: u8) -> Id {
        let id = self.clock.next_id();
        let channel = Channel { id, guild: Some(guild), kind: channel_kind, name: name.into(), ..Channel::default() };
        self.channels.insert(id, channel);
        if let Some(community) = self.communities.get_mut(&guild) {
            community.channels.push(id);
        }
        self.emit_in(id, "CHANNEL_CREATE", render::channel(self, id));
        id
    }

    /// Sets what a role or member may do in a channel beyond its roles.
    pub fn set_overwrite(&mut self, channel: Id, overwrite: Overwrite) {
        let saw = self.can_see(BOT_ID, channel);
        let Some(found) = self.channels.get_mut(&channel) else { return };
        found.overwrites.retain(|o| o.id != overwrite.id);
        found.overwrites.push(overwrite);
        let Some(guild) = found.guild else { return };
        let data = render::channel(self, channel);
        let sees = self.can_see(BOT_ID, channel);
        match (saw, sees) {
            _ if self.tells_hidden => self.tell_guild(guild, "CHANNEL_UPDATE", data),
            (true, true) => self.tell_guild(guild, "CHANNEL_UPDATE", data),
            (false, true) => self.tell_guild(guild, "CHANNEL_CREATE", data),
            (true, false) => self.tell_guild(guild, "CHANNEL_DELETE", data),
            (false, false) => {}
        }
        if sees && !saw {
            self.tell_threads(guild, channel);
        }
    }

    /// Removes a channel or thread with all that stands in it.
    pub fn delete_channel(&mut self, id: Id) {
        let told = self.is_told_of(id);
        let data = render::channel(self, id);
        self.empty_voice(id);
        let children: Vec<Id> =
            self.channels.values().filter(|c| c.parent == Some(id) && c.thread.is_some()).map(|c| c.id).collect();
        for child in children {
            self.delete_channel(child);
        }
        let Some(gone) = self.channels.remove(&id) else { return };
        self.messages.retain(|_, m| m.channel != id);
        if let Some(community) = gone.guild.and_then(|g| self.communities.get_mut(&g)) {
            community.channels.retain(|c| *c != id);
        }
        let name = if gone.thread.is_some() { "THREAD_DELETE" } else { "CHANNEL_DELETE" };
        if told {
            self.emit(name, gone.guild, data);
        }
    }

    /// `false` where they are banned.
    pub fn join(&mut self, guild: Id, user: Id) -> bool {
        let member = Member { joined_ms: self.now_ms(), ..Member::default() };
        if let Some(community) = self.communities.get_mut(&guild) {
            if community.banned.contains(&user) {
                return false;
            }
            community.members.insert(user, member);
        }
        self.tell_member(guild, user, "GUILD_MEMBER_ADD");
        true
    }

    /// Out, and for good.
    pub fn ban(&mut self, guild: Id, user: Id) {
        self.leave(guild, user);
        let Some(community) = self.communities.get_mut(&guild) else { return };
        community.banned.insert(user);
        let data = json!({ "guild_id": guild.to_string(), "user": render::user(self, user) });
        self.tell_guild(guild, "GUILD_BAN_ADD", data);
    }

    pub fn leave(&mut self, guild: Id, user: Id) {
        self.leave_voice(guild, user);
        let Some(community) = self.communities.get_mut(&guild) else { return };
        if community.members.remove(&user).is_none() {
            return;
        }
        for channel in self.channels.values_mut().filter(|c| c.guild == Some(guild)) {
            if let Some(thread) = &mut channel.thread {
                thread.members.remove(&user);
            }
        }
        let data = json!({ "guild_id": guild.to_string(), "user": render::user(self, user) });
        self.tell_guild(guild, "GUILD_MEMBER_REMOVE", data);
    }

    pub fn give_role(&mut self, guild: Id, user: Id, role: Id) {
        self.with_member(guild, user, |m| {
            m.roles.insert(role);
        });
    }

    pub fn take_role(&mut self, guild: Id, user: Id, role: Id) {
        self.with_member(guild, user, |m| {
            m.roles.remove(&role);
        });
    }

    fn with_member(&mut self, guild: Id, user: Id, change: impl FnOnce(&mut Member)) {
        self.change_sight(guild, |world| {
            change(world.communities.get_mut(&guild)?.members.get_mut(&user)?);
            Some(("GUILD_MEMBER_UPDATE", world.told_member(guild, user)?))
        });
    }

    fn tell_member(&mut self, guild: Id, user: Id, name: &'static str) {
        if let Some(data) = self.told_member(guild, user) {
            self.tell_guild(guild, name, data);
        }
    }

    fn told_member(&self, guild: Id, user: Id) -> Option<serde_json::Value> {
        let mut data = render::member(self, guild, user)?;
        data["guild_id"] = json!(guild.to_string());
        Some(data)
    }

    /// An event of the whole community, told only while the bot is in it.
    pub(super) fn tell_guild(&mut self, guild: Id, name: &'static str, data: serde_json::Value) {
        if self.communities.get(&guild).is_some_and(|c| c.available && c.members.contains_key(&BOT_ID)) {
            self.emit(name, Some(guild), data);
        }
    }

    /// An admin follows the invite link.
    pub fn add_bot(&mut self, guild: Id) {
        let role = self.clock.next_id();
        let joined_ms = self.now_ms();
        let permissions = self.bot_permissions;
        let name = self.users[&BOT_ID].name.clone();
        let Some(community) = self.communities.get_mut(&guild) else { return };
        if community.members.contains_key(&BOT_ID) {
            return;
        }
        community.roles.insert(role, Role { id: role, name, permissions, mentionable: false, of_bot: true });
        community.members.insert(BOT_ID, Member { roles: [role].into(), joined_ms, nick: None });
        let data = render::guild_create(self, guild);
        self.emit("GUILD_CREATE", Some(guild), data);
    }

    pub fn kick_bot(&mut self, guild: Id) {
        let Some(community) = self.communities.get_mut(&guild) else { return };
        community.members.remove(&BOT_ID);
        community.roles.retain(|_, role| !role.of_bot);
        self.emit("GUILD_DELETE", Some(guild), json!({ "id": guild.to_string() }));
    }

    /// An outage of Discord begins or ends for a community.
    pub fn set_available(&mut self, guild: Id, available: bool) {
        let Some(community) = self.communities.get_mut(&guild) else { return };
        community.available = available;
        if available {
            let data = render::guild_create(self, guild);
            self.emit("GUILD_CREATE", Some(guild), data);
        } else {
            self.emit("GUILD_DELETE", Some(guild), json!({ "id": guild.to_string(), "unavailable": true }));
        }
    }

    /// The bot's own role in a community.
    pub fn bot_role(&self, guild: Id) -> Option<Id> {
        self.communities.get(&guild)?.roles.values().find(|r| r.of_bot).map(|r| r.id)
    }

    /// The DM channel of the bot with somebody, opened if need be.
    pub fn open_dm(&mut self, user: Id) -> Id {
        let open = self.channels.values().find(|c| c.kind == kind::DM && c.recipients.contains(&user));
        if let Some(channel) = open {
            return channel.id;
        }
        let id = self.clock.next_id();
        let channel = Channel { id, kind: kind::DM, recipients: vec![BOT_ID, user], ..Channel::default() };
        self.channels.insert(id, channel);
        let data = render::channel(self, id);
        self.emit("CHANNEL_CREATE", None, data);
        id
    }

    pub fn share_a_community(&self, user: Id) -> bool {
        self.communities.values().any(|c| c.members.contains_key(&BOT_ID) && c.members.contains_key(&user))
    }

    pub(super) fn joined_at(&self, guild: Id, user: Id) -> Option<String> {
        Some(timestamp(self.communities.get(&guild)?.members.get(&user)?.joined_ms))
    }
}
