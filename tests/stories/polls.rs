//! The whole way again, in each other way of voting that a community can choose.

use std::time::Duration;

use chrono::{DateTime, Utc};
use fake_discord::{Channel, Person, SeenMessage};
use wallflower::domain::ids::UserId;
use wallflower::store::Store;

use crate::house::House;
use crate::support::TestDatabase;
use crate::watchers::Watchers;
use crate::whole_way::{
    Nothing, both_say_yes, it_was_little_and_rang_only_for_them, the_host_says_where, they_are_reminded, they_check_in,
    when,
};

/// Both have said yes in a community that votes like this; the thread is there.
async fn both_are_in(house: &mut House, ballot: &str) -> (Channel, Watchers) {
    let mut watchers = Watchers::default();
    house.opens().await;
    house.is_set_up("discreet").await;
    let said = house.ada.runs(&format!("/nudge poll ballot:{ballot}")).await;
    assert!(said.text.contains("From now on"), "{}", said.text);
    house.people_talk().await;
    house.round_comes();
    let room = both_say_yes(house, &mut Nothing, &mut watchers).await;
    (room, watchers)
}

/// From the poll's end to the row in `met`.
async fn they_meet(house: &mut House, room: &Channel, mut watchers: Watchers) {
    let on = house.bot_message_in(room, "Can't make it").await;
    let slot = when(&on);
    the_host_says_where(house, room).await;
    they_are_reminded(house, room, slot, &mut Nothing).await;
    they_check_in(house, slot, false, &mut Nothing, &mut watchers).await;
    it_was_little_and_rang_only_for_them(house, room, "discreet");
    house.has_no_trace_of(&house.zoe).await;
    house.nothing_was_said_twice();
    house.discord.assert_no_violations();
}

/// The options of the select with this placeholder.
fn options(components: &[serde_json::Value], placeholder: &str) -> Vec<(String, bool)> {
    let rows = components.iter().flat_map(|row| row["components"].as_array().cloned().unwrap_or_default());
    let select = rows.into_iter().find(|one| one["placeholder"] == placeholder).unwrap();
    let option = |one: &serde_json::Value| {
        (one["label"].as_str().unwrap().to_owned(), one["default"].as_bool().unwrap_or_default())
    };
    select["options"].as_array().unwrap().iter().map(option).collect()
}

async fn votes(house: &House, person: &Person, poll: &SeenMessage, select: &str, which: &[usize]) {
    let ballot = house.insist(|| person.try_clicks(poll, "Vote")).await;
    assert!(ballot.ephemeral && !ballot.full_text().contains("**yes**"), "{}", ballot.full_text());
    let all: Vec<String> = options(&ballot.components, select).into_iter().map(|(label, _)| label).collect();
    let labels: Vec<&str> = which.iter().map(|index| all[*index].as_str()).collect();
    let marked = person.selects(&ballot, select, &labels).await;
    let shown = options(&marked.components, select);
    let chosen: Vec<usize> = (0..shown.len()).filter(|index| shown[*index].1).collect();
    assert_eq!(chosen, which, "it shows what one has said");
}

async fn the_whole_way_by_buttons(database: TestDatabase) {
    let mut house = House::new(database).await;
    let (room, watchers) = both_are_in(&mut house, "buttons").await;
    let poll = house.bot_message_in(&room, "Vote").await;
    assert!(poll.reactions.is_empty() && poll.labels() == ["Vote", "When can we?", "Report"], "{}", poll.line());
    let (ana, bo) = (house.ana().clone(), house.bo().clone());
    votes(&house, &ana, &poll, "These suit me", &[0, 1]).await;
    votes(&house, &bo, &poll, "These if need be", &[1]).await;
    let stranger = house.mo.clicks(&poll, "Vote").await;
    assert!(stranger.text.contains("for somebody else"), "a moderator reads along, and has no vote: {}", stranger.text);
    ana.reacts(&poll, "3️⃣");
    let counts = "1 can, 1 if need be";
    house.discord.until("the counts", |_| poll.now().filter(|poll| poll.full_text().contains(counts))).await;
    let second = times(&poll)[1];
    let open = ana.clicks(&poll, "Vote").await;
    house.passes(Duration::from_mins(11));
    let on = house.bot_message_in(&room, "Can't make it").await;
    assert_eq!(when(&on), second, "the one that both can make");
    let first = options(&open.components, "These suit me").remove(0).0;
    let late = ana.selects(&open, "These suit me", &[&first]).await;
    assert!(late.text.contains("settled") && late.components.is_empty(), "{}", late.text);
    they_meet(&mut house, &room, watchers).await;
    house.closes().await;
}

/// Ana is away for two weeks, Bo on the first Sunday after them.
async fn no_time_is_offered_on_days_that_somebody_has_ruled_out(database: TestDatabase) {
    let mut house = House::new(database).await;
    house.opens().await;
    house.is_set_up("discreet").await;
    house.ana().runs("/meet busy days:\"2026-09-07 to 2026-09-19\"").await;
    house.bo().runs("/meet busy days:\"20.9.\"").await;
    house.people_talk().await;
    house.round_comes();
    let room = both_say_yes(&mut house, &mut Nothing, &mut Watchers::default()).await;
    let poll = crate::whole_way::poll_in(&house, &room).await;
    // The last one is the poll's own end.
    let mut offered = times(&poll);
    offered.pop();
    let first = "2026-09-20T22:00:00Z".parse::<DateTime<Utc>>().unwrap();
    assert!(offered.len() >= 3 && offered.iter().all(|time| *time >= first), "{offered:?}");
    house.closes().await;
}

/// Those in it see numbers in a picture, and nobody else does.
async fn each_of_two_sees_when_both_could_meet(database: TestDatabase) {
    let mut house = House::new(database).await;
    let (room, _) = both_are_in(&mut house, "buttons").await;
    let poll = house.bot_message_in(&room, "Vote").await;
    let (ana, bo) = (house.ana().clone(), house.bo().clone());
    bo.runs("/meet busy days:\"2026-09-08 to 2026-09-11\"").await;
    let seen = ana.clicks(&poll, "When can we?").await;
    assert!(seen.ephemeral && seen.files.len() == 1, "{seen:?}");
    assert_eq!(seen.files[0].name, "common-times.png");
    assert!(seen.files[0].bytes.starts_with(b"\x89PNG"));
    assert!(seen.text.contains("Saturday 12 September, lunchtime (2)"), "{}", seen.text);
    assert!(!seen.text.contains(&bo.mention()) && !seen.text.contains(&ana.mention()), "{}", seen.text);
    let by_command = bo.runs_in(&room, "/meet times").await;
    assert_eq!((by_command.text.as_str(), by_command.files.len()), (seen.text.as_str(), 1));
    let refused = house.mo.clicks(&poll, "When can we?").await;
    assert!(refused.text.contains("for somebody else") && refused.files.is_empty(), "{}", refused.text);
    let none = house.guests[4].runs("/meet times").await;
    assert!(none.text.contains("in no meetup"), "{}", none.text);
    house.discord.assert_no_violations();
    house.closes().await;
}

/// The list has a café in the city that is fair for both; Bo knows a better place, and both choose it.
async fn all_who_come_choose_where(database: TestDatabase) {
    let mut house = House::new(database).await;
    house.opens().await;
    house.is_set_up("discreet").await;
    for line in [
        "/places add city:utrecht name:\"Café Zuid\"",
        "/places add city:\"Groningen, Netherlands\" name:\"Far away\"",
        "/nudge place by:\"all who come\"",
    ] {
        house.ada.runs(line).await;
    }
    house.ana().runs("/meet profile city:amsterdam").await;
    house.bo().runs("/meet profile city:arnhem").await;
    house.people_talk().await;
    house.round_comes();
    let room = both_say_yes(&mut house, &mut Nothing, &mut Watchers::default()).await;
    let poll = crate::whole_way::poll_in(&house, &room).await;
    for person in [house.ana(), house.bo()] {
        person.reacts(&poll, "1️⃣");
    }
    house.discord.until("the counts", |_| poll.now().filter(|now| now.full_text().contains("2 can"))).await;
    house.passes(Duration::from_mins(11));
    let on = house.bot_message_in(&room, "Places").await;
    let seen = house.ana().clicks(&on, "Places").await;
    assert!(seen.ephemeral && seen.text.contains("Utrecht") && seen.text.contains("Café Zuid"), "{}", seen.text);
    assert!(!seen.text.contains("Far away") && seen.text.contains("nobody yet"), "{}", seen.text);
    house.ana().selects(&seen, "Choose a place", &["Café Zuid"]).await;
    let form = house.bo().clicks(&house.bo().clicks(&on, "Places").await, "Propose a place").await.modal();
    let told = house.bo().submits(&form, &[("A public place", "The **Library**")]).await;
    assert!(told.text.contains("Library") && !told.text.contains("**Library**"), "{}", told.text);
    // One to one, and Ana said yes first: hers.
    house.discord.until("the place", |_| on.now().filter(|now| now.full_text().contains("Café Zuid"))).await;
    let again = house.ana().clicks(&on, "Places").await;
    house.ana().selects(&again, "Choose a place", &["The **Library**"]).await;
    house.discord.until("the other place", |_| on.now().filter(|now| now.full_text().contains("Library"))).await;
    let refused = house.mo.clicks(&on, "Places").await;
    assert!(refused.text.contains("for somebody else"), "{}", refused.text);
    house.discord.assert_no_violations();
    house.closes().await;
}

/// How many choices of somebody are known.
async fn choices(house: &House, store: &Store, person: &Person) -> Option<usize> {
    let user = UserId::new(person.id).unwrap();
    let meetups = store.meetups_of(house.community(), user).await.unwrap();
    meetups.first()?.participant(user)?.votes.as_ref().map(|votes| votes.choices.len())
}

async fn the_whole_way_by_discord_s_own_poll(database: TestDatabase) {
    let mut house = House::new(database).await;
    let (room, watchers) = both_are_in(&mut house, "native").await;
    let asked = |one: &SeenMessage| one.poll.is_some();
    let poll = house.discord.until("a poll", |_| room.messages().into_iter().find(asked)).await;
    assert!(poll.reactions.is_empty() && poll.labels() == ["When can we?", "Report"], "{}", poll.line());
    let answers: Vec<String> = poll.poll.clone().unwrap().answers.into_iter().map(|(text, _)| text).collect();
    house.ana().votes(&poll, &[&answers[1], &answers[2]]);
    house.mo.votes(&poll, &[&answers[0]]);
    house.eventually("Ana's votes", async |store| choices(&house, store, house.ana()).await.filter(|n| *n == 2)).await;
    house.bo().votes(&poll, &[&answers[2]]);
    house.eventually("Bo's vote", async |store| choices(&house, store, house.bo()).await.filter(|n| *n == 1)).await;
    let third = times(&poll)[2];
    house.passes(Duration::from_mins(11));
    let on = house.bot_message_in(&room, "Can't make it").await;
    assert_eq!(when(&on), third);
    house.discord.until("the poll's end", |_| poll.now().filter(|one| one.poll.as_ref().unwrap().is_over)).await;
    they_meet(&mut house, &room, watchers).await;
    house.closes().await;
}

async fn without_the_permission_for_polls_nothing_is_changed(database: TestDatabase) {
    let mut house = House::new(database).await;
    house.opens().await;
    house.is_set_up("discreet").await;
    house.tables.denies(&house.den.everyone(), fake_discord::permissions::SEND_POLLS);
    let said = house.ada.runs("/nudge poll ballot:native").await;
    assert!(said.text.contains("Nothing has been changed"), "{}", said.text);
    house.closes().await;
}

/// Neither can make any of the times, and one knows a better one.
async fn a_time_of_one_s_own_is_found_on_the_ballot(database: TestDatabase) {
    let mut house = House::new(database).await;
    let (room, watchers) = both_are_in(&mut house, "buttons").await;
    let poll = house.bot_message_in(&room, "Vote").await;
    let (ana, bo) = (house.ana().clone(), house.bo().clone());
    let ballot = house.insist(|| ana.try_clicks(&poll, "Vote")).await;
    let none = ana.clicks(&ballot, "None of these").await;
    assert!(none.full_text().contains("None of these suits you"), "{}", none.full_text());
    for (day, time, why) in [("soon", "19:30", "cannot read"), ("2026-09-12", "23:00", "night"), ("8.9.", "19", "soon")]
    {
        let form = ana.clicks(&none, "Propose a time").await.modal();
        let told = ana.submits(&form, &proposal(day, time)).await;
        assert!(told.text.contains(why), "{}", told.text);
    }
    let form = ana.clicks(&none, "Propose a time").await.modal();
    let told = ana.submits(&form, &proposal("12.9.", "7:30 pm")).await;
    assert!(told.text.contains("with your yes"), "{}", told.text);
    let grown = house
        .discord
        .until("the time in the poll", |_| poll.now().filter(|now| times(now).len() > times(&poll).len()))
        .await;
    let last = times(&poll).len() - 1;
    let own = times(&grown)[last];
    assert_eq!(own, "2026-09-12T17:30:00Z".parse::<DateTime<Utc>>().unwrap());
    assert!(grown.full_text().contains("Still to vote") && grown.full_text().contains(&bo.mention()));
    votes(&house, &bo, &poll, "These if need be", &[last]).await;
    house.passes(Duration::from_mins(11));
    let on = house.bot_message_in(&room, "Can't make it").await;
    assert_eq!(when(&on), own);
    they_meet(&mut house, &room, watchers).await;
    house.closes().await;
}

/// Under reactions the new time gets one of its own.
async fn a_proposed_time_gets_a_reaction(database: TestDatabase) {
    let mut house = House::new(database).await;
    let (room, _) = both_are_in(&mut house, "reactions").await;
    let poll = crate::whole_way::poll_in(&house, &room).await;
    let offered = poll.reactions.len() - 1;
    let form = house.insist(|| house.bo().try_clicks(&poll, "Propose a time")).await.modal();
    let told = house.bo().submits(&form, &proposal("2026-09-24", "19.30")).await;
    assert!(told.text.contains("React to it"), "{}", told.text);
    let emoji = ["1️⃣", "2️⃣", "3️⃣", "4️⃣", "5️⃣", "6️⃣", "7️⃣", "8️⃣", "9️⃣"][offered];
    let has = |now: &SeenMessage| now.reactions.iter().any(|(shown, _)| shown == emoji);
    house.discord.until("its reaction", |_| poll.now().filter(has)).await;
    house.ana().reacts(&poll, emoji);
    house.bo().reacts(&poll, emoji);
    house.discord.until("the counts", |_| poll.now().filter(|now| now.full_text().contains("2 can"))).await;
    house.passes(Duration::from_mins(11));
    let on = house.bot_message_in(&room, "Can't make it").await;
    assert_eq!(when(&on), "2026-09-24T17:30:00Z".parse::<DateTime<Utc>>().unwrap());
    house.closes().await;
}

fn proposal<'a>(day: &'a str, time: &'a str) -> [(&'static str, &'a str); 2] {
    [("Day, such as 2026-12-24 or 24.12.", day), ("Time where you are then, such as 19:30", time)]
}

/// Bo forgets the poll, and hears of it once, by day.
async fn who_forgets_to_vote_is_reminded_in_the_thread(database: TestDatabase) {
    let mut house = House::new(database).await;
    let (room, watchers) = both_are_in(&mut house, "buttons").await;
    let poll = house.bot_message_in(&room, "Vote").await;
    let (ana, bo) = (house.ana().clone(), house.bo().clone());
    votes(&house, &ana, &poll, "These suit me", &[0]).await;
    house.discord.until("who is missing", |_| poll.now().filter(|now| now.full_text().contains("Still to vote"))).await;
    let reminds = |one: &SeenMessage| one.text.contains("still missing");
    house.passes(Duration::from_hours(25));
    let reminder = house.discord.until("a reminder", |_| room.messages().into_iter().find(reminds)).await;
    assert_eq!(reminder.pinged, [bo.id], "it rings for him alone");
    votes(&house, &bo, &reminder, "These suit me", &[0]).await;
    house.passes(Duration::from_mins(11));
    let on = house.bot_message_in(&room, "Can't make it").await;
    let slot = when(&on);
    the_host_says_where(&house, &room).await;
    they_are_reminded(&mut house, &room, slot, &mut Nothing).await;
    let said = room.messages().iter().filter(|one| one.is_from_bot() && !one.full_text().is_empty()).count();
    assert_eq!(said, 6, "six are enough for that too");
    drop(watchers);
    house.nothing_was_said_twice();
    house.discord.assert_no_violations();
    house.closes().await;
}

/// The moments in a message, in order.
pub fn times(message: &SeenMessage) -> Vec<DateTime<Utc>> {
    let text = message.full_text();
    let all = text.split("<t:").skip(1).map(|rest| rest.chars().take_while(char::is_ascii_digit).collect::<String>());
    all.map(|seconds| DateTime::from_timestamp(seconds.parse().unwrap(), 0).unwrap()).collect()
}

async fn an_evening_by_buttons_counts_members_only(database: TestDatabase) {
    let mut house = House::new(database).await;
    house.opens().await;
    house.is_set_up("discreet").await;
    house.ada.runs("/nudge poll ballot:buttons").await;
    house.ana().runs("/meet open").await;
    let tables = house.tables.clone();
    let poll = house.bot_message_in(&tables, "Vote").await;
    let (ana, bo) = (house.ana().clone(), house.bo().clone());
    votes(&house, &bo, &poll, "These suit me", &[2]).await;
    votes(&house, &ana, &poll, "These if need be", &[2]).await;
    let refused = house.zoe.clicks(&poll, "Vote").await;
    assert!(refused.text.contains("Only members"), "{}", refused.text);
    let third = times(&poll)[2];
    house.passes(Duration::from_hours(49));
    let on = house.bot_message_in(&tables, "Can't make it").await;
    assert_eq!((when(&on), on.pinged.len()), (third, 2));
    house.has_no_trace_of(&house.zoe).await;
    house.closes().await;
}

on_both_engines!(
    the_whole_way_by_buttons,
    an_evening_by_buttons_counts_members_only,
    the_whole_way_by_discord_s_own_poll,
    without_the_permission_for_polls_nothing_is_changed,
    each_of_two_sees_when_both_could_meet,
    all_who_come_choose_where,
    no_time_is_offered_on_days_that_somebody_has_ruled_out,
    who_forgets_to_vote_is_reminded_in_the_thread,
    a_time_of_one_s_own_is_found_on_the_ballot,
    a_proposed_time_gets_a_reaction,
);
