//! Which shards this process listens to. A lease on them keeps every other process away; it lies in the database, which
//! they share.

use std::ops::Range;

use tokio::sync::watch::Receiver;

use super::{FIRST_PAUSE, Gateway, LONGEST_PAUSE, Listener, ListenerError};
use crate::discord::stopped;
use crate::store::{Lease, StoreError};

/// Whoever has not kept a lease for so long may be taken for dead. What it counts after that is dropped.
const LEASE_LASTS: chrono::Duration = chrono::Duration::seconds(30);
const KEPT_EVERY: chrono::Duration = chrono::Duration::seconds(10);
/// Of the five seconds that a stop may take, those for giving the lease back.
const GIVEN_BACK: std::time::Duration = std::time::Duration::from_millis(300);

/// The part of the bot that this process is.
#[derive(Debug, Clone, Default)]
pub struct Share {
    /// How many shards there are; as many as Discord recommends where it is not said.
    pub shards: Option<u32>,
    /// Which of them are ours; all where it is not said.
    pub range: Option<Range<u32>>,
    /// Tells data folders apart. On each runs one process at a time.
    pub folder: String,
    /// Tells this run of the program from all others.
    pub run: String,
}

impl Share {
    /// How many shards there are, and which are ours.
    pub(super) fn of(&self, recommended: u32) -> Result<(u32, Range<u32>), ListenerError> {
        let shards = self.shards.unwrap_or(recommended).max(1);
        let range = self.range.clone().unwrap_or(0..shards);
        if range.end > shards || range.is_empty() {
            return Err(ListenerError::NoSuchShards { from: range.start, to: range.end, shards });
        }
        Ok((shards, range))
    }
}

impl Listener {
    /// Waits until the shards are ours; `None` at the stop.
    pub(super) async fn take_lease(&self, gateway: &Gateway, stop: &mut Receiver<bool>) -> Option<Lease> {
        let (range, shards) = (gateway.range.clone(), gateway.shards);
        let lease = Lease { range, shards, owner: self.share.run.clone(), folder: self.share.folder.clone() };
        let mut pause = FIRST_PAUSE;
        let mut told = false;
        loop {
            match self.try_lease(&lease).await {
                Ok(true) => return Some(lease),
                Ok(false) if told => {}
                Ok(false) => {
                    told = true;
                    tracing::warn!("another process listens to these shards; this one waits until that has ended");
                }
                Err(error) => tracing::warn!(%error, "the store does not answer yet"),
            }
            tokio::select! {
                biased;
                () = stopped(stop) => return None,
                () = tokio::time::sleep(pause) => {}
            }
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    async fn try_lease(&self, lease: &Lease) -> Result<bool, StoreError> {
        let now = self.clock.now();
        if !self.store.take_lease(lease, now, now + LEASE_LASTS).await? {
            return Ok(false);
        }
        self.watch.hold(lease.clone()).await?;
        Ok(true)
    }

    /// Keeps the lease; returns when another process has it.
    pub(super) async fn keep_lease(&self, lease: &Lease) -> ListenerError {
        let mut due = self.clock.now() + KEPT_EVERY;
        loop {
            self.clock.until(due).await;
            let now = self.clock.now();
            if now < due {
                continue;
            }
            due = now + KEPT_EVERY;
            match self.store.keep_lease(lease, now + LEASE_LASTS).await {
                Ok(true) => {}
                Ok(false) => return ListenerError::LeaseLost,
                Err(error) => tracing::warn!(%error, "the lease on our shards could not be kept; trying again"),
            }
        }
    }

    /// Lets others take the shards at once. Where it fails they wait until the lease has ended.
    pub(super) async fn end_lease(&self, lease: &Lease) {
        if !matches!(tokio::time::timeout(GIVEN_BACK, self.store.end_lease(lease)).await, Ok(Ok(()))) {
            tracing::debug!("the lease on our shards could not be given back");
        }
    }
}
