//! Secret addresses: one for each member, found by its hash, gone when it is taken back.

use super::home::*;
use super::support::TestDatabase;

on_both_engines!(a_new_address_ends_the_old_one_and_whoever_is_out_has_none);

async fn a_new_address_ends_the_old_one_and_whoever_is_out_has_none(database: TestDatabase) {
    let store = database.open().await;
    set_up(&store, HOME, &[ANA, BO]).await;
    store.set_feed(HOME, ANA, "first", now()).await.unwrap();
    store.set_feed(HOME, BO, "other", now()).await.unwrap();
    store.set_feed(HOME, CY, "stranger", now()).await.unwrap();
    assert_eq!(store.feed_of("stranger").await.unwrap(), None, "who is not in gets no row");
    store.set_feed(HOME, ANA, "second", later(1)).await.unwrap();
    assert_eq!(store.feed_of("first").await.unwrap(), None);
    assert_eq!(store.feed_of("second").await.unwrap(), Some((HOME, ANA)));
    assert!(store.revoke_feed(HOME, ANA).await.unwrap());
    assert!(!store.revoke_feed(HOME, ANA).await.unwrap());
    assert_eq!(store.feed_of("second").await.unwrap(), None);
    store.leave(HOME, BO).await.unwrap();
    assert_eq!(store.feed_of("other").await.unwrap(), None);
}
