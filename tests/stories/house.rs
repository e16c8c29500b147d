//! A community with Wallflower in it, and a clock that everybody shares.

use std::collections::HashMap;
use std::future::Future;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{DateTime, Utc};
use fake_discord::{Answer, Channel, Community, Discord, Options, Person, SeenMessage};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use wallflower::clock::ManualClock;
use wallflower::config::Settings;
use wallflower::discord::access::patient_client;
use wallflower::domain::ids::{CommunityId, UserId};
use wallflower::store::{Met, Store};

use crate::following::clock_of;
use crate::support::TestDatabase;

/// The environment variables by which a child process is told where it lives.
const CHILD: &str = "WALLFLOWER_STORY_CHILD";
const LOG: &str = "WALLFLOWER_STORY_LOG";
/// How often a look at the database is repeated, and how long.
const LOOK_EVERY: Duration = Duration::from_millis(20);
const LOOKS: usize = 1500;

/// How the product runs.
enum Product {
    Resting,
    /// In this process, with a clock that is moved together with Discord's.
    Inside {
        stop: watch::Sender<bool>,
        task: JoinHandle<()>,
    },
    /// A process of its own, which can be killed; its clock follows Discord's.
    Child(Arc<Mutex<Child>>),
}

pub struct House {
    pub discord: Discord,
    pub den: Community,
    pub tables: Channel,
    pub general: Channel,
    pub mods: Channel,
    /// Has Manage Server.
    pub ada: Person,
    /// Manages threads.
    pub mo: Person,
    /// Never joins, and leaves no trace.
    pub zoe: Person,
    /// Eight members; the first two talk with each other most.
    pub guests: Vec<Person>,
    clock: Arc<ManualClock>,
    database: TestDatabase,
    product: Product,
}

impl House {
    /// A community of people; Wallflower is not there yet.
    pub async fn new(database: TestDatabase) -> Self {
        Self::at(database, Options::default()).await
    }

    /// The same, at a Discord that behaves like this.
    pub async fn at(database: TestDatabase, options: Options) -> Self {
        let filter = tracing_subscriber::EnvFilter::new("warn,wallflower=debug");
        let _ = tracing_subscriber::fmt().with_env_filter(filter).with_test_writer().try_init();
        let discord = Discord::start(options).await;
        let den = discord.community("The Den");
        let general = den.channel("general");
        let tables = den.channel("tables");
        let mods = den.channel("mods");
        mods.denies(&den.everyone(), fake_discord::permissions::VIEW_CHANNEL);
        mods.allows_bot(fake_discord::permissions::VIEW_CHANNEL);
        let (ada, mo, zoe) = (den.admin("ada"), den.moderator("mo"), den.person("zoe"));
        mods.allows_person(&mo, fake_discord::permissions::VIEW_CHANNEL);
        let guests = ["ana", "bo", "cy", "di", "ed", "flo", "gus", "hal"].map(|name| den.person(name)).to_vec();
        let clock = Arc::new(ManualClock::new(DateTime::from_timestamp_millis(discord.now()).unwrap()));
        Self { discord, den, tables, general, mods, ada, mo, zoe, guests, clock, database, product: Product::Resting }
    }

    pub fn ana(&self) -> &Person {
        &self.guests[0]
    }

    pub fn bo(&self) -> &Person {
        &self.guests[1]
    }

    pub fn community(&self) -> CommunityId {
        CommunityId::new(self.den.id).unwrap()
    }

    pub fn environment(&self) -> HashMap<&'static str, String> {
        HashMap::from([
            ("DISCORD_TOKEN", self.discord.token()),
            ("WALLFLOWER_DISCORD_API_BASE", self.discord.url()),
            ("WALLFLOWER_DISCORD_CDN_BASE", self.discord.url()),
            ("WALLFLOWER_DATABASE_URL", self.database.url.clone()),
            ("WALLFLOWER_DATA_FOLDER", self.database.folder().display().to_string()),
            ("WALLFLOWER_SECRET", "a secret for stories only, long enough".to_owned()),
            ("WALLFLOWER_CONFIG", "/dev/null".to_owned()),
        ])
    }

    /// Where a process of its own keeps its data.
    pub fn folder(&self) -> &std::path::Path {
        self.database.folder()
    }

    /// Starts the product as a process of its own that logs all it can into this file.
    pub async fn opens_as_child_that_logs_into(&mut self, file: &std::path::Path) {
        let mut environment = self.environment();
        environment.insert(LOG, file.display().to_string());
        environment.insert("WALLFLOWER_LOG_LEVEL", "trace".to_owned());
        self.opens_as_child_with(&environment).await;
    }

    /// Starts the product in this process.
    pub async fn opens(&mut self) {
        let environment = self.environment();
        let settings = Settings::load(None, |name| environment.get(name).cloned()).unwrap();
        let (stop, stopping) = watch::channel(false);
        let clock = Arc::clone(&self.clock);
        let task = tokio::spawn(async move {
            wallflower::run::run(settings, clock, stopping).await.unwrap();
        });
        self.product = Product::Inside { stop, task };
        self.discord.until_connected(2).await;
        self.discord.until_command("meet").await;
    }

    /// Starts the product in this process as in production: at discord.com, over TLS, with the library's own limiter.
    pub async fn opens_at_discord_com(&mut self) {
        let tls = self.discord.serve_tls().await;
        let certificate = reqwest::Certificate::from_der(&tls.certificate).unwrap();
        let client = patient_client().resolve("discord.com", tls.address).add_root_certificate(certificate);
        let mut environment = self.environment();
        environment.remove("WALLFLOWER_DISCORD_API_BASE");
        let settings = Settings::load(None, |name| environment.get(name).cloned()).unwrap();
        let access = wallflower::run::access(&settings).unwrap().through(client.build().unwrap());
        let (stop, stopping) = watch::channel(false);
        let clock = Arc::clone(&self.clock);
        let task = tokio::spawn(async move {
            wallflower::run::run_by(access, settings, clock, stopping).await.unwrap();
        });
        self.product = Product::Inside { stop, task };
        self.discord.until_connected(2).await;
        self.discord.until_command("meet").await;
    }

    /// Starts the product as a process of its own.
    pub async fn opens_as_child(&mut self) {
        self.opens_as_child_with(&self.environment()).await;
    }

    async fn opens_as_child_with(&mut self, environment: &HashMap<&'static str, String>) {
        self.product = Product::Child(Arc::new(Mutex::new(born(environment))));
        self.discord.until_connected(2).await;
        self.discord.until_command("meet").await;
    }

    /// SIGKILL.
    pub fn is_killed(&mut self) {
        if let Product::Child(child) = &self.product {
            dies(&mut child.lock().unwrap());
        }
    }

    /// Kills the process when Discord has done its `n`-th request from now on and before it answers. It is born again by
    /// itself, after a time in which it was missing.
    pub fn dies_at_request(&self, n: usize, missing_for: Duration) {
        let Product::Child(child) = &self.product else { panic!("only a process of its own can be killed") };
        let (child, environment, discord) = (Arc::clone(child), self.environment(), self.discord.clone());
        let clock = Arc::clone(&self.clock);
        let kill = move || {
            dies(&mut child.lock().unwrap());
            std::thread::spawn(move || {
                discord.advance(missing_for);
                clock.set(DateTime::from_timestamp_millis(discord.now()).unwrap());
                *child.lock().unwrap() = born(&environment);
            });
        };
        self.discord.after_request(n, Box::new(kill));
    }

    /// Stops the product as a signal would.
    pub async fn closes(&mut self) {
        if let Product::Inside { stop, task } = std::mem::replace(&mut self.product, Product::Resting) {
            stop.send(true).unwrap();
            task.await.unwrap();
        }
    }

    /// Time passes for everybody at once.
    pub fn passes(&self, by: Duration) {
        self.discord.advance(by);
        self.clock.set(DateTime::from_timestamp_millis(self.discord.now()).unwrap());
    }

    pub fn passes_until(&self, moment: DateTime<Utc>) {
        let now = DateTime::from_timestamp_millis(self.discord.now()).unwrap();
        self.passes((moment - now).to_std().unwrap_or_default());
    }

    /// Ada sets Wallflower up, and eight people say "count me in" under the invitation.
    pub async fn is_set_up(&self, style: &str) {
        self.insist(|| self.ada.try_runs("/wallflower setup channel:#tables moderators:#mods zone:Europe/Amsterdam"))
            .await;
        if style != "discreet" {
            self.insist(|| self.ada.try_runs("/nudge style style:open")).await;
        }
        let invitation = self.bot_message_in(&self.tables, "Count me in").await;
        for guest in &self.guests {
            let answer = self.insist(|| guest.try_clicks(&invitation, "Count me in")).await;
            assert!(answer.ephemeral, "nobody else sees who joins");
        }
        if style != "discreet" {
            for guest in &self.guests {
                self.insist(|| guest.try_runs("/meet profile named:true")).await;
            }
        }
    }

    /// Ana and Bo write to each other most; the others too, a little; Zoe writes with everybody.
    pub async fn people_talk(&self) {
        for _ in 0..12 {
            let said = self.ana().says(&self.general, "about the sea");
            self.bo().replies_to(&said, "and ships");
            let back = self.bo().says(&self.general, "about ships");
            self.ana().replies_to(&back, "and the sea");
            self.zoe.says(&self.general, "hello all");
        }
        for pair in self.guests[2..].chunks(2) {
            for _ in 0..4 {
                let said = pair[0].says(&self.general, "tea?");
                pair[1].replies_to(&said, "tea!");
                let back = pair[1].says(&self.general, "cake?");
                pair[0].replies_to(&back, "cake!");
            }
        }
        self.passes(Duration::from_mins(1));
        self.eventually("the ties of what was said", async |store| {
            self.passes(Duration::from_secs(10));
            let preview = store.candidates(self.community(), since()).await.unwrap();
            preview.filter(|candidates| candidates.ties.len() >= 4).map(|_| ())
        })
        .await;
    }

    /// The round of this Monday evening comes.
    pub fn round_comes(&self) {
        let monday = DateTime::parse_from_rfc3339("2026-09-07T18:00:30+02:00").unwrap().to_utc();
        self.passes_until(monday);
    }

    /// The latest message of the bot in a channel that has a button with this label.
    pub async fn bot_message_in(&self, channel: &Channel, label: &str) -> SeenMessage {
        let has = |message: &SeenMessage| message.is_from_bot() && message.labels().iter().any(|one| one == label);
        self.discord
            .until(&format!("a message with \"{label}\""), |_| channel.messages().into_iter().rev().find(has))
            .await
    }

    /// The latest direct message that this person has with a button of this label.
    pub async fn dm_with(&self, person: &Person, label: &str) -> SeenMessage {
        let has = |message: &SeenMessage| message.labels().iter().any(|one| one == label);
        let what = format!("a direct message to {} with \"{label}\"", person.name());
        self.discord.until(&what, |_| person.dms().into_iter().rev().find(has)).await
    }

    /// A person whose click or command got lost (the process was killed) tries again, as people do.
    pub async fn insist<F>(&self, mut act: impl FnMut() -> F) -> Answer
    where
        F: Future<Output = Result<Answer, String>>,
    {
        let mut last = String::new();
        for _ in 0..40 {
            match act().await {
                Ok(answer) => return answer,
                Err(reason) => last = reason,
            }
            self.discord.until_connected(2).await;
            tokio::time::sleep(LOOK_EVERY * 5).await;
        }
        panic!("gave up: {last}");
    }

    pub async fn store(&self) -> Store {
        self.database.open().await
    }

    /// Looks into the database until it holds something. Another process writes it, so there is nobody to wake us.
    pub async fn eventually<T>(&self, what: &str, mut look: impl AsyncFnMut(&Store) -> Option<T>) -> T {
        let store = self.store().await;
        for _ in 0..LOOKS {
            if let Some(found) = look(&store).await {
                store.close().await;
                return found;
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
        panic!("waited in vain for {what}\n{}", self.discord.describe());
    }

    pub async fn met(&self) -> Vec<Met> {
        let store = self.store().await;
        let met = store.met(self.community(), UserId::new(self.ana().id).unwrap()).await.unwrap();
        store.close().await;
        met
    }

    /// Before both yes nothing may name anybody to a third person: neither a bystander nor a moderator, in no channel,
    /// thread, event or direct message, now or ever.
    pub fn nobody_else_learns_of(&self, people: &[&Person]) {
        for watcher in [&self.zoe, &self.mo, &self.ada] {
            let seen = watcher.sight();
            for person in people {
                let line = seen.naming(person);
                assert!(line.is_none(), "{} reads of {}: {line:?}", watcher.name(), person.name());
            }
        }
    }

    /// Each message of the bot stands there once.
    pub fn nothing_was_said_twice(&self) {
        let mut seen = HashMap::new();
        for message in self
            .discord
            .bot_messages()
            .into_iter()
            .filter(|message| !message.ephemeral && !message.full_text().is_empty())
        {
            let key = (message.channel, message.full_text());
            if let Some(other) = seen.insert(key, message.id) {
                panic!("said twice ({other} and {}): {}", message.id, message.line());
            }
        }
    }

    /// No row of any table knows this person.
    pub async fn has_no_trace_of(&self, person: &Person) {
        let id = person.id.to_string();
        for (table, row) in self.database.rows().await {
            assert!(!row.contains(&id), "{table} knows {}: {row}", person.name());
        }
    }
}

impl Drop for House {
    fn drop(&mut self) {
        self.is_killed();
    }
}

pub fn born(environment: &HashMap<&'static str, String>) -> Child {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["house::child_process", "--exact", "--nocapture"]).envs(environment);
    command.env(CHILD, &environment["WALLFLOWER_DISCORD_API_BASE"]);
    let log = environment.get(LOG).map(|file| std::fs::File::create(file).unwrap());
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log.map_or(Stdio::inherit(), Stdio::from));
    command.spawn().unwrap()
}

pub fn dies(child: &mut Child) {
    child.kill().unwrap();
    child.wait().unwrap();
}

/// Makes two tests of one story on each engine: in a community whose style is discreet, and in an open one.
macro_rules! in_both_styles {
    ($($story:ident),+ $(,)?) => {
        mod discreet {
            use crate::support::TestDatabase;
            $(async fn $story(database: TestDatabase) {
                super::$story(database, "discreet").await;
            })+
            on_both_engines!($($story),+);
        }
        mod open {
            use crate::support::TestDatabase;
            $(async fn $story(database: TestDatabase) {
                super::$story(database, "open").await;
            })+
            on_both_engines!($($story),+);
        }
    };
}

/// From the beginning of everything.
pub fn since() -> wallflower::store::Since {
    wallflower::store::Since {
        talk: wallflower::domain::tie::Week::of(DateTime::UNIX_EPOCH),
        asks: DateTime::UNIX_EPOCH,
        suggestions: DateTime::UNIX_EPOCH,
    }
}

/// What `opens_as_child` starts; alone it does nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn child_process() {
    let Ok(discord) = std::env::var(CHILD) else { return };
    let settings = Settings::load(None, |name| std::env::var(name).ok()).unwrap();
    if std::env::var(LOG).is_ok() {
        wallflower::telemetry::start(&settings.log).unwrap();
    }
    let clock = clock_of(discord).await;
    let (_keep, stopping) = watch::channel(false);
    wallflower::run::run(settings, clock, stopping).await.unwrap();
}
