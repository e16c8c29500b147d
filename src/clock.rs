//! The one place where time comes from. Everything else is told.

use chrono::{DateTime, Utc};
use tokio::sync::watch;

/// A source of the present moment. `SystemClock` in production; tests and the playground drive a `ManualClock`.
#[async_trait::async_trait]
pub trait Clock: Send + Sync {
    fn now(&self) -> DateTime<Utc>;

    /// Returns when `now` may have reached `moment`: early is allowed, so callers look again. A clock that is moved
    /// by hand returns at every move.
    async fn until(&self, moment: DateTime<Utc>);
}

/// The machine's clock.
#[derive(Debug, Default, Clone, Copy)]
pub struct SystemClock;

#[async_trait::async_trait]
impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the port that all others are told to use")]
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }

    async fn until(&self, moment: DateTime<Utc>) {
        let left = (moment - self.now()).to_std().unwrap_or_default();
        tokio::time::sleep(left).await;
    }
}

/// A clock that stands still until it is moved; never backwards.
#[derive(Debug)]
pub struct ManualClock {
    now: watch::Sender<DateTime<Utc>>,
}

impl ManualClock {
    pub fn new(now: DateTime<Utc>) -> Self {
        Self { now: watch::Sender::new(now) }
    }

    /// Moves to `moment`, where that is later than now, and wakes all who wait.
    pub fn set(&self, moment: DateTime<Utc>) {
        self.now.send_modify(|now| *now = moment.max(*now));
    }

    pub fn advance(&self, by: chrono::Duration) {
        self.now.send_modify(|now| *now += by.max(chrono::Duration::zero()));
    }
}

#[async_trait::async_trait]
impl Clock for ManualClock {
    fn now(&self) -> DateTime<Utc> {
        *self.now.borrow()
    }

    async fn until(&self, moment: DateTime<Utc>) {
        let mut changes = self.now.subscribe();
        if *changes.borrow_and_update() >= moment {
            return;
        }
        // The sender lives in `self`, so it cannot be gone.
        let _ = changes.changed().await;
    }
}
