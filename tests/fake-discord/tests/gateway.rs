//! The gateway, asked by an independent client.

#![expect(clippy::unwrap_used, reason = "a test's setup that fails is a failed test")]

mod raw;
#[path = "gateway/sight.rs"]
mod sight;
#[path = "gateway/voice.rs"]
mod voice;

use std::time::Duration;

use fake_discord::{BOT_ID, Discord, EventFault, Options, permissions};
use raw::{DIRECT_MESSAGES, GUILD_MESSAGES, GUILDS, Heard, Line, MESSAGE_CONTENT, REACTIONS};
use serde_json::{Value, json};

#[tokio::test]
async fn ready_names_unavailable_communities_and_guild_create_brings_them() {
    let discord = Discord::start(Options::default()).await;
    let den = discord.community("Den");
    let general = den.channel("general");
    let hidden = den.channel("hidden");
    hidden.denies_bot(permissions::VIEW_CHANNEL);
    let ana = den.person("ana");
    let last = ana.says(&general, "hi");
    let thread = ana.opens_thread(&general, "walks");

    let (mut line, ready) = Line::identified(&discord, GUILDS).await;
    assert_eq!(ready["s"], 1);
    assert_eq!(ready["d"]["guilds"], json!([{ "id": den.id.to_string(), "unavailable": true }]));
    let guild = line.event("GUILD_CREATE").await["d"].clone();
    let channels: Vec<&str> = guild["channels"].as_array().unwrap().iter().filter_map(|c| c["name"].as_str()).collect();
    assert_eq!(channels, ["general"], "what the bot cannot see is not told");
    assert!(guild["channels"][0]["last_message_id"].as_str().unwrap().parse::<u64>().unwrap() >= last.id);
    assert_eq!(guild["threads"][0]["id"], thread.id.to_string());
    assert_eq!(guild["members"].as_array().unwrap().len(), 1, "of the members only the bot");
    assert_eq!(guild["members"][0]["user"]["id"], BOT_ID.to_string());
    assert_eq!(guild["member_count"], 3);
}

#[tokio::test]
async fn a_client_that_breaks_the_rules_is_closed_with_discords_code() {
    let discord = Discord::start(Options::default()).await;
    let token = discord.token();
    let mut line = Line::open(&discord).await;
    line.identify("MTIz.bad.token", GUILDS, (0, 1)).await;
    assert_eq!(line.close_code().await, Some(4004));

    for (intents, shard, code) in [
        (MESSAGE_CONTENT | GUILD_MESSAGES, (0, 1), 4014),
        (1 << 1, (0, 1), 4014),
        (1 << 40, (0, 1), 4013),
        (GUILDS, (2, 2), 4010),
        (GUILDS, (0, 0), 4010),
    ] {
        let mut line = Line::open(&discord).await;
        line.identify(&token, intents, shard).await;
        assert_eq!(line.close_code().await, Some(code), "intents {intents:#x}, shard {shard:?}");
    }

    let (mut line, _) = Line::identified(&discord, GUILDS).await;
    line.identify(&token, GUILDS, (0, 1)).await;
    assert_eq!(line.close_code().await, Some(4005));
    let mut line = Line::open(&discord).await;
    line.send(json!({ "op": 3, "d": {} })).await;
    assert_eq!(line.close_code().await, Some(4003));
    let mut line = Line::open(&discord).await;
    line.send(json!({ "op": 99 })).await;
    assert_eq!(line.close_code().await, Some(4001));
    assert_eq!(Line::open_version(&discord, 6).await.close_code().await, Some(4012));
}

#[tokio::test]
async fn more_than_120_sends_a_minute_close_the_connection() {
    let discord = Discord::start(Options::default()).await;
    let mut line = Line::open(&discord).await;
    for _ in 0..121 {
        line.send(json!({ "op": 1, "d": null })).await;
    }
    assert_eq!(line.close_code().await, Some(4008));
}

#[tokio::test]
async fn heartbeats_are_acknowledged_unless_withheld() {
    let options = Options { heartbeat_interval: Duration::from_millis(200), ..Options::default() };
    let discord = Discord::start(options).await;
    let (mut line, _) = Line::identified(&discord, GUILDS).await;
    line.send(json!({ "op": 1, "d": 1 })).await;
    assert_eq!(line.payload().await["op"], 11);
    discord.withhold_acks(true);
    line.send(json!({ "op": 1, "d": 1 })).await;
    discord.until("the second heartbeat", |d| d.heartbeats() == 2).await;
    assert_eq!(line.close_code().await, Some(4009), "no ACK came, and who falls silent is closed");
}

#[tokio::test]
async fn a_resume_replays_what_was_missed_and_ends_with_resumed() {
    let discord = Discord::start(Options::default()).await;
    let den = discord.community("Den");
    let general = den.channel("general");
    let ana = den.person("ana");
    let (mut line, ready) = Line::identified(&discord, GUILDS | GUILD_MESSAGES).await;
    let session = ready["d"]["session_id"].as_str().unwrap().to_owned();
    let first = ana.says(&general, "one");
    let seq = line.event("MESSAGE_CREATE").await["s"].as_u64().unwrap();
    discord.drop_connections();
    assert_eq!(line.close_code().await, None, "a dropped line says nothing");
    let second = ana.says(&general, "two");
    let third = ana.says(&general, "three");

    let mut line = Line::open(&discord).await;
    line.resume(&session, seq).await;
    let missed = [line.payload().await, line.payload().await, line.payload().await];
    let ids: Vec<&str> = missed.iter().filter_map(|p| p["d"]["id"].as_str()).collect();
    assert_eq!(ids, [second.id.to_string(), third.id.to_string()]);
    assert_eq!(missed[2]["t"], "RESUMED");
    let numbers: Vec<u64> = missed.iter().filter_map(|p| p["s"].as_u64()).collect();
    assert_eq!(numbers, [seq + 1, seq + 2, seq + 3]);

    let mut again = Line::open(&discord).await;
    again.resume(&session, seq - 1).await;
    assert_eq!(again.payload().await["d"]["id"], first.id.to_string(), "from where the client says");
    assert_eq!(line.close_code().await, Some(4000), "the older connection is closed");

    let mut ahead = Line::open(&discord).await;
    ahead.resume(&session, 10_000).await;
    assert_eq!(ahead.close_code().await, Some(4007));
}

#[tokio::test]
async fn a_replay_may_lack_an_event() {
    let discord = Discord::start(Options::default()).await;
    let den = discord.community("Den");
    let (general, ana) = (den.channel("general"), den.person("ana"));
    let (line, ready) = Line::identified(&discord, GUILD_MESSAGES).await;
    line.hang_up(4000).await;
    let [first, _lost, third] = ["one", "two", "three"].map(|text| ana.says(&general, text).id);
    discord.loses_of_the_replay(1);
    let mut line = Line::open(&discord).await;
    line.resume(ready["d"]["session_id"].as_str().unwrap(), 1).await;
    let told = [line.payload().await, line.payload().await].map(|p| (p["s"].clone(), p["d"]["id"].clone()));
    assert_eq!(told, [(json!(2), json!(first.to_string())), (json!(4), json!(third.to_string()))]);
}

#[tokio::test]
async fn where_it_runs_for_days_a_resume_repeats_the_latest_and_refuses_what_it_has_dropped() {
    let discord = Discord::start(Options::default()).await;
    let den = discord.community("Den");
    let (general, ana) = (den.channel("general"), den.person("ana"));
    let (line, ready) = Line::identified(&discord, GUILD_MESSAGES).await;
    let session = ready["d"]["session_id"].as_str().unwrap().to_owned();
    line.hang_up(4000).await;
    for _ in 0..2_100 {
        ana.says(&general, "on and on");
    }
    let last = ana.says(&general, "that was it").id;
    discord.forgets_the_past();

    let mut late = Line::open(&discord).await;
    late.resume(&session, 50).await;
    assert_eq!(late.payload().await, json!({ "op": 9, "d": false }), "told of a gap, not left with one");
    let mut line = Line::open(&discord).await;
    line.resume(&session, 102).await;
    let mut told = Vec::new();
    while told.last() != Some(&json!(last.to_string())) {
        told.push(line.payload().await["d"]["id"].clone());
    }
    assert_eq!(told.len(), 2_000);
}

#[tokio::test]
async fn a_session_that_is_gone_or_refused_gets_op_9() {
    let discord = Discord::start(Options::default()).await;
    let mut line = Line::open(&discord).await;
    line.resume("nobody", 1).await;
    assert_eq!(line.payload().await, json!({ "op": 9, "d": false }));

    let (line, ready) = Line::identified(&discord, GUILDS).await;
    let session = ready["d"]["session_id"].as_str().unwrap().to_owned();
    line.hang_up(4000).await;
    discord.until("the line is gone", |d| d.sessions().iter().all(|s| !s.connected)).await;
    discord.refuse_resumes(1);
    let mut back = Line::open(&discord).await;
    back.resume(&session, 1).await;
    assert_eq!(back.payload().await, json!({ "op": 9, "d": false }));

    let (line, _) = Line::identified(&discord, GUILDS).await;
    line.hang_up(1000).await;
    discord.until("a session that said goodbye is forgotten", |d| d.sessions().is_empty()).await;
}

#[tokio::test]
async fn reconnects_and_invalid_sessions_come_to_order() {
    let discord = Discord::start(Options::default()).await;
    let (mut line, _) = Line::identified(&discord, GUILDS).await;
    discord.ask_to_reconnect();
    assert_eq!(line.payload().await["op"], 7);
    discord.invalidate_sessions(true);
    assert_eq!(line.payload().await, json!({ "op": 9, "d": true }));
    discord.close_connections(4000);
    assert_eq!(line.close_code().await, Some(4000));
    assert_eq!(discord.sessions().len(), 1, "it can be resumed");
}

#[tokio::test]
async fn who_identifies_too_soon_is_told_to_wait() {
    let discord = Discord::start(Options { max_concurrency: 2, ..Options::default() }).await;
    let (_first, _) = Line::identified_as(&discord, GUILDS, (0, 4)).await;
    let (_second, _) = Line::identified_as(&discord, GUILDS, (1, 4)).await;
    let mut third = Line::open(&discord).await;
    third.identify(&discord.token(), GUILDS, (2, 4)).await;
    assert_eq!(third.payload().await, json!({ "op": 9, "d": false }), "shards 0 and 2 share an allowance");
    assert_eq!(discord.identifies(), 2);
}

/// What a session with these intents gets of a message, as `content`, number of embeds.
async fn content_of(line: &mut Line) -> String {
    line.event("MESSAGE_CREATE").await["d"]["content"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn without_the_content_intent_texts_arrive_empty_but_for_the_bots_own_business() {
    let discord = Discord::start(Options { privileged_intents: MESSAGE_CONTENT, ..Options::default() }).await;
    let den = discord.community("Den");
    let general = den.channel("general");
    let ana = den.person("ana");
    let (mut blind, _) = Line::identified(&discord, GUILDS | GUILD_MESSAGES | DIRECT_MESSAGES).await;
    let (mut seeing, _) = Line::identified(&discord, GUILDS | GUILD_MESSAGES | MESSAGE_CONTENT).await;

    let said = ana.says(&general, "a secret");
    assert_eq!(content_of(&mut blind).await, "");
    assert_eq!(content_of(&mut seeing).await, "a secret");
    ana.says(&general, &format!("<@{BOT_ID}> hello"));
    assert!(content_of(&mut blind).await.ends_with("hello"), "messages that mention the bot");
    ana.writes_to_bot("to you alone");
    assert_eq!(content_of(&mut blind).await, "to you alone", "direct messages");
    let body = json!({ "content": "mine", "nonce": "n1" });
    raw::call(&discord, "POST", &format!("/channels/{}/messages", general.id), body).await;
    assert_eq!(content_of(&mut blind).await, "mine", "its own messages");

    ana.replies_to(&said, "to myself");
    let reply = blind.event("MESSAGE_CREATE").await["d"].clone();
    assert_eq!((&reply["content"], &reply["referenced_message"]["content"]), (&json!(""), &json!("")));
    assert_eq!((&reply["type"], &reply["message_reference"]["type"]), (&json!(19), &json!(0)));
    assert_eq!(reply["referenced_message"]["author"]["id"], ana.id.to_string());
    assert_eq!(reply["member"]["nick"], Value::Null);
    assert_eq!(reply["guild_id"], den.id.to_string());
}

#[tokio::test]
async fn a_session_hears_only_what_its_intents_name() {
    let discord = Discord::start(Options::default()).await;
    let den = discord.community("Den");
    let general = den.channel("general");
    let ana = den.person("ana");
    let (mut only_guilds, _) = Line::identified(&discord, GUILDS).await;
    let (mut only_reactions, _) = Line::identified(&discord, REACTIONS).await;
    only_guilds.event("GUILD_CREATE").await;
    let message = ana.says(&general, "hi");
    ana.reacts(&message, "👍");
    ana.unreacts(&message, "👍");
    ana.writes_to_bot("psst");
    den.channel("new");
    assert_eq!(only_guilds.names_until("CHANNEL_CREATE").await, ["CHANNEL_CREATE"]);
    let added = only_reactions.payload().await;
    assert_eq!(added["t"], "MESSAGE_REACTION_ADD");
    assert_eq!(added["d"]["message_author_id"], ana.id.to_string());
    assert_eq!(only_reactions.payload().await["t"], "MESSAGE_REACTION_REMOVE");
}

#[tokio::test]
async fn the_bot_hears_nothing_of_channels_and_private_threads_that_it_cannot_see() {
    let discord = Discord::start(Options::default()).await;
    let den = discord.community("Den");
    let hidden = den.channel("hidden");
    hidden.denies_bot(permissions::VIEW_CHANNEL);
    let general = den.channel("general");
    let ana = den.person("ana");
    let (mut line, _) = Line::identified(&discord, GUILDS | GUILD_MESSAGES).await;
    ana.says(&hidden, "unheard");
    let heard = ana.says(&general, "heard");
    assert_eq!(line.event("MESSAGE_CREATE").await["d"]["id"], heard.id.to_string());
}

#[tokio::test]
async fn communities_spread_over_shards_and_dms_come_to_the_first() {
    let discord = Discord::start(Options::default()).await;
    let dens: Vec<_> = (0..4).map(|n| discord.community(&format!("Den {n}"))).collect();
    let (_, first) = Line::identified_as(&discord, GUILDS, (0, 2)).await;
    let (_, second) = Line::identified_as(&discord, GUILDS, (1, 2)).await;
    let count = |ready: &Value| ready["d"]["guilds"].as_array().unwrap().len();
    assert_eq!((count(&first), count(&second)), (2, 2));
    for (ready, shard) in [(&first, 0), (&second, 1)] {
        for guild in ready["d"]["guilds"].as_array().unwrap() {
            assert_eq!((guild["id"].as_str().unwrap().parse::<u64>().unwrap() >> 22) % 2, shard);
        }
    }
    let (mut dm_shard, _) = Line::identified_as(&discord, DIRECT_MESSAGES, (0, 2)).await;
    let (mut other, _) = Line::identified_as(&discord, DIRECT_MESSAGES | GUILD_MESSAGES, (1, 2)).await;
    let mine = dens.iter().find(|d| (d.id >> 22) % 2 == 1).unwrap();
    let ana = mine.person("ana");
    ana.writes_to_bot("hi");
    ana.says(&mine.channel("general"), "hi");
    assert_eq!(dm_shard.event("MESSAGE_CREATE").await["d"]["guild_id"], Value::Null);
    assert_eq!(other.event("MESSAGE_CREATE").await["d"]["guild_id"], mine.id.to_string());
}

#[tokio::test]
async fn every_session_of_the_shard_receives_an_interaction() {
    let discord = Discord::start(Options { answer_timeout: Duration::ZERO, ..Options::default() }).await;
    let den = discord.community("Den");
    den.channel("general");
    let ana = den.person("ana");
    let app = fake_discord::APPLICATION_ID;
    let command = json!([{ "name": "meet", "description": "Meet people", "contexts": [0, 1] }]);
    let (status, _) = raw::call(&discord, "PUT", &format!("/applications/{app}/commands"), command).await;
    assert_eq!(status, 200);
    let (mut listening, _) = Line::identified(&discord, GUILDS).await;
    let (mut talking, _) = Line::identified(&discord, 0).await;
    let person = ana.clone();
    let run = tokio::spawn(async move { person.try_runs("/meet").await });
    let event = talking.event("INTERACTION_CREATE").await["d"].clone();
    assert_eq!(listening.event("INTERACTION_CREATE").await["d"]["id"], event["id"]);
    assert_eq!(event["member"]["user"]["id"], ana.id.to_string());
    let path = format!("/interactions/{}/{}/callback", event["id"].as_str().unwrap(), event["token"].as_str().unwrap());
    let answer = json!({ "type": 4, "data": { "content": "hello", "flags": 64 } });
    assert_eq!(raw::call(&discord, "POST", &path, answer.clone()).await.0, 204);
    assert_eq!(raw::refused(&discord, "POST", &path, answer).await, (400, 40060));
    assert_eq!(run.await.unwrap().unwrap().text, "hello");
}

#[tokio::test]
async fn events_are_lost_repeated_and_swapped_to_order() {
    let discord = Discord::start(Options::default()).await;
    let den = discord.community("Den");
    let general = den.channel("general");
    let ana = den.person("ana");
    let (mut line, _) = Line::identified(&discord, GUILD_MESSAGES).await;
    discord.disturb_events(1, "MESSAGE_CREATE", EventFault::Lose);
    ana.says(&general, "lost");
    discord.disturb_events(1, "MESSAGE_CREATE", EventFault::Repeat);
    let twice = ana.says(&general, "twice").id;
    discord.disturb_events(1, "MESSAGE_CREATE", EventFault::Swap);
    let late = ana.says(&general, "late").id;
    let early = ana.says(&general, "early").id;
    for expected in [twice, twice, early, late] {
        assert_eq!(line.event("MESSAGE_CREATE").await["d"]["id"], expected.to_string());
    }
}

#[tokio::test]
async fn kicks_outages_and_invitations_are_told() {
    let discord = Discord::start(Options::default()).await;
    let den = discord.community("Den");
    let general = den.channel("general");
    let (mut line, _) = Line::identified(&discord, GUILDS | GUILD_MESSAGES).await;
    line.event("GUILD_CREATE").await;
    den.goes_down();
    assert_eq!(line.event("GUILD_DELETE").await["d"]["unavailable"], true);
    den.comes_back();
    line.event("GUILD_CREATE").await;
    den.kicks_bot();
    assert_eq!(line.event("GUILD_DELETE").await["d"].get("unavailable"), None);
    den.person("ana").says(&general, "unheard");
    den.adds_bot();
    assert!(matches!(line.heard().await, Heard::Payload(p) if p["t"] == "GUILD_CREATE"));
}
