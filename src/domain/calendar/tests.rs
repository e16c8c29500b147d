//! What calendars need, read back by rules of our own and by another library's parser.

mod elsewhere;

use chrono_tz::Europe::Amsterdam;
use proptest::prelude::*;

use super::*;
use crate::domain::wall_clock::tests::utc;

fn entry<'a>() -> Entry<'a> {
    Entry {
        meetup: MeetupId::new(utc("2026-06-01T10:00:00Z"), 7),
        sequence: 0,
        slot: Slot::new(utc("2026-06-04T17:00:00Z"), 60, Amsterdam).unwrap(),
        standing: Standing::Confirmed,
        summary: "Ana and Bo",
        location: "Café, de Zaak; Utrecht",
        description: "",
    }
}

fn written(entry: &Entry) -> String {
    entry.to_ics(utc("2026-06-02T08:00:00Z"))
}

/// Reads as RFC 5545 says: unfolds (3.1), splits at the colon, takes escapes back (3.3.11).
fn property(ics: &str, name: &str) -> Option<String> {
    let unfolded = ics.replace("\r\n ", "");
    let mut lines = unfolded.split("\r\n").filter_map(|line| line.split_once(':'));
    let (_, value) = lines.find(|(before, _)| before.split(';').next() == Some(name))?;
    let mut read = String::new();
    let mut letters = value.chars();
    while let Some(letter) = letters.next() {
        match (letter, letter == '\\') {
            (_, true) => match letters.next() {
                Some('n' | 'N') => read.push('\n'),
                escaped => read.extend(escaped),
            },
            (plain, false) => read.push(plain),
        }
    }
    Some(read)
}

#[test]
fn a_calendar_finds_all_it_needs() {
    let ics = written(&entry());
    let uid = format!("{}@wallflower", entry().meetup);
    for (name, value) in [
        ("VERSION", "2.0"),
        ("METHOD", "PUBLISH"),
        ("UID", uid.as_str()),
        ("SEQUENCE", "0"),
        ("DTSTAMP", "20260602T080000Z"),
        ("DTSTART", "20260604T170000Z"),
        ("DTEND", "20260604T180000Z"),
        ("STATUS", "CONFIRMED"),
        ("SUMMARY", "Ana and Bo"),
        ("LOCATION", "Café, de Zaak; Utrecht"),
    ] {
        assert_eq!(property(&ics, name).as_deref(), Some(value), "{name}");
    }
    assert_eq!(property(&ics, "DESCRIPTION"), None);
    assert!(ics.starts_with("BEGIN:VCALENDAR\r\n") && ics.ends_with("END:VCALENDAR\r\n"));
}

#[test]
fn the_same_entry_gives_the_same_bytes() {
    assert_eq!(written(&entry()), written(&entry()));
}

#[test]
fn a_change_keeps_the_uid_and_raises_the_sequence() {
    let moved = written(&Entry { sequence: 1, standing: Standing::Cancelled, ..entry() });
    assert_eq!(property(&moved, "UID"), property(&written(&entry()), "UID"));
    assert_eq!(property(&moved, "SEQUENCE").as_deref(), Some("1"));
    assert_eq!(property(&moved, "METHOD").as_deref(), Some("CANCEL"));
    assert_eq!(property(&moved, "STATUS").as_deref(), Some("CANCELLED"));
}

#[test]
fn words_cannot_break_out_of_their_line() {
    let words = "tea, cake; and\r\nEND:VEVENT\rBEGIN:VALARM\\n \u{202e}drow\u{7}";
    let ics = written(&Entry { description: words, ..entry() });
    assert_eq!(property(&ics, "DESCRIPTION").as_deref(), Some("tea, cake; and\nEND:VEVENT\nBEGIN:VALARM\\n drow"));
    assert_eq!(ics.matches("\r\nEND:VEVENT").count(), 1);
    assert_eq!(ics.matches("\r\nBEGIN:VALARM").count(), 0);
}

#[test]
fn right_to_left_words_stay_as_they_are() {
    let words = "קפה נחת, תל אביב; مقهى الفيشاوي";
    assert_eq!(property(&written(&Entry { location: words, ..entry() }), "LOCATION").as_deref(), Some(words));
}

proptest! {
    #[test]
    fn all_words_can_be_read_back(summary in any::<String>(), description in "(?s).{0,300}") {
        let ics = written(&Entry { summary: &summary, description: &description, ..entry() });
        for (name, words) in [("SUMMARY", plain(&summary)), ("DESCRIPTION", plain(&description))] {
            prop_assert_eq!(property(&ics, name).unwrap_or_default(), words);
        }
        for line in ics.split("\r\n") {
            prop_assert!(line.len() <= 75 && !line.contains(['\r', '\n']), "{line:?}");
        }
    }
}
