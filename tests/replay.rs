//! `wallflower replay` through the real program, on exports written for it and, where a folder of them is named, on real
//! chats.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop there")]

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;
use serde_json::Value;
use wallflower::export::{self, Broken, ExportFile};

fn exports(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/exports").join(name)
}

fn wallflower() -> Command {
    Command::new(env!("CARGO_BIN_EXE_wallflower"))
}

fn replay(path: &Path, more: &[&str]) -> Output {
    wallflower().arg("replay").arg(path).args(more).output().unwrap()
}

fn replay_json(path: &Path, more: &[&str]) -> Value {
    let output = replay(path, &[&["--json"], more].concat());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The program refuses: exit code 1, nothing printed, and this on standard error.
fn refused(path: &Path, more: &[&str]) -> String {
    let output = replay(path, more);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(output.stdout.is_empty() && !said.contains("panicked"), "{said}");
    said
}

fn tie<'a>(report: &'a Value, a: &str, b: &str) -> &'a Value {
    let ties = report["ties"].as_array().unwrap();
    ties.iter().find(|tie| tie["a"] == a && tie["b"] == b).unwrap_or(&Value::Null)
}

#[test]
fn a_full_export_counts_people_only_and_each_message_once() {
    let report = replay_json(&exports("community"), &[]);
    let figures: Vec<&Value> =
        ["messages", "channels", "threads", "people", "communities"].map(|name| &report[name]).into();
    // 24 in #tea, 7 of them by no person or of a system type; 4 in the thread, a call among them; 3 in #trains.
    assert_eq!(figures, [17 + 3 + 3, 3, 1, 4, 1]);
    assert_eq!((&report["unknown_replies"], &report["reactions"]), (&1.into(), &2.into()));
    assert_eq!(report["nameless_reactions"], 6, "what names nobody is said to be ignored");
    assert_eq!(report["now"], report["last"]);
}

#[test]
fn replies_and_reactions_make_ties_and_ties_make_suggestions_with_reasons() {
    let report = replay_json(&exports("community"), &[]);
    let strongest = tie(&report, "1001", "1002");
    assert_eq!(report["ties"][0], *strongest);
    // One each in the first week, four each in the second.
    assert_eq!((&strongest["replies"], &strongest["weeks"]), (&10.into(), &2.into()));
    assert_eq!(strongest["reactions"], 1, "two emoji of one person under one message are one reaction");
    let suggestion = &report["suggestions"][0];
    assert_eq!(suggestion["members"], serde_json::json!(["1001", "1002"]));
    assert_eq!(suggestion["reasons"][0]["words"], "10 replies to each other, in 2 weeks");
    let threads_follow = tie(&report, "1003", "1004");
    assert_eq!((&threads_follow["replies"], &threads_follow["threads"]), (&4.into(), &1.into()));
}

/// An export in which each of four answers the next one three times and is answered as often, all within one week.
fn a_ring_of_four() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mut chat: Value = serde_json::from_slice(&fs::read(exports("community/tea.json")).unwrap()).unwrap();
    let model = chat["messages"][0].clone();
    let mut said: Vec<Value> = Vec::new();
    for (one, other) in [(1, 2), (2, 3), (3, 4), (4, 1)].repeat(3) {
        for (from, answers) in [(one, None), (other, Some(())), (one, Some(()))] {
            let number = said.len();
            let mut message = model.clone();
            message["id"] = (2_000_000 + number).to_string().into();
            message["timestamp"] = format!("2025-11-04T{:02}:{:02}:00+00:00", 8 + number / 10, number % 10).into();
            message["author"]["id"] = (9000 + from).to_string().into();
            for name in ["name", "nickname"] {
                message["author"][name] = format!("P{from}").into();
            }
            message["mentions"] = serde_json::json!([]);
            message["type"] = "Default".into();
            if answers.is_some() {
                message["type"] = "Reply".into();
                message["reference"] = serde_json::json!({ "messageId": said[number - 1]["id"] });
            }
            said.push(message);
        }
    }
    chat["messages"] = said.into();
    fs::write(folder.path().join("ring.json"), chat.to_string()).unwrap();
    folder
}

#[test]
fn groups_are_printed_with_their_reasons_and_sizes_that_are_none_are_refused() {
    let report = replay_json(&exports("community"), &["--groups", "2-4"]);
    assert_eq!((&report["groups"], &report["left_over"]), (&"2-4".into(), &0.into()));
    let tables = report["suggestions"].as_array().unwrap();
    let seated: Vec<&Value> = tables.iter().flat_map(|table| table["members"].as_array().unwrap()).collect();
    assert!(
        seated.len() >= 2 && tables.iter().all(|table| !table["reasons"].as_array().unwrap().is_empty()),
        "{report}"
    );
    for table in tables {
        let inside: f64 = table["ties"].as_array().unwrap().iter().filter_map(|tie| tie["weight"].as_f64()).sum();
        assert!((inside - table["weight"].as_f64().unwrap()).abs() < 1e-6, "{table}");
    }
    let ring = a_ring_of_four();
    let shown = replay(ring.path(), &["--groups", "4"]);
    let printed = String::from_utf8_lossy(&shown.stdout);
    assert!(shown.status.success(), "{printed}");
    for words in [
        "P1, P2, P3 and P4",
        "4 of the 6 pairs in this group talk with each other",
        "24 replies to each other in this group",
        "5.1: P2 and P3 1.3; P3 and P4 1.3; P1 and P2 1.3; P1 and P4 1.3",
    ] {
        assert!(printed.contains(words), "\"{words}\" is missing in:\n{printed}");
    }
    for size in ["1", "9", "6-4", "many", "4-"] {
        let refused = replay(&exports("community"), &["--groups", size]);
        let said = String::from_utf8_lossy(&refused.stderr);
        assert!(!refused.status.success() && refused.stdout.is_empty());
        assert!(said.contains("--groups") && said.contains("write 3 or 4-6"), "{size}: {said}");
    }
}

#[test]
fn nobody_is_tied_to_a_bot_a_webhook_or_the_deleted() {
    let report = replay_json(&exports("community"), &[]);
    let talkers = report["talkers"].as_array().unwrap();
    let mut people: Vec<&str> = talkers.iter().filter_map(|talker| talker["id"].as_str()).collect();
    people.sort_unstable();
    assert_eq!(people, ["1001", "1002", "1003", "1004"]);
    for tie in report["ties"].as_array().unwrap() {
        assert!([&tie["a"], &tie["b"]].iter().all(|id| people.contains(&id.as_str().unwrap())), "{tie}");
    }
}

#[test]
fn text_never_leaves_the_file_and_names_cannot_steer_a_terminal() {
    for more in [&[][..], &["--json"]] {
        let output = replay(&exports("community"), more);
        let shown = String::from_utf8(output.stdout).unwrap();
        assert!(shown.contains("Ana") && shown.contains("Dée 🌼"), "{shown}");
        assert!(!shown.contains("zebra") && !shown.contains('\u{1b}') && !shown.contains('\u{202e}'), "{shown}");
    }
}

#[test]
fn addressees_are_written_per_message_with_weights_up_to_one() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("addressees.csv");
    replay_json(&exports("community"), &["--addressees", target.to_str().unwrap()]);
    let text = fs::read_to_string(&target).unwrap();
    let mut rows = text.lines();
    assert_eq!(rows.next(), Some("message_id,addressee_id,weight"));
    let mut sums: BTreeMap<&str, f64> = BTreeMap::new();
    for row in rows {
        let cells: Vec<&str> = row.split(',').collect();
        assert!(["1001", "1002", "1003", "1004"].contains(&cells[1]), "{row}");
        *sums.entry(cells[0]).or_default() += cells[2].parse::<f64>().unwrap();
    }
    assert!(sums.len() > 15 && sums.values().all(|sum| *sum <= 1.0 + 1e-9));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");
}

#[test]
fn a_run_that_fails_leaves_no_half_written_addressees() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("addressees.csv");
    refused(&exports("one-bad-message.json"), &["--addressees", target.to_str().unwrap()]);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn the_same_messages_in_two_files_count_once() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["a.json", "b.json"] {
        fs::copy(exports("community/tea.json"), folder.path().join(name)).unwrap();
    }
    let (once, twice) = (replay_json(&exports("community/tea.json"), &[]), replay_json(folder.path(), &[]));
    assert_eq!(twice["ties"], once["ties"]);
    assert_eq!((&twice["messages"], &twice["repeats"]), (&once["messages"], &once["messages"]));
}

#[test]
fn an_export_from_the_newest_to_the_oldest_is_counted_whole_and_said_to_be_backwards() {
    let folder = tempfile::tempdir().unwrap();
    let mut chat: Value = serde_json::from_slice(&fs::read(exports("community/tea.json")).unwrap()).unwrap();
    chat["messages"].as_array_mut().unwrap().reverse();
    fs::write(folder.path().join("tea.json"), chat.to_string()).unwrap();
    let report = replay_json(folder.path(), &[]);
    assert_eq!((&report["messages"], &report["backwards"]), (&17.into(), &16.into()));
}

#[test]
fn weeks_and_half_life_and_now_decide_what_still_counts() {
    let folder = exports("community");
    let strength = |more: &[&str]| tie(&replay_json(&folder, more), "1001", "1002")["strength"].as_f64().unwrap_or(0.0);
    let all = strength(&[]);
    assert!(strength(&["--weeks", "1"]) < all);
    assert!(strength(&["--half-life", "7", "--now", "2026-11-23T00:00:00Z"]) < all / 100.0);
    assert!((strength(&["--now", "2026-11-23T00:00:00+02:00"]) - all).abs() < 1e-9, "nothing fades unasked");
    assert_eq!(replay_json(&folder, &["--top", "1"])["ties"].as_array().unwrap().len(), 1);
}

#[test]
fn one_bad_message_is_named_and_skipped_alone() {
    let said = refused(&exports("one-bad-message.json"), &[]);
    assert!(
        said.contains("one-bad-message.json, message 1434156856770560000 (number 2)") && said.contains("author"),
        "{said}"
    );
    assert!(said.contains("--skip-bad"), "{said}");
    let report = replay_json(&exports("one-bad-message.json"), &["--skip-bad"]);
    assert_eq!((&report["messages"], &report["skipped"]["messages"]), (&2.into(), &2.into()));
}

#[test]
fn broken_input_is_named_with_reason_and_remedy() {
    let folder = tempfile::tempdir().unwrap();
    let good = fs::read(exports("community/tea.json")).unwrap();
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    packed.write_all(&good).unwrap();
    let packed = packed.finish().unwrap();
    let latin1: Vec<u8> = String::from_utf8_lossy(&good).replace("zebra", "zébra").chars().map(|c| c as u8).collect();
    let cases: [(&str, &[u8], &str); 9] = [
        ("cut.json.gz", &packed[..packed.len() / 2], "Export this channel again"),
        ("cut.json", &good[..good.len() / 2], "ends in the middle"),
        ("empty.json", b"", "ends in the middle"),
        ("words.json", b"{\"guild\": nonsense}", "line 1, column"),
        ("list.json", b"[1, 2]", "is no exported chat"),
        ("other.json", b"{\"name\": \"left-pad\"}", "no \"messages\""),
        ("late.json", b"{\"messages\": []}", "must stand before"),
        ("latin1.json", &latin1, "is no JSON"),
        ("dm.json", b"{\"guild\":{\"id\":\"0\"},\"channel\":{\"id\":\"5\"},\"messages\":[]}", "direct messages"),
    ];
    for (name, bytes, expected) in cases {
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        let said = refused(&path, &[]);
        assert!(said.contains(name) && said.contains(expected), "{name}: {said}");
    }
    fs::copy(exports("community/trains.json"), folder.path().join("trains.json")).unwrap();
    let report = replay_json(folder.path(), &["--skip-bad"]);
    assert_eq!(report["skipped"]["files"], 9);
    assert!(report["messages"].as_u64().unwrap() > 3, "what came before the break is kept");
}

#[test]
fn a_message_that_would_fill_the_memory_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bomb.json.gz");
    let mut packed = GzEncoder::new(fs::File::create(&path).unwrap(), Compression::fast());
    packed.write_all(br#"{"guild":{"id":"1"},"channel":{"id":"2"},"messages":[{"content":""#).unwrap();
    for _ in 0..70 {
        packed.write_all(&vec![b'a'; 1024 * 1024]).unwrap();
    }
    packed.finish().unwrap();
    assert!(refused(&path, &[]).contains("longer than 64 MiB"));
}

#[test]
fn paths_that_lead_nowhere_are_named() {
    let folder = tempfile::tempdir().unwrap();
    assert!(refused(&folder.path().join("nowhere"), &[]).contains("nowhere"));
    assert!(refused(folder.path(), &[]).contains("no .json"));
    fs::write(folder.path().join("notes.txt"), "hello").unwrap();
    assert!(refused(folder.path(), &["--skip-bad"]).contains("no .json"));
    let good = exports("community");
    assert!(refused(&good, &[folder.path().to_str().unwrap()]).contains("no .json"), "beside a good path too");
    let report = replay_json(&good, &[folder.path().to_str().unwrap(), "--skip-bad"]);
    assert_eq!((&report["messages"], &report["skipped"]["files"]), (&23.into(), &1.into()));
}

#[test]
fn packed_files_with_a_byte_order_mark_in_nested_folders_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let nested = folder.path().join("2025/11");
    fs::create_dir_all(&nested).unwrap();
    let mut packed = GzEncoder::new(fs::File::create(nested.join("trains.JSON.GZ")).unwrap(), Compression::fast());
    packed.write_all(b"\xef\xbb\xbf").unwrap();
    packed.write_all(&fs::read(exports("community/trains.json")).unwrap()).unwrap();
    packed.finish().unwrap();
    assert_eq!(replay_json(folder.path(), &[])["messages"], 3);
}

#[test]
fn a_reader_who_leaves_early_is_no_error() {
    for arguments in [&["replay", "tests/exports/community", "--json"][..], &["completions", "bash"]] {
        let mut child = wallflower()
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let mut said = String::new();
        child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        assert_eq!((child.wait().unwrap().code(), said.as_str()), (Some(0), ""));
    }
}

/// Reads an export from bytes, as far as it goes.
fn read_bytes(bytes: &[u8]) -> Result<u64, Broken> {
    let mut stored = tempfile::NamedTempFile::new().unwrap();
    stored.write_all(bytes).unwrap();
    let file = ExportFile { path: stored.path().to_owned(), bytes: bytes.len() as u64 };
    let mut messages = 0;
    export::read(&file, &|_| (), &mut |entry| {
        messages += u64::from(matches!(entry, export::Entry::Message(_)));
        Ok::<(), Broken>(())
    })?;
    Ok(messages)
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = read_bytes(&bytes);
    }

    #[test]
    fn no_change_to_an_export_makes_it_panic(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        cut in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let mut bytes = fs::read(exports("community/tea.json")).unwrap();
        for (place, byte) in changes {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        if let Err(broken) = read_bytes(&bytes) {
            prop_assert!(broken.to_string().chars().all(|c| !c.is_control()), "{broken}");
        }
    }
}

/// A folder of exported chats that people really had, as `shared/data` holds them.
const CHATS: &str = "WALLFLOWER_TEST_CHATS";

#[test]
#[ignore = "needs real chats: set WALLFLOWER_TEST_CHATS to the folder that holds irc/dev"]
fn real_chats_are_read_whole() {
    let chats = std::env::var(CHATS).unwrap_or_else(|_| panic!("{CHATS} is not set"));
    let report = replay_json(&Path::new(&chats).join("irc/dev"), &[]);
    assert_eq!((&report["messages"], &report["channels"]), (&11_644.into(), &10.into()));
    assert!(report["ties"].as_array().unwrap().len() > 100 && report["suggestions"].as_array().unwrap().len() > 20);
}
