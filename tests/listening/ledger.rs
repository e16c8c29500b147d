//! The ledger's promises, on both engines: what was counted and where counting stopped are one.

use std::collections::BTreeMap;

use chrono::DateTime;
use wallflower::domain::ids::{ChannelId, CommunityId, MessageId, Pair, UserId};
use wallflower::domain::member::{Member, Membership, Profile};
use wallflower::domain::tie::{Kind, Talk, Thousandths, Week};
use wallflower::store::{Counted, Mark, Page, Progress, Reading, Resume, Store};

use crate::on_both_engines;
use crate::support::TestDatabase;

on_both_engines!(
    a_flush_adds_once_and_never_moves_a_mark_back,
    a_page_counts_once_and_its_reading_ends_with_the_last,
    who_is_no_member_any_more_gets_nothing,
    an_erased_community_stops_nobody_elses_flush,
    many_pairs_fit_into_one_flush,
    leaving_during_a_flush_leaves_no_tie,
);

const DEN: CommunityId = CommunityId::from_column(1_000);
const GENERAL: ChannelId = ChannelId::from_column(2_000);

fn user(raw: i64) -> UserId {
    UserId::from_column(raw)
}

fn message(n: i64) -> MessageId {
    MessageId::at(DateTime::from_timestamp(1_767_600_000 + n, 0).unwrap())
}

async fn den(store: &Store, members: impl IntoIterator<Item = i64>) {
    store.community_present(DEN, "Den", message(0).time()).await.unwrap();
    for id in members {
        let (membership, profile) = (Membership::Active, Profile::default());
        let member = Member { community: DEN, user: user(id), counted_from: 1, membership, profile };
        store.enrol(&member).await.unwrap();
    }
}

/// `from` wrote to each of `to` once.
fn counted(from: i64, to: impl IntoIterator<Item = i64>) -> Counted {
    let mut counted = Counted::default();
    counted.consents.insert((DEN, user(from)), 1);
    for to in to {
        counted.consents.insert((DEN, user(to)), 1);
        counted.deltas.add(DEN, user(from), user(to), message(1).time(), Kind::Reply, Thousandths::ONE);
    }
    counted
}

fn progress(counted: Counted, mark: i64, sequence: u64) -> Progress {
    let session = Resume { shard: 0, shards: 1, session: "one".into(), resume_url: "ws://localhost".into(), sequence };
    let mark = Mark { last: message(mark), settled: message(mark) };
    let marks = BTreeMap::from([((DEN, GENERAL), mark)]);
    Progress { counted, marks, sessions: vec![session], ..Progress::default() }
}

/// What 1 wrote to 2.
async fn told(store: &Store) -> i64 {
    let ties = store.ties(DEN, Week::of(message(0).time())).await.unwrap();
    let pair = Pair::new(user(1), user(2)).unwrap();
    ties.get(&pair).map_or(0, |counts| counts.of_kind(Kind::Reply).low_to_high.0)
}

async fn a_flush_adds_once_and_never_moves_a_mark_back(database: TestDatabase) {
    let store = database.open().await;
    den(&store, [1, 2]).await;
    let first = progress(counted(1, [2]), 5, 10);
    store.flush(&first).await.unwrap();
    store.flush(&first).await.unwrap();
    assert_eq!(told(&store).await, 1000);
    store.flush(&progress(counted(1, [2]), 4, 11)).await.unwrap();
    assert_eq!(told(&store).await, 2000);
    assert_eq!(store.marks(DEN).await.unwrap(), [(GENERAL, Mark { last: message(5), settled: message(5) })]);
    assert_eq!(store.session(0, 1).await.unwrap().unwrap().sequence, 11);
    assert_eq!(store.session(0, 2).await.unwrap(), None);
    let week = Week::of(message(1).time());
    assert_eq!(store.prune_ties(week).await.unwrap(), 0);
    assert_eq!(store.prune_ties(Week::of(week.end())).await.unwrap(), 1);
}

async fn a_page_counts_once_and_its_reading_ends_with_the_last(database: TestDatabase) {
    let store = database.open().await;
    den(&store, [1, 2]).await;
    let (after, before) = (message(1), message(9));
    let reading = Reading { community: DEN, channel: GENERAL, after, before, cursor: after, settled: message(0) };
    store.flush(&Progress { readings: vec![reading], ..progress(Counted::default(), 9, 1) }).await.unwrap();
    assert_eq!(store.readings().await.unwrap(), [reading]);
    let page = Page { reading, counted: counted(1, [2]), cursor: message(5), settled: message(3) };
    assert!(store.advance(&page).await.unwrap());
    assert!(!store.advance(&page).await.unwrap(), "it is in already");
    let left = Reading { cursor: message(5), settled: message(3), ..reading };
    assert_eq!(store.readings().await.unwrap(), [left]);
    let last = Page { reading: left, counted: counted(1, [2]), cursor: message(9), settled: message(9) };
    assert!(store.advance(&last).await.unwrap());
    assert!(!store.advance(&last).await.unwrap());
    assert!(store.readings().await.unwrap().is_empty());
    assert_eq!(told(&store).await, 2000);
}

async fn who_is_no_member_any_more_gets_nothing(database: TestDatabase) {
    let store = database.open().await;
    den(&store, [1, 2, 3, 4]).await;
    store.leave(DEN, user(2)).await.unwrap();
    store.forget(DEN, user(3)).await.unwrap();
    store.flush(&progress(counted(1, [2, 3, 4, 5]), 1, 1)).await.unwrap();
    let ties = store.ties(DEN, Week::of(message(0).time())).await.unwrap();
    let pairs: Vec<_> = ties.keys().copied().collect();
    assert_eq!(pairs, [Pair::new(user(1), user(4)).unwrap()]);
    // Back again, but counted from later on.
    let (membership, profile) = (Membership::Active, Profile::default());
    let back = Member { community: DEN, user: user(2), counted_from: 7, membership, profile };
    store.enrol(&back).await.unwrap();
    store.flush(&progress(counted(1, [2]), 1, 2)).await.unwrap();
    assert_eq!(told(&store).await, 0);
}

async fn an_erased_community_stops_nobody_elses_flush(database: TestDatabase) {
    let store = database.open().await;
    den(&store, [1, 2]).await;
    let gone = CommunityId::from_column(9_000);
    let mut all = progress(counted(1, [2]), 1, 1);
    all.marks.insert((gone, GENERAL), Mark { last: message(1), settled: message(1) });
    all.readings.push(Reading {
        community: gone,
        channel: GENERAL,
        after: message(1),
        before: message(2),
        cursor: message(1),
        settled: message(1),
    });
    store.flush(&all).await.unwrap();
    assert_eq!(told(&store).await, 1000);
    assert!(store.readings().await.unwrap().is_empty());
}

async fn many_pairs_fit_into_one_flush(database: TestDatabase) {
    let store = database.open().await;
    let last = 1_502;
    den(&store, 1..=last).await;
    store.flush(&progress(counted(1, 2..=last), 1, 1)).await.unwrap();
    let ties = store.ties(DEN, Week::of(message(0).time())).await.unwrap();
    assert_eq!(ties.len(), 1_501);
    let said: Talk = ties.values().map(|counts| counts.of_kind(Kind::Reply)).sum();
    assert_eq!(said.low_to_high, Thousandths(1_501_000));
}

/// Whichever comes first, none stays.
async fn leaving_during_a_flush_leaves_no_tie(database: TestDatabase) {
    let store = database.open().await;
    for round in 1..=20 {
        den(&store, [1, 2]).await;
        let next = progress(counted(1, [2]), 1, round);
        let (flushed, left) = tokio::join!(store.flush(&next), store.leave(DEN, user(2)));
        flushed.unwrap();
        assert!(left.unwrap());
        assert_eq!(told(&store).await, 0, "round {round}");
        store.forget(DEN, user(2)).await.unwrap();
    }
}
