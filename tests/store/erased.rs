//! What is erased is gone from SQLite's files, however the pages that held it were split and merged since. The bytes of
//! PostgreSQL are not ours.

use std::path::Path;

use chrono::{DateTime, Utc};
use wallflower::domain::ids::{CommunityId, UserId};
use wallflower::domain::member::{Member, Membership, Profile};
use wallflower::domain::tie::{Kind, Thousandths};
use wallflower::store::{Counted, Progress};

use crate::support::TestDatabase;

const DEN: CommunityId = CommunityId::from_column(1_000);

/// So many members that their ties fill some hundred pages.
const MEMBERS: i64 = 400;
/// Each has ties with so many others.
const TIES: i64 = 25;
/// Each so-and-so-many-th goes.
const GOES: usize = 7;

fn moment() -> DateTime<Utc> {
    DateTime::from_timestamp(1_788_000_000, 0).unwrap()
}

/// As SQLite keeps a number of this size.
fn form_of(user: UserId) -> [u8; 8] {
    user.get().to_be_bytes()
}

/// Eight different bytes: nothing that a counter or a padding could be by chance.
fn user(n: i64) -> UserId {
    UserId::from_column(0x1234_5678_9abc_0000 + n * 257)
}

fn bytes_under(folder: &Path) -> Vec<u8> {
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files.flat_map(|file| std::fs::read(file).unwrap()).collect()
}

fn holds(bytes: &[u8], sought: &[u8]) -> bool {
    bytes.windows(sought.len()).any(|window| window == sought)
}

#[tokio::test]
async fn whoever_erases_themselves_is_gone_from_the_bytes_of_a_large_community_too() {
    let database = TestDatabase::sqlite();
    let store = database.open().await;
    store.community_present(DEN, "Den", moment()).await.unwrap();
    let mut counted = Counted::default();
    for n in 0..MEMBERS {
        let member = Member {
            community: DEN,
            user: user(n),
            counted_from: 1,
            membership: Membership::Active,
            profile: Profile::default(),
        };
        store.enrol(&member).await.unwrap();
        counted.consents.insert((DEN, user(n)), 1);
        for step in 1..=TIES {
            let other = user((n + step * step) % MEMBERS);
            counted.deltas.add(DEN, user(n), other, moment(), Kind::Reply, Thousandths::ONE);
        }
    }
    let progress = Progress { counted, ..Progress::default() };
    store.flush(&progress).await.unwrap();
    let gone: Vec<UserId> = (0..MEMBERS).map(user).step_by(GOES).collect();
    assert!(holds(&bytes_under(database.folder()), &form_of(gone[0])), "kept until now");
    for user in &gone {
        store.forget(DEN, *user).await.unwrap();
    }
    // Also by the next process.
    store.close().await;
    let store = database.open().await;
    store.overwrite_erased().await.unwrap();
    let bytes = bytes_under(database.folder());
    let left: Vec<_> = gone.iter().filter(|user| holds(&bytes, &form_of(**user))).collect();
    assert!(left.is_empty(), "{} of {} are still in the bytes", left.len(), gone.len());
    assert!(holds(&bytes, &form_of(user(1))), "who stayed is kept");
    store.close().await;
}
