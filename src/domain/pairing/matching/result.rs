//! What is handed out when no tree is left: the chosen edges, and the duals that prove them.

use super::Matching;
use super::certificate::{BlossomDual, Certificate};
use super::graph::{index, number};
use super::search::Search;

impl Search<'_> {
    pub fn result(mut self) -> Matching {
        let certificate = self.certificate();
        Matching { chosen: self.chosen(), certificate }
    }

    /// Blossoms without a dual prove nothing and are left out.
    fn certificate(&self) -> Certificate {
        let mut certificate = Certificate {
            vertex_duals: self.all_vertices().map(|vertex| self.dual(vertex)).collect(),
            innermost: vec![None; self.vertices.len()],
            blossoms: Vec::new(),
        };
        let mut nodes: Vec<(u32, Option<u32>)> =
            self.all_surfaces().map(|surface| (self.bonds[index(surface)].node, None)).collect();
        while let Some((node, inside)) = nodes.pop() {
            let Some(blossom) = index(node).checked_sub(self.vertices.len()) else {
                certificate.innermost[index(node)] = inside;
                continue;
            };
            let blossom = &self.blossoms[blossom];
            let mut own = inside;
            if blossom.dual > 0 {
                own = Some(number(certificate.blossoms.len()));
                certificate.blossoms.push(BlossomDual { dual: blossom.dual, inside });
            }
            nodes.extend(blossom.children.iter().map(|child| (*child, own)));
        }
        certificate
    }

    /// Opens all blossoms, so that it shows who is matched with whom inside.
    fn chosen(&mut self) -> Vec<usize> {
        let mut surfaces: Vec<u32> = self.all_surfaces().collect();
        while let Some(surface) = surfaces.pop() {
            surfaces.extend(self.open(surface).into_iter().flat_map(|cycle| cycle.surfaces));
        }
        let arcs = self.all_vertices().filter_map(|vertex| self.bonds[index(self.surface_of(vertex))].matched);
        let mut chosen: Vec<usize> = arcs.filter(|arc| arc % 2 == 0).map(|arc| index(arc / 2)).collect();
        chosen.sort_unstable();
        chosen
    }

    fn all_vertices(&self) -> impl Iterator<Item = u32> + use<> {
        0..number(self.vertices.len())
    }

    /// Each once: it is named by the first of its vertices.
    fn all_surfaces(&self) -> impl Iterator<Item = u32> {
        self.all_vertices().filter_map(|vertex| {
            let surface = self.surface_of(vertex);
            (self.row(self.bonds[index(surface)].node).0 == vertex).then_some(surface)
        })
    }
}
