//! A process of its own lives by the clock of the local Discord that its parent runs, and ends with it.

use std::sync::Arc;

use chrono::DateTime;
use wallflower::clock::{Clock as _, ManualClock};

/// A clock that follows Discord's, from now on.
pub async fn clock_of(discord: String) -> Arc<ManualClock> {
    let clock = Arc::new(ManualClock::new(DateTime::UNIX_EPOCH));
    follow(&discord, &clock, -1).await;
    let following = Arc::clone(&clock);
    tokio::spawn(async move {
        let mut now = following.now().timestamp_millis();
        loop {
            now = follow(&discord, &following, now).await;
        }
    });
    clock
}

/// Waits until Discord's clock shows something else than `after`.
async fn follow(discord: &str, clock: &ManualClock, after: i64) -> i64 {
    let url = format!("{discord}/_fake/clock?after={after}");
    let Ok(answer) = reqwest::get(url).await else { std::process::exit(0) };
    let told: serde_json::Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
    let now = told["now"].as_i64().unwrap();
    clock.set(DateTime::from_timestamp_millis(now).unwrap());
    now
}
