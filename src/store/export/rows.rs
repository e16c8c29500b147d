//! The rows of an export, each list with the name of its table.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use serde_json::Value as Json;

use crate::domain::ids::{ChannelId, CommunityId, MeetupId, MessageId, NoticeId, UserId};
use crate::domain::meetup::{Appointment, CheckIn, Kind, Standing, Style};
use crate::domain::member::Profile;
use crate::domain::pairing::Reason;
use crate::domain::place::CityId;
use crate::domain::poll::Votes;
use crate::domain::slot::Slot;

/// What one community keeps of one person. Each list bears the name of its table; a new table about people gets one.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Export {
    pub community: CommunityId,
    pub community_name: String,
    /// Always one.
    pub members: Vec<OwnMember>,
    pub days_away: Vec<OwnDayAway>,
    pub busy_times: Vec<OwnBusyTime>,
    pub trips: Vec<OwnTrip>,
    /// One while the weeks before their joining are still to be read, else none.
    pub pasts: Vec<OwnPast>,
    /// One while they are in a voice channel, else none.
    pub stays: Vec<OwnStay>,
    pub feeds: Vec<OwnFeed>,
    pub thread_talk: Vec<OwnThreadTalk>,
    pub recent_messages: Vec<OwnRecentMessage>,
    pub avoids: Vec<OwnAvoid>,
    pub wishes: Vec<OwnWish>,
    pub ties: Vec<OwnTie>,
    pub participants: Vec<OwnSeat>,
    pub met: Vec<OwnMet>,
    pub nudges: Vec<OwnNudge>,
    pub notices: Vec<OwnNotice>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OwnMember {
    pub member: UserId,
    pub membership: &'static str,
    pub paused_until: Option<DateTime<Utc>>,
    /// A snowflake: messages from it on are counted.
    pub counted_from: MessageId,
    pub counted_since: DateTime<Utc>,
    #[serde(flatten)]
    pub profile: Profile,
    pub city_name: Option<String>,
    /// What the number of `availability` says: "Mon evening".
    pub free: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OwnDayAway {
    pub day: NaiveDate,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OwnBusyTime {
    pub starts_at: DateTime<Utc>,
    pub ends_at: DateTime<Utc>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OwnTrip {
    pub city: CityId,
    pub city_name: Option<String>,
    pub first: NaiveDate,
    pub last: NaiveDate,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OwnPast {
    /// It is being read now; else it waits for its turn.
    pub reading: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OwnStay {
    pub channel: ChannelId,
    pub since: DateTime<Utc>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OwnThreadTalk {
    pub thread: ChannelId,
    pub week: String,
    pub message: MessageId,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OwnRecentMessage {
    pub message: MessageId,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OwnAvoid {
    /// The keyed hash of the other.
    pub person: String,
    pub created_at: DateTime<Utc>,
}

/// Whether it has been asked about is left out: that would tell whether the other is a member.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OwnWish {
    /// The keyed hash of the other.
    pub person: String,
    pub created_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
}

/// Amounts are thousandths of a message.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OwnTie {
    pub with: UserId,
    /// ISO week, UTC: "2026-W23".
    pub week: String,
    pub kind: String,
    pub from_you: i64,
    pub to_you: i64,
}

/// A meetup that they have heard of, with their own part in it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OwnSeat {
    pub meetup: MeetupId,
    pub kind: Kind,
    pub style: Style,
    pub state: &'static str,
    pub created_at: DateTime<Utc>,
    /// The others, without what they answered; nobody of an open evening, which names nobody.
    pub with: Vec<UserId>,
    /// How many were invited, themselves and the erased included.
    pub invited: usize,
    pub room: Option<ChannelId>,
    pub city_name: Option<String>,
    pub reasons: Vec<Reason>,
    pub slots_asked_about: Vec<Slot>,
    pub appointment: Option<Appointment>,
    #[serde(flatten)]
    pub standing: Standing,
    pub host: bool,
    pub votes: Option<Votes>,
    pub check_in: CheckIn,
    /// The place that they would choose.
    pub place_choice: Option<String>,
    /// The time that somebody proposed instead suits them.
    pub another_time_suits: bool,
    /// They said that they are running late.
    pub said_late: bool,
    /// Whether they would meet the others again; absent until they say.
    pub again: Option<bool>,
    /// A word for the community, which one of them drafted.
    pub word: Option<String>,
    /// Whether that is fine with them; absent until they say.
    pub word_is_fine: Option<bool>,
    /// Since when they have not heard yet that it didn't come together.
    pub news: Option<DateTime<Utc>>,
}

/// Who of the two said so is left out: the other's word is theirs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OwnMet {
    pub with: UserId,
    pub meetup: MeetupId,
    pub at: DateTime<Utc>,
    /// They said "we know each other", instead of meeting.
    pub known_before: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OwnNudge {
    pub meetup: MeetupId,
    pub at: DateTime<Utc>,
}

/// Only what has been said, or could not be: what still waits may follow from what another has answered.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OwnNotice {
    pub notice: NoticeId,
    /// To them, or to the moderators about what they report.
    pub address: String,
    pub meetup: Option<MeetupId>,
    pub body: Json,
    pub state: String,
    pub created_at: DateTime<Utc>,
    pub due_at: DateTime<Utc>,
    pub channel: Option<ChannelId>,
    pub message: Option<MessageId>,
    pub reason: Option<String>,
}

/// The address itself is known to nobody but them.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OwnFeed {
    pub created_at: DateTime<Utc>,
}
