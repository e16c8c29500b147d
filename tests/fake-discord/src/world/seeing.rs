//! Which channels the bot can see, and what it is told when that changes with its roles or with a channel's own rules.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{World, render};
use crate::{BOT_ID, Id};

impl World {
    /// Changes what the bot may do in a community, with `event` to tell of it, and tells what follows.
    pub(super) fn change_sight(&mut self, guild: Id, change: impl FnOnce(&mut Self) -> Option<(&'static str, Value)>) {
        let before = self.in_sight(guild);
        let Some((name, data)) = change(self) else { return };
        self.tell_guild(guild, name, data);
        let after = self.in_sight(guild);
        for channel in before.difference(&after).filter(|_| !self.tells_hidden).copied().collect::<Vec<_>>() {
            let data = render::channel(self, channel);
            self.tell_guild(guild, "CHANNEL_DELETE", data);
        }
        for channel in after.difference(&before) {
            if !self.tells_hidden {
                let data = render::channel(self, *channel);
                self.tell_guild(guild, "CHANNEL_CREATE", data);
            }
            self.tell_threads(guild, *channel);
        }
    }

    fn in_sight(&self, guild: Id) -> BTreeSet<Id> {
        let channels = self.communities.get(&guild).map(|c| c.channels.as_slice()).unwrap_or_default();
        channels.iter().copied().filter(|channel| self.can_see(BOT_ID, *channel)).collect()
    }

    /// A channel has come into sight, with its open threads.
    pub(super) fn tell_threads(&mut self, guild: Id, channel: Id) {
        let of_channel = |thread: &Id| self.channels.get(thread).is_some_and(|t| t.parent == Some(channel));
        let open = self.active_threads(guild).into_iter();
        let seen = open.filter(|thread| of_channel(thread) && self.can_see(BOT_ID, *thread));
        let threads: Vec<Value> = seen.map(|thread| render::channel(self, thread)).collect();
        let data = json!({ "guild_id": guild.to_string(), "channel_ids": [channel.to_string()], "threads": threads,
                           "members": [] });
        self.tell_guild(guild, "THREAD_LIST_SYNC", data);
    }
}
