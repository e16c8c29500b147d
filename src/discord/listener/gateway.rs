//! Where the gateway is, and the one gate at which all sessions of the bot identify.

use std::ops::Range;
use std::time::Duration;

use serenity::http::HttpError;
use twilight_gateway::queue::{InMemoryQueue, Queue};

use super::{FIRST_PAUSE, LONGEST_PAUSE, Listener, ListenerError};
use crate::domain::ids::UserId;

/// Where the gateway is, how often one may identify there, and as whom.
#[derive(Debug, Clone)]
pub struct Gateway {
    pub(super) url: String,
    pub(super) queue: InMemoryQueue,
    pub(super) bot: UserId,
    pub shards: u32,
    /// Those of this process.
    pub range: Range<u32>,
}

impl Gateway {
    /// Waits until a session of this shard may identify: all sessions of the bot share one allowance.
    pub async fn may_identify(&self, shard: u32) {
        // The queue lives as long as this, so it answers.
        let _ = self.queue.enqueue(shard).await;
    }
}

impl Listener {
    pub(super) async fn find_gateway(&self) -> Result<Gateway, ListenerError> {
        let mut pause = FIRST_PAUSE;
        loop {
            match self.ask_for_gateway().await {
                Ok(gateway) => return gateway,
                Err(error) if refuses_token(&error) => return Err(ListenerError::BadToken),
                Err(error) => tracing::warn!(%error, "Discord does not say where its gateway is; trying again"),
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    async fn ask_for_gateway(&self) -> Result<Result<Gateway, ListenerError>, serenity::Error> {
        let found = self.http.get_bot_gateway().await?;
        let bot = self.http.get_current_user().await?.id;
        let limit = found.session_start_limit;
        let concurrency = u16::try_from(limit.max_concurrency).unwrap_or(1);
        let total = u32::try_from(limit.total).unwrap_or(u32::MAX);
        let left = u32::try_from(limit.remaining).unwrap_or(total).min(total);
        let queue = InMemoryQueue::new(concurrency, left, Duration::from_millis(limit.reset_after), total);
        let url = found.url.trim_end_matches('/').to_owned();
        let bot = UserId::from_column(i64::from(bot));
        Ok(self.share.of(found.shards).map(|(shards, range)| Gateway { url, queue, bot, shards, range }))
    }
}

fn refuses_token(error: &serenity::Error) -> bool {
    let serenity::Error::Http(error) = error else { return false };
    matches!(error, HttpError::InvalidHeader(_)) || error.status_code().is_some_and(|status| status.as_u16() == 401)
}
