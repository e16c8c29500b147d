//! Where members are over time: at home, but for the days of their trips; and when some of them are near each other.

use chrono::{DateTime, Days, Duration, NaiveDate, Utc};
use chrono_tz::Tz;

use super::member::Profile;
use super::place::{City, CityId, distance_km};
use super::slot::{Interval, merged, whole_days};

/// Nobody travels further than this for an hour with somebody they have never seen.
pub const FAR_KM: f64 = 100.0;

/// Between two who are on the way, further than any two cities lie apart.
const ON_THE_WAY_KM: f64 = 20_100.0;

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

    fn away_within(&self, window: Interval) -> Vec<Away> {
        // Clocks are asked for few of them: a day is nowhere more than one off.
        let (first, last) = (window.start().date_naive(), window.end().date_naive());
        let may_touch = |trip: &&Trip| {
            trip.first <= last.checked_add_days(Days::new(1)).unwrap_or(last)
                && trip.last >= first.checked_sub_days(Days::new(1)).unwrap_or(first)
        };
        let home = self.home();
        self.trips.iter().filter(may_touch).filter_map(|trip| Away::on(trip, home)).collect()
    }

    fn stays(&self) -> impl Iterator<Item = (Interval, &'static City)> {
        self.trips.iter().filter_map(Trip::stay)
    }
}

/// From when to when somebody is not at home.
struct Away {
    /// The days of a trip, by the clocks there.
    stay: Interval,
    city: CityId,
    /// The same days by the clocks there and by those of home: what is in one of them only is the way.
    told: Interval,
}

/// Somebody is nowhere just then.
struct OnTheWay;

impl Away {
    fn on(trip: &Trip, home: Option<&City>) -> Option<Self> {
        let (stay, city) = trip.stay()?;
        let at_home = home.and_then(|home| whole_days((trip.first, trip.last), home.zone)).unwrap_or(stay);
        let told = Interval::new(stay.start().min(at_home.start()), stay.end().max(at_home.end())).ok()?;
        Some(Self { stay, city: city.id, told })
    }

    const fn turns(&self) -> [DateTime<Utc>; 4] {
        [self.told.start(), self.stay.start(), self.stay.end(), self.told.end()]
    }
}

/// Where somebody is at that moment who lives at `home`; there may be nothing known of it.
fn whereabouts(home: Option<CityId>, away: &[Away], at: DateTime<Utc>) -> Result<Option<CityId>, OnTheWay> {
    match away.iter().find(|away| away.stay.holds(at)) {
        Some(away) => Ok(Some(away.city)),
        None if away.iter().any(|away| away.told.holds(at)) => Err(OnTheWay),
        None => Ok(home),
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

/// The stretches of the window in which a trip keeps these further apart than so many kilometres, in order.
pub fn kept_apart(people: &[&Profile], window: Interval, at_most_km: f64) -> Vec<Interval> {
    let stretches = if travels(people) { stretches(people, window) } else { Vec::new() };
    merged(stretches.into_iter().filter(|(_, apart)| *apart > at_most_km).map(|(when, _)| when).collect())
}

/// Whether it is known of all of these where they are at that moment, and that they are near each other.
pub fn are_near(people: &[&Profile], at: DateTime<Utc>) -> bool {
    let cities: Option<Vec<CityId>> = people.iter().map(|one| one.city_at(at).map(|city| city.id)).collect();
    cities.is_some_and(|cities| furthest(cities) <= FAR_KM)
}

fn travels(people: &[&Profile]) -> bool {
    people.iter().any(|one| !one.trips.is_empty())
}

/// The stretches of the window in which nobody sets out or comes home, in order, and how far apart they are in each.
fn stretches(people: &[&Profile], window: Interval) -> Vec<(Interval, f64)> {
    let away: Vec<Vec<Away>> = people.iter().map(|one| one.away_within(window)).collect();
    let mut turns = vec![window.start(), window.end()];
    turns.extend(away.iter().flatten().flat_map(Away::turns).filter(|at| window.holds(*at)));
    turns.sort_unstable();
    turns.dedup();
    let stretch = |two: &[DateTime<Utc>]| {
        let cities = people.iter().zip(&away).map(|(one, away)| whereabouts(one.city, away, two[0]));
        let cities: Result<Vec<Option<CityId>>, OnTheWay> = cities.collect();
        let apart = cities.map_or(ON_THE_WAY_KM, |cities| apart(people, &cities));
        Interval::new(two[0], two[1]).ok().map(|when| (when, apart))
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
