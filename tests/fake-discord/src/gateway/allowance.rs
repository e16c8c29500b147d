//! How often sessions may identify.

use std::time::{Duration, Instant};

use crate::Discord;

/// A little less than Discord's five seconds, since lines are not equally long.
const IDENTIFY_EVERY: Duration = Duration::from_millis(4_900);

impl Discord {
    /// One session in five seconds for each rest of the shard's number by the bot's concurrency.
    pub(super) fn may_identify(&self, shard: u64) -> bool {
        let Some(key) = shard.checked_rem(self.options().max_concurrency) else { return true };
        let now = Instant::now();
        self.change(|state| {
            let before = state.identified_at.insert(key, now);
            before.is_none_or(|before| now - before >= IDENTIFY_EVERY)
        })
    }
}
