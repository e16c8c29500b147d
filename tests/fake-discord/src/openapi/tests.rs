//! Bodies as serenity 0.12.5 writes them pass; each kind of mistake is named with its place.

mod bodies;

use super::*;
use bodies::{answered_message, answered_thread, commands, event, message, modal, user};
use std::time::{Duration, Instant};

const MESSAGES: &str = "/api/v10/channels/1/messages";
const CALLBACK: &str = "/interactions/1/token/callback";

/// Runs a test where the description is at hand; elsewhere `from_env` has said that it is left out.
fn with_description(test: impl FnOnce(&Validator)) {
    if let Some(validator) = Validator::from_env() {
        test(&validator);
    }
}

fn refused(validator: &Validator, call: &str, body: &Value) -> (String, String) {
    let (method, path) = call.split_once(' ').unwrap();
    let violation = validator.check_request(method, path, body).expect_err(call);
    (violation.json_path, violation.reason)
}

/// The body with one value set at a JSON pointer whose parent exists.
fn with(mut body: Value, pointer: &str, value: Value) -> Value {
    let (parent, field) = pointer.rsplit_once('/').unwrap();
    let parent = body.pointer_mut(parent).expect("the parent exists");
    match parent.as_array_mut() {
        Some(items) => items[field.parse::<usize>().unwrap()] = value,
        None => parent[field] = value,
    }
    body
}

#[test]
fn what_serenity_sends_passes() {
    with_description(|validator| {
        let forum = json!({"name": "n", "message": {"content": "hi", "tts": false, "enforce_nonce": false}});
        let overwrite = json!({"allow": "1024", "deny": "0", "id": "1", "type": 0});
        let calls = [
            ("POST", MESSAGES, message()),
            ("PATCH", "/channels/1/messages/2", json!({"content": "hi", "components": []})),
            ("PUT", "/applications/1/commands", commands()),
            ("PUT", "/applications/1/guilds/2/commands", commands()),
            ("POST", CALLBACK, json!({"type": 4, "data": {"content": "hi", "flags": 64, "attachments": []}})),
            ("POST", CALLBACK, json!({"type": 5, "data": {"flags": 64, "attachments": []}})),
            ("POST", CALLBACK, json!({"type": 6, "data": null})),
            ("POST", CALLBACK, json!({"type": 7, "data": {"content": "hi", "components": [], "attachments": []}})),
            ("POST", CALLBACK, json!({"type": 8, "data": {"choices": [{"name": "Köln", "value": "2886242"}]}})),
            ("POST", CALLBACK, modal()),
            ("POST", "/webhooks/1/t", json!({"content": "hi", "embeds": [], "flags": 64, "attachments": []})),
            ("PATCH", "/webhooks/1/t/messages/@original", json!({"content": "hi", "components": []})),
            ("POST", "/channels/1/threads", json!({"name": "n", "type": 12, "invitable": false})),
            ("POST", "/channels/1/threads", forum),
            ("POST", "/guilds/1/channels", json!({"name": "n", "type": 0, "permission_overwrites": [overwrite]})),
            ("PATCH", "/channels/1", json!({"archived": true, "locked": true})),
            ("POST", "/guilds/1/scheduled-events", event()),
            ("PATCH", "/guilds/1/scheduled-events/2", json!({"status": 4})),
            ("POST", "/users/@me/channels", json!({"recipient_id": "5"})),
            ("PUT", "/channels/1/messages/2/reactions/%E2%9C%85/@me", Value::Null),
            ("PUT", "/channels/1/thread-members/5", Value::Null),
            ("GET", "/channels/1/messages?after=5&limit=100", Value::Null),
        ];
        for (method, path, body) in calls {
            assert_eq!(validator.check_request(method, path, &body), Ok(()));
        }
    });
}

#[test]
fn an_undeclared_field_is_refused_where_it_stands() {
    with_description(|validator| {
        let cases = [
            ("POST /channels/1/messages", message(), "/embedss", "$.embedss"),
            ("POST /channels/1/messages", message(), "/embeds/0/colour", "$.embeds[0].colour"),
            ("POST /channels/1/messages", message(), "/embeds/0/footer/url", "$.embeds[0].footer.url"),
            (
                "POST /channels/1/messages",
                message(),
                "/components/0/components/1/options",
                "$.components[0].components[1].options",
            ),
            (
                "POST /channels/1/messages",
                message(),
                "/components/1/components/0/label",
                "$.components[1].components[0].label",
            ),
            ("POST /channels/1/messages", message(), "/ephemeral", "$.ephemeral"),
            ("POST /interactions/1/t/callback", modal(), "/data/content", "$.data.content"),
            (
                "POST /interactions/1/t/callback",
                modal(),
                "/data/components/0/components/0/min",
                "$.data.components[0].components[0].min",
            ),
            (
                "PUT /applications/1/commands",
                commands(),
                "/0/options/0/options/1/min_length",
                "$[0].options[0].options[1].min_length",
            ),
            ("PUT /applications/1/commands", commands(), "/1/nsfww", "$[1].nsfww"),
            ("POST /guilds/1/scheduled-events", event(), "/location", "$.location"),
            ("POST /channels/1/threads", json!({"name": "n", "type": 12}), "/private", "$.private"),
            ("PATCH /channels/1", json!({"archived": true}), "/archive", "$.archive"),
            ("POST /webhooks/1/t", json!({"content": "hi"}), "/nonce", "$.nonce"),
        ];
        for (call, body, pointer, path) in cases {
            let (at, reason) = refused(validator, call, &with(body, pointer, json!(1)));
            assert_eq!((at.as_str(), reason.as_str()), (path, "unknown field"), "{call}");
        }
    });
}

#[test]
fn an_error_in_a_union_is_told_of_the_branch_that_type_names() {
    with_description(|validator| {
        let cases = [
            (
                "/components/0/components/0/custom_id",
                json!("x".repeat(101)),
                "$.components[0].components[0].custom_id",
                "100",
            ),
            (
                "/components/0/components/0/style",
                json!(9),
                "$.components[0].components[0].style",
                "9 is none of 1, 2, 3, 4, 5, 6",
            ),
            ("/components/0/components/0/type", json!(99), "$.components[0].components[0].type", "99 is none of"),
            ("/components/0/type", json!(null), "$.components[0].type", "missing"),
            (
                "/components/1/components/0/options/0/label",
                json!(7),
                "$.components[1].components[0].options[0].label",
                "string",
            ),
            ("/nonce", json!("x".repeat(26)), "$.nonce", "25"),
            ("/nonce", json!([]), "$.nonce", "array is not taken here"),
            ("/allowed_mentions/parse", json!(["people"]), "$.allowed_mentions.parse[0]", "none of"),
        ];
        for (pointer, value, path, words) in cases {
            let (at, reason) = refused(validator, "POST /channels/1/messages", &with(message(), pointer, value));
            assert_eq!(at, path, "{reason}");
            assert!(reason.contains(words), "{path}: {reason}");
        }
    });
}

#[test]
fn a_callback_is_held_to_its_own_type() {
    with_description(|validator| {
        let callback = "POST /interactions/1/t/callback";
        let long = with(modal(), "/data/title", json!("x".repeat(46)));
        assert_eq!(refused(validator, callback, &long).0, "$.data.title");
        assert_eq!(refused(validator, callback, &json!({"type": 3, "data": null})).0, "$.type");
        let mixed = json!({"type": 8, "data": {"choices": [{"name": "a", "value": "b"}, {"name": "c", "value": 5}]}});
        assert_eq!(refused(validator, callback, &mixed).0, "$.data.choices[1].value");
    });
}

#[test]
fn snowflakes_and_dates_are_held_to_their_form() {
    with_description(|validator| {
        for wrong in ["", "12a", "123456789012345678901", "-5"] {
            let body = with(message(), "/allowed_mentions/users", json!([wrong]));
            assert_eq!(refused(validator, "POST /channels/1/messages", &body).0, "$.allowed_mentions.users[0]");
        }
        let body = with(event(), "/scheduled_start_time", json!("tomorrow at nine"));
        assert_eq!(refused(validator, "POST /guilds/1/scheduled-events", &body).0, "$.scheduled_start_time");
    });
}

#[test]
fn a_literal_segment_wins_over_a_parameter() {
    with_description(|validator| {
        let id = |method: &str, path: &str| validator.document.operation(method, path).map(|found| found.id.clone());
        assert_eq!(id("GET", "/users/@me").as_deref(), Some("get_my_user"));
        assert_eq!(id("GET", "/api/v10/users/5").as_deref(), Some("get_user"));
        let original = id("PATCH", "/webhooks/1/t/messages/@original");
        assert_eq!(original.as_deref(), Some("update_original_webhook_message"));
        assert_eq!(id("POST", "/channels/1/nonsense"), None);
        assert_eq!(refused(validator, "POST /channels/1/nonsense", &json!({})).0, "$");
        assert_eq!(refused(validator, "PUT /channels/1/thread-members/5", &json!({})).0, "$");
    });
}

#[test]
fn an_answer_may_say_more_but_not_wrong() {
    with_description(|validator| {
        let user = user();
        let check = |status, body: &Value| validator.check_answer("GET", "/users/5", status, body);
        assert_eq!(check(200, &user), Ok(()));
        assert_eq!(check(200, &with(user.clone(), "/id", json!(5))).unwrap_err().json_path, "$.id");
        assert_eq!(check(404, &json!({"code": 10013, "message": "Unknown User"})), Ok(()));
        assert_eq!(check(404, &json!({"message": "Unknown User"})).unwrap_err().json_path, "$");
        assert_eq!(check(429, &json!({"code": 0, "message": "", "retry_after": 0.5, "global": false})), Ok(()));
        assert_eq!(check(429, &json!({"code": 0, "message": ""})).unwrap_err().json_path, "$");
        assert_eq!(check(201, &user).unwrap_err().json_path, "$");
        let form = json!({"code": 50035, "message": "Invalid Form Body", "errors": {"content": {
            "_errors": [{"code": "BASE_TYPE_REQUIRED", "message": "This field is required"}]
        }}});
        assert_eq!(check(400, &form), Ok(()));
        let left = |body: &Value| validator.check_answer("DELETE", "/channels/1/messages/2", 204, body);
        assert_eq!(left(&Value::Null), Ok(()));
        assert_eq!(left(&json!({})).unwrap_err().reason, "this answer has no body");
    });
}

#[test]
fn answers_as_discord_gives_them_pass_and_a_wrong_one_is_named() {
    with_description(|validator| {
        let dm = json!({"id": "6", "type": 1, "flags": 0, "recipients": [user()]});
        let (messages, style) = ("/channels/1/messages", "/components/0/components/0/style");
        let archive = "/thread_metadata/auto_archive_duration";
        let locked = "/thread_metadata/locked";
        let answers = [
            ("POST", messages, 200, answered_message(), style, "$.components[0].components[0].style"),
            ("GET", messages, 200, json!([answered_message()]), "/0/author/id", "$[0].author.id"),
            ("POST", "/channels/1/threads", 201, answered_thread(), locked, "$.thread_metadata.locked"),
            ("GET", "/channels/4", 200, answered_thread(), archive, "$.thread_metadata.auto_archive_duration"),
            ("POST", "/users/@me/channels", 200, dm, "/recipients/0/id", "$.recipients[0].id"),
        ];
        for (method, path, status, body, pointer, place) in answers {
            assert_eq!(validator.check_answer(method, path, status, &body), Ok(()));
            let wrong = validator.check_answer(method, path, status, &with(body, pointer, json!({})));
            assert_eq!(wrong.unwrap_err().json_path, place);
        }
    });
}

#[test]
fn a_violation_names_call_place_and_reason() {
    with_description(|validator| {
        let body = with(message(), "/components/0/components/1/custom_id", json!(""));
        let said = validator.check_request("POST", "/channels/1/messages", &body).unwrap_err().to_string();
        assert!(said.starts_with("POST /channels/1/messages: $.components[0].components[1].custom_id: "), "{said}");
    });
}

/// Runs one of these tests again in a process that looks for the description where there is none.
fn without_description(required: &str) -> std::process::Output {
    std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "openapi::tests::what_serenity_sends_passes"])
        .env("DISCORD_OPENAPI", "/nowhere/openapi.json")
        .env("FAKE_DISCORD_REQUIRE_OPENAPI", required)
        .output()
        .unwrap()
}

#[test]
fn without_the_description_tests_pass_and_say_so_once() {
    let output = without_description("0");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    assert_eq!(said.matches("openapi.json not found at /nowhere/openapi.json").count(), 1, "{said}");
}

#[test]
fn without_the_description_tests_fail_where_it_is_required() {
    let output = without_description("1");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(!output.status.success());
    assert!(said.contains("set DISCORD_OPENAPI to a copy"), "{said}");
}

#[test]
#[ignore = "a measurement: run it alone, with DISCORD_OPENAPI set, and read what it prints"]
fn a_first_check_is_cheap() {
    let file = PathBuf::from(std::env::var_os("DISCORD_OPENAPI").expect("DISCORD_OPENAPI names the description"));
    let timed = |what: &str, act: &mut dyn FnMut()| {
        let start = Instant::now();
        act();
        eprintln!("{what}: {:?}", start.elapsed());
        start.elapsed()
    };
    let mut loaded = None;
    timed("load", &mut || loaded = Some(Validator::from_file(&file).unwrap()));
    let validator = loaded.unwrap();
    let mut request = || validator.check_request("POST", MESSAGES, &message()).unwrap();
    let first = timed("first request", &mut request);
    timed("second request", &mut request);
    let mut answer = || drop(validator.check_answer("POST", MESSAGES, 200, &json!({})).unwrap_err());
    timed("first answer", &mut answer);
    timed("second answer", &mut answer);
    assert!(first < Duration::from_millis(500));
}
