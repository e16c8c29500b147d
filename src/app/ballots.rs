//! Votes on a ballot with buttons: looked at and marked, one person at a time. They stand with us alone.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::{Refusal, Result, Stop, Wallflower};
use crate::domain::ids::{MeetupId, UserId};
use crate::domain::meetup::{Event, Kind, Meetup, Participant, State};
use crate::domain::poll::{Ballot, Mark, Poll};
use crate::domain::slot::{NotProposed, Slot, proposed, proposed_day};
use crate::domain::wall_clock::local;

/// What somebody marks, by the moments at which the slots begin: those do not change while a poll runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Marked {
    Suits(Vec<DateTime<Utc>>),
    IfNeedBe(Vec<DateTime<Utc>>),
    NoneOfThese,
}

/// A running poll as one voter has it before them.
#[derive(Debug, Clone)]
pub struct OwnBallot {
    pub meetup: Meetup,
    pub poll: Poll,
    /// Where the voter lives.
    pub zone: Tz,
    /// In which the voter reads times: where they are when the first of them comes.
    pub shown_in: Tz,
}

impl Wallflower {
    /// The ballot of somebody who may vote.
    pub async fn ballot(&self, id: MeetupId, user: UserId) -> Result<OwnBallot> {
        let meetup = self.store.meetup(id).await?.ok_or(Refusal::Settled)?;
        self.ballot_in(meetup, user).await
    }

    async fn ballot_in(&self, meetup: Meetup, user: UserId) -> Result<OwnBallot> {
        // First of all: whoever is not meant learns nothing of how far it is.
        let zone = self.voter(&meetup, user).await?.ok_or(match meetup.kind {
            Kind::Suggested => Refusal::NotYours,
            Kind::OpenEvening => Refusal::NotAMember,
        })?;
        match &meetup.state {
            // Quick people vote before we know the message that they vote under.
            State::Polling { poll } if poll.ballot == Ballot::Buttons => {
                let member = self.store.member(meetup.community, user).await?;
                let first = poll.slots.first().map_or_else(|| self.now(), Slot::start);
                let shown_in = member.map_or(zone, |member| member.zone_at(first, zone));
                Ok(OwnBallot { poll: poll.clone(), meetup, zone, shown_in })
            }
            _ => Err(Refusal::Settled.into()),
        }
    }

    /// Marks the ballot of the poll with this number. Returns it as it is then.
    pub async fn mark(&self, id: MeetupId, user: UserId, number: u8, marked: Marked) -> Result<OwnBallot> {
        let OwnBallot { poll, zone, .. } = self.ballot(id, user).await?;
        let mark = match marked {
            Marked::Suits(starts) => Mark::Suits(indices(&poll, &starts)?),
            Marked::IfNeedBe(starts) => Mark::IfNeedBe(indices(&poll, &starts)?),
            Marked::NoneOfThese => Mark::NoneOfThese,
        };
        let meetup = self.advance(id, &Event::Marks { user, zone, poll: number, mark }).await?;
        self.ballot_in(meetup, user).await
    }
}

impl Wallflower {
    /// One more time for a poll that runs, as somebody typed it: `day` and `time` where they live. Returns the meetup, and
    /// the slot as it is asked about.
    pub async fn propose_time(&self, id: MeetupId, user: UserId, (day, time): (&str, &str)) -> Result<(Meetup, Slot)> {
        let meetup = self.store.meetup(id).await?.ok_or(Refusal::Settled)?;
        let seat = meetup.participant(user).filter(|one| one.is_in()).ok_or(Refusal::NotYours)?;
        let State::Polling { poll } = &meetup.state else { return Err(Refusal::Settled.into()) };
        if !poll.may_grow() || meetup.kind != Kind::Suggested {
            return Err(Refusal::NoMoreTimes.into());
        }
        let shown_in = poll.slots.first().map_or(seat.zone, Slot::zone);
        let slot = self.typed_time(&meetup, seat, (day, time), (poll.closes_by, shown_in)).await?;
        if poll.slots.iter().any(|known| known.start() == slot.start()) {
            return Err(Refusal::ThereAlready.into());
        }
        Ok((self.advance(id, &Event::Proposes { user, slot }).await?, slot))
    }
}

impl Wallflower {
    /// Another time for a meetup that has one, as somebody typed it. Returns the slot that the others are asked about.
    pub async fn offer_time(&self, id: MeetupId, user: UserId, (day, time): (&str, &str)) -> Result<Slot> {
        let meetup = self.store.meetup(id).await?.ok_or(Refusal::Settled)?;
        let seat = meetup.participant(user).filter(|one| one.is_in()).ok_or(Refusal::NotYours)?;
        let State::Scheduled { on, .. } = &meetup.state else { return Err(Refusal::Settled.into()) };
        let slot = self.typed_time(&meetup, seat, (day, time), (self.now(), on.slot.zone())).await?;
        match self.advance(id, &Event::OffersTime { user, slot }).await {
            Err(Stop::Refusal(Refusal::Settled)) => Err(self.no_other_time(id, Refusal::Settled).await?.into()),
            done => done.map(|_| slot),
        }
    }
}

impl Wallflower {
    /// The slot that somebody typed, for those who come: `day` and `time` where they are on that day, which a trip may change.
    async fn typed_time(
        &self,
        meetup: &Meetup,
        seat: &Participant,
        typed: (&str, &str),
        (closes_by, shown_in): (DateTime<Utc>, Tz),
    ) -> Result<Slot> {
        let people = self.people_of(meetup).await?;
        let member = |one: &Participant| people.iter().find(|member| member.user == one.user);
        let day = proposed_day(typed.0, local(self.now(), seat.zone).date()).ok_or(Refusal::NoSuchTime)?;
        let zone = member(seat).map_or(seat.zone, |member| member.zone_on(day, seat.zone));
        let when = (self.now(), closes_by);
        let start = proposed(typed, zone, &[], when, shown_in).map_err(refusal)?.start();
        let there = |one: &Participant| member(one).map_or(one.zone, |member| member.zone_at(start, one.zone));
        let zones: Vec<Tz> = meetup.present().map(there).collect();
        Ok(proposed(typed, zone, &zones, when, shown_in).map_err(refusal)?)
    }
}

const fn refusal(why: NotProposed) -> Refusal {
    match why {
        NotProposed::Unreadable => Refusal::NoSuchTime,
        NotProposed::TooSoon => Refusal::TooSoon,
        NotProposed::TooFar => Refusal::TooFar,
        NotProposed::AtNight => Refusal::AtNight,
    }
}

/// A time that is not asked about is from an earlier poll.
fn indices(poll: &Poll, starts: &[DateTime<Utc>]) -> Result<BTreeSet<u8>> {
    let index = |start: &DateTime<Utc>| {
        let slots = poll.indices().zip(&poll.slots);
        slots.filter(|(_, slot)| slot.start() == *start).map(|(index, _)| index).next()
    };
    let all: Option<BTreeSet<u8>> = starts.iter().map(index).collect();
    Ok(all.ok_or(Refusal::Settled)?)
}
