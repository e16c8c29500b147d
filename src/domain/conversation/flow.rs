//! What is said in one channel, as it is counted: each guess once when it is heard, and once more, by the difference, when
//! it is final. So that a death of the process changes nothing of that, it is known up to which message all guesses are
//! final; the others are made again from the messages before, uncounted.

use chrono::{DateTime, Duration, Utc};

use super::{Habits, Heard, Settled, Window};
use crate::domain::ids::{MessageId, UserId};
use crate::domain::observation::Observation;

/// After a silence this long nothing more is learned of what was said before it: nights look like this.
pub const SILENCE: Duration = Duration::hours(6);

/// A channel's window, with what it owes to the counts.
#[derive(Debug, Clone)]
pub struct Flow {
    window: Window,
    /// When the last message was written.
    last_at: Option<DateTime<Utc>>,
    /// All guesses up to here are final, and counted so.
    settled: MessageId,
    /// Final by what was heard again, not counted so yet.
    owed: Vec<Settled>,
}

impl Flow {
    /// Of a channel whose guesses are final up to this message.
    pub const fn after(settled: MessageId, window: Window) -> Self {
        Self { window, last_at: None, settled, owed: Vec::new() }
    }

    /// Takes in again what was counted before, oldest first: the window is as if it had heard it, and the guesses that were
    /// not final wait again. Nothing is learned.
    pub fn recall<'o>(&mut self, said: impl Iterator<Item = &'o Observation>, habits: &Habits) {
        let mut habits = habits.as_they_are();
        for observation in said {
            let heard = self.take_in(observation, &mut habits);
            self.owed.extend(heard.settled.into_iter().chain(heard.over));
        }
    }

    /// Takes in the channel's next message, to be counted by what is returned: whom it was for, and what is final by it.
    pub fn hear(&mut self, observation: &Observation, habits: &mut Habits) -> Heard {
        let mut heard = self.take_in(observation, habits);
        if !self.owed.is_empty() {
            heard.over.append(&mut self.owed);
        }
        heard
    }

    /// What still waits and is owed, as it stands; nothing waits afterwards.
    pub fn settle(&mut self, habits: &Habits) -> Vec<Settled> {
        let mut owed = std::mem::take(&mut self.owed);
        let settled = self.settled;
        owed.extend(self.window.settle(habits).into_iter().filter(|guess| guess.message > settled));
        owed
    }

    /// Up to where all guesses are final once all that was returned is counted, of a channel counted up to `mark`.
    pub fn settled(&self, mark: MessageId) -> MessageId {
        let owed = self.owed.iter().map(|guess| guess.message);
        let first = owed.chain(self.window.waits_from(self.settled)).min();
        first.map_or(mark, |first| MessageId::from_column(first.get() - 1))
    }

    /// Whether anything does.
    pub fn waits(&self) -> bool {
        !self.owed.is_empty() || self.window.waits_from(self.settled).is_some()
    }

    /// The author of a message still in the window.
    pub fn author_of(&self, message: MessageId) -> Option<UserId> {
        self.window.author_of(message)
    }

    fn take_in(&mut self, observation: &Observation, habits: &mut Habits) -> Heard {
        let ends = self.last_at.is_some_and(|last| observation.at() - last > SILENCE);
        let over = if ends { self.window.settle(habits) } else { Vec::new() };
        self.last_at = Some(observation.at());
        let mut heard = self.window.hear(observation, habits);
        heard.over = over;
        heard.over.retain(|guess| guess.message > self.settled);
        heard.settled = heard.settled.filter(|guess| guess.message > self.settled);
        heard
    }
}

#[cfg(test)]
#[path = "flow_tests.rs"]
mod tests;
