//! Embeds: each within its limits, all of them together within one more.

use super::Verdict;
use super::node::Node;

const EMBEDS: usize = 10;
const FIELDS: usize = 25;
/// All texts of all embeds of a message together.
const TOGETHER: usize = 6_000;

pub(super) fn check(message: &Node<'_>) -> Verdict {
    message.check_count("embeds", EMBEDS)?;
    let mut together = 0;
    for embed in message.list("embeds") {
        check_one(&embed)?;
        together += length(&embed);
    }
    if together > TOGETHER {
        return message.fault_at("embeds", format!("{together} characters together, at most {TOGETHER} are taken"));
    }
    Ok(())
}

fn check_one(embed: &Node<'_>) -> Verdict {
    const VISIBLE: [&str; 8] = ["title", "description", "fields", "image", "thumbnail", "author", "footer", "video"];
    if VISIBLE.iter().all(|field| embed.length(field) == 0 && embed.list(field).is_empty() && !embed.has_object(field))
    {
        return embed.fault("an embed needs something to show");
    }
    embed.check_text("title", 0..=256)?;
    embed.check_text("description", 0..=4_096)?;
    embed.check_count("fields", FIELDS)?;
    for field in embed.list("fields") {
        field.require_text("name", 1..=256)?;
        field.require_text("value", 1..=1_024)?;
    }
    if let Some(footer) = embed.get("footer") {
        footer.require_text("text", 1..=2_048)?;
    }
    if let Some(author) = embed.get("author") {
        author.require_text("name", 1..=256)?;
    }
    Ok(())
}

fn length(embed: &Node<'_>) -> usize {
    let fields: usize = embed.list("fields").iter().map(|field| field.length("name") + field.length("value")).sum();
    let footer = embed.get("footer").map_or(0, |footer| footer.length("text"));
    let author = embed.get("author").map_or(0, |author| author.length("name"));
    embed.length("title") + embed.length("description") + fields + footer + author
}
