//! The transitions. Pure: a state, an event and the circumstances give the next state, the notices to be delivered and
//! the facts to be kept. An event that has no place in a state is `OutOfTurn`, and changes nothing.

use std::collections::BTreeSet;

use chrono::{DateTime, Duration, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::{
    Account, Appointment, CheckIn, Coming, Fizzle, Kind, Meetup, Participant, Standing, State, Style, Yes, check_in_at,
    check_in_closes_at,
};
use crate::domain::ids::{ChannelId, MessageId, Pair, ScheduledEventId, UserId};
use crate::domain::notice::{Address, AnotherPollBecause, Draft, Notice, Reminder};
use crate::domain::poll::{Choice, Poll, Votes};
use crate::domain::slot::Slot;

/// A meetup has one second chance to find a time.
const MOST_POLLS: u8 = 2;
/// What a room is told about an ended meetup is stale after this long.
const NEWS_KEEPS: Duration = Duration::days(2);
/// An open evening needs company.
const FEWEST_AT_A_TABLE: usize = 2;

/// Everything that can happen to a meetup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    SaysYes {
        user: UserId,
    },
    SaysNo {
        user: UserId,
    },
    /// Answers that they know each other already: a no that is also a fact.
    SaysWeKnowEachOther {
        user: UserId,
    },
    /// Takes no part any more: can't make it, left, paused, avoided, reported or erased.
    Withdraws {
        user: UserId,
    },
    RoomOpened {
        channel: ChannelId,
    },
    /// The room cannot be made, or is gone.
    RoomLost,
    PollPosted {
        message: MessageId,
    },
    /// One reaction added or taken back. `zone` is for whom an open evening has not seen before.
    Votes {
        user: UserId,
        zone: Tz,
        choice: Choice,
        chosen: bool,
    },
    /// All reactions as Discord shows them at closing: what was missed while offline counts too.
    PollRead {
        votes: Vec<(UserId, Tz, BTreeSet<Choice>)>,
    },
    /// The poll's message is gone: there is nothing to read.
    PollLost,
    NamesPlace {
        user: UserId,
        place: String,
    },
    SwapsHost {
        user: UserId,
    },
    WantsAnotherTime {
        user: UserId,
    },
    EventPublished {
        event: ScheduledEventId,
    },
    ChecksIn {
        user: UserId,
        account: Account,
    },
    TimePassed,
}

/// What a step may look at besides the meetup itself.
#[derive(Debug, Clone)]
pub struct Circumstances<'a> {
    pub now: DateTime<Utc>,
    /// Times to choose from, should a poll open now.
    pub slots: &'a [Slot],
    /// Who of the participants hosted the latest meetup that any of them had.
    pub hosted_last: Option<UserId>,
}

/// What a step leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    pub meetup: Meetup,
    pub notices: Vec<Draft>,
    pub facts: Vec<Fact>,
}

/// Something that is true from now on, whatever becomes of the meetup.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fact {
    Met { pair: Pair, at: DateTime<Utc>, said_by: SaidBy },
}

/// Who says that two have met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SaidBy {
    Both,
    One,
    /// "We know each other", said to an ask.
    Known,
}

/// The event does not fit the state (a late click, a second answer). Nothing has changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{event} is out of turn: the meetup is {state}")]
pub struct OutOfTurn {
    pub state: &'static str,
    pub event: &'static str,
}

impl Event {
    const fn name(&self) -> &'static str {
        match self {
            Self::SaysYes { .. } => "a yes",
            Self::SaysNo { .. } => "a no",
            Self::SaysWeKnowEachOther { .. } => "\"we know each other\"",
            Self::Withdraws { .. } => "a withdrawal",
            Self::RoomOpened { .. } => "an opened room",
            Self::RoomLost => "a lost room",
            Self::PollPosted { .. } => "a posted poll",
            Self::Votes { .. } => "a vote",
            Self::PollRead { .. } => "a read poll",
            Self::PollLost => "a lost poll",
            Self::NamesPlace { .. } => "a place",
            Self::SwapsHost { .. } => "a change of host",
            Self::WantsAnotherTime { .. } => "a wish for another time",
            Self::EventPublished { .. } => "a published event",
            Self::ChecksIn { .. } => "a check-in",
            Self::TimePassed => "the passing of time",
        }
    }
}

impl Meetup {
    /// The step that `event` leads to.
    pub fn step(&self, event: Event, around: &Circumstances) -> Result<Step, OutOfTurn> {
        let out_of_turn = OutOfTurn { state: self.state.name(), event: event.name() };
        let step = Step { meetup: self.clone(), notices: Vec::new(), facts: Vec::new() };
        match &self.state {
            State::Proposed { until } => step.while_proposed(event, *until, around),
            State::Polling { poll } => step.while_polling(event, poll.clone(), around),
            State::Scheduled { on, coming } => step.while_scheduled(event, on.clone(), *coming, around),
            State::CheckingIn { on } => step.while_checking_in(event, on.clone(), around),
            State::Held { .. } | State::Fizzled { .. } => None,
        }
        .ok_or(out_of_turn)
    }

    /// The first step of an open evening: its poll goes up in the programme's channel, which is its room.
    pub fn open_evening(mut self, around: &Circumstances) -> Step {
        self.participants.iter_mut().for_each(|participant| participant.host = true);
        Step { meetup: self, notices: Vec::new(), facts: Vec::new() }.poll(None, around)
    }
}

impl Step {
    fn while_proposed(mut self, event: Event, until: DateTime<Utc>, around: &Circumstances) -> Option<Self> {
        match event {
            Event::SaysYes { user } => {
                self.stand(user, |was| *was == Standing::Asked, Standing::In { since: around.now, by: Yes::Answer })?;
                let all = self.meetup.participants.len() == self.meetup.invited
                    && self.meetup.participants.iter().all(Participant::is_in);
                Some(if all { self.choose_host(around).open_room(around) } else { self })
            }
            Event::SaysNo { user } => {
                self.stand(user, |was| *was != Standing::Out, Standing::Declined)?;
                Some(self)
            }
            Event::SaysWeKnowEachOther { user } => {
                self.stand(user, |was| *was != Standing::Out, Standing::Declined)?;
                let others = self.meetup.participants.iter().filter_map(|other| Pair::new(user, other.user));
                let known = others.map(|pair| Fact::Met { pair, at: around.now, said_by: SaidBy::Known });
                self.facts.extend(known.collect::<Vec<_>>());
                Some(self)
            }
            Event::Withdraws { user } => {
                self.stand(user, |_| true, Standing::Out)?;
                Some(self)
            }
            Event::TimePassed if until <= around.now => {
                let answered = |one: &&Participant| matches!(one.standing, Standing::In { by: Yes::Answer, .. });
                let hopeful: Vec<_> = self.meetup.present().filter(answered).map(|one| one.user).collect();
                for user in hopeful {
                    self.say(Notice::DidNotComeTogether, Address::Member(user), around.now, around.now + NEWS_KEEPS);
                }
                Some(self.fizzle(Fizzle::NotEverybody, around))
            }
            Event::TimePassed => Some(self),
            _ => None,
        }
    }

    fn while_polling(mut self, event: Event, mut poll: Poll, around: &Circumstances) -> Option<Self> {
        match event {
            Event::RoomOpened { channel } => {
                self.meetup.room = Some(channel);
                Some(self)
            }
            Event::RoomLost => Some(self.fizzle(Fizzle::NoRoom, around)),
            Event::PollPosted { message } => {
                poll.message = Some(message);
                self.meetup.state = State::Polling { poll };
                Some(self)
            }
            Event::Votes { user, zone, choice, chosen } => {
                let mut choices = self.seat(user, zone, around)?.clone();
                let changed = if chosen { choices.insert(choice) } else { choices.remove(&choice) };
                if changed {
                    self.vote(user, choices, around.now);
                    self.refresh(&poll, around);
                }
                Some(self)
            }
            Event::PollRead { votes } => {
                self.take_votes(votes, around);
                let due = self.meetup.due_at().is_some_and(|due| due <= around.now);
                Some(if due { self.close_poll(&poll, around) } else { self })
            }
            // Without a message there is nothing to read again: what is known decides.
            Event::PollLost => Some(self.close_poll(&poll, around)),
            Event::TimePassed if poll.message.is_none() && poll.closes_by <= around.now => {
                Some(self.close_poll(&poll, around))
            }
            Event::TimePassed => Some(self),
            Event::Withdraws { user } => self.withdraw(user, around),
            _ => None,
        }
    }

    fn while_scheduled(
        mut self,
        event: Event,
        mut on: Appointment,
        coming: Coming,
        around: &Circumstances,
    ) -> Option<Self> {
        match event {
            Event::NamesPlace { user, place } => {
                self.meetup.host().filter(|host| host.user == user)?;
                on.place = Some(place);
                Some(self.change(on, coming, around))
            }
            Event::SwapsHost { user } => {
                let next = self.after(user)?;
                self.meetup.participants.iter_mut().for_each(|participant| participant.host = participant.user == next);
                Some(self.change(on, coming, around))
            }
            Event::WantsAnotherTime { user } => {
                self.meetup.participant(user).filter(|participant| participant.is_in())?;
                if self.meetup.polls >= MOST_POLLS || around.slots.is_empty() {
                    return Some(self.fizzle(Fizzle::CalledOff, around));
                }
                Some(self.poll(Some(AnotherPollBecause::Asked), around))
            }
            Event::Withdraws { user } => self.withdraw(user, around),
            Event::RoomLost => Some(self),
            Event::EventPublished { event } => {
                on.event = Some(event);
                self.meetup.state = State::Scheduled { on, coming };
                Some(self)
            }
            Event::TimePassed => Some(self.pass_time_before(on, coming, around)),
            _ => None,
        }
    }

    fn while_checking_in(mut self, event: Event, on: Appointment, around: &Circumstances) -> Option<Self> {
        match event {
            Event::TimePassed => {
                let to_ask: Vec<_> = self
                    .meetup
                    .present()
                    .filter(|one| one.check_in == CheckIn::NotAsked && check_in_at(&on.slot, one.zone) <= around.now)
                    .map(|one| one.user)
                    .collect();
                for user in to_ask {
                    self.say(Notice::CheckIn, Address::Member(user), around.now, check_in_closes_at(&on.slot));
                    self.mark(user, CheckIn::Asked);
                }
                let closing = check_in_closes_at(&on.slot) <= around.now;
                Some(if closing { self.conclude(on, around) } else { self })
            }
            Event::ChecksIn { user, account } => {
                let one = self.meetup.participant(user).filter(|participant| participant.is_in())?;
                if matches!(one.check_in, CheckIn::Said(_)) {
                    return None;
                }
                self.mark(user, CheckIn::Said(account));
                if account == Account::NotRight {
                    self.say(
                        Notice::Report,
                        Address::Moderators { reporter: user },
                        around.now,
                        DateTime::<Utc>::MAX_UTC,
                    );
                }
                let all = self.meetup.present().all(|one| matches!(one.check_in, CheckIn::Said(_)));
                Some(if all { self.conclude(on, around) } else { self })
            }
            // Somebody who goes now has nothing to tell; the others may still have met.
            Event::Withdraws { user } => {
                self.stand(user, Participant::is_in_standing, Standing::Out)?;
                let all = self.meetup.present().all(|one| matches!(one.check_in, CheckIn::Said(_)));
                Some(if all { self.conclude(on, around) } else { self })
            }
            Event::RoomLost | Event::EventPublished { .. } => Some(self),
            _ => None,
        }
    }

    /// Who leads: whoever said yes first, unless they hosted last.
    fn choose_host(mut self, around: &Circumstances) -> Self {
        let order = |one: &&Participant| (Some(one.user) == around.hosted_last, one.yes_since(), one.user);
        let host = self.meetup.present().min_by_key(order).map(|one| one.user);
        self.meetup.participants.iter_mut().for_each(|one| one.host = Some(one.user) == host);
        self
    }

    fn open_room(mut self, around: &Circumstances) -> Self {
        if around.slots.is_empty() {
            return self.fizzle(Fizzle::NoCommonTime, around);
        }
        if self.meetup.style == Style::Discreet {
            let not_after = around.now + NEWS_KEEPS;
            self.say(Notice::OpenRoom, Address::Room, around.now, not_after);
            self.say(Notice::RoomOpening, Address::Room, around.now, not_after);
        }
        self.poll(None, around)
    }

    fn poll(mut self, because: Option<AnotherPollBecause>, around: &Circumstances) -> Self {
        let number = self.meetup.polls + 1;
        let poll = Poll::new(number, around.slots.to_vec(), around.now);
        self.say(Notice::PostPoll { poll: number, because }, Address::Room, around.now, poll.closes_by);
        self.meetup.participants.iter_mut().for_each(|participant| participant.votes = None);
        self.meetup.asked_slots.extend_from_slice(around.slots);
        self.meetup.polls = number;
        self.meetup.state = State::Polling { poll };
        self
    }

    /// The seat of a voter; an open evening gives one to whoever votes first.
    fn seat(&mut self, user: UserId, zone: Tz, around: &Circumstances) -> Option<&BTreeSet<Choice>> {
        static NOTHING: BTreeSet<Choice> = BTreeSet::new();
        if self.meetup.participant(user).is_none() && self.meetup.kind == Kind::OpenEvening {
            self.meetup.participants.push(Participant::new(
                user,
                zone,
                Standing::In { since: around.now, by: Yes::Answer },
            ));
            self.meetup.invited += 1;
        }
        let participant = self.meetup.participant(user).filter(|participant| participant.is_in())?;
        Some(participant.votes.as_ref().map_or(&NOTHING, |votes| &votes.choices))
    }

    fn vote(&mut self, user: UserId, choices: BTreeSet<Choice>, changed_at: DateTime<Utc>) {
        let votes = (!choices.is_empty()).then_some(Votes { choices, changed_at });
        let mut seats = self.meetup.participants.iter_mut();
        if let Some(participant) = seats.find(|participant| participant.user == user) {
            participant.votes = votes;
        }
    }

    fn take_votes(&mut self, votes: Vec<(UserId, Tz, BTreeSet<Choice>)>, around: &Circumstances) {
        let silent = self.meetup.present().filter(|one| !votes.iter().any(|(user, ..)| *user == one.user));
        let silent: Vec<_> = silent.map(|one| (one.user, one.zone, BTreeSet::new())).collect();
        for (user, zone, choices) in votes.into_iter().chain(silent) {
            let changed = self.seat(user, zone, around).is_some_and(|known| *known != choices);
            if changed {
                self.vote(user, choices, around.now);
            }
        }
    }

    fn refresh(&mut self, poll: &Poll, around: &Circumstances) {
        self.say(Notice::RefreshPoll { poll: poll.number }, Address::Room, around.now, around.now + NEWS_KEEPS);
    }

    fn close_poll(mut self, poll: &Poll, around: &Circumstances) -> Self {
        let needed = match self.meetup.kind {
            Kind::Suggested => self.meetup.present().count().max(FEWEST_AT_A_TABLE),
            Kind::OpenEvening => FEWEST_AT_A_TABLE,
        };
        self.refresh(poll, around);
        match poll.winner(self.meetup.votes(), needed).filter(|slot| slot.start() > around.now) {
            Some(slot) => self.schedule(slot, poll, around),
            None if self.meetup.polls < MOST_POLLS && !around.slots.is_empty() => {
                self.poll(Some(AnotherPollBecause::NoCommonTime), around)
            }
            None => self.fizzle(Fizzle::NoCommonTime, around),
        }
    }

    fn schedule(mut self, slot: Slot, poll: &Poll, around: &Circumstances) -> Self {
        let index = poll.slots.iter().position(|candidate| *candidate == slot).and_then(|n| u8::try_from(n).ok());
        for participant in &mut self.meetup.participants {
            let comes = participant.votes.as_ref().zip(index).is_some_and(|(votes, index)| votes.has_slot(index));
            if !comes {
                participant.standing = Standing::Out;
            }
        }
        if self.meetup.host().is_none() {
            self = self.choose_host(around);
        }
        // A second appointment of the same meetup continues the numbering: one per poll and some room for changes.
        let sequence = u32::from(self.meetup.polls - 1) * 100;
        let starts = slot.start();
        self.say(Notice::ItIsOn { sequence }, Address::Room, around.now, starts);
        let on = Appointment { slot, place: None, sequence, event: None };
        let day_ahead = Coming::DayBefore.due_at(&on.slot) > around.now;
        let coming = if day_ahead { Coming::DayBefore } else { Coming::TwoHoursBefore };
        self.meetup.state = State::Scheduled { on, coming };
        self.publish(sequence, starts, around);
        self
    }

    /// Scheduled events stand in a public list: only for open meetups.
    fn publish(&mut self, sequence: u32, not_after: DateTime<Utc>, around: &Circumstances) {
        if self.meetup.kind == Kind::OpenEvening {
            self.say(Notice::PublishEvent { sequence }, Address::Room, around.now, not_after);
        }
    }

    fn change(mut self, mut on: Appointment, coming: Coming, around: &Circumstances) -> Self {
        on.sequence += 1;
        let (sequence, starts) = (on.sequence, on.slot.start());
        self.say(Notice::Update { sequence }, Address::Room, around.now, starts);
        self.meetup.state = State::Scheduled { on, coming };
        self.publish(sequence, starts, around);
        self
    }

    /// After a day of silence only the reminder that still helps is sent, and none once the meeting has begun.
    fn pass_time_before(mut self, on: Appointment, coming: Coming, around: &Circumstances) -> Self {
        let (now, start) = (around.now, on.slot.start());
        if on.slot.end() <= now {
            self.meetup.state = State::CheckingIn { on };
            return self;
        }
        let two_hours = Coming::TwoHoursBefore.due_at(&on.slot);
        let next = if start <= now {
            Coming::Meeting
        } else if two_hours <= now {
            if coming != Coming::Meeting {
                self.say(Notice::Reminder { when: Reminder::TwoHoursBefore }, Address::Room, now, start);
            }
            Coming::Meeting
        } else if coming == Coming::DayBefore && coming.due_at(&on.slot) <= now {
            self.say(Notice::Reminder { when: Reminder::DayBefore }, Address::Room, now, two_hours);
            Coming::TwoHoursBefore
        } else {
            coming
        };
        self.meetup.state = State::Scheduled { on, coming: next };
        self
    }

    /// Somebody can't make it. Two without one are not a meetup; an open evening goes on while there is company.
    fn withdraw(mut self, user: UserId, around: &Circumstances) -> Option<Self> {
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
        Some(self)
    }

    fn conclude(mut self, on: Appointment, around: &Circumstances) -> Self {
        let met = self.who_met(on.slot.start());
        if met.is_empty() {
            return self.fizzle(Fizzle::DidNotHappen, around);
        }
        self.facts.extend(met);
        self.meetup.state = State::Held { on };
        self
    }

    /// What both say is certain, what one says is likely; where the other one denies it, nothing is kept.
    fn who_met(&self, at: DateTime<Utc>) -> Vec<Fact> {
        let present: Vec<_> = self.meetup.present().collect();
        let mut met = Vec::new();
        for (index, one) in present.iter().enumerate() {
            for other in &present[index + 1..] {
                let said_by = match (one.check_in, other.check_in) {
                    (CheckIn::Said(Account::WeMet), CheckIn::Said(Account::WeMet)) => SaidBy::Both,
                    (CheckIn::Said(Account::WeMet), CheckIn::Asked | CheckIn::NotAsked)
                    | (CheckIn::Asked | CheckIn::NotAsked, CheckIn::Said(Account::WeMet)) => SaidBy::One,
                    _ => continue,
                };
                met.extend(Pair::new(one.user, other.user).map(|pair| Fact::Met { pair, at, said_by }));
            }
        }
        met
    }

    fn fizzle(mut self, why: Fizzle, around: &Circumstances) -> Self {
        if let Some(why) = why.told_as() {
            self.say(Notice::NotThisTime { why }, Address::Room, around.now, around.now + NEWS_KEEPS);
        }
        if let State::Scheduled { on, .. } = &self.meetup.state {
            let sequence = on.sequence + 1;
            self.publish(sequence, around.now + NEWS_KEEPS, around);
        }
        if why == Fizzle::NoRoom {
            let present: Vec<_> = self.meetup.present().map(|one| one.user).collect();
            for user in present {
                self.say(Notice::DidNotComeTogether, Address::Member(user), around.now, around.now + NEWS_KEEPS);
            }
        }
        self.meetup.state = State::Fizzled { why };
        self
    }

    fn say(&mut self, notice: Notice, to: Address, due_at: DateTime<Utc>, not_after: DateTime<Utc>) {
        self.notices.push(Draft { notice, to, due_at, not_after });
    }

    fn stand(&mut self, user: UserId, allowed: impl Fn(&Standing) -> bool, standing: Standing) -> Option<()> {
        let mut seats = self.meetup.participants.iter_mut();
        let participant = seats.find(|participant| participant.user == user)?;
        allowed(&participant.standing).then(|| participant.standing = standing)
    }

    fn mark(&mut self, user: UserId, check_in: CheckIn) {
        let mut seats = self.meetup.participants.iter_mut();
        if let Some(participant) = seats.find(|participant| participant.user == user) {
            participant.check_in = check_in;
        }
    }

    /// The participant after `user` in the list, round and round.
    fn after(&self, user: UserId) -> Option<UserId> {
        let present: Vec<_> = self.meetup.present().map(|participant| participant.user).collect();
        let here = present.iter().position(|candidate| *candidate == user)?;
        present.get((here + 1) % present.len()).copied()
    }
}

impl Participant {
    const fn is_in_standing(standing: &Standing) -> bool {
        matches!(standing, Standing::In { .. })
    }
}
