use chrono::Duration;
use proptest::prelude::*;

use super::*;
use crate::domain::member::Setting;
use crate::domain::pairing::Distance;
use crate::domain::wall_clock::{local, tests::utc};

/// `GeoNames`' numbers.
const UTRECHT: u32 = 2_745_912;
const AMSTERDAM: u32 = 2_759_794;
const BERLIN: u32 = 2_950_159;
const NEW_YORK: u32 = 5_128_581;
const TOKYO: u32 = 1_850_147;
const CITIES: [u32; 5] = [UTRECHT, AMSTERDAM, BERLIN, NEW_YORK, TOKYO];

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn trip(city: u32, first: &str, last: &str) -> Trip {
    Trip { city: CityId::new(city), first: day(first), last: day(last) }
}

fn lives(city: Option<u32>, trips: &[Trip]) -> Profile {
    Profile { city: city.map(CityId::new), trips: trips.to_vec(), ..Profile::default() }
}

fn december() -> Interval {
    Interval::new(utc("2026-12-01T00:00:00Z"), utc("2026-12-22T00:00:00Z")).unwrap()
}

fn shown(intervals: &[Interval]) -> Vec<String> {
    intervals.iter().map(|one| format!("{} {}", one.start().to_rfc3339(), one.end().to_rfc3339())).collect()
}

#[test]
fn days_that_follow_each_other_in_one_city_are_one_trip() {
    let days = [("2026-12-03", BERLIN), ("2026-12-04", BERLIN), ("2026-12-05", UTRECHT), ("2026-12-07", UTRECHT)];
    let trips = Trip::of_days(days.map(|(text, city)| (day(text), CityId::new(city))));
    assert_eq!(
        trips,
        [
            trip(BERLIN, "2026-12-03", "2026-12-04"),
            trip(UTRECHT, "2026-12-05", "2026-12-05"),
            trip(UTRECHT, "2026-12-07", "2026-12-07")
        ]
    );
}

#[test]
fn a_trip_brings_two_near_each_other_while_it_lasts() {
    let (here, visitor) =
        (lives(Some(AMSTERDAM), &[]), lives(Some(NEW_YORK), &[trip(UTRECHT, "2026-12-03", "2026-12-06")]));
    let both = [&here, &visitor];
    assert_eq!(first_near(&both, december()), utc("2026-12-02T23:00:00Z"), "midnight in Utrecht");
    assert_eq!(
        shown(&kept_apart(&both, december(), FAR_KM)),
        ["2026-12-01T00:00:00+00:00 2026-12-02T23:00:00+00:00", "2026-12-06T23:00:00+00:00 2026-12-22T00:00:00+00:00"]
    );
    assert_eq!(Setting::common(&both, Some(december())), Some(Setting::InPerson));
    assert_eq!(Setting::common(&both, None), Some(Setting::Call));
    assert!(Setting::in_reach(&both, Some(december())));
    assert_eq!(Distance::between(&here, &visitor, Some(december())), Some(Distance::OnATrip { km: 35 }));
    assert_eq!(Distance::between(&here, &visitor, None), Some(Distance::FarByCall));
    let later = Interval::new(utc("2026-12-07T00:00:00Z"), utc("2026-12-22T00:00:00Z")).unwrap();
    assert_eq!(Setting::common(&both, Some(later)), Some(Setting::Call), "gone home");
    assert_eq!(Distance::between(&here, &visitor, Some(later)), Some(Distance::FarByCall));
}

#[test]
fn two_of_one_town_are_apart_while_one_is_away() {
    let (here, away) =
        (lives(Some(UTRECHT), &[]), lives(Some(AMSTERDAM), &[trip(NEW_YORK, "2026-12-03", "2026-12-06")]));
    let both = [&here, &away];
    assert_eq!(
        shown(&kept_apart(&both, december(), FAR_KM)),
        ["2026-12-02T23:00:00+00:00 2026-12-07T05:00:00+00:00"],
        "from the first midnight at home to the last one in New York"
    );
    assert_eq!(Distance::between(&here, &away, Some(december())), Some(Distance::AtATable { km: 35 }));
    // All the while: a call, since both take either.
    let gone = lives(Some(AMSTERDAM), &[trip(NEW_YORK, "2026-11-20", "2026-12-30")]);
    assert_eq!(Setting::common(&[&here, &gone], Some(december())), Some(Setting::Call));
}

/// The days as told are days away, whichever clocks they are read by.
#[test]
fn nobody_is_at_home_between_two_trips_or_on_the_evening_of_a_trip_s_last_day() {
    let here = lives(Some(AMSTERDAM), &[]);
    let away =
        lives(Some(UTRECHT), &[trip(TOKYO, "2026-12-03", "2026-12-05"), trip(NEW_YORK, "2026-12-06", "2026-12-09")]);
    assert_eq!(
        shown(&kept_apart(&[&here, &away], december(), FAR_KM)),
        ["2026-12-02T15:00:00+00:00 2026-12-10T05:00:00+00:00"],
        "from midnight in Tokyo to midnight in New York"
    );
    let away = lives(Some(UTRECHT), &[trip(TOKYO, "2026-12-03", "2026-12-05")]);
    let apart = kept_apart(&[&here, &away], december(), FAR_KM);
    assert_eq!(shown(&apart), ["2026-12-02T15:00:00+00:00 2026-12-05T23:00:00+00:00"], "until midnight at home");
    // All the while: no night on the way makes it a table.
    let trips = [trip(TOKYO, "2026-11-20", "2026-12-05"), trip(NEW_YORK, "2026-12-06", "2026-12-30")];
    assert_eq!(Setting::common(&[&here, &lives(Some(UTRECHT), &trips)], Some(december())), Some(Setting::Call));
}

#[test]
fn two_travellers_meet_where_both_are() {
    let one = lives(Some(UTRECHT), &[trip(BERLIN, "2026-12-03", "2026-12-06")]);
    let other = lives(Some(NEW_YORK), &[trip(BERLIN, "2026-12-05", "2026-12-09")]);
    assert_eq!(first_near(&[&one, &other], december()), utc("2026-12-04T23:00:00Z"));
    assert_eq!(one.city_at(utc("2026-12-05T12:00:00Z")).unwrap().name, "Berlin");
    assert_eq!(one.city_at(utc("2026-12-08T12:00:00Z")).unwrap().name, "Utrecht");
}

#[test]
fn of_whom_no_city_is_known_stays_where_the_others_live() {
    let (unknown, away) = (lives(None, &[]), lives(Some(UTRECHT), &[trip(NEW_YORK, "2026-12-03", "2026-12-06")]));
    assert_eq!(kept_apart(&[&unknown, &away], december(), FAR_KM).len(), 1);
    assert_eq!(Distance::between(&unknown, &away, Some(december())), None);
    assert_eq!(kept_apart(&[&unknown, &lives(None, &[])], december(), FAR_KM), []);
}

fn anybody() -> impl Strategy<Value = Profile> {
    let trips = prop::collection::vec((0_i64..25, 0_i64..6, 0_usize..5), 0..4);
    (prop::option::of(0_usize..5), trips).prop_map(|(home, trips)| {
        let days: std::collections::BTreeMap<NaiveDate, CityId> = trips
            .into_iter()
            .flat_map(|(from, long, city)| {
                let city = CityId::new(CITIES[city]);
                (from..=from + long).map(move |ahead| (day("2026-11-28") + Duration::days(ahead), city))
            })
            .collect();
        lives(home.map(|home| CITIES[home]), &Trip::of_days(days))
    })
}

proptest! {
    #[test]
    fn nobody_is_offered_a_moment_at_which_they_are_far_apart(
        people in prop::collection::vec(anybody(), 2..5), minute in 0_i64..21 * 24 * 60,
    ) {
        let people: Vec<&Profile> = people.iter().collect();
        let apart = kept_apart(&people, december(), FAR_KM);
        prop_assert!(apart.windows(2).all(|two| two[0].end() <= two[1].start()));
        let at = december().start() + Duration::minutes(minute);
        let cities: Vec<_> = people.iter().filter_map(|one| one.city_at(at)).collect();
        // By the clocks of home it is a day of a trip, by those of where they are it is none.
        let on_the_way = people.iter().any(|one| {
            let Some(home) = one.home() else { return false };
            let day = local(at, home.zone).date();
            one.city_at(at) == Some(home) && one.trips.iter().any(|trip| trip.first <= day && day <= trip.last && trip.city != home.id)
        });
        let far = cities.iter().any(|one| cities.iter().any(|other| distance_km(one, other) > FAR_KM));
        let is_apart = apart.iter().any(|when| when.holds(at));
        prop_assert!(!(far || on_the_way) || is_apart || !travels(&people));
        let all_known = cities.len() == people.len();
        prop_assert!(far || on_the_way || !all_known || !is_apart, "near, and kept apart");
    }

    /// Of those who can meet, any part can too: tables are built on it.
    #[test]
    fn a_part_of_those_in_reach_is_in_reach(people in prop::collection::vec(anybody(), 3..6), left_out in 0_usize..6) {
        let all: Vec<&Profile> = people.iter().collect();
        let mut part = all.clone();
        part.remove(left_out % all.len());
        prop_assert!(!Setting::in_reach(&all, Some(december())) || Setting::in_reach(&part, Some(december())));
    }
}
