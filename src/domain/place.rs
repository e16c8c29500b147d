//! Cities: an embedded table of those of 15,000 people or more, finding one by any of its names, and how far two lie
//! apart. A home is a city, never an address. The data is from `GeoNames` (CC BY 4.0), made by scripts/cities.py.

mod fair;
mod fold;
mod search;
mod table;

use std::fmt;

use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

pub use fair::{Fair, fairest};
pub use search::{MOST_CHOICES, search};

/// The mean radius of the Earth, as the IUGG gives it (Moritz, Geodetic Reference System 1980).
const EARTH_RADIUS_KM: f64 = 6371.0088;

/// The number by which `GeoNames` knows a city; it stays when the table is made anew. Numbers as JSON has them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CityId(u32);

impl CityId {
    /// Any number; only [`City::by_id`] tells whether a city bears it.
    pub const fn new(raw: u32) -> Self {
        Self(raw)
    }

    /// From a database column. `None` for what [`Self::get`] never gave.
    pub fn from_column(raw: i64) -> Option<Self> {
        u32::try_from(raw).ok().map(Self)
    }

    /// As a database column keeps it.
    pub const fn get(self) -> i64 {
        self.0 as i64
    }
}

impl fmt::Display for CityId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// One city of the table; exists only there, as `&'static City`.
#[derive(Debug, PartialEq)]
pub struct City {
    pub id: CityId,
    /// The name that `GeoNames` prefers: mostly the English or the local one.
    pub name: &'static str,
    /// ISO 3166-1 alpha-2, such as "NL".
    pub country: &'static str,
    pub country_name: &'static str,
    /// Degrees north, to a hundredth.
    pub latitude: f64,
    /// Degrees east, to a hundredth.
    pub longitude: f64,
    pub zone: Tz,
    /// People; 0 where nobody counted.
    pub population: u32,
    /// "code:name" of the state, province or nation, where the table knows it; else empty.
    region: &'static str,
    /// What tells it from a town of the same name and country; else empty.
    hint: &'static str,
}

impl City {
    /// `None` for a number of no city, or of one that has left the table.
    pub fn by_id(id: CityId) -> Option<&'static Self> {
        let cities = &table::table().cities;
        let index = cities.binary_search_by_key(&id, |city| city.id).ok()?;
        cities.get(index)
    }

    /// The state, province or nation in which it lies; empty where the table does not know it.
    pub fn region_name(&self) -> &'static str {
        self.region.split_once(':').map_or("", |(_, name)| name)
    }

    /// "Utrecht, Netherlands"; where two towns of a country share a name, "Springfield, Illinois, United States".
    /// At most 100 characters, as Discord's choices hold, and [`search()`] finds the city by it.
    pub fn label(&self) -> String {
        if self.hint.is_empty() {
            format!("{}, {}", self.name, self.country_name)
        } else {
            format!("{}, {}, {}", self.name, self.hint, self.country_name)
        }
    }
}

/// The great-circle distance in kilometres, by the haversine formula, which stays exact for near towns (R. W. Sinnott,
/// "Virtues of the Haversine", Sky and Telescope 68, 1984). The Earth as a sphere: at most 0.6 % off.
pub fn distance_km(one: &City, other: &City) -> f64 {
    let (south, north) = (one.latitude.to_radians(), other.latitude.to_radians());
    let across = (other.longitude - one.longitude).to_radians();
    let haversine = ((north - south) / 2.0).sin().powi(2) + south.cos() * north.cos() * (across / 2.0).sin().powi(2);
    2.0 * EARTH_RADIUS_KM * haversine.clamp(0.0, 1.0).sqrt().asin()
}

#[cfg(test)]
mod tests;
