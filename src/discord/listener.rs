//! The listening session: gateway frames in their order, counted one after the other. Reading stops where storing
//! does, so that TCP holds the sender back and memory stays small.

mod connection;
pub mod frame;
mod intake;
mod permissions;
mod warmth;

use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;
use serenity::http::{Http, HttpError};
use tokio::sync::watch::{Receiver, Sender};
use tokio::task::JoinSet;
use twilight_gateway::Intents;
use twilight_gateway::queue::InMemoryQueue;

use super::{history, stopped};
use crate::app::watch::Watch;
use crate::clock::Clock;
use crate::store::Store;
use connection::{Connection, Ended};
use intake::Intake;

/// What is heard: who is where, who writes and reacts. None of these is privileged.
pub const INTENTS: Intents = Intents::GUILDS
    .union(Intents::GUILD_MESSAGES)
    .union(Intents::GUILD_MESSAGE_REACTIONS)
    .union(Intents::GUILD_VOICE_STATES);

/// One listening session hears all; sharding comes with the resume across processes.
const SHARD: u32 = 0;
const SHARDS: u32 = 1;

/// Of the five seconds that a stop may take, those for the last flush.
const LAST_FLUSH: Duration = Duration::from_secs(3);
/// Between attempts to reach Discord or the store.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// Why listening cannot go on, in one sentence for whoever runs the bot.
#[derive(Debug, thiserror::Error)]
pub enum ListenerError {
    #[error("Discord does not accept the bot token: copy it again from the Developer Portal, page Bot")]
    BadToken,
    #[error("Discord does not allow the intents that Wallflower asks for (guilds, messages, reactions, voice states)")]
    DisallowedIntents,
    #[error("this bot is in more communities than one listening session may hear")]
    TooManyCommunities,
    #[error("Discord ended the listening session for good with code {0}")]
    Refused(u16),
}

/// The ear at the gateway.
pub struct Listener {
    token: SecretString,
    http: Arc<Http>,
    watch: Arc<Watch>,
    store: Store,
    clock: Arc<dyn Clock>,
    identified: Sender<bool>,
    compressed: bool,
}

/// Where the gateway is, and how often one may identify there.
struct Gateway {
    url: String,
    queue: InMemoryQueue,
}

impl Listener {
    /// `http` also says where the gateway is, so a proxy set in it (`discord.api_base`) leads both.
    pub fn new(token: SecretString, http: Arc<Http>, watch: Arc<Watch>, store: Store, clock: Arc<dyn Clock>) -> Self {
        Self { token, http, watch, store, clock, identified: Sender::new(false), compressed: true }
    }

    /// Whether Discord is asked to compress what it sends (`zstd-stream`); it is, unless this says no.
    #[must_use]
    pub fn compressed(self, compressed: bool) -> Self {
        Self { compressed, ..self }
    }

    /// Becomes true with the first READY: only then may the talking session identify, since both share one allowance.
    pub fn identified(&self) -> Receiver<bool> {
        self.identified.subscribe()
    }

    /// Listens until `stop` becomes true (or its sender is gone) or Discord refuses for good. Then all that was heard is
    /// flushed and the connection closed so that the session can be resumed, within five seconds.
    pub async fn run(self, mut stop: Receiver<bool>) -> Result<(), ListenerError> {
        // Fails only where one is installed already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let gateway = tokio::select! {
            biased;
            () = stopped(&mut stop) => return Ok(()),
            gateway = self.find_gateway() => gateway?,
        };
        // Ends with this future, however that ends.
        let mut reader = JoinSet::new();
        reader.spawn(history::read_on(Arc::clone(&self.http), Arc::clone(&self.watch)));
        let outcome = self.listen(&gateway, &mut stop).await;
        // A page under way is either stored or will be read again.
        reader.shutdown().await;
        outcome
    }

    async fn listen(&self, gateway: &Gateway, stop: &mut Receiver<bool>) -> Result<(), ListenerError> {
        let mut intake = Intake::new(&self.watch, &self.store, &*self.clock).warmed_by(Arc::clone(&self.http));
        let mut session = None;
        loop {
            let mut connection = Connection::open(self, gateway, &mut intake, session.take());
            let ended = connection.serve(stop).await;
            match ended {
                Ended::Final(error) => {
                    self.flush_at_the_end().await;
                    return Err(error);
                }
                Ended::Stopped => {
                    self.flush_at_the_end().await;
                    connection.close().await;
                    return Ok(());
                }
                Ended::Unresumable => tracing::warn!("the listening session was lost; what was missed will be read"),
                Ended::Unreachable => session = self.watch.session(SHARD),
                Ended::StoreAway => {
                    connection.close().await;
                    if !self.wait_for_store(stop).await {
                        return Ok(());
                    }
                    session = self.watch.session(SHARD);
                }
            }
        }
    }

    async fn flush_at_the_end(&self) {
        match tokio::time::timeout(LAST_FLUSH, self.watch.flush()).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(%error, "the last flush failed; what it held will be read again"),
            Err(_) => tracing::warn!("the last flush took too long; what it held will be read again"),
        }
    }

    /// Tells whether the store answered before the stop.
    async fn wait_for_store(&self, stop: &mut Receiver<bool>) -> bool {
        let mut pause = FIRST_PAUSE;
        loop {
            tokio::select! {
                biased;
                () = stopped(stop) => return false,
                () = tokio::time::sleep(pause) => {}
            }
            match self.watch.flush().await {
                Ok(()) => return true,
                Err(error) => tracing::warn!(%error, "the store does not answer yet"),
            }
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    async fn find_gateway(&self) -> Result<Gateway, ListenerError> {
        let mut pause = FIRST_PAUSE;
        loop {
            match self.http.get_bot_gateway().await {
                Ok(found) => {
                    let limit = found.session_start_limit;
                    let concurrency = u16::try_from(limit.max_concurrency).unwrap_or(1).max(1);
                    let total = u32::try_from(limit.total).unwrap_or(u32::MAX);
                    let left = u32::try_from(limit.remaining).unwrap_or(total).min(total);
                    let queue = InMemoryQueue::new(concurrency, left, Duration::from_millis(limit.reset_after), total);
                    return Ok(Gateway { url: found.url.trim_end_matches('/').to_owned(), queue });
                }
                Err(error) if refuses_token(&error) => return Err(ListenerError::BadToken),
                Err(error) => tracing::warn!(%error, "Discord does not say where its gateway is; trying again"),
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }
}

fn refuses_token(error: &serenity::Error) -> bool {
    let serenity::Error::Http(error) = error else { return false };
    matches!(error, HttpError::InvalidHeader(_)) || error.status_code().is_some_and(|status| status.as_u16() == 401)
}
