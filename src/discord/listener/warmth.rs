//! The window of last speakers lives in memory only, so after a start it knows nobody: before a channel's first message
//! is heard, the few before it are read, uncounted.

use std::sync::Arc;
use std::time::Duration;

use serenity::http::Http;
use tokio::time::Instant;

use crate::app::watch::Watch;
use crate::discord::history;
use crate::domain::observation::Observation;

/// The gateway is not read meanwhile, so a channel gets no more than this.
const WITHIN: Duration = Duration::from_secs(1);
/// And all channels together no more than so much of each [`SPAN`]; the others begin cold.
const MOST: Duration = Duration::from_secs(10);
/// After a failure none is tried for as long.
const SPAN: Duration = Duration::from_mins(1);

pub struct Warmth {
    http: Arc<Http>,
    span_began: Instant,
    /// In this span. As the heartbeats that wait meanwhile, it goes by the machine's own time.
    spent: Duration,
}

impl Warmth {
    pub fn new(http: Arc<Http>) -> Self {
        Self { http, span_began: Instant::now(), spent: Duration::ZERO }
    }

    /// Warms the window of a channel whose first message is about to be heard. A failure leaves it cold.
    pub async fn before(&mut self, first: &Observation, watch: &Watch) {
        if !watch.finds_cold(first) {
            return;
        }
        let began = Instant::now();
        if began.duration_since(self.span_began) >= SPAN {
            (self.span_began, self.spent) = (began, Duration::ZERO);
        }
        if self.spent >= MOST {
            return;
        }
        if let Ok(Some(said)) = tokio::time::timeout(WITHIN, history::just_before(&self.http, first)).await {
            watch.warm(first, &said);
            self.spent += began.elapsed();
        } else {
            tracing::debug!(channel = %first.channel(), "what was said before could not be read");
            self.spent = MOST;
        }
    }
}
