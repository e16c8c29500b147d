//! The room of a meetup: its name, its first lines, and its kind last ones.

use super::card::{Button, Card, Panel};
use super::{escape, people};
use crate::discord::custom_id::Verb;
use crate::domain::ids::MeetupId;
use crate::domain::meetup::Meetup;
use crate::domain::notice::{Dropped, NotThisTime};
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

/// The name of an evening's thread, which stands under its announcement.
pub fn thread_name(locale: Locale) -> String {
    Texts::plain(locale, "evening-thread")
}

/// The first words there.
pub(super) fn evening_opening(locale: Locale, meetup: &Meetup) -> Card {
    let question = args([("question", icebreaker(locale, meetup.id).into())]);
    let lines = [Texts::plain(locale, "evening-opening"), Texts::say(locale, "room-icebreaker", &question)];
    let going = Button::inviting(Texts::plain(locale, "button-going"), Verb::Going { meetup: meetup.id });
    Card { content: lines.join("\n"), buttons: vec![going], ..Card::default() }
}

/// Who can read this, then why these people are here. Pings nobody: being brought in does, and so does the poll below.
pub(super) fn opening(locale: Locale, meetup: &Meetup) -> Card {
    let present: Vec<_> = meetup.present().map(|one| one.user).collect();
    let names = people(locale, present.iter().copied());
    let mut lines = vec![
        Texts::plain(locale, "room-readers"),
        Texts::say(locale, "room-why", &args([("people", names.into()), ("count", present.len().into())])),
    ];
    // What was counted of a whole table is not true of those who came of it.
    let whole = present.len() == meetup.invited;
    let why = reasons(locale, &meetup.reasons);
    if whole && !why.is_empty() {
        lines.push(Texts::say(locale, "room-reasons", &args([("reasons", why.into())])));
    }
    lines.push(Texts::plain(locale, "room-next"));
    lines.push(Texts::say(locale, "room-icebreaker", &args([("question", icebreaker(locale, meetup.id).into())])));
    let buttons = vec![Button::grave(Texts::plain(locale, "button-report"), Verb::Report { meetup: meetup.id })];
    Card { content: lines.join("\n"), buttons, ..Card::default() }
}

/// One of the questions to begin with; the same for a meetup each time it is asked.
fn icebreaker(locale: Locale, meetup: MeetupId) -> String {
    let all = Texts::plain(locale, "icebreakers");
    let all: Vec<&str> = all.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    // The end of an id is chance.
    let seed =
        room_mark(meetup).bytes().fold(0_usize, |seed, byte| seed.wrapping_mul(31).wrapping_add(usize::from(byte)));
    all.get(seed % all.len().max(1)).copied().unwrap_or_default().to_owned()
}

/// The end without a meeting. Blames nobody, whoever it was.
pub(super) fn not_this_time(locale: Locale, why: NotThisTime, dropped: Option<&Dropped>) -> Card {
    let mut body = match why {
        NotThisTime::NoCommonTime => Texts::plain(locale, "not-this-time-no-time"),
        NotThisTime::CannotMakeIt => Texts::plain(locale, "not-this-time-cannot"),
        NotThisTime::TooFew => Texts::plain(locale, "not-this-time-few"),
    };
    if let Some(reason) = dropped.and_then(|dropped| dropped.reason.as_ref()) {
        body.push_str("\n\n");
        body.push_str(&Texts::say(locale, "not-this-time-reason", &args([("reason", escape(reason).into())])));
    }
    let panel = Some(Panel { title: Texts::plain(locale, "not-this-time-title"), body });
    Card { panel, ..Card::default() }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use chrono::DateTime;

    use super::*;

    #[test]
    fn a_meetup_keeps_its_icebreaker_and_others_get_others() {
        let asked = |number: u128| {
            let id = MeetupId::new(DateTime::UNIX_EPOCH, number << 40);
            let question = icebreaker(Locale::English, id);
            assert_eq!(question, icebreaker(Locale::English, id));
            assert!(question.ends_with('?') && question.chars().count() < 120, "{question}");
            question
        };
        let all: BTreeSet<String> = (1..2_000).map(|number| asked(number * 0x9e37_79b9)).collect();
        assert_eq!(all.len(), 20, "{all:?}");
    }
}
