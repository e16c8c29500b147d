//! A notice: something Wallflower is going to say, kept as data until it is delivered. It names nobody: whom it
//! concerns stands in rows that die with their people, and the words are made at delivery, in the reader's language.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::ids::UserId;
use super::slot::Slot;

/// What is to be said or done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "notice", rename_all = "snake_case")]
pub enum Notice {
    /// What Wallflower is and how to join, in the programme's channel, with *Count me in*.
    Invitation,
    /// The first direct message after joining; tells whether direct messages arrive at all.
    Welcome,
    /// The private question to one member.
    Ask,
    /// The nameless line of a round, with *See mine* and *Count me in*.
    Doorbell,
    /// Style *open*: the question in the channel, naming both.
    OpenAsk,
    /// To one who said yes: "this one didn't come together". Whatever the reason was.
    DidNotComeTogether,
    /// Make the private thread of a meetup.
    OpenRoom,
    /// The first lines in the thread: who can read it, and why these people are here.
    RoomOpening,
    /// The poll with this number, its reactions included; a second one says why there is another.
    PostPoll {
        poll: u8,
        because: Option<AnotherPollBecause>,
    },
    /// Bring the numbers in the text of the poll up to date.
    RefreshPoll {
        poll: u8,
    },
    /// Half of the time is over, and somebody has not voted in the poll with this number. Rings for nobody else.
    PollReminder {
        poll: u8,
    },
    /// The poll found a time: announce it, with the calendar file and the buttons.
    ItIsOn {
        sequence: u32,
    },
    /// Open a thread under the announcement of an open evening, for all who like to talk about it.
    OpenThread,
    /// Make, change or call off the entry in the community's list of events (open meetups only).
    PublishEvent {
        sequence: u32,
    },
    /// The place (or the host) has changed since the announcement.
    Update {
        sequence: u32,
    },
    Reminder {
        when: Reminder,
    },
    /// Another time is proposed for a meetup that has one: does it suit the others?
    TimeOffered,
    /// What came of that, in its place.
    OfferSettled,
    /// Somebody who comes is running late: who stands in the rows.
    RunningLate,
    /// The place was named within the last day, where a changed announcement goes unseen.
    PlaceNamed {
        sequence: u32,
    },
    /// The end without a meeting, said kindly where the poll was.
    NotThisTime {
        why: NotThisTime,
        /// What calendars have to drop, where it had a time.
        #[serde(default)]
        dropped: Option<Dropped>,
    },
    /// A seat of an open evening has come free, and is kept for one member until they say whether they come.
    SeatFree,
    /// The thread of a meetup has done its work: archived, not locked, so that a word reopens it.
    CloseRoom,
    /// The question of the next morning to one member.
    CheckIn,
    /// The same once more, to who has said nothing; then no more.
    CheckInAgain,
    /// In the room, nameless: some were asked how it was where only they look, and *See mine* shows it.
    CheckInWaits,
    /// In the thread: one of them has drafted a word for the community. Is it fine with the others?
    WordDrafted,
    /// That word, in the programme's channel, once it is fine with all of them.
    Word,
    /// In the thread of those who would all meet again: a poll is one click away.
    MeetAgain,
    /// The same where it did not happen, without a word on why.
    TryAgain,
    /// The nameless line of a month: so many meetups were held.
    HeldLately {
        count: u32,
    },
    /// To the moderators only.
    Report,
}

impl Notice {
    /// Whether nobody waits for it, so that it keeps the quiet hours.
    pub const fn is_nudge(&self) -> bool {
        matches!(
            self,
            Self::Ask
                | Self::Doorbell
                | Self::OpenAsk
                | Self::DidNotComeTogether
                | Self::CheckIn
                | Self::CheckInAgain
                | Self::CheckInWaits
                | Self::MeetAgain
                | Self::TryAgain
                | Self::Word
                | Self::HeldLately { .. }
                | Self::SeatFree
        )
    }

    /// Whether it calls its reader: who would rather be mentioned in the channel than written to is mentioned for these.
    pub const fn calls(&self) -> bool {
        matches!(self, Self::Ask | Self::CheckIn | Self::CheckInAgain | Self::DidNotComeTogether | Self::SeatFree)
    }

    /// Whether it is a message of the room's budget; the others change something that stands already, say the end, carry
    /// somebody's word, or ask afterwards.
    pub const fn is_message(&self) -> bool {
        !matches!(
            self,
            Self::OpenRoom
                | Self::OpenThread
                | Self::OfferSettled
                | Self::CloseRoom
                | Self::RunningLate
                | Self::RefreshPoll { .. }
                | Self::Update { .. }
                | Self::PublishEvent { .. }
                | Self::NotThisTime { .. }
                | Self::CheckInWaits
                | Self::WordDrafted
                | Self::MeetAgain
                | Self::TryAgain
        )
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reminder {
    DayBefore,
    TwoHoursBefore,
}

/// Which reminders a community's meetups get.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reminders {
    #[default]
    Both,
    DayBefore,
    TwoHoursBefore,
    None,
}

impl Reminders {
    pub const fn has(self, when: Reminder) -> bool {
        match when {
            Reminder::DayBefore => matches!(self, Self::Both | Self::DayBefore),
            Reminder::TwoHoursBefore => matches!(self, Self::Both | Self::TwoHoursBefore),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnotherPollBecause {
    NoCommonTime,
    /// Somebody asked for another time.
    Asked,
}

/// An appointment that does not take place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dropped {
    pub slot: Slot,
    /// Higher than all that calendars have of it.
    pub sequence: u32,
    /// In the words of who called it off.
    pub reason: Option<String>,
}

/// Why a meetup that had a room ended; worded so that nobody is blamed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NotThisTime {
    NoCommonTime,
    /// Somebody can't make it: said so, left, paused, avoided, reported or erased. All read the same.
    CannotMakeIt,
    /// Fewer would have come than an open evening needs.
    TooFew,
}

/// Where a notice goes. Within one address, notices are delivered in the order in which they were written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Address {
    /// To one member alone, by the door of their choice.
    Member(UserId),
    /// Where the meetup's poll stands: its thread, or the programme's channel.
    Room,
    /// The programme's channel.
    Programme,
    /// The moderators' channel, about what this member reports.
    Moderators { reporter: UserId },
}

/// A notice before it has an id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    pub notice: Notice,
    pub to: Address,
    pub due_at: DateTime<Utc>,
    /// From then on it is stale and is dropped unsaid.
    pub not_after: DateTime<Utc>,
}
