//! Messages that wait for what is said next: an answer, or a name, shows whom a message had been for.

use std::collections::VecDeque;
use std::sync::LazyLock;

use super::constants::{
    AFTERWARDS_CUES, ANSWERS, AUTHOR_COMES_BACK, AUTHOR_GOES_ON, AUTHOR_IS_NAMED, COMES_BACK_TIE, CUSTOM, CUSTOM_LATER,
    FOR_NOBODY, MY_LAST_CROWDED, NAMES_ANOTHER, NAMES_AUTHOR, NAMES_COMES_BACK, NAMES_MY_LAST, SEEN, SEEN_LATER,
    SILENCE, SOON_SILENCE, SPEAKS_SOON, TIE,
};
use super::cues::{Candidate, Cues, fading};
use super::memory::Belief;
use super::numbers::{Row, grown, small};
use super::people::{PEOPLE, People};
use super::{Addressee, Addressees};
use crate::domain::ids::{MessageId, UserId};
use crate::domain::tie::Thousandths;

/// What is believed less surely does not count.
const FAINT: u16 = 1_311; // a fiftieth

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
    /// As they were read again, when all that was said before was settled.
    pub again: Cues,
    pub afterwards: Afterwards,
}

/// A message that has been heard and waits for those after it.
#[derive(Debug, Clone)]
pub struct Pending {
    pub message: MessageId,
    pub at: i64,
    /// What was told of it.
    pub first: Addressees,
    /// That was a guess.
    pub waits: bool,
    /// What was added to the scores of the candidates because of what the community had taught by then.
    pub shift: f32,
    /// Kept for fitting only.
    pub cues: Option<Box<Cues>>,
}

/// What the messages before it look for in a message that waits: small, since each is looked at so often.
#[derive(Debug, Clone, Copy)]
pub struct Glance {
    pub author: UserId,
    /// The author's place in the memory.
    pub place: u8,
    pub by_name: bool,
    alone: u16,
    sure: [u16; PEOPLE],
}

/// A whole one.
const WHOLE: f32 = 65_535.0;

impl Glance {
    pub fn of(author: UserId, place: u8, belief: &Belief) -> Self {
        let Belief { sure, alone, by_name } = belief;
        Self { author, place, by_name: *by_name, alone: part(*alone), sure: sure.map(part) }
    }

    fn sure(&self, place: usize) -> f32 {
        f32::from(self.sure[place]) / WHOLE
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a belief is between 0 and 1")]
fn part(sure: f32) -> u16 {
    (sure * WHOLE + 0.5) as u16
}

/// Of each cue, what it is of the candidates c of a message of a's, and then of nobody.
pub type Afterwards = [Row; AFTERWARDS_CUES];

/// The number of somebody who is no candidate.
const NONE: u8 = u8::MAX;

/// How soon each of the later messages comes.
static SOON: LazyLock<[f32; AHEAD]> =
    LazyLock::new(|| std::array::from_fn(|number| fading(small(u32::try_from(number + 1).unwrap_or(u32::MAX)))));

/// What the `later` messages tell of one whose cues were read `again`. Of whom the `people` of now have forgotten nothing
/// is read.
pub fn afterwards(guess: &Glance, again: &Cues, later: &VecDeque<Glance>, people: &People) -> Afterwards {
    let candidates = again.candidates();
    let nobody = candidates.len();
    let mut cues = [Row::default(); AFTERWARDS_CUES];
    let places = places(candidates, people);
    let me = people.is_at(guess.author, guess.place).then_some(usize::from(guess.place));
    let mut back = Back::default();
    for (later, soon) in later.iter().zip(*SOON) {
        if later.author == guess.author {
            back.comes(soon, later);
            continue;
        }
        let number = usize::from(places[usize::from(later.place)]);
        let candidate = candidates.get(number).filter(|candidate| candidate.user == later.author).map(|_| number);
        let speaks_first_time = candidate.filter(|number| cues[SPEAKS_SOON][*number] == 0.0);
        if speaks_first_time.is_none() && !later.by_name {
            continue;
        }
        let to_author = me.map_or(0.0, |me| later.sure(me));
        if let Some(number) = speaks_first_time {
            cues[ANSWERS][number] = to_author;
            cues[FOR_NOBODY][number] = f32::from(later.alone) / WHOLE;
            cues[SPEAKS_SOON][number] = soon;
        }
        if later.by_name {
            names(soon, to_author > 0.0, candidate, nobody, &mut cues);
        }
    }
    for (number, candidate) in candidates.iter().enumerate() {
        let place = usize::from(candidate.place);
        if usize::from(places[place]) == number {
            (cues[AUTHOR_GOES_ON][number], cues[AUTHOR_COMES_BACK][number]) =
                (back.goes_on[place], back.soonest[place]);
        }
    }
    together(&mut cues, &again.turn);
    cues[SEEN_LATER][nobody] = 1.0;
    cues[SEEN][nobody] = grown(small(u32::try_from(later.len()).unwrap_or(u32::MAX)));
    cues[CUSTOM_LATER][nobody] = again.nobody[CUSTOM];
    cues
}

/// Of each place in the memory, which candidate has it.
fn places(candidates: &[Candidate], people: &People) -> [u8; PEOPLE] {
    let mut places = [NONE; PEOPLE];
    for (number, candidate) in (0..).zip(candidates) {
        if people.is_at(candidate.user, candidate.place) {
            places[usize::from(candidate.place)] = number;
        }
    }
    places
}

/// What the author says later, by the places of those who are meant.
#[derive(Default)]
struct Back {
    spoke: bool,
    goes_on: [f32; PEOPLE],
    soonest: [f32; PEOPLE],
}

impl Back {
    fn comes(&mut self, soon: f32, later: &Glance) {
        let sure = later.sure.map(|sure| if sure >= FAINT { f32::from(sure) / WHOLE } else { 0.0 });
        if !std::mem::replace(&mut self.spoke, true) {
            self.goes_on = sure.map(|sure| sure * (1.0 - soon));
        }
        for (soonest, sure) in self.soonest.iter_mut().zip(sure) {
            *soonest = soonest.max(sure * soon);
        }
    }
}

/// Somebody names the author, or others; perhaps a candidate does.
fn names(soon: f32, the_author: bool, candidate: Option<usize>, nobody: usize, cues: &mut Afterwards) {
    let first = |cue: &mut f32| {
        if *cue == 0.0 {
            *cue = soon;
        }
    };
    if the_author {
        first(&mut cues[AUTHOR_IS_NAMED][nobody]);
    }
    let Some(number) = candidate else { return };
    if the_author {
        first(&mut cues[NAMES_AUTHOR][number]);
    } else if cues[NAMES_AUTHOR][number] == 0.0 {
        first(&mut cues[NAMES_ANOTHER][number]);
    }
}

/// The cues that are products of others.
fn together(cues: &mut Afterwards, turn: &[Row]) {
    cues[COMES_BACK_TIE] = product(&cues[AUTHOR_COMES_BACK], &turn[TIE]);
    cues[NAMES_COMES_BACK] = product(&cues[NAMES_AUTHOR], &cues[AUTHOR_COMES_BACK]);
    cues[NAMES_MY_LAST] = product(&cues[NAMES_AUTHOR], &turn[MY_LAST_CROWDED]);
    cues[SOON_SILENCE] = product(&cues[SPEAKS_SOON], &turn[SILENCE]);
}

fn product(one: &Row, other: &Row) -> Row {
    std::array::from_fn(|lane| one[lane] * other[lane])
}
