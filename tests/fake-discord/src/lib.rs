//! A strict Discord on a loopback port: gateway, REST and interactions, for tests only.
//!
//! Real clients use it unchanged, and tests write as people act:
//!
//! ```no_run
//! # async fn story() {
//! use fake_discord::{Discord, Options};
//! let discord = Discord::start(Options::default()).await;
//! let den = discord.community("Den");
//! let general = den.channel("general");
//! let ana = den.person("ana");
//! ana.says(&general, "hi");
//! let answer = ana.runs("/meet join").await;
//! assert!(answer.ephemeral);
//! # }
//! ```
//!
//! - [`world`] is what exists, as pure state: it decides who may do what and which events follow.
//! - [`gateway`] tells the bot's sessions of those events, as far as their intents reach.
//! - [`rest`] turns requests into acts of the bot.
//! - [`people`] is how a test acts and looks as a person.
//! - [`faults`] is what can go wrong, to order.
//! - [`talk`] is chatter out of a seed, and [`flood`] its frames, for floods and benches.

mod clock;
pub mod faults;
pub mod flood;
pub mod gateway;
pub mod openapi;
pub mod people;
mod refusal;
pub mod rest;
pub mod rules;
mod server;
pub mod talk;
pub mod tls;
pub mod world;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;

pub use clock::{DEFAULT_START_MS, moment_of, parse_timestamp, snowflake_at, timestamp};
pub use faults::{EventFault, RestFault};
pub use gateway::{Goodbye, SessionView};
pub use people::{
    Answer, Attached, Channel, Choice, Community, Found, Message, Modal, Person, Role, SeenMessage, SeenPoll, Sight,
};
pub use rest::Request;
pub use world::permissions;

use faults::Faults;
use gateway::Sessions;
use world::World;

/// A snowflake.
pub type Id = u64;

/// The bot's account, and its application, which share one id.
pub const BOT_ID: Id = 100_000_000_000_000_001;
pub const APPLICATION_ID: Id = BOT_ID;
/// Who owns the application.
pub const OWNER_ID: Id = 100_000_000_000_000_002;

/// The token that this Discord accepts unless `Options` names another. Its first part is the bot's id.
pub const TOKEN: &str = "MTAwMDAwMDAwMDAwMDAwMDAx.GfakeA.this-token-opens-only-a-local-fake";

/// How this Discord behaves. Durations are real time.
#[derive(Debug, Clone)]
pub struct Options {
    pub token: String,
    /// Milliseconds since 1970 at the start.
    pub now_ms: i64,
    /// Privileged intents switched on in the Developer Portal; none by default.
    pub privileged_intents: u64,
    /// What the bot's role may do where it is invited.
    pub bot_permissions: u64,
    pub heartbeat_interval: Duration,
    /// Within which an interaction must be answered.
    pub first_answer_within: Duration,
    /// For how long an act waits for the bot's whole answer before the test fails.
    pub answer_timeout: Duration,
    /// For how long `until` waits.
    pub until_timeout: Duration,
    /// Whether exceeding a bucket or 50 requests a second is answered with 429.
    pub rate_limits: bool,
    /// How many shards `/gateway/bot` recommends.
    pub shards: u64,
    /// How many sessions may identify within five seconds: one for each rest of the shard's number by this. Others are
    /// answered with op 9. None are with 0, which Discord never says, so that no story waits.
    pub max_concurrency: u64,
    /// Whether requests and answers are held against Discord's own description, where that is there.
    pub checks_description: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            token: TOKEN.into(),
            now_ms: DEFAULT_START_MS,
            privileged_intents: 0,
            bot_permissions: permissions::BOT,
            heartbeat_interval: Duration::from_millis(41_250),
            first_answer_within: Duration::from_secs(3),
            answer_timeout: Duration::from_secs(10),
            until_timeout: Duration::from_secs(15),
            rate_limits: false,
            shards: 1,
            max_concurrency: 0,
            checks_description: true,
        }
    }
}

/// Everything behind the one lock.
pub(crate) struct State {
    pub(crate) world: World,
    pub(crate) sessions: Sessions,
    pub(crate) faults: Faults,
    pub(crate) log: Vec<Request>,
    pub(crate) violations: Vec<String>,
    pub(crate) limiter: rest::Limiter,
    pub(crate) mutating: usize,
    pub(crate) kills: usize,
    pub(crate) heartbeats: usize,
    pub(crate) identifies: usize,
    /// When a session last identified, by the rest of its shard's number.
    pub(crate) identified_at: std::collections::BTreeMap<u64, std::time::Instant>,
    pub(crate) resumes: usize,
    connections: u64,
}

struct Inner {
    options: Options,
    address: SocketAddr,
    state: Mutex<State>,
    /// Rises with each change, so that whoever waits looks again.
    changed: watch::Sender<u64>,
    server: tokio::task::AbortHandle,
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// A running fake. Clones are the same Discord; it ends with its runtime.
#[derive(Clone)]
pub struct Discord {
    inner: Arc<Inner>,
}

impl std::fmt::Debug for Discord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Discord").field("address", &self.inner.address).finish_non_exhaustive()
    }
}

impl Discord {
    /// Where REST is: what a client gets as its proxy or `api_base`.
    pub fn url(&self) -> String {
        format!("http://{}", self.inner.address)
    }

    /// Where the gateway is, as `/gateway` answers.
    pub fn gateway_url(&self) -> String {
        format!("ws://{}", self.inner.address)
    }

    pub fn token(&self) -> String {
        self.inner.options.token.clone()
    }

    pub(crate) fn options(&self) -> &Options {
        &self.inner.options
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // A test that panicked inside the lock has failed already; the others may look.
        self.inner.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Looks at the state.
    pub(crate) fn look<T>(&self, look: impl FnOnce(&State) -> T) -> T {
        look(&self.lock())
    }

    /// Looks at everything that exists, as no person could.
    pub fn world<T>(&self, look: impl FnOnce(&World) -> T) -> T {
        look(&self.lock().world)
    }

    /// Changes the state, tells the gateway what follows, and wakes whoever waits.
    pub(crate) fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let result = {
            let state = &mut *self.lock();
            let result = change(state);
            for event in state.world.take_outbox() {
                for told in state.faults.for_event(event) {
                    state.sessions.dispatch(&told);
                }
            }
            result
        };
        self.inner.changed.send_modify(|n| *n += 1);
        result
    }

    /// Changes what exists by hand, past all rules; events follow all the same.
    pub fn change_world<T>(&self, change: impl FnOnce(&mut World) -> T) -> T {
        self.change(|state| change(&mut state.world))
    }

    pub(crate) fn next_connection(&self) -> u64 {
        self.change(|state| {
            state.connections += 1;
            state.connections
        })
    }

    /// Milliseconds since 1970 on the fake's clock.
    pub fn now(&self) -> i64 {
        self.world(World::now_ms)
    }

    pub fn set_now(&self, ms: i64) {
        self.change_world(|world| world.set_now(ms));
    }

    pub fn advance(&self, by: Duration) {
        let ms = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
        self.change_world(|world| world.set_now(world.now_ms().saturating_add(ms)));
    }

    /// The bot's sessions, connected or waiting for a resume.
    pub fn sessions(&self) -> Vec<SessionView> {
        self.look(|s| s.sessions.views())
    }

    /// How each connection with a session ended that is no more, oldest first.
    pub fn goodbyes(&self) -> Vec<Goodbye> {
        self.look(|s| s.sessions.goodbyes())
    }

    /// Writes the first `count` frames of a flood to each session that hears messages, as fast as it reads.
    pub fn pour(&self, frames: &Arc<flood::Frames>, count: usize) {
        self.change(|s| s.sessions.pour(frames, count));
    }

    /// How many identifies and resumes arrived.
    pub fn identifies(&self) -> usize {
        self.look(|s| s.identifies)
    }

    pub fn resumes(&self) -> usize {
        self.look(|s| s.resumes)
    }

    pub fn heartbeats(&self) -> usize {
        self.look(|s| s.heartbeats)
    }

    /// All REST requests so far, in the order of their answers.
    pub fn requests(&self) -> Vec<Request> {
        self.look(|s| s.log.clone())
    }

    /// How many requests that change something were applied.
    pub fn mutating_requests(&self) -> usize {
        self.look(|s| s.mutating)
    }

    /// Requests that Discord would refuse by its own description, and answers of ours that are not as described.
    pub fn violations(&self) -> Vec<String> {
        self.look(|s| s.violations.clone())
    }

    /// Takes what was remembered of violations, for a test that provokes some.
    pub fn forgive_violations(&self) -> Vec<String> {
        self.change(|s| std::mem::take(&mut s.violations))
    }

    /// How often the bot was killed by `after_request`.
    pub fn kills(&self) -> usize {
        self.look(|s| s.kills)
    }

    /// How often a whole set of commands was registered.
    pub fn command_overwrites(&self) -> usize {
        self.world(|w| w.bulk_overwrites)
    }
}
