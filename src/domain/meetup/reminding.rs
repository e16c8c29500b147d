//! Who has not voted is reminded, once and never at night.

use chrono::{DateTime, Duration, Utc};

use super::event::{Circumstances, Step};
use super::{Kind, Meetup, Participant, State};
use crate::domain::notice::{Address, Notice};
use crate::domain::nudge::next_allowed;
use crate::domain::poll::{Poll, Votes};

/// Later than this before the end of a poll, a reminder comes too late to look at one's calendar.
const STILL_HELPS: Duration = Duration::hours(2);
/// Nights around the globe leave each other gaps, or they never will.
const MOST_NIGHTS: usize = 4;

impl Meetup {
    /// Those who are in and have not voted, or not since a time was proposed.
    pub fn silent(&self) -> impl Iterator<Item = &Participant> + Clone {
        let poll = match &self.state {
            State::Polling { poll } => Some(poll),
            _ => None,
        };
        let knows = move |votes: &Votes| poll.is_none_or(|poll| poll.knows_all(votes));
        self.present().filter(move |one| !one.votes.as_ref().is_some_and(knows))
    }

    /// When this poll closes by itself. Everybody is welcome to an open evening until then, so its poll never closes early.
    pub(super) fn closes_at(&self, poll: &Poll) -> DateTime<Utc> {
        match self.kind {
            Kind::Suggested => poll.closes_at(self.votes()),
            Kind::OpenEvening => poll.closes_by,
        }
    }

    /// When the reminder of this poll is due, if any is: only once it stands, and while somebody has not voted.
    pub(super) fn reminds_at(&self, poll: &Poll) -> Option<DateTime<Utc>> {
        self.awake_from(poll.remind_at.filter(|_| poll.message.is_some())?, poll)
    }

    /// The first moment from `at` on at which it is nobody's night at home of those who have not voted, while it still helps.
    fn awake_from(&self, mut at: DateTime<Utc>, poll: &Poll) -> Option<DateTime<Utc>> {
        self.silent().next()?;
        let latest = poll.closes_by - STILL_HELPS;
        for _ in 0..MOST_NIGHTS {
            let next = self.silent().fold(at, |at, one| next_allowed(at, one.zone));
            if next == at {
                return (at <= latest).then_some(at);
            }
            at = next;
        }
        None
    }
}

impl Step {
    /// The reminder, where it is due. After a night of silence (ours) it waits for the morning.
    pub(super) fn remind(mut self, around: &Circumstances) -> Self {
        let State::Polling { poll } = &self.meetup.state else { return self };
        if self.meetup.reminds_at(poll).is_none_or(|at| around.now < at) {
            return self;
        }
        let mut poll = poll.clone();
        poll.remind_at = self.meetup.awake_from(around.now, &poll).filter(|at| *at > around.now);
        let is_awake = self.meetup.awake_from(around.now, &poll) == Some(around.now);
        if is_awake && self.may_add(1) {
            self.say(Notice::PollReminder { poll: poll.number }, Address::Room, around.now, poll.closes_by);
        }
        self.meetup.state = State::Polling { poll };
        self
    }
}
