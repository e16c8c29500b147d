//! The cues of one message, read from the channel's memory before it is added to it.

use super::constants::{Constants, FAMILIES, FAMILY, NOBODIES, TURNS, turn};
use super::memory::Memory;
use super::numbers::{FOURS, Four, Row, TOGETHER, dot};
use super::people::PEOPLE;
use super::scene::{self, Scene};

/// The score of who cannot be meant.
const BARRED: f32 = -1e30;

/// The cues of four people.
pub type Turns = [Four; TURNS];

/// All that the inference sees of a message that names nobody. By the places of the memory that it is read from; of who
/// cannot be meant it tells nothing.
#[derive(Debug, Clone)]
pub struct Cues {
    /// Who may be meant, a bit for each: the others that have spoken.
    candidates: u32,
    /// What is added to the scores: nothing for those.
    barred: Row,
    /// What each family of cues says of each, by the shared constants.
    pub by_family: [Row; FAMILIES],
    /// The cues of nobody.
    pub nobody: [f32; NOBODIES],
    /// The cues that those of later messages are multiplied with.
    pub factors: Factors,
}

/// See [`turn`] for what they measure.
#[derive(Debug, Clone, Copy, Default)]
pub struct Factors {
    pub silence: Row,
    pub tie: Row,
    pub my_last_crowded: Row,
}

/// The weights of a turn's cues, as four people's are multiplied with.
#[derive(Debug, Clone, PartialEq)]
pub struct Weights(Turns);

impl Weights {
    pub fn of(constants: &Constants) -> Self {
        Self(constants.turn.map(Four::splat))
    }

    /// What each family of cues says of four.
    #[expect(clippy::inline_always, reason = "so the cues stay in the processor's own places")]
    #[inline(always)]
    fn by_family(&self, cues: &Turns) -> [Four; FAMILIES] {
        let mut by_family = [Four::ZERO; FAMILIES];
        for (says, family) in by_family.iter_mut().zip(FAMILY) {
            for (weight, cue) in self.0[family.clone()].iter().zip(&cues[family]) {
                *says += *weight * *cue;
            }
        }
        by_family
    }
}

impl Cues {
    /// Reads what can be known when somebody is heard at a moment, who has the place `me` if they are remembered.
    pub fn read(memory: &Memory, me: Option<usize>, at: f64, weights: &Weights) -> Self {
        Self::keeping(memory, me, at, weights, |_, _| {})
    }

    /// The same; the cues themselves are given to `keep`, four people at a time.
    #[inline]
    fn keeping(
        memory: &Memory,
        me: Option<usize>,
        at: f64,
        weights: &Weights,
        mut keep: impl FnMut(usize, &Turns),
    ) -> Self {
        let candidates = scene::candidates(&memory.people, me);
        let barred = Row::of(|four| candidates.four(four).simd_eq(Four::ZERO) & Four::splat(BARRED));
        let candidates = candidates.which(|candidate| candidate.simd_gt(Four::ZERO));
        let scene = Scene::of(memory, me, at, candidates);
        let (mut by_family, mut factors, mut called) = ([Row::default(); FAMILIES], Factors::default(), Four::ZERO);
        for four in 0..FOURS {
            let cues = scene.turns(four, &mut called);
            for (family, says) in by_family.iter_mut().zip(weights.by_family(&cues)) {
                *family.four_mut(four) = says;
            }
            *factors.silence.four_mut(four) = cues[turn::SILENCE];
            *factors.tie.four_mut(four) = cues[turn::TIE];
            *factors.my_last_crowded.four_mut(four) = cues[turn::MY_LAST_CROWDED];
            keep(four, &cues);
        }
        let nobody = scene.nobody(called);
        Self { candidates, barred, by_family, nobody, factors }
    }

    /// Whether somebody may be meant who has that place.
    pub const fn is_candidate(&self, place: usize) -> bool {
        self.candidates & 1 << place != 0
    }

    /// The places of those who may be meant.
    pub fn candidates(&self) -> impl Iterator<Item = usize> {
        (0..PEOPLE).filter(|place| self.is_candidate(*place))
    }

    /// How many may be meant.
    pub const fn how_many(&self) -> u32 {
        self.candidates.count_ones()
    }

    /// The scores of all who may be meant, where each family is trusted so far.
    pub fn scores(&self, trust: &[f32; FAMILIES]) -> Row {
        Row::of(|four| {
            let trusted = self.by_family.iter().zip(trust).map(|(says, trust)| says.four(four) * *trust);
            trusted.fold(self.barred.four(four), |sum, says| sum + says)
        })
    }

    /// The score of nobody.
    pub fn score_of_nobody(&self, constants: &Constants) -> f32 {
        dot(&constants.nobody, &self.nobody)
    }
}

/// For fitting: the cues with all that they were reckoned from.
#[derive(Debug, Clone)]
pub struct Traced {
    cues: Cues,
    turns: [Turns; FOURS],
}

impl Traced {
    pub(super) fn read(memory: &Memory, me: Option<usize>, at: f64, weights: &Weights) -> Self {
        let mut turns = [[Four::ZERO; TURNS]; FOURS];
        let cues = Cues::keeping(memory, me, at, weights, |four, of| turns[four] = *of);
        Self { cues, turns }
    }

    /// The places of those who may be meant.
    pub fn candidates(&self) -> impl Iterator<Item = usize> {
        self.cues.candidates()
    }

    /// The cues of who has that place.
    pub fn of(&self, place: usize) -> [f32; TURNS] {
        self.turns[place / TOGETHER].map(|cue| cue.to_array()[place % TOGETHER])
    }

    /// The cues of nobody.
    pub const fn nobody(&self) -> &[f32; NOBODIES] {
        &self.cues.nobody
    }
}
