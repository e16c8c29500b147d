//! Meetups: saved step by step, on top of the revision that each step was made from.

use std::sync::Arc;

use wallflower::domain::ids::ChannelId;
use wallflower::domain::meetup::{Account, CheckIn, Fact, Fizzle, Meetup, SaidBy, Standing, State, Step};
use wallflower::domain::notice::{Address, Notice};
use wallflower::domain::poll::{Ballot, Choice, Poll, Votes};
use wallflower::store::{Delivery, Outcome, Saved, Store};

use super::departure::Departure;
use super::home::*;
use super::support::TestDatabase;

on_both_engines!(
    a_meetup_comes_back_as_it_was_saved,
    a_step_made_from_an_old_revision_is_stale_and_changes_nothing,
    of_many_hands_at_once_one_saves,
    a_step_about_somebody_who_goes_while_it_is_saved_is_made_again,
    a_step_settles_the_delivery_that_it_follows_from,
    a_meetup_is_found_by_its_poll_its_room_and_its_people,
    due_meetups_come_most_overdue_first_and_end_with_the_end,
    next_due_is_the_earliest_of_meetups_and_notices,
    who_hosted_last_is_asked_of_the_latest_meetup,
    what_both_say_replaces_what_one_said,
    whoever_erases_themselves_takes_the_words_about_what_they_were_at_along,
);

async fn created(store: &Store, meetup: Meetup) -> Meetup {
    store.create_meetup(&quiet(meetup.clone()), 1, &[], now()).await.unwrap();
    meetup
}

fn polling(message_number: Option<i64>) -> State {
    let mut poll = Poll::new(1, vec![slot(72), slot(96)], Ballot::Reactions, now());
    poll.message = message_number.map(message);
    State::Polling { poll }
}

async fn a_meetup_comes_back_as_it_was_saved(database: TestDatabase) {
    let store = database.open().await;
    set_up(&store, HOME, &[ANA, BO]).await;
    assert_eq!(store.meetup(meetup_id(1)).await.unwrap(), None);
    let mut meetup = meetup(1, BO, ANA, polling(Some(4)));
    meetup.room = Some(CHANNEL);
    meetup.asked_slots = vec![slot(72)];
    (meetup.polls, meetup.said) = (1, 3);
    meetup.participants[0].votes = Some(Votes::new([Choice::Slot(1)], now()));
    meetup.participants[0].check_in = CheckIn::Gone;
    meetup.participants[1].check_in = CheckIn::Said(Account::WasAlone);
    meetup.came = Some(2);
    let meetup = created(&store, meetup).await;
    assert_eq!(store.meetup(meetup.id).await.unwrap(), Some(meetup));
}

async fn a_step_made_from_an_old_revision_is_stale_and_changes_nothing(database: TestDatabase) {
    let store = database.open().await;
    set_up(&store, HOME, &[ANA, BO]).await;
    let proposal = proposal(1, ANA, BO);
    store.create_meetup(&proposal, 1, &notice_ids(&proposal, 1), now()).await.unwrap();
    let mut yes = quiet(proposal.meetup.clone());
    yes.meetup.participants[0].standing = Standing::Declined;
    assert_eq!(store.save_step(&yes, &[], None, now()).await.unwrap(), Saved::Yes);
    let before = database.rows().await;

    let mut stale = proposal;
    stale.meetup.state = State::Fizzled { why: Fizzle::CalledOff };
    stale.meetup.participants[1].standing = Standing::Out;
    stale.facts.push(Fact::Met { pair: pair(ANA, BO), at: now(), said_by: SaidBy::Known });
    stale.notices.push(draft(Notice::OpenRoom, Address::Room));
    let settled = Outcome::Dropped;
    let saved = store.save_step(&stale, &notice_ids(&stale, 10), Some((notice_id(1), &settled)), now()).await.unwrap();
    assert_eq!(saved, Saved::Stale);
    assert_eq!(database.rows().await, before);
    assert_eq!(store.meetup(meetup_id(1)).await.unwrap().unwrap().revision, 1);
}

async fn of_many_hands_at_once_one_saves(database: TestDatabase) {
    let store = Arc::new(database.open().await);
    set_up(&store, HOME, &[ANA, BO]).await;
    let meetup = created(&store, meetup(1, ANA, BO, polling(None))).await;
    let mut hands = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let (store, step) = (Arc::clone(&store), quiet(meetup.clone()));
        hands.spawn(async move { store.save_step(&step, &[], None, now()).await.unwrap() });
    }
    let saved = hands.join_all().await.into_iter().filter(|saved| *saved == Saved::Yes).count();
    assert_eq!(saved, 1);
}

async fn a_step_about_somebody_who_goes_while_it_is_saved_is_made_again(database: TestDatabase) {
    let store = Arc::new(database.open().await);
    set_up(&store, HOME, &[ANA, BO]).await;
    let shared = created(&store, meetup(1, ANA, BO, polling(None))).await;
    let departure = Departure::begin(&database, HOME, BO).await;
    let seen_late = departure.is_seen_late();
    let step = quiet(shared);
    let saving = tokio::spawn({
        let (store, step) = (Arc::clone(&store), step.clone());
        async move { store.save_step(&step, &[], None, now()).await.unwrap() }
    });
    departure.ends_once_it_is_waited_for().await;
    // SQLite's next writer finds nobody there any more; PostgreSQL's had seen him.
    assert_eq!(saving.await.unwrap(), if seen_late { Saved::Stale } else { Saved::Yes });
    if seen_late {
        let left = quiet(store.meetup(step.meetup.id).await.unwrap().unwrap());
        assert_eq!(store.save_step(&left, &[], None, now()).await.unwrap(), Saved::Yes);
    }
    let kept = store.meetup(step.meetup.id).await.unwrap().unwrap();
    assert_eq!(kept.participants.iter().map(|one| one.user).collect::<Vec<_>>(), [ANA]);
}

async fn a_step_settles_the_delivery_that_it_follows_from(database: TestDatabase) {
    let store = database.open().await;
    set_up(&store, HOME, &[ANA, BO]).await;
    let post = draft(Notice::PostPoll { poll: 1, because: None }, Address::Room);
    let step = Step { meetup: meetup(1, ANA, BO, polling(None)), notices: vec![post], facts: Vec::new() };
    store.create_meetup(&step, 1, &notice_ids(&step, 1), now()).await.unwrap();
    let posted = quiet(meetup(1, ANA, BO, polling(Some(4))));
    let sent = Outcome::Sent(Delivery { channel: Some(CHANNEL), message: Some(message(4)) });
    let saved = store.save_step(&posted, &[], Some((notice_id(1), &sent)), now()).await.unwrap();
    assert_eq!(saved, Saved::Yes);
    assert!(waiting(&store).await.is_empty());
    let stands = Delivery { channel: Some(CHANNEL), message: Some(message(4)) };
    assert_eq!(store.delivered(meetup_id(1), "post_poll").await.unwrap(), Some(stands));
    assert_eq!(store.delivered(meetup_id(1), "it_is_on").await.unwrap(), None);
}

async fn a_meetup_is_found_by_its_poll_its_room_and_its_people(database: TestDatabase) {
    let store = database.open().await;
    set_up(&store, HOME, &[ANA, BO, CY]).await;
    let mut first = meetup(1, ANA, BO, polling(Some(4)));
    first.room = Some(CHANNEL);
    let first = created(&store, first).await;
    let mut second = meetup(2, ANA, CY, scheduled(72));
    second.created_at = later(1);
    let second = created(&store, second).await;
    assert_eq!(store.meetup_by_poll(message(4)).await.unwrap(), Some(first.clone()));
    assert_eq!(store.running_polls().await.unwrap(), [first.id]);
    assert_eq!(store.meetup_by_poll(message(5)).await.unwrap(), None);
    assert_eq!(store.meetups_in_room(CHANNEL).await.unwrap(), std::slice::from_ref(&first));
    assert!(store.meetups_in_room(ChannelId::from_column(1)).await.unwrap().is_empty());
    assert_eq!(store.meetups_of(HOME, ANA).await.unwrap(), [second, first.clone()]);
    assert_eq!(store.meetups_of(HOME, BO).await.unwrap(), std::slice::from_ref(&first));
    // A poll that has closed is nobody's running poll, and what is over lives in no room.
    let mut over = quiet(first);
    over.meetup.state = State::Fizzled { why: Fizzle::NoCommonTime };
    let _ = store.save_step(&over, &[], None, now()).await.unwrap();
    assert_eq!(store.meetup_by_poll(message(4)).await.unwrap(), None);
    assert!(store.meetups_in_room(CHANNEL).await.unwrap().is_empty());
}

async fn due_meetups_come_most_overdue_first_and_end_with_the_end(database: TestDatabase) {
    let store = database.open().await;
    set_up(&store, HOME, &[ANA, BO]).await;
    created(&store, meetup(1, ANA, BO, State::Proposed { until: later(2) })).await;
    created(&store, meetup(2, ANA, BO, State::Proposed { until: later(1) })).await;
    created(&store, meetup(3, ANA, BO, State::Fizzled { why: Fizzle::CalledOff })).await;
    assert!(store.due_meetups(now()).await.unwrap().is_empty());
    assert_eq!(store.due_meetups(later(1)).await.unwrap(), [meetup_id(2)]);
    assert_eq!(store.due_meetups(later(9)).await.unwrap(), [meetup_id(2), meetup_id(1)]);
}

async fn next_due_is_the_earliest_of_meetups_and_notices(database: TestDatabase) {
    let store = database.open().await;
    assert_eq!(store.next_due().await.unwrap(), None);
    set_up(&store, HOME, &[ANA, BO]).await;
    assert_eq!(store.next_due().await.unwrap(), None, "rounds have a ticker of their own");
    created(&store, meetup(1, ANA, BO, State::Proposed { until: later(4) })).await;
    assert_eq!(store.next_due().await.unwrap(), Some(later(4)));
    let mut soon = draft(Notice::Doorbell, Address::Programme);
    soon.due_at = later(2);
    store.say(HOME, &soon, notice_id(1), now()).await.unwrap();
    assert_eq!(store.next_due().await.unwrap(), Some(later(2)));
    store.settle_notice(notice_id(1), &Outcome::Dropped).await.unwrap();
    assert_eq!(store.next_due().await.unwrap(), Some(later(4)));
}

async fn who_hosted_last_is_asked_of_the_latest_meetup(database: TestDatabase) {
    let store = database.open().await;
    set_up(&store, HOME, &[ANA, BO, CY]).await;
    let new = created(&store, meetup(9, ANA, BO, polling(None))).await;
    assert_eq!(store.hosted_last(&new).await.unwrap(), None);
    let mut first = meetup(1, ANA, CY, scheduled(-72));
    first.created_at = later(-96);
    created(&store, first).await;
    assert_eq!(store.hosted_last(&new).await.unwrap(), Some(ANA));
    // Called off: nobody led it.
    let mut off = meetup(2, BO, CY, State::Fizzled { why: Fizzle::CalledOff });
    off.created_at = later(-50);
    created(&store, off).await;
    assert_eq!(store.hosted_last(&new).await.unwrap(), Some(ANA));
    // Somebody else led the latest one, so neither of these two did.
    let mut latest = meetup(3, CY, ANA, scheduled(-24));
    latest.created_at = later(-48);
    created(&store, latest).await;
    assert_eq!(store.hosted_last(&new).await.unwrap(), None);
}

async fn what_both_say_replaces_what_one_said(database: TestDatabase) {
    let store = database.open().await;
    set_up(&store, HOME, &[ANA, BO, CY]).await;
    let mut step = quiet(meetup(1, ANA, BO, scheduled(-24)));
    step.facts.push(Fact::Met { pair: pair(ANA, BO), at: now(), said_by: SaidBy::One });
    store.create_meetup(&step, 1, &[], now()).await.unwrap();
    step.facts = vec![Fact::Met { pair: pair(ANA, BO), at: now(), said_by: SaidBy::Both }];
    assert_eq!(store.save_step(&step, &[], None, now()).await.unwrap(), Saved::Yes);
    let met = store.met(HOME, BO).await.unwrap();
    assert_eq!(met.iter().map(|met| (met.pair, met.said_by)).collect::<Vec<_>>(), [(pair(ANA, BO), SaidBy::Both)]);
    assert!(store.met(HOME, CY).await.unwrap().is_empty());
}

async fn whoever_erases_themselves_takes_the_words_about_what_they_were_at_along(database: TestDatabase) {
    let store = database.open().await;
    set_up(&store, HOME, &[ANA, BO, CY]).await;
    let with_a_word = |number, one, other| {
        let mut meetup = meetup(number, one, other, scheduled(-24));
        meetup.word = Some("We laughed a lot.".to_owned());
        meetup
    };
    let shared = created(&store, with_a_word(1, ANA, BO)).await;
    let of_others = created(&store, with_a_word(2, BO, CY)).await;
    // They came together without her.
    let mut without = with_a_word(3, ANA, BO);
    without.participants[0].standing = Standing::Declined;
    let without = created(&store, without).await;
    assert!(store.forget(HOME, ANA).await.unwrap());
    let kept = async |meetup: &Meetup| store.meetup(meetup.id).await.unwrap().unwrap();
    assert_eq!(kept(&shared).await.word, None);
    assert!(kept(&of_others).await.word.is_some() && kept(&without).await.word.is_some());
    // What was on its way with the word does not bring it back.
    assert_eq!(store.save_step(&quiet(shared.clone()), &[], None, now()).await.unwrap(), Saved::Stale);
    assert_eq!(kept(&shared).await.word, None);
}
