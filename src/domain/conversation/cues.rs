//! The cues of one message, read from the channel's memory before it is added to it.

use super::constants::{FADES_OVER, NOBODIES, TURNS};
use super::memory::Memory;
use super::numbers::{LANES, Row, exp, grown, highest, length, ln, small};
use super::people::{Link, Person};
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
pub const fn fading(messages: f32) -> f32 {
    FADES_OVER / (FADES_OVER + messages)
}

/// As many messages as leave nothing.
const NEVER: f32 = 1e30;

/// How many messages old the one with this number is; without end if it never was.
fn age(number: u32, now: u32) -> f32 {
    if number == 0 { NEVER } else { small(now - number) }
}

/// What it is of each lane. Rows are reckoned one by one where something is chosen: a compiler does not take several lanes
/// at a time where one loop chooses too much.
fn row(of: impl Fn(usize) -> f32) -> Row {
    let mut row = Row::default();
    for (lane, number) in row.iter_mut().enumerate() {
        *number = of(lane);
    }
    row
}

/// Numbers of messages, or counts of them, of each candidate.
type Numbers = [u32; LANES];

/// What is remembered of each candidate, as it stands there: it is only gathered candidate by candidate, and then reckoned
/// with in rows, several at a time.
struct Remembered {
    spoke: Numbers,
    run: Numbers,
    alone: Row,
    gap: Row,
    to_me: Links,
    from_me: Links,
}

/// What one and each candidate have said to each other, in one direction.
#[derive(Default)]
struct Links {
    at: Numbers,
    named: Numbers,
    latest: Row,
    since: Row,
    tie: Row,
}

impl Links {
    fn remember(&mut self, lane: usize, link: &Link, now: u32) {
        self.at[lane] = link.at;
        self.named[lane] = link.named;
        self.latest[lane] = link.latest;
        self.since[lane] = link.since;
        self.tie[lane] = link.tie(now);
    }
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
        all.spoke[lane] = them.spoke;
        all.run[lane] = them.run;
        all.alone[lane] = them.alone;
        all.gap[lane] = self.gap(them.at);
        if let Some(me) = self.me {
            all.to_me.remember(lane, people.link(other, me), rhythm.messages);
            all.from_me.remember(lane, people.link(me, other), rhythm.messages);
        }
    }
}

impl Cues {
    /// Whom the message may be for, the last speaker first.
    pub fn candidates(&self) -> &[Candidate] {
        &self.candidates[..self.count]
    }

    /// Reads what can be known when `author` is heard at `now`.
    pub fn read(memory: &Memory, author: UserId, now: i64) -> Self {
        let candidates = [Candidate { user: author, place: 0 }; CANDIDATES];
        let mut cues = Self { candidates, count: 0, turn: [Row::default(); TURNS], nobody: [0.0; NOBODIES] };
        cues.fill(memory, author, now);
        cues
    }

    fn fill(&mut self, memory: &Memory, author: UserId, now: i64) {
        let Memory { people, rhythm } = memory;
        let me = people.place_of(author);
        let mine = me.map(|place| people.person(place)).filter(|me| me.spoke > 0);
        let spoke = mine.map_or(0, |me| me.spoke);
        let scene = Scene { memory, me, spoke, now, beat: exp(-rhythm.usual) };
        let mut all = Remembered {
            spoke: [rhythm.messages; LANES],
            run: Numbers::default(),
            alone: Row::default(),
            gap: Row::default(),
            to_me: Links::default(),
            from_me: Links::default(),
        };
        let mut near = 0;
        for (rank, other) in people.speakers().filter(|other| Some(*other) != me).enumerate() {
            let them = people.person(other);
            let is_near = rhythm.messages - them.spoke <= CROWD_SPAN;
            near += u32::from(is_near);
            if rank < CANDIDATES {
                #[expect(clippy::cast_possible_truncation, reason = "there are at most PEOPLE places")]
                let candidate = Candidate { user: people.user(other), place: other as u8 };
                self.candidates[rank] = candidate;
                self.count = rank + 1;
                scene.remember(rank, other, them, &mut all);
            } else if !is_near {
                break;
            }
        }
        let own_gap = mine.map_or(0.0, |me| scene.gap(me.at));
        let mut logs =
            [1.0 + small(near), 1.0 + own_gap, 1.0 + scene.gap(rhythm.last), 1.0 - rhythm.naming.min(MOST_NAMING)];
        for log in &mut logs {
            *log = ln(*log);
        }
        let [crowd, own_silence, silence, custom] = logs;
        let custom = -custom;
        let goes_on = one_if(spoke > 0 && spoke == rhythm.messages);
        let (called, own) = self.reckon(&all, &scene, crowd, own_silence);
        let alone = if spoke > 0 { 1.0 - own.min(1.0) } else { 0.0 };
        self.nobody = [1.0, goes_on, own_silence, crowd, called, custom, alone, silence, own_silence * own_silence];
        self.order(goes_on, custom);
    }

    /// The cues of all candidates but those of the order in which they spoke. Returns the most that one is believed to have
    /// said to the author, and how surely the author's last message was for any.
    fn reckon(&mut self, all: &Remembered, scene: &Scene, crowd: f32, own_silence: f32) -> (f32, f32) {
        let turn = &mut self.turn;
        let Remembered { spoke, to_me, from_me, .. } = all;
        let now = scene.memory.rhythm.messages;
        // No number of a message, where the author has written none.
        let own_last = if scene.spoke > 0 { scene.spoke } else { u32::MAX };
        let between = row(|lane| small(now - spoke[lane]));
        let run = row(|lane| small(all.run[lane]));
        let named_me = row(|lane| age(to_me.named[lane], now));
        let named = row(|lane| age(from_me.named[lane], now));
        let since = row(|lane| if to_me.at[lane] > scene.spoke { to_me.since[lane] } else { 0.0 });
        let theirs = row(|lane| if to_me.at[lane] == spoke[lane] { to_me.latest[lane] } else { 0.0 });
        let own = row(|lane| if from_me.at[lane] == own_last { from_me.latest[lane] } else { 0.0 });
        turn[7] = row(|lane| if spoke[lane] > own_last { 1.0 } else { 0.0 });
        turn[13] = row(|lane| if from_me.named[lane] == own_last { 1.0 } else { 0.0 });
        for lane in 0..LANES {
            let between = grown(between[lane]);
            let silence = grown(all.gap[lane]);
            let tie = grown(to_me.tie[lane]);
            let named_me = fading(named_me[lane]);
            turn[1][lane] = between;
            turn[2][lane] = silence;
            turn[3][lane] = between * crowd;
            turn[4][lane] = named_me;
            turn[5][lane] = grown(since[lane]);
            turn[6][lane] = fading(named[lane]);
            turn[9][lane] = tie;
            turn[10][lane] = theirs[lane] * own[lane];
            turn[11][lane] = (1.0 - all.alone[lane] - theirs[lane]).max(0.0);
            turn[14][lane] = own[lane] * crowd;
            turn[16][lane] = grown(run[lane]);
            turn[17][lane] = tie * grown(from_me.tie[lane]);
            turn[18][lane] = silence * turn[7][lane];
            turn[19][lane] = tie * between * crowd;
            turn[21][lane] = named_me * own_silence;
        }
        (highest(&since).min(1.0), own.iter().sum())
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
