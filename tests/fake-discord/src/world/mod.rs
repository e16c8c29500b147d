//! What exists: communities, channels, messages, people, interactions. Pure state, no I/O.
//!
//! Each change leaves the events that it causes in an outbox, which the gateway carries out.

pub mod commands;
mod completed;
pub mod events;
mod interactions;
mod members;
mod mentions;
pub mod messages;
mod passing;
pub mod permissions;
mod polls;
mod reactions;
pub mod render;
mod seeing;
mod threads;
mod voice;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

pub use commands::Command;
pub use events::ScheduledEvent;
pub use interactions::{Act, Interaction, InteractionKind, Reply};
pub use mentions::{Allowed, AllowedMentions};
pub use messages::{Draft, File, Message, Reference};
pub use polls::Poll;
pub use reactions::Reaction;
pub use threads::{NewThread, Thread};
pub use voice::{VoiceState, VoiceStates};

use crate::clock::{Clock, snowflake_at};
use crate::refusal::Refusal;
use crate::{BOT_ID, Id};

/// Channel types, as Discord numbers them.
pub mod kind {
    pub const TEXT: u8 = 0;
    pub const DM: u8 = 1;
    pub const VOICE: u8 = 2;
    pub const CATEGORY: u8 = 4;
    pub const ANNOUNCEMENT: u8 = 5;
    pub const PUBLIC_THREAD: u8 = 11;
    pub const PRIVATE_THREAD: u8 = 12;
    pub const STAGE: u8 = 13;
    pub const FORUM: u8 = 15;
}

/// An account of Discord.
#[derive(Debug, Clone)]
pub struct User {
    pub id: Id,
    pub name: String,
    pub bot: bool,
    pub dms_closed: bool,
}

/// Somebody's membership in one community. Times in milliseconds since 1970.
#[derive(Debug, Clone, Default)]
pub struct Member {
    pub roles: BTreeSet<Id>,
    pub joined_ms: i64,
    pub nick: Option<String>,
}

#[derive(Debug, Clone)]
pub struct Role {
    pub id: Id,
    pub name: String,
    pub permissions: u64,
    pub mentionable: bool,
    /// The role that Discord makes for a bot when it is invited.
    pub of_bot: bool,
}

/// Allows and denies permissions in one channel, to a role or to a member.
#[derive(Debug, Clone)]
pub struct Overwrite {
    pub id: Id,
    pub is_member: bool,
    pub allow: u64,
    pub deny: u64,
}

/// A guild.
#[derive(Debug, Clone)]
pub struct Community {
    pub id: Id,
    pub name: String,
    pub owner: Id,
    pub roles: BTreeMap<Id, Role>,
    pub members: BTreeMap<Id, Member>,
    /// Who may not come back.
    pub banned: BTreeSet<Id>,
    /// Channels in the order of their making, without threads.
    pub channels: Vec<Id>,
    pub events: BTreeMap<Id, ScheduledEvent>,
    /// Who is in a voice channel.
    pub voice: VoiceStates,
    pub afk_channel: Option<Id>,
    /// False during an outage of Discord.
    pub available: bool,
}

/// A channel of a community, a thread, or a DM with the bot.
#[derive(Debug, Clone, Default)]
pub struct Channel {
    pub id: Id,
    pub guild: Option<Id>,
    pub kind: u8,
    pub name: String,
    pub topic: Option<String>,
    pub nsfw: bool,
    pub parent: Option<Id>,
    pub overwrites: Vec<Overwrite>,
    pub recipients: Vec<Id>,
    pub thread: Option<Thread>,
    /// Messages that stand here, without ephemeral ones.
    pub timeline: BTreeSet<Id>,
    /// Stays when that message is deleted, as Discord's does.
    pub last_message: Option<Id>,
}

/// Something that the gateway must tell the bot's sessions.
#[derive(Debug, Clone)]
pub struct Event {
    pub name: &'static str,
    /// The community decides the shard; what belongs to none goes to shard 0.
    pub guild: Option<Id>,
    pub data: Value,
    /// Whether text, embeds, files and components are only for sessions with `MESSAGE_CONTENT`.
    pub needs_content_intent: bool,
}

/// One state of a message of the bot, with who could read it at that moment.
#[derive(Debug, Clone)]
pub struct Shown {
    pub message: Message,
    pub readers: BTreeSet<Id>,
}

/// Limits that a test may lower to reach them.
#[derive(Debug, Clone)]
pub struct Limits {
    pub active_threads: usize,
    pub thread_members: usize,
    /// Bytes of one file; told with each interaction.
    pub file_bytes: usize,
}

/// Everything that exists.
#[derive(Debug)]
pub struct World {
    pub clock: Clock,
    pub users: BTreeMap<Id, User>,
    pub communities: BTreeMap<Id, Community>,
    pub channels: BTreeMap<Id, Channel>,
    pub messages: BTreeMap<Id, Message>,
    pub interactions: BTreeMap<Id, Interaction>,
    /// Registered commands: `None` for global ones.
    pub commands: BTreeMap<Option<Id>, Vec<Command>>,
    /// How often a whole set of commands was overwritten.
    pub bulk_overwrites: usize,
    pub limits: Limits,
    /// Files that people hand over with commands, and where this Discord keeps them.
    pub handed: BTreeMap<Id, File>,
    pub keeps_files_at: String,
    pub bot_permissions: u64,
    /// Whether the bot is told of channels that it cannot see, as Discord does; else such a channel is made for it when it
    /// comes into sight, and deleted when it goes out of it.
    pub tells_hidden: bool,
    /// What of the bot's own was ever shown, and to whom, though it was changed or deleted later.
    pub shown: Vec<Shown>,
    outbox: Vec<Event>,
    nonces: BTreeMap<(Id, String), (Id, i64)>,
    born: i64,
    founded: i64,
}

/// Accounts and communities are older than what happens in a test.
const AGE_OF_ACCOUNTS_MS: i64 = 400 * 24 * 3600 * 1000;
const AGE_OF_COMMUNITIES_MS: i64 = 200 * 24 * 3600 * 1000;

impl World {
    pub fn new(now_ms: i64, bot_permissions: u64) -> Self {
        let bot = User { id: BOT_ID, name: "Wallflower".into(), bot: true, dms_closed: false };
        Self {
            clock: Clock::starting_at(now_ms),
            users: BTreeMap::from([(BOT_ID, bot)]),
            communities: BTreeMap::new(),
            channels: BTreeMap::new(),
            messages: BTreeMap::new(),
            interactions: BTreeMap::new(),
            commands: BTreeMap::new(),
            bulk_overwrites: 0,
            limits: Limits { active_threads: 1000, thread_members: 1000, file_bytes: 10 * 1024 * 1024 },
            handed: BTreeMap::new(),
            keeps_files_at: String::new(),
            bot_permissions,
            tells_hidden: false,
            shown: Vec::new(),
            outbox: Vec::new(),
            nonces: BTreeMap::new(),
            born: 0,
            founded: 0,
        }
    }

    pub fn now_ms(&self) -> i64 {
        self.clock.now_ms()
    }

    /// The id of an account made long ago, each in its own millisecond.
    pub(super) fn account_id(&mut self) -> Id {
        self.born += 1;
        snowflake_at(self.clock.now_ms() - AGE_OF_ACCOUNTS_MS + self.born)
    }

    /// The id of a community, each in its own millisecond, so that they spread evenly over shards.
    pub(super) fn community_id(&mut self) -> Id {
        self.founded += 1;
        snowflake_at(self.clock.now_ms() - AGE_OF_COMMUNITIES_MS + self.founded)
    }

    pub fn emit(&mut self, name: &'static str, guild: Option<Id>, data: Value) {
        self.outbox.push(Event { name, guild, data, needs_content_intent: false });
    }

    /// An event of a channel, told only if the bot can see it.
    pub fn emit_in(&mut self, channel: Id, name: &'static str, data: Value) {
        if self.is_told_of(channel) {
            self.emit(name, self.guild_of(channel), data);
        }
    }

    /// As `emit_in`, for events that carry what somebody wrote.
    pub fn emit_text_in(&mut self, channel: Id, name: &'static str, data: Value, exempt: bool) {
        if self.is_told_of(channel) {
            let guild = self.guild_of(channel);
            self.outbox.push(Event { name, guild, data, needs_content_intent: guild.is_some() && !exempt });
        }
    }

    /// The community of a channel; `None` for DMs.
    pub fn guild_of(&self, channel: Id) -> Option<Id> {
        self.channels.get(&channel)?.guild
    }

    /// Whether the bot hears of what happens there.
    fn is_told_of(&self, channel: Id) -> bool {
        let community = self.guild_of(channel).and_then(|g| self.communities.get(&g));
        community.is_none_or(|c| c.available) && self.can_see(BOT_ID, channel)
    }

    pub fn take_outbox(&mut self) -> Vec<Event> {
        std::mem::take(&mut self.outbox)
    }

    pub fn user(&self, id: Id) -> Result<&User, Refusal> {
        self.users.get(&id).ok_or_else(Refusal::unknown_user)
    }

    /// A channel that the bot can see, else Discord's refusal.
    pub fn seen_channel(&self, id: Id) -> Result<&Channel, Refusal> {
        let channel = self.channels.get(&id).ok_or_else(Refusal::unknown_channel)?;
        if self.can_see(BOT_ID, id) { Ok(channel) } else { Err(Refusal::missing_access()) }
    }

    /// Refuses unless the bot may do this there.
    pub fn demand(&self, channel: Id, permission: u64) -> Result<(), Refusal> {
        self.seen_channel(channel)?;
        if self.may(BOT_ID, channel, permission) { Ok(()) } else { Err(Refusal::missing_permissions()) }
    }

    /// A community that the bot is in.
    pub fn seen_community(&self, id: Id) -> Result<&Community, Refusal> {
        let community = self.communities.get(&id).ok_or_else(Refusal::unknown_guild)?;
        if community.members.contains_key(&BOT_ID) { Ok(community) } else { Err(Refusal::unknown_guild()) }
    }
}
