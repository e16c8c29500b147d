//! A member proposes an evening to everybody, and it comes to stand in the list of events.

use std::time::Duration;

use fake_discord::{Choice, SeenMessage};

use crate::house::House;
use crate::support::TestDatabase;
use crate::whole_way::{BetweenSteps, Nothing, next_morning_at_ten, poll_in, when};

/// The story of an evening, from the set-up to the rows in `met`.
pub async fn tell_of_an_evening(house: &mut House, between: &mut impl BetweenSteps) {
    house.is_set_up("discreet").await;
    between.after(house, "set up").await;
    let (ana, bo, zoe) = (house.ana().clone(), house.bo().clone(), house.zoe.clone());
    let utrecht = city(house, "utre", "Utrecht").await;
    let proposal = format!("/meet open city:\"{}\"", utrecht.value.as_str().unwrap());
    house.insist(|| ana.try_runs(&proposal)).await;
    between.after(house, "proposed").await;
    let tables = house.tables.clone();
    let poll = poll_in(house, &tables).await;
    let text = poll.full_text();
    assert!(text.contains(&ana.mention()) && text.contains("Utrecht"), "it names the proposer and the city: {text}");
    for person in [&ana, &bo, &zoe] {
        person.reacts(&poll, "1️⃣");
    }
    between.after(house, "voted").await;
    // Joins before the poll closes: her reaction counts by the second reading.
    let late = house.den.person("lou");
    late.reacts(&poll, "1️⃣");
    house.insist(|| late.try_runs("/meet join")).await;
    between.after(house, "one more joined").await;
    house.passes(Duration::from_hours(49));
    between.after(house, "poll closed").await;
    let on = house.bot_message_in(&tables, "Can't make it").await;
    let slot = when(&on);
    let event = house.discord.until("an entry in the list of events", |_| house.den.events().pop()).await;
    assert!(event.name.contains("Utrecht"), "{event:?}");
    between.after(house, "it stands in the list").await;
    let cy = house.guests[2].clone();
    for (label, step) in [("Going", "an RSVP"), ("Can't make it", "an RSVP taken back")] {
        house.insist(|| cy.try_clicks(&on, label)).await;
        between.after(house, step).await;
    }
    house.has_no_trace_of(&zoe).await;
    house.passes_until(slot + chrono::Duration::minutes(61));
    between.after(house, "over").await;
    house.passes_until(next_morning_at_ten(slot));
    between.after(house, "next morning").await;
    for person in [&ana, &bo, &late] {
        let asked = house.dm_with(person, "We met").await;
        house.insist(|| person.try_clicks(&asked, "We met")).await;
        between.after(house, "checked in").await;
    }
    let met = house.eventually("the rows in met", async |_| Some(house.met().await).filter(|met| met.len() == 2)).await;
    assert_eq!(met.len(), 2, "Ana has met Bo and Lou");
    assert_eq!(house.den.events().len(), 1, "the event was made once");
    house.has_no_trace_of(&zoe).await;
    house.nothing_was_said_twice();
    house.discord.assert_no_violations();
}

/// What is proposed to Ana while she types a city.
async fn city(house: &House, typed: &str, wanted: &str) -> Choice {
    let line = format!("/meet open city:{typed}");
    for _ in 0..40 {
        if let Ok(choices) = house.ana().try_completes(&line, "city").await {
            return choices.into_iter().find(|choice| choice.name.starts_with(wanted)).unwrap();
        }
        house.discord.until_connected(2).await;
    }
    panic!("no city is proposed");
}

async fn an_open_evening_to_its_event_and_the_check_in(database: TestDatabase) {
    let mut house = House::new(database).await;
    house.opens().await;
    tell_of_an_evening(&mut house, &mut Nothing).await;
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

/// The announcement as it stands now.
async fn announcement(house: &House, shows: &str) -> SeenMessage {
    let tables = house.tables.clone();
    let on = |message: &SeenMessage| {
        message.labels().iter().any(|one| one == "Going") && message.full_text().contains(shows)
    };
    house.discord.until(&format!("an announcement with \"{shows}\""), |_| tables.messages().into_iter().find(on)).await
}

async fn seats_are_given_in_order_and_a_bystander_hears_how_to_join(database: TestDatabase) {
    let mut house = House::new(database).await;
    house.opens().await;
    house.is_set_up("discreet").await;
    let (ana, bo, cy) = (house.ana().clone(), house.bo().clone(), house.guests[2].clone());
    let refused = ana.runs("/meet open seats:2 at_least:3").await;
    assert!(refused.full_text().contains("more people than it has seats"), "{}", refused.full_text());
    ana.runs("/meet open seats:2").await;
    let tables = house.tables.clone();
    let poll = poll_in(&house, &tables).await;
    assert!(poll.full_text().contains("There is room for 2"), "{}", poll.full_text());
    ana.reacts(&poll, "1️⃣");
    bo.reacts(&poll, "1️⃣");
    house.passes(Duration::from_hours(49));
    let on = announcement(&house, "2 of 2 seats").await;
    let told = house.zoe.clicks(&on, "Going").await;
    assert!(told.ephemeral && told.full_text().contains("/meet join"), "{}", told.full_text());
    house.has_no_trace_of(&house.zoe).await;
    let told = cy.clicks(&on, "Going").await;
    assert!(told.ephemeral && told.full_text().contains("number 1 on the waiting list"), "{}", told.full_text());
    let on = announcement(&house, "one person waits").await;
    assert!(!on.full_text().contains(&cy.mention()), "numbers, no names");
    bo.clicks(&on, "Can't make it").await;
    let free = house.dm_with(&cy, "Going").await;
    assert!(free.full_text().contains("A seat has come free"), "{}", free.full_text());
    cy.clicks(&free, "Going").await;
    announcement(&house, "2 of 2 seats").await;
    let mine = cy.runs("/meet upcoming").await;
    assert!(mine.full_text().contains("Your meetup"), "{}", mine.full_text());
    house.nothing_was_said_twice();
    house.discord.assert_no_violations();
    house.closes().await;
}

on_both_engines!(
    seats_are_given_in_order_and_a_bystander_hears_how_to_join,
    an_open_evening_to_its_event_and_the_check_in,
    an_evening_moves_when_its_proposer_says_so_and_all_may_vote_again,
);
