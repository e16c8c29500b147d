//! Events in any order, several at once, with the process dying between any two steps: each meetup stays one, and what
//! is saved of it is all there is.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Duration, DurationRound, Utc};
use chrono_tz::Tz;
use proptest::prelude::*;
use wallflower::app::messenger::Place;
use wallflower::domain::ids::{MeetupId, UserId};
use wallflower::domain::meetup::{Account, Event, MOST_MESSAGES, Meetup};
use wallflower::domain::poll::{Ballot, Choice, Mark};
use wallflower::domain::slot::Slot;

use super::life::Deaths;
use super::promises::keep;
use super::support::TestDatabase;
use super::village::{CHANNEL, HOME, PEOPLE, Temper, Village};
use super::{any_fault, memory};

/// What somebody does, or what befalls their meetup.
#[derive(Debug, Clone)]
enum Act {
    Yes,
    No,
    Known,
    Withdraws,
    Votes(u8, bool),
    Marks(u8, u8),
    Proposes(i64),
    NamesPlace(u8),
    ChoosesPlace(u8),
    SwapsHost,
    AnotherTime,
    OffersTime(i64),
    AnswersOffer(bool),
    CallsOff,
    RunsLate,
    ChecksIn(Account),
    MeetsAgain(bool),
    Hears,
    PollLost,
    RoomLost,
    TimePassed,
}

/// One act by one of them, after so many minutes; `twice` where it is done twice in the same moment.
#[derive(Debug, Clone)]
struct Turn {
    minutes: i64,
    who: usize,
    act: Act,
    twice: bool,
}

impl Act {
    fn event(&self, user: UserId, now: DateTime<Utc>) -> Event {
        let zone = Tz::UTC;
        match *self {
            Self::Yes => Event::SaysYes { user },
            Self::No => Event::SaysNo { user },
            Self::Known => Event::SaysWeKnowEachOther { user },
            Self::Withdraws => Event::Withdraws { user },
            Self::Votes(slot, chosen) => Event::Votes { user, zone, choice: Choice::Slot(slot), chosen },
            Self::Marks(poll, slot) => Event::Marks { user, zone, poll, mark: Mark::Suits(BTreeSet::from([slot])) },
            Self::Proposes(days) => Event::Proposes { user, slot: hour_in(days, now) },
            Self::OffersTime(days) => Event::OffersTime { user, slot: hour_in(days, now) },
            Self::AnswersOffer(suits) => Event::AnswersOffer { user, suits },
            Self::CallsOff => Event::CallsOff { user, reason: Some("Rain".to_owned()) },
            Self::RunsLate => Event::RunsLate { user },
            Self::NamesPlace(number) => Event::NamesPlace { user, place: format!("The Library, room {number}") },
            Self::ChoosesPlace(number) => Event::ChoosesPlace { user, place: format!("The Park, gate {number}") },
            Self::SwapsHost => Event::SwapsHost { user },
            Self::AnotherTime => Event::WantsAnotherTime { user },
            Self::ChecksIn(account) => Event::ChecksIn { user, account },
            Self::MeetsAgain(again) => Event::MeetsAgain { user, again },
            Self::Hears => Event::HearsTheNews { user },
            Self::PollLost => Event::PollLost,
            Self::RoomLost => Event::RoomLost,
            Self::TimePassed => Event::TimePassed,
        }
    }
}

fn hour_in(days: i64, now: DateTime<Utc>) -> Slot {
    let hour = now.duration_trunc(Duration::hours(1)).unwrap();
    Slot::new(hour + Duration::days(days), 60, Tz::UTC).unwrap()
}

fn any_act() -> impl Strategy<Value = Act> {
    let account = prop_oneof![Just(Account::WeMet), Just(Account::DidNotHappen), Just(Account::WasAlone)];
    prop_oneof![
        8 => Just(Act::Yes),
        1 => prop_oneof![Just(Act::No), Just(Act::Known), Just(Act::Withdraws), Just(Act::PollLost), Just(Act::RoomLost)],
        8 => (0_u8..3, prop::bool::weighted(0.9)).prop_map(|(slot, chosen)| Act::Votes(slot, chosen)),
        4 => (1_u8..3, 0_u8..3).prop_map(|(poll, slot)| Act::Marks(poll, slot)),
        1 => (6_i64..20).prop_map(Act::Proposes),
        3 => (1_u8..4).prop_map(Act::NamesPlace),
        2 => (1_u8..8).prop_map(Act::ChoosesPlace),
        1 => Just(Act::SwapsHost),
        1 => prop_oneof![Just(Act::AnotherTime), Just(Act::CallsOff), Just(Act::RunsLate)],
        2 => (6_i64..20).prop_map(Act::OffersTime),
        3 => prop::bool::weighted(0.8).prop_map(Act::AnswersOffer),
        6 => account.prop_map(Act::ChecksIn),
        3 => prop::bool::weighted(0.8).prop_map(Act::MeetsAgain),
        1 => Just(Act::Hears),
        2 => Just(Act::TimePassed),
    ]
}

fn any_turn() -> impl Strategy<Value = Turn> {
    let minutes = prop_oneof![4 => 0_i64..90, 1 => 90_i64..3000];
    (minutes, 0_usize..10, any_act(), prop::bool::weighted(0.3)).prop_map(|(minutes, who, act, twice)| Turn {
        minutes,
        who,
        act,
        twice,
    })
}

/// What is true of each meetup after each turn, whatever came before.
async fn truths(village: &Village, of: Company) {
    let meetups = village.meetups().await;
    assert_eq!(meetups.len(), PEOPLE / of.people(), "one meetup for each suggestion");
    for meetup in &meetups {
        seats(meetup, of);
        assert_eq!(meetup.due_at().is_none(), meetup.is_over());
    }
    for number in 0..PEOPLE {
        let user = Village::person(number);
        let open = village.meetups_of(user).await.into_iter().filter(|one| !one.is_over()).count();
        assert!(open <= 1, "{user} has {open} open meetups");
        let mine = village.app().mine(HOME, user).await.unwrap();
        let mut seen = BTreeMap::<MeetupId, usize>::new();
        for meetup in [mine.asks, mine.polls, mine.upcoming, mine.check_ins, mine.news].iter().flatten() {
            *seen.entry(meetup.id).or_default() += 1;
        }
        assert!(seen.values().all(|times| *times == 1), "{user} is told two things of one meetup");
    }
    let mut said = BTreeMap::<MeetupId, usize>::new();
    for post in village.memory.posts() {
        let is_room = matches!(post.place, Place::Channel(channel) if channel != CHANNEL);
        if let Some(meetup) = post.meetup.filter(|_| is_room && post.notice.is_message()) {
            *said.entry(meetup).or_default() += 1;
        }
    }
    assert!(said.values().all(|times| *times <= usize::from(MOST_MESSAGES)), "{said:?}");
}

/// Everybody has one seat, and at most one of those who are in leads.
fn seats(meetup: &Meetup, of: Company) {
    let users: BTreeSet<_> = meetup.participants.iter().map(|one| one.user).collect();
    assert_eq!((users.len(), meetup.participants.len()), (of.people(), meetup.invited), "{meetup:?}");
    assert!(meetup.present().filter(|one| one.host).count() <= 1, "{meetup:?}");
}

async fn play(
    database: TestDatabase,
    (of, ballot): (Company, Ballot),
    turns: &[Turn],
    deaths: Deaths,
) -> BTreeSet<&'static str> {
    let mut village = Village::found(database, Temper::Silent, deaths).await;
    if of == Company::Five {
        village.sits_in_fives().await;
    }
    village.votes_by(ballot).await;
    village.hold_the_round().await;
    village.rest_after_the_first_round().await;
    village.tick().await;
    let id = village.meetups().await.remove(0).id;
    let mut states = BTreeSet::new();
    for turn in turns {
        village.clock.advance(Duration::minutes(turn.minutes));
        let meetup = village.store().meetup(id).await.unwrap().unwrap();
        let user = meetup.participants[turn.who % of.people()].user;
        village.suffers(id, &turn.act.event(user, village.app().now()), turn.twice).await;
        village.tick().await;
        truths(&village, of).await;
        states.insert(village.store().meetup(id).await.unwrap().unwrap().state.name());
    }
    village.live().await;
    truths(&village, of).await;
    keep(&village).await;
    states
}

/// How many are suggested to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Company {
    Two,
    Five,
}

impl Company {
    const fn people(self) -> usize {
        match self {
            Self::Two => 2,
            Self::Five => 5,
        }
    }
}

/// A walk to the end, so that the property is known to reach all states. Of five three go it.
fn straight_on(of: Company) -> Vec<Turn> {
    let turn = |minutes, who, act| Turn { minutes, who, act, twice: true };
    let going = if of == Company::Two { 0..2 } else { 0..3 };
    let all = |act: Act| going.clone().map(move |who| turn(1, who, act.clone()));
    let mut turns: Vec<Turn> = all(Act::Yes).collect();
    if of == Company::Five {
        turns.push(turn(1, 3, Act::No));
        turns.push(turn(60 * 24 * 6, 0, Act::TimePassed));
    }
    turns.extend(all(Act::Marks(1, 0)));
    turns.push(turn(30, 0, Act::NamesPlace(1)));
    turns.push(turn(60 * 24 * 6, 0, Act::TimePassed));
    turns.push(turn(60 * 24, 0, Act::TimePassed));
    turns.extend(all(Act::ChecksIn(Account::WeMet)));
    turns
}

async fn a_walk_with_every_click_made_twice_at_once_reaches_the_end(database: TestDatabase) {
    walks(database, Company::Two).await;
}

async fn a_walk_of_three_of_five_reaches_the_end_too(database: TestDatabase) {
    walks(database, Company::Five).await;
}

async fn walks(database: TestDatabase, of: Company) {
    let deaths = Deaths { while_working: Some(13), rests: vec![Duration::seconds(61)], ..Deaths::default() };
    let states = play(database, (of, Ballot::Buttons), &straight_on(of), deaths).await;
    assert!(states.contains("scheduled") && states.contains("held"), "{states:?}");
}

on_both_engines!(
    a_walk_with_every_click_made_twice_at_once_reaches_the_end,
    a_walk_of_three_of_five_reaches_the_end_too,
);

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, max_shrink_iters: 40, ..ProptestConfig::default() })]

    #[test]
    fn no_order_of_events_and_no_death_between_them_breaks_a_promise(
        turns in prop::collection::vec(any_turn(), 5..40),
        of in prop::sample::select(vec![Company::Two, Company::Five]),
        ballot in prop::sample::select(vec![Ballot::Reactions, Ballot::Buttons]),
        every in 2_usize..9,
        fault in any_fault(),
        while_working in 5_usize..60,
        rest in prop_oneof![Just(0_i64), Just(30), Just(61)],
    ) {
        let faults: Option<(usize, memory::Fault)> = Some((every, fault));
        let rests = vec![Duration::seconds(rest)];
        let deaths = Deaths { at_requests: faults, while_working: Some(while_working), rests, ..Deaths::default() };
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(play(TestDatabase::sqlite(), (of, ballot), &turns, deaths));
    }
}
