//! The embedded table: unpacked and read once, on first use. scripts/cities.py describes its shape.

use std::io::Read;
use std::sync::LazyLock;

use chrono_tz::Tz;
use flate2::read::GzDecoder;

use super::fold::fold;
use super::{City, CityId};

static PACKED: &[u8] = include_bytes!("cities.tsv.gz");
static TABLE: LazyLock<Table> = LazyLock::new(|| Table::read(unpacked()));

/// "As in the line before".
const SAME: &str = "=";

/// All cities by rising id, and the names to find them by.
#[derive(Debug, Default)]
pub(super) struct Table {
    pub(super) cities: Vec<City>,
    pub(super) countries: Vec<Country>,
    /// For each city in turn: its folded names, each with a newline before and after it.
    pub(super) keys: String,
    /// Where the keys of each city begin in `keys`.
    pub(super) key_starts: Vec<usize>,
}

#[derive(Debug)]
pub(super) struct Country {
    pub(super) code: &'static str,
    /// What people write for it, folded: both ISO 3166-1 codes and the name.
    pub(super) codes: [String; 2],
    pub(super) folded_name: String,
    name: &'static str,
}

/// What a line may take from the line before it.
#[derive(Clone, Copy, Default)]
struct Before {
    id: u32,
    country: &'static str,
    zone: Option<Tz>,
    region: &'static str,
}

/// The table of this build.
pub(super) fn table() -> &'static Table {
    &TABLE
}

/// The text lives as long as the process does: every city's name borrows from it.
fn unpacked() -> &'static str {
    let mut text = String::new();
    // The bytes are part of the program, and a test reads them whole: there is no fault to report to anybody.
    let read = GzDecoder::new(PACKED).read_to_string(&mut text);
    if read.is_ok() { text.leak() } else { "" }
}

impl Table {
    fn read(text: &'static str) -> Self {
        let mut table = Self { keys: String::with_capacity(text.len()), ..Self::default() };
        let mut before = Before::default();
        for line in text.lines().skip(1) {
            let fields: Vec<&'static str> = line.split('\t').collect();
            if let ["country", code, alpha3, name] = fields[..] {
                table.countries.push(Country {
                    code,
                    codes: [fold(code), fold(alpha3)],
                    folded_name: fold(name),
                    name,
                });
            } else if let Some(city) = table.city(&fields, &mut before) {
                table.key_starts.push(table.keys.len());
                table.add_keys(city.name, fields[9]);
                table.cities.push(city);
            }
        }
        table
    }

    fn city(&self, fields: &[&'static str], before: &mut Before) -> Option<City> {
        let [step, name, country, latitude, longitude, zone, population, region, hint, _keys] = fields[..] else {
            return None;
        };
        before.id = before.id.checked_add(step.parse().ok()?)?;
        if country != SAME {
            before.country = country;
        }
        if zone != SAME {
            before.zone = zone.parse().ok();
        }
        if region != SAME {
            before.region = region;
        }
        let country = self.country(before.country)?;
        Some(City {
            id: CityId(before.id),
            name,
            country: country.code,
            country_name: country.name,
            latitude: latitude.parse::<f64>().ok()? / 100.0,
            longitude: longitude.parse::<f64>().ok()? / 100.0,
            zone: before.zone?,
            population: population.parse().ok()?,
            region: before.region,
            hint,
        })
    }

    fn add_keys(&mut self, name: &str, others: &str) {
        self.keys.push('\n');
        self.keys.push_str(&fold(name));
        for other in others.split('|').filter(|other| !other.is_empty()) {
            self.keys.push('\n');
            self.keys.push_str(other);
        }
        self.keys.push('\n');
    }

    pub(super) fn country(&self, code: &str) -> Option<&Country> {
        let place = self.countries.binary_search_by_key(&code, |country| country.code).ok()?;
        self.countries.get(place)
    }

    /// The folded names of the city at `index`, each between newlines.
    pub(super) fn keys_of(&self, index: usize) -> &str {
        let start = self.key_starts.get(index).copied().unwrap_or(self.keys.len());
        let end = self.key_starts.get(index + 1).copied().unwrap_or(self.keys.len());
        &self.keys[start..end]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_table_is_read() {
        let text = unpacked();
        let read = table();
        assert_eq!(read.cities.len() + read.countries.len(), text.lines().count() - 1);
        assert!(read.cities.len() > 30_000, "{}", read.cities.len());
        assert!(read.cities.is_sorted_by_key(|city| city.id), "by_id looks by halves");
    }

    #[test]
    fn the_script_folds_names_as_the_search_does() {
        let other: Vec<_> = table().keys.lines().filter(|key| fold(key) != **key).collect();
        assert_eq!(other, Vec::<&str>::new());
    }

    #[test]
    #[ignore = "a measurement: cargo test --release -- --ignored --nocapture"]
    fn how_long_reading_takes() {
        let start = std::time::Instant::now();
        let cities = Table::read(unpacked()).cities.len();
        println!("{cities} cities in {:?}", start.elapsed());
        table();
        for typed in ["a", "san", "utrecht, nl", "paris united states", "no such town anywhere"] {
            let start = std::time::Instant::now();
            let found = crate::domain::place::search(typed, 25).len();
            println!("{found} for {typed:?} in {:?}", start.elapsed());
        }
    }
}
