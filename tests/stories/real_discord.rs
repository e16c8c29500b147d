//! Against Discord itself, by hand: that both sessions stand and that a nonce is kept. `CONTRIBUTING.md` says how.
//!
//! The same steps are taken at the local Discord in each run of the tests, so that what is left to find out is Discord.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use fake_discord::{Discord, Options};
use serde_json::json;
use serenity::all::{ChannelId, GetMessages, GuildId, Http, MessageId};
use tokio::sync::watch;
use wallflower::clock::SystemClock;
use wallflower::config::Settings;
use wallflower::run::{access, run};

/// Each session identifies once, and Discord lets one do so in five seconds.
const SESSIONS: u64 = 2;
const LOOKS: usize = 60;
const LOOKS_EVERY: Duration = Duration::from_secs(1);

struct Place {
    guild: GuildId,
    channel: ChannelId,
}

/// Starts Wallflower with commands in this guild only, says one message twice under one nonce, finds it once, deletes it,
/// takes the commands back and stops.
async fn both_sessions_stand_and_a_nonce_is_said_once(mut environment: HashMap<&'static str, String>, place: Place) {
    let folder = tempfile::tempdir().unwrap();
    environment.insert("WALLFLOWER_DATA_FOLDER", folder.path().display().to_string());
    environment.insert("WALLFLOWER_DISCORD_DEV_GUILD", place.guild.to_string());
    environment.insert("WALLFLOWER_CONFIG", "/dev/null".to_owned());
    let settings = Settings::load(None, |name| environment.get(name).cloned()).unwrap();
    let http = access(&settings).unwrap().http();
    http.set_application_id(http.get_current_application_info().await.unwrap().id);
    let starts_left = async || http.get_bot_gateway().await.unwrap().session_start_limit.remaining;
    let before = starts_left().await;

    let (stop, stopping) = watch::channel(false);
    let running = tokio::spawn(run(settings, Arc::new(SystemClock), stopping));
    for _ in 0..LOOKS {
        if running.is_finished() || starts_left().await + SESSIONS <= before {
            break;
        }
        tokio::time::sleep(LOOKS_EVERY).await;
    }
    assert!(!running.is_finished(), "{:?}", running.await);
    assert!(starts_left().await + SESSIONS <= before, "one of the sessions did not identify");
    let registered = http.get_guild_commands(place.guild).await.unwrap();
    assert!(registered.iter().any(|command| command.name == "meet"));

    is_said_once(&http, place.channel).await;
    http.create_guild_commands(place.guild, &json!([])).await.unwrap();
    stop.send_replace(true);
    running.await.unwrap().unwrap();
}

/// One message, sent twice under one nonce.
async fn is_said_once(http: &Http, channel: ChannelId) {
    let text = "Wallflower tries its voice; this goes at once.";
    let nonce = format!("try{}", std::process::id());
    let message = json!({ "content": text, "nonce": nonce, "enforce_nonce": true });
    let mut sent: Vec<MessageId> = Vec::new();
    for _ in 0..2 {
        sent.push(http.send_message(channel, Vec::new(), &message).await.unwrap().id);
    }
    let latest = channel.messages(http, GetMessages::new().limit(10)).await.unwrap();
    let found: Vec<_> = latest.iter().filter(|message| message.content == text).map(|message| message.id).collect();
    for id in &found {
        http.delete_message(channel, *id, None).await.unwrap();
    }
    assert_eq!((sent[0], found), (sent[1], vec![sent[0]]), "the second is the first one again");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Discord itself: set DISCORD_TOKEN, WALLFLOWER_TEST_GUILD and WALLFLOWER_TEST_CHANNEL"]
async fn at_discord_itself() {
    let given = |name: &str| std::env::var(name).unwrap_or_else(|_| panic!("{name} is not set"));
    let id = |name: &str| given(name).parse::<u64>().unwrap_or_else(|_| panic!("{name} is no id"));
    let guild = GuildId::new(id("WALLFLOWER_TEST_GUILD"));
    let place = Place { guild, channel: ChannelId::new(id("WALLFLOWER_TEST_CHANNEL")) };
    let environment = HashMap::from([("DISCORD_TOKEN", given("DISCORD_TOKEN"))]);
    both_sessions_stand_and_a_nonce_is_said_once(environment, place).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_steps_at_the_local_one() {
    let discord = Discord::start(Options::default()).await;
    let den = discord.community("Den");
    let place = Place { guild: GuildId::new(den.id), channel: ChannelId::new(den.channel("general").id) };
    let environment =
        HashMap::from([("DISCORD_TOKEN", discord.token()), ("WALLFLOWER_DISCORD_API_BASE", discord.url())]);
    both_sessions_stand_and_a_nonce_is_said_once(environment, place).await;
    assert_eq!(discord.command_overwrites(), 2, "registered in the one guild and taken back");
    discord.assert_no_violations();
}
