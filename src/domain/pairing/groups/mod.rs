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
use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Duration, Utc};

use super::numbered::Numbered;
use super::{Edge, matching};
use crate::domain::ids::{Pair, UserId};

pub use hall::{Hall, Rules, Tie};
pub use size::{NoSize, Size};
pub use told::reasons;

/// Talk of this much is a strong tie: what two messages each way within one week come to. Two who are worth an ask of their
/// own are no strangers at a table; each person has one such tie there. What lowers it further (suggested in vain, met
/// lately, far apart) makes it too weak to hold somebody at a table; what is added to a weight (waiting, a wish) makes
/// nobody better known.
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
    let numbered = Numbered::of(edges);
    let heaviest = numbered.places.iter().map(|place| &edges[*place]);
    let ties: Vec<Tie> = heaviest
        .filter_map(|edge| {
            let (ends, strong) = (numbered.ends(edge.pair)?, edge.talk >= STRONG);
            Some(Tie { ends, weight: edge.weight, strong })
        })
        .collect();
    let named = |table: &[u32]| -> Vec<UserId> { table.iter().map(|one| numbered.people[*one as usize]).collect() };
    let reach = |table: &[u32]| (beside.reach)(&named(table));
    let mut hall = Hall::new(numbered.people.len(), &ties, Rules::of(size), &reach);
    beside.avoided.iter().filter_map(|pair| numbered.ends(*pair)).for_each(|pair| hall.keep_apart(pair));
    beside.met.iter().filter_map(|pair| numbered.ends(*pair)).for_each(|pair| hall.have_met(pair));
    beside.newcomers.iter().filter_map(|user| numbered.number(*user)).for_each(|one| hall.is_new(one));
    let seated = seat(&hall);
    let inside = inside(&seated, ties.iter().map(|tie| tie.ends));
    let mut tables: Vec<Table> = Vec::with_capacity(seated.len());
    for (table, inside) in seated.iter().zip(inside) {
        let mut ties: Vec<usize> = inside.into_iter().map(|place| numbered.places[place]).collect();
        ties.sort_by_key(|place| (Reverse(edges[*place].weight), edges[*place].pair));
        let weight = ties.iter().fold(0_i64, |sum, place| sum.saturating_add(edges[*place].weight));
        tables.push(Table { people: named(table), ties, weight });
    }
    tables.sort_by(|one, other| other.weight.cmp(&one.weight).then_with(|| one.people.cmp(&other.people)));
    tables
}

/// For each table the places of those of these ties (by their ends) that lie within it.
pub fn inside(tables: &[Vec<u32>], ends: impl IntoIterator<Item = [u32; 2]>) -> Vec<Vec<usize>> {
    let mut at = HashMap::new();
    for (index, table) in tables.iter().enumerate() {
        at.extend(table.iter().map(|one| (*one, index)));
    }
    let mut inside = vec![Vec::new(); tables.len()];
    for (place, ends) in ends.into_iter().enumerate() {
        if let [Some(one), Some(other)] = ends.map(|end| at.get(&end))
            && one == other
        {
            inside[*one].push(place);
        }
    }
    inside
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
