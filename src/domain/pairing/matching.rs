//! Which pairs to suggest at once, so that nobody is in two of them and the ties chosen weigh much together.
//!
//! The heaviest pair first, and the next heaviest of those left; then exchanges, as long as one gains: a pair comes
//! in, the partners whom it frees are joined with each other or with somebody left over. That is no maximum (three
//! pairs exchanged at once may still gain), but never less than the greedy choice.

use std::collections::{BTreeMap, HashMap};

use super::Edge;
use crate::domain::ids::{Pair, UserId};

/// Rounds of exchanges; each only gains, and in practice the second finds nothing more.
const MOST_ROUNDS: usize = 16;

/// The places in `edges` of the chosen ones, heaviest first. Edges that weigh nothing are never chosen; of several
/// edges of one pair the heaviest counts. The order of `edges` makes no difference to the pairs chosen.
pub fn heaviest(edges: &[Edge]) -> Vec<usize> {
    let mut matching = Matching::greedy(edges);
    for _ in 0..MOST_ROUNDS {
        let gained = (0..matching.ranked.len()).filter(|rank| matching.exchange(*rank)).count();
        if gained == 0 {
            break;
        }
    }
    matching.chosen()
}

/// Edges are known by their rank: 0 is the heaviest.
struct Matching<'a> {
    edges: &'a [Edge],
    ranked: Vec<usize>,
    /// The ranks of a person's edges, heaviest first.
    of_person: BTreeMap<UserId, Vec<usize>>,
    of_pair: HashMap<Pair, usize>,
    /// The rank of the edge that a person is matched by.
    taken: BTreeMap<UserId, usize>,
}

impl<'a> Matching<'a> {
    fn greedy(edges: &'a [Edge]) -> Self {
        let mut ranked: Vec<usize> = (0..edges.len()).filter(|place| edges[*place].weight > 0).collect();
        ranked.sort_by_key(|place| (std::cmp::Reverse(edges[*place].weight), edges[*place].pair));
        let mut matching =
            Self { edges, ranked, of_person: BTreeMap::new(), of_pair: HashMap::new(), taken: BTreeMap::new() };
        for rank in 0..matching.ranked.len() {
            let pair = matching.pair(rank);
            if matching.of_pair.contains_key(&pair) {
                continue;
            }
            matching.of_pair.insert(pair, rank);
            for user in pair.both() {
                matching.of_person.entry(user).or_default().push(rank);
            }
            if pair.both().iter().all(|user| !matching.taken.contains_key(user)) {
                matching.take(rank);
            }
        }
        matching
    }

    fn pair(&self, rank: usize) -> Pair {
        self.edges[self.ranked[rank]].pair
    }

    fn weight(&self, rank: usize) -> i64 {
        self.edges[self.ranked[rank]].weight
    }

    fn take(&mut self, rank: usize) {
        for user in self.pair(rank).both() {
            self.taken.insert(user, rank);
        }
    }

    fn leave(&mut self, rank: usize) {
        for user in self.pair(rank).both() {
            self.taken.remove(&user);
        }
    }

    /// Brings the edge in, if that gains; says whether it did.
    fn exchange(&mut self, coming: usize) -> bool {
        let pair = self.pair(coming);
        if self.of_pair.get(&pair) != Some(&coming) {
            return false;
        }
        let mut going: Vec<usize> = pair.both().iter().filter_map(|user| self.taken.get(user).copied()).collect();
        if going.contains(&coming) {
            return false;
        }
        going.dedup();
        let freed: Vec<UserId> =
            going.iter().flat_map(|rank| self.pair(*rank).both()).filter(|user| !pair.contains(*user)).collect();
        let joined = self.joined(&freed, pair);
        let gain = self.sum(&joined) + self.weight(coming) - self.sum(&going);
        if gain <= 0 {
            return false;
        }
        for rank in going {
            self.leave(rank);
        }
        for rank in std::iter::once(coming).chain(joined) {
            self.take(rank);
        }
        true
    }

    fn sum(&self, ranks: &[usize]) -> i64 {
        ranks.iter().fold(0, |sum, rank| sum.saturating_add(self.weight(*rank)))
    }

    /// The best edges found for the freed: with each other, or each with somebody left over, `coming` excepted.
    fn joined(&self, freed: &[UserId], coming: Pair) -> Vec<usize> {
        let together: Vec<usize> = match freed {
            [one, other] => {
                Pair::new(*one, *other).and_then(|pair| self.of_pair.get(&pair)).into_iter().copied().collect()
            }
            _ => Vec::new(),
        };
        let mut apart: Vec<usize> = Vec::new();
        for user in freed {
            let is_used = |other: UserId| {
                self.taken.contains_key(&other)
                    || coming.contains(other)
                    || apart.iter().any(|rank| self.pair(*rank).contains(other))
            };
            let ranks = self.of_person.get(user).into_iter().flatten().copied();
            let found =
                ranks.into_iter().find(|rank| self.pair(*rank).other(*user).is_some_and(|other| !is_used(other)));
            apart.extend(found);
        }
        if self.sum(&together) >= self.sum(&apart) { together } else { apart }
    }

    fn chosen(&self) -> Vec<usize> {
        let mut ranks: Vec<usize> = self.taken.values().copied().collect();
        ranks.sort_unstable();
        ranks.dedup();
        ranks.into_iter().map(|rank| self.ranked[rank]).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn edge(one: u64, other: u64, weight: i64) -> Option<Edge> {
        let pair = Pair::new(UserId::new(one)?, UserId::new(other)?)?;
        Some(Edge { pair, weight, reasons: Vec::new() })
    }

    fn some_edges() -> impl Strategy<Value = Vec<Edge>> {
        let edge =
            (1_u64..9, 1_u64..9, -2_i64..30).prop_filter_map("nobody meets themselves", |(a, b, w)| edge(a, b, w));
        prop::collection::vec(edge, 0..14)
    }

    fn weight(edges: &[Edge], chosen: &[usize]) -> i64 {
        chosen.iter().map(|place| edges[*place].weight).sum()
    }

    /// The greatest weight of any matching, by trying all.
    fn brute_force(edges: &[Edge], met: &mut BTreeSet<UserId>) -> i64 {
        let Some((first, rest)) = edges.split_first() else { return 0 };
        let mut best = brute_force(rest, met);
        if first.pair.both().iter().all(|user| !met.contains(user)) {
            met.extend(first.pair.both());
            best = best.max(first.weight + brute_force(rest, met));
            met.retain(|user| !first.pair.contains(*user));
        }
        best
    }

    fn plain_greedy(edges: &[Edge]) -> i64 {
        let mut by_weight: Vec<&Edge> = edges.iter().filter(|edge| edge.weight > 0).collect();
        by_weight.sort_by_key(|edge| (std::cmp::Reverse(edge.weight), edge.pair));
        let mut met = BTreeSet::new();
        let chosen = by_weight.into_iter().filter(|edge| {
            let free = edge.pair.both().iter().all(|user| !met.contains(user));
            met.extend(edge.pair.both().into_iter().filter(|_| free));
            free
        });
        chosen.map(|edge| edge.weight).sum()
    }

    #[test]
    fn one_strong_pair_gives_way_to_two_that_weigh_more_together() {
        let edges: Vec<Edge> = [edge(1, 2, 3), edge(2, 3, 4), edge(3, 4, 3)].into_iter().flatten().collect();
        assert_eq!(heaviest(&edges), [0, 2]);
    }

    #[test]
    fn two_pairs_are_swapped_for_better_ones() {
        let edges: Vec<Edge> =
            [edge(1, 2, 10), edge(3, 4, 1), edge(1, 3, 8), edge(2, 4, 8)].into_iter().flatten().collect();
        assert_eq!(weight(&edges, &heaviest(&edges)), 16);
    }

    proptest! {
        #[test]
        fn nobody_is_in_two_pairs_and_the_choice_lies_between_greedy_and_the_best(edges in some_edges()) {
            let chosen = heaviest(&edges);
            let people: Vec<UserId> = chosen.iter().flat_map(|place| edges[*place].pair.both()).collect();
            prop_assert_eq!(people.iter().collect::<BTreeSet<_>>().len(), people.len());
            let total = weight(&edges, &chosen);
            prop_assert!(total >= plain_greedy(&edges));
            prop_assert!(total <= brute_force(&edges, &mut BTreeSet::new()));
            prop_assert!(chosen.iter().all(|place| edges[*place].weight > 0));
        }

        #[test]
        fn the_order_of_the_edges_makes_no_difference(
            (edges, shuffled) in some_edges().prop_flat_map(|edges| (Just(edges.clone()), Just(edges).prop_shuffle()))
        ) {
            let pairs = |edges: &[Edge]| -> Vec<(Pair, i64)> {
                heaviest(edges).iter().map(|place| (edges[*place].pair, edges[*place].weight)).collect()
            };
            prop_assert_eq!(pairs(&edges), pairs(&shuffled));
        }
    }
}
