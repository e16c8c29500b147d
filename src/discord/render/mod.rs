//! From a notice to words: one pure function each. Nothing here asks or sends.

mod appointment;
mod ask;
mod card;
mod check_in;
mod door;
mod escape;
mod event;
mod invite;
mod poll;
mod report;
mod room;

use chrono::{DateTime, Utc};

use crate::app::messenger::{Letter, Place};
use crate::domain::ids::UserId;
use crate::domain::meetup::{Kind, Meetup};
use crate::domain::notice::{NotThisTime, Notice};
use crate::texts::{Locale, Texts, args};

pub use appointment::appointment_card;
pub use ask::ask_card;
pub use card::{Attachment, Button, Card, Look, Panel, Question};
pub use check_in::check_in_card;
pub use door::news_card;
pub use escape::{cut, escape};
pub use event::{EventText, event_mark, event_text};
pub use poll::poll_card;
pub use room::{room_mark, room_name, thread_name};

/// How Discord shows a moment, in each reader's own zone and language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// "Thursday, 4 June 2026 19:00"
    Whole,
    /// "4 June 2026"
    Day,
    /// "in two days"
    Relative,
}

/// A moment as Discord's markdown has it.
pub fn moment(at: DateTime<Utc>, shown: Shown) -> String {
    let style = match shown {
        Shown::Whole => 'F',
        Shown::Day => 'D',
        Shown::Relative => 'R',
    };
    format!("<t:{}:{style}>", at.timestamp())
}

pub fn mention(user: UserId) -> String {
    format!("<@{user}>")
}

/// A list of more names than this is no list any more, and outgrows a message.
const MOST_NAMED: usize = 20;

/// "A", "A and B", "A, B and C", "A, B … and 7 more"; "someone" where nobody is left.
pub fn people(locale: Locale, users: impl Iterator<Item = UserId>) -> String {
    list(locale, users.map(mention).collect())
}

/// The same of any names.
pub fn list(locale: Locale, mut names: Vec<String>) -> String {
    if names.len() > MOST_NAMED {
        let more = names.len() - MOST_NAMED;
        let first = names[..MOST_NAMED].join(", ");
        return Texts::say(locale, "people-many", &args([("first", first.into()), ("count", more.into())]));
    }
    match (names.pop(), names.pop()) {
        (None, _) => Texts::plain(locale, "someone"),
        (Some(only), None) => only,
        (Some(other), Some(one)) if names.is_empty() => {
            Texts::say(locale, "people-two", &args([("one", one.into()), ("other", other.into())]))
        }
        (Some(last), Some(before)) => {
            names.push(before);
            let first = names.join(", ");
            Texts::say(locale, "people-more", &args([("first", first.into()), ("last", last.into())]))
        }
    }
}

/// All whom this one knows it to be about.
fn others(locale: Locale, meetup: &Meetup, but: UserId) -> String {
    people(locale, meetup.company_of(but).map(|one| one.user).filter(|user| *user != but))
}

fn locale_of(letter: &Letter) -> Locale {
    Locale::from_discord(&letter.community.locale)
}

/// Whom a message about a meetup pings: who is in, and only where there is something new to arrange oneself by. What is
/// edited rings nowhere.
fn rung(notice: &Notice, meetup: Option<&Meetup>) -> Vec<UserId> {
    let Some(meetup) = meetup else { return Vec::new() };
    if matches!(notice, Notice::PollReminder { .. }) {
        return meetup.silent().map(|one| one.user).collect();
    }
    let rings = match notice {
        // The first poll of an open evening is the proposer's own doing, and names nobody else.
        Notice::PostPoll { poll, .. } => meetup.kind == Kind::Suggested || *poll > 1,
        Notice::NotThisTime { why, .. } => *why != NotThisTime::NoCommonTime,
        Notice::TimeOffered => {
            return meetup.present().filter(|one| !one.agrees).map(|one| one.user).collect();
        }
        // Of an evening with many nobody waits for one.
        Notice::RunningLate if meetup.kind == Kind::Suggested => {
            return meetup.present().filter(|one| !one.late).map(|one| one.user).collect();
        }
        Notice::ItIsOn { .. } | Notice::Reminder { .. } | Notice::MeetAgain => true,
        _ => false,
    };
    if rings { meetup.present().map(|one| one.user).collect() } else { Vec::new() }
}

/// The message that a letter becomes. `None` for what is no message (a thread, an event) and where the state of the
/// meetup has nothing to say any more.
pub fn render(letter: &Letter) -> Option<Card> {
    let locale = locale_of(letter);
    let meetup = letter.meetup.as_ref();
    let card = match (&letter.notice, letter.place) {
        (Notice::OpenRoom | Notice::CloseRoom | Notice::PublishEvent { .. }, _) => return None,
        (Notice::Invitation, _) => door::invitation(locale),
        (Notice::Welcome, _) => door::welcome(locale, &letter.community),
        (Notice::Doorbell, _) => door::doorbell(locale),
        (
            Notice::Ask | Notice::CheckIn | Notice::CheckInAgain | Notice::DidNotComeTogether | Notice::SeatFree,
            Place::Channel(_),
        ) => door::called(locale, letter.member?),
        (Notice::Ask, Place::Direct(user)) => {
            ask_card(locale, &letter.community, meetup?, user)?.under(door::question(locale, &letter.community))
        }
        (Notice::CheckIn, Place::Direct(user)) => {
            check_in_card(locale, meetup?, user)?.under(door::question(locale, &letter.community))
        }
        (Notice::CheckInAgain, Place::Direct(user)) => {
            check_in::once_more(locale, meetup?, user)?.under(door::question(locale, &letter.community))
        }
        (Notice::CheckInWaits, _) => check_in::waits(locale),
        (Notice::SeatFree, Place::Direct(user)) => {
            appointment::seat_free(locale, meetup?, user)?.under(door::question(locale, &letter.community))
        }
        (Notice::OpenAsk, _) => ask::open(locale, meetup?)?,
        (Notice::DidNotComeTogether, Place::Direct(_)) => door::did_not_come_together(locale, &letter.community),
        (Notice::RoomOpening, _) => room::opening(locale, meetup?),
        (Notice::OpenThread, _) => room::evening_opening(locale, meetup?),
        (Notice::PostPoll { poll, because }, _) => poll::posted(letter, meetup?, *poll, *because)?,
        (Notice::PollReminder { .. }, _) => poll::reminder(locale, meetup?)?,
        (Notice::RefreshPoll { poll }, _) => poll_card(locale, meetup?, *poll, poll::Why::Refreshed)?,
        (Notice::ItIsOn { .. } | Notice::Update { .. }, _) => appointment::announcement(locale, letter, meetup?)?,
        (Notice::Reminder { when }, _) => appointment::reminder(locale, meetup?, *when)?,
        (Notice::TimeOffered, _) => appointment::time_offered(locale, meetup?)?,
        (Notice::OfferSettled, _) => appointment::offer_settled(locale, meetup?),
        (Notice::RunningLate, _) => appointment::running_late(locale, meetup?),
        (Notice::PlaceNamed { .. }, _) => appointment::place_named(locale, meetup?)?,
        (Notice::NotThisTime { why, dropped }, _) => {
            let card = room::not_this_time(locale, *why, dropped.as_ref());
            match (dropped, meetup) {
                (Some(dropped), Some(meetup)) => card.with_file(invite::withdrawn(letter, meetup, dropped)),
                _ => card,
            }
        }
        (Notice::WordDrafted, _) => check_in::word_drafted(locale, meetup?)?,
        (Notice::Word, _) => check_in::word(locale, meetup?)?,
        (Notice::MeetAgain, _) => check_in::meet_again(locale, meetup?),
        (Notice::TryAgain, _) => check_in::try_again(locale, meetup?),
        (Notice::HeldLately { count }, _) => door::held_lately(locale, *count),
        (Notice::Report, _) => report::report(locale, meetup?, letter.member?),
    };
    let card = card.ringing(rung(&letter.notice, meetup).into_iter());
    // What is edited keeps being what it was; only a new message is to be found again.
    Some(if letter.edits.is_none() { card.marked(letter.id) } else { card })
}
