//! While the participants vote on when.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::event::{Circumstances, Event, Step};
use super::step::{FEWEST_AT_A_TABLE, NEWS_KEEPS};
use super::{Appointment, Coming, Fizzle, Kind, Participant, Places, Standing, State, Style, Yes};
use crate::domain::ids::UserId;
use crate::domain::notice::{Address, AnotherPollBecause, Notice};
use crate::domain::poll::{Ballot, Choice, Fit, Mark, Poll, Votes};
use crate::domain::slot::Slot;

/// A meetup has one second chance to find a time.
pub(super) const MOST_POLLS: u8 = 2;
impl Step {
    pub(super) fn while_polling(mut self, event: &Event, mut poll: Poll, around: &Circumstances) -> Option<Self> {
        match *event {
            Event::RoomOpened { channel } => {
                self.meetup.room = Some(channel);
                Some(self)
            }
            Event::RoomLost => Some(self.fizzle(Fizzle::NoRoom, around)),
            Event::Introduced => {
                self.meetup.introduced = true;
                Some(self)
            }
            Event::PollPosted { message } => {
                self.meetup.introduced = true;
                poll.message = Some(message);
                self.meetup.state = State::Polling { poll };
                Some(self)
            }
            Event::Votes { user, zone, choice, chosen } if poll.ballot.stands_on_discord() => {
                let mut choices = self.seat(user, zone, chosen, around)?.clone();
                let changed = if chosen { choices.insert(choice) } else { choices.remove(&choice) };
                if changed {
                    self.vote(user, choices, around.now);
                    self.refresh(&poll, around);
                }
                Some(self)
            }
            Event::Marks { user, zone, poll: number, ref mark } => {
                if number != poll.number || poll.ballot != Ballot::Buttons {
                    return None;
                }
                let before = self.seat(user, zone, !mark.is_empty(), around)?.clone();
                let choices = mark.on(&before);
                if choices != before {
                    self.vote(user, choices, around.now);
                    self.refresh(&poll, around);
                }
                Some(self)
            }
            Event::Proposes { user, slot } => self.propose(user, slot, poll, around),
            Event::PollRead { ref votes } if poll.message.is_some() && poll.ballot.stands_on_discord() => {
                let changed = self.take_votes(votes.clone(), around);
                if self.meetup.closes_at(&poll) <= around.now {
                    return Some(self.close_poll(&poll, around));
                }
                if changed {
                    self.refresh(&poll, around);
                }
                Some(self.remind(around))
            }
            // Without a message there is nothing to read again: what is known decides.
            Event::PollLost if poll.message.is_some() => Some(self.close_poll(&poll, around)),
            Event::TimePassed if poll.message.is_none() && poll.closes_by <= around.now => {
                Some(self.ask_unheard(around))
            }
            // The votes are ours: there is nothing to read again.
            Event::TimePassed if self.closes_by_itself(&poll, around) => Some(self.close_poll(&poll, around)),
            Event::TimePassed => Some(self.remind(around)),
            Event::Withdraws { user } => self.withdraw(user, around),
            _ => None,
        }
    }

    /// Of an open evening the proposer alone says when. Whoever proposes a time can make it; a reaction says that for
    /// itself.
    fn propose(mut self, user: UserId, slot: Slot, poll: Poll, around: &Circumstances) -> Option<Self> {
        let seat = self.meetup.participant(user).filter(|one| one.is_in())?;
        let before = seat.votes.clone();
        if self.meetup.kind != Kind::Suggested || poll.message.is_none() || slot.start() <= around.now {
            return None;
        }
        let (poll, index) = poll.grown(slot, around.now)?;
        if poll.ballot == Ballot::Buttons {
            let mut suits: BTreeSet<u8> =
                poll.indices().filter(|one| before.iter().any(|votes| votes.fit(*one) == Fit::Yes)).collect();
            suits.insert(index);
            let choices = Mark::Suits(suits).on(&before.map(|votes| votes.choices).unwrap_or_default());
            self.vote(user, choices, around.now);
        }
        self.meetup.asked_slots.push(slot);
        self.refresh(&poll, around);
        self.meetup.state = State::Polling { poll };
        Some(self)
    }

    fn closes_by_itself(&self, poll: &Poll, around: &Circumstances) -> bool {
        let posted = poll.message.is_some() && !poll.ballot.stands_on_discord();
        posted && self.meetup.closes_at(poll) <= around.now
    }

    /// Once, and where nobody else reads who has not voted.
    fn may_be_reminded(&self, number: u8) -> bool {
        number == 1 && self.meetup.kind == Kind::Suggested && self.meetup.style == Style::Discreet
    }

    pub(super) fn poll(mut self, because: Option<AnotherPollBecause>, around: &Circumstances) -> Self {
        let number = self.meetup.polls + 1;
        let mut poll = Poll::new(number, around.slots.to_vec(), around.ballot, around.now);
        poll.remind_at = poll.remind_at.filter(|_| self.may_be_reminded(number));
        poll.by_a_trip = around.by_a_trip && self.meetup.kind == Kind::Suggested;
        self.say(Notice::PostPoll { poll: number, because }, Address::Room, around.now, poll.closes_by);
        for participant in &mut self.meetup.participants {
            participant.votes = None;
            // The evening moves, so whoever could not come is asked again like everybody.
            if self.meetup.kind == Kind::OpenEvening && !participant.is_in() {
                participant.standing = Standing::Asked;
            }
        }
        if self.meetup.kind == Kind::Suggested {
            self.meetup.setting = around.setting;
        }
        self.meetup.asked_slots.extend_from_slice(around.slots);
        self.meetup.polls = number;
        self.meetup.state = State::Polling { poll };
        self
    }

    /// The seat of a voter. An open evening gives one to whoever votes first, and again to whoever had gone: a click is
    /// as good as a word.
    fn seat(&mut self, user: UserId, zone: Tz, chosen: bool, around: &Circumstances) -> Option<&BTreeSet<Choice>> {
        static NOTHING: BTreeSet<Choice> = BTreeSet::new();
        if self.meetup.kind == Kind::OpenEvening && chosen {
            let comes = Standing::In { since: around.now, by: Yes::Answer };
            if self.meetup.participant(user).is_none() {
                self.meetup.participants.push(Participant::new(user, zone, comes));
                self.meetup.invited += 1;
            }
            self.stand(user, |was| !Participant::is_in_standing(was), comes);
        }
        let participant = self.meetup.participant(user).filter(|participant| participant.is_in())?;
        Some(participant.votes.as_ref().map_or(&NOTHING, |votes| &votes.choices))
    }

    /// The same for reactions that are read again. Who said that they can't make it may have left theirs there.
    fn seat_again(
        &mut self,
        user: UserId,
        zone: Tz,
        choices: &BTreeSet<Choice>,
        around: &Circumstances,
    ) -> Option<&BTreeSet<Choice>> {
        let gone = self.meetup.participant(user).is_some_and(|one| one.standing == Standing::Out);
        self.seat(user, zone, !choices.is_empty() && !gone, around)
    }

    pub(super) fn vote(&mut self, user: UserId, choices: BTreeSet<Choice>, changed_at: DateTime<Utc>) {
        let votes = (!choices.is_empty()).then_some(Votes { choices, changed_at });
        let mut seats = self.meetup.participants.iter_mut();
        if let Some(participant) = seats.find(|participant| participant.user == user) {
            participant.votes = votes;
        }
    }

    /// Tells whether that changed anything.
    pub(super) fn take_votes(&mut self, votes: Vec<(UserId, Tz, BTreeSet<Choice>)>, around: &Circumstances) -> bool {
        let mut any = false;
        let silent = self.meetup.present().filter(|one| !votes.iter().any(|(user, ..)| *user == one.user));
        let silent: Vec<_> = silent.map(|one| (one.user, one.zone, BTreeSet::new())).collect();
        for (user, zone, choices) in votes.into_iter().chain(silent) {
            let changed = self.seat_again(user, zone, &choices, around).is_some_and(|known| *known != choices);
            if changed {
                self.vote(user, choices, around.now);
            }
            any |= changed;
        }
        any
    }

    /// Discord's own polls show their numbers themselves.
    pub(super) fn refresh(&mut self, poll: &Poll, around: &Circumstances) {
        if poll.ballot != Ballot::Native {
            self.settle_text(poll, around);
        }
    }

    /// The text follows what became of the poll; where it cannot be changed, the poll is ended.
    pub(super) fn settle_text(&mut self, poll: &Poll, around: &Circumstances) {
        self.say(Notice::RefreshPoll { poll: poll.number }, Address::Room, around.now, around.now + NEWS_KEEPS);
    }

    pub(super) fn close_poll(mut self, poll: &Poll, around: &Circumstances) -> Self {
        let host = self.meetup.host().and_then(|host| host.votes.as_ref());
        let winner = poll.winner(self.meetup.votes(), host, self.quorum());
        let ahead = |index: u8| poll.slots.get(usize::from(index)).copied().filter(|slot| slot.start() > around.now);
        let found = winner.and_then(|index| Some((index, ahead(index)?)));
        self.settle_text(poll, around);
        match found {
            // A second appointment of the same meetup continues the numbering: one per poll and some room for changes.
            Some((index, slot)) => {
                let sequence = u32::from(self.meetup.polls - 1) * 100;
                self.schedule((index, slot), &poll.slots, sequence, around)
            }
            None if self.meetup.polls < MOST_POLLS && !around.slots.is_empty() => {
                self.poll(Some(AnotherPollBecause::NoCommonTime), around)
            }
            None => self.fizzle(Fizzle::NoCommonTime, around),
        }
    }

    /// How many have to be able to come: all whom a round suggested to each other, company at an open evening.
    fn quorum(&self) -> usize {
        match self.meetup.kind {
            Kind::Suggested => self.meetup.present().count().max(FEWEST_AT_A_TABLE),
            Kind::OpenEvening => self.meetup.limits.fewest().max(FEWEST_AT_A_TABLE),
        }
    }

    /// Nobody has seen the poll: neither has anybody said no to its times. It is asked anew, once.
    fn ask_unheard(self, around: &Circumstances) -> Self {
        if self.meetup.polls < MOST_POLLS && !around.slots.is_empty() {
            self.poll(None, around)
        } else {
            self.fizzle(Fizzle::NoRoom, around)
        }
    }

    /// The time is found, among those `asked` about.
    pub(super) fn schedule(
        mut self,
        (index, slot): (u8, Slot),
        asked: &[Slot],
        sequence: u32,
        around: &Circumstances,
    ) -> Self {
        for participant in &mut self.meetup.participants {
            participant.place = None;
            participant.late = false;
        }
        match self.meetup.kind {
            Kind::Suggested => {
                for participant in self.meetup.participants.iter_mut().filter(|one| one.is_in()) {
                    if !participant.votes.as_ref().is_some_and(|votes| votes.can(index)) {
                        participant.standing = Standing::Out;
                    }
                }
            }
            Kind::OpenEvening => self.seat_voters(index, around),
        }
        if self.meetup.host().is_none() {
            self = self.choose_host(around);
        }
        let starts = slot.start();
        self.announce(sequence, starts, around);
        if self.meetup.kind == Kind::OpenEvening {
            self.say(Notice::OpenThread, Address::Room, around.now, starts);
        }
        let asked = if self.meetup.kind == Kind::OpenEvening { asked.to_vec() } else { Vec::new() };
        let places = Places { by: around.place_by, proposed: Vec::new() };
        let on = Appointment { slot, place: None, sequence, places, event: None, asked, moving: None };
        let coming = Coming::first(&on.slot, around.now);
        self.meetup.state = State::Scheduled { on, coming };
        self.publish(sequence, starts, around);
        self
    }
}
