//! From shares to amounts: what of a guess is told and counted.

use super::{Addressee, Addressees};
use crate::domain::ids::UserId;
use crate::domain::tie::{Kind, Thousandths};

/// A guess of this share and more is said aloud, where names are rare.
const ALOUD: f32 = 0.3;
/// And where naming is the custom: not to name is a sign there that nobody was meant.
const ALOUD_WHERE_NAMED: f32 = 0.4;
/// And then it weighs at least half a message: fitted shares are cautious, and the first of ten at .3 leads clearly.
const ALOUD_WEIGHS: f32 = 0.5;
/// The likeliest is told down to here, so that there is an answer where there is any.
const LIKELIEST_DOWN_TO: f32 = 0.005;
/// The others only down to here: what is smaller makes ties of noise.
const OTHERS_DOWN_TO: f32 = 0.02;

/// How a guess is told in a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// All who may have been meant: names are rare, and the sum over many messages finds who talks with whom.
    All,
    /// The likeliest alone: naming is the custom, so who is never named is not talked with.
    Likeliest,
}

impl Told {
    /// `shares` are those of the users and then of nobody, together 1. The heaviest comes first.
    pub fn of(self, users: impl Iterator<Item = UserId>, shares: &[f32]) -> Addressees {
        let mut guesses: Vec<(UserId, f32)> = users.zip(shares.iter().copied()).collect();
        let Some(best) =
            (0..guesses.len()).reduce(|best, place| if guesses[place].1 > guesses[best].1 { place } else { best })
        else {
            return Addressees::new();
        };
        guesses.swap(0, best);
        let (likeliest, others) = (guesses[0].1, &guesses[1..]);
        let aloud = match self {
            Self::All => ALOUD,
            Self::Likeliest => ALOUD_WHERE_NAMED,
        };
        let first = if likeliest >= aloud { likeliest.max(ALOUD_WEIGHS) } else { likeliest };
        let sum: f32 = others.iter().map(|(_, share)| share).sum();
        let scale = if first + sum > 1.0 { (1.0 - first) / sum } else { 1.0 };
        let others = others.iter().filter(|(_, share)| self == Self::All && *share >= OTHERS_DOWN_TO);
        let told = others.map(|(user, share)| (*user, share * scale));
        let likeliest = (likeliest >= LIKELIEST_DOWN_TO).then_some((guesses[0].0, first));
        let addressee = |(user, share)| Addressee { user, kind: Kind::Turn, weight: thousandths(share) };
        likeliest.into_iter().chain(told).map(addressee).filter(|guess| guess.weight > Thousandths::ZERO).collect()
    }
}

/// Rounded down, so that they never sum to more than one message.
#[expect(clippy::cast_possible_truncation, reason = "a share is at most 1")]
fn thousandths(share: f32) -> Thousandths {
    Thousandths((share * 1000.0) as i64)
}
