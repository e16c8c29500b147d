//! The forest of alternating trees: they are planted at unmatched vertices, grow along tight edges, and go once their
//! root is matched or somebody else may stay alone instead.

use super::graph::{Arc, index, number};
use super::queue::{Event, Queue};
use super::search::{Label, Search, Stage, Tree};

impl Search<'_> {
    /// Runs until no tree is left.
    pub fn run(&mut self, roots: &[u32]) {
        for root in roots {
            self.plant(*root);
        }
        for root in roots {
            self.scan_even(*root);
        }
        while self.trees.len() > self.spare_trees.len() {
            let Some((time, event)) = self.queue.pop() else { break };
            self.clock = time;
            self.happen(event);
            if self.queue.len() > self.tidy_at {
                self.tidy();
            }
        }
        debug_assert_eq!(self.trees.len(), self.spare_trees.len(), "a tree was forgotten");
        self.queue.clear();
    }

    /// When this would happen as things stand, if at all. Whatever begins to be possible is foretold anew, so what does
    /// not fit is forgotten.
    fn time_of(&self, event: Event) -> Option<i64> {
        let wait = match event {
            Event::Tight { edge } => {
                let [one, other] = self.graph.ends_of(edge).map(|end| self.surface_of(end));
                match (self.label(one), self.label(other)) {
                    _ if one == other => return None,
                    (Label::Even, Label::Even) => self.slack(edge) / 2,
                    (Label::Even, Label::Free) | (Label::Free, Label::Even) => self.slack(edge),
                    _ => return None,
                }
            }
            Event::Spent { vertex } => {
                (self.label(self.surface_of(vertex)) == Label::Even).then(|| self.dual(vertex))?
            }
            Event::Hollow { vertex } => {
                let surface = self.surface_of(vertex);
                (self.label(surface) == Label::Odd).then(|| self.blossom_dual(surface))?? / 2
            }
        };
        Some(self.clock + wait)
    }

    /// Events were foretold; only those that are true now happen.
    fn happen(&mut self, event: Event) {
        if self.time_of(event) != Some(self.clock) {
            return;
        }
        match event {
            Event::Tight { edge } => self.tight(edge),
            Event::Spent { vertex } => self.stay_alone(self.surface_of(vertex), vertex),
            Event::Hollow { vertex } => self.expand(self.surface_of(vertex)),
        }
    }

    /// Clears the queue of what can no longer come to pass: so it never holds much more than the graph has edges.
    fn tidy(&mut self) {
        let mut queue = std::mem::replace(&mut self.queue, Queue::new());
        queue.tidy(|time, event| self.time_of(event) == Some(time));
        self.queue = queue;
        self.tidy_at = self.tidy_at.max(2 * self.queue.len());
    }

    /// A tight edge with one even end at least, and the other even or free.
    fn tight(&mut self, edge: u32) {
        let there = 2 * edge;
        let [one, other] = self.graph.ends_of(edge).map(|end| self.surface_of(end));
        if self.label(other) == Label::Free {
            return self.grow(there);
        } else if self.label(one) == Label::Free {
            return self.grow(there ^ 1);
        }
        let [tree, other_tree] = [one, other].map(|surface| self.surfaces[index(surface)].tree);
        if tree != other_tree {
            self.augment(one, Some(there));
            self.augment(other, Some(there ^ 1));
            self.dissolve(&[tree, other_tree]);
        } else if self.stage == Stage::Blossoms {
            self.shrink(there);
        } else {
            self.close_ring(there);
        }
    }

    fn plant(&mut self, root: u32) {
        let tree = self.spare_trees.pop().unwrap_or_else(|| {
            self.trees.push(Tree::default());
            number(self.trees.len() - 1)
        });
        self.trees[index(tree)].limit = i64::MAX;
        self.make_even(self.surface_of(root), tree);
    }

    /// Puts a surface into a tree. Its ties still have to be scanned.
    pub fn make_even(&mut self, surface: u32, tree: u32) {
        self.join(surface, tree, Label::Even);
        self.for_each_vertex_on(surface, |search, vertex| search.limit_by(tree, vertex));
    }

    pub fn make_odd(&mut self, surface: u32, tree: u32, above: Arc) {
        self.join(surface, tree, Label::Odd);
        self.bonds[index(surface)].above = Some(above);
        if let Some(dual) = self.blossom_dual(surface) {
            let (vertex, ..) = self.row(self.bonds[index(surface)].node);
            self.foretell(tree, self.clock + dual / 2, Event::Hollow { vertex });
        }
    }

    fn join(&mut self, surface: u32, tree: u32, label: Label) {
        self.relabel(surface, label);
        self.surfaces[index(surface)].tree = tree;
        let (vertex, ..) = self.row(self.bonds[index(surface)].node);
        self.trees[index(tree)].members.push(vertex);
    }

    /// An even vertex's dual bounds the life of its tree.
    pub fn limit_by(&mut self, tree: u32, vertex: u32) {
        let spent = self.clock + self.dual(vertex);
        if spent < self.trees[index(tree)].limit {
            self.trees[index(tree)].limit = spent;
            self.queue.push(spent, Event::Spent { vertex });
        }
    }

    /// Nothing is noted that would come after the tree's end.
    fn foretell(&mut self, tree: u32, time: i64, event: Event) {
        if time <= self.trees[index(tree)].limit {
            self.queue.push(time, event);
        }
    }

    /// Notes when the ties of a vertex that became even will be tight.
    pub fn scan_even(&mut self, vertex: u32) {
        let graph = self.graph;
        let surface = self.surface_of(vertex);
        let dual = self.dual(vertex);
        let room = self.trees[index(self.surfaces[index(surface)].tree)].limit - self.clock;
        for tie in graph.around(vertex) {
            if dual - tie.weight > room {
                break; // the other's dual is not below zero, and from here on ties only weigh less
            }
            let other = self.surface_of(tie.other);
            if other == surface {
                continue;
            }
            let slack = self.dual(tie.other) + dual - tie.weight;
            let wait = match self.label(other) {
                Label::Even => slack / 2,
                Label::Free => slack,
                Label::Odd => continue,
            };
            if wait <= room {
                self.queue.push(self.clock + wait, Event::Tight { edge: tie.edge });
            }
        }
    }

    /// Notes when the ties of a vertex that became free will be tight, from even vertices that are there already.
    pub fn scan_free(&mut self, vertex: u32) {
        let graph = self.graph;
        let dual = self.dual(vertex);
        for tie in graph.around(vertex) {
            if dual > tie.weight {
                break; // tight only after the other's dual were below zero
            }
            let other = self.surfaces[index(self.surface_of(tie.other))];
            if other.label == Label::Even {
                let time = self.clock + self.dual(tie.other) + dual - tie.weight;
                if time <= self.trees[index(other.tree)].limit {
                    self.queue.push(time, Event::Tight { edge: tie.edge });
                }
            }
        }
    }

    /// Along a tight arc from an even surface to one in no tree: it becomes odd and its partner even, or, if it has
    /// no partner, the root of the tree gets one.
    fn grow(&mut self, arc: Arc) {
        let (even, odd) = (self.surface_at(arc ^ 1), self.surface_at(arc));
        let tree = self.surfaces[index(even)].tree;
        if self.bonds[index(odd)].ring.is_some() {
            self.open_ring(self.graph.head(arc));
        }
        let Some(matched) = self.bonds[index(odd)].matched else {
            self.bonds[index(odd)].matched = Some(arc ^ 1);
            self.augment(even, Some(arc));
            return self.dissolve(&[tree]);
        };
        let partner = self.surface_at(matched);
        self.make_odd(odd, tree, arc ^ 1);
        self.make_even(partner, tree);
        self.for_each_vertex_on(partner, Self::scan_even);
    }

    /// The even surface above another even one, two arcs up; none above a root.
    pub fn two_above(&self, surface: u32) -> Option<u32> {
        let odd = self.surface_at(self.bonds[index(surface)].matched?);
        self.bonds[index(odd)].above.map(|arc| self.surface_at(arc))
    }

    /// Turns the path from an even surface to its root: what was matched is not, and the other way round. The surface
    /// itself is matched by `arc`, or by nothing.
    pub fn augment(&mut self, even: u32, arc: Option<Arc>) {
        let (mut surface, mut arc) = (even, arc);
        while let Some(before) = std::mem::replace(&mut self.bonds[index(surface)].matched, arc) {
            let odd = self.surface_at(before);
            let above = self.bonds[index(odd)].above;
            self.bonds[index(odd)].matched = above;
            let Some(above) = above else { break };
            (surface, arc) = (self.surface_at(above), Some(above ^ 1));
        }
    }

    /// A vertex whose dual is zero stays alone in the root's stead.
    fn stay_alone(&mut self, even: u32, vertex: u32) {
        let tree = self.surfaces[index(even)].tree;
        self.augment(even, None);
        self.bonds[index(even)].alone = vertex;
        self.dissolve(&[tree]);
    }

    /// Lets trees go, and their surfaces be reached by others.
    pub fn dissolve(&mut self, trees: &[u32]) {
        let mut freed = Vec::new();
        for tree in trees {
            let mut members = std::mem::take(&mut self.trees[index(*tree)].members);
            for vertex in members.drain(..) {
                let surface = self.surface_of(vertex);
                // It may have left with a blossom that expanded, and be in another tree by now.
                let is_in_it = self.surfaces[index(surface)].tree == *tree && self.label(surface) != Label::Free;
                if is_in_it {
                    self.relabel(surface, Label::Free);
                    self.bonds[index(surface)].above = None;
                    freed.push(surface);
                }
            }
            self.trees[index(*tree)].members = members;
            self.spare_trees.push(*tree);
        }
        for surface in freed {
            self.for_each_vertex_on(surface, Self::scan_free);
        }
    }
}
