//! Guesses that wait for what is said next: none is forgotten with its window, none is corrected twice.

use chrono::Duration;

use super::state::{State, count_settled};
use crate::domain::consent::Part;
use crate::domain::conversation::SILENCE;
use crate::domain::ids::{ChannelId, CommunityId, MessageId};

/// Windows kept at most, at 21 KB each when full.
const WINDOWS: usize = 2_000;
/// Beyond [`SILENCE`], since channels are not heard in the order of their times: what waits is settled as the channel's own
/// next message would settle it.
const IN_ANY_ORDER: Duration = Duration::minutes(5);

impl State {
    /// Settles what waits in silent channels, and forgets the windows of the most silent ones beyond the bound. Not without
    /// a frame since the last flush, whose number tells whether this one is in.
    pub(super) fn tidy(&mut self) {
        let newest = self.places.values().filter_map(|place| place.latest).max();
        let Some(newest) = newest.filter(|_| !self.pending.moved.is_empty()) else { return };
        let silent = MessageId::at(newest.time() - SILENCE - IN_ANY_ORDER);
        let channels = || self.places.values().flat_map(|place| place.channels.values());
        let mut heard: Vec<MessageId> = channels().filter_map(|channel| channel.ear.as_ref()?.last()).collect();
        let bound = heard.len().checked_sub(WINDOWS + 1).map(|excess| *heard.select_nth_unstable(excess).1);
        let goes = |last: MessageId| bound.is_some_and(|bound| last <= bound);
        let mut ended = Vec::new();
        for (community, place) in &self.places {
            for (id, channel) in &place.channels {
                let Some((ear, last)) = channel.ear.as_ref().and_then(|ear| Some((ear, ear.last()?))) else { continue };
                if goes(last) || (last < silent && ear.flow.waits()) {
                    ended.push((*community, *id, goes(last)));
                }
            }
        }
        for (community, id, goes) in ended {
            self.settle(community, id);
            if let Some(place) = self.places.get_mut(&community).filter(|_| goes) {
                place.forget_flow(id);
            }
        }
    }

    /// A channel with its threads, or a thread, is gone or cannot be seen any more: what waits in it is final.
    pub(super) fn lose(&mut self, community: CommunityId, id: ChannelId) {
        let Some(place) = self.places.get_mut(&community) else { return };
        if place.unheard.take(id).is_some() {
            self.pending.unheard.insert((community, id));
        }
        let sights = place.channels.values().map(|channel| &channel.sight);
        let threads = sights.filter(|sight| sight.parent == Some(id)).map(|sight| sight.channel);
        for id in threads.chain([id]).collect::<Vec<_>>() {
            self.settle(community, id);
            if let Some(place) = self.places.get_mut(&community) {
                place.forget_flow(id);
                place.channels.remove(&id);
                // Also where a process before this one left guesses waiting, of which no ear is left here.
                if let Some(mark) = place.marks.get(&id) {
                    self.pending.marks.insert((community, id), mark.last);
                }
            }
            self.pending.shown.channels.insert((community, id), None);
        }
    }

    /// Counts what waits in a channel as it stands, and that it waits no more.
    fn settle(&mut self, community: CommunityId, id: ChannelId) {
        let Some(place) = self.places.get_mut(&community) else { return };
        let Some(ear) = place.channels.get_mut(&id).and_then(|channel| channel.ear.as_mut()) else { return };
        if !ear.flow.waits() {
            return;
        }
        let settled = ear.flow.settle(&place.habits);
        count_settled(&self.roster, &mut self.pending.counted, community, &settled, |part| part == Part::Live);
        if let Some(mark) = place.marks.get(&id) {
            self.pending.marks.insert((community, id), mark.last);
        }
    }
}
