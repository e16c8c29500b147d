//! The constants of the inference: one place, with what each one means.
//!
//! The numbers are those that `examples/fit.rs` prints; [`TURN`], [`NOBODY`] and [`AFTERWARDS`] name the cues in the
//! order of the arrays. `docs/CONVERSATION.md` has the equation.

/// What a cue is called, what it measures, and in the turn's cues the family by which a community may trust it.
pub type Named = (&'static str, &'static str);

/// Cues of one recent speaker c, when a is about to be heard.
pub const TURNS: usize = 18;
/// Cues of "nobody".
pub const NOBODIES: usize = 7;
/// Cues that come up in the messages after it.
pub const AFTERWARDS_CUES: usize = 13;

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
    ("named", "a named or answered c by their own act, fading"),
    ("active", "ln(1 + c's messages that the window has seen)"),
    ("came between", "1 if c spoke since a's last"),
    ("run", "1 if a goes on after their own message and c is the previous speaker"),
    ("tie", "ln(1 + what c has said to a here, halved every 34 messages)"),
    ("turned to me, aged", "how surely c's last was for a, x between"),
    ("mutual", "how surely c's last was for a, x how surely a's last was for c"),
    ("turned away", "how surely c's last was for somebody else than a"),
    ("previous, silence", "silence, if c is the previous speaker"),
    ("previous, my last", "how surely a's last was for c, if c is the previous speaker"),
    ("my last named", "1 if a's last named or answered c by their own act"),
    ("my last, crowded", "how surely a's last was for c, x ln(1 + others among the last twenty messages)"),
];

/// The cues of nobody, in the order of [`Constants::nobody`].
pub const NOBODY: [Named; NOBODIES] = [
    ("nobody", "always 1"),
    ("run", "1 if a goes on after their own message"),
    ("own silence", "ln(1 + time since a's last, in usual gaps)"),
    ("crowd", "ln(1 + others among the last twenty messages)"),
    ("called", "the most that one is believed to have said to a since a's last, at most 1"),
    ("custom", "-ln(1 - the share of the latest messages that reply or name)"),
    ("alone", "how surely a's last message was for nobody"),
];

/// What comes up in the messages after it, in the order of [`Constants::afterwards`]; the last three are of nobody.
pub const AFTERWARDS: [Named; AFTERWARDS_CUES] = [
    ("c answers", "how surely c's next message is for a"),
    ("c for nobody", "how surely c's next message is for nobody"),
    ("c speaks soon", "c speaks again, the sooner the more"),
    ("c speaks first", "1 if nobody else but a speaks before"),
    ("c is served", "ln(1 + what others say to c, by their likeliest, before c speaks again), if c does"),
    ("c names a", "c names or answers a by their own act, the sooner the more"),
    ("c names another", "c names or answers somebody else before a, the sooner the more"),
    ("a names c", "a names or answers c by their own act, the sooner the more"),
    ("a goes on", "how surely a's next message is for c, the later the more"),
    ("a comes back", "how surely a's surest later message is for c, the sooner the more"),
    ("seen later", "always 1: what is seen later changes the balance"),
    ("seen", "ln(1 + messages that were seen later)"),
    ("a is named", "anybody names or answers a, the sooner the more"),
];

// The places of the cues of [`AFTERWARDS`].
pub const ANSWERS: usize = 0;
pub const FOR_NOBODY: usize = 1;
pub const SPEAKS_SOON: usize = 2;
pub const SPEAKS_FIRST: usize = 3;
pub const SERVED: usize = 4;
pub const NAMES_AUTHOR: usize = 5;
pub const NAMES_ANOTHER: usize = 6;
pub const AUTHOR_NAMES: usize = 7;
pub const AUTHOR_GOES_ON: usize = 8;
pub const AUTHOR_COMES_BACK: usize = 9;
pub const SEEN_LATER: usize = 10;
pub const SEEN: usize = 11;
pub const AUTHOR_IS_NAMED: usize = 12;

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
        -0.9018, // previous
        -1.5519, // between
        -0.6932, // silence
        0.5106,  // between, crowded
        0.6967,  // named me
        1.5655,  // turned to me
        0.6984,  // named
        -0.0760, // active
        0.7176,  // came between
        1.2623,  // run
        0.5840,  // tie
        0.5053,  // turned to me, aged
        -1.3116, // mutual
        -1.0037, // turned away
        0.4680,  // previous, silence
        -0.7342, // previous, my last
        -0.6087, // my last named
        0.8187,  // my last, crowded
    ],
    nobody: [
        -0.8641, // nobody
        1.3237,  // run
        -0.3123, // own silence
        0.4785,  // crowd
        -0.4803, // called
        2.2949,  // custom
        0.7827,  // alone
    ],
    afterwards: [
        -0.5372, // c answers
        0.5975,  // c for nobody
        1.0597,  // c speaks soon
        -0.2861, // c speaks first
        -0.4577, // c is served
        2.1454,  // c names a
        -0.7548, // c names another
        0.5856,  // a names c
        1.0013,  // a goes on
        0.5172,  // a comes back
        0.0562,  // seen later
        0.1441,  // seen
        1.1478,  // a is named
    ],
};
