//! What Wallflower remembers, in SQLite or PostgreSQL. One function per unit of work; no transaction leaves this folder.
//! The tables stand in `migrations/`, one SQL text for both engines.

mod acquaintances;
mod bulk;
mod columns;
mod communities;
mod company;
mod database;
mod export;
mod habits;
mod keys;
mod leases;
mod ledger;
mod marks;
mod meetups;
mod members;
mod notices;
mod pasts;
mod readings;
mod rounds;
mod sights;

pub use communities::{Community, Programme, Watch};
pub use company::{Voices, Written};
pub use database::{Engine, Store};
pub use export::{
    Export, OwnAvoid, OwnMember, OwnMet, OwnNotice, OwnNudge, OwnPast, OwnSeat, OwnStay, OwnThreadTalk, OwnTie, OwnWish,
};
pub use leases::Lease;
pub use ledger::{Consents, Counted, Page, Progress, Resume};
pub use marks::Mark;
pub use meetups::{Met, Saved};
pub use members::Wish;
pub use notices::{Delivery, NoticeRow, Outcome};
pub use pasts::{Past, PastPage, Scan};
pub use readings::{Listing, Reading};
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

pub type Result<T> = std::result::Result<T, StoreError>;
