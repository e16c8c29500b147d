//! Where people of several cities meet: so that the one who travels furthest travels least.

use std::cmp::Reverse;

use super::{City, distance_km};

/// A city to meet in, and how far the one who lives furthest from it has to come.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fair {
    pub city: &'static City,
    pub furthest_km: f64,
}

/// Of these cities the one with the least largest distance from anybody's home; among equals the one with the least distance
/// in all, then the larger one. `None` without cities, or without homes.
pub fn fairest(cities: impl IntoIterator<Item = &'static City>, homes: &[&'static City]) -> Option<Fair> {
    if homes.is_empty() {
        return None;
    }
    let travel = |city: &'static City| {
        let ways = || homes.iter().map(|home| distance_km(city, home));
        let (furthest, together) = (ways().fold(0.0, f64::max), ways().sum::<f64>());
        (city, furthest, together)
    };
    let best = cities.into_iter().map(travel).min_by(|one, other| {
        let larger = |city: &City| (Reverse(city.population), city.id);
        let same = || one.2.total_cmp(&other.2).then_with(|| larger(one.0).cmp(&larger(other.0)));
        one.1.total_cmp(&other.1).then_with(same)
    });
    best.map(|(city, furthest_km, _)| Fair { city, furthest_km })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::search;
    use super::*;

    fn city(name: &str) -> &'static City {
        search(name, 1)[0]
    }

    fn cities(names: &[&str]) -> Vec<&'static City> {
        names.iter().map(|name| city(name)).collect()
    }

    const NAMES: [&str; 10] = [
        "Utrecht",
        "Amsterdam",
        "Eindhoven",
        "Groningen",
        "Brussels",
        "Cologne",
        "Suva",
        "Apia",
        "Auckland",
        "Honolulu",
    ];

    #[test]
    fn the_middle_is_fairer_than_either_end() {
        let homes = cities(&["Amsterdam", "Eindhoven"]);
        let fair = fairest(cities(&["Amsterdam", "Eindhoven", "Utrecht", "Groningen"]), &homes).unwrap();
        assert_eq!(fair.city.name, "Utrecht");
        assert!((60.0..90.0).contains(&fair.furthest_km), "{}", fair.furthest_km);
        // It is nearer for two of three, and further for the third.
        let homes = cities(&["Amsterdam", "Amsterdam", "Eindhoven"]);
        assert_eq!(fairest(cities(&["Amsterdam", "Utrecht"]), &homes).unwrap().city.name, "Utrecht");
    }

    #[test]
    fn one_home_is_the_fairest_for_its_own_and_nobody_goes_nowhere() {
        assert_eq!(fairest(cities(&NAMES), &cities(&["Cologne"])).unwrap().city.id, city("Cologne").id);
        assert_eq!(fairest(cities(&NAMES), &[]), None);
        assert_eq!(fairest([], &cities(&NAMES)), None);
    }

    proptest! {
        #[test]
        fn no_other_city_spares_the_furthest_more(
            offered in prop::collection::vec(prop::sample::select(&NAMES[..]), 1..6),
            lived_in in prop::collection::vec(prop::sample::select(&NAMES[..]), 1..6),
        ) {
            let (offered, mut homes) = (cities(&offered), cities(&lived_in));
            let fair = fairest(offered.clone(), &homes).unwrap();
            let furthest = |city: &City| homes.iter().map(|home| distance_km(city, home)).fold(0.0, f64::max);
            prop_assert!(offered.iter().any(|city| city.id == fair.city.id));
            prop_assert!((furthest(fair.city) - fair.furthest_km).abs() < 1e-9);
            prop_assert!(offered.iter().all(|city| furthest(city) >= fair.furthest_km));
            homes.reverse();
            let turned = fairest(offered.into_iter().rev(), &homes).unwrap();
            prop_assert!((turned.furthest_km - fair.furthest_km).abs() < 1e-9, "whoever is named first");
        }
    }
}
