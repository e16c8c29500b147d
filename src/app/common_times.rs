//! When the people of a meetup could meet, shown to each of them who asks: numbers, no names.

use chrono_tz::Tz;

use super::{Refusal, Result, Wallflower};
use crate::domain::ids::{ChannelId, CommunityId, MeetupId, UserId};
use crate::domain::meetup::{Kind, Meetup, Participant, State};
use crate::domain::member::{Member, Profile};
use crate::domain::slot::{HeatDay, Person, Schedule, heat};

/// How many are free when, as one of them reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommonTimes {
    pub days: Vec<HeatDay>,
    /// How many they are, the reader among them.
    pub people: usize,
    /// Of the reader: by its clocks the days and their parts are meant.
    pub zone: Tz,
}

impl Wallflower {
    /// Of the people of this meetup, to one of them. Not before they know of each other, and not once it is over.
    pub async fn common_times(&self, id: MeetupId, user: UserId) -> Result<CommonTimes> {
        let meetup = self.store.meetup(id).await?.ok_or(Refusal::Settled)?;
        let seat = meetup.participant(user).filter(|seat| seat.is_in()).ok_or(Refusal::NotYours)?;
        if !tells_times(&meetup) {
            return Err(Refusal::Settled.into());
        }
        let present: Vec<UserId> = meetup.present().map(|one| one.user).collect();
        let mut members = self.people_of(&meetup).await?;
        members.retain(|member| present.contains(&member.user));
        let schedules = self.schedules(&meetup, &members).await?;
        let people: Vec<Person<'_>> = schedules.iter().map(Schedule::person).collect();
        Ok(CommonTimes { days: heat(&people, seat.zone, self.now()), people: people.len(), zone: seat.zone })
    }

    /// The meetup that somebody means who asks in this channel: the one that lives there, else the latest of theirs.
    pub async fn meetup_meant(&self, community: CommunityId, user: UserId, here: ChannelId) -> Result<MeetupId> {
        self.active_member(community, user).await?;
        let mut meant: Vec<Meetup> = self.store.meetups_of(community, user).await?;
        meant.retain(|one| tells_times(one) && one.participant(user).is_some_and(Participant::is_in));
        let latest = meant.iter().max_by_key(|one| (one.room == Some(here), one.created_at, one.id));
        Ok(latest.ok_or(Refusal::NoMeetup)?.id)
    }

    /// What these have told of their time, other meetups of theirs among it.
    pub(super) async fn schedules(&self, meetup: &Meetup, members: &[Member]) -> Result<Vec<Schedule>> {
        let community = self.store.community(meetup.community).await?.ok_or(Refusal::NotSetUp)?;
        let mut schedules = Vec::new();
        for member in members {
            let zone = member.zone(community.zone);
            let others = self.store.meetups_of(meetup.community, member.user).await?;
            let comes = |other: &&Meetup| {
                other.id != meetup.id && other.participant(member.user).is_some_and(Participant::holds_a_seat)
            };
            let others = others.iter().filter(comes).filter_map(Meetup::appointment);
            let taken = self.taken(member, zone, others.map(|on| on.slot.interval()).collect()).await?;
            let Profile { availability, .. } = member.profile;
            schedules.push(Schedule { availability, zone, elsewhere: member.profile.elsewhere(), taken });
        }
        Ok(schedules)
    }
}

/// Of an open evening anybody could ask, and read when its proposer is free.
fn tells_times(meetup: &Meetup) -> bool {
    let known = meetup.introduced && meetup.kind == Kind::Suggested;
    known && matches!(meetup.state, State::Polling { .. } | State::Scheduled { .. })
}
