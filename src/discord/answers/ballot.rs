//! One's own ballot in a poll with buttons: what one has said of each time, and the selects that change it.

use chrono::{DateTime, Datelike, Utc, Weekday};
use chrono_tz::Tz;
use serenity::all::{
    ButtonStyle, CreateActionRow, CreateButton, CreateInputText, CreateModal, CreateSelectMenu, CreateSelectMenuKind,
    CreateSelectMenuOption, InputTextStyle,
};

use crate::app::ballots::OwnBallot;
use crate::discord::ballot;
use crate::discord::custom_id::{CustomId, PollNumber, Verb};
use crate::discord::render::{Shown, moment};
use crate::discord::replies::Reply;
use crate::domain::ids::UserId;
use crate::domain::meetup::{Kind, Meetup, State};
use crate::domain::poll::{Ballot, Choice, Fit, Votes};
use crate::domain::slot::Slot;
use crate::domain::wall_clock::local;
use crate::texts::{Locale, Texts, args};

/// The inputs of the form for a time.
pub const DAY_INPUT: &str = "day";
pub const TIME_INPUT: &str = "time";
/// Longer than any way of writing a day.
const LONGEST_INPUT: u16 = 30;

pub fn ballot(locale: Locale, own: &OwnBallot, reader: UserId) -> Reply {
    let votes = own.meetup.participant(reader).and_then(|one| one.votes.as_ref());
    let mut lines = vec![Texts::plain(locale, "ballot-title")];
    lines.extend(own.poll.indices().zip(&own.poll.slots).map(|(index, slot)| line(locale, index, slot, votes)));
    if votes.is_some_and(|votes| votes.choices.contains(&Choice::NoneOfThese)) {
        lines.push(Texts::plain(locale, "ballot-none"));
    }
    lines.push(Texts::say(locale, "ballot-zone", &args([("zone", own.shown_in.name().into())])));
    Reply::from(lines.join("\n")).with_rows(rows(locale, own, votes))
}

fn line(locale: Locale, index: u8, slot: &Slot, votes: Option<&Votes>) -> String {
    let fit = match votes.map_or(Fit::No, |votes| votes.fit(index)) {
        Fit::Yes => "yes",
        Fit::IfNeedBe => "if-need-be",
        Fit::No => "no",
    };
    let values = args([
        ("emoji", ballot::emoji(Choice::Slot(index)).unwrap_or_default().into()),
        ("time", moment(slot.start(), Shown::Whole).into()),
        ("fit", fit.into()),
    ]);
    Texts::say(locale, "ballot-line", &values)
}

fn rows(locale: Locale, own: &OwnBallot, votes: Option<&Votes>) -> Vec<CreateActionRow> {
    let (meetup, poll) = (own.meetup.id, PollNumber::of(own.poll.number));
    let options = |fit: Fit| {
        let option = |(index, slot): (u8, &Slot)| {
            let is_chosen = votes.is_some_and(|votes| votes.fit(index) == fit);
            let label = format!("{} · {}", index + 1, clock_time(locale, slot.start(), own.shown_in));
            CreateSelectMenuOption::new(label, slot.start().timestamp().to_string()).default_selection(is_chosen)
        };
        own.poll.indices().zip(&own.poll.slots).map(option).collect()
    };
    let none = CreateButton::new(CustomId::from(Verb::VoteNone { meetup, poll }).to_string())
        .label(Texts::plain(locale, "button-none-of-these"))
        .style(ButtonStyle::Secondary);
    let propose = CreateButton::new(CustomId::from(Verb::Propose { meetup }).to_string())
        .label(Texts::plain(locale, "button-propose"))
        .style(ButtonStyle::Secondary);
    let may_propose = own.poll.may_grow() && own.meetup.kind == Kind::Suggested;
    let buttons = [none].into_iter().chain(may_propose.then_some(propose)).collect();
    vec![
        select(Verb::VoteYes { meetup, poll }, options(Fit::Yes), Texts::plain(locale, "select-suits")),
        select(Verb::VoteIfNeedBe { meetup, poll }, options(Fit::IfNeedBe), Texts::plain(locale, "select-if-need-be")),
        CreateActionRow::Buttons(buttons),
    ]
}

/// The form in which somebody proposes a time, in their own zone.
pub fn time_form(locale: Locale, modal: Verb) -> CreateModal {
    let row = |label: &str, name: &str| {
        let input = CreateInputText::new(InputTextStyle::Short, Texts::plain(locale, label), name);
        CreateActionRow::InputText(input.min_length(1).max_length(LONGEST_INPUT))
    };
    let id = CustomId::from(modal).to_string();
    let rows = vec![row("propose-day", DAY_INPUT), row("propose-time", TIME_INPUT)];
    CreateModal::new(id, Texts::plain(locale, "propose-title")).components(rows)
}

/// The others are asked.
pub fn offered(locale: Locale, slot: &Slot) -> String {
    Texts::say(locale, "ack-offered", &args([("time", moment(slot.start(), Shown::Whole).into())]))
}

/// A reaction is a vote that only its owner can give; on a ballot the proposer has said yes.
pub fn proposed(locale: Locale, meetup: &Meetup, slot: &Slot) -> String {
    let time = args([("time", moment(slot.start(), Shown::Whole).into())]);
    match &meetup.state {
        State::Polling { poll } if poll.ballot == Ballot::Reactions => Texts::say(locale, "proposed-react", &time),
        _ => Texts::say(locale, "proposed", &time),
    }
}

/// Choosing nothing takes all back.
fn select(verb: Verb, options: Vec<CreateSelectMenuOption>, placeholder: String) -> CreateActionRow {
    let most = u8::try_from(options.len()).unwrap_or(1);
    let menu = CreateSelectMenu::new(CustomId::from(verb).to_string(), CreateSelectMenuKind::String { options });
    CreateActionRow::SelectMenu(menu.placeholder(placeholder).min_values(0).max_values(most))
}

/// The moments that a select's values stand for; what is none of ours is left out.
pub fn chosen(values: &[String]) -> Vec<DateTime<Utc>> {
    let moments = values.iter().filter_map(|value| value.parse().ok());
    moments.filter_map(|seconds| DateTime::from_timestamp(seconds, 0)).collect()
}

/// What clocks and calendars of a zone show, in words, where Discord's own way of showing times does not work.
pub fn clock_time(locale: Locale, at: DateTime<Utc>, zone: Tz) -> String {
    let shown = local(at, zone);
    let values = args([
        ("weekday", weekday(shown.weekday()).into()),
        ("day", shown.day().to_string().into()),
        ("month", shown.month().into()),
        ("time", shown.format("%H:%M").to_string().into()),
    ]);
    Texts::say(locale, "clock-time", &values)
}

pub const fn weekday(day: Weekday) -> &'static str {
    match day {
        Weekday::Mon => "mon",
        Weekday::Tue => "tue",
        Weekday::Wed => "wed",
        Weekday::Thu => "thu",
        Weekday::Fri => "fri",
        Weekday::Sat => "sat",
        Weekday::Sun => "sun",
    }
}
