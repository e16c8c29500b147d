//! twilight-gateway drives the fake unchanged: raw frames in order, and a session that another process resumes.

#![expect(clippy::unwrap_used, reason = "a test's setup that fails is a failed test")]

use std::time::Duration;

use fake_discord::{Discord, Options};
use serde_json::Value;
use twilight_gateway::{CloseFrame, ConfigBuilder, Intents, Message, Session, Shard, ShardId};

use futures_util::StreamExt;

fn shard(discord: &Discord, session: Option<(Session, String)>) -> Shard {
    // Another test of this process may have installed it already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let intents = Intents::GUILDS | Intents::GUILD_MESSAGES;
    let mut config = ConfigBuilder::new(discord.token(), intents).proxy_url(discord.gateway_url());
    if let Some((session, url)) = session {
        config = config.session(session).resume_url(url);
    }
    Shard::with_config(ShardId::ONE, config.build())
}

/// For how long silence is no failure.
const PATIENCE: Duration = Duration::from_secs(10);

async fn next_event(shard: &mut Shard, name: &str) -> Value {
    loop {
        let next = tokio::time::timeout(PATIENCE, shard.next()).await.unwrap();
        if let Message::Text(text) = next.unwrap().unwrap() {
            let payload: Value = serde_json::from_str(&text).unwrap();
            if payload["t"] == name {
                return payload;
            }
        }
    }
}

#[tokio::test]
async fn a_session_goes_on_in_the_next_process() {
    let discord = Discord::start(Options::default()).await;
    let den = discord.community("Den");
    let general = den.channel("general");
    let ana = den.person("ana");
    let mut first = shard(&discord, None);
    let ready = next_event(&mut first, "READY").await;
    let url = ready["d"]["resume_gateway_url"].as_str().unwrap().to_owned();
    let seen = ana.says(&general, "one");
    let event = next_event(&mut first, "MESSAGE_CREATE").await;
    assert_eq!(event["d"]["id"], seen.id.to_string());
    let session = Session::new(event["s"].as_u64().unwrap(), ready["d"]["session_id"].as_str().unwrap().to_owned());
    first.close(CloseFrame::RESUME);
    while first.next().await.is_some_and(|message| !matches!(message, Ok(Message::Close(_)))) {}
    drop(first);
    discord.until("the line is gone", |d| d.sessions().iter().all(|s| !s.connected)).await;

    let missed = ana.says(&general, "two");
    let mut second = shard(&discord, Some((session, url)));
    let event = next_event(&mut second, "MESSAGE_CREATE").await;
    assert_eq!(event["d"]["id"], missed.id.to_string());
    next_event(&mut second, "RESUMED").await;
    assert_eq!((discord.identifies(), discord.resumes()), (1, 1));
}

#[tokio::test]
async fn a_dropped_line_is_resumed_by_itself() {
    let discord = Discord::start(Options::default()).await;
    let den = discord.community("Den");
    let general = den.channel("general");
    let ana = den.person("ana");
    let mut shard = shard(&discord, None);
    next_event(&mut shard, "GUILD_CREATE").await;
    discord.drop_connections();
    let missed = ana.says(&general, "meanwhile");
    let event = loop {
        match tokio::time::timeout(PATIENCE, shard.next()).await.unwrap().unwrap() {
            Ok(Message::Text(text)) if text.contains("MESSAGE_CREATE") => break text,
            _ => {}
        }
    };
    assert!(event.contains(&missed.id.to_string()));
    assert_eq!(discord.resumes(), 1);
}
