//! What half a year of rounds comes to: who gets a turn, who is repeated, and what fairness costs.
//!
//! `cargo run --release --example simulate -- [FOLDER]` plays 26 weekly rounds over generated communities and, where a folder of
//! exported chats is given, over the ties in it. Each one who is asked says yes by a throw of dice; the same seed gives the same
//! table. docs/PAIRING.md shows it and says what the columns mean.

mod communities;
mod rounds;

use std::path::PathBuf;

use anyhow::Result;

use communities::Community;
use rounds::{Outcome, Policy, play};

fn main() -> Result<()> {
    let folder = std::env::args_os().nth(1).map(PathBuf::from);
    let chats = folder.map(|folder| Community::of_chats(&folder)).transpose()?.map(|chats| ("the chats", chats));
    let all = [
        ("60 people, 5 pairs", Community::generated(60, 5, 1)),
        ("1,000 people", Community::generated(1000, usize::MAX, 1)),
    ];
    println!(
        "| community | rounds | reached | passed over | suggestions | repeats | too early | meetings | weight | loss |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|");
    for (name, community) in all.into_iter().chain(chats) {
        let best = play(&community, Policy::WithoutWaiting).weight;
        for policy in [Policy::Fair, Policy::WithoutWaiting, Policy::Anew] {
            println!("{}", row(name, policy, &play(&community, policy), best));
        }
    }
    Ok(())
}

/// `best` is the weight that the same rules reach where waiting adds nothing.
fn row(name: &str, policy: Policy, outcome: &Outcome, best: i64) -> String {
    let policy = match policy {
        Policy::Fair => "as the bot",
        Policy::WithoutWaiting => "waiting adds nothing",
        Policy::Anew => "each anew",
    };
    format!(
        "| {name} | {policy} | {} of {} ({:.1} %) | {} | {} | {} | {} | {} | {} | {:.1} % |",
        outcome.reached,
        outcome.people,
        outcome.share_reached(),
        outcome.passed_over,
        outcome.suggestions,
        outcome.repeats,
        outcome.too_early,
        outcome.meetings,
        outcome.weight / 1000,
        outcome.loss(best),
    )
}
