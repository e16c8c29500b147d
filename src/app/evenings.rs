//! Open evenings: a member proposes one to everybody, and whoever likes comes.

use std::collections::BTreeSet;

use chrono::Duration;
use chrono_tz::Tz;

use super::{Refusal, Result, Wallflower};
use crate::domain::ids::{CommunityId, MeetupId, UserId};
use crate::domain::meetup::{
    Circumstances, Event, Kind, Limits, Meetup, Participant, Rsvp, Standing, State, Style, Yes,
};
use crate::domain::member::{Member, Setting};
use crate::domain::place::CityId;
use crate::store::Programme;

impl Wallflower {
    /// A member proposes an open evening in a city. Its poll goes up in the programme's channel.
    pub async fn open_evening(
        &self,
        community: CommunityId,
        user: UserId,
        (city, limits): (Option<CityId>, Limits),
    ) -> Result<Meetup> {
        if limits.most.is_some_and(|most| usize::from(most) < limits.fewest()) {
            return Err(Refusal::TooFewSeats.into());
        }
        let member = self.active_member(community, user).await?;
        let programme = self.store.programme(community).await?.ok_or(Refusal::NotSetUp)?;
        let open = self.store.meetups_of(community, user).await?;
        let proposed = |one: &Meetup| {
            let leads = one.participant(user).is_some_and(|seat| seat.host);
            one.kind == Kind::OpenEvening && leads && matches!(one.state, State::Polling { .. })
        };
        if open.iter().any(proposed) {
            return Err(Refusal::OneOpenEvening.into());
        }
        let meetup = Meetup { limits, ..self.draft_open_evening(&member, &programme, city).await? };
        let slots = self.offer_for(&meetup, &[member], Some(&programme)).await?.slots;
        if slots.is_empty() {
            return Err(Refusal::NoTimes.into());
        }
        let now = self.now();
        let (setting, ballot, place_by) = (Setting::InPerson, programme.ballot, programme.place_by);
        let step = meetup.open_evening(&Circumstances {
            now,
            slots: &slots,
            hosted_last: None,
            tied: &BTreeSet::new(),
            setting,
            by_a_trip: false,
            ballot,
            place_by,
            reminders: programme.reminders,
        });
        let ids = self.new_notice_ids(step.notices.len());
        if !self.store.create_meetup(&step, programme.number, &ids, now).await? {
            return Err(Refusal::NotAMember.into());
        }
        self.ring();
        Ok(step.meetup)
    }

    async fn draft_open_evening(&self, member: &Member, programme: &Programme, city: Option<CityId>) -> Result<Meetup> {
        let zone = self.store.community(member.community).await?.map_or(Tz::UTC, |community| community.zone);
        let now = self.now();
        let proposer = Participant::new(member.user, member.zone(zone), Standing::In { since: now, by: Yes::Answer });
        let evening = (Kind::OpenEvening, Style::Open);
        let until = now + Duration::days(1);
        Ok(Meetup {
            room: Some(programme.channel),
            city: city.or(member.profile.city),
            ..Meetup::proposed(self.new_meetup_id(), member.community, evening, vec![proposer], now, until)
        })
    }

    /// Whether somebody comes to an evening that has a time: everybody who takes part may, whether they voted or not.
    pub async fn rsvp(&self, id: MeetupId, user: UserId, rsvp: Rsvp) -> Result<Meetup> {
        let meetup = self.store.meetup(id).await?.ok_or(Refusal::Settled)?;
        if meetup.kind != Kind::OpenEvening {
            return Err(Refusal::NotYours.into());
        }
        let zone = self.voter(&meetup, user).await?.ok_or(Refusal::NotAMember)?;
        self.advance(id, &Event::Answers { user, zone, rsvp }).await
    }

    /// Somebody can't make it: one of those who were to meet, or anybody at an open evening.
    pub async fn cannot_make_it(&self, id: MeetupId, user: UserId) -> Result<Meetup> {
        let meetup = self.store.meetup(id).await?.ok_or(Refusal::Settled)?;
        match (meetup.kind, &meetup.state) {
            (Kind::OpenEvening, State::Scheduled { .. }) => self.rsvp(id, user, Rsvp::Cannot).await,
            _ => self.as_participant(id, Event::Withdraws { user }, user).await,
        }
    }
}
