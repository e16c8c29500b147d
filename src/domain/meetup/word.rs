//! A word for the community, from those who met: a draft of one of them, which is posted once each of the others has said in
//! private that it is fine. Without a word from all of them it stays among them. Whether it may be drafted, and what is said to
//! that, is the same whatever the others have told: the draft is shown once it was held, and not at all where somebody has
//! gone or told that something was not right.

use chrono::Duration;

use super::event::{Circumstances, Step};
use super::{Account, CheckIn, Meetup, Participant, State};
use crate::domain::ids::UserId;
use crate::domain::notice::{Address, Notice};

/// The word is news for so long.
const KEEPS: Duration = Duration::days(7);

impl Meetup {
    /// Whether this one may draft a word: they have told that they met, and nobody has drafted one.
    pub fn may_draft_a_word(&self, user: UserId) -> bool {
        let met = |one: &Participant| one.is_in() && one.check_in == CheckIn::Said(Account::WeMet);
        self.word.is_none() && self.has_own_thread() && self.participant(user).is_some_and(met)
    }

    pub(super) fn is_all_right(&self) -> bool {
        !self.participants.iter().any(|one| one.check_in == CheckIn::Said(Account::NotRight))
    }

    /// Whether the others may read the draft: it was held, all who came are there still, and nobody is against it.
    pub fn may_show_the_word(&self) -> bool {
        let against = |one: &Participant| one.check_in == CheckIn::Gone || one.word_is_fine == Some(false);
        let held = matches!(self.state, State::Held { .. }) && self.is_all_right() && self.erased() == 0;
        self.word.is_some() && held && !self.present().any(against)
    }

    /// Whether the word may be posted: it is fine with all of them.
    pub fn may_post_the_word(&self) -> bool {
        self.may_show_the_word() && self.present().all(|one| one.word_is_fine == Some(true))
    }

    /// Whoever has not read the draft may not read it in their own data either.
    pub(super) fn is_word_known_to(&self, user: UserId) -> bool {
        let held = matches!(self.state, State::Held { .. });
        self.participant(user).is_some_and(|one| one.is_in() && (held || one.word_is_fine.is_some()))
    }
}

impl Step {
    pub(super) fn draft_word(mut self, user: UserId, word: &str, around: &Circumstances) -> Option<Self> {
        if !self.meetup.may_draft_a_word(user) {
            return None;
        }
        self.meetup.word = Some(word.to_owned());
        self.meetup.participants.iter_mut().for_each(|one| one.word_is_fine = (one.user == user).then_some(true));
        self.show_the_word(around);
        Some(self)
    }

    /// Once it is held, to those who may be asked whether it is fine. Tells whether it does.
    pub(super) fn show_the_word(&mut self, around: &Circumstances) -> bool {
        let shows = self.meetup.may_show_the_word() && !self.meetup.may_post_the_word();
        if shows {
            self.say(Notice::WordDrafted, Address::Room, around.now, around.now + KEEPS);
        }
        shows
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

    /// Whoever goes takes their yes along, also where the word waits for the morning.
    pub(super) fn take_the_yes_back(&mut self, user: UserId) -> Option<()> {
        let mut seats = self.meetup.participants.iter_mut();
        seats.find(|one| one.user == user && one.word_is_fine == Some(true))?.word_is_fine = Some(false);
        Some(())
    }

    /// Also once it is held, where all had said so before.
    pub(super) fn post_the_word(&mut self, around: &Circumstances) {
        if self.meetup.may_post_the_word() {
            self.say(Notice::Word, Address::Programme, around.now, around.now + KEEPS);
        }
    }
}
