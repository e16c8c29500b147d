//! The diagram in docs/MEETUPS.md is what the code does.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use super::every_pair::{STATES, Tale, walk};

const PAGE: &str = "docs/MEETUPS.md";
/// The states in which a meetup begins, and why.
const BEGINNINGS: [(&str, &str); 2] =
    [("Proposed", "a round suggests it"), ("Polling", "somebody proposes an open evening")];

/// As Mermaid has it: each way from one state to another with the events that lead there, and the way to another poll.
fn drawn() -> String {
    let mut ways: BTreeMap<(usize, usize), BTreeSet<&str>> = BTreeMap::new();
    for tale in Tale::ALL {
        walk(tale, |seen| {
            let Some(to) = seen.to else { return };
            if to != seen.from || seen.polls_anew {
                ways.entry((seen.from, to)).or_default().insert(seen.event);
            }
        });
    }
    let mut text = String::from("stateDiagram-v2\n");
    for (state, why) in BEGINNINGS {
        writeln!(text, "    [*] --> {state}: {why}").unwrap();
    }
    for ((from, to), events) in &ways {
        let events = events.iter().map(|event| event.replace('"', "")).collect::<Vec<_>>().join(", ");
        writeln!(text, "    {} --> {}: {events}", STATES[*from].0, STATES[*to].0).unwrap();
    }
    for (index, (state, _)) in STATES.iter().enumerate() {
        if ways.keys().all(|(from, _)| *from != index) {
            writeln!(text, "    {state} --> [*]").unwrap();
        }
    }
    text
}

#[test]
fn the_diagram_in_the_docs_is_what_the_code_does() {
    let page = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(PAGE);
    let page = std::fs::read_to_string(page).unwrap();
    let block = page.split_once("```mermaid\n").and_then(|(_, rest)| rest.split_once("```")).map(|(block, _)| block);
    let drawn = drawn();
    assert!(block == Some(&drawn), "put this into {PAGE}:\n{drawn}");
}
