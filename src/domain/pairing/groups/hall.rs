//! Everybody who could be seated, by number: ties, walls, sizes.

use super::size::Size;
use super::{SEAT, STRONG, matching};

/// What a table has to be, and what it is worth beside its ties.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    pub size: Size,
    /// The least weight of a strong tie.
    pub strong: i64,
    /// What each taken seat adds.
    pub seat: i64,
}

impl Rules {
    pub const fn of(size: Size) -> Self {
        Self { size, strong: STRONG, seat: SEAT }
    }
}

/// People numbered from 0, and what holds between them. A table keeps these walls:
///
/// - as many as [`Size`] says, and one more only where that seats somebody who would be left over;
/// - no two who are kept apart, and all within reach;
/// - two at least who have not met lately;
/// - one newcomer at most;
/// - a strong tie for each: between settled people, that is such as are not new; a newcomer needs any tie to one of them, who
///   so is the bridge to the others. Two alone need a strong tie.
pub struct Hall<'a> {
    pub(super) rules: Rules,
    pub(super) ties: Vec<Vec<(u32, i64)>>,
    pub(super) newcomers: Vec<bool>,
    pub(super) reach: &'a dyn Fn(&[u32]) -> bool,
    apart: Vec<Vec<u32>>,
    met: Vec<Vec<u32>>,
}

impl<'a> Hall<'a> {
    /// Nobody is new, has met or is kept apart yet. Edges that weigh nothing are no ties; those that end nowhere, or where
    /// they begin, are passed over; of several between the same two the heaviest counts.
    pub fn new(people: usize, edges: &[matching::Edge], rules: Rules, reach: &'a dyn Fn(&[u32]) -> bool) -> Self {
        let mut ties = vec![Vec::new(); people];
        for edge in edges.iter().filter(|edge| edge.weight > 0 && edge.ends[0] != edge.ends[1]) {
            if edge.ends.iter().all(|end| (*end as usize) < people) {
                let [one, other] = edge.ends;
                ties[one as usize].push((other, edge.weight));
                ties[other as usize].push((one, edge.weight));
            }
        }
        for list in &mut ties {
            list.sort_unstable_by_key(|(other, weight)| (*other, std::cmp::Reverse(*weight)));
            list.dedup_by_key(|(other, _)| *other);
        }
        let (newcomers, apart, met) = (vec![false; people], vec![Vec::new(); people], vec![Vec::new(); people]);
        Self { rules, ties, newcomers, reach, apart, met }
    }

    pub fn keep_apart(&mut self, pair: [u32; 2]) {
        note(&mut self.apart, pair);
    }

    pub fn have_met(&mut self, pair: [u32; 2]) {
        note(&mut self.met, pair);
    }

    pub fn is_new(&mut self, one: u32) {
        self.newcomers[one as usize] = true;
    }

    pub(super) fn people(&self) -> u32 {
        number(self.ties.len())
    }

    pub(super) fn around(&self, one: u32) -> &[(u32, i64)] {
        &self.ties[one as usize]
    }

    /// Looked up from the one who knows fewer.
    pub(super) fn weight(&self, one: u32, other: u32) -> i64 {
        let (few, many) = (&self.ties[one as usize], &self.ties[other as usize]);
        let (list, wanted) = if few.len() <= many.len() { (few, other) } else { (many, one) };
        list.binary_search_by_key(&wanted, |(other, _)| *other).map_or(0, |place| list[place].1)
    }

    pub(super) fn are_apart(&self, one: u32, other: u32) -> bool {
        self.apart[one as usize].contains(&other)
    }

    pub(super) fn met(&self, one: u32, other: u32) -> bool {
        self.met[one as usize].contains(&other)
    }
}

fn note(lists: &mut [Vec<u32>], [one, other]: [u32; 2]) {
    lists[one as usize].push(other);
    lists[other as usize].push(one);
}

/// As the matching counts people: beyond what it takes there are none.
pub(super) fn number(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}
