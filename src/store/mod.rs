//! What Wallflower remembers, in SQLite or PostgreSQL. One function per unit of work; no transaction leaves this folder.
//! The tables stand in `migrations/`, one SQL text for both engines.

mod acquaintances;
mod bulk;
mod busy;
mod columns;
mod communities;
mod company;
mod database;
mod export;
mod feeds;
mod habits;
mod keys;
mod leases;
mod ledger;
mod left_out;
mod marks;
mod meetups;
mod members;
mod notices;
mod pasts;
mod places;
mod readings;
mod recent;
mod rounds;
mod sequels;
mod sights;
mod trips;

pub use acquaintances::Acquaintances;
pub use busy::Busy;
pub use communities::{Community, Programme, Watch};
pub use company::{Voices, Written};
pub use database::{Engine, Store};
pub use export::{
    Export, OwnAvoid, OwnBusyTime, OwnDayAway, OwnFeed, OwnMember, OwnMet, OwnNotice, OwnNudge, OwnPast,
    OwnRecentMessage, OwnSeat, OwnStay, OwnThreadTalk, OwnTie, OwnWish,
};
pub use leases::Lease;
pub use ledger::{Consents, Counted, Page, Progress, Resume};
pub use left_out::LeftOut;
pub use marks::Mark;
pub use meetups::{Met, Saved};
pub use members::Wish;
pub use notices::{Delivery, NoticeRow, Outcome};
pub use pasts::{Past, PastPage, Scan};
pub use places::{Added, Place};
pub use readings::{Listing, Reading, Unheard};
pub use recent::Recent;
pub use rounds::{Avoid, Candidates, Exclusion, RoundPlan, Since};
pub use sights::{Access, BotStanding, Exception, Rules, SeenChannel, Shown, Snapshot, Threads};

/// The database did not do as asked: gone, locked for too long, full, or holding what this version cannot read.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("the database: {0}")]
    Database(#[from] sqlx::Error),
    #[error("the database's tables could not be brought up to date: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    #[error("a row of {table} holds what this version cannot read: {reason}")]
    Unreadable { table: &'static str, reason: String },
    #[error("\"{url}\" is no database address: use sqlite://PATH or postgres://USER@HOST/NAME")]
    Address { url: String },
    #[error("the folder for the database, {path}, could not be made: {reason}")]
    Folder { path: String, reason: std::io::Error },
    #[error("another process listens to a shard of this one by now")]
    LeaseLost,
}

impl StoreError {
    /// Whether the database itself is in trouble (away, full, locked), so that whatever else is tried fails as well; else
    /// something is wrong with what was asked of it.
    pub fn is_of_the_database(&self) -> bool {
        match self {
            Self::Database(sqlx::Error::Database(refused)) => refused.code().is_none_or(|code| is_trouble(&code)),
            Self::Database(
                sqlx::Error::RowNotFound
                | sqlx::Error::TypeNotFound { .. }
                | sqlx::Error::ColumnIndexOutOfBounds { .. }
                | sqlx::Error::ColumnNotFound(_)
                | sqlx::Error::ColumnDecode { .. }
                | sqlx::Error::Encode(_)
                | sqlx::Error::Decode(_),
            )
            | Self::Unreadable { .. } => false,
            Self::Database(_) | Self::Migration(_) | Self::Address { .. } | Self::Folder { .. } | Self::LeaseLost => {
                true
            }
        }
    }
}

/// Whether an engine's own code means more than the statement that it refused. PostgreSQL's have five letters or digits, of
/// which two name the class; SQLite's are numbers, whose lowest byte is the kind.
fn is_trouble(code: &str) -> bool {
    /// No connection, no permission to connect, no resources, an operator's hand, the system itself.
    const CLASSES: [&str; 6] = ["08", "28", "53", "57", "58", "XX"];
    /// BUSY, LOCKED, NOMEM, READONLY, IOERR, CORRUPT, FULL, CANTOPEN, NOTADB.
    const KINDS: [u32; 9] = [5, 6, 7, 8, 10, 11, 13, 14, 26];
    match code.parse::<u32>() {
        Ok(number) if code.len() < 5 => KINDS.contains(&(number & 0xff)),
        _ => CLASSES.iter().any(|class| code.starts_with(class)) || code == "25006",
    }
}

pub type Result<T> = std::result::Result<T, StoreError>;

/// What was to be saved, `stale` where it is about a row that another writer has deleted just then, somebody who leaves say:
/// PostgreSQL's writers see each other late.
fn or_stale<T>(saved: Result<T>, stale: T) -> Result<T> {
    match saved {
        Err(StoreError::Database(sqlx::Error::Database(refused))) if refused.is_foreign_key_violation() => Ok(stale),
        saved => saved,
    }
}

#[cfg(test)]
mod tests {
    use super::is_trouble;

    #[test]
    fn what_is_wrong_with_one_statement_is_no_trouble_of_the_database() {
        // UNIQUE, CHECK, a value out of range; a lock, a full disk, a failed write; a shutdown, too many connections.
        let one_s_own = ["1555", "275", "25", "23505", "23514", "22003", "40001"];
        let all_s = ["5", "517", "13", "778", "57P01", "53300", "08006", "25006"];
        assert!(one_s_own.iter().all(|code| !is_trouble(code)));
        assert!(all_s.iter().all(|code| is_trouble(code)));
    }
}
