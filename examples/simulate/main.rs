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
use wallflower::domain::pairing::groups::Size;

const PAIRS: &str = "pairs";

fn main() -> Result<()> {
    let folder = std::env::args_os().nth(1).map(PathBuf::from);
    let chats = folder.map(|folder| Community::of_chats(&folder)).transpose()?.map(|chats| ("the chats", chats));
    let all = [
        ("60 people, 5 a round", Community::generated(60, 5, 1)),
        ("1,000 people", Community::generated(1000, usize::MAX, 1)),
    ];
    println!(
        "| community | of | rounds | reached | passed over | suggestions | repeats | too early | meetings | weight | loss |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|---|");
    for (name, community) in all.into_iter().chain(chats) {
        for (what, size) in [(PAIRS, Size::PAIRS), ("tables of 4-6", "4-6".parse::<Size>()?)] {
            let best = play(&community, Policy::WithoutWaiting, size).weight;
            for policy in [Policy::Fair, Policy::WithoutWaiting, Policy::Anew] {
                println!("{}", row((name, what), policy, &play(&community, policy, size), best));
            }
        }
    }
    Ok(())
}

/// `best` is the weight that the same rules reach where waiting adds nothing. Without rules there is nothing to lose.
fn row((name, what): (&str, &str), policy: Policy, outcome: &Outcome, best: i64) -> String {
    let rules = match policy {
        Policy::Fair => "as the bot",
        Policy::WithoutWaiting => "waiting adds nothing",
        Policy::Anew => "each anew",
    };
    // Without a memory there are no rules to lose against; whoever met or was suggested before may sit down again beside others.
    let loss = if policy == Policy::Anew { String::new() } else { format!("{:.1} %", outcome.loss(best)) };
    let too_early = if what == PAIRS { outcome.too_early.to_string() } else { String::new() };
    format!(
        "| {name} | {what} | {rules} | {} of {} ({:.1} %) | {} | {} | {} | {too_early} | {} | {} | {loss} |",
        outcome.reached,
        outcome.people,
        outcome.share_reached(),
        outcome.passed_over,
        outcome.suggestions,
        outcome.repeats,
        outcome.meetings,
        outcome.weight / 1000,
    )
}
