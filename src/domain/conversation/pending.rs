//! Messages that wait for what is said next: an answer, or a name, shows whom a message had been for.

use super::afterwards::TracedAfterwards;
use super::cues::Traced;
use super::people::Each;
use super::{Addressee, Addressees};
use crate::domain::ids::{MessageId, UserId};
use crate::domain::observation::Observation;
use crate::domain::tie::Thousandths;

/// After so many further messages a guess is final.
pub const AHEAD: usize = 24;

/// A guess that has become final.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    pub message: MessageId,
    pub author: UserId,
    /// As it was told when the message was heard.
    pub first: Addressees,
    /// As it is now; it replaces the first.
    pub last: Addressees,
}

impl Settled {
    /// What has to be added to the first so that it becomes the last: amounts may be below zero.
    pub fn changes(&self) -> Addressees {
        let mut changes = self.last.clone();
        for was in &self.first {
            match changes.iter_mut().find(|is| is.user == was.user && is.kind == was.kind) {
                Some(is) => is.weight.0 -= was.weight.0,
                None => changes.push(Addressee { weight: Thousandths(-was.weight.0), ..*was }),
            }
        }
        changes.retain(|change| change.weight != Thousandths::ZERO);
        changes
    }
}

/// For fitting the constants: all cues that a guess was made from.
#[derive(Debug, Clone)]
pub struct Trace {
    pub message: MessageId,
    /// Who has each place, in all the cues.
    pub users: Each<UserId>,
    pub cues: Traced,
    /// As they were read again, when all that was said before was settled.
    pub again: Traced,
    pub afterwards: TracedAfterwards,
}

/// A message that has been heard and waits for those after it.
#[derive(Debug, Clone)]
pub struct Pending {
    pub message: MessageId,
    pub author: UserId,
    /// The author's place in the memory.
    pub place: usize,
    /// Milliseconds.
    pub at: f64,
    /// What was told of it.
    pub first: Addressees,
    /// It said itself whom it was for.
    pub by_name: bool,
    /// Somebody may have been meant: what is believed of that may change.
    pub waits: bool,
    /// What was added to the scores of the candidates because of what the community had taught by then.
    pub shift: f32,
    /// With who had each place; kept for fitting only.
    pub cues: Option<Box<(Each<UserId>, Traced)>>,
}

impl Pending {
    /// As one that said itself whom it was for, by whoever has that place in the memory.
    pub const fn of(said: &Observation, place: usize, at: f64, first: Addressees) -> Self {
        let (message, author) = (said.message(), said.author());
        Self { message, author, place, at, first, by_name: true, waits: false, shift: 0.0, cues: None }
    }
}
