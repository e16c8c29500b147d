//! The meetup, from "you two should meet" to "we did". One aggregate: a state that carries its data, and the
//! participants with an own standing each. `step` (in its own file) is the only way from one state to the next.
//! docs/MEETUPS.md draws its states, and a test holds the drawing against `step`.

mod afterwards;
mod asking;
mod event;
mod meeting;
mod moving;
mod offer;
mod placing;
mod reminding;
mod rsvp;
mod sequel;
mod step;
#[cfg(test)]
mod tests;
mod voting;
mod word;

use std::collections::BTreeSet;

use chrono::{DateTime, Duration, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::ids::{ChannelId, CommunityId, MeetupId, Pair, ScheduledEventId, UserId};
use super::member::Setting;
use super::notice::NotThisTime;
use super::pairing::Reason;
use super::place::CityId;
use super::poll::{Poll, Votes};
use super::slot::Slot;
use super::wall_clock::next_morning;

use step::FEWEST_AT_A_TABLE;

pub use event::{Circumstances, Event, Fact, OutOfTurn, SaidBy, Step};
pub use moving::Moving;
pub use offer::Offer;
pub use placing::{MOST_PLACES, PlaceBy, Places};
pub use rsvp::{Limits, Rsvp};
pub use sequel::Before;

/// How long both have to answer an ask.
pub const ASK_OPEN_FOR: Duration = Duration::days(5);
/// What follows from one's own yes is at most this many messages in its room. Reminders are left out first. The kind end
/// is beyond the number, since it has to be heard, and so is the check-in, which each one is asked alone.
pub const MOST_MESSAGES: u8 = 6;
/// "This one didn't come together" waits this long to be seen by who only looks, or cannot be reached.
const NEWS_WAITS: Duration = Duration::days(14);
/// And at least this long beside a doorbell, where rounds are rare.
const NEWS_WAITS_AT_THE_DOORBELL: Duration = Duration::days(2);
/// A check-in is asked at this hour of the next morning, in each one's zone: awake, and not yet forgotten.
const CHECK_IN_HOUR: u32 = 10;
/// What ends in the small hours belongs to the evening before: the next morning is the one that dawns.
const SMALL_HOURS: Duration = Duration::hours(5);
/// Who has not answered is asked once more, so many days after the first time: over the weekend, and not yet forgotten.
const CHECK_IN_AGAIN_AFTER: Duration = Duration::days(2);
/// A check-in that nobody answers is closed after this long: whoever only looks, or cannot be reached, has one or two doorbells
/// beside which to find it.
const CHECK_IN_OPEN_FOR: Duration = Duration::days(14);
/// So long after a meeting it is still worth asking at somebody's door.
const CHECK_IN_ASKED_FOR: Duration = Duration::days(4);
/// The same of asking once more.
const CHECK_IN_ASKED_AGAIN_FOR: Duration = Duration::days(7);
/// Before its room is told that a check-in waits, each one has been asked alone; who could not be is known by then.
const CHECK_IN_RINGS_AFTER: Duration = Duration::minutes(15);

/// What kind of meetup this is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Suggested by a round: each one is asked before anything is said.
    Suggested,
    /// Proposed by a member to everybody.
    OpenEvening,
}

/// Whether a meetup lives in a private thread or in the channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Style {
    Discreet,
    Open,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum State {
    /// Each one is asked alone; nothing is shown before the deadline or all yeses.
    Proposed {
        until: DateTime<Utc>,
    },
    Polling {
        poll: Poll,
    },
    Scheduled {
        on: Appointment,
        coming: Coming,
    },
    CheckingIn {
        on: Appointment,
    },
    Held {
        on: Appointment,
    },
    Fizzled {
        why: Fizzle,
    },
}

/// When and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Appointment {
    pub slot: Slot,
    /// In the host's own words; a public place.
    pub place: Option<String>,
    /// Grows with each change, so that calendars replace what they have.
    pub sequence: u32,
    /// What stands to choose, and who says where.
    #[serde(default)]
    pub places: Places,
    /// The entry in the community's public list, for open meetups.
    pub event: Option<ScheduledEventId>,
    /// The times that an open evening was asked about, in the order of its poll: should too few come, another may do.
    #[serde(default)]
    pub asked: Vec<Slot>,
    /// Another time that one of them proposes, while the others have not all said whether it suits them.
    #[serde(default)]
    pub moving: Option<Moving>,
}

/// What a scheduled meetup waits for next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Coming {
    DayBefore,
    TwoHoursBefore,
    Meeting,
}

/// Why a meetup ended without a meeting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fizzle {
    /// Not everybody said yes by the deadline, or of a table too few who talk with each other: a no, silence, leaving and avoiding
    /// are one and the same.
    NotEverybody,
    NoCommonTime,
    CalledOff,
    /// The thread or channel is gone or closed to us.
    NoRoom,
    /// An open evening that fewer would have come to than it needs.
    TooFew,
    DidNotHappen,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Participant {
    pub user: UserId,
    /// The zone they live in; follows their profile, not stored with the meetup.
    pub zone: Tz,
    pub standing: Standing,
    pub votes: Option<Votes>,
    pub check_in: CheckIn,
    pub host: bool,
    /// The place that they would choose.
    pub place: Option<String>,
    /// The time that is proposed instead suits them.
    pub agrees: bool,
    /// Said that they are running late, which is said once.
    pub late: bool,
    /// Whether they would meet the others again. `None` until they say.
    pub again: Option<bool>,
    /// The drafted word for the community is fine with them. `None` until they say.
    pub word_is_fine: Option<bool>,
    /// From then on there is news to hear: that this one didn't come together. `None` once it has been heard.
    pub news: Option<DateTime<Utc>>,
}

/// Where one participant stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "standing", rename_all = "snake_case")]
pub enum Standing {
    /// Asked, and silent so far.
    Asked,
    In {
        since: DateTime<Utc>,
        by: Yes,
    },
    /// Said no. Nobody hears of it.
    Declined,
    /// Said no because they know each other already; kept as a fact at the deadline.
    Known,
    /// Can't make it, for whatever reason.
    Out,
    /// The others of a table came together without them: they had said nothing or had gone, or nobody came whom they talk with.
    Absent,
    /// Might come to an open evening.
    Maybe,
    /// Would come to an open evening whose seats are taken; the lowest ticket is next.
    Waiting {
        ticket: u32,
    },
    /// A seat has come free, and is kept for them until then.
    Offered {
        until: DateTime<Utc>,
    },
}

/// How somebody said yes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Yes {
    /// To an ask, or by voting in an open poll.
    Answer,
    /// By an earlier wish; they were not asked, and hear nothing if it comes to nothing: that would tell them who is in.
    Wish,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckIn {
    NotAsked,
    Asked,
    /// And once more, after days of silence; there is no third time.
    AskedAgain,
    /// Left, rested, avoided or reported before they had told: not asked any more, and heard if they tell all the same.
    Gone,
    Said(Account),
}

/// What one participant tells afterwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Account {
    WeMet,
    DidNotHappen,
    WasAlone,
    /// "Something was not right": goes to the moderators.
    NotRight,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meetup {
    pub id: MeetupId,
    pub community: CommunityId,
    pub kind: Kind,
    pub style: Style,
    /// Grows by one with each saved step; whoever saves on top of an older one has to load again.
    pub revision: i64,
    pub created_at: DateTime<Utc>,
    pub state: State,
    pub participants: Vec<Participant>,
    /// How many were invited, also after some have erased themselves.
    pub invited: usize,
    /// How many were to come when its time was over, also after some have erased themselves; `None` before.
    pub came: Option<usize>,
    /// The thread or channel where its poll stands.
    pub room: Option<ChannelId>,
    /// The city of an open evening.
    pub city: Option<CityId>,
    /// How many an open evening has room for, and needs.
    pub limits: Limits,
    pub reasons: Vec<Reason>,
    /// All slots asked about so far, so that a second poll asks about others.
    pub asked_slots: Vec<Slot>,
    /// 0 before the first poll, at most 2.
    pub polls: u8,
    /// Messages that its room has been given so far; paid from [`MOST_MESSAGES`].
    pub said: u8,
    /// At a table or by voice; follows from the profiles when a poll opens.
    pub setting: Setting,
    /// They know of each other's yes, since they share a room that has been opened with words.
    pub introduced: bool,
    /// Until when all have time to answer, kept once all said yes: until then nobody learns that it came to nothing.
    pub asked_until: Option<DateTime<Utc>>,
    /// What came before it, with the same people.
    pub before: Before,
    /// A word for the community, in the words of one of them.
    pub word: Option<String>,
}

impl State {
    /// As the column and the logs name it.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Proposed { .. } => "proposed",
            Self::Polling { .. } => "polling",
            Self::Scheduled { .. } => "scheduled",
            Self::CheckingIn { .. } => "checking_in",
            Self::Held { .. } => "held",
            Self::Fizzled { .. } => "fizzled",
        }
    }
}

impl Fizzle {
    /// What the room hears, where there is something to hear.
    const fn told_as(self) -> Option<NotThisTime> {
        match self {
            Self::NoCommonTime => Some(NotThisTime::NoCommonTime),
            Self::CalledOff => Some(NotThisTime::CannotMakeIt),
            Self::TooFew => Some(NotThisTime::TooFew),
            Self::NotEverybody | Self::NoRoom | Self::DidNotHappen => None,
        }
    }
}

impl Participant {
    pub const fn new(user: UserId, zone: Tz, standing: Standing) -> Self {
        Self {
            user,
            zone,
            standing,
            votes: None,
            check_in: CheckIn::NotAsked,
            host: false,
            place: None,
            agrees: false,
            late: false,
            again: None,
            word_is_fine: None,
            news: None,
        }
    }

    pub const fn is_in(&self) -> bool {
        matches!(self.standing, Standing::In { .. })
    }

    /// Once others have come together: whether that was without this one.
    pub const fn is_left_out(&self) -> bool {
        matches!(self.standing, Standing::Asked | Standing::Declined | Standing::Known | Standing::Absent)
    }

    /// When they are to be asked how it was, for the first time or once more.
    fn check_in_due_at(&self, slot: &Slot) -> Option<DateTime<Utc>> {
        match self.check_in {
            CheckIn::NotAsked => Some(check_in_at(slot, self.zone)),
            CheckIn::Asked => Some(check_in_again_at(slot, self.zone)),
            CheckIn::AskedAgain | CheckIn::Gone | CheckIn::Said(_) => None,
        }
    }

    /// One's first word counts; that something was not right is heard also after another.
    const fn may_tell(&self, account: Account) -> bool {
        self.is_in()
            && match self.check_in {
                CheckIn::Said(Account::NotRight) => false,
                CheckIn::Said(_) => matches!(account, Account::NotRight),
                CheckIn::NotAsked | CheckIn::Asked | CheckIn::AskedAgain | CheckIn::Gone => true,
            }
    }

    const fn yes_since(&self) -> Option<DateTime<Utc>> {
        let Standing::In { since, .. } = self.standing else { return None };
        Some(since)
    }
}

impl Meetup {
    /// One that nothing has happened to yet: its people are to answer until then.
    pub fn proposed(
        id: MeetupId,
        community: CommunityId,
        (kind, style): (Kind, Style),
        participants: Vec<Participant>,
        created_at: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Self {
        Self {
            id,
            community,
            kind,
            style,
            revision: 0,
            created_at,
            state: State::Proposed { until },
            invited: participants.len(),
            came: None,
            participants,
            room: None,
            city: None,
            limits: Limits::default(),
            reasons: Vec::new(),
            asked_slots: Vec::new(),
            polls: 0,
            said: 0,
            setting: Setting::InPerson,
            introduced: false,
            asked_until: None,
            before: Before::default(),
            word: None,
        }
    }

    pub fn participant(&self, user: UserId) -> Option<&Participant> {
        self.participants.iter().find(|participant| participant.user == user)
    }

    /// Those who said yes and have not gone out since.
    pub fn present(&self) -> impl Iterator<Item = &Participant> + Clone {
        self.participants.iter().filter(|participant| participant.is_in())
    }

    /// How many of those who were to come have erased themselves since.
    pub fn erased(&self) -> usize {
        match self.came {
            Some(came) => came.saturating_sub(self.present().count()),
            // Its time was over before this was counted.
            None => self.invited.saturating_sub(self.participants.len()),
        }
    }

    /// More than two whom a round suggests to each other: some of them may come together without the others.
    pub fn is_table(&self) -> bool {
        self.kind == Kind::Suggested && self.invited > FEWEST_AT_A_TABLE
    }

    /// Those who said yes and talk with somebody else who did: nobody sits among strangers only, nor alone. Of two it is
    /// both or nobody, whether they talk or one of them only wished it.
    pub fn held_together(&self, tied: &BTreeSet<Pair>) -> BTreeSet<UserId> {
        let holds = |one: &Participant, other: &Participant| {
            Pair::new(one.user, other.user).is_some_and(|pair| !self.is_table() || tied.contains(&pair))
        };
        let held = self.present().filter(|one| self.present().any(|other| holds(one, other)));
        held.map(|one| one.user).collect()
    }

    /// Those whom this one knows it to be about: all who are asked, and once some have come together, for these, those.
    pub fn company_of(&self, user: UserId) -> impl Iterator<Item = &Participant> + Clone {
        let came_together = self.is_table() && !matches!(self.state, State::Proposed { .. }) && self.polls > 0;
        let among = came_together && self.participant(user).is_some_and(|one| !one.is_left_out());
        self.participants.iter().filter(move |one| !among || !one.is_left_out())
    }

    pub fn host(&self) -> Option<&Participant> {
        self.present().find(|participant| participant.host)
    }

    /// As its people know it: as long as the first words have not been said, each one knows of their own answer only, and
    /// it is still being asked.
    #[must_use]
    pub fn as_known(mut self) -> Self {
        if self.kind == Kind::OpenEvening || self.introduced {
            return self;
        }
        if let (State::Polling { .. }, Some(until)) = (&self.state, self.asked_until) {
            self.state = State::Proposed { until };
            self.polls = 0;
            self.asked_slots.clear();
        }
        self.participants.iter_mut().for_each(|one| one.host = false);
        self.room = self.room.filter(|_| self.style == Style::Open);
        self
    }

    /// As this one knows it: what came together without them came to nothing, also where it did so itself later.
    #[must_use]
    pub fn as_known_to(self, user: UserId) -> Self {
        let mut known = self.as_known();
        let went_on = !matches!(known.state, State::Proposed { .. }) && known.polls > 0;
        if known.is_table() && went_on && known.participant(user).is_some_and(Participant::is_left_out) {
            return known.without_what_followed(user);
        }
        known.word = known.word.take().filter(|_| known.is_word_known_to(user));
        known
    }

    /// What those know who were asked, and nothing that came of it. A field that is not named here is not known.
    fn without_what_followed(self, user: UserId) -> Self {
        let as_known = |one: Participant| {
            if one.user == user {
                Participant { host: false, ..one }
            } else {
                Participant::new(one.user, one.zone, Standing::Asked)
            }
        };
        let participants = self.participants.into_iter().map(as_known).collect();
        let (is, at) = ((self.kind, self.style), self.created_at);
        Self {
            state: State::Fizzled { why: Fizzle::NotEverybody },
            revision: self.revision,
            invited: self.invited,
            room: self.room.filter(|_| self.style == Style::Open),
            reasons: self.reasons,
            ..Self::proposed(self.id, self.community, is, participants, at, at)
        }
    }

    /// Whether somebody finds news of this meetup when they look. `last_round_at` is when the latest doorbell rang: who
    /// looks only then is given the time to.
    pub fn has_news_for(&self, user: UserId, now: DateTime<Utc>, last_round_at: Option<DateTime<Utc>>) -> bool {
        let Some(from) = self.participant(user).and_then(|one| one.news).filter(|from| *from <= now) else {
            return false;
        };
        let doorbell = last_round_at.filter(|at| *at > from);
        now < from + NEWS_WAITS || doorbell.is_none_or(|at| now < at + NEWS_WAITS_AT_THE_DOORBELL)
    }

    /// What a poll counts: one entry for each participant who is in, `None` where they have not voted.
    pub fn votes(&self) -> impl Iterator<Item = Option<&Votes>> + Clone {
        self.present().map(|participant| participant.votes.as_ref())
    }

    pub fn appointment(&self) -> Option<&Appointment> {
        match &self.state {
            State::Scheduled { on, .. } | State::CheckingIn { on } | State::Held { on } => Some(on),
            State::Proposed { .. } | State::Polling { .. } | State::Fizzled { .. } => None,
        }
    }

    pub const fn is_over(&self) -> bool {
        matches!(self.state, State::Held { .. } | State::Fizzled { .. })
    }

    /// The next moment at which time alone changes something; `None` once it is over.
    pub fn due_at(&self) -> Option<DateTime<Utc>> {
        match &self.state {
            State::Proposed { until } => Some(*until),
            State::Polling { poll } => {
                let closes_at = self.closes_at(poll);
                Some(self.reminds_at(poll).map_or(closes_at, |at| at.min(closes_at)))
            }
            State::Scheduled { on, coming } => {
                let ends = [self.offers_end_at(), on.moving.map(|moving| moving.until)];
                ends.into_iter().flatten().chain([coming.due_at(&on.slot)]).min()
            }
            State::CheckingIn { on } => {
                let asks = self.present().filter_map(|participant| participant.check_in_due_at(&on.slot));
                asks.chain([check_in_closes_at(&on.slot)]).min()
            }
            State::Held { .. } | State::Fizzled { .. } => None,
        }
    }
}

impl Coming {
    /// What a meetup in this slot waits for first.
    fn first(slot: &Slot, now: DateTime<Utc>) -> Self {
        if Self::DayBefore.due_at(slot) > now { Self::DayBefore } else { Self::TwoHoursBefore }
    }

    fn due_at(self, slot: &Slot) -> DateTime<Utc> {
        match self {
            Self::DayBefore => slot.start() - Duration::hours(24),
            Self::TwoHoursBefore => slot.start() - Duration::hours(2),
            Self::Meeting => slot.end(),
        }
    }
}

impl CheckIn {
    /// Asked, and without a word so far.
    pub const fn is_unanswered(self) -> bool {
        matches!(self, Self::Asked | Self::AskedAgain)
    }

    /// Nobody waits for their word any more.
    const fn is_settled(self) -> bool {
        matches!(self, Self::Said(_) | Self::Gone)
    }

    /// By their own word, or for all that they have said.
    pub const fn may_have_met(self) -> bool {
        !matches!(self, Self::Said(Account::DidNotHappen | Account::WasAlone | Account::NotRight))
    }
}

fn check_in_at(slot: &Slot, zone: Tz) -> DateTime<Utc> {
    next_morning(slot.end() - SMALL_HOURS, zone, CHECK_IN_HOUR)
}

fn check_in_again_at(slot: &Slot, zone: Tz) -> DateTime<Utc> {
    next_morning(slot.end() - SMALL_HOURS + CHECK_IN_AGAIN_AFTER, zone, CHECK_IN_HOUR)
}

fn check_in_closes_at(slot: &Slot) -> DateTime<Utc> {
    slot.end() + CHECK_IN_OPEN_FOR
}
