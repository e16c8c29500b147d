//! Messages that wait for what is said next: an answer, or a name, shows whom a message had been for.

use std::collections::VecDeque;

use super::constants::{
    AFTERWARDS_CUES, ANSWERS, AUTHOR_COMES_BACK, AUTHOR_GOES_ON, AUTHOR_IS_NAMED, COMES_BACK_TIE, CUSTOM, CUSTOM_LATER,
    FOR_NOBODY, MY_LAST_CROWDED, NAMES_ANOTHER, NAMES_AUTHOR, NAMES_COMES_BACK, NAMES_MY_LAST, SEEN, SEEN_LATER,
    SILENCE, SOON_SILENCE, SPEAKS_SOON, TIE,
};
use super::cues::{Cues, fading};
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
        let mut parts = [0; PEOPLE];
        for (to, sure) in parts.iter_mut().zip(sure) {
            *to = part(*sure);
        }
        Self { author, place, by_name: *by_name, alone: part(*alone), sure: parts }
    }
}

/// By way of an i32, to which a processor turns several at a time.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a belief is between 0 and 1")]
fn part(sure: f32) -> u16 {
    (sure * WHOLE + 0.5) as i32 as u16
}

fn whole(part: u16) -> f32 {
    f32::from(part) / WHOLE
}

/// Of each cue, what it is of the candidates c of a message of a's, and then of nobody.
pub type Afterwards = [Row; AFTERWARDS_CUES];

/// Which of the later messages, a bit for each: nothing depends on a branch that nobody could foresee.
type Which = u32;

const fn first(which: Which) -> usize {
    which.trailing_zeros() as usize
}

/// Of each later message, and of none.
type Each<T> = [T; NO_MESSAGE + 1];
/// The number of the first of none.
const NO_MESSAGE: usize = first(0);
const _: () = assert!(AHEAD <= NO_MESSAGE);

/// How soon each of the later messages comes.
static SOON: Each<f32> = {
    let mut soon = [0.0; NO_MESSAGE + 1];
    let (mut number, mut messages) = (0, 1.0);
    while number < AHEAD {
        soon[number] = fading(messages);
        (number, messages) = (number + 1, messages + 1.0);
    }
    soon
};

/// How soon the first of them comes.
fn soon(which: Which) -> f32 {
    SOON[first(which)]
}

/// The messages after one of the author's.
struct Later {
    by_author: Which,
    by_name: Which,
    to_author: Which,
    /// By whoever has each place now.
    by: [Which; PEOPLE],
    sure: Each<u16>,
    alone: Each<u16>,
}

impl Later {
    /// As seen by `author`, who has the place `me` if they are not forgotten.
    fn of(author: UserId, me: Option<usize>, later: &VecDeque<Glance>, people: &People) -> Self {
        let mut all = Self {
            by_author: 0,
            by_name: 0,
            to_author: 0,
            by: [0; PEOPLE],
            sure: [0; NO_MESSAGE + 1],
            alone: [0; NO_MESSAGE + 1],
        };
        for (number, later) in later.iter().enumerate().take(AHEAD) {
            let if_so = |so: bool| Which::from(so) << number;
            all.by_author |= if_so(later.author == author);
            all.by_name |= if_so(later.by_name);
            all.by[usize::from(later.place) % PEOPLE] |= if_so(people.is_at(later.author, later.place));
            all.sure[number] = me.map_or(0, |me| later.sure[me % PEOPLE]);
            all.to_author |= if_so(all.sure[number] > 0);
            all.alone[number] = later.alone;
        }
        all
    }
}

/// What the `later` messages tell of one whose cues were read `again`. Of whom the `people` of now have forgotten nothing
/// is read.
pub fn afterwards(guess: &Glance, again: &Cues, later: &VecDeque<Glance>, people: &People) -> Afterwards {
    let candidates = again.candidates();
    let nobody = candidates.len();
    let mut cues = [Row::default(); AFTERWARDS_CUES];
    let me = people.is_at(guess.author, guess.place).then_some(usize::from(guess.place));
    let seen = Later::of(guess.author, me, later, people);
    let back = Back::of(seen.by_author, later);
    for (number, candidate) in candidates.iter().enumerate() {
        if !people.is_at(candidate.user, candidate.place) {
            continue;
        }
        let place = usize::from(candidate.place) % PEOPLE;
        let said = seen.by[place];
        let names_author = said & seen.by_name & seen.to_author;
        let names_another = said & seen.by_name & !seen.to_author & before(names_author);
        cues[ANSWERS][number] = whole(seen.sure[first(said)]);
        cues[FOR_NOBODY][number] = whole(seen.alone[first(said)]);
        cues[SPEAKS_SOON][number] = soon(said);
        cues[NAMES_AUTHOR][number] = soon(names_author);
        cues[NAMES_ANOTHER][number] = soon(names_another);
        cues[AUTHOR_GOES_ON][number] = back.goes_on[place];
        cues[AUTHOR_COMES_BACK][number] = back.soonest[place];
    }
    together(&mut cues, &again.turn);
    cues[SEEN_LATER][nobody] = 1.0;
    cues[SEEN][nobody] = grown(small(u32::try_from(later.len()).unwrap_or(u32::MAX)));
    cues[AUTHOR_IS_NAMED][nobody] = soon(seen.by_name & seen.to_author & !seen.by_author);
    cues[CUSTOM_LATER][nobody] = again.nobody[CUSTOM];
    cues
}

/// All before the first of them; of none, all.
const fn before(which: Which) -> Which {
    (which & which.wrapping_neg()).wrapping_sub(1)
}

/// What the author says later, by the places of those who are meant.
#[derive(Default)]
struct Back {
    spoke: bool,
    goes_on: [f32; PEOPLE],
    soonest: [f32; PEOPLE],
}

impl Back {
    fn of(mut by_author: Which, later: &VecDeque<Glance>) -> Self {
        let mut back = Self::default();
        while let Some(later) = later.get(first(by_author)) {
            back.comes(soon(by_author), later);
            by_author &= by_author - 1;
        }
        back
    }

    fn comes(&mut self, soon: f32, later: &Glance) {
        let sure = later.sure.map(|sure| if sure >= FAINT { whole(sure) } else { 0.0 });
        if !std::mem::replace(&mut self.spoke, true) {
            self.goes_on = sure.map(|sure| sure * (1.0 - soon));
        }
        for (soonest, sure) in self.soonest.iter_mut().zip(sure) {
            let this = sure * soon;
            *soonest = if this > *soonest { this } else { *soonest };
        }
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
