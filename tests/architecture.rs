//! The layout rule, read from the sources: who may know whom. What is checked is every path in the code (comments and
//! strings name whom they like), with `use` groups opened and `super` followed.
#![cfg(test)]

#[path = "architecture/paths.rs"]
mod paths;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use paths::{module_of, paths_in};

/// Which of our own modules each top-level module may name, besides itself.
const KNOWS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("clock", &[]),
    ("telemetry", &["config"]),
    ("texts", &["domain"]),
    ("export", &["domain"]),
    ("store", &["domain"]),
    ("app", &["domain", "store", "clock", "texts", "export"]),
    // The listener's sessions and marks are rows; answers show rows. What happens is decided in `app`.
    ("discord", &["app", "domain", "clock", "texts", "store", "config"]),
    ("config", &["domain"]),
    ("cli", &["domain"]),
    ("web", &["app"]),
    // With `main`, the one who wires.
    ("run", &["app", "clock", "config", "discord", "store", "telemetry", "web"]),
];

/// Single doors in those walls: (file, module, reason).
const DOORS: &[(&str, &str, &str)] =
    &[("src/app/replay", "cli", "what was typed is the request; it has no other form")];

/// Foreign crates that stop at a door: (crate, where it may be named).
const FOREIGN: &[(&str, &[&str])] = &[
    ("sqlx", &["src/store"]),
    ("serenity", &["src/discord", "src/main.rs"]),
    ("poise", &["src/discord", "src/main.rs"]),
    ("twilight_gateway", &["src/discord", "src/main.rs"]),
    ("twilight_model", &["src/discord"]),
    ("twilight_http", &["src/discord"]),
    ("axum", &["src/web.rs"]),
    ("reqwest", &["src/discord"]),
];

/// Crates of the outer world that `domain` does without, so that a test of it needs no runtime.
const NOT_IN_DOMAIN: &[&str] =
    &["tokio", "tracing", "futures_util", "async_trait", "clap", "figment", "anyhow", "rustls"];

/// Ways to read the time or to draw chance, and where: elsewhere both are arguments.
const TIME_AND_CHANCE: &[(&[&str], &[&str])] = &[
    (&["Utc", "now"], &["src/clock.rs"]),
    (&["Local", "now"], &["src/clock.rs"]),
    (&["SystemTime", "now"], &["src/clock.rs"]),
    (&["Uuid", "now_v7"], &["src/main.rs"]),
    (&["Uuid", "new_v4"], &["src/main.rs"]),
    (&["rand", "rng"], &["src/main.rs"]),
    (&["rand", "random"], &["src/main.rs", "src/run"]),
    (&["OsRng"], &["src/main.rs"]),
];

const MOST_LINES: usize = 300;
/// Stories stand one after the other and are read one at a time.
const MOST_LINES_OF_STORIES: usize = 500;
/// An excuse goes once its file is this much below the limit: not each time a line goes.
const CLEARLY_SHORT: usize = 240;
/// Files that are longer, and why that reads better than two files.
const LONG_FILES: &[(&str, &str)] = &[
    ("src/app/meetups.rs", "the one door for all that happens to a meetup"),
    ("src/app/watch/state.rs", "all that the next flush adds, under one lock"),
    ("src/discord/custom_id.rs", "one type, its text and its round trip"),
    ("src/discord/inbound.rs", "every foreign event has one function that turns it into ours"),
    ("src/domain/ids.rs", "one macro each for Discord's ids and ours, with the pair"),
    ("src/domain/meetup/mod.rs", "the whole aggregate at one look; what it does stands in its own files"),
    ("src/domain/tie.rs", "amounts, weeks, counts and strength only make sense together"),
    ("src/store/communities.rs", "the rows of a community and its programme, read and written"),
    ("src/store/meetups.rs", "the rows of one aggregate, read and written"),
    ("src/store/members.rs", "the root of all personal rows, read and written"),
    ("tests/fake-discord/tests/rest.rs", "one story for each thing that REST promises"),
    ("tests/fake-discord/src/people/interacting.rs", "each act stands beside the form of it that may fail"),
    ("tests/fake-discord/src/world/messages.rs", "what a message goes through, from draft to deletion"),
];

#[test]
fn each_module_names_only_those_that_it_may_know() {
    let wrong = over_sources("src", |file, path| {
        let (house, target) = (module_of(file).first()?.clone(), path.inside()?);
        stranger(&house, target, file).then(|| format!("`{house}` names `{target}`"))
    });
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn foreign_crates_stop_at_the_door() {
    let wrong = over_sources("src", |file, path| {
        let first = path.outside()?;
        let doors = FOREIGN.iter().find(|(name, _)| *name == first).map(|(_, doors)| *doors);
        let from_domain = lies_in(file, "src/domain") && NOT_IN_DOMAIN.contains(&first);
        let shut = doors.is_some_and(|doors| !doors.iter().any(|door| lies_in(file, door)));
        (shut || from_domain).then(|| format!("`{first}` is named"))
    });
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn time_and_chance_come_in_as_arguments() {
    let wrong = over_sources("src", |file, path| {
        let (source, _) = TIME_AND_CHANCE
            .iter()
            .find(|(source, allowed)| path.ends_with(source) && !allowed.iter().any(|door| lies_in(file, door)))?;
        Some(format!("`{}` is called", source.join("::")))
    });
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn a_long_file_has_a_reason() {
    let all: Vec<_> = ["src", "tests"].into_iter().flat_map(sources).map(|file| (lines(&file), file)).collect();
    let excused = |file: &Path| LONG_FILES.iter().any(|(name, _)| Path::new(name) == file);
    let too_long: Vec<_> = all.iter().filter(|(lines, file)| *lines > most_lines(file) && !excused(file)).collect();
    assert!(too_long.is_empty(), "split these, or give a reason here: {too_long:?}");
    let needed = |name: &str| all.iter().any(|(lines, file)| file == Path::new(name) && *lines > CLEARLY_SHORT);
    let needless: Vec<_> = LONG_FILES.iter().filter(|(name, _)| !needed(name)).collect();
    assert!(needless.is_empty(), "short again or gone, so their excuse can go: {needless:?}");
}

#[test]
fn every_top_level_module_has_its_place_in_the_rule() {
    let top: BTreeSet<_> = sources("src").iter().filter_map(|file| module_of(file).first().cloned()).collect();
    let unplaced: Vec<_> = top.iter().filter(|name| KNOWS.iter().all(|(house, _)| house != name)).collect();
    assert!(unplaced.is_empty(), "say in KNOWS whom these may know: {unplaced:?}");
}

#[test]
fn every_dependency_says_what_it_is_for() {
    let reasons = fs::read_to_string(root().join("CONTRIBUTING.md")).unwrap();
    let mut silent = Vec::new();
    for manifest in ["Cargo.toml", "tests/fake-discord/Cargo.toml"] {
        let manifest: toml::Table = fs::read_to_string(root().join(manifest)).unwrap().parse().unwrap();
        for section in ["dependencies", "dev-dependencies"] {
            let names = manifest[section].as_table().unwrap().keys();
            silent.extend(names.filter(|name| *name != "fake-discord" && !has_reason(&reasons, name)).cloned());
        }
    }
    assert_eq!(silent, Vec::<String>::new(), "give each a line in CONTRIBUTING.md");
}

/// Whether a row of a table names this crate in its first column.
fn has_reason(table: &str, wanted: &str) -> bool {
    let firsts = table.lines().filter_map(|line| line.strip_prefix("| ")?.split(" | ").next());
    firsts.into_iter().any(|first| first.split(", ").any(|named| named.trim_matches('`') == wanted))
}

/// Whether `house`, in this file, may not name our own module `target`.
fn stranger(house: &str, target: &str, file: &Path) -> bool {
    let rule = |name: &str| KNOWS.iter().find(|(other, _)| *other == name).map(|(_, knows)| *knows);
    let (Some(knows), Some(_)) = (rule(house), rule(target)) else { return false };
    let door = DOORS.iter().any(|(place, through, _)| lies_in(file, place) && *through == target);
    house != target && !knows.contains(&target) && !door
}

/// Complaints about the paths of all files below `folder`, with file and path.
fn over_sources(folder: &str, complaint: impl Fn(&Path, &paths::Path) -> Option<String>) -> Vec<String> {
    let mut complaints = BTreeSet::new();
    for file in sources(folder) {
        let text = fs::read_to_string(root().join(&file)).unwrap();
        for path in paths_in(&text, &module_of(&file)) {
            complaints.extend(complaint(&file, &path).map(|what| format!("{}: {what} by {path}", file.display())));
        }
    }
    complaints.into_iter().collect()
}

/// All Rust files below a folder of the project, relative to its root.
fn sources(folder: &str) -> Vec<PathBuf> {
    let (mut folders, mut files) = (vec![PathBuf::from(folder)], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(root().join(&folder)).unwrap() {
            let entry = entry.unwrap();
            let path = folder.join(entry.file_name());
            if entry.file_type().unwrap().is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }
    files.sort();
    assert!(!files.is_empty(), "no sources below {folder}");
    files
}

fn most_lines(file: &Path) -> usize {
    let is_test = file.file_stem().is_some_and(|stem| stem.to_string_lossy().ends_with("tests"));
    let of_stories = is_test || file.starts_with("tests") && !file.starts_with("tests/fake-discord/src");
    if of_stories { MOST_LINES_OF_STORIES } else { MOST_LINES }
}

fn lines(file: &Path) -> usize {
    fs::read_to_string(root().join(file)).unwrap().lines().count()
}

/// Whether `file` is `place`, lies below it, or is the file of that module (`src/app/replay.rs` for `src/app/replay`).
fn lies_in(file: &Path, place: &str) -> bool {
    file.starts_with(place) || file.with_extension("") == Path::new(place)
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[cfg(test)]
mod the_rule_can_be_broken {
    use super::*;

    #[test]
    fn by_naming_a_stranger() {
        let file = Path::new("src/domain/tie.rs");
        let strangers: Vec<_> = paths_in("use crate::{app::Wallflower, domain::ids};", &module_of(file))
            .iter()
            .filter_map(|path| path.inside().map(str::to_owned))
            .filter(|target| stranger("domain", target, file))
            .collect();
        assert_eq!(strangers, ["app"]);
    }

    #[test]
    fn by_growing_long() {
        assert_eq!(most_lines(Path::new("src/app/watch.rs")), MOST_LINES);
        assert_eq!(most_lines(Path::new("tests/fake-discord/src/lib.rs")), MOST_LINES);
        assert_eq!(most_lines(Path::new("src/app/watch/tests.rs")), MOST_LINES_OF_STORIES);
        assert_eq!(most_lines(Path::new("tests/stories/kills.rs")), MOST_LINES_OF_STORIES);
    }

    #[test]
    fn by_a_dependency_without_a_reason() {
        let table = "| crate | why |\n| `hmac`, `sha2` | keyed hashes, unlike `md5` |";
        assert!(has_reason(table, "sha2"));
        assert!(!has_reason(table, "md5") && !has_reason(table, "sha"));
    }

    #[test]
    fn but_not_through_a_door() {
        assert!(!stranger("app", "cli", Path::new("src/app/replay.rs")));
        assert!(!stranger("app", "cli", Path::new("src/app/replay/fold.rs")));
        assert!(stranger("app", "cli", Path::new("src/app/round.rs")));
    }
}
