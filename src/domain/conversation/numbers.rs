//! One number of each place, reckoned with four at a time.

use std::ops::{Add, AddAssign, Index, IndexMut, Mul};

use wide::f32x4;

use super::people::PEOPLE;

/// Of four places.
pub type Four = f32x4;
/// How many a processor takes at a time, at least.
pub const TOGETHER: usize = 4;
/// All places, by fours.
pub const FOURS: usize = PEOPLE / TOGETHER;

/// One number of each place of a channel's memory. What is reckoned is reckoned for all places, taken or not: that costs a
/// processor less than to see which are taken.
#[derive(Debug, Clone, Copy, Default)]
pub struct Row([Four; FOURS]);

impl Row {
    #[cfg(test)]
    pub fn splat(number: f32) -> Self {
        Self([Four::splat(number); FOURS])
    }

    /// What it is of each four.
    #[inline]
    pub fn of(of: impl Fn(usize) -> Four) -> Self {
        let mut row = Self::default();
        for (four, numbers) in row.0.iter_mut().enumerate() {
            *numbers = of(four);
        }
        row
    }

    pub const fn four(&self, four: usize) -> Four {
        self.0[four % FOURS]
    }

    pub const fn four_mut(&mut self, four: usize) -> &mut Four {
        &mut self.0[four % FOURS]
    }

    pub fn sum(&self) -> f32 {
        self.reduced(|sum, numbers| sum + numbers).to_array().into_iter().sum()
    }

    pub fn highest(&self) -> f32 {
        let [one, two, three, four] = self.reduced(Four::fast_max).to_array();
        let higher = |one: f32, other: f32| if one > other { one } else { other };
        higher(higher(one, two), higher(three, four))
    }

    fn reduced(&self, by: impl Fn(Four, Four) -> Four) -> Four {
        by(by(self.0[0], self.0[1]), by(self.0[2], self.0[3]))
    }

    /// The places, a bit for each, of what is as this says.
    #[inline]
    pub fn which(&self, is: impl Fn(Four) -> Four) -> u32 {
        let bits = |four: usize| is(self.0[four]).to_bitmask() << (four * TOGETHER);
        bits(0) | bits(1) | bits(2) | bits(3)
    }
}

impl Index<usize> for Row {
    type Output = f32;

    fn index(&self, place: usize) -> &f32 {
        &self.0[place / TOGETHER % FOURS].as_array()[place % TOGETHER]
    }
}

impl IndexMut<usize> for Row {
    fn index_mut(&mut self, place: usize) -> &mut f32 {
        &mut self.0[place / TOGETHER % FOURS].as_mut_array()[place % TOGETHER]
    }
}

impl Add for Row {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self::of(|four| self.0[four] + other.0[four])
    }
}

impl AddAssign for Row {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Mul for Row {
    type Output = Self;

    fn mul(self, other: Self) -> Self {
        Self::of(|four| self.0[four] * other.0[four])
    }
}

impl Mul<f32> for Row {
    type Output = Self;

    fn mul(self, by: f32) -> Self {
        Self::of(|four| self.0[four] * Four::splat(by))
    }
}

/// Σ exp of some scores, by what it is times e to the highest of them: so none is too large.
#[derive(Debug, Clone, Copy)]
pub struct Sum {
    highest: f32,
    sum: f32,
}

/// Beyond, e to the power of a score is no number; what is believed against it is nothing long before.
const HIGHEST: f32 = 80.0;

impl Sum {
    /// Of these scores.
    pub fn of(mut scores: Row) -> Self {
        Self::powers(&mut scores)
    }

    /// Of these scores, which turn into shares of one in their place.
    pub fn share(scores: &mut Row) -> Self {
        let sum = Self::powers(scores);
        *scores = *scores * (1.0 / sum.sum);
        sum
    }

    fn powers(scores: &mut Row) -> Self {
        let highest = scores.highest();
        *scores = Row::of(|four| (scores.four(four) - highest).exp());
        Self { highest, sum: scores.sum() }
    }

    /// e to another score, beside this sum.
    pub fn beside(self, score: f32) -> f32 {
        (score - self.highest).min(HIGHEST).exp() / self.sum
    }

    /// The difference of the logarithms of two sums.
    pub fn above(self, other: Self) -> f32 {
        self.highest - other.highest + (self.sum / other.sum).ln()
    }
}

/// The sum of weights times cues.
pub fn dot(weights: &[f32], cues: &[f32]) -> f32 {
    weights.iter().zip(cues).map(|(weight, cue)| weight * cue).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_of_four_are_those_of_each_to_six_digits_and_nothing_of_who_is_barred() {
        for step in -8_700..=8_700_i16 {
            let x = f32::from(step) / 100.0;
            let powers = Four::new([x, x / 2.0, x / 3.0, -1e30]).exp().to_array();
            for (found, x) in powers.into_iter().zip([x, x / 2.0, x / 3.0]) {
                assert!((found / x.exp() - 1.0).abs() < 2e-6, "exp {x}");
            }
            assert_eq!(powers[3].to_bits(), 0);
        }
    }

    #[test]
    fn shares_sum_to_one_and_follow_the_scores() {
        let mut scores = Row::splat(f32::MIN);
        (scores[0], scores[6], scores[15]) = (0.0, 2.0_f32.ln(), -200.0);
        assert!((Sum::of(scores).beside(3.0_f32.ln()) - 1.0).abs() < 1e-5);
        assert!((Sum::of(Row::splat(5.0)).above(Sum::share(&mut scores)) - (5.0 + (16.0_f32 / 3.0).ln())).abs() < 1e-5);
        assert!((scores[0] - 1.0 / 3.0).abs() < 1e-5 && (scores[6] - 2.0 / 3.0).abs() < 1e-5, "{scores:?}");
        assert!((scores.sum() - 1.0).abs() < 1e-5, "{scores:?}");
        assert_eq!(scores.which(|shares| shares.simd_gt(Four::splat(1e-30))), 1 << 0 | 1 << 6);
    }
}
