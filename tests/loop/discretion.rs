//! What others do in private shows nowhere, what was missed is read again, and whoever left is let go.

use std::collections::BTreeSet;

use chrono::Duration;
use wallflower::app::meetups::Answer;
use wallflower::app::round::Preview;
use wallflower::domain::ids::UserId;
use wallflower::domain::meetup::State;
use wallflower::domain::member::Membership;
use wallflower::domain::place::search;
use wallflower::domain::poll::Choice;
use wallflower::domain::round::{HeldBack, RoundReport, Suggestion};
use wallflower::domain::tie::{Deltas, Kind, Thousandths};
use wallflower::store::{Counted, Progress};

use super::life::Deaths;
use super::memory::Fault;
use super::support::TestDatabase;
use super::village::{BYSTANDER, HOME, PEOPLE, Temper, Village};

on_both_engines!(
    whom_you_talk_with_most_is_the_same_whatever_they_do_until_the_next_round,
    ones_own_word_counts_at_once,
    no_admin_learns_who_is_in_by_keeping_somebody_out_and_looking_again,
    no_admin_learns_of_a_trip_by_looking_again,
    a_poll_that_could_not_be_read_after_an_absence_is_read_with_the_next_look,
    whoever_cannot_be_found_at_a_round_is_out_and_another_is_asked,
);

/// Everybody has talked with the first one, the later ones less.
async fn all_talk_with_the_first(village: &Village) {
    let mut counted = Counted::default();
    for number in 0..PEOPLE {
        counted.consents.insert((HOME, Village::person(number)), 1);
    }
    for number in 1..PEOPLE {
        let amount = Thousandths(1000 * i64::try_from(40 - number).unwrap());
        let (first, other) = (Village::person(0), Village::person(number));
        let mut deltas = Deltas::default();
        deltas.add(HOME, first, other, village.app().now(), Kind::Reply, amount);
        deltas.add(HOME, other, first, village.app().now(), Kind::Reply, amount);
        counted.deltas.merge(deltas);
    }
    village.store().flush(&Progress { counted, ..Progress::default() }).await.unwrap();
}

async fn who(village: &Village) -> Vec<UserId> {
    let known = village.app().who(HOME, Village::person(0)).await.unwrap();
    assert!(known.iter().all(|one| !one.reasons.is_empty()), "each with the reasons why");
    known.into_iter().map(|one| one.user).collect()
}

async fn hold_round(village: &Village) {
    village.app().hold_round(&*village.memory, HOME).await.unwrap().unwrap();
}

/// The meetup that this one is asked about.
async fn asked_about(village: &Village, number: usize) -> wallflower::domain::meetup::Meetup {
    village.app().mine(HOME, Village::person(number)).await.unwrap().asks.remove(0)
}

async fn whom_you_talk_with_most_is_the_same_whatever_they_do_until_the_next_round(database: TestDatabase) {
    let village = Village::found(database, Temper::Silent, Deaths::default()).await;
    all_talk_with_the_first(&village).await;
    let app = village.app();
    assert!(app.who(HOME, Village::person(0)).await.is_err(), "names come with the rounds");
    village.clock.advance(Duration::days(7));
    // Rounds are held when this story says so.
    app.change_programme(HOME, |programme| programme.paused = true).await.unwrap();
    hold_round(&village).await;
    let first = who(&village).await;
    assert_eq!(first, [1, 2, 3].map(Village::person));
    // The first and the second are asked about each other.
    village.clock.advance(Duration::hours(1));
    app.answer(asked_about(&village, 1).await.id, Village::person(1), Answer::KnowEachOther).await.unwrap();
    village.clock.advance(Duration::days(6));
    app.tick(&*village.memory).await.unwrap();
    assert_eq!(
        village.store().met(HOME, Village::person(0)).await.unwrap().len(),
        1,
        "she says that they know each other"
    );
    assert_eq!(who(&village).await, first, "and that does not show");
    app.avoid(HOME, Village::person(2), Village::person(0)).await.unwrap();
    app.pause(HOME, Village::person(3), Some(app.now() + Duration::days(90))).await.unwrap();
    app.exclude(HOME, Village::person(3), true).await.unwrap();
    assert_eq!(who(&village).await, first);
    for number in 4..8 {
        app.pause(HOME, Village::person(number), Some(app.now() + Duration::days(90))).await.unwrap();
    }
    assert_eq!(who(&village).await, first, "also where fewer take part than a round needs");
    // Somebody new, whom all talk with: no earlier than with the next round.
    let newcomer = UserId::from_column(720_000_000_000_000_900);
    let moment = wallflower::domain::ids::MessageId::at(app.now()).get();
    app.join(HOME, newcomer, moment, &[]).await.unwrap();
    let mut deltas = Deltas::default();
    let long_ago = app.now() - Duration::days(20);
    for (from, to) in [(Village::person(0), newcomer), (newcomer, Village::person(0))] {
        deltas.add(HOME, from, to, long_ago, Kind::Reply, Thousandths(900_000));
    }
    let consents = [((HOME, Village::person(0)), 1), ((HOME, newcomer), moment)].into_iter().collect();
    let counted = Counted { deltas, consents, ..Counted::default() };
    village.store().flush(&Progress { counted, ..Progress::default() }).await.unwrap();
    assert_eq!(who(&village).await, first);
    for number in 4..8 {
        app.pause(HOME, Village::person(number), None).await.unwrap();
    }
    hold_round(&village).await;
    assert_eq!(who(&village).await, [newcomer, Village::person(4), Village::person(5)], "all at once, with the round");
    // Only what erases what was counted shows at once.
    app.forget(Village::person(4), Some(HOME)).await.unwrap();
    app.leave(HOME, Village::person(5)).await.unwrap();
    assert_eq!(who(&village).await, [newcomer, Village::person(6), Village::person(7)]);
}

/// What admins see of a round that might be held now, but for the number of people that they keep out themselves.
async fn outlook(village: &Village) -> (Vec<Suggestion>, RoundReport, usize) {
    let Preview { suggestions, mut report } = village.app().preview(HOME).await.unwrap();
    let kept_out = report.held_back.remove(&HeldBack::Excluded).unwrap_or(0);
    (suggestions, report, kept_out)
}

async fn no_admin_learns_who_is_in_by_keeping_somebody_out_and_looking_again(database: TestDatabase) {
    let village = Village::found(database, Temper::Silent, Deaths::default()).await;
    let app = village.app();
    app.change_programme(HOME, |programme| programme.paused = true).await.unwrap();
    let (couples, report, _) = outlook(&village).await;
    assert_eq!(couples.len(), PEOPLE / 2);
    let before = |kept_out| (couples.clone(), report.clone(), kept_out);
    app.exclude(HOME, Village::person(0), true).await.unwrap();
    assert_eq!(outlook(&village).await, before(1), "a member");
    app.exclude(HOME, BYSTANDER, true).await.unwrap();
    assert_eq!(outlook(&village).await, before(2), "a bystander");
    app.pause(HOME, Village::person(2), Some(app.now() + Duration::days(90))).await.unwrap();
    app.avoid(HOME, Village::person(4), Village::person(5)).await.unwrap();
    app.wish(HOME, Village::person(9), Village::person(6)).await.unwrap();
    assert_eq!(outlook(&village).await, before(2), "whatever they say to each other");
    village.clock.advance(Duration::hours(1));
    let held = app.hold_round(&*village.memory, HOME).await.unwrap().unwrap();
    let numbers = |why| held.held_back.get(&why).copied();
    assert_eq!((held.suggested, held.members), (2, PEOPLE - 1), "a round itself heeds every word");
    assert_eq!([HeldBack::Excluded, HeldBack::Paused, HeldBack::Avoided].map(numbers), [Some(2), Some(1), Some(1)]);
    village.clock.advance(Duration::hours(1));
    let (couples, report, _) = outlook(&village).await;
    app.exclude(HOME, Village::person(0), false).await.unwrap();
    app.pause(HOME, Village::person(2), None).await.unwrap();
    assert_eq!(outlook(&village).await, (couples, report, 1), "what is taken back shows with the next one, too");
}

async fn no_admin_learns_of_a_trip_by_looking_again(database: TestDatabase) {
    let village = Village::found(database, Temper::Silent, Deaths::default()).await;
    let (app, here, visitor) = (village.app(), Village::person(8), Village::person(9));
    app.change_programme(HOME, |programme| programme.paused = true).await.unwrap();
    let city = |name: &str| search(name, 1)[0];
    for (person, home) in [(here, "Utrecht"), (visitor, "New York")] {
        app.change_profile(HOME, person, |profile| profile.city = Some(city(home).id)).await.unwrap();
    }
    let before = outlook(&village).await;
    assert!(before.0.iter().any(|couple| couple.people == [here, visitor]), "{before:?}");
    let next_week = (app.now() + Duration::days(8)).format("%Y-%m-%d").to_string();
    app.travel(HOME, visitor, city("Utrecht"), &next_week).await.unwrap();
    assert_eq!(app.trips(HOME, visitor).await.unwrap().len(), 1);
    assert_eq!(outlook(&village).await, before, "near each other on a day that the round could offer");
}

async fn ones_own_word_counts_at_once(database: TestDatabase) {
    let village = Village::found(database, Temper::Silent, Deaths::default()).await;
    all_talk_with_the_first(&village).await;
    village.clock.advance(Duration::days(7));
    hold_round(&village).await;
    let app = village.app();
    let zero = Village::person(0);
    app.avoid(HOME, zero, Village::person(2)).await.unwrap();
    assert_eq!(who(&village).await, [1, 3, 4].map(Village::person));
    app.answer(asked_about(&village, 0).await.id, zero, Answer::KnowEachOther).await.unwrap();
    assert_eq!(who(&village).await, [3, 4, 5].map(Village::person));
}

async fn a_poll_that_could_not_be_read_after_an_absence_is_read_with_the_next_look(database: TestDatabase) {
    let deaths = Deaths { at_each_first: Some(Fault::ServerError), ..Deaths::default() };
    let village = Village::found(database, Temper::Silent, deaths).await;
    let app = village.app();
    village.clock.advance(Duration::days(2));
    hold_round(&village).await;
    let id = asked_about(&village, 0).await.id;
    for number in [0, 1] {
        app.answer(id, Village::person(number), Answer::Yes).await.unwrap();
    }
    let poll = async || match village.store().meetup(id).await.unwrap().unwrap().state {
        State::Polling { poll } => poll.message,
        state => panic!("{state:?}"),
    };
    for _ in 0..40 {
        if poll().await.is_some() {
            break;
        }
        village.clock.advance(Duration::seconds(70));
        app.tick(&*village.memory).await.unwrap();
    }
    let message = poll().await.unwrap();
    let voted = async || village.store().meetup(id).await.unwrap().unwrap().votes().flatten().count();
    // While nobody listened, and the first reading fails.
    village.memory.forget_seen();
    village.memory.reacts(message, Village::person(0), BTreeSet::from([Choice::Slot(0)]));
    app.was_absent();
    app.tick(&*village.memory).await.unwrap();
    assert_eq!(voted().await, 0, "that reading was to fail");
    app.tick(&*village.memory).await.unwrap();
    assert_eq!(voted().await, 1);
    // Read once, it is not read with each look.
    village.memory.reacts(message, Village::person(1), BTreeSet::from([Choice::Slot(0)]));
    app.tick(&*village.memory).await.unwrap();
    assert_eq!(voted().await, 1);
}

async fn whoever_cannot_be_found_at_a_round_is_out_and_another_is_asked(database: TestDatabase) {
    let village = Village::found(database, Temper::Silent, Deaths::default()).await;
    all_talk_with_the_first(&village).await;
    let app = village.app();
    village.clock.advance(Duration::days(7));
    village.memory.leaves(Village::person(1));
    let report = app.hold_round(&*village.memory, HOME).await.unwrap().unwrap();
    let member = village.store().member(HOME, Village::person(1)).await.unwrap().unwrap();
    assert_eq!((member.membership, report.members), (Membership::Left, PEOPLE - 1));
    let meetup = asked_about(&village, 0).await;
    assert!(meetup.participant(Village::person(1)).is_none(), "the first one is asked about somebody who is there");
}
