//! Fits the constants of `src/domain/conversation/constants.rs` on chats with the truth, and shows how they do.
//!
//! `cargo run --release --example fit -- FOLDER` prints the constants as they stand in the code;
//! `… -- FOLDER --judge [OTHER…]` prints the tables of docs/CONVERSATION.md instead: three-fold cross-validation over the
//! channels of FOLDER and over what is made of them, and the committed constants on the other folders. With
//! `--picture FILE.svg` it also draws how often guesses of some weight were right.

mod chats;
mod judge;
mod logit;
mod picture;
mod score;

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use wallflower::domain::conversation::constants::{
    AFTERWARDS, AFTERWARDS_CUES, Constants, NOBODIES, NOBODY, Named, TURN, TURNS,
};
use wallflower::domain::conversation::{Habits, Learned, Trace, Window};

use chats::Chat;
use logit::Choices;

/// The guesses are fed back, so the cues depend on the constants: fitting is repeated until they hardly move.
const ROUNDS: usize = 4;
/// And so do those of what comes up afterwards, on what was settled before.
const AFTERWARDS_ROUNDS: usize = 3;
/// The share of people that small channels are made of, for fitting: there the previous speaker is right as often as on
/// the Discord servers that we know figures of.
const SMALL: f64 = 0.10;

fn main() -> Result<()> {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let picture = arguments.iter().position(|argument| argument == "--picture");
    let picture = picture.map(|at| arguments.drain(at..).nth(1).map(PathBuf::from).context("--picture needs a file"));
    let picture = picture.transpose()?;
    let judging = arguments.iter().position(|argument| argument == "--judge").map(|at| arguments.remove(at)).is_some();
    let folders: Vec<PathBuf> = arguments.into_iter().map(PathBuf::from).collect();
    let Some((first, others)) = folders.split_first() else { bail!("which folder of chats with truth.csv?") };
    let chats = chats::read(first)?;
    if judging {
        return judge::all(&chats, others, picture.as_deref());
    }
    print(&fitted(&chats));
    Ok(())
}

/// The constants are fitted on the chats as they are, as small channels where nobody is named, and as channels where most
/// are named. The names of the last are made of the truth; what they teach of what is said later was seen to hold on real names too.
fn fitted(chats: &[Chat]) -> Constants {
    let small = chats::nameless(&chats::thinned(chats, SMALL));
    let named = chats::naming(chats);
    let all: Vec<Chat> = chats.iter().cloned().chain(small).chain(named).collect();
    let mut constants = Constants::START;
    for _ in 0..ROUNDS {
        let mut choices = Choices::of(TURNS + NOBODIES);
        each(&all, &constants, |trace, right| at_once(&mut choices, trace, right));
        let start: Vec<f64> = constants.turn.iter().chain(&constants.nobody).map(|weight| f64::from(*weight)).collect();
        let weights = narrow(&choices.fit(&start));
        constants.turn.copy_from_slice(&weights[..TURNS]);
        constants.nobody.copy_from_slice(&weights[TURNS..]);
    }
    for _ in 0..AFTERWARDS_ROUNDS {
        let mut choices = Choices::of(AFTERWARDS_CUES);
        each(&all, &constants, |trace, right| later(&mut choices, &constants, trace, right));
        let start = constants.afterwards.map(f64::from);
        constants.afterwards.copy_from_slice(&narrow(&choices.fit(&start)));
    }
    constants
}

#[expect(clippy::cast_possible_truncation, reason = "constants have seven digits")]
fn narrow(weights: &[f64]) -> Vec<f32> {
    weights.iter().map(|weight| *weight as f32).collect()
}

/// Every judged guess, with the bits of those alternatives that are right. Nothing is learned on the way.
fn each(chats: &[Chat], constants: &Constants, mut take: impl FnMut(&Trace, u32)) {
    let habits = Habits::new(constants.clone(), Learned::default());
    for chat in chats {
        let mut window = Window::keeping_traces();
        for said in &chat.messages {
            window.hear(&said.observation, &mut habits.clone());
        }
        window.settle(&habits);
        let truths = chat.messages.iter().filter_map(|said| Some((said.observation.message(), said.truth.as_ref()?)));
        let truths: std::collections::HashMap<_, _> = truths.collect();
        for trace in window.take_traces() {
            let Some(truth) = truths.get(&trace.message) else { continue };
            let is_right = |place: usize| truth.contains(&trace.users[place]);
            let right = trace.cues.candidates().map(is_right).chain([truth.is_empty()]).enumerate();
            let right = right.filter(|(_, is_right)| *is_right).fold(0, |bits, (place, _)| bits | 1 << place);
            if right != 0 {
                take(&trace, right);
            }
        }
    }
}

fn at_once(choices: &mut Choices, trace: &Trace, right: u32) {
    for place in trace.cues.candidates() {
        choices.alternative(0.0, trace.cues.of(place).into_iter().chain([0.0; NOBODIES]));
    }
    choices.alternative(0.0, [0.0; TURNS].into_iter().chain(*trace.cues.nobody()));
    choices.close(right);
}

/// The scores from before are given, and what comes up later is added.
fn later(choices: &mut Choices, constants: &Constants, trace: &Trace, right: u32) {
    for place in trace.again.candidates() {
        choices.alternative(dot(&constants.turn, &trace.again.of(place)), trace.afterwards.places[place]);
    }
    choices.alternative(dot(&constants.nobody, trace.again.nobody()), trace.afterwards.nobody);
    choices.close(right);
}

fn dot(weights: &[f32], cues: &[f32]) -> f32 {
    weights.iter().zip(cues).map(|(weight, cue)| weight * cue).sum()
}

fn print(constants: &Constants) {
    println!("pub const FITTED: Constants = Constants {{");
    print_part("turn", &constants.turn, &TURN);
    print_part("nobody", &constants.nobody, &NOBODY);
    print_part("afterwards", &constants.afterwards, &AFTERWARDS);
    println!("}};");
}

fn print_part(name: &str, weights: &[f32], cues: &[Named]) {
    println!("    {name}: [");
    for (weight, (cue, _)) in weights.iter().zip(cues) {
        println!("        {weight:.4}, // {cue}");
    }
    println!("    ],");
}
