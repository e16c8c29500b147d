//! The two engines behind one face: a transaction takes one SQL text with `$1` placeholders and plain values.

use std::borrow::Cow;
use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions, PgRow};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteRow, SqliteSynchronous,
};
use sqlx::{AssertSqlSafe, FromRow, Postgres, Sqlite, Transaction};

use super::{Result, StoreError};

/// Another process (a backup, a shell) may hold SQLite's lock this long before a write fails.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);
/// Readers beside the one writer of SQLite; connections to PostgreSQL.
const CONNECTIONS: u32 = 4;

static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("./migrations");

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

#[derive(Debug, Clone)]
enum Database {
    /// One writer: read-then-write under a plain BEGIN would fail at once where two writers meet.
    Sqlite {
        readers: SqlitePool,
        writer: SqlitePool,
    },
    Postgres(PgPool),
}

/// All that Wallflower remembers.
#[derive(Debug, Clone)]
pub struct Store {
    database: Database,
}

impl Store {
    /// Opens `sqlite://PATH` (made where missing, its folder too) or `postgres://…`, and brings its tables up to date.
    pub async fn open(url: &str) -> Result<Self> {
        let database = match url.split_once(':') {
            Some(("sqlite", _)) => open_sqlite(url).await?,
            Some(("postgres" | "postgresql", _)) => open_postgres(url).await?,
            _ => return Err(StoreError::Address { url: url.to_owned() }),
        };
        match &database {
            Database::Sqlite { writer, .. } => MIGRATIONS.run(writer).await?,
            Database::Postgres(pool) => MIGRATIONS.run(pool).await?,
        }
        Ok(Self { database })
    }

    pub const fn engine(&self) -> Engine {
        match self.database {
            Database::Sqlite { .. } => Engine::Sqlite,
            Database::Postgres(_) => Engine::Postgres,
        }
    }

    /// Waits for what is under way and closes all connections.
    pub async fn close(&self) {
        match &self.database {
            Database::Sqlite { readers, writer } => {
                readers.close().await;
                writer.close().await;
            }
            Database::Postgres(pool) => pool.close().await,
        }
    }

    /// What was erased still stands in the log of changes beside SQLite's database, until that is written back and
    /// emptied. Where somebody reads for long just now, the next erasing sees to it. PostgreSQL's own cleaning does this
    /// there. What was erased is erased where this fails, so that is no error.
    pub(super) async fn empty_log(&self) {
        if let Database::Sqlite { writer, .. } = &self.database
            && let Err(error) = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(writer).await
        {
            tracing::warn!(%error, "the log of what was erased could not be emptied; the next erasing will");
        }
    }

    /// Writes SQLite's database anew where somebody was erased since the last time. What is erased is overwritten, but when
    /// a page was split, copies of its rows stay in the unused space of the old one. For a large database this takes
    /// seconds, in which nothing else is written: to be called now and then.
    pub async fn overwrite_erased(&self) -> Result<()> {
        let Database::Sqlite { writer, .. } = &self.database else { return Ok(()) };
        // Held throughout: somebody erased between these would be taken for overwritten.
        let mut writer = writer.acquire().await?;
        let (erased,): (i64,) = sqlx::query_as("PRAGMA user_version").fetch_one(&mut *writer).await?;
        if erased > 0 {
            for sql in ["VACUUM", "PRAGMA user_version = 0", "PRAGMA wal_checkpoint(TRUNCATE)"] {
                sqlx::query(sql).execute(&mut *writer).await?;
            }
        }
        Ok(())
    }

    /// For looking only: all statements of one see the same state on SQLite.
    pub(super) async fn read(&self) -> Result<Tx> {
        Ok(match &self.database {
            Database::Sqlite { readers, .. } => Tx::Sqlite(readers.begin().await?),
            Database::Postgres(pool) => Tx::Postgres(pool.begin().await?),
        })
    }

    pub(super) async fn write(&self) -> Result<Tx> {
        Ok(match &self.database {
            Database::Sqlite { writer, .. } => Tx::Sqlite(writer.begin_with("BEGIN IMMEDIATE").await?),
            Database::Postgres(pool) => Tx::Postgres(pool.begin().await?),
        })
    }
}

async fn open_sqlite(url: &str) -> Result<Database> {
    let options = SqliteConnectOptions::from_str(url)?
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        // A meetup that was answered must not be forgotten by a power cut.
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(BUSY_TIMEOUT)
        // What members erase is overwritten, not only unlinked.
        .pragma("secure_delete", "ON");
    let folder = options.get_filename().parent().filter(|folder| *folder != Path::new(""));
    if let Some(folder) = folder {
        let told = |reason| StoreError::Folder { path: folder.display().to_string(), reason };
        std::fs::create_dir_all(folder).map_err(told)?;
    }
    // The writer first: it makes the file, which readers then find in WAL mode.
    let writer = SqlitePoolOptions::new().max_connections(1).connect_with(options.clone()).await?;
    let readers = SqlitePoolOptions::new().max_connections(CONNECTIONS).connect_with(options).await?;
    Ok(Database::Sqlite { readers, writer })
}

async fn open_postgres(url: &str) -> Result<Database> {
    let options = PgConnectOptions::from_str(url)?;
    Ok(Database::Postgres(PgPoolOptions::new().max_connections(CONNECTIONS).connect_with(options).await?))
}

/// A transaction on either engine; rolled back where it is dropped without `commit`.
pub(super) enum Tx {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

/// One value to be bound.
#[derive(Debug, Clone)]
pub(super) enum Value<'q> {
    Number(Option<i64>),
    Text(Option<Cow<'q, str>>),
}

/// A row that both engines can give; tuples of `i64`, `String` and their `Option`s are.
pub(super) trait Row: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}
impl<T> Row for T where T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}

/// The engines' queries have no type in common, so this is written once and compiled twice.
macro_rules! bound {
    ($query:expr, $values:expr) => {
        $values.into_iter().fold($query, |query, value| match value {
            Value::Number(number) => query.bind(number),
            Value::Text(text) => query.bind(text.map(Cow::into_owned)),
        })
    };
}

impl Tx {
    pub const fn engine(&self) -> Engine {
        match self {
            Self::Sqlite(_) => Engine::Sqlite,
            Self::Postgres(_) => Engine::Postgres,
        }
    }

    /// Runs a statement; tells how many rows it touched.
    pub async fn execute(&mut self, sql: &str, values: Vec<Value<'_>>) -> Result<u64> {
        let sql = AssertSqlSafe(sql.to_owned());
        Ok(match self {
            Self::Sqlite(tx) => bound!(sqlx::query(sql), values).execute(&mut **tx).await?.rows_affected(),
            Self::Postgres(tx) => bound!(sqlx::query(sql), values).execute(&mut **tx).await?.rows_affected(),
        })
    }

    pub async fn rows<T: Row>(&mut self, sql: &str, values: Vec<Value<'_>>) -> Result<Vec<T>> {
        let sql = AssertSqlSafe(sql.to_owned());
        Ok(match self {
            Self::Sqlite(tx) => bound!(sqlx::query_as(sql), values).fetch_all(&mut **tx).await?,
            Self::Postgres(tx) => bound!(sqlx::query_as(sql), values).fetch_all(&mut **tx).await?,
        })
    }

    /// The first row, where there is one.
    pub async fn row<T: Row>(&mut self, sql: &str, values: Vec<Value<'_>>) -> Result<Option<T>> {
        Ok(self.rows(sql, values).await?.into_iter().next())
    }

    /// Notes in SQLite's header that somebody is erased, so that also the next process sees to what is left of them.
    pub async fn erases(&mut self) -> Result<()> {
        if let Self::Sqlite(tx) = self {
            sqlx::query("PRAGMA user_version = 1").execute(&mut **tx).await?;
        }
        Ok(())
    }

    pub async fn commit(self) -> Result<()> {
        match self {
            Self::Sqlite(tx) => tx.commit().await?,
            Self::Postgres(tx) => tx.commit().await?,
        }
        Ok(())
    }
}
