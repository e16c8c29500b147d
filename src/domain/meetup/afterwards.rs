//! After the time of a meetup: each one tells, and only that makes it held.

use chrono::{DateTime, Utc};

use super::event::{Circumstances, Event, Fact, SaidBy, Step};
use super::step::NEWS_KEEPS;
use super::{
    Account, Appointment, CHECK_IN_ASKED_AGAIN_FOR, CHECK_IN_ASKED_FOR, CHECK_IN_RINGS_AFTER, CheckIn, Fizzle, Kind,
    Meetup, Participant, State, Style, check_in_again_at, check_in_closes_at,
};
use crate::domain::ids::{Pair, UserId};
use crate::domain::notice::{Address, Notice};
use crate::domain::slot::Slot;

impl Meetup {
    /// One who tells that they met, and others who came and have erased themselves since: it was one of them, perhaps.
    fn somebody_met_someone(&self) -> bool {
        self.erased() > 0 && self.present().any(|one| one.check_in == CheckIn::Said(Account::WeMet))
    }

    /// Something may still be told of it: it was held, or its time came and nobody met.
    pub(super) const fn had_its_time(&self) -> bool {
        matches!(self.state, State::Held { .. } | State::Fizzled { why: Fizzle::DidNotHappen })
    }
}

impl Step {
    pub(super) fn while_checking_in(mut self, event: &Event, on: Appointment, around: &Circumstances) -> Option<Self> {
        match *event {
            Event::TimePassed => {
                self.ask_how_it_was(&on.slot, around);
                let closing = check_in_closes_at(&on.slot) <= around.now;
                Some(if closing { self.conclude(on, around) } else { self })
            }
            Event::ChecksIn { user, account } => {
                self.tell(user, account, around)?;
                Some(self.conclude_once_all_have_told(on, around))
            }
            Event::DraftsWord { user, ref word } => self.draft_word(user, word, around),
            Event::AnswersWord { user, fine } => self.answer_word(user, fine, around),
            Event::MeetsAgain { user, again } => self.would_meet_again(user, again, around),
            // Their time was before: what they have told stays told, and the others may have met them.
            Event::Withdraws { user } => {
                let goes = self.goes_untold(user);
                self.take_the_yes_back(user).or(goes)?;
                Some(self.conclude_once_all_have_told(on, around))
            }
            Event::RoomLost | Event::EventPublished { .. } => Some(self),
            _ => None,
        }
    }

    /// What somebody tells; that something was not right goes to the moderators, however late.
    pub(super) fn tell(&mut self, user: UserId, account: Account, around: &Circumstances) -> Option<()> {
        self.meetup.participant(user).filter(|one| one.may_tell(account))?;
        self.mark(user, CheckIn::Said(account));
        if account == Account::NotRight {
            let moderators = Address::Moderators { reporter: user };
            self.say(Notice::Report, moderators, around.now, DateTime::<Utc>::MAX_UTC);
        }
        Some(())
    }

    fn goes_untold(&mut self, user: UserId) -> Option<()> {
        self.meetup.participant(user).filter(|one| one.is_in() && !one.check_in.is_settled())?;
        self.mark(user, CheckIn::Gone);
        Some(())
    }

    fn conclude_once_all_have_told(self, on: Appointment, around: &Circumstances) -> Self {
        let all = self.meetup.present().all(|one| one.check_in.is_settled());
        if all { self.conclude(on, around) } else { self }
    }

    /// Each one alone, in their own morning, and once more who said nothing. The room hears once that a check-in waits.
    fn ask_how_it_was(&mut self, slot: &Slot, around: &Circumstances) {
        let due = |one: &&Participant| one.check_in_due_at(slot).is_some_and(|at| at <= around.now);
        let to_ask: Vec<_> = self.meetup.present().filter(due).map(|one| (one.user, one.zone, one.check_in)).collect();
        let first = to_ask.iter().any(|(_, _, check_in)| *check_in == CheckIn::NotAsked);
        for (user, zone, check_in) in to_ask {
            // Whoever is asked late, after days of silence of ours, is asked once.
            let last = check_in == CheckIn::Asked || check_in_again_at(slot, zone) <= around.now;
            let (notice, keeps) = match check_in {
                CheckIn::Asked => (Notice::CheckInAgain, CHECK_IN_ASKED_AGAIN_FOR),
                _ => (Notice::CheckIn, CHECK_IN_ASKED_FOR),
            };
            self.say(notice, Address::Member(user), around.now, slot.end() + keeps);
            self.mark(user, if last { CheckIn::AskedAgain } else { CheckIn::Asked });
        }
        if first && self.meetup.present().all(|one| one.check_in != CheckIn::NotAsked) {
            let rings_at = around.now + CHECK_IN_RINGS_AFTER;
            self.say(Notice::CheckInWaits, Address::Room, rings_at, slot.end() + CHECK_IN_ASKED_FOR);
        }
    }

    pub(super) fn conclude(mut self, on: Appointment, around: &Circumstances) -> Self {
        let met = self.who_met(on.slot.start());
        let mut step = if met.is_empty() && !self.meetup.somebody_met_someone() {
            self.fizzle(Fizzle::DidNotHappen, around)
        } else {
            self.facts.extend(met);
            self.meetup.state = State::Held { on };
            self
        };
        step.post_the_word(around);
        let (shows, offers) = (step.show_the_word(around), step.offer_to_go_on(around));
        // Where there is something to answer in it, the thread stays in sight until Discord archives it.
        if !shows && !offers {
            step.close_the_room(around);
        }
        step
    }

    fn close_the_room(&mut self, around: &Circumstances) {
        let has_thread = self.meetup.style == Style::Discreet || self.meetup.kind == Kind::OpenEvening;
        if has_thread && self.meetup.room.is_some() {
            self.say(Notice::CloseRoom, Address::Room, around.now, around.now + NEWS_KEEPS);
        }
    }

    /// What both say is certain, what one says is likely; where the other one denies it, nothing is kept.
    pub(super) fn who_met(&self, at: DateTime<Utc>) -> Vec<Fact> {
        let present: Vec<_> = self.meetup.present().collect();
        let mut met = Vec::new();
        for (index, one) in present.iter().enumerate() {
            for other in &present[index + 1..] {
                let said = |one: &Participant| match one.check_in {
                    CheckIn::Said(account) => Some(account),
                    CheckIn::NotAsked | CheckIn::Asked | CheckIn::AskedAgain | CheckIn::Gone => None,
                };
                let said_by = match (said(one), said(other)) {
                    (Some(Account::WeMet), Some(Account::WeMet)) => SaidBy::Both,
                    (Some(Account::WeMet), None) | (None, Some(Account::WeMet)) => SaidBy::One,
                    _ => continue,
                };
                met.extend(Pair::new(one.user, other.user).map(|pair| Fact::Met { pair, at, said_by }));
            }
        }
        met
    }
}
