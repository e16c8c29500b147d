//! Who may do what where: roles, overwrites, threads, DMs, as Discord computes it.

use std::collections::BTreeSet;

use super::{Channel, Community, Overwrite, World, kind};
use crate::Id;

pub const ADMINISTRATOR: u64 = 1 << 3;
pub const MANAGE_CHANNELS: u64 = 1 << 4;
pub const MANAGE_GUILD: u64 = 1 << 5;
pub const ADD_REACTIONS: u64 = 1 << 6;
pub const VIEW_CHANNEL: u64 = 1 << 10;
pub const SEND_MESSAGES: u64 = 1 << 11;
pub const MANAGE_MESSAGES: u64 = 1 << 13;
pub const EMBED_LINKS: u64 = 1 << 14;
pub const ATTACH_FILES: u64 = 1 << 15;
pub const READ_MESSAGE_HISTORY: u64 = 1 << 16;
pub const MENTION_EVERYONE: u64 = 1 << 17;
pub const CONNECT: u64 = 1 << 20;
pub const MANAGE_ROLES: u64 = 1 << 28;
pub const USE_APPLICATION_COMMANDS: u64 = 1 << 31;
pub const MANAGE_EVENTS: u64 = 1 << 33;
pub const MANAGE_THREADS: u64 = 1 << 34;
pub const CREATE_PUBLIC_THREADS: u64 = 1 << 35;
pub const CREATE_PRIVATE_THREADS: u64 = 1 << 36;
pub const SEND_MESSAGES_IN_THREADS: u64 = 1 << 38;
pub const CREATE_EVENTS: u64 = 1 << 44;
pub const SEND_POLLS: u64 = 1 << 49;

/// Every permission at once: what owners and administrators have.
pub const ALL: u64 = (1 << 53) - 1;

/// What `@everyone` may do in a new community.
pub const EVERYONE: u64 = VIEW_CHANNEL
    | SEND_MESSAGES
    | READ_MESSAGE_HISTORY
    | ADD_REACTIONS
    | EMBED_LINKS
    | ATTACH_FILES
    | USE_APPLICATION_COMMANDS
    | CREATE_PUBLIC_THREADS
    | SEND_MESSAGES_IN_THREADS
    | SEND_POLLS
    | CONNECT;

/// What the bot is invited with unless `Options::bot_permissions` says otherwise.
pub const BOT: u64 = EVERYONE & !CONNECT | CREATE_PRIVATE_THREADS | CREATE_EVENTS;

const DM: u64 = VIEW_CHANNEL | SEND_MESSAGES | READ_MESSAGE_HISTORY | ADD_REACTIONS | EMBED_LINKS | ATTACH_FILES;

impl Community {
    /// Permissions in the whole community, before any channel's overwrites.
    pub fn base_permissions(&self, user: Id) -> u64 {
        if user == self.owner {
            return ALL;
        }
        let Some(member) = self.members.get(&user) else { return 0 };
        let held = self
            .roles
            .iter()
            .filter(|(id, _)| **id == self.id || member.roles.contains(id))
            .fold(0, |sum, (_, role)| sum | role.permissions);
        if held & ADMINISTRATOR == 0 { held } else { ALL }
    }

    fn with_overwrites(&self, user: Id, base: u64, overwrites: &[Overwrite]) -> u64 {
        let roles: &BTreeSet<Id> = match self.members.get(&user) {
            Some(member) => &member.roles,
            None => return 0,
        };
        let of = |wanted: &dyn Fn(&&Overwrite) -> bool| {
            overwrites.iter().filter(wanted).fold((0, 0), |(allow, deny), o| (allow | o.allow, deny | o.deny))
        };
        // Weakest first: everyone, then all roles together, then the person.
        let layers = [
            of(&|o| o.id == self.id),
            of(&|o| !o.is_member && o.id != self.id && roles.contains(&o.id)),
            of(&|o| o.is_member && o.id == user),
        ];
        layers.iter().fold(base, |sum, (allow, deny)| (sum & !deny) | allow)
    }
}

impl World {
    /// What somebody may do in a channel, thread or DM; 0 where they cannot even see it.
    pub fn permissions(&self, user: Id, channel: &Channel) -> u64 {
        let Some(guild) = channel.guild else {
            return if channel.recipients.contains(&user) { DM } else { 0 };
        };
        let Some(community) = self.communities.get(&guild) else { return 0 };
        if !community.members.contains_key(&user) {
            return 0;
        }
        let base = community.base_permissions(user);
        if base == ALL {
            return ALL;
        }
        let parent = channel.parent.filter(|_| channel.thread.is_some());
        let ruling = parent.and_then(|id| self.channels.get(&id)).unwrap_or(channel);
        let held = community.with_overwrites(user, base, &ruling.overwrites);
        if held & VIEW_CHANNEL == 0 { 0 } else { Self::in_thread(user, channel, held) }
    }

    /// A private thread exists only for its members and for those who manage threads.
    fn in_thread(user: Id, channel: &Channel, held: u64) -> u64 {
        let outsider = channel.thread.as_ref().is_some_and(|t| !t.members.contains_key(&user));
        if channel.kind == kind::PRIVATE_THREAD && outsider && held & MANAGE_THREADS == 0 { 0 } else { held }
    }

    pub fn may(&self, user: Id, channel: Id, permission: u64) -> bool {
        self.channels.get(&channel).is_some_and(|c| self.permissions(user, c) & permission == permission)
    }

    pub fn can_see(&self, user: Id, channel: Id) -> bool {
        self.may(user, channel, VIEW_CHANNEL)
    }
}
