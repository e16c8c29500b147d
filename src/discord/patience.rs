//! What serenity's limiter lacks: where Discord asks the whole bot for patience (429 with scope `global`), it lets only
//! the one request wait that was told so, and the others go on to be refused, ten thousand of which bring a ban.
//!
//! Each request begins by locking the limiter's table of buckets for a moment, so whoever holds that table holds them
//! all. A request that waits for its own bucket at that moment has passed the table and is not held.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serenity::http::Ratelimiter;
use tokio::time::Instant;

/// Lets all requests of this limiter wait for as long as Discord asks the whole bot to.
pub(super) fn teach(limiter: &mut Ratelimiter) {
    let table = limiter.routes();
    // Until when all wait; `None` while nobody does.
    let held_until = Arc::new(Mutex::new(None::<Instant>));
    limiter.set_ratelimit_callback(Box::new(move |limit| {
        if !limit.global {
            return;
        }
        tracing::warn!(seconds = limit.timeout.as_secs_f64(), "Discord asks for patience with everything");
        if !raise(&held_until, limit.timeout) {
            return;
        }
        let (table, held_until) = (Arc::clone(&table), Arc::clone(&held_until));
        // At once where that can be done, so that nothing slips through before the task runs.
        let held = Arc::clone(&table).try_read_owned();
        tokio::spawn(async move {
            let _held = match held {
                Ok(held) => held,
                Err(_) => table.read_owned().await,
            };
            while let Some(until) = still(&held_until) {
                tokio::time::sleep_until(until).await;
            }
        });
    }));
}

type HeldUntil = Arc<Mutex<Option<Instant>>>;

/// Tells whether nobody holds the table yet.
fn raise(held_until: &HeldUntil, by: Duration) -> bool {
    let mut held_until = held_until.lock().unwrap_or_else(PoisonError::into_inner);
    let is_first = held_until.is_none();
    *held_until = (*held_until).max(Some(Instant::now() + by));
    is_first
}

/// Until when the table is to be held on; with `None` nobody holds it any more.
fn still(held_until: &HeldUntil) -> Option<Instant> {
    let mut held_until = held_until.lock().unwrap_or_else(PoisonError::into_inner);
    *held_until = held_until.filter(|until| *until > Instant::now());
    *held_until
}
