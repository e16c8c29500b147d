//! The cues of one message, read from the channel's memory before it is added to it.

use super::constants::{FADES_OVER, NOBODIES, TURNS};
use super::people::People;
use crate::domain::ids::UserId;

/// Recent speakers who are weighed against each other; of #ubuntu's answers 1 in 45 goes further back.
pub const CANDIDATES: usize = 10;
/// Over how many messages a crowd is counted.
const CROWD_SPAN: u32 = 20;

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

/// How a channel moves.
#[derive(Debug, Clone, Copy)]
pub struct Rhythm {
    /// The logarithm of the usual gap between two messages, in milliseconds.
    usual: f32,
    /// Messages heard so far.
    pub messages: u32,
    last: i64,
    /// The share of the latest messages that reply or name.
    pub naming: f32,
}

/// Before a channel has shown its own.
const USUAL_AT_FIRST: f32 = 9.2; // ten seconds
/// Gaps are taken as between half a second and six hours: beyond, they tell of nights and of clocks.
const GAPS: (f32, f32) = (500.0, 21_600_000.0);
/// The usual gap is a mean over about so many messages.
const USUAL_SPAN: f32 = 50.0;
/// The share that replies or names is taken as no more than this, where hardly anything else is said.
const MOST_NAMING: f32 = 0.9;
/// Over about how many of the latest messages the custom of naming is measured.
const NAMING_SPAN: f32 = 32.0;

impl Default for Rhythm {
    fn default() -> Self {
        Self { usual: USUAL_AT_FIRST, messages: 0, last: 0, naming: 0.0 }
    }
}

impl Rhythm {
    pub fn beat(&mut self, at: i64, by_name: bool) {
        self.naming += (f32::from(u8::from(by_name)) - self.naming) / NAMING_SPAN;
        if self.messages > 0 {
            let gap = length(at, self.last).clamp(GAPS.0, GAPS.1).ln();
            self.usual += (gap - self.usual) / small(self.messages + 1).min(USUAL_SPAN);
        }
        self.messages = self.messages.saturating_add(1);
        self.last = at;
    }
}

/// From one moment to a later one; none if it is not later.
#[expect(clippy::cast_precision_loss, reason = "seven digits of a time are enough")]
fn length(now: i64, then: i64) -> f32 {
    now.saturating_sub(then).max(0) as f32
}

#[expect(clippy::cast_precision_loss, reason = "a logarithm of it is taken")]
const fn small(count: u32) -> f32 {
    count as f32
}

fn grown(amount: f32) -> f32 {
    (1.0 + amount).ln()
}

/// What is so many messages old, against what is new.
pub fn fading(messages: u32) -> f32 {
    FADES_OVER / (FADES_OVER + small(messages))
}

impl Cues {
    /// Reads what can be known when `author` is heard at `now`.
    pub fn read(&mut self, people: &People, rhythm: &Rhythm, author: UserId, now: i64) {
        self.candidates.clear();
        let place = people.place_of(author);
        let mine = place.map(|place| (place, people.person(place)));
        let spoke = mine.map_or(0, |(_, me)| me.spoke);
        let number = rhythm.messages;
        let goes_on = spoke > 0 && spoke == number;
        let others = || people.speakers().filter(|other| Some(*other) != place);
        let near = others().take_while(|other| number - people.person(*other).spoke <= CROWD_SPAN).count();
        let crowd = grown(small(u32::try_from(near).unwrap_or(0)));
        let beat = (-rhythm.usual).exp();
        let silence = |then: i64| grown(length(now, then) * beat);
        let mut called = 0.0_f32;
        for (rank, other) in others().take(CANDIDATES).enumerate() {
            let them = people.person(other);
            let previous = f32::from(u8::from(rank == 0));
            let between = grown(small(number - them.spoke));
            let mut cues = [0.0; TURNS];
            cues[0] = previous;
            cues[1] = between;
            cues[2] = silence(them.at);
            cues[3] = between * crowd;
            cues[8] = grown(them.served);
            cues[9] = grown(small(them.messages));
            if let Some((me, _)) = mine {
                let (to_me, from_me) = (people.link(other, me), people.link(me, other));
                let (theirs, own) = (to_me.of_message(them.spoke), from_me.of_message(spoke));
                cues[4] = to_me.named(number);
                cues[5] = grown(to_me.since(spoke));
                cues[6] = own;
                cues[7] = from_me.named(number);
                cues[10] = f32::from(u8::from(spoke > 0 && them.spoke > spoke));
                cues[11] = if goes_on { previous } else { 0.0 };
                cues[12] = grown(to_me.tie(number));
                cues[13] = theirs * between;
                cues[14] = theirs * own;
                called = called.max(cues[4]);
            }
            self.candidates.push((them.user, cues));
        }
        let custom = -(1.0 - rhythm.naming.min(MOST_NAMING)).ln();
        let last_to: f32 = self.candidates.iter().map(|(_, cues)| cues[6]).sum();
        let alone = if spoke > 0 { 1.0 - last_to.min(1.0) } else { 0.0 };
        let own_silence = mine.filter(|_| spoke > 0).map_or(0.0, |(_, me)| silence(me.at));
        let since_any = if number > 0 { silence(rhythm.last) } else { 0.0 };
        self.nobody = [1.0, f32::from(u8::from(goes_on)), own_silence, since_any, crowd, called, custom, alone];
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
