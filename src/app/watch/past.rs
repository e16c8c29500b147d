//! The past of who joined: the last weeks of the channels, read once for all who wait.
//!
//! What belongs to whose past is said by [`part`](crate::domain::consent::part): never what is counted live. One scan is
//! under way in a community at a time, for those who waited when it began. A channel is read whole and then counted in
//! one step, committed together with the note that it is done. So a kill costs a channel's requests, not a count; and
//! the window that guesses hears the channel in its order from the first message to the last.

use std::collections::BTreeSet;

use super::state::{State, count_part, count_settled};
use super::{Access, Result, Threads, Watch};
use crate::domain::consent::{Consent, Part};
use crate::domain::conversation::{Flow, Window};
use crate::domain::ids::{ChannelId, CommunityId, MessageId};
use crate::domain::observation::Observation;
use crate::store::{Counted, LeftOut, Past, PastPage, Scan};

/// A channel that is to be read for the past of these joiners.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastReading {
    pub community: CommunityId,
    pub scan: Scan,
    pub joiners: Vec<Consent>,
    /// Whether it may hold messages; a forum itself holds none.
    pub speaks: bool,
    pub threads: Threads,
}

impl PastReading {
    /// Whether it is the same channel of the same scan, which may look otherwise by now.
    pub fn is_as(&self, other: &Self) -> bool {
        (self.community, self.scan, &self.joiners) == (other.community, other.scan, &other.joiners)
    }
}

impl Watch {
    /// The next channel to be read for somebody's past, of those that can be, in a community that has arrived. Begins a
    /// scan for all who wait, where none is under way.
    pub async fn next_past(&self) -> Result<Option<PastReading>> {
        let mut pasts = self.store.pasts().await?;
        for (community, left_out) in self.store.left_out().await? {
            if left_out.iter().any(|left_out| self.may_read(community, left_out.channel)) {
                pasts.entry(community).or_default();
            }
        }
        for (community, mut past) in pasts {
            if !self.state().is_in_sight(community) {
                continue;
            }
            if past.reading.is_empty() {
                past = self.begin_scan(community).await?;
            }
            if let Some(scan) = self.first_of(community, past.scans.iter().filter(|scan| !scan.done)) {
                return Ok(Some(self.past_reading(community, scan, past.reading)));
            }
        }
        // Once more, then, what was put off.
        let put_off = std::mem::take(&mut self.state().put_off);
        if put_off.is_empty() { Ok(None) } else { Box::pin(self.next_past()).await }
    }

    /// What of the scans under way waits behind closed doors.
    pub async fn closed_pasts(&self) -> Result<Vec<PastReading>> {
        let mut closed = Vec::new();
        for (community, past) in self.store.pasts().await? {
            let waits = |scan: &&Scan| !scan.done && self.is_closed(community, scan.channel);
            let scans = past.scans.iter().filter(waits);
            closed.extend(scans.map(|scan| self.past_reading(community, *scan, past.reading.clone())));
        }
        Ok(closed)
    }

    /// In a community that is in sight.
    fn is_closed(&self, community: CommunityId, channel: ChannelId) -> bool {
        let state = self.state();
        state.is_in_sight(community) && !state.may_read(community, channel)
    }

    fn past_reading(&self, community: CommunityId, scan: Scan, joiners: Vec<Consent>) -> PastReading {
        let state = self.state();
        let sight = state.places.get(&community).and_then(|place| place.channels.get(&scan.channel));
        let sight = sight.map(|channel| &channel.sight);
        // What is not in sight is an archived thread that was found.
        let speaks = sight.is_none_or(|sight| sight.last_message.is_some());
        PastReading { community, scan, joiners, speaks, threads: sight.map_or(Threads::None, |sight| sight.threads) }
    }

    fn first_of<'s>(&self, community: CommunityId, mut scans: impl Iterator<Item = &'s Scan>) -> Option<Scan> {
        let state = self.state();
        let open = |scan: &&Scan| state.may_read(community, scan.channel);
        scans.find(|scan| open(scan) && !state.put_off.contains(&(community, scan.channel))).copied()
    }

    /// Begins a scan of what was left out and is open now, else one for all who wait. Alone: whoever is being enrolled has an
    /// earlier moment than all who join later, so the scan has to know them.
    async fn begin_scan(&self, community: CommunityId) -> Result<Past> {
        let _alone = self.alone().await;
        loop {
            let left_out = self.store.left_out().await?.remove(&community).unwrap_or_default();
            let taken_up = self.take_up_left_out(community, &left_out).await?;
            let past = self.store.pasts().await?.remove(&community).unwrap_or_default();
            // What nobody who is still there lacks was over as it began.
            if taken_up && past.reading.is_empty() {
                continue;
            }
            if past.reading.is_empty()
                && let Some(Plan { joiners, scans, closed }) = self.plan_scan(community, &past, &left_out)
            {
                self.store.begin_scan(community, &joiners, &scans, &closed).await?;
            }
            return Ok(self.store.pasts().await?.remove(&community).unwrap_or_default());
        }
    }

    /// For whom the next scan is, and which channels it reads and leaves out; `None` where nobody waits.
    fn plan_scan(&self, community: CommunityId, past: &Past, left_out: &[LeftOut]) -> Option<Plan> {
        let state = self.state();
        let known = |joiner: &&Consent| state.roster.get(&(community, joiner.user)) == Some(&joiner.from);
        let joiners: Vec<Consent> = past.waiting.iter().filter(known).copied().collect();
        if joiners.is_empty() {
            return None;
        }
        let (open, closed) = state.past_channels(community, left_out);
        let scans = with_past(&state, community, &joiners, open);
        Some(Plan { joiners, scans, closed })
    }

    /// Counts what was said in a channel, all of it and oldest message first; `found` are its archived threads.
    pub fn count_past(&self, reading: &PastReading, said: &[Observation], mut found: Vec<ChannelId>) -> PastPage {
        let PastReading { community, scan, joiners, .. } = reading;
        let mut counted = Counted::default();
        let mut flow = Flow::after(MessageId::from_column(0), Window::default());
        // What is read back teaches nothing: it comes out of its order.
        let mut habits = self.state().places.get(community).map(|place| place.habits.as_they_are()).unwrap_or_default();
        let heard: Vec<_> = said.iter().map(|said| (said, flow.hear(said, &mut habits))).collect();
        let over = flow.settle(&habits);
        let state = self.state();
        // The admins may have said "ignore" since the scan began.
        let place = state.places.get(community);
        let ignored =
            place.is_some_and(|place| place.channels.contains_key(&scan.channel) && !place.counts(scan.channel));
        let ours = |part| matches!(part, Part::PastOf(joiner) if joiners.contains(&joiner));
        for (observation, heard) in heard.iter().filter(|_| !ignored) {
            count_part(&state.roster, &mut counted, observation, heard, ours);
        }
        count_settled(&state.roster, &mut counted, *community, over.iter().filter(|_| !ignored), ours);
        // Archived when the scan began and open again when it looked for them: found by neither.
        if !found.is_empty() || reading.threads != Threads::None {
            found.extend(place.into_iter().flat_map(|place| place.threads_of(scan.channel)));
        }
        found.retain(|_| !ignored);
        PastPage { community: *community, scan: *scan, counted, found }
    }

    /// Stores a channel that has been read. After an error it may be tried again.
    pub async fn close_past(&self, page: &PastPage) -> Result<()> {
        self.store.end_scan(page).await?;
        Ok(())
    }

    /// Gives a channel up after what was `said` as far as it could be read: it is gone or closed to the bot, which the
    /// admins can see.
    pub async fn give_up_past(&self, reading: &PastReading, said: &[Observation], access: Access) -> Result<()> {
        self.close_past(&self.count_past(reading, said, Vec::new())).await?;
        self.note_access(reading.community, reading.scan.channel, access);
        Ok(())
    }

    /// Lets the other channels go first.
    pub fn put_off_past(&self, reading: &PastReading) {
        self.state().put_off.insert((reading.community, reading.scan.channel));
    }
}

/// A scan that is about to begin.
struct Plan {
    joiners: Vec<Consent>,
    scans: Vec<Scan>,
    /// What it leaves out.
    closed: Vec<ChannelId>,
}

/// The scan of these channels for these joiners. A past is shared with members who were there before; the first one of all
/// has none.
pub(super) fn with_past(
    state: &State,
    community: CommunityId,
    joiners: &[Consent],
    channels: Vec<ChannelId>,
) -> Vec<Scan> {
    let members = state.roster.iter().filter(|((of, _), _)| *of == community);
    let first = members.map(|((_, user), from)| (*from, *user)).min();
    let with_past = || joiners.iter().filter(|joiner| Some((joiner.from, joiner.user)) != first);
    let from = with_past().map(|joiner| joiner.past_begins()).min();
    let below = with_past().map(|joiner| MessageId::from_column(joiner.from)).max();
    let Some((from, below)) = from.zip(below) else { return Vec::new() };
    channels.into_iter().map(|channel| Scan { channel, from, below, done: false }).collect()
}

/// Channels that could not be read for a past just now.
pub(super) type PutOff = BTreeSet<(CommunityId, ChannelId)>;
