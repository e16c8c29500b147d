//! What was counted, together with where counting stopped.

use std::sync::Arc;

use wallflower::domain::conversation::Learned;
use wallflower::domain::ids::ChannelId;
use wallflower::domain::tie::Week;
use wallflower::store::{Counted, Listing, Mark, Page, Progress, Reading, Recent, Resume, Unheard};

use super::home::*;
use super::support::TestDatabase;
use super::tables::tables_naming;

on_both_engines!(
    what_was_counted_adds_up,
    a_flush_of_unknown_outcome_may_be_repeated,
    marks_never_go_backwards,
    who_left_before_a_flush_gets_no_tie,
    who_came_back_gets_nothing_counted_under_the_first_consent,
    a_bystander_gets_no_tie,
    a_page_counts_once,
    what_is_to_be_listed_stays_until_it_is_found,
    what_is_told_of_channels_that_are_not_shown_is_kept_until_they_are,
    the_last_messages_of_a_session_are_kept_with_it,
    an_erased_community_loses_its_progress_and_nobody_elses,
    a_session_is_kept_by_shard_and_count,
    old_weeks_are_pruned,
    leaving_while_flushing_leaves_no_tie,
);

async fn what_was_counted_adds_up(database: TestDatabase) {
    let store = database.open().await;
    set_up(&store, HOME, &[ANA, BO, CY]).await;
    let mut counted = talk(ANA, BO, 2);
    counted.deltas.merge(talk(BO, ANA, 3).deltas);
    store.flush(&progress(counted)).await.unwrap();
    store.flush(&progress(talk(ANA, BO, 1))).await.unwrap();
    let candidates = store.candidates(HOME, since()).await.unwrap().unwrap();
    let total = candidates.ties[&pair(ANA, BO)].messages();
    assert_eq!((total.low_to_high.0, total.high_to_low.0), (3000, 3000));
    assert_eq!(store.ties(HOME, since().talk).await.unwrap(), candidates.ties);
}

fn session(sequence: u64) -> Resume {
    let (session, resume_url) = ("a session".to_owned(), "wss://resume".to_owned());
    Resume { shard: 0, shards: 1, session, resume_url, sequence }
}

async fn a_flush_of_unknown_outcome_may_be_repeated(database: TestDatabase) {
    let store = database.open().await;
    set_up(&store, HOME, &[ANA, BO]).await;
    let counted = Progress { sessions: vec![session(7)], ..progress(talk(ANA, BO, 2)) };
    store.flush(&counted).await.unwrap();
    store.flush(&counted).await.unwrap();
    assert_eq!(tie(&store, ANA, BO).await, 2000);
    let more = Progress { sessions: vec![session(8)], ..progress(talk(ANA, BO, 1)) };
    store.flush(&more).await.unwrap();
    assert_eq!(tie(&store, ANA, BO).await, 3000);
    // A new session begins to count at one again.
    let fresh = Resume { session: "another session".to_owned(), ..session(1) };
    store.flush(&Progress { sessions: vec![fresh.clone()], ..progress(talk(ANA, BO, 1)) }).await.unwrap();
    assert_eq!(tie(&store, ANA, BO).await, 4000);
    assert_eq!(store.session(0, 1).await.unwrap(), Some(fresh));
}

/// The last message counted, while a guess before it waits.
fn mark(number: i64) -> Mark {
    Mark { last: message(number), settled: message(number - 1) }
}

async fn marks_never_go_backwards(database: TestDatabase) {
    let store = database.open().await;
    set_up(&store, HOME, &[]).await;
    let other = ChannelId::from_column(CHANNEL.get() + 1);
    let at = |number| Progress { marks: [((HOME, CHANNEL), mark(number))].into(), ..Progress::default() };
    store.flush(&at(5)).await.unwrap();
    store.flush(&at(3)).await.unwrap();
    assert_eq!(store.marks(HOME).await.unwrap(), [(CHANNEL, mark(5))]);
    // The same message, and more is final.
    let settled = Mark { last: message(5), settled: message(5) };
    store.flush(&Progress { marks: [((HOME, CHANNEL), settled)].into(), ..Progress::default() }).await.unwrap();
    assert_eq!(store.marks(HOME).await.unwrap(), [(CHANNEL, settled)]);
    let both = [((HOME, CHANNEL), mark(9)), ((HOME, other), mark(1))].into();
    store.flush(&Progress { marks: both, ..Progress::default() }).await.unwrap();
    assert_eq!(store.marks(HOME).await.unwrap(), [(CHANNEL, mark(9)), (other, mark(1))]);
    assert_eq!(store.counted_to().await.unwrap(), [(HOME, message(9))]);
}

async fn who_left_before_a_flush_gets_no_tie(database: TestDatabase) {
    let store = database.open().await;
    set_up(&store, HOME, &[ANA, BO, CY]).await;
    let mut counted = talk(ANA, BO, 2);
    counted.deltas.merge(talk(BO, CY, 1).deltas);
    counted.consents.extend(talk(BO, CY, 1).consents);
    store.leave(HOME, ANA).await.unwrap();
    store.flush(&progress(counted)).await.unwrap();
    assert_eq!((tie(&store, ANA, BO).await, tie(&store, BO, CY).await), (0, 1000));
    assert!(!tables_naming(&database, ANA).await.contains(&"ties".to_owned()));
}

async fn who_came_back_gets_nothing_counted_under_the_first_consent(database: TestDatabase) {
    let store = database.open().await;
    set_up(&store, HOME, &[ANA, BO]).await;
    let counted = talk(ANA, BO, 2);
    store.leave(HOME, ANA).await.unwrap();
    let mut again = member(HOME, ANA);
    again.counted_from = FROM + 1;
    store.enrol(&again).await.unwrap();
    store.flush(&progress(counted)).await.unwrap();
    assert_eq!(tie(&store, ANA, BO).await, 0);
}

async fn a_bystander_gets_no_tie(database: TestDatabase) {
    let store = database.open().await;
    set_up(&store, HOME, &[ANA]).await;
    store.flush(&progress(talk(ANA, BO, 2))).await.unwrap();
    // Nor does somebody for whom no consent was noted.
    set_up(&store, HOME, &[CY]).await;
    let mut unsaid = talk(ANA, CY, 2);
    unsaid.consents.remove(&(HOME, CY));
    store.flush(&progress(unsaid)).await.unwrap();
    assert!(!database.rows().await.iter().any(|(table, _)| table.starts_with("ties")));
}

async fn a_page_counts_once(database: TestDatabase) {
    let store = database.open().await;
    set_up(&store, HOME, &[ANA, BO]).await;
    let (after, before) = (message(1), message(9));
    let reading = Reading { community: HOME, channel: CHANNEL, after, before, cursor: after, settled: message(0) };
    store.flush(&Progress { readings: vec![reading], ..Progress::default() }).await.unwrap();
    assert_eq!(store.readings().await.unwrap(), [reading]);
    let first = Page { reading, counted: talk(ANA, BO, 2), cursor: message(5), settled: message(2) };
    assert!(store.advance(&first).await.unwrap());
    assert!(!store.advance(&first).await.unwrap());
    let reading = Reading { cursor: message(5), settled: message(2), ..reading };
    assert_eq!(store.readings().await.unwrap(), [reading]);
    let last = Page { reading, counted: talk(ANA, BO, 1), cursor: message(9), settled: message(9) };
    assert!(last.is_last() && store.advance(&last).await.unwrap());
    assert!(!store.advance(&last).await.unwrap());
    assert_eq!((store.readings().await.unwrap(), tie(&store, ANA, BO).await), (vec![], 3000));
}

async fn what_is_to_be_listed_stays_until_it_is_found(database: TestDatabase) {
    let store = database.open().await;
    set_up(&store, HOME, &[]).await;
    let listing = |since| Listing { community: HOME, channel: CHANNEL, since: message(since) };
    let both = Progress { listings: vec![listing(2), listing(1)], ..Progress::default() };
    store.flush(&both).await.unwrap();
    store.flush(&both).await.unwrap();
    assert_eq!(store.listings().await.unwrap(), [listing(1), listing(2)]);
    let found = Reading {
        community: HOME,
        channel: ChannelId::from_column(7),
        after: message(1),
        before: message(9),
        cursor: message(1),
        settled: message(1),
    };
    let done = Progress { readings: vec![found], listed: vec![listing(1)], ..Progress::default() };
    store.flush(&done).await.unwrap();
    assert_eq!((store.listings().await.unwrap(), store.readings().await.unwrap()), (vec![listing(2)], vec![found]));
    // Of those that have ended the earliest is kept, of each channel.
    assert_eq!(store.ended_listings().await.unwrap(), [listing(1)]);
    store.flush(&Progress { listed: vec![listing(2)], ..Progress::default() }).await.unwrap();
    assert_eq!((store.listings().await.unwrap(), store.ended_listings().await.unwrap()), (vec![], vec![listing(1)]));
    store.flush(&Progress { listings: vec![listing(1)], ..Progress::default() }).await.unwrap();
    assert_eq!((store.listings().await.unwrap(), store.ended_listings().await.unwrap()), (vec![listing(1)], vec![]));
}

async fn what_is_told_of_channels_that_are_not_shown_is_kept_until_they_are(database: TestDatabase) {
    let store = database.open().await;
    set_up(&store, HOME, &[]).await;
    let keep = async |community, unheard| {
        let unheard = vec![(community, CHANNEL, unheard)];
        store.flush(&Progress { unheard, ..Progress::default() }).await.unwrap();
    };
    let stretch = |last| Unheard { first: message(1), last: message(last) };
    keep(ELSEWHERE, Some(stretch(1))).await;
    for last in [1, 2] {
        keep(HOME, Some(stretch(last))).await;
        assert_eq!(store.unheard(HOME).await.unwrap(), [(CHANNEL, stretch(last))]);
    }
    keep(HOME, None).await;
    assert_eq!(store.unheard(HOME).await.unwrap(), []);
    assert_eq!(store.unheard(ELSEWHERE).await.unwrap(), []);
}

async fn the_last_messages_of_a_session_are_kept_with_it(database: TestDatabase) {
    let store = database.open().await;
    set_up(&store, HOME, &[ANA, BO, CY]).await;
    let said = |author, number: u64| {
        let (community, message) = (HOME, message(i64::try_from(number).unwrap()));
        Recent { shard: 0, shards: 1, sequence: number, community, author, message }
    };
    let flush = async |recent: Vec<Recent>, of: Resume| {
        let mut counted = Counted { recent, ..talk(ANA, BO, 1) };
        counted.consents.insert((HOME, CY), FROM);
        store.flush(&Progress { sessions: vec![of], ..progress(counted) }).await.unwrap();
    };
    let kept = async || store.recent_messages(0, 1).await.unwrap();
    store.leave(HOME, CY).await.unwrap();
    flush(vec![said(ANA, 1), said(CY, 2), said(BO, 3)], session(3)).await;
    assert_eq!(kept().await, [message(1), message(3)], "who left is not counted");
    store.leave(HOME, BO).await.unwrap();
    assert_eq!(kept().await, [message(1)]);
    // Of a session in which much is said so many are kept, whether they come at once or one after the other.
    flush((4..1004).map(|number| said(ANA, number)).collect(), session(1003)).await;
    flush((1004..1010).map(|number| said(ANA, number)).collect(), session(1009)).await;
    assert_eq!((kept().await.len(), kept().await.first().copied()), (512, Some(message(498))));
    let moment = message(0).time();
    assert_eq!(store.prune_recent_messages(moment).await.unwrap(), 0);
    assert_eq!(store.prune_recent_messages(later(24 * 365)).await.unwrap(), 512);
    flush(vec![said(ANA, 1010)], session(1010)).await;
    let fresh = Resume { session: "another session".to_owned(), ..session(1) };
    flush(vec![], fresh).await;
    assert!(kept().await.is_empty(), "what it told it tells to nobody again");
}

async fn an_erased_community_loses_its_progress_and_nobody_elses(database: TestDatabase) {
    let store = database.open().await;
    set_up(&store, HOME, &[ANA, BO]).await;
    let (after, before) = (message(1), message(2));
    let gone = Reading { community: ELSEWHERE, channel: CHANNEL, after, before, cursor: after, settled: after };
    let marks = [((HOME, CHANNEL), mark(1)), ((ELSEWHERE, CHANNEL), mark(1))].into();
    let taught = Learned { trust: [900_000, 1_000_000, 1_100_000, 300_000], labels: 3 };
    let learned = [(HOME, taught), (ELSEWHERE, taught)].into();
    let all =
        Progress { marks, learned, readings: vec![gone], sessions: vec![session(3)], ..progress(talk(ANA, BO, 1)) };
    store.flush(&all).await.unwrap();
    assert_eq!(tables_naming(&database, ELSEWHERE).await, Vec::<String>::new());
    assert_eq!((store.marks(HOME).await.unwrap().len(), tie(&store, ANA, BO).await), (1, 1000));
    let learned = (store.learned(HOME).await.unwrap(), store.learned(ELSEWHERE).await.unwrap());
    assert_eq!(learned, (taught, Learned::default()));
}

async fn a_session_is_kept_by_shard_and_count(database: TestDatabase) {
    let store = database.open().await;
    store.flush(&Progress { sessions: vec![session(3)], ..Progress::default() }).await.unwrap();
    assert_eq!(store.session(0, 1).await.unwrap(), Some(session(3)));
    assert_eq!(store.session(0, 2).await.unwrap(), None);
}

async fn old_weeks_are_pruned(database: TestDatabase) {
    let store = database.open().await;
    set_up(&store, HOME, &[ANA, BO]).await;
    store.flush(&progress(talk(ANA, BO, 1))).await.unwrap();
    assert_eq!(store.prune_ties(Week::of(now())).await.unwrap(), 0);
    assert_eq!(store.prune_ties(Week::of(later(7 * 24))).await.unwrap(), 1);
    assert_eq!(tie(&store, ANA, BO).await, 0);
}

async fn leaving_while_flushing_leaves_no_tie(database: TestDatabase) {
    let store = Arc::new(database.open().await);
    set_up(&store, HOME, &[ANA, BO]).await;
    for _ in 0..10 {
        let flushing = tokio::spawn({
            let store = Arc::clone(&store);
            async move { store.flush(&progress(talk(ANA, BO, 1))).await }
        });
        store.leave(HOME, ANA).await.unwrap();
        flushing.await.unwrap().unwrap();
        assert!(!tables_naming(&database, ANA).await.contains(&"ties".to_owned()));
        store.enrol(&member(HOME, ANA)).await.unwrap();
    }
}
