//! What several test binaries share: databases that are made for one test and go with it.

use std::sync::atomic::{AtomicU32, Ordering};

use wallflower::store::Store;

/// Where a PostgreSQL server takes new databases, e.g. `postgres://postgres@127.0.0.1:5433/postgres`.
pub const POSTGRES_URL: &str = "WALLFLOWER_TEST_POSTGRES_URL";

/// A database of its own.
pub struct TestDatabase {
    pub url: String,
    folder: tempfile::TempDir,
}

impl TestDatabase {
    pub fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { url: format!("sqlite://{}", folder.path().join("wallflower.db").display()), folder }
    }

    /// A new database on the server at [`POSTGRES_URL`]. It stays there; the server is made for the tests.
    pub async fn postgres() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let server = std::env::var(POSTGRES_URL).unwrap_or_else(|_| panic!("{POSTGRES_URL} is not set"));
        let name = format!("test_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        let mut connection = <sqlx::PgConnection as sqlx::Connection>::connect(&server).await.unwrap();
        // A server that has lived long may have seen this process number before.
        for sql in [format!("DROP DATABASE IF EXISTS {name}"), format!("CREATE DATABASE {name}")] {
            sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&mut connection).await.unwrap();
        }
        let (base, _) = server.rsplit_once('/').unwrap();
        Self { url: format!("{base}/{name}"), folder: tempfile::tempdir().unwrap() }
    }

    /// A folder that goes with the test; on SQLite the database lies in it.
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// Every value (SQLite) or row (PostgreSQL) of every table as text, with where it stands.
    pub async fn rows(&self) -> Vec<(String, String)> {
        if self.url.starts_with("sqlite:") { self.sqlite_rows().await } else { self.postgres_rows().await }
    }

    async fn sqlite_rows(&self) -> Vec<(String, String)> {
        let pool = sqlx::SqlitePool::connect(&self.url).await.unwrap();
        let columns = "SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c
             WHERE m.type = 'table' AND m.name <> '_sqlx_migrations'";
        let columns: Vec<(String, String)> = sqlx::query_as(columns).fetch_all(&pool).await.unwrap();
        let mut all = Vec::new();
        for (table, column) in columns {
            let sql = sqlx::AssertSqlSafe(format!(
                "SELECT CASE typeof(\"{column}\") WHEN 'blob' THEN hex(\"{column}\")
                        ELSE CAST(COALESCE(\"{column}\", '') AS TEXT) END FROM \"{table}\""
            ));
            let rows: Vec<(String,)> = sqlx::query_as(sql).fetch_all(&pool).await.unwrap();
            all.extend(rows.into_iter().map(|(row,)| (format!("{table}.{column}"), row)));
        }
        pool.close().await;
        all
    }

    async fn postgres_rows(&self) -> Vec<(String, String)> {
        let pool = sqlx::PgPool::connect(&self.url).await.unwrap();
        let tables = "SELECT table_name::text FROM information_schema.tables WHERE table_schema = 'public'";
        let tables: Vec<(String,)> = sqlx::query_as(tables).fetch_all(&pool).await.unwrap();
        let mut all = Vec::new();
        for (table,) in tables {
            let sql = sqlx::AssertSqlSafe(format!("SELECT t::text FROM \"{table}\" t"));
            let rows: Vec<(String,)> = sqlx::query_as(sql).fetch_all(&pool).await.unwrap();
            all.extend(rows.into_iter().map(|(row,)| (table.clone(), row)));
        }
        pool.close().await;
        all
    }

    pub async fn open(&self) -> Store {
        Store::open(&self.url).await.unwrap()
    }

    /// The tables that hold this number or text in any column, JSON included.
    pub async fn tables_naming(&self, sentinel: impl std::fmt::Display) -> Vec<String> {
        let sentinel = sentinel.to_string();
        let naming = self.rows().await.into_iter().filter(|(_, row)| row.contains(&sentinel));
        let table = |(place, _): (String, String)| place.split('.').next().unwrap_or_default().to_owned();
        let mut tables: Vec<String> = naming.map(table).collect();
        tables.sort();
        tables.dedup();
        tables
    }
}

/// Makes two tests of one story: on SQLite, and on PostgreSQL where there is one.
#[macro_export]
macro_rules! on_both_engines {
    ($($story:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $story() {
                super::$story($crate::support::TestDatabase::sqlite()).await;
            })+
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            #[ignore = "needs a PostgreSQL server: set WALLFLOWER_TEST_POSTGRES_URL"]
            async fn $story() {
                super::$story($crate::support::TestDatabase::postgres().await).await;
            })+
        }
    };
}
