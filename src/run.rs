//! `wallflower run`: everything wired together, from the settings to the last flush.

mod key;
mod lock;

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::app::Wallflower;
use crate::app::messenger::Messenger;
use crate::app::watch::Watch;
use crate::clock::Clock;
use crate::config::{Compression, Settings};
use crate::discord::access::Access;
use crate::discord::bot::{self, Data};
use crate::discord::connection::{self, NoLine};
use crate::discord::listener::{Gateway, Listener, ListenerError, Share};
use crate::discord::outbound::Outbound;
use crate::discord::registration::{self, NotRegistered};
use crate::discord::stopped;
use crate::store::{Store, StoreError};
use crate::web;
use lock::Lock;

pub use key::give_up_key;

/// Whoever stops a program expects it to be gone within five seconds. The rest of them is for closing the store.
const STOPS_WITHIN: Duration = Duration::from_millis(4_500);
/// Of these, those for what is just being said. Discord may take its time; what it did not answer is found at the next
/// start, and said once all the same.
const FINISHES_WITHIN: Duration = Duration::from_secs(2);

/// Why Wallflower cannot run, in one sentence with what to do.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    #[error("there is no token: set DISCORD_TOKEN to the bot's token (Developer Portal, Bot, Reset Token)")]
    NoToken,
    #[error(transparent)]
    NoLine(#[from] NoLine),
    #[error(transparent)]
    Listener(#[from] ListenerError),
    #[error("the system gives no means for TLS: install its certificates (ca-certificates)")]
    NoTls,
    #[error("a part of Wallflower broke: {0}; please report this")]
    Broken(String),
    #[error(transparent)]
    NotRegistered(#[from] NotRegistered),
    #[error("the database {url} cannot be used: {reason}; check database.url (WALLFLOWER_DATABASE_URL)")]
    Database { url: String, reason: StoreError },
    #[error(
        "{what} {path} cannot be made or read ({reason}): check data.folder (WALLFLOWER_DATA_FOLDER) and its permissions"
    )]
    Data { what: &'static str, path: String, reason: std::io::Error },
    #[error("the web server cannot listen at {listen} ({reason}): check web.listen (WALLFLOWER_WEB_LISTEN)")]
    Web { listen: SocketAddr, reason: std::io::Error },
    #[error(
        "another Wallflower runs on the data folder {path}: stop it first, or give this one a data.folder of its own"
    )]
    Locked { path: String },
    #[error(
        "the key {path} is missing by which this database knows whom members avoid: put it back from your backup, or set \
         WALLFLOWER_SECRET to it; if it is lost for good, `wallflower give-up-key` gives up what was said under it"
    )]
    KeyMissing { path: String },
    #[error(
        "{path} is not the key by which this database knows whom members avoid: put that key back from your backup; if it \
         is lost for good, `wallflower give-up-key` gives up what was said under it"
    )]
    OtherKey { path: String },
}

/// Runs until `stopping` turns true or something makes going on impossible.
pub async fn run(settings: Settings, clock: Arc<dyn Clock>, stopping: watch::Receiver<bool>) -> Result<(), RunError> {
    let access = access(&settings)?;
    run_by(access, settings, clock, stopping).await
}

/// The way to Discord that the settings name.
pub fn access(settings: &Settings) -> Result<Access, RunError> {
    let token = settings.discord.token.clone().ok_or(RunError::NoToken)?;
    let access = Access::new(token, settings.discord.api_base.clone());
    access.and_then(|access| access.with_files_at(settings.discord.cdn_base.as_deref())).map_err(|_| RunError::NoTls)
}

/// As [`run`], by another way to Discord than the one that the settings name.
pub async fn run_by(
    access: Access,
    settings: Settings,
    clock: Arc<dyn Clock>,
    stopping: watch::Receiver<bool>,
) -> Result<(), RunError> {
    std::fs::create_dir_all(&settings.data.folder)
        .map_err(|reason| unusable("the data folder", &settings.data.folder, reason))?;
    let mut lock = Lock::of(&settings.data.folder)?;
    let store = open(&settings).await?;
    // One process per data folder. Whether another one elsewhere listens to the same shards is seen in the database.
    let held = lock.take()?;
    let share = Share {
        shards: settings.discord.shards,
        range: settings.discord.shard_range.clone(),
        folder: held.folder().to_owned(),
        run: lock::random_name(),
    };
    let ran = match key::secret(&settings, &store).await {
        Ok(secret) => serve(&settings, &access, share, store.clone(), clock, secret, stopping).await,
        Err(error) => Err(error),
    };
    store.close().await;
    ran
}

async fn serve(
    settings: &Settings,
    access: &Access,
    share: Share,
    store: Store,
    clock: Arc<dyn Clock>,
    secret: SecretString,
    mut stopping: watch::Receiver<bool>,
) -> Result<(), RunError> {
    let http = access.http();
    let identity = tokio::select! {
        identity = connection::identify(&http) => identity?,
        () = stopped(&mut stopping) => return Ok(()),
    };
    let door = web_door(settings).await?;
    let registered = registration::register(&http, &store, identity, settings.discord.dev_guild).await?;
    let commands = if registered { "registered" } else { "unchanged" };
    tracing::info!(bot = %identity.user, commands, "Wallflower starts");
    let watch = Watch::open(store.clone()).await.map_err(|stop| RunError::Broken(stop.to_string()))?;
    let watch = Arc::new(watch);
    let app = Wallflower::new(store.clone(), Arc::clone(&clock), secret, rand::random());
    let feeds_at = door.as_ref().map(|(_, address)| address.clone());
    let wallflower = Arc::new(app.hearing_with(Arc::clone(&watch)).serving_feeds_at(feeds_at));
    let outbound = Outbound::new(access, Arc::clone(&http), identity.user);
    let voice: Arc<dyn Messenger> = Arc::new(outbound);
    let listener = Listener::new(access.token.clone(), Arc::clone(&http), watch, store, clock)
        .compressed(settings.discord.compression == Compression::Zstd)
        .sharing(share);
    let data = Data {
        wallflower: Arc::clone(&wallflower),
        rest: http,
        voice: Arc::clone(&voice),
        files: access.files(),
        identity,
    };
    let door = door.map(|(door, _)| door);
    Parts { wallflower, voice, listener, data, door }.run(access.clone(), stopping).await
}

/// Where the web server listens, if it is to, and how it is reached.
async fn web_door(settings: &Settings) -> Result<Option<(TcpListener, String)>, RunError> {
    let Some(listen) = settings.web.listen else { return Ok(None) };
    let unusable = |reason| RunError::Web { listen, reason };
    let door = TcpListener::bind(listen).await.map_err(unusable)?;
    let here = door.local_addr().map_err(unusable)?;
    let address = settings.web.address.clone().unwrap_or_else(|| web::address_of(here));
    Ok(Some((door, address)))
}

/// What runs side by side.
struct Parts {
    wallflower: Arc<Wallflower>,
    voice: Arc<dyn Messenger>,
    listener: Listener,
    data: Data,
    /// Of the web server.
    door: Option<TcpListener>,
}

impl Parts {
    /// Until it is to stop, or one of the sessions is refused for good; then all are stopped.
    async fn run(self, access: Access, mut stopping: watch::Receiver<bool>) -> Result<(), RunError> {
        let (stop, ending) = watch::channel(false);
        let mut tasks: JoinSet<Result<(), RunError>> = JoinSet::new();
        let (begun, mut leased) = (self.listener.begun(), self.listener.leased());
        let listening = self.listener.run(ending.clone());
        tasks.spawn(async move { Ok(listening.await?) });
        tasks.spawn(talk(access, self.data, begun, ending.clone()));
        let (wallflower, voice) = (self.wallflower, self.voice);
        if let Some(door) = self.door {
            let (wallflower, ending) = (Arc::clone(&wallflower), ending.clone());
            tasks.spawn(async move {
                let served = web::serve(door, wallflower, ending).await;
                served.map_err(|error| RunError::Broken(format!("the web server: {error}")))
            });
        }
        tasks.spawn(async move {
            // A process that waits in line for its shards says nothing in their communities.
            let mut waiting = ending.clone();
            tokio::select! {
                () = stopped(&mut leased) => {}
                () = stopped(&mut waiting) => {}
            }
            if !*leased.borrow() {
                return Ok(());
            }
            tokio::select! {
                () = wallflower.keep_time(&*voice, ending.clone()) => {}
                () = too_late(ending) => tracing::warn!("something was just being said; it is seen to at the next start"),
            }
            Ok(())
        });
        let first = tokio::select! {
            ended = tasks.join_next() => ended.unwrap_or(Ok(Ok(()))),
            () = stopped(&mut stopping) => Ok(Ok(())),
        };
        stop.send_replace(true);
        let all_ended = async { while tasks.join_next().await.is_some() {} };
        if tokio::time::timeout(STOPS_WITHIN, all_ended).await.is_err() {
            tracing::warn!("something did not end in time; it goes on at the next start");
        }
        first.unwrap_or_else(|panic| Err(RunError::Broken(panic.to_string())))
    }
}

/// Returns when what was under way at the stop has had its time.
async fn too_late(mut stopping: watch::Receiver<bool>) {
    stopped(&mut stopping).await;
    tokio::time::sleep(FINISHES_WITHIN).await;
}

/// The listening sessions identify first: all share one allowance.
async fn talk(
    access: Access,
    data: Data,
    mut begun: watch::Receiver<Option<Gateway>>,
    mut stopping: watch::Receiver<bool>,
) -> Result<(), RunError> {
    let gateway = tokio::select! {
        gateway = begun.wait_for(Option::is_some) => gateway.ok().and_then(|gateway| gateway.clone()),
        () = stopped(&mut stopping) => None,
    };
    match gateway {
        Some(gateway) => Ok(bot::talk(&access, data, &gateway, stopping).await?),
        None => Ok(()),
    }
}

async fn open(settings: &Settings) -> Result<Store, RunError> {
    let opened = Store::open(settings.database.url.expose_secret()).await;
    opened.map_err(|reason| unusable_database(settings, reason))
}

fn unusable_database(settings: &Settings, reason: StoreError) -> RunError {
    let shown = settings.in_force.iter().find(|one| one.key == "database.url").map(|one| one.shown.clone());
    RunError::Database { url: shown.unwrap_or_default(), reason }
}

fn unusable(what: &'static str, path: &Path, reason: std::io::Error) -> RunError {
    RunError::Data { what, path: path.display().to_string(), reason }
}
