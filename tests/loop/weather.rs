//! The weather of life: what becomes of a meetup when somebody goes, or when what it lives in is taken away, in each state.

use std::collections::BTreeSet;

use chrono::Duration;
use wallflower::app::meetups::Answer;
use wallflower::app::messenger::Place;
use wallflower::domain::ids::{MeetupId, MessageId, UserId};
use wallflower::domain::meetup::{Account, Fizzle, Meetup, SaidBy, State};
use wallflower::domain::notice::{NotThisTime, Notice};
use wallflower::domain::poll::Choice;

use super::life::Deaths;
use super::support::TestDatabase;
use super::village::{HOME, Temper, Village};

on_both_engines!(
    whoever_goes_while_it_is_voted_on_or_fixed_calls_it_off_and_the_room_hears_it_once,
    whoever_goes_after_the_time_leaves_the_other_one_to_tell,
    whoever_has_told_and_goes_has_told,
    a_thread_that_is_deleted_while_it_is_voted_on_ends_it_and_both_hear_it_alone,
    a_thread_that_is_deleted_later_takes_its_words_with_it_and_the_check_in_is_asked_all_the_same,
    a_poll_that_is_deleted_is_decided_by_the_votes_that_are_known,
    an_announcement_that_is_deleted_changes_nothing_else,
);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Until {
    Polling,
    Scheduled,
    CheckingIn,
}

/// How somebody goes. Who is banned is one who is not there any more.
#[derive(Debug, Clone, Copy)]
pub enum Goes {
    LeavesTheServer,
    LeavesWallflower,
    Pauses,
    Forgets,
    Avoids,
}

pub const WAYS: [Goes; 5] = [Goes::LeavesTheServer, Goes::LeavesWallflower, Goes::Pauses, Goes::Forgets, Goes::Avoids];

/// The first two people in a meetup that has come so far.
pub async fn brought(database: TestDatabase, until: Until) -> (Village, MeetupId) {
    let mut village = Village::found(database, Temper::Silent, Deaths::default()).await;
    village.hold_the_round().await;
    village.rest_after_the_first_round().await;
    let id = village.app().mine(HOME, Village::person(0)).await.unwrap().asks.remove(0).id;
    for number in [0, 1] {
        village.app().answer(id, Village::person(number), Answer::Yes).await.unwrap();
    }
    village.tick().await;
    if until != Until::Polling {
        vote(&village, id).await;
        let soon = village.app().now() + Duration::hours(13);
        village.passes_until(soon).await;
        assert!(matches!(loaded(&village, id).await.state, State::Scheduled { .. }));
    }
    if until == Until::CheckingIn {
        let ends = loaded(&village, id).await.appointment().unwrap().slot.end();
        village.passes_until(ends).await;
    }
    (village, id)
}

/// One more database of the same engine.
pub async fn another(database: &TestDatabase) -> TestDatabase {
    if database.url.starts_with("sqlite:") { TestDatabase::sqlite() } else { TestDatabase::postgres().await }
}

async fn vote(village: &Village, id: MeetupId) -> MessageId {
    let State::Polling { poll } = loaded(village, id).await.state else { panic!("no poll") };
    let message = poll.message.unwrap();
    for number in [0, 1] {
        village.memory.reacts(message, Village::person(number), BTreeSet::from([Choice::Slot(0)]));
    }
    village.app().was_absent();
    message
}

pub async fn loaded(village: &Village, id: MeetupId) -> Meetup {
    village.store().meetup(id).await.unwrap().unwrap()
}

pub async fn goes(village: &Village, user: UserId, other: UserId, way: Goes) {
    let app = village.app();
    match way {
        Goes::LeavesTheServer => {
            village.memory.leaves(user);
            app.seems_gone(&*village.memory, HOME, user).await.unwrap();
        }
        Goes::LeavesWallflower => app.leave(HOME, user).await.unwrap(),
        Goes::Pauses => drop(app.pause(HOME, user, Some(app.now() + Duration::days(60))).await.unwrap()),
        Goes::Forgets => drop(app.forget(user, Some(HOME)).await.unwrap()),
        Goes::Avoids => app.avoid(HOME, user, other).await.unwrap(),
    }
}

/// How often each end was said, and where.
fn ends(village: &Village, id: MeetupId) -> Vec<(NotThisTime, Place)> {
    let posts = village.memory.posts().into_iter().filter(|post| post.meetup == Some(id));
    let end = |notice: &Notice| match notice {
        Notice::NotThisTime { why, .. } => Some(*why),
        _ => None,
    };
    posts.filter_map(|post| Some((end(&post.notice)?, post.place))).collect()
}

async fn whoever_goes_while_it_is_voted_on_or_fixed_calls_it_off_and_the_room_hears_it_once(database: TestDatabase) {
    for until in [Until::Polling, Until::Scheduled] {
        for way in WAYS {
            let (mut village, id) = brought(another(&database).await, until).await;
            goes(&village, Village::person(1), Village::person(0), way).await;
            village.live().await;
            let meetup = loaded(&village, id).await;
            assert_eq!(meetup.state, State::Fizzled { why: Fizzle::CalledOff }, "{until:?} {way:?}");
            let room = Place::Channel(meetup.room.unwrap());
            assert_eq!(ends(&village, id), [(NotThisTime::CannotMakeIt, room)], "{until:?} {way:?}: all read alike");
        }
    }
}

async fn whoever_goes_after_the_time_leaves_the_other_one_to_tell(database: TestDatabase) {
    for way in WAYS {
        let (mut village, id) = brought(another(&database).await, Until::CheckingIn).await;
        goes(&village, Village::person(1), Village::person(0), way).await;
        assert!(!loaded(&village, id).await.is_over(), "{way:?}");
        let morning = village.app().now() + Duration::hours(20);
        village.passes_until(morning).await;
        village.app().check_in(id, Village::person(0), Account::WeMet).await.unwrap();
        assert!(has_met(&village, id, way, SaidBy::One).await, "{way:?}: nobody else is left to tell");
        assert!(ends(&village, id).is_empty(), "{way:?}");
    }
}

async fn whoever_has_told_and_goes_has_told(database: TestDatabase) {
    for way in WAYS {
        let (mut village, id) = brought(another(&database).await, Until::CheckingIn).await;
        let morning = village.app().now() + Duration::hours(20);
        village.passes_until(morning).await;
        village.app().check_in(id, Village::person(1), Account::WeMet).await.unwrap();
        goes(&village, Village::person(1), Village::person(0), way).await;
        village.app().check_in(id, Village::person(0), Account::WeMet).await.unwrap();
        assert!(has_met(&village, id, way, SaidBy::Both).await, "{way:?}");
    }
}

/// It was held, and the first one has met the second; or someone, where they have erased themselves.
async fn has_met(village: &Village, id: MeetupId, way: Goes, said_by: SaidBy) -> bool {
    let held = matches!(loaded(village, id).await.state, State::Held { .. });
    let met = village.store().met(HOME, Village::person(0)).await.unwrap();
    let passport = village.app().history(HOME, Village::person(0)).await.unwrap();
    let with: Vec<_> = passport.iter().map(|entry| (entry.with.len(), entry.someone)).collect();
    let said: Vec<_> = met.iter().map(|met| met.said_by).collect();
    match way {
        Goes::Forgets => held && said.is_empty() && with == [(0, 1)],
        _ => held && said == [said_by] && with == [(1, 0)],
    }
}

async fn a_thread_that_is_deleted_while_it_is_voted_on_ends_it_and_both_hear_it_alone(database: TestDatabase) {
    let (mut village, id) = brought(database, Until::Polling).await;
    let room = loaded(&village, id).await.room.unwrap();
    village.app().lose_room(room).await.unwrap();
    assert_eq!(loaded(&village, id).await.state, State::Fizzled { why: Fizzle::NoRoom });
    village.live().await;
    let posts = village.memory.posts();
    let told = posts.iter().filter(|post| post.meetup == Some(id) && post.notice == Notice::DidNotComeTogether);
    let told: Vec<_> = told.map(|post| post.place).collect();
    let alone = |number| Place::Direct(Village::person(number));
    assert!(told.len() == 2 && told.contains(&alone(0)) && told.contains(&alone(1)), "{told:?}");
    assert!(ends(&village, id).is_empty());
}

async fn a_thread_that_is_deleted_later_takes_its_words_with_it_and_the_check_in_is_asked_all_the_same(
    database: TestDatabase,
) {
    let (mut village, id) = brought(database, Until::Scheduled).await;
    let meetup = loaded(&village, id).await;
    village.app().lose_room(meetup.room.unwrap()).await.unwrap();
    assert!(matches!(loaded(&village, id).await.state, State::Scheduled { .. }), "they know when");
    village.passes_until(meetup.appointment().unwrap().slot.end() + Duration::days(1)).await;
    for number in [0, 1] {
        village.app().check_in(id, Village::person(number), Account::WeMet).await.unwrap();
    }
    assert!(matches!(loaded(&village, id).await.state, State::Held { .. }));
    village.app().lose_room(meetup.room.unwrap()).await.unwrap();
}

async fn a_poll_that_is_deleted_is_decided_by_the_votes_that_are_known(database: TestDatabase) {
    let (mut village, id) = brought(database, Until::Polling).await;
    let message = vote(&village, id).await;
    village.tick().await;
    village.memory.deletes(message);
    let soon = village.app().now() + Duration::hours(1);
    village.passes_until(soon).await;
    assert!(matches!(loaded(&village, id).await.state, State::Scheduled { .. }), "both could make one of its times");
}

async fn an_announcement_that_is_deleted_changes_nothing_else(database: TestDatabase) {
    let (mut village, id) = brought(database, Until::Scheduled).await;
    let posts = village.memory.posts();
    let is_on = |notice: &Notice| matches!(notice, Notice::ItIsOn { .. });
    let announcement = posts.iter().find(|post| post.meetup == Some(id) && is_on(&post.notice)).unwrap();
    village.memory.deletes(announcement.id);
    let host = loaded(&village, id).await.host().unwrap().user;
    village.app().name_place(id, host, "The Library").await.unwrap();
    village.passes_until(village.app().now() + Duration::minutes(5)).await;
    let ends = loaded(&village, id).await.appointment().unwrap().slot.end();
    village.passes_until(ends + Duration::days(1)).await;
    let asked = village.memory.posts().into_iter().filter(|post| post.notice == Notice::CheckIn).count();
    assert_eq!(asked, 2, "reminders and check-in go on");
}
