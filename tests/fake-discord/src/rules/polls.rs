//! Discord's own polls: asked with a new message, never changed afterwards.

use super::Verdict;
use super::message::Purpose;
use super::node::Node;

const QUESTION: usize = 300;
const ANSWER: usize = 55;
const ANSWERS: usize = 10;
/// 32 days.
const HOURS: u64 = 768;

pub(super) fn check(message: &Node<'_>, purpose: Purpose, components_only: bool) -> Verdict {
    let Some(poll) = message.get("poll") else { return Ok(()) };
    if purpose == Purpose::Edit {
        return message.fault_at("poll", "a poll comes with a new message and is never edited");
    }
    if components_only {
        return message.fault_at("poll", "a message of components only has no poll");
    }
    // What stands there at all is checked; that something does, Discord's own description says.
    if let Some(question) = poll.get("question") {
        question.require_text("text", 1..=QUESTION)?;
        question.forbid("emoji", "a question has a text only")?;
    }
    poll.check_count("answers", ANSWERS)?;
    for answer in poll.list("answers") {
        answer.require("poll_media", "an answer needs its text")?;
        if let Some(media) = answer.get("poll_media") {
            media.require_text("text", 1..=ANSWER)?;
        }
    }
    match poll.get("duration") {
        Some(_) if !poll.number("duration").is_some_and(|hours| (1..=HOURS).contains(&hours)) => {
            poll.fault_at("duration", format!("must be 1 to {HOURS} hours"))
        }
        _ => Ok(()),
    }
}
