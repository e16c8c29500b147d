//! The past of who joined: what of it is still to be read. A channel's part is committed together with what it held.
//!
//! Where several tables are written, it is in the order members, pasts, scans, so that PostgreSQL's writers never wait
//! for each other in a circle.

use std::collections::BTreeMap;

use super::columns::values;
use super::database::Tx;
use super::ledger::{Counted, add_ties};
use super::left_out::leave_out;
use super::{Result, Store};
use crate::domain::consent::Consent;
use crate::domain::ids::{ChannelId, CommunityId, MessageId, UserId};

/// What is still to be read of the past in one community.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Past {
    /// Who waits for the next scan, in the order of their ids.
    pub waiting: Vec<Consent>,
    /// For whom the scan under way is.
    pub reading: Vec<Consent>,
    /// All channels of that scan, those that are done too.
    pub scans: Vec<Scan>,
}

/// One channel of a scan: its messages from `from` on and below `below`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scan {
    pub channel: ChannelId,
    pub from: MessageId,
    pub below: MessageId,
    pub done: bool,
}

/// A channel of a scan that has been read, with what was counted in it.
#[derive(Debug, Clone)]
pub struct PastPage {
    pub community: CommunityId,
    pub scan: Scan,
    pub counted: Counted,
    /// Threads of that channel, which are to be read too.
    pub found: Vec<ChannelId>,
}

impl Store {
    /// Of every community in which somebody's past is still to be read.
    pub async fn pasts(&self) -> Result<BTreeMap<CommunityId, Past>> {
        let mut tx = self.read().await?;
        let sql = "SELECT p.community, p.member, m.counted_from, p.reading
                   FROM pasts p JOIN members m ON m.community = p.community AND m.member = p.member
                   WHERE m.membership <> 'left' ORDER BY p.community, p.member";
        let joiners: Vec<(i64, i64, i64, i64)> = tx.rows(sql, vec![]).await?;
        let mut pasts: BTreeMap<CommunityId, Past> = BTreeMap::new();
        for (community, user, from, reading) in joiners {
            let past = pasts.entry(CommunityId::from_column(community)).or_default();
            let joiner = Consent { user: UserId::from_column(user), from };
            if reading == 0 { past.waiting.push(joiner) } else { past.reading.push(joiner) }
        }
        let sql = "SELECT community, channel, from_id, below_id, done FROM scans ORDER BY community, channel";
        let scans: Vec<(i64, i64, i64, i64, i64)> = tx.rows(sql, vec![]).await?;
        for (community, channel, from, below, done) in scans {
            let past = pasts.get_mut(&CommunityId::from_column(community));
            if let Some(past) = past.filter(|past| !past.reading.is_empty()) {
                let (from, below) = (MessageId::from_column(from), MessageId::from_column(below));
                past.scans.push(Scan { channel: ChannelId::from_column(channel), from, below, done: done != 0 });
            }
        }
        Ok(pasts)
    }

    /// Begins a scan for those of these joiners who are still waiting, counted since the same moment; where there is
    /// nothing to be scanned, their pasts are read by that, but for the channels that are left out because they are closed.
    /// Changes nothing while another scan is under way.
    pub async fn begin_scan(
        &self,
        community: CommunityId,
        joiners: &[Consent],
        scans: &[Scan],
        closed: &[ChannelId],
    ) -> Result<()> {
        let mut tx = self.write().await?;
        if is_under_way(&mut tx, community).await? {
            return Ok(());
        }
        leave_out(&mut tx, community, joiners, closed).await?;
        let mut begun = 0;
        for joiner in joiners {
            // Whoever left and came back meanwhile has another past, which this scan would not reach.
            let sql = "UPDATE pasts SET reading = 1 WHERE community = $1 AND member = $2 AND EXISTS (
                           SELECT 1 FROM members
                           WHERE community = $1 AND member = $2 AND counted_from = $3 AND membership <> 'left')";
            begun += tx.execute(sql, values![community, joiner.user, joiner.from]).await?;
        }
        open_scans(&mut tx, community, if begun > 0 { scans } else { &[] }).await?;
        tx.commit().await
    }

    /// Adds what a channel's past held and notes that it has been read; with the last channel the scan ends. Tells whether
    /// it did: a channel that is in already, or whose scan is gone, changes nothing.
    pub async fn end_scan(&self, page: &PastPage) -> Result<bool> {
        let mut tx = self.write().await?;
        let PastPage { community, scan: Scan { channel, from, below, .. }, .. } = *page;
        add_ties(&mut tx, &page.counted).await?;
        let sql = "SELECT COUNT(*) FROM scans WHERE community = $1 AND channel <> $2 AND done = 0";
        let others: Option<(i64,)> = tx.row(sql, values![community, channel]).await?;
        let is_last = others.is_none_or(|(others,)| others == 0) && page.found.is_empty();
        if is_last {
            tx.execute("DELETE FROM pasts WHERE community = $1 AND reading = 1", values![community]).await?;
        }
        let sql = "UPDATE scans SET done = 1 WHERE community = $1 AND channel = $2 AND below_id = $3 AND done = 0";
        if tx.execute(sql, values![community, channel, below]).await? == 0 {
            // Rolls back.
            return Ok(false);
        }
        for thread in &page.found {
            let sql = "INSERT INTO scans (community, channel, from_id, below_id, done) VALUES ($1, $2, $3, $4, 0)
                       ON CONFLICT (community, channel) DO NOTHING";
            tx.execute(sql, values![community, *thread, from, below]).await?;
        }
        if is_last {
            tx.execute("DELETE FROM scans WHERE community = $1", values![community]).await?;
        }
        tx.commit().await?;
        Ok(true)
    }
}

pub(super) async fn is_under_way(tx: &mut Tx, community: CommunityId) -> Result<bool> {
    let sql = "SELECT COUNT(*) FROM pasts WHERE community = $1 AND reading = 1";
    let under_way: Option<(i64,)> = tx.row(sql, values![community]).await?;
    Ok(under_way.is_some_and(|(reading,)| reading > 0))
}

/// The scan that begins, for those whose turn it is by now; one of nothing is over.
pub(super) async fn open_scans(tx: &mut Tx, community: CommunityId, scans: &[Scan]) -> Result<()> {
    if scans.is_empty() {
        tx.execute("DELETE FROM pasts WHERE community = $1 AND reading = 1", values![community]).await?;
    }
    tx.execute("DELETE FROM scans WHERE community = $1", values![community]).await?;
    for scan in scans {
        let sql = "INSERT INTO scans (community, channel, from_id, below_id, done) VALUES ($1, $2, $3, $4, 0)";
        tx.execute(sql, values![community, scan.channel, scan.from, scan.below]).await?;
    }
    Ok(())
}

/// Somebody was taken in: their past is to be read.
pub(super) async fn open_past(tx: &mut Tx, community: CommunityId, user: UserId) -> Result<()> {
    let sql = "INSERT INTO pasts (community, member, reading) VALUES ($1, $2, 0)
               ON CONFLICT (community, member) DO UPDATE SET reading = 0";
    tx.execute(sql, values![community, user]).await?;
    Ok(())
}

/// Somebody is no member any more. A scan that is for nobody else ends: even its bounds would tell of them.
pub(super) async fn end_past(tx: &mut Tx, community: CommunityId, user: UserId) -> Result<()> {
    tx.execute("DELETE FROM pasts WHERE community = $1 AND member = $2", values![community, user]).await?;
    let sql = "DELETE FROM scans WHERE community = $1
               AND NOT EXISTS (SELECT 1 FROM pasts WHERE community = $1 AND reading = 1)";
    tx.execute(sql, values![community]).await?;
    Ok(())
}
