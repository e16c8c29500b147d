//! Where members are over time: at home, but for the days of their trips; and when some of them are near each other.

use chrono::{DateTime, Days, Duration, NaiveDate, Utc};
use chrono_tz::Tz;

use super::member::Profile;
use super::place::{City, CityId, distance_km};
use super::slot::{Interval, whole_days};

/// Nobody travels further than this for an hour with somebody they have never seen.
pub const FAR_KM: f64 = 100.0;

/// A stretch of time has to hold an hour outside of the night, which lasts ten.
const LONG_ENOUGH: Duration = Duration::hours(11);

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

    /// The same, of a day as they mean it.
    pub fn city_on(&self, day: NaiveDate) -> Option<&'static City> {
        let trip = self.trips.iter().find(|trip| trip.first <= day && day <= trip.last);
        trip.map_or_else(|| self.home(), |trip| City::by_id(trip.city))
    }

    /// When their clocks are not those of home.
    pub fn elsewhere(&self) -> Vec<(Interval, Tz)> {
        self.stays().map(|(when, city)| (when, city.zone)).collect()
    }

    fn stays_within(&self, window: Interval) -> Vec<(Interval, CityId)> {
        // Clocks are asked for few of them: a day is nowhere more than one off.
        let (first, last) = (window.start().date_naive(), window.end().date_naive());
        let may_touch = |trip: &&Trip| {
            trip.first <= last.checked_add_days(Days::new(1)).unwrap_or(last)
                && trip.last >= first.checked_sub_days(Days::new(1)).unwrap_or(first)
        };
        let stays = self.trips.iter().filter(may_touch).filter_map(Trip::stay);
        stays.map(|(when, city)| (when, city.id)).collect()
    }

    fn stays(&self) -> impl Iterator<Item = (Interval, &'static City)> {
        self.trips.iter().filter_map(Trip::stay)
    }
}

/// How far apart the two of these lie who live furthest from each other, in kilometres; 0 where it is not known.
pub fn apart_at_home(people: &[&Profile]) -> f64 {
    furthest(people.iter().filter_map(|one| one.city).collect())
}

/// The least that these are apart within the window for long enough to meet, in kilometres; without one, at home.
pub fn least_apart(people: &[&Profile], window: Option<Interval>) -> f64 {
    let Some(window) = window.filter(|_| travels(people)) else { return apart_at_home(people) };
    let long = stretches(people, window).into_iter().filter(|(when, _)| is_long_enough(when));
    long.map(|(_, apart)| apart).min_by(f64::total_cmp).unwrap_or_else(|| apart_at_home(people))
}

/// When these are first near each other within the window; its beginning where they never are.
pub fn first_near(people: &[&Profile], window: Interval) -> DateTime<Utc> {
    let near = |(when, apart): &(Interval, f64)| is_long_enough(when) && *apart <= FAR_KM;
    let first = travels(people).then(|| stretches(people, window).into_iter().find(near)).flatten();
    first.map_or(window, |(when, _)| when).start()
}

fn is_long_enough(when: &Interval) -> bool {
    when.end() - when.start() >= LONG_ENOUGH
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
    let stays: Vec<Vec<(Interval, CityId)>> = people.iter().map(|one| one.stays_within(window)).collect();
    let mut turns = vec![window.start(), window.end()];
    for (when, _) in stays.iter().flatten() {
        turns.extend([when.start(), when.end()].into_iter().filter(|at| window.holds(*at)));
    }
    turns.sort_unstable();
    turns.dedup();
    let stretch = |two: &[DateTime<Utc>]| {
        let away =
            |stays: &[(Interval, CityId)]| stays.iter().find(|(when, _)| when.holds(two[0])).map(|(_, city)| *city);
        let cities: Vec<_> = people.iter().zip(&stays).map(|(one, stays)| away(stays).or(one.city)).collect();
        Interval::new(two[0], two[1]).ok().map(|when| (when, apart(people, &cities)))
    };
    turns.windows(2).filter_map(stretch).collect()
}

/// In these cities. Of whom no city is known lives where the others do, so that a trip takes the others away from them.
fn apart(people: &[&Profile], cities: &[Option<CityId>]) -> f64 {
    let mut known: Vec<CityId> = cities.iter().flatten().copied().collect();
    if known.len() < people.len() {
        known.extend(people.iter().filter_map(|one| one.city));
    }
    furthest(known)
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
