//! What follows from meetups that are over, over a real database.

use chrono::{Duration, TimeZone};
use chrono_tz::Tz;
use wallflower::app::meetups::Answer;
use wallflower::app::messenger::Place;
use wallflower::app::{Refusal, Stop};
use wallflower::clock::Clock;
use wallflower::domain::ids::{MeetupId, Pair, UserId};
use wallflower::domain::meetup::{
    Account, CheckIn, Fact, Kind, Meetup, Participant, SaidBy, Standing, State, Step, Style, Yes,
};
use wallflower::domain::notice::{Notice, Reminder, Reminders};

use super::life::Deaths;
use super::support::TestDatabase;
use super::village::{CHANNEL, HOME, Temper, Village};
use super::weather::{WAYS, another, goes};

on_both_engines!(
    two_clicks_make_one_next_meetup_and_an_old_button_none,
    whoever_would_rather_not_makes_it_impossible_and_hears_and_rings_nothing,
    a_month_with_enough_meetups_is_told_once_and_names_nobody,
    a_community_has_the_reminders_that_it_wants,
    a_word_is_said_only_while_all_who_met_are_there,
    a_passport_holds_where_one_was_and_met_somebody,
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

/// Two of a meetup that was held: who drafts a word, and who reads it.
fn two_of(meetup: &Meetup) -> (MeetupId, UserId, UserId) {
    (meetup.id, meetup.participants[0].user, meetup.participants[1].user)
}

/// It is eleven in the evening, and a word waits for the morning.
async fn the_word_is_fine_at_night(village: &mut Village, (id, author, reader): (MeetupId, UserId, UserId)) {
    let tomorrow = village.clock.now().date_naive() + Duration::days(1);
    village.clock.set(chrono::Utc.from_utc_datetime(&tomorrow.and_hms_opt(23, 0, 0).unwrap()));
    village.app().draft_word(id, author, "We laughed a lot.").await.unwrap();
    village.tick().await;
    village.app().answer_word(id, reader, true).await.unwrap();
    village.tick().await;
}

fn words(village: &Village) -> Vec<MeetupId> {
    let posts = village.memory.posts().into_iter().filter(|post| post.notice == Notice::Word);
    posts.filter_map(|post| post.meetup).collect()
}

async fn a_word_is_said_only_while_all_who_met_are_there(database: TestDatabase) {
    for way in WAYS {
        let mut village = Village::found(another(&database).await, Temper::Willing, Deaths::default()).await;
        village.live().await;
        let held = village.meetups().await.into_iter().filter(|meetup| matches!(meetup.state, State::Held { .. }));
        let held: Vec<_> = held.map(|meetup| two_of(&meetup)).collect();
        // Its author goes, and later it is fine with the reader.
        let (id, author, reader) = held[0];
        village.app().draft_word(id, author, "We laughed a lot.").await.unwrap();
        village.tick().await;
        goes(&village, author, reader, way).await;
        let late = village.app().answer_word(id, reader, true).await;
        assert!(matches!(late, Ok(_) | Err(Stop::Refusal(_))), "{way:?}: {late:?}");
        // It is fine with the reader, who goes at night; and one about which there is nothing to say.
        the_word_is_fine_at_night(&mut village, held[1]).await;
        the_word_is_fine_at_night(&mut village, held[2]).await;
        goes(&village, held[1].2, held[1].1, way).await;
        let noon = village.clock.now() + Duration::hours(13);
        village.passes_until(noon).await;
        assert_eq!(words(&village), [held[2].0], "{way:?}");
    }
    let mut village = Village::found(another(&database).await, Temper::Willing, Deaths::default()).await;
    village.live().await;
    let (id, author, reader) = two_of(&village.meetups().await[0]);
    the_word_is_fine_at_night(&mut village, (id, author, reader)).await;
    village.app().answer(id, reader, Answer::Report).await.unwrap();
    let noon = village.clock.now() + Duration::hours(13);
    village.passes_until(noon).await;
    assert_eq!(words(&village), [], "a report stops it");
}

async fn a_passport_holds_where_one_was_and_met_somebody(database: TestDatabase) {
    let village = Village::found(database, Temper::Silent, Deaths::default()).await;
    let (now, slot) =
        (village.clock.now(), wallflower::domain::slot::Slot::new(village.clock.now(), 60, Tz::UTC).unwrap());
    let came = Standing::In { since: now, by: Yes::Answer };
    let seats = [came, came, came, came, Standing::Out, Standing::Maybe, Standing::Waiting { ticket: 1 }];
    let seats = seats.into_iter().enumerate().map(|(number, standing)| {
        let account = if number == 2 { Account::WasAlone } else { Account::WeMet };
        let check_in = if standing == came { CheckIn::Said(account) } else { CheckIn::NotAsked };
        Participant { check_in, ..Participant::new(Village::person(number), Tz::UTC, standing) }
    });
    let on = wallflower::domain::meetup::Appointment {
        slot,
        place: None,
        sequence: 0,
        places: wallflower::domain::meetup::Places::default(),
        event: None,
        asked: Vec::new(),
        moving: None,
    };
    let id = MeetupId::new(now, 7);
    let evening = Meetup::proposed(id, HOME, (Kind::OpenEvening, Style::Open), seats.collect(), now, now);
    let met = [(0, 1), (0, 3), (1, 3)].map(|(one, other)| Fact::Met {
        pair: Pair::new(Village::person(one), Village::person(other)).unwrap(),
        at: now,
        said_by: SaidBy::Both,
    });
    let meetup = Meetup { state: State::Held { on }, came: Some(4), ..evening };
    let step = Step { meetup, notices: Vec::new(), facts: met.to_vec() };
    village.store().create_meetup(&step, 1, &[], now).await.unwrap();
    let passports = async || {
        let mut all = Vec::new();
        for number in 0..7 {
            for entry in village.app().history(HOME, Village::person(number)).await.unwrap() {
                all.push((number, entry.with.len(), entry.someone));
            }
        }
        all
    };
    assert_eq!(passports().await, [(0, 2, 0), (1, 2, 0), (3, 2, 0)]);
    village.app().forget(Village::person(4), Some(HOME)).await.unwrap();
    assert_eq!(passports().await, [(0, 2, 0), (1, 2, 0), (3, 2, 0)], "who was not there is nobody's someone");
    village.app().forget(Village::person(3), Some(HOME)).await.unwrap();
    assert_eq!(passports().await, [(0, 1, 1), (1, 1, 1)]);
}
