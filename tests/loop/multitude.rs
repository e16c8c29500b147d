//! A round of a community of 20,000, in the bot's own way: read from the database, weighed, chosen, and written.

use std::time::Instant;

use chrono::Duration;
use wallflower::domain::ids::UserId;
use wallflower::domain::tie::{Deltas, Kind, Thousandths};
use wallflower::store::{Counted, Progress};

use super::life::Deaths;
use super::support::TestDatabase;
use super::village::{HOME, Temper, Village};

const MEMBERS: i64 = 20_000;
/// Of each member to others near by in the list, who talk with their own near ones: so there are circles of friends.
const TIES_OF_EACH: i64 = 5;
const NEAR: i64 = 40;
/// Weeks over which each tie is spread.
const WEEKS: i64 = 3;
/// Pairs that are counted in one transaction.
const AT_ONCE: i64 = 2_000;
/// Like the first one, and a third of them in Utrecht, a third in Berlin.
const MOVE_IN: &str = "WITH RECURSIVE numbers (n) AS (SELECT 10 UNION ALL SELECT n + 1 FROM numbers WHERE n < 19999)
     INSERT INTO members (community, member, membership, counted_from, city, availability, venue, door, may_be_named,
                          open_to_everyone)
     SELECT m.community, m.member + n, m.membership, m.counted_from,
            CASE n % 3 WHEN 0 THEN 2745912 WHEN 1 THEN 2950159 END,
            m.availability, m.venue, m.door, m.may_be_named, m.open_to_everyone
     FROM members m, numbers WHERE m.member = 720000000000000000";

fn person(number: i64) -> UserId {
    UserId::from_column(720_000_000_000_000_000 + number % MEMBERS)
}

/// Whom somebody talks with, and how many messages a week each way.
fn ties_of(one: i64) -> impl Iterator<Item = (UserId, i64)> {
    (0..TIES_OF_EACH).map(move |tie| {
        let chance = (one * 7919 + tie * 104_729) % 1_000_003;
        (person(one + 1 + chance % NEAR), 2 + chance % 9)
    })
}

async fn all_talk(village: &Village) {
    let now = village.app().now();
    for first in (0..MEMBERS).step_by(usize::try_from(AT_ONCE).unwrap()) {
        let mut counted = Counted::default();
        for one in first..first + AT_ONCE {
            for (other, messages) in ties_of(one) {
                for user in [person(one), other] {
                    counted.consents.insert((HOME, user), 1);
                }
                let mut deltas = Deltas::default();
                for week in 0..WEEKS {
                    let at = now - Duration::weeks(week);
                    for (from, to) in [(person(one), other), (other, person(one))] {
                        deltas.add(HOME, from, to, at, Kind::Reply, Thousandths(messages * 1000));
                    }
                }
                counted.deltas.merge(deltas);
            }
        }
        village.store().flush(&Progress { counted, ..Progress::default() }).await.unwrap();
    }
}

/// So many megabytes of this process: as it stands, and at most so far.
fn memory() -> [u64; 2] {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    ["VmRSS:", "VmHWM:"].map(|name| {
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok())
            .map_or(0, |kilobytes| kilobytes / 1024)
    })
}

async fn a_round_of(size: &str) {
    let village = Village::found(TestDatabase::sqlite(), Temper::Silent, Deaths::default()).await;
    let pool = sqlx::SqlitePool::connect(&village.database().url).await.unwrap();
    sqlx::query(MOVE_IN).execute(&pool).await.unwrap();
    pool.close().await;
    all_talk(&village).await;
    let app = village.app();
    let size = size.parse().unwrap();
    app.change_programme(HOME, |programme| programme.size = size).await.unwrap();
    village.clock.advance(Duration::days(3));
    let ([before, _], began) = (memory(), Instant::now());
    let report = app.hold_round(&*village.memory, HOME).await.unwrap().unwrap();
    let (took, [_, at_most]) = (began.elapsed(), memory());
    println!(
        "{} members, {} ties, {size}: {:.1} s, {before} MB before and at most {at_most} MB, {report:?}",
        report.members,
        report.ties,
        took.as_secs_f64(),
    );
    assert_eq!((report.members, report.suggested), (usize::try_from(MEMBERS).unwrap(), 5));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a minute: measures a round of 20,000 members"]
async fn a_round_of_pairs_among_twenty_thousand() {
    a_round_of("2").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a minute: measures a round of 20,000 members"]
async fn a_round_of_tables_among_twenty_thousand() {
    a_round_of("4-6").await;
}
