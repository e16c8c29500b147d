//! The last chairs: nobody is left over who could sit down at a table as it stands. Where one number was asked for, it takes
//! one chair more: at pairs somebody makes it three.

use std::cmp::Reverse;

use super::circle::Circle;
use super::hall::Hall;
use super::seats::Seats;

/// Until nobody finds a chair: whoever sits down may be the friend that somebody else needs.
pub(super) fn add(hall: &Hall<'_>, seats: &mut Seats) {
    loop {
        let mut found = false;
        let left_over: Vec<u32> = seats.left_over().collect();
        for one in left_over {
            if let Some(index) = chair(hall, seats, one) {
                seats.take_in(one, index);
                found = true;
            }
        }
        if !found {
            return;
        }
    }
}

/// The table that pulls somebody the most, of those that have a chair for them.
fn chair(hall: &Hall<'_>, seats: &Seats, one: u32) -> Option<u32> {
    let mut tables: Vec<u32> = hall.around(one).iter().filter_map(|bond| seats.at(bond.other)).collect();
    tables.sort_unstable();
    tables.dedup();
    tables.retain(|index| seats.table(*index).len() < usize::from(hall.rules.size.with_a_chair_more()));
    let pull = |index: &u32| seats.table(*index).iter().map(|other| hall.bond(one, *other).weight).sum::<i64>();
    tables.sort_by_cached_key(|index| Reverse(pull(index)));
    tables.into_iter().find(|index| {
        let wider = [seats.table(*index), &[one]].concat();
        let circle = Circle::new(hall, &wider);
        circle.keeps_the_walls(circle.everybody())
    })
}
