//! The shapes inside an exported chat, as far as they are looked at.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer};

use crate::domain::ids::{ChannelId, CommunityId, MessageId, UserId};

/// The account that stands for everybody who deleted theirs.
const DELETED_USER: u64 = 456_226_577_798_135_808;

/// The channel that a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Channel {
    pub community: CommunityId,
    pub id: ChannelId,
    /// The channel that a thread or forum post belongs to; a channel belongs to itself.
    pub parent: ChannelId,
}

impl Channel {
    pub fn is_thread(&self) -> bool {
        self.parent != self.id
    }
}

/// What kind of message it is, as far as that matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MessageType {
    Default,
    Reply,
    /// Joins, pins, calls, slash commands and the like: nobody said anything.
    Other,
}

/// Who wrote a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Author<'a> {
    pub id: UserId,
    /// The account's name, unchecked: anybody may call themselves anything.
    pub name: Cow<'a, str>,
    /// As shown in the community, unchecked too; older exports do not have it.
    pub nickname: Option<Cow<'a, str>>,
    /// No bot, no webhook, not the account of the deleted.
    pub is_person: bool,
}

/// One emoji under a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reaction {
    pub count: u64,
    /// People who reacted; older exports have the number only.
    pub users: Vec<UserId>,
    /// Whether the export names who reacted.
    pub is_named: bool,
}

/// One message of an export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message<'a> {
    pub id: MessageId,
    pub kind: MessageType,
    pub author: Author<'a>,
    /// The message that it answers by Discord's reply function; forwards and pins answer nothing.
    pub answers: Option<MessageId>,
    /// People, not bots, as often as the export names them.
    pub mentions: Vec<UserId>,
    pub reactions: Vec<Reaction>,
}

#[derive(Deserialize)]
pub(super) struct RawGuild {
    pub(super) id: Box<str>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RawChannel {
    pub(super) id: ChannelId,
    #[serde(rename = "type", default)]
    pub(super) kind: Option<Box<str>>,
    #[serde(default)]
    pub(super) category_id: Option<Box<str>>,
}

impl RawChannel {
    /// Exports put a thread's channel into `category`, which for a channel is the real category.
    pub(super) fn parent(&self) -> ChannelId {
        let is_thread = self.kind.as_deref().is_some_and(|kind| kind.contains("Thread"));
        self.category_id.as_deref().filter(|_| is_thread).and_then(|id| id.parse().ok()).unwrap_or(self.id)
    }
}

/// `null` and a missing list are an empty one.
fn nullable<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(deserializer: D) -> Result<T, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

#[derive(Deserialize)]
pub(super) struct RawMessage<'a> {
    id: MessageId,
    #[serde(rename = "type", borrow)]
    kind: Cow<'a, str>,
    #[serde(borrow)]
    author: RawAuthor<'a>,
    #[serde(default, deserialize_with = "nullable")]
    mentions: Vec<RawUser>,
    #[serde(default)]
    reference: Option<RawReference>,
    #[serde(default, deserialize_with = "nullable")]
    reactions: Vec<RawReaction>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawAuthor<'a> {
    id: UserId,
    #[serde(borrow)]
    name: Cow<'a, str>,
    #[serde(default)]
    nickname: Option<Cow<'a, str>>,
    #[serde(default, deserialize_with = "nullable")]
    is_bot: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawUser {
    id: UserId,
    #[serde(default, deserialize_with = "nullable")]
    is_bot: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawReference {
    #[serde(default)]
    message_id: Option<Box<str>>,
    #[serde(rename = "type", default)]
    kind: Option<Box<str>>,
}

#[derive(Deserialize)]
struct RawReaction {
    #[serde(default, deserialize_with = "nullable")]
    count: u64,
    #[serde(default)]
    users: Option<Vec<RawUser>>,
}

/// Webhooks are marked as bots, so the mark is enough. Their discriminator `0000` is no sign: the exporter writes the
/// same for everybody whose name has none any more.
fn is_person(id: UserId, is_bot: bool) -> bool {
    !is_bot && id.to_u64() != DELETED_USER
}

fn people(users: Vec<RawUser>) -> Vec<UserId> {
    users.into_iter().filter(|user| is_person(user.id, user.is_bot)).map(|user| user.id).collect()
}

impl<'a> From<RawMessage<'a>> for Message<'a> {
    fn from(raw: RawMessage<'a>) -> Self {
        let kind = match &*raw.kind {
            "Default" => MessageType::Default,
            "Reply" => MessageType::Reply,
            _ => MessageType::Other,
        };
        let answers = raw
            .reference
            .filter(|_| kind == MessageType::Reply)
            .filter(|reference| reference.kind.as_deref().is_none_or(|kind| kind == "Default"))
            .and_then(|reference| reference.message_id?.parse().ok());
        let nickname = raw.author.nickname.filter(|name| !name.trim().is_empty());
        let is_person = is_person(raw.author.id, raw.author.is_bot);
        Self {
            id: raw.id,
            kind,
            author: Author { id: raw.author.id, name: raw.author.name, nickname, is_person },
            answers,
            mentions: people(raw.mentions),
            reactions: raw.reactions.into_iter().map(Reaction::from).collect(),
        }
    }
}

impl From<RawReaction> for Reaction {
    fn from(raw: RawReaction) -> Self {
        let is_named = raw.users.as_ref().is_some_and(|users| !users.is_empty());
        Self { count: raw.count, users: people(raw.users.unwrap_or_default()), is_named }
    }
}
