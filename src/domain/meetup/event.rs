//! What can happen to a meetup, and what a step leads to.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::{Account, Meetup, PlaceBy, Rsvp};
use crate::domain::ids::{ChannelId, MessageId, Pair, ScheduledEventId, UserId};
use crate::domain::member::Setting;
use crate::domain::notice::{Draft, Reminders};
use crate::domain::poll::{Ballot, Choice, Mark};
use crate::domain::slot::Slot;

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
    /// Its first words were said, to all who are in: from now on they know of each other's yes.
    Introduced,
    /// "This one didn't come together" has reached them, by whatever door.
    HearsTheNews {
        user: UserId,
    },
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
    /// What one says on a ballot with buttons, in the poll with this number.
    Marks {
        user: UserId,
        zone: Tz,
        poll: u8,
        mark: Mark,
    },
    /// One more time to choose from, proposed while the poll runs.
    Proposes {
        user: UserId,
        slot: Slot,
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
    /// Chooses one of the places that stand to choose, or proposes one and chooses it.
    ChoosesPlace {
        user: UserId,
        place: String,
    },
    SwapsHost {
        user: UserId,
    },
    WantsAnotherTime {
        user: UserId,
    },
    /// Says whether they come to an open evening that has a time. `zone` is for whom it has not seen before.
    Answers {
        user: UserId,
        zone: Tz,
        rsvp: Rsvp,
    },
    /// Proposes another time for two or more who have one.
    OffersTime {
        user: UserId,
        slot: Slot,
    },
    /// Says whether the time that is proposed suits them.
    AnswersOffer {
        user: UserId,
        suits: bool,
    },
    /// Calls it off for all: one of two, or who proposed an open evening. In their own words, if they like.
    CallsOff {
        user: UserId,
        reason: Option<String>,
    },
    /// Says that they come, and later.
    RunsLate {
        user: UserId,
    },
    EventPublished {
        event: ScheduledEventId,
    },
    ChecksIn {
        user: UserId,
        account: Account,
    },
    /// Drafts a word for the community.
    DraftsWord {
        user: UserId,
        word: String,
    },
    /// Says whether the drafted word is fine with them.
    AnswersWord {
        user: UserId,
        fine: bool,
    },
    /// Says whether they would meet the others again.
    MeetsAgain {
        user: UserId,
        again: bool,
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
    /// Which of its people talk with each other; asked of a table whose people have not read of each other.
    pub tied: &'a BTreeSet<Pair>,
    /// How the participants would meet, should a poll open now.
    pub setting: Setting,
    /// It is a trip that brings them near each other then.
    pub by_a_trip: bool,
    /// How the community votes, should a poll open now.
    pub ballot: Ballot,
    /// Who says where, should it have a time now.
    pub place_by: PlaceBy,
    /// Which reminders the community wants: the others are neither said nor counted.
    pub reminders: Reminders,
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
    /// Whether a poll can open because of it, so that times have to be looked for.
    pub const fn may_open_a_poll(&self) -> bool {
        matches!(
            self,
            Self::SaysYes { .. }
                | Self::PollRead { .. }
                | Self::PollLost
                | Self::WantsAnotherTime { .. }
                | Self::TimePassed
        )
    }

    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::SaysYes { .. } => "a yes",
            Self::SaysNo { .. } => "a no",
            Self::SaysWeKnowEachOther { .. } => "\"we know each other\"",
            Self::Withdraws { .. } => "a withdrawal",
            Self::RoomOpened { .. } => "an opened room",
            Self::RoomLost => "a lost room",
            Self::Introduced => "the first words",
            Self::HearsTheNews { .. } => "the news",
            Self::PollPosted { .. } => "a posted poll",
            Self::Votes { .. } => "a vote",
            Self::Proposes { .. } => "a proposed time",
            Self::Marks { .. } => "a mark on a ballot",
            Self::PollRead { .. } => "a read poll",
            Self::PollLost => "a lost poll",
            Self::NamesPlace { .. } => "a place",
            Self::ChoosesPlace { .. } => "a choice of place",
            Self::SwapsHost { .. } => "a change of host",
            Self::WantsAnotherTime { .. } => "a wish for another time",
            Self::Answers { .. } => "an RSVP",
            Self::OffersTime { .. } => "an offered time",
            Self::AnswersOffer { .. } => "an answer to an offered time",
            Self::CallsOff { .. } => "a calling off",
            Self::RunsLate { .. } => "a late one",
            Self::EventPublished { .. } => "a published event",
            Self::ChecksIn { .. } => "a check-in",
            Self::DraftsWord { .. } => "a word for the community",
            Self::AnswersWord { .. } => "a word about that word",
            Self::MeetsAgain { .. } => "a word about meeting again",
            Self::TimePassed => "the passing of time",
        }
    }
}
