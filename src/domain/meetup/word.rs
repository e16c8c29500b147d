//! A word for the community, from those who met: a draft of one of them, which is posted once each of the others has said in
//! private that it is fine. Without a word from all of them it stays among them.

use chrono::Duration;

use super::event::{Circumstances, Step};
use super::{Account, CheckIn, Meetup, State};
use crate::domain::ids::UserId;
use crate::domain::notice::{Address, Notice};

/// The word is news for so long.
const KEEPS: Duration = Duration::days(7);

impl Meetup {
    /// Whether this one may draft a word: they have told that they met, nobody has drafted one, and nobody has told that
    /// something was not right.
    pub fn may_draft_a_word(&self, user: UserId) -> bool {
        let met = |one: &super::Participant| one.is_in() && one.check_in == CheckIn::Said(Account::WeMet);
        self.word.is_none() && self.has_own_thread() && self.is_all_right() && self.participant(user).is_some_and(met)
    }

    pub(super) fn is_all_right(&self) -> bool {
        !self.participants.iter().any(|one| one.check_in == CheckIn::Said(Account::NotRight))
    }

    /// Whether the word may be posted: it was held, and it is fine with all of them.
    pub fn may_post_the_word(&self) -> bool {
        let all = self.present().all(|one| one.word_is_fine == Some(true));
        self.word.is_some() && matches!(self.state, State::Held { .. }) && self.is_all_right() && all
    }
}

impl Step {
    pub(super) fn draft_word(mut self, user: UserId, word: &str, around: &Circumstances) -> Option<Self> {
        if !self.meetup.may_draft_a_word(user) {
            return None;
        }
        self.meetup.word = Some(word.to_owned());
        self.meetup.participants.iter_mut().for_each(|one| one.word_is_fine = (one.user == user).then_some(true));
        self.say(Notice::WordDrafted, Address::Room, around.now, around.now + KEEPS);
        Some(self)
    }

    /// One no is enough, and nobody reads whose it was, nor that there was one.
    pub(super) fn answer_word(mut self, user: UserId, fine: bool, around: &Circumstances) -> Option<Self> {
        self.meetup.word.as_ref()?;
        let mut seats = self.meetup.participants.iter_mut();
        let seat = seats.find(|one| one.user == user && one.is_in() && one.word_is_fine.is_none())?;
        seat.word_is_fine = Some(fine);
        self.post_the_word(around);
        Some(self)
    }

    /// Also once it is held, where all had said so before.
    pub(super) fn post_the_word(&mut self, around: &Circumstances) {
        if self.meetup.may_post_the_word() {
            self.say(Notice::Word, Address::Programme, around.now, around.now + KEEPS);
        }
    }
}
