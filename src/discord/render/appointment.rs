//! The meetup that has a time: its announcement with the calendar file, and the reminders.

use super::card::{Attachment, Button, Card, Panel};
use super::{Shown, escape, mention, moment, one_line, people};
use crate::app::messenger::Letter;
use crate::discord::custom_id::Verb;
use crate::domain::calendar::{Entry, Standing};
use crate::domain::meetup::{Appointment, Kind, Meetup};
use crate::domain::notice::Reminder;
use crate::texts::{Locale, Texts, args};

const FILE_NAME: &str = "meetup.ics";

/// When, where, who and who leads, with what each one can do about it. `None` where there is no appointment.
pub fn appointment_card(locale: Locale, meetup: &Meetup) -> Option<Card> {
    let on = meetup.appointment()?;
    let lines = [when(locale, on), place(locale, meetup, on)];
    let lines = lines.into_iter().chain(host(locale, meetup)).chain([who(locale, meetup)]);
    let body = lines.collect::<Vec<_>>().join("\n");
    let panel = Some(Panel { title: Texts::plain(locale, "appointment-title"), body });
    Some(Card { panel, buttons: buttons(locale, meetup), ..Card::default() })
}

/// The announcement where the poll was, also as it is edited after a change.
pub(super) fn announcement(locale: Locale, letter: &Letter, meetup: &Meetup) -> Option<Card> {
    let on = meetup.appointment()?;
    let mut card = appointment_card(locale, meetup)?;
    if let Some(panel) = &mut card.panel {
        panel.body.push_str("\n\n");
        panel.body.push_str(&Texts::plain(locale, "appointment-file"));
    }
    let time = moment(on.slot.start(), Shown::Whole);
    let content = Texts::say(locale, "it-is-on", &args([("time", time.into())]));
    Some(Card { file: Some(invite(locale, letter, meetup, on)), ..card }.under(content))
}

/// The file that calendars read. The same letter gives the same bytes.
fn invite(locale: Locale, letter: &Letter, meetup: &Meetup, on: &Appointment) -> Attachment {
    let community = one_line(&letter.community.name);
    let summary = Texts::say(locale, "calendar-summary", &args([("community", community.into())]));
    let description = Texts::plain(locale, "calendar-description");
    let entry = Entry {
        meetup: meetup.id,
        sequence: on.sequence,
        slot: on.slot,
        standing: Standing::Confirmed,
        summary: &summary,
        location: on.place.as_deref().unwrap_or_default(),
        description: &description,
    };
    Attachment { name: FILE_NAME.to_owned(), bytes: entry.to_ics(letter.id.time()).into_bytes() }
}

pub(super) fn reminder(locale: Locale, meetup: &Meetup, when: Reminder) -> Option<Card> {
    let on = meetup.appointment()?;
    let start = on.slot.start();
    let time = moment(start, Shown::Whole);
    let relative = moment(start, Shown::Relative);
    let said = match when {
        Reminder::DayBefore => {
            Texts::say(locale, "reminder-day", &args([("relative", relative.into()), ("time", time.into())]))
        }
        Reminder::TwoHoursBefore => Texts::say(locale, "reminder-soon", &args([("relative", relative.into())])),
    };
    let place = match (&on.place, meetup.host()) {
        (Some(place), _) => Some(Texts::say(locale, "reminder-where", &args([("place", escape(place).into())]))),
        (None, Some(host)) => Some(Texts::say(locale, "reminder-place", &args([("host", mention(host.user).into())]))),
        (None, None) => None,
    };
    let content = [Some(said), place].into_iter().flatten().collect::<Vec<_>>().join("\n");
    let asks_where = |button: &Button| !matches!(button.verb, Verb::Where { .. }) || on.place.is_none();
    let buttons = buttons(locale, meetup)
        .into_iter()
        .filter(|button| asks_where(button) && !matches!(button.verb, Verb::Host { .. }))
        .collect();
    Some(Card { content, buttons, ..Card::default() })
}

fn when(locale: Locale, on: &Appointment) -> String {
    let start = on.slot.start();
    let values = args([
        ("time", moment(start, Shown::Whole).into()),
        ("relative", moment(start, Shown::Relative).into()),
        ("minutes", on.slot.minutes().into()),
    ]);
    Texts::say(locale, "appointment-when", &values)
}

fn place(locale: Locale, meetup: &Meetup, on: &Appointment) -> String {
    match (&on.place, meetup.host()) {
        (Some(place), _) => Texts::say(locale, "appointment-where", &args([("place", escape(place).into())])),
        (None, Some(host)) => Texts::say(locale, "appointment-no-place", &args([("host", mention(host.user).into())])),
        (None, None) => Texts::plain(locale, "appointment-no-host"),
    }
}

fn host(locale: Locale, meetup: &Meetup) -> Option<String> {
    let host = meetup.host()?;
    Some(Texts::say(locale, "appointment-host", &args([("host", mention(host.user).into())])))
}

/// An open evening stands in the channel: it names only who leads, and counts the others.
fn who(locale: Locale, meetup: &Meetup) -> String {
    match meetup.kind {
        Kind::Suggested => {
            let names = people(locale, meetup.present().map(|one| one.user));
            Texts::say(locale, "appointment-who", &args([("people", names.into())]))
        }
        Kind::OpenEvening => {
            Texts::say(locale, "appointment-coming", &args([("count", meetup.present().count().into())]))
        }
    }
}

/// Who proposes an open evening leads it; there is nobody to swap with.
fn buttons(locale: Locale, meetup: &Meetup) -> Vec<Button> {
    let id = meetup.id;
    let swap = Button::plain(Texts::plain(locale, "button-host"), Verb::Host { meetup: id });
    let mut buttons = vec![Button::inviting(Texts::plain(locale, "button-where"), Verb::Where { meetup: id })];
    buttons.extend((meetup.kind == Kind::Suggested).then_some(swap));
    buttons.extend([
        Button::plain(Texts::plain(locale, "button-another-time"), Verb::AnotherTime { meetup: id }),
        Button::plain(Texts::plain(locale, "button-cannot"), Verb::CannotMakeIt { meetup: id }),
        Button::grave(Texts::plain(locale, "button-report"), Verb::Report { meetup: id }),
    ]);
    buttons
}
