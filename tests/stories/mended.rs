//! What could not be said is said once its cause is mended, and once only; what others do in private shows nowhere.

use std::time::Duration;

use fake_discord::permissions;

use crate::house::House;
use crate::refusals::{asked, both_in_a_room};
use crate::support::TestDatabase;
use crate::whole_way::poll_in;

/// Bo has reported, and the moderators' channel is closed to us.
async fn with_a_report_that_waits(database: TestDatabase) -> House {
    let house = asked(database, "discreet").await;
    let bo = house.bo().clone();
    house.mods.denies_bot(permissions::VIEW_CHANNEL);
    let ask = house.dm_with(&bo, "Report").await;
    bo.clicks(&ask, "Report").await;
    house
        .eventually("the report to be parked", async |store| {
            let long_ago = chrono::DateTime::UNIX_EPOCH;
            (!store.parked(house.community(), long_ago).await.unwrap().is_empty()).then_some(())
        })
        .await;
    let status = house.ada.runs("/wallflower status").await;
    assert!(status.full_text().contains("could not be said"), "{}", status.full_text());
    house
}

fn reports(house: &House) -> usize {
    house.mods.messages().iter().filter(|one| one.full_text().contains(&house.bo().mention())).count()
}

async fn setting_up_again_says_what_could_not_be_said(database: TestDatabase) {
    let mut house = with_a_report_that_waits(database).await;
    // Beside it the channel's past may still be asked for, on a busy machine also later.
    let messages = format!("/channels/{}/messages", house.mods.id);
    let is_try = |one: &&fake_discord::Request| one.method == "POST" && one.path == messages;
    let tries = || house.discord.requests().iter().filter(is_try).count();
    let so_far = tries();
    house.passes(Duration::from_hours(2));
    house.ada.runs("/wallflower status").await;
    assert_eq!(tries(), so_far, "it is not tried over and over");
    house.mods.allows_bot(permissions::VIEW_CHANNEL);
    house.ada.runs("/wallflower setup channel:#tables moderators:#mods").await;
    house.discord.until("the report", |_| reports(&house) > 0).await;
    let status = house.ada.runs("/wallflower status").await;
    assert!(!status.full_text().contains("could not be said"), "{}", status.full_text());
    house.ada.runs("/wallflower setup channel:#tables moderators:#mods").await;
    house.passes(Duration::from_hours(50));
    house.ada.runs("/wallflower status").await;
    assert_eq!(reports(&house), 1, "and not again");
    house.closes().await;
}

async fn what_could_not_be_said_is_tried_again_the_next_day(database: TestDatabase) {
    let mut house = with_a_report_that_waits(database).await;
    house.mods.allows_bot(permissions::VIEW_CHANNEL);
    house.passes(Duration::from_hours(20));
    house.ada.runs("/wallflower status").await;
    assert_eq!(reports(&house), 0);
    house
        .eventually("the report, a day later", async |_| {
            house.passes(Duration::from_mins(30));
            (reports(&house) == 1).then_some(())
        })
        .await;
    house.closes().await;
}

async fn without_a_channel_for_moderators_a_report_waits_for_one(database: TestDatabase) {
    let mut house = asked(database, "discreet").await;
    let bo = house.bo().clone();
    let reset = house.ada.runs("/wallflower reset what:\"the moderators' channel\"").await;
    assert!(reset.text.contains("nobody reads them"), "{}", reset.text);
    let ask = house.dm_with(&bo, "Report").await;
    let told = bo.clicks(&ask, "Report").await;
    assert!(told.text.contains("nobody reads it yet") && told.text.contains("speak to an admin"), "{}", told.text);
    house
        .eventually("the report to be parked", async |store| {
            let parked = store.parked(house.community(), chrono::DateTime::UNIX_EPOCH).await.unwrap();
            parked.iter().any(|why| why.contains("no moderators' channel")).then_some(())
        })
        .await;
    // Longer than anything else is kept that could not be said.
    house.passes(Duration::from_hours(40 * 24));
    house.all_is_said().await;
    let status = house.ada.runs("/wallflower status").await.full_text();
    assert!(status.contains("nobody reads them") && status.contains("a report waits for a reader"), "{status}");
    let refused = house.ada.runs("/wallflower setup channel:#tables moderators:#general").await;
    assert!(refused.text.contains("Everybody can read") && refused.text.contains("Nothing has been changed"));
    assert!(house.general.messages().iter().all(|one| !one.is_from_bot()), "no report in public");
    house.ada.runs("/wallflower setup channel:#tables moderators:#mods").await;
    house.discord.until("the report", |_| reports(&house) == 1).await;
    house.closes().await;
}

async fn a_report_by_one_who_is_out_already_is_received(database: TestDatabase) {
    let (mut house, room) = both_in_a_room(database, "discreet").await;
    let (ana, bo) = (house.ana().clone(), house.bo().clone());
    let poll = poll_in(&house, &room).await;
    for person in [&ana, &bo] {
        person.reacts(&poll, "1️⃣");
    }
    house.discord.until("the counts", |_| poll.now().filter(|poll| poll.full_text().contains("2 can"))).await;
    house.passes(Duration::from_mins(11));
    let on = house.bot_message_in(&room, "Can't make it").await;
    let asked_again = bo.clicks(&on, "Another time").await;
    assert!(!asked_again.text.is_empty());
    bo.runs("/meet pause until:2026-12-24").await;
    let told = bo.clicks(&on, "Report").await;
    assert!(told.ephemeral && told.text.contains("The moderators are told"), "{}", told.text);
    house.discord.until("the report", |_| reports(&house) == 1).await;
    house.closes().await;
}

async fn who_you_talk_with_stays_the_same_until_the_next_round(database: TestDatabase) {
    let mut house = asked(database, "discreet").await;
    let (ana, bo) = (house.ana().clone(), house.bo().clone());
    house.dm_with(&bo, "I'd like that").await;
    // What was said in a round's own week counts from the next one on.
    house.passes(Duration::from_hours(7 * 24));
    house.ada.runs("/nudge now").await;
    let first = ana.runs("/meet who").await.text;
    assert!(first.contains(&bo.mention()), "{first}");
    // Each by itself keeps him from being named, from the next round on; with enough others for one.
    let others = ["kim", "lee"].map(|name| house.den.person(name));
    for other in &others {
        other.runs("/meet join").await;
    }
    for (act, undo, who) in [
        ("/meet pause until:2026-12-24", "/meet pause", &bo),
        ("/wallflower exclude member:@bo", "/wallflower exclude member:@bo out:False", &house.ada),
    ] {
        who.runs(act).await;
        house.ada.runs("/nudge now").await;
        let none = ana.runs("/meet who").await.text;
        assert!(none.starts_with("Nobody to name yet"), "{act}: {none}");
        who.runs(undo).await;
        house.ada.runs("/nudge now").await;
        assert_eq!(ana.runs("/meet who").await.text, first, "{undo}");
    }
    for other in &others {
        other.runs("/meet leave").await;
    }
    for act in ["/meet avoid member:@ana", "/meet pause until:2026-12-24"] {
        house.passes(Duration::from_mins(1));
        bo.runs(act).await;
        assert_eq!(ana.runs("/meet who").await.text, first, "{act}");
    }
    house.ada.runs("/wallflower exclude member:@bo").await;
    assert_eq!(ana.runs("/meet who").await.text, first, "exclude");
    house.guests[7].runs("/meet pause until:2026-12-24").await;
    assert_eq!(ana.runs("/meet who").await.text, first, "fewer take part than a round needs");
    house.guests[7].runs("/meet pause").await;
    for newcomer in ["ida", "jo"] {
        house.den.person(newcomer).runs("/meet join").await;
    }
    house.ada.runs("/nudge now").await;
    let next = ana.runs("/meet who").await.text;
    assert!(!next.contains(&bo.mention()) && next.starts_with("Nobody to name yet"), "{next}");
    house.closes().await;
}

on_both_engines!(
    setting_up_again_says_what_could_not_be_said,
    what_could_not_be_said_is_tried_again_the_next_day,
    without_a_channel_for_moderators_a_report_waits_for_one,
    a_report_by_one_who_is_out_already_is_received,
    who_you_talk_with_stays_the_same_until_the_next_round,
);
