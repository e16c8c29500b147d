//! What a community's own replies and names teach: how far each family of cues is to be trusted there.

use serde::{Deserialize, Serialize};

use super::constants::{Constants, FITTED, TURNS};
use super::cues::Cues;
use super::numbers::{Row, shares};
use crate::domain::ids::UserId;
use crate::domain::tie::Kind;

/// The families of [`super::constants::TURN`]: those cues that differ together from one community to the next.
pub const FAMILIES: usize = 4;
/// Who spoke last, how many messages ago, who came between.
const ORDER: usize = 0;
/// Time.
const TIME: usize = 1;
/// Names and replies of a while ago.
const NAMES: usize = 2;
/// The inference's own guesses, fed back: turns to each other, and the tie.
const MEMORY: usize = 3;
/// What every cue of [`super::constants::TURN`] belongs to; the last two families share no cue.
const FAMILY: [usize; TURNS] = [
    ORDER, ORDER, TIME, ORDER, NAMES, MEMORY, NAMES, ORDER, ORDER, MEMORY, MEMORY, MEMORY, TIME, NAMES, MEMORY, ORDER,
    ORDER, MEMORY, TIME, MEMORY, ORDER, NAMES,
];

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
/// A family is never trusted less or more than this.
const TRUSTED: (i64, i64) = (AS_FITTED * 3 / 10, AS_FITTED * 2);

/// The learned state of one community: bounded, and the same after the same messages.
#[derive(Debug, Clone, PartialEq)]
pub struct Habits {
    constants: Constants,
    learned: Learned,
    /// [`Constants::turn`], each multiplied by the trust in its family.
    turn: [f32; TURNS],
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
        let mut habits = Self { turn: constants.turn, constants, learned: Learned { trust, ..learned }, learns: true };
        habits.weigh();
        habits
    }

    /// The same, and nothing more is learned.
    #[must_use]
    pub fn as_they_are(&self) -> Self {
        Self { learns: false, ..self.clone() }
    }

    pub const fn constants(&self) -> &Constants {
        &self.constants
    }

    /// Whether anything differs from the shared constants.
    pub const fn has_learned(&self) -> bool {
        self.learned.labels > 0
    }

    pub const fn learned(&self) -> Learned {
        self.learned
    }

    /// The weights of the turn's cues, as they are here.
    pub const fn turn(&self) -> &[f32; TURNS] {
        &self.turn
    }

    /// Somebody said by their own act whom a message was for: one step of gradient ascent on the probability of that,
    /// among the candidates.
    pub fn learn(&mut self, cues: &Cues, answered: UserId, how: Kind) {
        if !self.learns {
            return;
        }
        let candidates = cues.candidates();
        let Some(right) =
            candidates.iter().position(|candidate| candidate.user == answered).filter(|_| candidates.len() > 1)
        else {
            return;
        };
        // Of each family, what it says of each candidate.
        let mut said = [Row::default(); FAMILIES];
        for ((cues, weight), family) in cues.turn.iter().zip(&self.constants.turn).zip(FAMILY) {
            said[family].iter_mut().zip(cues).for_each(|(said, cue)| *said += cue * weight);
        }
        let mut sure = Row::default();
        for (said, trust) in said.iter().zip(self.learned.trust.map(share)) {
            sure.iter_mut().zip(said).for_each(|(sure, said)| *sure += said * trust);
        }
        shares(&mut sure, candidates.len());
        let sure = &sure[..candidates.len()];
        let step = self.step() * if how == Kind::Reply { 1.0 } else { NAME_TEACHES };
        for (family, trust) in self.learned.trust.iter_mut().enumerate() {
            let expected: f32 = sure.iter().zip(&said[family]).map(|(sure, said)| sure * said).sum();
            let gain = f64::from(said[family][right] - expected);
            let pulled = gain - PULL * (f64::from(share(*trust)) - 1.0);
            *trust = (*trust + millionths(step * pulled)).clamp(TRUSTED.0, TRUSTED.1);
        }
        self.learned.labels = self.learned.labels.saturating_add(1);
        self.weigh();
    }

    fn step(&self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "nobody writes 2^53 replies")]
        let labels = self.learned.labels as f64;
        (STEP.0 / (1.0 + labels / STEP_HALVES)).max(STEP.1)
    }

    fn weigh(&mut self) {
        let trust = self.learned.trust.map(share);
        for ((turn, weight), family) in self.turn.iter_mut().zip(&self.constants.turn).zip(FAMILY) {
            *turn = weight * trust[family];
        }
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
