//! A table of five: each is asked alone, those who would like to meet do, and of the others nobody learns anything.

use std::collections::BTreeSet;
use std::time::Duration;

use chrono::{DateTime, Utc};
use fake_discord::{Channel, Person, SeenMessage};
use wallflower::domain::ids::{Pair, UserId};
use wallflower::domain::meetup::{Meetup, SaidBy};
use wallflower::domain::tie::{Counts, Kind};

use crate::house::{House, since};
use crate::support::TestDatabase;
use crate::whole_way::{BetweenSteps, Nothing, next_morning_at_ten, poll_in, they_are_reminded, when};

const YES: &str = "I'd like that";
const NEWS: &str = "didn't come together";
/// An ask goes out within the hour, and has five days.
const AFTER_THE_DEADLINE: Duration = Duration::from_hours(5 * 24 + 2);

impl House {
    /// Ana talks with Bo, Cy, Di and Ed, and these not with each other.
    async fn five_talk(&self) {
        for other in &self.guests[1..5] {
            for _ in 0..8 {
                let said = self.ana().says(&self.general, "about the sea");
                other.replies_to(&said, "and ships");
                let back = other.says(&self.general, "about ships");
                self.ana().replies_to(&back, "and the sea");
                self.zoe.says(&self.general, "hello all");
            }
        }
        self.passes(Duration::from_mins(1));
        self.eventually("the ties of what was said", async |store| {
            self.passes(Duration::from_secs(10));
            let seen = store.candidates(self.community(), since()).await.unwrap();
            let replies = |counts: &Counts| counts.of_kind(Kind::Reply).total().rounded();
            let counted = seen?.ties.values().filter(|counts| replies(counts) >= 16).count();
            (counted == 4).then_some(())
        })
        .await;
    }

    /// Set up for tables of five, and all five are asked.
    async fn five_are_asked(&mut self, style: &str, between: &mut impl BetweenSteps) {
        self.is_set_up(style).await;
        let set = self.insist(|| self.ada.try_runs("/nudge size people:5")).await;
        assert!(set.text.contains("tables of 5"), "{}", set.text);
        between.after(self, "set up").await;
        self.five_talk().await;
        between.after(self, "talked").await;
        self.round_comes();
        for person in &self.guests[..5] {
            let asked = self.ask_of(person, style).await;
            let text = asked.full_text();
            for other in self.guests[..5].iter().filter(|other| style == "open" || other.id != person.id) {
                assert!(text.contains(&other.mention()), "{} reads of {}: {text}", person.name(), other.name());
            }
            assert!(!text.contains("the two of you") && !text.contains("you two") && !text.contains("both"), "{text}");
            assert!(!asked.labels().iter().any(|label| label.contains("this person")), "{:?}", asked.labels());
        }
        // One round is enough to tell of.
        self.insist(|| self.ada.try_runs("/nudge pause")).await;
        between.after(self, "asked").await;
    }

    async fn ask_of(&self, person: &Person, style: &str) -> SeenMessage {
        if style == "open" { self.bot_message_in(&self.tables, YES).await } else { self.dm_with(person, YES).await }
    }

    async fn answers(&self, person: &Person, style: &str, label: &str) {
        let asked = self.ask_of(person, style).await;
        let answer = self.insist(|| person.try_clicks(&asked, label)).await;
        assert!(answer.ephemeral || answer.updated, "nobody sees who answered what");
    }

    async fn table(&self) -> Meetup {
        let ana = UserId::new(self.ana().id).unwrap();
        let store = self.store().await;
        let table = store.meetups_of(self.community(), ana).await.unwrap().pop().unwrap();
        store.close().await;
        table
    }

    async fn table_is(&self, state: &str) {
        self.eventually(&format!("a table that is {state}"), async |store| {
            let ana = UserId::new(self.ana().id).unwrap();
            let all = store.meetups_of(self.community(), ana).await.unwrap();
            all.iter().any(|meetup| meetup.state.name() == state).then_some(())
        })
        .await;
    }

    fn pair(&self, one: usize, other: usize) -> Pair {
        let user = |place: usize| UserId::new(self.guests[place].id).unwrap();
        Pair::new(user(one), user(other)).unwrap()
    }
}

/// Neither in the room nor anywhere else do these read of those after they have answered.
fn nobody_of_these_reads_of(readers: &[Person], before: &[fake_discord::Sight], of: &[Person]) {
    for (reader, before) in readers.iter().zip(before) {
        let new = reader.sight().since(before);
        for person in of {
            let line = new.naming(person);
            assert!(line.is_none(), "{} reads of {}: {line:?}", reader.name(), person.name());
        }
    }
}

/// Of five asked one says no and one nothing; three meet.
pub async fn tell_of_a_table(house: &mut House, style: &str, between: &mut impl BetweenSteps) {
    house.five_are_asked(style, between).await;
    let (comers, others) = (house.guests[..3].to_vec(), house.guests[3..5].to_vec());
    for person in &comers {
        house.answers(person, style, YES).await;
    }
    house.answers(&others[0], style, "Not now").await;
    between.after(house, "answered").await;
    house.all_is_said().await;
    let before: Vec<_> = house.guests[..5].iter().map(Person::sight).collect();
    house.passes(Duration::from_hours(24));
    house.all_is_said().await;
    assert!(house.ana().threads().is_empty(), "nothing shows before the deadline");
    house.passes(AFTER_THE_DEADLINE);
    between.after(house, "the deadline").await;
    house.table_is("polling").await;
    let room = three_are_in_the_room(house, style, &others).await;
    between.after(house, "in the room").await;
    let slot = three_find_a_time(house, &room, style, between).await;
    they_are_reminded(house, &room, slot, between).await;
    three_check_in(house, slot, &others, between).await;
    nobody_of_these_reads_of(&comers, &before[..3], &others);
    if style != "open" {
        nobody_of_these_reads_of(&others, &before[3..], &house.guests[..5]);
    }
    for person in &others {
        assert!(!person.dms().iter().any(|dm| dm.full_text().contains(NEWS)), "who did not say yes hears nothing");
        let mine = house.insist(|| person.try_runs("/meet upcoming")).await;
        assert!(mine.full_text().contains("Nothing is waiting"), "{}", mine.full_text());
        let past = house.insist(|| person.try_runs("/meet history")).await;
        assert!(!past.full_text().contains("<@"), "{}", past.full_text());
    }
    what_is_kept_is_of_each_two(house).await;
    house.has_no_trace_of(&house.zoe).await;
    house.nothing_was_said_twice();
    house.discord.assert_no_violations();
}

async fn three_are_in_the_room(house: &House, style: &str, others: &[Person]) -> Channel {
    if style == "open" {
        return house.tables.clone();
    }
    let room = house.discord.until("a thread", |_| house.ana().threads().pop()).await;
    for person in &house.guests[..3] {
        house.discord.until("all three in the thread", |_| person.can_see(&room)).await;
    }
    for person in others {
        assert!(!person.can_see(&room), "{} is not at the table", person.name());
    }
    let words = |message: &SeenMessage| message.is_from_bot() && message.full_text().contains("Say hello");
    let first = house.discord.until("the first words", |_| room.messages().into_iter().find(words)).await.full_text();
    assert!(first.contains("you all said") && !first.contains("Why you"), "{first}");
    for (place, person) in house.guests[..5].iter().enumerate() {
        assert_eq!(first.contains(&person.mention()), place < 3, "{first}");
    }
    room
}

async fn three_find_a_time(
    house: &mut House,
    room: &Channel,
    style: &str,
    between: &mut impl BetweenSteps,
) -> DateTime<Utc> {
    let poll = poll_in(house, room).await;
    for person in &house.guests[..3] {
        person.reacts(&poll, "1️⃣");
    }
    // Who is not at the table votes in vain where they can.
    if style == "open" {
        house.guests[3].reacts(&poll, "2️⃣");
    }
    between.after(house, "voted").await;
    let counted = |poll: &SeenMessage| ["3 can", "is closed"].iter().any(|words| poll.full_text().contains(words));
    house.discord.until("the counts in the text", |_| poll.now().filter(counted)).await;
    house.passes(Duration::from_mins(11));
    between.after(house, "poll closed").await;
    let on = house.bot_message_in(room, "Can't make it").await;
    for (place, person) in house.guests[..5].iter().enumerate() {
        assert_eq!(on.full_text().contains(&person.mention()), place < 3, "{}", on.full_text());
    }
    when(&on)
}

async fn three_check_in(house: &mut House, slot: DateTime<Utc>, others: &[Person], between: &mut impl BetweenSteps) {
    house.passes_until(slot + chrono::Duration::minutes(61));
    between.after(house, "over").await;
    house.passes_until(next_morning_at_ten(slot));
    between.after(house, "next morning").await;
    let comers = house.guests[..3].to_vec();
    for person in &comers {
        let asked = house.dm_with(person, "We met").await;
        house.insist(|| person.try_clicks(&asked, "We met")).await;
        between.after(house, "checked in").await;
    }
    house.table_is("held").await;
    for person in others {
        assert!(!person.dms().iter().any(|dm| dm.labels().iter().any(|label| label == "We met")));
    }
    let passport = house.insist(|| house.ana().try_runs("/meet history")).await.full_text();
    for (place, person) in house.guests[..5].iter().enumerate().skip(1) {
        assert_eq!(passport.contains(&person.mention()), place < 3, "{passport}");
    }
}

/// Who met are each two of three; what came to nothing each two of which one was not there.
async fn what_is_kept_is_of_each_two(house: &House) {
    let store = house.store().await;
    let kept = store.candidates(house.community(), since()).await.unwrap().unwrap();
    store.close().await;
    assert!(kept.met.iter().all(|met| met.said_by == SaidBy::Both));
    let met: BTreeSet<Pair> = kept.met.iter().map(|met| met.pair).collect();
    let three = [(0, 1), (0, 2), (1, 2)].map(|(one, other)| house.pair(one, other));
    assert_eq!(met, BTreeSet::from(three));
    assert_eq!(kept.suggested.len(), 10, "each two of five");
    for suggested in &kept.suggested {
        assert_eq!(suggested.came_to_nothing, !three.contains(&suggested.pair), "{suggested:?}");
    }
}

async fn three_of_five_meet(database: TestDatabase, style: &str) {
    let mut house = House::new(database).await;
    house.opens().await;
    tell_of_a_table(&mut house, style, &mut Nothing).await;
    house.closes().await;
}

async fn two_who_never_talked_do_not_meet(database: TestDatabase, style: &str) {
    let mut house = House::new(database).await;
    house.opens().await;
    house.five_are_asked(style, &mut Nothing).await;
    let (bo, cy) = (house.guests[1].clone(), house.guests[2].clone());
    for person in [&bo, &cy] {
        house.answers(person, style, YES).await;
    }
    house.passes(AFTER_THE_DEADLINE);
    house.table_is("fizzled").await;
    house.all_is_said().await;
    for person in &house.guests[..5] {
        let hears = person.dms().iter().filter(|dm| dm.full_text().contains(NEWS)).count();
        assert_eq!(hears, usize::from([bo.id, cy.id].contains(&person.id)), "{}", person.name());
        assert!(person.threads().is_empty());
    }
    if style != "open" {
        house.nobody_else_learns_of(&house.guests[..5].iter().collect::<Vec<_>>());
    }
    house.nothing_was_said_twice();
    house.closes().await;
}

/// Cy would rather not meet Bo, Di rests and Ed leaves, while they are asked. The free are free at once, not before.
async fn whoever_goes_meanwhile_is_missing_and_the_others_meet(database: TestDatabase, style: &str) {
    let mut house = House::new(database).await;
    house.opens().await;
    house.five_are_asked(style, &mut Nothing).await;
    for person in &house.guests[..3] {
        house.answers(person, style, YES).await;
    }
    house.guests[2].runs("/meet avoid member:@bo").await;
    house.guests[3].runs("/meet pause until:2026-12-24").await;
    house.guests[4].runs("/meet leave").await;
    assert_eq!(house.table().await.state.name(), "proposed", "nothing shows before the deadline");
    house.passes(AFTER_THE_DEADLINE);
    house.table_is("polling").await;
    let table = house.table().await;
    let present: Vec<i64> = table.present().map(|one| one.user.get()).collect();
    let (ana, bo) = (UserId::new(house.guests[0].id).unwrap(), UserId::new(house.guests[1].id).unwrap());
    assert_eq!(present, [ana.get(), bo.get()]);
    house.all_is_said().await;
    for person in &house.guests[2..5] {
        assert!(!person.dms().iter().any(|dm| dm.full_text().contains(NEWS)), "{}", person.name());
    }
    let store = house.store().await;
    let busy = store.candidates(house.community(), since()).await.unwrap().unwrap().busy;
    store.close().await;
    assert_eq!(BTreeSet::from_iter(busy), [ana, bo].into(), "the others are free again");
    house.closes().await;
}

in_both_styles!(
    three_of_five_meet,
    two_who_never_talked_do_not_meet,
    whoever_goes_meanwhile_is_missing_and_the_others_meet,
);
