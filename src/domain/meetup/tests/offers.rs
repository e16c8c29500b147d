//! Trips and what a poll offers.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::{America, Europe};

use super::*;
use crate::domain::ids::{CommunityId, MeetupId};
use crate::domain::meetup::{Appointment, Coming, Kind, Places, Style};
use crate::domain::place::CityId;
use crate::domain::poll::{Ballot, Poll};
use crate::domain::slot::{Availability, Schedule, merged};
use crate::domain::trip::Trip;
use crate::domain::wall_clock::local;
use crate::domain::wall_clock::tests::utc;

/// `GeoNames`' numbers.
const UTRECHT: CityId = CityId::new(2_745_912);
const NEW_YORK: CityId = CityId::new(5_128_581);
const ROME: CityId = CityId::new(3_169_070);
const MAASTRICHT: CityId = CityId::new(2_751_283);
/// A Tuesday; with three days of lead times lie from the 4th to the 22nd, and further ahead up to the 2nd of February.
const NOW: &str = "2026-12-01T10:00:00Z";

fn trip(first: &str, last: &str) -> Trip {
    let day = |text: &str| text.parse::<NaiveDate>().unwrap();
    Trip { city: UTRECHT, first: day(first), last: day(last) }
}

fn visitor(trips: &[Trip]) -> Profile {
    Profile { city: Some(NEW_YORK), trips: trips.to_vec(), ..Profile::default() }
}

fn schedule(profile: &Profile, taken: &[Interval]) -> Schedule {
    let zone = if profile.city == Some(NEW_YORK) { America::New_York } else { Europe::Amsterdam };
    let availability = Availability::default();
    Schedule { availability, zone, elsewhere: profile.elsewhere(), taken: merged(taken.to_vec()) }
}

/// Of two, for whom these times were found in this state.
fn meetup(state: State) -> Meetup {
    let id = MeetupId::new(utc(NOW), 1);
    let known = (Kind::Suggested, Style::Discreet);
    Meetup { state, ..Meetup::proposed(id, CommunityId::from_column(1), known, Vec::new(), utc(NOW), utc(NOW)) }
}

fn polling(offer: &Offer) -> Meetup {
    let poll = Poll::new(1, offer.slots.clone(), Ballot::default(), utc(NOW));
    meetup(State::Polling { poll: Poll { by_a_trip: offer.by_a_trip, ..poll } })
}

fn scheduled(slot: Slot) -> Meetup {
    let (places, asked) = (Places::default(), Vec::new());
    let on = Appointment { slot, place: None, sequence: 0, places, event: None, asked, moving: None };
    meetup(State::Scheduled { on, coming: Coming::DayBefore })
}

/// To somebody in Utrecht and this visitor of theirs, at this moment.
fn offered(visitor: &Profile, venue: Venue, taken: &[Interval], now: &str) -> Offer {
    let here = Profile { city: Some(UTRECHT), venue, ..Profile::default() };
    let schedules = [schedule(&here, &[]), schedule(visitor, taken)];
    let people: Vec<Person<'_>> = schedules.iter().map(Schedule::person).collect();
    Offer::to(&people, &[&here, visitor], &Wishes::from(utc(now)))
}

fn days(offer: &Offer) -> Vec<String> {
    offer.slots.iter().map(|slot| local(slot.start(), Europe::Amsterdam).format("%d %H:%M").to_string()).collect()
}

fn during(from: &str, until: &str) -> Interval {
    let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
    Interval::new(at(from), at(until)).unwrap()
}

#[test]
fn a_visit_is_offered_by_the_clocks_of_where_it_is() {
    let offer = offered(&visitor(&[trip("2026-12-11", "2026-12-13")]), Venue::Either, &[], NOW);
    assert_eq!((offer.setting, offer.by_a_trip), (Setting::InPerson, true));
    assert_eq!(days(&offer), ["11 19:00", "12 12:00", "13 14:00"]);
}

#[test]
fn without_a_visit_ahead_they_call_each_other_if_both_take_either() {
    for gone in [visitor(&[]), visitor(&[trip("2026-12-01", "2026-12-03")])] {
        let offer = offered(&gone, Venue::Either, &[], NOW);
        assert_eq!((offer.setting, offer.by_a_trip), (Setting::Call, false), "{gone:?}");
        assert!(offer.slots.len() >= 3);
        let offer = offered(&gone, Venue::InPerson, &[], NOW);
        assert_eq!((offer.setting, offer.by_a_trip), (Setting::InPerson, false), "as if nobody travelled");
        assert!(offer.slots.len() >= 3);
    }
}

#[test]
fn a_visit_whose_days_are_taken_is_none() {
    let visit = visitor(&[trip("2026-12-11", "2026-12-13")]);
    let taken = [during("2026-12-10T00:00:00Z", "2026-12-15T00:00:00Z")];
    let offer = offered(&visit, Venue::Either, &taken, NOW);
    assert_eq!((offer.setting, offer.by_a_trip), (Setting::Call, false));
    assert!(offer.slots.iter().all(|slot| !taken[0].overlaps(&slot.interval())));
}

/// Of its last day only the night would be left, of its first one the first half hour.
#[test]
fn the_night_at_a_visit_s_edge_is_nobody_s_time() {
    let visit = visitor(&[trip("2026-12-01", "2026-12-04")]);
    let offer = offered(&visit, Venue::Either, &[], "2026-12-01T20:10:00Z");
    assert_eq!((offer.setting, offer.by_a_trip), (Setting::Call, false), "{:?}", days(&offer));
    // In the time that is looked at first lies its first midnight only: so its other days are looked at, too.
    let visit = visitor(&[trip("2026-12-22", "2026-12-27")]);
    let offer = offered(&visit, Venue::InPerson, &[], "2026-12-01T00:20:00Z");
    assert!(offer.by_a_trip && offer.slots.len() >= 3, "{:?}", days(&offer));
    assert!(offer.slots.iter().all(|slot| suits(slot, &[])));
    let hours = offer.slots.iter().map(|slot| local(slot.start(), Europe::Amsterdam));
    assert!(hours.clone().all(|at| chrono::Timelike::hour(&at) >= 8), "{:?}", days(&offer));
}

#[test]
fn two_of_one_town_are_offered_no_day_on_which_one_is_away() {
    let away = Trip { city: NEW_YORK, ..trip("2026-12-05", "2026-12-12") };
    let traveller = Profile { city: Some(UTRECHT), trips: vec![away], ..Profile::default() };
    let offer = offered(&traveller, Venue::Either, &[], NOW);
    assert_eq!((offer.setting, offer.by_a_trip), (Setting::InPerson, false));
    let gone = during("2026-12-05T05:00:00Z", "2026-12-13T05:00:00Z");
    assert!(offer.slots.len() >= 3 && offer.slots.iter().all(|slot| !gone.overlaps(&slot.interval())));
}

#[test]
fn an_evening_abroad_waits_for_its_host() {
    let host = visitor(&[trip("2027-01-08", "2027-01-10")]);
    let there = Profile { city: Some(UTRECHT), ..Profile::default() };
    let schedules = [schedule(&host, &[])];
    let people: Vec<Person<'_>> = schedules.iter().map(Schedule::person).collect();
    let evening = |there: &Profile| Offer::of_an_evening(&people, [&host, there], &Wishes::from(utc(NOW)));
    let abroad = evening(&there);
    assert_eq!(
        (abroad.setting, days(&abroad)),
        (Setting::InPerson, vec!["08 19:00".to_owned(), "09 12:00".to_owned(), "10 14:00".to_owned()])
    );
    // At home it is any day but those.
    let away = trip("2026-12-04", "2026-12-12");
    let host = visitor(&[away]);
    let there = Profile { city: Some(NEW_YORK), ..Profile::default() };
    let schedules = [schedule(&host, &[])];
    let people: Vec<Person<'_>> = schedules.iter().map(Schedule::person).collect();
    let at_home = Offer::of_an_evening(&people, [&host, &there], &Wishes::from(utc(NOW)));
    let gone = during("2026-12-03T23:00:00Z", "2026-12-13T05:00:00Z");
    assert!(at_home.slots.len() >= 3 && at_home.slots.iter().all(|slot| !gone.overlaps(&slot.interval())));
}

/// They are never near by the measure of a table, and meet at one all the same: not while one of them is further away still.
#[test]
fn two_who_come_far_for_a_table_are_offered_no_day_on_which_one_is_further_away() {
    let away = Trip { city: ROME, ..trip("2026-12-04", "2026-12-12") };
    let traveller = Profile { city: Some(MAASTRICHT), trips: vec![away], ..Profile::default() };
    let offer = offered(&traveller, Venue::InPerson, &[], NOW);
    assert_eq!((offer.setting, offer.by_a_trip), (Setting::InPerson, false));
    let gone = during("2026-12-03T23:00:00Z", "2026-12-12T23:00:00Z");
    assert!(offer.slots.len() >= 3 && offer.slots.iter().all(|slot| !gone.overlaps(&slot.interval())), "{offer:?}");
}

/// A poll about a visit's days is followed by none about a table that nobody can come to, and the time that was found in them
/// is not given up for another; a call may follow a poll.
#[test]
fn a_visit_is_not_given_up_for_days_on_which_nobody_is_near() {
    let visitor = visitor(&[trip("2026-12-11", "2026-12-13")]);
    let late = "2026-12-11T10:00:00Z";
    for (venue, polled, met) in [(Venue::InPerson, true, true), (Venue::Either, false, true)] {
        let here = Profile { city: Some(UTRECHT), venue, ..Profile::default() };
        let both = [&here, &visitor];
        let (early, late) = (offered(&visitor, venue, &[], NOW), offered(&visitor, venue, &[], late));
        assert!(early.by_a_trip && !late.by_a_trip && !late.slots.is_empty());
        let gives_up = |offer: &Offer, meetup: &Meetup| offer.gives_up_a_visit(meetup, &both);
        let (poll, time) = (polling(&early), scheduled(early.slots[0]));
        assert_eq!((gives_up(&late, &poll), gives_up(&late, &time)), (polled, met), "{venue:?}");
        assert!(!gives_up(&early, &poll) && !gives_up(&early, &time), "there are more of the visit's");
        assert!(!gives_up(&late, &scheduled(late.slots[0])), "it never was of the visit");
    }
}
