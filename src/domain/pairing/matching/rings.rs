//! Where the search begins from: greedy duals, and then the half-integral optimum, in which an odd cycle may be
//! matched by halves all around. It is found by the same search with *rings* instead of blossoms: nothing is
//! nested, so its steps are short, and it leaves only one vertex of each ring to be matched by the real search.

use super::blossoms::Cycle;
use super::graph::{Arc, Graph, SCALE, index, number};
use super::search::{Search, Stage};

/// Duals that no edge outweighs, each as low as its neighbours' allow, one vertex after the other. All are multiples of
/// [`SCALE`], so that the slacks of the first stage can be halved, and those of the second once more.
pub fn greedy_duals(graph: &Graph) -> Vec<i64> {
    let vertices = || 0..number(graph.vertices());
    let heaviest = |vertex| graph.around(vertex).first().map_or(0, |tie| tie.weight);
    let mut duals: Vec<i64> = vertices().map(|vertex| (heaviest(vertex) / 2 + SCALE - 1) / SCALE * SCALE).collect();
    for vertex in vertices() {
        let needed = graph.around(vertex).iter().map(|tie| tie.weight - duals[index(tie.other)]).max();
        duals[index(vertex)] = needed.unwrap_or(0).max(0);
    }
    duals
}

impl Search<'_> {
    /// The first stage: from here on only one vertex of each ring is unmatched although its dual is above zero.
    pub fn match_by_halves(&mut self) {
        self.stage = Stage::Rings;
        self.run(&self.roots());
        self.open_rings();
    }

    /// The second stage: no such vertex is left.
    pub fn match_with_blossoms(&mut self) {
        self.stage = Stage::Blossoms;
        self.run(&self.roots());
    }

    /// Matches along tight edges, vertex by vertex, as far as that goes without changing anybody's partner.
    pub fn match_greedily(&mut self) {
        let graph = self.graph;
        for vertex in 0..number(graph.vertices()) {
            if self.bonds[index(vertex)].matched.is_some() {
                continue;
            }
            let tie = graph.around(vertex).iter().find(|tie| {
                self.bonds[index(tie.other)].matched.is_none() && self.dual(vertex) + self.dual(tie.other) == tie.weight
            });
            if let Some(tie) = tie {
                let arc = graph.arc_from(vertex, tie.edge);
                self.bonds[index(vertex)].matched = Some(arc);
                self.bonds[index(tie.other)].matched = Some(arc ^ 1);
            }
        }
    }

    /// The vertices that are unmatched although their dual is above zero.
    pub fn roots(&self) -> Vec<u32> {
        let is_root = |vertex: &u32| self.bonds[index(*vertex)].matched.is_none() && self.dual(*vertex) > 0;
        (0..number(self.vertices.len())).filter(is_root).collect()
    }

    /// The arc closes an odd cycle inside a tree: all on it are matched by halves, and the tree has no unmatched root any more.
    pub fn close_ring(&mut self, arc: Arc) {
        let Cycle { surfaces, links } = self.cycle(arc);
        let tree = self.surfaces[index(surfaces[0])].tree;
        self.augment(surfaces[0], None);
        for (surface, link) in surfaces.iter().zip(links) {
            self.bonds[index(*surface)].matched = None;
            self.bonds[index(*surface)].ring = Some(link);
        }
        self.dissolve(&[tree]);
    }

    /// Leaves one vertex of a ring unmatched, and matches the others in pairs.
    pub fn open_ring(&mut self, vertex: u32) {
        let mut links = Vec::new();
        let mut at = vertex;
        while let Some(link) = self.bonds[index(at)].ring.take() {
            links.push(link);
            at = self.graph.head(link);
        }
        for link in links.into_iter().skip(1).step_by(2) {
            self.bonds[index(self.graph.tail(link))].matched = Some(link);
            self.bonds[index(self.graph.head(link))].matched = Some(link ^ 1);
        }
    }

    /// Opens all rings, each at its vertex with the least dual: at zero that one may stay alone, and all is well.
    pub fn open_rings(&mut self) {
        for start in 0..number(self.vertices.len()) {
            let mut least = start;
            let mut link = self.bonds[index(start)].ring;
            while let Some(arc) = link {
                let at = self.graph.head(arc);
                if at == start {
                    self.open_ring(least);
                    break;
                }
                if self.dual(at) < self.dual(least) {
                    least = at;
                }
                link = self.bonds[index(at)].ring;
            }
        }
    }
}
