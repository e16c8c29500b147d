//! Guesses that wait for what is said next: none is forgotten with its window, none is corrected twice.

use chrono::Duration;

use super::state::{State, count_settled};
use crate::domain::consent::Part;
use crate::domain::conversation::SILENCE;
use crate::domain::ids::{ChannelId, CommunityId, MessageId};

/// Windows kept at most, at 14 KB each when full.
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
        for (community, place) in &mut self.places {
            let mut forgotten = Vec::new();
            for (id, channel) in &mut place.channels {
                let Some((ear, last)) = channel.ear.as_mut().and_then(|ear| ear.last().map(|last| (ear, last))) else {
                    continue;
                };
                let goes = bound.is_some_and(|bound| last <= bound);
                if goes {
                    forgotten.push(*id);
                }
                if (goes || last < silent) && ear.flow.waits() {
                    let settled = ear.flow.settle(&place.habits);
                    let live = |part| part == Part::Live;
                    count_settled(&self.roster, &mut self.pending.counted, *community, &settled, live);
                    let mark = place.marks.get(id).copied().unwrap_or(last);
                    self.pending.marks.entry((*community, *id)).or_insert(mark);
                }
            }
            for id in forgotten {
                place.forget_flow(id);
            }
        }
    }

    /// A channel or thread is gone: what waits in it is settled with the next frame.
    pub(super) fn lose(&mut self, community: CommunityId, id: ChannelId) {
        let Some(place) = self.places.get_mut(&community) else { return };
        let ear = place.channels.remove(&id).and_then(|channel| channel.ear);
        let settled = ear.map(|mut ear| ear.flow.settle(&place.habits)).unwrap_or_default();
        self.owed.extend(settled.into_iter().map(|settled| (community, settled)));
        self.pending.shown.channels.insert((community, id), None);
    }

    /// Counts what became final between two frames.
    pub(super) fn pay(&mut self) {
        for (community, settled) in std::mem::take(&mut self.owed) {
            let live = |part| part == Part::Live;
            count_settled(&self.roster, &mut self.pending.counted, community, [&settled], live);
        }
    }
}
