//! A member proposes an evening to everybody, and it comes to stand in the list of events.

use std::time::Duration;

use crate::house::House;
use crate::support::TestDatabase;
use crate::whole_way::{next_morning_at_ten, poll_in, when};

async fn an_open_evening_to_its_event_and_the_check_in(database: TestDatabase) {
    let mut house = House::new(database).await;
    house.opens().await;
    house.is_set_up("discreet").await;
    let (ana, bo, zoe) = (house.ana().clone(), house.bo().clone(), house.zoe.clone());
    let choices = ana.completes("/meet open city:utre", "city").await;
    let utrecht = choices.iter().find(|choice| choice.name.starts_with("Utrecht")).unwrap();
    ana.runs(&format!("/meet open city:\"{}\"", utrecht.value.as_str().unwrap())).await;
    let tables = house.tables.clone();
    let poll = poll_in(&house, &tables).await;
    let text = poll.full_text();
    assert!(text.contains(&ana.mention()) && text.contains("Utrecht"), "it names the proposer and the city: {text}");
    for person in [&ana, &bo, &zoe] {
        person.reacts(&poll, "1️⃣");
    }
    // Joins before the poll closes: her reaction counts by the second reading.
    let late = house.den.person("lou");
    late.reacts(&poll, "1️⃣");
    late.runs("/meet join").await;
    house.passes(Duration::from_hours(49));
    let on = house.bot_message_in(&tables, "Can't make it").await;
    let slot = when(&on);
    let event = house.discord.until("an entry in the list of events", |_| house.den.events().pop()).await;
    assert!(event.name.contains("Utrecht"), "{event:?}");
    house.has_no_trace_of(&zoe).await;
    house.passes_until(slot + chrono::Duration::minutes(61));
    house.passes_until(next_morning_at_ten(slot));
    for person in [&ana, &bo, &late] {
        let asked = house.dm_with(person, "We met").await;
        person.clicks(&asked, "We met").await;
    }
    let met = house.eventually("the rows in met", async |_| Some(house.met().await).filter(|met| met.len() == 2)).await;
    assert_eq!(met.len(), 2, "Ana has met Bo and Lou");
    assert_eq!(house.den.events().len(), 1, "the event was made once");
    house.nothing_was_said_twice();
    house.closes().await;
}

async fn an_evening_moves_when_its_proposer_says_so_and_all_may_vote_again(database: TestDatabase) {
    let mut house = House::new(database).await;
    house.opens().await;
    house.is_set_up("discreet").await;
    let (ana, bo, cy) = (house.ana().clone(), house.bo().clone(), house.guests[2].clone());
    ana.runs("/meet open").await;
    let tables = house.tables.clone();
    let first = poll_in(&house, &tables).await;
    assert!(first.pinged.is_empty(), "the proposer knows, and nobody else is in");
    ana.reacts(&first, "1️⃣");
    bo.reacts(&first, "1️⃣");
    cy.reacts(&first, "2️⃣");
    house.passes(Duration::from_hours(49));
    let on = house.bot_message_in(&tables, "Can't make it").await;
    assert!(!on.labels().contains(&"Another time".to_owned()), "a button that works for one of all who see it");
    assert_eq!(on.pinged, [ana.id, bo.id], "exactly those who come");
    let mine = bo.runs("/meet upcoming").await;
    assert!(!mine.labels().contains(&"Another time".to_owned()), "{:?}", mine.labels());
    let mine = ana.runs("/meet upcoming").await;
    assert!(ana.clicks(&mine, "Another time").await.full_text().contains("Another time is being looked for"));
    let second = house
        .discord
        .until("a second poll", |_| {
            let polls =
                tables.messages().into_iter().filter(|one| one.reactions.iter().any(|(emoji, _)| emoji == "🚫"));
            polls.last().filter(|poll| poll.id != first.id)
        })
        .await;
    assert_eq!(second.pinged, [ana.id, bo.id]);
    cy.reacts(&second, "1️⃣");
    ana.reacts(&second, "1️⃣");
    house.passes(Duration::from_hours(49));
    let on = house
        .discord
        .until("the new time", |_| {
            tables.messages().into_iter().find(|one| one.id > second.id && !one.pinged.is_empty())
        })
        .await;
    assert_eq!(on.pinged, [ana.id, cy.id], "Cy comes this time, and Bo has not said so");
    house.closes().await;
}

on_both_engines!(
    an_open_evening_to_its_event_and_the_check_in,
    an_evening_moves_when_its_proposer_says_so_and_all_may_vote_again,
);
