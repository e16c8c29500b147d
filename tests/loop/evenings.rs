//! Open evenings over a real database: seats, the waiting list, and hands that reach for the same thing.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::Duration;
use tokio::sync::Barrier;
use tokio::task::JoinSet;
use wallflower::app::meetups::Said;
use wallflower::app::messenger::Place;
use wallflower::app::{Refusal, Stop, Wallflower};
use wallflower::clock::Clock;
use wallflower::domain::ids::MeetupId;
use wallflower::domain::meetup::{Account, Fizzle, Limits, Meetup, Rsvp, Standing, State};
use wallflower::domain::notice::{NotThisTime, Notice};
use wallflower::domain::poll::Choice;

use super::life::Deaths;
use super::support::TestDatabase;
use super::tables::tables_naming;
use super::village::{BYSTANDER, CHANNEL, HOME, PEOPLE, Temper, Village};

on_both_engines!(
    of_many_clicks_at_the_last_seat_one_gets_it_and_the_others_wait,
    all_may_vote_in_the_same_moment,
    a_bystander_who_would_come_hears_how_to_join_and_leaves_no_trace,
    a_seat_given_back_is_offered_once_to_the_first_who_waits_wherever_the_process_dies,
    an_evening_with_too_few_is_called_off_a_day_early_where_all_can_read_it,
    more_needed_than_seats_is_refused_and_changes_nothing,
    an_evening_has_one_thread_wherever_it_moves_and_it_is_archived_afterwards,
);

/// The first two vote for the first time, and it is on.
pub async fn an_evening(village: &mut Village, limits: Limits) -> MeetupId {
    let host = Village::person(0);
    let id = village.app().open_evening(HOME, host, (None, limits)).await.unwrap().id;
    village.tick().await;
    let State::Polling { poll } = loaded(village, id).await.state else { panic!("no poll") };
    for number in 0..2 {
        village.memory.reacts(poll.message.unwrap(), Village::person(number), BTreeSet::from([Choice::Slot(0)]));
    }
    village.passes_until(poll.closes_by).await;
    assert!(matches!(loaded(village, id).await.state, State::Scheduled { .. }));
    id
}

async fn loaded(village: &Village, id: MeetupId) -> Meetup {
    village.store().meetup(id).await.unwrap().unwrap()
}

pub async fn standing(village: &Village, id: MeetupId, number: usize) -> Standing {
    loaded(village, id).await.participant(Village::person(number)).unwrap().standing
}

async fn of_many_clicks_at_the_last_seat_one_gets_it_and_the_others_wait(database: TestDatabase) {
    let mut village = Village::found(database, Temper::Silent, Deaths::default()).await;
    let id = an_evening(&mut village, Limits { most: Some(3), least: None }).await;
    // As many processes as clicks, each with hands of its own, and all begin at the same moment.
    let clicks: Vec<usize> = (2..PEOPLE).collect();
    let start = Arc::new(Barrier::new(clicks.len()));
    let mut hands = JoinSet::new();
    for number in &clicks {
        let clock = Arc::clone(&village.clock) as Arc<dyn Clock>;
        let seed = [u8::try_from(*number).unwrap(); 32];
        let app = Wallflower::new(village.store().clone(), clock, "a secret of the tests".to_owned().into(), seed);
        let (start, user) = (Arc::clone(&start), Village::person(*number));
        hands.spawn(async move {
            start.wait().await;
            loop {
                match app.rsvp(id, user, Rsvp::Going).await {
                    Err(Stop::Contention) => {}
                    done => return done.map(drop),
                }
            }
        });
    }
    hands.join_all().await.into_iter().for_each(|done| done.unwrap());
    let evening = loaded(&village, id).await;
    assert_eq!((evening.present().count(), evening.waiting_list().len()), (3, clicks.len() - 1));
    let tickets: BTreeSet<_> = evening.waiting_list().iter().map(|one| format!("{:?}", one.standing)).collect();
    assert_eq!(tickets.len(), clicks.len() - 1, "no ticket is given twice");
}

async fn all_may_vote_in_the_same_moment(database: TestDatabase) {
    let mut village = Village::found(database, Temper::Silent, Deaths::default()).await;
    let id = village.app().open_evening(HOME, Village::person(0), (None, Limits::default())).await.unwrap().id;
    village.tick().await;
    let State::Polling { poll } = loaded(&village, id).await.state else { panic!("no poll") };
    let (app, message) = (village.app(), poll.message.unwrap());
    let choices = [Choice::Slot(0), Choice::Slot(1), Choice::Slot(2)];
    let votes = (0..PEOPLE).flat_map(|number| choices.map(|choice| (Village::person(number), choice)));
    let votes = votes.map(|(user, choice)| app.react(message, user, Said::Reaction(choice), true));
    for voted in futures_util::future::join_all(votes).await {
        voted.unwrap();
    }
    let evening = loaded(&village, id).await;
    let chosen: Vec<_> = evening.votes().map(|votes| votes.map(|votes| votes.choices.clone())).collect();
    assert_eq!(chosen, vec![Some(BTreeSet::from(choices)); PEOPLE]);
}

async fn a_bystander_who_would_come_hears_how_to_join_and_leaves_no_trace(database: TestDatabase) {
    let mut village = Village::found(database, Temper::Silent, Deaths::default()).await;
    let id = an_evening(&mut village, Limits::default()).await;
    for rsvp in [Rsvp::Going, Rsvp::Maybe, Rsvp::Cannot] {
        let refused = village.app().rsvp(id, BYSTANDER, rsvp).await;
        assert!(matches!(refused, Err(Stop::Refusal(Refusal::NotAMember))), "{refused:?}");
    }
    assert!(tables_naming(village.database(), BYSTANDER).await.is_empty());
}

async fn a_seat_given_back_is_offered_once_to_the_first_who_waits_wherever_the_process_dies(database: TestDatabase) {
    let deaths = Deaths { while_working: Some(19), rests: vec![Duration::seconds(61)], ..Deaths::default() };
    let mut village = Village::found(database, Temper::Silent, deaths).await;
    let id = an_evening(&mut village, Limits { most: Some(2), least: None }).await;
    for number in [3, 5] {
        village.app().rsvp(id, Village::person(number), Rsvp::Going).await.unwrap();
        assert!(matches!(standing(&village, id, number).await, Standing::Waiting { .. }));
    }
    let back = village.app().now() + Duration::days(1);
    village.app().pause(HOME, Village::person(1), Some(back)).await.unwrap();
    let Standing::Offered { until } = standing(&village, id, 3).await else { panic!("nothing is offered") };
    village.tick().await;
    village.passes_until(until).await;
    assert_eq!(standing(&village, id, 3).await, Standing::Maybe, "silent");
    // It is night; the next one is told in the morning.
    let morning = village.app().now() + Duration::hours(6);
    village.passes_until(morning).await;
    village.app().rsvp(id, Village::person(5), Rsvp::Going).await.unwrap();
    assert!(matches!(standing(&village, id, 5).await, Standing::In { .. }));
    let offers: Vec<_> = village.memory.posts().into_iter().filter(|post| post.notice == Notice::SeatFree).collect();
    let to: Vec<_> = offers.iter().map(|post| post.place).collect();
    assert_eq!(to, [3, 5].map(|number| Place::Direct(Village::person(number))));
    assert!(village.lives() > 0, "it never died");
}

async fn an_evening_with_too_few_is_called_off_a_day_early_where_all_can_read_it(database: TestDatabase) {
    let mut village = Village::found(database, Temper::Silent, Deaths::default()).await;
    let id = an_evening(&mut village, Limits::default()).await;
    let starts = loaded(&village, id).await.appointment().unwrap().slot.start();
    village.app().cannot_make_it(id, Village::person(1)).await.unwrap();
    assert!(!loaded(&village, id).await.is_over(), "somebody may still come");
    village.passes_until(starts - Duration::hours(23)).await;
    assert_eq!(loaded(&village, id).await.state, State::Fizzled { why: Fizzle::TooFew });
    let posts = village.memory.posts();
    let is_end = |notice: &Notice| matches!(notice, Notice::NotThisTime { why: NotThisTime::TooFew, .. });
    let ends: Vec<_> = posts.iter().filter(|post| is_end(&post.notice)).collect();
    assert_eq!(ends.iter().map(|post| post.place).collect::<Vec<_>>(), [Place::Channel(CHANNEL)]);
    assert!(posts.iter().all(|post| !matches!(post.notice, Notice::Reminder { .. })));
}

async fn an_evening_has_one_thread_wherever_it_moves_and_it_is_archived_afterwards(database: TestDatabase) {
    let mut village = Village::found(database, Temper::Silent, Deaths::default()).await;
    let id = an_evening(&mut village, Limits::default()).await;
    village.app().another_time(id, Village::person(0)).await.unwrap();
    village.tick().await;
    let State::Polling { poll } = loaded(&village, id).await.state else { panic!("no poll") };
    for number in 0..2 {
        village.memory.reacts(poll.message.unwrap(), Village::person(number), BTreeSet::from([Choice::Slot(0)]));
    }
    village.passes_until(poll.closes_by).await;
    let ends = loaded(&village, id).await.appointment().unwrap().slot.end();
    village.passes_until(ends + Duration::days(1)).await;
    for number in 0..2 {
        village.app().check_in(id, Village::person(number), Account::WeMet).await.unwrap();
    }
    village.tick().await;
    let (opened, archived) = village.memory.opened_and_archived();
    assert_eq!(opened.len(), 1);
    assert_eq!(opened, archived);
}

async fn more_needed_than_seats_is_refused_and_changes_nothing(database: TestDatabase) {
    let village = Village::found(database, Temper::Silent, Deaths::default()).await;
    let before = village.database().rows().await;
    let limits = Limits { most: Some(4), least: Some(5) };
    let refused = village.app().open_evening(HOME, Village::person(0), (None, limits)).await;
    assert!(matches!(refused, Err(Stop::Refusal(Refusal::TooFewSeats))), "{refused:?}");
    assert_eq!(village.database().rows().await, before);
}
