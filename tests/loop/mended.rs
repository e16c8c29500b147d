//! What goes wrong on the way is seen to, and shown to admins where they can mend it.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::Duration;
use wallflower::app::Wallflower;
use wallflower::app::meetups::{Answer, Said};
use wallflower::app::watch::Watch;
use wallflower::clock::Clock;
use wallflower::domain::ids::{MeetupId, MessageId};
use wallflower::domain::meetup::State;
use wallflower::domain::notice::Notice;
use wallflower::domain::poll::Choice;

use super::life::Deaths;
use super::memory::Fault;
use super::support::TestDatabase;
use super::village::{HOME, Temper, Village};

on_both_engines!(
    a_poll_that_may_not_be_read_any_more_is_decided_by_the_votes_that_are_known,
    a_slow_attempt_that_may_have_arrived_is_looked_for_before_its_nonce_is_forgotten,
    nobody_is_counted_after_their_community_was_erased,
);

/// The first two are in, and their poll stands.
async fn with_a_poll(village: &Village) -> (MeetupId, MessageId) {
    let app = village.app();
    app.change_programme(HOME, |programme| programme.paused = true).await.unwrap();
    village.clock.advance(Duration::days(2));
    app.hold_round(&*village.memory, HOME).await.unwrap().unwrap();
    let id = app.mine(HOME, Village::person(0)).await.unwrap().asks.remove(0).id;
    for number in [0, 1] {
        app.answer(id, Village::person(number), Answer::Yes).await.unwrap();
    }
    app.tick(&*village.memory).await.unwrap();
    match village.store().meetup(id).await.unwrap().unwrap().state {
        State::Polling { poll } => (id, poll.message.unwrap()),
        state => panic!("{state:?}"),
    }
}

async fn a_poll_that_may_not_be_read_any_more_is_decided_by_the_votes_that_are_known(database: TestDatabase) {
    let village = Village::found(database, Temper::Silent, Deaths::default()).await;
    let (id, message) = with_a_poll(&village).await;
    let app = village.app();
    village.memory.forbid_reading("may not read there");
    app.was_absent();
    app.tick(&*village.memory).await.unwrap();
    let state = async || village.store().meetup(id).await.unwrap().unwrap().state;
    assert!(matches!(state().await, State::Polling { .. }), "before it is due nothing is decided");
    assert_eq!(app.status(HOME).await.unwrap().unsaid, ["may not read there"]);
    for number in [0, 1] {
        village.memory.reacts(message, Village::person(number), BTreeSet::from([Choice::Slot(0)]));
        app.react(message, Village::person(number), Said::Reaction(Choice::Slot(0)), true).await.unwrap();
    }
    village.clock.advance(Duration::minutes(11));
    app.tick(&*village.memory).await.unwrap();
    assert!(matches!(state().await, State::Scheduled { .. }), "{:?}", state().await);
}

async fn a_slow_attempt_that_may_have_arrived_is_looked_for_before_its_nonce_is_forgotten(database: TestDatabase) {
    let village = Village::found(database, Temper::Silent, Deaths::default()).await;
    let app = village.app();
    app.tick(&*village.memory).await.unwrap();
    village.clock.advance(Duration::days(2));
    // Each delivery takes longer than Discord is trusted to remember a nonce, and the first answer gets lost.
    village.memory.order_each_first(Fault::LostAnswer);
    village.memory.slow_down(Duration::seconds(70));
    app.hold_round(&*village.memory, HOME).await.unwrap().unwrap();
    for _ in 0..20 {
        app.tick(&*village.memory).await.unwrap();
        village.clock.advance(Duration::seconds(5));
    }
    let doorbells = village.memory.posts().into_iter().filter(|post| post.notice == Notice::Doorbell).count();
    assert_eq!(doorbells, 1);
}

async fn nobody_is_counted_after_their_community_was_erased(database: TestDatabase) {
    let village = Village::found(database, Temper::Silent, Deaths::default()).await;
    let watch = Arc::new(Watch::open(village.store().clone()).await.unwrap());
    let clock = Arc::clone(&village.clock) as Arc<dyn Clock>;
    let app = Wallflower::new(village.store().clone(), clock, "a secret of the tests".to_owned().into(), [9; 32]);
    let app = app.hearing_with(Arc::clone(&watch));
    assert!(!watch.admit(HOME, Village::person(0), 1).await.is_new());
    village.store().community_removed(HOME, app.now()).await.unwrap();
    village.clock.advance(Duration::days(31));
    app.tick(&*village.memory).await.unwrap();
    assert!(village.store().community(HOME).await.unwrap().is_none());
    assert!(watch.admit(HOME, Village::person(0), 1).await.is_new());
}
