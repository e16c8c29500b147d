//! Living and dying: a piece of work that may be cut off at any point where it waits.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use chrono::Duration;

use super::memory::Fault;

/// More faults in one life prove nothing more.
pub const MOST_FAULTS: usize = 40;

/// When the process dies, and for how long it stays dead.
#[derive(Debug, Clone, Default)]
pub struct Deaths {
    /// This befalls the first request about each letter and poll.
    pub at_each_first: Option<Fault>,
    /// This befalls each n-th request, so many times.
    pub at_requests: Option<(usize, Fault)>,
    /// Work is cut off after waiting this often; less each time, so that it is cut everywhere.
    pub while_working: Option<usize>,
    /// One after the other, round and round.
    pub rests: Vec<Duration>,
}

impl Deaths {
    /// Fewer deaths than this mean that the test tests nothing.
    pub fn at_least(&self) -> usize {
        let deadly = |fault| matches!(fault, Fault::DiesAfter | Fault::DiesBefore);
        if self.at_each_first.is_some_and(deadly) {
            20
        } else {
            usize::from(self.at_requests.is_some_and(|(every, fault)| every < 10 && deadly(fault)))
        }
    }
}

/// A future that is dropped once it has waited so often. The last wait is one that had an answer: a store write that was
/// done, though nobody learned of it.
pub struct Cut<F> {
    work: Pin<Box<F>>,
    waits: Option<usize>,
}

impl<F: Future> Cut<F> {
    pub fn after(waits: Option<usize>, work: F) -> Self {
        Self { work: Box::pin(work), waits }
    }
}

impl<F: Future> Future for Cut<F> {
    /// `None` where it was cut off.
    type Output = Option<F::Output>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match self.waits {
            Some(0) => return Poll::Ready(None),
            Some(left) => self.waits = Some(left - 1),
            None => {}
        }
        self.work.as_mut().poll(context).map(Some)
    }
}
