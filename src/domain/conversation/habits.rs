//! What a community's own replies and names teach: how far each family of cues is to be trusted there.

use serde::{Deserialize, Serialize};

use super::constants::{Constants, FAMILIES, FITTED};
use super::cues::{Cues, Weights};
use super::numbers::Sum;
use crate::domain::tie::Kind;

/// One step of learning, at first and after many labels.
const STEP: (f64, f64) = (0.02, 0.002);
/// After so many labels the step is half of what it was.
const STEP_HALVES: f64 = 200.0;
/// A name teaches less than a reply: people name where it would not be clear without, so names are no fair
/// sample. Where most name, a quarter lost accuracy in cross-validation, and this did not.
const NAME_TEACHES: f64 = 0.05;
/// What each label pulls the trusts back towards 1, as a share of a step: some hundred labels outweigh the shared constants.
const PULL: f64 = 0.02;
/// The trust in a family of which nothing was learned: a whole one.
pub const AS_FITTED: i64 = 1_000_000;
/// The same for all, as a share.
pub const WHOLLY: [f32; FAMILIES] = [1.0; FAMILIES];
/// A family is never trusted less or more than this.
const TRUSTED: (i64, i64) = (AS_FITTED * 3 / 10, AS_FITTED * 2);

/// The learned state of one community: bounded, and the same after the same messages.
#[derive(Debug, Clone, PartialEq)]
pub struct Habits {
    constants: Constants,
    /// Those of the constants that are multiplied with most.
    weights: Weights,
    learned: Learned,
    learns: bool,
}

/// What is stored of [`Habits`], in whole numbers, so that it comes back as it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Learned {
    /// Of each family, in millionths; [`AS_FITTED`] is what the shared constants say.
    pub trust: [i64; FAMILIES],
    /// Replies and names learned from.
    pub labels: u64,
}

impl Default for Learned {
    fn default() -> Self {
        Self { trust: [AS_FITTED; FAMILIES], labels: 0 }
    }
}

impl Default for Habits {
    fn default() -> Self {
        Self::new(FITTED, Learned::default())
    }
}

impl Habits {
    /// What was stored is taken within its bounds.
    pub fn new(constants: Constants, learned: Learned) -> Self {
        let trust = learned.trust.map(|trust| trust.clamp(TRUSTED.0, TRUSTED.1));
        let weights = Weights::of(&constants);
        Self { constants, weights, learned: Learned { trust, ..learned }, learns: true }
    }

    /// The same, and nothing more is learned.
    #[must_use]
    pub fn as_they_are(&self) -> Self {
        Self { learns: false, ..self.clone() }
    }

    /// The shared constants.
    pub const fn constants(&self) -> &Constants {
        &self.constants
    }

    /// The same, as they are multiplied with.
    pub(super) const fn weights(&self) -> &Weights {
        &self.weights
    }

    /// Whether anything differs from the shared constants.
    pub const fn has_learned(&self) -> bool {
        self.learned.labels > 0
    }

    /// What is stored.
    pub const fn learned(&self) -> Learned {
        self.learned
    }

    /// The trust in each family of cues.
    pub fn trust(&self) -> [f32; FAMILIES] {
        self.learned.trust.map(share)
    }

    /// Whether replies and names teach anything.
    pub const fn learns(&self) -> bool {
        self.learns
    }

    /// Somebody said by their own act whom a message was for, who has the place `answered`: one step of gradient ascent on
    /// the probability of that, among all who might have been meant.
    pub(super) fn learn(&mut self, cues: &Cues, answered: usize, how: Kind) {
        if !cues.is_candidate(answered) || cues.how_many() < 2 {
            return;
        }
        let mut sure = cues.scores(&self.trust());
        Sum::share(&mut sure);
        let step = self.step() * if how == Kind::Reply { 1.0 } else { NAME_TEACHES };
        for (trust, said) in self.learned.trust.iter_mut().zip(&cues.by_family) {
            let gain = f64::from(said[answered] - (sure * *said).sum());
            let pulled = gain - PULL * (f64::from(share(*trust)) - 1.0);
            *trust = (*trust + millionths(step * pulled)).clamp(TRUSTED.0, TRUSTED.1);
        }
        self.learned.labels = self.learned.labels.saturating_add(1);
    }

    fn step(&self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "nobody writes 2^53 replies")]
        let labels = self.learned.labels as f64;
        (STEP.0 / (1.0 + labels / STEP_HALVES)).max(STEP.1)
    }
}

#[expect(clippy::cast_precision_loss, reason = "seven digits of a trust are enough")]
fn share(millionths: i64) -> f32 {
    millionths as f32 / AS_FITTED as f32
}

#[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "a step is a small number")]
fn millionths(step: f64) -> i64 {
    (step * AS_FITTED as f64).round() as i64
}
