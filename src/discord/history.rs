//! What was said while nobody listened, and the past of who joined, read by REST: one request at a time, so that it
//! never crowds out what the bot has to say.

mod backwards;

use std::sync::Arc;
use std::time::Duration;

use serenity::http::{Http, LightMethod, Request, Route};

use backwards::Backwards;

use super::listener::frame::Message;
use crate::app::watch::{Access, Watch};
use crate::domain::conversation::Window;
use crate::domain::ids::{ChannelId, MessageId};
use crate::store::{Page, Reading, StoreError};

/// The most that Discord gives at once.
const PAGE: usize = 100;
/// Between the pages of a past, which nobody waits for: a tenth of what a bot may ask for in a second.
const BETWEEN_PAGES: Duration = Duration::from_millis(200);
const FIRST_PAUSE: Duration = Duration::from_millis(250);
/// Longer than Discord's rate limits last.
const LONGEST_PAUSE: Duration = Duration::from_mins(1);
/// After so many failures another reading has its turn.
const PATIENCE: usize = 6;

/// Why a page could not be had.
#[derive(Debug)]
enum Trouble {
    /// Not for us, now or ever.
    Closed(Access),
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

/// Reads for ever: gaps first, and where there are none a page of the past of who joined.
pub async fn read_on(http: Arc<Http>, watch: Arc<Watch>) {
    let mut reader = Reader { http, watch, past: None, failures: 0, gap_failed: false };
    let mut pause = FIRST_PAUSE;
    loop {
        match reader.take_turn().await {
            Ok(Turn::Nothing) => reader.watch.something_to_read().await,
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
    /// A gap that cannot be read now must not hold up the past for ever.
    gap_failed: bool,
}

impl Reader {
    async fn take_turn(&mut self) -> Result<Turn, StoreError> {
        if !std::mem::take(&mut self.gap_failed)
            && let Some(reading) = self.watch.next_reading().await?
        {
            if read(&self.http, &self.watch, reading).await {
                return Ok(Turn::Done);
            }
            self.watch.postpone(reading);
            self.gap_failed = true;
            return Ok(Turn::Later);
        }
        if self.past.is_none() {
            self.past = self.watch.next_past().await?.map(Backwards::new);
        }
        Ok(match self.past.take() {
            Some(past) => self.read_past(past).await,
            None => Turn::Nothing,
        })
    }

    /// Reads one page of a past; with the last one it is counted and stored.
    async fn read_past(&mut self, mut past: Backwards) -> Turn {
        let channel = past.reading.scan.channel;
        match fetch(&self.http, channel, ("before", past.below)).await {
            Ok(messages) => {
                self.failures = 0;
                if past.take(&messages) {
                    let (reading, said) = past.in_order();
                    let page = self.watch.count_past(&reading, &said);
                    store(|| self.watch.close_past(&page)).await;
                } else {
                    self.past = Some(past);
                }
                Turn::Page
            }
            Err(Trouble::Closed(access)) => {
                tracing::info!(%channel, "a channel's past is closed to the bot and is skipped");
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
}

/// Reads one gap to its end; tells whether it is done with.
async fn read(http: &Http, watch: &Watch, mut reading: Reading) -> bool {
    let mut window = Window::default();
    let (mut pause, mut failures) = (FIRST_PAUSE, 0);
    loop {
        match fetch(http, reading.channel, ("after", reading.cursor)).await {
            Ok(messages) => {
                (pause, failures) = (FIRST_PAUSE, 0);
                let page = count(watch, reading, &messages, &mut window);
                match store(|| watch.turn_page(&page)).await {
                    Some(rest) => reading = rest,
                    None => return true,
                }
            }
            Err(Trouble::Closed(access)) => {
                tracing::info!(channel = %reading.channel, "a channel's past is closed to the bot and is skipped");
                store(|| watch.give_up(reading, access)).await;
                return true;
            }
            Err(Trouble::Later) => {
                failures += 1;
                if failures == PATIENCE {
                    return false;
                }
                rest(&mut pause).await;
            }
        }
    }
}

fn count(watch: &Watch, reading: Reading, messages: &[Message], window: &mut Window) -> Page {
    let said: Vec<_> = messages.iter().filter_map(|message| message.observed_in(Some(reading.community))).collect();
    let newest = messages.last().filter(|_| messages.len() >= PAGE).map(|message| message.id);
    // A page that is not full is the end of what is there.
    watch.count_page(reading, newest.unwrap_or(reading.before), &said, window)
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

/// Up to a page of the messages after or before one, oldest first.
async fn fetch(
    http: &Http,
    channel: ChannelId,
    (side, of): (&'static str, MessageId),
) -> Result<Vec<Message>, Trouble> {
    let route = Route::ChannelMessages { channel_id: serenity::model::id::ChannelId::new(channel.to_u64()) };
    let params = vec![(side, of.to_string()), ("limit", PAGE.to_string())];
    let request = Request::new(route, LightMethod::Get).params(Some(params));
    let response = http.request(request).await.map_err(|error| trouble(&error))?;
    let body = response.bytes().await.map_err(|_| Trouble::Later)?;
    let mut messages: Vec<Message> = serde_json::from_slice(&body).map_err(|error| {
        // The error's own words could quote people.
        tracing::warn!(column = error.column(), "a page of messages is not as documented");
        Trouble::Later
    })?;
    messages.sort_unstable_by_key(|message| message.id);
    Ok(messages)
}

fn trouble(error: &serenity::Error) -> Trouble {
    let serenity::Error::Http(http) = error else { return Trouble::Later };
    match http.status_code().map(|status| status.as_u16()) {
        Some(403) => Trouble::Closed(Access::NoHistory),
        Some(404) => Trouble::Closed(Access::Hidden),
        _ => Trouble::Later,
    }
}
