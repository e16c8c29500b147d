//! The text of a poll: times in each reader's own zone, with the real counts, since the bot's own reactions count
//! nothing.

use super::card::{Button, Card, Question};
use super::{Shown, escape, mention, moment};
use crate::app::messenger::Letter;
use crate::discord::answers::ballot::clock_time;
use crate::discord::ballot;
use crate::discord::custom_id::Verb;
use crate::domain::meetup::{Kind, Limits, Meetup, State, Style};
use crate::domain::member::Setting;
use crate::domain::notice::AnotherPollBecause;
use crate::domain::place::City;
use crate::domain::poll::{Ballot, Choice, Count, Poll};
use crate::domain::slot::Slot;
use crate::texts::{Locale, Texts, args};

/// Discord's own limit: 32 days.
const MOST_HOURS: u16 = 768;

/// On which occasion the text is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    Posted(Option<AnotherPollBecause>),
    Refreshed,
}

/// The poll with this number. Once it is closed, a line that says so; `None` where a poll to be posted is not open.
pub fn poll_card(locale: Locale, meetup: &Meetup, number: u8, why: Why) -> Option<Card> {
    match &meetup.state {
        State::Polling { poll } if poll.number == number => Some(open(locale, meetup, poll, why)),
        _ if why == Why::Refreshed => Some(closed(locale, meetup, number)),
        _ => None,
    }
}

/// The same as a new message: a poll of Discord's own has its question besides, with times as clocks of the community
/// show them, since answers are plain text.
pub(super) fn posted(
    letter: &Letter,
    meetup: &Meetup,
    number: u8,
    because: Option<AnotherPollBecause>,
) -> Option<Card> {
    let locale = super::locale_of(letter);
    let card = poll_card(locale, meetup, number, Why::Posted(because))?;
    let State::Polling { poll } = &meetup.state else { return Some(card) };
    let question = (poll.ballot == Ballot::Native).then(|| question(locale, letter, poll));
    Some(Card { poll: question, ..card })
}

fn question(locale: Locale, letter: &Letter, poll: &Poll) -> Question {
    let zone = letter.community.zone;
    let times =
        (1..).zip(&poll.slots).map(|(number, slot)| format!("{number} · {}", clock_time(locale, slot.start(), zone)));
    let none = Texts::plain(locale, "poll-native-none");
    // Open at least as long as ours: it is ended with ours.
    let minutes = (poll.closes_by - letter.id.time()).num_minutes().max(0);
    let hours = u16::try_from(minutes / 60 + 1).unwrap_or(u16::MAX).min(MOST_HOURS);
    let text = Texts::say(locale, "poll-native-question", &args([("zone", zone.name().into())]));
    Question { text, answers: times.chain([none]).collect(), hours }
}

fn open(locale: Locale, meetup: &Meetup, poll: &Poll, why: Why) -> Card {
    let mut lines = vec![format!("**{}**", title(locale, meetup))];
    lines.extend(another(locale, poll, why));
    lines.push(match poll.ballot {
        Ballot::Reactions => Texts::plain(locale, "poll-how"),
        Ballot::Buttons => Texts::plain(locale, "poll-how-buttons"),
        Ballot::Native => Texts::plain(locale, "poll-how-native"),
    });
    lines.push(String::new());
    lines.extend(if poll.ballot == Ballot::Native { times(locale, poll) } else { tally(locale, meetup, poll) });
    // In the channel, whoever reads it would learn who is away.
    if poll.by_a_trip && poll.proposed == 0 && meetup.style == Style::Discreet {
        lines.push(Texts::plain(locale, "poll-by-a-trip"));
    }
    lines.extend(turnout(locale, meetup, poll));
    lines.extend(limits(locale, meetup));
    lines.push(String::new());
    let deadline = args([("deadline", moment(poll.closes_by, Shown::Relative).into())]);
    let (closes, button) = match meetup.kind {
        Kind::Suggested => (
            Texts::say(locale, "poll-closes", &deadline),
            Button::grave(Texts::plain(locale, "button-report"), Verb::Report { meetup: meetup.id }),
        ),
        Kind::OpenEvening => (
            match poll.ballot {
                Ballot::Reactions => Texts::say(locale, "poll-open-closes", &deadline),
                Ballot::Buttons | Ballot::Native => Texts::say(locale, "poll-open-closes-buttons", &deadline),
            },
            Button::inviting(Texts::plain(locale, "button-count-me-in"), Verb::CountMeIn),
        ),
    };
    lines.push(closes);
    let vote = Button::inviting(Texts::plain(locale, "button-vote"), Verb::Vote { meetup: meetup.id });
    let vote = (poll.ballot == Ballot::Buttons).then_some(vote);
    // With buttons it stands on each one's ballot.
    let grows = poll.ballot == Ballot::Reactions && poll.may_grow() && meetup.kind == Kind::Suggested;
    let propose = Button::plain(Texts::plain(locale, "button-propose"), Verb::Propose { meetup: meetup.id });
    let propose = grows.then_some(propose);
    // At an open evening whoever reads the channel would ask in vain.
    let times = Button::plain(Texts::plain(locale, "button-times"), Verb::CommonTimes { meetup: meetup.id });
    let times = (meetup.kind == Kind::Suggested).then_some(times);
    Card {
        content: lines.join("\n"),
        buttons: vote.into_iter().chain(propose).chain(times).chain([button]).collect(),
        ..Card::default()
    }
}

/// To those who have not voted, who are named below it.
pub(super) fn reminder(locale: Locale, meetup: &Meetup) -> Option<Card> {
    let State::Polling { poll } = &meetup.state else { return None };
    let deadline = moment(poll.closes_by, Shown::Relative);
    let content = Texts::say(locale, "poll-reminder", &args([("deadline", deadline.into())]));
    let vote = Button::inviting(Texts::plain(locale, "button-vote"), Verb::Vote { meetup: meetup.id });
    let vote = (poll.ballot == Ballot::Buttons).then_some(vote);
    let times = Button::plain(Texts::plain(locale, "button-times"), Verb::CommonTimes { meetup: meetup.id });
    Some(Card { content, buttons: vote.into_iter().chain([times]).collect(), ..Card::default() })
}

/// Who has not voted stands in a private thread only; where all can read it, numbers do. Discord's own poll tells both
/// itself, and its text cannot follow.
fn turnout(locale: Locale, meetup: &Meetup, poll: &Poll) -> Option<String> {
    if meetup.kind == Kind::OpenEvening || poll.ballot == Ballot::Native {
        return None;
    }
    let (silent, all) = (meetup.silent().count(), meetup.present().count());
    let silent_ones = || super::people(locale, meetup.silent().map(|one| one.user));
    match meetup.style {
        // Before anybody has, it would only repeat the names.
        _ if silent == 0 || silent == all => None,
        Style::Discreet => Some(Texts::say(locale, "poll-silent", &args([("people", silent_ones().into())]))),
        Style::Open => {
            let values = args([("voted", (all - silent).into()), ("all", all.into())]);
            Some(Texts::say(locale, "poll-turnout", &values))
        }
    }
}

/// How many an open evening has room for, and needs.
fn limits(locale: Locale, meetup: &Meetup) -> Vec<String> {
    let Limits { most, least } = meetup.limits;
    let most = most.map(|most| Texts::say(locale, "poll-limits-most", &args([("most", most.into())])));
    let least = least.map(|least| Texts::say(locale, "poll-limits-least", &args([("least", least.into())])));
    most.into_iter().chain(least).collect()
}

fn title(locale: Locale, meetup: &Meetup) -> String {
    let host = meetup.host().filter(|_| meetup.kind == Kind::OpenEvening);
    let Some(host) = host.map(|host| mention(host.user)) else {
        return match meetup.setting {
            Setting::InPerson => Texts::plain(locale, "poll-title"),
            Setting::Call => Texts::plain(locale, "poll-title-call"),
        };
    };
    match meetup.city.and_then(City::by_id) {
        Some(city) => {
            let city = escape(&city.label());
            Texts::say(locale, "poll-open-title", &args([("host", host.into()), ("city", city.into())]))
        }
        None => Texts::say(locale, "poll-open-title-anywhere", &args([("host", host.into())])),
    }
}

fn another(locale: Locale, poll: &Poll, why: Why) -> Option<String> {
    match why {
        Why::Posted(Some(AnotherPollBecause::NoCommonTime)) => Some(Texts::plain(locale, "poll-no-common-time")),
        Why::Posted(Some(AnotherPollBecause::Asked)) => Some(Texts::plain(locale, "poll-asked")),
        Why::Refreshed if poll.number > 1 => Some(Texts::plain(locale, "poll-second")),
        Why::Posted(None) | Why::Refreshed => None,
    }
}

/// Without numbers: this text cannot be changed, and Discord shows them.
fn times(locale: Locale, poll: &Poll) -> Vec<String> {
    let line = |(number, slot): (usize, &Slot)| {
        let values = args([("number", number.to_string().into()), ("time", moment(slot.start(), Shown::Whole).into())]);
        Texts::say(locale, "poll-native-slot", &values)
    };
    (1..).zip(&poll.slots).map(line).collect()
}

fn tally(locale: Locale, meetup: &Meetup, poll: &Poll) -> Vec<String> {
    let (counts, none) = poll.counts(meetup.votes());
    let line = |choice: Choice| {
        let emoji = ballot::emoji(choice)?;
        let index = match choice {
            Choice::Slot(index) | Choice::IfNeedBe(index) => usize::from(index),
            Choice::NoneOfThese => {
                let values = args([("emoji", emoji.into()), ("count", none.into())]);
                return Some(Texts::say(locale, "poll-none-of-these", &values));
            }
        };
        let time = moment(poll.slots.get(index)?.start(), Shown::Whole);
        let Count { yes, if_need_be } = counts.get(index).copied().unwrap_or_default();
        let values = args([
            ("emoji", emoji.into()),
            ("time", time.into()),
            ("count", yes.into()),
            ("reluctant", if_need_be.into()),
        ]);
        let key = if if_need_be == 0 { "poll-slot" } else { "poll-slot-if-need-be" };
        Some(Texts::say(locale, key, &values))
    };
    ballot::choices(poll.slots.len()).filter_map(line).collect()
}

fn closed(locale: Locale, meetup: &Meetup, number: u8) -> Card {
    // Only the last poll can have found the time that stands now.
    let agreed = meetup.appointment().filter(|_| meetup.polls == number);
    let content = match agreed {
        Some(on) => {
            let time = moment(on.slot.start(), Shown::Whole);
            Texts::say(locale, "poll-closed-agreed", &args([("time", time.into())]))
        }
        None => Texts::plain(locale, "poll-closed"),
    };
    Card { content, ..Card::default() }
}
