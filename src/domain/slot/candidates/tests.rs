//! Where the people live, what the clocks do there, and which times a poll may still offer.

use chrono::DurationRound;
use chrono_tz::{America, Asia, Europe, Pacific};
use proptest::prelude::*;

use super::*;
use crate::domain::nudge::quiet;
use crate::domain::slot::{Availability, merged};
use crate::domain::wall_clock::tests::{any_moment, any_zone, utc};

/// Sundays on which clocks change.
const CHANGES: [(Tz, &str); 9] = [
    (Europe::Amsterdam, "2026-03-29"),
    (Europe::Amsterdam, "2026-10-25"),
    (America::New_York, "2026-03-08"),
    (America::New_York, "2026-11-01"),
    (chrono_tz::Australia::Lord_Howe, "2026-04-05"),
    (chrono_tz::Australia::Lord_Howe, "2026-10-04"),
    (America::Santiago, "2026-04-05"),
    (America::Santiago, "2026-09-06"),
    (Asia::Kolkata, "2026-03-29"),
];

/// A Thursday at noon in Amsterdam.
const NOW: &str = "2026-06-04T10:00:00Z";

fn usual(zone: Tz) -> Person<'static> {
    free(Availability::default(), zone)
}

fn free(availability: Availability, zone: Tz) -> Person<'static> {
    Person { availability, zone, elsewhere: &[], taken: &[] }
}

fn shown(slots: &[Slot]) -> Vec<String> {
    slots.iter().map(|slot| slot.local_start().format("%a %d %b %H:%M").to_string()).collect()
}

fn suits(slot: &Slot, person: Person<'_>) -> bool {
    (0..slot.minutes())
        .all(|minute| person.availability.covers(person.shows(slot.start() + Duration::minutes(minute.into()))))
}

fn disturbs(slot: &Slot, person: Person<'_>) -> bool {
    let moments = (0..slot.minutes()).map(|minute| slot.start() + Duration::minutes(minute.into()));
    moments.into_iter().any(|at| quiet(at, person.zone_at(at)))
}

#[test]
fn two_of_one_town_are_offered_six_days_of_week_and_weekend() {
    let slots = candidates(&[usual(Europe::Amsterdam); 2], &Wishes::from(utc(NOW)));
    assert_eq!(
        shown(&slots),
        [
            "Sun 07 Jun 12:00",
            "Mon 08 Jun 19:00",
            "Tue 09 Jun 19:00",
            "Wed 10 Jun 19:00",
            "Thu 11 Jun 19:00",
            "Sat 13 Jun 14:00"
        ]
    );
}

#[test]
fn week_and_weekend_are_mixed_where_both_suit() {
    let days = [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Sat];
    let evenings = days.into_iter().fold(Availability::NEVER, |free, day| free.with(day, PartOfDay::Evening));
    let person = free(evenings, Europe::Amsterdam);
    let slots = candidates(&[person], &Wishes { wanted: 2..=2, ..Wishes::from(utc(NOW)) });
    assert_eq!(shown(&slots), ["Mon 08 Jun 19:00", "Sat 13 Jun 19:00"]);
}

#[test]
fn an_ocean_apart_they_meet_when_one_has_lunch_and_the_other_evening() {
    let people = [usual(Europe::Amsterdam), usual(America::New_York)];
    let slots = candidates(&people, &Wishes::from(utc(NOW)));
    assert!(slots.len() >= 3);
    for slot in &slots {
        assert!(people.iter().all(|person| suits(slot, *person)), "{:?}", shown(&slots));
    }
}

#[test]
fn a_single_common_evening_is_offered_on_each_of_its_days() {
    let thursdays = Availability::NEVER.with(Weekday::Thu, PartOfDay::Evening);
    let rare = free(thursdays, Europe::Amsterdam);
    let slots = candidates(&[rare, usual(Europe::Amsterdam)], &Wishes::from(utc(NOW)));
    assert_eq!(shown(&slots), ["Thu 11 Jun 19:00", "Thu 11 Jun 20:00", "Thu 18 Jun 19:00"]);
}

#[test]
fn without_a_common_time_the_least_bad_ones_are_offered_outside_the_night() {
    let mornings = Availability::NEVER.with(Weekday::Mon, PartOfDay::Morning);
    let people = [free(mornings, Europe::Amsterdam), usual(Europe::Amsterdam), usual(Europe::Amsterdam)];
    let slots = candidates(&people, &Wishes::from(utc(NOW)));
    assert_eq!(slots.len(), 6);
    for slot in &slots {
        assert_eq!(people.iter().filter(|&&person| suits(slot, person)).count(), 2);
        assert!(!people.iter().any(|person| disturbs(slot, *person)));
    }
}

#[test]
fn around_the_globe_the_fewest_are_disturbed() {
    let people = [usual(Europe::Amsterdam), usual(America::Los_Angeles), usual(Asia::Tokyo)];
    let slots = candidates(&people, &Wishes::from(utc(NOW)));
    assert!(slots.len() >= 3);
    for slot in &slots {
        assert_eq!(people.iter().filter(|&&person| disturbs(slot, person)).count(), 1);
    }
}

#[test]
fn what_is_taken_or_was_offered_before_is_not_offered() {
    let busy = [Interval::new(utc("2026-06-05T00:00:00Z"), utc("2026-06-12T00:00:00Z")).unwrap()];
    let people = [usual(Europe::Amsterdam), Person { taken: &busy, ..usual(Europe::Amsterdam) }];
    let first = candidates(&people[..1], &Wishes::from(utc(NOW)));
    let second = candidates(&people, &Wishes { not_again: &first, ..Wishes::from(utc(NOW)) });
    assert!(second.len() >= 3);
    for slot in &second {
        assert!(first.iter().all(|other| !other.interval().overlaps(&slot.interval())));
        assert!(!busy[0].overlaps(&slot.interval()));
    }
}

#[test]
fn noon_is_noon_on_the_day_that_clocks_change() {
    let lunch = Availability::NEVER.with(Weekday::Sun, PartOfDay::Lunch);
    let sunday = free(lunch, Europe::Amsterdam);
    let spring = candidates(&[sunday; 2], &Wishes::from(utc("2026-03-24T10:00:00Z")));
    assert_eq!(spring[0].start(), utc("2026-03-29T10:00:00Z"));
    let autumn = candidates(&[sunday; 2], &Wishes::from(utc("2026-10-20T10:00:00Z")));
    assert_eq!(autumn[0].start(), utc("2026-10-25T11:00:00Z"));
}

#[test]
fn a_time_that_clocks_skip_is_no_start_and_one_shown_twice_is_the_first() {
    let starts = |first, last| half_hours(utc(first), utc(last), Europe::Amsterdam).collect::<Vec<_>>();
    let spring = starts("2026-03-29T00:30:00Z", "2026-03-29T01:30:00Z");
    assert_eq!(spring, ["2026-03-29T00:30:00Z", "2026-03-29T01:00:00Z", "2026-03-29T01:30:00Z"].map(utc));
    let autumn = starts("2026-10-25T00:00:00Z", "2026-10-25T02:00:00Z");
    assert_eq!(autumn, ["2026-10-25T00:00:00Z", "2026-10-25T00:30:00Z", "2026-10-25T02:00:00Z"].map(utc));
}

#[test]
fn whoever_is_away_for_long_is_asked_about_times_after_it() {
    let away = [Interval::new(utc("2026-06-04T00:00:00Z"), utc("2026-07-10T00:00:00Z")).unwrap()];
    let people = [usual(Europe::Amsterdam), Person { taken: &away, ..usual(Europe::Amsterdam) }];
    let slots = candidates_further_ahead(&people, &Wishes::from(utc(NOW)));
    assert!(slots.len() >= 3 && slots.iter().all(|slot| slot.start() >= away[0].end()), "{:?}", shown(&slots));
    // Where that is too far, the times are offered that lie near: nobody waits for a year.
    let forever = [Interval::new(utc("2026-06-04T00:00:00Z"), utc("2027-07-10T00:00:00Z")).unwrap()];
    let people = [usual(Europe::Amsterdam), Person { taken: &forever, ..usual(Europe::Amsterdam) }];
    assert_eq!(
        candidates_further_ahead(&people, &Wishes::from(utc(NOW))),
        candidates(&people, &Wishes::from(utc(NOW)))
    );
}

#[test]
fn the_lead_is_the_community_s_to_choose() {
    for days in [2, 3, 14] {
        let slots = candidates(&[usual(Europe::Amsterdam); 2], &Wishes::after(utc(NOW), days));
        assert!(slots.len() >= 3 && slots[0].start() >= utc(NOW) + Duration::days(days));
    }
}

#[test]
fn nobody_and_nonsense_get_no_slots() {
    let anybody = [usual(Pacific::Auckland)];
    let wishes = Wishes::from(utc(NOW));
    assert_eq!(candidates(&[], &wishes), []);
    assert_eq!(candidates(&anybody, &Wishes { minutes: 0, ..wishes.clone() }), []);
    assert_eq!(candidates(&anybody, &Wishes { horizon: Duration::days(1), ..wishes.clone() }), []);
    assert_eq!(candidates(&anybody, &Wishes { from: DateTime::<Utc>::MAX_UTC, ..wishes }), []);
}

fn any_person() -> impl Strategy<Value = Person<'static>> {
    let availability = prop_oneof![
        Just(Availability::default()),
        (0_i64..1 << 28).prop_map(|bits| Availability::try_from(bits).unwrap()),
    ];
    (availability, any_zone()).prop_map(|(availability, zone)| free(availability, zone))
}

fn any_interval() -> impl Strategy<Value = (i64, i64)> {
    (0_i64..20 * 24, 1_i64..72)
}

/// Somebody from New York is in Amsterdam for some days: no hour of home counts then.
#[test]
fn a_traveller_lives_by_the_clocks_of_where_they_are() {
    let away = Interval::new(utc("2026-06-11T22:00:00Z"), utc("2026-06-14T22:00:00Z")).unwrap();
    let elsewhere = [(away, Europe::Amsterdam)];
    let visitor = Person { elsewhere: &elsewhere, ..usual(America::New_York) };
    let people = [visitor, usual(Europe::Amsterdam)];
    let wishes = Wishes::from(utc(NOW));
    let (within, _) = wishes.within();
    let apart =
        [Interval::new(within.start(), away.start()).unwrap(), Interval::new(away.end(), within.end()).unwrap()];
    let slots = candidates(&people, &Wishes { apart: &apart, ..wishes });
    assert_eq!(shown(&slots), ["Fri 12 Jun 19:00", "Sat 13 Jun 12:00", "Sun 14 Jun 14:00"]);
    assert!(slots.iter().all(|slot| slot.zone() == Europe::Amsterdam));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn slots_keep_their_promises(
        people in prop::collection::vec(any_person(), 1..5),
        now in any_moment(),
        lead_hours in 0_i64..200,
        minutes in prop_oneof![Just(60_u32), 1_u32..300],
        busy in prop::collection::vec((0_usize..4, any_interval()), 0..8),
        trips in prop::collection::vec((0_usize..4, any_interval(), any_zone()), 0..3),
        parted in prop::collection::vec(any_interval(), 0..4),
    ) {
        let during = |(from, hours)| {
            let start = now + Duration::hours(from);
            Interval::new(start, start + Duration::hours(hours)).unwrap()
        };
        let mut elsewhere = vec![Vec::new(); 4];
        // Trips begin and end at midnight, which lies on a quarter of an hour everywhere.
        let hour = now.duration_trunc(Duration::hours(1)).unwrap();
        for (whose, (from, hours), zone) in trips {
            let start = hour + Duration::hours(from);
            elsewhere[whose].push((Interval::new(start, start + Duration::hours(hours)).unwrap(), zone));
        }
        let apart: Vec<_> = parted.into_iter().map(during).collect();
        let mut taken = vec![Vec::new(); 4];
        for (whose, (from, hours)) in busy {
            taken[whose].push(during((from, hours)));
        }
        let taken: Vec<_> = taken.into_iter().map(merged).collect();
        let owned = taken.iter().zip(&elsewhere);
        let people: Vec<_> =
            people.iter().zip(owned).map(|(one, (taken, elsewhere))| Person { elsewhere, taken, ..*one }).collect();
        let wishes = Wishes { lead: Duration::hours(lead_hours), minutes, apart: &apart, ..Wishes::from(now) };
        let slots = candidates(&people, &wishes);
        let (within, _) = wishes.within();
        prop_assert!(slots.iter().all(|slot| slot.start() >= within.start() && slot.end() <= within.end()));

        prop_assert!(slots.len() <= 6);
        prop_assert!(slots.is_sorted_by_key(Slot::start));
        prop_assert_eq!(&candidates(&people, &wishes), &slots, "the same each time");
        for slot in &slots {
            prop_assert!(slot.start() >= now + wishes.lead && slot.start() <= now + wishes.horizon);
            prop_assert!(!apart.iter().any(|apart| apart.overlaps(&slot.interval())));
        }
        for pair in slots.windows(2) {
            prop_assert!(!pair[0].interval().overlaps(&pair[1].interval()));
        }
        // Looked at minute by minute, and for each start that the clocks of anybody show.
        let starts = people.iter().flat_map(|person| half_hours(now + wishes.lead, now + wishes.horizon, person.zone));
        let calm = |slot: &Slot| !people.iter().any(|person| disturbs(slot, *person));
        let collides = |one: &Person, slot: &Slot| one.taken.iter().any(|taken| taken.overlaps(&slot.interval()));
        let open = |slot: &Slot| !people.iter().any(|one| collides(one, slot)) && calm(slot);
        let all = starts.filter_map(|start| Slot::new(start, minutes, people[0].zone).ok());
        let all: Vec<_> = all.filter(|slot| !apart.iter().any(|apart| apart.overlaps(&slot.interval()))).collect();
        prop_assert!(!all.iter().any(calm) || (!slots.is_empty() && slots.iter().all(calm)));
        prop_assert!(!all.iter().any(open) || (!slots.is_empty() && slots.iter().all(open)));
    }

    /// A few days before clocks change: also by half an hour, or at midnight.
    #[test]
    fn on_the_day_that_clocks_change_times_are_those_of_that_day(
        (zone, sunday) in prop::sample::select(&CHANGES[..]), ahead in 4_i64..10, bits in 1_u8..16,
    ) {
        let sunday: NaiveDate = sunday.parse().unwrap();
        let now = crate::domain::wall_clock::moment(sunday.and_time(NaiveTime::MIN), zone) - Duration::days(ahead);
        let parts = PartOfDay::ALL.into_iter().zip(0..).filter(|(_, bit)| bits & (1 << bit) != 0);
        let sundays = parts.fold(Availability::NEVER, |free, (part, _)| free.with(Weekday::Sun, part));
        let alone = free(sundays, zone);
        let slots = candidates(&[alone], &Wishes { horizon: Duration::days(ahead + 2), ..Wishes::from(now) });
        prop_assert!(!slots.is_empty());
        for slot in slots.iter().filter(|slot| suits(slot, alone)) {
            let shown = slot.local_start();
            prop_assert!(shown.date() == sunday && (10..22).contains(&shown.hour()) && shown.minute() % 30 == 0);
        }
        prop_assert!(slots.iter().any(|slot| suits(slot, alone)));
    }

    /// Where every day suits, no day is offered twice.
    #[test]
    fn where_every_day_suits_each_slot_has_a_day_of_its_own(zone in any_zone(), now in any_moment()) {
        let slots = candidates(&[usual(zone); 2], &Wishes::from(now));
        let days: BTreeSet<_> = slots.iter().map(|slot| slot.local_start().date()).collect();
        prop_assert_eq!((slots.len(), days.len()), (6, 6));
    }

    /// On both sides of the date line it is another day, and the hours are the same.
    #[test]
    fn across_the_date_line_the_days_differ_and_the_hours_do_not(now in any_moment()) {
        let people = [usual(Pacific::Kiritimati), usual(Pacific::Honolulu)];
        let slots = candidates(&people, &Wishes::from(now));
        prop_assert!(slots.len() >= 3);
        for slot in &slots {
            let [east, west] = people.map(|person| local(slot.start(), person.zone));
            prop_assert!(east.time() == west.time() && east.date() == west.date().succ_opt().unwrap());
            prop_assert!(people.iter().all(|person| suits(slot, *person)));
        }
    }

    #[test]
    fn a_time_for_all_comes_before_one_for_some(people in prop::collection::vec(any_person(), 1..4), now in any_moment()) {
        let wishes = Wishes::from(now);
        let slots = candidates(&people, &wishes);
        let fits = |slot: &Slot| people.iter().filter(|&&person| suits(slot, person)).count();
        let for_all = slots.iter().filter(|slot| fits(slot) == people.len()).count();
        // More than the least wanted are offered only where each suits as many as the best does.
        let best = slots.iter().map(fits).max().unwrap_or_default();
        let calm = slots.iter().all(|slot| !people.iter().any(|person| disturbs(slot, *person)));
        prop_assert!(!calm || slots.len() <= 3 || slots.iter().all(|slot| fits(slot) == best));
        prop_assert!(for_all == 0 || for_all == slots.len() || slots.len() == 3);
    }
}
