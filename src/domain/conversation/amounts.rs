//! From shares to amounts: what of a guess is told and counted.

use super::numbers::{Four, Row};
use super::people::{Each, PEOPLE};
use super::{Addressee, Addressees};
use crate::domain::ids::UserId;
use crate::domain::tie::{Kind, Thousandths};

/// A guess of this share and more is said aloud where nobody names anybody.
const ALOUD: f32 = 0.25;
/// And of so much more for each message that names, of all: not to name is a sign there that nobody was meant.
const ALOUD_BY_CUSTOM: f32 = 0.4;
/// And then it weighs at least half a message: fitted shares are cautious, and the first of many at .3 leads clearly. So it
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

    /// Of all people, with the share of each, together at most 1. The heaviest comes first.
    pub fn of(self, users: &Each<UserId>, shares: &Row) -> Addressees {
        let likeliest = shares.highest();
        let first = if likeliest >= self.aloud { likeliest.max(ALOUD_WEIGHS) } else { likeliest };
        let others = shares.sum() - likeliest;
        let scale = if first + others > 1.0 { (1.0 - first) / others } else { 1.0 };
        let best = shares.which(|shares| shares.simd_eq(Four::splat(likeliest))).trailing_zeros() as usize % PEOPLE;
        let mut which = shares.which(|shares| shares.simd_ge(Four::splat(self.others))) & !(1 << best);
        let mut told = Addressees::with_capacity(1 + which.count_ones() as usize);
        let mut tell = |place: usize, share: f32| {
            let weight = thousandths(share);
            if weight > Thousandths::ZERO {
                told.push(Addressee { user: users[place], kind: Kind::Turn, weight });
            }
        };
        if likeliest >= LIKELIEST_DOWN_TO {
            tell(best, first);
        }
        while which > 0 {
            let place = which.trailing_zeros() as usize;
            tell(place, shares[place] * scale);
            which &= which - 1;
        }
        told
    }
}

/// Rounded down, so that they never sum to more than one message.
#[expect(clippy::cast_possible_truncation, reason = "a share is at most 1")]
fn thousandths(share: f32) -> Thousandths {
    Thousandths((share * 1000.0) as i64)
}
