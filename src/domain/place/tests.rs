//! What people type, and whom they expect to find.

use std::collections::HashSet;

use proptest::prelude::*;

use super::table::table;
use super::*;

fn first(text: &str) -> String {
    search(text, 5).first().map_or_else(|| format!("nothing for {text}"), |city| city.label())
}

fn any_city() -> impl Strategy<Value = &'static City> {
    (0..table().cities.len()).prop_map(|index| &table().cities[index])
}

#[test]
fn a_city_is_found_by_its_own_and_its_other_names() {
    for (typed, label) in [
        ("utrecht", "Utrecht, Netherlands"),
        ("koln", "Köln, Germany"),
        ("Köln", "Köln, Germany"),
        ("Cologne", "Köln, Germany"),
        ("den haag", "The Hague, Netherlands"),
        ("The Hague", "The Hague, Netherlands"),
        ("münchen", "Munich, Germany"),
        ("Munich", "Munich, Germany"),
        ("s-hertogenbosch", "'s-Hertogenbosch, Netherlands"),
        ("‘s-Hertogenbosch", "'s-Hertogenbosch, Netherlands"),
        ("den bosch", "'s-Hertogenbosch, Netherlands"),
        ("são paulo", "São Paulo, Brazil"),
        ("sao", "São Paulo, Brazil"),
        ("lodz", "Łódź, Poland"),
        ("kobenhavn", "Copenhagen, Denmark"),
        ("København", "Copenhagen, Denmark"),
        ("athina", "Athens, Greece"),
        ("Αθήνα", "Athens, Greece"),
        ("Москва", "Moscow, Russia"),
        ("東京", "Tokyo, Japan"),
        ("서울", "Seoul, South Korea"),
        ("القاهرة", "Cairo, Egypt"),
        ("nyc", "New York City, United States"),
    ] {
        assert_eq!(first(typed), label, "{typed}");
    }
}

#[test]
fn half_a_name_is_enough() {
    assert_eq!(first("utre"), "Utrecht, Netherlands");
    assert_eq!(first("rio de ja"), "Rio de Janeiro, Brazil");
    assert_eq!(first("janeir"), "Rio de Janeiro, Brazil");
    assert_eq!(first("frankfurt main"), "Frankfurt am Main, Germany");
}

#[test]
fn larger_towns_come_first() {
    let found = search("sprin", MOST_CHOICES);
    assert_eq!(found.len(), MOST_CHOICES);
    assert!(found.is_sorted_by_key(|city| std::cmp::Reverse(city.population)));
}

#[test]
fn a_country_or_a_region_narrows() {
    for (typed, label) in [
        ("utrecht, nl", "Utrecht, Netherlands"),
        ("newcastle, south africa", "Newcastle, South Africa"),
        ("paris, united states", "Paris, United States"),
        ("paris united states", "Paris, United States"),
        ("Paris, USA", "Paris, United States"),
        ("london, on", "London, Canada"),
        ("london, uk", "London, United Kingdom"),
        ("utrecht, the netherlands", "Utrecht, Netherlands"),
        ("springfield, il", "Springfield, Illinois, United States"),
        ("springfield, ore", "Springfield, Oregon, United States"),
        ("birmingham england", "Birmingham, United Kingdom"),
        ("kralendijk, bonaire", "Kralendijk, Bonaire, Saint Eustatius and Saba"),
        ("kralendijk, bonaire, saint eustatius and saba", "Kralendijk, Bonaire, Saint Eustatius and Saba"),
    ] {
        assert_eq!(first(typed), label, "{typed}");
    }
    assert_eq!(search("utrecht, japan", 5), Vec::<&City>::new());
}

#[test]
fn text_without_a_letter_finds_nothing() {
    for text in ["", "   ", ",", ", nl", "!?", "\u{200b}"] {
        assert_eq!(search(text, 5), Vec::<&City>::new(), "{text:?}");
    }
}

#[test]
fn no_two_cities_share_a_label_and_each_label_fits() {
    let mut labels = HashSet::new();
    for city in &table().cities {
        let label = city.label();
        assert!(label.chars().count() <= 100, "{label}");
        assert!(labels.insert(label), "{}", city.label());
    }
}

#[test]
fn a_comma_in_the_name_of_a_country_does_not_hide_its_cities() {
    let with_comma: Vec<&City> = table().cities.iter().filter(|city| city.country_name.contains(',')).collect();
    assert!(!with_comma.is_empty());
    for city in with_comma {
        assert_eq!(search(&city.label(), 1), [city], "{}", city.label());
    }
}

#[test]
fn each_city_has_a_place_on_earth() {
    for city in &table().cities {
        assert!((-90.0..=90.0).contains(&city.latitude) && (-180.0..=180.0).contains(&city.longitude), "{city:?}");
    }
}

#[test]
fn distances_are_those_of_the_atlas() {
    let city = |text| search(text, 1)[0];
    let distance = |one, other| distance_km(city(one), city(other));
    // Great-circle distances between the towns' centres.
    assert!((distance("amsterdam", "utrecht") - 35.0).abs() < 2.0);
    assert!((distance("london", "new york") - 5570.0).abs() < 20.0);
    assert!((distance("auckland", "madrid") - 19_600.0).abs() < 60.0);
}

#[test]
fn an_id_survives_column_and_json() {
    let utrecht = search("utrecht", 1)[0];
    assert_eq!(utrecht.id.get(), 2_745_912);
    assert_eq!(CityId::from_column(utrecht.id.get()).and_then(City::by_id), Some(utrecht));
    assert_eq!(serde_json::to_string(&utrecht.id).unwrap(), "2745912");
    assert_eq!(serde_json::from_str::<CityId>("2745912").unwrap(), utrecht.id);
    assert_eq!(CityId::from_column(-1), None);
    assert_eq!(City::by_id(CityId::new(1)), None);
}

proptest! {
    // A search reads three megabytes, which takes its time in an unoptimised build.
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn searching_never_panics(text in any::<String>(), limit in 0_usize..60) {
        prop_assert!(search(&text, limit).len() <= limit.min(MOST_CHOICES));
    }

    #[test]
    fn each_city_is_found_by_its_name(city in any_city()) {
        let found = search(&format!("{}, {}", city.name, city.country_name), MOST_CHOICES);
        prop_assert!(found.contains(&city), "{}", city.label());
    }

    #[test]
    fn each_city_is_found_by_its_label(city in any_city()) {
        prop_assert_eq!(search(&city.label(), 1), vec![city]);
    }

    #[test]
    fn a_distance_is_the_same_both_ways_and_at_most_half_around(one in any_city(), other in any_city()) {
        let there = distance_km(one, other);
        prop_assert!((there - distance_km(other, one)).abs() < 1e-6);
        prop_assert!((0.0..=std::f64::consts::PI * EARTH_RADIUS_KM).contains(&there), "{there}");
        prop_assert!(distance_km(one, one) < 1e-6);
    }
}
