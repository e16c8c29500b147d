//! From chat to a meetup that happened, in both styles, seen by everybody concerned.

use std::collections::BTreeSet;
use std::time::Duration;

use chrono::{DateTime, Utc};
use fake_discord::{Channel, SeenMessage};
use wallflower::domain::meetup::SaidBy;

use crate::house::House;
use crate::support::TestDatabase;
use crate::watchers::{Hidden, Watchers};

pub const FIRST_SLOT: &str = "1️⃣";

/// After each step of the story somebody may want to do something: kill the process, for one.
pub trait BetweenSteps {
    async fn after(&mut self, house: &mut House, step: &str);
}

pub struct Nothing;

impl BetweenSteps for Nothing {
    async fn after(&mut self, _: &mut House, _: &str) {}
}

/// The whole story, from the set-up to the row in `met`.
pub async fn tell(house: &mut House, style: &str, between: &mut impl BetweenSteps) {
    house.is_set_up(style).await;
    between.after(house, "set up").await;
    go_on(house, style == "open", between).await;
}

/// The story after the set-up. `named`: both are named in the channel, else each is asked alone.
async fn go_on(house: &mut House, named: bool, between: &mut impl BetweenSteps) {
    let mut watchers = Watchers::default();
    watchers.look(house, "set up", Hidden { from: &[], nameless_to: &house.others() }).await;
    house.people_talk().await;
    between.after(house, "talked").await;
    watchers.look(house, "talked", Hidden { from: &house.everybody(), nameless_to: &[] }).await;
    house.round_comes();
    let room = if named {
        both_say_yes_in_the_channel(house, between, &mut watchers).await
    } else {
        both_say_yes(house, between, &mut watchers).await
    };
    let slot = they_find_a_time(house, &room, named, between, &mut watchers).await;
    the_host_says_where(house, &room).await;
    between.after(house, "place").await;
    if !named {
        watchers.look(house, "the place is named", Hidden { from: &house.outsiders(), nameless_to: &[] }).await;
    }
    they_are_reminded(house, &room, slot, between).await;
    they_check_in(house, slot, named, between, &mut watchers).await;
    it_was_little_and_rang_only_for_them(house, &room, if named { "open" } else { "discreet" });
    house.has_no_trace_of(&house.zoe).await;
    house.nothing_was_said_twice();
    house.discord.assert_no_violations();
}

pub async fn both_say_yes(house: &mut House, between: &mut impl BetweenSteps, watchers: &mut Watchers) -> Channel {
    let asked = house.dm_with(house.ana(), "I'd like that").await;
    assert!(asked.full_text().contains(&house.bo().mention()), "the ask says with whom");
    assert!(!asked.text.contains(&house.bo().mention()), "a lock screen names nobody");
    house.dm_with(house.bo(), "I'd like that").await;
    between.after(house, "asked").await;
    watchers.look(house, "asked", Hidden { from: &[], nameless_to: &house.others() }).await;
    // The same look finds names where they may be read, so finding none means something.
    assert!(house.ana().sight().naming(house.bo()).is_some() && house.bo().sight().naming(house.ana()).is_some());
    let doorbell = house.bot_message_in(&house.tables, "See mine").await;
    let mine = house.insist(|| house.ana().try_clicks(&doorbell, "See mine")).await;
    assert!(mine.ephemeral && mine.full_text().contains(&house.bo().mention()));

    house.insist(|| house.ana().try_clicks(&asked, "I'd like that")).await;
    between.after(house, "one yes").await;
    let all_but_ana: Vec<_> = house.others().into_iter().chain([house.bo()]).collect();
    watchers.look(house, "one yes", Hidden { from: &all_but_ana, nameless_to: &[] }).await;

    let asked = house.dm_with(house.bo(), "I'd like that").await;
    house.insist(|| house.bo().try_clicks(&asked, "I'd like that")).await;
    between.after(house, "both yes").await;
    let room = house.discord.until("a thread for both", |_| house.ana().threads().pop()).await;
    assert!(room.is_private_thread());
    house.discord.until("Bo in the thread", |_| house.bo().can_see(&room)).await;
    assert!(!house.zoe.can_see(&room), "a bystander does not see the thread");
    assert!(house.mo.can_see(&room), "a moderator does, and the thread says so");
    let is_opening = |message: &SeenMessage| message.is_from_bot() && !message.full_text().is_empty();
    let opening = |_: &_| room.messages().into_iter().find(is_opening);
    let opening = house.discord.until("the first words", opening).await;
    assert!(opening.full_text().contains("moderators"), "{}", opening.full_text());
    watchers.look(house, "both yes", Hidden { from: &house.outsiders(), nameless_to: &[] }).await;
    room
}

async fn both_say_yes_in_the_channel(
    house: &mut House,
    between: &mut impl BetweenSteps,
    watchers: &mut Watchers,
) -> Channel {
    let asked = house.bot_message_in(&house.tables, "I'd like that").await;
    assert!(asked.full_text().contains(&house.ana().mention()) && asked.full_text().contains(&house.bo().mention()));
    between.after(house, "asked").await;
    watchers.look(house, "asked", Hidden { from: &[], nameless_to: &[] }).await;
    for (person, other) in [(house.ana().clone(), Some(house.bo().clone())), (house.bo().clone(), None)] {
        let answer = house.insist(|| person.try_clicks(&asked, "I'd like that")).await;
        assert!(answer.ephemeral, "nobody sees who answered what");
        between.after(house, "a yes").await;
        if let Some(other) = other {
            let all_but_one: Vec<_> = house.others().into_iter().chain([&other]).collect();
            watchers.look(house, "one yes", Hidden { from: &all_but_one, nameless_to: &[] }).await;
        }
    }
    house.tables.clone()
}

/// Both can make the first slot; the poll closes ten minutes after.
pub async fn they_find_a_time(
    house: &mut House,
    room: &Channel,
    named: bool,
    between: &mut impl BetweenSteps,
    watchers: &mut Watchers,
) -> DateTime<Utc> {
    let poll = poll_in(house, room).await;
    house.ana().reacts(&poll, FIRST_SLOT);
    house.bo().reacts(&poll, FIRST_SLOT);
    house.zoe_reacts_where_she_can(room, &poll);
    between.after(house, "voted").await;
    house
        .discord
        .until("the counts in the text", |_| {
            poll.now().filter(|poll| ["2 can", "is closed"].iter().any(|words| poll.full_text().contains(words)))
        })
        .await;
    house.passes(Duration::from_mins(11));
    between.after(house, "poll closed").await;
    let on = house.bot_message_in(room, "Can't make it").await;
    assert!(on.files.iter().any(|file| file.name == "meetup.ics"), "a file for the calendar");
    if !named {
        watchers.look(house, "a time is found", Hidden { from: &[], nameless_to: &house.outsiders() }).await;
    }
    when(&on)
}

/// The poll with all its reactions.
pub async fn poll_in(house: &House, room: &Channel) -> SeenMessage {
    house
        .discord
        .until("a poll with its reactions", |_| {
            let polls =
                room.messages().into_iter().rev().find(|message| message.is_from_bot() && message.reactions.len() >= 2);
            polls.filter(|poll| poll.reactions.iter().any(|(emoji, _)| emoji == "🚫"))
        })
        .await
}

/// The moment in the first `<t:…>` of a message.
pub fn when(message: &SeenMessage) -> DateTime<Utc> {
    let text = message.full_text();
    let (_, rest) = text.split_once("<t:").unwrap();
    let seconds: String = rest.chars().take_while(char::is_ascii_digit).collect();
    DateTime::from_timestamp(seconds.parse().unwrap(), 0).unwrap()
}

/// At most six messages in the room, and of all that was said only what has to be arranged by rang, for those two.
pub fn it_was_little_and_rang_only_for_them(house: &House, room: &Channel, style: &str) {
    let (ana, bo) = (house.ana().id, house.bo().id);
    // Where a poll of Discord's own has ended, Discord says so itself.
    let is_own = |message: &SeenMessage| message.is_from_bot() && message.kind != 46;
    let said = |message: &&SeenMessage| is_own(message) && !message.ephemeral && !message.full_text().is_empty();
    let told = room.messages();
    let told: Vec<_> = told.iter().filter(said).collect();
    if style == "discreet" {
        assert!((5..=6).contains(&told.len()), "{:#?}", told.iter().map(|one| one.line()).collect::<Vec<_>>());
    }
    let rang: Vec<_> = told.iter().filter(|message| !message.pinged.is_empty()).collect();
    for message in &rang {
        assert_eq!(BTreeSet::from_iter(message.pinged.clone()), [ana, bo].into(), "{}", message.line());
        let arranges = ["It's on!", "You meet", "poll is closed", "When could you meet?"];
        assert!(arranges.iter().any(|words| message.text.contains(words)), "{}", message.line());
    }
    let lines: Vec<_> = told.iter().map(|message| (message.line(), &message.pinged)).collect();
    assert_eq!(rang.len(), 4, "the poll, the announcement and two reminders: {lines:#?}");
}

pub async fn the_host_says_where(house: &House, room: &Channel) {
    let on = house.bot_message_in(room, "Where is it?").await;
    let form = house.insist(|| house.ana().try_clicks(&on, "Where is it?")).await.modal();
    let label = form.inputs().remove(0).0;
    let filled = [(label.as_str(), "Café Zuid, by the window")];
    house.insist(|| house.ana().try_submits(&form, &filled)).await;
    house
        .discord
        .until("the place in the room", |_| room.messages().iter().any(|one| one.full_text().contains("Café Zuid")))
        .await;
}

pub async fn they_are_reminded(
    house: &mut House,
    room: &Channel,
    slot: DateTime<Utc>,
    between: &mut impl BetweenSteps,
) {
    for (before, step) in [(24, "a day before"), (2, "two hours before")] {
        // Others may be spoken to in the same channel.
        let reminders = || room.messages().iter().filter(|one| one.text.starts_with("You meet")).count();
        let already = reminders();
        house.passes_until(slot - chrono::Duration::hours(before) + chrono::Duration::minutes(1));
        between.after(house, step).await;
        house.discord.until(step, |_| reminders() > already).await;
    }
}

pub async fn they_check_in(
    house: &mut House,
    slot: DateTime<Utc>,
    named: bool,
    between: &mut impl BetweenSteps,
    watchers: &mut Watchers,
) {
    house.passes_until(slot + chrono::Duration::minutes(61));
    between.after(house, "over").await;
    house.passes_until(next_morning_at_ten(slot));
    between.after(house, "next morning").await;
    for person in [house.ana(), house.bo()] {
        house.dm_with(person, "We met").await;
    }
    // Weeks of reminders and other people's rounds lie behind us.
    let nameless = if named { Vec::new() } else { house.outsiders() };
    watchers.look(house, "next morning", Hidden { from: &[], nameless_to: &nameless }).await;
    for (person, other) in [(house.ana().clone(), house.bo().clone()), (house.bo().clone(), house.ana().clone())] {
        let asked = house.dm_with(&person, "We met").await;
        house.insist(|| person.try_clicks(&asked, "We met")).await;
        between.after(house, "checked in").await;
        let all_but_one: Vec<_> = house.others().into_iter().chain([&other]).collect();
        watchers.look(house, "checked in", Hidden { from: &all_but_one, nameless_to: &[] }).await;
    }
    let met = house.eventually("the row in met", async |_| Some(house.met().await).filter(|met| !met.is_empty())).await;
    assert_eq!(met.iter().map(|met| met.said_by).collect::<Vec<_>>(), [SaidBy::Both]);
    let passport = house.insist(|| house.ana().try_runs("/meet history")).await;
    assert!(passport.full_text().contains(&house.bo().mention()) && passport.full_text().contains("Café Zuid"));
}

/// A minute past ten of the next day in Amsterdam.
pub fn next_morning_at_ten(slot: DateTime<Utc>) -> DateTime<Utc> {
    let zone = chrono_tz::Europe::Amsterdam;
    wallflower::domain::wall_clock::next_morning(slot, zone, 10) + chrono::Duration::minutes(1)
}

impl House {
    /// A bystander's reaction counts nothing and is not stored.
    pub fn zoe_reacts_where_she_can(&self, room: &Channel, poll: &SeenMessage) {
        if self.zoe.can_see(room) {
            self.zoe.reacts(poll, FIRST_SLOT);
        }
    }
}

async fn the_whole_way_discreet(database: TestDatabase) {
    let mut house = House::new(database).await;
    house.opens().await;
    tell(&mut house, "discreet", &mut Nothing).await;
    house.closes().await;
}

async fn the_whole_way_in_the_open(database: TestDatabase) {
    let mut house = House::new(database).await;
    house.opens().await;
    tell(&mut house, "open", &mut Nothing).await;
    house.closes().await;
}

/// The community's style is open, but Bo has not allowed his name: nobody reads of the two, they themselves neither.
async fn in_the_open_nobody_is_named_who_has_not_allowed_it(database: TestDatabase) {
    let mut house = House::new(database).await;
    house.opens().await;
    house.is_set_up("open").await;
    house.bo().runs("/meet profile named:false").await;
    house.people_talk().await;
    let mut watchers = Watchers::default();
    watchers.look(&house, "talked", Hidden { from: &[], nameless_to: &[] }).await;
    house.round_comes();
    house.bot_message_in(&house.tables, "I'd like that").await;
    house.passes(Duration::from_hours(1));
    watchers.look(&house, "asked", Hidden { from: &[], nameless_to: &house.everybody() }).await;
    house.closes().await;
}

on_both_engines!(the_whole_way_discreet, the_whole_way_in_the_open, in_the_open_nobody_is_named_who_has_not_allowed_it,);
