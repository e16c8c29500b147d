//! The transitions. Pure: a state, an event and the circumstances give the next state, the notices to be delivered and
//! the facts to be kept. An event that has no place in a state is `OutOfTurn`, and changes nothing. Each state has its
//! own file; here is what they share.

use chrono::{DateTime, Duration, Utc};

use super::event::{Circumstances, Event, OutOfTurn, Step};
use super::{CheckIn, Fizzle, MOST_MESSAGES, Meetup, Participant, Standing, State};
use crate::domain::ids::UserId;
use crate::domain::notice::{Address, Draft, Notice};

/// What a room is told about an ended meetup is stale after this long.
pub(super) const NEWS_KEEPS: Duration = Duration::days(2);
/// An open evening needs company.
pub(super) const FEWEST_AT_A_TABLE: usize = 2;

impl Meetup {
    /// The step that `event` leads to.
    pub fn step(&self, event: &Event, around: &Circumstances) -> Result<Step, OutOfTurn> {
        let out_of_turn = OutOfTurn { state: self.state.name(), event: event.name() };
        let step = Step { meetup: self.clone(), notices: Vec::new(), facts: Vec::new() };
        match &self.state {
            State::Proposed { until } => step.while_proposed(event, *until, around),
            State::Polling { poll } => step.while_polling(event, poll.clone(), around),
            State::Scheduled { on, coming } => step.while_scheduled(event, on.clone(), *coming, around),
            State::CheckingIn { on } => step.while_checking_in(event, on.clone(), around),
            State::Held { .. } | State::Fizzled { .. } => step.once_over(event),
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
    pub(super) fn fizzle(mut self, why: Fizzle, around: &Circumstances) -> Self {
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

    /// A room that was being made when the meetup ended is told of the end.
    fn once_over(mut self, event: &Event) -> Option<Self> {
        let Event::RoomOpened { channel } = *event else { return None };
        self.meetup.room.is_none().then(|| self.meetup.room = Some(channel))?;
        Some(self)
    }

    /// Whether the room's budget allows a reminder and `more` messages after it.
    pub(super) const fn may_remind(&self, more: u8) -> bool {
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
