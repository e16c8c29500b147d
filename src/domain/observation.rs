//! What is noticed of one message: where, when, by whom, and whom it names. Never its text.

use chrono::{DateTime, Utc};

use super::ids::{ChannelId, CommunityId, MessageId, UserId};

/// Whom a message answers by Discord's reply function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reply {
    /// The message is no reply.
    None,
    /// It answers a message of this person.
    To(UserId),
    /// It answers this message, whose author was not told: the channel's window may know.
    Unresolved(MessageId),
}

/// The metadata of one message that counts: of a person (no bot, no webhook), of type default or reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observation {
    community: CommunityId,
    channel: ChannelId,
    message: MessageId,
    author: UserId,
    reply: Reply,
    mentions: Vec<UserId>,
}

impl Observation {
    /// Discord lists whom a reply pings among the mentions, so the answered author is taken out of them (they count
    /// once, as answered); so are the author's own name and repeats.
    pub fn new(
        community: CommunityId,
        channel: ChannelId,
        message: MessageId,
        author: UserId,
        reply: Reply,
        mentions: impl IntoIterator<Item = UserId>,
    ) -> Self {
        let mut named = Vec::new();
        for user in mentions {
            if user != author && reply != Reply::To(user) && !named.contains(&user) {
                named.push(user);
            }
        }
        Self { community, channel, message, author, reply, mentions: named }
    }

    pub const fn community(&self) -> CommunityId {
        self.community
    }

    pub const fn channel(&self) -> ChannelId {
        self.channel
    }

    pub const fn message(&self) -> MessageId {
        self.message
    }

    pub const fn author(&self) -> UserId {
        self.author
    }

    pub const fn reply(&self) -> Reply {
        self.reply
    }

    /// Who else is named, in the order of the message; never the author, never whom it answers, nobody twice.
    pub fn mentions(&self) -> &[UserId] {
        &self.mentions
    }

    /// When it was written: its id says so.
    pub fn at(&self) -> DateTime<Utc> {
        self.message.time()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(raw: u64) -> UserId {
        UserId::new(raw).unwrap()
    }

    fn noticed(reply: Reply, mentions: &[u64]) -> Observation {
        let (community, channel) = (CommunityId::new(1).unwrap(), ChannelId::new(2).unwrap());
        let message = MessageId::new(3).unwrap();
        Observation::new(community, channel, message, user(10), reply, mentions.iter().map(|raw| user(*raw)))
    }

    #[test]
    fn whom_a_reply_pings_is_not_counted_as_named_too() {
        assert_eq!(noticed(Reply::To(user(11)), &[11, 12]).mentions(), [user(12)]);
    }

    #[test]
    fn naming_oneself_or_somebody_twice_adds_nothing() {
        assert_eq!(noticed(Reply::None, &[12, 10, 12, 11]).mentions(), [user(12), user(11)]);
    }
}
