//! The meetup that has a time: its announcement with the calendar file, and the reminders.

use super::card::{Attachment, Button, Card, Panel};
use super::{Shown, escape, mention, moment, one_line, people};
use crate::app::messenger::Letter;
use crate::discord::custom_id::Verb;
use crate::domain::calendar::{Entry, Standing};
use crate::domain::ids::UserId;
use crate::domain::meetup::{Appointment, Kind, Meetup};
use crate::domain::member::Setting;
use crate::domain::notice::Reminder;
use crate::texts::{Locale, Texts, args};

const FILE_NAME: &str = "meetup.ics";

/// When, where, who and who leads, with what each one can do about it. `None` where there is no appointment.
/// As its reader alone sees it, under *See mine*.
pub fn appointment_card(locale: Locale, meetup: &Meetup, reader: UserId) -> Option<Card> {
    let buttons = buttons(locale, meetup, Some(reader));
    Some(Card { buttons, ..appointment(locale, meetup)? })
}

fn appointment(locale: Locale, meetup: &Meetup) -> Option<Card> {
    let on = meetup.appointment()?;
    let lines = [when(locale, on), place(locale, meetup, on)];
    let lines = lines.into_iter().chain(host(locale, meetup)).chain([who(locale, meetup)]);
    let body = lines.collect::<Vec<_>>().join("\n");
    let panel = Some(Panel { title: Texts::plain(locale, "appointment-title"), body });
    Some(Card { panel, buttons: buttons(locale, meetup, None), ..Card::default() })
}

/// The announcement where the poll was, also as it is edited after a change.
pub(super) fn announcement(locale: Locale, letter: &Letter, meetup: &Meetup) -> Option<Card> {
    let on = meetup.appointment()?;
    let mut card = appointment(locale, meetup)?;
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
        summary: &summary,
        location: &location,
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
    let place = match (&on.place, meetup.host().map(|host| args([("host", mention(host.user).into())]))) {
        (Some(place), _) => Some(Texts::say(locale, "reminder-where", &args([("place", shown(meetup, place).into())]))),
        (None, Some(host)) => Some(match meetup.setting {
            Setting::InPerson => Texts::say(locale, "reminder-place", &host),
            Setting::Call => Texts::say(locale, "reminder-place-call", &host),
        }),
        (None, None) => None,
    };
    let content = [Some(said), place].into_iter().flatten().collect::<Vec<_>>().join("\n");
    Some(Card { content, buttons: small_buttons(locale, meetup, on), ..Card::default() })
}

/// On the last day, where the changed announcement goes unseen.
pub(super) fn place_named(locale: Locale, meetup: &Meetup) -> Option<Card> {
    let on = meetup.appointment()?;
    let place = shown(meetup, on.place.as_ref()?);
    let content = Texts::say(locale, "place-named", &args([("place", place.into())]));
    Some(Card { content, buttons: small_buttons(locale, meetup, on), ..Card::default() })
}

/// Without what has been settled by then.
fn small_buttons(locale: Locale, meetup: &Meetup, on: &Appointment) -> Vec<Button> {
    let asks_where =
        |button: &Button| !matches!(button.verb, Verb::Where { .. } | Verb::Places { .. }) || on.place.is_none();
    let fits = |button: &Button| asks_where(button) && !matches!(button.verb, Verb::Host { .. });
    buttons(locale, meetup, None).into_iter().filter(fits).collect()
}

/// A host's own words, which format and ping nothing. A link to a call stays one that can be clicked, if it is nothing
/// but that.
fn shown(meetup: &Meetup, place: &str) -> String {
    let is_link = place.strip_prefix("https://").is_some_and(|rest| !rest.is_empty() && rest.chars().all(in_links));
    if meetup.setting == Setting::Call && is_link { format!("<{place}>") } else { escape(place) }
}

/// What links are made of (RFC 3986), without what could end one in Discord's markdown.
fn in_links(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || "-._~:/?#@!$&'*+,;=%".contains(letter)
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
    let host = meetup.host().map(|host| args([("host", mention(host.user).into())]));
    match (&on.place, host, meetup.setting) {
        (Some(place), ..) => Texts::say(locale, "appointment-where", &args([("place", shown(meetup, place).into())])),
        (None, Some(host), Setting::InPerson) => Texts::say(locale, "appointment-no-place", &host),
        (None, Some(host), Setting::Call) => Texts::say(locale, "appointment-no-place-call", &host),
        (None, None, Setting::InPerson) => Texts::plain(locale, "appointment-no-host"),
        (None, None, Setting::Call) => Texts::plain(locale, "appointment-no-host-call"),
    }
}

fn host(locale: Locale, meetup: &Meetup) -> Option<String> {
    let host = meetup.host()?;
    Some(Texts::say(locale, "appointment-host", &args([("host", mention(host.user).into())])))
}

/// An open evening stands in the channel: its panel names only who leads, and counts the others.
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

/// Who proposes an open evening leads it: there is nobody to swap with, and nobody else moves it, so that button stands
/// only where the proposer looks alone. What all can read (no `reader`) shows the same to all.
fn buttons(locale: Locale, meetup: &Meetup, reader: Option<UserId>) -> Vec<Button> {
    let (id, setting) = (meetup.id, meetup.setting);
    let suggested = meetup.kind == Kind::Suggested;
    let moves = suggested || meetup.host().is_some_and(|host| Some(host.user) == reader);
    let swap = Button::plain(Texts::plain(locale, "button-host"), Verb::Host { meetup: id });
    let another = Button::plain(Texts::plain(locale, "button-another-time"), Verb::AnotherTime { meetup: id });
    let mut buttons = vec![Button::inviting(Texts::plain(locale, "button-where"), Verb::Where { meetup: id, setting })];
    let places = Button::plain(Texts::plain(locale, "button-places"), Verb::Places { meetup: id });
    buttons.extend((setting == Setting::InPerson).then_some(places));
    buttons.extend(suggested.then_some(swap));
    buttons.extend(moves.then_some(another));
    buttons.extend([
        Button::plain(Texts::plain(locale, "button-cannot"), Verb::CannotMakeIt { meetup: id }),
        Button::grave(Texts::plain(locale, "button-report"), Verb::Report { meetup: id }),
    ]);
    buttons
}
