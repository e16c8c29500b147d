//! Messages in channels that the session has not shown yet: Discord may tell of one before its thread.

use chrono::{DateTime, Utc};
use foldhash::HashMap;

use super::state::State;
use crate::domain::ids::{ChannelId, CommunityId, MessageId};
use crate::store::Unheard as Stretch;

/// Channels of a community of which so much is remembered.
const MOST: usize = 1_000;

/// The first and the last message in each, none of which has been counted.
#[derive(Debug, Default)]
pub(super) struct Unheard(HashMap<ChannelId, Stretch>);

impl Unheard {
    pub fn of(stretches: Vec<(ChannelId, Stretch)>) -> Self {
        Self(stretches.into_iter().collect())
    }

    /// Says whether it is noted.
    pub fn note(&mut self, channel: ChannelId, message: MessageId) -> bool {
        if self.0.len() >= MOST && !self.0.contains_key(&channel) {
            return false;
        }
        let stretch = self.0.entry(channel).or_insert(Stretch { first: message, last: message });
        *stretch = Stretch { first: message.min(stretch.first), last: message.max(stretch.last) };
        true
    }

    /// The first message in any of them that is no older than that.
    pub fn first(&self, from: DateTime<Utc>) -> Option<MessageId> {
        self.0.values().map(|stretch| stretch.first).filter(|first| first.time() >= from).min()
    }

    pub fn get(&self, channel: ChannelId) -> Option<Stretch> {
        self.0.get(&channel).copied()
    }

    /// It is gone, or shown.
    pub fn take(&mut self, channel: ChannelId) -> Option<Stretch> {
        self.0.remove(&channel)
    }
}

/// Up to where a channel that is shown now has messages, and where it had been silent. A `mark` that was `stored` says
/// better where it had.
pub(super) fn widen(
    unheard: Option<Stretch>,
    (mark, stored): (MessageId, bool),
    said: Option<MessageId>,
) -> (MessageId, Option<MessageId>) {
    let Some(Stretch { first, last }) = unheard else { return (mark, said) };
    let silent = MessageId::from_column(first.get() - 1);
    (if stored { mark } else { mark.min(silent) }, said.max(Some(last)))
}

impl State {
    /// A message in a channel that nobody has shown. The next process has to know of it too: where the channel is told of
    /// then, that does not say what was said in it before.
    pub(super) fn note_unheard(&mut self, community: CommunityId, channel: ChannelId, message: MessageId) {
        let place = self.places.get_mut(&community);
        if place.is_some_and(|place| place.unheard.note(channel, message)) {
            self.pending.unheard.insert((community, channel));
        }
    }

    /// As they are to be stored; `None` where a channel has been shown since, or is gone.
    pub(super) fn unheard_to_save(&mut self) -> Vec<(CommunityId, ChannelId, Option<Stretch>)> {
        let changed = std::mem::take(&mut self.pending.unheard);
        let stretch = |community: CommunityId, channel| self.places.get(&community)?.unheard.get(channel);
        changed.into_iter().map(|(community, channel)| (community, channel, stretch(community, channel))).collect()
    }
}
