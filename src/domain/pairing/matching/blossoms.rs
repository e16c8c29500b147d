//! Odd cycles: shrunk to one surface when an edge closes them inside a tree, opened again when their dual is used up.

use super::graph::{Arc, index, number};
use super::search::{Blossom, Label, Search};

/// An odd cycle of surfaces: `links[i]` leads from `surfaces[i]` to the next.
pub struct Cycle {
    pub surfaces: Vec<u32>,
    pub links: Vec<Arc>,
}

impl Search<'_> {
    /// Shrinks the odd cycle that an arc closes between two even surfaces of one tree.
    pub fn shrink(&mut self, arc: Arc) {
        let Cycle { surfaces, links } = self.cycle(arc);
        let top = self.bonds[index(surfaces[0])];
        let tree = self.surfaces[index(surfaces[0])].tree;
        let mut turned = Vec::new(); // vertices that were odd and are even now
        for surface in &surfaces {
            if self.label(*surface) == Label::Odd {
                self.relabel(*surface, Label::Even);
                self.for_each_vertex_on(*surface, |_, vertex| turned.push(vertex));
            }
        }
        let kept = self.merge(&surfaces, links);
        let bonds = &mut self.bonds[index(kept)];
        (bonds.matched, bonds.above, bonds.alone) = (top.matched, None, top.alone);
        for vertex in &turned {
            self.limit_by(tree, *vertex);
        }
        for vertex in turned {
            self.scan_even(vertex);
        }
    }

    /// The cycle that an arc closes: first the surface where the paths from its ends meet, then down to the arc's tail,
    /// then from its head up again.
    pub fn cycle(&mut self, arc: Arc) -> Cycle {
        let (tail, head) = (self.surface_at(arc ^ 1), self.surface_at(arc));
        let top = self.meeting(tail, head);
        let mut cycle = Cycle { surfaces: Vec::new(), links: Vec::new() };
        self.climb(tail, top, &mut cycle);
        cycle.surfaces.push(top);
        cycle.surfaces.reverse();
        cycle.links.reverse();
        cycle.links.iter_mut().for_each(|up| *up ^= 1);
        cycle.links.push(arc);
        self.climb(head, top, &mut cycle);
        cycle
    }

    /// Adds the surfaces from `surface` to below `top`, each with the arc that leads up from it.
    fn climb(&self, mut surface: u32, top: u32, path: &mut Cycle) {
        while surface != top {
            let bonds = &self.bonds[index(surface)];
            let Some(up) = bonds.above.or(bonds.matched) else { return };
            path.surfaces.push(surface);
            path.links.push(up);
            surface = self.surface_at(up);
        }
    }

    /// Where the paths of two even surfaces to their common root meet, found in steps of the cycle's length: both walk up in
    /// turn until one comes by where the other was.
    fn meeting(&mut self, one: u32, other: u32) -> u32 {
        self.walk += 1;
        let (mut here, mut there) = (Some(one), Some(other));
        loop {
            if let Some(surface) = here {
                if self.seen[index(surface)] == self.walk {
                    return surface;
                }
                self.seen[index(surface)] = self.walk;
                here = self.two_above(surface);
            }
            std::mem::swap(&mut here, &mut there);
        }
    }

    /// Makes one surface of several even ones. It keeps the number of the largest, so that a vertex changes
    /// its surface only while its blossom at least doubles: each one `log n` times at most, growth by growth.
    fn merge(&mut self, surfaces: &[u32], links: Vec<Arc>) -> u32 {
        let size = |search: &Self, surface: u32| search.row(search.bonds[index(surface)].node).2;
        let kept = surfaces.iter().copied().max_by_key(|surface| size(self, *surface)).unwrap_or(surfaces[0]);
        let children: Vec<u32> = surfaces.iter().map(|surface| self.bonds[index(*surface)].node).collect();
        for surface in surfaces {
            self.freeze(*surface);
            if *surface == kept {
                continue;
            }
            let shift = self.surfaces[index(*surface)].lift.wrapping_sub(self.surfaces[index(kept)].lift);
            self.for_each_vertex_on(*surface, |search, vertex| {
                let vertex = &mut search.vertices[index(vertex)];
                vertex.dual = vertex.dual.wrapping_add(shift);
                vertex.surface = kept;
            });
            self.spare_surfaces.push(*surface);
        }
        let rows: Vec<_> = children.iter().map(|child| self.row(*child)).collect();
        for pair in rows.windows(2) {
            self.next[index(pair[0].1)] = pair[1].0;
        }
        let blossom = Blossom {
            children,
            links,
            dual: -2 * self.clock, // zero now, and growing as an even surface's does
            first: rows[0].0,
            last: rows[rows.len() - 1].1,
            size: rows.iter().map(|row| row.2).sum(),
        };
        self.bonds[index(kept)].node = self.store(blossom);
        kept
    }

    /// Writes down the dual of an even blossom that is to lie inside another: there it rests.
    fn freeze(&mut self, surface: u32) {
        if let (Some(blossom), Some(dual)) = (self.blossom_of(surface), self.blossom_dual(surface)) {
            self.blossoms[blossom].dual = dual;
        }
    }

    fn store(&mut self, blossom: Blossom) -> u32 {
        let place = if let Some(place) = self.spare_blossoms.pop() {
            self.blossoms[index(place)] = blossom;
            index(place)
        } else {
            self.blossoms.push(blossom);
            self.blossoms.len() - 1
        };
        number(self.vertices.len() + place)
    }

    /// Opens an odd blossom whose dual is zero. Of its cycle, the even way from where the tree comes in to where the matched arc
    /// goes out stays in the tree; the others are free and matched in pairs.
    pub fn expand(&mut self, surface: u32) {
        let (tree, above) = (self.surfaces[index(surface)].tree, self.bonds[index(surface)].above);
        let Some(above) = above else { return };
        self.relabel(surface, Label::Free);
        let Some(Cycle { surfaces, links }) = self.open(surface) else { return };
        let entered = self.surface_at(above ^ 1);
        let Some(entry) = surfaces.iter().position(|child| *child == entered) else { return };
        let on_path = if entry % 2 == 0 { 0..=entry } else { entry..=surfaces.len() };
        let at = |place: usize| surfaces[place % surfaces.len()];
        // Along the path, away from the entry: odd, even, odd … to the one at place 0, which the matched arc leaves.
        let mut even = Vec::new();
        for place in on_path.clone() {
            if place % 2 == entry % 2 {
                let up = match place {
                    _ if place == entry => above,
                    _ if place < entry => links[place],
                    _ => links[place - 1] ^ 1,
                };
                self.make_odd(at(place), tree, up);
            } else {
                self.make_even(at(place), tree);
                even.push(at(place));
            }
        }
        for surface in even {
            self.for_each_vertex_on(surface, Self::scan_even);
        }
        for place in (1..surfaces.len()).filter(|place| !on_path.contains(place)) {
            self.for_each_vertex_on(at(place), Self::scan_free);
        }
    }

    /// Puts the children of a free blossom in its place, as free surfaces, turned so that the first is the one that is matched
    /// outside (or holds the vertex that stays alone); the others are matched in pairs. None if it is a vertex.
    pub fn open(&mut self, surface: u32) -> Option<Cycle> {
        let place = self.blossom_of(surface)?;
        let Blossom { children, mut links, .. } = std::mem::take(&mut self.blossoms[place]);
        self.spare_blossoms.push(number(place));
        let outside = self.bonds[index(surface)];
        let mut surfaces = self.part(surface, &children);
        let base = self.surface_of(outside.matched.map_or(outside.alone, |arc| self.graph.tail(arc)));
        let turn = surfaces.iter().position(|child| *child == base)?;
        surfaces.rotate_left(turn);
        links.rotate_left(turn);
        let first = &mut self.bonds[index(base)];
        (first.matched, first.alone) = (outside.matched, outside.alone);
        for place in (1..surfaces.len()).step_by(2) {
            self.bonds[index(surfaces[place])].matched = Some(links[place]);
            self.bonds[index(surfaces[place + 1])].matched = Some(links[place] ^ 1);
        }
        Some(Cycle { surfaces, links })
    }

    /// Gives each child a surface of its own; the largest keeps the one they had.
    fn part(&mut self, surface: u32, children: &[u32]) -> Vec<u32> {
        let largest = children.iter().copied().max_by_key(|child| self.row(*child).2);
        let mut surfaces = Vec::with_capacity(children.len());
        for child in children {
            let own = if Some(*child) == largest { surface } else { self.spare_surfaces.pop().unwrap_or(surface) };
            if own != surface {
                self.surfaces[index(own)] = self.surfaces[index(surface)];
                self.for_each_vertex(*child, |search, vertex| search.vertices[index(vertex)].surface = own);
            }
            let bonds = &mut self.bonds[index(own)];
            (bonds.node, bonds.matched, bonds.above, bonds.ring) = (*child, None, None, None);
            surfaces.push(own);
        }
        surfaces
    }
}
