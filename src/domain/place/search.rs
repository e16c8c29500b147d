//! Finding a city by what somebody typed so far. Not for typos: every word must begin a word of a name.

use super::City;
use super::fold::fold;
use super::table::{Country, Table, table};

/// Discord shows at most this many choices.
pub const MOST_CHOICES: usize = 25;

/// Names of countries that people use beside those of ISO 3166.
const NICKNAMES: [(&str, &str); 5] =
    [("america", "US"), ("great britain", "GB"), ("holland", "NL"), ("uae", "AE"), ("uk", "GB")];

/// "United Kingdom of Great Britain" and the like; also bounds the work that a long text makes.
const MOST_COUNTRY_WORDS: usize = 6;

/// How well a name fits; the better one is less.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    Whole,
    Beginning,
    LaterWord,
    Scattered,
}

/// What was asked for: a name, and what its country or region must be called. All folded.
struct Query {
    name: String,
    within: Vec<String>,
}

/// The cities whose names begin with `text`, best first: whole names, then beginnings, then later words, larger towns
/// first in each. Case and accents make no difference, other names count. "utrecht, nl" and "paris united states"
/// narrow by country, "springfield, il" by region. At most `limit`, never more than [`MOST_CHOICES`]; none for text
/// without a letter.
pub fn search(text: &str, limit: usize) -> Vec<&'static City> {
    let table = table();
    let asked = Query::read(text);
    if asked.name.is_empty() {
        return Vec::new();
    }
    let mut found = asked.phrase(table);
    let words: Vec<&str> = asked.name.split(' ').collect();
    // Without a comma the country may be the last words.
    let longest_country = words.len().saturating_sub(MOST_COUNTRY_WORDS).max(1);
    for at in (longest_country..words.len()).rev() {
        if found.is_empty() {
            let within = asked.within.iter().cloned().chain([words[at..].join(" ")]).collect();
            found = Query { name: words[..at].join(" "), within }.phrase(table);
        }
    }
    if found.is_empty() && words.len() > 1 {
        found = asked.scattered(table);
    }
    found.sort_by_key(|(fit, city)| (*fit, std::cmp::Reverse(city.population), city.id));
    // A label that was chosen and sent back means that very city.
    let label = text.trim();
    let is_labelled = |(_, city): &(Fit, &City)| label.starts_with(city.name) && city.label() == label;
    if let Some(labelled) = found.iter().position(is_labelled) {
        found[..=labelled].rotate_right(1);
    }
    found.into_iter().map(|(_, city)| city).take(limit.min(MOST_CHOICES)).collect()
}

impl Query {
    fn read(text: &str) -> Self {
        let mut parts = text.split([',', '，', '、', '،']).map(fold);
        let name = parts.next().unwrap_or_default();
        Self { name, within: parts.filter(|part| !part.is_empty()).collect() }
    }

    /// Cities with a name in which the words stand one after the other.
    fn phrase(&self, table: &'static Table) -> Vec<(Fit, &'static City)> {
        self.narrowed(table, word_beginnings(table, &self.name))
    }

    /// Cities whose names hold all the words somewhere: "frankfurt main".
    fn scattered(&self, table: &'static Table) -> Vec<(Fit, &'static City)> {
        let longest = self.name.split(' ').max_by_key(|word| word.len()).unwrap_or_default();
        let mut places = word_beginnings(table, longest);
        places.retain(|(_, index)| {
            let keys = table.keys_of(*index);
            self.name.split(' ').all(|word| beginnings(keys, word).next().is_some())
        });
        self.narrowed(table, places.into_iter().map(|(_, index)| (Fit::Scattered, index)))
    }

    /// Each part is a country or a region of its own, or all are one name: "Bonaire, Saint Eustatius and Saba".
    fn is_within(&self, table: &Table, city: &City) -> bool {
        self.within.iter().all(|within| lies_in(table, city, within))
            || (self.within.len() > 1 && lies_in(table, city, &self.within.join(" ")))
    }

    fn narrowed(
        &self,
        table: &'static Table,
        places: impl IntoIterator<Item = (Fit, usize)>,
    ) -> Vec<(Fit, &'static City)> {
        let cities = places.into_iter().filter_map(|(fit, index)| Some((fit, table.cities.get(index)?)));
        cities.filter(|(_, city)| self.is_within(table, city)).collect()
    }
}

/// Each city with a word that begins with `phrase`, once, with its best fit.
fn word_beginnings(table: &Table, phrase: &str) -> Vec<(Fit, usize)> {
    let mut found: Vec<(Fit, usize)> = Vec::new();
    let mut index = 0;
    for (at, fit) in beginnings(&table.keys, phrase) {
        while table.key_starts.get(index + 1).is_some_and(|start| *start <= at) {
            index += 1;
        }
        match found.last_mut() {
            Some((best, last)) if *last == index => *best = fit.min(*best),
            _ => found.push((fit, index)),
        }
    }
    found
}

/// Where words of `keys` begin with `phrase`.
fn beginnings(keys: &str, phrase: &str) -> impl Iterator<Item = (usize, Fit)> {
    let bytes = keys.as_bytes();
    let before = move |at: usize| at.checked_sub(1).and_then(|before| bytes.get(before));
    keys.match_indices(phrase).filter_map(move |(at, _)| match before(at) {
        Some(b'\n') if bytes.get(at + phrase.len()) == Some(&b'\n') => Some((at, Fit::Whole)),
        Some(b'\n') => Some((at, Fit::Beginning)),
        Some(b' ') => Some((at, Fit::LaterWord)),
        _ => None,
    })
}

/// Whether the country, the region or the hint of `city` goes by the folded text `within`, or begins with it.
fn lies_in(table: &Table, city: &City, within: &str) -> bool {
    let (code, region) = city.region.split_once(':').unwrap_or_default();
    table.country(city.country).is_some_and(|country| is_called(country, within))
        || code.eq_ignore_ascii_case(within)
        || (!region.is_empty() && fold(region).starts_with(within))
        || (!city.hint.is_empty() && fold(city.hint).starts_with(within))
}

fn is_called(country: &Country, within: &str) -> bool {
    country.codes.iter().any(|code| code == within)
        || country.folded_name.starts_with(within.strip_prefix("the ").unwrap_or(within))
        || NICKNAMES.contains(&(within, country.code))
}
