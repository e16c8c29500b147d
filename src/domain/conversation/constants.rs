//! The constants of the inference: one place, with what each one means.
//!
//! The numbers are those that `examples/fit.rs` prints; [`TURN`], [`NOBODY`] and [`AFTERWARDS`] name the cues in the
//! order of the arrays. `docs/CONVERSATION.md` has the equation.

/// What a cue is called, what it measures, and in the turn's cues the family by which a community may trust it.
pub type Named = (&'static str, &'static str);

/// Cues of one recent speaker c, when a is about to be heard.
pub const TURNS: usize = 15;
/// Cues of "nobody".
pub const NOBODIES: usize = 8;
/// Cues that come up in the messages after it.
pub const AFTERWARDS_CUES: usize = 9;

/// A rate of fading: what is `n` messages old counts 10 / (10 + n).
pub const FADES_OVER: f32 = 10.0;

/// The cues of a recent speaker, in the order of [`Constants::turn`].
pub const TURN: [Named; TURNS] = [
    ("previous", "1 for the last speaker who is not a"),
    ("between", "ln(1 + messages since c's last)"),
    ("silence", "ln(1 + time since c's last, in the channel's own usual gaps)"),
    ("between, crowded", "between x ln(1 + others among the last twenty messages)"),
    ("named me", "c named or answered a by their own act, fading"),
    ("turned to me", "ln(1 + what c is believed to have said to a since a's last)"),
    ("my last", "how surely a's last message was for c"),
    ("named", "a named or answered c by their own act, fading"),
    ("served", "ln(1 + what others are believed to have said to c since c's last)"),
    ("active", "ln(1 + c's messages that the window has seen)"),
    ("came between", "1 if c spoke since a's last"),
    ("run", "1 if a goes on after their own message and c is the previous speaker"),
    ("tie", "ln(1 + what c has said to a here, halved every 34 messages)"),
    ("turned to me, aged", "how surely c's last was for a, x between"),
    ("mutual", "how surely c's last was for a, x how surely a's last was for c"),
];

/// The cues of nobody, in the order of [`Constants::nobody`].
pub const NOBODY: [Named; NOBODIES] = [
    ("nobody", "always 1"),
    ("run", "1 if a goes on after their own message"),
    ("own silence", "ln(1 + time since a's last, in usual gaps)"),
    ("silence", "ln(1 + time since anybody's last, in usual gaps)"),
    ("crowd", "ln(1 + others among the last twenty messages)"),
    ("called", "the largest of all named me"),
    ("custom", "-ln(1 - the share of the latest messages that reply or name)"),
    ("alone", "how surely a's last message was for nobody"),
];

/// What comes up in the messages after it, in the order of [`Constants::afterwards`]; the last three are of nobody.
pub const AFTERWARDS: [Named; AFTERWARDS_CUES] = [
    ("a names c", "a names or answers c by their own act, the sooner the more"),
    ("c answers", "how surely c's next message is for a"),
    ("c speaks", "1 if c speaks again"),
    ("c turns away", "how surely c's next message is for somebody else"),
    ("c names a", "c names or answers a by their own act, the sooner the more"),
    ("c goes on", "how surely c's further messages are for a, added up"),
    ("seen later", "always 1: what is seen later changes the balance"),
    ("one names a", "1 if a recent speaker names or answers a"),
    ("stranger names a", "1 if somebody else does"),
];

// The places of the cues of [`AFTERWARDS`].
pub const AUTHOR_NAMES: usize = 0;
pub const ANSWERS: usize = 1;
pub const SPEAKS: usize = 2;
pub const TURNS_AWAY: usize = 3;
pub const NAMES_AUTHOR: usize = 4;
pub const GOES_ON: usize = 5;
pub const SEEN_LATER: usize = 6;
pub const ONE_NAMES: usize = 7;
pub const STRANGER_NAMES: usize = 8;
/// From here on they are of nobody.
pub const OF_NOBODY: usize = SEEN_LATER;

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
        let mut turn = [0.0; TURNS];
        turn[1] = -1.0;
        turn[4] = 2.0;
        turn[5] = 2.0;
        Self { turn, nobody: [0.0; NOBODIES], afterwards: [0.0; AFTERWARDS_CUES] }
    };
}

/// As printed by `cargo run --release --example fit -- ../shared/data/irc/train-mentions25`.
pub const FITTED: Constants = Constants {
    turn: [
        -0.6720, // previous
        -1.5285, // between
        -0.7932, // silence
        0.5178,  // between, crowded
        0.8348,  // named me
        1.9748,  // turned to me
        1.1576,  // my last
        0.4975,  // named
        -0.0519, // served
        -0.1599, // active
        0.6423,  // came between
        1.2876,  // run
        0.7678,  // tie
        0.7317,  // turned to me, aged
        -1.1613, // mutual
    ],
    nobody: [
        -0.4758, // nobody
        1.3805,  // run
        -0.3155, // own silence
        -0.4425, // silence
        0.5167,  // crowd
        0.0145,  // called
        2.4042,  // custom
        0.5209,  // alone
    ],
    afterwards: [
        2.0992,  // a names c
        -2.1583, // c answers
        2.3653,  // c speaks
        -2.3266, // c turns away
        2.4998,  // c names a
        0.0610,  // c goes on
        0.5301,  // seen later
        0.5071,  // one names a
        0.5360,  // stranger names a
    ],
};
