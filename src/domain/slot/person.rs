//! What is known of one person's time.

use chrono::{DateTime, NaiveDateTime, Utc};
use chrono_tz::Tz;

use super::{Availability, Interval};
use crate::domain::wall_clock::local;

/// One who shall come: when free, where the clocks are that this is said by, and what of their time is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Person<'a> {
    pub availability: Availability,
    pub zone: Tz,
    /// When their clocks are others than those of `zone`: they are on a trip.
    pub elsewhere: &'a [(Interval, Tz)],
    /// Days on which they can't, busy times, other meetups; in order and apart from each other.
    pub taken: &'a [Interval],
}

impl Person<'_> {
    /// By whose clocks they live then.
    pub fn zone_at(&self, at: DateTime<Utc>) -> Tz {
        self.elsewhere.iter().find(|(when, _)| when.holds(at)).map_or(self.zone, |(_, zone)| *zone)
    }

    /// What their clocks show then.
    pub fn shows(&self, at: DateTime<Utc>) -> NaiveDateTime {
        local(at, self.zone_at(at))
    }

    /// Whether any of it is taken already.
    pub fn is_taken(&self, interval: &Interval) -> bool {
        let first = self.taken.partition_point(|taken| taken.end() <= interval.start());
        self.taken.get(first).is_some_and(|taken| taken.overlaps(interval))
    }
}

/// The same with all that it rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    pub availability: Availability,
    pub zone: Tz,
    pub elsewhere: Vec<(Interval, Tz)>,
    /// In order and apart from each other.
    pub taken: Vec<Interval>,
}

impl Schedule {
    pub fn person(&self) -> Person<'_> {
        let Self { availability, zone, elsewhere, taken } = self;
        Person { availability: *availability, zone: *zone, elsewhere, taken }
    }
}
