//! The contract of the store: every one of its functions, on both engines.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop there")]

#[path = "../support/mod.rs"]
#[macro_use]
mod support;
#[path = "../support/tables.rs"]
mod tables;

mod communities;
mod company;
mod departure;
mod erased;
mod export;
mod feeds;
mod home;
mod keys;
mod ledger;
mod listening;
mod meetups;
mod members;
mod notices;
mod pasts;
mod places;
mod rounds;
mod sequels;
mod trips;

use std::collections::BTreeSet;
use std::path::Path;

/// All Rust sources of a folder of this package, as one text.
fn sources(folder: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files
        .filter(|path| path.extension().is_some_and(|end| end == "rs"))
        .map(|path| std::fs::read_to_string(path).unwrap())
        .collect()
}

/// The names of the async functions of `impl Store` in a source, by its text alone.
fn functions_of_store(source: &str) -> BTreeSet<&str> {
    let mut names = BTreeSet::new();
    let mut inside = false;
    for line in source.lines() {
        match line {
            "impl Store {" => inside = true,
            "}" => inside = false,
            _ => {}
        }
        if let Some((name, _)) =
            line.strip_prefix("    pub async fn ").filter(|_| inside).and_then(|rest| rest.split_once('('))
        {
            names.insert(name);
        }
    }
    names
}

#[test]
fn no_store_function_is_left_out() {
    let (store, stories) = (sources("src/store"), sources("tests/store") + &sources("tests/support"));
    let functions = functions_of_store(&store);
    assert!(functions.len() > 40, "the store's sources are read wrongly: {functions:?}");
    let called = |name: &&&str| stories.contains(&format!(".{name}(")) || stories.contains(&format!("Store::{name}("));
    let left_out: Vec<_> = functions.iter().filter(|name| !called(name)).collect();
    assert!(left_out.is_empty(), "no test in tests/store calls {left_out:?}");
}
