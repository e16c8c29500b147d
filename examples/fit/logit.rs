//! A conditional logit: each choice is one of a few alternatives, more than one of which may be right. Fitted by Newton's
//! method from a given start, so the same choices give the same weights.

/// Keeps weights that the data say nothing about at zero.
const RIDGE: f64 = 3.0;
const MOST_STEPS: usize = 40;
/// Where a step gains less than this per choice, it is the last.
const ENOUGH: f64 = 1e-8;

/// The choices of `width` cues per alternative.
pub struct Choices {
    width: usize,
    cues: Vec<f32>,
    offsets: Vec<f32>,
    /// Where each choice's alternatives end, and which of them are right, as bits.
    ends: Vec<(usize, u32)>,
}

impl Choices {
    pub const fn of(width: usize) -> Self {
        Self { width, cues: Vec::new(), offsets: Vec::new(), ends: Vec::new() }
    }

    /// An alternative of the choice that [`Self::close`] ends; `offset` is added to its score as it is.
    pub fn alternative(&mut self, offset: f32, cues: impl IntoIterator<Item = f32>) {
        self.offsets.push(offset);
        self.cues.extend(cues);
        assert_eq!(self.cues.len(), self.offsets.len() * self.width, "as many cues as the width");
    }

    pub fn close(&mut self, right: u32) {
        self.ends.push((self.offsets.len(), right));
    }

    pub fn fit(&self, start: &[f64]) -> Vec<f64> {
        let mut weights = start.to_vec();
        let (mut loss, mut slope, mut curve) = self.look(&weights);
        for _ in 0..MOST_STEPS {
            let step = solved(curve, slope);
            let mut share = 1.0;
            let (next, found) = loop {
                let next: Vec<f64> = weights.iter().zip(&step).map(|(weight, step)| weight - share * step).collect();
                let found = self.look(&next);
                if found.0 <= loss || share < 1e-6 {
                    break (next, found);
                }
                share /= 2.0;
            };
            let gained = loss - found.0;
            weights = next;
            (loss, slope, curve) = found;
            #[expect(clippy::cast_precision_loss, reason = "a count of messages")]
            if gained < ENOUGH * self.ends.len() as f64 {
                break;
            }
        }
        weights
    }

    /// The loss with its slope and curvature.
    fn look(&self, weights: &[f64]) -> (f64, Vec<f64>, Vec<f64>) {
        let width = self.width;
        let (mut slope, mut curve) = (vec![0.0; width], vec![0.0; width * width]);
        let mut loss = 0.0;
        let (mut begin, mut mean) = (0, vec![0.0; width]);
        for &(end, right) in &self.ends {
            let row = |alternative: usize| &self.cues[alternative * width..(alternative + 1) * width];
            let score = |alternative| f64::from(self.offsets[alternative]) + dot(weights, row(alternative));
            let scores: Vec<f64> = (begin..end).map(score).collect();
            let highest = scores.iter().copied().fold(f64::MIN, f64::max);
            let sum: f64 = scores.iter().map(|score| (score - highest).exp()).sum();
            let shares: Vec<f64> = scores.iter().map(|score| (score - highest).exp() / sum).collect();
            let is_right = |place: usize| right >> place & 1 == 1;
            let right: f64 = (0..end - begin).filter(|place| is_right(*place)).map(|place| shares[place]).sum();
            let right = right.max(1e-12);
            loss -= right.ln();
            mean.fill(0.0);
            for (place, share) in shares.iter().enumerate() {
                let pull = share - if is_right(place) { share / right } else { 0.0 };
                add(row(begin + place), *share, pull, (&mut mean, &mut slope, &mut curve));
            }
            for (one, row) in mean.iter().zip(curve.chunks_exact_mut(width)) {
                row.iter_mut().zip(&mean).for_each(|(curve, other)| *curve -= one * other);
            }
            begin = end;
        }
        for (place, weight) in weights.iter().enumerate() {
            loss += RIDGE * weight * weight / 2.0;
            slope[place] += RIDGE * weight;
            curve[place * width + place] += RIDGE;
        }
        (loss, slope, curve)
    }
}

fn dot(weights: &[f64], cues: &[f32]) -> f64 {
    weights.iter().zip(cues).map(|(weight, cue)| weight * f64::from(*cue)).sum()
}

fn add(row: &[f32], share: f64, pull: f64, (mean, slope, curve): (&mut [f64], &mut [f64], &mut [f64])) {
    for (one, cue) in row.iter().enumerate().filter(|(_, cue)| **cue != 0.0) {
        let cue = f64::from(*cue);
        mean[one] += share * cue;
        slope[one] += pull * cue;
        let curve = &mut curve[one * row.len()..(one + 1) * row.len()];
        curve.iter_mut().zip(row).for_each(|(curve, other)| *curve += share * cue * f64::from(*other));
    }
}

/// Gaussian elimination; the matrix is positive definite.
fn solved(mut matrix: Vec<f64>, mut right: Vec<f64>) -> Vec<f64> {
    let width = right.len();
    for pivot in 0..width {
        for row in pivot + 1..width {
            let factor = matrix[row * width + pivot] / matrix[pivot * width + pivot];
            for column in pivot..width {
                matrix[row * width + column] -= factor * matrix[pivot * width + column];
            }
            right[row] -= factor * right[pivot];
        }
    }
    for row in (0..width).rev() {
        let known: f64 = (row + 1..width).map(|column| matrix[row * width + column] * right[column]).sum();
        right[row] = (right[row] - known) / matrix[row * width + row];
    }
    right
}
