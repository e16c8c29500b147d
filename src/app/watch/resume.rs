//! A session outlives its process: the next one goes on with it, from what the store holds of it.

use super::state::State;
use super::{BotStanding, Result, Watch, shard_of};
use crate::domain::ids::CommunityId;
use crate::store::{Lease, Resume};

impl Watch {
    /// From now on all is counted under this lease: where it is lost, flushes fail for good. What other processes have
    /// changed in the store until now is taken over.
    pub async fn hold(&self, lease: Lease) -> Result<()> {
        self.refresh().await?;
        let (readings, listings) = (self.store.readings().await?, self.store.listings().await?);
        let (ended, counted_to) = (self.store.ended_listings().await?, self.store.counted_to().await?);
        let mut state = self.state();
        state.counted_to.extend(counted_to);
        state.take_over_listings(listings, &ended);
        (state.readings, state.lease) = (readings, Some(lease));
        Ok(())
    }

    /// The session with which a shard can go on, where one is stored. All that it had shown is known then, as of its last
    /// frame that was counted; the next one has the number after it.
    pub async fn resume(&self, shard: u32, shards: u32) -> Result<Option<Resume>> {
        let Some(session) = self.store.session(shard, shards).await? else { return Ok(None) };
        let counted = self.store.recent_messages(shard, shards).await?;
        self.state().repeats.remember(counted);
        for (community, snapshot) in self.store.snapshots(shard, shards).await? {
            let place = self.place(community).await?.shown(&snapshot.channels);
            let mut state = self.state();
            state.standings.insert(community, snapshot.standing);
            state.places.insert(community, place);
        }
        self.state().sessions.insert(shard, session.clone());
        Ok(Some(session))
    }

    /// All that a session had missed has been told: its communities are in sight.
    pub fn go_on(&self, shard: u32) {
        let mut state = self.state();
        let Some(shards) = state.sessions.get(&shard).map(|session| session.shards) else { return };
        for (_, place) in state.places.iter_mut().filter(|(community, _)| shard_of(**community, shards) == shard) {
            place.in_sight = true;
        }
        // For readings, and for a past that waits since the last process.
        self.opened.notify_one();
    }

    /// Whether a community is in a shard of this process. All are, until it knows its lease.
    pub fn serves(&self, community: CommunityId) -> bool {
        let state = self.state();
        state.lease.as_ref().is_none_or(|lease| lease.range.contains(&shard_of(community, lease.shards)))
    }

    /// What the bot's roles allow in a community. To be called before the community arrives.
    pub fn stand(&self, community: CommunityId, standing: BotStanding) {
        self.state().standings.insert(community, standing);
    }

    /// What the bot's roles allow in a community that has arrived.
    pub fn standing(&self, community: CommunityId) -> Option<BotStanding> {
        self.state().standings.get(&community).cloned()
    }
}

impl State {
    /// Whether a community is as its session shows it.
    pub fn is_in_sight(&self, community: CommunityId) -> bool {
        self.places.get(&community).is_some_and(|place| place.in_sight)
    }

    /// A community is shown anew, or (without a standing) no more.
    pub fn show(&mut self, community: CommunityId, standing: Option<BotStanding>) {
        if standing.is_none() {
            self.standings.remove(&community);
        }
        self.pending.shown.standings.remove(&community);
        self.pending.shown.channels.retain(|(of, _), _| *of != community);
        self.pending.shown.communities.insert(community, standing);
    }
}
