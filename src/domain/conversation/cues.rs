//! The cues of one message, read from the channel's memory before it is added to it.

use std::sync::LazyLock;

use super::constants::{FADES_OVER, NOBODIES, TURNS};
use super::memory::{Memory, length, small};
use crate::domain::ids::UserId;

/// Recent speakers who are weighed against each other; of #ubuntu's answers 1 in 45 goes further back.
pub const CANDIDATES: usize = 10;
/// Over how many messages a crowd is counted.
const CROWD_SPAN: u32 = 20;
/// The share that replies or names is taken as no more than this, where hardly anything else is said.
const MOST_NAMING: f32 = 0.9;

/// A candidate with their cues.
pub type Candidate = (UserId, [f32; TURNS]);

/// All that the inference sees of a message that names nobody.
#[derive(Debug, Clone)]
pub struct Cues {
    pub candidates: Vec<Candidate>,
    pub nobody: [f32; NOBODIES],
}

impl Default for Cues {
    fn default() -> Self {
        Self { candidates: Vec::with_capacity(CANDIDATES), nobody: [0.0; NOBODIES] }
    }
}

/// ln(1 + amount).
pub fn grown(amount: f32) -> f32 {
    // Most amounts are none: who has said nothing to whom.
    if amount == 0.0 { 0.0 } else { (1.0 + amount).ln() }
}

/// The same of the numbers that nearly always come up.
static GROWN: LazyLock<[f32; 64]> =
    LazyLock::new(|| std::array::from_fn(|number| grown(small(u32::try_from(number).unwrap_or(0)))));

fn grown_count(count: u32) -> f32 {
    GROWN.get(count as usize).copied().unwrap_or_else(|| grown(small(count)))
}

fn one_if(so: bool) -> f32 {
    f32::from(u8::from(so))
}

/// What is so many messages old, against what is new.
pub fn fading(messages: u32) -> f32 {
    FADES_OVER / (FADES_OVER + small(messages))
}

impl Cues {
    /// Reads what can be known when `author` is heard at `now`.
    pub fn read(&mut self, memory: &Memory, author: UserId, now: i64) {
        let Memory { people, rhythm } = memory;
        self.candidates.clear();
        let place = people.place_of(author);
        let mine = place.map(|place| (place, people.person(place)));
        let spoke = mine.map_or(0, |(_, me)| me.spoke);
        let number = rhythm.messages;
        let goes_on = spoke > 0 && spoke == number;
        let others = || people.speakers().filter(|other| Some(*other) != place);
        let near = others().take_while(|other| number - people.person(*other).spoke <= CROWD_SPAN).count();
        let crowd = grown_count(u32::try_from(near).unwrap_or(0));
        let beat = (-rhythm.usual).exp();
        let silence = |then: i64| grown(length(now, then) * beat);
        let (mut called, mut last_to) = (0.0_f32, 0.0);
        for (rank, other) in others().take(CANDIDATES).enumerate() {
            let them = people.person(other);
            let previous = one_if(rank == 0);
            let between = grown_count(number - them.spoke);
            let mut cues = [0.0; TURNS];
            cues[0] = previous;
            cues[1] = between;
            cues[2] = silence(them.at);
            cues[3] = between * crowd;
            cues[7] = grown_count(them.messages);
            cues[13] = 1.0 - them.alone;
            cues[14] = previous * cues[2];
            if let Some((me, _)) = mine {
                let (to_me, from_me) = (people.link(other, me), people.link(me, other));
                let (theirs, own) = (to_me.of_message(them.spoke), from_me.of_message(spoke));
                let since = to_me.since(spoke);
                cues[4] = to_me.named(number);
                cues[5] = grown(since);
                cues[6] = from_me.named(number);
                cues[8] = one_if(spoke > 0 && them.spoke > spoke);
                cues[9] = if goes_on { previous } else { 0.0 };
                cues[10] = grown(to_me.tie(number));
                cues[11] = theirs * between;
                cues[12] = theirs * own;
                cues[13] = (cues[13] - theirs).max(0.0);
                cues[15] = previous * own;
                cues[16] = one_if(from_me.is_named_in(spoke));
                cues[17] = own * crowd;
                called = called.max(since.min(1.0));
                last_to += own;
            }
            self.candidates.push((them.user, cues));
        }
        let custom = -(1.0 - rhythm.naming.min(MOST_NAMING)).ln();
        let alone = if spoke > 0 { 1.0 - last_to.min(1.0) } else { 0.0 };
        let own_silence = mine.filter(|_| spoke > 0).map_or(0.0, |(_, me)| silence(me.at));
        self.nobody = [1.0, one_if(goes_on), own_silence, crowd, called, custom, alone];
    }
}

/// Turns scores into shares of one, in place.
pub fn shares(scores: &mut [f32]) {
    let highest = scores.iter().copied().fold(f32::MIN, f32::max);
    let mut sum = 0.0;
    for score in scores.iter_mut() {
        *score = (*score - highest).exp();
        sum += *score;
    }
    for score in scores {
        *score /= sum;
    }
}

/// ln Σ exp of the scores, of which there must be one.
pub fn log_sum(scores: impl Iterator<Item = f32> + Clone) -> f32 {
    let highest = scores.clone().fold(f32::MIN, f32::max);
    highest + scores.map(|score| (score - highest).exp()).sum::<f32>().ln()
}

/// The sum of weights times cues.
pub fn weighed<const N: usize>(weights: &[f32; N], cues: &[f32; N]) -> f32 {
    weights.iter().zip(cues).map(|(weight, cue)| weight * cue).sum()
}
