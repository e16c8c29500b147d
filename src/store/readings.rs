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

/// What was told of a channel that no session has shown yet: its first and its last message. None is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unheard {
    pub first: MessageId,
    pub last: MessageId,
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
        self.listings_that(false).await
    }

    /// The earliest listing of each channel that has ended: what it was to find may be told of later.
    pub async fn ended_listings(&self) -> Result<Vec<Listing>> {
        self.listings_that(true).await
    }

    async fn listings_that(&self, ended: bool) -> Result<Vec<Listing>> {
        let mut tx = self.read().await?;
        let sql = "SELECT community, channel, since_id FROM listings WHERE ended = $1 ORDER BY since_id, channel";
        let rows: Vec<(i64, i64, i64)> = tx.rows(sql, values![ended]).await?;
        let listing = |(community, channel, since)| Listing {
            community: CommunityId::from_column(community),
            channel: ChannelId::from_column(channel),
            since: MessageId::from_column(since),
        };
        Ok(rows.into_iter().map(listing).collect())
    }

    /// What was told in channels of a community that no session has shown yet.
    pub async fn unheard(&self, community: CommunityId) -> Result<Vec<(ChannelId, Unheard)>> {
        let mut tx = self.read().await?;
        let sql = "SELECT channel, first_id, last_id FROM unheard WHERE community = $1 ORDER BY channel";
        let rows: Vec<(i64, i64, i64)> = tx.rows(sql, values![community]).await?;
        let stretch = |(channel, first, last)| {
            let (first, last) = (MessageId::from_column(first), MessageId::from_column(last));
            (ChannelId::from_column(channel), Unheard { first, last })
        };
        Ok(rows.into_iter().map(stretch).collect())
    }
}

/// Keeps what was told in a channel that is not shown yet, in place of what was known; `None` once it is.
pub(super) async fn save_unheard(
    tx: &mut Tx,
    community: CommunityId,
    channel: ChannelId,
    unheard: Option<Unheard>,
) -> Result<()> {
    let Some(Unheard { first, last }) = unheard else {
        tx.execute("DELETE FROM unheard WHERE community = $1 AND channel = $2", values![community, channel]).await?;
        return Ok(());
    };
    let sql = "INSERT INTO unheard (community, channel, first_id, last_id) VALUES ($1, $2, $3, $4)
               ON CONFLICT (community, channel) DO UPDATE SET first_id = excluded.first_id, last_id = excluded.last_id";
    tx.execute(sql, values![community, channel, first, last]).await?;
    Ok(())
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
               ON CONFLICT (community, channel, since_id) DO UPDATE SET ended = 0";
    tx.execute(sql, values![listing.community, listing.channel, listing.since]).await?;
    Ok(())
}

pub(super) async fn end_listing(tx: &mut Tx, listing: &Listing) -> Result<()> {
    let Listing { community, channel, since } = *listing;
    let sql = "UPDATE listings SET ended = 1 WHERE community = $1 AND channel = $2 AND since_id = $3";
    tx.execute(sql, values![community, channel, since]).await?;
    let sql = "DELETE FROM listings WHERE community = $1 AND channel = $2 AND ended = 1 AND since_id > (
                   SELECT MIN(since_id) FROM listings WHERE community = $1 AND channel = $2 AND ended = 1)";
    tx.execute(sql, values![community, channel]).await?;
    Ok(())
}
