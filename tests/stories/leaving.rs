//! Whoever leaves the server has left Wallflower, and nobody hears why. Whoever is merely out of reach has not.

use std::time::Duration;

use fake_discord::{EventFault, Person, RestFault, Role};
use wallflower::domain::ids::UserId;
use wallflower::domain::member::Membership;

use crate::check_ins::they_have_a_time;
use crate::house::{House, since};
use crate::support::TestDatabase;

/// Long enough for the asks' deadline of five days.
const AFTER_THE_DEADLINE: Duration = Duration::from_hours(6 * 24);

fn user(person: &Person) -> UserId {
    UserId::new(person.id).unwrap()
}

async fn settled(database: TestDatabase) -> House {
    let mut house = House::new(database).await;
    house.opens().await;
    house.is_set_up("discreet").await;
    house.people_talk().await;
    // With one more than a round needs, it is held also when somebody goes.
    house.insist(|| house.zoe.try_runs("/meet join")).await;
    house
}

async fn asked(database: TestDatabase) -> House {
    let house = settled(database).await;
    house.round_comes();
    for person in [house.ana(), house.bo()] {
        house.dm_with(person, "I'd like that").await;
    }
    house
}

impl House {
    async fn membership(&self, person: &Person) -> Membership {
        let store = self.store().await;
        let member = store.member(self.community(), user(person)).await.unwrap().unwrap();
        store.close().await;
        member.membership
    }

    async fn lets_go_of(&self, person: &Person) {
        self.eventually(&format!("{} to be out", person.name()), async |store| {
            let member = store.member(self.community(), user(person)).await.unwrap().unwrap();
            (member.membership == Membership::Left).then_some(())
        })
        .await;
        let store = self.store().await;
        let ties = store.candidates(self.community(), since()).await.unwrap().unwrap().ties;
        assert!(!ties.is_empty() && ties.keys().all(|pair| !pair.contains(user(person))), "the ties are erased");
        store.close().await;
    }

    /// Others than Ana and Bo; whom first depends on what is guessed.
    fn others_are_asked(&self) -> bool {
        let asks = self.guests[2..].iter().flat_map(Person::dms);
        asks.into_iter().any(|dm| dm.labels().iter().any(|label| label == "I'd like that"))
    }

    async fn somebody_else_is_asked(&self) {
        self.discord.until("an ask", |_| self.others_are_asked().then_some(())).await;
    }

    /// Requests that ask whether somebody is there.
    fn looks_for_people(&self) -> usize {
        let is_look = |path: &str| path.contains("/guilds/") && path.contains("/members/");
        self.discord.requests().iter().filter(|one| one.method == "GET" && is_look(&one.path)).count()
    }
}

fn hears_kind_words(person: &Person) -> bool {
    person.dms().iter().any(|dm| dm.full_text().contains("This one didn't come together"))
}

async fn gone_from_the_server_is_gone_when_a_word_cannot_reach_them(database: TestDatabase) {
    let mut house = asked(database).await;
    let (ana, bo) = (house.ana().clone(), house.bo().clone());
    for person in [&ana, &bo] {
        let ask = house.dm_with(person, "I'd like that").await;
        let answer = if person.id == bo.id { "I'd like that" } else { "Not now" };
        person.clicks(&ask, answer).await;
    }
    bo.leaves(&house.den);
    let to_ana = ana.dms().len();
    house.passes(AFTER_THE_DEADLINE);
    house.lets_go_of(&bo).await;
    assert_eq!(ana.dms().len(), to_ana, "nobody hears of it");
    // Back again: in again, if he says so.
    let back = house.den.lets_in(&bo);
    assert_eq!(house.membership(&bo).await, Membership::Left);
    assert!(back.runs("/meet join").await.text.starts_with("You are in."));
    assert_eq!(house.membership(&bo).await, Membership::Active);
    house.closes().await;
}

async fn gone_before_the_thread_opens_reads_as_cannot_make_it(database: TestDatabase) {
    let mut house = asked(database).await;
    let (ana, bo) = (house.ana().clone(), house.bo().clone());
    let ask = house.dm_with(&bo, "I'd like that").await;
    bo.clicks(&ask, "I'd like that").await;
    bo.leaves(&house.den);
    let ask = house.dm_with(&ana, "I'd like that").await;
    ana.clicks(&ask, "I'd like that").await;
    let room = house.discord.until("a thread", |_| ana.threads().pop()).await;
    let ends = |message: &fake_discord::SeenMessage| message.full_text().contains("plans changed");
    let end = house.discord.until("the kind end", |_| room.messages().into_iter().find(ends)).await;
    assert!(!end.full_text().contains(&bo.mention()), "nobody is blamed");
    house.lets_go_of(&bo).await;
    assert!(!ana.sees_of_bot().to_lowercase().contains("left"), "nobody hears why: {}", ana.sees_of_bot());
    house.closes().await;
}

async fn closed_direct_messages_are_no_farewell(database: TestDatabase) {
    let mut house = asked(database).await;
    let bo = house.bo().clone();
    let ask = house.dm_with(&bo, "I'd like that").await;
    bo.clicks(&ask, "I'd like that").await;
    bo.closes_dms();
    house.passes(AFTER_THE_DEADLINE);
    house
        .eventually("the door to be closed", async |store| {
            let member = store.member(house.community(), user(&bo)).await.unwrap().unwrap();
            (member.profile.door == wallflower::domain::member::Door::Look).then_some(())
        })
        .await;
    assert_eq!(house.membership(&bo).await, Membership::Active);
    house.closes().await;
}

async fn while_discord_cannot_tell_nobody_is_let_go(database: TestDatabase) {
    let mut house = asked(database).await;
    let bo = house.bo().clone();
    let ask = house.dm_with(&bo, "I'd like that").await;
    bo.clicks(&ask, "I'd like that").await;
    bo.leaves(&house.den);
    let looks = house.looks_for_people();
    let members = format!("/guilds/{}/members", house.den.id);
    house.discord.fail_requests(1, "GET", &members, RestFault::Status(503));
    house.passes(AFTER_THE_DEADLINE);
    house.discord.until("a look for Bo that failed", |_| house.looks_for_people() > looks).await;
    assert_eq!(house.membership(&bo).await, Membership::Active, "an outage says nothing about Bo");
    house
        .eventually("a look that did not fail", async |_| {
            house.passes(Duration::from_secs(10));
            (house.looks_for_people() > looks + 1).then_some(())
        })
        .await;
    house.lets_go_of(&bo).await;
    house.closes().await;
}

/// Where the bot itself is out, no message reaches anybody, and that says nothing about them.
async fn our_own_removal_throws_nobody_out(database: TestDatabase) {
    let mut house = asked(database).await;
    let (ana, bo) = (house.ana().clone(), house.bo().clone());
    let ask = house.dm_with(&bo, "I'd like that").await;
    bo.clicks(&ask, "I'd like that").await;
    house.discord.disturb_events(2, "GUILD_DELETE", EventFault::Lose);
    house.den.kicks_bot();
    let looks = house.looks_for_people();
    house.passes(AFTER_THE_DEADLINE);
    house.discord.until("a look for Bo", |_| house.looks_for_people() > looks).await;
    house.den.adds_bot();
    house
        .eventually("kind words for Bo after all", async |_| {
            house.passes(Duration::from_secs(10));
            hears_kind_words(&bo).then_some(())
        })
        .await;
    for person in [&ana, &bo] {
        assert_eq!(house.membership(person).await, Membership::Active);
    }
    house.closes().await;
}

async fn a_round_asks_nobody_about_whoever_has_left(database: TestDatabase) {
    let mut house = settled(database).await;
    let (ana, bo) = (house.ana().clone(), house.bo().clone());
    bo.leaves(&house.den);
    let looks = house.looks_for_people();
    house.round_comes();
    house.lets_go_of(&bo).await;
    house.somebody_else_is_asked().await;
    assert!(!ana.dms().iter().any(|dm| dm.full_text().contains(&bo.mention())), "Ana is not asked about him");
    let looks = house.looks_for_people() - looks;
    assert!((8..=10).contains(&looks), "only the chosen were looked for, each once: {looks}");
    house.closes().await;
}

/// The admins require a role, which all have.
async fn of_adults(database: TestDatabase) -> (House, Role) {
    let house = settled(database).await;
    let adults = house.den.role("adults");
    for person in &house.guests {
        person.takes_role(&adults);
    }
    house.ada.runs("/wallflower setup channel:#tables role:@adults").await;
    (house, adults)
}

async fn a_round_passes_over_whoever_lost_the_required_role(database: TestDatabase) {
    let (mut house, adults) = of_adults(database).await;
    let (ana, bo) = (house.ana().clone(), house.bo().clone());
    assert!(house.den.person("new").runs("/meet join").await.text.contains("asks for a role"));
    bo.drops_role(&adults);
    house.round_comes();
    house.somebody_else_is_asked().await;
    assert!(!ana.dms().iter().any(|dm| dm.full_text().contains(&bo.mention())));
    assert_eq!(house.membership(&bo).await, Membership::Active, "a role is no farewell");
    let reset = house.ada.runs("/wallflower reset what:\"the required role\"").await;
    assert!(reset.text.contains("no role is required"), "{}", reset.text);
    assert!(house.den.person("newer").runs("/meet join").await.text.starts_with("You are in."));
    house.ada.runs("/nudge now").await;
    let ask = house.dm_with(&ana, "I'd like that").await;
    assert!(ask.full_text().contains(&bo.mention()));
    house.closes().await;
}

async fn a_round_waits_an_hour_for_discord_to_say_who_has_the_required_role(database: TestDatabase) {
    let (mut house, adults) = of_adults(database).await;
    let (ana, bo) = (house.ana().clone(), house.bo().clone());
    bo.drops_role(&adults);
    let members = format!("/guilds/{}/members", house.den.id);
    house.discord.fail_requests(usize::MAX, "GET", &format!("{members}/{}", bo.id), RestFault::Status(503));
    let looks = house.looks_for_people();
    house.round_comes();
    house.discord.until("a look for Bo", |_| house.looks_for_people() > looks).await;
    house.passes(Duration::from_mins(50));
    house.all_is_said().await;
    assert!(!house.others_are_asked(), "the round waits");
    house.passes(Duration::from_mins(15));
    house.somebody_else_is_asked().await;
    assert!(!ana.dms().iter().any(|dm| dm.full_text().contains(&bo.mention())), "nobody vouches for Bo");
    house.closes().await;
}

async fn naming_somebody_who_is_gone_shows_it(database: TestDatabase) {
    let mut house = settled(database).await;
    let (ana, bo, di) = (house.ana().clone(), house.bo().clone(), house.guests[3].clone());
    bo.leaves(&house.den);
    let answer = ana.runs("/meet with member:@bo").await.text;
    assert_eq!(answer, di.runs("/meet with member:@ed").await.text, "the answer is the same");
    house.lets_go_of(&bo).await;
    // A stranger who is not here either is not even looked for.
    let looks = house.looks_for_people();
    let stranger = house.discord.community("Elsewhere").person("stranger");
    ana.runs(&format!("/meet with member:{}", stranger.id)).await;
    ana.runs("/meet upcoming").await;
    assert_eq!(house.looks_for_people(), looks);
    house.has_no_trace_of(&stranger).await;
    house.closes().await;
}

/// Away for so long that Discord has forgotten the sessions: no event tells of the removal any more.
async fn is_removed_while_away(house: &mut House) {
    house.closes().await;
    house.discord.invalidate_sessions(false);
    house.den.kicks_bot();
    house.opens().await;
}

async fn removed_while_it_slept_it_rests_and_goes_on_when_it_is_back(database: TestDatabase) {
    let mut house = settled(database).await;
    is_removed_while_away(&mut house).await;
    let removed = async |store: &wallflower::store::Store| {
        store.community(house.community()).await.unwrap().unwrap().removed_at.map(|_| ())
    };
    house.eventually("the removal to be noticed", removed).await;
    let said = house.discord.bot_messages().len();
    house.round_comes();
    let nothing = async |store: &wallflower::store::Store| {
        let (rest, round) = (store.next_due().await.unwrap(), store.next_round().await.unwrap());
        (rest.is_none() && round.is_none()).then_some(())
    };
    house.eventually("nothing to be due", nothing).await;
    house.passes(Duration::from_hours(20 * 24));
    assert_eq!(house.discord.bot_messages().len(), said, "what was due has rested");
    house.den.adds_bot();
    house
        .eventually("the overdue round", async |_| {
            house.passes(Duration::from_mins(10));
            house.ana().dms().iter().any(|dm| dm.full_text().contains(&house.bo().mention())).then_some(())
        })
        .await;
    house.closes().await;
}

async fn removed_for_thirty_days_everything_is_erased(database: TestDatabase) {
    let mut house = settled(database).await;
    is_removed_while_away(&mut house).await;
    let there = async |store: &wallflower::store::Store| store.community(house.community()).await.unwrap();
    house.eventually("the removal", async |store| there(store).await?.removed_at).await;
    house.passes(Duration::from_hours(29 * 24));
    let store = house.store().await;
    assert!(there(&store).await.is_some());
    store.close().await;
    house.passes(Duration::from_hours(2 * 24));
    // What has been kept long enough is looked for now and then only.
    house
        .eventually("the end", async |store| {
            house.passes(Duration::from_mins(2));
            there(store).await.is_none().then_some(())
        })
        .await;
    for person in &house.guests {
        house.has_no_trace_of(person).await;
    }
    house.closes().await;
}

async fn an_outage_is_no_removal(database: TestDatabase) {
    let mut house = settled(database).await;
    house.den.goes_down();
    // Commands elsewhere are handled after what came before them.
    let other = house.discord.community("Elsewhere");
    other.channel("general");
    let chief = other.admin("chief");
    house.insist(|| chief.try_runs("/wallflower setup channel:#general")).await;
    house.closes().await;
    house.opens().await;
    house.insist(|| chief.try_runs("/wallflower status")).await;
    let store = house.store().await;
    assert_eq!(store.community(house.community()).await.unwrap().unwrap().removed_at, None);
    store.close().await;
    house.den.comes_back();
    house.round_comes();
    house.dm_with(house.ana(), "I'd like that").await;
    house.closes().await;
}

/// Whoever is gone before a reminder is missed before it is said: nobody is sent to an empty table.
async fn missed_before_the_reminder(database: TestDatabase, goes: impl AsyncFnOnce(&House, &Person)) {
    let (mut house, room, slot) = they_have_a_time(database).await;
    let (ana, bo) = (house.ana().clone(), house.bo().clone());
    goes(&house, &bo).await;
    house.passes_until(slot - chrono::Duration::hours(24) + chrono::Duration::minutes(1));
    let ends = |message: &fake_discord::SeenMessage| message.full_text().contains("plans changed");
    let end = house.discord.until("the kind end", |_| room.messages().into_iter().find(ends)).await;
    assert!(end.pinged.contains(&ana.id) && !end.full_text().contains(&bo.mention()), "{}", end.line());
    house.lets_go_of(&bo).await;
    house.passes_until(slot - chrono::Duration::hours(2) + chrono::Duration::minutes(1));
    house.all_is_said().await;
    assert!(!room.messages().iter().any(|one| one.text.starts_with("You meet")), "no reminder calls her there");
    assert!(ana.runs("/meet upcoming").await.full_text().contains("Nothing is waiting"));
    assert!(!ana.sees_of_bot().to_lowercase().contains("left"), "nobody hears why: {}", ana.sees_of_bot());
    house.closes().await;
}

async fn gone_before_the_reminder_calls_it_off(database: TestDatabase) {
    missed_before_the_reminder(database, async |house, bo| bo.leaves(&house.den)).await;
}

async fn banned_before_the_reminder_calls_it_off(database: TestDatabase) {
    missed_before_the_reminder(database, async |house, bo| house.den.bans(bo)).await;
}

/// One asked for another time and was thrown out before it was looked for.
async fn gone_before_the_second_poll_ends_it_in_place_of_the_poll(database: TestDatabase) {
    let (mut house, room, _) = they_have_a_time(database).await;
    let bo = house.bo().clone();
    let on = house.bot_message_in(&room, "Another time").await;
    house.den.bans(&bo);
    let ana = house.ana().clone();
    ana.clicks(&on, "Another time").await;
    let ends = |message: &fake_discord::SeenMessage| message.full_text().contains("plans changed");
    house.discord.until("the kind end", |_| room.messages().into_iter().find(ends)).await;
    house.lets_go_of(&bo).await;
    house.all_is_said().await;
    let polls = room.messages().into_iter().filter(|one| one.reactions.iter().any(|(emoji, _)| emoji == "🚫")).count();
    assert_eq!(polls, 1, "nobody is asked when they could meet one who is gone");
    house.closes().await;
}

async fn while_discord_cannot_tell_the_reminder_comes_all_the_same(database: TestDatabase) {
    let (mut house, room, slot) = they_have_a_time(database).await;
    let bo = house.bo().clone();
    bo.leaves(&house.den);
    let members = format!("/guilds/{}/members", house.den.id);
    house.discord.fail_requests(2, "GET", &members, RestFault::Status(503));
    house.passes_until(slot - chrono::Duration::hours(24) + chrono::Duration::minutes(1));
    let is_reminder = |one: &fake_discord::SeenMessage| one.text.starts_with("You meet");
    house.discord.until("the reminder", |_| room.messages().into_iter().find(is_reminder)).await;
    assert_eq!(house.discord.faults_to_come(), 0, "both were looked for");
    assert_eq!(house.membership(&bo).await, Membership::Active, "an outage says nothing about Bo");
    house.passes_until(slot - chrono::Duration::hours(2) + chrono::Duration::minutes(1));
    house.lets_go_of(&bo).await;
    house.all_is_said().await;
    assert_eq!(room.messages().into_iter().filter(is_reminder).count(), 1, "the next look finds it out");
    house.closes().await;
}

on_both_engines!(
    gone_before_the_reminder_calls_it_off,
    banned_before_the_reminder_calls_it_off,
    gone_before_the_second_poll_ends_it_in_place_of_the_poll,
    while_discord_cannot_tell_the_reminder_comes_all_the_same,
    gone_from_the_server_is_gone_when_a_word_cannot_reach_them,
    gone_before_the_thread_opens_reads_as_cannot_make_it,
    closed_direct_messages_are_no_farewell,
    while_discord_cannot_tell_nobody_is_let_go,
    our_own_removal_throws_nobody_out,
    a_round_asks_nobody_about_whoever_has_left,
    a_round_passes_over_whoever_lost_the_required_role,
    a_round_waits_an_hour_for_discord_to_say_who_has_the_required_role,
    naming_somebody_who_is_gone_shows_it,
    removed_while_it_slept_it_rests_and_goes_on_when_it_is_back,
    removed_for_thirty_days_everything_is_erased,
    an_outage_is_no_removal,
);
