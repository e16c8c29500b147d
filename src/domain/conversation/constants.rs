//! The constants of the inference: one place, with what each one means.
//!
//! The numbers are those that `examples/fit` prints; [`TURN`], [`NOBODY`] and [`AFTERWARDS`] name the cues in the
//! order of the arrays. `docs/CONVERSATION.md` has the equation.

use std::ops::Range;

/// What a cue is called, and what it measures.
pub type Named = (&'static str, &'static str);

/// Cues of one speaker c who is remembered, when a is about to be heard.
pub const TURNS: usize = 19;
/// Cues of "nobody".
pub const NOBODIES: usize = 9;
/// Cues that come up in the messages after it, of a speaker who speaks again.
pub const AFTERWARDS_SPEAKERS: usize = 8;
/// Those of a speaker by what a says again.
pub const AFTERWARDS_BACK: usize = 3;
/// And those of nobody.
pub const AFTERWARDS_NOBODIES: usize = 4;
/// All of them.
pub const AFTERWARDS_CUES: usize = AFTERWARDS_SPEAKERS + AFTERWARDS_BACK + AFTERWARDS_NOBODIES;

/// The families of [`TURN`]: those cues that differ together from one community to the next.
pub const FAMILIES: usize = 4;
/// Which of the cues belong to each: the order of speakers, time, names and replies of a while ago, and memory (the
/// inference's own guesses, fed back: turns to each other, and the tie).
pub const FAMILY: [Range<usize>; FAMILIES] = [0..6, 6..9, 9..12, 12..TURNS];

// An amount in a cue is taken as amount / (amount + half): the more there is, the less does one more tell, and
// never does it tell more than a whole: silences last longer than in the chats that the constants were fitted on. The halves:
/// Messages since somebody's last.
pub const HALF_BETWEEN: f32 = 5.0;
/// Time since somebody's last, in the channel's own usual gaps.
pub const HALF_SILENT: f32 = 20.0;
/// What one has said to another, or all in a row, in messages.
pub const HALF_SAID: f32 = 1.0;
/// A rate of fading: what is `n` messages old counts 10 / (10 + n).
pub const FADES_OVER: f32 = 10.0;

/// What is so many messages old, against what is new.
pub const fn fading(messages: f32) -> f32 {
    FADES_OVER / (FADES_OVER + messages)
}

/// The cues of a speaker, in the order of [`Constants::turn`].
pub const TURN: [Named; TURNS] = [
    ("previous", "1 for the last speaker who is not a"),
    ("between", "n / (n + 5), of n messages since c's last"),
    ("between, crowded", "between x ln(1 + others among the last twenty messages)"),
    ("run", "1 if a goes on after their own message and c is the previous speaker"),
    ("c's run", "n / (n + 1), of c's n messages in a row, up to their last"),
    ("previous, custom", "-ln(1 - the share of the latest messages that reply or name), if c is the previous speaker"),
    ("silence", "t / (t + 20), of the time t since c's last, in the channel's own usual gaps"),
    ("previous, silence", "silence, if c is the previous speaker"),
    ("silence, came between", "silence, if c spoke since a's last"),
    ("named me, own silence", "c named or answered a by their own act, fading, x own silence"),
    ("named", "a named or answered c by their own act, fading"),
    ("my last named", "1 if a's last named or answered c by their own act"),
    ("turned to me", "n / (n + 1), of n messages that c is believed to have said to a since a's last"),
    ("tie", "n / (n + 1), of n messages that c has said to a here, halved every 34 messages"),
    ("tie, both ways", "tie x the same of what a has said to c"),
    ("tie, crowded", "tie x between x ln(1 + others among the last twenty messages)"),
    ("mutual", "how surely c's last was for a, x how surely a's last was for c"),
    ("turned away", "how surely c's last was for somebody else than a"),
    ("my last, crowded", "how surely a's last was for c, x ln(1 + others among the last twenty messages)"),
];

/// The cues of nobody, in the order of [`Constants::nobody`].
pub const NOBODY: [Named; NOBODIES] = [
    ("nobody", "always 1"),
    ("run", "1 if a goes on after their own message"),
    ("own silence", "t / (t + 20), of the time t since a's last, in usual gaps"),
    ("crowd", "ln(1 + others among the last twenty messages)"),
    ("called", "the most that one is believed to have said to a since a's last, at most 1"),
    ("custom", "-ln(1 - the share of the latest messages that reply or name)"),
    ("alone", "how surely a's last message was for nobody"),
    ("silence", "t / (t + 20), of the time t since anybody's last, in usual gaps"),
    ("own silence, long", "the square of own silence"),
];

/// What comes up in the messages after it, in the order of [`Constants::afterwards`]: of c who speaks again, by what a
/// says again, and in the last four of nobody.
pub const AFTERWARDS: [Named; AFTERWARDS_CUES] = [
    ("c answers", "how surely c's next message is for a"),
    ("c for nobody", "how surely c's next message is for nobody"),
    ("c speaks soon", "c speaks again, the sooner the more"),
    ("c names a", "c names or answers a by their own act, the sooner the more"),
    ("c names another", "c names or answers somebody else before a, the sooner the more"),
    ("names, comes back", "c names a x a comes back: one of them tells what the other does"),
    ("names, my last", "c names a x my last, crowded: it may have answered what a had said before"),
    ("soon, silence", "c speaks soon x silence: after a long silence that is no chance"),
    ("a goes on", "how surely a's next message is for c, the later the more"),
    ("a comes back", "how surely a's surest later message is for c, the sooner the more"),
    ("comes back, tie", "a comes back x tie: of those who talk anyhow it tells less"),
    ("seen later", "always 1: what is seen later changes the balance"),
    ("seen", "ln(1 + messages that were seen later)"),
    ("a is named", "anybody names or answers a, the sooner the more"),
    ("custom, later", "custom: what is seen later changes the balance otherwise where people name"),
];

/// The places of the cues in [`TURN`].
pub mod turn {
    pub const PREVIOUS: usize = 0;
    pub const BETWEEN: usize = 1;
    pub const BETWEEN_CROWDED: usize = 2;
    pub const RUN: usize = 3;
    pub const THEIR_RUN: usize = 4;
    pub const PREVIOUS_CUSTOM: usize = 5;
    pub const SILENCE: usize = 6;
    pub const PREVIOUS_SILENCE: usize = 7;
    pub const SILENCE_CAME_BETWEEN: usize = 8;
    pub const NAMED_ME_OWN_SILENCE: usize = 9;
    pub const NAMED: usize = 10;
    pub const MY_LAST_NAMED: usize = 11;
    pub const TURNED_TO_ME: usize = 12;
    pub const TIE: usize = 13;
    pub const TIE_BOTH_WAYS: usize = 14;
    pub const TIE_CROWDED: usize = 15;
    pub const MUTUAL: usize = 16;
    pub const TURNED_AWAY: usize = 17;
    pub const MY_LAST_CROWDED: usize = 18;
}

/// The place of "custom" in [`NOBODY`].
pub const CUSTOM: usize = 5;

/// One weight per cue.
#[derive(Debug, Clone, PartialEq)]
pub struct Constants {
    pub turn: [f32; TURNS],
    pub nobody: [f32; NOBODIES],
    pub afterwards: [f32; AFTERWARDS_CUES],
}

impl Constants {
    /// Where fitting begins: whoever spoke last, and whoever named the author.
    pub const START: Self = {
        let mut weights = [0.0; TURNS];
        weights[turn::BETWEEN] = -1.0;
        weights[turn::NAMED_ME_OWN_SILENCE] = 2.0;
        weights[turn::TURNED_TO_ME] = 2.0;
        Self { turn: weights, nobody: [0.0; NOBODIES], afterwards: [0.0; AFTERWARDS_CUES] }
    };
}

/// As printed by `cargo run --release --example fit -- ../shared/data/irc/train-mentions25`.
pub const FITTED: Constants = Constants {
    turn: [
        -0.3832, // previous
        -4.8105, // between
        1.6200,  // between, crowded
        0.7099,  // run
        -1.4577, // c's run
        0.9999,  // previous, custom
        -6.0510, // silence
        1.0926,  // previous, silence
        2.7796,  // silence, came between
        3.6114,  // named me, own silence
        0.6656,  // named
        -0.7304, // my last named
        1.5399,  // turned to me
        1.7128,  // tie
        -1.2223, // tie, both ways
        1.2318,  // tie, crowded
        -0.5579, // mutual
        -1.2842, // turned away
        0.5818,  // my last, crowded
    ],
    nobody: [
        -1.4315, // nobody
        1.3319,  // run
        -4.1410, // own silence
        0.5441,  // crowd
        -0.4283, // called
        2.2255,  // custom
        0.3793,  // alone
        -1.4576, // silence
        4.4710,  // own silence, long
    ],
    afterwards: [
        -0.2969, // c answers
        0.4448,  // c for nobody
        0.3394,  // c speaks soon
        2.8494,  // c names a
        -0.6579, // c names another
        -2.2657, // names, comes back
        -0.5628, // names, my last
        2.3187,  // soon, silence
        0.7344,  // a goes on
        2.5148,  // a comes back
        -2.8446, // comes back, tie
        0.2835,  // seen later
        0.1121,  // seen
        1.0056,  // a is named
        -0.4469, // custom, later
    ],
};
