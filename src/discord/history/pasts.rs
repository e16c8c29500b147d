//! The past of who joined, channel by channel. One whose door closes on the way waits for a while, with what has been read
//! of it, and lets the others go first; then it is counted as far as it was read, so that the next who joined get theirs.

use std::sync::Arc;

use chrono::{DateTime, Duration, Utc};
use serenity::http::Http;

use super::backwards::Backwards;
use super::threads::archived;
use super::{PATIENCE, PATIENCE_WITH_NO, Trouble, Turn, fetch_page, store};
use crate::app::watch::{Access, PastReading, Threads, Watch};
use crate::clock::Clock;
use crate::domain::ids::ChannelId;
use crate::store::StoreError;

/// Archived threads of one channel that a past reads, the latest first: each is a request.
const MOST_THREADS: usize = 500;
/// An admin who closed a door by mistake has opened it again by then.
const DOORS_ARE_WAITED_FOR: Duration = Duration::minutes(10);

pub(super) struct Pasts {
    http: Arc<Http>,
    watch: Arc<Watch>,
    clock: Arc<dyn Clock>,
    /// The channel that is being read, as far as it has been.
    past: Option<Backwards>,
    /// In a row, with that channel.
    failures: usize,
    /// Those that wait for their doors.
    closed: Vec<Backwards>,
}

impl Pasts {
    pub const fn new(http: Arc<Http>, watch: Arc<Watch>, clock: Arc<dyn Clock>) -> Self {
        Self { http, watch, clock, past: None, failures: 0, closed: Vec::new() }
    }

    pub async fn take_turn(&mut self) -> Result<Turn, StoreError> {
        if self.past.is_none() {
            self.past = self.watch.next_past().await?.map(|reading| self.take_up(reading));
        }
        match self.past.take() {
            Some(past) => Ok(self.read(past).await),
            None => self.wait_at_doors().await,
        }
    }

    /// From where it was left when its door closed.
    fn take_up(&mut self, reading: PastReading) -> Backwards {
        let Some(at) = self.closed.iter().position(|past| past.reading.is_as(&reading)) else {
            return Backwards::new(reading);
        };
        let mut past = self.closed.swap_remove(at);
        past.reading = reading;
        past
    }

    /// Reads one page of a past; with the last one it is counted and stored.
    async fn read(&mut self, mut past: Backwards) -> Turn {
        let channel = past.reading.scan.channel;
        if !self.watch.may_read(past.reading.community, channel) {
            return self.set_aside(past);
        }
        match self.read_on(&mut past).await {
            Ok(None) => {
                self.failures = 0;
                self.past = Some(past);
                Turn::Page
            }
            Ok(Some(threads)) => {
                self.failures = 0;
                let (reading, said) = past.in_order();
                let page = self.watch.count_past(&reading, &said, threads);
                store(|| self.watch.close_past(&page)).await;
                Turn::Page
            }
            Err(Trouble::Gone) => self.give_up(past, Access::Hidden).await,
            Err(Trouble::Closed) => {
                past.refusals += 1;
                if past.refusals >= PATIENCE_WITH_NO {
                    self.watch.is_refused(past.reading.community, channel, self.clock.now());
                }
                self.past = Some(past);
                Turn::Later
            }
            Err(Trouble::Later) => {
                self.failures = (self.failures + 1) % PATIENCE;
                if self.failures == 0 {
                    self.watch.put_off_past(&past.reading);
                } else {
                    self.past = Some(past);
                }
                Turn::Later
            }
        }
    }

    /// One page more; once there are no more, the channel's archived threads.
    async fn read_on(&self, past: &mut Backwards) -> Result<Option<Vec<ChannelId>>, Trouble> {
        let PastReading { community, scan, threads, .. } = past.reading;
        if !past.is_whole() {
            let page = fetch_page(&self.http, &self.watch, (community, scan.channel), ("before", past.below)).await?;
            (past.refusals, past.closed_since) = (0, None);
            if !past.take(&page) || threads != Threads::None {
                return Ok(None);
            }
        }
        let found = archived(&self.http, (scan.channel, threads), scan.from, MOST_THREADS).await?;
        Ok(Some(found.into_iter().map(|(thread, _)| thread).collect()))
    }

    fn set_aside(&mut self, mut past: Backwards) -> Turn {
        past.closed_since.get_or_insert(self.clock.now());
        self.closed.push(past);
        Turn::Done
    }

    /// Only doors are left to be waited for. Those that have been for long enough are given up.
    async fn wait_at_doors(&mut self) -> Result<Turn, StoreError> {
        let (closed, now) = (self.watch.closed_pasts().await?, self.clock.now());
        self.closed.retain(|past| closed.iter().any(|reading| past.reading.is_as(reading)));
        for reading in closed {
            if !self.closed.iter().any(|past| past.reading.is_as(&reading)) {
                self.set_aside(Backwards::new(reading));
            }
        }
        let for_long = |since: DateTime<Utc>| since + DOORS_ARE_WAITED_FOR <= now;
        match self.closed.iter().position(|past| past.closed_since.is_some_and(for_long)) {
            Some(at) => {
                let past = self.closed.swap_remove(at);
                Ok(self.give_up(past, Access::NoHistory).await)
            }
            None => Ok(Turn::Nothing),
        }
    }

    /// Counts a channel as far as it was read.
    async fn give_up(&self, past: Backwards, access: Access) -> Turn {
        let (reading, said) = past.in_order();
        tracing::info!(channel = %reading.scan.channel, "the rest of a channel's past is closed to the bot and is skipped");
        store(|| self.watch.give_up_past(&reading, &said, access)).await;
        Turn::Done
    }
}
