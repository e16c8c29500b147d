//! The calendar file of a meetup: when it is on, and when it is not any more.

use super::card::Attachment;
use crate::app::feeds::CalendarWords;
use crate::app::messenger::Letter;
use crate::domain::calendar::Entry;
use crate::domain::meetup::{Appointment, Meetup};
use crate::domain::notice::Dropped;

const FILE_NAME: &str = "meetup.ics";

/// The file that calendars read. The same letter gives the same bytes.
pub(super) fn invite(letter: &Letter, meetup: &Meetup, on: &Appointment) -> Attachment {
    file(&CalendarWords::of(&letter.community).entry(meetup, on), letter)
}

/// The file by which calendars drop what they have.
pub(super) fn withdrawn(letter: &Letter, meetup: &Meetup, dropped: &Dropped) -> Attachment {
    file(&CalendarWords::of(&letter.community).dropped(meetup, dropped), letter)
}

fn file(entry: &Entry, letter: &Letter) -> Attachment {
    Attachment { name: FILE_NAME.to_owned(), bytes: entry.to_ics(letter.id.time()).into_bytes() }
}
