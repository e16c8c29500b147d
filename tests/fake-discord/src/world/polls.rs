//! Discord's own polls: asked once, never edited, voted in by people only, and over after their hours or when their
//! author ends them.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::messages::POLL_RESULT;
use super::{Draft, Reference, World, permissions};
use crate::clock::timestamp;
use crate::refusal::Refusal;
use crate::{BOT_ID, Id};

const HOUR_MS: i64 = 60 * 60 * 1000;
/// Hours, where a request does not say.
const USUAL_HOURS: i64 = 24;

#[derive(Debug, Clone)]
pub struct Poll {
    pub question: String,
    pub answers: Vec<Answer>,
    pub multiselect: bool,
    pub expires_ms: i64,
    /// Ended early by its author.
    pub ended: bool,
}

/// One answer; its id is its place, from 1 on.
#[derive(Debug, Clone)]
pub struct Answer {
    pub text: String,
    pub voters: BTreeSet<Id>,
}

impl Poll {
    /// From a request whose rules have been checked.
    pub fn asked(body: &Value, now_ms: i64) -> Self {
        let text = |media: &Value| media["text"].as_str().unwrap_or_default().to_owned();
        let answer = |one: &Value| Answer { text: text(&one["poll_media"]), voters: BTreeSet::new() };
        Self {
            question: text(&body["question"]),
            answers: body["answers"].as_array().into_iter().flatten().map(answer).collect(),
            multiselect: body["allow_multiselect"].as_bool().unwrap_or_default(),
            expires_ms: now_ms + body["duration"].as_i64().unwrap_or(USUAL_HOURS) * HOUR_MS,
            ended: false,
        }
    }

    pub fn is_over(&self, now_ms: i64) -> bool {
        self.ended || self.expires_ms <= now_ms
    }

    pub(super) fn json(&self, now_ms: i64) -> Value {
        let numbered = || (1..).zip(&self.answers);
        let answers: Vec<Value> = numbered()
            .map(|(id, one): (u64, _)| json!({ "answer_id": id, "poll_media": { "text": one.text } }))
            .collect();
        let counts: Vec<Value> = numbered()
            .map(|(id, one): (u64, _)| json!({ "id": id, "count": one.voters.len(), "me_voted": false }))
            .collect();
        json!({
            "question": { "text": self.question }, "answers": answers, "expiry": timestamp(self.expires_ms),
            "allow_multiselect": self.multiselect, "layout_type": 1,
            "results": { "answer_counts": counts, "is_finalized": self.is_over(now_ms) },
        })
    }
}

impl World {
    /// Somebody's whole choice, by the texts of the answers: what is not among them is taken back.
    pub fn vote(&mut self, user: Id, message: Id, texts: &[&str]) -> Result<(), Refusal> {
        let now = self.now_ms();
        let found = self.messages.get(&message).ok_or_else(Refusal::unknown_message)?;
        let channel = found.channel;
        if user == BOT_ID || !self.may(user, channel, permissions::VIEW_CHANNEL) {
            return Err(Refusal::missing_permissions());
        }
        let poll = self.messages.get_mut(&message).and_then(|m| m.poll.as_mut()).ok_or_else(Refusal::no_poll)?;
        if poll.is_over(now) {
            return Err(Refusal::poll_expired());
        }
        if texts.iter().any(|text| poll.answers.iter().all(|one| one.text != *text)) {
            return Err(Refusal::invalid("answer_ids", "no such answer"));
        }
        if !poll.multiselect && texts.len() > 1 {
            return Err(Refusal::invalid("answer_ids", "this poll takes one answer"));
        }
        let mut changes: Vec<(&'static str, u64)> = Vec::new();
        for (id, answer) in (1..).zip(&mut poll.answers) {
            if texts.contains(&answer.text.as_str()) {
                changes.extend(answer.voters.insert(user).then_some(("MESSAGE_POLL_VOTE_ADD", id)));
            } else {
                changes.extend(answer.voters.remove(&user).then_some(("MESSAGE_POLL_VOTE_REMOVE", id)));
            }
        }
        for (name, answer) in changes {
            let mut data = self.reaction_place(channel, message);
            data["user_id"] = json!(user.to_string());
            data["answer_id"] = json!(answer);
            self.emit_in(channel, name, data);
        }
        Ok(())
    }

    /// Ends a poll of the bot before its time. Discord then says so in a line of its own.
    pub fn expire_poll(&mut self, channel: Id, message: Id) -> Result<(), Refusal> {
        let now = self.now_ms();
        if self.message_in(channel, message)?.author != BOT_ID {
            return Err(Refusal::not_your_message());
        }
        let poll = self.messages.get_mut(&message).and_then(|m| m.poll.as_mut()).ok_or_else(Refusal::no_poll)?;
        if poll.is_over(now) {
            return Err(Refusal::poll_expired());
        }
        poll.ended = true;
        let question = poll.question.clone();
        self.tell_update(message);
        let embed = json!({
            "type": "poll_result",
            "fields": [{ "name": "poll_question_text", "value": question, "inline": false }],
        });
        let result = Draft {
            kind: POLL_RESULT,
            embeds: vec![embed],
            reference: Some(Reference { channel, message }),
            ..Draft::new(channel, BOT_ID, "")
        };
        self.write(result);
        Ok(())
    }
}
