//! The `.ics` file of a meetup (RFC 5545, RFC 5546): what a calendar needs to show it, move it and drop it.

use std::fmt::Write;

use chrono::{DateTime, Utc};
use icalendar::{Calendar, Component, Event, EventLike, EventStatus, Property};

use super::ids::MeetupId;
use super::slot::Slot;

/// Who made the file, in the form that RFC 5545 recommends.
const PRODUCT: &str = "-//Wallflower//Wallflower//EN";
/// Octets, without the line end.
const LONGEST_LINE: usize = 75;
/// Calendars drop longer texts or show them badly.
const LONGEST_TEXT: usize = 1_000;

/// Whether a meetup shall be in calendars.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Standing {
    /// It takes place: METHOD:PUBLISH, STATUS:CONFIRMED.
    Confirmed,
    /// It was called off: METHOD:CANCEL, STATUS:CANCELLED.
    Cancelled,
}

/// What the file says of a meetup. Texts are members' own words and may hold anything; they are cut at 1,000
/// characters, and empty ones are left out.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'a> {
    pub meetup: MeetupId,
    /// 0 at first, one more with each change: calendars take the highest.
    pub sequence: u32,
    pub slot: Slot,
    pub standing: Standing,
    pub summary: &'a str,
    pub location: &'a str,
    pub description: &'a str,
}

impl Entry<'_> {
    /// The text of the `.ics` file, with lines ended by CR LF and folded at 75 octets. `made_at` is when it is written.
    pub fn to_ics(&self, made_at: DateTime<Utc>) -> String {
        let (method, _) = self.method_and_status();
        let mut calendar = calendar(&[("METHOD", method)]);
        calendar.push(self.event(made_at));
        text_of(&calendar)
    }

    fn event(&self, made_at: DateTime<Utc>) -> Event {
        let (_, status) = self.method_and_status();
        let mut event = Event::new();
        event
            .uid(&format!("{}@wallflower", self.meetup))
            .sequence(self.sequence)
            .timestamp(made_at)
            .starts(self.slot.start())
            .ends(self.slot.end())
            .status(status);
        for (name, words) in [("SUMMARY", self.summary), ("LOCATION", self.location), ("DESCRIPTION", self.description)]
        {
            let words = plain(words);
            if !words.is_empty() {
                event.append_property(Property::new(name, &words));
            }
        }
        event.done()
    }

    const fn method_and_status(&self) -> (&'static str, EventStatus) {
        match self.standing {
            Standing::Confirmed => ("PUBLISH", EventStatus::Confirmed),
            Standing::Cancelled => ("CANCEL", EventStatus::Cancelled),
        }
    }
}

/// The text of a calendar to subscribe to, with all of these. `name` is what calendars call it. How often they look again
/// is theirs to choose; an hour is what they are asked for.
pub fn feed(name: &str, entries: &[Entry], made_at: DateTime<Utc>) -> String {
    let name = plain(name);
    let mut calendar =
        calendar(&[("NAME", &name), ("X-WR-CALNAME", &name), ("REFRESH-INTERVAL;VALUE=DURATION", "PT1H")]);
    for entry in entries {
        calendar.push(entry.event(made_at));
    }
    text_of(&calendar)
}

fn calendar(properties: &[(&str, &str)]) -> Calendar {
    let mut calendar = Calendar::empty();
    for (name, value) in [("VERSION", "2.0"), ("PRODID", PRODUCT), ("CALSCALE", "GREGORIAN")].iter().chain(properties) {
        calendar.append_property(Property::new(*name, *value));
    }
    calendar
}

fn text_of(calendar: &Calendar) -> String {
    let mut text = String::new();
    // Writing to a String cannot fail.
    let _ = write!(text, "{calendar}");
    // icalendar leaves a last folded line of 76 octets, so the lines are folded again.
    text.replace("\r\n ", "").split_inclusive("\r\n").fold(String::new(), |text, line| text + &folded(line))
}

/// A content line in pieces of at most 75 octets, each but the first begun by a space (RFC 5545, 3.1).
fn folded(line: &str) -> String {
    let mut text = String::with_capacity(line.len() + line.len() / LONGEST_LINE * 3);
    let mut octets = 0;
    for letter in line.chars() {
        let breaks = letter == '\r' || letter == '\n';
        if !breaks && octets + letter.len_utf8() > LONGEST_LINE {
            text.push_str("\r\n ");
            octets = 1;
        }
        text.push(letter);
        octets += letter.len_utf8();
    }
    text
}

/// Members' words with all line ends alike and without the control characters that RFC 5545 forbids, nor those that
/// turn the reading direction of what follows: right-to-left text needs none.
fn plain(words: &str) -> String {
    let words = words.replace("\r\n", "\n").replace(['\r', '\u{2028}', '\u{2029}'], "\n");
    let kept = words.chars().filter(|letter| *letter == '\n' || !(letter.is_control() || turns_direction(*letter)));
    let cut: String = kept.take(LONGEST_TEXT).collect();
    cut.trim().to_owned()
}

const fn turns_direction(letter: char) -> bool {
    matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests;
