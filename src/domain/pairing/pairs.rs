//! Which pairs to suggest at once, so that nobody is in two of them and the ties chosen weigh the most together.

use std::cmp::Reverse;

use super::Edge;
use super::matching;
use super::numbered::Numbered;

/// The places in `edges` of the chosen ones, heaviest first: of all ways to choose at most so many pairs of these people one
/// of the greatest weight. Edges that weigh nothing are never chosen; of several edges of one pair the heaviest counts. The
/// order of `edges` makes no difference to the pairs chosen.
pub fn heaviest(edges: &[Edge], at_most: usize) -> Vec<usize> {
    let numbered = Numbered::of(edges);
    // Refused is only what a billion people would bring.
    let chosen = matching::heaviest_few(numbered.people.len(), &numbered.edges(edges), at_most).unwrap_or_default();
    let mut chosen: Vec<usize> = chosen.into_iter().map(|place| numbered.places[place]).collect();
    chosen.sort_by_key(|place| (Reverse(edges[*place].weight), edges[*place].pair));
    chosen
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;
    use crate::domain::ids::{Pair, UserId};

    const ALL: usize = usize::MAX;

    fn edge(one: u64, other: u64, weight: i64) -> Option<Edge> {
        let pair = Pair::new(UserId::new(one)?, UserId::new(other)?)?;
        Some(Edge::of_talk(pair, weight))
    }

    fn some_edges() -> impl Strategy<Value = Vec<Edge>> {
        let edge =
            (1_u64..9, 1_u64..9, -2_i64..30).prop_filter_map("nobody meets themselves", |(a, b, w)| edge(a, b, w));
        prop::collection::vec(edge, 0..14)
    }

    fn weight(edges: &[Edge], chosen: &[usize]) -> i64 {
        chosen.iter().map(|place| edges[*place].weight).sum()
    }

    /// The greatest weight of any matching of so many pairs, by trying all.
    fn brute_force(edges: &[Edge], at_most: usize, met: &mut BTreeSet<UserId>) -> i64 {
        let Some((first, rest)) = edges.split_first() else { return 0 };
        let mut best = brute_force(rest, at_most, met);
        if at_most > 0 && first.pair.both().iter().all(|user| !met.contains(user)) {
            met.extend(first.pair.both());
            best = best.max(first.weight + brute_force(rest, at_most - 1, met));
            met.retain(|user| !first.pair.contains(*user));
        }
        best
    }

    #[test]
    fn one_strong_pair_gives_way_to_two_that_weigh_more_together() {
        let edges: Vec<Edge> = [edge(1, 2, 3), edge(2, 3, 4), edge(3, 4, 3)].into_iter().flatten().collect();
        assert_eq!(heaviest(&edges, ALL), [0, 2]);
    }

    #[test]
    fn the_best_few_are_not_the_first_of_the_best() {
        let edges: Vec<Edge> = [edge(1, 2, 3), edge(2, 3, 4), edge(3, 4, 3)].into_iter().flatten().collect();
        assert_eq!(heaviest(&edges, 1), [1]);
        assert!(heaviest(&edges, 0).is_empty());
    }

    #[test]
    fn three_pairs_give_way_to_three_others_at_once() {
        let ring = [(1, 2, 10), (2, 3, 11), (3, 4, 10), (4, 5, 11), (5, 6, 10), (6, 1, 11)];
        let edges: Vec<Edge> = ring.into_iter().filter_map(|(one, other, weight)| edge(one, other, weight)).collect();
        assert_eq!(heaviest(&edges, ALL), [5, 1, 3]);
    }

    #[test]
    fn a_tie_beyond_all_measure_is_still_a_tie() {
        let edges: Vec<Edge> = [edge(1, 2, i64::MAX), edge(2, 3, 1)].into_iter().flatten().collect();
        assert_eq!(heaviest(&edges, ALL), [0]);
    }

    proptest! {
        #[test]
        fn nobody_is_in_two_pairs_and_no_choice_weighs_more(edges in some_edges()) {
            let chosen = heaviest(&edges, ALL);
            let people: Vec<UserId> = chosen.iter().flat_map(|place| edges[*place].pair.both()).collect();
            prop_assert_eq!(people.iter().collect::<BTreeSet<_>>().len(), people.len());
            prop_assert_eq!(weight(&edges, &chosen), brute_force(&edges, usize::MAX, &mut BTreeSet::new()));
            prop_assert!(chosen.iter().all(|place| edges[*place].weight > 0));
        }

        #[test]
        fn no_other_choice_of_so_few_weighs_more(edges in some_edges(), at_most in 0_usize..5) {
            let chosen = heaviest(&edges, at_most);
            let people: BTreeSet<UserId> = chosen.iter().flat_map(|place| edges[*place].pair.both()).collect();
            prop_assert!(chosen.len() <= at_most && people.len() == 2 * chosen.len());
            prop_assert_eq!(weight(&edges, &chosen), brute_force(&edges, at_most, &mut BTreeSet::new()));
        }

        #[test]
        fn the_order_of_the_edges_makes_no_difference(
            (edges, shuffled) in some_edges().prop_flat_map(|edges| (Just(edges.clone()), Just(edges).prop_shuffle()))
        ) {
            let pairs = |edges: &[Edge]| -> Vec<(Pair, i64)> {
                heaviest(edges, ALL).iter().map(|place| (edges[*place].pair, edges[*place].weight)).collect()
            };
            prop_assert_eq!(pairs(&edges), pairs(&shuffled));
        }
    }
}
