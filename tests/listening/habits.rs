//! What replies teach is stored with what they count: neither is ever there without the other.

use fake_discord::Person;
use wallflower::clock::Clock as _;
use wallflower::domain::conversation::Learned;

use crate::on_both_engines;
use crate::stage::{Process, Stage, community_id, eventually};
use crate::support::TestDatabase;

on_both_engines!(what_replies_have_taught_is_known_once_after_any_death, what_a_community_has_taught_goes_with_it,);

/// Waits until all that was said is heard and stored.
async fn is_stored(stage: &Stage, process: &Process) {
    eventually("the talk to be stored", async || {
        stage.clock.advance(chrono::Duration::seconds(4));
        let told = process.watch.session(0).map(|session| session.sequence);
        let stored = stage.store.session(0, 1).await.unwrap().map(|session| session.sequence);
        told == Some(stage.discord.sessions().last().unwrap().seq) && stored == told
    })
    .await;
}

async fn learned(stage: &Stage) -> Learned {
    stage.store.learned(community_id(stage.den.id)).await.unwrap()
}

/// Three answer each other by name, so that each answer is one out of two. A process dies after some of the rounds, before
/// what was said last is stored. What was learned in the end.
async fn taught(database: TestDatabase, deaths: &[usize]) -> Learned {
    let stage = Stage::new(database).await;
    let (ana, bo, wally) = (stage.member("ana").await, stage.member("bo").await, stage.den.person("wally"));
    let mut process = stage.listens().await;
    let mut last = wally.mentions(&stage.general, &[&ana], "who is in for chess?");
    let turns: [&Person; 5] = [&ana, &bo, &ana, &wally, &bo];
    for round in 0..6 {
        is_stored(&stage, &process).await;
        let stored = learned(&stage).await;
        for person in turns {
            last = person.replies_to(&last, "me");
        }
        if deaths.contains(&round) {
            process.dies().await;
            // What it had heard and not stored it has not learned either.
            assert_eq!(learned(&stage).await, stored);
            process = stage.listens().await;
        }
    }
    is_stored(&stage, &process).await;
    stage.is_all_counted(&[&ana, &bo], &[&stage.general]).await;
    process.stops().await.unwrap();
    learned(&stage).await
}

async fn what_replies_have_taught_is_known_once_after_any_death(database: TestDatabase) {
    let unharmed = taught(TestDatabase::sqlite(), &[]).await;
    assert!(unharmed.labels > 20 && unharmed.trust != Learned::default().trust, "{unharmed:?}");
    assert_eq!(taught(database, &[1, 2, 4]).await, unharmed);
}

async fn what_a_community_has_taught_goes_with_it(database: TestDatabase) {
    let stage = Stage::new(database).await;
    let (ana, bo, wally) = (stage.member("ana").await, stage.member("bo").await, stage.den.person("wally"));
    let process = stage.listens().await;
    let hello = wally.mentions(&stage.general, &[&ana], "who is in?");
    let answer = ana.replies_to(&hello, "me");
    bo.replies_to(&ana.replies_to(&bo.replies_to(&answer, "me too"), "fine"), "fine");
    is_stored(&stage, &process).await;
    process.stops().await.unwrap();
    assert_ne!(learned(&stage).await, Learned::default());
    let (den, now) = (community_id(stage.den.id), stage.clock.now());
    stage.store.community_removed(den, now).await.unwrap();
    stage.store.erase_removed(now + chrono::Duration::seconds(1)).await.unwrap();
    assert_eq!(learned(&stage).await, Learned::default());
}
