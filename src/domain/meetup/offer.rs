//! What a poll that opens now would offer: how some people would meet, and when.

use crate::domain::member::{Profile, Setting, Venue};
use crate::domain::slot::{Interval, Person, Slot, Wishes, candidates_further_ahead, suits};
use crate::domain::trip::{FAR_KM, apart_at_home, kept_apart};

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Offer {
    pub setting: Setting,
    pub slots: Vec<Slot>,
    /// It is a trip that brings them near each other then.
    pub by_a_trip: bool,
}

impl Offer {
    /// To people whom a round brought together. Where a trip makes a difference, at a table only such times as find all of them
    /// near each other. Where that leaves none that suits, they call each other if all take either; else it is as if nobody
    /// travelled. Where one wants a table by now and another takes calls only it is a call: nobody has to travel to it.
    pub fn to(people: &[Person<'_>], profiles: &[&Profile], wishes: &Wishes) -> Self {
        let (at_first, _) = wishes.within();
        let setting = Setting::common(profiles, Some(at_first)).unwrap_or(Setting::Call);
        let apart = if setting == Setting::InPerson { apart(profiles, wishes) } else { Vec::new() };
        if let Some(slots) = while_near(people, &apart, wishes) {
            let by_a_trip = !apart.is_empty() && apart_at_home(profiles) > FAR_KM;
            return Self { setting, slots, by_a_trip };
        }
        let either = profiles.iter().all(|profile| profile.venue == Venue::Either);
        let setting = if either { Setting::Call } else { setting };
        Self { setting, slots: candidates_further_ahead(people, wishes), by_a_trip: false }
    }

    /// Of an evening in the city of `there`, as if it were somebody's home: its host has to be near, where that can be.
    pub fn of_an_evening(people: &[Person<'_>], [host, there]: [&Profile; 2], wishes: &Wishes) -> Self {
        let slots = while_near(people, &apart(&[host, there], wishes), wishes);
        let slots = slots.unwrap_or_else(|| candidates_further_ahead(people, wishes));
        Self { setting: Setting::InPerson, slots, by_a_trip: false }
    }
}

fn apart(profiles: &[&Profile], wishes: &Wishes) -> Vec<Interval> {
    let (_, at_most) = wishes.within();
    kept_apart(profiles, at_most)
}

/// `None` where it is being apart that leaves no time that suits.
fn while_near(people: &[Person<'_>], apart: &[Interval], wishes: &Wishes) -> Option<Vec<Slot>> {
    let slots = candidates_further_ahead(people, &Wishes { apart, ..wishes.clone() });
    (apart.is_empty() || slots.iter().any(|slot| suits(slot, people))).then_some(slots)
}

#[cfg(test)]
#[path = "tests/offers.rs"]
mod tests;
