//! The port to wherever people are spoken to. Discord is one; an in-memory one serves property tests and previews.

use std::collections::BTreeSet;
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use crate::domain::ids::{ChannelId, CommunityId, MessageId, NoticeId, RoleId, ScheduledEventId, UserId};
use crate::domain::meetup::Meetup;
use crate::domain::notice::Notice;
use crate::domain::poll::{Choice, Poll};
use crate::store::{Community, Programme};

/// A notice with all that is needed to put it into words, as of the moment of delivery.
#[derive(Debug, Clone)]
pub struct Letter {
    /// Also the nonce, and the mark by which it is found again.
    pub id: NoticeId,
    pub notice: Notice,
    pub place: Place,
    pub community: Community,
    pub programme: Option<Programme>,
    pub meetup: Option<Meetup>,
    /// Whom it is to, or (to moderators) who reports.
    pub member: Option<UserId>,
    /// The message that is to be edited, for notices that change an earlier one.
    pub edits: Option<(ChannelId, MessageId)>,
}

/// Where a letter is to be put.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Direct(UserId),
    Channel(ChannelId),
}

/// What a delivery made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Delivered {
    /// Where the message stands, or the thread that was opened.
    pub channel: Option<ChannelId>,
    pub message: Option<MessageId>,
    pub event: Option<ScheduledEventId>,
    /// Somebody whom it was to reach seems to have left the community.
    pub misses_somebody: bool,
}

/// Somebody's place in a community, as the chat service knows it now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Presence {
    Here {
        roles: Vec<RoleId>,
    },
    /// Not in the community (any more), for certain.
    Gone,
}

/// Why something could not be said or read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Undelivered {
    /// Try again after this; `may_have_arrived` where the answer got lost.
    #[error("not now: {reason}")]
    Later { after: Option<Duration>, may_have_arrived: bool, reason: String },
    /// They take no direct messages from us.
    #[error("direct messages are closed")]
    DirectMessagesClosed,
    /// The channel, thread or message does not exist any more.
    #[error("the {0} is gone")]
    Gone(Gone),
    /// A permission is missing; the text says which, for the admins.
    #[error("{0}")]
    Forbidden(String),
    /// It may have arrived, and so much has been said since that it cannot be found.
    #[error("it may have been said, and cannot be found among all that was said since")]
    Unknown,
    /// Refused for good, for a reason that is a mistake of ours.
    #[error("Discord refused it: {0}")]
    Refused(String),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gone {
    Channel,
    Message,
    Person,
}

impl std::fmt::Display for Gone {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Channel => "channel",
            Self::Message => "message",
            Self::Person => "person",
        })
    }
}

/// Who speaks for Wallflower.
#[async_trait]
pub trait Messenger: Send + Sync {
    /// Says it, with all that belongs to it (reactions under a poll, people in a thread). Doing it twice within a minute
    /// gives the same message.
    async fn deliver(&self, letter: &Letter) -> Result<Delivered, Undelivered>;

    /// Looks for a letter that may have arrived since then, among our own messages. `None` only where it certainly has not:
    /// a search that had to end before it is [`Undelivered::Unknown`].
    async fn find(&self, letter: &Letter, since: DateTime<Utc>) -> Result<Option<Delivered>, Undelivered>;

    /// All votes that stand under this poll, our own left out.
    async fn votes(
        &self,
        channel: ChannelId,
        message: MessageId,
        poll: &Poll,
    ) -> Result<Vec<(UserId, BTreeSet<Choice>)>, Undelivered>;

    /// Whether somebody is in the community now. `Gone` only where that is certain: an outage, or our own removal, is an
    /// error.
    async fn presence(&self, community: CommunityId, user: UserId) -> Result<Presence, Undelivered>;
}
