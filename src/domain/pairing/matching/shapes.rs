//! Graphs for tests and benches: each kind puts another strain on the search. Same seed, same graph.

use super::Edge;

/// A small generator of pseudo-random numbers (xorshift64*), so that a bench needs no crate for it.
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        let mut dice = Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        for _ in 0..8 {
            dice.roll();
        }
        dice
    }

    fn roll(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    /// From zero to below `end`.
    pub fn below(&mut self, end: u32) -> u32 {
        let scaled = ((self.roll() >> 32) * u64::from(end)) >> 32;
        u32::try_from(scaled).unwrap_or(0)
    }

    /// From one to `most`.
    pub fn weight(&mut self, most: i64) -> i64 {
        1 + i64::try_from(self.roll() >> 1).unwrap_or(0) % most
    }
}

/// What a graph looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Anybody with anybody.
    Random,
    /// As in a chat: few know very many, most know few.
    Chat,
    /// Neighbours in a square: long paths, no odd cycle.
    Grid,
    /// Everybody with everybody; `edges` is not asked.
    Complete,
    /// Triangles in a row, each tied to the next.
    Triangles,
    /// Points in a plane, near ones tied the more: about half as many blossoms as pairs.
    Near,
    /// A triangle and ears around ears: each blossom lies in the next.
    Nested,
    /// A ring with chords across every other vertex.
    Chords,
    /// A few hubs that all are tied to, and light ties among these.
    Stars,
}

pub const ALL: [Shape; 9] = [
    Shape::Random,
    Shape::Chat,
    Shape::Grid,
    Shape::Complete,
    Shape::Triangles,
    Shape::Near,
    Shape::Nested,
    Shape::Chords,
    Shape::Stars,
];

impl Shape {
    /// A graph of this shape; about `edges` edges where the shape leaves a choice, with weights up to `most`.
    pub fn edges(self, vertices: u32, edges: usize, most: i64, dice: &mut Dice) -> Vec<Edge> {
        let ends: Vec<[u32; 2]> = match self {
            Self::Random => some(edges, vertices, || [dice.below(vertices), dice.below(vertices)]),
            Self::Chat => some(edges, vertices, || [known(vertices, dice), known(vertices, dice)]),
            Self::Grid => grid(vertices),
            Self::Complete => (0..vertices).flat_map(|one| (0..one).map(move |other| [other, one])).collect(),
            Self::Triangles => triangles(vertices),
            Self::Near => return near(vertices, most, dice),
            Self::Nested => return nested(vertices, most),
            Self::Chords => chords(vertices),
            Self::Stars => return stars(vertices, most, dice),
        };
        ends.into_iter().map(|ends| Edge { ends, weight: dice.weight(most) }).collect()
    }
}

fn some(edges: usize, vertices: u32, mut pick: impl FnMut() -> [u32; 2]) -> Vec<[u32; 2]> {
    let endless = std::iter::from_fn(|| Some(pick()));
    endless.filter(|[one, other]| one != other).take(if vertices > 1 { edges } else { 0 }).collect()
}

/// Somebody, the first the likeliest: the least of three.
fn known(vertices: u32, dice: &mut Dice) -> u32 {
    dice.below(vertices).min(dice.below(vertices)).min(dice.below(vertices))
}

fn grid(vertices: u32) -> Vec<[u32; 2]> {
    let side = vertices.isqrt();
    let places = (0..side).flat_map(|y| (0..side).map(move |x| (x, y)));
    let ties = places.flat_map(|(x, y)| {
        let here = y * side + x;
        [(x + 1 < side).then_some([here, here + 1]), (y + 1 < side).then_some([here, here + side])]
    });
    ties.flatten().collect()
}

fn triangles(vertices: u32) -> Vec<[u32; 2]> {
    let of = |first: u32| [[first, first + 1], [first + 1, first + 2], [first, first + 2], [first + 2, first + 3]];
    (0..vertices).step_by(3).flat_map(of).filter(|ends| ends.iter().all(|end| *end < vertices)).collect()
}

fn chords(vertices: u32) -> Vec<[u32; 2]> {
    let of = |one: u32| [1, 2].map(|step| [one, (one + step) % vertices]);
    (0..vertices).flat_map(of).filter(|[one, other]| one != other).collect()
}

/// Cells of a square with two points each; those of one cell and of cells side by side are tied.
fn near(vertices: u32, most: i64, dice: &mut Dice) -> Vec<Edge> {
    const CELL: u32 = 1000;
    let side = (vertices / 2).isqrt().max(1);
    let cell = |vertex: u32| ((vertex / 2) % side, vertex / 2 / side);
    let points: Vec<(i64, i64)> = (0..vertices)
        .map(|vertex| (cell(vertex).0 * CELL + dice.below(CELL), cell(vertex).1 * CELL + dice.below(CELL)))
        .map(|(x, y)| (i64::from(x), i64::from(y)))
        .collect();
    let mut edges = Vec::new();
    for one in 0..vertices {
        let row = 2 * side;
        let ahead = (one + 1..(one + 4).min(vertices))
            .chain((one + row).saturating_sub(3)..(one + row + 4))
            .filter(|other| *other > one && *other < vertices && cell(one).0.abs_diff(cell(*other).0) <= 1);
        for other in ahead {
            let ((x, y), (to_x, to_y)) = (points[one as usize], points[other as usize]);
            let distance = ((to_x - x).pow(2) + (to_y - y).pow(2)).isqrt();
            edges.push(Edge { ends: [one, other], weight: (most - distance).max(1) });
        }
    }
    edges
}

fn nested(vertices: u32, most: i64) -> Vec<Edge> {
    let heaviest = most.max(i64::from(vertices));
    let mut edges: Vec<Edge> = [[0, 1], [1, 2], [0, 2]].map(|ends| Edge { ends, weight: heaviest }).to_vec();
    let mut outermost = [0, 1];
    for ear in (3..vertices.saturating_sub(1)).step_by(2) {
        let weight = heaviest - i64::from(ear / 2);
        let ends = [[outermost[0], ear], [ear, ear + 1], [ear + 1, outermost[1]]];
        edges.extend(ends.map(|ends| Edge { ends, weight }));
        outermost = [ear, ear - 1];
    }
    edges.retain(|edge| edge.ends.iter().all(|end| *end < vertices));
    edges
}

fn stars(vertices: u32, most: i64, dice: &mut Dice) -> Vec<Edge> {
    const HUBS: u32 = 10;
    let mut edges = Vec::new();
    for one in HUBS..vertices {
        edges.push(Edge { ends: [one % HUBS, one], weight: dice.weight(most) });
        edges.push(Edge { ends: [one, HUBS + dice.below(vertices - HUBS)], weight: dice.weight(most / 2 + 1) });
    }
    edges.retain(|edge| edge.ends[0] != edge.ends[1]);
    edges
}
