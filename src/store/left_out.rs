//! What the scans of the past have left out: channels that were closed to the bot. Each is read once it opens, for those who
//! were there when it was left out and for nobody else, so that nothing is read twice.
//!
//! Scans that leave something out are numbered within their community. A channel keeps the first and the last that left it
//! out: all between them did, since what is left out and opens is read before the next scan begins.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::columns::values;
use super::database::Tx;
use super::pasts::{Scan, is_under_way, open_scans};
use super::{Result, Store};
use crate::domain::consent::Consent;
use crate::domain::ids::{ChannelId, CommunityId, MessageId, UserId};

/// A channel, and which scans have left it out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LeftOut {
    pub channel: ChannelId,
    pub first_scan: i64,
    pub last_scan: i64,
}

impl LeftOut {
    pub fn is_of_the_same_scans(&self, other: &Self) -> bool {
        (self.first_scan, self.last_scan) == (other.first_scan, other.last_scan)
    }
}

/// A member whose past has been read but for what one of these scans has left out.
const LACKS_SOME: &str = "EXISTS (SELECT 1 FROM left_out l WHERE l.community = members.community
                                  AND members.past_scan BETWEEN l.first_scan AND l.last_scan)";

impl Store {
    /// Of every community in which a channel was left out, in the order of their ids.
    pub async fn left_out(&self) -> Result<BTreeMap<CommunityId, Vec<LeftOut>>> {
        let mut tx = self.read().await?;
        let sql = "SELECT community, channel, first_scan, last_scan FROM left_out ORDER BY community, channel";
        let rows: Vec<(i64, i64, i64, i64)> = tx.rows(sql, vec![]).await?;
        let mut left_out: BTreeMap<CommunityId, Vec<LeftOut>> = BTreeMap::new();
        for (community, channel, first_scan, last_scan) in rows {
            let channel = LeftOut { channel: ChannelId::from_column(channel), first_scan, last_scan };
            left_out.entry(CommunityId::from_column(community)).or_default().push(channel);
        }
        Ok(left_out)
    }

    /// For whom a channel is still to be read.
    pub async fn who_lacks(&self, community: CommunityId, left_out: LeftOut) -> Result<Vec<Consent>> {
        let mut tx = self.read().await?;
        let sql = "SELECT member, counted_from FROM members
                   WHERE community = $1 AND membership <> 'left' AND past_scan BETWEEN $2 AND $3 ORDER BY member";
        let range = values![community, left_out.first_scan, left_out.last_scan];
        let rows: Vec<(i64, i64)> = tx.rows(sql, range).await?;
        Ok(rows.into_iter().map(|(user, from)| Consent { user: UserId::from_column(user), from }).collect())
    }

    /// Begins the scan of channels that the same scans have left out and that are open now, for these joiners. Nothing happens
    /// where one is under way, or something has changed since they were looked for. Tells whether it did.
    pub async fn take_up(
        &self,
        community: CommunityId,
        left_out: &[LeftOut],
        joiners: &[Consent],
        scans: &[Scan],
    ) -> Result<bool> {
        let mut tx = self.write().await?;
        for LeftOut { channel, first_scan, last_scan } in left_out {
            let sql = "DELETE FROM left_out
                       WHERE community = $1 AND channel = $2 AND first_scan = $3 AND last_scan = $4";
            if tx.execute(sql, values![community, *channel, *first_scan, *last_scan]).await? == 0 {
                return Ok(false);
            }
        }
        if is_under_way(&mut tx, community).await? {
            return Ok(false);
        }
        let sql = format!(
            "UPDATE members SET past_scan = NULL WHERE community = $1 AND past_scan IS NOT NULL AND NOT {LACKS_SOME}"
        );
        tx.execute(&sql, values![community]).await?;
        let mut begun = 0;
        for joiner in joiners {
            let sql = "INSERT INTO pasts (community, member, reading)
                       SELECT community, member, 1 FROM members
                       WHERE community = $1 AND member = $2 AND counted_from = $3 AND membership <> 'left'
                       ON CONFLICT (community, member) DO NOTHING";
            begun += tx.execute(sql, values![community, joiner.user, joiner.from]).await?;
        }
        open_scans(&mut tx, community, if begun > 0 { scans } else { &[] }).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// What was left out for those who joined before that moment is not read any more; tells how many channels.
    pub async fn prune_left_out(&self, before: DateTime<Utc>) -> Result<u64> {
        let mut tx = self.write().await?;
        let sql = "UPDATE members SET past_scan = NULL WHERE past_scan IS NOT NULL AND counted_from < $1";
        tx.execute(sql, values![MessageId::at(before)]).await?;
        let sql =
            "DELETE FROM left_out WHERE NOT EXISTS (SELECT 1 FROM members m WHERE m.community = left_out.community
                                                          AND m.past_scan BETWEEN first_scan AND last_scan)";
        let pruned = tx.execute(sql, vec![]).await?;
        tx.commit().await?;
        Ok(pruned)
    }
}

/// A scan that is about to begin for these, of those who wait, leaves some channels out.
pub(super) async fn leave_out(
    tx: &mut Tx,
    community: CommunityId,
    joiners: &[Consent],
    channels: &[ChannelId],
) -> Result<()> {
    if channels.is_empty() {
        return Ok(());
    }
    // Above those of all whom it might be taken to be for, and of all that it might be taken to have left out.
    let sql = "SELECT MAX(number) FROM (
                   SELECT MAX(last_scan) AS number FROM left_out WHERE community = $1
                   UNION ALL SELECT MAX(past_scan) FROM members WHERE community = $1) numbers";
    let last: Option<(Option<i64>,)> = tx.row(sql, values![community]).await?;
    let number = 1 + last.and_then(|(last,)| last).unwrap_or(0);
    let mut marked = 0;
    for joiner in joiners {
        let sql = "UPDATE members SET past_scan = $4
                   WHERE community = $1 AND member = $2 AND counted_from = $3 AND membership <> 'left'
                     AND EXISTS (SELECT 1 FROM pasts WHERE community = $1 AND member = $2)";
        marked += tx.execute(sql, values![community, joiner.user, joiner.from, number]).await?;
    }
    for channel in channels.iter().filter(|_| marked > 0) {
        let sql = "INSERT INTO left_out (community, channel, first_scan, last_scan) VALUES ($1, $2, $3, $3)
                   ON CONFLICT (community, channel) DO UPDATE SET last_scan = excluded.last_scan";
        tx.execute(sql, values![community, *channel, number]).await?;
    }
    Ok(())
}
