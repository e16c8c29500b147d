//! A member's meetups as a calendar to subscribe to, at a secret address.

use super::{Refusal, Result, Wallflower, keyed_hash};
use crate::domain::calendar::{Entry, Standing, feed};
use crate::domain::ids::{CommunityId, UserId};
use crate::domain::meetup::{Appointment, Meetup, State};
use crate::domain::member::Setting;
use crate::domain::notice::Dropped;
use crate::store::Community;
use crate::texts::{Locale, Texts, args, one_line};

/// What the hash of a secret is made from, besides the secret.
const FEED: &[u8] = b"a calendar feed";

/// What calendars say of the meetups of a community, in its language.
pub struct CalendarWords {
    summary: String,
    description: String,
    by_call: String,
    dropped: String,
}

impl CalendarWords {
    /// Of this community.
    pub fn of(community: &Community) -> Self {
        let locale = Locale::from_discord(&community.locale);
        let name = one_line(&community.name);
        Self {
            summary: Texts::say(locale, "calendar-summary", &args([("community", name.into())])),
            description: Texts::plain(locale, "calendar-description"),
            by_call: Texts::plain(locale, "calendar-by-call"),
            dropped: Texts::plain(locale, "calendar-dropped"),
        }
    }

    /// A meetup that takes place.
    pub fn entry<'a>(&'a self, meetup: &Meetup, on: &'a Appointment) -> Entry<'a> {
        let unnamed = match meetup.setting {
            Setting::InPerson => "",
            Setting::Call => &self.by_call,
        };
        Entry {
            meetup: meetup.id,
            sequence: on.sequence,
            slot: on.slot,
            standing: Standing::Confirmed,
            summary: &self.summary,
            location: on.place.as_deref().unwrap_or(unnamed),
            description: &self.description,
        }
    }

    /// One that does not, by which calendars drop what they have.
    pub fn dropped(&self, meetup: &Meetup, dropped: &Dropped) -> Entry<'_> {
        Entry {
            meetup: meetup.id,
            sequence: dropped.sequence,
            slot: dropped.slot,
            standing: Standing::Cancelled,
            summary: &self.summary,
            location: "",
            description: &self.dropped,
        }
    }
}

impl Wallflower {
    /// A new secret address for this member; the one before it is worth nothing from then on.
    pub async fn new_feed(&self, community: CommunityId, user: UserId) -> Result<String> {
        let base = self.feeds_at.as_ref().ok_or(Refusal::NoFeeds)?;
        self.active_member(community, user).await?;
        let secret = format!("{:032x}", self.random());
        self.store.set_feed(community, user, &self.hash_of_feed(&secret), self.now()).await?;
        Ok(format!("{}/calendar/{secret}.ics", base.trim_end_matches('/')))
    }

    /// Tells whether there was an address to take back.
    pub async fn revoke_feed(&self, community: CommunityId, user: UserId) -> Result<bool> {
        self.active_member(community, user).await?;
        Ok(self.store.revoke_feed(community, user).await?)
    }

    /// The calendar behind a secret, as text; `None` where nobody has that secret.
    pub async fn feed(&self, secret: &str) -> Result<Option<String>> {
        let Some((community, user)) = self.store.feed_of(&self.hash_of_feed(secret)).await? else { return Ok(None) };
        let Some(community) = self.store.community(community).await? else { return Ok(None) };
        let words = CalendarWords::of(&community);
        let meetups = self.store.meetups_of(community.id, user).await?;
        let entries = meetups.iter().filter_map(|meetup| {
            let on: &Appointment = match &meetup.state {
                State::Scheduled { on, .. } | State::CheckingIn { on } => on,
                _ => return None,
            };
            meetup.participant(user).filter(|one| one.is_in())?;
            Some(words.entry(meetup, on))
        });
        Ok(Some(feed(&words.summary, &entries.collect::<Vec<_>>(), self.now())))
    }

    fn hash_of_feed(&self, secret: &str) -> String {
        keyed_hash(&self.secret, &[FEED, secret.as_bytes()])
    }
}
