//! Two who live far apart meet while a trip of one of them brings them near.

use std::time::Duration;

use chrono::{DateTime, Utc};
use fake_discord::{Channel, SeenMessage};

use crate::house::House;
use crate::polls::times;
use crate::support::TestDatabase;
use crate::watchers::Watchers;
use crate::whole_way::{Nothing, both_say_yes, poll_in};

/// Both say yes to an ask that a trip of one of them brought about: to Utrecht, near to where the other lives.
async fn a_visit_is_asked_about(house: &mut House) -> Channel {
    house.opens().await;
    house.is_set_up("discreet").await;
    house.ada.runs("/places add city:utrecht name:\"Café Zuid\"").await;
    house.ada.runs("/places add city:\"New York City, United States\" name:\"Far away\"").await;
    house.ada.runs("/nudge place by:\"all who come\"").await;
    house.ana().runs("/meet profile city:amsterdam").await;
    house.bo().runs("/meet profile city:\"New York City, United States\"").await;
    let told = house.bo().runs("/meet trip city:utrecht days:\"18-20 Sep\"").await;
    assert!(told.text.contains("Utrecht, Netherlands:** 18 September 2026 to 20 September 2026"), "{}", told.text);
    house.people_talk().await;
    house.round_comes();
    both_say_yes(house, &mut Nothing, &mut Watchers::default()).await
}

/// Both can make the first time.
async fn a_time_is_found(house: &mut House, poll: &SeenMessage) {
    for person in [house.ana(), house.bo()] {
        person.reacts(poll, "1️⃣");
    }
    house.discord.until("the counts", |_| poll.now().filter(|now| now.full_text().contains("2 can"))).await;
    house.passes(Duration::from_mins(11));
}

async fn a_visitor_is_suggested_and_only_the_days_of_the_visit_are_offered(database: TestDatabase) {
    let mut house = House::new(database).await;
    let room = a_visit_is_asked_about(&mut house).await;
    let poll = poll_in(&house, &room).await;
    assert!(poll.full_text().contains("A trip brings you near each other"), "{}", poll.full_text());
    assert!(!poll.full_text().contains("call") && !poll.full_text().contains("Utrecht"), "{}", poll.full_text());
    // The last one is the poll's own end.
    let mut offered = times(&poll);
    offered.pop();
    let day = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
    let (from, until) = (day("2026-09-17T22:00:00Z"), day("2026-09-20T22:00:00Z"));
    assert!(offered.len() >= 3 && offered.iter().all(|time| *time >= from && *time < until), "{offered:?}");
    a_time_is_found(&mut house, &poll).await;
    // It is fair to meet where one is for these days, not where they live.
    let on = house.bot_message_in(&room, "Places").await;
    let seen = house.ana().clicks(&on, "Places").await;
    assert!(seen.text.contains("Utrecht") && seen.text.contains("Café Zuid"), "{}", seen.text);
    assert!(!seen.text.contains("Far away"), "{}", seen.text);
    // What somebody types is meant by the clocks of where they are on that day: on the last evening of the visit, too, and on the
    // day before it by those of home, where it is Ana's night.
    let typed = async |day: &str, time: &str| {
        let form = house.bo().clicks(&on, "Move it").await.modal();
        let typed = [("Day, such as 2026-12-24 or 24.12.", day), ("Time where you are then, such as 19:30", time)];
        house.bo().submits(&form, &typed).await.text
    };
    let told = typed("2026-09-17", "19:30").await;
    assert!(told.contains("reaches into the night"), "{told}");
    let told = typed("2026-09-20", "19:30").await;
    assert!(told.contains("The others are asked"), "{told}");
    let offer = house.bot_message_in(&room, "That works").await;
    house.ana().clicks(&offer, "That works").await;
    let moved = |one: &SeenMessage| one.id > on.id && one.labels().iter().any(|label| label == "Move it");
    let moved = house.discord.until("the new time", |_| room.messages().into_iter().find(moved)).await;
    assert_eq!(times(&moved)[0], day("2026-09-20T17:30:00Z"));
    // A trip that takes one of them away is no business of the other: the place is fair for where they live.
    let told = house.bo().runs("/meet trip city:\"sao paulo\" days:\"18-20 Sep\"").await;
    assert!(told.text.contains("Paulo, Brazil:** 18 September 2026 to 20 September 2026"), "{}", told.text);
    let seen = house.ana().clicks(&moved, "Places").await;
    assert!(seen.text.contains("5870 km"), "as far as from Amsterdam to New York: {}", seen.text);
    house.discord.assert_no_violations();
    house.closes().await;
}

/// Once the visit is too near for another poll about it, every other time is one at which they are an ocean apart.
async fn another_time_does_not_cost_a_visit(database: TestDatabase) {
    let mut house = House::new(database).await;
    let room = a_visit_is_asked_about(&mut house).await;
    let poll = poll_in(&house, &room).await;
    a_time_is_found(&mut house, &poll).await;
    let on = house.bot_message_in(&room, "Another time").await;
    house.passes_until("2026-09-18T06:00:00Z".parse().unwrap());
    let told = house.ana().clicks(&on, "Another time").await;
    assert!(told.text.contains("so its time stays"), "{}", told.text);
    house.discord.assert_no_violations();
    house.closes().await;
}

on_both_engines!(a_visitor_is_suggested_and_only_the_days_of_the_visit_are_offered, another_time_does_not_cost_a_visit,);
