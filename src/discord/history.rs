//! What was said while nobody listened, and the past of who joined, read by REST: one request at a time, so that it
//! never crowds out what the bot has to say.

mod backwards;
mod gaps;
mod pasts;
mod threads;
mod told;

use std::sync::Arc;
use std::time::Duration;

use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use serenity::http::{Http, HttpError, LightMethod, Request, Route};

use gaps::read;
use pasts::Pasts;
use threads::archived;
use told::{Told, read_page};

use crate::app::watch::{Threads, Watch};
use crate::clock::Clock;
use crate::domain::ids::{ChannelId, CommunityId, MessageId};
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
/// After so many failures another reading has its turn.
const PATIENCE: usize = 6;
/// After so many refusals in a row a channel is taken to be closed to us, whatever the session shows. Once is not enough: a
/// role that has just been given may not have reached all of Discord.
const PATIENCE_WITH_NO: usize = 3;
/// Then it is tried once more.
const REFUSED_FOR: chrono::Duration = chrono::Duration::minutes(1);
/// When a door closes, REST may know it so much earlier than the session.
const BLIND_FOR: Duration = Duration::from_secs(1);

mod code {
    pub const UNKNOWN_CHANNEL: isize = 10_003;
}

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
pub async fn read_on(http: Arc<Http>, watch: Arc<Watch>, clock: Arc<dyn Clock>) {
    let pasts = Pasts::new(Arc::clone(&http), Arc::clone(&watch), Arc::clone(&clock));
    let mut reader = Reader { http, watch, clock, pasts, failed: false };
    let mut pause = FIRST_PAUSE;
    loop {
        match reader.take_turn().await {
            Ok(Turn::Nothing) => reader.wait().await,
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
    clock: Arc<dyn Clock>,
    pasts: Pasts,
    /// A gap that cannot be read now, or threads that cannot be listed, must not hold up the past for ever.
    failed: bool,
}

impl Reader {
    async fn take_turn(&mut self) -> Result<Turn, StoreError> {
        self.watch.try_refused(self.clock.now() - REFUSED_FOR);
        let skip = std::mem::take(&mut self.failed);
        if !skip && let Some(reading) = self.watch.next_reading().await? {
            if read(&self.http, &self.watch, &*self.clock, reading).await {
                return Ok(Turn::Done);
            }
            self.watch.postpone(reading);
            self.failed = true;
            return Ok(Turn::Later);
        }
        if !skip && let Some((listing, threads)) = self.watch.next_listing() {
            return Ok(self.list(listing, threads).await);
        }
        self.pasts.take_turn().await
    }

    /// Until there is something to read, or something that was refused may be tried once more.
    async fn wait(&self) {
        let due = self.clock.now() + REFUSED_FOR;
        let refused = async {
            while self.clock.now() < due {
                self.clock.until(due).await;
            }
        };
        tokio::select! {
            () = self.watch.something_to_read() => {}
            () = refused => {}
        }
    }

    /// Finds the threads of a channel that were archived while nobody listened.
    async fn list(&mut self, listing: Listing, threads: Threads) -> Turn {
        let found = match archived(&self.http, (listing.channel, threads), listing.since, usize::MAX).await {
            Ok(found) => found,
            Err(Trouble::Gone) => Vec::new(),
            Err(Trouble::Closed) => {
                self.watch.is_refused(listing.community, listing.channel, self.clock.now());
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
    Some(messages.iter().filter_map(|message| message.observed_in(first.community())).collect())
}

/// Up to a page of the messages after or before one, oldest first. To whom a channel's past is closed Discord shows an empty
/// page, so one is taken only where a moment later it is empty too, and the session still shows the channel as open.
async fn fetch_page(
    http: &Http,
    watch: &Watch,
    (community, channel): (CommunityId, ChannelId),
    side: (&'static str, MessageId),
) -> Result<Vec<Told>, Trouble> {
    let page = fetch_some(http, channel, side, PAGE).await?;
    if !page.is_empty() {
        return Ok(page);
    }
    tokio::time::sleep(BLIND_FOR).await;
    let page = fetch_some(http, channel, side, PAGE).await?;
    if page.is_empty() && !watch.may_read(community, channel) { Err(Trouble::Closed) } else { Ok(page) }
}

async fn fetch_some(
    http: &Http,
    channel: ChannelId,
    (side, of): (&'static str, MessageId),
    most: usize,
) -> Result<Vec<Told>, Trouble> {
    let route = Route::ChannelMessages { channel_id: serenity::model::id::ChannelId::new(channel.to_u64()) };
    let params = vec![(side, of.to_string()), ("limit", most.to_string())];
    let raw: Vec<Box<RawValue>> = ask(http, route, params).await?;
    let mut messages = read_page(&raw)?;
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

/// A status alone may be a word of something that stands in front of Discord: only its own codes say that it will be so
/// next time.
fn trouble(error: &serenity::Error) -> Trouble {
    let serenity::Error::Http(HttpError::UnsuccessfulRequest(answer)) = error else { return Trouble::Later };
    match (answer.status_code.as_u16(), answer.error.code) {
        (_, code::UNKNOWN_CHANNEL) => Trouble::Gone,
        (403, code) if code > 0 => Trouble::Closed,
        _ => Trouble::Later,
    }
}
