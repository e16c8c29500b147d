//! Who comes to an open evening that has a time: seats, the waiting list, and whether enough come.

use std::cmp::Reverse;

use chrono::{DateTime, Duration, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::event::{Circumstances, Step};
use super::step::FEWEST_AT_A_TABLE;
use super::{Appointment, Coming, Fizzle, Kind, Meetup, Participant, Standing, State, Yes};
use crate::domain::ids::UserId;
use crate::domain::notice::{Address, Notice};
use crate::domain::nudge::next_allowed;
use crate::domain::poll::Fit;
use crate::domain::slot::Slot;

/// A seat that has come free is kept this long for who is next: a day to look at one's calendar.
const SEAT_IS_KEPT_FOR: Duration = Duration::hours(24);

/// What somebody says of an open evening.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Rsvp {
    Going,
    Maybe,
    Cannot,
}

/// How many an open evening has room for, and how many it needs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// `None`: as many as like.
    pub most: Option<u16>,
    /// `None`: two, which is company.
    pub least: Option<u16>,
}

impl Limits {
    /// How many have to come.
    pub fn fewest(self) -> usize {
        self.least.map_or(FEWEST_AT_A_TABLE, usize::from)
    }
}

impl Standing {
    /// Whether there is something to withdraw from.
    pub const fn is_open(&self) -> bool {
        matches!(self, Self::In { .. } | Self::Maybe | Self::Waiting { .. } | Self::Offered { .. })
    }
}

impl Participant {
    /// In, or a seat is kept for them.
    pub const fn holds_a_seat(&self) -> bool {
        matches!(self.standing, Standing::In { .. } | Standing::Offered { .. })
    }

    const fn ticket(&self) -> Option<u32> {
        match self.standing {
            Standing::Waiting { ticket } => Some(ticket),
            _ => None,
        }
    }
}

impl Meetup {
    /// Those who wait for a seat, the next one first.
    pub fn waiting_list(&self) -> Vec<&Participant> {
        let mut waiting: Vec<_> = self.participants.iter().filter(|one| one.ticket().is_some()).collect();
        waiting.sort_by_key(|one| one.ticket());
        waiting
    }

    /// Those who come, or may still.
    pub fn concerned(&self) -> impl Iterator<Item = &Participant> + Clone {
        self.participants.iter().filter(|one| one.standing.is_open())
    }

    /// How many might come.
    pub fn maybes(&self) -> usize {
        self.participants.iter().filter(|one| one.standing == Standing::Maybe).count()
    }

    fn has_a_free_seat(&self) -> bool {
        let taken = self.participants.iter().filter(|one| one.holds_a_seat()).count();
        self.limits.most.is_none_or(|most| taken < usize::from(most))
    }

    /// When the first seat that is kept for somebody is given on.
    pub(super) fn offers_end_at(&self) -> Option<DateTime<Utc>> {
        let ends = |one: &Participant| match one.standing {
            Standing::Offered { until } => Some(until),
            _ => None,
        };
        self.participants.iter().filter_map(ends).min()
    }

    fn next_ticket(&self) -> u32 {
        self.participants.iter().filter_map(Participant::ticket).max().map_or(1, |last| last + 1)
    }
}

impl Step {
    pub(super) fn take_rsvp(
        mut self,
        on: &Appointment,
        (user, zone): (UserId, Tz),
        rsvp: Rsvp,
        around: &Circumstances,
    ) -> Option<Self> {
        if self.meetup.kind != Kind::OpenEvening || on.slot.start() <= around.now {
            return None;
        }
        let stands = self.meetup.participant(user).map(|one| one.standing);
        match (rsvp, stands) {
            (Rsvp::Cannot, Some(standing)) if standing.is_open() => return self.withdraw(user, around),
            // Said already, or nothing to take back: a second click changes nothing.
            (Rsvp::Cannot, _)
            | (Rsvp::Going, Some(Standing::In { .. } | Standing::Waiting { .. }))
            | (Rsvp::Maybe, Some(Standing::Maybe)) => return Some(self),
            (Rsvp::Going, Some(Standing::Offered { until })) if around.now < until => {
                self.stands_as(user, zone, Standing::In { since: around.now, by: Yes::Answer });
            }
            (Rsvp::Going, _) => {
                // Nobody passes those who wait.
                let free = self.meetup.has_a_free_seat() && self.meetup.waiting_list().is_empty();
                let waits = Standing::Waiting { ticket: self.meetup.next_ticket() };
                let comes = Standing::In { since: around.now, by: Yes::Answer };
                self.stands_as(user, zone, if free { comes } else { waits });
            }
            (Rsvp::Maybe, _) => self.stands_as(user, zone, Standing::Maybe),
        }
        self.offer_free_seats(on.slot.start(), around);
        let (coming, led) = match (&self.meetup.state, self.meetup.participant(user)) {
            (State::Scheduled { coming, .. }, Some(one)) => (*coming, one.host && !one.is_in()),
            _ => return None,
        };
        // Who came and now only may is missed at once where nobody else can take their seat.
        if coming != Coming::DayBefore && self.has_too_few(coming) {
            return Some(self.fizzle(Fizzle::TooFew, around));
        }
        if led {
            self = self.choose_host(around);
        }
        self.count_anew(on, around);
        Some(self)
    }

    /// Gives a seat in the list to whom the evening has not seen before.
    fn stands_as(&mut self, user: UserId, zone: Tz, standing: Standing) {
        if self.stand(user, |_| true, standing).is_none() {
            self.meetup.participants.push(Participant::new(user, zone, standing));
            self.meetup.invited += 1;
        }
    }

    /// The announcement shows the numbers; calendars need not hear of them.
    pub(super) fn count_anew(&mut self, on: &Appointment, around: &Circumstances) {
        let (sequence, starts) = (on.sequence, on.slot.start());
        self.say(Notice::Update { sequence }, Address::Room, around.now, starts);
    }

    /// Free seats go to those who wait, in their order. Nobody loses one asleep: the time runs from their morning on.
    pub(super) fn offer_free_seats(&mut self, starts: DateTime<Utc>, around: &Circumstances) {
        while self.meetup.has_a_free_seat() {
            // Who sleeps until it begins cannot say that they come.
            let waiting = self.meetup.waiting_list();
            let mut awake_in_time = waiting.iter().map(|one| (one.user, next_allowed(around.now, one.zone)));
            let Some((user, awake)) = awake_in_time.find(|(_, awake)| *awake < starts) else { return };
            let half = Duration::minutes((starts - awake).num_minutes() / 2);
            let until = awake + SEAT_IS_KEPT_FOR.min(half);
            if until <= around.now {
                return;
            }
            self.stand(user, |_| true, Standing::Offered { until });
            self.say(Notice::SeatFree, Address::Member(user), around.now, until);
        }
    }

    /// Who did not say whether they come might still; the next one is asked.
    pub(super) fn let_offers_end(&mut self, starts: DateTime<Utc>, around: &Circumstances) {
        let mut ended = false;
        for one in &mut self.meetup.participants {
            if matches!(one.standing, Standing::Offered { until } if until <= around.now) {
                one.standing = Standing::Maybe;
                ended = true;
            }
        }
        let State::Scheduled { on, .. } = &self.meetup.state else { return };
        if ended {
            let on = on.clone();
            self.offer_free_seats(starts, around);
            self.count_anew(&on, around);
        }
    }

    /// Whether others may come so that there is company after all: until it is decided, the day before.
    pub(super) fn may_still_fill(&self) -> bool {
        let undecided =
            matches!(self.meetup.state, State::Polling { .. } | State::Scheduled { coming: Coming::DayBefore, .. });
        self.meetup.kind == Kind::OpenEvening && undecided
    }

    /// Whether fewer come than are needed: at the moment at which that decides, those with a seat and those who wait for
    /// one, against what was asked for; later, company.
    pub(super) fn has_too_few(&self, coming: Coming) -> bool {
        let needed = if coming == Coming::DayBefore { self.meetup.limits.fewest() } else { FEWEST_AT_A_TABLE };
        let seated = self.meetup.participants.iter().filter(|one| one.holds_a_seat()).count();
        self.meetup.kind == Kind::OpenEvening && seated + self.meetup.waiting_list().len() < needed
    }

    /// The next best of the times that were asked about, where enough can make it; else the end, a day early.
    pub(super) fn go_to_another_time(self, on: &Appointment, around: &Circumstances) -> Self {
        match self.next_best(on, around) {
            Some(best) if self.may_add(0) => self.schedule(best, &on.asked, on.sequence + 1, around),
            _ => self.fizzle(Fizzle::TooFew, around),
        }
    }

    /// As a poll decides, among the times for which there is a day left to decide in.
    fn next_best(&self, on: &Appointment, around: &Circumstances) -> Option<(u8, Slot)> {
        let can = |index: u8, fit: Fit| {
            let votes = self.meetup.participants.iter().filter_map(|one| one.votes.as_ref());
            votes.filter(|votes| votes.fit(index) == fit).count()
        };
        let all =
            (0..).zip(&on.asked).filter(|(_, slot)| **slot != on.slot && around.now < Coming::DayBefore.due_at(slot));
        let enough =
            all.filter(|(index, _)| can(*index, Fit::Yes) + can(*index, Fit::IfNeedBe) >= self.meetup.limits.fewest());
        enough
            .max_by_key(|(index, slot)| {
                (can(*index, Fit::Yes), Reverse(can(*index, Fit::IfNeedBe)), Reverse(slot.start()))
            })
            .map(|(index, slot)| (index, *slot))
    }

    /// Who voted for the time comes, in the order of their votes as long as there are seats; the others wait. Who said
    /// later that they come, to another time than this one, is not known to be free.
    pub(super) fn seat_voters(&mut self, index: u8, around: &Circumstances) {
        let moves = matches!(self.meetup.state, State::Scheduled { .. });
        let mut seats = usize::from(self.meetup.limits.most.unwrap_or(u16::MAX));
        let mut ticket = 0;
        for at in self.in_order_of_votes() {
            let one = &mut self.meetup.participants[at];
            let can = one.votes.as_ref().map(|votes| votes.can(index));
            // Who proposes an open evening comes, whatever they voted.
            one.standing = match can {
                _ if one.host && one.is_in() => one.standing,
                Some(true) if seats > 0 => {
                    Standing::In { since: one.yes_since().unwrap_or(around.now), by: Yes::Answer }
                }
                Some(true) => {
                    ticket += 1;
                    Standing::Waiting { ticket }
                }
                None if moves && one.standing.is_open() => Standing::Maybe,
                Some(false) | None => Standing::Out,
            };
            seats = seats.saturating_sub(usize::from(one.is_in()));
        }
    }

    /// The places in the list, the proposer's first and then by when each one last voted.
    fn in_order_of_votes(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.meetup.participants.len()).collect();
        order.sort_by_key(|at| {
            let one = &self.meetup.participants[*at];
            (!one.host, one.votes.as_ref().map(|votes| votes.changed_at), *at)
        });
        order
    }
}
