//! The transitions. Pure: a state, an event and the circumstances give the next state, the notices to be delivered and
//! the facts to be kept. An event that has no place in a state is `OutOfTurn`, and changes nothing. Each state has its
//! own file; here is what they share.

use chrono::{DateTime, Duration, Utc};

use super::event::{Circumstances, Event, OutOfTurn, Step};
use super::{Account, CheckIn, Fizzle, Kind, MOST_MESSAGES, Meetup, NEWS_WAITS, Participant, Standing, State, Yes};
use crate::domain::ids::UserId;
use crate::domain::notice::{Address, Draft, Dropped, NotThisTime, Notice};

/// What a room is told about an ended meetup is stale after this long.
pub(super) const NEWS_KEEPS: Duration = Duration::days(2);
/// An open evening needs company, and so does a table.
pub(super) const FEWEST_AT_A_TABLE: usize = 2;

impl Meetup {
    /// The step that `event` leads to.
    pub fn step(&self, event: &Event, around: &Circumstances) -> Result<Step, OutOfTurn> {
        let out_of_turn = OutOfTurn { state: self.state.name(), event: event.name() };
        let step = Step { meetup: self.clone(), notices: Vec::new(), facts: Vec::new() };
        if let Event::HearsTheNews { user } = *event {
            return step.hears_the_news(user).ok_or(out_of_turn);
        }
        match &self.state {
            State::Proposed { until } => step.while_proposed(event, *until, around),
            State::Polling { poll } => step.while_polling(event, poll.clone(), around),
            State::Scheduled { on, coming } => step.while_scheduled(event, on.clone(), *coming, around),
            State::CheckingIn { on } => step.while_checking_in(event, on.clone(), around),
            State::Held { .. } | State::Fizzled { .. } => step.once_over(event, around),
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
    /// The end without a meeting. Who shares a room hears it there at once. Who has not read of the others yet hears what
    /// a no would have told them, when it would have: till then all looks as if it were still being asked.
    pub(super) fn fizzle(self, why: Fizzle, around: &Circumstances) -> Self {
        self.fizzle_with(why, None, around)
    }

    /// The same, with a reason that somebody gave.
    pub(super) fn fizzle_with(mut self, why: Fizzle, reason: Option<String>, around: &Circumstances) -> Self {
        if !self.meetup.introduced && self.meetup.asked_until.is_some_and(|until| around.now < until) {
            // A thread that has been opened already is still known, should words be on their way into it.
            let room = self.meetup.room;
            self.meetup = Meetup { room, ..self.meetup.as_known() };
            return self;
        }
        if let State::Scheduled { on, .. } = &self.meetup.state {
            let mut on = on.clone();
            self.keep_the_time(&mut on, around);
        }
        let told = why.told_as().filter(|_| self.meetup.introduced);
        // Who comes by later reads there that it is over.
        if let (State::Polling { poll }, Some(NotThisTime::CannotMakeIt)) = (&self.meetup.state, told) {
            let poll = poll.clone();
            self.settle_text(&poll, around);
        }
        if let Some(why) = told {
            self.say_the_end(why, reason, around);
        } else if why != Fizzle::DidNotHappen {
            self.tell_who_hoped(around);
        }
        if let State::Scheduled { on, .. } = &self.meetup.state {
            let sequence = on.sequence + 1;
            self.publish(sequence, around.now + NEWS_KEEPS, around);
        }
        self.meetup.state = State::Fizzled { why };
        self
    }

    fn say_the_end(&mut self, why: NotThisTime, reason: Option<String>, around: &Circumstances) {
        let dropped = match &self.meetup.state {
            State::Scheduled { on, .. } => Some(Dropped { slot: on.slot, sequence: on.sequence + 1, reason }),
            _ => None,
        };
        self.say(Notice::NotThisTime { why, dropped }, Address::Room, around.now, around.now + NEWS_KEEPS);
    }

    /// Each who said yes hears that it didn't come together. Who is in by a wish was not asked, and hears nothing before
    /// the first words: that would tell them who is a member.
    fn tell_who_hoped(&mut self, around: &Circumstances) {
        let introduced = self.meetup.introduced;
        let hopes =
            |one: &&Participant| matches!(one.standing, Standing::In { by, .. } if introduced || by == Yes::Answer);
        let hopeful: Vec<UserId> = self.meetup.participants.iter().filter(hopes).map(|one| one.user).collect();
        for user in hopeful {
            self.tell_the_news(user, around.now);
        }
    }

    /// That it didn't come together, to one alone, from that moment on.
    pub(super) fn tell_the_news(&mut self, user: UserId, at: DateTime<Utc>) {
        let seats = self.meetup.participants.iter_mut();
        seats.filter(|one| one.user == user).for_each(|one| one.news = Some(at));
        self.say(Notice::DidNotComeTogether, Address::Member(user), at, at + NEWS_WAITS);
    }

    /// Words were on their way when it came to nothing. Whoever has read them hears the end in the same place.
    pub(super) fn end_after_words(mut self, around: &Circumstances) -> Self {
        self.meetup.introduced = true;
        self.say(Notice::RefreshPoll { poll: 1 }, Address::Room, around.now, around.now + NEWS_KEEPS);
        self.fizzle(Fizzle::CalledOff, around)
    }

    fn once_over(mut self, event: &Event, around: &Circumstances) -> Option<Self> {
        match *event {
            Event::RoomOpened { channel } if self.meetup.room.is_none() => self.meetup.room = Some(channel),
            Event::PollPosted { .. } if self.meetup.kind == Kind::OpenEvening && !self.meetup.introduced => {
                return Some(self.end_after_words(around));
            }
            // Also where it did not happen, with nothing that follows: a refusal would tell what the others have told.
            Event::MeetsAgain { user, again } if self.meetup.had_its_time() => {
                return self.would_meet_again(user, again, around);
            }
            Event::DraftsWord { user, ref word } if self.meetup.had_its_time() => {
                return self.draft_word(user, word, around);
            }
            Event::AnswersWord { user, fine } if self.meetup.had_its_time() => {
                return self.answer_word(user, fine, around);
            }
            Event::ChecksIn { user, account: Account::NotRight } if self.meetup.had_its_time() => {
                self.tell(user, Account::NotRight, around)?;
            }
            Event::Withdraws { user } if self.meetup.had_its_time() => self.take_the_yes_back(user)?,
            _ => return None,
        }
        Some(self)
    }

    /// Also while others, who came together without them, go on.
    fn hears_the_news(mut self, user: UserId) -> Option<Self> {
        let mut seats = self.meetup.participants.iter_mut();
        seats.find(|one| one.user == user && one.news.is_some())?.news = None;
        Some(self)
    }

    /// Whether the room's budget allows a message that could be left out, and `more` after it.
    pub(super) const fn may_add(&self, more: u8) -> bool {
        self.meetup.said + more < MOST_MESSAGES
    }

    pub(super) fn say(&mut self, notice: Notice, to: Address, due_at: DateTime<Utc>, not_after: DateTime<Utc>) {
        if to == Address::Room && notice.is_message() {
            self.meetup.said = self.meetup.said.saturating_add(1);
        }
        self.notices.push(Draft { notice, to, due_at, not_after });
    }

    pub(super) fn stand(
        &mut self,
        user: UserId,
        allowed: impl Fn(&Standing) -> bool,
        standing: Standing,
    ) -> Option<()> {
        let mut seats = self.meetup.participants.iter_mut();
        let participant = seats.find(|participant| participant.user == user)?;
        allowed(&participant.standing).then(|| participant.standing = standing)
    }

    pub(super) fn mark(&mut self, user: UserId, check_in: CheckIn) {
        let mut seats = self.meetup.participants.iter_mut();
        if let Some(participant) = seats.find(|participant| participant.user == user) {
            participant.check_in = check_in;
        }
    }

    /// The participant after `user` in the list, round and round.
    pub(super) fn after(&self, user: UserId) -> Option<UserId> {
        let present: Vec<_> = self.meetup.present().map(|participant| participant.user).collect();
        let here = present.iter().position(|candidate| *candidate == user)?;
        present.get((here + 1) % present.len()).copied()
    }
}

impl Participant {
    pub(super) const fn is_in_standing(standing: &Standing) -> bool {
        matches!(standing, Standing::In { .. })
    }
}
