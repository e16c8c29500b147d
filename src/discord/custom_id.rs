//! What a button, a select or a modal says when it is used, in the 100 characters that Discord carries for us.
//!
//! `1:<verb>[:<argument>…][:n<notice>]`. The version comes first, so that a button which hangs in a channel since an
//! older version is recognised as such. The notice at the end is the mark by which a sent message is found again.

mod words;

use std::fmt;
use std::str::FromStr;

use crate::app::meetups::Answer;
use crate::domain::ids::{MeetupId, NoticeId};
use crate::domain::meetup::Account;
use crate::domain::member::Setting;
use words::{GLADLY, OF_A_MEETUP, POLLS, SETTINGS, account_word, answer_word, gladly_word, setting_word};

pub use words::{ACCOUNTS, ANSWERS, PollNumber};

/// Grows when a verb changes its meaning or its arguments.
const VERSION: &str = "1";
const NOTICE_PREFIX: char = 'n';
/// Discord's own limit, in characters; all of ours are ASCII.
pub const MOST_CHARACTERS: usize = 100;

/// What is wanted, and which notice carried the button.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CustomId {
    pub verb: Verb,
    /// Absent on what answers an interaction: that is no notice.
    pub notice: Option<NoticeId>,
}

/// What somebody wants who uses a button, a select or a modal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verb {
    /// Joins; the click says "I am 18 or older".
    CountMeIn,
    SeeMine,
    Ask {
        meetup: MeetupId,
        answer: Answer,
    },
    /// Hands the lead to the next one.
    Host {
        meetup: MeetupId,
    },
    /// Opens the modal that asks for the place. It carries the setting, since a form opens before anything is looked up.
    Where {
        meetup: MeetupId,
        setting: Setting,
    },
    WhereModal {
        meetup: MeetupId,
    },
    /// Opens the choice of a place.
    Places {
        meetup: MeetupId,
    },
    PlacePick {
        meetup: MeetupId,
    },
    /// Opens the form in which a place is proposed.
    PlaceNew {
        meetup: MeetupId,
    },
    PlaceNewModal {
        meetup: MeetupId,
    },
    CannotMakeIt {
        meetup: MeetupId,
    },
    /// Comes to an open evening that has a time.
    Going {
        meetup: MeetupId,
    },
    Maybe {
        meetup: MeetupId,
    },
    AnotherTime {
        meetup: MeetupId,
    },
    RunningLate {
        meetup: MeetupId,
    },
    /// Opens the form in which another time is proposed for a meetup that has one.
    Move {
        meetup: MeetupId,
    },
    MoveModal {
        meetup: MeetupId,
    },
    /// That time suits, or not.
    OfferSuits {
        meetup: MeetupId,
    },
    KeepTime {
        meetup: MeetupId,
    },
    /// Opens the form in which a meetup is called off.
    CallOff {
        meetup: MeetupId,
    },
    CallOffModal {
        meetup: MeetupId,
    },
    CheckIn {
        meetup: MeetupId,
        account: Account,
    },
    /// "Would you meet again?"
    Again {
        meetup: MeetupId,
        gladly: bool,
    },
    /// Opens the form in which a word for the community is drafted.
    Word {
        meetup: MeetupId,
    },
    WordModal {
        meetup: MeetupId,
    },
    /// Whether the drafted word is fine with the clicker.
    WordIsFine {
        meetup: MeetupId,
        fine: bool,
    },
    /// Straight to another poll of the same people.
    GoOn {
        meetup: MeetupId,
    },
    Report {
        meetup: MeetupId,
    },
    /// Opens the form in which a time is proposed.
    Propose {
        meetup: MeetupId,
    },
    ProposeModal {
        meetup: MeetupId,
    },
    /// Shows when the people of the meetup could meet.
    CommonTimes {
        meetup: MeetupId,
    },
    /// Opens one's own ballot.
    Vote {
        meetup: MeetupId,
    },
    /// The selects and the button of a ballot, in the poll with this number.
    VoteYes {
        meetup: MeetupId,
        poll: PollNumber,
    },
    VoteIfNeedBe {
        meetup: MeetupId,
        poll: PollNumber,
    },
    VoteNone {
        meetup: MeetupId,
        poll: PollNumber,
    },
    /// Opens the modal that asks for a city.
    ProfileCity,
    ProfileCityModal,
    /// Picks one of the cities found.
    ProfileCityPick,
    ProfileTimes,
    ProfileVenue,
    ProfileDoor,
    /// Takes back days on which somebody could not meet.
    DaysBack,
    /// Takes back stays in other cities.
    TripsBack,
    /// Forgets what somebody's calendar said.
    CalendarBack,
}

/// Why a text is no id of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotOurs {
    /// A button of another version of Wallflower, or with a verb that this one does not know.
    #[error("this button is from an older version")]
    OtherVersion,
    /// The right version and verb, but what follows is broken: nobody of ours has written that.
    #[error("this button cannot be read")]
    Broken,
}

impl From<Verb> for CustomId {
    fn from(verb: Verb) -> Self {
        Self { verb, notice: None }
    }
}

impl Verb {
    /// The verb on a button of this notice.
    pub const fn of(self, notice: NoticeId) -> CustomId {
        CustomId { verb: self, notice: Some(notice) }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::CountMeIn => "join",
            Self::SeeMine => "mine",
            Self::Ask { .. } => "ask",
            Self::Host { .. } => "host",
            Self::Where { .. } => "where",
            Self::WhereModal { .. } => "place",
            Self::Places { .. } => "places",
            Self::PlacePick { .. } => "placepick",
            Self::PlaceNew { .. } => "placenew",
            Self::PlaceNewModal { .. } => "placeword",
            Self::CannotMakeIt { .. } => "cannot",
            Self::Going { .. } => "going",
            Self::Maybe { .. } => "maybe",
            Self::AnotherTime { .. } => "time",
            Self::RunningLate { .. } => "late",
            Self::Move { .. } => "move",
            Self::MoveModal { .. } => "moved",
            Self::OfferSuits { .. } => "works",
            Self::KeepTime { .. } => "keep",
            Self::CallOff { .. } => "calloff",
            Self::CallOffModal { .. } => "off",
            Self::CheckIn { .. } => "checkin",
            Self::Again { .. } => "again",
            Self::GoOn { .. } => "goon",
            Self::Word { .. } => "word",
            Self::WordModal { .. } => "worded",
            Self::WordIsFine { .. } => "wordfine",
            Self::Report { .. } => "report",
            Self::Propose { .. } => "propose",
            Self::ProposeModal { .. } => "proposal",
            Self::CommonTimes { .. } => "heat",
            Self::Vote { .. } => "vote",
            Self::VoteYes { .. } => "suits",
            Self::VoteIfNeedBe { .. } => "ifneedbe",
            Self::VoteNone { .. } => "none",
            Self::ProfileCity => "city",
            Self::ProfileCityModal => "citymodal",
            Self::ProfileCityPick => "citypick",
            Self::ProfileTimes => "times",
            Self::ProfileVenue => "venue",
            Self::ProfileDoor => "door",
            Self::DaysBack => "daysback",
            Self::TripsBack => "tripsback",
            Self::CalendarBack => "calendarback",
        }
    }

    /// The meetup that this is about.
    pub const fn meetup(self) -> Option<MeetupId> {
        match self {
            Self::Ask { meetup, .. }
            | Self::Host { meetup }
            | Self::Where { meetup, .. }
            | Self::WhereModal { meetup }
            | Self::Places { meetup }
            | Self::PlacePick { meetup }
            | Self::PlaceNew { meetup }
            | Self::PlaceNewModal { meetup }
            | Self::CannotMakeIt { meetup }
            | Self::Going { meetup }
            | Self::Maybe { meetup }
            | Self::AnotherTime { meetup }
            | Self::RunningLate { meetup }
            | Self::Move { meetup }
            | Self::MoveModal { meetup }
            | Self::OfferSuits { meetup }
            | Self::KeepTime { meetup }
            | Self::CallOff { meetup }
            | Self::CallOffModal { meetup }
            | Self::CheckIn { meetup, .. }
            | Self::Again { meetup, .. }
            | Self::GoOn { meetup }
            | Self::Word { meetup }
            | Self::WordModal { meetup }
            | Self::WordIsFine { meetup, .. }
            | Self::Report { meetup }
            | Self::Propose { meetup }
            | Self::ProposeModal { meetup }
            | Self::CommonTimes { meetup }
            | Self::Vote { meetup }
            | Self::VoteYes { meetup, .. }
            | Self::VoteIfNeedBe { meetup, .. }
            | Self::VoteNone { meetup, .. } => Some(meetup),
            Self::CountMeIn
            | Self::SeeMine
            | Self::ProfileCity
            | Self::ProfileCityModal
            | Self::ProfileCityPick
            | Self::ProfileTimes
            | Self::ProfileVenue
            | Self::ProfileDoor
            | Self::DaysBack
            | Self::TripsBack
            | Self::CalendarBack => None,
        }
    }

    /// What follows the meetup, for verbs that have a choice of their own.
    const fn choice(self) -> Option<&'static str> {
        match self {
            Self::Ask { answer, .. } => Some(answer_word(answer)),
            Self::CheckIn { account, .. } => Some(account_word(account)),
            Self::Where { setting, .. } => Some(setting_word(setting)),
            Self::Again { gladly: yes, .. } | Self::WordIsFine { fine: yes, .. } => Some(gladly_word(yes)),
            Self::VoteYes { poll, .. } | Self::VoteIfNeedBe { poll, .. } | Self::VoteNone { poll, .. } => {
                Some(poll.word())
            }
            _ => None,
        }
    }

    fn read<'a>(word: &str, mut arguments: impl Iterator<Item = &'a str>) -> Result<Self, NotOurs> {
        let plain = match word {
            "join" => Some(Self::CountMeIn),
            "mine" => Some(Self::SeeMine),
            "city" => Some(Self::ProfileCity),
            "citymodal" => Some(Self::ProfileCityModal),
            "citypick" => Some(Self::ProfileCityPick),
            "times" => Some(Self::ProfileTimes),
            "venue" => Some(Self::ProfileVenue),
            "door" => Some(Self::ProfileDoor),
            "daysback" => Some(Self::DaysBack),
            "tripsback" => Some(Self::TripsBack),
            "calendarback" => Some(Self::CalendarBack),
            _ => None,
        };
        if let Some(plain) = plain {
            return Ok(plain);
        }
        if !OF_A_MEETUP.contains(&word) {
            return Err(NotOurs::OtherVersion);
        }
        let meetup = arguments.next().and_then(|id| id.parse().ok()).ok_or(NotOurs::Broken)?;
        Ok(match word {
            "ask" => Self::Ask { meetup, answer: chosen(&ANSWERS, arguments.next(), answer_word)? },
            "checkin" => Self::CheckIn { meetup, account: chosen(&ACCOUNTS, arguments.next(), account_word)? },
            "host" => Self::Host { meetup },
            "where" => Self::Where { meetup, setting: chosen(&SETTINGS, arguments.next(), setting_word)? },
            "place" => Self::WhereModal { meetup },
            "places" => Self::Places { meetup },
            "placepick" => Self::PlacePick { meetup },
            "placenew" => Self::PlaceNew { meetup },
            "placeword" => Self::PlaceNewModal { meetup },
            "cannot" => Self::CannotMakeIt { meetup },
            "going" => Self::Going { meetup },
            "maybe" => Self::Maybe { meetup },
            "time" => Self::AnotherTime { meetup },
            "late" => Self::RunningLate { meetup },
            "move" => Self::Move { meetup },
            "moved" => Self::MoveModal { meetup },
            "works" => Self::OfferSuits { meetup },
            "keep" => Self::KeepTime { meetup },
            "calloff" => Self::CallOff { meetup },
            "off" => Self::CallOffModal { meetup },
            "again" => Self::Again { meetup, gladly: chosen(&GLADLY, arguments.next(), gladly_word)? },
            "goon" => Self::GoOn { meetup },
            "word" => Self::Word { meetup },
            "worded" => Self::WordModal { meetup },
            "wordfine" => Self::WordIsFine { meetup, fine: chosen(&GLADLY, arguments.next(), gladly_word)? },
            "propose" => Self::Propose { meetup },
            "proposal" => Self::ProposeModal { meetup },
            "heat" => Self::CommonTimes { meetup },
            "vote" => Self::Vote { meetup },
            "suits" => Self::VoteYes { meetup, poll: chosen(&POLLS, arguments.next(), PollNumber::word)? },
            "ifneedbe" => Self::VoteIfNeedBe { meetup, poll: chosen(&POLLS, arguments.next(), PollNumber::word)? },
            "none" => Self::VoteNone { meetup, poll: chosen(&POLLS, arguments.next(), PollNumber::word)? },
            _ => Self::Report { meetup },
        })
    }
}

fn chosen<T: Copy>(all: &[T], word: Option<&str>, name: impl Fn(T) -> &'static str) -> Result<T, NotOurs> {
    all.iter().copied().find(|one| Some(name(*one)) == word).ok_or(NotOurs::Broken)
}

impl fmt::Display for CustomId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{VERSION}:{}", self.verb.word())?;
        if let Some(meetup) = self.verb.meetup() {
            write!(f, ":{meetup}")?;
        }
        if let Some(choice) = self.verb.choice() {
            write!(f, ":{choice}")?;
        }
        if let Some(notice) = self.notice {
            write!(f, ":{NOTICE_PREFIX}{notice}")?;
        }
        Ok(())
    }
}

impl FromStr for CustomId {
    type Err = NotOurs;

    fn from_str(text: &str) -> Result<Self, NotOurs> {
        let mut parts = text.split(':').peekable();
        if parts.next() != Some(VERSION) {
            return Err(NotOurs::OtherVersion);
        }
        let word = parts.next().ok_or(NotOurs::Broken)?;
        let verb = Verb::read(word, &mut parts)?;
        let notice = match parts.next() {
            None => None,
            Some(mark) => {
                let id = mark.strip_prefix(NOTICE_PREFIX).and_then(|id| id.parse().ok());
                Some(id.ok_or(NotOurs::Broken)?)
            }
        };
        if parts.next().is_some() { Err(NotOurs::Broken) } else { Ok(Self { verb, notice }) }
    }
}

#[cfg(test)]
mod tests;
