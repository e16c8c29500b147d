//! Where to meet: the community's list of good places, and what the people of a meetup propose and choose.

use std::collections::BTreeSet;

use super::meetups::PLACE_LENGTH;
use super::{Refusal, Result, Wallflower};
use crate::domain::ids::{CommunityId, MeetupId, RoleId, UserId};
use crate::domain::meetup::{Event, Kind, MOST_PLACES, Meetup, State};
use crate::domain::member::{Profile, Setting};
use crate::domain::place::{City, CityId, Fair, fairest};
use crate::domain::trip::are_near;
use crate::store::{Added, Place};
use crate::texts::one_line;

/// A name that fits into a list to choose from, with the number of its city.
pub const LONGEST_NAME: usize = 80;
/// As many as a list to choose from holds.
const MOST_OF_CITY: i64 = 25;
const MOST_OF_ALL: i64 = 500;

/// Where a meetup could take place, as one of those who come has it before them.
#[derive(Debug, Clone)]
pub struct PlaceBallot {
    pub meetup: Meetup,
    /// Those that stand to choose: what was proposed, then what is listed; at most [`MOST_PLACES`].
    pub offered: Vec<String>,
    /// Where it is fair to meet, where the homes of those who come are known.
    pub fair: Option<Fair>,
}

impl Wallflower {
    /// Adds a public place to the list of a city.
    pub async fn add_place(&self, community: CommunityId, city: CityId, name: &str) -> Result<(Place, Added)> {
        self.store.programme(community).await?.ok_or(Refusal::NotSetUp)?;
        let name = one_line(name);
        if name.is_empty() || name.chars().count() > LONGEST_NAME {
            return Err(Refusal::NoSuchListedPlace.into());
        }
        let place = Place { city, name };
        let added = self.store.add_place(community, &place, (MOST_OF_CITY, MOST_OF_ALL), self.now()).await?;
        if added == Added::Full { Err(Refusal::TooManyPlaces.into()) } else { Ok((place, added)) }
    }

    /// Takes one off the list. What a meetup has chosen already stays.
    pub async fn remove_place(&self, community: CommunityId, place: &Place) -> Result<()> {
        if self.store.remove_place(community, place).await? { Ok(()) } else { Err(Refusal::NotListed.into()) }
    }

    /// Lets a role stand for a city: whoever has it when they join lives there, until they say otherwise. `None` takes it
    /// back. @everyone stands for none.
    pub async fn set_city_role(&self, community: CommunityId, role: RoleId, city: Option<CityId>) -> Result<()> {
        self.store.programme(community).await?.ok_or(Refusal::NotSetUp)?;
        if role.get() == community.get() {
            return Err(Refusal::EveryoneIsNoCity.into());
        }
        Ok(self.store.set_city_role(community, role, city).await?)
    }

    /// The city that somebody with these roles lives in, where they say one.
    pub(super) async fn city_of_roles(&self, community: CommunityId, roles: &[RoleId]) -> Result<Option<CityId>> {
        let known = self.store.city_roles(community).await?;
        let cities: BTreeSet<CityId> =
            known.into_iter().filter(|(role, _)| roles.contains(role)).map(|(_, city)| city).collect();
        // Of two cities it is not known in which.
        Ok(cities.first().copied().filter(|_| cities.len() == 1))
    }

    /// What stands to choose, for somebody who comes.
    pub async fn place_ballot(&self, id: MeetupId, user: UserId) -> Result<PlaceBallot> {
        let meetup = self.store.meetup(id).await?.ok_or(Refusal::Settled)?;
        meetup.participant(user).filter(|seat| seat.is_in()).ok_or(Refusal::NotYours)?;
        let State::Scheduled { on, .. } = &meetup.state else { return Err(Refusal::Settled.into()) };
        if meetup.setting != Setting::InPerson {
            return Err(Refusal::Settled.into());
        }
        let listed = self.store.places(meetup.community).await?;
        let (city, fair) = self.city_for(&meetup, &listed).await?;
        let mut offered = on.places.proposed.clone();
        for place in listed.iter().filter(|place| Some(place.city) == city) {
            if offered.len() < MOST_PLACES && !offered.contains(&place.name) {
                offered.push(place.name.clone());
            }
        }
        Ok(PlaceBallot { meetup, offered, fair })
    }

    /// The city whose list is offered. Of an open evening it is said. Else it is the fairest for all who come, of those that
    /// have a list where there are such, else of those in which they are then, if these are near each other, or live; unless
    /// somebody has not told theirs, since then it would be somebody's own.
    async fn city_for(&self, meetup: &Meetup, listed: &[Place]) -> Result<(Option<CityId>, Option<Fair>)> {
        if meetup.city.is_some() {
            return Ok((meetup.city, None));
        }
        let at = meetup.appointment().map_or_else(|| self.now(), |on| on.slot.start());
        let present: BTreeSet<UserId> = meetup.present().map(|one| one.user).collect();
        let people = self.people_of(meetup).await?;
        let there = people.iter().filter(|member| present.contains(&member.user)).map(|member| &member.profile);
        let there: Vec<&Profile> = there.collect();
        // Where a trip takes somebody away, the others have not been told of it.
        let near = are_near(&there, at);
        let homes: Vec<&'static City> =
            there.iter().filter_map(|one| if near { one.city_at(at) } else { one.home() }).collect();
        let with_list: BTreeSet<CityId> = listed.iter().map(|place| place.city).collect();
        let all_told = meetup.kind == Kind::Suggested && homes.len() == present.len();
        let fair = match (all_told, with_list.is_empty()) {
            (false, _) => None,
            (true, true) => fairest(homes.clone(), &homes),
            (true, false) => fairest(with_list.iter().copied().filter_map(City::by_id), &homes),
        };
        let city = fair.map(|fair| fair.city.id).or_else(|| with_list.into_iter().next());
        Ok((city, fair))
    }

    /// Chooses one of those that stand to choose.
    pub async fn choose_place(&self, id: MeetupId, user: UserId, place: &str) -> Result<PlaceBallot> {
        let ballot = self.place_ballot(id, user).await?;
        if !ballot.offered.iter().any(|known| known == place) {
            return Err(Refusal::Settled.into());
        }
        self.advance(id, &Event::ChoosesPlace { user, place: place.to_owned() }).await?;
        self.place_ballot(id, user).await
    }

    /// Proposes a place in one's own words, and chooses it.
    pub async fn propose_place(&self, id: MeetupId, user: UserId, typed: &str) -> Result<PlaceBallot> {
        let place = one_line(typed);
        if place.is_empty() || place.chars().count() > PLACE_LENGTH {
            return Err(Refusal::NoSuchPlace.into());
        }
        let ballot = self.place_ballot(id, user).await?;
        let State::Scheduled { on, .. } = &ballot.meetup.state else { return Err(Refusal::Settled.into()) };
        let proposed = &on.places.proposed;
        if proposed.len() >= MOST_PLACES && !proposed.contains(&place) {
            return Err(Refusal::NoMorePlaces.into());
        }
        self.advance(id, &Event::ChoosesPlace { user, place }).await?;
        self.place_ballot(id, user).await
    }
}
