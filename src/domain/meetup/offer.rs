//! What a poll that opens now would offer: how some people would meet, and when.

use super::{Meetup, State};
use crate::domain::member::{Profile, Setting, Venue};
use crate::domain::slot::{Interval, Person, Slot, Wishes, candidates_further_ahead, suits};
use crate::domain::trip::{FAR_KM, apart_at_home, are_near, kept_apart};

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Offer {
    pub setting: Setting,
    pub slots: Vec<Slot>,
    /// It is a trip that brings them near each other then.
    pub by_a_trip: bool,
}

impl Offer {
    /// To people whom a round brought together. Where a trip makes a difference, at a table only such times as find all of them
    /// near each other. Where that leaves none that suits, they call each other if all take either; else they are no further
    /// apart than at home, where that can be. Where one wants a table by now and another takes calls only it is a call: nobody
    /// has to travel to it.
    pub fn to(people: &[Person<'_>], profiles: &[&Profile], wishes: &Wishes) -> Self {
        let (at_first, _) = wishes.within();
        let setting = Setting::common(profiles, Some(at_first)).unwrap_or(Setting::Call);
        if setting == Setting::Call {
            return Self { setting, slots: candidates_further_ahead(people, wishes), by_a_trip: false };
        }
        let apart = apart(profiles, wishes, FAR_KM);
        if let Some(slots) = while_near(people, &apart, wishes) {
            let by_a_trip = !apart.is_empty() && apart_at_home(profiles) > FAR_KM;
            return Self { setting, slots, by_a_trip };
        }
        if profiles.iter().all(|profile| profile.venue == Venue::Either) {
            return Self { setting: Setting::Call, slots: candidates_further_ahead(people, wishes), by_a_trip: false };
        }
        Self { setting, slots: no_further_than_home(people, profiles, wishes), by_a_trip: false }
    }

    /// Of an evening in the city of `there`, as if it were somebody's home: its host has to be near, where that can be, else
    /// no further from it than at home.
    pub fn of_an_evening(people: &[Person<'_>], both: [&Profile; 2], wishes: &Wishes) -> Self {
        let slots = while_near(people, &apart(&both, wishes, FAR_KM), wishes);
        let slots = slots.unwrap_or_else(|| no_further_than_home(people, &both, wishes));
        Self { setting: Setting::InPerson, slots, by_a_trip: false }
    }

    /// Whether it would cost these people a visit: a time that stands in its days, for one that is not; or their poll about
    /// its days, for a table that nobody can come to.
    pub fn gives_up_a_visit(&self, meetup: &Meetup, profiles: &[&Profile]) -> bool {
        let is_of_a_visit = match &meetup.state {
            State::Polling { poll } => poll.by_a_trip && self.setting == Setting::InPerson,
            State::Scheduled { on, .. } => meetup.setting == Setting::InPerson && are_near(profiles, on.slot.start()),
            _ => false,
        };
        is_of_a_visit && !self.by_a_trip && apart_at_home(profiles) > FAR_KM
    }
}

fn no_further_than_home(people: &[Person<'_>], profiles: &[&Profile], wishes: &Wishes) -> Vec<Slot> {
    let apart = apart(profiles, wishes, FAR_KM.max(apart_at_home(profiles)));
    while_near(people, &apart, wishes).unwrap_or_else(|| candidates_further_ahead(people, wishes))
}

fn apart(profiles: &[&Profile], wishes: &Wishes, at_most_km: f64) -> Vec<Interval> {
    let (_, at_most) = wishes.within();
    kept_apart(profiles, at_most, at_most_km)
}

/// `None` where it is being apart that leaves no time that suits.
fn while_near(people: &[Person<'_>], apart: &[Interval], wishes: &Wishes) -> Option<Vec<Slot>> {
    let slots = candidates_further_ahead(people, &Wishes { apart, ..wishes.clone() });
    (apart.is_empty() || slots.iter().any(|slot| suits(slot, people))).then_some(slots)
}

#[cfg(test)]
#[path = "tests/offers.rs"]
mod tests;
