//! What everybody in the playground shares: the local Discord, the bot on it, the clocks, the people, and who sits at
//! which browser tab.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result};
use chrono::DateTime;
use fake_discord::{Discord, Id, Modal};
use secrecy::SecretString;
use serde::Serialize;
use tempfile::TempDir;
use tokio::sync::{OnceCell, watch};
use wallflower::app::Wallflower;
use wallflower::clock::ManualClock;
use wallflower::config::Settings;
use wallflower::store::Store;

use super::Options;
use super::export::Exported;
use super::noticed::Noticed;
use super::sees::Sees;
use super::time::Time;
use super::town::Town;

/// What hashes people in this playground; it is gone with its folder.
const SECRET: &str = "the secret of a playground, which keeps nothing";
/// Of what went wrong, so much is shown.
const MOST_TROUBLES: usize = 30;

/// How far the town has woken.
#[derive(Debug, Clone, Serialize, Default)]
pub struct Progress {
    pub percent: u8,
    pub text: String,
}

pub struct Stage {
    pub discord: Discord,
    pub town: Town,
    pub time: Time,
    pub noticed: Mutex<Noticed>,
    pub sees: watch::Sender<Arc<Sees>>,
    pub progress: watch::Sender<Progress>,
    pub troubles: Troubles,
    /// The forms that stand open, by the interaction that opened them.
    pub forms: Mutex<BTreeMap<Id, Modal>>,
    /// Acts must bring it: only the page itself knows it.
    pub key: String,
    pub address: SocketAddr,
    manual: Arc<ManualClock>,
    settings: Settings,
    wallflower: OnceCell<Wallflower>,
    taken: Mutex<BTreeMap<Id, usize>>,
    pub viewers: AtomicUsize,
    _folder: TempDir,
}

/// Whoever sits at a tab as somebody; the town leaves that person alone until it is dropped.
pub struct Seat {
    stage: Arc<Stage>,
    person: Id,
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.stage.viewers.fetch_sub(1, Ordering::AcqRel);
        let mut taken = unpoisoned(&self.stage.taken);
        if let Some(count) = taken.get_mut(&self.person) {
            *count -= 1;
        }
    }
}

/// Looks into a lock that a panic may have left behind: what is in it is for showing.
pub fn unpoisoned<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Stage {
    /// Everything but the bot and its database, which come up in the background.
    pub async fn new(options: &Options, address: SocketAddr, exported: Option<&Exported>) -> Result<Self> {
        let behaviour = fake_discord::Options {
            // Whoever works on it sees what Discord would refuse, among what went wrong.
            checks_description: std::env::var_os("DISCORD_OPENAPI").is_some(),
            first_answer_within: Duration::from_secs(10),
            ..fake_discord::Options::default()
        };
        let discord = Discord::start(behaviour).await;
        let town = match exported {
            Some(exported) => Town::of_export(&discord, exported),
            None => Town::found(&discord, options),
        };
        let folder = tempfile::tempdir().context("a temporary folder for the bot's database")?;
        let settings = settings(&discord, &folder)?;
        let manual = Arc::new(ManualClock::new(DateTime::from_timestamp_millis(discord.now()).unwrap_or_default()));
        Ok(Self {
            town,
            time: Time::new(options.speed),
            noticed: Mutex::default(),
            sees: watch::Sender::default(),
            progress: watch::Sender::default(),
            troubles: Troubles::default().listening(),
            forms: Mutex::default(),
            key: format!("{:032x}", rand::random::<u128>()),
            address,
            manual,
            settings,
            wallflower: OnceCell::new(),
            taken: Mutex::default(),
            viewers: AtomicUsize::new(0),
            _folder: folder,
            discord,
        })
    }

    /// The real bot, as `wallflower run` starts it, by the playground's clock.
    pub fn run_bot(&self, stopping: watch::Receiver<bool>) -> impl Future<Output = Result<()>> + use<> {
        let running = wallflower::run::run(self.settings.clone(), self.manual.clone(), stopping);
        async { running.await.context("the bot has stopped") }
    }

    /// A second look at the bot's database: for its read-only queries, and no others.
    pub async fn wallflower(&self) -> Result<&Wallflower> {
        let open = async || {
            use secrecy::ExposeSecret as _;
            let store = Store::open(self.settings.database.url.expose_secret()).await?;
            Ok(Wallflower::new(store, self.manual.clone(), SecretString::from(SECRET), [0; 32]))
        };
        self.wallflower.get_or_try_init(open).await
    }

    /// Time passes for Discord and for the bot at once.
    pub fn set_now(&self, ms: i64) {
        self.discord.set_now(ms);
        self.manual.set(DateTime::from_timestamp_millis(ms).unwrap_or_default());
    }

    /// Drops what nobody looks at or can use any more, so that a playground may run for days.
    pub fn forgets_the_past(&self) {
        self.discord.forgets_the_past();
        self.town.forgets_old_talk(&self.discord);
        let outgrown = unpoisoned(&self.noticed).outgrown();
        self.discord.change_world(|world| world.messages.retain(|id, _| !outgrown.contains(id)));
    }

    pub fn takes_seat(self: &Arc<Self>, person: Id) -> Seat {
        self.viewers.fetch_add(1, Ordering::AcqRel);
        *unpoisoned(&self.taken).entry(person).or_default() += 1;
        Seat { stage: Arc::clone(self), person }
    }

    /// Whether somebody sits at a tab as this person, so that the town does not act for them.
    pub fn is_taken(&self, person: Id) -> bool {
        unpoisoned(&self.taken).get(&person).is_some_and(|count| *count > 0)
    }

    /// Whether the bot is there and knows its channel.
    pub fn is_set_up(&self) -> bool {
        self.progress.borrow().percent > 5
    }

    /// Whether the days before anybody looks have passed.
    pub fn is_awake(&self) -> bool {
        self.progress.borrow().percent >= 100
    }

    pub fn tell_progress(&self, percent: usize, text: &str) {
        let percent = u8::try_from(percent.min(100)).unwrap_or(100);
        self.progress.send_replace(Progress { percent, text: text.into() });
    }
}

fn settings(discord: &Discord, folder: &TempDir) -> Result<Settings> {
    let path = folder.path().display().to_string();
    let environment = HashMap::from([
        ("DISCORD_TOKEN", discord.token()),
        ("WALLFLOWER_DISCORD_API_BASE", discord.url()),
        ("WALLFLOWER_DISCORD_CDN_BASE", discord.url()),
        ("WALLFLOWER_DATABASE_URL", format!("sqlite://{path}/wallflower.db")),
        ("WALLFLOWER_DATA_FOLDER", path.clone()),
        ("WALLFLOWER_SECRET", SECRET.to_owned()),
    ]);
    // A file of settings that lies where this is started is for a real bot.
    let none = folder.path().join("playground.toml");
    std::fs::write(&none, "")?;
    Ok(Settings::load(Some(&none), |name| environment.get(name).cloned())?)
}

/// What went wrong in the bot: its warnings and errors, newest last, for the page to show.
#[derive(Debug, Clone, Default)]
pub struct Troubles {
    lines: Arc<Mutex<VecDeque<String>>>,
}

static LOG: OnceLock<Troubles> = OnceLock::new();

impl Troubles {
    /// Hears the bot's log from now on.
    fn listening(self) -> Self {
        let troubles = LOG.get_or_init(|| self);
        // Those of a playground before this one, in the same process.
        unpoisoned(&troubles.lines).clear();
        let filter = tracing_subscriber::EnvFilter::try_from_default_env()
            .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn,sqlx=error"));
        let writer = troubles.clone();
        let log = tracing_subscriber::fmt().with_env_filter(filter).with_ansi(false).without_time();
        // Where somebody else has set a log up, they read it there.
        let _ = log.with_writer(move || writer.clone()).try_init();
        troubles.clone()
    }

    pub fn add(&self, line: &str) {
        let mut lines = unpoisoned(&self.lines);
        if lines.len() == MOST_TROUBLES {
            lines.pop_front();
        }
        lines.push_back(line.trim().to_owned());
    }

    pub fn lines(&self) -> Vec<String> {
        unpoisoned(&self.lines).iter().cloned().collect()
    }
}

impl io::Write for Troubles {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let line = String::from_utf8_lossy(bytes);
        eprint!("{line}");
        self.add(&line);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
