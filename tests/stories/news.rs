//! "This one didn't come together" reaches everybody who said yes, by the door of their choice.

use std::time::Duration;

use fake_discord::{Answer, Person};
use wallflower::domain::notice::Notice;

use crate::house::House;
use crate::support::TestDatabase;

const NEWS: &str = "This one didn't come together";

/// Ana has said yes under *See mine*, Bo says nothing; the deadline is past.
async fn one_sided(database: TestDatabase, door: &str) -> House {
    let mut house = House::new(database).await;
    house.opens().await;
    house.is_set_up("discreet").await;
    house.ana().runs(&format!("/meet profile asks:\"{door}\"")).await;
    house.people_talk().await;
    house.round_comes();
    house.dm_with(house.bo(), "Not now").await;
    let ask = looks(&house, house.ana()).await;
    assert!(ask.full_text().contains(&house.bo().mention()), "{}", ask.full_text());
    house.ana().clicks(&ask, "I'd like that").await;
    house.passes(Duration::from_hours(4 * 24));
    assert!(!looks(&house, house.ana()).await.full_text().contains(NEWS), "the deadline has not come");
    house.passes(Duration::from_hours(25));
    house
        .eventually("the end at the deadline", async |store| {
            let ana = wallflower::domain::ids::UserId::new(house.ana().id).unwrap();
            let all = store.meetups_of(house.community(), ana).await.unwrap();
            all.iter().any(wallflower::domain::meetup::Meetup::is_over).then_some(())
        })
        .await;
    house
}

async fn looks(house: &House, person: &Person) -> Answer {
    let doorbell = house.bot_message_in(&house.tables, "See mine").await;
    person.clicks(&doorbell, "See mine").await
}

/// Tells once what did not come together, and then nothing more.
async fn hears_it_once_where_she_looks(house: &House) {
    let shown = looks(house, house.ana()).await;
    assert!(shown.ephemeral && shown.full_text().contains(NEWS), "{}", shown.full_text());
    assert!(!shown.full_text().contains(&house.bo().mention()));
    let again = house
        .insist(|| async {
            let again = looks(house, house.ana()).await;
            if again.full_text().contains(NEWS) { Err("it is told again".to_owned()) } else { Ok(again) }
        })
        .await;
    assert!(again.ephemeral);
    assert!(!looks(house, house.bo()).await.full_text().contains(NEWS), "he said nothing, and hears nothing");
}

async fn who_only_looks_hears_it_under_the_doorbell_once(database: TestDatabase) {
    let mut house = one_sided(database, "only when I look").await;
    hears_it_once_where_she_looks(&house).await;
    assert!(house.ana().dms().iter().all(|dm| !dm.full_text().contains(NEWS)));
    house.closes().await;
}

async fn who_is_mentioned_hears_it_with_the_next_round_and_nobody_reads_why(database: TestDatabase) {
    let mut house = one_sided(database, "mention in the channel").await;
    let called = |house: &House| {
        let about_ana = |message: &&fake_discord::SeenMessage| message.text.contains("there is something for you");
        let all = house.tables.messages();
        all.into_iter().filter(|one| about_ana(&one) && one.pinged == [house.ana().id]).collect::<Vec<_>>()
    };
    let now = chrono::DateTime::from_timestamp_millis(house.discord.now()).unwrap();
    house
        .eventually("the news put off until the next round", async |store| {
            let waiting = store.due_notices(now + chrono::Duration::days(14), None).await.unwrap();
            let news = waiting.into_iter().find(|row| row.notice == Notice::DidNotComeTogether)?;
            (news.due_at > now + chrono::Duration::days(1)).then_some(())
        })
        .await;
    assert_eq!(called(&house).len(), 1, "the ask");
    // The round of the Monday after.
    house.passes(Duration::from_hours(2 * 24));
    let doorbells = || house.tables.messages().iter().filter(|one| one.text.contains("A new round")).count();
    house.discord.until("the next doorbell", |_| (doorbells() == 2).then_some(())).await;
    house.passes(Duration::from_mins(2));
    house.discord.until("a mention with the next round", |_| (called(&house).len() == 2).then_some(())).await;
    let doorbell = house.bot_message_in(&house.tables, "Count me in").await;
    assert!(called(&house)[1].at_ms >= doorbell.at_ms, "with the doorbell, and not at the deadline");
    hears_it_once_where_she_looks(&house).await;
    house.nobody_else_learns_of(&[house.bo()]);
    house.closes().await;
}

async fn who_takes_no_direct_messages_any_more_hears_it_under_the_doorbell(database: TestDatabase) {
    let mut house = House::new(database).await;
    house.opens().await;
    house.is_set_up("discreet").await;
    house.people_talk().await;
    house.round_comes();
    let ask = house.dm_with(house.ana(), "I'd like that").await;
    house.ana().clicks(&ask, "I'd like that").await;
    house.ana().closes_dms();
    house.passes(Duration::from_hours(6 * 24));
    house
        .eventually("closed direct messages", async |store| {
            let ana = wallflower::domain::ids::UserId::new(house.ana().id).unwrap();
            let member = store.member(house.community(), ana).await.unwrap()?;
            (member.profile.door == wallflower::domain::member::Door::Look).then_some(())
        })
        .await;
    hears_it_once_where_she_looks(&house).await;
    house.closes().await;
}

on_both_engines!(
    who_only_looks_hears_it_under_the_doorbell_once,
    who_is_mentioned_hears_it_with_the_next_round_and_nobody_reads_why,
    who_takes_no_direct_messages_any_more_hears_it_under_the_doorbell,
);
