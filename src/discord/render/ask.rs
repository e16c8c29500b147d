//! The question whether these would like to meet: to one alone, or (style *open*) in the channel.
//!
//! Before they have said yes, reasons speak only of what both can see: no city, no distance, no times.

use super::card::{Button, Card, Panel};
use super::{Shown, escape, moment, others, people};
use crate::app::meetups::Answer;
use crate::discord::custom_id::Verb;
use crate::domain::ids::UserId;
use crate::domain::meetup::{Meetup, State};
use crate::store::Community;
use crate::texts::{Locale, Texts, args, reasons};

/// The ask as one member sees it, in a direct message or under *See mine*. `None` once it is no question any more.
pub fn ask_card(locale: Locale, community: &Community, meetup: &Meetup, member: UserId) -> Option<Card> {
    let State::Proposed { until } = &meetup.state else { return None };
    let others = others(locale, meetup, member);
    let count = meetup.invited;
    let about = args([
        ("others", others.clone().into()),
        ("community", escape(&community.name).into()),
        ("count", count.into()),
    ]);
    let deadline = args([("deadline", moment(*until, Shown::Relative).into())]);
    let mut lines = vec![Texts::say(locale, "ask-body", &about)];
    lines.extend(why(locale, meetup));
    lines.push(Texts::say(locale, "ask-quiet", &args([("others", others.into()), ("count", count.into())])));
    lines.push(Texts::say(locale, "ask-until", &deadline));
    if meetup.is_table() {
        lines.push(Texts::plain(locale, "ask-one-of-them"));
    }
    let panel = Some(Panel { title: Texts::plain(locale, "ask-title"), body: lines.join("\n\n") });
    Some(Card { panel, buttons: buttons(locale, meetup), ..Card::default() })
}

/// The ask in the channel, where all of them have allowed their names.
pub(super) fn open(locale: Locale, meetup: &Meetup) -> Option<Card> {
    let State::Proposed { until } = &meetup.state else { return None };
    let names = people(locale, meetup.participants.iter().map(|one| one.user));
    let deadline = args([("deadline", moment(*until, Shown::Relative).into()), ("count", meetup.invited.into())]);
    let mut lines = vec![Texts::say(locale, "open-ask-body", &args([("people", names.clone().into())]))];
    lines.extend(why(locale, meetup));
    lines.push(Texts::say(locale, "open-ask-quiet", &deadline));
    let title = Texts::say(locale, "open-ask-title", &args([("count", meetup.invited.into())]));
    let panel = Some(Panel { title, body: lines.join("\n\n") });
    // "Rather not with this person" would be unkind where all can read it; `/meet avoid` is there.
    let buttons = buttons(locale, meetup).into_iter().filter(|button| !is_avoid(button)).collect();
    Some(Card { content: names, panel, buttons, ..Card::default() })
}

fn why(locale: Locale, meetup: &Meetup) -> Option<String> {
    let words = reasons(locale, &meetup.reasons);
    let values = args([("reasons", words.clone().into()), ("count", meetup.invited.into())]);
    (!words.is_empty()).then(|| Texts::say(locale, "ask-why", &values))
}

fn is_avoid(button: &Button) -> bool {
    matches!(button.verb, Verb::Ask { answer: Answer::Avoid, .. })
}

/// At a table "this person" would be nobody: there `/meet avoid` says whom.
fn buttons(locale: Locale, meetup: &Meetup) -> Vec<Button> {
    let ask = |answer| Verb::Ask { meetup: meetup.id, answer };
    let table = meetup.is_table();
    let known = if table { "button-known-all" } else { "button-known" };
    let avoid = Button::plain(Texts::plain(locale, "button-avoid"), ask(Answer::Avoid));
    let mut buttons = vec![
        Button::inviting(Texts::plain(locale, "button-yes"), ask(Answer::Yes)),
        Button::plain(Texts::plain(locale, "button-not-now"), ask(Answer::NotNow)),
        Button::plain(Texts::plain(locale, known), ask(Answer::KnowEachOther)),
    ];
    buttons.extend((!table).then_some(avoid));
    buttons.push(Button::grave(Texts::plain(locale, "button-report"), ask(Answer::Report)));
    buttons
}
