//! Somebody who is being erased by another writer: not gone before that one commits.

use std::time::Duration;

use sqlx::{Connection, PgConnection, SqliteConnection};
use wallflower::domain::ids::{CommunityId, UserId};

use super::support::TestDatabase;

const LOOKS_EVERY: Duration = Duration::from_millis(5);

pub enum Departure {
    /// Whoever else writes waits from the start.
    Sqlite(SqliteConnection),
    Postgres {
        leaving: PgConnection,
        looking: PgConnection,
    },
}

impl Departure {
    pub async fn begin(database: &TestDatabase, community: CommunityId, user: UserId) -> Self {
        let sql = format!("DELETE FROM members WHERE community = {community} AND member = {user}");
        let sql = sqlx::AssertSqlSafe(sql);
        if database.url.starts_with("sqlite:") {
            let mut leaving = SqliteConnection::connect(&database.url).await.unwrap();
            sqlx::query("BEGIN IMMEDIATE").execute(&mut leaving).await.unwrap();
            sqlx::query(sql).execute(&mut leaving).await.unwrap();
            return Self::Sqlite(leaving);
        }
        let mut leaving = PgConnection::connect(&database.url).await.unwrap();
        sqlx::query("BEGIN").execute(&mut leaving).await.unwrap();
        sqlx::query(sql).execute(&mut leaving).await.unwrap();
        Self::Postgres { leaving, looking: PgConnection::connect(&database.url).await.unwrap() }
    }

    /// Commits as soon as another writer waits for it.
    pub async fn ends_once_it_is_waited_for(self) {
        match self {
            Self::Sqlite(mut leaving) => drop(sqlx::query("COMMIT").execute(&mut leaving).await.unwrap()),
            Self::Postgres { mut leaving, mut looking } => {
                let sql = "SELECT COUNT(*) FROM pg_stat_activity
                           WHERE datname = current_database() AND wait_event_type = 'Lock'";
                while sqlx::query_scalar::<_, i64>(sql).fetch_one(&mut looking).await.unwrap() == 0 {
                    tokio::time::sleep(LOOKS_EVERY).await;
                }
                sqlx::query("COMMIT").execute(&mut leaving).await.unwrap();
            }
        }
    }

    pub const fn is_seen_late(&self) -> bool {
        matches!(self, Self::Postgres { .. })
    }
}
