//! After the meetup: straight to another one, by a click, where it did not happen or where both would meet again.

use std::time::Duration;

use chrono::{DateTime, Utc};
use fake_discord::{Channel, SeenMessage};

use crate::check_ins::they_are_to_meet;
use crate::house::House;
use crate::support::TestDatabase;
use crate::watchers::Watchers;
use crate::whole_way::{
    BetweenSteps, FIRST_SLOT, Nothing, both_say_yes, next_morning_at_ten, poll_in, they_are_reminded, they_find_a_time,
    when,
};

const TRY: &str = "Try again";
const WORD: &str = "A word for the channel";
const FIND: &str = "Find a time";

/// Both are asked how it was, and say this.
async fn they_tell(house: &mut House, slot: DateTime<Utc>, label: &str) {
    house.passes_until(slot + chrono::Duration::minutes(61));
    house.passes_until(next_morning_at_ten(slot));
    for person in [house.ana().clone(), house.bo().clone()] {
        let asked = house.dm_with(&person, label).await;
        house.insist(|| person.try_clicks(&asked, label)).await;
    }
    // What the room hears comes after the line that may be needed by who only looks.
    house.passes(Duration::from_mins(16));
}

/// The new poll comes, both vote in it, and it is on.
async fn they_find_another_time(
    house: &mut House,
    room: &Channel,
    polls: usize,
    between: &mut impl BetweenSteps,
) -> DateTime<Utc> {
    house
        .discord
        .until("the new poll with its choices", |_| {
            let standing: Vec<_> = room.messages().into_iter().filter(is_poll).collect();
            (standing.len() > polls && standing.last()?.reactions.iter().any(|(emoji, _)| emoji == "🚫")).then_some(())
        })
        .await;
    let before = standing(room, "Swap host");
    let poll = poll_in(house, room).await;
    house.ana().reacts(&poll, FIRST_SLOT);
    house.bo().reacts(&poll, FIRST_SLOT);
    between.after(house, "voted again").await;
    house
        .discord
        .until("the counts in the text", |_| poll.now().filter(|poll| poll.full_text().contains("2 can")))
        .await;
    house.passes(Duration::from_mins(11));
    between.after(house, "poll closed again").await;
    house.discord.until("the new time", |_| (standing(room, "Swap host") > before).then_some(())).await;
    when(&house.bot_message_in(room, "Swap host").await)
}

/// What follows a meetup that was held: a word for the channel, and straight to the next one.
pub async fn tell_of_what_follows(house: &mut House, between: &mut impl BetweenSteps) {
    house.is_set_up("discreet").await;
    house.people_talk().await;
    house.round_comes();
    let mut watchers = Watchers::default();
    let room = both_say_yes(house, &mut Nothing, &mut watchers).await;
    let slot = they_find_a_time(house, &room, false, &mut Nothing, &mut watchers).await;
    house.passes_until(slot + chrono::Duration::minutes(61));
    house.passes_until(next_morning_at_ten(slot));
    between.after(house, "next morning").await;
    for person in [house.ana().clone(), house.bo().clone()] {
        let asked = house.dm_with(&person, "We met").await;
        house.insist(|| person.try_clicks(&asked, "We met")).await;
        between.after(house, "checked in").await;
    }
    // What the room hears comes after the line that may be needed by who only looks.
    house.passes(Duration::from_mins(16));
    a_word_is_fine_with_both(house, &room, between).await;
    for person in [house.ana().clone(), house.bo().clone()] {
        let thanked = house.dm_with(&person, "Gladly").await;
        house.insist(|| person.try_clicks(&thanked, "Gladly")).await;
        between.after(house, "would meet again").await;
    }
    let offer = house.bot_message_in(&room, FIND).await;
    between.after(house, "offered").await;
    let polls = room.messages().iter().filter(|message| is_poll(message)).count();
    house.insist(|| house.ana().try_clicks(&offer, FIND)).await;
    between.after(house, "another poll").await;
    assert!(they_find_another_time(house, &room, polls, between).await > slot);
    house.all_is_said().await;
    let words = house.tables.messages().into_iter().filter(|one| one.full_text().contains("laughed")).count();
    assert_eq!((standing(&room, FIND), words), (1, 1));
    house.nothing_was_said_twice();
    house.discord.assert_no_violations();
}

async fn a_word_is_fine_with_both(house: &mut House, room: &Channel, between: &mut impl BetweenSteps) {
    let thanked = house.dm_with(house.ana(), WORD).await;
    let form = house.insist(|| house.ana().try_clicks(&thanked, WORD)).await.modal();
    let typed = [("How was it? Without names, please.", "We laughed a lot")];
    house.insist(|| house.ana().try_submits(&form, &typed)).await;
    between.after(house, "a word is drafted").await;
    let draft = house.bot_message_in(room, "Fine with me").await;
    house.insist(|| house.bo().try_clicks(&draft, "Fine with me")).await;
    between.after(house, "the word is fine").await;
    let is_word = |message: &SeenMessage| message.is_from_bot() && message.full_text().contains("laughed");
    house.discord.until("the word", |_| house.tables.messages().into_iter().find(is_word)).await;
}

fn is_poll(message: &SeenMessage) -> bool {
    message.is_from_bot() && message.reactions.len() >= 2
}

fn standing(room: &Channel, label: &str) -> usize {
    room.messages().iter().filter(|message| message.labels().iter().any(|one| one == label)).count()
}

async fn what_did_not_happen_is_tried_again_with_one_click_and_then_rests(database: TestDatabase) {
    let (mut house, room, slot) = they_are_to_meet(database).await;
    they_tell(&mut house, slot, "It didn't happen").await;
    let offer = house.bot_message_in(&room, TRY).await;
    assert!(offer.pinged.is_empty() && !offer.full_text().contains("<@"), "{}", offer.line());
    let polls = room.messages().iter().filter(|message| is_poll(message)).count();
    house.bo().clicks(&offer, TRY).await;
    let late = house.ana().clicks(&offer, TRY).await;
    assert!(late.full_text().contains("can't be another poll"), "{}", late.full_text());
    let next = they_find_another_time(&mut house, &room, polls, &mut Nothing).await;
    assert!(next > slot);
    they_are_reminded(&mut house, &room, next, &mut Nothing).await;
    they_tell(&mut house, next, "It didn't happen").await;
    house.discord.until("the thread to be archived", |_| room.is_archived().then_some(())).await;
    house.all_is_said().await;
    assert_eq!(standing(&room, TRY), 1, "after two it rests");
    house.closes().await;
}

async fn who_would_meet_again_is_heard_only_if_both_would(database: TestDatabase) {
    let (mut house, room, slot) = they_are_to_meet(database).await;
    they_tell(&mut house, slot, "We met").await;
    let thanked = house.dm_with(house.ana(), "Gladly").await;
    assert!(thanked.full_text().contains("Nobody hears what you say here"), "{}", thanked.full_text());
    assert!(thanked.full_text().contains(&format!("<#{}>", room.id)), "where a picture would go");
    house.ana().clicks(&thanked, "Gladly").await;
    house.passes(Duration::from_mins(2));
    house.all_is_said().await;
    assert_eq!(standing(&room, FIND), 0);
    let thanked = house.dm_with(house.bo(), "Gladly").await;
    house.bo().clicks(&thanked, "Gladly").await;
    let offer = house.bot_message_in(&room, FIND).await;
    assert!(offer.full_text().contains("would meet again"), "{}", offer.full_text());
    let polls = room.messages().iter().filter(|message| is_poll(message)).count();
    house.ana().clicks(&offer, FIND).await;
    assert!(they_find_another_time(&mut house, &room, polls, &mut Nothing).await > slot);
    house.nothing_was_said_twice();
    house.closes().await;
}

async fn a_word_reaches_the_channel_with_nobody_s_name_once_it_is_fine_with_both(database: TestDatabase) {
    let (mut house, room, slot) = they_are_to_meet(database).await;
    they_tell(&mut house, slot, "We met").await;
    let thanked = house.dm_with(house.ana(), WORD).await;
    let form = house.ana().clicks(&thanked, WORD).await.modal();
    house.ana().submits(&form, &[("How was it? Without names, please.", "We **laughed** a lot")]).await;
    let draft = house.bot_message_in(&room, "Fine with me").await;
    assert!(draft.pinged.is_empty() && !house.zoe.can_see(&room), "{}", draft.line());
    house.passes(Duration::from_mins(5));
    house.all_is_said().await;
    let posted = |house: &House| {
        house.tables.messages().into_iter().find(|one| one.is_from_bot() && one.full_text().contains("laughed"))
    };
    assert!(posted(&house).is_none());
    let told = house.bo().clicks(&draft, "Fine with me").await;
    assert!(told.ephemeral, "nobody else reads what Bo says");
    let word = house.discord.until("the word", |_| posted(&house)).await;
    assert!(!word.full_text().contains("**laughed**") && !word.full_text().contains("<@"), "{}", word.line());
    assert!(word.pinged.is_empty());
    house.closes().await;
}

/// All that Ana reads of the bot from "We met" on, where Bo has told this before her.
async fn what_ana_reads(database: TestDatabase, bo: Option<&str>) -> Vec<String> {
    let (mut house, room, slot) = they_are_to_meet(database).await;
    house.passes_until(slot + chrono::Duration::minutes(61));
    house.passes_until(next_morning_at_ten(slot));
    let (hers, his) = (house.dm_with(house.ana(), "We met").await, house.dm_with(house.bo(), "We met").await);
    if let Some(label) = bo {
        house.insist(|| house.bo().try_clicks(&his, label)).await;
    }
    let thanked = house.insist(|| house.ana().try_clicks(&hers, "We met")).await;
    let gladly = house.ana().clicks(&thanked, "Gladly").await;
    let form = house.ana().clicks(&gladly, WORD).await.modal();
    let drafted = house.ana().submits(&form, &[("How was it? Without names, please.", "We laughed a lot")]).await;
    // What the room hears comes after the line that may be needed by who only looks.
    house.passes(Duration::from_mins(16));
    if bo == Some("We met") {
        house.bot_message_in(&room, "Fine with me").await;
    } else {
        house.all_is_said().await;
        assert_eq!(standing(&room, "Fine with me"), 0, "the thread reads it where they met: {bo:?}");
    }
    let [thanked, gladly] = [&thanked, &gladly].map(|answer| (answer.text.clone(), answer.labels()));
    house.closes().await;
    let read = format!("{thanked:?}\n{gladly:?}\n{}\n{}", form.title, drafted.text);
    read.replace(&room.id.to_string(), "the room").lines().map(str::to_owned).collect()
}

async fn what_one_is_told_after_we_met_does_not_show_what_the_other_told(database: TestDatabase) {
    let silent = what_ana_reads(another(&database).await, None).await;
    assert!(silent[0].contains(WORD) && silent[1].contains(WORD), "{silent:?}");
    for told in ["We met", "It didn't happen", "Something was not right"] {
        assert_eq!(what_ana_reads(another(&database).await, Some(told)).await, silent, "{told}");
    }
}

/// One more database of the same engine.
async fn another(database: &TestDatabase) -> TestDatabase {
    if database.url.starts_with("sqlite:") { TestDatabase::sqlite() } else { TestDatabase::postgres().await }
}

on_both_engines!(
    a_word_reaches_the_channel_with_nobody_s_name_once_it_is_fine_with_both,
    what_did_not_happen_is_tried_again_with_one_click_and_then_rests,
    what_one_is_told_after_we_met_does_not_show_what_the_other_told,
    who_would_meet_again_is_heard_only_if_both_would,
);
