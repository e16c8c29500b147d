//! While a meetup has a time: place and host, reminders, changes.

use std::collections::BTreeSet;

use chrono::{DateTime, Duration, Utc};

use super::event::{Circumstances, Event, Step};
use super::step::{FEWEST_AT_A_TABLE, NEWS_KEEPS};
use super::voting::MOST_POLLS;
use super::{Appointment, Coming, Fizzle, Kind, MOST_MESSAGES, Meetup, Participant, PlaceBy, Standing, State};
use crate::domain::ids::UserId;
use crate::domain::notice::{Address, AnotherPollBecause, Notice, Reminder};

/// From here on nobody can be expected to look again at what was announced.
const LAST_DAY: Duration = Duration::days(1);
/// Nobody is late earlier than this before the start.
const LATE_FROM: Duration = Duration::hours(3);

impl Meetup {
    /// Whether one of those who come may say now that they are running late: once, and not days ahead.
    pub fn may_run_late(&self, user: UserId, now: DateTime<Utc>) -> bool {
        let State::Scheduled { on, .. } = &self.state else { return false };
        let soon = on.slot.start() - LATE_FROM <= now && now < on.slot.end();
        soon && self.participant(user).is_some_and(|one| one.is_in() && !one.late)
    }

    /// Asking about another time and announcing it are two messages.
    pub(super) const fn has_words_to_move(&self) -> bool {
        self.said + 1 < MOST_MESSAGES
    }

    /// Whether one of its people may still propose another time that they name.
    pub fn may_be_moved(&self) -> bool {
        self.kind == Kind::Suggested && self.has_words_to_move()
    }
}

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
                self.meetup.participant(user).filter(|one| self.may_move(one))?;
                // One of them does not call it off for all by asking.
                if self.meetup.polls >= MOST_POLLS || around.slots.is_empty() || !self.meetup.has_words_to_move() {
                    return None;
                }
                self.keep_the_time(&mut on, around);
                self.publish(on.sequence + 1, around.now + NEWS_KEEPS, around);
                Some(self.poll(Some(AnotherPollBecause::Asked), around))
            }
            Event::Withdraws { user } => self.withdraw(user, around),
            Event::Answers { user, zone, rsvp } => self.take_rsvp(&on, (user, zone), rsvp, around),
            Event::OffersTime { user, slot } => self.offer_time(on, coming, (user, slot), around),
            Event::AnswersOffer { user, suits } => self.answer_offer(on, coming, (user, suits), around),
            Event::CallsOff { user, ref reason } => {
                self.meetup.participant(user).filter(|one| self.may_move(one))?;
                Some(self.fizzle_with(Fizzle::CalledOff, reason.clone(), around))
            }
            Event::RunsLate { user } => {
                if !self.meetup.may_run_late(user, around.now) {
                    return None;
                }
                self.meetup.participants.iter_mut().filter(|one| one.user == user).for_each(|one| one.late = true);
                self.say(Notice::RunningLate, Address::Room, around.now, on.slot.end());
                Some(self)
            }
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

    /// One of many does not move everybody's evening.
    fn may_move(&self, one: &Participant) -> bool {
        one.is_in() && (one.host || self.meetup.kind == Kind::Suggested)
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
        let still_to_come = u8::from(coming != Coming::Meeting && around.reminders.has(Reminder::TwoHoursBefore));
        if starts - around.now <= LAST_DAY && around.now < starts && self.may_add(still_to_come) {
            self.say(Notice::PlaceNamed { sequence }, Address::Room, around.now, starts);
        }
    }

    /// After a day of silence only the reminder that still helps is sent, and none once the meeting has begun.
    pub(super) fn pass_time_before(mut self, mut on: Appointment, coming: Coming, around: &Circumstances) -> Self {
        let (now, start) = (around.now, on.slot.start());
        if on.slot.end() <= now {
            self.meetup.came = Some(self.meetup.present().count());
            self.meetup.state = State::CheckingIn { on };
            return self;
        }
        self.let_offers_end(start, around);
        if on.moving.is_some_and(|moving| moving.until <= now) {
            self.keep_the_time(&mut on, around);
        }
        let decided = coming != Coming::DayBefore;
        if now < start && (decided || coming.due_at(&on.slot) <= now) && self.has_too_few(coming) {
            return if decided { self.fizzle(Fizzle::TooFew, around) } else { self.go_to_another_time(&on, around) };
        }
        let two_hours = Coming::TwoHoursBefore.due_at(&on.slot);
        let next = if start <= now {
            Coming::Meeting
        } else if two_hours <= now {
            let wanted = coming != Coming::Meeting && around.reminders.has(Reminder::TwoHoursBefore);
            if wanted && self.may_add(0) {
                self.say(Notice::Reminder { when: Reminder::TwoHoursBefore }, Address::Room, now, start);
            }
            Coming::Meeting
        } else if coming == Coming::DayBefore && coming.due_at(&on.slot) <= now {
            let still_to_come = u8::from(around.reminders.has(Reminder::TwoHoursBefore));
            if around.reminders.has(Reminder::DayBefore) && self.may_add(still_to_come) {
                self.say(Notice::Reminder { when: Reminder::DayBefore }, Address::Room, now, two_hours);
            }
            Coming::TwoHoursBefore
        } else {
            coming
        };
        self.meetup.state = State::Scheduled { on, coming: next };
        self
    }

    /// Somebody can't make it. Two without one are not a meetup; a table goes on while two are left, an open evening while
    /// there is company, or may still be.
    pub(super) fn withdraw(mut self, user: UserId, around: &Circumstances) -> Option<Self> {
        let led = self.meetup.participant(user)?.host;
        self.stand(user, Standing::is_open, Standing::Out)?;
        // They come at no other time either, should the evening move to one.
        self.vote(user, BTreeSet::new(), around.now);
        if let State::Scheduled { on, .. } = &self.meetup.state {
            let starts = on.slot.start();
            self.offer_free_seats(starts, around);
        }
        // Of a table whose first words have not been said, nobody is brought among strangers.
        if self.meetup.is_table() && !self.meetup.introduced {
            let held = self.meetup.held_together(around.tied);
            if held.len() < FEWEST_AT_A_TABLE {
                return Some(self.fizzle(Fizzle::CalledOff, around));
            }
            self.leave_out_all_but(&held, around);
        }
        let left = self.meetup.participants.iter().filter(|one| one.holds_a_seat()).count();
        if left < FEWEST_AT_A_TABLE && !self.may_still_fill() || left == 0 {
            return Some(self.fizzle(Fizzle::CalledOff, around));
        }
        if led || self.meetup.host().is_none() {
            self = self.choose_host(around);
        }
        Some(match self.meetup.state.clone() {
            State::Scheduled { on, .. } if self.meetup.kind == Kind::OpenEvening => {
                self.count_anew(&on, around);
                self
            }
            State::Scheduled { on, coming } => self.change(on, coming, around).move_if_it_suits_all(around),
            _ => self,
        })
    }
}
