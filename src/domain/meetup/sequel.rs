//! What may follow a meetup that is over: another poll of the same people, when it did not happen or when all of them
//! would meet again. It is a meetup of its own, so that what is over stays over.

use chrono::Duration;
use serde::{Deserialize, Serialize};

use super::event::{Circumstances, Step};
use super::step::{FEWEST_AT_A_TABLE, NEWS_KEEPS};
use super::{Account, CheckIn, Fizzle, Kind, Meetup, Participant, Standing, State, Style, Yes};
use crate::domain::ids::{MeetupId, UserId};
use crate::domain::notice::{Address, Notice};

/// A meetup that has not happened so often in a row rests.
const MOST_MISSED: u8 = 2;
/// Those who have met again have found a rhythm: the next one is offered this long after the last.
const RHYTHM: Duration = Duration::days(21);
/// An offer to meet again is worth making this long after its moment.
const OFFER_KEEPS: Duration = Duration::days(14);

/// What came before, with the same people.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Before {
    /// How many in a row were arranged, and did not happen.
    pub missed: u8,
    /// How many were held.
    pub held: u8,
}

impl Meetup {
    /// Whether its people may go straight to another poll: it did not happen, which it may once in a row, or it was held
    /// and all of them would meet again. Not where something was not right, nor where one of them went before telling.
    pub fn may_go_on(&self) -> bool {
        let may = match &self.state {
            State::Fizzled { why: Fizzle::DidNotHappen } => {
                self.before.missed + 1 < MOST_MISSED && self.some_missed_each_other()
            }
            State::Held { .. } => self.all_would_meet_again(),
            _ => false,
        };
        let all_there = self.is_all_right() && self.present().all(|one| one.check_in != CheckIn::Gone);
        may && all_there && self.has_own_thread() && self.present().count() >= FEWEST_AT_A_TABLE
    }

    /// The next meetup of the same people, in the same thread: its poll opens at once.
    pub fn sequel(&self, id: MeetupId, around: &Circumstances) -> Step {
        let now = around.now;
        let comes =
            |one: &Participant| Participant::new(one.user, one.zone, Standing::In { since: now, by: Yes::Answer });
        let seats = self.present().map(comes).collect();
        let before = match &self.state {
            State::Held { .. } => Before { missed: 0, held: self.before.held.saturating_add(1) },
            _ => Before { missed: self.before.missed + 1, ..self.before },
        };
        let meetup = Self {
            room: self.room,
            reasons: self.reasons.clone(),
            introduced: true,
            before,
            ..Self::proposed(id, self.community, (self.kind, self.style), seats, now, now)
        };
        Step { meetup, notices: Vec::new(), facts: Vec::new() }.poll(None, around)
    }

    /// Only there nobody else reads what became of it.
    pub(super) fn has_own_thread(&self) -> bool {
        self.kind == Kind::Suggested && self.style == Style::Discreet && self.room.is_some()
    }

    /// Whether each of those who are in would meet the others again, by their own word.
    pub fn all_would_meet_again(&self) -> bool {
        self.present().count() >= FEWEST_AT_A_TABLE && self.present().all(|one| one.again == Some(true))
    }

    /// Somebody says that it did not happen, and nobody that they met.
    fn some_missed_each_other(&self) -> bool {
        let said = |account| self.participants.iter().any(|one| one.check_in == CheckIn::Said(account));
        (said(Account::DidNotHappen) || said(Account::WasAlone)) && !said(Account::WeMet)
    }
}

impl Participant {
    /// Whether they are asked if they would meet the others again: they have told that they met, and not said so yet.
    pub const fn may_say_again(&self) -> bool {
        self.is_in() && matches!(self.check_in, CheckIn::Said(Account::WeMet)) && self.again.is_none()
    }
}

impl Step {
    /// "Would you meet again?": told to nobody, unless all of them would. One's first word counts.
    pub(super) fn would_meet_again(mut self, user: UserId, again: bool, around: &Circumstances) -> Option<Self> {
        let offers = self.meetup.kind == Kind::Suggested;
        let mut seats = self.meetup.participants.iter_mut();
        seats.find(|one| one.user == user && one.may_say_again() && offers)?.again = Some(again);
        self.offer_to_go_on(around);
        Some(self)
    }

    /// Offers another poll where that is wished for or fair. Tells whether it does.
    pub(super) fn offer_to_go_on(&mut self, around: &Circumstances) -> bool {
        if !self.meetup.may_go_on() {
            return false;
        }
        if let State::Held { on } = &self.meetup.state {
            let due_at = if self.meetup.before.held == 0 { around.now } else { on.slot.end() + RHYTHM };
            self.say(Notice::MeetAgain, Address::Room, due_at, due_at + OFFER_KEEPS);
        } else {
            self.say(Notice::TryAgain, Address::Room, around.now, around.now + NEWS_KEEPS);
        }
        true
    }
}
