//! Messages in channels that the session has not shown yet: Discord may tell of one before its thread.

use foldhash::HashMap;

use crate::domain::ids::{ChannelId, MessageId};

/// Channels of a community of which so much is remembered.
const MOST: usize = 1_000;

/// The first and the last message in each, none of which has been counted.
#[derive(Debug, Default)]
pub(super) struct Unheard(HashMap<ChannelId, (MessageId, MessageId)>);

impl Unheard {
    pub fn note(&mut self, channel: ChannelId, message: MessageId) {
        if self.0.len() < MOST || self.0.contains_key(&channel) {
            let (first, last) = self.0.entry(channel).or_insert((message, message));
            (*first, *last) = (message.min(*first), message.max(*last));
        }
    }

    /// Up to where a channel that is shown now has messages, and where it had been silent. A `mark` that was
    /// `stored` says better where it had.
    pub fn widen(
        &mut self,
        channel: ChannelId,
        (mark, stored): (MessageId, bool),
        said: Option<MessageId>,
    ) -> (MessageId, Option<MessageId>) {
        let Some((first, last)) = self.0.remove(&channel) else { return (mark, said) };
        let silent = MessageId::from_column(first.get() - 1);
        (if stored { mark } else { mark.min(silent) }, said.max(Some(last)))
    }
}
