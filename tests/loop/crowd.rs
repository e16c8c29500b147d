//! Many communities hold their rounds at one hour, and whatever else is due is not late for it.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::time::Instant;

use async_trait::async_trait;
use chrono::{DateTime, Duration, Utc};
use wallflower::app::messenger::{Delivered, Letter, Messenger, Presence, Undelivered};
use wallflower::domain::ids::{ChannelId, CommunityId, MessageId, UserId};
use wallflower::domain::notice::Notice;
use wallflower::domain::poll::{Choice, Poll};

use crate::life::Deaths;
use crate::memory::Memory;
use crate::support::TestDatabase;
use crate::village::{HOME, PEOPLE, Temper, Village};

on_both_engines!(rounds_of_a_thousand_communities_hold_up_nothing_else);

const COMMUNITIES: i64 = 1_000;
/// In real time; a few seconds are enough on a machine that does nothing else.
const PATIENCE: std::time::Duration = std::time::Duration::from_mins(3);

/// Copies of the village's community, without its people, whose rounds are due with its own.
const FOUND: [&str; 2] = [
    "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 999)
     INSERT INTO communities (community, name, zone, locale, half_life_days, since)
     SELECT c.community + n, c.name, c.zone, c.locale, c.half_life_days, c.since FROM communities c, numbers",
    "INSERT INTO programmes (community, programme, channel, cadence, style, asks_per_30_days, pairs_per_round, paused, round,
                             next_round_at)
     SELECT c.community, p.programme, p.channel, p.cadence, p.style, p.asks_per_30_days, p.pairs_per_round, 0, 0,
            p.next_round_at
     FROM communities c, programmes p WHERE c.community <> p.community",
];
const HELD: &str = "SELECT COUNT(*) FROM programmes WHERE round > 0";

/// A second look at the database.
enum Eye {
    Sqlite(sqlx::SqlitePool),
    Postgres(sqlx::PgPool),
}

impl Eye {
    async fn on(url: &str) -> Self {
        if url.starts_with("sqlite:") {
            Self::Sqlite(sqlx::SqlitePool::connect(url).await.unwrap())
        } else {
            Self::Postgres(sqlx::PgPool::connect(url).await.unwrap())
        }
    }

    async fn does(&self, sql: &'static str) {
        match self {
            Self::Sqlite(pool) => drop(sqlx::query(sql).execute(pool).await.unwrap()),
            Self::Postgres(pool) => drop(sqlx::query(sql).execute(pool).await.unwrap()),
        }
    }

    async fn rounds_held(&self) -> i64 {
        let (held,): (i64,) = match self {
            Self::Sqlite(pool) => sqlx::query_as(HELD).fetch_one(pool).await.unwrap(),
            Self::Postgres(pool) => sqlx::query_as(HELD).fetch_one(pool).await.unwrap(),
        };
        held
    }
}

impl Eye {
    /// Waits until so many rounds are held; fails where they are not within [`PATIENCE`].
    async fn sees_rounds_held(&self, rounds: i64) {
        let began = Instant::now();
        loop {
            let held = self.rounds_held().await;
            if held >= rounds {
                return;
            }
            assert!(began.elapsed() < PATIENCE, "{held} of {rounds} rounds were held");
            tokio::task::yield_now().await;
        }
    }
}

/// Notes how many rounds had been held when somebody was welcomed.
struct Witness<'a> {
    memory: &'a Memory,
    eye: &'a Eye,
    held: Mutex<Vec<i64>>,
}

#[async_trait]
impl Messenger for Witness<'_> {
    async fn deliver(&self, letter: &Letter) -> Result<Delivered, Undelivered> {
        if letter.notice == Notice::Welcome {
            let held = self.eye.rounds_held().await;
            self.held.lock().unwrap().push(held);
        }
        self.memory.deliver(letter).await
    }

    async fn find(&self, letter: &Letter, since: DateTime<Utc>) -> Result<Option<Delivered>, Undelivered> {
        self.memory.find(letter, since).await
    }

    async fn votes(
        &self,
        channel: ChannelId,
        message: MessageId,
        poll: &Poll,
    ) -> Result<Vec<(UserId, BTreeSet<Choice>)>, Undelivered> {
        self.memory.votes(channel, message, poll).await
    }

    async fn presence(&self, community: CommunityId, user: UserId) -> Result<Presence, Undelivered> {
        self.memory.presence(community, user).await
    }
}

async fn rounds_of_a_thousand_communities_hold_up_nothing_else(database: TestDatabase) {
    let url = database.url.clone();
    let village = Village::found(database, Temper::Silent, Deaths::default()).await;
    let eye = Eye::on(&url).await;
    let app = village.app();
    app.tick(&*village.memory).await.unwrap();
    for sql in FOUND {
        eye.does(sql).await;
    }
    let witness = Witness { memory: &village.memory, eye: &eye, held: Mutex::default() };
    // The round of Monday evening, and two minutes.
    village.clock.advance(Duration::hours(54) + Duration::minutes(2));
    let (stop, stopping) = tokio::sync::watch::channel(false);
    let story = async {
        eye.sees_rounds_held(1).await;
        // Somebody comes while the rounds are held, and is welcomed at once.
        app.join(HOME, Village::person(PEOPLE), 1, &[]).await.unwrap();
        eye.sees_rounds_held(COMMUNITIES).await;
        stop.send(true).unwrap();
    };
    tokio::join!(app.keep_time(&witness, stopping), story);
    let held = witness.held.into_inner().unwrap();
    assert_eq!(held.len(), 1, "welcomed once");
    println!("welcomed after {} of {COMMUNITIES} rounds", held[0]);
    assert!(held[0] < COMMUNITIES / 2, "welcomed only after {} rounds", held[0]);
}
