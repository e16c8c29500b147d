//! The entry of an open evening in the community's list of events. Plain text: nothing there is markdown.

use super::escape::cut;
use crate::app::messenger::Letter;
use crate::domain::ids::MeetupId;
use crate::domain::meetup::Appointment;
use crate::domain::place::City;
use crate::texts::{Locale, Texts, args, one_line};

/// Discord's limits.
const LONGEST_NAME: usize = 100;
const LONGEST_PLACE: usize = 100;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventText {
    pub name: String,
    pub description: String,
    pub place: String,
}

/// What an event's description ends with, so that it is found again.
pub fn event_mark(meetup: MeetupId) -> String {
    format!("wallflower:{meetup}")
}

/// What the entry says. `None` where the letter is about no meetup.
pub fn event_text(letter: &Letter, on: &Appointment) -> Option<EventText> {
    let locale = Locale::from_discord(&letter.community.locale);
    let meetup = letter.meetup.as_ref()?;
    let name = match meetup.city.and_then(City::by_id) {
        Some(city) => Texts::say(locale, "event-name", &args([("city", city.label().into())])),
        None => Texts::plain(locale, "event-name-anywhere"),
    };
    let channel = meetup.room.map_or_else(|| one_line(&letter.community.name), |room| format!("<#{room}>"));
    let body = Texts::say(locale, "event-body", &args([("channel", channel.into())]));
    let place = on.place.as_deref().map(one_line).filter(|place| !place.is_empty());
    let place = place.unwrap_or_else(|| Texts::plain(locale, "event-no-place"));
    Some(EventText {
        name: cut(&name, LONGEST_NAME),
        description: format!("{body}\n\n{}", event_mark(meetup.id)),
        place: cut(&place, LONGEST_PLACE),
    })
}
