//! How far each channel is counted.

use super::bulk::{batches, placeholders};
use super::columns::values;
use super::database::Tx;
use super::{Result, Store};
use crate::domain::ids::{ChannelId, CommunityId, MessageId};

/// How far a channel is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// The last message counted.
    pub last: MessageId,
    /// Up to here all guesses are final; those between it and the last wait for their second count.
    pub settled: MessageId,
}

impl Store {
    /// How far each channel of a community has been counted.
    pub async fn marks(&self, community: CommunityId) -> Result<Vec<(ChannelId, Mark)>> {
        let mut tx = self.read().await?;
        let sql = "SELECT channel, last_message, COALESCE(settled, last_message) FROM marks
                   WHERE community = $1 ORDER BY channel";
        let rows: Vec<(i64, i64, i64)> = tx.rows(sql, values![community]).await?;
        let mark =
            |last, settled| Mark { last: MessageId::from_column(last), settled: MessageId::from_column(settled) };
        Ok(rows.into_iter().map(|(id, last, settled)| (ChannelId::from_column(id), mark(last, settled))).collect())
    }

    /// The newest message counted in any channel, of each community in which one was.
    pub async fn counted_to(&self) -> Result<Vec<(CommunityId, MessageId)>> {
        let mut tx = self.read().await?;
        let sql = "SELECT community, MAX(last_message) FROM marks GROUP BY community";
        let rows: Vec<(i64, i64)> = tx.rows(sql, vec![]).await?;
        Ok(rows.into_iter().map(|(id, last)| (CommunityId::from_column(id), MessageId::from_column(last))).collect())
    }
}

pub(super) async fn raise_marks(
    tx: &mut Tx,
    marks: impl Iterator<Item = (&(CommunityId, ChannelId), &Mark)>,
) -> Result<()> {
    let rows: Vec<_> = marks
        .map(|((community, channel), Mark { last, settled })| values![*community, *channel, *last, *settled])
        .collect();
    for rows in batches(&rows) {
        let sql = format!(
            "INSERT INTO marks (community, channel, last_message, settled) VALUES {}
             ON CONFLICT (community, channel) DO UPDATE
                 SET last_message = excluded.last_message, settled = excluded.settled
                 WHERE excluded.last_message >= marks.last_message",
            placeholders(tx.engine(), rows.len(), 4)
        );
        tx.execute(&sql, rows.concat()).await?;
    }
    Ok(())
}
