//! Stories of the listening session over a real socket: what is said is counted once, whatever happens to the line or to
//! the process. The truth is what the local Discord remembers.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use fake_discord::{EventFault, Id, RestFault, permissions};
use secrecy::SecretString;
use serenity::http::HttpBuilder;
use wallflower::app::watch::{Access, Watch};
use wallflower::discord::listener::{Listener, ListenerError};
use wallflower::domain::ids::ChannelId;

use crate::on_both_engines;
use crate::stage::{Process, Stage, chat, community_id, eventually};
use crate::support::TestDatabase;

on_both_engines!(
    what_was_said_before_during_and_after_a_kill_counts_once,
    what_was_said_in_threads_that_were_archived_meanwhile_counts_once,
    private_threads_that_are_closed_to_the_bot_hold_up_nothing,
    a_cut_line_is_resumed_and_a_refused_resume_is_read_again,
    a_stop_flushes_and_leaves_a_session_that_can_be_resumed,
    a_closed_past_is_skipped_and_said,
    being_thrown_out_is_noticed_at_once_or_at_the_next_start,
    final_refusals_end_it_with_one_sentence,
    repeated_and_swapped_frames_and_a_moody_rest_change_nothing,
);

async fn what_was_said_before_during_and_after_a_kill_counts_once(database: TestDatabase) {
    let stage = Stage::new(database).await;
    let (ana, bo, wally) = (stage.member("ana").await, stage.member("bo").await, stage.den.person("wally"));
    let general = &stage.general;
    let process = stage.listens().await;
    chat(general, &ana, &bo, &wally);
    stage.is_all_counted(&[&ana, &bo], &[general]).await;
    // Heard, and forgotten with the process.
    chat(general, &ana, &bo, &wally);
    process.dies().await;
    stage.discord.invalidate_sessions(false);
    // Said to nobody: more than a page, in an old channel, a new one and a thread.
    for _ in 0..20 {
        chat(general, &ana, &bo, &wally);
    }
    let den2 = stage.den.channel("chess");
    chat(&den2, &ana, &bo, &wally);
    let thread = ana.opens_thread(general, "openings");
    chat(&thread, &ana, &bo, &wally);
    let process = stage.begins().await;
    chat(general, &ana, &bo, &wally);
    stage.is_all_counted(&[&ana, &bo], &[general, &den2, &thread]).await;
    let post = bo.opens_thread(&den2, "endgames");
    chat(&post, &ana, &bo, &wally);
    stage.is_all_counted(&[&ana, &bo], &[general, &den2, &thread, &post]).await;
    process.stops().await.unwrap();
    let rows = stage.database.rows().await;
    let stored = |id: Id| rows.iter().any(|(_, row)| row.contains(&id.to_string()));
    assert!(stored(bo.id), "the search must be able to find");
    assert!(!stored(wally.id) && !rows.iter().any(|(_, row)| row.contains("wally")), "a bystander is never stored");
    assert!(!stage.bytes_hold(wally.id), "nor in what SQLite has deleted or keeps in its log");
    stage.discord.assert_no_violations();
}

async fn what_was_said_in_threads_that_were_archived_meanwhile_counts_once(database: TestDatabase) {
    let stage = Stage::new(database).await;
    let (ana, bo, wally) = (stage.member("ana").await, stage.member("bo").await, stage.den.person("wally"));
    let general = &stage.general;
    let known = ana.opens_thread(general, "openings");
    chat(&known, &ana, &bo, &wally);
    let process = stage.listens().await;
    chat(general, &ana, &bo, &wally);
    let begun = stage.told().await;
    assert!(begun.is_empty(), "what was said before the first start is nobody's gap");
    chat(&known, &ana, &bo, &wally);
    stage.clock.advance(chrono::Duration::seconds(4));
    eventually("some to be counted", async || !stage.told().await.is_empty()).await;
    process.dies().await;
    stage.discord.invalidate_sessions(false);
    let (unknown, many) = (bo.opens_thread(general, "endgames"), 3);
    for thread in [&known, &unknown] {
        (0..many).for_each(|_| chat(thread, &ana, &bo, &wally));
        thread.is_archived_now();
    }
    // It dies before it has found them, and what it was to look for is not forgotten.
    let list = format!("/channels/{}/threads/archived/public", general.id);
    stage.discord.fail_requests(1, "GET", &list, RestFault::Slow(Duration::from_mins(10)));
    let process = stage.begins().await;
    stage.discord.until("the request it dies in", |discord| discord.faults_to_come() == 0).await;
    let counted = stage.told().await;
    chat(general, &ana, &bo, &wally);
    eventually("the marks to move on", async || {
        stage.clock.advance(chrono::Duration::seconds(4));
        stage.told().await != counted
    })
    .await;
    process.dies().await;
    stage.discord.invalidate_sessions(false);
    let process = stage.begins().await;
    chat(&unknown, &ana, &bo, &wally);
    let said = stage.truth(&[&ana, &bo], &[general, &known, &unknown]);
    // One chat in the known thread is older than the first start; in the other channel there were two.
    let two = stage.truth(&[&ana, &bo], &[general]);
    let expected: BTreeMap<_, _> = said.iter().map(|(key, amount)| (*key, amount - two[key] / 2)).collect();
    eventually("all to be counted once", async || {
        stage.clock.advance(chrono::Duration::seconds(4));
        stage.told().await == expected
    })
    .await;
    eventually("no more to look for", async || stage.store.listings().await.unwrap().is_empty()).await;
    eventually("no more to read", async || stage.store.readings().await.unwrap().is_empty()).await;
    process.stops().await.unwrap();
    assert_eq!(stage.told().await, expected, "also a while later");
    stage.discord.assert_no_violations();
}

async fn private_threads_that_are_closed_to_the_bot_hold_up_nothing(database: TestDatabase) {
    let stage = Stage::new(database).await;
    let (ana, bo, wally) = (stage.member("ana").await, stage.member("bo").await, stage.den.person("wally"));
    let general = &stage.general;
    stage.listens().await.dies().await;
    stage.discord.invalidate_sessions(false);
    let thread = ana.opens_thread(general, "openings");
    for place in [general, &thread] {
        chat(place, &ana, &bo, &wally);
    }
    thread.is_archived_now();
    for list in ["threads/archived/private", "users/@me/threads/archived/private"] {
        let path = format!("/channels/{}/{list}", general.id);
        stage.discord.fail_requests(3, "GET", &path, RestFault::Code(403, 50_001));
    }
    let process = stage.begins().await;
    stage.is_all_counted(&[&ana, &bo], &[general, &thread]).await;
    assert_eq!(stage.discord.faults_to_come(), 5, "they were asked for");
    process.stops().await.unwrap();
}

async fn a_cut_line_is_resumed_and_a_refused_resume_is_read_again(database: TestDatabase) {
    let stage = Stage::new(database).await;
    let (ana, bo, wally) = (stage.member("ana").await, stage.member("bo").await, stage.den.person("wally"));
    let general = &stage.general;
    let process = stage.listens().await;
    chat(general, &ana, &bo, &wally);
    stage.discord.drop_connections();
    chat(general, &ana, &bo, &wally);
    stage.discord.until("the resume", |discord| discord.resumes() == 1).await;
    stage.is_all_counted(&[&ana, &bo], &[general]).await;
    stage.discord.ask_to_reconnect();
    chat(general, &ana, &bo, &wally);
    stage.discord.until("the second resume", |discord| discord.resumes() == 2).await;
    stage.is_all_counted(&[&ana, &bo], &[general]).await;
    let begun = stage.discord.identifies();
    stage.discord.refuse_resumes(1);
    stage.discord.drop_connections();
    chat(general, &ana, &bo, &wally);
    stage.discord.until("a new session", |discord| discord.identifies() > begun).await;
    chat(general, &ana, &bo, &wally);
    stage.is_all_counted(&[&ana, &bo], &[general]).await;
    process.stops().await.unwrap();
}

async fn a_stop_flushes_and_leaves_a_session_that_can_be_resumed(database: TestDatabase) {
    let stage = Stage::new(database).await;
    let (ana, bo) = (stage.member("ana").await, stage.member("bo").await);
    let process = stage.listens().await;
    bo.replies_to(&ana.says(&stage.general, "hi"), "hi");
    let heard = |process: &Process| process.watch.session(0).unwrap().sequence;
    let told = stage.discord.sessions()[0].seq;
    eventually("the frames to be heard", async || heard(&process) == told).await;
    assert!(stage.told().await.is_empty(), "the clock stands still, so nothing was flushed");
    process.stops().await.unwrap();
    assert_eq!(stage.told().await, stage.truth(&[&ana, &bo], &[&stage.general]));
    stage.discord.until("the line to close", |discord| discord.sessions().iter().all(|s| !s.connected)).await;
    let (left, stored) = (stage.discord.sessions(), stage.store.session(0, 1).await.unwrap().unwrap());
    assert_eq!((left[0].id.clone(), left[0].seq), (stored.session, stored.sequence));
}

async fn a_closed_past_is_skipped_and_said(database: TestDatabase) {
    let stage = Stage::new(database).await;
    let (ana, bo, wally) = (stage.member("ana").await, stage.member("bo").await, stage.den.person("wally"));
    let closed = stage.den.channel("closed");
    stage.listens().await.dies().await;
    stage.discord.invalidate_sessions(false);
    closed.denies_bot(permissions::READ_MESSAGE_HISTORY);
    chat(&closed, &ana, &bo, &wally);
    chat(&stage.general, &ana, &bo, &wally);
    let process = stage.begins().await;
    stage.is_all_counted(&[&ana, &bo], &[&stage.general]).await;
    let skipped = process.watch.skipped(community_id(stage.den.id));
    assert_eq!(skipped, BTreeMap::from([(ChannelId::new(closed.id).unwrap(), Access::NoHistory)]));
    process.stops().await.unwrap();
}

async fn being_thrown_out_is_noticed_at_once_or_at_the_next_start(database: TestDatabase) {
    let stage = Stage::new(database).await;
    let cave = stage.discord.community("Cave");
    let process = stage.listens().await;
    let removed = async |raw: Id| {
        let found = stage.store.community(community_id(raw)).await.unwrap();
        found.is_some_and(|found| found.removed_at.is_some())
    };
    eventually("both to be known", async || stage.store.communities().await.unwrap().len() == 2).await;
    stage.den.goes_down();
    cave.kicks_bot();
    eventually("the cave to be removed", async || removed(cave.id).await).await;
    assert!(!removed(stage.den.id).await, "an outage is no removal");
    process.dies().await;
    // Told by the session that goes on.
    stage.den.comes_back();
    stage.den.kicks_bot();
    cave.adds_bot();
    let process = stage.begins().await;
    eventually("the den to be removed", async || removed(stage.den.id).await).await;
    eventually("the cave to be back", async || !removed(cave.id).await).await;
    process.dies().await;
    // Seen only in the list of a new session.
    stage.discord.invalidate_sessions(false);
    stage.den.adds_bot();
    cave.kicks_bot();
    let process = stage.begins().await;
    eventually("the cave to be removed again", async || removed(cave.id).await).await;
    eventually("the den to be back", async || !removed(stage.den.id).await).await;
    process.stops().await.unwrap();
}

async fn final_refusals_end_it_with_one_sentence(database: TestDatabase) {
    let stage = Stage::new(database).await;
    let wrong = stage.discord.token().replace("opens", "shuts");
    let http = HttpBuilder::new(&wrong).proxy(stage.discord.url()).ratelimiter_disabled(true).build();
    let watch = Arc::new(Watch::open(stage.store.clone()).await.unwrap());
    let clock = Arc::clone(&stage.clock) as _;
    let listener = Listener::new(SecretString::from(wrong), Arc::new(http), watch, stage.store.clone(), clock);
    let (_stop, stop) = tokio::sync::watch::channel(false);
    assert!(matches!(listener.run(stop).await, Err(ListenerError::BadToken)));

    // The token is good for REST, and the gateway refuses it all the same.
    let process = stage.listens().await;
    stage.discord.close_connections(4004);
    assert!(matches!(process.task.await.unwrap(), Err(ListenerError::BadToken)));
    let process = stage.listens().await;
    stage.discord.close_connections(4014);
    assert!(matches!(process.task.await.unwrap(), Err(ListenerError::DisallowedIntents)));
}

async fn repeated_and_swapped_frames_and_a_moody_rest_change_nothing(database: TestDatabase) {
    let stage = Stage::new(database).await;
    let (ana, bo, wally) = (stage.member("ana").await, stage.member("bo").await, stage.den.person("wally"));
    let process = stage.listens().await;
    stage.discord.disturb_events(4, "MESSAGE_CREATE", EventFault::Repeat);
    chat(&stage.general, &ana, &bo, &wally);
    stage.discord.disturb_events(3, "MESSAGE_CREATE", EventFault::Swap);
    chat(&stage.general, &ana, &bo, &wally);
    stage.is_all_counted(&[&ana, &bo], &[&stage.general]).await;
    process.dies().await;
    stage.discord.invalidate_sessions(false);
    chat(&stage.general, &ana, &bo, &wally);
    stage.discord.fail_requests(1, "GET", "/channels/", RestFault::TooMany { scope: "shared", retry_after: 0.1 });
    stage.discord.fail_requests(1, "GET", "/channels/", RestFault::Status(502));
    // By something that stands in front of Discord.
    stage.discord.fail_requests(1, "GET", "/channels/", RestFault::Status(404));
    stage.discord.fail_requests(1, "GET", "/gateway/bot", RestFault::Status(500));
    let process = stage.begins().await;
    stage.is_all_counted(&[&ana, &bo], &[&stage.general]).await;
    process.stops().await.unwrap();
}

/// A log that a test can read.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// On one thread, since the log is the thread's.
#[tokio::test]
async fn not_even_the_loudest_log_names_a_bystander_or_quotes_anybody() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    // A lone subscriber is taken for everybody's: a place in the code that another test's thread, which has none, comes by
    // first would then stay silent for this one too. With two of them each place asks both.
    let _second = tracing::Dispatch::new(tracing_subscriber::registry());
    let _guard = tracing::subscriber::set_default(subscriber);
    let stage = Stage::new(TestDatabase::sqlite()).await;
    let (ana, bo, wally) = (stage.member("ana").await, stage.member("bo").await, stage.den.person("wally"));
    let process = stage.listens().await;
    chat(&stage.general, &ana, &bo, &wally);
    stage.is_all_counted(&[&ana, &bo], &[&stage.general]).await;
    process.dies().await;
    chat(&stage.general, &ana, &bo, &wally);
    let process = stage.begins().await;
    stage.is_all_counted(&[&ana, &bo], &[&stage.general]).await;
    process.stops().await.unwrap();
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(log.contains(&stage.general.id.to_string()), "the log must be loud enough to show anything");
    for secret in [wally.id.to_string().as_str(), "wally", "chess", "look at this"] {
        let line = log.lines().find(|line| line.contains(secret));
        assert_eq!(line, None, "{secret} is in the log");
    }
}

/// The database is locked for longer than reading may rest: the line is closed, kept resumable, and taken up again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes half a minute of real time"]
async fn a_database_away_for_twenty_seconds_loses_nothing() {
    let stage = Stage::new(TestDatabase::sqlite()).await;
    let (ana, bo, wally) = (stage.member("ana").await, stage.member("bo").await, stage.den.person("wally"));
    let process = stage.listens().await;
    let file = stage.database.url.clone();
    let mut other = <sqlx::SqliteConnection as sqlx::Connection>::connect(&file).await.unwrap();
    sqlx::query("BEGIN IMMEDIATE").execute(&mut other).await.unwrap();
    chat(&stage.general, &ana, &bo, &wally);
    stage.clock.advance(chrono::Duration::seconds(4));
    eventually("the line to be closed", async || stage.discord.sessions().iter().all(|s| !s.connected)).await;
    chat(&stage.general, &ana, &bo, &wally);
    sqlx::query("ROLLBACK").execute(&mut other).await.unwrap();
    stage.discord.until("the resume", |discord| discord.resumes() == 1).await;
    stage.is_all_counted(&[&ana, &bo], &[&stage.general]).await;
    assert_eq!(stage.discord.identifies(), 1, "the session was kept");
    process.stops().await.unwrap();
}
