//! When members can't meet, beside their usual week: days away, and busy times from a calendar.

use chrono::{DateTime, NaiveDate, Utc};

use super::bulk::{batches, placeholders};
use super::columns::{moment, parsed, values};
use super::database::Tx;
use super::{Result, Store, StoreError};
use crate::domain::ids::{CommunityId, UserId};
use crate::domain::slot::{Interval, NotASlot};

/// What of one member's time is taken.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Busy {
    /// In their own zone, in order.
    pub days: Vec<NaiveDate>,
    /// From their calendar, in order and apart from each other.
    pub times: Vec<Interval>,
}

impl Store {
    pub async fn busy(&self, community: CommunityId, user: UserId) -> Result<Busy> {
        let mut tx = self.read().await?;
        Ok(Busy { days: days(&mut tx, community, user).await?, times: times(&mut tx, community, user).await? })
    }

    /// Adds days on which a member who has not left can't; those that stand there already stay.
    pub async fn add_days_away(&self, community: CommunityId, user: UserId, days: &[NaiveDate]) -> Result<()> {
        let mut tx = self.write().await?;
        if is_in(&mut tx, community, user).await? {
            for batch in batches(days) {
                let sql = format!(
                    "INSERT INTO days_away (community, member, day) VALUES {} ON CONFLICT (community, member, day) DO NOTHING",
                    placeholders(tx.engine(), batch.len(), 3)
                );
                let rows = batch.iter().flat_map(|day| values![community, user, day.to_string()]);
                tx.execute(&sql, rows.collect()).await?;
            }
        }
        tx.commit().await
    }

    /// Takes days back, from the first to the last.
    pub async fn remove_days_away(
        &self,
        community: CommunityId,
        user: UserId,
        (first, last): (NaiveDate, NaiveDate),
    ) -> Result<()> {
        let mut tx = self.write().await?;
        let sql = "DELETE FROM days_away WHERE community = $1 AND member = $2 AND day BETWEEN $3 AND $4";
        tx.execute(sql, values![community, user, first.to_string(), last.to_string()]).await?;
        tx.erases().await?;
        tx.commit().await
    }

    /// Puts these in the place of what an earlier calendar of theirs said; none at all takes that back.
    pub async fn replace_busy_times(&self, community: CommunityId, user: UserId, times: &[Interval]) -> Result<()> {
        let mut tx = self.write().await?;
        // Held against another file of theirs that comes in at the same moment, where rows are not locked by themselves.
        tx.execute("UPDATE members SET rested = rested WHERE community = $1 AND member = $2", values![community, user])
            .await?;
        tx.execute("DELETE FROM busy_times WHERE community = $1 AND member = $2", values![community, user]).await?;
        if is_in(&mut tx, community, user).await? {
            for batch in batches(times) {
                let places = placeholders(tx.engine(), batch.len(), 4);
                let sql = format!("INSERT INTO busy_times (community, member, starts_at, ends_at) VALUES {places}");
                let rows = batch.iter().flat_map(|one| values![community, user, one.start(), one.end()]);
                tx.execute(&sql, rows.collect()).await?;
            }
        }
        tx.erases().await?;
        tx.commit().await
    }

    /// Erases what is over: nothing of it is of use any more.
    pub async fn prune_busy(&self, now: DateTime<Utc>) -> Result<()> {
        let mut tx = self.write().await?;
        tx.execute("DELETE FROM busy_times WHERE ends_at <= $1", values![now]).await?;
        // Nowhere is it still the day before yesterday.
        let over = now.date_naive().checked_sub_days(chrono::Days::new(2)).unwrap_or_default();
        tx.execute("DELETE FROM days_away WHERE day <= $1", values![over.to_string()]).await?;
        tx.commit().await
    }
}

pub(super) async fn is_in(tx: &mut Tx, community: CommunityId, user: UserId) -> Result<bool> {
    let sql = "SELECT member FROM members WHERE community = $1 AND member = $2 AND membership <> 'left'";
    Ok(tx.row::<(i64,)>(sql, values![community, user]).await?.is_some())
}

pub(super) async fn days(tx: &mut Tx, community: CommunityId, user: UserId) -> Result<Vec<NaiveDate>> {
    let sql = "SELECT day FROM days_away WHERE community = $1 AND member = $2 ORDER BY day";
    let rows: Vec<(String,)> = tx.rows(sql, values![community, user]).await?;
    rows.into_iter().map(|(day,)| parsed("days_away", &day)).collect()
}

pub(super) async fn times(tx: &mut Tx, community: CommunityId, user: UserId) -> Result<Vec<Interval>> {
    let sql = "SELECT starts_at, ends_at FROM busy_times WHERE community = $1 AND member = $2 ORDER BY starts_at";
    let rows: Vec<(i64, i64)> = tx.rows(sql, values![community, user]).await?;
    let unreadable = |reason: NotASlot| StoreError::Unreadable { table: "busy_times", reason: reason.to_string() };
    rows.into_iter().map(|(start, end)| Interval::new(moment(start), moment(end)).map_err(unreadable)).collect()
}
