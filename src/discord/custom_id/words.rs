//! The words of choices that stand in an id, and the choices that have such words.

use crate::app::meetups::Answer;
use crate::domain::meetup::Account;
use crate::domain::member::Setting;

/// Which of a meetup's polls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PollNumber {
    First,
    Second,
}

impl PollNumber {
    pub const fn of(number: u8) -> Self {
        if number < 2 { Self::First } else { Self::Second }
    }

    pub const fn get(self) -> u8 {
        match self {
            Self::First => 1,
            Self::Second => 2,
        }
    }

    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::First => "1",
            Self::Second => "2",
        }
    }
}

/// In the order in which they stand under an ask.
pub const ANSWERS: [Answer; 5] = [Answer::Yes, Answer::NotNow, Answer::KnowEachOther, Answer::Avoid, Answer::Report];
/// In the order in which they stand under a check-in.
pub const ACCOUNTS: [Account; 4] = [Account::WeMet, Account::DidNotHappen, Account::WasAlone, Account::NotRight];

/// The words after which a meetup's id follows.
pub(super) const OF_A_MEETUP: [&str; 33] = [
    "ask",
    "host",
    "where",
    "place",
    "cannot",
    "going",
    "maybe",
    "time",
    "late",
    "move",
    "moved",
    "works",
    "keep",
    "calloff",
    "off",
    "checkin",
    "again",
    "goon",
    "word",
    "worded",
    "wordfine",
    "report",
    "vote",
    "suits",
    "ifneedbe",
    "none",
    "propose",
    "proposal",
    "heat",
    "places",
    "placepick",
    "placenew",
    "placeword",
];

pub(super) const POLLS: [PollNumber; 2] = [PollNumber::First, PollNumber::Second];
pub(super) const SETTINGS: [Setting; 2] = [Setting::InPerson, Setting::Call];
pub(super) const GLADLY: [bool; 2] = [true, false];

pub(super) const fn gladly_word(gladly: bool) -> &'static str {
    if gladly { "gladly" } else { "once" }
}

pub(super) const fn setting_word(setting: Setting) -> &'static str {
    match setting {
        Setting::InPerson => "table",
        Setting::Call => "call",
    }
}

pub(super) const fn answer_word(answer: Answer) -> &'static str {
    match answer {
        Answer::Yes => "yes",
        Answer::NotNow => "notnow",
        Answer::KnowEachOther => "known",
        Answer::Avoid => "avoid",
        Answer::Report => "report",
    }
}

pub(super) const fn account_word(account: Account) -> &'static str {
    match account {
        Account::WeMet => "met",
        Account::DidNotHappen => "not",
        Account::WasAlone => "alone",
        Account::NotRight => "wrong",
    }
}
