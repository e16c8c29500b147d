//! What the search knows: duals, labels, blossoms, and which surface a vertex lies in.
//!
//! A *surface* is an outermost thing: a vertex that lies in no blossom, or a blossom that lies in no other. Duals are kept
//! lazily. All even surfaces fall and all odd ones rise at the speed of one clock, so a surface says how far its
//! vertices are from what is written down, and nothing is touched while the clock runs.

use super::graph::{Arc, Graph, index, number};
use super::queue::Queue;

/// Below this length a queue is not worth tidying.
const FEWEST_TO_TIDY: usize = 1 << 12;

/// What a surface is in the forest of alternating trees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Label {
    /// A root, or reached by a matched edge: an even number of edges from the root. Its dual falls.
    Even,
    /// Reached by an unmatched edge. Its dual rises.
    Odd,
    /// In no tree.
    Free,
}

impl Label {
    /// What the dual of a vertex gains while the clock goes on by one.
    const fn slope(self) -> i64 {
        match self {
            Self::Even => -1,
            Self::Odd => 1,
            Self::Free => 0,
        }
    }
}

/// Its dual as written down and its surface's lift may drift apart and wrap around; their sum, the dual, never does.
#[derive(Debug, Clone, Copy)]
pub struct Vertex {
    /// The dual, short of its surface's `lift` and slope.
    pub dual: i64,
    pub surface: u32,
}

/// What is read of a surface while ties are scanned: short, so that it stays in the cache.
#[derive(Debug, Clone, Copy)]
pub struct Surface {
    pub lift: i64,
    pub tree: u32,
    pub label: Label,
}

/// How a surface hangs together with others.
#[derive(Debug, Clone, Copy)]
pub struct Bonds {
    /// The vertex or blossom that this surface is. Vertices come first, blossoms are numbered after them.
    pub node: u32,
    /// The matched arc that leaves it. Inside, it is the vertex where that arc begins that has its partner outside.
    pub matched: Option<Arc>,
    /// The arc from an odd surface to the even one above it.
    pub above: Option<Arc>,
    /// The arc to the next on a half-integral ring.
    pub ring: Option<Arc>,
    /// Unmatched: which vertex inside stays alone.
    pub alone: u32,
}

/// An odd cycle of vertices and blossoms, shrunk to one.
#[derive(Debug, Default)]
pub struct Blossom {
    pub children: Vec<u32>,
    /// The arc from each child to the next, and from the last to the first.
    pub links: Vec<Arc>,
    /// While it is a surface: short of twice what its slope made of the clock.
    pub dual: i64,
    /// Its vertices stand in a row from here to `last`, and each child's within it.
    pub first: u32,
    pub last: u32,
    pub size: u32,
}

/// One alternating tree.
#[derive(Debug, Default)]
pub struct Tree {
    /// The time at which the first of its even vertices is spent. Nothing later can happen to this tree.
    pub limit: i64,
    /// A vertex of each surface in it. Some surfaces have several by now, and some have left.
    pub members: Vec<u32>,
}

/// What an edge between two even vertices of one tree becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// A ring of half-matched edges; blossoms are not known yet.
    Rings,
    /// A blossom.
    Blossoms,
}

#[derive(Debug)]
pub struct Search<'g> {
    pub graph: &'g Graph,
    pub stage: Stage,
    /// The sum of all dual steps so far.
    pub clock: i64,
    pub vertices: Vec<Vertex>,
    pub surfaces: Vec<Surface>,
    pub bonds: Vec<Bonds>,
    /// Numbers of surfaces that were merged into others.
    pub spare_surfaces: Vec<u32>,
    pub blossoms: Vec<Blossom>,
    pub spare_blossoms: Vec<u32>,
    /// The next vertex in the row of a blossom's vertices.
    pub next: Vec<u32>,
    pub trees: Vec<Tree>,
    pub spare_trees: Vec<u32>,
    pub queue: Queue,
    /// The length at which the queue is cleared of what can no longer come to pass.
    pub tidy_at: usize,
    /// For finding where two paths meet: who came by, in which walk.
    pub seen: Vec<u32>,
    pub walk: u32,
}

impl<'g> Search<'g> {
    /// A search with these duals, in which nobody is matched. No edge may have more weight than the duals of its ends.
    pub fn new(graph: &'g Graph, duals: Vec<i64>) -> Self {
        let vertices: Vec<Vertex> =
            duals.into_iter().enumerate().map(|(vertex, dual)| Vertex { dual, surface: number(vertex) }).collect();
        let count = number(vertices.len());
        let bonds = |vertex| Bonds { node: vertex, matched: None, above: None, ring: None, alone: vertex };
        Self {
            graph,
            stage: Stage::Rings,
            clock: 0,
            surfaces: vec![Surface { lift: 0, tree: 0, label: Label::Free }; vertices.len()],
            bonds: (0..count).map(bonds).collect(),
            spare_surfaces: Vec::new(),
            blossoms: Vec::new(),
            spare_blossoms: Vec::new(),
            next: (0..count).collect(),
            trees: Vec::new(),
            spare_trees: Vec::new(),
            queue: Queue::new(),
            tidy_at: FEWEST_TO_TIDY.max(2 * (graph.edges() + vertices.len())),
            seen: vec![0; vertices.len()],
            walk: 0,
            vertices,
        }
    }

    pub fn surface_of(&self, vertex: u32) -> u32 {
        self.vertices[index(vertex)].surface
    }

    /// The surface that an arc leads to.
    pub fn surface_at(&self, arc: Arc) -> u32 {
        self.surface_of(self.graph.head(arc))
    }

    pub fn label(&self, surface: u32) -> Label {
        self.surfaces[index(surface)].label
    }

    /// The dual of a vertex, now.
    pub fn dual(&self, vertex: u32) -> i64 {
        let Vertex { dual, surface } = self.vertices[index(vertex)];
        let surface = &self.surfaces[index(surface)];
        dual.wrapping_add(surface.lift) + surface.label.slope() * self.clock
    }

    /// What an edge between two surfaces is short of being tight.
    pub fn slack(&self, edge: u32) -> i64 {
        let [one, other] = self.graph.ends_of(edge);
        self.dual(one) + self.dual(other) - self.graph.weight(edge)
    }

    /// The blossom that this surface is, if it is one.
    pub fn blossom_of(&self, surface: u32) -> Option<usize> {
        index(self.bonds[index(surface)].node).checked_sub(self.vertices.len())
    }

    /// The dual of the blossom that this surface is, now.
    pub fn blossom_dual(&self, surface: u32) -> Option<i64> {
        let slope = self.label(surface).slope();
        self.blossom_of(surface).map(|blossom| self.blossoms[blossom].dual - 2 * slope * self.clock)
    }

    /// Gives a surface another label; all duals stay what they are now.
    pub fn relabel(&mut self, surface: u32, label: Label) {
        let before = std::mem::replace(&mut self.surfaces[index(surface)].label, label);
        let turned = (before.slope() - label.slope()) * self.clock;
        let lift = &mut self.surfaces[index(surface)].lift;
        *lift = lift.wrapping_add(turned);
        if let Some(blossom) = self.blossom_of(surface) {
            self.blossoms[blossom].dual -= 2 * turned;
        }
    }

    /// The first and the last in the row of a node's vertices, and how many they are.
    pub fn row(&self, node: u32) -> (u32, u32, u32) {
        match index(node).checked_sub(self.vertices.len()) {
            Some(blossom) => {
                let blossom = &self.blossoms[blossom];
                (blossom.first, blossom.last, blossom.size)
            }
            None => (node, node, 1),
        }
    }

    /// Calls `visit` with each vertex of a node. It must not change the rows.
    pub fn for_each_vertex(&mut self, node: u32, mut visit: impl FnMut(&mut Self, u32)) {
        let (mut vertex, last, _) = self.row(node);
        loop {
            visit(self, vertex);
            if vertex == last {
                return;
            }
            vertex = self.next[index(vertex)];
        }
    }

    pub fn for_each_vertex_on(&mut self, surface: u32, visit: impl FnMut(&mut Self, u32)) {
        self.for_each_vertex(self.bonds[index(surface)].node, visit);
    }
}
