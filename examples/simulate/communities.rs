//! Who there is, and what their talk weighs.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context, Result};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::Value;
use wallflower::app::replay;
use wallflower::cli::Replay;
use wallflower::domain::ids::{Pair, UserId};

/// A circle of people who talk among themselves.
const CIRCLE: usize = 12;
/// Of two in a circle, so many have a tie.
const TIED: f64 = 0.6;

pub struct Community {
    /// By pair, in thousandths of a message.
    pub ties: BTreeMap<Pair, i64>,
    pub pairs_per_round: usize,
}

impl Community {
    pub fn people(&self) -> BTreeSet<UserId> {
        self.ties.keys().flat_map(|pair| pair.both()).collect()
    }

    /// Everybody is in two circles, and few ties are very strong (a Pareto law, as in chats).
    pub fn generated(people: usize, pairs_per_round: usize, seed: u64) -> Self {
        let mut dice = ChaCha8Rng::seed_from_u64(seed);
        let mut ties = BTreeMap::new();
        for _ in 0..2 {
            let mut row: Vec<u64> = (1..).take(people).collect();
            for place in (1..row.len()).rev() {
                row.swap(place, dice.random_range(0..=place));
            }
            for circle in row.chunks(CIRCLE) {
                for (place, one) in circle.iter().enumerate() {
                    for other in &circle[..place] {
                        let users = [*one, *other].map(UserId::new);
                        let [Some(one), Some(other)] = users else { continue };
                        let Some(pair) = Pair::new(one, other).filter(|_| dice.random_bool(TIED)) else { continue };
                        let rare: f64 = dice.random_range(0.005..1.0);
                        ties.insert(pair, thousandths(2.0 / rare));
                    }
                }
            }
        }
        Self { ties, pairs_per_round }
    }

    /// The ties of exported chats, as `wallflower replay` finds them.
    pub fn of_chats(folder: &Path) -> Result<Self> {
        let request = Replay {
            groups: None,
            paths: vec![folder.to_owned()],
            json: true,
            addressees: None,
            now: None,
            half_life: None,
            weeks: None,
            top: None,
            skip_bad: false,
        };
        let mut printed = Vec::new();
        replay::run(&request, &mut printed)?;
        let report: Value = serde_json::from_slice(&printed)?;
        let mut ties = BTreeMap::new();
        for tie in report["ties"].as_array().context("a report without ties")? {
            let user = |name: &str| tie[name].as_str().and_then(|id| id.parse().ok()).and_then(UserId::new);
            let pair = user("a").zip(user("b")).and_then(|(one, other)| Pair::new(one, other));
            if let Some((pair, weight)) = pair.zip(tie["weight"].as_f64()) {
                ties.insert(pair, thousandths(weight));
            }
        }
        Ok(Self { ties, pairs_per_round: usize::MAX })
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a cast from f64 saturates")]
fn thousandths(messages: f64) -> i64 {
    (messages * 1000.0).round() as i64
}
