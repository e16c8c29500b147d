//! Who listens to which shard. Each flush looks whether its shards are still its own, in its own transaction: whoever
//! was taken for dead and was not cannot count what another process counts too.

use std::ops::Range;

use chrono::{DateTime, Utc};

use super::columns::values;
use super::database::Tx;
use super::ledger::held;
use super::{Result, Store, StoreError};

/// The shards of one run of the program: `range` out of `shards`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    pub range: Range<u32>,
    pub shards: u32,
    /// Of this run only.
    pub owner: String,
    /// Of its data folder, on which one process runs at a time.
    pub folder: String,
}

impl Lease {
    fn count(&self) -> i64 {
        i64::from(self.range.end) - i64::from(self.range.start)
    }
}

impl Store {
    /// Takes the shards of a lease until a moment: all of them or none. Tells whether it has them. What another run holds
    /// is its own until its time has ended, unless that ran on the same data folder and so is dead. Sessions of another
    /// number of shards are forgotten: their communities are divided otherwise.
    pub async fn take_lease(&self, lease: &Lease, now: DateTime<Utc>, until: DateTime<Utc>) -> Result<bool> {
        let mut tx = self.write().await?;
        // All who take a lease hold this row first, so that none overlooks another that is just being taken.
        let sql = "INSERT INTO leases (shard, shards, owner, folder, expires_at) VALUES (-1, 0, '', '', 0)
                   ON CONFLICT (shard, shards) DO UPDATE SET expires_at = 0";
        tx.execute(sql, vec![]).await?;
        let (from, to, shards) = (i64::from(lease.range.start), i64::from(lease.range.end), i64::from(lease.shards));
        let sql = "SELECT COUNT(*) FROM leases WHERE shard >= 0 AND owner <> $1 AND folder <> $2 AND expires_at > $3
                   AND (shards <> $4 OR (shard >= $5 AND shard < $6))";
        let others = values![lease.owner.as_str(), lease.folder.as_str(), now, shards, from, to];
        if tx.row::<(i64,)>(sql, others).await?.is_some_and(|(others,)| others > 0) {
            return Ok(false);
        }
        tx.execute("DELETE FROM leases WHERE shard >= 0 AND shards <> $1", values![shards]).await?;
        for table in ["sessions", "recent_messages"] {
            tx.execute(&format!("DELETE FROM {table} WHERE shards <> $1"), values![shards]).await?;
        }
        for shard in lease.range.clone() {
            let sql = "INSERT INTO leases (shard, shards, owner, folder, expires_at) VALUES ($1, $2, $3, $4, $5)
                       ON CONFLICT (shard, shards) DO UPDATE
                           SET owner = excluded.owner, folder = excluded.folder, expires_at = excluded.expires_at";
            let row = values![i64::from(shard), shards, lease.owner.as_str(), lease.folder.as_str(), until];
            tx.execute(sql, row).await?;
        }
        tx.commit().await?;
        Ok(true)
    }

    /// Keeps the shards of a lease until a later moment. Tells whether all are still its own.
    pub async fn keep_lease(&self, lease: &Lease, until: DateTime<Utc>) -> Result<bool> {
        let mut tx = self.write().await?;
        let sql = "UPDATE leases SET expires_at = $3 WHERE owner = $1 AND shards = $2";
        let kept = tx.execute(sql, values![lease.owner.as_str(), i64::from(lease.shards), until]).await?;
        tx.commit().await?;
        Ok(i64::try_from(kept) == Ok(lease.count()))
    }

    /// Gives the shards of a lease back, as far as they are still its own.
    pub async fn end_lease(&self, lease: &Lease) -> Result<()> {
        let mut tx = self.write().await?;
        tx.execute("DELETE FROM leases WHERE owner = $1", values![lease.owner.as_str()]).await?;
        tx.commit().await
    }
}

/// Fails where a shard of the lease is somebody else's by now; else it stays so until this transaction ends.
pub(super) async fn still_ours(tx: &mut Tx, lease: &Lease) -> Result<()> {
    let sql = format!("SELECT shard FROM leases WHERE owner = $1 AND shards = $2 ORDER BY shard{}", held(tx));
    let rows: Vec<(i64,)> = tx.rows(&sql, values![lease.owner.as_str(), i64::from(lease.shards)]).await?;
    let ours = i64::try_from(rows.len()).unwrap_or(0);
    if ours == lease.count() { Ok(()) } else { Err(StoreError::LeaseLost) }
}
