//! The calendar file of a meetup: when it is on, and when it is not any more.

use super::card::Attachment;
use super::one_line;
use crate::app::messenger::Letter;
use crate::domain::calendar::{Entry, Standing};
use crate::domain::meetup::{Appointment, Meetup};
use crate::domain::member::Setting;
use crate::domain::notice::Dropped;
use crate::texts::{Locale, Texts, args};

const FILE_NAME: &str = "meetup.ics";

/// The file that calendars read. The same letter gives the same bytes.
pub(super) fn invite(locale: Locale, letter: &Letter, meetup: &Meetup, on: &Appointment) -> Attachment {
    let description = Texts::plain(locale, "calendar-description");
    let unnamed = match meetup.setting {
        Setting::InPerson => String::new(),
        Setting::Call => Texts::plain(locale, "calendar-by-call"),
    };
    let location = on.place.clone().unwrap_or(unnamed);
    let entry = Entry {
        meetup: meetup.id,
        sequence: on.sequence,
        slot: on.slot,
        standing: Standing::Confirmed,
        summary: &summary(locale, letter),
        location: &location,
        description: &description,
    };
    file(&entry, letter)
}

/// The file by which calendars drop what they have.
pub(super) fn withdrawn(letter: &Letter, meetup: &Meetup, dropped: &Dropped) -> Attachment {
    let locale = super::locale_of(letter);
    let entry = Entry {
        meetup: meetup.id,
        sequence: dropped.sequence,
        slot: dropped.slot,
        standing: Standing::Cancelled,
        summary: &summary(locale, letter),
        location: "",
        description: &Texts::plain(locale, "calendar-dropped"),
    };
    file(&entry, letter)
}

fn summary(locale: Locale, letter: &Letter) -> String {
    let community = one_line(&letter.community.name);
    Texts::say(locale, "calendar-summary", &args([("community", community.into())]))
}

fn file(entry: &Entry, letter: &Letter) -> Attachment {
    Attachment { name: FILE_NAME.to_owned(), bytes: entry.to_ics(letter.id.time()).into_bytes() }
}
