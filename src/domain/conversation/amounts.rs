//! From shares to amounts: what of a guess is told and counted.

use super::cues::Candidate;
use super::{Addressee, Addressees};
use crate::domain::tie::{Kind, Thousandths};

/// A guess of this share and more is said aloud where nobody names anybody.
const ALOUD: f32 = 0.25;
/// And of so much more for each message that names, of all: not to name is a sign there that nobody was meant.
const ALOUD_BY_CUSTOM: f32 = 0.4;
/// And then it weighs at least half a message: fitted shares are cautious, and the first of ten at .3 leads clearly. So it
/// is said aloud from there on in any case.
const ALOUD_WEIGHS: f32 = 0.5;
/// The likeliest is told down to here, so that there is an answer where there is any.
const LIKELIEST_DOWN_TO: f32 = 0.005;
/// The others down to here: the sum over many messages finds who talks with whom.
const OTHERS_DOWN_TO: f32 = 0.01;
/// The share of messages that reply or name, from which naming is the custom of a channel.
const NAMING_IS_CUSTOM: f32 = 0.25;
/// And there all but the likeliest are told only down to here: who is never named is hardly talked with.
const OTHERS_BY_CUSTOM: f32 = 0.1;

/// How a guess is told in a channel.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Told {
    aloud: f32,
    others: f32,
}

impl Told {
    /// Where such a share of the messages replies or names.
    pub fn by_custom(naming: f32) -> Self {
        let others = if naming > NAMING_IS_CUSTOM { OTHERS_BY_CUSTOM } else { OTHERS_DOWN_TO };
        Self { aloud: (ALOUD + ALOUD_BY_CUSTOM * naming).min(ALOUD_WEIGHS), others }
    }

    /// `shares` are those of the candidates and then of nobody, together 1. The heaviest comes first.
    pub fn of(self, candidates: &[Candidate], shares: &[f32]) -> Addressees {
        let shares = &shares[..candidates.len()];
        let heavier = |best: usize, place: usize| if shares[place] > shares[best] { place } else { best };
        let Some(best) = (0..shares.len()).reduce(heavier) else { return Addressees::new() };
        let likeliest = shares[best];
        let first = if likeliest >= self.aloud { likeliest.max(ALOUD_WEIGHS) } else { likeliest };
        let sum: f32 = shares.iter().sum::<f32>() - likeliest;
        let scale = if first + sum > 1.0 { (1.0 - first) / sum } else { 1.0 };
        let mut told = Addressees::with_capacity(shares.len());
        let mut tell = |place: usize, share: f32| {
            let weight = thousandths(share);
            if weight > Thousandths::ZERO {
                told.push(Addressee { user: candidates[place].user, kind: Kind::Turn, weight });
            }
        };
        if likeliest >= LIKELIEST_DOWN_TO {
            tell(best, first);
        }
        for place in (0..shares.len()).filter(|place| *place != best && shares[*place] >= self.others) {
            tell(place, shares[place] * scale);
        }
        told
    }
}

/// Rounded down, so that they never sum to more than one message.
#[expect(clippy::cast_possible_truncation, reason = "a share is at most 1")]
fn thousandths(share: f32) -> Thousandths {
    Thousandths((share * 1000.0) as i64)
}
