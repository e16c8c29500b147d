//! What goes wrong on the way is seen to, and shown to admins where they can mend it.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::Duration;
use wallflower::app::Wallflower;
use wallflower::app::meetups::{Answer, Said};
use wallflower::app::watch::Watch;
use wallflower::clock::Clock;
use wallflower::domain::ids::{MeetupId, MessageId};
use wallflower::domain::meetup::{Account, Event, State, Style};
use wallflower::domain::notice::{Notice, Reminders};
use wallflower::domain::poll::Choice;
use wallflower::domain::slot::Slot;
use wallflower::store::Programme;

use super::life::Deaths;
use super::memory::Fault;
use super::support::TestDatabase;
use super::village::{HOME, Temper, Village};
use super::weather::{Until, brought, loaded};

on_both_engines!(
    a_poll_that_may_not_be_read_any_more_is_decided_by_the_votes_that_are_known,
    a_slow_attempt_that_may_have_arrived_is_looked_for_before_its_nonce_is_forgotten,
    nobody_is_counted_after_their_community_was_erased,
    a_poll_whose_answer_got_lost_is_found_and_closed_though_it_was_called_off_meanwhile,
    a_thread_in_which_the_next_one_lives_is_not_archived,
    without_reminders_a_place_that_is_named_late_is_told,
    who_would_not_be_named_any_more_is_named_in_no_ask,
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
    assert!(!watch.admit(HOME, Village::person(0), 1).await.unwrap().is_new());
    village.store().community_removed(HOME, app.now()).await.unwrap();
    village.clock.advance(Duration::days(31));
    app.tick(&*village.memory).await.unwrap();
    assert!(village.store().community(HOME).await.unwrap().is_none());
    assert!(watch.admit(HOME, Village::person(0), 1).await.unwrap().is_new());
}

async fn a_poll_whose_answer_got_lost_is_found_and_closed_though_it_was_called_off_meanwhile(database: TestDatabase) {
    let mut village = Village::found(database, Temper::Silent, Deaths::default()).await;
    village.hold_the_round().await;
    village.rest_after_the_first_round().await;
    let id = village.app().mine(HOME, Village::person(0)).await.unwrap().asks.remove(0).id;
    for number in [0, 1] {
        village.app().answer(id, Village::person(number), Answer::Yes).await.unwrap();
    }
    village.memory.order_each_first(Fault::LostAnswer);
    let is_poll = |notice: &Notice| matches!(notice, Notice::PostPoll { .. });
    let standing = |village: &Village| {
        let polls = village.memory.posts().into_iter().filter(|post| is_poll(&post.notice) && post.meetup == Some(id));
        polls.map(|post| post.id).collect::<Vec<_>>()
    };
    for _ in 0..20 {
        if standing(&village).is_empty() {
            village.clock.advance(Duration::seconds(3));
            village.tick().await;
        }
    }
    assert!(matches!(loaded(&village, id).await.state, State::Polling { poll } if poll.message.is_none()));
    let bo = Village::person(1);
    village.app().as_participant(id, Event::Withdraws { user: bo }, bo).await.unwrap();
    assert!(loaded(&village, id).await.is_over());
    let soon = village.app().now() + Duration::minutes(10);
    village.passes_until(soon).await;
    let polls = standing(&village);
    assert_eq!(polls.len(), 1);
    for what in ["post_poll", "refresh_poll"] {
        let delivered = village.store().delivered(id, what).await.unwrap().and_then(|one| one.message);
        assert_eq!(delivered, Some(polls[0]), "{what}");
    }
}

async fn a_thread_in_which_the_next_one_lives_is_not_archived(database: TestDatabase) {
    let (mut village, id) = brought(database, Until::CheckingIn).await;
    let morning = village.app().now() + Duration::hours(20);
    village.passes_until(morning).await;
    for number in [0, 1] {
        village.app().check_in(id, Village::person(number), Account::WeMet).await.unwrap();
    }
    // Discord asks for patience, and meanwhile both say that they would meet again.
    village.memory.order(1, Fault::TooMany(std::time::Duration::from_hours(1)), 1);
    village.tick().await;
    for number in [0, 1] {
        village.app().meets_again(id, Village::person(number), true).await.unwrap();
    }
    let next = village.app().go_on(id, Village::person(0)).await.unwrap();
    let later = village.app().now() + Duration::hours(3);
    village.passes_until(later).await;
    assert!(matches!(loaded(&village, next.id).await.state, State::Polling { poll } if poll.message.is_some()));
    assert_eq!(village.memory.opened_and_archived().1, [], "a poll runs in it");
    let over = later + Duration::days(40);
    village.passes_until(over).await;
    assert!(loaded(&village, next.id).await.is_over());
}

async fn without_reminders_a_place_that_is_named_late_is_told(database: TestDatabase) {
    let (mut village, id) = brought(database, Until::Scheduled).await;
    village.app().change_programme(HOME, |programme| programme.reminders = Reminders::None).await.unwrap();
    let on = loaded(&village, id).await.appointment().unwrap().slot;
    let [ana, bo] = [0, 1].map(Village::person);
    let slot = Slot::new(on.start() + Duration::days(1), on.minutes(), on.zone()).unwrap();
    village.app().advance(id, &Event::OffersTime { user: ana, slot }).await.unwrap();
    village.app().advance(id, &Event::AnswersOffer { user: bo, suits: false }).await.unwrap();
    village.passes_until(on.start() - Duration::hours(20)).await;
    let host = loaded(&village, id).await.host().unwrap().user;
    village.app().name_place(id, host, "The Library").await.unwrap();
    village.passes_until(on.start()).await;
    let posts = village.memory.posts();
    let said = |is: fn(&Notice) -> bool| posts.iter().filter(|post| is(&post.notice)).count();
    assert_eq!(said(|notice| matches!(notice, Notice::PlaceNamed { .. })), 1);
    assert_eq!(said(|notice| matches!(notice, Notice::Reminder { .. })), 0);
}

/// In the style *open* asks stand in the channel, and they are spread over hours.
async fn who_would_not_be_named_any_more_is_named_in_no_ask(database: TestDatabase) {
    let village = Village::found(database, Temper::Silent, Deaths::default()).await;
    let app = village.app();
    let open = |programme: &mut Programme| {
        programme.paused = true;
        programme.style = Style::Open;
    };
    app.change_programme(HOME, open).await.unwrap();
    for member in village.store().members(HOME).await.unwrap() {
        app.change_profile(HOME, member.user, |profile| profile.may_be_named = true).await.unwrap();
    }
    village.clock.advance(Duration::days(2));
    app.hold_round(&*village.memory, HOME).await.unwrap().unwrap();
    let meetups = village.meetups().await;
    let shy = meetups[0].participants[0].user;
    app.change_profile(HOME, shy, |profile| profile.may_be_named = false).await.unwrap();
    village.clock.advance(Duration::days(1));
    app.tick(&*village.memory).await.unwrap();
    let posts = village.memory.posts();
    let asks: Vec<_> = posts.iter().filter(|post| post.notice == Notice::OpenAsk).collect();
    assert_eq!(asks.len(), meetups.len() - 1, "{asks:?}");
    assert!(!asks.is_empty() && asks.iter().all(|post| !post.about.contains(&shy)), "{asks:?}");
}
