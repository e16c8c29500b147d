//! The question of the next morning.

use super::card::{Button, Card, Panel};
use super::{Shown, escape, moment, people};
use crate::discord::custom_id::Verb;
use crate::domain::ids::UserId;
use crate::domain::meetup::{Account, Kind, Meetup};
use crate::texts::{Locale, Texts, args};

/// The check-in as one member sees it, in a direct message or under *See mine*. `None` where there was no appointment.
pub fn check_in_card(locale: Locale, meetup: &Meetup, member: UserId) -> Option<Card> {
    let on = meetup.appointment()?;
    let day = moment(on.slot.start(), Shown::Day);
    let body = match meetup.kind {
        Kind::Suggested => {
            let others = people(locale, meetup.present().map(|one| one.user).filter(|user| *user != member));
            Texts::say(locale, "check-in-body", &args([("others", others.into()), ("day", day.into())]))
        }
        Kind::OpenEvening => Texts::say(locale, "check-in-body-open", &args([("day", day.into())])),
    };
    let panel = Some(Panel { title: Texts::plain(locale, "check-in-title"), body });
    let says = |account| Verb::CheckIn { meetup: meetup.id, account };
    let buttons = vec![
        Button::inviting(Texts::plain(locale, "button-we-met"), says(Account::WeMet)),
        Button::plain(Texts::plain(locale, "button-did-not-happen"), says(Account::DidNotHappen)),
        Button::plain(Texts::plain(locale, "button-was-alone"), says(Account::WasAlone)),
        Button::grave(Texts::plain(locale, "button-not-right"), says(Account::NotRight)),
    ];
    Some(Card { panel, buttons, ..Card::default() })
}

/// The same for who has said nothing so far.
pub(super) fn once_more(locale: Locale, meetup: &Meetup, member: UserId) -> Option<Card> {
    let mut card = check_in_card(locale, meetup, member)?;
    if let Some(panel) = &mut card.panel {
        panel.body = format!("{}\n\n{}", panel.body, Texts::plain(locale, "check-in-once-more"));
    }
    Some(card)
}

/// All of them would meet again, each by their own word.
pub(super) fn meet_again(locale: Locale, meetup: &Meetup) -> Card {
    let content = match meetup.before.held {
        0 => Texts::plain(locale, "meet-again"),
        _ => Texts::plain(locale, "meet-again-rhythm"),
    };
    Card { content, buttons: vec![go_on(locale, meetup, "button-find-a-time")], ..Card::default() }
}

/// Would the others like the community to read this?
pub(super) fn word_drafted(locale: Locale, meetup: &Meetup) -> Option<Card> {
    let word = args([("word", escape(meetup.word.as_ref()?).into())]);
    let says = |fine| Verb::WordIsFine { meetup: meetup.id, fine };
    let buttons = vec![
        Button::plain(Texts::plain(locale, "button-word-fine"), says(true)),
        Button::plain(Texts::plain(locale, "button-word-rather-not"), says(false)),
    ];
    Some(Card { content: Texts::say(locale, "word-drafted", &word), buttons, silent: true, ..Card::default() })
}

/// That word, where everybody reads it. It names nobody.
pub(super) fn word(locale: Locale, meetup: &Meetup) -> Option<Card> {
    let values = args([("word", escape(meetup.word.as_ref()?).into()), ("count", meetup.present().count().into())]);
    let buttons = vec![Button::plain(Texts::plain(locale, "button-count-me-in"), Verb::CountMeIn)];
    Some(Card { content: Texts::say(locale, "word", &values), buttons, silent: true, ..Card::default() })
}

/// It did not happen. Nobody is asked why, and nobody is rung.
pub(super) fn try_again(locale: Locale, meetup: &Meetup) -> Card {
    let content = Texts::plain(locale, "try-again");
    Card { content, buttons: vec![go_on(locale, meetup, "button-try-again")], silent: true, ..Card::default() }
}

fn go_on(locale: Locale, meetup: &Meetup, label: &str) -> Button {
    Button::inviting(Texts::plain(locale, label), Verb::GoOn { meetup: meetup.id })
}

/// The nameless line in the room, for whom no message of their own reaches.
pub(super) fn waits(locale: Locale) -> Card {
    let buttons = vec![Button::inviting(Texts::plain(locale, "button-see-mine"), Verb::SeeMine)];
    Card { content: Texts::plain(locale, "check-in-waits"), buttons, silent: true, ..Card::default() }
}
