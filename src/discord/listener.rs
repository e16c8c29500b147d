//! The listening session: gateway frames in their order, counted one after the other. Reading stops where storing
//! does, so that TCP holds the sender back and memory stays small.

mod connection;
pub mod frame;
mod gateway;
mod intake;
mod permissions;
mod share;
mod warmth;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use secrecy::SecretString;
use serenity::http::Http;
use tokio::sync::watch::{Receiver, Sender};
use tokio::task::JoinSet;
use twilight_gateway::{Intents, ShardId};

use super::{history, stopped};
use crate::app::watch::Watch;
use crate::clock::Clock;
use crate::store::{Lease, Resume, Store, StoreError};
use connection::{Connection, Ended};
pub use gateway::Gateway;
use intake::Intake;
pub use share::Share;

/// What is heard: who is where, who writes and reacts. None of these is privileged.
pub const INTENTS: Intents = Intents::GUILDS
    .union(Intents::GUILD_MESSAGES)
    .union(Intents::GUILD_MESSAGE_REACTIONS)
    .union(Intents::GUILD_VOICE_STATES);

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
    #[error(
        "this bot is in too many communities for its number of shards: raise discord.shards, or leave it out and start again"
    )]
    TooManyCommunities,
    #[error("there are no shards {from}..{to} out of {shards}: check discord.shards and discord.shard_range")]
    NoSuchShards { from: u32, to: u32, shards: u32 },
    #[error(
        "another process has taken over a shard of this one, which did not answer for too long: start it again to wait in line \
         (does each process have a data folder of its own?)"
    )]
    LeaseLost,
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
    compressed: bool,
    share: Share,
    /// Shards that hear nothing yet.
    silent: Mutex<BTreeSet<u32>>,
    begun: Sender<Option<Gateway>>,
    leased: Sender<bool>,
}

impl Listener {
    /// `http` also says where the gateway is, so a proxy set in it (`discord.api_base`) leads both.
    pub fn new(token: SecretString, http: Arc<Http>, watch: Arc<Watch>, store: Store, clock: Arc<dyn Clock>) -> Self {
        let (share, silent) = (Share::default(), Mutex::default());
        let (begun, leased) = (Sender::new(None), Sender::new(false));
        Self { token, http, watch, store, clock, compressed: true, share, silent, begun, leased }
    }

    /// Whether Discord is asked to compress what it sends (`zstd-stream`); it is, unless this says no.
    #[must_use]
    pub fn compressed(self, compressed: bool) -> Self {
        Self { compressed, ..self }
    }

    /// Listens to a share of the shards only.
    #[must_use]
    pub fn sharing(mut self, share: Share) -> Self {
        self.share = share;
        self
    }

    /// Becomes true when the shards are ours and nobody else's.
    pub fn leased(&self) -> Receiver<bool> {
        self.leased.subscribe()
    }

    /// Becomes the gateway once all of our shards hear: only then may the talking sessions identify, since all share one
    /// allowance.
    pub fn begun(&self) -> Receiver<Option<Gateway>> {
        self.begun.subscribe()
    }

    /// Listens until `stop` becomes true (or its sender is gone) or Discord refuses for good. Then all that was heard is
    /// flushed and the connections closed so that the sessions can be resumed, within five seconds.
    pub async fn run(self, mut stop: Receiver<bool>) -> Result<(), ListenerError> {
        // Fails only where one is installed already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let gateway = tokio::select! {
            biased;
            () = stopped(&mut stop) => return Ok(()),
            gateway = self.find_gateway() => gateway?,
        };
        let Some(lease) = self.take_lease(&gateway, &mut stop).await else { return Ok(()) };
        self.leased.send_replace(true);
        // Ends with this future, however that ends.
        let mut reader = JoinSet::new();
        let (http, watch) = (Arc::clone(&self.http), Arc::clone(&self.watch));
        reader.spawn(history::read_on(http, watch, Arc::clone(&self.clock)));
        let outcome = self.listen_to_all(&gateway, &lease, stop).await;
        // A page under way is either stored or will be read again.
        reader.shutdown().await;
        self.end_lease(&lease).await;
        outcome
    }

    /// Until the stop; where one shard cannot go on, none does.
    async fn listen_to_all(
        &self,
        gateway: &Gateway,
        lease: &Lease,
        mut stop: Receiver<bool>,
    ) -> Result<(), ListenerError> {
        self.silent().extend(gateway.range.clone());
        let end = Sender::new(false);
        let mut shards: FuturesUnordered<_> =
            gateway.range.clone().map(|shard| self.listen(gateway, shard, end.subscribe())).collect();
        let mut outcome = tokio::select! {
            biased;
            () = stopped(&mut stop) => Ok(()),
            lost = self.keep_lease(lease) => Err(lost),
            ended = shards.next() => ended.unwrap_or(Ok(())),
        };
        end.send_replace(true);
        while let Some(ended) = shards.next().await {
            outcome = outcome.and(ended);
        }
        outcome
    }

    async fn listen(&self, gateway: &Gateway, shard: u32, mut stop: Receiver<bool>) -> Result<(), ListenerError> {
        let id = ShardId::new(shard, gateway.shards);
        let mut intake = Intake::new(&self.watch, &self.store, &*self.clock)
            .of(gateway.bot, shard, gateway.shards)
            .warmed_by(Arc::clone(&self.http));
        let mut session = tokio::select! {
            biased;
            () = stopped(&mut stop) => return Ok(()),
            session = self.stored_session(id) => session,
        };
        loop {
            let mut connection = Connection::open(self, gateway, id, &mut intake, session.take());
            let ended = connection.serve(&mut stop).await;
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
                Ended::Unresumable => {
                    tracing::warn!(shard, "the listening session was lost; what was missed will be read");
                }
                Ended::Unreachable => session = self.watch.session(shard),
                Ended::StoreAway => {
                    connection.close().await;
                    if !self.wait_for_store(&mut stop).await? {
                        return Ok(());
                    }
                    session = self.watch.session(shard);
                }
            }
        }
    }

    /// The session in which the last process stopped, if there is one. Discord forgets it within minutes; that is told by a
    /// refusal, and what was missed is then read instead.
    async fn stored_session(&self, id: ShardId) -> Option<Resume> {
        let mut pause = FIRST_PAUSE;
        loop {
            match self.watch.resume(id.number(), id.total()).await {
                Ok(session) => return session,
                Err(error) => tracing::warn!(%error, "the store does not answer yet"),
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    fn silent(&self) -> std::sync::MutexGuard<'_, BTreeSet<u32>> {
        self.silent.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A shard hears, by a session that is new or goes on.
    fn hears(&self, gateway: &Gateway, shard: u32) {
        let mut silent = self.silent();
        if silent.remove(&shard) && silent.is_empty() {
            self.begun.send_replace(Some(gateway.clone()));
        }
    }

    async fn flush_at_the_end(&self) {
        match tokio::time::timeout(LAST_FLUSH, self.watch.flush()).await {
            // What is another's by now is not ours to store.
            Ok(Ok(()) | Err(StoreError::LeaseLost)) => {}
            Ok(Err(error)) => tracing::warn!(%error, "the last flush failed; what it held will be read again"),
            Err(_) => tracing::warn!("the last flush took too long; what it held will be read again"),
        }
    }

    /// Tells whether the store answered before the stop.
    async fn wait_for_store(&self, stop: &mut Receiver<bool>) -> Result<bool, ListenerError> {
        let mut pause = FIRST_PAUSE;
        loop {
            tokio::select! {
                biased;
                () = stopped(stop) => return Ok(false),
                () = tokio::time::sleep(pause) => {}
            }
            match self.watch.flush().await {
                Ok(()) => return Ok(true),
                Err(StoreError::LeaseLost) => return Err(ListenerError::LeaseLost),
                Err(error) => tracing::warn!(%error, "the store does not answer yet"),
            }
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }
}
