//! Hands that reach for one meetup at once take turns, first come, first served. Whoever loads a meetup while another one
//! saves it has to begin again; where many react within one second, the same few would lose each time.

use std::hash::BuildHasher;

use foldhash::fast::FixedState;
use tokio::sync::{Mutex, MutexGuard};

use crate::domain::ids::MeetupId;

/// Meetups that share a queue merely wait for each other, so a few queues do for any number of meetups.
const QUEUES: usize = 64;

/// One queue for each meetup, within this process; between processes the revision decides.
pub(super) struct Turns {
    queues: [Mutex<()>; QUEUES],
}

impl Turns {
    pub(super) fn new() -> Self {
        Self { queues: std::array::from_fn(|_| Mutex::new(())) }
    }

    /// Waits for one's turn at a meetup, which lasts until the guard is dropped.
    pub(super) async fn at(&self, id: MeetupId) -> MutexGuard<'_, ()> {
        let place = FixedState::default().hash_one(id) % QUEUES as u64;
        self.queues[usize::try_from(place).unwrap_or(0)].lock().await
    }
}
