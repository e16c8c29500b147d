//! Says nothing. Stands in until the outbound half is there.
use std::collections::BTreeSet;

use crate::app::messenger::{Delivered, Letter, Messenger, Undelivered};
use crate::domain::ids::{ChannelId, MessageId, UserId};
use crate::domain::poll::Choice;

pub struct Mute;

#[async_trait::async_trait]
impl Messenger for Mute {
    async fn deliver(&self, _: &Letter) -> Result<Delivered, Undelivered> {
        Err(Undelivered::Later { after: None, may_have_arrived: false, reason: "mute".into() })
    }
    async fn find(&self, _: &Letter) -> Result<Option<Delivered>, Undelivered> {
        Ok(None)
    }
    async fn votes(
        &self,
        _: ChannelId,
        _: MessageId,
        _: usize,
    ) -> Result<Vec<(UserId, BTreeSet<Choice>)>, Undelivered> {
        Ok(Vec::new())
    }
}
