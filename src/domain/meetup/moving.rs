//! Another time for a meetup that has one: proposed by one of those who are to meet, and taken once it suits all others.

use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};

use super::event::{Circumstances, Step};
use super::step::NEWS_KEEPS;
use super::{Appointment, Coming, State};
use crate::domain::ids::UserId;
use crate::domain::notice::{Address, Notice};
use crate::domain::slot::Slot;

/// The others have this long to say whether it suits them: a day to look at one's calendar.
const ANSWERED_WITHIN: Duration = Duration::hours(24);
/// And until this long before the time that stands, so that nobody sets out in doubt.
const SETTLED_BEFORE: Duration = Duration::hours(2);

/// The time that is proposed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moving {
    pub slot: Slot,
    /// Without a word from all by then, the time stays.
    pub until: DateTime<Utc>,
}

impl Step {
    /// One at a time, and only as long as the room has words left for it and for the new announcement.
    pub(super) fn offer_time(
        mut self,
        mut on: Appointment,
        coming: Coming,
        (user, slot): (UserId, Slot),
        around: &Circumstances,
    ) -> Option<Self> {
        self.meetup.participant(user).filter(|one| one.is_in())?;
        let until = (around.now + ANSWERED_WITHIN).min(on.slot.start() - SETTLED_BEFORE);
        let is_another = around.now < slot.start() && slot.start() != on.slot.start();
        let may = self.meetup.may_be_moved() && on.moving.is_none();
        if !may || !is_another || until <= around.now {
            return None;
        }
        self.meetup.participants.iter_mut().for_each(|one| one.agrees = one.user == user);
        on.moving = Some(Moving { slot, until });
        self.meetup.state = State::Scheduled { on, coming };
        self.say(Notice::TimeOffered, Address::Room, around.now, until);
        Some(self)
    }

    /// One no is enough, and nobody reads whose it was.
    pub(super) fn answer_offer(
        mut self,
        mut on: Appointment,
        coming: Coming,
        (user, suits): (UserId, bool),
        around: &Circumstances,
    ) -> Option<Self> {
        on.moving.filter(|moving| around.now < moving.until)?;
        let mut seats = self.meetup.participants.iter_mut();
        seats.find(|one| one.user == user && one.is_in() && !one.agrees)?.agrees = suits;
        if !suits {
            self.keep_the_time(&mut on, around);
        }
        self.meetup.state = State::Scheduled { on, coming };
        Some(self.move_if_it_suits_all(around))
    }

    /// Also where the only one who had not answered has gone.
    pub(super) fn move_if_it_suits_all(mut self, around: &Circumstances) -> Self {
        let State::Scheduled { on, .. } = &self.meetup.state else { return self };
        let Some(moving) = on.moving.filter(|_| self.meetup.present().all(|one| one.agrees)) else { return self };
        let mut on = on.clone();
        on.slot = moving.slot;
        on.sequence += 1;
        let coming = Coming::first(&on.slot, around.now);
        self.meetup.asked_slots.push(moving.slot);
        self.keep_the_time(&mut on, around);
        self.meetup.participants.iter_mut().for_each(|one| one.late = false);
        self.announce(on.sequence, on.slot.start(), around);
        self.meetup.state = State::Scheduled { on, coming };
        self
    }

    /// A time to arrange oneself by. What was announced before says it too, so that nobody reads another one there.
    pub(super) fn announce(&mut self, sequence: u32, starts: DateTime<Utc>, around: &Circumstances) {
        if sequence > 0 {
            self.say(Notice::Update { sequence }, Address::Room, around.now, starts);
        }
        self.say(Notice::ItIsOn { sequence }, Address::Room, around.now, starts);
    }

    /// From now on the time is what it is, or there is none: nobody is asked any more.
    pub(super) fn keep_the_time(&mut self, on: &mut Appointment, around: &Circumstances) {
        if on.moving.take().is_none() {
            return;
        }
        self.meetup.participants.iter_mut().for_each(|one| one.agrees = false);
        self.say(Notice::OfferSettled, Address::Room, around.now, around.now + NEWS_KEEPS);
    }
}
