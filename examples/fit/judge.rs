//! The tables: cross-validation, other kinds of channels, what learning on line changes, what guesses add to ties, and
//! how often a guess of some weight is right.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::Result;
use wallflower::domain::conversation::constants::{Constants, FITTED};
use wallflower::domain::conversation::{Addressee, Addressees, Habits, Learned, Window};
use wallflower::domain::ids::{MessageId, Pair, UserId};
use wallflower::domain::tie::Kind;

use crate::chats::{self, Chat, Said};
use crate::fitted;
use crate::picture;
use crate::score::{Judged, Score};

const FOLDS: usize = 3;
/// Ranks of pairs depend on how much is looked at: as many chats as the dev folders hold.
const GROUP: usize = 10;
/// Of all messages with an answer, those that are made replies: a fifth, as on Discord.
const REPLIES: f64 = 0.2;

/// What is made of the chats, by name.
fn worlds(chats: &[Chat]) -> Vec<(&'static str, Vec<Chat>)> {
    vec![
        ("as they are", chats.to_vec()),
        ("most named", chats::naming(chats)),
        ("nobody named", chats::nameless(chats)),
        ("ten times slower", chats::slower(chats, 10)),
        ("small (.10)", chats::thinned(chats, 0.10)),
        ("small (.10), nobody named", chats::nameless(&chats::thinned(chats, 0.10))),
        ("tiny (.03), nobody named", chats::nameless(&chats::thinned(chats, 0.03))),
        ("tiny (.03), nobody named, slower", chats::slower(&chats::nameless(&chats::thinned(chats, 0.03)), 10)),
    ]
}

/// Of a guess, in the table of what guesses add to ties.
const WEIGHTS: [f64; 4] = [0.0, 0.25, 0.5, 1.0];
/// Pairs with less than half a message between them are not ranked at all: thousands of crumbs would decide.
const ENOUGH: f64 = 0.5;

pub fn all(chats: &[Chat], others: &[PathBuf], picture: Option<&Path>) -> Result<()> {
    let mut found: BTreeMap<(usize, &str), Vec<Score>> = BTreeMap::new();
    let mut ties: BTreeMap<(usize, usize), Vec<Score>> = BTreeMap::new();
    let mut guesses = [Vec::new(), Vec::new()];
    for fold in 0..FOLDS {
        let outside: Vec<Chat> = (0..chats.len()).filter(|at| at % FOLDS != fold).map(|at| chats[at].clone()).collect();
        let constants = fitted(&outside);
        for (world, (_, chats)) in worlds(chats).iter().enumerate() {
            let inside: Vec<Chat> =
                (0..chats.len()).filter(|at| at % FOLDS == fold).map(|at| chats[at].clone()).collect();
            for group in inside.chunks(GROUP) {
                for (way, score) in ways(group, &constants) {
                    found.entry((world, way)).or_default().push(score);
                }
                for (weight, score) in with_guesses(group, &constants).into_iter().enumerate() {
                    ties.entry((world, weight)).or_default().push(score);
                }
                if world == 0 {
                    guesses[0].extend(heard(group, &constants, Learning::Off, false));
                    guesses[1].extend(heard(group, &constants, Learning::Off, true));
                }
            }
        }
    }
    let names = worlds(&[]);
    println!("| chats | way | accuracy | f1 | Spearman | p@100 |\n|---|---|---|---|---|---|");
    for ((world, way), scores) in &found {
        println!("| {} | {way} | {} |", names[*world].0, Score::mean(scores));
    }
    for folder in others {
        let chats = chats::read(folder)?;
        let name = folder.file_name().unwrap_or_default().to_string_lossy();
        for (kind, chats) in [("", chats.clone()), (", nobody named", chats::nameless(&chats))] {
            for (way, score) in ways(&chats, &FITTED) {
                println!("| {name}{kind} | {way} | {score} |");
            }
        }
    }
    println!("\n| chats, a fifth of the answers replies | a guess weighs | Spearman | p@100 |\n|---|---|---|---|");
    for ((world, weight), scores) in &ties {
        let Score { spearman, best, .. } = Score::mean(scores);
        println!("| {} | {} | {spearman:.4} | {best:.3} |", names[*world].0, WEIGHTS[*weight]);
    }
    picture.map_or(Ok(()), |path| picture::draw(path, &guesses))
}

/// How well pairs are ranked by all that was said, replies and names counting whole and a guess by each of [`WEIGHTS`].
fn with_guesses(chats: &[Chat], constants: &Constants) -> Vec<Score> {
    let told = told(&chats::with_replies(chats, REPLIES), constants, Learning::On, true);
    let weighing = |weight: f64| {
        let of = |to: &Addressee| to.weight.messages() * if to.kind == Kind::Turn { weight } else { 1.0 };
        let mut all = judged(chats, &told, of);
        let mut sums: BTreeMap<Option<Pair>, f64> = BTreeMap::new();
        for said in &all {
            for (user, amount) in &said.guess {
                *sums.entry(Pair::new(said.author, *user)).or_default() += amount;
            }
        }
        for said in &mut all {
            said.guess.retain(|(user, _)| sums[&Pair::new(said.author, *user)] >= ENOUGH);
        }
        Score::of(&all)
    };
    WEIGHTS.into_iter().map(weighing).collect()
}

fn ways(chats: &[Chat], constants: &Constants) -> Vec<(&'static str, Score)> {
    let replying = chats::with_replies(chats, REPLIES);
    vec![
        ("previous", Score::of(&previous(chats))),
        ("1 at once", Score::of(&heard(chats, constants, Learning::Off, false))),
        ("2 seen later", Score::of(&heard(chats, constants, Learning::Off, true))),
        ("3 seen later, learning", Score::of(&heard(chats, constants, Learning::On, true))),
        ("4 a fifth replies", Score::of(&heard(&replying, constants, Learning::Off, true))),
        ("5 a fifth replies, learning", Score::of(&heard(&replying, constants, Learning::On, true))),
    ]
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Learning {
    On,
    Off,
}

fn heard(chats: &[Chat], constants: &Constants, learning: Learning, later: bool) -> Vec<Judged> {
    judged(chats, &told(chats, constants, learning, later), |to| to.weight.messages())
}

/// Whom each message was taken to be for, in one community, one chat after the other.
fn told(chats: &[Chat], constants: &Constants, learning: Learning, later: bool) -> BTreeMap<MessageId, Addressees> {
    let mut habits = Habits::new(constants.clone(), Learned::default());
    let mut told = BTreeMap::new();
    for chat in chats {
        let mut window = Window::default();
        for said in &chat.messages {
            if learning == Learning::Off {
                habits = Habits::new(constants.clone(), Learned::default());
            }
            let heard = window.hear(&said.observation, &mut habits);
            told.insert(said.observation.message(), heard.addressees);
            told.extend(heard.settled.filter(|_| later).map(|settled| (settled.message, settled.last)));
        }
        let rest = window.settle(&habits).into_iter().filter(|_| later);
        told.extend(rest.map(|settled| (settled.message, settled.last)));
    }
    told
}

fn judged(chats: &[Chat], told: &BTreeMap<MessageId, Addressees>, weight: impl Fn(&Addressee) -> f64) -> Vec<Judged> {
    let judged = |said: &Said| {
        let guess = told[&said.observation.message()].iter().map(|to| (to.user, weight(to)));
        let by_name = !said.observation.mentions().is_empty();
        Some(Judged { author: said.observation.author(), truth: said.truth.clone()?, guess: guess.collect(), by_name })
    };
    chats.iter().flat_map(|chat| &chat.messages).filter_map(judged).collect()
}

fn previous(chats: &[Chat]) -> Vec<Judged> {
    let mut judged = Vec::new();
    for chat in chats {
        let (mut last, mut before) = (None, None);
        for said in &chat.messages {
            let author = said.observation.author();
            let guess: Option<UserId> = if last == Some(author) { before } else { last };
            if let Some(truth) = said.truth.clone() {
                judged.push(Judged {
                    author,
                    truth,
                    guess: guess.map(|user| (user, 1.0)).into_iter().collect(),
                    by_name: false,
                });
            }
            if last != Some(author) {
                (before, last) = (last, Some(author));
            }
        }
    }
    judged
}
