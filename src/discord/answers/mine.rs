//! *See mine*: what waits for one member's answer, and what lies ahead of them.

use serenity::all::{ButtonStyle, CreateActionRow, CreateButton, CreateInputText, CreateModal, InputTextStyle};

use super::{long_time, name, names, relative_time};
use crate::app::meetups::{Answer, Mine};
use crate::discord::custom_id::{ACCOUNTS, ANSWERS, CustomId, Verb};
use crate::discord::render::escape::escape;
use crate::discord::replies::Reply;
use crate::domain::ids::{MeetupId, UserId};
use crate::domain::meetup::{Account, Meetup, State};
use crate::texts::{self, Locale, Texts, args};

/// Rows of buttons that one message holds.
const MOST_ROWS: usize = 5;
/// The input of the place's form, and the longest name of a place, as in Discord's own events.
pub const PLACE_INPUT: &str = "place";
const PLACE_LENGTH: u16 = 100;

type Part = (String, Option<CreateActionRow>);

pub fn mine(locale: Locale, reader: UserId, mine: &Mine) -> Reply {
    let mut parts: Vec<Part> = Vec::new();
    parts.extend(mine.asks.iter().map(|meetup| ask(locale, reader, meetup)));
    parts.extend(mine.check_ins.iter().map(|meetup| check_in(locale, reader, meetup)));
    parts.extend(mine.upcoming.iter().map(|meetup| upcoming(locale, reader, meetup)));
    parts.extend(mine.polls.iter().map(|meetup| (poll(locale, reader, meetup), None)));
    if parts.is_empty() {
        return Texts::plain(locale, "mine-nothing").into();
    }
    let (mut lines, mut rows, mut left_out) = (Vec::new(), Vec::new(), 0_usize);
    for (line, row) in parts {
        if rows.len() == MOST_ROWS && row.is_some() {
            left_out += 1;
            continue;
        }
        lines.push(line);
        rows.extend(row);
    }
    if left_out > 0 {
        lines.push(Texts::say(locale, "and-more", &args([("count", left_out.into())])));
    }
    Reply::from(lines.join("\n\n")).with_rows(rows)
}

fn others(meetup: &Meetup, reader: UserId) -> String {
    names(meetup.participants.iter().map(|one| one.user).filter(|user| *user != reader))
}

fn ask(locale: Locale, reader: UserId, meetup: &Meetup) -> Part {
    let until = match &meetup.state {
        State::Proposed { until } => *until,
        _ => meetup.created_at,
    };
    let values = args([
        ("names", others(meetup, reader).into()),
        ("reasons", texts::reasons(locale, &meetup.reasons).into()),
        ("until", relative_time(until).into()),
    ]);
    let buttons = ANSWERS.map(|answer| {
        let style = match answer {
            Answer::Yes => ButtonStyle::Success,
            Answer::Report => ButtonStyle::Danger,
            Answer::NotNow | Answer::KnowEachOther | Answer::Avoid => ButtonStyle::Secondary,
        };
        button(Verb::Ask { meetup: meetup.id, answer }, answer_label(locale, answer), style)
    });
    (Texts::say(locale, "mine-ask", &values), Some(CreateActionRow::Buttons(buttons.into())))
}

fn check_in(locale: Locale, reader: UserId, meetup: &Meetup) -> Part {
    let at = meetup.appointment().map_or(meetup.created_at, |on| on.slot.start());
    let values = args([("names", others(meetup, reader).into()), ("at", long_time(at).into())]);
    let buttons = ACCOUNTS.map(|account| {
        let style = match account {
            Account::WeMet => ButtonStyle::Success,
            Account::NotRight => ButtonStyle::Danger,
            Account::DidNotHappen | Account::WasAlone => ButtonStyle::Secondary,
        };
        button(Verb::CheckIn { meetup: meetup.id, account }, account_label(locale, account), style)
    });
    (Texts::say(locale, "mine-check-in", &values), Some(CreateActionRow::Buttons(buttons.into())))
}

fn upcoming(locale: Locale, reader: UserId, meetup: &Meetup) -> Part {
    let on = meetup.appointment();
    let at = on.map_or(meetup.created_at, |on| on.slot.start());
    let place = on.and_then(|on| on.place.as_deref()).map_or_else(|| Texts::plain(locale, "no-place"), escape);
    let values = args([
        ("names", others(meetup, reader).into()),
        ("at", long_time(at).into()),
        ("place", place.into()),
        ("host", meetup.host().map_or_else(String::new, |host| name(host.user)).into()),
        ("room", meetup.room.map_or_else(String::new, |room| format!("<#{room}>")).into()),
    ]);
    let id = meetup.id;
    let mut buttons = Vec::new();
    if meetup.host().is_some_and(|host| host.user == reader) {
        buttons.push(button(
            Verb::Where { meetup: id },
            Texts::plain(locale, "mine-button-place"),
            ButtonStyle::Success,
        ));
    }
    let cannot = Texts::plain(locale, "mine-button-cannot");
    buttons.push(button(Verb::CannotMakeIt { meetup: id }, cannot, ButtonStyle::Secondary));
    buttons.push(button(Verb::Report { meetup: id }, Texts::plain(locale, "mine-button-report"), ButtonStyle::Danger));
    (Texts::say(locale, "mine-upcoming", &values), Some(CreateActionRow::Buttons(buttons)))
}

fn poll(locale: Locale, reader: UserId, meetup: &Meetup) -> String {
    let room = meetup.room.map_or_else(|| Texts::plain(locale, "mine-room-soon"), |room| format!("<#{room}>"));
    Texts::say(locale, "mine-poll", &args([("names", others(meetup, reader).into()), ("room", room.into())]))
}

fn button(verb: Verb, label: String, style: ButtonStyle) -> CreateButton {
    CreateButton::new(CustomId::from(verb).to_string()).label(label).style(style)
}

fn answer_label(locale: Locale, answer: Answer) -> String {
    match answer {
        Answer::Yes => Texts::plain(locale, "mine-button-yes"),
        Answer::NotNow => Texts::plain(locale, "mine-button-not-now"),
        Answer::KnowEachOther => Texts::plain(locale, "mine-button-known"),
        Answer::Avoid => Texts::plain(locale, "mine-button-avoid"),
        Answer::Report => Texts::plain(locale, "mine-button-report"),
    }
}

fn account_label(locale: Locale, account: Account) -> String {
    match account {
        Account::WeMet => Texts::plain(locale, "mine-button-met"),
        Account::DidNotHappen => Texts::plain(locale, "mine-button-not-met"),
        Account::WasAlone => Texts::plain(locale, "mine-button-alone"),
        Account::NotRight => Texts::plain(locale, "mine-button-not-right"),
    }
}

/// The form in which the host says where.
pub fn place_form(locale: Locale, meetup: MeetupId) -> CreateModal {
    let input = CreateInputText::new(InputTextStyle::Short, Texts::plain(locale, "place-label"), PLACE_INPUT);
    let id = CustomId::from(Verb::WhereModal { meetup }).to_string();
    CreateModal::new(id, Texts::plain(locale, "place-title"))
        .components(vec![CreateActionRow::InputText(input.min_length(1).max_length(PLACE_LENGTH))])
}

/// What is said once a click has done its work.
pub fn acknowledged(locale: Locale, verb: Verb) -> String {
    match verb {
        Verb::Ask { answer: Answer::Yes, .. } => Texts::plain(locale, "ack-yes"),
        Verb::Ask { answer: Answer::NotNow, .. } => Texts::plain(locale, "ack-not-now"),
        Verb::Ask { answer: Answer::KnowEachOther, .. } => Texts::plain(locale, "ack-known"),
        Verb::Ask { answer: Answer::Avoid, .. } => Texts::plain(locale, "avoided"),
        Verb::Ask { answer: Answer::Report, .. }
        | Verb::Report { .. }
        | Verb::CheckIn { account: Account::NotRight, .. } => Texts::plain(locale, "ack-report"),
        Verb::Host { .. } => Texts::plain(locale, "ack-host"),
        Verb::WhereModal { .. } => Texts::plain(locale, "ack-place"),
        Verb::CannotMakeIt { .. } => Texts::plain(locale, "ack-cannot"),
        Verb::AnotherTime { .. } => Texts::plain(locale, "ack-another-time"),
        Verb::CheckIn { .. } => Texts::plain(locale, "ack-check-in"),
        _ => Texts::plain(locale, "ack-noted"),
    }
}
