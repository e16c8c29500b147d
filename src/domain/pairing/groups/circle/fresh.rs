//! A seating from nothing: from a strong tie on, whoever is pulled the most sits down, with some chance.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::{Circle, MOST_TOGETHER, Mask, bit, of};

/// What a throw of the dice leaves of a pull, at least, in percent: one of these for each seating, since some companies
/// are seated well by following the ties closely, and some only by looking away from them.
const DULLED: [u8; 4] = [60, 60, 60, 10];
/// Beginnings of a table that may come to nothing in one seating.
const IN_VAIN: usize = 8;

/// Dice that blur a pull.
struct Blur<'d> {
    dice: &'d mut ChaCha8Rng,
    least: u8,
    /// Whether two strangers may sit down before a friend does.
    strangers: bool,
}

impl Blur<'_> {
    fn of(&mut self, pull: i64) -> i128 {
        i128::from(pull) * i128::from(self.dice.random_range(self.least..=100))
    }
}

impl Circle<'_> {
    /// Tables for those of `free` who can be seated together, found with some chance.
    pub(in super::super) fn seat_anew(&self, mut free: Mask, dice: &mut ChaCha8Rng) -> Vec<Mask> {
        let least = DULLED[dice.random_range(0..DULLED.len())];
        let strangers = dice.random_range(0..6) == 0;
        let mut blur = Blur { dice, least, strangers };
        let (mut tables, mut in_vain) = (Vec::new(), 0);
        // Ties from which no table grew.
        let mut spent = [0; MOST_TOGETHER];
        while let Some((one, other)) = self.first_two(free, &spent, &mut blur).filter(|_| in_vain < IN_VAIN) {
            let table = self.grow(bit(one) | bit(other), free, &mut blur);
            if self.may_be(table) {
                free &= !table;
                tables.push(table);
            } else {
                in_vain += 1;
                spent[one] |= bit(other);
                spent[other] |= bit(one);
            }
        }
        tables
    }

    fn first_two(&self, free: Mask, spent: &[Mask], blur: &mut Blur<'_>) -> Option<(usize, usize)> {
        let pairs = of(free).flat_map(|one| {
            let later = free & !spent[one] & self.strong[one] & !self.apart[one] & (Mask::MAX << one);
            of(later).map(move |other| (one, other))
        });
        pairs.max_by_key(|(one, other)| blur.of(self.weights[*one][*other]))
    }

    fn grow(&self, mut table: Mask, free: Mask, blur: &mut Blur<'_>) -> Mask {
        let (least, most) = (u32::from(self.rules().size.least()), u32::from(self.rules().size.most()));
        // Full tables hold the most ties; smaller ones may leave more for the next.
        let wanted = if blur.dice.random_range(0..3) > 0 { most } else { blur.dice.random_range(least..=most) };
        while table.count_ones() < wanted {
            let fitting = of(free & !table).filter(|one| self.might_join(*one, table));
            let too_small = table.count_ones() < least;
            let alone = !(too_small && blur.strangers && blur.dice.random_range(0..2) == 0);
            let more = match fitting.max_by_key(|one| blur.of(self.pull(*one, table))) {
                Some(next) if alone => bit(next),
                _ if too_small => self.two_more(table, free, blur),
                _ => 0,
            };
            if more == 0 || (table | more).count_ones() > wanted {
                break;
            }
            table |= more;
        }
        table
    }

    /// Two who may be strangers to a table that is too small, but not to each other.
    fn two_more(&self, table: Mask, free: Mask, blur: &mut Blur<'_>) -> Mask {
        let welcome = of(free & !table & !self.newcomers).filter(|one| self.apart[*one] & table == 0);
        let welcome = welcome.fold(0, |mask, one| mask | bit(one));
        self.first_two(welcome, &[0; MOST_TOGETHER], blur).map_or(0, |(one, other)| bit(one) | bit(other))
    }
}
