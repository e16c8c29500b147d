//! Good places to meet, by city, as admins have listed them: public ones; and the roles that stand for cities.

use chrono::{DateTime, Utc};

use super::columns::values;
use super::{Result, Store};
use crate::domain::ids::{CommunityId, RoleId};
use crate::domain::place::CityId;

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub city: CityId,
    pub name: String,
}

/// What came of adding one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Added {
    Yes,
    Already,
    /// There are as many as may be, in that city or in all.
    Full,
}

impl Store {
    /// The places of a community, by city, the one that was added first foremost.
    pub async fn places(&self, community: CommunityId) -> Result<Vec<Place>> {
        let mut tx = self.read().await?;
        let sql = "SELECT city, name FROM places WHERE community = $1 ORDER BY city, added_at, name";
        let rows: Vec<(i64, String)> = tx.rows(sql, values![community]).await?;
        let place = |(city, name)| Some(Place { city: CityId::from_column(city)?, name });
        Ok(rows.into_iter().filter_map(place).collect())
    }

    /// Adds one, where fewer than `most_of_city` and `most_of_all` are there.
    pub async fn add_place(
        &self,
        community: CommunityId,
        place: &Place,
        (most_of_city, most_of_all): (i64, i64),
        now: DateTime<Utc>,
    ) -> Result<Added> {
        let mut tx = self.write().await?;
        let (city, name) = (place.city.get(), place.name.as_str());
        let sql = "SELECT city FROM places WHERE community = $1 AND city = $2 AND name = $3";
        if tx.row::<(i64,)>(sql, values![community, city, name]).await?.is_some() {
            return Ok(Added::Already);
        }
        let sql = "INSERT INTO places (community, city, name, added_at) SELECT $1, $2, $3, $4
                   WHERE (SELECT COUNT(*) FROM places WHERE community = $1 AND city = $2) < $5
                     AND (SELECT COUNT(*) FROM places WHERE community = $1) < $6
                   ON CONFLICT (community, city, name) DO NOTHING";
        let added = tx.execute(sql, values![community, city, name, now, most_of_city, most_of_all]).await?;
        tx.commit().await?;
        Ok(if added > 0 { Added::Yes } else { Added::Full })
    }

    /// Which roles of a community stand for which cities.
    pub async fn city_roles(&self, community: CommunityId) -> Result<Vec<(RoleId, CityId)>> {
        let mut tx = self.read().await?;
        let sql = "SELECT role, city FROM city_roles WHERE community = $1 ORDER BY role";
        let rows: Vec<(i64, i64)> = tx.rows(sql, values![community]).await?;
        let pair = |(role, city)| Some((RoleId::from_column(role), CityId::from_column(city)?));
        Ok(rows.into_iter().filter_map(pair).collect())
    }

    /// Lets a role stand for a city, or for none any more.
    pub async fn set_city_role(&self, community: CommunityId, role: RoleId, city: Option<CityId>) -> Result<()> {
        let mut tx = self.write().await?;
        if let Some(city) = city {
            let sql = "INSERT INTO city_roles (community, role, city) VALUES ($1, $2, $3)
                       ON CONFLICT (community, role) DO UPDATE SET city = excluded.city";
            tx.execute(sql, values![community, role, city.get()]).await?;
        } else {
            tx.execute("DELETE FROM city_roles WHERE community = $1 AND role = $2", values![community, role]).await?;
        }
        tx.commit().await
    }

    /// Tells whether it was there.
    pub async fn remove_place(&self, community: CommunityId, place: &Place) -> Result<bool> {
        let mut tx = self.write().await?;
        let sql = "DELETE FROM places WHERE community = $1 AND city = $2 AND name = $3";
        let removed = tx.execute(sql, values![community, place.city.get(), place.name.as_str()]).await?;
        tx.commit().await?;
        Ok(removed > 0)
    }
}
