//! Looks for a message of ours that may have arrived, by the notice id in its buttons or its footer.

use chrono::{DateTime, Duration, Utc};
use serde::Deserialize;
use serenity::http::Route;

use super::failure::{Act, Deed, Failure};
use super::{Outbound, locale_of};
use crate::app::messenger::{Delivered, Letter, Undelivered};
use crate::discord::custom_id::CustomId;
use crate::domain::ids::{ChannelId, MessageId, NoticeId, UserId};

/// Discord's largest page of messages.
const PAGE: usize = 100;
/// How far we look at most: a busy channel of some hours.
const MOST_PAGES: usize = 20;
/// Discord's clock and ours need not agree.
const CLOCKS_DIFFER: Duration = Duration::minutes(10);

/// What came of looking for a message.
enum Sought {
    There(MessageId),
    Absent,
    /// There is more than we look through.
    Unknown,
}

#[derive(Deserialize)]
struct Message {
    id: MessageId,
    author: Author,
    #[serde(default)]
    components: Vec<Component>,
    #[serde(default)]
    embeds: Vec<Embed>,
}

#[derive(Deserialize)]
struct Author {
    id: UserId,
}

#[derive(Deserialize)]
struct Component {
    custom_id: Option<String>,
    #[serde(default)]
    components: Vec<Component>,
}

#[derive(Deserialize)]
struct Embed {
    footer: Option<Footer>,
}

#[derive(Deserialize)]
struct Footer {
    text: String,
}

#[derive(Deserialize)]
struct Channel {
    last_message_id: Option<MessageId>,
}

impl Component {
    fn bears(&self, mark: NoticeId) -> bool {
        let id = self.custom_id.as_ref().and_then(|id| id.parse::<CustomId>().ok());
        id.is_some_and(|id| id.notice == Some(mark)) || self.components.iter().any(|inner| inner.bears(mark))
    }
}

impl Message {
    fn bears(&self, mark: NoticeId) -> bool {
        let footer = |embed: &Embed| embed.footer.as_ref().is_some_and(|footer| footer.text == mark.to_string());
        self.components.iter().any(|component| component.bears(mark)) || self.embeds.iter().any(footer)
    }
}

impl Outbound {
    /// A message found is completed too: the reactions under a poll may be what was cut off.
    pub(super) async fn find_message(
        &self,
        letter: &Letter,
        since: DateTime<Utc>,
    ) -> Result<Option<Delivered>, Undelivered> {
        let channel = self.channel(letter).await?;
        let deed = Deed { act: Act::Read, channel: Some(channel), locale: locale_of(letter) };
        let since = MessageId::at(since - CLOCKS_DIFFER);
        let message = match self.look_for(channel, letter.id, since).await.map_err(|failure| failure.told(deed))? {
            Sought::There(message) => message,
            Sought::Unknown => return Err(Undelivered::Unknown),
            Sought::Absent => {
                self.be_able_to_read(channel, since, deed).await?;
                return Ok(None);
            }
        };
        self.complete(letter, channel, message).await?;
        Ok(Some(Delivered { channel: Some(channel), message: Some(message), ..Delivered::default() }))
    }

    /// From `since` on: it stands at the beginning of what was said since, however much that is.
    async fn look_for(&self, channel: ChannelId, mark: NoticeId, since: MessageId) -> Result<Sought, Failure> {
        let mut after = since;
        for _ in 0..MOST_PAGES {
            let page = self.page(channel, Some(after), PAGE).await?;
            let ours = |message: &&Message| message.author.id == self.me && message.bears(mark);
            if let Some(message) = page.iter().find(ours) {
                return Ok(Sought::There(message.id));
            }
            match page.iter().map(|message| message.id).max() {
                Some(newest) if page.len() >= PAGE => after = newest,
                _ => return Ok(Sought::Absent),
            }
        }
        Ok(Sought::Unknown)
    }

    /// The first ones after a message, or the newest of all.
    async fn page(&self, channel: ChannelId, after: Option<MessageId>, limit: usize) -> Result<Vec<Message>, Failure> {
        let route = Route::ChannelMessages { channel_id: channel.to_u64().into() };
        let mut parameters = vec![("limit", limit.to_string())];
        parameters.extend(after.map(|after| ("after", after.to_string())));
        self.line.read(route, parameters).await
    }

    /// Without *Read Message History* Discord shows an empty page and no error, and "not found" would be a guess.
    async fn be_able_to_read(&self, channel: ChannelId, since: MessageId, deed: Deed) -> Result<(), Undelivered> {
        if !self.page(channel, None, 1).await.map_err(|failure| failure.told(deed))?.is_empty() {
            return Ok(());
        }
        let route = Route::Channel { channel_id: channel.to_u64().into() };
        let standing: Channel = self.line.read(route, Vec::new()).await.map_err(|failure| failure.told(deed))?;
        // The last message may have been deleted; one older than the notice is not the one that we miss.
        let hidden = standing.last_message_id.is_some_and(|last| last >= since);
        if hidden { Err(deed.is_forbidden()) } else { Ok(()) }
    }
}
