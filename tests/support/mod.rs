//! What several test binaries share: databases that are made for one test and go with it.

pub mod product;

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
        let create = sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"));
        sqlx::query(create).execute(&mut connection).await.unwrap();
        let (base, _) = server.rsplit_once('/').unwrap();
        Self { url: format!("{base}/{name}"), folder: tempfile::tempdir().unwrap() }
    }

    /// A folder that goes with the test; on SQLite the database lies in it.
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    pub async fn open(&self) -> Store {
        Store::open(&self.url).await.unwrap()
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
