//! The whole product in this process, talking to a local Discord.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use chrono::DateTime;
use fake_discord::{Community, Discord, Person};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use wallflower::clock::ManualClock;
use wallflower::config::Settings;
use wallflower::run::{RunError, run};

/// A run of Wallflower that ends with the test, or when told to.
pub struct Product {
    pub clock: Arc<ManualClock>,
    stop: watch::Sender<bool>,
    running: JoinHandle<Result<(), RunError>>,
}

/// Settings for a run against `discord`, with its data in `folder`.
pub fn settings(discord: &Discord, folder: &Path, database: &str, more: &[(&str, &str)]) -> Settings {
    let file = folder.join("wallflower.toml");
    std::fs::write(&file, "").unwrap();
    let known = [
        ("DISCORD_TOKEN", discord.token()),
        ("WALLFLOWER_DISCORD_API_BASE", discord.url()),
        ("WALLFLOWER_DATABASE_URL", database.to_owned()),
        ("WALLFLOWER_DATA_FOLDER", folder.display().to_string()),
    ];
    let given = |name: &str| {
        let more = more.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
        more.or_else(|| known.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone()))
    };
    Settings::load(Some(&file), given).unwrap()
}

impl Product {
    /// Starts; returns before it is connected.
    pub fn start(discord: &Discord, settings: Settings) -> Self {
        let clock = Arc::new(ManualClock::new(DateTime::from_timestamp_millis(discord.now()).unwrap()));
        let (stop, stopping) = watch::channel(false);
        let running = tokio::spawn({
            let clock = Arc::clone(&clock);
            async move { run(settings, clock, stopping).await }
        });
        Self { clock, stop, running }
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

/// A community that an admin has set up: the admin, and the channel's name.
pub async fn set_up(community: &Community) -> Person {
    let admin = community.admin("boss");
    let answer = admin.runs("/wallflower setup channel:#general zone:Europe/Amsterdam").await;
    assert!(answer.text.contains("set up"), "{}", answer.text);
    admin
}
