//! Takes in frame after frame: what each means to the watch and to the list of communities.

mod roles;
#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serenity::http::Http;

use super::frame::{
    Channel, Dispatch, Guild, GuildChange, GuildGone, Message, Payload, ReactionAdd, Ready, ThreadList, VoiceState,
    is_hello,
};
use super::permissions::{Rights, thread_sight};
use super::warmth::Warmth;
use crate::app::watch::{Access, Heard, Sight, Watch, Whereabouts, shard_of};
use crate::clock::Clock;
use crate::domain::ids::{CommunityId, UserId};
use crate::store::{Resume, Store, StoreError};

/// The events that mean anything to the watch.
const COUNTED: [&str; 19] = [
    "READY",
    "RESUMED",
    "MESSAGE_CREATE",
    "MESSAGE_REACTION_ADD",
    "VOICE_STATE_UPDATE",
    "GUILD_CREATE",
    "GUILD_UPDATE",
    "GUILD_DELETE",
    "GUILD_ROLE_CREATE",
    "GUILD_ROLE_UPDATE",
    "GUILD_ROLE_DELETE",
    "GUILD_MEMBER_UPDATE",
    "CHANNEL_CREATE",
    "CHANNEL_UPDATE",
    "THREAD_CREATE",
    "THREAD_UPDATE",
    "THREAD_LIST_SYNC",
    "CHANNEL_DELETE",
    "THREAD_DELETE",
];

/// What became of a frame.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Taken {
    In,
    /// A new session began, or the old one goes on.
    Began,
    /// Frames are missing before this one, which has not been taken in.
    Gap,
}

pub(super) struct Intake<'a> {
    watch: &'a Watch,
    store: &'a Store,
    clock: &'a dyn Clock,
    /// The bot's own account.
    bot: Option<UserId>,
    shard: u32,
    shards: u32,
    warmth: Option<Warmth>,
    /// What was missed in an interruption is told again: each frame must be the one that is due, and may be of long ago.
    resuming: bool,
}

impl<'a> Intake<'a> {
    pub fn new(watch: &'a Watch, store: &'a Store, clock: &'a dyn Clock) -> Self {
        Self { watch, store, clock, bot: None, shard: 0, shards: 1, warmth: None, resuming: false }
    }

    /// Of a bot whose account is known already, since a resume does not tell it; and of one of its shards.
    #[must_use]
    pub const fn of(mut self, bot: UserId, shard: u32, shards: u32) -> Self {
        (self.bot, self.shard, self.shards) = (Some(bot), shard, shards);
        self
    }

    /// Reads there what was said just before a channel's first message.
    #[must_use]
    pub fn warmed_by(mut self, http: Arc<Http>) -> Self {
        self.warmth = Some(Warmth::new(http));
        self
    }

    /// The line was cut: if the session goes on, it must do so where it stood.
    pub const fn interrupted(&mut self) {
        self.resuming = true;
    }

    /// Takes in a frame. After an error it has not been taken in, and may be tried again.
    pub async fn take(&mut self, text: &str) -> Result<Taken, StoreError> {
        let dispatch = documented("envelope", Dispatch::read(text, |name| COUNTED.contains(&name))).flatten();
        let Some(Dispatch { sequence, name, payload }) = dispatch else {
            // A line that we ourselves have given up (a missed heartbeat, a wish of Discord's) may end without a word.
            self.resuming |= is_hello(text);
            return Ok(Taken::In);
        };
        if name == "READY"
            && let Payload::Other(data) = payload
        {
            self.resuming = false;
            self.begin(sequence, data).await?;
            return Ok(Taken::Began);
        }
        if let Some(session) = self.resuming.then(|| self.watch.session(self.shard)).flatten() {
            if sequence > session.sequence + 1 {
                return Ok(Taken::Gap);
            }
            if sequence <= session.sequence {
                return Ok(self.went_on(name));
            }
        }
        let heard = match payload {
            Payload::Message(message) => self.heard_message(&message).await,
            Payload::Other(data) => self.heard(name, data).await?,
            Payload::Ignored => Heard::Other,
        };
        self.watch.fold(self.shard, sequence, &heard);
        Ok(self.went_on(name))
    }

    /// All that was told again ends with its own event.
    fn went_on(&mut self, name: &str) -> Taken {
        if name != "RESUMED" {
            return Taken::In;
        }
        self.resuming = false;
        self.watch.go_on(self.shard);
        Taken::Began
    }

    async fn heard_message(&mut self, message: &Message) -> Heard {
        let observed = message.observed_in(None);
        if let (Some(warmth), Some(first)) = (&mut self.warmth, &observed) {
            warmth.before(first, self.watch).await;
        }
        observed.map_or(Heard::Other, Heard::Message)
    }

    async fn heard(&mut self, name: &str, data: &str) -> Result<Heard, StoreError> {
        match name {
            "MESSAGE_CREATE" => {
                if let Some(message) = parse::<Message>(name, data) {
                    return Ok(self.heard_message(&message).await);
                }
            }
            "MESSAGE_REACTION_ADD" => {
                let now = self.clock.now();
                let observed = parse::<ReactionAdd>(name, data).and_then(|reaction| reaction.observed_at(now));
                return Ok(observed.map_or(Heard::Other, Heard::Reaction));
            }
            "VOICE_STATE_UPDATE" => return Ok(self.whereabouts(data).map_or(Heard::Other, Heard::Voice)),
            "GUILD_CREATE" => self.arrive(data).await?,
            "GUILD_UPDATE" => {
                if let Some(change) = parse::<GuildChange>(name, data) {
                    let (community, channel) = (change.id, change.afk_channel_id);
                    self.watch.keep_afk_channel(community, channel).await?;
                    return Ok(Heard::AfkChannel { community, channel, at: self.moment() });
                }
            }
            "GUILD_DELETE" => self.leave(data).await?,
            "GUILD_ROLE_CREATE" | "GUILD_ROLE_UPDATE" | "GUILD_ROLE_DELETE" | "GUILD_MEMBER_UPDATE" => {
                self.hear_of_roles(name, data);
            }
            "CHANNEL_CREATE" => self.see_channel(name, data, true),
            "CHANNEL_UPDATE" => self.see_channel(name, data, false),
            "THREAD_CREATE" | "THREAD_UPDATE" => self.see_thread(name, data),
            "THREAD_LIST_SYNC" => {
                if let Some(list) = parse::<ThreadList<'_>>(name, data) {
                    list.threads.iter().for_each(|thread| self.see_thread_of(list.guild_id, thread));
                }
            }
            "CHANNEL_DELETE" | "THREAD_DELETE" => {
                if let Some(gone) = parse::<Channel<'_>>(name, data)
                    && let Some(community) = gone.guild_id
                {
                    return Ok(Heard::Gone { community, channel: gone.id });
                }
            }
            _ => {}
        }
        Ok(Heard::Other)
    }

    async fn begin(&mut self, sequence: u64, data: &str) -> Result<(), StoreError> {
        let Some(ready) = parse::<Ready<'_>>("READY", data) else { return Ok(()) };
        // Who was thrown out while away learns it only from this list.
        let there: HashSet<CommunityId> = ready.guilds.iter().map(|guild| guild.id).collect();
        let known = self.store.communities().await?;
        let (shard, shards) = (self.shard, self.shards);
        for gone in known.iter().filter(|known| shard_of(known.id, shards) == shard && !there.contains(&known.id)) {
            self.remove(gone.id).await?;
        }
        self.bot = Some(ready.user.id);
        let resume_url = ready.resume_gateway_url.trim_end_matches('/').to_owned();
        let session = ready.session_id.to_owned();
        if self.watch.session(shard).is_some() {
            tracing::info!(shard, "the session could not be resumed; what was missed is read");
        }
        self.watch.begin(Resume { shard, shards, session, resume_url, sequence });
        Ok(())
    }

    async fn arrive(&mut self, data: &str) -> Result<(), StoreError> {
        let Some(guild) = parse::<Guild<'_>>("GUILD_CREATE", data) else { return Ok(()) };
        self.store.community_present(guild.id, &guild.name, self.clock.now()).await?;
        let Some(bot) = self.bot else { return Ok(()) };
        let standing = Rights::of(bot, &guild);
        let mut sights: Vec<_> = guild.channels.iter().filter_map(|channel| standing.sight(channel)).collect();
        let access: HashMap<_, _> = sights.iter().map(|sight| (sight.channel, sight.access)).collect();
        for thread in &guild.threads {
            let parent = thread.parent_id.and_then(|parent| access.get(&parent).copied());
            sights.extend(thread_sight(thread, parent.unwrap_or(Access::Reads)));
        }
        self.watch.stand(guild.id, standing.by_roles);
        self.watch.arrive(guild.id, &sights).await?;
        self.watch.seat(guild.id, guild.afk_channel_id, &guild.seats(), self.clock.now()).await?;
        for (channel, access) in self.watch.skipped(guild.id) {
            tracing::info!(community = %guild.id, %channel, ?access, "a channel is skipped for want of permission");
        }
        Ok(())
    }

    fn whereabouts(&self, data: &str) -> Option<Whereabouts> {
        let state = parse::<VoiceState>("VOICE_STATE_UPDATE", data)?;
        let (user, channel, at) = (state.user_id, state.hears_in(), self.moment());
        Some(Whereabouts { community: state.guild_id?, user, channel, at })
    }

    /// When it was what is told now; `None` where it is told again.
    fn moment(&self) -> Option<DateTime<Utc>> {
        (!self.resuming).then(|| self.clock.now())
    }

    async fn leave(&mut self, data: &str) -> Result<(), StoreError> {
        let gone = parse::<GuildGone>("GUILD_DELETE", data).filter(|gone| !gone.unavailable);
        if let Some(gone) = gone {
            self.remove(gone.id).await?;
        }
        Ok(())
    }

    async fn remove(&mut self, community: CommunityId) -> Result<(), StoreError> {
        self.watch.depart(community).await?;
        self.store.community_removed(community, self.clock.now()).await
    }

    fn see_channel(&self, name: &str, data: &str, made: bool) {
        let Some(channel) = parse::<Channel<'_>>(name, data) else { return };
        let Some(community) = channel.guild_id else { return };
        // One that comes into sight may be told as if it was made; then something may have been said in it.
        let new = made && channel.last_message_id.is_none();
        if let Some(sight) = self.standing(community).and_then(|standing| standing.sight(&channel)) {
            self.watch.see(community, &Sight { new, ..sight });
        }
    }

    fn see_thread(&self, name: &str, data: &str) {
        if let Some(thread) = parse::<Channel<'_>>(name, data)
            && let Some(community) = thread.guild_id
        {
            self.see_thread_of(community, &thread);
        }
    }

    fn see_thread_of(&self, community: CommunityId, thread: &Channel<'_>) {
        let access = thread.parent_id.map_or(Access::Reads, |parent| self.watch.access(community, parent));
        if let Some(sight) = thread_sight(thread, access) {
            self.watch.see(community, &sight);
        }
    }
}

/// Reads one payload. What cannot be read is named by its kind alone: the error's own words could quote people.
fn parse<'de, T: Deserialize<'de>>(name: &str, text: &'de str) -> Option<T> {
    documented(name, serde_json::from_str(text))
}

fn documented<T>(name: &str, parsed: serde_json::Result<T>) -> Option<T> {
    match parsed {
        Ok(value) => Some(value),
        Err(error) => {
            tracing::warn!(event = name, column = error.column(), "a payload is not as documented and was passed over");
            None
        }
    }
}
