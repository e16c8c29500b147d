//! What follows from meetups that are over, over a real database.

use chrono::Duration;
use wallflower::app::messenger::Place;
use wallflower::app::{Refusal, Stop};
use wallflower::clock::Clock;
use wallflower::domain::ids::MeetupId;
use wallflower::domain::meetup::State;
use wallflower::domain::notice::{Notice, Reminder, Reminders};

use super::life::Deaths;
use super::support::TestDatabase;
use super::village::{CHANNEL, HOME, Temper, Village};

on_both_engines!(
    two_clicks_make_one_next_meetup_and_an_old_button_none,
    whoever_would_rather_not_makes_it_impossible_and_hears_and_rings_nothing,
    a_month_with_enough_meetups_is_told_once_and_names_nobody,
    a_community_has_the_reminders_that_it_wants,
);

/// All have met, and the first two would again.
async fn they_met(database: TestDatabase) -> (Village, MeetupId) {
    let mut village = Village::found(database, Temper::Willing, Deaths::default()).await;
    village.live().await;
    let meetup = village.meetups().await.remove(0);
    assert!(matches!(meetup.state, State::Held { .. }));
    for seat in &meetup.participants {
        village.app().meets_again(meetup.id, seat.user, true).await.unwrap();
    }
    (village, meetup.id)
}

fn offers(village: &Village) -> usize {
    village.memory.posts().iter().filter(|post| post.notice == Notice::MeetAgain).count()
}

async fn two_clicks_make_one_next_meetup_and_an_old_button_none(database: TestDatabase) {
    let (mut village, id) = they_met(database).await;
    village.tick().await;
    assert_eq!(offers(&village), 1);
    let meetup = village.store().meetup(id).await.unwrap().unwrap();
    let [one, other] = [0, 1].map(|at| meetup.participants[at].user);
    let (first, second) = tokio::join!(village.app().go_on(id, one), village.app().go_on(id, other));
    let refused = [&first, &second].into_iter().filter(|done| matches!(done, Err(Stop::Refusal(Refusal::NotAgain))));
    assert_eq!(refused.count(), 1, "{first:?} {second:?}");
    let all = village.meetups_of(one).await;
    let next = all.iter().find(|next| next.id != id).unwrap();
    assert_eq!((all.len(), next.room, next.before.held), (2, meetup.room, 1));
    village.live().await;
    assert!(matches!(village.store().meetup(next.id).await.unwrap().unwrap().state, State::Held { .. }));
    let late = village.app().go_on(id, one).await;
    assert!(matches!(late, Err(Stop::Refusal(Refusal::NotAgain))), "{late:?}");
}

async fn whoever_would_rather_not_makes_it_impossible_and_hears_and_rings_nothing(database: TestDatabase) {
    let (mut village, id) = they_met(database).await;
    let meetup = village.store().meetup(id).await.unwrap().unwrap();
    let [one, other] = [0, 1].map(|at| meetup.participants[at].user);
    village.app().avoid(HOME, other, one).await.unwrap();
    village.tick().await;
    assert_eq!(offers(&village), 0, "nobody is rung for it any more");
    let refused = village.app().go_on(id, one).await;
    assert!(matches!(refused, Err(Stop::Refusal(Refusal::NotAgain))), "{refused:?}");
    assert_eq!(village.meetups_of(one).await.len(), 1);
}

async fn a_month_with_enough_meetups_is_told_once_and_names_nobody(database: TestDatabase) {
    let mut village = Village::found(database, Temper::Willing, Deaths::default()).await;
    village.live().await;
    let told = |village: &Village| -> Vec<_> {
        let posts = village.memory.posts().into_iter();
        posts.filter(|post| matches!(post.notice, Notice::HeldLately { .. })).collect()
    };
    assert!(told(&village).is_empty(), "it comes with a round");
    for _ in 0..2 {
        village.app().hold_round(&*village.memory, HOME).await.unwrap().unwrap();
        village.tick().await;
        let next = village.clock.now() + Duration::days(1);
        village.passes_until(next).await;
    }
    let told = told(&village);
    assert_eq!(told.iter().map(|post| post.place).collect::<Vec<_>>(), [Place::Channel(CHANNEL)]);
    assert!(matches!(told[0].notice, Notice::HeldLately { count } if count >= 3), "{:?}", told[0].notice);
    assert_eq!((told[0].meetup, told[0].member), (None, None));
}

async fn a_community_has_the_reminders_that_it_wants(database: TestDatabase) {
    let mut village = Village::found(database, Temper::Willing, Deaths::default()).await;
    village.app().change_programme(HOME, |programme| programme.reminders = Reminders::TwoHoursBefore).await.unwrap();
    village.live().await;
    let posts = village.memory.posts();
    let said = |when| posts.iter().filter(|post| post.notice == Notice::Reminder { when }).count();
    assert_eq!(said(Reminder::DayBefore), 0);
    assert_eq!(said(Reminder::TwoHoursBefore), village.meetups().await.len());
}
