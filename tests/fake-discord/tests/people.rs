//! Acting and looking as people do: what is typed, clicked, chosen and filled in reaches the bot as Discord sends it.

#![expect(clippy::unwrap_used, reason = "a test's setup that fails is a failed test")]

#[expect(dead_code, reason = "the other tests use the rest")]
mod raw;

use fake_discord::{APPLICATION_ID, Channel, Community, Discord, Options, Person, permissions};
use raw::{Line, call};
use serde_json::{Value, json};

/// A bot that answers each act with what `reply` makes of its data, and commands with all that they carried.
async fn start_bot(discord: &Discord, reply: fn(&Value) -> Value) {
    let (mut line, _) = Line::identified(discord, 0).await;
    let discord = discord.clone();
    tokio::spawn(async move {
        loop {
            let act = line.event("INTERACTION_CREATE").await["d"].clone();
            let (id, token) = (act["id"].as_str().unwrap(), act["token"].as_str().unwrap());
            call(&discord, "POST", &format!("/interactions/{id}/{token}/callback"), reply(&act)).await;
        }
    });
}

fn say(text: &str) -> Value {
    json!({ "type": 4, "data": { "content": text, "flags": 64 } })
}

async fn den() -> (Discord, Community, Channel, Person, Person) {
    let discord = Discord::start(Options::default()).await;
    let den = discord.community("Den");
    let general = den.channel("general");
    let (ana, bo) = (den.person("ana"), den.person("bo"));
    (discord, den, general, ana, bo)
}

async fn register(discord: &Discord, commands: Value) {
    let (status, answer) = call(discord, "PUT", &format!("/applications/{APPLICATION_ID}/commands"), commands).await;
    assert_eq!(status, 200, "{answer}");
}

fn option(kind: u8, name: &str, more: &Value) -> Value {
    let mut option = json!({ "type": kind, "name": name, "description": "what it is" });
    for (field, value) in more.as_object().unwrap() {
        option[field] = value.clone();
    }
    option
}

#[tokio::test]
async fn a_typed_command_is_read_against_what_was_registered() {
    let (discord, den, _general, ana, bo) = den().await;
    den.role("adults");
    let choices = json!({ "choices": [{ "name": "Monthly", "value": "m" }] });
    let setup = option(
        1,
        "setup",
        &json!({ "options": [
        option(7, "channel", &json!({ "required": true })), option(8, "role", &json!({})),
        option(4, "size", &json!({ "min_value": 2, "max_value": 9 })), option(3, "every", &choices),
        option(3, "note", &json!({})), option(5, "open", &json!({})), option(6, "host", &json!({})),
    ] }),
    );
    let group = option(2, "admin", &json!({ "options": [setup] }));
    register(&discord, json!([{ "name": "den", "description": "d", "options": [group] }])).await;
    start_bot(&discord, |act| say(&act["data"]["options"][0]["options"][0]["options"].to_string())).await;

    let line =
        r#"/den admin setup channel:#general role:@adults size:4 every:Monthly note:"two words" open:yes host:@bo"#;
    let heard: Value = serde_json::from_str(&ana.runs(line).await.text).unwrap();
    let values: Vec<&Value> = heard.as_array().unwrap().iter().map(|o| &o["value"]).collect();
    assert_eq!(values[2..6], [&json!(4), &json!("m"), &json!("two words"), &json!(true)]);
    assert_eq!(values[6], &json!(bo.id.to_string()));
    for (line, complaint) in [
        ("/den admin setup", "required"),
        ("/den admin", "must follow"),
        ("/den admin tear-down", "none of"),
        ("/den admin setup channel:#nowhere", "nobody and nothing"),
        ("/den admin setup channel:#general size:12", "not within"),
        ("/den admin setup channel:#general size:four", "whole number"),
        ("/den admin setup channel:#general every:Daily", "none of"),
        ("/den admin setup channel:#general colour:red", "no option"),
        ("den", "slash"),
    ] {
        let refused = ana.try_runs(line).await.unwrap_err();
        assert!(refused.contains(complaint), "{line}: {refused}");
    }
}

#[tokio::test]
async fn a_file_is_handed_over_with_a_command_and_fetched_by_the_bot() {
    let (discord, _den, _general, ana, _bo) = den().await;
    let file = option(11, "file", &json!({ "required": true }));
    register(&discord, json!([{ "name": "busy", "description": "d", "options": [file] }])).await;
    start_bot(&discord, |act| say(&act["data"].to_string())).await;
    let refused = ana.try_runs("/busy file:busy.ics").await.unwrap_err();
    assert!(refused.contains("nobody has handed over"), "{refused}");
    for bytes in [b"an older one".as_slice(), b"BEGIN:VCALENDAR"] {
        ana.hands_over("busy.ics", bytes);
    }
    let heard: Value = serde_json::from_str(&ana.runs("/busy file:busy.ics").await.text).unwrap();
    let id = heard["options"][0]["value"].as_str().unwrap();
    let file = &heard["resolved"]["attachments"][id];
    assert_eq!((&file["filename"], &file["size"]), (&json!("busy.ics"), &json!(15)));
    let url = file["url"].as_str().unwrap();
    assert_eq!(reqwest::get(url).await.unwrap().text().await.unwrap(), "BEGIN:VCALENDAR");
    assert_eq!(reqwest::get(url.replace(id, "1")).await.unwrap().status(), 404);
    discord.assert_no_violations();
}

#[tokio::test]
async fn commands_are_offered_where_and_to_whom_they_were_registered_for() {
    let (discord, den, general, ana, _bo) = den().await;
    let ada = den.admin("ada");
    register(
        &discord,
        json!([{ "name": "setup", "description": "d", "default_member_permissions": "32", "contexts": [0] },
               { "name": "privacy", "description": "d", "contexts": [1] }]),
    )
    .await;
    start_bot(&discord, |_| say("done")).await;
    assert_eq!(ada.runs("/setup").await.text, "done");
    assert!(ana.try_runs("/setup").await.unwrap_err().contains("default permissions"));
    assert!(ada.try_runs_in(&ada.dm(), "/setup").await.unwrap_err().contains("in DMs"));
    assert_eq!(ana.runs_in_dm("/privacy").await.text, "done");
    assert!(ana.try_runs("/privacy").await.unwrap_err().contains("in servers"));
    let offered = |person: &Person, channel: &Channel| {
        discord.world(|w| person.offered(w, channel.id).iter().map(|one| one.name.clone()).collect::<Vec<_>>())
    };
    assert_eq!(offered(&ada, &general), ["setup"]);
    assert_eq!(offered(&ada, &ada.dm()), ["privacy"]);
    assert_eq!(offered(&ana, &general), [""; 0]);
    general.denies_person(&ana, permissions::USE_APPLICATION_COMMANDS);
    assert!(ana.try_runs_in(&general, "/setup").await.is_err());
}

fn form_or_echo(act: &Value) -> Value {
    let data = &act["data"];
    if data["custom_id"] == "v1:form" {
        let input = json!({ "type": 4, "custom_id": "where", "style": 1, "max_length": 20 });
        let label = json!({ "type": 18, "label": "Where?", "component": input });
        return json!({ "type": 9, "data": { "custom_id": "v1:filled", "title": "A place", "components": [label] } });
    }
    say(&data.to_string())
}

#[tokio::test]
async fn buttons_selects_and_forms_are_used_by_what_is_written_on_them() {
    let (discord, _den, general, ana, bo) = den().await;
    start_bot(&discord, form_or_echo).await;
    let row = |components: Value| json!({ "type": 1, "components": components });
    let buttons = row(json!([
        { "type": 2, "style": 1, "label": "Say where", "custom_id": "v1:form" },
        { "type": 2, "style": 2, "label": "Too late", "custom_id": "v1:late", "disabled": true },
    ]));
    let days = row(json!([{ "type": 3, "custom_id": "v1:days", "placeholder": "Which days?", "max_values": 2,
        "options": [{ "label": "Monday", "value": "mo" }, { "label": "Friday", "value": "fr" }] }]));
    let people = row(json!([{ "type": 5, "custom_id": "v1:whom" }]));
    let body = json!({ "content": "well?", "components": [buttons, days, people] });
    let (status, answer) = call(&discord, "POST", &format!("/channels/{}/messages", general.id), body).await;
    assert_eq!(status, 200, "{answer}");
    let message = ana.sees(&general).remove(0);

    assert!(ana.try_clicks(&message, "Too late").await.unwrap_err().contains("disabled"));
    assert!(ana.try_clicks(&message, "Too early").await.unwrap_err().contains("no button"));
    let chosen = ana.selects(&message, "Which days?", &["Monday", "Friday"]).await;
    assert!(chosen.text.contains(r#"["mo","fr"]"#), "{}", chosen.text);
    assert!(ana.try_selects(&message, "Which days?", &["Sunday"]).await.unwrap_err().contains("no option"));
    assert!(ana.selects(&message, "v1:whom", &["@bo"]).await.text.contains(&bo.id.to_string()));

    let modal = ana.clicks(&message, "Say where").await.modal();
    assert_eq!(modal.inputs(), [("Where?".to_owned(), String::new())]);
    assert!(ana.try_submits(&modal, &[]).await.unwrap_err().contains("required"));
    assert!(ana.try_submits(&modal, &[("Where?", "a very long way from here")]).await.unwrap_err().contains("20"));
    assert!(bo.try_submits(&modal, &[("Where?", "here")]).await.unwrap_err().contains("somebody else"));
    assert!(ana.submits(&modal, &[("Where?", "the mill")]).await.text.contains("the mill"));
    general.denies_person(&bo, permissions::VIEW_CHANNEL);
    assert!(bo.try_clicks(&message, "Say where").await.unwrap_err().contains("cannot see"));
    discord.assert_no_violations();
}

#[tokio::test]
async fn what_people_see_is_told_apart_from_what_the_bot_says() {
    let (discord, den, general, ana, bo) = den().await;
    ana.mentions(&general, &[&bo], "tea?");
    let body = json!({ "content": "hello all", "embeds": [{ "title": "News", "description": "of the day" }] });
    call(&discord, "POST", &format!("/channels/{}/messages", general.id), body).await;
    assert!(bo.sees_all().contains("ana: ") && bo.sees_all().contains("of the day"));
    assert!(!bo.sees_of_bot().contains("ana") && bo.sees_of_bot().contains("News"));
    assert_eq!((bo.pings().len(), ana.pings().len()), (1, 0));
    let before = bo.sight();
    assert!(before.naming(&ana).is_none(), "what a name is part of is no name: {before:?}");
    let button = json!({ "type": 2, "style": 1, "label": "Well?", "custom_id": format!("v1:{}", ana.id) });
    let body = json!({ "content": "banana", "components": [{ "type": 1, "components": [button] }] });
    call(&discord, "POST", &format!("/channels/{}/messages", general.id), body).await;
    let news = bo.sight().since(&before);
    assert!(news.naming(&ana).is_some() && news.naming(&bo).is_none(), "what is hidden in a button counts: {news:?}");
    assert!(bo.sight().since(&bo.sight()).is_empty());
    let away = discord.community("Away").person("zoe");
    assert_eq!(away.sees_all(), "", "who is elsewhere sees nothing");
    bo.leaves(&den);
    assert_eq!(bo.sees_all(), "", "nor does who left");
}

#[tokio::test]
#[should_panic(expected = "waited in vain for spring")]
async fn waiting_in_vain_says_for_what() {
    let options = Options { until_timeout: std::time::Duration::from_millis(20), ..Options::default() };
    Discord::start(options).await.until("spring", |_| false).await;
}

#[tokio::test]
async fn who_is_banned_is_out_and_rest_does_not_find_them() {
    let (discord, den, general, ana, bo) = den().await;
    let look = format!("/guilds/{}/members/{}", den.id, bo.id);
    assert_eq!(call(&discord, "GET", &look, Value::Null).await.0, 200);
    den.bans(&bo);
    let (status, answer) = call(&discord, "GET", &look, Value::Null).await;
    assert_eq!((status, &answer["code"]), (404, &json!(10_007)), "Unknown Member: {answer}");
    assert!(!bo.can_see(&general) && ana.can_see(&general));
}

#[tokio::test]
#[should_panic(expected = "bo is banned")]
async fn who_is_banned_does_not_come_back() {
    let (_discord, den, _, _, bo) = den().await;
    den.bans(&bo);
    den.lets_in(&bo);
}
