//! The lines of an `.ics` file: unfolded, each with its number, and of them only those that say when.

use super::{Broken, NotACalendar};

/// A calendar of a lifetime has fewer.
const MOST_EVENTS: usize = 10_000;
/// The properties of an event that are read; no other one is.
const KEPT: [&str; 10] =
    ["UID", "DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID", "STATUS", "TRANSP"];
/// What a time zone is called.
const KEPT_OF_A_ZONE: [&str; 2] = ["TZID", "X-LIC-LOCATION"];

/// An unfolded line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    pub number: usize,
    pub text: String,
}

impl Line {
    /// What stands before the first colon or semicolon, in capitals.
    pub fn name(&self) -> String {
        self.text.split([':', ';']).next().unwrap_or_default().trim().to_ascii_uppercase()
    }

    /// What stands after the first colon outside quotes.
    pub fn value(&self) -> Option<&str> {
        let mut quoted = false;
        let colon = self.text.char_indices().find(|(_, letter)| {
            quoted ^= *letter == '"';
            *letter == ':' && !quoted
        });
        colon.map(|(at, _)| self.text[at + 1..].trim())
    }
}

/// The parts of a file that are of use.
#[derive(Debug, Default)]
pub(super) struct Blocks {
    /// Each with the line at which it begins.
    pub events: Vec<(usize, Vec<Line>)>,
    pub zones: Vec<Vec<Line>>,
}

impl Blocks {
    /// Keeps a line of what is open, where it says when.
    fn keep(&mut self, inside: &str, name: &str, line: Line) {
        let (kept, block) = match inside {
            "VEVENT" => (KEPT.contains(&name), self.events.last_mut().map(|(_, lines)| lines)),
            "VTIMEZONE" => (KEPT_OF_A_ZONE.contains(&name), self.zones.last_mut()),
            _ => return,
        };
        if let Some(block) = block.filter(|_| kept) {
            block.push(line);
        }
    }
}

pub(super) fn blocks(file: &[u8]) -> Result<Blocks, NotACalendar> {
    let mut blocks = Blocks::default();
    let mut begun = false;
    let mut open: Vec<(usize, String)> = Vec::new();
    for line in unfolded(file) {
        let (name, number) = (line.name(), line.number);
        let value = line.value().ok_or(Broken::NotALine.at(number))?.to_ascii_uppercase();
        match (name.as_str(), open.last()) {
            ("BEGIN", _) if open.is_empty() && value != "VCALENDAR" => return Err(Broken::NotBegun.at(number)),
            ("BEGIN", _) => {
                match value.as_str() {
                    "VEVENT" if blocks.events.len() == MOST_EVENTS => return Err(Broken::TooMany.at(number)),
                    "VEVENT" => blocks.events.push((number, Vec::new())),
                    "VTIMEZONE" => blocks.zones.push(Vec::new()),
                    _ => {}
                }
                open.push((number, value));
            }
            (_, None) => return Err(Broken::NotBegun.at(number)),
            ("END", Some((_, begun))) if *begun == value => drop(open.pop()),
            ("END", _) => return Err(Broken::NotEnded.at(number)),
            (_, Some((_, inside))) => blocks.keep(inside, &name, line),
        }
        begun = true;
    }
    match open.first() {
        Some((number, _)) => Err(Broken::NotEnded.at(*number)),
        None if begun => Ok(blocks),
        None => Err(Broken::NotBegun.at(1)),
    }
}

/// A line that begins with a blank goes on with the one before, wherever that was cut. Bytes that are no text stand in
/// what is not read, or are found out there.
fn unfolded(file: &[u8]) -> Vec<Line> {
    let file = file.strip_prefix("\u{feff}".as_bytes()).unwrap_or(file);
    let mut all: Vec<(usize, Vec<u8>)> = Vec::new();
    for (number, line) in (1..).zip(file.split(|byte| *byte == b'\n')) {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        match (line.first(), all.last_mut()) {
            (Some(b' ' | b'\t'), Some((_, before))) => before.extend_from_slice(&line[1..]),
            (None, _) => {}
            _ => all.push((number, line.to_vec())),
        }
    }
    let line = |(number, bytes): (usize, Vec<u8>)| Line { number, text: String::from_utf8_lossy(&bytes).into_owned() };
    all.into_iter().map(line).collect()
}
