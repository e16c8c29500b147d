//! What has just been said in one channel.

use std::collections::VecDeque;

use crate::domain::conversation::Flow;
use crate::domain::ids::MessageId;

/// Ids kept per channel: Discord may deliver a message twice, shortly after each other.
const RECENT: usize = 256;

/// The last speakers of a channel and the last ids; bystanders are in it, so it lives in memory only.
#[derive(Debug)]
pub(super) struct Ear {
    pub flow: Flow,
    recent: VecDeque<MessageId>,
    newest: Option<MessageId>,
}

impl Ear {
    pub const fn of(flow: Flow) -> Self {
        Self { flow, recent: VecDeque::new(), newest: None }
    }

    /// Whether this message is new; remembers it.
    pub fn admits(&mut self, message: MessageId) -> bool {
        // Nearly always it is newer than all others, so they need not be looked through.
        if self.newest >= Some(message) && self.recent.contains(&message) {
            return false;
        }
        self.newest = self.newest.max(Some(message));
        if self.recent.len() == RECENT {
            self.recent.pop_front();
        }
        self.recent.push_back(message);
        true
    }

    pub fn last(&self) -> Option<MessageId> {
        self.recent.back().copied()
    }
}
