//! Gateway frames as they come, borrowed and as small as can be: there is no field for what people wrote.

mod dispatch;
mod roles;

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::app::watch::Reaction;
use crate::domain::ids::{ChannelId, CommunityId, MessageId, RoleId, UserId};
use crate::domain::observation::{Observation, Reply};

pub use dispatch::{Dispatch, Payload, is_hello};
pub use roles::{MemberChange, RoleChange, RoleGone};

/// Types of messages that people write; all others are Discord's own notes.
const DEFAULT: u8 = 0;
const REPLY: u8 = 19;
/// A reference of this type is a reply; others are forwards.
const REFERENCE_DEFAULT: u8 = 0;

#[derive(Debug, Deserialize)]
pub struct Person {
    pub id: UserId,
    #[serde(default)]
    pub bot: bool,
}

#[derive(Debug, Deserialize)]
struct Reference {
    #[serde(rename = "type", default)]
    kind: u8,
    message_id: Option<MessageId>,
}

#[derive(Debug, Deserialize)]
struct Referenced {
    author: Person,
}

/// A message, from the gateway or from REST (which leaves `guild_id` out).
#[derive(Debug, Deserialize)]
pub struct Message {
    pub id: MessageId,
    channel_id: ChannelId,
    guild_id: Option<CommunityId>,
    #[serde(rename = "type")]
    kind: u8,
    author: Person,
    webhook_id: Option<IgnoredAny>,
    #[serde(default)]
    mentions: Vec<Person>,
    #[serde(rename = "message_reference")]
    reference: Option<Reference>,
    /// The message that `reference` is to; missing where it was deleted.
    #[serde(rename = "referenced_message")]
    answered: Option<Referenced>,
}

impl Message {
    /// What is noticed of it; `None` where it was not written by a person, or to nobody but the bot.
    pub fn observed_in(&self, community: Option<CommunityId>) -> Option<Observation> {
        let community = community.or(self.guild_id)?;
        let by_a_person = matches!(self.kind, DEFAULT | REPLY) && !self.author.bot && self.webhook_id.is_none();
        let mentions = || self.mentions.iter().filter(|person| !person.bot).map(|person| person.id);
        by_a_person
            .then(|| Observation::new(community, self.channel_id, self.id, self.author.id, self.reply(), mentions()))
    }

    /// Pins, forwards and crossposts carry references too; only a reply answers somebody.
    fn reply(&self) -> Reply {
        let Some(reference) = &self.reference else { return Reply::None };
        if self.kind != REPLY || reference.kind != REFERENCE_DEFAULT {
            return Reply::None;
        }
        match (&self.answered, reference.message_id) {
            (Some(answered), _) => Reply::To(answered.author.id),
            (None, Some(message)) => Reply::Unresolved(message),
            (None, None) => Reply::None,
        }
    }
}

#[derive(Debug, Deserialize)]
struct Reactor {
    user: Person,
}

#[derive(Debug, Deserialize)]
pub struct ReactionAdd {
    user_id: UserId,
    channel_id: ChannelId,
    message_id: MessageId,
    guild_id: Option<CommunityId>,
    message_author_id: Option<UserId>,
    member: Option<Reactor>,
}

impl ReactionAdd {
    /// What is noticed of it; `None` for bots.
    pub fn observed_at(&self, at: DateTime<Utc>) -> Option<Reaction> {
        let by_a_bot = self.member.as_ref().is_some_and(|member| member.user.bot);
        self.guild_id.filter(|_| !by_a_bot).map(|community| Reaction {
            community,
            channel: self.channel_id,
            message: self.message_id,
            author: self.message_author_id,
            user: self.user_id,
            at,
        })
    }
}

/// Who is in a voice channel; in `GUILD_CREATE` without community and member.
#[derive(Debug, Deserialize)]
pub struct VoiceState {
    pub user_id: UserId,
    pub guild_id: Option<CommunityId>,
    channel_id: Option<ChannelId>,
    #[serde(default)]
    deaf: bool,
    #[serde(default)]
    self_deaf: bool,
    /// In a stage's audience.
    #[serde(default)]
    suppress: bool,
    member: Option<Reactor>,
}

impl VoiceState {
    /// Where this person hears what is said and may answer; `None` for nowhere, and for bots as far as they are known.
    pub fn hears_in(&self) -> Option<ChannelId> {
        let by_a_bot = self.member.as_ref().is_some_and(|member| member.user.bot);
        self.channel_id.filter(|_| !(self.deaf || self.self_deaf || self.suppress || by_a_bot))
    }
}

/// What of a changed community matters to listening.
#[derive(Debug, Deserialize)]
pub struct GuildChange {
    pub id: CommunityId,
    pub afk_channel_id: Option<ChannelId>,
}

#[derive(Debug, Deserialize)]
pub struct Ready<'a> {
    pub user: Person,
    pub session_id: &'a str,
    #[serde(borrow)]
    pub resume_gateway_url: Cow<'a, str>,
    pub guilds: Vec<GuildGone>,
}

/// A community in READY's list or in `GUILD_DELETE`.
#[derive(Debug, Deserialize)]
pub struct GuildGone {
    pub id: CommunityId,
    /// It is there, but Discord cannot serve it now.
    #[serde(default)]
    pub unavailable: bool,
}

#[derive(Debug, Deserialize)]
pub struct Guild<'a> {
    pub id: CommunityId,
    #[serde(borrow)]
    pub name: Cow<'a, str>,
    pub owner_id: UserId,
    pub roles: Vec<Role<'a>>,
    #[serde(default)]
    pub members: Vec<Member>,
    pub channels: Vec<Channel<'a>>,
    #[serde(default)]
    pub threads: Vec<Channel<'a>>,
    #[serde(default)]
    pub voice_states: Vec<VoiceState>,
    pub afk_channel_id: Option<ChannelId>,
}

impl Guild<'_> {
    /// Who hears what is said in which voice channel; no bots.
    pub fn seats(&self) -> Vec<(UserId, ChannelId)> {
        let is_bot = |user| self.members.iter().any(|member| member.user.id == user && member.user.bot);
        let seats = self.voice_states.iter().filter(|state| !is_bot(state.user_id));
        seats.filter_map(|state| Some((state.user_id, state.hears_in()?))).collect()
    }
}

#[derive(Debug, Deserialize)]
pub struct Role<'a> {
    pub id: RoleId,
    pub permissions: &'a str,
}

#[derive(Debug, Deserialize)]
pub struct Member {
    pub user: Person,
    #[serde(default)]
    pub roles: Vec<RoleId>,
}

/// A channel or a thread.
#[derive(Debug, Deserialize)]
pub struct Channel<'a> {
    pub id: ChannelId,
    #[serde(rename = "type")]
    pub kind: u8,
    /// Left out in `GUILD_CREATE`.
    pub guild_id: Option<CommunityId>,
    /// A thread's channel; a channel's category.
    pub parent_id: Option<ChannelId>,
    pub last_message_id: Option<MessageId>,
    #[serde(default)]
    pub nsfw: bool,
    #[serde(borrow, default)]
    pub permission_overwrites: Vec<Overwrite<'a>>,
    /// In `THREAD_CREATE`: made now, not only come into sight.
    #[serde(default)]
    pub newly_created: bool,
}

#[derive(Debug, Deserialize)]
pub struct Overwrite<'a> {
    /// Of a role or a person.
    pub id: &'a str,
    /// 0 of a role, 1 of a person.
    #[serde(rename = "type")]
    pub kind: u8,
    pub allow: &'a str,
    pub deny: &'a str,
}

/// `THREAD_LIST_SYNC`: a channel came into sight, with its open threads.
#[derive(Debug, Deserialize)]
pub struct ThreadList<'a> {
    pub guild_id: CommunityId,
    #[serde(borrow)]
    pub threads: Vec<Channel<'a>>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn observed(json: &str) -> Option<Observation> {
        serde_json::from_str::<Message>(json).unwrap().observed_in(None)
    }

    fn message(rest: &str) -> String {
        format!(r#"{{"id":"30","channel_id":"20","guild_id":"10","author":{{"id":"1"}},"content":"secret"{rest}}}"#)
    }

    #[test]
    fn a_reply_names_its_author_once() {
        let reply = r#","type":19,"mentions":[{"id":"2"},{"id":"3"},{"id":"4","bot":true}],
            "message_reference":{"type":0,"message_id":"29"},"referenced_message":{"id":"29","author":{"id":"2"}}"#;
        let observation = observed(&message(reply)).unwrap();
        assert_eq!(observation.reply(), Reply::To(UserId::new(2).unwrap()));
        assert_eq!(observation.mentions(), [UserId::new(3).unwrap()]);
    }

    #[test]
    fn a_reply_to_something_deleted_keeps_only_its_id() {
        let reply = r#","type":19,"message_reference":{"message_id":"29"},"referenced_message":null"#;
        let unresolved = Reply::Unresolved(MessageId::new(29).unwrap());
        assert_eq!(observed(&message(reply)).unwrap().reply(), unresolved);
    }

    #[test]
    fn whoever_hears_nothing_or_only_listens_is_nobodys_company() {
        let state = |more: &str| format!(r#"{{"user_id":"1","channel_id":"20"{more}}}"#);
        let hears = |more: &str| serde_json::from_str::<VoiceState>(&state(more)).unwrap().hears_in().is_some();
        assert!(hears("") && hears(r#","self_mute":true,"self_deaf":false"#));
        assert!(!hears(r#","self_deaf":true"#) && !hears(r#","deaf":true"#) && !hears(r#","suppress":true"#));
        assert!(!hears(r#","member":{"user":{"id":"1","bot":true}}"#));
    }

    #[test]
    fn a_forward_answers_nobody() {
        let forward = r#","type":0,"message_reference":{"type":1,"message_id":"29"}"#;
        assert_eq!(observed(&message(forward)).unwrap().reply(), Reply::None);
    }

    #[test]
    fn bots_webhooks_and_notes_of_discord_are_not_people() {
        assert!(observed(&message(r#","type":0"#)).is_some());
        assert!(observed(&message(r#","type":7"#)).is_none());
        assert!(observed(&message(r#","type":0,"webhook_id":"5""#)).is_none());
        assert!(observed(&message(r#","type":0"#).replace(r#""id":"1""#, r#""id":"1","bot":true"#)).is_none());
    }
}
