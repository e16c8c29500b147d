//! One's own ballot in a poll with buttons: what one has said of each time, and the selects that change it.

use chrono::{DateTime, Datelike, Utc, Weekday};
use chrono_tz::Tz;
use serenity::all::{
    ButtonStyle, CreateActionRow, CreateButton, CreateSelectMenu, CreateSelectMenuKind, CreateSelectMenuOption,
};

use crate::app::ballots::OwnBallot;
use crate::discord::ballot;
use crate::discord::custom_id::{CustomId, PollNumber, Verb};
use crate::discord::render::{Shown, moment};
use crate::discord::replies::Reply;
use crate::domain::ids::UserId;
use crate::domain::poll::{Choice, Fit, Votes};
use crate::domain::slot::Slot;
use crate::domain::wall_clock::local;
use crate::texts::{Locale, Texts, args};

pub fn ballot(locale: Locale, own: &OwnBallot, reader: UserId) -> Reply {
    let votes = own.meetup.participant(reader).and_then(|one| one.votes.as_ref());
    let mut lines = vec![Texts::plain(locale, "ballot-title")];
    lines.extend(own.poll.indices().zip(&own.poll.slots).map(|(index, slot)| line(locale, index, slot, votes)));
    if votes.is_some_and(|votes| votes.choices.contains(&Choice::NoneOfThese)) {
        lines.push(Texts::plain(locale, "ballot-none"));
    }
    lines.push(Texts::say(locale, "ballot-zone", &args([("zone", own.zone.name().into())])));
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
            let label = format!("{} · {}", index + 1, clock_time(locale, slot.start(), own.zone));
            CreateSelectMenuOption::new(label, slot.start().timestamp().to_string()).default_selection(is_chosen)
        };
        own.poll.indices().zip(&own.poll.slots).map(option).collect()
    };
    let none = CreateButton::new(CustomId::from(Verb::VoteNone { meetup, poll }).to_string())
        .label(Texts::plain(locale, "button-none-of-these"))
        .style(ButtonStyle::Secondary);
    vec![
        select(Verb::VoteYes { meetup, poll }, options(Fit::Yes), Texts::plain(locale, "select-suits")),
        select(Verb::VoteIfNeedBe { meetup, poll }, options(Fit::IfNeedBe), Texts::plain(locale, "select-if-need-be")),
        CreateActionRow::Buttons(vec![none]),
    ]
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

const fn weekday(day: Weekday) -> &'static str {
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
