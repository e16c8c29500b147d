//! What stands at the doors: nameless lines, and the first hello.

use super::card::{Button, Card, Panel};
use super::{escape, mention};
use crate::discord::custom_id::Verb;
use crate::domain::ids::UserId;
use crate::store::Community;
use crate::texts::{Locale, Texts, args};

/// Before a question in a direct message. It shows on lock screens, so it names nobody.
pub(super) fn question(locale: Locale, community: &Community) -> String {
    Texts::say(locale, "door-question", &args([("community", escape(&community.name).into())]))
}

/// In the channel, to one who wants to be mentioned: that there is something, and nothing else.
pub(super) fn called(locale: Locale, member: UserId) -> Card {
    let content = Texts::say(locale, "door-called", &args([("member", mention(member).into())]));
    let buttons = vec![Button::inviting(Texts::plain(locale, "button-see-mine"), Verb::SeeMine)];
    Card { content, buttons, pings: vec![member], ..Card::default() }
}

/// The silent line of a round, for everybody.
pub(super) fn doorbell(locale: Locale) -> Card {
    let buttons = vec![
        Button::inviting(Texts::plain(locale, "button-see-mine"), Verb::SeeMine),
        Button::plain(Texts::plain(locale, "button-count-me-in"), Verb::CountMeIn),
    ];
    Card { content: Texts::plain(locale, "doorbell"), buttons, silent: true, ..Card::default() }
}

/// The nameless line of a month, for everybody.
pub(super) fn held_lately(locale: Locale, count: u32) -> Card {
    let content = Texts::say(locale, "held-lately", &args([("count", count.into())]));
    let buttons = vec![Button::plain(Texts::plain(locale, "button-count-me-in"), Verb::CountMeIn)];
    Card { content, buttons, silent: true, ..Card::default() }
}

/// What admins post to invite everybody.
pub(super) fn invitation(locale: Locale) -> Card {
    let title = Texts::plain(locale, "invitation-title");
    let panel = Some(Panel { title, body: Texts::plain(locale, "invitation") });
    let buttons = vec![Button::inviting(Texts::plain(locale, "button-count-me-in"), Verb::CountMeIn)];
    Card { panel, buttons, ..Card::default() }
}

pub(super) fn welcome(locale: Locale, community: &Community) -> Card {
    let content = Texts::say(locale, "welcome", &args([("community", escape(&community.name).into())]));
    let title = Texts::plain(locale, "welcome-title");
    let panel = Some(Panel { title, body: Texts::plain(locale, "welcome-body") });
    Card { content, panel, ..Card::default() }
}

/// The same words whatever the reason was.
pub(super) fn did_not_come_together(locale: Locale, community: &Community) -> Card {
    let content = Texts::say(locale, "door-news", &args([("community", escape(&community.name).into())]));
    news_card(locale, 1).under(content)
}

/// The same under *See mine*, for all that has not been heard of yet.
pub fn news_card(locale: Locale, count: usize) -> Card {
    let title = Texts::say(locale, "did-not-come-together-title", &args([("count", count.into())]));
    let panel = Some(Panel { title, body: Texts::plain(locale, "did-not-come-together-body") });
    Card { panel, ..Card::default() }
}
