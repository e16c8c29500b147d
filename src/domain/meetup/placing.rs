//! Where a meetup takes place: proposed by those who come, said by the host or chosen by all of them. Nobody else proposes
//! anything, and no place is invented.

use serde::{Deserialize, Serialize};

use super::event::{Circumstances, Step};
use super::{Appointment, Coming, Meetup, State};
use crate::domain::ids::UserId;
use crate::domain::member::Setting;
use crate::domain::notice::{Address, Notice};

/// Places that stand to choose in one meetup: more would be a conversation, and the thread is there for that.
pub const MOST_PLACES: usize = 5;

/// Who says where.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlaceBy {
    #[default]
    Host,
    /// All who come choose, as soon as each has, at the latest a day before.
    Vote,
}

/// The question on where.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Places {
    pub by: PlaceBy,
    /// Those that somebody has proposed or chosen, the earliest first.
    pub proposed: Vec<String>,
}

impl Meetup {
    /// How many of those who come have chosen this place.
    pub fn choosing(&self, place: &str) -> usize {
        self.present().filter(|one| one.place.as_deref() == Some(place)).count()
    }

    /// The place that most have chosen; among equals the host's, then the one that was proposed first. `None` where nobody has
    /// chosen any.
    fn place_of_most<'a>(&self, places: &'a Places) -> Option<&'a String> {
        let hosts = self.host().and_then(|host| host.place.as_ref());
        let merit = |place: &String| (self.choosing(place), hosts == Some(place));
        let chosen = places.proposed.iter().filter(|place| self.choosing(place) > 0);
        // The last of equals is the maximum, so look from the end.
        chosen.rev().max_by_key(|place| merit(place))
    }
}

impl Step {
    /// One of those who come proposes or chooses a place, or both at once. `None` where it is full, or they meet by call.
    pub(super) fn choose_place(
        mut self,
        user: UserId,
        place: &str,
        mut on: Appointment,
        coming: Coming,
        around: &Circumstances,
    ) -> Option<Self> {
        if self.meetup.setting != Setting::InPerson {
            return None;
        }
        if !on.places.proposed.iter().any(|known| known == place) {
            if on.places.proposed.len() >= MOST_PLACES {
                return None;
            }
            on.places.proposed.push(place.to_owned());
        }
        let seat = self.meetup.participants.iter_mut().find(|one| one.user == user && one.is_in())?;
        seat.place = Some(place.to_owned());
        let leads = seat.host;
        let all = self.meetup.present().all(|one| one.place.is_some());
        let decided = match on.places.by {
            PlaceBy::Host if leads => Some(place.to_owned()),
            PlaceBy::Vote if all => self.meetup.place_of_most(&on.places).cloned(),
            PlaceBy::Host | PlaceBy::Vote => None,
        };
        if let Some(decided) = decided.filter(|decided| on.place.as_ref() != Some(decided)) {
            return Some(self.take_place(decided, on, coming, around));
        }
        self.meetup.state = State::Scheduled { on, coming };
        Some(self)
    }

    /// A day before, those who have chosen decide. Returns the appointment with the place that it comes to.
    pub(super) fn choose_place_in_time(
        &mut self,
        mut on: Appointment,
        coming: Coming,
        around: &Circumstances,
    ) -> Appointment {
        let open = on.places.by == PlaceBy::Vote && on.place.is_none();
        if !open || coming.due_at(&on.slot) > around.now || on.slot.start() <= around.now {
            return on;
        }
        if let Some(place) = self.meetup.place_of_most(&on.places).cloned() {
            on.place = Some(place);
            on.sequence += 1;
            let (sequence, starts) = (on.sequence, on.slot.start());
            self.say(Notice::Update { sequence }, Address::Room, around.now, starts);
            self.publish(sequence, starts, around);
        }
        on
    }
}
