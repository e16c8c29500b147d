//! What comes up in the messages after one: an answer, or a name, shows whom it had been for.

use super::constants::{AFTERWARDS_BACK, AFTERWARDS_CUES, AFTERWARDS_NOBODIES, AFTERWARDS_SPEAKERS, CUSTOM};
use super::cues::{Cues, Factors};
use super::later::{Later, Which, before, soon};
use super::numbers::{Four, Row, dot};
use super::people::{Each, PEOPLE};

/// What comes up in the messages after one of a's.
pub struct Afterwards<'l> {
    later: &'l Later,
    author: usize,
    /// The author is still remembered.
    is_there: bool,
    by_author: Which,
    names_author: Which,
    factors: Factors,
    custom: f32,
    /// The places, a bit for each, of those who speak again and whose place is still theirs.
    speakers: u32,
    back: Back,
}

impl<'l> Afterwards<'l> {
    /// What the `later` messages tell of one by whoever has the place `author`, whose cues were read `again`. Of those who are
    /// there since then, which is 1 for each: what is known of the other places is about somebody else.
    pub fn of(author: usize, again: &Cues, later: &'l Later, there: &Row) -> Self {
        let is_there = there[author] > 0.0;
        let of_author = |all: &Each<Which>| if is_there { all[author % PEOPLE] } else { 0 };
        let (by_author, names_author) = (of_author(&later.by), of_author(&later.names));
        let there_too = there.which(|there| there.simd_gt(Four::ZERO));
        let speakers = later.speakers() & there_too & !(1 << author);
        let back = Back::of(by_author, later, there);
        let (factors, custom) = (again.factors, again.nobody[CUSTOM]);
        Self { later, author, is_there, by_author, names_author, factors, custom, speakers, back }
    }

    /// What is added to the scores of all, and of nobody.
    pub fn weighed(&self, weights: &[f32; AFTERWARDS_CUES]) -> (Row, f32) {
        let (of_speakers, rest) = weights.split_at(AFTERWARDS_SPEAKERS);
        let (of_back, of_nobody) = rest.split_at(AFTERWARDS_BACK);
        let back = self.of_back();
        let mut sums = Row::default();
        for (cue, weight) in back.iter().zip(of_back) {
            sums += *cue * *weight;
        }
        self.each_speaker(|place, cues| sums[place] += dot(of_speakers, &cues));
        (sums, dot(of_nobody, &self.of_nobody()))
    }

    fn each_speaker(&self, mut take: impl FnMut(usize, [f32; AFTERWARDS_SPEAKERS])) {
        let mut speakers = self.speakers;
        while speakers > 0 {
            let place = speakers.trailing_zeros() as usize % PEOPLE;
            take(place, self.of_speaker(place));
            speakers &= speakers - 1;
        }
    }

    fn of_speaker(&self, place: usize) -> [f32; AFTERWARDS_SPEAKERS] {
        let Self { later, names_author, factors, back, .. } = self;
        let theirs = later.by[place];
        let (answers, for_nobody) = later.first(theirs).map_or((0.0, 0.0), |next| (next.sure[self.author], next.alone));
        let answers = if self.is_there { answers } else { 0.0 };
        let names = theirs & names_author;
        let (speaks_soon, names_soon) = (soon(theirs), soon(names));
        let names_another = soon(theirs & later.by_name & !names_author & before(names));
        [
            answers,
            for_nobody,
            speaks_soon,
            names_soon,
            names_another,
            names_soon * back.soonest[place],
            names_soon * factors.my_last_crowded[place],
            speaks_soon * factors.silence[place],
        ]
    }

    fn of_back(&self) -> [Row; AFTERWARDS_BACK] {
        let Back { goes_on, soonest } = self.back;
        [goes_on, soonest, soonest * self.factors.tie]
    }

    fn of_nobody(&self) -> [f32; AFTERWARDS_NOBODIES] {
        let seen = small(self.later.len()).ln_1p();
        [1.0, seen, soon(self.names_author & !self.by_author), self.custom]
    }

    /// For fitting: the cues themselves.
    pub fn traced(&self) -> TracedAfterwards {
        let mut places = Each::<[f32; AFTERWARDS_CUES]>::default();
        for (cue, row) in (AFTERWARDS_SPEAKERS..).zip(self.of_back()) {
            places.iter_mut().enumerate().for_each(|(place, cues)| cues[cue] = row[place]);
        }
        self.each_speaker(|place, cues| places[place][..AFTERWARDS_SPEAKERS].copy_from_slice(&cues));
        let mut nobody = [0.0; AFTERWARDS_CUES];
        nobody[AFTERWARDS_SPEAKERS + AFTERWARDS_BACK..].copy_from_slice(&self.of_nobody());
        TracedAfterwards { places, nobody }
    }
}

/// For fitting: the cues that come up afterwards.
#[derive(Debug, Clone)]
pub struct TracedAfterwards {
    /// Of whoever has each place.
    pub places: Each<[f32; AFTERWARDS_CUES]>,
    pub nobody: [f32; AFTERWARDS_CUES],
}

#[expect(clippy::cast_precision_loss, reason = "few messages wait")]
const fn small(count: usize) -> f32 {
    count as f32
}

/// What the author says later, by the places of those who are meant.
#[derive(Default, Clone, Copy)]
struct Back {
    /// How surely their next message is for each, the later the more.
    goes_on: Row,
    /// How surely the surest of their later ones is, the sooner the more.
    soonest: Row,
}

impl Back {
    fn of(mut by_author: Which, later: &Later, there: &Row) -> Self {
        let mut back = Self::default();
        if let Some(next) = later.first(by_author) {
            back.goes_on = next.sure * *there * (1.0 - soon(by_author));
        }
        while let Some(next) = later.first(by_author) {
            let this = next.sure * *there * soon(by_author);
            back.soonest = Row::of(|four| back.soonest.four(four).fast_max(this.four(four)));
            by_author &= by_author - 1;
        }
        back
    }
}
