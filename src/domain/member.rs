//! A member: somebody of a community who has said "count me in", and how they wish to meet and be spoken to.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::ids::{CommunityId, UserId};
use super::place::CityId;
use super::slot::{Availability, Interval};
use super::trip::{FAR_KM, Trip, least_apart};

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

/// How two meet who are suggested to each other: at a table, or by voice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Setting {
    #[default]
    InPerson,
    Call,
}

impl Setting {
    /// What suits all of these; `None` where one wants to sit at a table and another one takes calls only. Where all
    /// take either, it is a call only if two are known to be far apart all through the window; without one, at home.
    pub fn common(people: &[&Profile], window: Option<Interval>) -> Option<Self> {
        let anybody = |venue| people.iter().any(|one| one.venue == venue);
        match (anybody(Venue::InPerson), anybody(Venue::Call)) {
            (true, true) => None,
            (true, false) => Some(Self::InPerson),
            (false, true) => Some(Self::Call),
            (false, false) => Some(if least_apart(people, window) > FAR_KM { Self::Call } else { Self::InPerson }),
        }
    }
}

impl Setting {
    /// Whether these can all sit at one table within the window, or all be in one call. Of those who can, any part can too.
    pub fn in_reach(people: &[&Profile], window: Option<Interval>) -> bool {
        match Self::common(people, window) {
            None => false,
            Some(Self::Call) => true,
            Some(Self::InPerson) => least_apart(people, window) <= FAR_KM,
        }
    }
}

impl Venue {
    /// Whether these two can meet neither at a table nor by voice. A wall, and no matter of weight: whichever way such a
    /// meetup went, it would be one that somebody said not to want.
    pub const fn excludes(self, other: Self) -> bool {
        matches!((self, other), (Self::InPerson, Self::Call) | (Self::Call, Self::InPerson))
    }
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
    /// Their days in other cities, in order; kept apart from the rest, and changed by themselves.
    #[serde(skip)]
    pub trips: Vec<Trip>,
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
        self.profile.home().map_or(community_zone, |city| city.zone)
    }

    /// The same at that moment: a trip may have taken them to other clocks.
    pub fn zone_at(&self, at: DateTime<Utc>, community_zone: Tz) -> Tz {
        self.profile.city_at(at).map_or(community_zone, |city| city.zone)
    }

    /// The same on a day as they mean it.
    pub fn zone_on(&self, day: NaiveDate, community_zone: Tz) -> Tz {
        self.profile.city_on(day).map_or(community_zone, |city| city.zone)
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

#[cfg(test)]
mod tests {
    use super::super::place::City;
    use super::*;

    /// `GeoNames`' numbers.
    const UTRECHT: u32 = 2_745_912;
    const AMSTERDAM: u32 = 2_759_794;
    const BERLIN: u32 = 2_950_159;

    fn lives(city: Option<u32>, venue: Venue) -> Profile {
        let city = city.map(CityId::new);
        assert!(city.is_none_or(|city| City::by_id(city).is_some()), "no such city: {city:?}");
        Profile { city, venue, ..Profile::default() }
    }

    fn common(one: &Profile, other: &Profile) -> Option<Setting> {
        let setting = Setting::common(&[one, other], None);
        assert_eq!(setting, Setting::common(&[other, one], None), "whoever is named first");
        setting
    }

    #[test]
    fn a_table_and_a_call_only_have_nothing_in_common() {
        for (one, other, expected) in [
            (Venue::InPerson, Venue::Call, None),
            (Venue::InPerson, Venue::Either, Some(Setting::InPerson)),
            (Venue::Call, Venue::Either, Some(Setting::Call)),
            (Venue::Call, Venue::Call, Some(Setting::Call)),
            (Venue::InPerson, Venue::InPerson, Some(Setting::InPerson)),
            (Venue::Either, Venue::Either, Some(Setting::InPerson)),
        ] {
            assert_eq!(common(&lives(None, one), &lives(None, other)), expected, "{one:?} and {other:?}");
        }
    }

    #[test]
    fn two_who_take_either_call_each_other_only_where_both_cities_are_known_and_far_apart() {
        let either = |city| lives(city, Venue::Either);
        assert_eq!(common(&either(Some(UTRECHT)), &either(Some(BERLIN))), Some(Setting::Call));
        assert_eq!(common(&either(Some(UTRECHT)), &either(Some(AMSTERDAM))), Some(Setting::InPerson));
        assert_eq!(common(&either(Some(UTRECHT)), &either(None)), Some(Setting::InPerson));
        assert_eq!(common(&lives(Some(UTRECHT), Venue::InPerson), &either(Some(BERLIN))), Some(Setting::InPerson));
    }
}
