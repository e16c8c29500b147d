//! Whoever leaves the server is treated like one who leaves Wallflower. Without a privileged intent nobody tells us of it: it
//! shows where somebody cannot be reached, and is asked for before anybody is suggested.

use super::messenger::{Letter, Messenger, Presence};
use super::{Refusal, Result, Stop, Wallflower};
use crate::domain::ids::{CommunityId, UserId};
use crate::domain::meetup::{Before, Meetup};
use crate::domain::notice::Notice;
use crate::store::NoticeRow;

/// As many as sit at the largest table. Where more come to an open evening, nobody sits alone for one who is gone.
const MOST_LOOKED_FOR: usize = 8;

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

    /// Before people are called to a table or to another poll, in a thread where no message fails for one who is gone, each is
    /// looked for. Tells whether somebody had left: then the call is to be written anew. Where Discord does not answer, it goes
    /// out as it is.
    pub(super) async fn misses_somebody(
        &self,
        messenger: &dyn Messenger,
        row: &NoticeRow,
        letter: &Letter,
    ) -> Result<bool> {
        let people: Vec<UserId> = letter.meetup.iter().flat_map(Meetup::present).map(|one| one.user).collect();
        // What may have arrived has been written already.
        if row.sending_at.is_some() || !calls_them_together(letter) || people.len() > MOST_LOOKED_FOR {
            return Ok(false);
        }
        Ok(self.look_for(messenger, row.community, people).await? == Found::NotAll)
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

/// Where somebody has been found a moment ago, as all are brought into their thread before the first poll, nobody is looked for.
fn calls_them_together(letter: &Letter) -> bool {
    match letter.notice {
        Notice::Reminder { .. } | Notice::PollReminder { .. } => true,
        Notice::PostPoll { poll, .. } => {
            poll > 1 || letter.meetup.as_ref().is_some_and(|meetup| meetup.before != Before::default())
        }
        _ => false,
    }
}
