//! Where listening goes on, and who listens.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use wallflower::domain::ids::{ChannelId, CommunityId, RoleId};
use wallflower::store::{
    Access, BotStanding, Exception, Lease, Progress, Resume, Rules, SeenChannel, Shown, Snapshot, StoreError, Threads,
};

use super::home::*;
use super::support::TestDatabase;

on_both_engines!(
    what_a_session_has_shown_is_there_for_the_next_process,
    a_shard_is_one_runs_alone,
    another_number_of_shards_is_another_division,
    a_flush_without_its_lease_changes_nothing,
);

fn seen(channel: i64, floor: i64) -> SeenChannel {
    SeenChannel {
        channel: ChannelId::from_column(channel),
        parent: (channel > 5).then_some(ChannelId::from_column(5)),
        category: (channel == 5).then_some(ChannelId::from_column(4)),
        age_restricted: channel == 5,
        access: Access::NoHistory,
        threads: Threads::Joined,
        rules: Arc::new(Rules { kind: 5, exceptions: vec![Exception { of: 3, allow: 1 << 40, deny: u64::MAX }] }),
        floor: message(floor),
        just_opened: channel == 6,
    }
}

fn shown(community: CommunityId, channels: impl IntoIterator<Item = SeenChannel>) -> Shown {
    let channels = channels.into_iter().map(|seen| ((community, seen.channel), Some(seen))).collect();
    Shown { channels, ..Shown::default() }
}

fn progress(shown: Shown) -> Progress {
    Progress { shown, ..Progress::default() }
}

async fn what_a_session_has_shown_is_there_for_the_next_process(database: TestDatabase) {
    let store = database.open().await;
    set_up(&store, HOME, &[]).await;
    let allowed = BTreeMap::from([(RoleId::from_column(3), u64::MAX), (RoleId::from_column(4), 0)]);
    let standing = BotStanding { roles: vec![RoleId::from_column(3)], base: Some(u64::MAX), allowed };
    let arrived = |community| Shown {
        communities: BTreeMap::from([(community, Some(standing.clone()))]),
        ..shown(community, [seen(5, 1), seen(6, 2)])
    };
    store.flush(&progress(arrived(HOME))).await.unwrap();
    // One that was erased meanwhile has nothing to hang on.
    store.flush(&progress(arrived(ELSEWHERE))).await.unwrap();
    let found = async || store.snapshots(0, 1).await.unwrap();
    let snapshot = |channels: &[SeenChannel]| Snapshot { standing: standing.clone(), channels: channels.to_vec() };
    assert_eq!(found().await, [(HOME, snapshot(&[seen(5, 1), seen(6, 2)]))].into());
    let mut changed = shown(HOME, [seen(6, 9), seen(7, 3)]);
    changed.channels.insert((HOME, ChannelId::from_column(5)), None);
    store.flush(&progress(changed)).await.unwrap();
    assert_eq!(found().await, [(HOME, snapshot(&[seen(6, 9), seen(7, 3)]))].into());
    assert_eq!(store.hidden_channels(HOME).await.unwrap(), []);
    let hidden = SeenChannel { access: Access::Hidden, ..seen(7, 3) };
    store.flush(&progress(shown(HOME, [hidden]))).await.unwrap();
    assert_eq!(store.hidden_channels(HOME).await.unwrap(), [ChannelId::from_column(7)]);
    // Shown anew, it is only what it is now.
    let anew = Shown { channels: shown(HOME, [seen(8, 4)]).channels, ..arrived(HOME) };
    store.flush(&progress(anew)).await.unwrap();
    assert_eq!(found().await, [(HOME, snapshot(&[seen(8, 4)]))].into());
    // Only the bot's roles have changed: the channels stay.
    let other = BotStanding { roles: vec![], base: Some(0), ..standing.clone() };
    let standings = BTreeMap::from([(HOME, other.clone()), (ELSEWHERE, other.clone())]);
    store.flush(&progress(Shown { standings, ..Shown::default() })).await.unwrap();
    assert_eq!(found().await, [(HOME, Snapshot { standing: other, channels: vec![seen(8, 4)] })].into());
    let shard = u32::try_from((HOME.to_u64() >> 22) % 2).unwrap();
    assert_eq!(store.snapshots(shard, 2).await.unwrap().len(), 1);
    assert!(store.snapshots(1 - shard, 2).await.unwrap().is_empty());
    let gone = Shown { communities: BTreeMap::from([(HOME, None)]), ..Shown::default() };
    store.flush(&progress(gone)).await.unwrap();
    assert!(found().await.is_empty());
}

fn lease(owner: &str, range: Range<u32>, shards: u32) -> Lease {
    Lease { range, shards, owner: owner.to_owned(), folder: format!("of {owner}") }
}

async fn a_shard_is_one_runs_alone(database: TestDatabase) {
    let store = database.open().await;
    let (one, other) = (lease("one", 0..2, 3), lease("other", 1..3, 3));
    assert!(store.take_lease(&one, now(), later(1)).await.unwrap());
    assert!(!store.take_lease(&other, now(), later(1)).await.unwrap(), "shard 1 is taken");
    assert!(store.take_lease(&lease("third", 2..3, 3), now(), later(1)).await.unwrap(), "nobody has shard 2");
    assert!(store.keep_lease(&one, later(2)).await.unwrap());
    assert!(!store.take_lease(&other, later(1), later(3)).await.unwrap(), "it was kept");
    assert!(store.take_lease(&other, later(2), later(3)).await.unwrap(), "its time has ended");
    assert!(!store.keep_lease(&one, later(4)).await.unwrap(), "half of it is another's");
    store.end_lease(&one).await.unwrap();
    let reborn = Lease { owner: "other again".to_owned(), ..other.clone() };
    assert!(store.take_lease(&reborn, later(2), later(3)).await.unwrap(), "what ran on its data folder is dead");
    assert!(!store.keep_lease(&other, later(4)).await.unwrap());
    store.end_lease(&other).await.unwrap();
    assert!(store.keep_lease(&reborn, later(4)).await.unwrap(), "the dead one had nothing left to give back");
}

async fn another_number_of_shards_is_another_division(database: TestDatabase) {
    let store = database.open().await;
    let (session, resume_url) = ("a session".to_owned(), "wss://resume".to_owned());
    let session = Resume { shard: 0, shards: 1, session, resume_url, sequence: 7 };
    store.flush(&Progress { sessions: vec![session], ..Progress::default() }).await.unwrap();
    let (whole, half) = (lease("one", 0..1, 1), lease("other", 1..2, 2));
    assert!(store.take_lease(&whole, now(), later(1)).await.unwrap());
    assert!(!store.take_lease(&half, now(), later(1)).await.unwrap(), "each community is in the one shard");
    assert!(store.session(0, 1).await.unwrap().is_some());
    assert!(store.take_lease(&half, later(1), later(2)).await.unwrap());
    assert_eq!(store.session(0, 1).await.unwrap(), None, "it would tell again what is counted since");
    assert!(!store.keep_lease(&whole, later(2)).await.unwrap());
}

async fn a_flush_without_its_lease_changes_nothing(database: TestDatabase) {
    let store = database.open().await;
    set_up(&store, HOME, &[ANA, BO]).await;
    let (one, other) = (lease("one", 0..1, 1), lease("other", 0..1, 1));
    assert!(store.take_lease(&one, now(), later(1)).await.unwrap());
    let under = |lease: &Lease| Progress { lease: Some(lease.clone()), ..super::home::progress(talk(ANA, BO, 1)) };
    store.flush(&under(&one)).await.unwrap();
    assert!(store.take_lease(&other, later(1), later(2)).await.unwrap());
    assert!(matches!(store.flush(&under(&one)).await, Err(StoreError::LeaseLost)));
    assert_eq!(tie(&store, ANA, BO).await, 1000);
    store.flush(&under(&other)).await.unwrap();
    assert_eq!(tie(&store, ANA, BO).await, 2000);
}
