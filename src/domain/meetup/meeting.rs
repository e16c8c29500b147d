//! While a meetup has a time: place and host, reminders, changes.

use chrono::{DateTime, Duration, Utc};

use super::event::{Circumstances, Event, Step};
use super::step::{FEWEST_AT_A_TABLE, NEWS_KEEPS};
use super::voting::MOST_POLLS;
use super::{Appointment, Coming, Fizzle, Kind, Participant, PlaceBy, Standing, State};
use crate::domain::ids::UserId;
use crate::domain::notice::{Address, AnotherPollBecause, Notice, Reminder};

/// From here on nobody can be expected to look again at what was announced.
const LAST_DAY: Duration = Duration::days(1);

impl Step {
    pub(super) fn while_scheduled(
        mut self,
        event: &Event,
        mut on: Appointment,
        coming: Coming,
        around: &Circumstances,
    ) -> Option<Self> {
        match *event {
            Event::NamesPlace { user, ref place } => {
                self.meetup.host().filter(|host| host.user == user)?;
                if on.place.as_ref() == Some(place) {
                    return Some(self);
                }
                // Their word stands, whatever was chosen or is chosen later.
                on.places.by = PlaceBy::Host;
                Some(self.take_place(place.clone(), on, coming, around))
            }
            Event::ChoosesPlace { user, ref place } => self.choose_place(user, place, on, coming, around),
            Event::SwapsHost { user } => {
                // Whoever clicks it: the lead goes on from who has it now.
                let leads = self.meetup.host().map_or(user, |host| host.user);
                let next = self.after(leads).filter(|_| self.meetup.kind == Kind::Suggested)?;
                self.meetup.participants.iter_mut().for_each(|participant| participant.host = participant.user == next);
                Some(self.change(on, coming, around))
            }
            Event::WantsAnotherTime { user } => {
                // One of many does not move everybody's evening.
                let may = |one: &&Participant| one.is_in() && (one.host || self.meetup.kind == Kind::Suggested);
                self.meetup.participant(user).filter(may)?;
                // Another poll and its announcement are two messages.
                if self.meetup.polls >= MOST_POLLS || around.slots.is_empty() || !self.may_add(1) {
                    return Some(self.fizzle(Fizzle::CalledOff, around));
                }
                self.publish(on.sequence + 1, around.now + NEWS_KEEPS, around);
                Some(self.poll(Some(AnotherPollBecause::Asked), around))
            }
            Event::Withdraws { user } => self.withdraw(user, around),
            Event::RoomLost => Some(self),
            Event::EventPublished { event } => {
                on.event = Some(event);
                self.meetup.state = State::Scheduled { on, coming };
                Some(self)
            }
            Event::TimePassed => {
                let on = self.choose_place_in_time(on, coming, around);
                Some(self.pass_time_before(on, coming, around))
            }
            _ => None,
        }
    }

    /// Scheduled events stand in a public list: only for open meetups.
    pub(super) fn publish(&mut self, sequence: u32, not_after: DateTime<Utc>, around: &Circumstances) {
        if self.meetup.kind == Kind::OpenEvening {
            self.say(Notice::PublishEvent { sequence }, Address::Room, around.now, not_after);
        }
    }

    pub(super) fn change(mut self, mut on: Appointment, coming: Coming, around: &Circumstances) -> Self {
        on.sequence += 1;
        let (sequence, starts) = (on.sequence, on.slot.start());
        self.say(Notice::Update { sequence }, Address::Room, around.now, starts);
        self.meetup.state = State::Scheduled { on, coming };
        self.publish(sequence, starts, around);
        self
    }

    pub(super) fn take_place(self, place: String, on: Appointment, coming: Coming, around: &Circumstances) -> Self {
        let starts = on.slot.start();
        let mut step = self.change(Appointment { place: Some(place), ..on }, coming, around);
        step.say_the_place_too(starts, coming, around);
        step
    }

    /// A changed announcement rings nowhere. On the last day the place is said as well, unless that would cost the
    /// reminder that is still to come: it says where, too.
    fn say_the_place_too(&mut self, starts: DateTime<Utc>, coming: Coming, around: &Circumstances) {
        let State::Scheduled { on, .. } = &self.meetup.state else { return };
        let sequence = on.sequence;
        let still_to_come = u8::from(coming != Coming::Meeting);
        if starts - around.now <= LAST_DAY && around.now < starts && self.may_add(still_to_come) {
            self.say(Notice::PlaceNamed { sequence }, Address::Room, around.now, starts);
        }
    }

    /// After a day of silence only the reminder that still helps is sent, and none once the meeting has begun.
    pub(super) fn pass_time_before(mut self, on: Appointment, coming: Coming, around: &Circumstances) -> Self {
        let (now, start) = (around.now, on.slot.start());
        if on.slot.end() <= now {
            self.meetup.state = State::CheckingIn { on };
            return self;
        }
        let two_hours = Coming::TwoHoursBefore.due_at(&on.slot);
        let next = if start <= now {
            Coming::Meeting
        } else if two_hours <= now {
            if coming != Coming::Meeting && self.may_add(0) {
                self.say(Notice::Reminder { when: Reminder::TwoHoursBefore }, Address::Room, now, start);
            }
            Coming::Meeting
        } else if coming == Coming::DayBefore && coming.due_at(&on.slot) <= now {
            if self.may_add(1) {
                self.say(Notice::Reminder { when: Reminder::DayBefore }, Address::Room, now, two_hours);
            }
            Coming::TwoHoursBefore
        } else {
            coming
        };
        self.meetup.state = State::Scheduled { on, coming: next };
        self
    }

    /// Somebody can't make it. Two without one are not a meetup; an open evening goes on while there is company.
    pub(super) fn withdraw(mut self, user: UserId, around: &Circumstances) -> Option<Self> {
        let led = self.meetup.participant(user)?.host;
        self.stand(user, Participant::is_in_standing, Standing::Out)?;
        let left = self.meetup.present().count();
        let open_poll = matches!(self.meetup.state, State::Polling { .. }) && self.meetup.kind == Kind::OpenEvening;
        if left < FEWEST_AT_A_TABLE && !open_poll || left == 0 {
            return Some(self.fizzle(Fizzle::CalledOff, around));
        }
        if led {
            self = self.choose_host(around);
        }
        Some(match self.meetup.state.clone() {
            State::Scheduled { on, coming } => self.change(on, coming, around),
            _ => self,
        })
    }
}
