//! Answers to what members do.

use super::profile;
use super::{long_time, name};
use crate::app::enrol::Joined;
use crate::app::meetups::HistoryEntry;
use crate::app::wish::{Acquaintance, Wished};
use crate::discord::render::escape;
use crate::discord::replies::Reply;
use crate::domain::meetup::Meetup;
use crate::domain::member::{Membership, Profile};
use crate::domain::place::City;
use crate::texts::{self, Locale, Texts, args};

/// Entries of `/meet history` that one answer shows.
const MOST_ENTRIES: usize = 15;

/// With all that may be told besides; none of it has to be.
pub fn joined(locale: Locale, joined: Joined, told: &Profile) -> Reply {
    let text = match joined {
        Joined::Now => Texts::plain(locale, "joined-now"),
        Joined::Already => Texts::plain(locale, "joined-already"),
    };
    Reply::from(text).with_rows(profile::selects(locale, told))
}

pub fn paused(locale: Locale, membership: Membership) -> String {
    match membership {
        Membership::PausedUntil(until) => Texts::say(locale, "paused", &args([("until", long_time(until).into())])),
        Membership::Active | Membership::Left => Texts::plain(locale, "pause-ended"),
    }
}

pub fn left(locale: Locale) -> String {
    Texts::plain(locale, "left")
}

pub fn who(locale: Locale, people: &[Acquaintance]) -> String {
    if people.is_empty() {
        return Texts::plain(locale, "who-nobody");
    }
    let mut lines = vec![Texts::plain(locale, "who")];
    lines.extend(people.iter().map(|one| {
        let values = args([("name", name(one.user).into()), ("reasons", texts::reasons(locale, &one.reasons).into())]);
        Texts::say(locale, "who-line", &values)
    }));
    lines.push(Texts::plain(locale, "who-ending"));
    lines.join("\n")
}

/// Depends on the wisher alone.
pub fn wished(locale: Locale, wished: Wished) -> String {
    match wished {
        Wished::Noted => Texts::plain(locale, "wish-noted"),
        Wished::TooManyOpen => Texts::plain(locale, "wish-too-many"),
        Wished::NotAgainYet => Texts::plain(locale, "wish-not-again"),
    }
}

pub fn avoided(locale: Locale) -> String {
    Texts::plain(locale, "avoided")
}

pub fn opened(locale: Locale, meetup: &Meetup) -> String {
    match meetup.city.and_then(City::by_id) {
        Some(city) => Texts::say(locale, "opened-in", &args([("city", city.label().into())])),
        None => Texts::plain(locale, "opened"),
    }
}

pub fn feed(locale: Locale, address: &str) -> String {
    Texts::say(locale, "feed-address", &args([("address", address.into())]))
}

pub fn feed_revoked(locale: Locale, was_there: bool) -> String {
    if was_there { Texts::plain(locale, "feed-revoked") } else { Texts::plain(locale, "feed-none") }
}

pub fn history(locale: Locale, entries: &[HistoryEntry]) -> String {
    if entries.is_empty() {
        return Texts::plain(locale, "history-empty");
    }
    let mut lines = vec![Texts::plain(locale, "history-heading")];
    lines.extend(entries.iter().take(MOST_ENTRIES).map(|entry| history_line(locale, entry)));
    if entries.len() > MOST_ENTRIES {
        lines.push(Texts::say(locale, "and-more", &args([("count", (entries.len() - MOST_ENTRIES).into())])));
    }
    lines.join("\n")
}

fn history_line(locale: Locale, entry: &HistoryEntry) -> String {
    let someone = (0..entry.someone).map(|_| Texts::plain(locale, "someone"));
    let people: Vec<_> = entry.with.iter().map(|user| super::name(*user)).chain(someone).collect();
    let place = entry.place.as_deref().map_or_else(String::new, |place| format!(" · {}", escape(place)));
    format!("- {} · {}{place}", long_time(entry.at), people.join(", "))
}
