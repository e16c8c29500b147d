//! Whoever leaves the server is treated like one who leaves Wallflower. Without a privileged intent nobody tells us of it: it
//! shows where somebody cannot be reached, and is asked for before anybody is suggested.

use super::messenger::{Messenger, Presence};
use super::{Refusal, Result, Stop, Wallflower};
use crate::domain::ids::{CommunityId, UserId};

/// What came of looking for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Found {
    /// All are there.
    All,
    /// Of one at least nobody could tell.
    Unknown,
    /// At least one had left, and is out of Wallflower now.
    NotAll,
}

impl Wallflower {
    /// One refused message is no proof: each is looked for once more, and lets go only for certain. What was open for whoever
    /// has left goes on as "can't make it"; nobody hears why.
    pub(super) async fn look_for(
        &self,
        messenger: &dyn Messenger,
        community: CommunityId,
        people: impl IntoIterator<Item = UserId> + Send,
    ) -> Result<Found> {
        let mut found = Found::All;
        for user in people {
            found = found.max(match messenger.presence(community, user).await {
                Ok(Presence::Here { .. }) => Found::All,
                Ok(Presence::Gone) => {
                    self.let_go(community, user).await?;
                    Found::NotAll
                }
                Err(why) => {
                    tracing::debug!(%community, %why, "nobody can tell whether somebody is there still");
                    Found::Unknown
                }
            });
        }
        Ok(found)
    }

    /// As if they had said `/meet leave`.
    pub(super) async fn let_go(&self, community: CommunityId, user: UserId) -> Result<()> {
        match self.leave(community, user).await {
            // Out already, and perhaps cut off before all was withdrawn.
            Err(Stop::Refusal(Refusal::NotAMember)) => self.withdraw_everywhere(community, user).await,
            left => left,
        }
    }

    /// Something that a person did shows somebody who is not there: a member among them may have left.
    pub async fn seems_gone(&self, messenger: &dyn Messenger, community: CommunityId, user: UserId) -> Result<()> {
        match self.active_member(community, user).await {
            Ok(_) => self.look_for(messenger, community, [user]).await.map(|_| ()),
            Err(Stop::Refusal(_)) => Ok(()),
            Err(stop) => Err(stop),
        }
    }
}
