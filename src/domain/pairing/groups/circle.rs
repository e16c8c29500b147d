//! A few people taken together, each a bit of a mask: small enough to try many seatings in a moment.

mod better;
mod fresh;

use super::hall::{Bond, Hall, Rules};

/// People of a circle.
pub(super) type Mask = u32;

/// The most people of a circle.
pub(super) const MOST_TOGETHER: usize = Mask::BITS as usize;

pub(super) struct Circle<'h> {
    hall: &'h Hall<'h>,
    people: &'h [u32],
    weights: Vec<[i64; MOST_TOGETHER]>,
    /// Whom each one has any tie with, a strong one, may not sit with, has met.
    ties: Vec<Mask>,
    strong: Vec<Mask>,
    apart: Vec<Mask>,
    met: Vec<Mask>,
    newcomers: Mask,
}

/// The people of a mask, by their place in the circle.
pub(super) fn of(mask: Mask) -> impl Iterator<Item = usize> + Clone {
    std::iter::successors(Some(mask), |rest| Some(rest & rest.wrapping_sub(1)))
        .take_while(|rest| *rest != 0)
        .map(|rest| rest.trailing_zeros() as usize)
}

pub(super) const fn bit(one: usize) -> Mask {
    1 << one
}

impl<'h> Circle<'h> {
    /// Of at most [`MOST_TOGETHER`] people, none twice.
    pub(super) fn new(hall: &'h Hall<'h>, people: &'h [u32]) -> Self {
        let mut circle = Self {
            hall,
            people,
            weights: vec![[0; MOST_TOGETHER]; people.len()],
            ties: vec![0; people.len()],
            strong: vec![0; people.len()],
            apart: vec![0; people.len()],
            met: vec![0; people.len()],
            newcomers: 0,
        };
        for (index, one) in people.iter().enumerate() {
            circle.newcomers |= bit(index) * Mask::from(hall.newcomers[*one as usize]);
            for (before, other) in people[..index].iter().enumerate() {
                circle.note(index, before, hall.bond(*one, *other));
                for (here, there) in [(index, before), (before, index)] {
                    circle.apart[here] |= bit(there) * Mask::from(hall.are_apart(*one, *other));
                    circle.met[here] |= bit(there) * Mask::from(hall.met(*one, *other));
                }
            }
        }
        circle
    }

    fn note(&mut self, one: usize, other: usize, bond: Bond) {
        for (here, there) in [(one, other), (other, one)] {
            self.weights[here][there] = bond.weight;
            self.ties[here] |= bit(there) * Mask::from(bond.weight > 0);
            self.strong[here] |= bit(there) * Mask::from(bond.strong);
        }
    }

    const fn rules(&self) -> Rules {
        self.hall.rules
    }

    pub(super) fn everybody(&self) -> Mask {
        (0..self.people.len()).fold(0, |mask, one| mask | bit(one))
    }

    pub(super) fn named(&self, mask: Mask) -> Vec<u32> {
        of(mask).map(|one| self.people[one]).collect()
    }

    /// What ties one to those of a table.
    pub(super) fn pull(&self, one: usize, table: Mask) -> i64 {
        of(table).map(|other| self.weights[one][other]).sum()
    }

    /// The ties inside of all tables, and their seats.
    pub(super) fn worth(&self, tables: &[Mask]) -> i64 {
        let seats: u32 = tables.iter().map(|table| table.count_ones()).sum();
        let twice: i64 = tables.iter().flat_map(|table| of(*table).map(|one| self.pull(one, *table))).sum();
        twice / 2 + i64::from(seats) * self.rules().seat
    }

    /// Whether these may be a table by all walls of the hall.
    pub(super) fn may_be(&self, table: Mask) -> bool {
        self.rules().size.holds(table.count_ones() as usize) && self.keeps_the_walls(table)
    }

    /// Whether these may be a table, as far as their number makes no difference.
    pub(super) fn keeps_the_walls(&self, table: Mask) -> bool {
        of(table).any(|one| (self.met[one] | bit(one)) & table != table) && self.stands(table)
    }

    /// Whether these could be part of a table, or one where some of them have not met.
    pub(super) fn stands(&self, table: Mask) -> bool {
        let settled = table & !self.newcomers;
        let is_pair = table.count_ones() == 2;
        (table & self.newcomers).count_ones() <= 1
            && of(table).all(|one| {
                let held = if is_pair {
                    self.strong[one] & table
                } else if settled & bit(one) != 0 {
                    self.strong[one] & settled
                } else {
                    self.ties[one] & settled
                };
                held != 0 && self.apart[one] & table == 0
            })
            && (self.hall.reach)(&self.named(table))
    }

    /// Whether one could sit down at a growing table: a quick look, before it is judged as a whole.
    fn might_join(&self, one: usize, table: Mask) -> bool {
        let settled = table & !self.newcomers;
        let is_new = self.newcomers & bit(one) != 0;
        let held = if is_new { self.ties[one] } else { self.strong[one] };
        held & settled != 0 && self.apart[one] & table == 0 && !(is_new && settled != table)
    }
}
