//! How much of the week two people have free at once.

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, Utc};

use super::{PartOfDay, Person};
use crate::domain::wall_clock::{local, moment};

/// The parts of the week, of 28, at whose beginning both are free, in the week from `now` on. Which of the two is named first may
/// make a difference of some parts where their clocks differ by half hours.
pub fn free_together(one: &Person<'_>, other: &Person<'_>, now: DateTime<Utc>) -> u32 {
    let today = local(now, one.zone).date();
    let begins = |date: NaiveDate, part: PartOfDay| {
        NaiveTime::from_num_seconds_from_midnight_opt(part.starts() * 60, 0).map(|time| date.and_time(time))
    };
    let both_are_free = |date: NaiveDate, part: PartOfDay| {
        let is_free = one.availability.contains(date.weekday(), part);
        is_free
            && if one.zone == other.zone {
                other.availability.contains(date.weekday(), part)
            } else {
                let at = begins(date, part).map(|begins| local(moment(begins, one.zone), other.zone));
                at.is_some_and(|at| other.availability.covers(at))
            }
    };
    let days = (0..7).filter_map(|day| today.checked_add_days(Days::new(day)));
    let parts = days.flat_map(|date| PartOfDay::ALL.map(|part| (date, part)));
    parts.filter(|(date, part)| both_are_free(*date, *part)).fold(0, |count, _| count + 1)
}

#[cfg(test)]
mod tests {
    use chrono_tz::{America, Asia, Europe, Tz};

    use super::*;
    use crate::domain::slot::Availability;

    fn person(availability: Availability, zone: Tz) -> Person<'static> {
        Person { availability, zone, elsewhere: &[], taken: &[] }
    }

    #[test]
    fn who_said_nothing_shares_all_that_is_assumed() {
        let assumed = person(Availability::default(), Europe::Amsterdam);
        assert_eq!(free_together(&assumed, &assumed, DateTime::UNIX_EPOCH), 5 + 2 * 3);
    }

    #[test]
    fn clocks_that_differ_leave_less() {
        let (here, never) =
            (person(Availability::default(), Europe::Amsterdam), person(Availability::NEVER, Asia::Tokyo));
        let there = person(Availability::default(), America::New_York);
        // At weekends, noon here is six there, the afternoon eight, the evening one: only the evening is left.
        assert_eq!(free_together(&here, &there, DateTime::UNIX_EPOCH), 2);
        assert_eq!(free_together(&here, &never, DateTime::UNIX_EPOCH), 0);
    }
}
