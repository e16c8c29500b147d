//! Our exact matching beside rustworkx-core's and beside greedy, in one table: `cargo bench --bench matching`.
//!
//! Each graph is solved by all three. Where both exact solvers ran, their weights must agree, and our proof must hold; a
//! disagreement ends the run. rustworkx-core takes time as the cube of the people, so it is asked up to 2,000 of them;
//! `cargo bench --bench matching -- --all` asks it on every graph up to 20,000, which takes minutes.

use std::cmp::Reverse;
use std::error::Error;
use std::time::{Duration, Instant};

use rustworkx_core::max_weight_matching::max_weight_matching;
use rustworkx_core::petgraph::graph::UnGraph;
use wallflower::domain::pairing::groups::{Hall, Rules, Tie, inside, seat};
use wallflower::domain::pairing::matching::{Edge, heaviest};

#[path = "../src/domain/pairing/matching/shapes.rs"]
mod shapes;

use shapes::{ALL, Dice, Shape};

const SEED: u64 = 1;
const MOST_WEIGHT: i64 = 1000;
/// Runs of a solver; the median is shown.
const RUNS: usize = 5;
/// People up to which rustworkx-core is asked, by default and with `--all`.
const RUSTWORKX_UP_TO: [u32; 2] = [2_000, 20_000];

/// People up to which tables are made.
const SEATED_UP_TO: u32 = 20_000;

/// People, and about so many ties, of each shape that leaves a choice.
const SMALL: (u32, usize) = (2_000, 10_000);
/// The same for those that are like chats, or worse.
const LARGE: [(Shape, u32, usize); 5] = [
    (Shape::Random, 20_000, 100_000),
    (Shape::Chat, 20_000, 100_000),
    (Shape::Near, 20_000, 100_000),
    (Shape::Random, 200_000, 1_000_000),
    (Shape::Chat, 200_000, 1_000_000),
];

fn main() -> Result<(), Box<dyn Error>> {
    let all = std::env::args().any(|argument| argument == "--all");
    let up_to = RUSTWORKX_UP_TO[usize::from(all)];
    println!(
        "{:<10} {:>7} {:>9} {:>14} {:>10} {:>9} {:>13} {:>9}",
        "graph", "people", "ties", "weight", "ours", "proof", "rustworkx", "greedy"
    );
    // All with all would be two million ties.
    let small = ALL.into_iter().filter(|shape| *shape != Shape::Complete).map(|shape| (shape, SMALL.0, SMALL.1));
    for (shape, people, ties) in small.chain(LARGE) {
        row(shape, people, ties, people <= up_to)?;
    }
    println!(
        "\n{:<10} {:>7} {:>9} {:>6} {:>8} {:>8} {:>14} {:>10}",
        "groups", "people", "ties", "size", "tables", "seated", "weight", "time"
    );
    let sized = |(shape, people, ties)| ["3", "4-6", "2-8"].map(move |size| (shape, people, ties, size));
    for (shape, people, ties, size) in LARGE.into_iter().filter(|large| large.1 <= SEATED_UP_TO).flat_map(sized) {
        tables(shape, people, ties, size)?;
    }
    Ok(())
}

/// Tables of a size: each tie is strong, and a seat is worth nothing beside the ties.
fn tables(shape: Shape, people: u32, ties: usize, size: &str) -> Result<(), Box<dyn Error>> {
    let mut edges = shape.edges(people, ties, MOST_WEIGHT, &mut Dice::new(SEED));
    edges.sort_by_key(|edge| (edge.ends[0].min(edge.ends[1]), edge.ends[0].max(edge.ends[1]), Reverse(edge.weight)));
    edges.dedup_by_key(|edge| (edge.ends[0].min(edge.ends[1]), edge.ends[0].max(edge.ends[1])));
    let ties: Vec<_> = edges.iter().map(|edge| Tie { ends: edge.ends, weight: edge.weight, strong: true }).collect();
    let rules = Rules { size: size.parse()?, seat: 0 };
    let (time, tables) = median(|| seat(&Hall::new(people as usize, &ties, rules, &|_| true)));
    let inside = inside(&tables, edges.iter().map(|edge| edge.ends));
    let weight: i64 = inside.iter().flatten().map(|place| edges[*place].weight).sum();
    let (seated, seconds) = (tables.iter().map(Vec::len).sum::<usize>(), time.as_secs_f64());
    let shape = format!("{shape:?}");
    println!(
        "{shape:<10} {people:>7} {:>9} {size:>6} {:>8} {seated:>8} {weight:>14} {seconds:>8.2} s",
        edges.len(),
        tables.len()
    );
    Ok(())
}

fn row(shape: Shape, people: u32, ties: usize, ask_rustworkx: bool) -> Result<(), Box<dyn Error>> {
    let edges = shape.edges(people, ties, MOST_WEIGHT, &mut Dice::new(SEED));
    let (ours, matching) = median(|| heaviest(people as usize, &edges));
    let matching = matching.map_err(|why| format!("{shape:?}: {why:?}"))?;
    let (proof, weight) = median(|| matching.certificate.check(&edges, &matching.chosen));
    let weight = weight.map_err(|flaw| format!("{shape:?} of {people}: the proof does not hold: {flaw:?}"))?;
    let theirs = ask_rustworkx.then(|| rustworkx(people, &edges)).transpose()?;
    if let Some((_, theirs)) = theirs.filter(|(_, theirs)| *theirs != weight) {
        return Err(format!("{shape:?} of {people}: rustworkx-core finds {theirs}, we {weight}").into());
    }
    let by_greed = greedy(people, &edges);
    println!(
        "{:<10} {people:>7} {:>9} {weight:>14} {:>10} {:>9} {:>13} {:>9}",
        format!("{shape:?}"),
        edges.len(),
        shown(ours),
        shown(proof),
        theirs.map_or_else(|| "-".to_owned(), |(time, _)| shown(time)),
        percent(by_greed, weight),
    );
    Ok(())
}

fn shown(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1000.0)
}

fn percent(part: i128, whole: i128) -> String {
    let tenths = part * 1000 / whole.max(1);
    format!("{}.{} %", tenths / 10, tenths % 10)
}

fn median<T>(mut run: impl FnMut() -> T) -> (Duration, T) {
    let mut once = || {
        let began = Instant::now();
        let result = run();
        (began.elapsed(), result)
    };
    let (first, result) = once();
    let mut times: Vec<Duration> = (1..RUNS).map(|_| once().0).chain([first]).collect();
    times.sort_unstable();
    (times[RUNS / 2], result)
}

/// Once: its time is of another order.
fn rustworkx(people: u32, edges: &[Edge]) -> Result<(Duration, i128), Box<dyn Error>> {
    let mut graph = UnGraph::<(), i128>::default();
    let nodes: Vec<_> = (0..people).map(|_| graph.add_node(())).collect();
    for edge in edges {
        let [one, other] = edge.ends.map(|end| nodes[end as usize]);
        // Of parallel edges it would take any.
        let known = graph.find_edge(one, other).map_or(i128::MIN, |known| graph[known]);
        graph.update_edge(one, other, known.max(edge.weight.into()));
    }
    let began = Instant::now();
    let pairs = max_weight_matching(&graph, false, |edge| Ok::<_, Box<dyn Error>>(*edge.weight()), false)?;
    let time = began.elapsed();
    let weight = |(one, other): &(usize, usize)| graph.find_edge(nodes[*one], nodes[*other]).map(|edge| graph[edge]);
    Ok((time, pairs.iter().filter_map(weight).sum()))
}

/// The heaviest edge first, then the heaviest that is still free, and so on.
fn greedy(people: u32, edges: &[Edge]) -> i128 {
    let mut order: Vec<&Edge> = edges.iter().collect();
    order.sort_by_key(|edge| Reverse(edge.weight));
    let mut taken = vec![false; people as usize];
    let mut weight = 0;
    for edge in order {
        if edge.weight > 0 && edge.ends.iter().all(|end| !taken[*end as usize]) {
            edge.ends.iter().for_each(|end| taken[*end as usize] = true);
            weight += i128::from(edge.weight);
        }
    }
    weight
}
