//! Polls of Discord's own, as people see them.

use std::fmt::Write as _;

use crate::world;

/// A poll of Discord's own, as it stood when somebody looked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenPoll {
    pub question: String,
    /// Each answer, and how many have chosen it.
    pub answers: Vec<(String, usize)>,
    pub is_over: bool,
}

impl SeenPoll {
    pub(super) fn of(poll: &world::Poll, now_ms: i64) -> Self {
        let answers = poll.answers.iter().map(|one| (one.text.clone(), one.voters.len())).collect();
        Self { question: poll.question.clone(), answers, is_over: poll.is_over(now_ms) }
    }

    /// Everything that a reader can read in it.
    pub(super) fn words(&self, text: &mut String) {
        let _ = write!(text, "\n{}", self.question);
        for (answer, count) in &self.answers {
            let _ = write!(text, "\n{answer}: {count}");
        }
    }
}
