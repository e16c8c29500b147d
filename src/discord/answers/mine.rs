//! *See mine*: what waits for one member's answer, and what lies ahead of them, each with its buttons in a message of
//! its own, so that one click settles one thing.

use chrono::{DateTime, Utc};
use serenity::all::{CreateActionRow, CreateInputText, CreateModal, InputTextStyle};

use crate::app::meetups::{Answer, LONGEST_REASON, Mine, Reported, longest_place};
use crate::app::sequels::LONGEST_WORD;
use crate::discord::custom_id::{CustomId, Verb};
use crate::discord::render::{Button, Card, appointment_card, ask_card, check_in_card, news_card, people};
use crate::discord::replies::Reply;
use crate::domain::ids::{MeetupId, UserId};
use crate::domain::meetup::{Kind, Meetup, Participant, Style};
use crate::domain::member::Setting;
use crate::store::Community;
use crate::texts::{Locale, Texts, args};

/// Messages that one answer may have: the rest is there after these are settled.
const MOST_MESSAGES: usize = 5;
/// The inputs of the forms.
pub const PLACE_INPUT: &str = "place";
pub const REASON_INPUT: &str = "reason";
pub const WORD_INPUT: &str = "word";

pub fn mine(locale: Locale, community: &Community, reader: UserId, mine: &Mine, now: DateTime<Utc>) -> Reply {
    let asks = mine.asks.iter().filter_map(|meetup| ask_card(locale, community, meetup, reader));
    let check_ins = mine.check_ins.iter().filter_map(|meetup| check_in_card(locale, meetup, reader));
    let upcoming = mine.upcoming.iter().filter_map(|meetup| appointment_card(locale, meetup, reader, now));
    // All of it in one and first: what is left out has not been shown.
    let told: Vec<MeetupId> = mine.news.iter().map(|meetup| meetup.id).collect();
    let news = (!told.is_empty()).then(|| news_card(locale, told.len()));
    let mut parts: Vec<Reply> =
        news.into_iter().chain(asks).chain(check_ins).chain(upcoming).map(Reply::from).collect();
    let left_out = parts.len().saturating_sub(MOST_MESSAGES);
    parts.truncate(MOST_MESSAGES);
    let mut lines: Vec<String> = mine.polls.iter().map(|meetup| poll(locale, reader, meetup)).collect();
    if left_out > 0 {
        lines.push(Texts::say(locale, "and-more", &args([("count", left_out.into())])));
    }
    if !lines.is_empty() {
        parts.push(lines.join("\n").into());
    }
    let mut parts = parts.into_iter();
    match parts.next() {
        Some(first) => Reply { more: parts.collect(), news: told, ..first },
        None => Texts::plain(locale, "mine-nothing").into(),
    }
}

fn poll(locale: Locale, reader: UserId, meetup: &Meetup) -> String {
    let others = people(locale, meetup.company_of(reader).map(|one| one.user).filter(|user| *user != reader));
    let room = meetup.room.map_or_else(|| Texts::plain(locale, "mine-room-soon"), |room| format!("<#{room}>"));
    Texts::say(locale, "mine-poll", &args([("others", others.into()), ("room", room.into())]))
}

/// The form in which the host says where.
pub fn place_form(locale: Locale, meetup: MeetupId, setting: Setting) -> CreateModal {
    let (title, label) = match setting {
        Setting::InPerson => (Texts::plain(locale, "place-title"), Texts::plain(locale, "place-label")),
        Setting::Call => (Texts::plain(locale, "place-title-call"), Texts::plain(locale, "place-label-call")),
    };
    let most = u16::try_from(longest_place(setting)).unwrap_or(u16::MAX);
    let input = CreateInputText::new(InputTextStyle::Short, label, PLACE_INPUT).min_length(1).max_length(most);
    let id = CustomId::from(Verb::WhereModal { meetup }).to_string();
    CreateModal::new(id, title).components(vec![CreateActionRow::InputText(input)])
}

/// The form in which a meetup is called off, with a word if one likes.
pub fn call_off_form(locale: Locale, meetup: MeetupId) -> CreateModal {
    let most = u16::try_from(LONGEST_REASON).unwrap_or(u16::MAX);
    let input = CreateInputText::new(InputTextStyle::Short, Texts::plain(locale, "call-off-label"), REASON_INPUT)
        .required(false)
        .max_length(most);
    let id = CustomId::from(Verb::CallOffModal { meetup }).to_string();
    CreateModal::new(id, Texts::plain(locale, "call-off-title")).components(vec![CreateActionRow::InputText(input)])
}

/// The form in which a word for the community is drafted.
pub fn word_form(locale: Locale, meetup: MeetupId) -> CreateModal {
    let most = u16::try_from(LONGEST_WORD).unwrap_or(u16::MAX);
    let input = CreateInputText::new(InputTextStyle::Short, Texts::plain(locale, "word-label"), WORD_INPUT)
        .min_length(1)
        .max_length(most);
    let id = CustomId::from(Verb::WordModal { meetup }).to_string();
    CreateModal::new(id, Texts::plain(locale, "word-title")).components(vec![CreateActionRow::InputText(input)])
}

/// Whether there was a seat.
pub fn comes(locale: Locale, meetup: &Meetup, user: UserId) -> String {
    let place = meetup.waiting_list().iter().position(|one| one.user == user);
    match place {
        Some(place) => Texts::say(locale, "ack-waiting", &args([("place", (place + 1).into())])),
        None => Texts::plain(locale, "ack-going"),
    }
}

/// What becomes of a report: who reads it, and what has been done already.
pub fn reported(locale: Locale, reported: Reported) -> String {
    let read = if reported.has_readers { "ack-report-told" } else { "ack-report-kept" };
    let done = if reported.keeps_apart { "ack-report-apart" } else { "ack-report-open" };
    format!("{} {}", Texts::plain(locale, read), Texts::plain(locale, done))
}

/// To who has told that they met: where a picture would go, and whether they would meet again.
pub fn met(locale: Locale, meetup: &Meetup, user: UserId) -> Reply {
    let room = meetup.room.filter(|_| meetup.style == Style::Discreet);
    let picture =
        room.map(|room| Texts::say(locale, "ack-met-picture", &args([("room", format!("<#{room}>").into())])));
    let asks = meetup.kind == Kind::Suggested && meetup.participant(user).is_some_and(Participant::may_say_again);
    let again = asks.then(|| Texts::plain(locale, "ack-met-again"));
    let lines = [Some(Texts::plain(locale, "ack-check-in")), picture, again];
    let buttons = [("button-gladly", true), ("button-once", false)]
        .map(|(label, gladly)| Button::plain(Texts::plain(locale, label), Verb::Again { meetup: meetup.id, gladly }));
    let buttons = buttons.into_iter().filter(|_| asks).chain(word(locale, meetup, user)).collect();
    let content = lines.into_iter().flatten().collect::<Vec<_>>().join("\n");
    Card { content, buttons, ..Card::default() }.into()
}

/// To who has said whether they would meet again: the other thing that they were offered is still there.
pub fn again(locale: Locale, meetup: &Meetup, user: UserId) -> Reply {
    let buttons = word(locale, meetup, user).into_iter().collect();
    Card { content: Texts::plain(locale, "ack-again"), buttons, ..Card::default() }.into()
}

fn word(locale: Locale, meetup: &Meetup, user: UserId) -> Option<Button> {
    let button = Button::plain(Texts::plain(locale, "button-word"), Verb::Word { meetup: meetup.id });
    meetup.may_draft_a_word(user).then_some(button)
}

/// What is said once a click has done its work.
pub fn acknowledged(locale: Locale, verb: Verb) -> String {
    match verb {
        Verb::Ask { answer: Answer::Yes, .. } => Texts::plain(locale, "ack-yes"),
        Verb::Ask { answer: Answer::NotNow, .. } => Texts::plain(locale, "ack-not-now"),
        Verb::Ask { answer: Answer::KnowEachOther, .. } => Texts::plain(locale, "ack-known"),
        Verb::Ask { answer: Answer::Avoid, .. } => Texts::plain(locale, "avoided"),
        Verb::Host { .. } => Texts::plain(locale, "ack-host"),
        Verb::WhereModal { .. } => Texts::plain(locale, "ack-place"),
        Verb::AnotherTime { .. } => Texts::plain(locale, "ack-another-time"),
        Verb::CannotMakeIt { .. } => Texts::plain(locale, "ack-cannot"),
        Verb::Maybe { .. } => Texts::plain(locale, "ack-maybe"),
        Verb::RunningLate { .. } => Texts::plain(locale, "ack-late"),
        Verb::CallOffModal { .. } => Texts::plain(locale, "ack-off"),
        Verb::CheckIn { .. } => Texts::plain(locale, "ack-check-in"),
        Verb::GoOn { .. } => Texts::plain(locale, "ack-go-on"),
        Verb::WordModal { .. } => Texts::plain(locale, "ack-word"),
        Verb::WordIsFine { .. } => Texts::plain(locale, "ack-word-is-fine"),
        _ => Texts::plain(locale, "ack-noted"),
    }
}
