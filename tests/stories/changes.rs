//! What two change once they have a time: they move it, run late, call it off.

use std::time::Duration;

use chrono::{DateTime, Utc};
use fake_discord::{Channel, SeenMessage};

use crate::house::House;
use crate::refusals::both_in_a_room;
use crate::support::TestDatabase;
use crate::whole_way::{poll_in, when};

on_both_engines!(
    a_time_that_one_proposes_is_taken_when_it_suits_the_other,
    without_reminders_who_is_late_says_so_under_see_mine,
    who_runs_late_says_so_and_the_thread_is_archived_after_the_check_in,
    a_meetup_is_called_off_with_a_word_that_pings_nobody_and_a_file_for_calendars,
);

async fn scheduled(database: TestDatabase) -> (House, Channel, SeenMessage) {
    let (house, room) = both_in_a_room(database, "discreet").await;
    let poll = poll_in(&house, &room).await;
    for person in [house.ana(), house.bo()] {
        person.reacts(&poll, "1️⃣");
    }
    house.discord.until("both votes", |_| poll.now().filter(|now| now.full_text().contains("2 can"))).await;
    house.passes(Duration::from_mins(11));
    let on = house.bot_message_in(&room, "Call it off").await;
    (house, room, on)
}

async fn a_time_that_one_proposes_is_taken_when_it_suits_the_other(database: TestDatabase) {
    let (mut house, room, on) = scheduled(database).await;
    let (ana, bo) = (house.ana().clone(), house.bo().clone());
    let form = bo.clicks(&on, "Move it").await.modal();
    let typed =
        [("Day, such as 2026-12-24 or 24.12.", "2026-09-26"), ("Time where you are then, such as 19:30", "19:30")];
    let told = bo.submits(&form, &typed).await;
    assert!(told.ephemeral && told.text.contains("The others are asked"), "{}", told.text);
    let offer = house.bot_message_in(&room, "That works").await;
    assert_eq!(offer.pinged, [ana.id], "who proposes it knows");
    let told = bo.clicks(&offer, "That works").await;
    assert!(told.full_text().contains("settled already"), "{}", told.full_text());
    ana.clicks(&offer, "That works").await;
    let moved = house
        .discord
        .until("the new time", |_| {
            room.messages()
                .into_iter()
                .find(|one| one.id > on.id && one.labels().iter().any(|label| label == "Move it"))
        })
        .await;
    assert_eq!(when(&moved), "2026-09-26T17:30:00Z".parse::<DateTime<Utc>>().unwrap());
    house.discord.until("what came of it", |_| offer.now().filter(|now| now.full_text().contains("settled"))).await;
    house.nothing_was_said_twice();
    house.discord.assert_no_violations();
    house.closes().await;
}

async fn who_runs_late_says_so_and_the_thread_is_archived_after_the_check_in(database: TestDatabase) {
    let (mut house, room, on) = scheduled(database).await;
    let slot = when(&on);
    let (ana, bo) = (house.ana().clone(), house.bo().clone());
    house.passes_until(slot - chrono::Duration::hours(24));
    house.all_is_said().await;
    house.passes_until(slot - chrono::Duration::hours(2));
    let reminder = house.bot_message_in(&room, "Running late").await;
    assert!(bo.clicks(&reminder, "Running late").await.ephemeral);
    let late = |message: &SeenMessage| message.full_text().contains("running late");
    let said = house.discord.until("his word", |_| room.messages().into_iter().find(late)).await;
    assert!(said.full_text().contains(&bo.mention()));
    assert_eq!(said.pinged, [ana.id]);
    assert!(bo.clicks(&reminder, "Running late").await.full_text().contains("settled already"), "once");
    house.passes_until(slot + chrono::Duration::hours(2));
    house.passes_until(crate::whole_way::next_morning_at_ten(slot));
    for person in [&ana, &bo] {
        let asked = house.dm_with(person, "We met").await;
        person.clicks(&asked, "We met").await;
    }
    // What would have rung for the silent comes first in the room, and is not said any more.
    house.all_is_said().await;
    house.passes(Duration::from_hours(24));
    house.discord.until("an archived thread", |_| room.is_archived().then_some(())).await;
    house.discord.assert_no_violations();
    house.closes().await;
}

async fn without_reminders_who_is_late_says_so_under_see_mine(database: TestDatabase) {
    let (mut house, room, on) = scheduled(database).await;
    let slot = when(&on);
    let (ana, bo) = (house.ana().clone(), house.bo().clone());
    house.ada.runs("/nudge reminders when:none").await;
    house.passes_until(slot - chrono::Duration::hours(4));
    house.all_is_said().await;
    let mine = bo.runs("/meet upcoming").await;
    assert!(!mine.labels().contains(&"Running late".to_owned()), "nobody is late so early: {:?}", mine.labels());
    house.passes_until(slot - chrono::Duration::minutes(20));
    house.all_is_said().await;
    assert!(!room.messages().iter().any(|one| one.labels().contains(&"Running late".to_owned())));
    let mine = bo.runs("/meet upcoming").await;
    assert!(bo.clicks(&mine, "Running late").await.ephemeral);
    let late = |message: &SeenMessage| message.full_text().contains("running late");
    let said = house.discord.until("his word", |_| room.messages().into_iter().find(late)).await;
    assert!(said.full_text().contains(&bo.mention()) && said.pinged == [ana.id], "{}", said.line());
    let mine = bo.runs("/meet upcoming").await;
    assert!(!mine.labels().contains(&"Running late".to_owned()), "once: {:?}", mine.labels());
    house.discord.assert_no_violations();
    house.closes().await;
}

async fn a_meetup_is_called_off_with_a_word_that_pings_nobody_and_a_file_for_calendars(database: TestDatabase) {
    let (mut house, room, on) = scheduled(database).await;
    let form = house.ana().clicks(&on, "Call it off").await.modal();
    let word = "The trains **stand still** @everyone";
    let told = house.ana().submits(&form, &[("A reason if you like; all of you read it", word)]).await;
    assert!(told.ephemeral && told.text.contains("called off"), "{}", told.text);
    let is_end = |message: &SeenMessage| message.full_text().contains("Not this time");
    let end = house.discord.until("the end", |_| room.messages().into_iter().find(is_end)).await;
    let text = end.full_text();
    assert!(text.contains("The trains") && !text.contains("**stand"), "as she wrote it: {text}");
    assert_eq!(end.pinged, [house.ana().id, house.bo().id], "those concerned, and not everyone");
    let file = end.files.first().expect("a file for calendars");
    let ics = String::from_utf8_lossy(&file.bytes).into_owned();
    assert!(ics.contains("METHOD:CANCEL") && ics.contains("SEQUENCE:1"), "{ics}");
    house.all_is_said().await;
    assert_eq!(room.messages().into_iter().filter(is_end).count(), 1, "once");
    house.discord.assert_no_violations();
    house.closes().await;
}
