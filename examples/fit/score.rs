//! The figures of `score.py`, for many ways to look at the same chats.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use wallflower::domain::ids::{Pair, UserId};

/// One judged message: who wrote it, whom it answered, and whom it was taken to be for, with weights.
#[derive(Debug, Clone)]
pub struct Judged {
    pub author: UserId,
    pub truth: BTreeSet<UserId>,
    pub guess: Vec<(UserId, f64)>,
    /// It names whom it was for, so there was nothing to guess.
    pub by_name: bool,
}

#[derive(Debug, Clone, Copy, Default)]
pub struct Score {
    pub accuracy: f64,
    pub f1: f64,
    pub spearman: f64,
    pub best: f64,
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.4} | {:.4} | {:.4} | {:.2}", self.accuracy, self.f1, self.spearman, self.best)
    }
}

impl Score {
    /// The mean over groups of chats.
    #[expect(clippy::cast_precision_loss, reason = "a handful of groups")]
    pub fn mean(scores: &[Self]) -> Self {
        let mean = |of: fn(&Self) -> f64| scores.iter().map(of).sum::<f64>() / scores.len() as f64;
        Self {
            accuracy: mean(|score| score.accuracy),
            f1: mean(|score| score.f1),
            spearman: mean(|score| score.spearman),
            best: mean(|score| score.best),
        }
    }

    pub fn of(judged: &[Judged]) -> Self {
        let (mut answering, mut right, mut guessed, mut hit) = (0.0, 0.0, 0.0, 0.0);
        let (mut predicted, mut true_counts) = (BTreeMap::new(), BTreeMap::new());
        for Judged { author, truth, guess, .. } in judged {
            let top = guess.iter().max_by(|one, other| one.1.total_cmp(&other.1).then(one.0.cmp(&other.0)));
            let found = top.is_some_and(|(user, _)| truth.contains(user));
            answering += f64::from(u8::from(!truth.is_empty()));
            right += f64::from(u8::from(found));
            if top.is_some_and(|(_, weight)| *weight >= 0.5) {
                guessed += 1.0;
                hit += f64::from(u8::from(found));
            }
            for (user, weight) in guess {
                *predicted.entry(Pair::new(*author, *user)).or_insert(0.0) += weight;
            }
            for user in truth {
                *true_counts.entry(Pair::new(*author, *user)).or_insert(0.0) += 1.0;
            }
        }
        let (precision, recall) = (share(hit, guessed), share(hit, answering));
        Self {
            accuracy: share(right, answering),
            f1: share(2.0 * precision * recall, precision + recall),
            spearman: spearman(&predicted, &true_counts),
            best: in_common(&predicted, &true_counts, 100),
        }
    }
}

fn share(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { part / whole } else { 0.0 }
}

type Counts = BTreeMap<Option<Pair>, f64>;

fn in_common(one: &Counts, other: &Counts, most: u8) -> f64 {
    let best = |counts: &Counts| -> BTreeSet<Option<Pair>> {
        let mut counts: Vec<_> = counts.iter().map(|(pair, count)| (*pair, *count)).collect();
        counts.sort_by(|one, other| other.1.total_cmp(&one.1));
        counts.into_iter().take(usize::from(most)).map(|(pair, _)| pair).collect()
    };
    let common = best(one).intersection(&best(other)).count();
    f64::from(u32::try_from(common).unwrap_or(u32::MAX)) / f64::from(most)
}

fn spearman(predicted: &Counts, true_counts: &Counts) -> f64 {
    let pairs: BTreeSet<_> = predicted.keys().chain(true_counts.keys()).collect();
    let column =
        |counts: &Counts| pairs.iter().map(|pair| counts.get(pair).copied().unwrap_or(0.0)).collect::<Vec<f64>>();
    let (one, other) = (ranks(&column(predicted)), ranks(&column(true_counts)));
    let mean = |ranks: &[f64]| share(ranks.iter().sum(), ranks.iter().map(|_| 1.0).sum());
    let (middle, other_middle) = (mean(&one), mean(&other));
    let product = |x: &[f64], x_mean: f64, y: &[f64], y_mean: f64| -> f64 {
        x.iter().zip(y).map(|(x, y)| (x - x_mean) * (y - y_mean)).sum()
    };
    let spread = product(&one, middle, &one, middle) * product(&other, other_middle, &other, other_middle);
    share(product(&one, middle, &other, other_middle), spread.sqrt())
}

/// Equals share their mean rank.
#[expect(clippy::cast_precision_loss, reason = "ranks of some thousand pairs")]
#[expect(clippy::float_cmp, reason = "equal ranks are those of equal values")]
fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|one, other| values[*one].total_cmp(&values[*other]));
    let mut ranks = vec![0.0; values.len()];
    let mut begin = 0;
    while begin < order.len() {
        let equal = order[begin..].iter().take_while(|place| values[**place] == values[order[begin]]).count();
        for place in &order[begin..begin + equal] {
            ranks[*place] = begin as f64 + (equal - 1) as f64 / 2.0;
        }
        begin += equal;
    }
    ranks
}
