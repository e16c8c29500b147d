//! The constants of the inference: one place, with what each one means.
//!
//! The numbers are those that `examples/fit.rs` prints; [`TURN`], [`NOBODY`] and [`AFTERWARDS`] name the cues in the
//! order of the arrays. `docs/CONVERSATION.md` has the equation.

/// What a cue is called, what it measures, and in the turn's cues the family by which a community may trust it.
pub type Named = (&'static str, &'static str);

/// Cues of one recent speaker c, when a is about to be heard.
pub const TURNS: usize = 22;
/// Cues of "nobody".
pub const NOBODIES: usize = 9;
/// Cues that come up in the messages after it.
pub const AFTERWARDS_CUES: usize = 15;

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
    ("came between", "1 if c spoke since a's last"),
    ("run", "1 if a goes on after their own message and c is the previous speaker"),
    ("tie", "ln(1 + what c has said to a here, halved every 34 messages)"),
    ("mutual", "how surely c's last was for a, x how surely a's last was for c"),
    ("turned away", "how surely c's last was for somebody else than a"),
    ("previous, silence", "silence, if c is the previous speaker"),
    ("my last named", "1 if a's last named or answered c by their own act"),
    ("my last, crowded", "how surely a's last was for c, x ln(1 + others among the last twenty messages)"),
    ("the one before", "1 for the last speaker before the previous one"),
    ("c's run", "ln(1 + c's messages in a row, up to their last)"),
    ("tie, both ways", "tie x ln(1 + what a has said to c here, halved every 34 messages)"),
    ("silence, came between", "silence, if c spoke since a's last"),
    ("tie, crowded", "tie x between x ln(1 + others among the last twenty messages)"),
    ("previous, custom", "-ln(1 - the share of the latest messages that reply or name), if c is the previous speaker"),
    ("named me, own silence", "named me x ln(1 + time since a's last, in usual gaps)"),
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
    ("silence", "ln(1 + time since anybody's last, in usual gaps)"),
    ("own silence, long", "the square of own silence"),
];

/// What comes up in the messages after it, in the order of [`Constants::afterwards`]; the last four are of nobody.
pub const AFTERWARDS: [Named; AFTERWARDS_CUES] = [
    ("c answers", "how surely c's next message is for a"),
    ("c for nobody", "how surely c's next message is for nobody"),
    ("c speaks soon", "c speaks again, the sooner the more"),
    ("c names a", "c names or answers a by their own act, the sooner the more"),
    ("c names another", "c names or answers somebody else before a, the sooner the more"),
    ("a goes on", "how surely a's next message is for c, the later the more"),
    ("a comes back", "how surely a's surest later message is for c, the sooner the more"),
    ("comes back, tie", "a comes back x tie: of those who talk anyhow it tells less"),
    ("names, comes back", "c names a x a comes back: one of them tells what the other does"),
    ("names, my last", "c names a x my last, crowded: it may have answered what a had said before"),
    ("soon, silence", "c speaks soon x silence: after a long silence that is no chance"),
    ("seen later", "always 1: what is seen later changes the balance"),
    ("seen", "ln(1 + messages that were seen later)"),
    ("a is named", "anybody names or answers a, the sooner the more"),
    ("custom, later", "custom: what is seen later changes the balance otherwise where people name"),
];

// The places of the cues of [`AFTERWARDS`], and of those of [`TURN`] and [`NOBODY`] that they are multiplied with.
pub const ANSWERS: usize = 0;
pub const FOR_NOBODY: usize = 1;
pub const SPEAKS_SOON: usize = 2;
pub const NAMES_AUTHOR: usize = 3;
pub const NAMES_ANOTHER: usize = 4;
pub const AUTHOR_GOES_ON: usize = 5;
pub const AUTHOR_COMES_BACK: usize = 6;
pub const COMES_BACK_TIE: usize = 7;
pub const NAMES_COMES_BACK: usize = 8;
pub const NAMES_MY_LAST: usize = 9;
pub const SOON_SILENCE: usize = 10;
pub const SEEN_LATER: usize = 11;
pub const SEEN: usize = 12;
pub const AUTHOR_IS_NAMED: usize = 13;
pub const CUSTOM_LATER: usize = 14;
pub const SILENCE: usize = 2;
pub const TIE: usize = 9;
pub const MY_LAST_CROWDED: usize = 14;
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
        -0.8952, // previous
        -1.7135, // between
        -1.1074, // silence
        0.5241,  // between, crowded
        -0.4376, // named me
        0.9589,  // turned to me
        0.6736,  // named
        -0.6684, // came between
        0.6152,  // run
        1.1635,  // tie
        -0.6818, // mutual
        -1.2833, // turned away
        0.2512,  // previous, silence
        -0.6616, // my last named
        0.5680,  // my last, crowded
        -0.1836, // the one before
        -0.5735, // c's run
        -0.4834, // tie, both ways
        0.7147,  // silence, came between
        0.1726,  // tie, crowded
        0.9821,  // previous, custom
        0.7346,  // named me, own silence
    ],
    nobody: [
        -2.1443, // nobody
        1.2135,  // run
        -0.7802, // own silence
        0.6064,  // crowd
        -0.4085, // called
        2.3020,  // custom
        0.3613,  // alone
        -0.1544, // silence
        0.1303,  // own silence, long
    ],
    afterwards: [
        -0.3669, // c answers
        0.5626,  // c for nobody
        0.1665,  // c speaks soon
        3.0697,  // c names a
        -0.6692, // c names another
        0.7425,  // a goes on
        2.0705,  // a comes back
        -1.1077, // comes back, tie
        -2.3431, // names, comes back
        -0.6691, // names, my last
        0.3924,  // soon, silence
        0.2838,  // seen later
        0.1159,  // seen
        1.0102,  // a is named
        -0.4447, // custom, later
    ],
};
