//! Says notices on Discord, by REST: the talking side of the port [`Messenger`].
//!
//! Each delivery can be repeated: messages carry the notice's id as their nonce, threads and events are looked for first,
//! reactions and thread members are put there again.

mod events;
mod failure;
mod find;
mod line;
mod polls;
mod presence;
mod rooms;

use std::collections::BTreeSet;
use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::json;
use serenity::http::{Http, LightMethod, Route};

use self::failure::{Act, Deed, Failure};
use self::line::Line;
use super::access::Access;
use super::render::{self, Card};
use crate::app::messenger::{Delivered, Letter, Messenger, Place, Presence, Undelivered};
use crate::domain::ids::{ChannelId, CommunityId, MessageId, UserId};
use crate::domain::meetup::State;
use crate::domain::notice::Notice;
use crate::domain::poll::{Choice, Poll};
use crate::texts::Locale;

/// Wallflower's voice on Discord.
#[derive(Debug)]
pub struct Outbound {
    line: Line,
    /// The bot's own account.
    me: UserId,
}

#[derive(Deserialize)]
struct Made<T> {
    id: T,
}

impl Outbound {
    /// `http` comes from the same `access`, and is shared by all who use its limiter.
    pub fn new(access: &Access, http: Arc<Http>, me: UserId) -> Self {
        Self { line: Line::new(access, http), me }
    }

    /// The channel in which a letter is to stand; a direct one is opened.
    async fn channel(&self, letter: &Letter) -> Result<ChannelId, Undelivered> {
        match letter.place {
            Place::Channel(channel) => Ok(channel),
            Place::Direct(user) => {
                let body = json!({ "recipient_id": user });
                let opened = self.line.ask::<Made<ChannelId>>(LightMethod::Post, Route::UserMeDmChannels, Some(&body));
                let deed = Deed { act: Act::WriteDirectly, channel: None, locale: locale_of(letter) };
                // Nothing can be read there yet: an answer that got lost has said nothing.
                opened.await.map(|made| made.id).map_err(|failure| nothing_said(failure.told(deed)))
            }
        }
    }

    async fn send(&self, letter: &Letter, channel: ChannelId, card: &Card) -> Result<MessageId, Undelivered> {
        let route = Route::ChannelMessages { channel_id: channel.to_u64().into() };
        let body = card.to_new_message(letter.id);
        let made = self.line.send::<Made<MessageId>>(LightMethod::Post, route, &body, card).await;
        made.map(|made| made.id).map_err(|failure| failure.told(Deed::write(letter, channel)))
    }

    /// Brings a message of ours up to date; doing it twice gives the same.
    async fn edit(&self, letter: &Letter, card: &Card) -> Result<Delivered, Undelivered> {
        let Some((channel, message)) = letter.edits else {
            return Err(Undelivered::Refused("there is no message to be changed".into()));
        };
        let deed = Deed::write(letter, channel);
        let told = |failure: Failure| failure.told(deed);
        match self.patch(channel, message, card).await {
            Err(failure) if failure.is_archived() => {
                self.reopen(channel).await.map_err(told)?;
                self.patch(channel, message, card).await.map_err(told)?;
            }
            Err(failure) if failure.is_fixed_poll() && is_over(letter) => {
                self.end_poll(channel, message).await.map_err(told)?;
            }
            result => result.map_err(told)?,
        }
        if matches!(letter.notice, Notice::RefreshPoll { .. }) {
            self.put_proposed(letter, channel, message).await?;
        }
        Ok(Delivered { channel: Some(channel), message: Some(message), ..Delivered::default() })
    }

    async fn patch(&self, channel: ChannelId, message: MessageId, card: &Card) -> Result<(), Failure> {
        let route = Route::ChannelMessage { channel_id: channel.to_u64().into(), message_id: message.to_u64().into() };
        self.line.send::<serde::de::IgnoredAny>(LightMethod::Patch, route, &card.to_edit(), card).await?;
        Ok(())
    }

    async fn deliver_message(&self, letter: &Letter) -> Result<Delivered, Undelivered> {
        let Some(card) = render::render(letter) else {
            return Err(Undelivered::Refused("there is nothing to say any more".into()));
        };
        if letter.edits.is_some() {
            return self.edit(letter, &card).await;
        }
        let channel = self.channel(letter).await?;
        let misses_somebody = letter.notice == Notice::RoomOpening && !self.bring_in(letter, channel).await?;
        let message = self.send(letter, channel, &card).await?;
        self.complete(letter, channel, message).await?;
        Ok(Delivered { channel: Some(channel), message: Some(message), misses_somebody, ..Delivered::default() })
    }

    /// What belongs to a message after it stands; repeated as often as need be.
    async fn complete(&self, letter: &Letter, channel: ChannelId, message: MessageId) -> Result<(), Undelivered> {
        match letter.notice {
            Notice::PostPoll { .. } => {
                let put = self.put_reactions(letter, channel, message).await;
                if matches!(put, Err(Undelivered::Forbidden(_))) {
                    self.take_back(channel, message).await;
                }
                put.map_err(something_said)
            }
            _ => Ok(()),
        }
    }

    /// A poll under which nobody can vote would stand there for ever: the meetup goes on another way.
    async fn take_back(&self, channel: ChannelId, message: MessageId) {
        let route = Route::ChannelMessage { channel_id: channel.to_u64().into(), message_id: message.to_u64().into() };
        if let Err(failure) = self.line.ask::<serde::de::IgnoredAny>(LightMethod::Delete, route, None).await {
            tracing::warn!(%channel, ?failure, "a poll without choices could not be taken back");
        }
    }
}

/// The poll that a letter tells of does not run any more.
fn is_over(letter: &Letter) -> bool {
    let running = match letter.meetup.as_ref().map(|meetup| &meetup.state) {
        Some(State::Polling { poll }) => Some(poll.number),
        _ => None,
    };
    matches!(letter.notice, Notice::RefreshPoll { poll } if running != Some(poll))
}

fn locale_of(letter: &Letter) -> Locale {
    Locale::from_discord(&letter.community.locale)
}

/// A later request of a delivery failed: what came before stands.
fn something_said(why: Undelivered) -> Undelivered {
    match why {
        Undelivered::Later { after, reason, .. } => Undelivered::Later { after, may_have_arrived: true, reason },
        other => other,
    }
}

/// A request failed before anything could be seen.
fn nothing_said(why: Undelivered) -> Undelivered {
    match why {
        Undelivered::Later { after, reason, .. } => Undelivered::Later { after, may_have_arrived: false, reason },
        other => other,
    }
}

#[async_trait]
impl Messenger for Outbound {
    async fn deliver(&self, letter: &Letter) -> Result<Delivered, Undelivered> {
        match letter.notice {
            Notice::OpenRoom => self.open_room(letter).await,
            Notice::CloseRoom => self.close_room(letter).await,
            Notice::OpenThread => self.open_thread(letter).await,
            Notice::PublishEvent { .. } => self.publish(letter).await,
            _ => self.deliver_message(letter).await,
        }
    }

    async fn find(&self, letter: &Letter, since: DateTime<Utc>) -> Result<Option<Delivered>, Undelivered> {
        match letter.notice {
            // Delivering these looks for them first, and changing something twice is changing it once.
            Notice::OpenRoom | Notice::OpenThread | Notice::CloseRoom | Notice::PublishEvent { .. } => Ok(None),
            _ if letter.edits.is_some() => Ok(None),
            _ => self.find_message(letter, since).await,
        }
    }

    async fn votes(
        &self,
        channel: ChannelId,
        message: MessageId,
        poll: &Poll,
    ) -> Result<Vec<(UserId, BTreeSet<Choice>)>, Undelivered> {
        self.read_votes(channel, message, poll).await
    }

    async fn presence(&self, community: CommunityId, user: UserId) -> Result<Presence, Undelivered> {
        self.find_person(community, user).await
    }
}
