//! What is still to be read by REST: the gaps, and the channels whose archived threads are still to be found.

use super::columns::values;
use super::database::Tx;
use super::{Result, Store};
use crate::domain::ids::{ChannelId, CommunityId, MessageId};

/// Messages of one channel that are read by REST: those above `after` and not above `before`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    pub community: CommunityId,
    pub channel: ChannelId,
    pub after: MessageId,
    pub before: MessageId,
    /// All up to here has been read.
    pub cursor: MessageId,
    /// Up to here all guesses are final, those from before the gap too.
    pub settled: MessageId,
}

/// A channel in which threads that were archived since a message are to be found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listing {
    pub community: CommunityId,
    /// The threads' parent.
    pub channel: ChannelId,
    pub since: MessageId,
}

impl Store {
    /// What is still to be read, oldest first.
    pub async fn readings(&self) -> Result<Vec<Reading>> {
        let mut tx = self.read().await?;
        let sql =
            "SELECT community, channel, after_id, before_id, cursor_id, COALESCE(settled, cursor_id) FROM readings
                   ORDER BY after_id, channel";
        let rows: Vec<(i64, i64, i64, i64, i64, i64)> = tx.rows(sql, vec![]).await?;
        let reading = |(community, channel, after, before, cursor, settled)| Reading {
            community: CommunityId::from_column(community),
            channel: ChannelId::from_column(channel),
            after: MessageId::from_column(after),
            before: MessageId::from_column(before),
            cursor: MessageId::from_column(cursor),
            settled: MessageId::from_column(settled),
        };
        Ok(rows.into_iter().map(reading).collect())
    }

    /// What is still to be listed, oldest first.
    pub async fn listings(&self) -> Result<Vec<Listing>> {
        let mut tx = self.read().await?;
        let sql = "SELECT community, channel, since_id FROM listings ORDER BY since_id, channel";
        let rows: Vec<(i64, i64, i64)> = tx.rows(sql, vec![]).await?;
        let listing = |(community, channel, since)| Listing {
            community: CommunityId::from_column(community),
            channel: ChannelId::from_column(channel),
            since: MessageId::from_column(since),
        };
        Ok(rows.into_iter().map(listing).collect())
    }
}

pub(super) async fn open_reading(tx: &mut Tx, reading: &Reading) -> Result<()> {
    let Reading { community, channel, after, before, cursor, settled } = *reading;
    tx.execute(
        "INSERT INTO readings (community, channel, after_id, before_id, cursor_id, settled) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (community, channel, after_id) DO NOTHING",
        values![community, channel, after, before, cursor, settled],
    )
    .await?;
    Ok(())
}

pub(super) async fn open_listing(tx: &mut Tx, listing: &Listing) -> Result<()> {
    let sql = "INSERT INTO listings (community, channel, since_id) VALUES ($1, $2, $3)
               ON CONFLICT (community, channel, since_id) DO NOTHING";
    tx.execute(sql, values![listing.community, listing.channel, listing.since]).await?;
    Ok(())
}

pub(super) async fn end_listing(tx: &mut Tx, listing: &Listing) -> Result<()> {
    let sql = "DELETE FROM listings WHERE community = $1 AND channel = $2 AND since_id = $3";
    tx.execute(sql, values![listing.community, listing.channel, listing.since]).await?;
    Ok(())
}
