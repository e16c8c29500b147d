//! The room of a meetup: its name, its first lines, and its kind last ones.

use super::card::{Button, Card, Panel};
use super::people;
use crate::discord::custom_id::Verb;
use crate::domain::ids::MeetupId;
use crate::domain::meetup::Meetup;
use crate::domain::notice::NotThisTime;
use crate::texts::{Locale, Texts, args, reasons};

/// So many of the last characters of an id, all of them chance: about 10^14 possibilities among the threads of one
/// community.
const MARK_LENGTH: usize = 8;

/// What a thread's name ends with, so that it is found again. Says nothing about who is in it.
pub fn room_mark(meetup: MeetupId) -> String {
    let id = meetup.to_string();
    id[id.len() - MARK_LENGTH..].to_owned()
}

/// The name of a private thread. Moderators see it in their list, so it names nobody.
pub fn room_name(locale: Locale, meetup: &Meetup) -> String {
    let mark = room_mark(meetup.id);
    Texts::say(locale, "room-name", &args([("count", meetup.present().count().into()), ("mark", mark.into())]))
}

/// Who can read this, then why these people are here. Pings nobody: being brought in does, and so does the poll below.
pub(super) fn opening(locale: Locale, meetup: &Meetup) -> Card {
    let present: Vec<_> = meetup.present().map(|one| one.user).collect();
    let names = people(locale, present.iter().copied());
    let mut lines = vec![
        Texts::plain(locale, "room-readers"),
        Texts::say(locale, "room-why", &args([("people", names.into()), ("count", present.len().into())])),
    ];
    let why = reasons(locale, &meetup.reasons);
    if !why.is_empty() {
        lines.push(Texts::say(locale, "room-reasons", &args([("reasons", why.into())])));
    }
    lines.push(Texts::plain(locale, "room-next"));
    let buttons = vec![Button::grave(Texts::plain(locale, "button-report"), Verb::Report { meetup: meetup.id })];
    Card { content: lines.join("\n"), buttons, ..Card::default() }
}

/// The end without a meeting. Blames nobody, whoever it was.
pub(super) fn not_this_time(locale: Locale, why: NotThisTime) -> Card {
    let body = match why {
        NotThisTime::NoCommonTime => Texts::plain(locale, "not-this-time-no-time"),
        NotThisTime::CannotMakeIt => Texts::plain(locale, "not-this-time-cannot"),
    };
    let panel = Some(Panel { title: Texts::plain(locale, "not-this-time-title"), body });
    Card { panel, ..Card::default() }
}
