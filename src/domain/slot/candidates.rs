//! The few slots that a poll offers: those that suit most, spread over days, never in anybody's night.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use chrono::{DateTime, Datelike, Duration, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Timelike, Utc, Weekday};
use chrono_tz::Tz;

use super::{Interval, PartOfDay, Person, Slot};
use crate::domain::nudge::is_quiet_hour;
use crate::domain::wall_clock::local;

/// People agree on full and half hours.
const STEP_MINUTES: u32 = 30;
/// How closely a slot is looked at: all borders of parts of the day, and all zones, lie on quarters.
const LOOK_MINUTES: u32 = 15;
/// Nobody plans an evening further ahead; also bounds the work.
const FURTHEST_DAYS: i64 = 366;
/// Time to arrange oneself.
pub const DEFAULT_LEAD_DAYS: i64 = 3;
/// These hold each weekday at least twice.
const LOOKED_AT_DAYS: i64 = 18;
/// Longer than most holidays.
const FURTHER_DAYS: i64 = 42;

/// What is asked of the slots.
#[derive(Debug, Clone)]
pub struct Wishes<'a> {
    /// Now.
    pub from: DateTime<Utc>,
    /// No slot begins earlier than this after `from`.
    pub lead: Duration,
    /// No slot begins later than this after `from`.
    pub horizon: Duration,
    /// How many slots, at least and at most.
    pub wanted: RangeInclusive<usize>,
    pub minutes: u32,
    /// Slots of an earlier poll that nobody took.
    pub not_again: &'a [Slot],
    /// When they are not near each other: no slot touches it.
    pub apart: &'a [Interval],
}

impl Wishes<'_> {
    /// The usual: three to six slots of an hour, from three days ahead to three weeks.
    pub const fn from(now: DateTime<Utc>) -> Self {
        Self::after(now, DEFAULT_LEAD_DAYS)
    }

    /// The same, from so many days ahead.
    pub const fn after(now: DateTime<Utc>, lead_days: i64) -> Self {
        Self {
            from: now,
            lead: Duration::days(lead_days),
            horizon: Duration::days(lead_days + LOOKED_AT_DAYS),
            wanted: 3..=6,
            minutes: 60,
            not_again: &[],
            apart: &[],
        }
    }

    /// Within which time slots are offered: as far as is looked at first, and at most.
    pub fn within(&self) -> (Interval, Interval) {
        let Self { from, lead, minutes, .. } = *self;
        let until = |horizon| Interval { start: from + lead, end: from + horizon + Duration::minutes(minutes.into()) };
        (until(self.horizon), until(further(self.horizon)))
    }
}

/// How badly a slot suits; less is better, and the order of the fields is the order of what matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Misfit {
    /// In whose night it lies.
    disturbed: usize,
    /// Whose time is taken then, by their own word.
    taken: usize,
    /// Who is not free then in a usual week.
    busy: usize,
}

#[derive(Clone, Copy)]
struct Candidate {
    slot: Slot,
    misfit: Misfit,
    /// For how many it begins when a part of their day does.
    usual: usize,
    /// Its day and part of the day in the zone of the slot.
    day: NaiveDate,
    part: Option<PartOfDay>,
}

/// As [`candidates`]; where somebody's time is taken as far as they look, they look further ahead.
pub fn candidates_further_ahead(people: &[Person<'_>], wishes: &Wishes) -> Vec<Slot> {
    let near = candidates(people, wishes);
    let suiting = |slots: &[Slot]| slots.iter().filter(|slot| suits(slot, people)).count();
    // Of a trip the time that is looked at first may hold the first hours only.
    let enough = if wishes.apart.is_empty() { 1 } else { *wishes.wanted.start() };
    if suiting(&near) >= enough {
        return near;
    }
    let further = Wishes { horizon: further(wishes.horizon), ..wishes.clone() };
    let far = candidates(people, &further);
    if suiting(&far) > suiting(&near) { far } else { near }
}

/// Whether it lies in nobody's night, and in nobody's time that is taken.
pub fn suits(slot: &Slot, people: &[Person<'_>]) -> bool {
    let Misfit { disturbed, taken, .. } = look_at(*slot, &kinds_of(people)).misfit;
    (disturbed, taken) == (0, 0)
}

fn further(horizon: Duration) -> Duration {
    horizon + Duration::days(FURTHER_DAYS)
}

/// Slots for these people, none overlapping another, in the order of time.
///
/// Those that suit all come first, then those that suit most. Up to the lower end of `wanted` worse ones fill up;
/// beyond it only such as suit as many as the best do, each on a day of its own. Among equals they spread over days,
/// over weekend and week, over weekdays and over parts of the day; then the earlier one wins. A slot's day and zone are
/// those of the zone in which most of the people are then, the first one's among equals.
///
/// No slot touches anybody's quiet hours, as long as any slot at all can avoid them: then there may be fewer than
/// wanted. Where none can (people all around the globe), those that disturb the fewest are taken. In the same way none
/// touches what is taken of anybody's time, as long as one is left that does not. Times that clocks skip are never
/// offered, of those that they show twice the first. Empty without people, and for wishes that nothing can meet.
pub fn candidates(people: &[Person<'_>], wishes: &Wishes) -> Vec<Slot> {
    let mut open = all(people, wishes);
    for harms in [|misfit: Misfit| misfit.disturbed > 0, |misfit: Misfit| misfit.taken > 0] {
        if open.iter().any(|candidate| !harms(candidate.misfit)) {
            open.retain(|candidate| !harms(candidate.misfit));
        }
    }
    let best_misfit = open.iter().map(|candidate| candidate.misfit).min();
    let mut chosen: Vec<Candidate> = Vec::new();
    while chosen.len() < *wishes.wanted.end() {
        let Some(best) = open.iter().min_by_key(|candidate| rank(candidate, &chosen)).copied() else { break };
        let another_good_day = Some(best.misfit) == best_misfit && chosen.iter().all(|other| other.day != best.day);
        if chosen.len() >= *wishes.wanted.start() && !another_good_day {
            break;
        }
        open.retain(|candidate| !candidate.slot.interval().overlaps(&best.slot.interval()));
        chosen.push(best);
    }
    let mut slots: Vec<Slot> = chosen.into_iter().map(|candidate| candidate.slot).collect();
    slots.sort_by_key(Slot::start);
    slots
}

/// The zone in which most of the people are then; the first one's among equals.
fn common_zone(kinds: &[(Person<'_>, usize)], at: DateTime<Utc>) -> Option<Tz> {
    let zones = || kinds.iter().map(|(person, count)| (person.zone_at(at), *count));
    let sharing = |zone: Tz| zones().filter(|(other, _)| *other == zone).map(|(_, count)| count).sum::<usize>();
    // The last of equals is the maximum, so look from the end.
    zones().rev().map(|(zone, _)| zone).max_by_key(|zone| sharing(*zone))
}

/// Every slot that may be offered at all.
fn all(people: &[Person<'_>], wishes: &Wishes) -> Vec<Candidate> {
    let Some((first, last)) = bounds(wishes) else { return Vec::new() };
    let kinds = kinds_of(people);
    let elsewhere = kinds.iter().flat_map(|(person, _)| person.elsewhere).map(|(_, zone)| *zone);
    let mut zones: Vec<Tz> = kinds.iter().map(|(person, _)| person.zone).chain(elsewhere).collect();
    zones.sort_by_key(|zone| zone.name());
    zones.dedup();
    let starts: BTreeSet<DateTime<Utc>> = zones.into_iter().flat_map(|zone| half_hours(first, last, zone)).collect();
    let mut closed: Vec<Interval> = wishes.not_again.iter().map(Slot::interval).collect();
    closed.extend(wishes.apart);
    starts
        .into_iter()
        .filter_map(|start| Slot::new(start, wishes.minutes, common_zone(&kinds, start)?).ok())
        .filter(|slot| !closed.iter().any(|interval| interval.overlaps(&slot.interval())))
        .map(|slot| look_at(slot, &kinds))
        .collect()
}

/// The first and the last moment at which a slot may begin.
fn bounds(wishes: &Wishes) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    let horizon = wishes.horizon.min(Duration::days(FURTHEST_DAYS));
    let first = wishes.from.checked_add_signed(wishes.lead.max(Duration::zero()))?;
    let last = wishes.from.checked_add_signed(horizon)?;
    (first <= last).then_some((first, last))
}

/// Each full and half hour that clocks in `zone` show between two moments.
fn half_hours(first: DateTime<Utc>, last: DateTime<Utc>, zone: Tz) -> impl Iterator<Item = DateTime<Utc>> {
    let (first_day, last_day) = (local(first, zone).date(), local(last, zone).date());
    let days = first_day.iter_days().take_while(move |date| *date <= last_day);
    days.flat_map(|date| {
        (0..24 * 60 / STEP_MINUTES).filter_map(move |step| {
            let time = NaiveTime::from_num_seconds_from_midnight_opt(step * STEP_MINUTES * 60, 0)?;
            Some(date.and_time(time))
        })
    })
    .filter_map(move |shown| zone.from_local_datetime(&shown).earliest().map(|at| at.to_utc()))
    .filter(move |at| (first..=last).contains(at))
}

/// The kinds of people and how many there are of each: a hundred alike cost as little as one.
fn kinds_of<'a>(people: &[Person<'a>]) -> Vec<(Person<'a>, usize)> {
    let mut kinds: Vec<(Person<'a>, usize)> = Vec::new();
    for person in people {
        match kinds.iter_mut().find(|(kind, _)| kind == person) {
            Some((_, count)) => *count += 1,
            None => kinds.push((*person, 1)),
        }
    }
    kinds
}

fn look_at(slot: Slot, kinds: &[(Person<'_>, usize)]) -> Candidate {
    let shown = slot.local_start();
    let mut candidate = Candidate {
        slot,
        misfit: Misfit { disturbed: 0, taken: 0, busy: 0 },
        usual: 0,
        day: shown.date(),
        part: PartOfDay::of(shown),
    };
    let step = Duration::minutes(LOOK_MINUTES.into());
    for (person, count) in kinds {
        let moments = std::iter::successors(Some(slot.start()), |at| at.checked_add_signed(step));
        let (mut disturbed, mut busy) = (false, false);
        for shown in moments.take_while(|at| *at < slot.end()).map(|at| person.shows(at)) {
            disturbed |= is_quiet_hour(shown.hour());
            busy |= !person.availability.covers(shown);
        }
        candidate.misfit.disturbed += if disturbed { *count } else { 0 };
        candidate.misfit.taken += if person.is_taken(&slot.interval()) { *count } else { 0 };
        candidate.misfit.busy += if busy { *count } else { 0 };
        candidate.usual += if begins_a_part(person.shows(slot.start())) { *count } else { 0 };
    }
    candidate
}

fn begins_a_part(shown: NaiveDateTime) -> bool {
    PartOfDay::of(shown).is_some_and(|part| shown.hour() * 60 + shown.minute() == part.starts())
}

fn is_weekend(day: NaiveDate) -> bool {
    matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
}

/// The order in which slots are taken, the least first, beside those already chosen.
fn rank(candidate: &Candidate, chosen: &[Candidate]) -> impl Ord + use<> {
    let count = |alike: &dyn Fn(&Candidate) -> bool| chosen.iter().filter(|other| alike(other)).count();
    let same_half = count(&|other| is_weekend(other.day) == is_weekend(candidate.day));
    let one_sided = !chosen.is_empty() && same_half == chosen.len();
    (
        candidate.misfit,
        count(&|other| other.day == candidate.day),
        one_sided,
        count(&|other| other.day.weekday() == candidate.day.weekday()),
        Reverse(candidate.usual),
        count(&|other| other.part == candidate.part),
        candidate.slot.start(),
    )
}

#[cfg(test)]
mod tests;
