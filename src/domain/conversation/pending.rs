//! Messages that wait for what is said next: an answer, or a name, shows whom a message had been for.

use std::collections::VecDeque;

use super::amounts::Told;
use super::constants::{
    AFTERWARDS_CUES, ANSWERS, AUTHOR_COMES_BACK, AUTHOR_GOES_ON, AUTHOR_IS_NAMED, AUTHOR_NAMES, FOR_NOBODY,
    NAMES_ANOTHER, NAMES_AUTHOR, SEEN, SEEN_LATER, SERVED, SPEAKS_FIRST, SPEAKS_SOON,
};
use super::cues::{CANDIDATES, Cues, fading, grown};
use super::memory::{Belief, small};
use super::{Addressee, Addressees};
use crate::domain::ids::{MessageId, UserId};
use crate::domain::tie::Thousandths;

/// What is believed less surely does not count.
const FAINT: f32 = 0.02;

/// After so many further messages a guess is final.
pub const AHEAD: usize = 24;

/// A guess that has become final.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    pub message: MessageId,
    pub author: UserId,
    /// As it was told when the message was heard.
    pub first: Addressees,
    /// As it is now; it replaces the first.
    pub last: Addressees,
}

impl Settled {
    /// What has to be added to the first so that it becomes the last: amounts may be below zero.
    pub fn changes(&self) -> Addressees {
        let mut changes = self.last.clone();
        for was in &self.first {
            match changes.iter_mut().find(|is| is.user == was.user && is.kind == was.kind) {
                Some(is) => is.weight.0 -= was.weight.0,
                None => changes.push(Addressee { weight: Thousandths(-was.weight.0), ..*was }),
            }
        }
        changes.retain(|change| change.weight != Thousandths::ZERO);
        changes
    }
}

/// For fitting the constants: all cues that a guess was made from.
#[derive(Debug, Clone)]
pub struct Trace {
    pub message: MessageId,
    pub cues: Cues,
    /// Of the candidates and then of nobody.
    pub afterwards: Vec<[f32; AFTERWARDS_CUES]>,
}

/// A message that has been heard and waits for those after it.
#[derive(Debug, Clone)]
pub struct Pending {
    pub message: MessageId,
    pub author: UserId,
    pub belief: Belief,
    /// Whom it was told to be for before all others, with the weight.
    pub likeliest: Option<(UserId, f32)>,
    /// From which the belief was made, if it is a guess: of whom it names, and then of nobody.
    pub scores: [f32; CANDIDATES + 1],
    /// What was told of it, if that was a guess.
    pub first: Option<(Addressees, Told)>,
    /// Kept for fitting only.
    pub cues: Option<Box<Cues>>,
}

/// What the messages after a message of a's tell of it, by the candidates c, and then of nobody.
#[derive(Debug, Clone, Default)]
pub struct Afterwards {
    cues: [[f32; AFTERWARDS_CUES]; CANDIDATES + 1],
}

impl Afterwards {
    /// Reads what the later messages tell of one by `author`, which was taken to be for the candidates of `guess`.
    pub fn read(&mut self, author: UserId, guess: &Belief, later: &VecDeque<Pending>) -> &[[f32; AFTERWARDS_CUES]] {
        let candidates = Candidates::of(guess);
        let cues = &mut self.cues[..=guess.to.len()];
        cues.fill([0.0; AFTERWARDS_CUES]);
        let Some((of_nobody, of_candidates)) = cues.split_last_mut() else { return cues };
        let mut seen = Seen::default();
        for (number, later) in (1..).zip(later) {
            let soon = fading(number);
            if later.author == author {
                seen.author(soon, &later.belief, &candidates, of_candidates);
                continue;
            }
            let names_author = later.belief.by_name && later.belief.sure(author) > 0.0;
            if let Some(place) = candidates.place_of(later.author) {
                if seen.speaks_first_time(place) {
                    seen.first_words(place, soon, later.belief.sure(author), &later.belief, &mut of_candidates[place]);
                }
                names(soon, names_author, &later.belief, &mut of_candidates[place]);
            }
            if names_author && of_nobody[AUTHOR_IS_NAMED] == 0.0 {
                of_nobody[AUTHOR_IS_NAMED] = soon;
            }
            if let Some((user, weight)) = later.likeliest
                && let Some(place) = candidates.place_of(user)
            {
                seen.served[place] += weight;
            }
            seen.another = true;
        }
        of_nobody[SEEN_LATER] = 1.0;
        of_nobody[SEEN] = grown(small(u32::try_from(later.len()).unwrap_or(u32::MAX)));
        cues
    }
}

/// The candidates, to be found without a branch: some fifty times for each message.
struct Candidates([u64; CANDIDATES]);

impl Candidates {
    fn of(guess: &Belief) -> Self {
        let mut users = [0; CANDIDATES];
        for (place, (user, _)) in users.iter_mut().zip(&guess.to) {
            *place = user.to_u64();
        }
        Self(users)
    }

    fn place_of(&self, user: UserId) -> Option<usize> {
        let bit = |(place, other): (usize, &u64)| u32::from(*other == user.to_u64()) << place;
        let found = self.0.iter().enumerate().map(bit).fold(0, |all, bit| all | bit);
        (found != 0).then(|| found.trailing_zeros() as usize)
    }
}

/// What has come up so far.
#[derive(Debug, Default)]
struct Seen {
    /// Somebody else than the author has spoken; the author has.
    another: bool,
    author: bool,
    /// Candidates who have spoken, as bits.
    spoken: u16,
    /// What others have said to them before they spoke.
    served: [f32; CANDIDATES],
}

impl Seen {
    fn author(&mut self, soon: f32, belief: &Belief, candidates: &Candidates, cues: &mut [[f32; AFTERWARDS_CUES]]) {
        let first = !std::mem::replace(&mut self.author, true);
        for (user, sure) in belief.to.iter().filter(|(_, sure)| *sure >= FAINT) {
            let Some(cues) = candidates.place_of(*user).and_then(|place| cues.get_mut(place)) else { continue };
            if first {
                cues[AUTHOR_GOES_ON] = sure * (1.0 - soon);
            }
            if belief.by_name {
                cues[AUTHOR_NAMES] = cues[AUTHOR_NAMES].max(soon);
            }
            cues[AUTHOR_COMES_BACK] = cues[AUTHOR_COMES_BACK].max(sure * soon);
        }
    }

    const fn speaks_first_time(&mut self, place: usize) -> bool {
        let before = self.spoken;
        self.spoken |= 1 << place;
        self.spoken != before
    }

    fn first_words(&self, place: usize, soon: f32, to_author: f32, belief: &Belief, cues: &mut [f32; AFTERWARDS_CUES]) {
        cues[ANSWERS] = to_author;
        cues[SPEAKS_FIRST] = f32::from(u8::from(!self.another));
        cues[SPEAKS_SOON] = soon;
        cues[FOR_NOBODY] = belief.alone();
        cues[SERVED] = grown(self.served[place]);
    }
}

fn names(soon: f32, the_author: bool, belief: &Belief, cues: &mut [f32; AFTERWARDS_CUES]) {
    if the_author {
        cues[NAMES_AUTHOR] = cues[NAMES_AUTHOR].max(soon);
    } else if belief.by_name && cues[NAMES_AUTHOR] == 0.0 {
        cues[NAMES_ANOTHER] = cues[NAMES_ANOTHER].max(soon);
    }
}
