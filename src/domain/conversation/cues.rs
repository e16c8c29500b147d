//! The cues of one message, read from the channel's memory before it is added to it.

use super::constants::{FADES_OVER, NOBODIES, TURNS};
use super::memory::Memory;
use super::numbers::{LANES, Row, exp, grown, length, ln, small};
use super::people::Person;
use crate::domain::ids::UserId;

/// Recent speakers who are weighed against each other; of #ubuntu's answers 1 in 45 goes further back.
pub const CANDIDATES: usize = 10;
/// Over how many messages a crowd is counted.
const CROWD_SPAN: u32 = 20;
/// The share that replies or names is taken as no more than this, where hardly anything else is said.
const MOST_NAMING: f32 = 0.9;

/// Somebody whom the message may be for.
#[derive(Debug, Clone, Copy)]
pub struct Candidate {
    pub user: UserId,
    /// In the memory that the cues are read from.
    pub place: u8,
}

/// All that the inference sees of a message that names nobody.
#[derive(Debug, Clone)]
pub struct Cues {
    candidates: [Candidate; CANDIDATES],
    count: usize,
    pub turn: [Row; TURNS],
    pub nobody: [f32; NOBODIES],
}

fn one_if(so: bool) -> f32 {
    f32::from(u8::from(so))
}

/// What is so many messages old, against what is new.
pub fn fading(messages: f32) -> f32 {
    FADES_OVER / (FADES_OVER + messages)
}

/// As many messages as leave nothing.
const NEVER: f32 = 1e30;

/// How many messages old the one with this number is; without end if it never was.
fn age(number: u32, now: u32) -> f32 {
    small(now - number) + small(u32::from(number == 0)) * NEVER
}

/// What is remembered of each candidate, and of them and the author.
#[derive(Default)]
struct Remembered {
    between: Row,
    gap: Row,
    run: Row,
    away: Row,
    named_me: Row,
    named: Row,
    since: Row,
    came_between: Row,
    tie: Row,
    own_tie: Row,
    theirs: Row,
    own: Row,
    my_last_named: Row,
}

/// Who speaks when.
struct Scene<'m> {
    memory: &'m Memory,
    /// The place of the author, if they are remembered.
    me: Option<usize>,
    /// The number of their last message, or 0.
    spoke: u32,
    now: i64,
    /// How many usual gaps a millisecond is.
    beat: f32,
}

impl Scene<'_> {
    fn gap(&self, then: i64) -> f32 {
        length(self.now, then) * self.beat
    }

    fn remember(&self, lane: usize, other: usize, them: &Person, all: &mut Remembered) {
        let Memory { people, rhythm } = self.memory;
        let number = rhythm.messages;
        all.between[lane] = small(number - them.spoke);
        all.gap[lane] = self.gap(them.at);
        all.run[lane] = small(them.run);
        all.away[lane] = 1.0 - them.alone;
        let Some(me) = self.me else { return };
        let (to_me, from_me) = (people.link(other, me), people.link(me, other));
        all.named_me[lane] = age(to_me.named(), number);
        all.named[lane] = age(from_me.named(), number);
        all.since[lane] = to_me.since(self.spoke);
        all.came_between[lane] = one_if(self.spoke > 0 && them.spoke > self.spoke);
        all.tie[lane] = to_me.tie(number);
        all.own_tie[lane] = from_me.tie(number);
        all.theirs[lane] = to_me.of_message(them.spoke);
        all.own[lane] = from_me.of_message(self.spoke);
        all.my_last_named[lane] = one_if(from_me.is_named_in(self.spoke));
    }
}

impl Cues {
    /// Whom the message may be for, the last speaker first.
    pub fn candidates(&self) -> &[Candidate] {
        &self.candidates[..self.count]
    }

    /// Reads what can be known when `author` is heard at `now`.
    pub fn read(memory: &Memory, author: UserId, now: i64) -> Self {
        let Memory { people, rhythm } = memory;
        let me = people.place_of(author);
        let mine = me.map(|place| people.person(place)).filter(|me| me.spoke > 0);
        let spoke = mine.map_or(0, |me| me.spoke);
        let scene = Scene { memory, me, spoke, now, beat: exp(-rhythm.usual) };
        let candidates = [Candidate { user: author, place: 0 }; CANDIDATES];
        let mut cues = Self { candidates, count: 0, turn: [Row::default(); TURNS], nobody: [0.0; NOBODIES] };
        let mut all = Remembered { named_me: [NEVER; LANES], named: [NEVER; LANES], ..Remembered::default() };
        let mut near = 0;
        for (rank, other) in people.speakers().filter(|other| Some(*other) != me).enumerate() {
            let them = people.person(other);
            let is_near = rhythm.messages - them.spoke <= CROWD_SPAN;
            near += u32::from(is_near);
            if rank < CANDIDATES {
                #[expect(clippy::cast_possible_truncation, reason = "there are at most PEOPLE places")]
                let candidate = Candidate { user: people.user(other), place: other as u8 };
                cues.candidates[rank] = candidate;
                cues.count = rank + 1;
                scene.remember(rank, other, them, &mut all);
            } else if !is_near {
                break;
            }
        }
        let crowd = grown(small(near));
        let custom = -ln(1.0 - rhythm.naming.min(MOST_NAMING));
        let goes_on = one_if(spoke > 0 && spoke == rhythm.messages);
        let own_silence = mine.map_or(0.0, |me| grown(scene.gap(me.at)));
        let called = all.since.iter().copied().fold(0.0, f32::max).min(1.0);
        let alone = if spoke > 0 { 1.0 - all.own.iter().sum::<f32>().min(1.0) } else { 0.0 };
        let silence = grown(scene.gap(rhythm.last));
        cues.nobody = [1.0, goes_on, own_silence, crowd, called, custom, alone, silence, own_silence * own_silence];
        cues.reckon(&all, crowd, own_silence);
        cues.order(goes_on, custom);
        cues
    }

    /// The cues of all candidates but those of the order in which they spoke.
    #[expect(clippy::needless_range_loop, reason = "a lane runs through all rows")]
    fn reckon(&mut self, all: &Remembered, crowd: f32, own_silence: f32) {
        let turn = &mut self.turn;
        for lane in 0..LANES {
            let between = grown(all.between[lane]);
            let silence = grown(all.gap[lane]);
            let tie = grown(all.tie[lane]);
            turn[1][lane] = between;
            turn[2][lane] = silence;
            turn[3][lane] = between * crowd;
            let named_me = fading(all.named_me[lane]);
            turn[4][lane] = named_me;
            turn[5][lane] = grown(all.since[lane]);
            turn[6][lane] = fading(all.named[lane]);
            turn[7][lane] = all.came_between[lane];
            turn[9][lane] = tie;
            turn[10][lane] = all.theirs[lane] * all.own[lane];
            turn[11][lane] = (all.away[lane] - all.theirs[lane]).max(0.0);
            turn[13][lane] = all.my_last_named[lane];
            turn[14][lane] = all.own[lane] * crowd;
            turn[16][lane] = grown(all.run[lane]);
            turn[17][lane] = tie * grown(all.own_tie[lane]);
            turn[18][lane] = silence * all.came_between[lane];
            turn[19][lane] = tie * between * crowd;
            turn[21][lane] = named_me * own_silence;
        }
    }

    /// The cues of the previous speaker, and of the one before, if there are any.
    fn order(&mut self, goes_on: f32, custom: f32) {
        let is_there = |rank: usize| one_if(self.count > rank);
        let (previous, before) = (is_there(0), is_there(1));
        let turn = &mut self.turn;
        turn[0][0] = previous;
        turn[8][0] = previous * goes_on;
        turn[12][0] = previous * turn[2][0];
        turn[15][1] = before;
        turn[20][0] = previous * custom;
    }

    /// The cues of one candidate.
    pub fn of(&self, candidate: usize) -> [f32; TURNS] {
        std::array::from_fn(|cue| self.turn[cue][candidate])
    }
}
