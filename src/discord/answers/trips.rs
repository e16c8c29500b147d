//! A member's stays in other cities, and the select that takes them back.

use serenity::all::{CreateActionRow, CreateSelectMenu, CreateSelectMenuKind, CreateSelectMenuOption};

use super::busy::span;
use crate::discord::custom_id::{CustomId, Verb};
use crate::discord::replies::Reply;
use crate::domain::place::{City, CityId};
use crate::domain::trip::Trip;
use crate::texts::{Locale, Texts, args};

/// Options that a select holds; further trips come into it as others go.
const MOST_OPTIONS: usize = 25;
/// Parts what makes up the value of an option.
const MARK: char = '/';

pub fn trips(locale: Locale, trips: &[Trip]) -> Reply {
    let mut lines = vec![Texts::plain(locale, "trips-heading")];
    if trips.is_empty() {
        lines.push(Texts::plain(locale, "trips-none"));
    }
    lines.extend(trips.iter().take(MOST_OPTIONS).map(|trip| {
        let values = args([("city", city(*trip).into()), ("days", span(locale, (trip.first, trip.last)).into())]);
        Texts::say(locale, "trips-line", &values)
    }));
    if trips.len() > MOST_OPTIONS {
        lines.push(Texts::say(locale, "and-more", &args([("count", (trips.len() - MOST_OPTIONS).into())])));
    }
    let row = (!trips.is_empty()).then(|| select(locale, trips));
    Reply::from(lines.join("\n")).with_rows(row.into_iter().collect())
}

fn city(trip: Trip) -> String {
    City::by_id(trip.city).map_or_else(|| trip.city.to_string(), City::label)
}

fn select(locale: Locale, trips: &[Trip]) -> CreateActionRow {
    let option = |trip: &Trip| {
        let value = format!("{}{MARK}{}{MARK}{}", trip.city, trip.first, trip.last);
        CreateSelectMenuOption::new(city(*trip), value).description(span(locale, (trip.first, trip.last)))
    };
    let options: Vec<_> = trips.iter().take(MOST_OPTIONS).map(option).collect();
    let most = u8::try_from(options.len()).unwrap_or(1);
    let kind = CreateSelectMenuKind::String { options };
    let menu = CreateSelectMenu::new(CustomId::from(Verb::TripsBack).to_string(), kind).min_values(1).max_values(most);
    CreateActionRow::SelectMenu(menu.placeholder(Texts::plain(locale, "select-trips-back")))
}

/// The trips that were chosen in the select.
pub fn chosen(words: &[String]) -> Vec<Trip> {
    let trip = |word: &String| {
        let mut parts = word.split(MARK);
        let city = CityId::new(parts.next()?.parse().ok()?);
        Some(Trip { city, first: parts.next()?.parse().ok()?, last: parts.next()?.parse().ok()? })
    };
    words.iter().filter_map(trip).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trip_is_found_again_by_its_option() {
        let berlin = CityId::new(2_950_159);
        let [first, last] = ["2026-12-24", "2026-12-26"].map(|day| day.parse().unwrap());
        let trip = Trip { city: berlin, first, last };
        assert_eq!(chosen(&["2950159/2026-12-24/2026-12-26".to_owned()]), [trip]);
        assert_eq!(chosen(&["nonsense".to_owned(), "2950159/2026-12-24".to_owned()]), []);
    }
}
