//! Private threads: opened once, found again by the end of their name, and filled with their people.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::json;
use serenity::http::{LightMethod, Route};

use super::failure::{Act, Deed, Failure};
use super::{Made, Outbound, locale_of, nothing_said};
use crate::app::messenger::{Delivered, Letter, Place, Undelivered};
use crate::discord::render;
use crate::domain::ids::ChannelId;

const PRIVATE_THREAD: u8 = 12;
/// A week, the longest that Discord has: longer than a poll is open.
const ARCHIVES_AFTER_MINUTES: u32 = 10_080;

#[derive(Deserialize)]
struct Threads {
    threads: Vec<Thread>,
}

#[derive(Deserialize)]
struct Thread {
    id: ChannelId,
    name: String,
    parent_id: Option<ChannelId>,
}

impl Outbound {
    /// Opens the thread of a meetup, or finds the one that stands already.
    pub(super) async fn open_room(&self, letter: &Letter) -> Result<Delivered, Undelivered> {
        let (Some(meetup), Place::Channel(parent)) = (&letter.meetup, letter.place) else {
            return Err(Undelivered::Refused("a thread needs a meetup and a channel".into()));
        };
        let locale = locale_of(letter);
        let deed = Deed { act: Act::OpenThread, channel: Some(parent), locale };
        let standing = self.standing_room(letter, parent, &render::room_mark(meetup.id)).await;
        if let Some(channel) = standing.map_err(|failure| nothing_said(failure.told(deed)))? {
            return Ok(Delivered { channel: Some(channel), ..Delivered::default() });
        }
        let body = json!({
            "name": render::room_name(locale, meetup),
            "type": PRIVATE_THREAD,
            "invitable": false,
            "auto_archive_duration": ARCHIVES_AFTER_MINUTES,
        });
        let route = Route::ChannelThreads { channel_id: parent.to_u64().into() };
        let made = self.line.ask::<Made<ChannelId>>(LightMethod::Post, route, Some(&body)).await;
        let made = made.map_err(|failure| failure.told(deed))?;
        Ok(Delivered { channel: Some(made.id), ..Delivered::default() })
    }

    async fn standing_room(
        &self,
        letter: &Letter,
        parent: ChannelId,
        mark: &str,
    ) -> Result<Option<ChannelId>, Failure> {
        let guild_id = letter.community.id.to_u64().into();
        let active: Threads = self.line.read(Route::GuildThreadsActive { guild_id }, Vec::new()).await?;
        let ours = |thread: &Thread| thread.parent_id == Some(parent) && thread.name.ends_with(mark);
        Ok(active.threads.into_iter().find(ours).map(|thread| thread.id))
    }

    /// Brings the participants into their thread. Who has left is left out, as long as somebody can come. Tells whether
    /// nobody seems to have left.
    pub(super) async fn bring_in(&self, letter: &Letter, thread: ChannelId) -> Result<bool, Undelivered> {
        let meetup = letter.meetup.as_ref();
        let present: Vec<_> = meetup.map(|meetup| meetup.present().map(|one| one.user).collect()).unwrap_or_default();
        let deed = Deed { act: Act::AddToThread, channel: Some(thread), locale: locale_of(letter) };
        let (mut came, mut missing, mut all_there) = (0, None, true);
        for user in present {
            let route =
                Route::ChannelThreadMember { channel_id: thread.to_u64().into(), user_id: user.to_u64().into() };
            match self.line.ask::<IgnoredAny>(LightMethod::Put, route, None).await {
                Ok(_) => came += 1,
                Err(failure) if failure.is_about_one_person() => {
                    all_there &= !failure.is_about_absence();
                    missing = Some(failure);
                }
                // The line itself is written only afterwards.
                Err(failure) => return Err(nothing_said(failure.told(deed))),
            }
        }
        match missing {
            Some(failure) if came == 0 => Err(failure.told(deed)),
            _ => Ok(all_there),
        }
    }

    /// Opens the thread of an announcement, which bears the announcement's id, and says its first words there, once.
    pub(super) async fn open_thread(&self, letter: &Letter) -> Result<Delivered, Undelivered> {
        let Some((parent, message)) = letter.edits else {
            return Err(Undelivered::Refused("a thread needs an announcement".into()));
        };
        let locale = locale_of(letter);
        let deed = Deed { act: Act::OpenPublicThread, channel: Some(parent), locale };
        let thread = ChannelId::from_column(message.get());
        let within = Letter { place: Place::Channel(thread), edits: None, ..letter.clone() };
        let route =
            Route::ChannelMessageThreads { channel_id: parent.to_u64().into(), message_id: message.to_u64().into() };
        let body = json!({ "name": render::thread_name(locale), "auto_archive_duration": ARCHIVES_AFTER_MINUTES });
        match self.line.ask::<IgnoredAny>(LightMethod::Post, route, Some(&body)).await {
            Ok(_) => {}
            Err(failure) if failure.is_standing_thread() => {
                if let Some(said) = self.find_message(&within, letter.id.time()).await? {
                    return Ok(said);
                }
            }
            Err(failure) => return Err(failure.told(deed)),
        }
        let Some(card) = render::render(&within) else {
            return Err(Undelivered::Refused("there is nothing to say any more".into()));
        };
        // The thread stands, whatever comes of its words.
        let said = self.send(&within, thread, &card).await.map_err(super::something_said)?;
        Ok(Delivered { channel: Some(thread), message: Some(said), ..Delivered::default() })
    }

    /// Archives the thread of a meetup. One that is gone, or archived already, is as good.
    pub(super) async fn close_room(&self, letter: &Letter) -> Result<Delivered, Undelivered> {
        let Place::Channel(thread) = letter.place else {
            return Err(Undelivered::Refused("a thread is a channel".into()));
        };
        let deed = Deed::write(letter, thread);
        match self.archive(thread, true).await {
            Err(failure) if failure.is_archived() => {}
            result => result.map_err(|failure| failure.told(deed))?,
        }
        Ok(Delivered { channel: Some(thread), ..Delivered::default() })
    }

    /// Wakes an archived thread, which takes neither changes nor reactions.
    pub(super) async fn reopen(&self, thread: ChannelId) -> Result<(), Failure> {
        self.archive(thread, false).await
    }

    async fn archive(&self, thread: ChannelId, archived: bool) -> Result<(), Failure> {
        let route = Route::Channel { channel_id: thread.to_u64().into() };
        let body = json!({ "archived": archived });
        self.line.ask::<IgnoredAny>(LightMethod::Patch, route, Some(&body)).await?;
        Ok(())
    }
}
