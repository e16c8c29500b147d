//! One person moves, two change seats, two tables become one: as long as that makes the tables of a circle worth more.

use super::{Circle, Mask, bit, of};

impl Circle<'_> {
    /// Improves the tables until no single change does.
    pub(in super::super) fn improve(&self, tables: &mut Vec<Mask>) {
        while self.change_one(tables) || self.merge(tables) {}
    }

    /// Lets whoever gains by it change; whether anybody did.
    fn change_one(&self, tables: &mut [Mask]) -> bool {
        let mut changed = false;
        for one in 0..self.people.len() {
            for to in 0..tables.len() {
                let from = tables.iter().position(|table| table & bit(one) != 0);
                if from != Some(to) {
                    changed |= self.move_over(tables, one, from, to) || self.change_seats(tables, one, from, to);
                }
            }
        }
        changed
    }

    fn move_over(&self, tables: &mut [Mask], one: usize, from: Option<usize>, to: usize) -> bool {
        let wider = tables[to] | bit(one);
        if wider.count_ones() > u32::from(self.rules().size.most()) {
            return false;
        }
        let left = from.map(|from| tables[from] & !bit(one));
        let lost = left.map_or(-self.rules().seat, |left| self.pull(one, left));
        let may = |table: Option<Mask>| table.is_none_or(|table| self.may_be(table));
        if self.pull(one, tables[to]) <= lost || !may(left) || !self.may_be(wider) {
            return false;
        }
        tables[to] = wider;
        from.zip(left).into_iter().for_each(|(from, left)| tables[from] = left);
        true
    }

    /// One takes the seat of somebody at another table, who takes the seat of the first, or is left over like them.
    fn change_seats(&self, tables: &mut [Mask], one: usize, from: Option<usize>, to: usize) -> bool {
        let left = from.map(|from| tables[from] & !bit(one));
        let lost = left.map_or(0, |left| self.pull(one, left));
        for other in of(tables[to]) {
            let stays = tables[to] & !bit(other);
            let gained = self.pull(one, stays) + left.map_or(0, |left| self.pull(other, left));
            if gained <= lost + self.pull(other, stays) {
                continue;
            }
            let (here, there) = (stays | bit(one), left.map(|left| left | bit(other)));
            if self.may_be(here) && there.is_none_or(|there| self.may_be(there)) {
                tables[to] = here;
                from.zip(there).into_iter().for_each(|(from, there)| tables[from] = there);
                return true;
            }
        }
        false
    }

    fn merge(&self, tables: &mut Vec<Mask>) -> bool {
        for one in 0..tables.len() {
            for other in 0..one {
                let both = tables[one] | tables[other];
                let cross: i64 = of(tables[one]).map(|who| self.pull(who, tables[other])).sum();
                if cross > 0 && self.may_be(both) {
                    tables[other] = both;
                    tables.swap_remove(one);
                    return true;
                }
            }
        }
        false
    }
}
