//! What can be known when somebody is heard: the cues themselves.

use super::constants::{FADES_OVER, HALF_BETWEEN, HALF_SAID, HALF_SILENT, NOBODIES, TURNS, turn};
use super::cues::Turns;
use super::links::FourLinks;
use super::memory::Memory;
use super::numbers::{FOURS, Four, Row};
use super::people::{Number, People, length};

/// Over how many messages a crowd is counted.
const CROWD_SPAN: Number = 20.0;
/// The share that replies or names is taken as no more than this, where hardly anything else is said.
const MOST_NAMING: f32 = 0.9;
/// A message after all that were heard.
const NOT_YET: Number = 1e30;
const ONE: Four = Four::splat(1.0);

/// What the cues of all have in common.
pub struct Scene<'m> {
    people: &'m People,
    me: Option<usize>,
    /// Messages heard so far, and when the next one was written.
    now: Number,
    at: f64,
    /// How many usual gaps a millisecond is.
    beat: f32,
    previous: Four,
    /// The author's last message; after all others, if they have written none.
    own_last: Number,
    goes_on: f32,
    own_silence: f32,
    /// How long all have been silent.
    silence: f32,
    crowd: f32,
    custom: f32,
    /// How surely the author's last message was for nobody.
    alone: f32,
}

impl<'m> Scene<'m> {
    /// As it is when somebody is heard at a moment, who has the place `me` if they are remembered and may mean those.
    pub fn of(memory: &'m Memory, me: Option<usize>, at: f64, candidates: u32) -> Self {
        let Memory { people, rhythm } = memory;
        let since = Four::splat(rhythm.messages - CROWD_SPAN);
        let near = people.which_spoke(|spoke| spoke.simd_ge(since)) & candidates;
        let last = me.and_then(|me| people.last_of(me));
        let beat = rhythm.gaps_each_ms();
        let own_silence = last.map_or(0.0, |(then, _)| length(then, at) * beat);
        let silence = length(rhythm.last, at) * beat;
        let [own_silence, silence] = [own_silence, silence].map(|gaps| gaps / (gaps + HALF_SILENT));
        let (crowd, custom) = (how_many(near).ln_1p(), -(1.0 - rhythm.naming.min(MOST_NAMING)).ln());
        let own_last = last.map_or(NOT_YET, |(_, number)| number);
        let previous = beside_four(people.previous(me));
        let goes_on = if last.is_some_and(|(_, number)| number >= rhythm.messages) { 1.0 } else { 0.0 };
        let alone = me.map_or(0.0, |me| people.alone[me]);
        let now = rhythm.messages;
        Self { people, me, now, at, beat, previous, own_last, goes_on, own_silence, silence, crowd, custom, alone }
    }

    /// The cues of four. What each has said to the author since the author's last raises `called`.
    #[expect(clippy::inline_always, reason = "else a processor puts them into memory and takes them out again")]
    #[inline(always)]
    pub fn turns(&self, four: usize, called: &mut Four) -> Turns {
        let Self { people, me, now, at, beat, own_last, own_silence, crowd, .. } = *self;
        let (to_me, from_me) = me
            .map_or((FourLinks::NONE, FourLinks::NONE), |me| (people.links.to(me, four), people.links.from(me, four)));
        *called = called.fast_max(to_me.since);
        let spoke = people.spoke(four);
        let own_last = Four::splat(own_last);
        let is_previous = one_if(places(four).simd_eq(self.previous));
        let between = share_of(Four::splat(now) - spoke, HALF_BETWEEN);
        let came_between = one_if(spoke.simd_gt(own_last));
        let silence = share_of(people.silence(four, at) * beat, HALF_SILENT);
        let tie = share_of(to_me.tie, HALF_SAID);
        let mut cues = [Four::ZERO; TURNS];
        cues[turn::PREVIOUS] = is_previous;
        cues[turn::BETWEEN] = between;
        cues[turn::BETWEEN_CROWDED] = between * crowd;
        cues[turn::RUN] = is_previous * self.goes_on;
        cues[turn::THEIR_RUN] = people.run.four(four);
        cues[turn::PREVIOUS_CUSTOM] = is_previous * self.custom;
        cues[turn::SILENCE] = silence;
        cues[turn::PREVIOUS_SILENCE] = is_previous * silence;
        cues[turn::SILENCE_CAME_BETWEEN] = silence * came_between;
        cues[turn::NAMED_ME_OWN_SILENCE] = faded(to_me.named, now) * own_silence;
        cues[turn::NAMED] = faded(from_me.named, now);
        cues[turn::MY_LAST_NAMED] = one_if(from_me.named.simd_eq(own_last));
        cues[turn::TURNED_TO_ME] = share_of(to_me.since, HALF_SAID);
        cues[turn::TIE] = tie;
        cues[turn::TIE_BOTH_WAYS] = tie * share_of(from_me.tie, HALF_SAID);
        cues[turn::TIE_CROWDED] = tie * between * crowd;
        cues[turn::MUTUAL] = to_me.latest * from_me.latest;
        cues[turn::TURNED_AWAY] = (ONE - people.alone.four(four) - to_me.latest).fast_max(Four::ZERO);
        cues[turn::MY_LAST_CROWDED] = from_me.latest * crowd;
        cues
    }

    /// The cues of nobody, of the most that each has said to the author since the author's last.
    pub fn nobody(&self, called: Four) -> [f32; NOBODIES] {
        let Self { goes_on, own_silence, silence, crowd, custom, alone, .. } = *self;
        let called = called.to_array().into_iter().fold(0.0, f32::max).min(1.0);
        [1.0, goes_on, own_silence, crowd, called, custom, alone, silence, own_silence * own_silence]
    }
}

/// 1 for each who may be meant: the others that have spoken.
pub fn candidates(people: &People, me: Option<usize>) -> Row {
    let me = beside_four(me);
    Row::of(|four| one_if(people.spoke(four).simd_gt(Four::ZERO) & !places(four).simd_eq(me)))
}

/// An amount, as a share of itself and of what makes a half.
fn share_of(amount: Four, half: f32) -> Four {
    amount / (amount + half)
}

/// What four messages are against what is new: see [`fading`](super::constants::fading).
fn faded(messages: Four, now: Number) -> Four {
    Four::splat(FADES_OVER) / (Four::splat(now) - messages + FADES_OVER)
}

fn one_if(so: Four) -> Four {
    so & ONE
}

/// The places of four.
const fn places(four: usize) -> Four {
    const PLACES: [Four; FOURS] = [
        Four::new([0.0, 1.0, 2.0, 3.0]),
        Four::new([4.0, 5.0, 6.0, 7.0]),
        Four::new([8.0, 9.0, 10.0, 11.0]),
        Four::new([12.0, 13.0, 14.0, 15.0]),
    ];
    PLACES[four % FOURS]
}

#[expect(clippy::cast_precision_loss, reason = "at most as many as there are places")]
const fn how_many(which: u32) -> f32 {
    which.count_ones() as f32
}

/// That place, or none, to be compared with four.
#[expect(clippy::cast_precision_loss, reason = "there are few places")]
fn beside_four(place: Option<usize>) -> Four {
    Four::splat(place.map_or(-1.0, |place| place as f32))
}
