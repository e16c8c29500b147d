//! The whole product in this process, talking to a local Discord.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use chrono::DateTime;
use fake_discord::{Channel, Community, Discord, Options, Person};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use wallflower::clock::ManualClock;
use wallflower::config::Settings;
use wallflower::run::{RunError, run};

use crate::support::TestDatabase;

/// A run of Wallflower that ends with the test, or when told to.
pub struct Product {
    stop: watch::Sender<bool>,
    running: JoinHandle<Result<(), RunError>>,
}

/// Settings for a run against `discord`, with its data in `folder`; `more` goes first.
pub fn settings(discord: &Discord, folder: &Path, database: &str, more: &[(&str, &str)]) -> Settings {
    let known = [
        ("DISCORD_TOKEN", discord.token()),
        ("WALLFLOWER_DISCORD_API_BASE", discord.url()),
        ("WALLFLOWER_DISCORD_CDN_BASE", discord.url()),
        ("WALLFLOWER_DATABASE_URL", database.to_owned()),
        ("WALLFLOWER_DATA_FOLDER", folder.display().to_string()),
        ("WALLFLOWER_CONFIG", "/dev/null".to_owned()),
    ];
    let given = |name: &str| {
        let more = more.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
        more.or_else(|| known.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone()))
    };
    Settings::load(None, given).unwrap()
}

impl Product {
    /// Starts; returns before it is connected.
    pub fn start(discord: &Discord, settings: Settings) -> Self {
        let clock = Arc::new(ManualClock::new(DateTime::from_timestamp_millis(discord.now()).unwrap()));
        let (stop, stopping) = watch::channel(false);
        let running = tokio::spawn(async move { run(settings, clock, stopping).await });
        Self { stop, running }
    }

    /// How it ended by itself.
    pub async fn ended(self) -> Result<(), RunError> {
        tokio::time::timeout(Duration::from_secs(20), self.running).await.expect("it goes on").unwrap()
    }

    /// Tells it to stop, and waits for it.
    pub async fn stop(self) -> Result<(), RunError> {
        self.stop.send_replace(true);
        self.ended().await
    }
}

/// A community with the product running in it.
pub struct Stage {
    pub discord: Discord,
    pub den: Community,
    pub general: Channel,
    pub admin: Person,
    pub database: TestDatabase,
    pub product: Product,
}

impl Stage {
    /// Wallflower is there, but not set up.
    pub async fn bare(database: TestDatabase) -> Self {
        let discord = Discord::start(Options::default()).await;
        let den = discord.community("Den");
        let general = den.channel("general");
        let admin = den.admin("boss");
        let product = Product::start(&discord, settings(&discord, database.folder(), &database.url, &[]));
        discord.until_command("meet").await;
        discord.until_connected(2).await;
        Self { discord, den, general, admin, database, product }
    }

    pub async fn set_up(database: TestDatabase) -> Self {
        let stage = Self::bare(database).await;
        let answer = stage.admin.runs("/wallflower setup channel:#general zone:Europe/Amsterdam").await;
        assert!(answer.text.starts_with("Wallflower is set up"), "{}", answer.text);
        stage
    }

    /// Somebody who has said "count me in".
    pub async fn member(&self, name: &str) -> Person {
        let person = self.den.person(name);
        assert!(person.runs("/meet join").await.text.starts_with("You are in."));
        person
    }

    /// Whether any table knows this number.
    pub async fn knows(&self, id: u64) -> bool {
        self.database.rows().await.iter().any(|(_, row)| row.contains(&id.to_string()))
    }

    pub async fn ends(self) {
        self.discord.assert_no_violations();
        self.product.stop().await.unwrap();
    }
}
