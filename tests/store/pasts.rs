//! The past of who joined: read once, committed with what it held, and gone with them.

use wallflower::domain::consent::Consent;
use wallflower::domain::ids::{ChannelId, MessageId, UserId};
use wallflower::store::{LeftOut, Past, PastPage, Scan, Store};

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
    what_was_closed_is_read_later_for_the_same_joiners_and_nobody_else,
    what_is_closed_for_too_long_is_not_read_any_more,
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
    store.begin_scan(HOME, &[joiner(ANA), joiner(BO)], &[scan(5), scan(6)], &[]).await.unwrap();
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
    store.begin_scan(HOME, &[joiner(BO)], &[scan(7)], &[]).await.unwrap();
    assert_eq!(past(&store).await, begun);
    assert!(store.end_scan(&page(5)).await.unwrap());
    assert_eq!(past(&store).await.scans, [Scan { done: true, ..scan(5) }, scan(6)]);
    assert!(store.end_scan(&page(6)).await.unwrap());
    assert_eq!(past(&store).await, Past { waiting: vec![joiner(BO)], ..Past::default() });
    assert_eq!(tie(&store, ANA, BO).await, 4000);
    assert!(!database.rows().await.iter().any(|(table, _)| table.starts_with("scans")));
}

async fn scanning_for_ana(store: &Store) {
    store.begin_scan(HOME, &[joiner(ANA)], &[scan(5), scan(6)], &[]).await.unwrap();
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
    store.begin_scan(HOME, &earlier, &[scan(5)], &[]).await.unwrap();
    assert_eq!(past(&store).await, Past { waiting: vec![joiner(ANA), joiner(BO)], ..Past::default() });
}

async fn a_scan_of_nothing_is_over(database: TestDatabase) {
    let store = database.open().await;
    set_up(&store, HOME, &[ANA, BO]).await;
    store.begin_scan(HOME, &[joiner(ANA)], &[], &[]).await.unwrap();
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

async fn left_out(store: &Store) -> Vec<LeftOut> {
    store.left_out().await.unwrap().remove(&HOME).unwrap_or_default()
}

fn closed(channel: i64, first_scan: i64, last_scan: i64) -> LeftOut {
    LeftOut { channel: ChannelId::from_column(channel), first_scan, last_scan }
}

/// A scan of channel 5 for one of them leaves these out, and is over.
async fn scans_but_for(store: &Store, user: UserId, channels: &[i64]) {
    let channels: Vec<_> = channels.iter().copied().map(ChannelId::from_column).collect();
    store.begin_scan(HOME, &[joiner(user)], &[scan(5)], &channels).await.unwrap();
    assert!(store.end_scan(&page(5)).await.unwrap());
}

async fn what_was_closed_is_read_later_for_the_same_joiners_and_nobody_else(database: TestDatabase) {
    let store = database.open().await;
    set_up(&store, HOME, &[ANA, BO, CY, DI]).await;
    scans_but_for(&store, ANA, &[7, 8]).await;
    scans_but_for(&store, BO, &[7]).await;
    scans_but_for(&store, CY, &[]).await;
    assert_eq!(left_out(&store).await, [closed(7, 1, 2), closed(8, 1, 1)]);
    assert_eq!(store.who_lacks(HOME, closed(7, 1, 2)).await.unwrap(), [joiner(ANA), joiner(BO)]);
    assert_eq!(store.who_lacks(HOME, closed(8, 1, 1)).await.unwrap(), [joiner(ANA)]);
    // Who leaves takes no part in it; one who is gone might come back later than those who lack it.
    store.leave(HOME, BO).await.unwrap();
    assert!(store.enrol(&member(HOME, BO)).await.unwrap());
    assert_eq!(store.who_lacks(HOME, closed(7, 1, 2)).await.unwrap(), [joiner(ANA)]);
    scans_but_for(&store, DI, &[8]).await;
    assert_eq!(left_out(&store).await, [closed(7, 1, 2), closed(8, 1, 3)], "no number is used twice");
    let both = [joiner(ANA), joiner(DI)];
    assert_eq!(store.who_lacks(HOME, closed(8, 1, 3)).await.unwrap(), both);
    assert!(!store.take_up(HOME, &[closed(8, 1, 1)], &both, &[scan(8)]).await.unwrap(), "it has changed since");
    assert!(store.take_up(HOME, &[closed(8, 1, 3)], &both, &[scan(8)]).await.unwrap());
    let under_way = Past { waiting: vec![joiner(BO)], reading: both.to_vec(), scans: vec![scan(8)] };
    assert_eq!(past(&store).await, under_way);
    assert!(!store.take_up(HOME, &[closed(7, 1, 2)], &[joiner(ANA)], &[scan(7)]).await.unwrap(), "one at a time");
    assert!(store.end_scan(&page(8)).await.unwrap());
    assert!(!store.take_up(HOME, &[closed(8, 1, 3)], &both, &[scan(8)]).await.unwrap(), "and once");
    assert_eq!(left_out(&store).await, [closed(7, 1, 2)]);
    // Nobody who lacks it is left.
    store.forget(HOME, ANA).await.unwrap();
    assert!(store.take_up(HOME, &[closed(7, 1, 2)], &[joiner(ANA)], &[scan(7)]).await.unwrap());
    assert_eq!(past(&store).await, Past { waiting: vec![joiner(BO)], ..Past::default() });
    assert_eq!(left_out(&store).await, []);
}

async fn what_is_closed_for_too_long_is_not_read_any_more(database: TestDatabase) {
    let store = database.open().await;
    set_up(&store, HOME, &[ANA, BO]).await;
    scans_but_for(&store, ANA, &[7]).await;
    let moment = MessageId::from_column(FROM).time();
    let second = chrono::Duration::seconds(1);
    assert_eq!(store.prune_left_out(moment - second).await.unwrap(), 0);
    assert_eq!(store.who_lacks(HOME, closed(7, 1, 1)).await.unwrap(), [joiner(ANA)]);
    assert_eq!(store.prune_left_out(moment + second).await.unwrap(), 1);
    assert_eq!(store.who_lacks(HOME, closed(7, 1, 1)).await.unwrap(), []);
    assert_eq!(left_out(&store).await, []);
}
