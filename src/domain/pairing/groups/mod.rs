//! Tables of more than two: of all ways to seat these people one whose ties inside weigh nearly the most together, by the
//! walls of [`Hall`]. `docs/GROUPS.md` has the equation, the rules and what was measured.
//!
//! The exact matching gives the first pairs, which grow into tables ([`build`]); then a few tables at a time, neighbours by
//! their ties, are seated anew wherever that weighs more ([`search`], [`circle`]). No exact method is known that is fast:
//! already for tables of three the question is NP-hard.
//!
//! The same input gives the same output: the dice have a fixed seed, and whatever ties is decided by the order of people.

mod build;
mod circle;
mod hall;
mod last_chairs;
mod search;
mod seats;
mod size;
#[cfg(test)]
mod tests;
mod told;

use std::cmp::Reverse;
use std::collections::BTreeSet;

use chrono::{DateTime, Duration, Utc};

use super::Edge;
use super::matching::{self, MAX_WEIGHT};
use crate::domain::ids::{Pair, UserId};

pub use hall::{Hall, Rules};
pub use size::{NoSize, Size};
pub use told::reasons;

/// A tie of this weight is strong: what two messages each way within one week weigh. Two who are worth an ask of their own
/// are no strangers at a table; each person has one such tie there. What lowers it further (suggested in vain, met lately, far
/// apart) makes it too weak to hold somebody at a table.
pub const STRONG: i64 = 800;
/// What a taken seat is worth beside the ties: two messages, so that somebody who wanted to come is not left over for a
/// little more weight elsewhere.
pub const SEAT: i64 = 2000;

/// So long somebody is new.
const NEW_FOR: Duration = Duration::weeks(4);

/// Whether somebody who joined then is a newcomer: not long ago, and not with the first, where `first` is when the first of all
/// joined. While all are new, nobody is.
pub fn is_newcomer(joined: DateTime<Utc>, first: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    joined > now - NEW_FOR && joined > first + NEW_FOR
}

/// What a seating looks at beside the ties.
#[derive(Clone, Copy)]
pub struct Beside<'a> {
    /// Who is new here: one at a table at most.
    pub newcomers: &'a BTreeSet<UserId>,
    /// Who never sit at one table.
    pub avoided: &'a BTreeSet<Pair>,
    /// Who have met lately: a table needs two who have not.
    pub met: &'a BTreeSet<Pair>,
    /// Whether these can all come to one place, or into one call. Of those who can, any part can too.
    pub reach: &'a dyn Fn(&[UserId]) -> bool,
}

/// People who should meet together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// By their ids.
    pub people: Vec<UserId>,
    /// The places of the ties among them, heaviest first.
    pub ties: Vec<usize>,
    /// The sum of these.
    pub weight: i64,
}

/// Seats people at tables of this size, heaviest table first, nobody twice. Ties that weigh nothing count as none; of several ties
/// of one pair the heaviest counts. The order of `edges` makes no difference.
pub fn tables(edges: &[Edge], beside: Beside<'_>, size: Size) -> Vec<Table> {
    let mut places: Vec<usize> = (0..edges.len()).filter(|place| edges[*place].weight > 0).collect();
    places.sort_by_key(|place| (edges[*place].pair, Reverse(edges[*place].weight)));
    places.dedup_by_key(|place| edges[*place].pair);
    let mut people: Vec<UserId> = places.iter().flat_map(|place| edges[*place].pair.both()).collect();
    people.sort_unstable();
    people.dedup();
    let number = |user| people.binary_search(&user).ok().and_then(|place| u32::try_from(place).ok());
    let numbered: Vec<matching::Edge> = places
        .iter()
        // 18 billion messages are as good as more.
        .map(|place| (edges[*place].pair, edges[*place].weight.min(MAX_WEIGHT / 4)))
        .filter_map(|(pair, weight)| Some(matching::Edge { ends: ends(pair, number)?, weight }))
        .collect();
    let reach = |table: &[u32]| {
        let table: Vec<UserId> = table.iter().map(|one| people[*one as usize]).collect();
        (beside.reach)(&table)
    };
    let mut hall = Hall::new(people.len(), &numbered, Rules::of(size), &reach);
    beside.avoided.iter().filter_map(|pair| ends(*pair, number)).for_each(|pair| hall.keep_apart(pair));
    beside.met.iter().filter_map(|pair| ends(*pair, number)).for_each(|pair| hall.have_met(pair));
    beside.newcomers.iter().filter_map(|user| number(*user)).for_each(|one| hall.is_new(one));
    let named = |table: Vec<u32>| table.iter().map(|one| people[*one as usize]).collect();
    let mut tables: Vec<Table> =
        seat(&hall).into_iter().map(|table| Table { people: named(table), ties: Vec::new(), weight: 0 }).collect();
    lay(&mut tables, edges, &places);
    tables
}

/// Seats numbered people; each table by their numbers.
pub fn seat(hall: &Hall<'_>) -> Vec<Vec<u32>> {
    let mut seats = seat_by_size(hall);
    last_chairs::add(hall, &mut seats);
    seats.into_tables()
}

/// Without a further chair at any table.
fn seat_by_size(hall: &Hall<'_>) -> seats::Seats {
    let mut seats = build::first_tables(hall);
    search::improve(hall, &mut seats);
    seats
}

/// Puts the ties upon the tables, and the heaviest table first.
fn lay(tables: &mut [Table], edges: &[Edge], places: &[usize]) {
    let mut at: Vec<(UserId, usize)> = Vec::new();
    for (index, table) in tables.iter().enumerate() {
        at.extend(table.people.iter().map(|user| (*user, index)));
    }
    at.sort_unstable();
    let table_of = |user| at.binary_search_by_key(&user, |(other, _)| *other).ok().map(|place| at[place].1);
    for place in places {
        let [one, other] = edges[*place].pair.both().map(table_of);
        if let Some(index) = one.filter(|_| one == other) {
            tables[index].ties.push(*place);
            tables[index].weight = tables[index].weight.saturating_add(edges[*place].weight);
        }
    }
    for table in tables.iter_mut() {
        table.ties.sort_by_key(|place| (Reverse(edges[*place].weight), edges[*place].pair));
    }
    tables.sort_by(|one, other| other.weight.cmp(&one.weight).then_with(|| one.people.cmp(&other.people)));
}

fn ends(pair: Pair, number: impl Fn(UserId) -> Option<u32>) -> Option<[u32; 2]> {
    let [one, other] = pair.both().map(number);
    Some([one?, other?])
}
