//! The meetup that has a time: its announcement with the calendar file, and the reminders.

use chrono::{DateTime, Utc};

use super::card::{Button, Card, Panel};
use super::invite::invite;
use super::{Shown, escape, mention, moment, people};
use crate::app::messenger::Letter;
use crate::discord::custom_id::Verb;
use crate::domain::ids::UserId;
use crate::domain::meetup::{Appointment, Kind, Meetup, Standing};
use crate::domain::member::Setting;
use crate::domain::notice::Reminder;
use crate::texts::{Locale, Texts, args};

/// When, where, who and who leads, with what each one can do about it. `None` where there is no appointment.
/// As its reader alone sees it, under *See mine*: there they can say that they are late also where no reminder comes.
pub fn appointment_card(locale: Locale, meetup: &Meetup, reader: UserId, now: DateTime<Utc>) -> Option<Card> {
    let mut card = appointment(locale, meetup)?;
    if let Some(panel) = &mut card.panel {
        panel.body.extend(own_standing(locale, meetup, reader).map(|line| format!("\n\n{line}")));
    }
    let late = meetup.may_run_late(reader, now).then(|| running_late_button(locale, meetup));
    Some(Card { buttons: late.into_iter().chain(buttons(locale, meetup, Some(reader))).collect(), ..card })
}

/// Where somebody stands who is not simply in.
fn own_standing(locale: Locale, meetup: &Meetup, reader: UserId) -> Option<String> {
    match meetup.participant(reader)?.standing {
        Standing::Waiting { .. } => {
            let place = meetup.waiting_list().iter().position(|one| one.user == reader)? + 1;
            Some(Texts::say(locale, "own-waiting", &args([("place", place.into())])))
        }
        Standing::Offered { until } => {
            Some(Texts::say(locale, "own-offered", &args([("until", moment(until, Shown::Whole).into())])))
        }
        Standing::Maybe => Some(Texts::plain(locale, "own-maybe")),
        Standing::Asked
        | Standing::In { .. }
        | Standing::Declined
        | Standing::Known
        | Standing::Out
        | Standing::Absent => None,
    }
}

/// To one who waited. Names nobody.
pub(super) fn seat_free(locale: Locale, meetup: &Meetup, reader: UserId) -> Option<Card> {
    let (on, Standing::Offered { until }) = (meetup.appointment()?, meetup.participant(reader)?.standing) else {
        return None;
    };
    let values =
        args([("time", moment(on.slot.start(), Shown::Whole).into()), ("until", moment(until, Shown::Whole).into())]);
    let panel = Some(Panel { title: String::new(), body: Texts::say(locale, "seat-free", &values) });
    let id = meetup.id;
    let buttons = vec![
        Button::inviting(Texts::plain(locale, "button-going"), Verb::Going { meetup: id }),
        Button::plain(Texts::plain(locale, "button-maybe"), Verb::Maybe { meetup: id }),
        Button::plain(Texts::plain(locale, "button-cannot"), Verb::CannotMakeIt { meetup: id }),
    ];
    Some(Card { panel, buttons, ..Card::default() })
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
        let rsvp = (meetup.kind == Kind::OpenEvening).then(|| Texts::plain(locale, "appointment-rsvp"));
        for line in rsvp.into_iter().chain([Texts::plain(locale, "appointment-file")]) {
            panel.body.push_str("\n\n");
            panel.body.push_str(&line);
        }
    }
    let time = moment(on.slot.start(), Shown::Whole);
    let content = Texts::say(locale, "it-is-on", &args([("time", time.into())]));
    Some(Card { file: Some(invite(letter, meetup, on)), ..card }.under(content))
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
    let late = (when == Reminder::TwoHoursBefore).then(|| running_late_button(locale, meetup));
    let buttons = late.into_iter().chain(small_buttons(locale, meetup, on)).collect();
    Some(Card { content, buttons, ..Card::default() })
}

/// Another time: does it suit the others?
pub(super) fn time_offered(locale: Locale, meetup: &Meetup) -> Option<Card> {
    let on = meetup.appointment()?;
    let moving = on.moving?;
    let values = args([
        ("new", moment(moving.slot.start(), Shown::Whole).into()),
        ("old", moment(on.slot.start(), Shown::Whole).into()),
        ("until", moment(moving.until, Shown::Whole).into()),
    ]);
    let buttons = vec![
        Button::inviting(Texts::plain(locale, "button-works"), Verb::OfferSuits { meetup: meetup.id }),
        Button::plain(Texts::plain(locale, "button-keep"), Verb::KeepTime { meetup: meetup.id }),
    ];
    Some(Card { content: Texts::say(locale, "time-offered", &values), buttons, ..Card::default() })
}

/// In its place, whatever came of it: the time where there is one, and nobody's answer.
pub(super) fn offer_settled(locale: Locale, meetup: &Meetup) -> Card {
    let content = match meetup.appointment() {
        Some(on) => {
            let time = moment(on.slot.start(), Shown::Whole);
            Texts::say(locale, "offer-settled", &args([("time", time.into())]))
        }
        None => Texts::plain(locale, "offer-closed"),
    };
    Card { content, ..Card::default() }
}

/// Carries the word of who is late: by name in a room of their own, without where all can read it.
pub(super) fn running_late(locale: Locale, meetup: &Meetup) -> Card {
    let content = match meetup.kind {
        Kind::Suggested => {
            let names = people(locale, meetup.present().filter(|one| one.late).map(|one| one.user));
            Texts::say(locale, "running-late", &args([("people", names.into())]))
        }
        Kind::OpenEvening => Texts::plain(locale, "running-late-nameless"),
    };
    // Others may be late too.
    Card { content, buttons: vec![running_late_button(locale, meetup)], ..Card::default() }
}

fn running_late_button(locale: Locale, meetup: &Meetup) -> Button {
    Button::plain(Texts::plain(locale, "button-late"), Verb::RunningLate { meetup: meetup.id })
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
    let needed = |verb: Verb| {
        matches!(
            verb,
            Verb::Where { .. }
                | Verb::Places { .. }
                | Verb::AnotherTime { .. }
                | Verb::CannotMakeIt { .. }
                | Verb::Report { .. }
        )
    };
    let fits = |button: &Button| asks_where(button) && needed(button.verb);
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
        Kind::OpenEvening => numbers(locale, meetup),
    }
}

fn numbers(locale: Locale, meetup: &Meetup) -> String {
    let values = |count: usize| args([("count", count.into())]);
    let coming = meetup.present().count();
    let who = match meetup.limits.most {
        Some(most) => Texts::say(locale, "appointment-seats", &args([("count", coming.into()), ("most", most.into())])),
        None => Texts::say(locale, "appointment-coming", &args([("count", coming.into())])),
    };
    let (waiting, maybe) = (meetup.waiting_list().len(), meetup.maybes());
    let waiting = (waiting > 0).then(|| Texts::say(locale, "appointment-waiting", &values(waiting)));
    let maybe = (maybe > 0).then(|| Texts::say(locale, "appointment-maybe", &values(maybe)));
    let line = [Some(who), waiting, maybe].into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let needs = meetup.limits.least.filter(|least| usize::from(*least) > coming);
    let needs = needs.map(|least| Texts::say(locale, "appointment-needs", &args([("least", least.into())])));
    [Some(line), needs].into_iter().flatten().collect::<Vec<_>>().join("\n")
}

/// Who proposes an open evening leads it: there is nobody to swap with, and nobody else moves it, so that button stands
/// only where the proposer looks alone. What all can read (no `reader`) shows the same to all.
fn buttons(locale: Locale, meetup: &Meetup, reader: Option<UserId>) -> Vec<Button> {
    let (id, setting) = (meetup.id, meetup.setting);
    let suggested = meetup.kind == Kind::Suggested;
    let moves = suggested || meetup.host().is_some_and(|host| Some(host.user) == reader);
    let swap = Button::plain(Texts::plain(locale, "button-host"), Verb::Host { meetup: id });
    let another = Button::plain(Texts::plain(locale, "button-another-time"), Verb::AnotherTime { meetup: id });
    let mut buttons = if suggested {
        Vec::new()
    } else {
        vec![
            Button::inviting(Texts::plain(locale, "button-going"), Verb::Going { meetup: id }),
            Button::plain(Texts::plain(locale, "button-maybe"), Verb::Maybe { meetup: id }),
        ]
    };
    buttons.push(Button::inviting(Texts::plain(locale, "button-where"), Verb::Where { meetup: id, setting }));
    let places = Button::plain(Texts::plain(locale, "button-places"), Verb::Places { meetup: id });
    buttons.extend((setting == Setting::InPerson).then_some(places));
    buttons.extend(suggested.then_some(swap));
    buttons.extend(moves.then_some(another));
    let shift = Button::plain(Texts::plain(locale, "button-move"), Verb::Move { meetup: id });
    buttons.extend(suggested.then_some(shift));
    let off = Button::plain(Texts::plain(locale, "button-call-off"), Verb::CallOff { meetup: id });
    buttons.extend(moves.then_some(off));
    buttons.extend([
        Button::plain(Texts::plain(locale, "button-cannot"), Verb::CannotMakeIt { meetup: id }),
        Button::grave(Texts::plain(locale, "button-report"), Verb::Report { meetup: id }),
    ]);
    buttons
}
