//! What is kept of somebody, in words.

use crate::discord::render::escape;
use crate::store::Export;
use crate::texts::{Locale, Texts, args};

pub fn show(locale: Locale, kept: &[Export]) -> String {
    if kept.is_empty() {
        return Texts::plain(locale, "privacy-nothing");
    }
    let mut lines = vec![Texts::plain(locale, "privacy-heading")];
    lines.extend(kept.iter().map(|one| {
        let values = args([
            ("community", escape(&one.community_name).into()),
            ("ties", one.ties.len().into()),
            ("avoids", one.avoids.len().into()),
            ("wishes", one.wishes.len().into()),
            ("meetups", one.participants.len().into()),
            ("met", one.met.iter().filter(|met| !met.known_before).count().into()),
        ]);
        Texts::say(locale, "privacy-line", &values)
    }));
    lines.push(Texts::plain(locale, "privacy-ending"));
    lines.join("\n")
}

pub fn forgotten(locale: Locale, communities: usize) -> String {
    if communities == 0 {
        return Texts::plain(locale, "privacy-nothing");
    }
    Texts::say(locale, "privacy-forgotten", &args([("count", communities.into())]))
}
