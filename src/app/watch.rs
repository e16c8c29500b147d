//! Watching: who turned to whom, folded into what the next flush adds to the ties, with where counting stopped.
//!
//! Only what two members built is kept. Whom bystanders talked to stays in the channels' windows, in memory, and is
//! forgotten with them. All state is either committed or can be had again from Discord above the marks.

mod admission;
mod channels;
mod company;
mod ear;
mod left_out;
mod opening;
mod past;
mod reading;
mod repeats;
mod resume;
mod state;
mod unheard;
mod waiting;
mod warmth;

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};
use tokio::sync::Notify;

pub use admission::{Admission, Alone};
pub use channels::Sight;
pub use company::Whereabouts;
pub use past::PastReading;

use crate::domain::conversation::Habits;
use crate::domain::conversation::constants::FITTED;
use crate::domain::ids::{ChannelId, CommunityId, MessageId, UserId};
use crate::domain::member::Membership;
use crate::domain::observation::Observation;
pub use crate::store::{Access, BotStanding, Exception, Rules, Threads};
use crate::store::{Resume, Store, StoreError, Watch as Word};
use channels::Place;
use state::State;
use unheard::Unheard;

type Result<T> = std::result::Result<T, StoreError>;

/// Messages after which a flush is due, however little time has passed: some megabytes of memory at most.
const FLUSH_AFTER_MESSAGES: usize = 5_000;

/// Somebody reacted to somebody's message. Counted at most once per person and message, never read back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reaction {
    pub community: CommunityId,
    pub channel: ChannelId,
    pub message: MessageId,
    /// Who wrote the message; `None` where Discord does not say.
    pub author: Option<UserId>,
    pub user: UserId,
    pub at: DateTime<Utc>,
}

/// What one frame of a listening session was about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    Message(Observation),
    Reaction(Reaction),
    Voice(Whereabouts),
    /// Where Discord puts whoever has fallen silent is another channel now. The moment as in [`Whereabouts`].
    AfkChannel {
        community: CommunityId,
        channel: Option<ChannelId>,
        at: Option<DateTime<Utc>>,
    },
    /// A channel, with its threads, or a thread is gone, or cannot be seen any more.
    Gone {
        community: CommunityId,
        channel: ChannelId,
    },
    /// Nothing that is counted; the session has moved on all the same.
    Other,
}

/// The ear of Wallflower. One for all listening sessions of the process.
pub struct Watch {
    store: Store,
    state: Mutex<State>,
    /// One flush at a time; the next one takes what has gathered meanwhile.
    flushing: tokio::sync::Mutex<()>,
    /// Rung when there is something to be read by REST.
    opened: Notify,
}

impl Watch {
    /// With the members and the unfinished readings that the store holds.
    pub async fn open(store: Store) -> Result<Self> {
        let members = store.all_members().await?;
        let roster = members.into_iter().map(|(community, user, from)| ((community, user), from)).collect();
        let mut state = State::new(roster, store.readings().await?);
        state.take_over_listings(store.listings().await?, &store.ended_listings().await?);
        state.counted_to = store.counted_to().await?.into_iter().collect();
        let state = Mutex::new(state);
        Ok(Self { store, state, flushing: tokio::sync::Mutex::default(), opened: Notify::new() })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts somebody from now on. To be called before they are enrolled, who must then be stored with
    /// [`Admission::from`]: `moment` (a snowflake), or just after the last message that was heard before and the last
    /// member who was admitted. So no message falls between the live count and their past, and whoever was admitted
    /// later has the later moment. Who is a member already keeps theirs; that the store must say, since another process
    /// may have let them leave, or its answer to this one was lost.
    pub async fn admit(&self, community: CommunityId, user: UserId, moment: i64) -> Result<Admission<'_>> {
        let alone = self.alone().await;
        let member = self.store.member(community, user).await?;
        let stored = member.filter(|member| member.membership != Membership::Left).map(|member| member.counted_from);
        let (from, is_new) = self.state().admit(community, user, moment, stored);
        Ok(Admission::new(self, (community, user), from, is_new, alone))
    }

    /// While this is held nobody else is admitted, nothing is flushed (which would drop what was just heard of somebody
    /// who is not stored yet) and no scan of the past is begun (which would overlook them). Whoever erases a member in
    /// the store and then dismisses them holds it meanwhile: memory and store agree on everybody's moment.
    pub async fn alone(&self) -> Alone<'_> {
        Alone::holding(self.flushing.lock().await)
    }

    /// Counts somebody no more and forgets what has not been flushed. To be called when they have left.
    pub fn dismiss(&self, community: CommunityId, user: UserId) {
        self.state().dismiss(community, user);
    }

    /// Takes the members from the store again.
    pub async fn refresh(&self) -> Result<()> {
        let _alone = self.alone().await;
        let members = self.store.all_members().await?;
        let roster = members.into_iter().map(|(community, user, from)| ((community, user), from)).collect();
        self.state().replace_roster(roster);
        Ok(())
    }

    /// An admin's word on a channel or a category, after it has been stored. Threads follow their parent.
    pub fn heed(&self, community: CommunityId, channel: ChannelId, word: Word) {
        if let Some(place) = self.state().places.get_mut(&community) {
            place.words.insert(channel, word);
        }
    }

    /// A new session begins: what was said before it and has not been heard will be found in the snapshots that
    /// [`Self::arrive`] is given.
    pub fn begin(&self, session: Resume) {
        let mut state = self.state();
        let of_shard = |community: CommunityId| shard_of(community, session.shards) == session.shard;
        for (_, place) in state.places.iter_mut().filter(|(community, _)| of_shard(**community)) {
            place.lose_sight();
        }
        state.pending.moved.insert(session.shard);
        // What the old one told lies below the marks, and cannot count again.
        state.pending.counted.recent.retain(|recent| recent.shard != session.shard);
        state.sessions.insert(session.shard, session);
    }

    /// A community's channels and open threads as they are now. What was said since the marks is left to reading.
    /// The store must know the community by now. May be repeated after an error.
    pub async fn arrive(&self, community: CommunityId, sights: &[Sight]) -> Result<()> {
        let known = self.state().places.contains_key(&community);
        if !known {
            let place = self.place(community).await?;
            self.state().places.entry(community).or_insert(place);
        }
        self.state().arrive(community, sights);
        // Until the first marks of a channel are stored, a kill would make its next beginning the first one.
        if self.state().begins_unsaved() {
            self.flush().await?;
        }
        // For readings, and for a past that waits since the last process.
        self.opened.notify_one();
        Ok(())
    }

    /// With what the store knows of it.
    async fn place(&self, community: CommunityId) -> Result<Place> {
        let place = Place::new(&self.store.marks(community).await?, self.store.watches(community).await?);
        let habits = Habits::new(FITTED, self.store.learned(community).await?);
        let unheard = Unheard::of(self.store.unheard(community).await?);
        let place = place.with_unheard(unheard, self.store.hidden_channels(community).await?);
        Ok(place.with_habits(habits).with_voices(self.store.voices(community).await?))
    }

    /// The bot was removed from a community, which may be erased before it comes back.
    pub async fn depart(&self, community: CommunityId) -> Result<()> {
        self.flush().await?;
        let mut state = self.state();
        if let Some(latest) = state.places.remove(&community).and_then(|place| place.latest) {
            state.counted_to.insert(community, latest);
        }
        state.show(community, None);
        Ok(())
    }

    /// A community has been erased, with all who were counted in it.
    pub fn erase(&self, community: CommunityId) {
        self.state().erase(community);
    }

    /// A channel or thread was made, changed or came into sight during a session.
    pub fn see(&self, community: CommunityId, sight: &Sight) {
        self.state().see(community, sight);
        self.ring_for_readings();
    }

    /// Takes in one frame, in the order of the session: what it says, and that it has been taken in.
    pub fn fold(&self, shard: u32, sequence: u64, heard: &Heard) {
        let mut state = self.state();
        let readings = state.readings.len();
        match heard {
            Heard::Message(observation) => {
                if state.hear(observation) {
                    state.note_counted((shard, sequence), observation);
                }
            }
            Heard::Reaction(reaction) => state.react(reaction),
            Heard::Voice(whereabouts) => state.sit(whereabouts),
            Heard::AfkChannel { community, channel, at } => state.set_afk_channel(*community, *channel, *at),
            Heard::Gone { community, channel } => state.lose(*community, *channel),
            Heard::Other => {}
        }
        if let Some(session) = state.sessions.get_mut(&shard) {
            session.sequence = sequence;
            state.pending.moved.insert(shard);
        }
        if state.readings.len() > readings {
            self.opened.notify_one();
        }
    }

    /// Where a shard's session stands: the frame with its sequence was the last to be folded.
    pub fn session(&self, shard: u32) -> Option<Resume> {
        self.state().sessions.get(&shard).cloned()
    }

    /// Whether so much has gathered that a flush should not wait.
    pub fn is_full(&self) -> bool {
        self.state().pending.messages >= FLUSH_AFTER_MESSAGES
    }

    /// Stores all that was counted up to now. After an error nothing is lost and it may be tried again, even where the
    /// database did it and only its answer was lost.
    pub async fn flush(&self) -> Result<()> {
        let _one_at_a_time = self.flushing.lock().await;
        loop {
            let Some(progress) = self.state().next_to_save() else { return Ok(()) };
            self.store.flush(&progress).await?;
            self.state().saved();
        }
    }

    /// Channels that are watched but cannot be read, or whose past cannot, for the admins.
    pub fn skipped(&self, community: CommunityId) -> BTreeMap<ChannelId, Access> {
        let state = self.state();
        let refused = state.refused.keys().filter(|(of, _)| *of == community);
        let mut skipped: BTreeMap<_, _> = refused.map(|(_, channel)| (*channel, Access::NoHistory)).collect();
        skipped.extend(state.places.get(&community).map(Place::skipped).unwrap_or_default());
        skipped
    }

    /// What the bot may do in a channel; where that is not known, trying will show.
    pub fn access(&self, community: CommunityId, channel: ChannelId) -> Access {
        let state = self.state();
        state.channel(community, channel).map_or(Access::Reads, |channel| channel.sight.access)
    }

    /// How many gaps of a community are still to be read, in channels that can be read now.
    pub fn readings_left(&self, community: CommunityId) -> usize {
        let state = self.state();
        let here = state.readings.iter().filter(|reading| reading.community == community);
        here.filter(|reading| state.may_read(community, reading.channel)).count()
    }

    fn ring_for_readings(&self) {
        let mut state = self.state();
        if std::mem::take(&mut state.door_opened) || !state.readings.is_empty() {
            self.opened.notify_one();
        }
    }
}

/// Which of `shards` listens to a community.
pub const fn shard_of(community: CommunityId, shards: u32) -> u32 {
    let shard = (community.to_u64() >> 22) % if shards == 0 { 1 } else { shards as u64 };
    #[expect(clippy::cast_possible_truncation, reason = "it is below the number of shards, a u32")]
    let shard = shard as u32;
    shard
}

#[cfg(test)]
mod tests;
