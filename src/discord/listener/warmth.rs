//! The window of last speakers lives in memory only, so after a start it knows nobody: before a channel's first message
//! is heard, the few before it are read, uncounted.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use serenity::http::Http;

use crate::app::watch::Watch;
use crate::discord::history;
use crate::domain::observation::Observation;

/// The gateway is not read meanwhile, so a channel gets no more than this.
const WITHIN: Duration = Duration::from_secs(1);
/// And all channels together no more than so much of each [`SPAN`]; the others begin cold.
const MOST: chrono::Duration = chrono::Duration::seconds(10);
/// After a failure none is tried for as long.
const SPAN: chrono::Duration = chrono::Duration::minutes(1);

pub struct Warmth {
    http: Arc<Http>,
    span_began: DateTime<Utc>,
    /// In this span.
    spent: chrono::Duration,
}

impl Warmth {
    pub const fn new(http: Arc<Http>) -> Self {
        Self { http, span_began: DateTime::UNIX_EPOCH, spent: chrono::Duration::zero() }
    }

    /// Warms the window of a channel whose first message is about to be heard. A failure leaves it cold.
    pub async fn before(&mut self, first: &Observation, watch: &Watch, now: impl Fn() -> DateTime<Utc>) {
        if !watch.finds_cold(first) {
            return;
        }
        let began = now();
        if began >= self.span_began + SPAN {
            (self.span_began, self.spent) = (began, chrono::Duration::zero());
        }
        if self.spent >= MOST {
            return;
        }
        if let Ok(Some(said)) = tokio::time::timeout(WITHIN, history::just_before(&self.http, first)).await {
            watch.warm(first, &said);
            self.spent += now() - began;
        } else {
            tracing::debug!(channel = %first.channel(), "what was said before could not be read");
            self.spent = MOST;
        }
    }
}
