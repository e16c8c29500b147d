//! What was said while nobody listened: read page by page, each page committed with how far it got.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::channels::Sight;
use super::company::note_written;
use super::state::{State, count, count_settled};
use super::{Access, Result, Threads, Watch};
use crate::domain::consent::Part;
use crate::domain::conversation::Flow;
use crate::domain::ids::{ChannelId, CommunityId, MessageId};
use crate::domain::observation::Observation;
use crate::store::{Counted, Listing, Page, Reading};

impl Watch {
    /// Returns when something may be there to be read.
    pub async fn something_to_read(&self) {
        self.opened.notified().await;
    }

    /// The next gap to be read, of a channel that can be; it is in the store by now.
    pub async fn next_reading(&self) -> Result<Option<Reading>> {
        let next = {
            let state = self.state();
            let open = |reading: &&Reading| state.may_read(reading.community, reading.channel);
            state.readings.iter().find(open).copied().map(|reading| (reading, state.is_saved(&reading)))
        };
        if let Some((_, false)) = next {
            self.flush().await?;
        }
        Ok(next.map(|(reading, _)| reading))
    }

    /// Whether a reading can go on: its channel's door may have closed meanwhile.
    pub fn may_read(&self, community: CommunityId, channel: ChannelId) -> bool {
        self.state().may_read(community, channel)
    }

    /// The next channel whose archived threads are to be found, of those that can be read, and which it may have.
    pub fn next_listing(&self) -> Option<(Listing, Threads)> {
        let state = self.state();
        let open = |listing: &&Listing| state.may_read(listing.community, listing.channel);
        let listing = *state.listings.iter().find(open)?;
        let channel = state.channel(listing.community, listing.channel);
        // Whether one is gone or only out of sight, Discord says when it is asked.
        Some((listing, channel.map_or(Threads::Public, |channel| channel.sight.threads)))
    }

    /// Takes in the threads that were found, each with its newest message: what was said in them is to be read.
    pub async fn end_listing(&self, listing: &Listing, found: &[(ChannelId, MessageId)]) -> Result<()> {
        let sight = |(thread, last): &(ChannelId, MessageId)| Sight {
            channel: *thread,
            parent: Some(listing.channel),
            category: None,
            age_restricted: false,
            last_message: Some(*last),
            access: Access::Reads,
            threads: Threads::None,
            rules: Arc::default(),
            new: false,
        };
        let found: Vec<Sight> = found.iter().map(sight).collect();
        self.state().end_listing(listing, &found);
        self.flush().await
    }

    /// Lets the other listings go first.
    pub fn postpone_listing(&self, listing: &Listing) {
        let listings = &mut self.state().listings;
        listings.retain(|other| other != listing);
        listings.push(*listing);
    }

    /// Counts a page of a reading, oldest message first; `cursor` is the last message of the page, observed or not, or
    /// the reading's end. The flow is the reading's own ([`Self::recall`]): what is said live meanwhile goes on beside it.
    pub fn count_page(&self, reading: Reading, cursor: MessageId, said: &[Observation], flow: &mut Flow) -> Page {
        let state = self.state();
        let mut counted = Counted::default();
        let within = |message: MessageId| message > reading.cursor && message <= reading.before;
        // The admins may have said "ignore" since the gap was opened. What is unknown was watched then.
        let place = state.places.get(&reading.community);
        let ignored =
            place.is_some_and(|place| place.channels.contains_key(&reading.channel) && !place.counts(reading.channel));
        let is_thread = place
            .and_then(|place| place.channels.get(&reading.channel))
            .is_some_and(|channel| channel.sight.parent.is_some());
        // What is read back teaches nothing: it comes out of its order.
        let mut habits = place.map(|place| place.habits.as_they_are()).unwrap_or_default();
        for observation in said.iter().filter(|said| within(said.message()) && !ignored) {
            let heard = flow.hear(observation, &mut habits);
            count(&state.roster, &mut counted, observation, &heard);
            if is_thread {
                note_written(&state.roster, &mut counted, observation);
            }
        }
        let cursor = cursor.min(reading.before);
        if cursor == reading.before || ignored {
            let settled = flow.settle(&habits);
            count_settled(&state.roster, &mut counted, reading.community, &settled, |part| part == Part::Live);
        }
        Page { reading, counted, cursor, settled: flow.settled(cursor) }
    }

    /// Stores a page. After an error it may be tried again. Returns what is left of the reading.
    pub async fn turn_page(&self, page: &Page) -> Result<Option<Reading>> {
        self.store.advance(page).await?;
        let mut state = self.state();
        let here = |reading: &Reading| reading.channel == page.reading.channel && reading.after == page.reading.after;
        if page.is_last() {
            state.readings.retain(|reading| !here(reading));
            return Ok(None);
        }
        let reading = state.readings.iter_mut().find(|reading| here(reading));
        Ok(reading.map(|reading| {
            (reading.cursor, reading.settled) = (page.cursor, page.settled);
            *reading
        }))
    }

    /// Lets the other readings go first.
    pub fn postpone(&self, reading: Reading) {
        let readings = &mut self.state().readings;
        let here = |other: &Reading| other.channel == reading.channel && other.after == reading.after;
        if let Some(at) = readings.iter().position(here) {
            let postponed = readings.remove(at);
            readings.push(postponed);
        }
    }

    /// Gives a reading up: the channel is gone.
    pub async fn give_up(&self, reading: Reading) -> Result<()> {
        let (counted, cursor) = (Counted::default(), reading.before);
        let page = Page { reading, counted, cursor, settled: cursor };
        self.turn_page(&page).await?;
        self.note_access(reading.community, reading.channel, Access::Hidden);
        Ok(())
    }

    /// Discord does not let us read a channel which its session shows as open. The admins can see it; what is to be read there
    /// waits until a door opens, or [`Self::try_refused`].
    pub fn is_refused(&self, community: CommunityId, channel: ChannelId, now: DateTime<Utc>) {
        self.state().refused.insert((community, channel), now);
    }

    /// What was refused up to then may be tried once more.
    pub fn try_refused(&self, until: DateTime<Utc>) {
        self.state().refused.retain(|_, since| *since > until);
    }

    pub(super) fn note_access(&self, community: CommunityId, channel: ChannelId, access: Access) {
        if let Some(place) = self.state().places.get_mut(&community)
            && let Some(channel) = place.channels.get_mut(&channel)
        {
            // A request that was refused may tell less than the session has told meanwhile.
            channel.sight.access = channel.sight.access.max(access);
        }
    }
}

impl State {
    /// Whether a channel's past can be had now, as far as is known.
    pub(super) fn may_read(&self, community: CommunityId, channel: ChannelId) -> bool {
        let Some(place) = self.places.get(&community).filter(|place| place.in_sight) else { return false };
        place.access(channel).is_none_or(|access| access == Access::Reads)
            && !self.refused.contains_key(&(community, channel))
    }
}
