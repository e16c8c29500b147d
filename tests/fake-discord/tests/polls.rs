//! Polls of Discord's own, asked by an independent client.

#![expect(clippy::unwrap_used, reason = "a test's setup that fails is a failed test")]

#[expect(dead_code, reason = "not all of it is needed here")]
mod raw;

use std::time::Duration;

use fake_discord::{Channel, Discord, Options, Person, SeenMessage};
use raw::{GUILD_MESSAGES, GUILDS, Line, call, refused};
use serde_json::{Value, json};

const POLLS: u64 = 1 << 24;

struct Place {
    discord: Discord,
    general: Channel,
    ana: Person,
    bo: Person,
}

async fn place() -> Place {
    let discord = Discord::start(Options::default()).await;
    let den = discord.community("Den");
    let (general, ana, bo) = (den.channel("general"), den.person("ana"), den.person("bo"));
    Place { discord, general, ana, bo }
}

impl Place {
    async fn asks(&self, several: bool) -> SeenMessage {
        let answer = |text: &str| json!({ "poll_media": { "text": text } });
        let poll = json!({
            "question": { "text": "When?" }, "answers": [answer("Monday"), answer("Tuesday")], "duration": 2,
            "allow_multiselect": several,
        });
        let path = format!("/channels/{}/messages", self.general.id);
        let (status, made) = call(&self.discord, "POST", &path, json!({ "content": "a poll", "poll": poll })).await;
        assert_eq!(status, 200, "{made}");
        assert_eq!(made["poll"]["results"]["is_finalized"], json!(false));
        self.discord.message(made["id"].as_str().unwrap().parse().unwrap()).unwrap()
    }

    fn path(&self, message: &SeenMessage, rest: &str) -> String {
        format!("/channels/{}/polls/{}/{rest}", self.general.id, message.id)
    }
}

#[tokio::test]
async fn voters_come_by_pages_and_a_poll_ends_once() {
    let p = place().await;
    let poll = p.asks(true).await;
    p.ana.votes(&poll, &["Monday", "Tuesday"]);
    p.bo.votes(&poll, &["Tuesday"]);
    p.ana.votes(&poll, &["Tuesday"]);
    let (_, none) = call(&p.discord, "GET", &p.path(&poll, "answers/1"), Value::Null).await;
    assert_eq!(none["users"], json!([]), "she has taken Monday back");
    let mut ids = [p.ana.id, p.bo.id];
    ids.sort_unstable();
    let (_, first) = call(&p.discord, "GET", &p.path(&poll, "answers/2?limit=1"), Value::Null).await;
    assert_eq!(first["users"][0]["id"], json!(ids[0].to_string()));
    let rest = format!("answers/2?limit=1&after={}", ids[0]);
    let (_, second) = call(&p.discord, "GET", &p.path(&poll, &rest), Value::Null).await;
    assert_eq!(second["users"][0]["id"], json!(ids[1].to_string()));
    let (status, ended) = call(&p.discord, "POST", &p.path(&poll, "expire"), Value::Null).await;
    assert_eq!((status, &ended["poll"]["results"]["is_finalized"]), (200, &json!(true)));
    assert_eq!(refused(&p.discord, "POST", &p.path(&poll, "expire"), Value::Null).await, (400, 520_001));
    assert!(p.general.messages().iter().any(|one| one.kind == 46), "Discord says that it has ended");
    p.discord.assert_no_violations();
}

#[tokio::test]
async fn a_poll_is_not_edited_and_another_message_has_none_to_end() {
    let p = place().await;
    let poll = p.asks(true).await;
    let path = format!("/channels/{}/messages/{}", p.general.id, poll.id);
    assert_eq!(refused(&p.discord, "PATCH", &path, json!({ "content": "closed" })).await, (400, 520_003));
    let messages = format!("/channels/{}/messages", p.general.id);
    let (_, plain) = call(&p.discord, "POST", &messages, json!({ "content": "no poll" })).await;
    let path = format!("/channels/{}/polls/{}/expire", p.general.id, plain["id"].as_str().unwrap());
    assert_eq!(refused(&p.discord, "POST", &path, Value::Null).await, (400, 520_006));
}

#[tokio::test]
async fn a_poll_is_over_after_its_hours() {
    let p = place().await;
    let poll = p.asks(true).await;
    p.discord.advance(Duration::from_hours(2));
    assert!(poll.now().unwrap().poll.unwrap().is_over);
    assert_eq!(refused(&p.discord, "POST", &p.path(&poll, "expire"), Value::Null).await, (400, 520_001));
}

#[tokio::test]
async fn votes_are_told_to_sessions_that_asked_for_polls_and_to_no_others() {
    let p = place().await;
    let (mut asked, _) = Line::identified(&p.discord, GUILDS | GUILD_MESSAGES | POLLS).await;
    let (mut others, _) = Line::identified(&p.discord, GUILDS | GUILD_MESSAGES).await;
    let poll = p.asks(true).await;
    p.ana.votes(&poll, &["Tuesday"]);
    p.ana.votes(&poll, &[]);
    p.bo.says(&p.general, "the end");
    let added = asked.event("MESSAGE_POLL_VOTE_ADD").await["d"].clone();
    assert_eq!((&added["answer_id"], &added["user_id"]), (&json!(2), &json!(p.ana.id.to_string())));
    asked.event("MESSAGE_POLL_VOTE_REMOVE").await;
    let _ = others.event("MESSAGE_CREATE").await;
    let heard = others.names_until("MESSAGE_CREATE").await;
    assert!(heard.iter().all(|name| !name.contains("POLL")), "{heard:?}");
}
