//! serenity as most bots use it: a client whose handler is called with each message.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::Result;
use serenity::all::{ClientBuilder, Context, EventHandler, GatewayIntents, Guild, HttpBuilder, Message};
use serenity::async_trait;

use crate::measure::Watch;
use crate::processes::{Word, say, stage, tell_progress};

const LOOK: Duration = Duration::from_millis(5);

#[derive(Default)]
struct Counts {
    communities: AtomicU64,
    messages: Arc<AtomicU64>,
}

struct Handler(Arc<Counts>);

#[async_trait]
impl EventHandler for Handler {
    async fn guild_create(&self, _: Context, _: Guild, _: Option<bool>) {
        self.0.communities.fetch_add(1, Ordering::Relaxed);
    }

    async fn message(&self, _: Context, _: Message) {
        self.0.messages.fetch_add(1, Ordering::Relaxed);
    }
}

#[tokio::main]
pub async fn receive() -> Result<()> {
    let stage = stage()?;
    // Installed already is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let http = HttpBuilder::new(&stage.token).proxy(&stage.url).ratelimiter_disabled(true).build();
    let intents = GatewayIntents::GUILDS
        | GatewayIntents::GUILD_MESSAGES
        | GatewayIntents::GUILD_MESSAGE_REACTIONS
        | GatewayIntents::GUILD_VOICE_STATES;
    let counts = Arc::new(Counts::default());
    let mut client = ClientBuilder::new_with_http(http, intents).event_handler(Handler(Arc::clone(&counts))).await?;
    let running = tokio::spawn(async move { client.start().await });
    while counts.communities.load(Ordering::Relaxed) < stage.communities.len() as u64 {
        tokio::time::sleep(LOOK).await;
        anyhow::ensure!(!running.is_finished(), "serenity has stopped");
    }
    tell_progress(Arc::clone(&counts.messages));
    let watch = Watch::start()?;
    say(&Word::Ready)?;
    while counts.messages.load(Ordering::Relaxed) < stage.messages as u64 {
        tokio::time::sleep(LOOK).await;
    }
    say(&Word::Done(watch.stop(stage.messages)?))
}
