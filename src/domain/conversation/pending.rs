//! Messages that wait for what is said next: an answer, or a name, shows whom a message had been for.

use std::collections::VecDeque;

use super::amounts::Told;
use super::constants::{
    AFTERWARDS_CUES, ANSWERS, AUTHOR_COMES_BACK, AUTHOR_GOES_ON, AUTHOR_IS_NAMED, AUTHOR_NAMES, FOR_NOBODY,
    NAMES_ANOTHER, NAMES_AUTHOR, SEEN, SEEN_LATER, SERVED, SPEAKS_FIRST, SPEAKS_SOON,
};
use super::cues::{CANDIDATES, Candidate, Cues, fading};
use super::memory::{Belief, small};
use super::{Addressee, Addressees};
use crate::domain::ids::{MessageId, UserId};
use crate::domain::tie::Thousandths;

/// After so many further messages a guess is final.
pub const AHEAD: usize = 24;

/// What is believed less surely serves nobody.
const SERVES: f32 = 0.1;

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
    /// As the message was heard, and as it was read again.
    pub at_once: Cues,
    pub again: Cues,
    /// Of the candidates and then of nobody.
    pub afterwards: Vec<[f32; AFTERWARDS_CUES]>,
}

/// A message that has been heard and is to be read again.
#[derive(Debug, Clone)]
pub struct Pending {
    pub message: MessageId,
    pub author: UserId,
    /// Milliseconds.
    pub at: i64,
    pub belief: Belief,
    /// What was told of it, if that was a guess.
    pub first: Option<(Addressees, Told)>,
    /// Kept for fitting only.
    pub cues: Option<Box<Cues>>,
}

/// What the messages after a message of a's tell of it, by the candidates c, and then of nobody.
#[derive(Debug, Clone, Default)]
pub struct Afterwards {
    pub cues: [[f32; AFTERWARDS_CUES]; CANDIDATES + 1],
}

impl Afterwards {
    /// Reads what is known now of a message by `author`.
    pub fn read(&mut self, author: UserId, candidates: &[Candidate], later: &VecDeque<Pending>) {
        let (of_candidates, of_nobody) = self.cues.split_at_mut(candidates.len());
        of_candidates.fill([0.0; AFTERWARDS_CUES]);
        let of_nobody = &mut of_nobody[0];
        *of_nobody = [0.0; AFTERWARDS_CUES];
        let mut seen = Seen::default();
        for (number, later) in (1..).zip(later) {
            let soon = fading(number);
            if later.author == author {
                seen.author(soon, &later.belief, candidates, of_candidates);
                continue;
            }
            let to_author = later.belief.sure(author);
            let names_author = later.belief.by_name && to_author > 0.0;
            if let Some(place) = candidates.iter().position(|(user, _)| *user == later.author) {
                seen.candidate(place, soon, (to_author, names_author), &later.belief, &mut of_candidates[place]);
            }
            if names_author && of_nobody[AUTHOR_IS_NAMED] == 0.0 {
                of_nobody[AUTHOR_IS_NAMED] = soon;
            }
            seen.serves(&later.belief, candidates);
            seen.another = true;
        }
        of_nobody[SEEN_LATER] = 1.0;
        of_nobody[SEEN] = (1.0 + small(u32::try_from(later.len()).unwrap_or(u32::MAX))).ln();
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
    fn author(&mut self, soon: f32, belief: &Belief, candidates: &[Candidate], cues: &mut [[f32; AFTERWARDS_CUES]]) {
        let first = !std::mem::replace(&mut self.author, true);
        for ((user, _), cues) in candidates.iter().zip(cues) {
            let sure = belief.sure(*user);
            if first {
                cues[AUTHOR_GOES_ON] = sure * (1.0 - soon);
            }
            if belief.by_name && sure > 0.0 {
                cues[AUTHOR_NAMES] = cues[AUTHOR_NAMES].max(soon);
            }
            cues[AUTHOR_COMES_BACK] = cues[AUTHOR_COMES_BACK].max(sure * soon);
        }
    }

    fn serves(&mut self, belief: &Belief, candidates: &[Candidate]) {
        for (user, sure) in belief.to.iter().filter(|(_, sure)| *sure >= SERVES) {
            if let Some(place) = candidates.iter().position(|(candidate, _)| candidate == user) {
                self.served[place] += sure;
            }
        }
    }

    fn candidate(
        &mut self,
        place: usize,
        soon: f32,
        (to_author, names_author): (f32, bool),
        belief: &Belief,
        cues: &mut [f32; AFTERWARDS_CUES],
    ) {
        if self.spoken & 1 << place == 0 {
            self.spoken |= 1 << place;
            cues[ANSWERS] = to_author;
            cues[SPEAKS_FIRST] = f32::from(u8::from(!self.another));
            cues[SPEAKS_SOON] = soon;
            cues[FOR_NOBODY] = belief.alone();
            cues[SERVED] = (1.0 + self.served[place]).ln();
        }
        if names_author {
            cues[NAMES_AUTHOR] = cues[NAMES_AUTHOR].max(soon);
        } else if belief.by_name && cues[NAMES_AUTHOR] == 0.0 {
            cues[NAMES_ANOTHER] = cues[NAMES_ANOTHER].max(soon);
        }
    }
}
