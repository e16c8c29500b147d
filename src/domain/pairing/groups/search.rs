//! Better seats: a few tables at a time, neighbours by their ties, are seated anew where that is worth more.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::circle::{Circle, MOST_TOGETHER, Mask, bit};
use super::hall::Hall;
use super::seats::Seats;

/// The dice of the search: any fixed number, so that the same people are seated in the same way.
const SEED: u64 = 4;
/// How often each table, and each one left over, is the middle of a circle: at most, and at most without any gain.
const PASSES: usize = 48;
const IDLE_PASSES: usize = 16;
/// Once so many circles have been looked at, the pass that looks at them is the last: what fits into a second or two for tens of thousands of people.
const MOST_CIRCLES: usize = 24_000;
/// Fresh seatings tried of one circle.
const FRESH: usize = 2;
/// Left over people taken into a circle of tables.
const LEFT_OVER: usize = 6;

pub(super) fn improve(hall: &Hall<'_>, seats: &mut Seats) {
    let mut dice = ChaCha8Rng::seed_from_u64(SEED);
    let (mut circles, mut idle) = (0, 0);
    for _ in 0..PASSES {
        let mut gained = false;
        for index in seats.all() {
            if !seats.table(index).is_empty() {
                let middle = seats.table(index).to_vec();
                gained |= look(hall, seats, middle, &mut dice);
                circles += 1;
            }
        }
        let left_over: Vec<u32> = seats.left_over().filter(|one| !hall.around(*one).is_empty()).collect();
        for one in left_over {
            if seats.at(one).is_none() {
                gained |= look(hall, seats, vec![one], &mut dice);
                circles += 1;
            }
        }
        idle = if gained { 0 } else { idle + 1 };
        if circles >= MOST_CIRCLES || idle >= IDLE_PASSES {
            break;
        }
    }
}

/// Seats a circle around these people anew, where that is worth more; whether it was.
fn look(hall: &Hall<'_>, seats: &mut Seats, middle: Vec<u32>, dice: &mut ChaCha8Rng) -> bool {
    let people = gather(hall, seats, middle, dice);
    let circle = Circle::new(hall, &people);
    let (indices, before) = as_they_sit(seats, &people);
    let mut best = before.clone();
    circle.improve(&mut best);
    for _ in 0..FRESH {
        let mut tables = circle.seat_anew(circle.everybody(), dice);
        circle.improve(&mut tables);
        let free = tables.iter().fold(circle.everybody(), |free, table| free & !table);
        tables.extend(circle.seat_anew(free, dice));
        if circle.worth(&tables) > circle.worth(&best) {
            best = tables;
        }
    }
    let gained = circle.worth(&best) > circle.worth(&before);
    if gained {
        for index in indices {
            seats.clear(index);
        }
        for table in best {
            seats.add(circle.named(table));
        }
    }
    gained
}

/// These people, one or two tables that ties lead to, and some of their friends who are left over.
fn gather(hall: &Hall<'_>, seats: &Seats, middle: Vec<u32>, dice: &mut ChaCha8Rng) -> Vec<u32> {
    let mut people = middle;
    let more = dice.random_range(1..=2);
    let mut found = 0;
    for _ in 0..4 * more {
        let one = people[dice.random_range(0..people.len())];
        let ties = hall.around(one);
        if found == more || ties.is_empty() {
            break;
        }
        // The heavier of two, since that is where something can be gained.
        let draw = [0; 2].map(|_| ties[dice.random_range(0..ties.len())]);
        let other = if draw[0].weight >= draw[1].weight { draw[0] } else { draw[1] }.other;
        if people.contains(&other) {
            continue;
        }
        found += 1;
        match seats.at(other) {
            Some(index) if people.len() + seats.table(index).len() <= MOST_TOGETHER => {
                people.extend(seats.table(index));
            }
            None if people.len() < MOST_TOGETHER => people.push(other),
            Some(_) | None => {}
        }
    }
    let room = (people.len() + LEFT_OVER).min(MOST_TOGETHER);
    for place in 0..people.len() {
        for bond in hall.around(people[place]) {
            if people.len() >= room {
                return people;
            }
            if seats.at(bond.other).is_none() && !people.contains(&bond.other) {
                people.push(bond.other);
            }
        }
    }
    people
}

/// The tables of these people, whole ones all, and as masks of the circle.
fn as_they_sit(seats: &Seats, people: &[u32]) -> (Vec<u32>, Vec<Mask>) {
    let mut tables: Vec<(u32, Mask)> = Vec::new();
    for (place, one) in people.iter().enumerate() {
        let Some(index) = seats.at(*one) else { continue };
        match tables.iter_mut().find(|(other, _)| *other == index) {
            Some((_, mask)) => *mask |= bit(place),
            None => tables.push((index, bit(place))),
        }
    }
    tables.into_iter().unzip()
}
