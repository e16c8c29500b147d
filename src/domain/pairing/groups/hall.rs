//! Everybody who could be seated, by number: ties, walls, sizes.

use super::SEAT;
use super::matching::MAX_WEIGHT;
use super::size::Size;

/// What a table has to be, and what it is worth beside its ties.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    pub size: Size,
    /// What each taken seat adds.
    pub seat: i64,
}

impl Rules {
    pub const fn of(size: Size) -> Self {
        Self { size, seat: SEAT }
    }
}

/// Two numbered people who have a tie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tie {
    pub ends: [u32; 2],
    pub weight: i64,
    /// Whether it keeps somebody from sitting among strangers.
    pub strong: bool,
}

/// What somebody has with one other.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Bond {
    pub(super) other: u32,
    pub(super) weight: i64,
    pub(super) strong: bool,
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
    pub(super) ties: Vec<Vec<Bond>>,
    pub(super) newcomers: Vec<bool>,
    pub(super) reach: &'a dyn Fn(&[u32]) -> bool,
    apart: Vec<Vec<u32>>,
    met: Vec<Vec<u32>>,
}

impl<'a> Hall<'a> {
    /// Nobody is new, has met or is kept apart yet. What weighs nothing is no tie; ties that end nowhere, or where they
    /// begin, are passed over; of several between the same two the heaviest counts. One of 18 trillion messages is as good
    /// as a heavier one, so that no sum overflows.
    pub fn new(people: usize, all: &[Tie], rules: Rules, reach: &'a dyn Fn(&[u32]) -> bool) -> Self {
        let mut ties = vec![Vec::new(); people];
        for tie in all.iter().filter(|tie| tie.weight > 0 && tie.ends[0] != tie.ends[1]) {
            let Tie { ends: [one, other], weight, strong } = *tie;
            if tie.ends.iter().all(|end| (*end as usize) < people) {
                let weight = weight.min(MAX_WEIGHT / 4);
                ties[one as usize].push(Bond { other, weight, strong });
                ties[other as usize].push(Bond { other: one, weight, strong });
            }
        }
        for list in &mut ties {
            list.sort_unstable_by_key(|bond| (bond.other, std::cmp::Reverse(bond.weight), !bond.strong));
            list.dedup_by_key(|bond| bond.other);
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

    pub(super) fn around(&self, one: u32) -> &[Bond] {
        &self.ties[one as usize]
    }

    /// Looked up from the one who knows fewer.
    pub(super) fn bond(&self, one: u32, other: u32) -> Bond {
        let (few, many) = (&self.ties[one as usize], &self.ties[other as usize]);
        let (list, wanted) = if few.len() <= many.len() { (few, other) } else { (many, one) };
        list.binary_search_by_key(&wanted, |bond| bond.other).map_or_else(|_| Bond::default(), |place| list[place])
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
