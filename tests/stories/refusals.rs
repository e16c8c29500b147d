//! One says no, nobody answers, one cannot make it: nobody is blamed, and nobody learns more than they may.

use std::time::Duration;

use fake_discord::Channel;

use crate::house::House;
use crate::support::TestDatabase;
use crate::whole_way::poll_in;

/// Long enough for the asks' deadline of five days.
const AFTER_THE_DEADLINE: Duration = Duration::from_hours(6 * 24);

pub async fn asked(database: TestDatabase) -> House {
    let mut house = House::new(database).await;
    house.opens().await;
    house.is_set_up("discreet").await;
    house.people_talk().await;
    house.round_comes();
    house
}

/// Both have said yes, and their thread is there.
pub async fn both_in_a_thread(database: TestDatabase) -> (House, Channel) {
    let house = asked(database).await;
    for person in [house.ana(), house.bo()] {
        let ask = house.dm_with(person, "I'd like that").await;
        person.clicks(&ask, "I'd like that").await;
    }
    let room = house.discord.until("a thread", |_| house.ana().threads().pop()).await;
    (house, room)
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

async fn a_no_looks_like_silence_to_the_other(database: TestDatabase) {
    let mut house = asked(database).await;
    let (ana, bo) = (house.ana().clone(), house.bo().clone());
    let ask = house.dm_with(&ana, "I'd like that").await;
    ana.clicks(&ask, "I'd like that").await;
    let ask = house.dm_with(&bo, "Not now").await;
    bo.clicks(&ask, "Not now").await;
    let so_far = ana.dms().len();
    house.passes(Duration::from_hours(1));
    assert_eq!(ana.dms().len(), so_far, "nothing is told before the deadline");
    house.passes(AFTER_THE_DEADLINE);
    let told = house
        .discord
        .until("kind words for Ana", |_| {
            ana.dms().into_iter().find(|dm| dm.full_text().contains("This one didn't come together"))
        })
        .await;
    assert!(!told.full_text().contains(&bo.mention()));
    assert!(!bo.dms().iter().any(|dm| dm.full_text().contains("This one didn't come together")));
    house.nobody_else_learns_of(&[&ana, &bo]);
    house.closes().await;
}

async fn nobody_answers_and_nobody_is_told(database: TestDatabase) {
    let mut house = asked(database).await;
    house.dm_with(house.ana(), "I'd like that").await;
    house.dm_with(house.bo(), "I'd like that").await;
    house.passes(AFTER_THE_DEADLINE);
    is_over_for_ana(&house).await;
    for person in [house.ana(), house.bo()] {
        assert!(!person.dms().iter().any(|dm| dm.full_text().contains("This one didn't come together")));
    }
    house.nobody_else_learns_of(&[house.ana(), house.bo()]);
    house.nothing_was_said_twice();
    house.closes().await;
}

async fn one_who_cannot_make_it_calls_it_off_at_once(database: TestDatabase) {
    let (mut house, room) = both_in_a_thread(database).await;
    let (ana, bo) = (house.ana().clone(), house.bo().clone());
    let poll = poll_in(&house, &room).await;
    for person in [&ana, &bo] {
        person.reacts(&poll, "2️⃣");
    }
    house.discord.until("the counts", |_| poll.now().filter(|poll| poll.full_text().contains("2 can"))).await;
    house.passes(Duration::from_mins(11));
    let on = house.bot_message_in(&room, "Can't make it").await;
    bo.clicks(&on, "Can't make it").await;
    let ends = |message: &fake_discord::SeenMessage| message.full_text().contains("plans changed");
    let end = house.discord.until("the kind end", |_| room.messages().into_iter().find(ends)).await;
    assert!(!end.full_text().contains(&bo.mention()), "nobody is blamed");
    house.passes(AFTER_THE_DEADLINE);
    assert_eq!(house.met().await.len(), 0);
    house.closes().await;
}

async fn without_a_common_time_one_second_poll_and_a_kind_end(database: TestDatabase) {
    let (mut house, room) = both_in_a_thread(database).await;
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

async fn a_report_stops_all_and_tells_only_the_moderators(database: TestDatabase) {
    let mut house = asked(database).await;
    let (ana, bo) = (house.ana().clone(), house.bo().clone());
    let ask = house.dm_with(&bo, "Report").await;
    bo.clicks(&ask, "Report").await;
    let report = house.discord.until("a report", |_| house.mods.messages().pop()).await;
    assert!(report.full_text().contains(&bo.mention()) && report.full_text().contains(&ana.mention()));
    assert!(!house.zoe.sees_of_bot().contains("report"), "only moderators see it");
    house.passes(AFTER_THE_DEADLINE);
    is_over_for_ana(&house).await;
    assert!(!ana.dms().iter().any(|dm| dm.full_text().to_lowercase().contains("report")
        && dm.full_text().contains(&bo.mention())
        && !dm.labels().contains(&"Report".to_owned())));
    house.closes().await;
}

async fn whoever_erases_themselves_leaves_no_trace_and_the_other_hears_only_cannot_make_it(database: TestDatabase) {
    let (mut house, room) = both_in_a_thread(database).await;
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

on_both_engines!(
    a_no_looks_like_silence_to_the_other,
    nobody_answers_and_nobody_is_told,
    one_who_cannot_make_it_calls_it_off_at_once,
    without_a_common_time_one_second_poll_and_a_kind_end,
    a_report_stops_all_and_tells_only_the_moderators,
    whoever_erases_themselves_leaves_no_trace_and_the_other_hears_only_cannot_make_it,
);
