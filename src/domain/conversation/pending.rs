//! Guesses that wait for what is said next: an answer, or a name, shows whom a message had been for.

use super::amounts::Told;
use super::constants::{
    AFTERWARDS_CUES, ANSWERS, AUTHOR_NAMES, GOES_ON, NAMES_AUTHOR, ONE_NAMES, SEEN_LATER, SPEAKS, STRANGER_NAMES,
    TURNS_AWAY,
};
use super::cues::{CANDIDATES, Cues, fading, shares};
use super::{Addressee, Addressees};
use crate::domain::ids::{MessageId, UserId};
use crate::domain::tie::Thousandths;

/// After so many further messages a guess is final.
pub const AHEAD: u32 = 24;

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

/// What was heard later, as far as it tells of what came before.
#[derive(Debug, Clone, Copy)]
pub struct Later<'a> {
    pub author: UserId,
    pub number: u32,
    pub turned: &'a [(UserId, f32)],
    pub by_name: bool,
}

impl Later<'_> {
    fn sure(&self, user: UserId) -> f32 {
        self.turned.iter().find(|(other, _)| *other == user).map_or(0.0, |(_, sure)| *sure)
    }

    /// Whether the author names or answers them by their own act.
    fn names(&self, user: UserId) -> bool {
        self.by_name && self.sure(user) > 0.0
    }
}

/// For fitting the constants: all cues that a guess was made from.
#[derive(Debug, Clone)]
pub struct Trace {
    pub message: MessageId,
    pub cues: Cues,
    /// Of each candidate; of the last three only the first row counts, for nobody.
    pub afterwards: Vec<[f32; AFTERWARDS_CUES]>,
}

#[derive(Debug, Clone)]
struct Rival {
    user: UserId,
    score: f32,
}

#[derive(Debug, Clone)]
pub struct Pending {
    message: MessageId,
    author: UserId,
    number: u32,
    rivals: Vec<Rival>,
    nobody: f32,
    first: Addressees,
    told: Told,
    /// One bit per rival: has spoken since; was named by the author; named the author.
    spoken: u16,
    named: u16,
    naming: u16,
    by_stranger: bool,
    trace: Option<Box<Trace>>,
}

impl Pending {
    /// `scores` are those of the candidates and then of nobody, before they became shares.
    pub fn new((message, author): (MessageId, UserId), number: u32, cues: &Cues, scores: &[f32], told: Told) -> Self {
        let users = cues.candidates.iter().map(|(user, _)| *user);
        let rivals = users.zip(scores).map(|(user, score)| Rival { user, score: *score }).collect();
        let nobody = scores.last().copied().unwrap_or_default();
        let (spoken, named, naming, by_stranger, trace) = (0, 0, 0, false, None);
        let first = Addressees::new();
        Self { message, author, number, rivals, nobody, first, told, spoken, named, naming, by_stranger, trace }
    }

    /// With what was told at once.
    pub fn telling(mut self, first: &Addressees) -> Self {
        self.first.clone_from(first);
        self
    }

    /// Keeps the cues as well.
    pub fn traced(mut self, cues: &Cues) -> Self {
        let afterwards = vec![[0.0; AFTERWARDS_CUES]; cues.candidates.len()];
        self.trace = Some(Box::new(Trace { message: self.message, cues: cues.clone(), afterwards }));
        self
    }

    pub const fn message(&self) -> MessageId {
        self.message
    }

    /// Whether a message with this number is the last one that tells of it.
    pub const fn is_ripe(&self, number: u32) -> bool {
        number.saturating_sub(self.number) >= AHEAD
    }

    /// Takes in a later message.
    pub fn sees(&mut self, later: &Later<'_>, weights: &[f32; AFTERWARDS_CUES]) {
        let soon = fading(later.number.saturating_sub(self.number));
        if later.author == self.author {
            if later.by_name {
                self.author_names(later, soon, weights);
            }
        } else if let Some(place) = self.rivals.iter().position(|rival| rival.user == later.author) {
            self.rival_speaks(place, later, soon, weights);
        } else if later.names(self.author) && !self.by_stranger {
            self.by_stranger = true;
            self.note(None, STRANGER_NAMES, 1.0, weights);
        }
    }

    fn author_names(&mut self, later: &Later<'_>, soon: f32, weights: &[f32; AFTERWARDS_CUES]) {
        for place in 0..self.rivals.len() {
            if later.names(self.rivals[place].user) && first_time(&mut self.named, place) {
                self.note(Some(place), AUTHOR_NAMES, soon, weights);
            }
        }
    }

    fn rival_speaks(&mut self, place: usize, later: &Later<'_>, soon: f32, weights: &[f32; AFTERWARDS_CUES]) {
        let to_author = later.sure(self.author);
        if first_time(&mut self.spoken, place) {
            let in_all: f32 = later.turned.iter().map(|(_, sure)| sure).sum();
            self.note(Some(place), ANSWERS, to_author, weights);
            self.note(Some(place), SPEAKS, 1.0, weights);
            self.note(Some(place), TURNS_AWAY, (in_all - to_author).max(0.0), weights);
        } else {
            self.note(Some(place), GOES_ON, to_author, weights);
        }
        if later.names(self.author) {
            if self.naming == 0 {
                self.note(None, ONE_NAMES, 1.0, weights);
            }
            if first_time(&mut self.naming, place) {
                self.note(Some(place), NAMES_AUTHOR, soon, weights);
            }
        }
    }

    fn note(&mut self, place: Option<usize>, cue: usize, amount: f32, weights: &[f32; AFTERWARDS_CUES]) {
        match place {
            Some(place) => self.rivals[place].score += weights[cue] * amount,
            None => self.nobody += weights[cue] * amount,
        }
        if let Some(row) = self.trace.as_mut().and_then(|trace| trace.afterwards.get_mut(place.unwrap_or(0))) {
            row[cue] += amount;
        }
    }

    /// What it comes to.
    pub fn settle(mut self, weights: &[f32; AFTERWARDS_CUES]) -> (Settled, Option<Box<Trace>>) {
        self.note(None, SEEN_LATER, 1.0, weights);
        let mut scores = [0.0; CANDIDATES + 1];
        let scores = &mut scores[..=self.rivals.len()];
        for (score, rival) in scores.iter_mut().zip(&self.rivals) {
            *score = rival.score;
        }
        scores[self.rivals.len()] = self.nobody;
        shares(scores);
        let last = self.told.of(self.rivals.iter().map(|rival| rival.user), scores);
        (Settled { message: self.message, author: self.author, first: self.first, last }, self.trace)
    }
}

/// Sets the bit and says whether it was not set before.
const fn first_time(bits: &mut u16, place: usize) -> bool {
    let before = *bits;
    *bits |= 1 << place;
    before != *bits
}
