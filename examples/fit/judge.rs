//! The tables: cross-validation, other kinds of channels, what learning on line changes, and what guesses add to ties.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::Result;
use wallflower::domain::conversation::constants::{Constants, FITTED};
use wallflower::domain::conversation::{Addressees, Habits, Learned, Window};
use wallflower::domain::ids::{MessageId, UserId};

use crate::chats::{self, Chat};
use crate::score::{Judged, Score};
use crate::{MOST_NAMED, fitted};

const FOLDS: usize = 3;
/// Ranks of pairs depend on how much is looked at: as many chats as the dev folders hold.
const GROUP: usize = 10;
/// Of all messages with an answer, those that are made replies: a fifth, as on Discord.
const REPLIES: f64 = 0.2;

/// What is made of the chats, by name.
fn worlds(chats: &[Chat]) -> Vec<(&'static str, Vec<Chat>)> {
    vec![
        ("as they are", chats.to_vec()),
        ("most named", chats::naming(chats, MOST_NAMED)),
        ("nobody named", chats::nameless(chats)),
        ("ten times slower", chats::slower(chats, 10)),
        ("small (.10)", chats::thinned(chats, 0.10)),
        ("small (.10), nobody named", chats::nameless(&chats::thinned(chats, 0.10))),
        ("tiny (.03), nobody named", chats::nameless(&chats::thinned(chats, 0.03))),
        ("tiny (.03), nobody named, slower", chats::slower(&chats::nameless(&chats::thinned(chats, 0.03)), 10)),
    ]
}

pub fn all(chats: &[Chat], others: &[PathBuf]) -> Result<()> {
    println!("| chats | way | accuracy | f1 | Spearman | p@100 |\n|---|---|---|---|---|---|");
    let mut found: BTreeMap<(usize, &str), Vec<Score>> = BTreeMap::new();
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
            }
        }
    }
    let names = worlds(&[]);
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
    Ok(())
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

/// One community, one chat after the other.
fn heard(chats: &[Chat], constants: &Constants, learning: Learning, later: bool) -> Vec<Judged> {
    let mut habits = Habits::new(constants.clone(), Learned::default());
    let mut judged = Vec::new();
    for chat in chats {
        let mut window = Window::default();
        let mut told: BTreeMap<MessageId, Addressees> = BTreeMap::new();
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
        for said in &chat.messages {
            let Some(truth) = said.truth.clone() else { continue };
            let guess = &told[&said.observation.message()];
            let guess = guess.iter().map(|to| (to.user, to.weight.messages())).collect();
            judged.push(Judged { author: said.observation.author(), truth, guess });
        }
    }
    judged
}

fn previous(chats: &[Chat]) -> Vec<Judged> {
    let mut judged = Vec::new();
    for chat in chats {
        let (mut last, mut before) = (None, None);
        for said in &chat.messages {
            let author = said.observation.author();
            let guess: Option<UserId> = if last == Some(author) { before } else { last };
            if let Some(truth) = said.truth.clone() {
                judged.push(Judged { author, truth, guess: guess.map(|user| (user, 1.0)).into_iter().collect() });
            }
            if last != Some(author) {
                (before, last) = (last, Some(author));
            }
        }
    }
    judged
}
