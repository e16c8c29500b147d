//! The key by which people are hashed, as far as the database knows it.

use super::home::*;
use super::members::wish;
use super::support::TestDatabase;

on_both_engines!(a_database_knows_its_first_key, a_lost_key_is_given_up_with_what_was_said_under_it);

async fn a_database_knows_its_first_key(database: TestDatabase) {
    let store = database.open().await;
    assert_eq!(store.key_fingerprint().await.unwrap(), None);
    assert!(store.claim_key("one").await.unwrap());
    assert!(!store.claim_key("other").await.unwrap());
    assert!(store.claim_key("one").await.unwrap());
    assert_eq!(store.key_fingerprint().await.unwrap().as_deref(), Some("one"));
}

async fn a_lost_key_is_given_up_with_what_was_said_under_it(database: TestDatabase) {
    let store = database.open().await;
    set_up(&store, HOME, &[ANA, BO]).await;
    assert!(store.claim_key("one").await.unwrap());
    store.avoid(HOME, ANA, "bo's hash", now()).await.unwrap();
    store.exclude(HOME, "zoe's hash", true, now()).await.unwrap();
    store.save_wish(HOME, &wish(BO, "cy's hash")).await.unwrap();
    assert_eq!(store.give_up_key().await.unwrap(), 3);
    let seen = store.candidates(HOME, since()).await.unwrap().unwrap();
    assert!(seen.avoids.is_empty() && seen.exclusions.is_empty() && seen.wishes.is_empty());
    assert_eq!(seen.members.len(), 2, "nobody else is erased");
    assert!(store.claim_key("other").await.unwrap());
}
