//! Days that members spend in other cities: told by them, and seen by nobody else.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::busy::NotTaken;
use super::{Refusal, Result, Stop, Wallflower};
use crate::domain::ids::{CommunityId, UserId};
use crate::domain::place::{City, CityId};
use crate::domain::slot::days;
use crate::domain::trip::Trip;
use crate::domain::wall_clock::local;

/// As many as a list to choose from holds.
const MOST_TRIPS: usize = 25;

impl Wallflower {
    /// The trips of a member that are not over.
    pub async fn trips(&self, community: CommunityId, user: UserId) -> Result<Vec<Trip>> {
        let mut trips = self.active_member(community, user).await?.profile.trips;
        let now = self.now();
        trips.retain(|trip| City::by_id(trip.city).is_some_and(|city| trip.last >= local(now, city.zone).date()));
        Ok(trips)
    }

    /// They are in this city on these days, as somebody typed them.
    pub async fn travel(&self, community: CommunityId, user: UserId, city: &City, text: &str) -> Result<(), NotTaken> {
        let member = self.active_member(community, user).await?;
        let home = member.profile.city.ok_or(Stop::from(Refusal::NoHome))?;
        let today = local(self.now(), city.zone).date();
        let days: Vec<NaiveDate> = days(text, today)?.into_iter().collect();
        let mut all: BTreeMap<NaiveDate, CityId> = days_of(&member.profile.trips);
        // Home for a day, out of a trip.
        if home == city.id && !days.iter().any(|day| all.contains_key(day)) {
            return Err(Stop::from(Refusal::LivesThere).into());
        }
        all.extend(days.iter().map(|day| (*day, city.id)));
        if Trip::of_days(all).len() > MOST_TRIPS {
            return Err(Stop::from(Refusal::TooManyTrips).into());
        }
        Ok(self.store.add_trip(community, user, city.id, &days).await.map_err(Stop::from)?)
    }

    /// They stay at home after all.
    pub async fn stay_home(&self, community: CommunityId, user: UserId, trips: &[Trip]) -> Result<()> {
        self.active_member(community, user).await?;
        for trip in trips {
            self.store.remove_trip(community, user, *trip).await?;
        }
        Ok(())
    }
}

fn days_of(trips: &[Trip]) -> BTreeMap<NaiveDate, CityId> {
    let days = |trip: &Trip| {
        let Trip { city, first, last } = *trip;
        first.iter_days().take_while(move |day| *day <= last).map(move |day| (day, city))
    };
    trips.iter().flat_map(days).collect()
}
