//! Takes in frame after frame: what each means to the watch and to the list of communities.

use std::collections::{HashMap, HashSet};

use serde::Deserialize;

use super::frame::{Channel, Envelope, Guild, GuildGone, Message, ReactionAdd, Ready, ThreadList};
use super::permissions::{Standing, thread_sight};
use super::{SHARD, SHARDS};
use crate::app::watch::{Access, Heard, Watch, shard_of};
use crate::clock::Clock;
use crate::domain::ids::{CommunityId, UserId};
use crate::store::{Resume, Store, StoreError};

const DISPATCH: u8 = 0;

/// What became of a frame.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Taken {
    In,
    /// A new session began.
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
    standings: HashMap<CommunityId, Standing>,
    /// The next frame is the first after an interruption: it must be the one that was due.
    resuming: bool,
}

impl<'a> Intake<'a> {
    pub fn new(watch: &'a Watch, store: &'a Store, clock: &'a dyn Clock) -> Self {
        Self { watch, store, clock, bot: None, standings: HashMap::new(), resuming: false }
    }

    /// The line was cut: if the session goes on, it must do so where it stood.
    pub const fn interrupted(&mut self) {
        self.resuming = true;
    }

    /// Takes in a frame. After an error it has not been taken in, and may be tried again.
    pub async fn take(&mut self, text: &str) -> Result<Taken, StoreError> {
        let Some(envelope) = parse::<Envelope<'_>>("envelope", text) else { return Ok(Taken::In) };
        let (Some(sequence), Some(name)) = (envelope.s.filter(|_| envelope.op == DISPATCH), envelope.t) else {
            return Ok(Taken::In);
        };
        let data = envelope.d.map_or("null", |data| data.get());
        if name == "READY" {
            self.resuming = false;
            self.begin(sequence, data).await?;
            return Ok(Taken::Began);
        }
        if let Some(session) = self.watch.session(SHARD).filter(|_| self.resuming) {
            if sequence > session.sequence + 1 {
                return Ok(Taken::Gap);
            }
            if sequence <= session.sequence {
                return Ok(Taken::In);
            }
        }
        self.resuming = false;
        let heard = self.heard(name, data).await?;
        self.watch.fold(SHARD, sequence, &heard);
        Ok(Taken::In)
    }

    async fn heard(&mut self, name: &str, data: &str) -> Result<Heard, StoreError> {
        match name {
            "MESSAGE_CREATE" => {
                let observed = parse::<Message>(name, data).and_then(|message| message.observed_in(None));
                return Ok(observed.map_or(Heard::Other, Heard::Message));
            }
            "MESSAGE_REACTION_ADD" => {
                let now = self.clock.now();
                let observed = parse::<ReactionAdd>(name, data).and_then(|reaction| reaction.observed_at(now));
                return Ok(observed.map_or(Heard::Other, Heard::Reaction));
            }
            "GUILD_CREATE" => self.arrive(data).await?,
            "GUILD_DELETE" => self.leave(data).await?,
            "CHANNEL_CREATE" => self.see_channel(name, data, true),
            "CHANNEL_UPDATE" => self.see_channel(name, data, false),
            "THREAD_CREATE" | "THREAD_UPDATE" => self.see_thread(name, data),
            "THREAD_LIST_SYNC" => {
                if let Some(list) = parse::<ThreadList<'_>>(name, data) {
                    list.threads.iter().for_each(|thread| self.see_thread_of(list.guild_id, thread));
                }
            }
            "CHANNEL_DELETE" | "THREAD_DELETE" => {
                if let Some((community, channel)) =
                    parse::<Channel<'_>>(name, data).and_then(|c| c.guild_id.zip(Some(c.id)))
                {
                    self.watch.lose(community, channel);
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
        for gone in known.iter().filter(|known| shard_of(known.id, SHARDS) == SHARD && !there.contains(&known.id)) {
            self.remove(gone.id).await?;
        }
        self.bot = Some(ready.user.id);
        let resume_url = ready.resume_gateway_url.trim_end_matches('/').to_owned();
        let session = ready.session_id.to_owned();
        self.watch.begin(Resume { shard: SHARD, shards: SHARDS, session, resume_url, sequence });
        Ok(())
    }

    async fn arrive(&mut self, data: &str) -> Result<(), StoreError> {
        let Some(guild) = parse::<Guild<'_>>("GUILD_CREATE", data) else { return Ok(()) };
        self.store.community_present(guild.id, &guild.name, self.clock.now()).await?;
        let Some(bot) = self.bot else { return Ok(()) };
        let standing = Standing::of(bot, &guild);
        let mut sights: Vec<_> = guild.channels.iter().filter_map(|channel| standing.sight(channel)).collect();
        let access: HashMap<_, _> = sights.iter().map(|sight| (sight.channel, sight.access)).collect();
        for thread in &guild.threads {
            let parent = thread.parent_id.and_then(|parent| access.get(&parent).copied());
            sights.extend(thread_sight(thread, parent.unwrap_or(Access::Reads)));
        }
        self.standings.insert(guild.id, standing);
        self.watch.arrive(guild.id, &sights).await?;
        for (channel, access) in self.watch.skipped(guild.id) {
            tracing::info!(community = %guild.id, %channel, ?access, "a channel is skipped for want of permission");
        }
        Ok(())
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
        self.standings.remove(&community);
        self.store.community_removed(community, self.clock.now()).await
    }

    fn see_channel(&self, name: &str, data: &str, new: bool) {
        let Some(channel) = parse::<Channel<'_>>(name, data) else { return };
        let Some(standing) = channel.guild_id.and_then(|community| self.standings.get(&community)) else { return };
        if let (Some(community), Some(sight)) = (channel.guild_id, standing.sight(&channel)) {
            self.watch.see(community, &crate::app::watch::Sight { new, ..sight });
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
    match serde_json::from_str(text) {
        Ok(value) => Some(value),
        Err(error) => {
            tracing::warn!(event = name, column = error.column(), "a payload is not as documented and was passed over");
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::clock::ManualClock;
    use crate::domain::ids::{ChannelId, MessageId};
    use crate::domain::member::{Member, Membership, Profile};
    use crate::domain::tie::{Kind, Week};

    fn frame(sequence: u64, name: &str, data: &str) -> String {
        format!(r#"{{"op":0,"s":{sequence},"t":"{name}","d":{data}}}"#)
    }

    /// A reply of 11 to 12; the message's id is its number.
    fn reply(sequence: u64, number: i64) -> String {
        let id = MessageId::at(DateTime::UNIX_EPOCH + chrono::Duration::days(20_000 + number));
        let data = format!(
            r#"{{"id":"{id}","channel_id":"20","guild_id":"10","type":19,"author":{{"id":"11"}},
                "message_reference":{{"message_id":"5"}},"referenced_message":{{"author":{{"id":"12"}}}}}}"#
        );
        frame(sequence, "MESSAGE_CREATE", &data)
    }

    const READY: &str =
        r#"{"user":{"id":"1","bot":true},"session_id":"a","resume_gateway_url":"ws://b","guilds":[{"id":"10"}]}"#;
    const GUILD: &str = r#"{"id":"10","name":"D\u0065n","owner_id":"9","roles":[{"id":"10","permissions":"66560"}],
        "members":[{"user":{"id":"1"},"roles":[]}],"channels":[{"id":"20","type":0},{"id":"19","type":4}],
        "threads":[{"id":"25","type":11,"parent_id":"20"}]}"#;

    struct Desk {
        store: Store,
        watch: Watch,
        clock: ManualClock,
        _folder: tempfile::TempDir,
    }

    impl Desk {
        async fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let store = Store::open(&format!("sqlite://{}/test.db", folder.path().display())).await.unwrap();
            let clock = ManualClock::new(DateTime::UNIX_EPOCH + chrono::Duration::days(20_000));
            let community = CommunityId::from_column(10);
            store.community_present(community, "Den", clock.now()).await.unwrap();
            for id in [11, 12] {
                let (membership, profile) = (Membership::Active, Profile::default());
                let user = UserId::from_column(id);
                store.enrol(&Member { community, user, counted_from: 1, membership, profile }).await.unwrap();
            }
            let watch = Watch::open(store.clone()).await.unwrap();
            Self { store, watch, clock, _folder: folder }
        }

        async fn intake(&self) -> Intake<'_> {
            let mut intake = Intake::new(&self.watch, &self.store, &self.clock);
            assert_eq!(intake.take(&frame(1, "READY", READY)).await.unwrap(), Taken::Began);
            assert_eq!(intake.take(&frame(2, "GUILD_CREATE", GUILD)).await.unwrap(), Taken::In);
            intake
        }

        /// Replies of 11 to 12 in the database, in thousandths.
        async fn told(&self) -> i64 {
            self.watch.flush().await.unwrap();
            let ties = self.store.ties(CommunityId::from_column(10), Week::of(DateTime::UNIX_EPOCH)).await.unwrap();
            ties.values().map(|counts| counts.of_kind(Kind::Reply).low_to_high.0).sum()
        }
    }

    #[tokio::test]
    async fn a_resume_goes_on_where_it_stood_or_is_given_up() {
        let desk = Desk::new().await;
        let mut intake = desk.intake().await;
        assert_eq!(intake.take(&reply(3, 1)).await.unwrap(), Taken::In);
        intake.interrupted();
        // Told again by Discord: passed over, though it looks like another message.
        assert_eq!(intake.take(&reply(3, 2)).await.unwrap(), Taken::In);
        assert_eq!(intake.take(&reply(4, 3)).await.unwrap(), Taken::In);
        assert_eq!(desk.told().await, 2000);
        intake.interrupted();
        assert_eq!(intake.take(&reply(6, 4)).await.unwrap(), Taken::Gap);
        assert_eq!(desk.told().await, 2000, "counting it would raise the mark past what is missing");
        assert_eq!(desk.watch.session(SHARD).unwrap().sequence, 4);
    }

    #[tokio::test]
    async fn frames_that_nobody_asked_for_change_nothing() {
        let desk = Desk::new().await;
        let mut intake = desk.intake().await;
        for text in ["", "no json", r#"{"op":11}"#, r#"{"op":10,"d":{"heartbeat_interval":1}}"#] {
            assert_eq!(intake.take(text).await.unwrap(), Taken::In);
        }
        for (sequence, name) in (3..).zip(["MESSAGE_CREATE", "GUILD_CREATE", "THREAD_CREATE", "INTERACTION_CREATE"]) {
            assert_eq!(intake.take(&frame(sequence, name, r#"{"id":5}"#)).await.unwrap(), Taken::In);
        }
        assert_eq!(desk.watch.session(SHARD).unwrap().sequence, 6, "what cannot be read has been told all the same");
        assert_eq!(desk.told().await, 0);
    }

    #[tokio::test]
    async fn a_snapshot_tells_channels_threads_and_what_is_closed() {
        let desk = Desk::new().await;
        // Roles grant VIEW_CHANNEL and READ_MESSAGE_HISTORY, the first alone, or nothing.
        let community = CommunityId::from_column(10);
        let skipped = async |permissions: &str| {
            let mut intake = desk.intake().await;
            let guild = GUILD.replace("66560", permissions);
            intake.take(&frame(3, "GUILD_CREATE", &guild)).await.unwrap();
            let skipped = desk.watch.skipped(community).into_iter();
            skipped.map(|(channel, access)| (channel.get(), access)).collect::<Vec<_>>()
        };
        assert_eq!(skipped("66560").await, []);
        assert_eq!(skipped("1024").await, [(20, Access::NoHistory), (25, Access::NoHistory)]);
        assert_eq!(skipped("0").await, [(20, Access::Hidden), (25, Access::Hidden)]);
        assert_eq!(desk.store.community(community).await.unwrap().unwrap().name, "Den");
        assert_eq!(desk.watch.access(community, ChannelId::from_column(99)), Access::Reads);
    }
}
