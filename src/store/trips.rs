//! Members' days in other cities.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, NaiveDate, Utc};

use super::bulk::{batches, placeholders};
use super::busy::is_in;
use super::columns::{parsed, values};
use super::database::Tx;
use super::{Result, Store};
use crate::domain::ids::{CommunityId, UserId};
use crate::domain::member::Member;
use crate::domain::place::CityId;
use crate::domain::trip::Trip;

impl Store {
    /// Adds days that a member who has not left spends in this city. Of a day on which they were to be elsewhere the last word
    /// counts.
    pub async fn add_trip(&self, community: CommunityId, user: UserId, city: CityId, days: &[NaiveDate]) -> Result<()> {
        let mut tx = self.write().await?;
        if is_in(&mut tx, community, user).await? {
            for batch in batches(days) {
                let sql = format!(
                    "INSERT INTO trips (community, member, day, city) VALUES {}
                     ON CONFLICT (community, member, day) DO UPDATE SET city = excluded.city",
                    placeholders(tx.engine(), batch.len(), 4)
                );
                let rows = batch.iter().flat_map(|day| values![community, user, day.to_string(), city.get()]);
                tx.execute(&sql, rows.collect()).await?;
            }
        }
        tx.commit().await
    }

    /// Takes the days of a trip back, from the first to the last.
    pub async fn remove_trip(&self, community: CommunityId, user: UserId, trip: Trip) -> Result<()> {
        let mut tx = self.write().await?;
        let sql = "DELETE FROM trips WHERE community = $1 AND member = $2 AND day BETWEEN $3 AND $4 AND city = $5";
        let (first, last) = (trip.first.to_string(), trip.last.to_string());
        tx.execute(sql, values![community, user, first, last, trip.city.get()]).await?;
        tx.erases().await?;
        tx.commit().await
    }

    /// Erases days that are over: nothing of them is of use any more.
    pub async fn prune_trips(&self, now: DateTime<Utc>) -> Result<()> {
        let mut tx = self.write().await?;
        // Nowhere is it still the day before yesterday.
        let over = now.date_naive().checked_sub_days(Days::new(2)).unwrap_or_default();
        tx.execute("DELETE FROM trips WHERE day <= $1", values![over.to_string()]).await?;
        tx.commit().await
    }
}

type TripRow = (i64, String, i64);

/// The trips of one member.
pub(super) async fn load_trips(tx: &mut Tx, community: CommunityId, user: UserId) -> Result<Vec<Trip>> {
    let sql = "SELECT member, day, city FROM trips WHERE community = $1 AND member = $2 ORDER BY day";
    Ok(by_member(tx.rows(sql, values![community, user]).await?)?.remove(&user).unwrap_or_default())
}

/// Tells these members' trips.
pub(super) async fn tell_trips(tx: &mut Tx, community: CommunityId, members: &mut [Member]) -> Result<()> {
    let sql = "SELECT member, day, city FROM trips WHERE community = $1 ORDER BY member, day";
    let mut trips = by_member(tx.rows(sql, values![community]).await?)?;
    for member in members {
        member.profile.trips = trips.remove(&member.user).unwrap_or_default();
    }
    Ok(())
}

/// Rows in the order of their days.
fn by_member(rows: Vec<TripRow>) -> Result<BTreeMap<UserId, Vec<Trip>>> {
    let mut days: BTreeMap<UserId, Vec<(NaiveDate, CityId)>> = BTreeMap::new();
    for (user, day, city) in rows {
        let Some(city) = CityId::from_column(city) else { continue };
        days.entry(UserId::from_column(user)).or_default().push((parsed("trips", &day)?, city));
    }
    Ok(days.into_iter().map(|(user, days)| (user, Trip::of_days(days))).collect())
}
