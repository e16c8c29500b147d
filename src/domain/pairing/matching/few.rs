//! The heaviest matching of at most so many edges.
//!
//! The best weight of `k` edges is a concave function of `k`, since matchings of `k` edges are the corners of a slice of the
//! matchings' polytope. So a price for each chosen edge finds them (Lagrange's multiplier): the higher the price, the
//! fewer edges pay. At the right price a matching of `k` edges is among the heaviest, together with smaller and larger
//! ones; it is mixed from one of each.

use super::graph::{Edge, Refused, index};
use super::heaviest;

/// The places of the chosen edges, in their order: of all matchings of at most `most` edges one of the greatest weight.
/// Takes as long as some [`heaviest`] of the heavier edges. Weights go up to a quarter of [`super::MAX_WEIGHT`].
pub fn heaviest_few(vertices: usize, edges: &[Edge], most: usize) -> Result<Vec<usize>, Refused> {
    if most == 0 {
        return Ok(Vec::new());
    }
    let priced = Priced::of(vertices, edges);
    // With few wanted the price is high, and what cannot pay it need not be looked at.
    let mut few = most.saturating_mul(2);
    while few < priced.by_weight.len() {
        let price = edges[priced.by_weight[few]].weight;
        if priced.most_at(price)?.len() >= most {
            return priced.exactly(most, price);
        }
        few = few.saturating_mul(4);
    }
    let all = heaviest(vertices, edges)?.chosen;
    if all.len() <= most { Ok(all) } else { priced.exactly(most, 0) }
}

struct Priced<'e> {
    vertices: usize,
    edges: &'e [Edge],
    /// The places of the edges, heaviest first.
    by_weight: Vec<usize>,
}

impl<'e> Priced<'e> {
    fn of(vertices: usize, edges: &'e [Edge]) -> Self {
        let mut by_weight: Vec<usize> = (0..edges.len()).filter(|place| edges[*place].weight > 0).collect();
        by_weight.sort_by_key(|place| (std::cmp::Reverse(edges[*place].weight), *place));
        Self { vertices, edges, by_weight }
    }

    /// The heaviest where each edge pays `price`, of these the one of the most edges or of the fewest. Weights count double, so
    /// that half a unit more or less decides between matchings that weigh the same.
    fn heaviest_at(&self, price: i64, favour: i64) -> Result<Vec<usize>, Refused> {
        let paying = self.by_weight.partition_point(|place| self.edges[*place].weight >= price);
        let places = &self.by_weight[..paying];
        let edge = |place: &usize| {
            let Edge { ends, weight } = self.edges[*place];
            Edge { ends, weight: 2 * (weight - price) + favour }
        };
        let edges: Vec<Edge> = places.iter().map(edge).collect();
        Ok(heaviest(self.vertices, &edges)?.chosen.into_iter().map(|place| places[place]).collect())
    }

    fn most_at(&self, price: i64) -> Result<Vec<usize>, Refused> {
        self.heaviest_at(price, 1)
    }

    fn fewest_at(&self, price: i64) -> Result<Vec<usize>, Refused> {
        self.heaviest_at(price, -1)
    }

    /// A heaviest matching of `wanted` edges, where those at `low` can be at least as many.
    fn exactly(&self, wanted: usize, low: i64) -> Result<Vec<usize>, Refused> {
        // The highest price at which as many are still worth it.
        let (mut low, mut high) = (low, self.by_weight.first().map_or(0, |place| self.edges[*place].weight) + 1);
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            if self.most_at(middle)?.len() >= wanted { low = middle } else { high = middle }
        }
        Ok(self.mixed(&self.fewest_at(low)?, &self.most_at(low)?, wanted))
    }

    /// Where two matchings differ, each person has at most one edge of either, so the differences are paths and rings. Each can be
    /// changed over alone; where both matchings are the heaviest at their price, none of that changes the weight, and
    /// those that have one edge more make up the number.
    fn mixed(&self, fewer: &[usize], more: &[usize], wanted: usize) -> Vec<usize> {
        let mut of = [vec![None; self.vertices], vec![None; self.vertices]];
        for (side, chosen) in [fewer, more].into_iter().enumerate() {
            for place in chosen {
                for end in self.edges[*place].ends {
                    of[side][index(end)] = Some(*place);
                }
            }
        }
        let mut is_chosen = vec![false; self.edges.len()];
        for place in fewer {
            is_chosen[*place] = true;
        }
        let mut number = fewer.len();
        for start in more {
            if number >= wanted {
                break;
            }
            let (gained, lost) = self.difference(&mut of, *start);
            if gained.len() > lost.len() {
                for (places, is_gained) in [(lost, false), (gained, true)] {
                    for place in places {
                        is_chosen[place] = is_gained;
                    }
                }
                number += 1;
            }
        }
        (0..self.edges.len()).filter(|place| is_chosen[*place]).collect()
    }

    /// The difference that holds an edge of the larger matching: what would be gained and lost. It is forgotten by that, so that no
    /// other edge of it finds it again.
    fn difference(&self, of: &mut [Vec<Option<usize>>; 2], start: usize) -> (Vec<usize>, Vec<usize>) {
        let (mut gained, mut lost) = (Vec::new(), Vec::new());
        let mut open = vec![start];
        if of[1][index(self.edges[start].ends[0])] != Some(start) {
            return (gained, lost);
        }
        while let Some(place) = open.pop() {
            let ends = self.edges[place].ends;
            let side = usize::from(of[1][index(ends[0])] == Some(place));
            if of[side][index(ends[0])] != Some(place) {
                continue;
            }
            let part = if side == 1 { &mut gained } else { &mut lost };
            part.push(place);
            for end in ends.map(index) {
                of[side][end] = None;
                open.extend(of[1 - side][end]);
            }
        }
        (gained, lost)
    }
}
