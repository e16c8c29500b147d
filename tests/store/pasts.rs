//! The past of who joined: read once, committed with what it held, and gone with them.

use wallflower::domain::consent::Consent;
use wallflower::domain::ids::{ChannelId, UserId};
use wallflower::store::{Past, PastPage, Scan, Store};

use super::home::*;
use super::support::TestDatabase;
use super::tables::tables_naming;

on_both_engines!(
    who_joins_waits_until_a_scan_has_read_its_last_channel,
    a_channel_counts_once,
    who_leaves_or_erases_ends_their_past_and_a_scan_that_was_theirs_alone,
    who_comes_back_waits_for_another_scan,
    whom_a_scan_would_not_reach_it_is_not_for,
    a_scan_of_nothing_is_over,
    threads_that_are_found_are_read_before_it_ends,
);

fn joiner(user: UserId) -> Consent {
    Consent { user, from: FROM }
}

fn scan(channel: i64) -> Scan {
    Scan { channel: ChannelId::from_column(channel), from: message(1), below: message(9), done: false }
}

/// Ana, Bo and Cy are in; the scan of two channels is for Ana and Bo.
async fn scanning(store: &Store) {
    set_up(store, HOME, &[ANA, BO, CY]).await;
    store.begin_scan(HOME, &[joiner(ANA), joiner(BO)], &[scan(5), scan(6)]).await.unwrap();
}

async fn past(store: &Store) -> Past {
    store.pasts().await.unwrap().remove(&HOME).unwrap_or_default()
}

fn page(channel: i64) -> PastPage {
    PastPage { community: HOME, scan: scan(channel), counted: talk(ANA, BO, 2), found: Vec::new() }
}

async fn who_joins_waits_until_a_scan_has_read_its_last_channel(database: TestDatabase) {
    let store = database.open().await;
    set_up(&store, HOME, &[ANA, BO]).await;
    let waiting = Past { waiting: vec![joiner(ANA), joiner(BO)], ..Past::default() };
    assert_eq!(past(&store).await, waiting);
    scanning_for_ana(&store).await;
    let begun = Past { waiting: vec![joiner(BO)], reading: vec![joiner(ANA)], scans: vec![scan(5), scan(6)] };
    assert_eq!(past(&store).await, begun);
    // One at a time.
    store.begin_scan(HOME, &[joiner(BO)], &[scan(7)]).await.unwrap();
    assert_eq!(past(&store).await, begun);
    assert!(store.end_scan(&page(5)).await.unwrap());
    assert_eq!(past(&store).await.scans, [Scan { done: true, ..scan(5) }, scan(6)]);
    assert!(store.end_scan(&page(6)).await.unwrap());
    assert_eq!(past(&store).await, Past { waiting: vec![joiner(BO)], ..Past::default() });
    assert_eq!(tie(&store, ANA, BO).await, 4000);
    assert!(!database.rows().await.iter().any(|(table, _)| table.starts_with("scans")));
}

async fn scanning_for_ana(store: &Store) {
    store.begin_scan(HOME, &[joiner(ANA)], &[scan(5), scan(6)]).await.unwrap();
}

async fn a_channel_counts_once(database: TestDatabase) {
    let store = database.open().await;
    scanning(&store).await;
    assert!(store.end_scan(&page(5)).await.unwrap());
    assert!(!store.end_scan(&page(5)).await.unwrap());
    assert_eq!(tie(&store, ANA, BO).await, 2000);
    assert!(store.end_scan(&page(6)).await.unwrap());
    assert!(!store.end_scan(&page(6)).await.unwrap());
    assert!(!store.end_scan(&page(7)).await.unwrap(), "nobody asked for it");
    assert_eq!(tie(&store, ANA, BO).await, 4000);
}

async fn who_leaves_or_erases_ends_their_past_and_a_scan_that_was_theirs_alone(database: TestDatabase) {
    let store = database.open().await;
    scanning(&store).await;
    store.leave(HOME, ANA).await.unwrap();
    let left = past(&store).await;
    assert_eq!((left.reading, left.scans.len()), (vec![joiner(BO)], 2));
    assert!(!tables_naming(&database, ANA).await.contains(&"pasts".to_owned()));
    // What was counted of her is not stored.
    assert!(store.end_scan(&page(5)).await.unwrap());
    assert_eq!(tie(&store, ANA, BO).await, 0);
    store.forget(HOME, BO).await.unwrap();
    assert_eq!(past(&store).await, Past { waiting: vec![joiner(CY)], ..Past::default() });
    assert!(!database.rows().await.iter().any(|(table, _)| table.starts_with("scans")));
    assert!(!store.end_scan(&page(6)).await.unwrap());
}

async fn who_comes_back_waits_for_another_scan(database: TestDatabase) {
    let store = database.open().await;
    scanning(&store).await;
    store.leave(HOME, ANA).await.unwrap();
    let mut again = member(HOME, ANA);
    again.counted_from = FROM + 1;
    store.enrol(&again).await.unwrap();
    let back = Consent { user: ANA, from: FROM + 1 };
    assert_eq!(past(&store).await.waiting, [back, joiner(CY)]);
    assert!(store.end_scan(&page(5)).await.unwrap() && store.end_scan(&page(6)).await.unwrap());
    assert_eq!(tie(&store, ANA, BO).await, 0, "it was counted under the first consent");
    assert_eq!(past(&store).await, Past { waiting: vec![back, joiner(CY)], ..Past::default() });
}

async fn whom_a_scan_would_not_reach_it_is_not_for(database: TestDatabase) {
    let store = database.open().await;
    set_up(&store, HOME, &[ANA, BO]).await;
    // As if they had come back while it was planned.
    let earlier = [Consent { user: ANA, from: FROM - 1 }, Consent { user: CY, from: FROM }];
    store.begin_scan(HOME, &earlier, &[scan(5)]).await.unwrap();
    assert_eq!(past(&store).await, Past { waiting: vec![joiner(ANA), joiner(BO)], ..Past::default() });
}

async fn a_scan_of_nothing_is_over(database: TestDatabase) {
    let store = database.open().await;
    set_up(&store, HOME, &[ANA, BO]).await;
    store.begin_scan(HOME, &[joiner(ANA)], &[]).await.unwrap();
    assert_eq!(past(&store).await, Past { waiting: vec![joiner(BO)], ..Past::default() });
}

async fn threads_that_are_found_are_read_before_it_ends(database: TestDatabase) {
    let store = database.open().await;
    scanning(&store).await;
    assert!(store.end_scan(&page(5)).await.unwrap());
    // The first one is known already.
    let found = [5, 7].map(ChannelId::from_column).to_vec();
    assert!(store.end_scan(&PastPage { found, ..page(6) }).await.unwrap());
    let done = |channel| Scan { done: true, ..scan(channel) };
    assert_eq!(past(&store).await.scans, [done(5), done(6), scan(7)]);
    assert!(store.end_scan(&page(7)).await.unwrap());
    assert_eq!(past(&store).await, Past { waiting: vec![joiner(CY)], ..Past::default() });
}
