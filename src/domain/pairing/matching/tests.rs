use std::convert::Infallible;
use std::time::{Duration, Instant};

use rustworkx_core::max_weight_matching::max_weight_matching;
use rustworkx_core::petgraph::graph::{EdgeReference, UnGraph};

use super::shapes::{ALL, Dice, Shape};
use super::*;

/// The ways to begin. The fuller the beginning, the less is left to the blossoms, so tests go all three.
#[derive(Debug, Clone, Copy)]
enum Start {
    /// As the product does.
    Halves,
    /// Greedy duals, no rings.
    Greedy,
    /// All duals alike and everybody unmatched: the method as the textbooks have it.
    Bare,
}

const STARTS: [Start; 3] = [Start::Halves, Start::Greedy, Start::Bare];

fn started(start: Start, vertices: usize, edges: &[Edge], tidy_at: Option<usize>) -> Matching {
    let graph = Graph::new(vertices, edges).unwrap();
    let heaviest = edges.iter().map(|edge| edge.weight).max().unwrap_or(0).max(0);
    let duals = match start {
        Start::Bare => vec![heaviest * SCALE / 2; vertices],
        Start::Halves | Start::Greedy => rings::greedy_duals(&graph),
    };
    let mut search = Search::new(&graph, duals);
    search.tidy_at = tidy_at.unwrap_or(search.tidy_at);
    if !matches!(start, Start::Bare) {
        search.match_greedily();
    }
    if matches!(start, Start::Halves) {
        search.match_by_halves();
    }
    search.match_with_blossoms();
    search.result()
}

/// The greatest weight of any matching of at most 14 vertices: over all sets of them, the least one in the set stays alone or
/// is matched with another.
fn best_of_all(vertices: usize, edges: &[Edge]) -> i128 {
    let mut weights = vec![vec![0; vertices]; vertices];
    for edge in edges {
        let [one, other] = edge.ends.map(|end| end as usize);
        let weight = i128::from(edge.weight).max(weights[one][other]);
        (weights[one][other], weights[other][one]) = (weight, weight);
    }
    let mut best = vec![0; 1 << vertices];
    for set in 1_usize..1 << vertices {
        let first = set.trailing_zeros() as usize;
        let rest = set & (set - 1);
        let matched = (first + 1..vertices).filter(|other| rest >> other & 1 == 1);
        let matched = matched.map(|other| weights[first][other] + best[rest & !(1 << other)]);
        best[set] = matched.max().unwrap_or(0).max(best[rest]);
    }
    best[(1 << vertices) - 1]
}

/// A graph of at most 12 vertices: how dense, and whether weights often tie, are zero, below it or huge, depends on the seed.
fn small(dice: &mut Dice) -> (u32, Vec<Edge>) {
    const MOST: [i64; 8] = [1, 2, 3, 5, 10, 100, 1 << 40, MAX_WEIGHT];
    let vertices = 2 + dice.below(11);
    let most = MOST[dice.below(8) as usize];
    let percent = 15 + dice.below(86);
    let mut edges = Vec::new();
    for one in 0..vertices {
        for other in 0..one {
            if dice.below(100) < percent {
                let lowered = if dice.below(8) == 0 { 2 } else { 0 };
                let ends = if dice.below(2) == 0 { [one, other] } else { [other, one] };
                edges.push(Edge { ends, weight: dice.weight(most) - lowered });
            }
        }
    }
    (vertices, edges)
}

fn assert_exact_on_small_graph(seed: u64) {
    let (vertices, edges) = small(&mut Dice::new(seed));
    let vertices = vertices as usize;
    let best = best_of_all(vertices, &edges);
    for start in STARTS {
        for tidy_at in [None, Some(3)] {
            let matching = started(start, vertices, &edges, tidy_at);
            let proven = matching.certificate.check(&edges, &matching.chosen);
            assert_eq!(proven, Ok(best), "seed {seed}, {start:?}, tidied at {tidy_at:?}: {edges:?}");
            assert!(matching.chosen.iter().all(|place| edges[*place].weight > 0), "seed {seed}");
        }
    }
}

/// What another solver finds: rustworkx-core's, after van Rantwijk's mwmatching, which shares no idea of data with ours.
fn weight_by_rustworkx(vertices: u32, edges: &[Edge]) -> i128 {
    let mut graph = UnGraph::<(), i128>::default();
    let nodes: Vec<_> = (0..vertices).map(|_| graph.add_node(())).collect();
    for edge in edges {
        let [one, other] = edge.ends.map(|end| nodes[end as usize]);
        // Of parallel edges it would take any.
        let known = graph.find_edge(one, other).map_or(i128::MIN, |known| graph[known]);
        graph.update_edge(one, other, known.max(edge.weight.into()));
    }
    let weight_of = |edge: EdgeReference<'_, i128>| Ok::<_, Infallible>(*edge.weight());
    let Ok(pairs) = max_weight_matching(&graph, false, weight_of, false);
    let weight = |(one, other): &(usize, usize)| graph[graph.find_edge(nodes[*one], nodes[*other]).unwrap()];
    pairs.iter().map(weight).sum()
}

fn assert_as_rustworkx(shape: Shape, vertices: u32, most: i64, seed: u64) {
    let edges = shape.edges(vertices, 5 * vertices as usize, most, &mut Dice::new(seed));
    let matching = heaviest(vertices as usize, &edges).unwrap();
    let ours = matching.certificate.check(&edges, &matching.chosen).unwrap();
    assert_eq!(ours, weight_by_rustworkx(vertices, &edges), "{shape:?} of {vertices}, weights to {most}, seed {seed}");
}

fn assert_proven(shape: Shape, vertices: u32, most: i64, seed: u64) {
    let edges = shape.edges(vertices, 5 * vertices as usize, most, &mut Dice::new(seed));
    let weights: Vec<_> = STARTS
        .iter()
        .map(|start| {
            let matching = started(*start, vertices as usize, &edges, None);
            matching.certificate.check(&edges, &matching.chosen).unwrap_or_else(|flaw| {
                panic!("{shape:?} of {vertices}, weights to {most}, seed {seed}, {start:?}: {flaw:?}")
            })
        })
        .collect();
    assert!(weights.iter().all(|weight| *weight == weights[0]), "{shape:?}, seed {seed}: {weights:?}");
}

#[test]
fn no_matching_of_a_small_graph_weighs_more() {
    for seed in 0..4000 {
        assert_exact_on_small_graph(seed);
    }
}

#[test]
fn every_shape_of_graph_is_proven() {
    for shape in ALL {
        for (seed, most) in [1, 2, 7, 1000, 1_000_000, MAX_WEIGHT].into_iter().enumerate() {
            for vertices in [11, 40, 41, 600] {
                assert_proven(shape, vertices.min(if shape == Shape::Complete { 90 } else { 600 }), most, seed as u64);
            }
        }
    }
}

#[test]
fn another_solver_finds_no_heavier_matching() {
    for shape in ALL {
        for (seed, most) in [1, 3, 1000, 1 << 40].into_iter().enumerate() {
            assert_as_rustworkx(shape, if shape == Shape::Complete { 30 } else { 120 }, most, seed as u64);
        }
    }
}

#[test]
#[ignore = "takes a minute: the other solver's time grows as the cube of the people"]
fn another_solver_finds_no_heavier_matching_among_thousands() {
    for shape in ALL {
        assert_as_rustworkx(shape, if shape == Shape::Complete { 200 } else { 2500 }, 1000, 1);
    }
}

#[test]
#[ignore = "goes on for a while: WALLFLOWER_TEST_MATCHING_SECONDS, 20 by default"]
fn ever_new_graphs_are_proven() {
    let seconds = std::env::var("WALLFLOWER_TEST_MATCHING_SECONDS").map_or(20, |text| text.parse().unwrap());
    let began = Instant::now();
    let mut seeds = 1_000_000..;
    while began.elapsed() < Duration::from_secs(seconds) {
        for seed in seeds.by_ref().take(200) {
            assert_exact_on_small_graph(seed);
        }
        for (shape, seed) in ALL.into_iter().zip(&mut seeds) {
            let mut dice = Dice::new(seed);
            let vertices = 3 + dice.below(if shape == Shape::Complete { 60 } else { 400 });
            let most = if dice.below(8) == 0 { MAX_WEIGHT } else { dice.weight(12).pow(6) };
            assert_proven(shape, vertices, most, seed);
        }
    }
    println!("{} graphs", seeds.start - 1_000_000);
}

#[test]
fn ten_thousand_blossoms_may_lie_in_each_other() {
    let edges = Shape::Nested.edges(20_001, 0, 1, &mut Dice::new(1));
    let matching = heaviest(20_001, &edges).unwrap();
    assert!(matching.certificate.check(&edges, &matching.chosen).is_ok());
    let mut depth = vec![0; matching.certificate.blossoms.len()];
    for (place, blossom) in matching.certificate.blossoms.iter().enumerate() {
        depth[place] = blossom.inside.map_or(1, |outer| depth[outer as usize] + 1);
    }
    assert!(depth.iter().max() > Some(&9000), "{:?}", depth.iter().max());
}

/// Two triangles on a bridge: by halves both are rings, whole they need the bridge.
#[test]
fn what_halves_leave_over_is_matched_whole() {
    let ties = [(0, 1), (1, 2), (2, 0), (2, 3), (3, 4), (4, 5), (5, 3)];
    let edges = ties.map(|(one, other)| Edge { ends: [one, other], weight: 5 });
    let matching = heaviest(6, &edges).unwrap();
    assert_eq!(matching.chosen, [0, 3, 5]);
    assert_eq!(matching.certificate.check(&edges, &matching.chosen), Ok(15));
}

#[test]
fn weight_comes_before_number() {
    let edges = [(0, 1, 3), (1, 2, 7), (2, 3, 3)].map(|(a, b, weight)| Edge { ends: [a, b], weight });
    assert_eq!(heaviest(4, &edges).unwrap().chosen, [1]);
}

#[test]
fn ties_that_weigh_nothing_are_never_chosen() {
    let edges = [(0, 1, 0), (2, 3, -5), (4, 5, i64::MIN)].map(|(a, b, weight)| Edge { ends: [a, b], weight });
    let matching = heaviest(6, &edges).unwrap();
    assert!(matching.chosen.is_empty());
    assert_eq!(matching.certificate.check(&edges, &[]), Ok(0));
}

#[test]
fn nobody_and_nothing_is_a_graph() {
    assert!(heaviest(0, &[]).unwrap().chosen.is_empty());
    assert!(heaviest(3, &[]).unwrap().chosen.is_empty());
}

#[test]
fn of_parallel_ties_the_heaviest_counts() {
    let edges = [(0, 1, 4), (1, 0, 6), (0, 1, 5)].map(|(a, b, weight)| Edge { ends: [a, b], weight });
    assert_eq!(heaviest(2, &edges).unwrap().chosen, [1]);
}

#[test]
fn what_cannot_be_matched_exactly_is_refused() {
    let refused = |ends: [u32; 2], weight| heaviest(2, &[Edge { ends, weight }]).map(|matching| matching.chosen);
    assert_eq!(refused([0, 1], MAX_WEIGHT), Ok(vec![0]));
    assert_eq!(refused([0, 1], MAX_WEIGHT + 1), Err(Refused::TooHeavy { place: 0 }));
    assert_eq!(refused([0, 2], 1), Err(Refused::NoSuchVertex { place: 0 }));
    assert_eq!(refused([1, 1], 1), Err(Refused::Loop { place: 0 }));
    assert_eq!(heaviest(MOST + 1, &[]), Err(Refused::TooMany));
}

#[test]
fn the_same_graph_gives_the_same_matching() {
    for shape in ALL {
        let edges = shape.edges(90, 400, 3, &mut Dice::new(7));
        assert_eq!(heaviest(90, &edges), heaviest(90, &edges), "{shape:?}");
    }
}
