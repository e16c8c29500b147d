//! REST, asked by an independent client: rules, refusals and faults.

#![expect(clippy::unwrap_used, reason = "a test's setup that fails is a failed test")]

#[expect(dead_code, reason = "the gateway half is for the other tests")]
mod raw;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use fake_discord::{APPLICATION_ID, BOT_ID, Channel, Community, Discord, Options, Person, RestFault, permissions};
use raw::{call, refused};
use serde_json::{Value, json};

struct Place {
    discord: Discord,
    den: Community,
    general: Channel,
    ana: Person,
    bo: Person,
}

async fn place() -> Place {
    place_with(Options::default()).await
}

async fn place_with(options: Options) -> Place {
    let discord = Discord::start(options).await;
    let den = discord.community("Den");
    let general = den.channel("general");
    let (ana, bo) = (den.person("ana"), den.person("bo"));
    Place { discord, den, general, ana, bo }
}

fn messages(channel: &Channel) -> String {
    format!("/channels/{}/messages", channel.id)
}

async fn private_thread(place: &Place) -> Channel {
    let body = json!({ "name": "you two", "type": 12, "auto_archive_duration": 1440, "invitable": false });
    let (status, thread) = call(&place.discord, "POST", &format!("/channels/{}/threads", place.general.id), body).await;
    assert_eq!(status, 201, "{thread}");
    place.discord.channel_by_id(thread["id"].as_str().unwrap().parse().unwrap())
}

#[tokio::test]
async fn a_nonce_sent_twice_makes_one_message() {
    let p = place().await;
    let body = json!({ "content": "once", "nonce": "4Zq1", "enforce_nonce": true });
    let (_, first) = call(&p.discord, "POST", &messages(&p.general), body.clone()).await;
    let (_, second) = call(&p.discord, "POST", &messages(&p.general), body.clone()).await;
    assert_eq!(first["id"], second["id"]);
    assert_eq!(p.general.messages().len(), 1);
    p.discord.advance(Duration::from_mins(10));
    call(&p.discord, "POST", &messages(&p.general), body).await;
    assert_eq!(p.general.messages().len(), 2, "Discord remembers a nonce for minutes only");
    p.discord.assert_no_violations();
}

#[tokio::test]
async fn a_wrong_token_is_unauthorised() {
    let p = place().await;
    let url = format!("{}/api/v10/users/@me", p.discord.url());
    let response = reqwest::Client::new().get(url).header("authorization", "Bot no.such.token").send().await.unwrap();
    assert_eq!(response.status(), 401);
}

#[tokio::test]
async fn what_discord_would_refuse_is_refused_and_remembered_with_its_path() {
    let p = place().await;
    let (status, body) = call(&p.discord, "POST", &messages(&p.general), json!({ "content": "x".repeat(2001) })).await;
    assert_eq!((status, &body["code"]), (400, &json!(50035)));
    let violations = p.discord.forgive_violations();
    assert!(violations.len() == 1 && violations[0].contains("$.content"), "{violations:?}");
    assert!(p.general.messages().is_empty());
}

#[tokio::test]
async fn permissions_are_enforced_with_discords_codes() {
    let p = place().await;
    let hi = || json!({ "content": "hi" });
    let said = p.ana.says(&p.general, "hello");
    p.general.denies_bot(permissions::SEND_MESSAGES);
    assert_eq!(refused(&p.discord, "POST", &messages(&p.general), hi()).await, (403, 50013));
    p.general.denies_bot(permissions::READ_MESSAGE_HISTORY);
    assert_eq!(call(&p.discord, "GET", &messages(&p.general), Value::Null).await, (200, json!([])));
    let react = format!("{}/{}/reactions/%F0%9F%91%8D/@me", messages(&p.general), said.id);
    assert_eq!(refused(&p.discord, "PUT", &react, Value::Null).await, (403, 50013));
    p.general.denies_bot(permissions::VIEW_CHANNEL);
    assert_eq!(refused(&p.discord, "POST", &messages(&p.general), hi()).await, (403, 50001));
    assert_eq!(refused(&p.discord, "POST", "/channels/1/messages", hi()).await, (404, 10003));
    p.general.allows_bot(permissions::VIEW_CHANNEL | permissions::READ_MESSAGE_HISTORY);
    let missing = format!("{}/1", messages(&p.general));
    assert_eq!(refused(&p.discord, "GET", &missing, Value::Null).await, (404, 10008));
    let foreign = format!("{}/{}", messages(&p.general), said.id);
    assert_eq!(refused(&p.discord, "PATCH", &foreign, hi()).await, (403, 50005));
    assert_eq!(refused(&p.discord, "DELETE", &foreign, Value::Null).await, (403, 50013));
    assert_eq!(refused(&p.discord, "GET", "/guilds/1", Value::Null).await, (404, 10004));
    p.ana.leaves(&p.den);
    let member = format!("/guilds/{}/members/{}", p.den.id, p.ana.id);
    assert_eq!(refused(&p.discord, "GET", &member, Value::Null).await, (404, 10007));
    p.discord.assert_no_violations();
}

#[tokio::test]
async fn closed_dms_and_strangers_cannot_be_written_to() {
    let p = place().await;
    let hi = || json!({ "content": "hi" });
    let open = json!({ "recipient_id": p.ana.id.to_string() });
    let (_, dm) = call(&p.discord, "POST", "/users/@me/channels", open).await;
    let path = format!("/channels/{}/messages", dm["id"].as_str().unwrap());
    assert_eq!(call(&p.discord, "POST", &path, hi()).await.0, 200);
    p.ana.closes_dms();
    assert_eq!(refused(&p.discord, "POST", &path, hi()).await, (403, 50007));
    p.ana.opens_dms();
    p.ana.leaves(&p.den);
    assert_eq!(refused(&p.discord, "POST", &path, hi()).await, (403, 50278));
    assert_eq!(p.ana.dms().len(), 1);
    p.discord.assert_no_violations();
}

#[tokio::test]
async fn a_private_thread_exists_only_for_its_members_and_moderators() {
    let p = place().await;
    let mo = p.den.moderator("mo");
    let thread = private_thread(&p).await;
    assert!(thread.is_private_thread() && !p.ana.can_see(&thread));
    let add = format!("/channels/{}/thread-members/{}", thread.id, p.ana.id);
    assert_eq!(call(&p.discord, "PUT", &add, Value::Null).await.0, 204);
    call(&p.discord, "POST", &messages(&thread), json!({ "content": "Who can read this: you, moderators" })).await;
    assert!(p.ana.can_see(&thread) && mo.can_see(&thread) && !p.bo.can_see(&thread));
    assert_eq!(p.ana.pings().len(), 1, "being added rings");
    assert!(!p.bo.sees_all().contains("you two"));
    assert!(p.ana.sees_all().contains("Who can read this"));
    p.ana.leaves_thread(&thread);
    assert!(!p.ana.can_see(&thread));
    let list = format!("/channels/{}/thread-members", thread.id);
    assert_eq!(call(&p.discord, "GET", &list, Value::Null).await.1.as_array().unwrap().len(), 1);
    assert_eq!(refused(&p.discord, "GET", &format!("{list}/{}", p.ana.id), Value::Null).await, (404, 10007));
    p.discord.assert_no_violations();
}

#[tokio::test]
async fn an_archived_thread_takes_no_reactions_until_a_message_reopens_it() {
    let p = place().await;
    let thread = private_thread(&p).await;
    let (_, message) = call(&p.discord, "POST", &messages(&thread), json!({ "content": "vote" })).await;
    let id = message["id"].as_str().unwrap();
    let archive = call(&p.discord, "PATCH", &format!("/channels/{}", thread.id), json!({ "archived": true })).await;
    assert_eq!(archive.1["thread_metadata"]["archived"], true);
    let react = format!("{}/{id}/reactions/2%EF%B8%8F%E2%83%A3/@me", messages(&thread));
    assert_eq!(refused(&p.discord, "PUT", &react, Value::Null).await, (400, 50083));
    call(&p.discord, "POST", &messages(&thread), json!({ "content": "again" })).await;
    assert!(!thread.is_archived());
    assert_eq!(call(&p.discord, "PUT", &react, Value::Null).await.0, 204);
    thread.is_locked_now();
    assert_eq!(refused(&p.discord, "POST", &messages(&thread), json!({ "content": "no" })).await, (400, 50083));
    p.discord.assert_no_violations();
}

#[tokio::test]
async fn threads_are_listed_limited_and_refused() {
    let p = place().await;
    let said = p.ana.says(&p.general, "shall we?");
    let from = format!("{}/{}/threads", messages(&p.general), said.id);
    let (status, thread) = call(&p.discord, "POST", &from, json!({ "name": "we shall" })).await;
    assert_eq!((status, &thread["id"]), (201, &json!(said.id.to_string())));
    assert_eq!(refused(&p.discord, "POST", &from, json!({ "name": "again" })).await, (400, 160_004));
    let active = format!("/guilds/{}/threads/active", p.den.id);
    assert_eq!(call(&p.discord, "GET", &active, Value::Null).await.1["threads"][0]["id"], thread["id"]);
    p.discord.channel_by_id(said.id).is_archived_now();
    let archived = format!("/channels/{}/threads/archived/public", p.general.id);
    assert_eq!(call(&p.discord, "GET", &archived, Value::Null).await.1["threads"][0]["id"], thread["id"]);
    let private = format!("/channels/{}/threads/archived/private", p.general.id);
    assert_eq!(refused(&p.discord, "GET", &private, Value::Null).await, (403, 50013));
    p.discord.change_world(|w| w.limits.active_threads = 0);
    let new = json!({ "name": "one more", "type": 12 });
    let create = format!("/channels/{}/threads", p.general.id);
    assert_eq!(refused(&p.discord, "POST", &create, new.clone()).await, (400, 160_006));
    p.den.takes_from_bot(permissions::CREATE_PRIVATE_THREADS);
    assert_eq!(refused(&p.discord, "POST", &create, new).await, (403, 50013));
    p.discord.assert_no_violations();
}

#[tokio::test]
async fn a_full_thread_takes_nobody_more() {
    let p = place().await;
    let thread = private_thread(&p).await;
    p.discord.change_world(|w| w.limits.thread_members = 1);
    let add = format!("/channels/{}/thread-members/{}", thread.id, p.ana.id);
    assert_eq!(refused(&p.discord, "PUT", &add, Value::Null).await, (400, 30033));
}

#[tokio::test]
async fn allowed_mentions_decide_who_is_pinged() {
    let p = place().await;
    let text = format!("{} {} @everyone", p.ana.mention(), p.bo.mention());
    let body = json!({ "content": text, "allowed_mentions": { "parse": [] } });
    call(&p.discord, "POST", &messages(&p.general), body).await;
    assert!(p.ana.pings().is_empty() && p.bo.pings().is_empty());
    let body = json!({ "content": text, "allowed_mentions": { "parse": [], "users": [p.bo.id.to_string()] } });
    let (_, message) = call(&p.discord, "POST", &messages(&p.general), body).await;
    assert!(p.ana.pings().is_empty());
    assert_eq!(p.bo.pings().len(), 1);
    assert_eq!(message["mentions"].as_array().unwrap().len(), 1);
    p.discord.assert_no_violations();
}

#[tokio::test]
async fn history_is_paged_from_either_side() {
    let p = place().await;
    let ids: Vec<u64> = (0..7).map(|n| p.ana.says(&p.general, &format!("{n}")).id).collect();
    let page = async |query: String| -> Vec<u64> {
        let path = format!("{}?{query}", messages(&p.general));
        let (_, page) = call(&p.discord, "GET", &path, Value::Null).await;
        page.as_array().unwrap().iter().map(|m| m["id"].as_str().unwrap().parse().unwrap()).collect()
    };
    assert_eq!(page("limit=2".into()).await, [ids[6], ids[5]]);
    assert_eq!(page(format!("limit=2&after={}", ids[2])).await, [ids[4], ids[3]], "the next ones, newest first");
    assert_eq!(page(format!("limit=2&before={}", ids[2])).await, [ids[1], ids[0]]);
    assert_eq!(page(format!("limit=3&around={}", ids[3])).await, [ids[4], ids[3], ids[2]]);
    p.ana.deletes(&p.discord.message(ids[6]).unwrap());
    assert_eq!(page("limit=1".into()).await, [ids[5]], "what is deleted is not shown");
    assert_eq!(refused(&p.discord, "GET", &format!("{}?limit=101", messages(&p.general)), Value::Null).await.1, 50035);
}

#[tokio::test]
async fn reaction_users_come_in_pages() {
    let p = place().await;
    let message = p.ana.says(&p.general, "who comes?");
    let all: Vec<u64> = (0..103)
        .map(|n| {
            let person = p.den.person(&format!("p{n}"));
            person.reacts(&message, "👍");
            person.id
        })
        .collect();
    let path = format!("{}/{}/reactions/%F0%9F%91%8D?limit=100", messages(&p.general), message.id);
    let (_, first) = call(&p.discord, "GET", &path, Value::Null).await;
    assert_eq!(first.as_array().unwrap().len(), 100);
    let after = first[99]["id"].as_str().unwrap();
    let (_, rest) = call(&p.discord, "GET", &format!("{path}&after={after}"), Value::Null).await;
    assert_eq!(rest.as_array().unwrap().len(), 3);
    assert_eq!(rest[2]["id"], all.iter().max().unwrap().to_string());
    p.discord.assert_no_violations();
}

#[tokio::test]
async fn scheduled_events_need_a_place_a_future_and_the_permission() {
    let p = place().await;
    let path = format!("/guilds/{}/scheduled-events", p.den.id);
    let at = |minutes: i64| fake_discord::timestamp(p.discord.now() + minutes * 60_000);
    let event = |start: i64, place: &str| {
        json!({ "name": "Open evening", "privacy_level": 2, "entity_type": 3, "scheduled_start_time": at(start),
                "scheduled_end_time": at(start + 90), "entity_metadata": { "location": place } })
    };
    let (status, made) = call(&p.discord, "POST", &path, event(60, "the mill")).await;
    assert_eq!(status, 200, "{made}");
    assert_eq!(p.den.events()[0].location.as_deref(), Some("the mill"));
    assert_eq!(refused(&p.discord, "POST", &path, event(-60, "the mill")).await, (400, 50035));
    let one = format!("{path}/{}", made["id"].as_str().unwrap());
    let (_, over) = call(&p.discord, "PATCH", &one, json!({ "status": 4 })).await;
    assert_eq!(over["status"], 4);
    assert_eq!(call(&p.discord, "DELETE", &one, Value::Null).await.0, 204);
    assert_eq!(refused(&p.discord, "GET", &one, Value::Null).await, (404, 10070));
    p.den.takes_from_bot(permissions::CREATE_EVENTS);
    assert_eq!(refused(&p.discord, "POST", &path, event(60, "the mill")).await, (403, 50013));
    p.discord.assert_no_violations();
}

#[tokio::test]
async fn commands_keep_their_ids_when_overwritten() {
    let p = place().await;
    let path = format!("/applications/{APPLICATION_ID}/commands");
    let set = json!([{ "name": "meet", "description": "Meet", "type": 1 }]);
    let (_, first) = call(&p.discord, "PUT", &path, set.clone()).await;
    let (_, second) = call(&p.discord, "PUT", &path, set).await;
    assert_eq!(first[0]["id"], second[0]["id"]);
    assert_eq!(p.discord.command_overwrites(), 2);
    let guild = format!("/applications/{APPLICATION_ID}/guilds/{}/commands", p.den.id);
    let one = json!({ "name": "nudge", "description": "Nudge", "default_member_permissions": "32" });
    assert_eq!(call(&p.discord, "POST", &guild, one.clone()).await.0, 201);
    assert_eq!(call(&p.discord, "POST", &guild, one).await.0, 200);
    assert!(p.ana.try_runs("/nudge").await.unwrap_err().contains("default permissions"));
    assert_eq!(call(&p.discord, "GET", &guild, Value::Null).await.1.as_array().unwrap().len(), 1);
    p.discord.assert_no_violations();
}

#[tokio::test]
async fn an_answer_that_is_late_meets_an_unknown_interaction() {
    let limit = Duration::from_millis(30);
    let p = place_with(Options { first_answer_within: limit, ..Options::default() }).await;
    let path = format!("/applications/{APPLICATION_ID}/commands");
    call(&p.discord, "PUT", &path, json!([{ "name": "meet", "description": "Meet" }])).await;
    assert!(p.ana.try_runs("/meet").await.unwrap_err().contains("did not answer"));
    let (id, token) = p.discord.world(|w| {
        let last = w.interactions.values().next_back().unwrap();
        (last.id, last.token.clone())
    });
    let callback = format!("/interactions/{id}/{token}/callback");
    let late = json!({ "type": 4, "data": { "content": "sorry" } });
    assert_eq!(refused(&p.discord, "POST", &callback, late.clone()).await, (404, 10062));
    let follow = format!("/webhooks/{APPLICATION_ID}/{token}");
    assert_eq!(refused(&p.discord, "POST", &follow, json!({ "content": "sorry" })).await, (404, 10015));
    p.discord.assert_no_violations();
}

/// Registers `/meet`, lets ana run it, and gives the interaction's id and token.
async fn acted(p: &Place) -> (u64, String) {
    let path = format!("/applications/{APPLICATION_ID}/commands");
    call(&p.discord, "PUT", &path, json!([{ "name": "meet", "description": "Meet" }])).await;
    let person = p.ana.clone();
    tokio::spawn(async move { person.try_runs("/meet").await });
    p.discord
        .until("the interaction", |d| d.world(|w| w.interactions.values().next_back().map(|i| (i.id, i.token.clone()))))
        .await
}

#[tokio::test]
async fn an_ephemeral_answer_is_seen_by_one_and_by_no_list() {
    let p = place().await;
    let (id, token) = acted(&p).await;
    let callback = format!("/interactions/{id}/{token}/callback?with_response=true");
    let row = json!({ "type": 1, "components": [{ "type": 2, "style": 1, "label": "Yes", "custom_id": "v1:y" }] });
    let answer = json!({ "type": 4, "data": { "content": "only you", "flags": 64, "components": [row] } });
    let (status, body) = call(&p.discord, "POST", &callback, answer).await;
    assert_eq!((status, &body["resource"]["message"]["content"]), (200, &json!("only you")));
    assert_eq!(p.ana.sees(&p.general).len(), 1);
    assert!(p.bo.sees(&p.general).is_empty());
    assert_eq!(call(&p.discord, "GET", &messages(&p.general), Value::Null).await.1, json!([]));
    let message = p.ana.sees(&p.general)[0].id;
    let direct = format!("{}/{message}", messages(&p.general));
    assert_eq!(refused(&p.discord, "GET", &direct, Value::Null).await, (404, 10008));
    let follow = format!("/webhooks/{APPLICATION_ID}/{token}");
    call(&p.discord, "POST", &follow, json!({ "content": "and all of you" })).await;
    assert_eq!(p.bo.sees(&p.general).len(), 1);
    let original = format!("{follow}/messages/@original");
    assert_eq!(call(&p.discord, "PATCH", &original, json!({ "content": "changed" })).await.0, 200);
    assert_eq!(p.ana.sees(&p.general)[0].text, "changed");
    p.discord.advance(Duration::from_mins(15));
    assert_eq!(refused(&p.discord, "GET", &original, Value::Null).await, (401, 50027));
    p.discord.assert_no_violations();
}

#[tokio::test]
async fn a_deferred_answer_says_thinking_and_the_first_followup_takes_its_place() {
    let p = place().await;
    let (id, token) = acted(&p).await;
    let callback = format!("/interactions/{id}/{token}/callback");
    assert_eq!(call(&p.discord, "POST", &callback, json!({ "type": 5 })).await.0, 204);
    assert_eq!(p.bo.sees(&p.general).len(), 1);
    let follow = format!("/webhooks/{APPLICATION_ID}/{token}");
    call(&p.discord, "POST", &follow, json!({ "content": p.bo.mention() })).await;
    assert_eq!(p.bo.sees(&p.general)[0].text, p.bo.mention());
    assert_eq!(p.bo.pings().len(), 1, "its first words ring");
    p.discord.assert_no_violations();
}

#[tokio::test]
async fn faults_come_to_order() {
    let p = place().await;
    let hi = || json!({ "content": "hi" });
    let path = messages(&p.general);
    let shared = RestFault::TooMany { scope: "shared", retry_after: 1.5 };
    p.discord.fail_requests(1, "POST", "/channels/", shared);
    let response = raw::send(&p.discord, "POST", &path, hi()).await.unwrap();
    assert_eq!(
        (response.status().as_u16(), &response.headers()["x-ratelimit-scope"]),
        (429, &"shared".parse().unwrap())
    );
    assert_eq!(response.json::<Value>().await.unwrap()["retry_after"], 1.5);
    p.discord.fail_requests(1, "POST", "", RestFault::Status(502));
    assert_eq!(raw::send(&p.discord, "POST", &path, hi()).await.unwrap().status(), 502);
    p.discord.fail_requests(1, "", "", RestFault::HangUp);
    assert!(raw::send(&p.discord, "POST", &path, hi()).await.is_err());
    assert_eq!(p.general.messages().len(), 1, "the cut request was applied, the others were not");
    p.discord.fail_requests(1, "", "", RestFault::Slow(Duration::from_millis(20)));
    let response = raw::send(&p.discord, "POST", &path, hi()).await.unwrap();
    assert_eq!(response.status(), 200);
    for header in ["limit", "remaining", "reset", "reset-after", "bucket"] {
        assert!(response.headers().contains_key(format!("x-ratelimit-{header}")), "{header}");
    }
    p.discord.assert_no_violations();
}

#[tokio::test]
async fn the_kill_comes_after_the_act_and_before_its_answer() {
    let p = place().await;
    let killed = Arc::new(AtomicUsize::new(0));
    let seen = Arc::clone(&killed);
    p.discord.after_request(2, Box::new(move || seen.store(1, Ordering::SeqCst)));
    let path = messages(&p.general);
    assert_eq!(call(&p.discord, "POST", &path, json!({ "content": "one" })).await.0, 200);
    assert_eq!(killed.load(Ordering::SeqCst), 0);
    assert!(raw::send(&p.discord, "POST", &path, json!({ "content": "two" })).await.is_err());
    assert_eq!(killed.load(Ordering::SeqCst), 1);
    assert_eq!((p.general.messages().len(), p.discord.mutating_requests()), (2, 2));
    let log = p.discord.requests();
    assert_eq!((log[1].status, log[1].body["content"].as_str()), (200, Some("two")));
}

#[tokio::test]
async fn real_limits_hold_where_they_are_switched_on() {
    let p = place_with(Options { rate_limits: true, ..Options::default() }).await;
    let path = messages(&p.general);
    let mut statuses = Vec::new();
    for n in 0..6 {
        statuses.push(call(&p.discord, "POST", &path, json!({ "content": format!("{n}") })).await.0);
    }
    assert_eq!(statuses, [200, 200, 200, 200, 200, 429]);
    let other = p.den.channel("other");
    assert_eq!(call(&p.discord, "POST", &messages(&other), json!({ "content": "hi" })).await.0, 200);
}

#[tokio::test]
async fn a_child_process_follows_the_clock() {
    let p = place().await;
    let ask = |after: i64| {
        let url = format!("{}/_fake/clock?after={after}", p.discord.url());
        async move { reqwest::get(url).await.unwrap().json::<Value>().await.unwrap()["now"].as_i64().unwrap() }
    };
    let start = p.discord.now();
    assert_eq!(ask(0).await, start);
    let waiting = tokio::spawn(ask(start));
    p.ana.says(&p.general, "time stands still");
    p.discord.advance(Duration::from_hours(1));
    assert_eq!(waiting.await.unwrap(), start + 3_600_000);
}

#[tokio::test]
async fn files_travel_with_a_message() {
    let p = place().await;
    let file = reqwest::multipart::Part::bytes(b"BEGIN:VCALENDAR".to_vec()).file_name("meetup.ics");
    let payload = json!({ "content": "save the date", "attachments": [{ "id": 0, "filename": "meetup.ics" }] });
    let form = reqwest::multipart::Form::new().text("payload_json", payload.to_string()).part("files[0]", file);
    let url = format!("{}/api/v10{}", p.discord.url(), messages(&p.general));
    let request = reqwest::Client::new().post(url).header("authorization", format!("Bot {}", p.discord.token()));
    assert_eq!(request.multipart(form).send().await.unwrap().status(), 200);
    let seen = p.ana.sees(&p.general);
    assert_eq!((seen[0].files[0].name.as_str(), seen[0].author), ("meetup.ics", BOT_ID));
    assert!(seen[0].full_text().contains("BEGIN:VCALENDAR"));
    p.discord.assert_no_violations();
}

#[tokio::test]
async fn a_quiet_thread_is_archived_and_an_event_begins_and_ends_as_time_passes() {
    let p = place().await;
    let thread = private_thread(&p).await;
    let start = p.discord.now() + 3_600_000;
    let event = json!({ "name": "Open evening", "privacy_level": 2, "entity_type": 3,
                        "scheduled_start_time": fake_discord::timestamp(start),
                        "scheduled_end_time": fake_discord::timestamp(start + 60_000),
                        "entity_metadata": { "location": "the mill" } });
    call(&p.discord, "POST", &format!("/guilds/{}/scheduled-events", p.den.id), event).await;
    p.discord.set_now(start);
    assert_eq!((p.den.events()[0].status, thread.is_archived()), (2, false));
    p.discord.advance(Duration::from_hours(12));
    call(&p.discord, "POST", &messages(&thread), json!({ "content": "still here" })).await;
    p.discord.advance(Duration::from_hours(13));
    assert_eq!((p.den.events()[0].status, thread.is_archived()), (3, false), "a message keeps it open");
    p.discord.advance(Duration::from_hours(12));
    assert!(thread.is_archived());
}

#[tokio::test]
async fn what_was_shown_for_a_moment_is_remembered() {
    let p = place().await;
    let (_, made) = call(&p.discord, "POST", &messages(&p.general), json!({ "content": "ana likes bo" })).await;
    let path = format!("{}/{}", messages(&p.general), made["id"].as_str().unwrap());
    call(&p.discord, "PATCH", &path, json!({ "content": "nothing" })).await;
    call(&p.discord, "DELETE", &path, Value::Null).await;
    assert!(!p.bo.sees_all().contains("likes"));
    assert!(p.bo.was_shown().contains("ana likes bo"));
    let late = p.den.person("late");
    assert_eq!(late.was_shown(), "");
}

#[tokio::test]
async fn what_nobody_can_use_any_more_is_forgotten_where_it_runs_for_days() {
    let p = place().await;
    let (_, token) = acted(&p).await;
    p.ana.hands_over("busy.ics", b"BEGIN:VCALENDAR");
    call(&p.discord, "POST", &messages(&p.general), json!({ "content": "once" })).await;
    p.discord.forgets_the_past();
    assert!(p.discord.requests().is_empty());
    assert_eq!(p.bo.was_shown(), "");
    let kept = |p: &Place| p.discord.world(|w| (w.interaction_by_token(&token).is_some(), w.handed.len()));
    assert_eq!(kept(&p), (true, 1), "its token still opens");
    p.discord.advance(Duration::from_mins(15));
    p.discord.forgets_the_past();
    assert_eq!(kept(&p), (false, 0));
    assert_eq!(p.general.messages().len(), 1, "what was said stays");
}

#[tokio::test]
async fn a_kill_ends_the_wait_for_an_answer_at_once() {
    let p = place().await;
    let path = format!("/applications/{APPLICATION_ID}/commands");
    call(&p.discord, "PUT", &path, json!([{ "name": "meet", "description": "Meet" }])).await;
    p.discord.after_request(1, Box::new(|| {}));
    let person = p.ana.clone();
    let run = tokio::spawn(async move { person.try_runs("/meet").await });
    p.discord.until("the interaction", |d| d.world(|w| !w.interactions.is_empty())).await;
    let begun = std::time::Instant::now();
    assert!(raw::send(&p.discord, "POST", &messages(&p.general), json!({ "content": "last words" })).await.is_err());
    assert!(run.await.unwrap().is_err());
    assert!(begun.elapsed() < Duration::from_secs(2), "not the three seconds of a bot that may still answer");
    p.den.kicks_bot();
    assert!(p.ana.try_runs("/meet").await.unwrap_err().contains("not in this community"));
}
