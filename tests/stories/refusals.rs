//! One says no, nobody answers, one cannot make it: nobody is blamed, and nobody learns more than they may.

use std::time::Duration;

use fake_discord::{Channel, Person, SeenMessage, Sight};

use crate::house::House;
use crate::support::TestDatabase;
use crate::watchers::{Hidden, Watchers};
use crate::whole_way::{poll_in, when};

/// Long enough for the asks' deadline of five days.
const AFTER_THE_DEADLINE: Duration = Duration::from_hours(6 * 24);
const NEWS: &str = "This one didn't come together";

pub async fn asked(database: TestDatabase, style: &str) -> House {
    let mut house = House::new(database).await;
    house.opens().await;
    house.is_set_up(style).await;
    house.people_talk().await;
    house.round_comes();
    house
}

/// The question as it stands before this person: to them alone, or in the channel.
async fn ask_of(house: &House, style: &str, person: &Person) -> SeenMessage {
    if style == "open" {
        let about = |message: &SeenMessage| {
            message.labels().contains(&"Not now".to_owned()) && message.full_text().contains(&person.mention())
        };
        let found = |_: &_| house.tables.messages().into_iter().find(about);
        house.discord.until("an ask in the channel", found).await
    } else {
        house.dm_with(person, "I'd like that").await
    }
}

/// Both have said yes; where their poll comes.
pub async fn both_in_a_room(database: TestDatabase, style: &str) -> (House, Channel) {
    let house = asked(database, style).await;
    for person in [house.ana(), house.bo()] {
        let ask = ask_of(&house, style, person).await;
        person.clicks(&ask, "I'd like that").await;
    }
    let room = if style == "open" {
        house.tables.clone()
    } else {
        house.discord.until("a thread", |_| house.ana().threads().pop()).await
    };
    (house, room)
}

/// What somebody saw, but for ids and moments, which differ from one time to the next.
fn words(sight: &Sight) -> Vec<String> {
    let mut all: Vec<String> = sight.lines().map(without_numbers).collect();
    all.sort();
    all
}

fn without_numbers(line: &str) -> String {
    let words = line.split(|c: char| !c.is_alphanumeric() && c != '\'');
    words.filter(|word| !word.chars().any(|c| c.is_ascii_digit())).collect::<Vec<_>>().join(" ")
}

/// Waits until no meetup of Ana is open.
async fn is_over_for_ana(house: &House) {
    house
        .eventually("the end of Ana's meetup", async |store| {
            let ana = wallflower::domain::ids::UserId::new(house.ana().id).unwrap();
            let all = store.meetups_of(house.community(), ana).await.unwrap();
            (!all.is_empty() && all.iter().all(wallflower::domain::meetup::Meetup::is_over)).then_some(())
        })
        .await;
}

/// Ana says yes, Bo says this or nothing. What Ana and a bystander saw from then on until after the deadline.
async fn seen_after_a_yes_and(answer: Option<&str>, style: &str, database: TestDatabase) -> [Vec<String>; 2] {
    let mut house = asked(database, style).await;
    let (ana, bo) = (house.ana().clone(), house.bo().clone());
    // Others of the round may be asked after these two.
    house.passes(Duration::from_hours(1));
    house.all_is_said().await;
    let ask = ask_of(&house, style, &ana).await;
    ana.clicks(&ask, "I'd like that").await;
    let mut watchers = Watchers::default();
    watchers.look(&house, "one yes", Hidden { from: &[], nameless_to: &[] }).await;
    let before = [&ana, &house.zoe].map(Person::sight);
    let ask = ask_of(&house, style, &bo).await;
    if let Some(answer) = answer {
        let answered = bo.clicks(&ask, answer).await;
        assert!(answered.ephemeral || answered.updated, "nobody sees who answered what");
    }
    let all_but_bo: Vec<_> = house.others().into_iter().chain([&ana]).collect();
    watchers.look(&house, "a no", Hidden { from: &all_but_bo, nameless_to: &[] }).await;
    house.passes(Duration::from_hours(1));
    house.passes(AFTER_THE_DEADLINE);
    is_over_for_ana(&house).await;
    house.all_is_said().await;
    let told = |person: &Person| person.dms().into_iter().find(|dm| dm.full_text().contains(NEWS));
    let kind = told(&ana).expect("Ana hears that it did not come together");
    assert!(!kind.full_text().contains(&bo.mention()));
    assert!(told(&bo).is_none(), "who did not say yes hears nothing");
    if style != "open" {
        house.nobody_else_learns_of(&[&ana, &bo]);
    }
    house.nothing_was_said_twice();
    let seen = [&ana, &house.zoe].map(Person::sight);
    house.closes().await;
    [words(&seen[0].since(&before[0])), words(&seen[1].since(&before[1]))]
}

async fn a_no_looks_like_silence_to_the_other(database: TestDatabase, style: &str) {
    let silence = seen_after_a_yes_and(None, style, TestDatabase::sqlite()).await;
    let no = seen_after_a_yes_and(Some("Not now"), style, database).await;
    assert_eq!(no, silence);
}

async fn nobody_answers_and_nobody_is_told(database: TestDatabase, style: &str) {
    let mut house = asked(database, style).await;
    for person in [house.ana(), house.bo()] {
        ask_of(&house, style, person).await;
    }
    house.passes(AFTER_THE_DEADLINE);
    is_over_for_ana(&house).await;
    house.all_is_said().await;
    for person in [house.ana(), house.bo()] {
        assert!(!person.dms().iter().any(|dm| dm.full_text().contains(NEWS)));
    }
    if style != "open" {
        house.nobody_else_learns_of(&[house.ana(), house.bo()]);
    }
    house.nothing_was_said_twice();
    house.closes().await;
}

async fn one_who_cannot_make_it_calls_it_off_at_once(database: TestDatabase, style: &str) {
    let (mut house, room) = both_in_a_room(database, style).await;
    let (ana, bo) = (house.ana().clone(), house.bo().clone());
    let poll = poll_in(&house, &room).await;
    for person in [&ana, &bo] {
        person.reacts(&poll, "2️⃣");
    }
    house.discord.until("the counts", |_| poll.now().filter(|poll| poll.full_text().contains("2 can"))).await;
    house.passes(Duration::from_mins(11));
    let on = house.bot_message_in(&room, "Can't make it").await;
    bo.clicks(&on, "Can't make it").await;
    let ends = |message: &SeenMessage| message.full_text().contains("plans changed");
    let end = house.discord.until("the kind end", |_| room.messages().into_iter().find(ends)).await;
    assert!(!end.full_text().contains(&bo.mention()), "nobody is blamed");
    house.passes(AFTER_THE_DEADLINE);
    assert_eq!(house.met().await.len(), 0);
    house.closes().await;
}

/// Both can make this choice of a poll; it closes, and the time it found is announced.
async fn they_find(house: &House, room: &Channel, poll: &SeenMessage) -> SeenMessage {
    for person in [house.ana(), house.bo()] {
        person.reacts(poll, "2️⃣");
    }
    house.discord.until("the counts", |_| poll.now().filter(|poll| poll.full_text().contains("2 can"))).await;
    house.passes(Duration::from_mins(11));
    let is_on = |message: &SeenMessage| message.id > poll.id && message.labels().contains(&"Can't make it".to_owned());
    house.discord.until("a time that was found", |_| room.messages().into_iter().find(is_on)).await
}

async fn another_time_means_one_new_poll_and_the_next_wish_hears_what_else_there_is(
    database: TestDatabase,
    style: &str,
) {
    let (mut house, room) = both_in_a_room(database, style).await;
    let first = poll_in(&house, &room).await;
    let on = they_find(&house, &room, &first).await;
    let asked = house.bo().clicks(&on, "Another time").await;
    assert!(asked.ephemeral && asked.full_text().contains("Another time is being looked for"), "{}", asked.full_text());
    let later = |message: &SeenMessage| message.id > on.id && message.reactions.iter().any(|(emoji, _)| emoji == "🚫");
    let second = house.discord.until("a second poll", |_| room.messages().into_iter().find(later)).await;
    assert!(second.pinged.contains(&house.ana().id), "the other hears at once: {}", second.line());
    assert!(!second.full_text().contains(&format!("<t:{}", when(&on).timestamp())), "other times: {}", second.line());
    let again = they_find(&house, &room, &second).await;
    assert_ne!(when(&again), when(&on));
    let refused = house.ana().clicks(&again, "Another time").await;
    assert!(refused.ephemeral, "the other hears nothing of it");
    let words = refused.full_text();
    assert!(words.contains("its time stays") && words.contains("*Call it off*"), "{words}");
    assert_eq!(words.contains("*Move it*"), style == "open", "a thread has had its words by then: {words}");
    house.all_is_said().await;
    assert!(!room.messages().iter().any(|message| message.full_text().contains("plans changed")), "it is still on");
    assert!(house.ana().runs("/meet upcoming").await.full_text().contains(&house.bo().mention()));
    house.nothing_was_said_twice();
    house.closes().await;
}

async fn without_a_common_time_one_second_poll_and_a_kind_end(database: TestDatabase, style: &str) {
    let (mut house, room) = both_in_a_room(database, style).await;
    let (ana, bo) = (house.ana().clone(), house.bo().clone());
    let first = poll_in(&house, &room).await;
    ana.reacts(&first, "1️⃣");
    bo.reacts(&first, "🚫");
    house.passes(Duration::from_hours(49));
    let second = house
        .discord
        .until("a second poll", |_| {
            let polls =
                room.messages().into_iter().filter(|message| message.is_from_bot() && message.reactions.len() >= 4);
            polls.last().filter(|poll| poll.id != first.id)
        })
        .await;
    assert!(second.full_text().contains("second and last poll"));
    house.passes(Duration::from_hours(49));
    house
        .discord
        .until("the kind end", |_| room.messages().into_iter().find(|one| one.full_text().contains("No time suited")))
        .await;
    house.closes().await;
}

async fn a_report_stops_all_and_tells_only_the_moderators(database: TestDatabase, style: &str) {
    let mut house = asked(database, style).await;
    let (ana, bo) = (house.ana().clone(), house.bo().clone());
    let ask = ask_of(&house, style, &bo).await;
    let mut watchers = Watchers::default();
    watchers.look(&house, "asked", Hidden { from: &[], nameless_to: &[] }).await;
    bo.clicks(&ask, "Report").await;
    let report = house.discord.until("a report", |_| house.mods.messages().pop()).await;
    assert!(report.full_text().contains(&bo.mention()) && report.full_text().contains(&ana.mention()));
    // The moderators' channel is Mo's; Ada, who set it up, was not let in.
    let blind: Vec<_> = house.outsiders().into_iter().chain([&ana]).collect();
    watchers.look(&house, "reported", Hidden { from: &blind, nameless_to: &[] }).await;
    house.passes(AFTER_THE_DEADLINE);
    is_over_for_ana(&house).await;
    house.all_is_said().await;
    assert!(!ana.dms().iter().any(|dm| dm.full_text().to_lowercase().contains("report")
        && dm.full_text().contains(&bo.mention())
        && !dm.labels().contains(&"Report".to_owned())));
    house.closes().await;
}

async fn whoever_erases_themselves_leaves_no_trace_and_the_other_hears_only_cannot_make_it(
    database: TestDatabase,
    style: &str,
) {
    let (mut house, room) = both_in_a_room(database, style).await;
    let bo = house.bo().clone();
    poll_in(&house, &room).await;
    bo.runs("/privacy forget").await;
    house.has_no_trace_of(&bo).await;
    house
        .discord
        .until("the kind end", |_| room.messages().into_iter().find(|one| one.full_text().contains("plans changed")))
        .await;
    house.closes().await;
}

in_both_styles!(
    a_no_looks_like_silence_to_the_other,
    nobody_answers_and_nobody_is_told,
    one_who_cannot_make_it_calls_it_off_at_once,
    another_time_means_one_new_poll_and_the_next_wish_hears_what_else_there_is,
    without_a_common_time_one_second_poll_and_a_kind_end,
    a_report_stops_all_and_tells_only_the_moderators,
    whoever_erases_themselves_leaves_no_trace_and_the_other_hears_only_cannot_make_it,
);
