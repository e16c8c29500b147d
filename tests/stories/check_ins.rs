//! The question of the next morning finds everybody, by whatever door, and waits long enough for whoever only looks.

use std::time::Duration;

use chrono::{DateTime, Utc};
use fake_discord::Channel;
use wallflower::domain::meetup::SaidBy;
use wallflower::domain::notice::Notice;

use crate::house::House;
use crate::support::TestDatabase;
use crate::watchers::Watchers;
use crate::whole_way::{Nothing, both_say_yes, next_morning_at_ten, they_are_reminded, they_find_a_time};

const QUESTION: &str = "Did you meet?";
const LINE: &str = "How was it?";

/// Ana and Bo have a time, and have been reminded of it.
pub async fn they_are_to_meet(database: TestDatabase) -> (House, Channel, DateTime<Utc>) {
    let (mut house, room, slot) = they_have_a_time(database).await;
    they_are_reminded(&mut house, &room, slot, &mut Nothing).await;
    (house, room, slot)
}

/// Ana and Bo have a time.
pub async fn they_have_a_time(database: TestDatabase) -> (House, Channel, DateTime<Utc>) {
    let mut house = House::new(database).await;
    house.opens().await;
    house.is_set_up("discreet").await;
    house.people_talk().await;
    house.round_comes();
    let mut watchers = Watchers::default();
    let room = both_say_yes(&mut house, &mut Nothing, &mut watchers).await;
    let slot = they_find_a_time(&mut house, &room, false, &mut Nothing, &mut watchers).await;
    (house, room, slot)
}

async fn who_is_reached_by_no_message_is_told_in_the_room_and_has_time(database: TestDatabase) {
    let (mut house, room, slot) = they_are_to_meet(database).await;
    house.ana().runs("/meet profile asks:\"only when I look\"").await;
    house.bo().closes_dms();
    house.passes_until(slot + chrono::Duration::minutes(61));
    house.passes_until(next_morning_at_ten(slot));
    house
        .eventually("Bo's closed door", async |store| {
            let bo = wallflower::domain::ids::UserId::new(house.bo().id).unwrap();
            let member = store.member(house.community(), bo).await.unwrap()?;
            (member.profile.door == wallflower::domain::member::Door::Look).then_some(())
        })
        .await;
    house.passes(Duration::from_mins(16));
    let line = house.bot_message_in(&room, "See mine").await;
    assert!(line.text.starts_with(LINE) && line.pinged.is_empty(), "{}", line.line());
    assert!(!line.full_text().contains("<@"), "it names nobody: {}", line.line());
    // They were away for a week and more.
    house.passes(Duration::from_hours(9 * 24));
    for person in [house.ana(), house.bo()] {
        let asked = person.clicks(&line, "See mine").await;
        assert!(asked.ephemeral && asked.full_text().contains(QUESTION), "{}", asked.full_text());
        person.clicks(&asked, "We met").await;
        assert!(person.dms().iter().all(|dm| !dm.full_text().contains(QUESTION)));
    }
    let met = house.eventually("the row in met", async |_| Some(house.met().await).filter(|met| !met.is_empty())).await;
    assert_eq!(met.iter().map(|met| met.said_by).collect::<Vec<_>>(), [SaidBy::Both]);
    house.nobody_else_learns_of_the_room(&room, LINE);
    house.closes().await;
}

async fn who_was_asked_alone_is_not_told_again_in_the_room(database: TestDatabase) {
    let (mut house, room, slot) = they_are_to_meet(database).await;
    house.passes_until(slot + chrono::Duration::minutes(61));
    house.passes_until(next_morning_at_ten(slot));
    for person in [house.ana(), house.bo()] {
        house.dm_with(person, "We met").await;
    }
    let later = slot + chrono::Duration::days(3);
    let waits = async |store: &wallflower::store::Store| {
        let due = store.due_notices(later, None).await.unwrap();
        due.iter().any(|row| row.notice == Notice::CheckInWaits)
    };
    house.eventually("the line that may be needed", async |store| waits(store).await.then_some(())).await;
    house.passes(Duration::from_mins(16));
    house.eventually("the line to be needless", async |store| (!waits(store).await).then_some(())).await;
    assert!(room.messages().iter().all(|message| !message.text.starts_with(LINE)));
    house.closes().await;
}

impl House {
    /// What stands in the room is read by nobody who may not read there.
    fn nobody_else_learns_of_the_room(&self, room: &Channel, words: &str) {
        assert!(!self.zoe.can_see(room));
        let elsewhere = [&self.tables, &self.general].map(Channel::messages);
        assert!(elsewhere.iter().flatten().all(|message| !message.text.starts_with(words)));
    }
}

on_both_engines!(
    who_is_reached_by_no_message_is_told_in_the_room_and_has_time,
    who_was_asked_alone_is_not_told_again_in_the_room,
);
