//! How many of some people are free at the same time, by day and part of the day: a heat map, without names.

use chrono::{DateTime, Days, Duration, NaiveDate, NaiveTime, Utc};
use chrono_tz::Tz;

use super::{PartOfDay, Person, Slot};
use crate::domain::wall_clock::{local, moment};

/// Two weeks, from tomorrow on.
pub const HEAT_DAYS: u64 = 14;
/// As long as the slots that polls offer.
const MINUTES: u32 = 60;
/// People begin on full and half hours.
const STEP_MINUTES: usize = 30;
/// How closely an hour is looked at, as for slots.
const LOOK_MINUTES: usize = 15;

/// One day of it: for each part of the day, in the order of [`PartOfDay::ALL`], how many could meet for an hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeatDay {
    pub day: NaiveDate,
    pub free: [usize; PartOfDay::ALL.len()],
}

/// The days from tomorrow on, as clocks in `zone` show them. A part of a day counts as many as are free for the same hour of
/// it, whichever hour suits most.
pub fn heat(people: &[Person<'_>], zone: Tz, now: DateTime<Utc>) -> Vec<HeatDay> {
    let today = local(now, zone).date();
    let days = (1..=HEAT_DAYS).filter_map(|ahead| today.checked_add_days(Days::new(ahead)));
    days.map(|day| HeatDay { day, free: PartOfDay::ALL.map(|part| most_free(people, zone, day, part)) }).collect()
}

fn most_free(people: &[Person<'_>], zone: Tz, day: NaiveDate, part: PartOfDay) -> usize {
    let last = part.ends().saturating_sub(MINUTES);
    let starts = (part.starts()..=last).step_by(STEP_MINUTES);
    let hours = starts.filter_map(|minute| {
        let time = NaiveTime::from_num_seconds_from_midnight_opt(minute * 60, 0)?;
        Slot::new(moment(day.and_time(time), zone), MINUTES, zone).ok()
    });
    hours.map(|hour| people.iter().filter(|person| is_free(person, &hour)).count()).max().unwrap_or_default()
}

fn is_free(person: &Person<'_>, hour: &Slot) -> bool {
    let looks = (0..i64::from(hour.minutes())).step_by(LOOK_MINUTES);
    let mut shown = looks.map(|minute| person.shows(hour.start() + Duration::minutes(minute)));
    shown.all(|shown| person.availability.covers(shown)) && !person.is_taken(&hour.interval())
}

#[cfg(test)]
mod tests {
    use chrono::{Datelike, Weekday};
    use chrono_tz::{America::New_York, Asia::Kolkata, Europe::Amsterdam};
    use proptest::prelude::*;

    use super::super::{Availability, taken};
    use super::*;
    use crate::domain::wall_clock::tests::{any_moment, any_zone, utc};

    /// A Thursday at noon in Amsterdam.
    const NOW: &str = "2026-06-04T10:00:00Z";

    fn usual(zone: Tz) -> Person<'static> {
        Person { availability: Availability::default(), zone, elsewhere: &[], taken: &[] }
    }

    #[test]
    fn two_weeks_from_tomorrow_on_show_how_many_are_free_at_once() {
        let away = taken(["2026-06-06".parse().unwrap()], Amsterdam);
        let people = [usual(Amsterdam), Person { taken: &away, ..usual(Amsterdam) }];
        let heat = heat(&people, Amsterdam, utc(NOW));
        assert_eq!((heat.len(), heat[0].day.to_string().as_str()), (14, "2026-06-05"));
        assert_eq!((heat[0].free, heat[1].free, heat[2].free), ([0, 0, 0, 2], [0, 1, 1, 1], [0, 2, 2, 2]));
    }

    #[test]
    fn each_one_s_times_are_those_of_their_own_clocks() {
        // On a Sunday, the evening in Amsterdam is the afternoon in New York, and night in Kolkata.
        let people = [usual(Amsterdam), usual(New_York), usual(Kolkata)];
        let sunday = heat(&people, Amsterdam, utc(NOW)).into_iter().find(|one| one.day.weekday() == Weekday::Sun);
        assert_eq!(sunday.unwrap().free, [1, 2, 2, 2]);
    }

    #[test]
    fn nobody_is_free_where_nobody_is() {
        assert!(heat(&[], Amsterdam, utc(NOW)).iter().all(|day| day.free == [0; 4]));
    }

    proptest! {
        #[test]
        fn more_people_are_never_less_free(
            zones in prop::collection::vec(any_zone(), 1..5), reader in any_zone(), now in any_moment(),
        ) {
            let people: Vec<_> = zones.into_iter().map(usual).collect();
            let (all, fewer) = (heat(&people, reader, now), heat(&people[1..], reader, now));
            prop_assert_eq!(all.len(), 14);
            for (all, fewer) in all.iter().zip(&fewer) {
                prop_assert!(all.day > local(now, reader).date());
                for (all, fewer) in all.free.iter().zip(&fewer.free) {
                    prop_assert!(fewer <= all && *all <= fewer + 1 && *all <= people.len());
                }
            }
        }

        #[test]
        fn one_alone_is_free_in_the_parts_that_they_named(now in any_moment(), zone in any_zone(), bits in 0_i64..1 << 28) {
            let availability = Availability::try_from(bits).unwrap();
            let alone = [Person { availability, zone, elsewhere: &[], taken: &[] }];
            for day in heat(&alone, zone, now) {
                for (part, free) in PartOfDay::ALL.into_iter().zip(day.free) {
                    prop_assert_eq!(free == 1, availability.contains(day.day.weekday(), part));
                }
            }
        }
    }
}
