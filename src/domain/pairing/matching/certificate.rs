//! The proof that a matching is the heaviest: a dual solution of the same value. The check knows nothing of how either was
//! found.
//!
//! Give each vertex a dual and each blossom (a set of `2k + 1` vertices) a dual, none below zero, so that no edge outweighs the
//! duals of its two ends and of the blossoms that hold both. A matching has at most `k` edges inside a blossom, so no matching
//! weighs more than the sum of the vertices' duals and `k` times each blossom's. A matching that weighs
//! just as much is therefore a heaviest one (Edmonds 1965).

use super::graph::{Edge, SCALE};

/// A dual solution, in units of `1 / SCALE` of the weights'.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Certificate {
    pub vertex_duals: Vec<i64>,
    /// The innermost blossom that holds each vertex.
    pub innermost: Vec<Option<u32>>,
    /// Each after the one that it lies in.
    pub blossoms: Vec<BlossomDual>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BlossomDual {
    pub dual: i64,
    /// The next larger blossom that holds it.
    pub inside: Option<u32>,
}

/// What is wrong with a matching or its certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// Somebody is in two chosen edges, or an edge was chosen that does not exist.
    NotAMatching { place: usize },
    /// Lists that do not fit the graph, or each other.
    Misshapen,
    /// A dual below zero.
    Negative,
    /// A blossom that does not hold an odd number of vertices.
    EvenBlossom { blossom: usize },
    /// The edge at this place weighs more than the duals that cover it.
    Uncovered { place: usize },
    /// The matching weighs less than the duals allow; both scaled.
    Gap { matched: i128, allowed: i128 },
}

impl Certificate {
    /// The weight of the chosen edges, if they are a matching that weighs the most. Takes time as `edges` does, times the
    /// logarithm of how deep blossoms are nested.
    pub fn check(&self, edges: &[Edge], chosen: &[usize]) -> Result<i128, Flaw> {
        let weight = self.weigh(edges, chosen)?;
        let nest = Nest::of(self)?;
        for (place, edge) in edges.iter().enumerate() {
            let [one, other] = edge.ends.map(|end| end as usize);
            let around = match (self.innermost[one], self.innermost[other]) {
                (Some(one), Some(other)) => nest.dual_around(one as usize, other as usize),
                _ => 0,
            };
            let duals = i128::from(self.vertex_duals[one]) + i128::from(self.vertex_duals[other]) + around;
            if duals < i128::from(edge.weight) * i128::from(SCALE) {
                return Err(Flaw::Uncovered { place });
            }
        }
        let (matched, allowed) = (weight * i128::from(SCALE), self.value(&nest)?);
        if matched == allowed { Ok(weight) } else { Err(Flaw::Gap { matched, allowed }) }
    }

    /// The weight of the chosen edges, if nobody is in two of them.
    fn weigh(&self, edges: &[Edge], chosen: &[usize]) -> Result<i128, Flaw> {
        let vertices = self.vertex_duals.len();
        if self.innermost.len() != vertices
            || edges.iter().any(|edge| edge.ends.iter().any(|end| *end as usize >= vertices))
        {
            return Err(Flaw::Misshapen);
        }
        let mut taken = vec![false; vertices];
        let mut weight = 0;
        for place in chosen.iter().copied() {
            let edge = edges.get(place).ok_or(Flaw::NotAMatching { place })?;
            for end in edge.ends {
                if std::mem::replace(&mut taken[end as usize], true) {
                    return Err(Flaw::NotAMatching { place });
                }
            }
            weight += i128::from(edge.weight);
        }
        Ok(weight)
    }

    /// What no matching weighs more than.
    fn value(&self, nest: &Nest) -> Result<i128, Flaw> {
        if self.vertex_duals.iter().any(|dual| *dual < 0) || self.blossoms.iter().any(|blossom| blossom.dual < 0) {
            return Err(Flaw::Negative);
        }
        let mut sizes = vec![0_i128; self.blossoms.len()];
        for blossom in self.innermost.iter().flatten() {
            sizes[*blossom as usize] += 1;
        }
        let mut value: i128 = self.vertex_duals.iter().copied().map(i128::from).sum();
        for (place, blossom) in self.blossoms.iter().enumerate().rev() {
            if sizes[place] % 2 == 0 {
                return Err(Flaw::EvenBlossom { blossom: place });
            }
            value += i128::from(blossom.dual) * ((sizes[place] - 1) / 2);
            if let Some(outer) = nest.outer[place] {
                sizes[outer] += sizes[place];
            }
        }
        Ok(value)
    }
}

/// The blossoms as a forest, prepared for the question which of them hold both of two vertices. Each knows the one around it and
/// one far further out, so that a walk outwards takes a logarithm of the depth (Myers 1983).
struct Nest {
    outer: Vec<Option<usize>>,
    far: Vec<usize>,
    depth: Vec<usize>,
    /// The duals of a blossom and of all around it.
    sum: Vec<i128>,
}

impl Nest {
    fn of(certificate: &Certificate) -> Result<Self, Flaw> {
        let count = certificate.blossoms.len();
        if certificate.innermost.iter().flatten().any(|blossom| *blossom as usize >= count) {
            return Err(Flaw::Misshapen);
        }
        let mut nest = Self { outer: Vec::new(), far: Vec::new(), depth: Vec::new(), sum: Vec::new() };
        for (place, blossom) in certificate.blossoms.iter().enumerate() {
            let outer = blossom.inside.map(|outer| outer as usize);
            if outer.is_some_and(|outer| outer >= place) {
                return Err(Flaw::Misshapen);
            }
            let (depth, sum, far) = outer.map_or((0, 0, place), |outer| {
                let (far, further) = (nest.far[outer], nest.far[nest.far[outer]]);
                let same_step = nest.depth[outer] - nest.depth[far] == nest.depth[far] - nest.depth[further];
                (nest.depth[outer] + 1, nest.sum[outer], if same_step { further } else { outer })
            });
            nest.outer.push(outer);
            nest.far.push(far);
            nest.depth.push(depth);
            nest.sum.push(sum + i128::from(blossom.dual));
        }
        Ok(nest)
    }

    /// The duals of all blossoms that hold both of these.
    fn dual_around(&self, one: usize, other: usize) -> i128 {
        let depth = self.depth[one].min(self.depth[other]);
        let (mut one, mut other) = (self.outwards(one, depth), self.outwards(other, depth));
        while one != other {
            let (Some(outer), Some(outer_of_other)) = (self.outer[one], self.outer[other]) else { return 0 };
            let (far, far_of_other) = (self.far[one], self.far[other]);
            (one, other) = if far == far_of_other { (outer, outer_of_other) } else { (far, far_of_other) };
        }
        self.sum[one]
    }

    fn outwards(&self, mut blossom: usize, depth: usize) -> usize {
        while self.depth[blossom] > depth {
            let far = self.far[blossom];
            blossom = if self.depth[far] >= depth { far } else { self.outer[blossom].unwrap_or(blossom) };
        }
        blossom
    }
}

#[cfg(test)]
mod tests {
    use super::super::heaviest;
    use super::*;

    /// A triangle of weight 2 all around, with a tail of weight 1: the triangle is a blossom.
    fn triangle() -> (Vec<Edge>, Vec<usize>, Certificate) {
        let ties = [(0, 1, 2), (1, 2, 2), (2, 0, 2), (2, 3, 1)];
        let edges = ties.map(|(one, other, weight)| Edge { ends: [one, other], weight }).to_vec();
        let certificate = Certificate {
            vertex_duals: vec![2, 2, 4, 0],
            innermost: vec![Some(0), Some(0), Some(0), None],
            blossoms: vec![BlossomDual { dual: 4, inside: None }],
        };
        (edges, vec![0, 3], certificate)
    }

    #[test]
    fn a_proof_by_hand_is_taken() {
        let (edges, chosen, certificate) = triangle();
        assert_eq!(certificate.check(&edges, &chosen), Ok(3));
    }

    #[test]
    fn a_lighter_matching_leaves_a_gap() {
        let (edges, _, certificate) = triangle();
        assert_eq!(certificate.check(&edges, &[0]), Err(Flaw::Gap { matched: 8, allowed: 12 }));
    }

    #[test]
    fn nobody_is_matched_twice() {
        let (edges, _, certificate) = triangle();
        assert_eq!(certificate.check(&edges, &[1, 3]), Err(Flaw::NotAMatching { place: 3 }));
        assert_eq!(certificate.check(&edges, &[0, 9]), Err(Flaw::NotAMatching { place: 9 }));
        assert_eq!(certificate.check(&edges, &[0, 0]), Err(Flaw::NotAMatching { place: 0 }));
    }

    #[test]
    fn each_edge_has_to_be_covered() {
        let (edges, chosen, certificate) = triangle();
        let forged = |change: fn(&mut Certificate)| {
            let mut certificate = certificate.clone();
            change(&mut certificate);
            certificate.check(&edges, &chosen)
        };
        assert_eq!(forged(|proof| proof.vertex_duals[2] = 3), Err(Flaw::Uncovered { place: 3 }));
        assert_eq!(forged(|proof| proof.blossoms[0].dual = 3), Err(Flaw::Uncovered { place: 0 }));
        assert_eq!(forged(|proof| proof.innermost[0] = None), Err(Flaw::Uncovered { place: 0 }));
        assert_eq!(forged(|proof| proof.vertex_duals[0] = 3), Err(Flaw::Gap { matched: 12, allowed: 13 }));
    }

    #[test]
    fn duals_and_blossoms_have_to_be_what_the_proof_speaks_of() {
        let (edges, chosen, certificate) = triangle();
        let forged = |change: fn(&mut Certificate)| {
            let mut certificate = certificate.clone();
            change(&mut certificate);
            certificate.check(&edges, &chosen)
        };
        assert_eq!(forged(|proof| proof.innermost[3] = Some(0)), Err(Flaw::EvenBlossom { blossom: 0 }));
        assert_eq!(forged(|proof| proof.vertex_duals.push(-1)), Err(Flaw::Misshapen));
        assert_eq!(forged(|proof| proof.innermost[3] = Some(1)), Err(Flaw::Misshapen));
        assert_eq!(forged(|proof| proof.blossoms[0].inside = Some(0)), Err(Flaw::Misshapen));
        let negative = |proof: &mut Certificate| {
            proof.vertex_duals.push(-4);
            proof.innermost.push(None);
        };
        assert_eq!(forged(negative), Err(Flaw::Negative));
        let negative_blossom = |proof: &mut Certificate| {
            proof.blossoms.push(BlossomDual { dual: -2, inside: Some(0) });
            proof.innermost[0] = Some(1);
        };
        assert_eq!(forged(negative_blossom), Err(Flaw::Negative));
    }

    #[test]
    fn an_edge_outside_the_graph_is_no_panic() {
        let certificate = heaviest(2, &[]).map(|matching| matching.certificate).unwrap_or_default();
        assert_eq!(certificate.check(&[Edge { ends: [0, 2], weight: 1 }], &[]), Err(Flaw::Misshapen));
    }

    #[test]
    fn what_holds_both_is_found_at_any_depth() {
        // Two chains of blossoms inside one outermost: 0, then evens in one and odds in the other.
        let blossoms =
            (0..2001_u32).map(|place| BlossomDual { dual: 1, inside: (place > 0).then(|| place.saturating_sub(2)) });
        let certificate = Certificate { blossoms: blossoms.collect(), ..Certificate::default() };
        let nest = Nest::of(&certificate).unwrap();
        assert_eq!(nest.dual_around(2000, 1999), 1);
        assert_eq!(nest.dual_around(2000, 1000), 501);
        assert_eq!(nest.dual_around(999, 1999), 501);
        assert_eq!(nest.dual_around(0, 1999), 1);
    }
}
