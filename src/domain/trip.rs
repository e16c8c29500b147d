//! Where members are over time: at home, but for the days of their trips; and when some of them are near each other.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

use super::member::Profile;
use super::place::{City, CityId, distance_km};
use super::slot::{Interval, whole_days};

/// Nobody travels further than this for an hour with somebody they have never seen.
pub const FAR_KM: f64 = 100.0;

/// A stay in another city, from the first day to the last, by the clocks there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trip {
    pub city: CityId,
    pub first: NaiveDate,
    pub last: NaiveDate,
}

impl Trip {
    /// Days in their order, each with its city: those that follow each other in one city are one trip.
    pub fn of_days(days: impl IntoIterator<Item = (NaiveDate, CityId)>) -> Vec<Self> {
        let mut trips: Vec<Self> = Vec::new();
        for (day, city) in days {
            match trips.last_mut() {
                Some(trip) if trip.city == city && trip.last.succ_opt() == Some(day) => trip.last = day,
                _ => trips.push(Self { city, first: day, last: day }),
            }
        }
        trips
    }

    /// From when to when they are where; `None` for a city that has left the table.
    fn stay(&self) -> Option<(Interval, &'static City)> {
        let city = City::by_id(self.city)?;
        whole_days((self.first, self.last), city.zone).map(|when| (when, city))
    }
}

impl Profile {
    /// Where they are at that moment, as far as they have told.
    pub fn city_at(&self, at: DateTime<Utc>) -> Option<&'static City> {
        let away = || self.stays().find(|(when, _)| when.holds(at)).map(|(_, city)| city);
        if self.trips.is_empty() { self.home() } else { away().or_else(|| self.home()) }
    }

    pub fn home(&self) -> Option<&'static City> {
        self.city.and_then(City::by_id)
    }

    /// When their clocks are not those of home.
    pub fn elsewhere(&self) -> Vec<(Interval, Tz)> {
        self.stays().map(|(when, city)| (when, city.zone)).collect()
    }

    fn stays(&self) -> impl Iterator<Item = (Interval, &'static City)> {
        self.trips.iter().filter_map(Trip::stay)
    }
}

/// How far apart the two of these lie who live furthest from each other, in kilometres; 0 where it is not known.
pub fn apart_at_home(people: &[&Profile]) -> f64 {
    furthest(people.iter().filter_map(|one| one.city).collect())
}

/// The least that these are apart within the window, in kilometres; without one, at home.
pub fn least_apart(people: &[&Profile], window: Option<Interval>) -> f64 {
    match window {
        Some(window) if travels(people) => {
            stretches(people, window).into_iter().map(|(_, apart)| apart).fold(f64::INFINITY, f64::min)
        }
        _ => apart_at_home(people),
    }
}

/// When these are first near each other within the window; `None` where they never are, or always.
pub fn first_near(people: &[&Profile], window: Interval) -> Option<DateTime<Utc>> {
    let near = |(_, apart): &(Interval, f64)| *apart <= FAR_KM;
    travels(people).then(|| stretches(people, window).into_iter().find(near)).flatten().map(|(when, _)| when.start())
}

/// The stretches of the window in which a trip keeps these too far apart for a table, in order.
pub fn kept_apart(people: &[&Profile], window: Interval) -> Vec<Interval> {
    let stretches = if travels(people) { stretches(people, window) } else { Vec::new() };
    stretches.into_iter().filter(|(_, apart)| *apart > FAR_KM).map(|(when, _)| when).collect()
}

fn travels(people: &[&Profile]) -> bool {
    people.iter().any(|one| !one.trips.is_empty())
}

/// The stretches of the window in which nobody sets out or comes home, in order, and how far apart they are in each.
fn stretches(people: &[&Profile], window: Interval) -> Vec<(Interval, f64)> {
    let mut turns = vec![window.start(), window.end()];
    for (when, _) in people.iter().flat_map(|one| one.stays()) {
        turns.extend([when.start(), when.end()].into_iter().filter(|at| window.holds(*at)));
    }
    turns.sort_unstable();
    turns.dedup();
    let stretch =
        |two: &[DateTime<Utc>]| Interval::new(two[0], two[1]).ok().map(|when| (when, apart_at(people, two[0])));
    turns.windows(2).filter_map(stretch).collect()
}

/// Of whom no city is known lives where the others do, so that a trip takes the others away from them.
fn apart_at(people: &[&Profile], at: DateTime<Utc>) -> f64 {
    let mut cities: Vec<CityId> = people.iter().filter_map(|one| one.city_at(at)).map(|city| city.id).collect();
    if cities.len() < people.len() {
        cities.extend(people.iter().filter_map(|one| one.city));
    }
    furthest(cities)
}

/// Most of those who meet live in one city or two, so few distances are computed.
fn furthest(mut cities: Vec<CityId>) -> f64 {
    cities.sort_unstable();
    cities.dedup();
    let cities: Vec<_> = cities.into_iter().filter_map(City::by_id).collect();
    let pairs =
        cities.iter().enumerate().flat_map(|(index, one)| cities[..index].iter().map(move |other| (one, other)));
    pairs.map(|(one, other)| distance_km(one, other)).fold(0.0, f64::max)
}

#[cfg(test)]
mod tests;
