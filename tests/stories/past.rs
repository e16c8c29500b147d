//! Friends of long standing join: what they said to each other in the last weeks counts, though nobody counted then.

use std::collections::BTreeMap;
use std::time::Duration;

use fake_discord::{Id, Person, RestFault};
use wallflower::domain::tie::Kind;

use crate::house::{House, since};
use crate::support::TestDatabase;

/// Replies among the guests in the last weeks, both directions of each pair together.
fn replies(house: &House) -> BTreeMap<(Id, Id), i64> {
    let guests: Vec<Id> = house.guests.iter().map(|guest| guest.id).collect();
    house.discord.world(|world| {
        let mut replies = BTreeMap::new();
        for message in world.messages.values().filter(|message| message.channel == house.general.id) {
            let Some(answered) = message.reference.as_ref().and_then(|to| world.messages.get(&to.message)) else {
                continue;
            };
            let (one, other) = (message.author.min(answered.author), message.author.max(answered.author));
            if one != other && guests.contains(&one) && guests.contains(&other) {
                *replies.entry((one, other)).or_insert(0) += 1000;
            }
        }
        replies
    })
}

async fn told(house: &House) -> BTreeMap<(Id, Id), i64> {
    let store = house.store().await;
    let candidates = store.candidates(house.community(), since()).await.unwrap().unwrap();
    store.close().await;
    let of = |counts: &wallflower::domain::tie::Counts| counts.of_kind(Kind::Reply).total().0;
    let ties = candidates.ties.iter().map(|(pair, counts)| ((pair.low().to_u64(), pair.high().to_u64()), of(counts)));
    ties.filter(|(_, amount)| *amount > 0).collect()
}

fn talk(house: &House, one: &Person, other: &Person) {
    let said = one.says(&house.general, "the lighthouse?");
    other.replies_to(&said, "on Sunday?");
    house.zoe.replies_to(&said, "may I come?");
}

async fn weeks_of_talk_before_joining_make_a_tie_through_a_kill(database: TestDatabase) {
    let mut house = House::new(database).await;
    house.opens_as_child().await;
    for week in 0..6 {
        for _ in 0..8 {
            talk(&house, house.ana(), house.bo());
            talk(&house, house.bo(), house.ana());
            talk(&house, &house.guests[2], &house.guests[3 + week % 3]);
        }
        house.passes(Duration::from_hours(7 * 24));
    }
    // Its second request for the past is not answered before it dies.
    let path = format!("/channels/{}/messages", house.general.id);
    house.discord.fail_requests(1, "GET", &path, RestFault::Slow(Duration::ZERO));
    house.discord.fail_requests(1, "GET", &path, RestFault::Slow(Duration::from_mins(10)));
    house.is_set_up("discreet").await;
    let status = house.ada.runs("/wallflower status").await;
    assert!(status.text.contains("Reading the past of "), "{}", status.text);
    house.discord.until("the request that it dies in", |discord| discord.faults_to_come() == 0).await;
    house.is_killed();
    house.discord.clear_faults();
    talk(&house, house.ana(), house.bo());
    house.opens_as_child().await;
    house.eventually("all pasts to be read", async |store| store.pasts().await.unwrap().is_empty().then_some(())).await;
    let truth = replies(&house);
    house
        .eventually("the talk of weeks", async |_| {
            house.passes(Duration::from_secs(10));
            (told(&house).await == truth).then_some(())
        })
        .await;
    let status = house.ada.runs("/wallflower status").await;
    assert!(!status.text.contains("past of"), "{}", status.text);
    house.has_no_trace_of(&house.zoe).await;
    house.discord.assert_no_violations();
}

on_both_engines!(weeks_of_talk_before_joining_make_a_tie_through_a_kill);
