//! A session outlives its process: the next one goes on with it, where it had counted. Where that cannot be, what was
//! missed is read. Either way each message counts once.

use fake_discord::{RestFault, permissions};
use wallflower::clock::Clock as _;
use wallflower::discord::listener::{ListenerError, Share};
use wallflower::store::Lease;

use crate::on_both_engines;
use crate::stage::{Stage, chat, eventually};
use crate::support::TestDatabase;

on_both_engines!(
    killed_it_goes_on_with_its_session_where_it_had_counted,
    stopped_it_goes_on_with_its_session,
    what_a_resumed_session_leaves_out_is_read,
    a_session_that_is_no_more_is_no_loss,
    what_was_said_before_a_gap_is_asked_for_until_it_is_known,
    another_number_of_shards_begins_anew,
    close_4007_is_a_new_session,
    no_two_processes_listen_to_the_same_shard,
    who_was_taken_for_dead_stores_nothing_more,
);

/// How often the past of a channel was asked for, to count what is missing.
fn gaps_read(stage: &Stage) -> usize {
    let requests = stage.discord.requests();
    requests.iter().filter(|request| request.path.ends_with("/messages") && request.query.contains("after=")).count()
}

async fn killed_it_goes_on_with_its_session_where_it_had_counted(database: TestDatabase) {
    let stage = Stage::new(database).await;
    let (ana, bo, wally) = (stage.member("ana").await, stage.member("bo").await, stage.den.person("wally"));
    let (general, attic, doomed) = (&stage.general, stage.den.channel("attic"), stage.den.channel("doomed"));
    let process = stage.listens().await;
    let thread = ana.opens_thread(general, "openings");
    chat(&thread, &ana, &bo, &wally);
    stage.is_all_counted(&[&ana, &bo], &[&thread]).await;
    // Heard, and forgotten with the process.
    chat(general, &ana, &bo, &wally);
    process.dies().await;
    let chess = stage.den.channel("chess");
    let closed = bo.opens_thread(&chess, "endgames");
    for place in [general, &attic, &thread, &chess, &closed] {
        chat(place, &ana, &bo, &wally);
    }
    closed.is_archived_now();
    doomed.is_deleted();
    let process = stage.listens().await;
    chat(general, &ana, &bo, &wally);
    stage.is_all_counted(&[&ana, &bo], &[general, &attic, &thread, &chess, &closed]).await;
    assert_eq!((stage.discord.identifies(), stage.discord.resumes(), gaps_read(&stage)), (1, 1, 0));
    // What it was shown by its predecessor's session holds: new threads follow their parent, and permissions their roles.
    attic.is_marked_age_restricted();
    let unseen = ana.opens_thread(&attic, "not for all");
    chat(&unseen, &ana, &bo, &wally);
    let hidden = stage.den.channel("hidden");
    hidden.denies_bot(permissions::READ_MESSAGE_HISTORY);
    chat(general, &ana, &bo, &wally);
    stage.is_all_counted(&[&ana, &bo], &[general, &attic, &thread, &chess, &closed]).await;
    process.stops().await.unwrap();
    stage.discord.assert_no_violations();
}

async fn stopped_it_goes_on_with_its_session(database: TestDatabase) {
    let stage = Stage::new(database).await;
    let (ana, bo, wally) = (stage.member("ana").await, stage.member("bo").await, stage.den.person("wally"));
    for _ in 0..3 {
        let process = stage.listens().await;
        chat(&stage.general, &ana, &bo, &wally);
        process.stops().await.unwrap();
        chat(&stage.general, &ana, &bo, &wally);
    }
    let codes: Vec<_> = stage.discord.goodbyes().iter().map(|goodbye| goodbye.code).collect();
    assert_eq!(codes, [Some(4000); 3]);
    let process = stage.listens().await;
    stage.is_all_counted(&[&ana, &bo], &[&stage.general]).await;
    assert_eq!((stage.discord.identifies(), stage.discord.resumes(), gaps_read(&stage)), (1, 3, 0));
    process.stops().await.unwrap();
}

async fn what_a_resumed_session_leaves_out_is_read(database: TestDatabase) {
    let stage = Stage::new(database).await;
    let (ana, bo, wally) = (stage.member("ana").await, stage.member("bo").await, stage.den.person("wally"));
    let process = stage.listens().await;
    chat(&stage.general, &ana, &bo, &wally);
    stage.is_all_counted(&[&ana, &bo], &[&stage.general]).await;
    process.dies().await;
    chat(&stage.general, &ana, &bo, &wally);
    stage.discord.loses_of_the_replay(3);
    let process = stage.listens().await;
    chat(&stage.general, &ana, &bo, &wally);
    stage.is_all_counted(&[&ana, &bo], &[&stage.general]).await;
    assert_eq!((stage.discord.identifies(), stage.discord.resumes()), (2, 1));
    process.stops().await.unwrap();
}

async fn what_was_said_before_a_gap_is_asked_for_until_it_is_known(database: TestDatabase) {
    let stage = Stage::new(database).await;
    let (ana, bo, wally) = (stage.member("ana").await, stage.member("bo").await, stage.den.person("wally"));
    let process = stage.listens().await;
    chat(&stage.general, &ana, &bo, &wally);
    stage.is_all_counted(&[&ana, &bo], &[&stage.general]).await;
    process.dies().await;
    stage.discord.invalidate_sessions(false);
    chat(&stage.general, &ana, &bo, &wally);
    let (path, so_far) = (format!("/channels/{}/messages", stage.general.id), stage.discord.requests().len());
    stage.discord.fail_requests(2, "GET", &path, RestFault::Status(500));
    let process = stage.listens().await;
    stage.is_all_counted(&[&ana, &bo], &[&stage.general]).await;
    // The guesses that wait there would keep their first amounts in a flow that begins without it.
    let asked = stage.discord.requests().into_iter().skip(so_far).filter(|request| request.path == path);
    let before: Vec<bool> = asked.map(|request| request.query.contains("before=")).collect();
    assert_eq!(before, [true, true, true, false]);
    process.stops().await.unwrap();
}

async fn a_session_that_is_no_more_is_no_loss(database: TestDatabase) {
    let stage = Stage::new(database).await;
    let (ana, bo, wally) = (stage.member("ana").await, stage.member("bo").await, stage.den.person("wally"));
    let process = stage.listens().await;
    chat(&stage.general, &ana, &bo, &wally);
    process.stops().await.unwrap();
    stage.discord.invalidate_sessions(false);
    chat(&stage.general, &ana, &bo, &wally);
    let process = stage.listens().await;
    chat(&stage.general, &ana, &bo, &wally);
    stage.is_all_counted(&[&ana, &bo], &[&stage.general]).await;
    assert_eq!((stage.discord.identifies(), stage.discord.resumes()), (2, 1));
    process.stops().await.unwrap();
}

async fn another_number_of_shards_begins_anew(database: TestDatabase) {
    let stage = Stage::new(database).await;
    let (ana, bo, wally) = (stage.member("ana").await, stage.member("bo").await, stage.den.person("wally"));
    let process = stage.listens().await;
    chat(&stage.general, &ana, &bo, &wally);
    process.stops().await.unwrap();
    for shards in [2, 1] {
        chat(&stage.general, &ana, &bo, &wally);
        let process = stage.begins_with(Share { shards: Some(shards), ..Share::default() }).await;
        stage.is_all_counted(&[&ana, &bo], &[&stage.general]).await;
        // A session of one shard that was left before must not be taken up when there is one again.
        process.stops().await.unwrap();
    }
    assert_eq!((stage.discord.identifies(), stage.discord.resumes()), (4, 0));
    let there_are_none = Share { shards: Some(2), range: Some(1..3), ..Share::default() };
    let ended = stage.begins_with(there_are_none).await.task.await.unwrap();
    assert!(matches!(ended, Err(ListenerError::NoSuchShards { from: 1, to: 3, shards: 2 })));
}

async fn close_4007_is_a_new_session(database: TestDatabase) {
    let stage = Stage::new(database).await;
    let (ana, bo, wally) = (stage.member("ana").await, stage.member("bo").await, stage.den.person("wally"));
    let process = stage.listens().await;
    chat(&stage.general, &ana, &bo, &wally);
    stage.is_all_counted(&[&ana, &bo], &[&stage.general]).await;
    stage.discord.close_connections(4007);
    chat(&stage.general, &ana, &bo, &wally);
    stage.discord.until("a new session", |discord| discord.identifies() == 2).await;
    stage.is_all_counted(&[&ana, &bo], &[&stage.general]).await;
    assert_eq!(stage.discord.resumes(), 0, "it would be refused for ever");
    process.stops().await.unwrap();
}

async fn no_two_processes_listen_to_the_same_shard(database: TestDatabase) {
    let stage = Stage::new(database).await;
    let (ana, bo, wally) = (stage.member("ana").await, stage.member("bo").await, stage.den.person("wally"));
    let at = |folder: &str| Share { folder: folder.to_owned(), ..Share::default() };
    let first = stage.listens_with(at("here")).await;
    chat(&stage.general, &ana, &bo, &wally);
    let second = stage.begins_with(at("there")).await;
    stage.is_all_counted(&[&ana, &bo], &[&stage.general]).await;
    assert!(second.begun.borrow().is_none() && !second.task.is_finished(), "it waits in line");
    chat(&stage.general, &ana, &bo, &wally);
    let told = stage.told().await;
    first.stops().await.unwrap();
    eventually("the second one's turn", async || second.begun.borrow().is_some()).await;
    chat(&stage.general, &ana, &bo, &wally);
    stage.is_all_counted(&[&ana, &bo], &[&stage.general]).await;
    assert_ne!(told, stage.told().await);
    assert_eq!((stage.discord.identifies(), stage.discord.resumes()), (1, 1), "a session goes on elsewhere");
    second.stops().await.unwrap();
}

async fn who_was_taken_for_dead_stores_nothing_more(database: TestDatabase) {
    let stage = Stage::new(database).await;
    let (ana, bo, wally) = (stage.member("ana").await, stage.member("bo").await, stage.den.person("wally"));
    let frozen = stage.listens().await;
    chat(&stage.general, &ana, &bo, &wally);
    stage.is_all_counted(&[&ana, &bo], &[&stage.general]).await;
    let (counted, hour) = (stage.told().await, chrono::Duration::hours(1));
    let other = Lease { range: 0..1, shards: 1, owner: "another run".to_owned(), folder: "elsewhere".to_owned() };
    let late = stage.clock.now() + hour;
    assert!(stage.store.take_lease(&other, late, late + hour).await.unwrap());
    chat(&stage.general, &ana, &bo, &wally);
    eventually("the end of it", async || {
        stage.clock.advance(chrono::Duration::seconds(4));
        frozen.task.is_finished()
    })
    .await;
    assert!(matches!(frozen.task.await.unwrap(), Err(ListenerError::LeaseLost)));
    assert_eq!(stage.told().await, counted);
    stage.store.end_lease(&other).await.unwrap();
    let process = stage.listens().await;
    stage.is_all_counted(&[&ana, &bo], &[&stage.general]).await;
    process.stops().await.unwrap();
}
