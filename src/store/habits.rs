//! What a community's replies and names have taught: stored with the counts that were made by it.

use super::columns::values;
use super::database::Tx;
use super::{Result, Store};
use crate::domain::conversation::Learned;
use crate::domain::ids::CommunityId;

impl Store {
    /// What a community has taught up to its last flush; nothing where it has taught nothing.
    pub async fn learned(&self, community: CommunityId) -> Result<Learned> {
        let mut tx = self.read().await?;
        let sql = "SELECT by_order, by_time, by_names, by_memory, labels FROM habits WHERE community = $1";
        let row: Option<(i64, i64, i64, i64, i64)> = tx.row(sql, values![community]).await?;
        Ok(row.map_or_else(Learned::default, |(order, time, names, memory, labels)| Learned {
            trust: [order, time, names, memory],
            labels: labels.unsigned_abs(),
        }))
    }
}

pub(super) async fn save_learned(tx: &mut Tx, community: CommunityId, learned: Learned) -> Result<()> {
    let [order, time, names, memory] = learned.trust;
    let labels = i64::try_from(learned.labels).unwrap_or(i64::MAX);
    tx.execute(
        "INSERT INTO habits (community, by_order, by_time, by_names, by_memory, labels) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (community) DO UPDATE SET by_order = excluded.by_order, by_time = excluded.by_time,
             by_names = excluded.by_names, by_memory = excluded.by_memory, labels = excluded.labels",
        values![community, order, time, names, memory, labels],
    )
    .await?;
    Ok(())
}
