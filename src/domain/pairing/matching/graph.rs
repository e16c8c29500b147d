//! The graph as the search reads it: who is tied to whom, each vertex's edges heaviest first.

/// Duals and slacks are counted in quarters of the weights' unit, so that every step of the search is whole: a step
/// may be half of a slack, and it is halved once more where the search begins from a half-integral solution.
pub const SCALE: i64 = 4;

/// The heaviest edge taken: a slack plus the clock is at most 16 times as much, and has to fit an `i64`.
pub const MAX_WEIGHT: i64 = 1 << 56;

/// The most vertices, and the most edges: their numbers, and twice the edges', fit a `u32`.
pub const MOST: usize = (1 << 30) - 1;

/// An edge between two vertices, which are numbered from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edge {
    pub ends: [u32; 2],
    pub weight: i64,
}

/// Why no matching was looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// The edge at this place weighs more than [`MAX_WEIGHT`].
    TooHeavy { place: usize },
    /// The edge at this place ends at a vertex that does not exist.
    NoSuchVertex { place: usize },
    /// The edge at this place joins a vertex with itself.
    Loop { place: usize },
    /// More than [`MOST`] vertices or edges.
    TooMany,
}

/// An edge seen from one of its ends. Its number is twice the edge's place, plus one if it leads from the second end
/// to the first; so `arc ^ 1` is the way back.
pub type Arc = u32;

/// An arc as it stands in the list of the vertex that it leaves.
#[derive(Debug, Clone, Copy)]
pub struct Tie {
    pub other: u32,
    pub edge: u32,
    /// Scaled.
    pub weight: i64,
}

/// Edges that weigh something; the others are left out, since a matching without them weighs as much or more.
#[derive(Debug)]
pub struct Graph {
    /// The ends of edge `e` stand at `2e` and `2e + 1`: an arc leaves the vertex at its own number.
    ends: Vec<u32>,
    weights: Vec<i64>,
    /// Where each vertex's ties begin, and at last where all end.
    starts: Vec<u32>,
    ties: Vec<Tie>,
}

impl Graph {
    pub fn new(vertices: usize, edges: &[Edge]) -> Result<Self, Refused> {
        if vertices > MOST || edges.len() > MOST {
            return Err(Refused::TooMany);
        }
        for (place, edge) in edges.iter().enumerate() {
            if edge.ends.iter().any(|end| index(*end) >= vertices) {
                return Err(Refused::NoSuchVertex { place });
            } else if edge.ends[0] == edge.ends[1] {
                return Err(Refused::Loop { place });
            } else if edge.weight > MAX_WEIGHT {
                return Err(Refused::TooHeavy { place });
            }
        }
        let mut graph = Self {
            ends: edges.iter().flat_map(|edge| edge.ends).collect(),
            weights: edges.iter().map(|edge| edge.weight.max(0) * SCALE).collect(),
            starts: vec![0; vertices + 1],
            ties: Vec::new(),
        };
        graph.fill();
        Ok(graph)
    }

    /// Sorts the arcs to the vertices that they leave; of one vertex the heaviest first, and equals by their place.
    fn fill(&mut self) {
        let mut order: Vec<u32> =
            (0..number(self.weights.len())).filter(|edge| self.weights[index(*edge)] > 0).collect();
        order.sort_by_key(|edge| std::cmp::Reverse(self.weights[index(*edge)]));
        for edge in &order {
            for end in self.ends_of(*edge) {
                self.starts[index(end) + 1] += 1;
            }
        }
        for vertex in 1..self.starts.len() {
            self.starts[vertex] += self.starts[vertex - 1];
        }
        let mut free = self.starts.clone();
        self.ties = vec![Tie { other: 0, edge: 0, weight: 0 }; 2 * order.len()];
        for edge in order {
            let [one, other] = self.ends_of(edge);
            for (from, to) in [(one, other), (other, one)] {
                let place = &mut free[index(from)];
                self.ties[index(*place)] = Tie { other: to, edge, weight: self.weights[index(edge)] };
                *place += 1;
            }
        }
    }

    /// The edges that weigh something.
    pub fn edges(&self) -> usize {
        self.ties.len() / 2
    }

    pub fn vertices(&self) -> usize {
        self.starts.len() - 1
    }

    /// The ties of a vertex, heaviest first.
    pub fn around(&self, vertex: u32) -> &[Tie] {
        &self.ties[index(self.starts[index(vertex)])..index(self.starts[index(vertex) + 1])]
    }

    pub fn ends_of(&self, edge: u32) -> [u32; 2] {
        [self.ends[2 * index(edge)], self.ends[2 * index(edge) + 1]]
    }

    /// Scaled.
    pub fn weight(&self, edge: u32) -> i64 {
        self.weights[index(edge)]
    }

    /// The vertex that an arc leaves.
    pub fn tail(&self, arc: Arc) -> u32 {
        self.ends[index(arc)]
    }

    /// The vertex that an arc leads to.
    pub fn head(&self, arc: Arc) -> u32 {
        self.ends[index(arc ^ 1)]
    }

    /// The arc of this edge that leaves `vertex`.
    pub fn arc_from(&self, vertex: u32, edge: u32) -> Arc {
        2 * edge + u32::from(self.ends[2 * index(edge)] != vertex)
    }
}

pub const fn index(number: u32) -> usize {
    number as usize
}

/// The other way round, for numbers that [`MOST`] has bounded.
pub fn number(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}
