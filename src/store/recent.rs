//! The messages that were counted last: Discord may tell one twice, and the second time to the next process, which goes on
//! with the session and has heard none of them itself.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::bulk::{batches, placeholders};
use super::columns::values;
use super::database::Tx;
use super::ledger::{Resume, sequence_column};
use super::{Result, Store};
use crate::domain::ids::{CommunityId, MessageId, UserId};

/// So many are kept of each shard. What is told twice is told twice within seconds.
const KEPT: usize = 512;

/// A message that something was counted of as it was heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recent {
    pub shard: u32,
    pub shards: u32,
    /// Of the frame that told it.
    pub sequence: u64,
    pub community: CommunityId,
    pub author: UserId,
    pub message: MessageId,
}

impl Store {
    /// Those that the stored session of a shard has told last.
    pub async fn recent_messages(&self, shard: u32, shards: u32) -> Result<Vec<MessageId>> {
        let mut tx = self.read().await?;
        let sql = "SELECT message FROM recent_messages WHERE shard = $1 AND shards = $2 ORDER BY sequence";
        let rows: Vec<(i64,)> = tx.rows(sql, values![i64::from(shard), i64::from(shards)]).await?;
        Ok(rows.into_iter().map(|(message,)| MessageId::from_column(message)).collect())
    }

    /// Forgets those that were written before that moment, in sessions in which little is said; tells how many.
    pub async fn prune_recent_messages(&self, before: DateTime<Utc>) -> Result<u64> {
        let mut tx = self.write().await?;
        let sql = "DELETE FROM recent_messages WHERE message < $1";
        let pruned = tx.execute(sql, values![MessageId::at(before)]).await?;
        tx.commit().await?;
        Ok(pruned)
    }
}

/// Forgets what other sessions than these have told: those will not go on.
pub(super) async fn forget_other_sessions(tx: &mut Tx, sessions: &[Resume]) -> Result<()> {
    for Resume { shard, shards, session, .. } in sessions {
        let sql = "DELETE FROM recent_messages WHERE shard = $1 AND shards = $2 AND NOT EXISTS (
                       SELECT 1 FROM sessions WHERE shard = $1 AND shards = $2 AND session = $3)";
        tx.execute(sql, values![i64::from(*shard), i64::from(*shards), session.as_str()]).await?;
    }
    Ok(())
}

/// Keeps these, and of each shard no more than there is room for.
pub(super) async fn keep_recent(tx: &mut Tx, recent: impl Iterator<Item = &Recent>) -> Result<()> {
    let mut by_shard: BTreeMap<(i64, i64), Vec<&Recent>> = BTreeMap::new();
    for one in recent {
        by_shard.entry((one.shard.into(), one.shards.into())).or_default().push(one);
    }
    for ((shard, shards), recent) in by_shard {
        for recent in batches(&recent[recent.len().saturating_sub(KEPT)..]) {
            let sql = format!(
                "INSERT INTO recent_messages (shard, shards, sequence, community, member, message) VALUES {}
                 ON CONFLICT (shard, shards, sequence) DO NOTHING",
                placeholders(tx.engine(), recent.len(), 6)
            );
            let row = |one: &&Recent| {
                values![shard, shards, sequence_column(one.sequence), one.community, one.author, one.message]
            };
            tx.execute(&sql, recent.iter().flat_map(row).collect()).await?;
        }
        let sql = "DELETE FROM recent_messages WHERE shard = $1 AND shards = $2 AND sequence <= (
                       SELECT sequence FROM recent_messages WHERE shard = $1 AND shards = $2
                       ORDER BY sequence DESC LIMIT 1 OFFSET $3)";
        let room = i64::try_from(KEPT).unwrap_or(i64::MAX);
        tx.execute(sql, values![shard, shards, room]).await?;
    }
    Ok(())
}
