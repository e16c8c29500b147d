//! The community's list of events: an entry is found by the mark in its description, then made, changed or called off.

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Deserialize;
use serde_json::{Value, json};
use serenity::http::{LightMethod, Route};

use super::failure::{Act, Deed, Failure};
use super::{Made, Outbound, locale_of};
use crate::app::messenger::{Delivered, Letter, Undelivered};
use crate::discord::render::{event_mark, event_text};
use crate::domain::ids::ScheduledEventId;
use crate::domain::meetup::{Appointment, Meetup, State};

/// Somewhere else than on Discord.
const EXTERNAL: u8 = 3;
/// Seen by members of the community only.
const MEMBERS_ONLY: u8 = 2;
const SCHEDULED: u8 = 1;
const ACTIVE: u8 = 2;
const COMPLETED: u8 = 3;
const CANCELED: u8 = 4;

/// An event as the list has it.
#[derive(Deserialize)]
struct Listed {
    id: ScheduledEventId,
    description: Option<String>,
    status: u8,
    scheduled_start_time: DateTime<Utc>,
}

impl Outbound {
    /// Makes the list say what the meetup says: an entry while it is on, none while it is not.
    pub(super) async fn publish(&self, letter: &Letter) -> Result<Delivered, Undelivered> {
        let Some(meetup) = &letter.meetup else {
            return Err(Undelivered::Refused("an event needs a meetup".into()));
        };
        let deed = Deed { act: Act::Publish, channel: None, locale: locale_of(letter) };
        let event = self.bring_up_to_date(letter, meetup).await.map_err(|failure| failure.told(deed))?;
        Ok(Delivered { event, ..Delivered::default() })
    }

    async fn bring_up_to_date(&self, letter: &Letter, meetup: &Meetup) -> Result<Option<ScheduledEventId>, Failure> {
        let standing = self.standing_event(letter, meetup).await?;
        let on = match &meetup.state {
            State::Scheduled { on, .. } => Some(on),
            // Past already: the list drops what is over by itself.
            State::CheckingIn { .. } | State::Held { .. } => return Ok(standing.map(|event| event.id)),
            State::Proposed { .. } | State::Polling { .. } | State::Fizzled { .. } => None,
        };
        match (on.and_then(|on| Some((on, entry(letter, on)?))), standing) {
            (Some((on, mut body)), Some(event)) => {
                // A start that has not changed may be past meanwhile, and would be refused.
                if event.scheduled_start_time == on.slot.start() {
                    body.as_object_mut().into_iter().for_each(|body| {
                        body.remove("scheduled_start_time");
                    });
                }
                self.change_event(letter, event.id, &body).await.map(Some)
            }
            (Some((_, body)), None) => {
                let route = Route::GuildScheduledEvents { guild_id: letter.community.id.to_u64().into() };
                let made = self.line.ask::<Made<ScheduledEventId>>(LightMethod::Post, route, Some(&body)).await?;
                Ok(Some(made.id))
            }
            (None, Some(event)) => {
                // One that has begun can only end.
                let over = if event.status == ACTIVE { COMPLETED } else { CANCELED };
                self.change_event(letter, event.id, &json!({ "status": over })).await.map(Some)
            }
            (None, None) => Ok(None),
        }
    }

    async fn standing_event(&self, letter: &Letter, meetup: &Meetup) -> Result<Option<Listed>, Failure> {
        let route = Route::GuildScheduledEvents { guild_id: letter.community.id.to_u64().into() };
        let all: Vec<Listed> = self.line.read(route, Vec::new()).await?;
        let mark = event_mark(meetup.id);
        let ours = |event: &Listed| {
            matches!(event.status, SCHEDULED | ACTIVE)
                && event.description.as_ref().is_some_and(|text| text.ends_with(&mark))
        };
        Ok(all.into_iter().find(ours))
    }

    async fn change_event(
        &self,
        letter: &Letter,
        event: ScheduledEventId,
        body: &Value,
    ) -> Result<ScheduledEventId, Failure> {
        let route = Route::GuildScheduledEvent {
            guild_id: letter.community.id.to_u64().into(),
            event_id: event.to_u64().into(),
        };
        let changed = self.line.ask::<Made<ScheduledEventId>>(LightMethod::Patch, route, Some(body)).await?;
        Ok(changed.id)
    }
}

fn entry(letter: &Letter, on: &Appointment) -> Option<Value> {
    let text = event_text(letter, on)?;
    let at = |moment: DateTime<Utc>| moment.to_rfc3339_opts(SecondsFormat::Secs, true);
    Some(json!({
        "name": text.name,
        "description": text.description,
        "privacy_level": MEMBERS_ONLY,
        "entity_type": EXTERNAL,
        "entity_metadata": { "location": text.place },
        "scheduled_start_time": at(on.slot.start()),
        "scheduled_end_time": at(on.slot.end()),
    }))
}
