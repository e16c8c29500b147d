//! What Discord does by itself as time passes: quiet threads are archived, external events begin and end.

use super::events::status;
use super::interactions::TOKEN_MS;
use super::messages::NONCE_MS;
use super::{Channel, ScheduledEvent, World};
use crate::Id;
use crate::clock::moment_of;

const MINUTE_MS: i64 = 60_000;
const EXTERNAL: u8 = 3;

impl World {
    /// Drops what was only shown for a moment, acts whose tokens open nothing any more, nonces that return nothing any
    /// more, and files that were handed over with such acts.
    pub fn forget_the_past(&mut self) {
        let now = self.now_ms();
        self.shown.clear();
        self.interactions.retain(|_, act| now - act.born_ms < TOKEN_MS);
        self.nonces.retain(|_, (_, at_ms)| now - *at_ms < NONCE_MS);
        self.handed.retain(|id, _| now - moment_of(*id) < TOKEN_MS);
    }

    /// Moves the clock, and lets happen what was due until then.
    pub fn set_now(&mut self, ms: i64) {
        self.clock.set(ms);
        let quiet: Vec<Id> = self.channels.values().filter(|c| is_quiet(c, ms)).map(|c| c.id).collect();
        for thread in quiet {
            // It was a thread a line above.
            let _ = self.change_thread(thread, |_, state| state.archived = true);
        }
        let events = self.communities.values().flat_map(|c| c.events.values());
        let due: Vec<ScheduledEvent> = events.filter_map(|event| moved_on(event, ms)).collect();
        for event in due {
            self.save_event(event);
        }
    }
}

/// Whether nothing was written for as long as the thread says.
fn is_quiet(channel: &Channel, now_ms: i64) -> bool {
    let Some(thread) = channel.thread.as_ref().filter(|t| !t.archived) else { return false };
    let last_ms = channel.last_message.map_or(0, moment_of).max(thread.archive_changed_ms);
    now_ms - last_ms >= i64::from(thread.auto_archive_minutes) * MINUTE_MS
}

/// The event with its next status, if it has begun or ended by now.
fn moved_on(event: &ScheduledEvent, now_ms: i64) -> Option<ScheduledEvent> {
    if event.entity_type != EXTERNAL || !event.is_open() {
        return None;
    }
    let next = if event.end_ms.is_some_and(|end| end <= now_ms) {
        status::COMPLETED
    } else if event.start_ms <= now_ms {
        status::ACTIVE
    } else {
        return None;
    };
    (next != event.status).then(|| ScheduledEvent { status: next, ..event.clone() })
}
