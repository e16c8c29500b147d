//! Where Wallflower cannot speak it goes on by another door, or tells the admins once.

use std::time::Duration;

use chrono::{DateTime, Utc};
use fake_discord::permissions;

use crate::check_ins::they_have_a_time;
use crate::house::House;
use crate::refusals::both_in_a_room;
use crate::support::TestDatabase;
use crate::whole_way::{next_morning_at_ten, poll_in};

/// Long enough for the asks' deadline of five days.
const AFTER_THE_DEADLINE: Duration = Duration::from_hours(6 * 24);

async fn who_takes_no_direct_messages_finds_the_ask_under_the_doorbell(database: TestDatabase) {
    let mut house = House::new(database).await;
    house.opens().await;
    house.ana().closes_dms();
    house.is_set_up("discreet").await;
    house.people_talk().await;
    house.round_comes();
    let doorbell = house.bot_message_in(&house.tables, "See mine").await;
    let mine = house.ana().clicks(&doorbell, "See mine").await;
    assert!(mine.ephemeral && mine.full_text().contains(&house.bo().mention()), "{}", mine.full_text());
    house.ana().clicks(&mine, "I'd like that").await;
    let ask = house.dm_with(house.bo(), "I'd like that").await;
    house.bo().clicks(&ask, "I'd like that").await;
    house.discord.until("a thread", |_| house.ana().threads().pop()).await;
    house.closes().await;
}

async fn a_permission_that_was_taken_is_told_to_the_admins_and_both_hear_kind_words(database: TestDatabase) {
    let mut house = House::new(database).await;
    house.opens().await;
    house.is_set_up("discreet").await;
    house.people_talk().await;
    house.den.takes_from_bot(permissions::CREATE_PRIVATE_THREADS);
    house.round_comes();
    let (ana, bo) = (house.ana().clone(), house.bo().clone());
    for person in [&ana, &bo] {
        let ask = house.dm_with(person, "I'd like that").await;
        person.clicks(&ask, "I'd like that").await;
    }
    house
        .insist(|| async {
            let status = house.ada.runs("/wallflower status").await;
            let told = status.full_text().contains("Create Private Threads");
            if told { Ok(status) } else { Err(status.full_text()) }
        })
        .await;
    let told = |person: &fake_discord::Person| {
        person.dms().into_iter().find(|dm| dm.full_text().contains("This one didn't come together"))
    };
    assert!(told(&ana).is_none() && told(&bo).is_none(), "a no would not be told before the deadline either");
    house.passes(std::time::Duration::from_hours(6 * 24));
    for person in [&ana, &bo] {
        house.discord.until("kind words", |_| told(person)).await;
    }
    house.closes().await;
}

/// In the open the poll comes in the channel itself, where Wallflower may not write any more.
async fn a_channel_that_was_closed_to_it_is_told_to_the_admins_and_both_hear_kind_words(database: TestDatabase) {
    let mut house = House::new(database).await;
    house.opens().await;
    house.is_set_up("open").await;
    house.people_talk().await;
    house.round_comes();
    let ask = house.bot_message_in(&house.tables, "I'd like that").await;
    let about = [house.ana(), house.bo()].iter().all(|person| ask.full_text().contains(&person.mention()));
    assert!(about, "the strongest pair is asked first: {}", ask.line());
    house.den.takes_from_bot(permissions::SEND_MESSAGES);
    let (ana, bo) = (house.ana().clone(), house.bo().clone());
    for person in [&ana, &bo] {
        assert!(person.clicks(&ask, "I'd like that").await.ephemeral);
    }
    house.all_is_said().await;
    house.passes(AFTER_THE_DEADLINE);
    for person in [&ana, &bo] {
        let told = |dm: &fake_discord::SeenMessage| dm.full_text().contains("This one didn't come together");
        house.discord.until("kind words", |_| person.dms().into_iter().find(told)).await;
    }
    let status = house.ada.runs("/wallflower status").await;
    assert!(status.full_text().contains("Send Messages"), "{}", status.full_text());
    house.closes().await;
}

/// The reminders cannot be said; they meet all the same, and each is asked how it was.
async fn a_permission_that_is_taken_later_costs_words_and_no_meetup(database: TestDatabase) {
    let (mut house, room, slot) = they_have_a_time(database).await;
    house.den.takes_from_bot(permissions::SEND_MESSAGES_IN_THREADS);
    let before = room.messages().len();
    house.passes_until(slot - chrono::Duration::hours(23));
    house
        .insist(|| async {
            let status = house.ada.runs("/wallflower status").await;
            if status.full_text().contains("Send Messages in Threads") { Ok(status) } else { Err(status.full_text()) }
        })
        .await;
    assert_eq!(room.messages().len(), before);
    they_say_that_they_met(&house, slot).await;
    house.closes().await;
}

/// The next morning, and it is written down.
async fn they_say_that_they_met(house: &House, slot: DateTime<Utc>) {
    house.passes_until(slot + chrono::Duration::minutes(61));
    house.passes_until(next_morning_at_ten(slot));
    for person in [house.ana().clone(), house.bo().clone()] {
        let asked = house.dm_with(&person, "We met").await;
        house.insist(|| person.try_clicks(&asked, "We met")).await;
    }
    let met = house.eventually("the row in met", async |_| Some(house.met().await).filter(|met| !met.is_empty())).await;
    assert_eq!(met.len(), 1);
}

/// A moderator deletes the thread by hand while they vote.
async fn a_thread_that_is_deleted_while_they_vote_ends_it_and_each_hears_it_alone(database: TestDatabase) {
    let (mut house, room) = both_in_a_room(database, "discreet").await;
    let poll = poll_in(&house, &room).await;
    house.ana().reacts(&poll, "1️⃣");
    room.is_deleted();
    for person in [house.ana().clone(), house.bo().clone()] {
        let told = |dm: &fake_discord::SeenMessage| dm.full_text().contains("This one didn't come together");
        house.discord.until("kind words", |_| person.dms().into_iter().find(told)).await;
    }
    house.passes(Duration::from_hours(50));
    house.all_is_said().await;
    for person in [house.ana(), house.bo()] {
        assert!(person.runs("/meet upcoming").await.full_text().contains("Nothing is waiting"));
    }
    assert!(house.ana().threads().is_empty(), "no other one is opened");
    house.nothing_was_said_twice();
    house.closes().await;
}

/// And once they have a time. What was to be said there is not; they meet all the same, and each is asked how it was.
async fn a_thread_that_is_deleted_later_costs_its_words_and_no_meetup(database: TestDatabase) {
    let (mut house, room, slot) = they_have_a_time(database).await;
    room.is_deleted();
    house.passes_until(slot - chrono::Duration::hours(23));
    house.all_is_said().await;
    assert!(house.ana().threads().is_empty());
    let mine = house.ana().runs("/meet upcoming").await;
    assert!(mine.full_text().contains(&house.bo().mention()), "it is on: {}", mine.full_text());
    they_say_that_they_met(&house, slot).await;
    house.nothing_was_said_twice();
    house.closes().await;
}

on_both_engines!(
    a_thread_that_is_deleted_while_they_vote_ends_it_and_each_hears_it_alone,
    a_thread_that_is_deleted_later_costs_its_words_and_no_meetup,
    a_permission_that_is_taken_later_costs_words_and_no_meetup,
    who_takes_no_direct_messages_finds_the_ask_under_the_doorbell,
    a_permission_that_was_taken_is_told_to_the_admins_and_both_hear_kind_words,
    a_channel_that_was_closed_to_it_is_told_to_the_admins_and_both_hear_kind_words,
);
