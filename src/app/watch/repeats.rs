//! What an earlier process of the same session has counted: its ears knew each message that they had heard, and died with it.

use foldhash::HashSet;

use super::state::State;
use crate::domain::ids::MessageId;
use crate::domain::observation::Observation;
use crate::store::Recent;

/// The messages that were counted last before this process went on.
#[derive(Debug, Default)]
pub(super) struct Repeats {
    counted: HashSet<MessageId>,
    newest: Option<MessageId>,
}

impl Repeats {
    pub fn remember(&mut self, counted: Vec<MessageId>) {
        self.newest = self.newest.max(counted.iter().copied().max());
        self.counted.extend(counted);
    }

    /// Whether a message has been counted already.
    pub fn know(&self, message: MessageId) -> bool {
        // Nearly always it is newer than all of them.
        self.newest >= Some(message) && self.counted.contains(&message)
    }
}

impl State {
    /// Notes for the next process that something was counted of a message as it was heard.
    pub(super) fn note_counted(&mut self, (shard, sequence): (u32, u64), observation: &Observation) {
        let Some(shards) = self.sessions.get(&shard).map(|session| session.shards) else { return };
        let (community, author, message) = (observation.community(), observation.author(), observation.message());
        self.pending.counted.recent.push(Recent { shard, shards, sequence, community, author, message });
    }
}
