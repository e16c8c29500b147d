//! What is kept of somebody, in words and as a file.

use serenity::all::CreateAttachment;

use crate::discord::render::escape;
use crate::discord::replies::Reply;
use crate::store::Export;
use crate::texts::{Locale, Texts, args};

/// The file of `/privacy export`.
const FILE: &str = "wallflower-my-data.json";

pub fn show(locale: Locale, kept: &[Export]) -> String {
    if kept.is_empty() {
        return Texts::plain(locale, "privacy-nothing");
    }
    let mut lines = vec![Texts::plain(locale, "privacy-heading")];
    lines.extend(kept.iter().map(|one| {
        let values = args([
            ("community", escape(&one.community_name).into()),
            ("ties", one.ties.into()),
            ("avoids", one.avoids.into()),
            ("wishes", one.wishes.into()),
            ("meetups", one.meetups.into()),
            ("met", one.met.into()),
        ]);
        Texts::say(locale, "privacy-line", &values)
    }));
    lines.push(Texts::plain(locale, "privacy-ending"));
    lines.join("\n")
}

pub fn export(locale: Locale, kept: &[Export]) -> Result<Reply, serde_json::Error> {
    if kept.is_empty() {
        return Ok(Texts::plain(locale, "privacy-nothing").into());
    }
    let file = CreateAttachment::bytes(serde_json::to_vec_pretty(kept)?, FILE);
    Ok(Reply::from(Texts::plain(locale, "privacy-export")).with_file(file))
}

pub fn forgotten(locale: Locale, communities: usize) -> String {
    if communities == 0 {
        return Texts::plain(locale, "privacy-nothing");
    }
    Texts::say(locale, "privacy-forgotten", &args([("count", communities.into())]))
}
