//! The next meetup of the same people, and how many were held.

use std::collections::BTreeMap;

use wallflower::domain::ids::UserId;
use wallflower::domain::meetup::{Fact, Meetup, SaidBy, State, Step};
use wallflower::domain::notice::Notice;
use wallflower::store::Store;

use super::home::*;
use super::support::TestDatabase;

on_both_engines!(
    one_meetup_follows_another_and_no_second_one,
    nothing_follows_against_anybody_s_word,
    what_was_held_is_counted_once_a_meetup_and_what_was_known_is_not,
    a_kind_of_notice_is_found_by_when_it_was_written,
);

fn persons() -> BTreeMap<UserId, String> {
    [ANA, BO].into_iter().map(|user| (user, format!("person {user}"))).collect()
}

/// A meetup that is over, and one to follow it an hour later.
async fn over(store: &Store) -> (Meetup, Step) {
    set_up(store, HOME, &[ANA, BO, CY]).await;
    let first = meetup(1, ANA, BO, scheduled(72));
    store.create_meetup(&quiet(first.clone()), 1, &[], now()).await.unwrap();
    let next = Meetup { created_at: later(1), ..meetup(2, ANA, BO, State::Proposed { until: later(48) }) };
    (first, quiet(next))
}

async fn one_meetup_follows_another_and_no_second_one(database: TestDatabase) {
    let store = database.open().await;
    let (first, next) = over(&store).await;
    // Of others, it says nothing.
    let beside = Meetup { created_at: later(1), ..meetup(4, ANA, CY, scheduled(96)) };
    store.create_meetup(&quiet(beside), 1, &[], later(1)).await.unwrap();
    assert!(store.may_have_sequel(&first, &persons(), later(1)).await.unwrap());
    assert!(store.create_sequel(&next, &first, &persons(), (1, &[]), later(1)).await.unwrap());
    assert!(!store.may_have_sequel(&first, &persons(), later(2)).await.unwrap());
    let third = quiet(Meetup { created_at: later(2), ..meetup(3, ANA, BO, scheduled(120)) });
    assert!(!store.create_sequel(&third, &first, &persons(), (1, &[]), later(2)).await.unwrap());
    assert_eq!(store.meetup(meetup_id(3)).await.unwrap(), None);
    assert!(store.may_have_sequel(&next.meetup, &persons(), later(2)).await.unwrap(), "the latest may");
}

async fn nothing_follows_against_anybody_s_word(database: TestDatabase) {
    let store = database.open().await;
    let (first, next) = over(&store).await;
    let together = async || store.are_still_together(&first, &persons(), later(1)).await.unwrap();
    assert!(together().await);
    store.pause(HOME, ANA, Some(later(48))).await.unwrap();
    assert!(!together().await, "one rests");
    store.pause(HOME, ANA, None).await.unwrap();
    assert!(together().await);
    store.avoid(HOME, BO, &persons()[&ANA], later(1)).await.unwrap();
    assert!(!together().await);
    assert!(!store.may_have_sequel(&first, &persons(), later(1)).await.unwrap());
    assert!(!store.create_sequel(&next, &first, &persons(), (1, &[]), later(1)).await.unwrap());
    assert_eq!(store.meetup(next.meetup.id).await.unwrap(), None);
}

async fn what_was_held_is_counted_once_a_meetup_and_what_was_known_is_not(database: TestDatabase) {
    let store = database.open().await;
    set_up(&store, HOME, &[ANA, BO, CY]).await;
    let facts = |said_by, at| {
        [(ANA, BO), (ANA, CY)].map(|(one, other)| Fact::Met { pair: pair(one, other), at, said_by }).to_vec()
    };
    for (number, said_by, at) in [(1, SaidBy::Both, now()), (2, SaidBy::Known, later(1)), (3, SaidBy::One, later(2))] {
        let step = Step { facts: facts(said_by, at), ..quiet(meetup(number, ANA, BO, scheduled(72))) };
        store.create_meetup(&step, 1, &[], now()).await.unwrap();
    }
    let held = async |hours| store.held_since(HOME, later(hours)).await.unwrap();
    assert_eq!((held(0).await, held(1).await, held(3).await), (2, 1, 0));
    assert_eq!(store.held_since(ELSEWHERE, now()).await.unwrap(), 0);
}

async fn a_kind_of_notice_is_found_by_when_it_was_written(database: TestDatabase) {
    let store = database.open().await;
    set_up(&store, HOME, &[]).await;
    let line = draft(Notice::HeldLately { count: 3 }, wallflower::domain::notice::Address::Programme);
    store.say(HOME, &line, notice_id(1), later(1)).await.unwrap();
    let written = async |kind: &str, hours| store.was_written_since(HOME, kind, later(hours)).await.unwrap();
    assert!(written("held_lately", 0).await);
    assert!(!written("held_lately", 2).await && !written("doorbell", 0).await);
}
