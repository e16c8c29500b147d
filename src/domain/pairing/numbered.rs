//! People as the solvers want them: by number, and of several edges of one pair the heaviest.

use std::cmp::Reverse;

use super::Edge;
use super::matching::{self, MAX_WEIGHT};
use crate::domain::ids::{Pair, UserId};

/// Edges among people who are numbered in the order of their ids.
pub(super) struct Numbered {
    pub(super) people: Vec<UserId>,
    /// The places of the edges that count, in the order of their pairs.
    pub(super) places: Vec<usize>,
}

impl Numbered {
    /// Edges that weigh nothing count as none. The order of `edges` makes no difference.
    pub(super) fn of(edges: &[Edge]) -> Self {
        let mut places: Vec<usize> = (0..edges.len()).filter(|place| edges[*place].weight > 0).collect();
        places.sort_by_key(|place| (edges[*place].pair, Reverse(edges[*place].weight)));
        places.dedup_by_key(|place| edges[*place].pair);
        let mut people: Vec<UserId> = places.iter().flat_map(|place| edges[*place].pair.both()).collect();
        people.sort_unstable();
        people.dedup();
        Self { people, places }
    }

    /// `None` of somebody who has no edge.
    pub(super) fn number(&self, user: UserId) -> Option<u32> {
        self.people.binary_search(&user).ok().and_then(|place| u32::try_from(place).ok())
    }

    pub(super) fn ends(&self, pair: Pair) -> Option<[u32; 2]> {
        let [one, other] = pair.both().map(|user| self.number(user));
        Some([one?, other?])
    }

    /// One for each place.
    pub(super) fn edges(&self, edges: &[Edge]) -> Vec<matching::Edge> {
        let edge = |edge: &Edge| {
            let ends = self.ends(edge.pair).unwrap_or_default();
            // 18 trillion messages are as good as more.
            matching::Edge { ends, weight: edge.weight.min(MAX_WEIGHT / 4) }
        };
        self.places.iter().map(|place| edge(&edges[*place])).collect()
    }
}
