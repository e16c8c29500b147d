//! The first tables: the pairs of the exact matching, heaviest first, and each grows by whoever it pulls the most, with
//! their own partner where there is room for two.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::circle::Circle;
use super::hall::{Bond, Hall};
use super::matching;
use super::seats::Seats;

pub(super) fn first_tables(hall: &Hall<'_>) -> Seats {
    let mut seats = Seats::new(hall.people());
    let pairs = matched(hall);
    let mut partner = vec![None; hall.people() as usize];
    for [one, other] in &pairs {
        partner[*one as usize] = Some(*other);
        partner[*other as usize] = Some(*one);
    }
    for pair in pairs {
        if pair.iter().all(|one| seats.at(*one).is_none()) {
            let table = grow(hall, &seats, &partner, pair.to_vec());
            let circle = Circle::new(hall, &table);
            if circle.may_be(circle.everybody()) {
                seats.add(table);
            }
        }
    }
    seats
}

/// Pairs by strong ties, such as a table could begin with, that weigh the most together; heaviest first.
fn matched(hall: &Hall<'_>) -> Vec<[u32; 2]> {
    let are_all = hall.rules.size.most() == 2;
    let mut edges = Vec::new();
    for one in 0..hall.people() {
        for bond in hall.around(one).iter().filter(|bond| bond.other > one && bond.strong) {
            let ends = [one, bond.other];
            let circle = Circle::new(hall, &ends);
            let two = circle.everybody();
            if if are_all { circle.may_be(two) } else { circle.stands(two) } {
                let seats = if are_all { 2 * hall.rules.seat } else { 0 };
                edges.push(matching::Edge { ends, weight: bond.weight + seats });
            }
        }
    }
    // Refused is only what billions of ties would bring.
    let Ok(matching) = matching::heaviest(hall.ties.len(), &edges) else { return Vec::new() };
    let mut chosen: Vec<_> = matching.chosen.into_iter().map(|place| edges[place]).collect();
    chosen.sort_by_key(|edge| (Reverse(edge.weight), edge.ends));
    chosen.into_iter().map(|edge| edge.ends).collect()
}

fn grow(hall: &Hall<'_>, seats: &Seats, partner: &[Option<u32>], mut table: Vec<u32>) -> Vec<u32> {
    let most = usize::from(hall.rules.size.most());
    let mut refused: BTreeSet<u32> = BTreeSet::new();
    while table.len() < most {
        let mut fits: Option<Vec<u32>> = None;
        for next in by_pull(hall, seats, &table, &refused) {
            let with = partner[next as usize].filter(|one| seats.at(*one).is_none() && table.len() + 2 <= most);
            let more: Vec<u32> = [Some(next), with.filter(|one| !table.contains(one))].into_iter().flatten().collect();
            fits = [&more[..], &more[..1]].into_iter().map(<[u32]>::to_vec).find(|more| {
                let wider = [&table[..], more].concat();
                let circle = Circle::new(hall, &wider);
                circle.stands(circle.everybody())
            });
            if fits.is_some() {
                break;
            }
            refused.insert(next);
        }
        let Some(more) = fits else { break };
        table.extend(more);
    }
    table
}

/// Who sits nowhere and has ties to this table, but for the refused; whoever pulls the most first. Sorted once for each that
/// sits down, since somebody known to thousands may have to refuse most of them.
fn by_pull(hall: &Hall<'_>, seats: &Seats, table: &[u32], refused: &BTreeSet<u32>) -> Vec<u32> {
    let mut pulls: BTreeMap<u32, i64> = BTreeMap::new();
    for Bond { other, weight, .. } in table.iter().flat_map(|one| hall.around(*one)) {
        if seats.at(*other).is_none() && !table.contains(other) && !refused.contains(other) {
            *pulls.entry(*other).or_default() += weight;
        }
    }
    let mut all: Vec<(u32, i64)> = pulls.into_iter().collect();
    all.sort_by_key(|(one, pull)| (Reverse(*pull), *one));
    all.into_iter().map(|(one, _)| one).collect()
}
