//! Exact maximum-weight matching in general graphs: of all ways to choose edges so that no two meet, one that weighs
//! the most, with the proof that none weighs more. `docs/MATCHING.md` tells the idea with figures.
//!
//! Edmonds's primal-dual method in the form of Galil, Micali and Gabow (1986): alternating trees grow from all unmatched
//! vertices at once by the beat of one clock, and a priority queue says what comes next. With `n` vertices and `m` edges
//! that weigh something it takes `O(n m log n)` steps at worst (far fewer on the graphs of chats) and memory in `O(n + m)`.
//!
//! - [`graph`]: who is tied to whom. - [`certificate`]: the proof and its checker, which knows nothing of the rest.
//! - [`search`]: duals, labels, blossoms. - [`trees`]: plant, grow, augment, dissolve. - [`blossoms`]: shrink, expand.
//! - [`rings`]: a half-integral solution to begin from. - [`queue`]: what comes next. - [`result`]: what is handed out.
//! - [`few`]: the heaviest of at most so many edges, by a price for each.
//!
//! The same input gives the same output: whatever ties is decided by the order of vertices and edges.

mod blossoms;
mod certificate;
mod few;
mod graph;
mod queue;
mod result;
mod rings;
mod search;
mod trees;

#[cfg(test)]
pub(super) mod shapes;
#[cfg(test)]
mod tests;

pub use certificate::{BlossomDual, Certificate, Flaw};
pub use few::heaviest_few;
use graph::Graph;
pub use graph::{Edge, MAX_WEIGHT, MOST, Refused, SCALE};
use search::Search;

/// A heaviest matching and the proof of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matching {
    /// The places of the chosen edges, in their order. Each weighs more than zero.
    pub chosen: Vec<usize>,
    pub certificate: Certificate,
}

/// A matching of greatest weight, not of the most edges, between vertices numbered from 0. Edges that weigh nothing or less are never
/// chosen; of several between the same two the heaviest counts. Weights go up to [`MAX_WEIGHT`].
pub fn heaviest(vertices: usize, edges: &[Edge]) -> Result<Matching, Refused> {
    let graph = Graph::new(vertices, edges)?;
    let mut search = Search::new(&graph, rings::greedy_duals(&graph));
    search.match_greedily();
    search.match_by_halves();
    search.match_with_blossoms();
    Ok(search.result())
}
