//! What was said while nobody listened, and the past of who joined, read by REST: one request at a time, so that it
//! never crowds out what the bot has to say.

mod backwards;
mod gaps;
mod threads;

use std::sync::Arc;
use std::time::Duration;

use serde::de::DeserializeOwned;
use serenity::http::{Http, LightMethod, Request, Route};

use backwards::Backwards;
use gaps::read;
use threads::archived;

use super::listener::frame::Message;
use crate::app::watch::{Access, PastReading, Threads, Watch};
use crate::domain::ids::{ChannelId, MessageId};
use crate::domain::observation::Observation;
use crate::store::{Listing, StoreError};

/// The most that Discord gives at once.
const PAGE: usize = 100;
/// So many messages before the first tell the window who is talking.
const WARMING: usize = 50;
/// Between the pages of a past, which nobody waits for: a tenth of what a bot may ask for in a second.
const BETWEEN_PAGES: Duration = Duration::from_millis(200);
const FIRST_PAUSE: Duration = Duration::from_millis(250);
/// Longer than Discord's rate limits last.
const LONGEST_PAUSE: Duration = Duration::from_mins(1);
/// Archived threads of one channel that a past reads, the latest first: each is a request.
const MOST_THREADS: usize = 500;
/// After so many failures another reading has its turn.
const PATIENCE: usize = 6;

/// Why a page could not be had.
#[derive(Debug)]
enum Trouble {
    /// There is no such channel any more.
    Gone,
    /// Not for us now.
    Closed,
    /// Busy, limited, unreachable: later perhaps.
    Later,
}

/// What became of one turn of the reader.
enum Turn {
    Done,
    /// A page of a past was read; more follow.
    Page,
    Nothing,
    Later,
}

/// Reads for ever: gaps first, then the threads that were archived meanwhile, and where there are none a page of the past
/// of who joined.
pub async fn read_on(http: Arc<Http>, watch: Arc<Watch>) {
    let mut reader = Reader { http, watch, past: None, failures: 0, failed: false };
    let mut pause = FIRST_PAUSE;
    loop {
        match reader.take_turn().await {
            Ok(Turn::Nothing) => {
                if tokio::time::timeout(LONGEST_PAUSE, reader.watch.something_to_read()).await.is_err() {
                    reader.watch.try_refused();
                }
            }
            Ok(Turn::Done) => {}
            Ok(Turn::Page) => tokio::time::sleep(BETWEEN_PAGES).await,
            Ok(Turn::Later) => {
                rest(&mut pause).await;
                continue;
            }
            Err(error) => {
                tracing::warn!(%error, "the store does not answer; reading later");
                rest(&mut pause).await;
                continue;
            }
        }
        pause = FIRST_PAUSE;
    }
}

struct Reader {
    http: Arc<Http>,
    watch: Arc<Watch>,
    /// A channel of somebody's past, as far as it has been read.
    past: Option<Backwards>,
    /// In a row, with that channel.
    failures: usize,
    /// A gap that cannot be read now, or threads that cannot be listed, must not hold up the past for ever.
    failed: bool,
}

impl Reader {
    async fn take_turn(&mut self) -> Result<Turn, StoreError> {
        let skip = std::mem::take(&mut self.failed);
        if !skip && let Some(reading) = self.watch.next_reading().await? {
            if read(&self.http, &self.watch, reading).await {
                return Ok(Turn::Done);
            }
            self.watch.postpone(reading);
            self.failed = true;
            return Ok(Turn::Later);
        }
        if !skip && let Some((listing, threads)) = self.watch.next_listing() {
            return Ok(self.list(listing, threads).await);
        }
        if self.past.is_none() {
            self.past = self.watch.next_past().await?.map(Backwards::new);
        }
        Ok(match self.past.take() {
            Some(past) => self.read_past(past).await,
            None => Turn::Nothing,
        })
    }

    /// Finds the threads of a channel that were archived while nobody listened.
    async fn list(&mut self, listing: Listing, threads: Threads) -> Turn {
        let found = match archived(&self.http, (listing.channel, threads), listing.since, usize::MAX).await {
            Ok(found) => found,
            Err(Trouble::Gone) => Vec::new(),
            Err(Trouble::Closed) => {
                self.watch.is_refused(listing.community, listing.channel);
                return Turn::Done;
            }
            Err(Trouble::Later) => {
                self.watch.postpone_listing(&listing);
                self.failed = true;
                return Turn::Later;
            }
        };
        store(|| self.watch.end_listing(&listing, &found)).await;
        Turn::Page
    }

    /// Reads one page of a past; with the last one it is counted and stored.
    async fn read_past(&mut self, mut past: Backwards) -> Turn {
        let channel = past.reading.scan.channel;
        match Self::read_on(&self.http, &mut past).await {
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
            Err(trouble @ (Trouble::Gone | Trouble::Closed)) => {
                tracing::info!(%channel, "a channel's past is closed to the bot and is skipped");
                let access = if matches!(trouble, Trouble::Gone) { Access::Hidden } else { Access::NoHistory };
                store(|| self.watch.give_up_past(&past.reading, access)).await;
                Turn::Done
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
    async fn read_on(http: &Http, past: &mut Backwards) -> Result<Option<Vec<ChannelId>>, Trouble> {
        let PastReading { scan, threads, .. } = past.reading;
        if !past.is_whole() {
            let page = fetch(http, scan.channel, ("before", past.below)).await?;
            if !past.take(&page) || threads != Threads::None {
                return Ok(None);
            }
        }
        let found = archived(http, (scan.channel, threads), scan.from, MOST_THREADS).await?;
        Ok(Some(found.into_iter().map(|(thread, _)| thread).collect()))
    }
}

/// Tries until the store takes it.
async fn store<T, F: Future<Output = Result<T, StoreError>>>(attempt: impl Fn() -> F) -> T {
    let mut pause = FIRST_PAUSE;
    loop {
        match attempt().await {
            Ok(done) => return done,
            Err(error) => tracing::warn!(%error, "a page could not be stored; trying again"),
        }
        rest(&mut pause).await;
    }
}

async fn rest(pause: &mut Duration) {
    tokio::time::sleep(*pause).await;
    *pause = (*pause * 2).min(LONGEST_PAUSE);
}

/// What people said just before a message in its channel, oldest first; `None` where that cannot be read.
pub async fn just_before(http: &Http, first: &Observation) -> Option<Vec<Observation>> {
    let messages = fetch_some(http, first.channel(), ("before", first.message()), WARMING).await.ok()?;
    Some(messages.iter().filter_map(|message| message.observed_in(Some(first.community()))).collect())
}

/// Up to a page of the messages after or before one, oldest first.
async fn fetch(http: &Http, channel: ChannelId, side: (&'static str, MessageId)) -> Result<Vec<Message>, Trouble> {
    fetch_some(http, channel, side, PAGE).await
}

async fn fetch_some(
    http: &Http,
    channel: ChannelId,
    (side, of): (&'static str, MessageId),
    most: usize,
) -> Result<Vec<Message>, Trouble> {
    let route = Route::ChannelMessages { channel_id: serenity::model::id::ChannelId::new(channel.to_u64()) };
    let params = vec![(side, of.to_string()), ("limit", most.to_string())];
    let mut messages: Vec<Message> = ask(http, route, params).await?;
    messages.sort_unstable_by_key(|message| message.id);
    Ok(messages)
}

async fn ask<T: DeserializeOwned>(
    http: &Http,
    route: Route<'static>,
    params: Vec<(&'static str, String)>,
) -> Result<T, Trouble> {
    let request = Request::new(route, LightMethod::Get).params(Some(params));
    let response = http.request(request).await.map_err(|error| trouble(&error))?;
    let body = response.bytes().await.map_err(|_| Trouble::Later)?;
    serde_json::from_slice(&body).map_err(|error| {
        // The error's own words could quote people.
        tracing::warn!(column = error.column(), "an answer about the past is not as documented");
        Trouble::Later
    })
}

fn trouble(error: &serenity::Error) -> Trouble {
    let serenity::Error::Http(http) = error else { return Trouble::Later };
    match http.status_code().map(|status| status.as_u16()) {
        Some(403) => Trouble::Closed,
        Some(404) => Trouble::Gone,
        _ => Trouble::Later,
    }
}
