//! The program as a whole: starting, stopping, and why it does not start.

use std::time::{Duration, Instant};

use fake_discord::{Discord, Options, SessionView};
use wallflower::domain::ids::CommunityId;

use crate::on_both_engines;
use crate::product::{Product, Stage, settings};
use crate::support::TestDatabase;

/// What only the listening session asks for.
const GUILD_MESSAGES: u64 = 1 << 9;

on_both_engines!(
    commands_are_registered_once,
    a_bad_token_ends_the_program_with_one_sentence,
    refused_intents_end_the_program_with_one_sentence,
    a_bot_grown_too_large_for_one_session_says_so,
    who_removed_the_bot_while_it_was_away_is_noticed,
    another_key_than_the_one_people_were_hashed_with_is_refused,
);

async fn commands_are_registered_once(database: TestDatabase) {
    let stage = Stage::set_up(database).await;
    assert_eq!(stage.discord.command_overwrites(), 1);
    let begun = Instant::now();
    stage.product.stop().await.unwrap();
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    let (discord, database) = (stage.discord, stage.database);
    let again = Product::start(&discord, settings(&discord, database.folder(), &database.url, &[]));
    discord.until_connected(2).await;
    assert!(stage.admin.runs("/wallflower status").await.text.contains("0 of 8"));
    assert_eq!(discord.command_overwrites(), 1, "nothing has changed, nothing is registered");
    again.stop().await.unwrap();
}

async fn a_bad_token_ends_the_program_with_one_sentence(database: TestDatabase) {
    let discord = Discord::start(Options::default()).await;
    let wrong = [("DISCORD_TOKEN", "MTAwMDAwMDAwMDAwMDAwMDAx.wrong.wrong")];
    let settings = settings(&discord, database.folder(), &database.url, &wrong);
    let error = Product::start(&discord, settings).ended().await.unwrap_err().to_string();
    assert!(error.starts_with("Discord does not accept the token") && !error.contains('\n'), "{error}");
}

async fn refused_intents_end_the_program_with_one_sentence(database: TestDatabase) {
    let stage = Stage::bare(database).await;
    stage.discord.close_connections(4014);
    let error = stage.product.ended().await.unwrap_err().to_string();
    assert!(error.contains("intents") && !error.contains('\n'), "{error}");
}

async fn a_bot_grown_too_large_for_one_session_says_so(database: TestDatabase) {
    let stage = Stage::bare(database).await;
    // The listening session; the talking one hears the same at its next start.
    let listens = |session: &SessionView| session.intents & GUILD_MESSAGES != 0;
    let listening = stage.discord.sessions().into_iter().find(listens).unwrap();
    stage.discord.close_session(&listening.id, 4011);
    let error = stage.product.ended().await.unwrap_err().to_string();
    assert!(error.contains("too many communities") && !error.contains('\n'), "{error}");
}

async fn who_removed_the_bot_while_it_was_away_is_noticed(database: TestDatabase) {
    let stage = Stage::set_up(database).await;
    stage.product.stop().await.unwrap();
    let (discord, database) = (stage.discord, stage.database);
    stage.den.kicks_bot();
    let other = discord.community("Elsewhere");
    other.channel("general");
    let again = Product::start(&discord, settings(&discord, database.folder(), &database.url, &[]));
    discord.until_connected(2).await;
    // Commands are handled after the list at the start was.
    assert!(other.admin("chief").runs("/wallflower setup channel:#general").await.text.contains("is set up"));
    let store = database.open().await;
    let removed = async || store.community(CommunityId::new(stage.den.id).unwrap()).await.unwrap().unwrap().removed_at;
    for _ in 0..100 {
        if removed().await.is_some() {
            break;
        }
        tokio::task::yield_now().await;
    }
    assert!(removed().await.is_some());
    store.close().await;
    again.stop().await.unwrap();
}

async fn another_key_than_the_one_people_were_hashed_with_is_refused(database: TestDatabase) {
    let stage = Stage::bare(database).await;
    stage.product.stop().await.unwrap();
    let (discord, database) = (stage.discord, stage.database);
    let with = |more: &[(&str, &str)]| settings(&discord, database.folder(), &database.url, more);
    let key = database.folder().join("secret.key");
    let kept = std::fs::read(&key).unwrap();
    std::fs::remove_file(&key).unwrap();
    let error = Product::start(&discord, with(&[])).ended().await.unwrap_err().to_string();
    assert!(error.contains("secret.key is missing") && error.contains("backup") && !error.contains('\n'), "{error}");
    assert!(!key.exists(), "no new key is made in its place");
    let other = [("WALLFLOWER_SECRET", "another key than the one before, long enough")];
    let error = Product::start(&discord, with(&other)).ended().await.unwrap_err().to_string();
    assert!(error.contains("WALLFLOWER_SECRET is not the key") && error.contains("give-up-key"), "{error}");
    std::fs::write(&key, kept).unwrap();
    let again = Product::start(&discord, with(&[]));
    discord.until_connected(2).await;
    again.stop().await.unwrap();
    std::fs::remove_file(&key).unwrap();
    assert_eq!(wallflower::run::give_up_key(&with(&[])).await.unwrap(), 0);
    let anew = Product::start(&discord, with(&[]));
    discord.until_connected(2).await;
    anew.stop().await.unwrap();
    assert!(key.exists());
}

/// Only on SQLite: PostgreSQL serves several processes.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_process_on_the_same_data_is_kept_out() {
    let stage = Stage::bare(TestDatabase::sqlite()).await;
    let same = settings(&stage.discord, stage.database.folder(), &stage.database.url, &[]);
    let error = Product::start(&stage.discord, same).ended().await.unwrap_err().to_string();
    assert!(error.starts_with("another Wallflower runs on the data folder"), "{error}");
    stage.ends().await;
}

#[tokio::test]
async fn the_key_is_made_once_and_only_we_read_it() {
    use std::os::unix::fs::PermissionsExt;
    let stage = Stage::bare(TestDatabase::sqlite()).await;
    let path = stage.database.folder().join("secret.key");
    let mode = std::fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let key = std::fs::read_to_string(&path).unwrap();
    assert_eq!(key.trim().len(), 64);
    stage.ends().await;
}

#[tokio::test]
async fn without_a_token_or_a_database_it_says_what_to_do() {
    let discord = Discord::start(Options::default()).await;
    let database = TestDatabase::sqlite();
    let none = settings(&discord, database.folder(), &database.url, &[("DISCORD_TOKEN", "")]);
    let error = Product::start(&discord, none).ended().await.unwrap_err().to_string();
    assert!(error.contains("set DISCORD_TOKEN"), "{error}");
    let nowhere = settings(&discord, database.folder(), "sqlite:///proc/nowhere/wallflower.db", &[]);
    let error = Product::start(&discord, nowhere).ended().await.unwrap_err().to_string();
    assert!(error.contains("database") && error.contains("WALLFLOWER_DATABASE_URL"), "{error}");
    let unreachable =
        settings(&discord, database.folder(), &database.url, &[("WALLFLOWER_DISCORD_API_BASE", "http://127.0.0.1:9")]);
    let error = Product::start(&discord, unreachable).ended().await.unwrap_err().to_string();
    assert!(error.starts_with("Discord cannot be reached"), "{error}");
}

/// The program as it is installed, asked for its settings.
fn check_config(more: &[&str]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("wallflower.toml");
    std::fs::write(&file, "[discord]\napi_base = \"http://127.0.0.1:8080\"\n").unwrap();
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_wallflower"));
    command.arg("check-config").args(more).env_clear().current_dir(folder.path());
    command.env("WALLFLOWER_CONFIG", "wallflower.toml").env("DISCORD_TOKEN", "sentinel-token");
    let output = command.env("WALLFLOWER_DATABASE_URL", "postgres://ana:sentinel-word@host/name").output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn machines_read_of_the_settings_what_people_do_and_no_secret() {
    let (text, json) = (check_config(&[]), check_config(&["--json"]));
    assert!(!text.contains("sentinel") && !json.contains("sentinel"), "{text}{json}");
    let told: Vec<serde_json::Value> = serde_json::from_str(&json).unwrap();
    let told_of = |key: &str| told.iter().find(|one| one["key"] == key).unwrap().clone();
    let of = |key: &str| (told_of(key)["value"].clone(), told_of(key)["from"].clone());
    let in_environment = |variable: &str| serde_json::json!({ "source": "environment", "variable": variable });
    assert_eq!(of("discord.token"), ("(hidden)".into(), in_environment("DISCORD_TOKEN")));
    let url = "postgres://ana:(hidden)@host/name";
    assert_eq!(of("database.url"), (url.into(), in_environment("WALLFLOWER_DATABASE_URL")));
    let in_file = serde_json::json!({ "source": "file", "path": "wallflower.toml", "line": 2 });
    assert_eq!(of("discord.api_base"), ("http://127.0.0.1:8080".into(), in_file));
    assert_eq!(of("data.secret"), (serde_json::Value::Null, serde_json::json!({ "source": "default" })));
    assert_eq!(told.len(), text.lines().count());
    for (line, one) in text.lines().zip(&told) {
        assert!(line.starts_with(one["key"].as_str().unwrap()), "{line}");
        assert!(line.contains(one["value"].as_str().unwrap_or("(none)")), "{line}");
    }
}
