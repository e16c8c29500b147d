//! A member: somebody of a community who has said "count me in", and how they wish to meet and be spoken to.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::ids::{CommunityId, UserId};
use super::place::{City, CityId};
use super::slot::Availability;

/// How an ask may reach a member. The doorbell line of each round is there for everybody besides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Door {
    /// A direct message; joining is the act that allows it.
    #[default]
    Direct,
    /// A mention in the programme's channel that says only "there is something for you".
    Mention,
    /// Only when they look: *See mine* under the doorbell.
    Look,
}

/// Where a member likes to meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Venue {
    InPerson,
    Call,
    #[default]
    Either,
}

/// What a member has told about themselves; all of it optional, with these defaults.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Profile {
    pub city: Option<CityId>,
    pub availability: Availability,
    pub venue: Venue,
    pub door: Door,
    /// Their name may stand in the channel beside another's (style *open* needs it of both).
    pub may_be_named: bool,
    /// Others may wish to meet them without having talked with them before.
    pub open_to_everyone: bool,
}

/// Since when, and in what way, somebody takes part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Membership {
    Active,
    /// Takes part again by itself at that moment.
    PausedUntil(DateTime<Utc>),
    /// Has left: ties are erased, the own history stays until they erase it.
    Left,
}

/// One row of the root of all personal data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    pub community: CommunityId,
    pub user: UserId,
    /// Messages from this snowflake on are counted live; those before it only by reading history for this member.
    pub counted_from: i64,
    pub membership: Membership,
    pub profile: Profile,
}

impl Member {
    /// The zone this member lives in: that of their city, else the community's.
    pub fn zone(&self, community_zone: Tz) -> Tz {
        self.profile.city.and_then(City::by_id).map_or(community_zone, |city| city.zone)
    }

    /// Whether rounds, asks and reminders may concern this member now.
    pub fn takes_part(&self, now: DateTime<Utc>) -> bool {
        match self.membership {
            Membership::Active => true,
            Membership::PausedUntil(until) => until <= now,
            Membership::Left => false,
        }
    }
}
