//! Who sits together in a voice channel, and for how many minutes.
//!
//! Counted are whole minutes of the clock (UTC), each for those who were there from its beginning to its end. So it makes
//! no difference how often somebody looks, and a process that begins anew knows from each stay alone what is counted.
//! Times may be unknown: what a resumed session tells again happened some time since it was last heard. Then a stay ends
//! at the last known moment and begins at the next one, so that never more is counted than was.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, NaiveDate, Utc};

use super::ids::{ChannelId, MessageId, Pair, UserId};

/// Minutes of two people that count on one day (UTC): whoever sits there all day long is not talking all day long.
pub const MINUTES_PER_DAY: u32 = 120;
/// With more than so many in one channel people listen to a talk, and are not each other's company.
pub const COMPANY: usize = 25;

const MINUTE: i64 = 60;

/// Somebody in a voice channel, who hears what is said there. All minutes before `since` are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stay {
    pub user: UserId,
    pub channel: ChannelId,
    pub since: DateTime<Utc>,
}

/// Minutes that two people have spent together, all on one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Together {
    pub pair: Pair,
    /// When the first of these minutes began.
    pub from: DateTime<Utc>,
    pub minutes: u32,
}

#[derive(Debug, Clone, Copy)]
struct Seat {
    channel: ChannelId,
    /// `None`: some time since the last known moment.
    since: Option<DateTime<Utc>>,
}

/// The voice channels of one community. Bystanders are in it, so it lives in memory only.
#[derive(Debug, Default)]
pub struct VoiceRooms {
    seats: BTreeMap<UserId, Seat>,
    latest: Option<DateTime<Utc>>,
    /// All minutes of the clock before this one are counted.
    counted_to: i64,
    capped: HashMap<(Pair, NaiveDate), u32>,
}

impl VoiceRooms {
    /// As they were when the last process stopped.
    pub fn of(stays: impl IntoIterator<Item = Stay>) -> Self {
        let seats: BTreeMap<_, _> = stays
            .into_iter()
            .map(|stay| (stay.user, Seat { channel: stay.channel, since: Some(stay.since) }))
            .collect();
        let latest = seats.values().filter_map(|seat| seat.since).max();
        Self { seats, latest, ..Self::default() }
    }

    /// Whether a minute has ended by that message that may have to be counted.
    pub fn is_due(&self, by: MessageId) -> bool {
        !self.seats.is_empty() && minute(by.time()) > self.counted_to
    }

    /// It is known to be so late now: who spent which minutes together since the last time, in channels that `counts`
    /// says yes to.
    pub fn pass(&mut self, at: DateTime<Utc>, counts: impl Fn(ChannelId) -> bool) -> Vec<Together> {
        let at = self.latest.map_or(at, |latest| latest.max(at));
        self.latest = Some(at);
        for seat in self.seats.values_mut() {
            seat.since.get_or_insert(at);
        }
        let (from, to) = (self.counted_to, minute(at));
        if to <= from {
            return Vec::new();
        }
        // As of before: what is counted now does not shorten the stays yet.
        let companies = self.companies();
        self.counted_to = to;
        self.capped.retain(|(_, day), _| Some(*day) >= at.date_naive().pred_opt());
        let mut found = Vec::new();
        for company in companies.values().filter(|company| (2..=COMPANY).contains(&company.len())) {
            if !counts(company[0].channel) {
                continue;
            }
            for (place, one) in company.iter().enumerate() {
                for other in &company[..place] {
                    let first = from.max(first_whole_minute(one.since)).max(first_whole_minute(other.since));
                    found.extend(self.capped.spend(one.user, other.user, first, to));
                }
            }
        }
        found
    }

    fn companies(&self) -> BTreeMap<ChannelId, Vec<Stay>> {
        let mut companies: BTreeMap<ChannelId, Vec<Stay>> = BTreeMap::new();
        for stay in self.stays() {
            companies.entry(stay.channel).or_default().push(stay);
        }
        companies
    }

    /// Somebody hears in this channel from now on, or nowhere. [`Self::pass`] comes first where the moment is known.
    pub fn sit(&mut self, user: UserId, channel: Option<ChannelId>, at: Option<DateTime<Utc>>) {
        let since = self.seats.get(&user).filter(|seat| Some(seat.channel) == channel).map(|seat| seat.since);
        match channel {
            Some(channel) => self.seats.insert(user, Seat { channel, since: since.unwrap_or(at) }),
            None => self.seats.remove(&user),
        };
    }

    /// All that is known begins anew: only these sit there, from now on.
    pub fn begin(&mut self, seats: impl IntoIterator<Item = (UserId, ChannelId)>, at: DateTime<Utc>) {
        let at = self.latest.map_or(at, |latest| latest.max(at));
        let seat = |(user, channel)| (user, Seat { channel, since: Some(at) });
        self.seats = seats.into_iter().map(seat).collect();
        self.latest = Some(at);
    }

    /// Everybody who sits somewhere since a known moment, in the order of their ids.
    pub fn stays(&self) -> impl Iterator<Item = Stay> {
        let counted = DateTime::from_timestamp(self.counted_to * MINUTE, 0).unwrap_or_default();
        self.seats.iter().filter_map(move |(user, seat)| {
            let since = seat.since?;
            // What is counted is not to be counted again by whoever starts from here.
            Some(Stay { user: *user, channel: seat.channel, since: since.max(counted) })
        })
    }
}

/// Caps by pair and day.
trait Cap {
    fn spend(&mut self, one: UserId, other: UserId, first: i64, end: i64) -> Vec<Together>;
}

impl Cap for HashMap<(Pair, NaiveDate), u32> {
    /// The minutes from `first` to before `end`, day by day, as far as they still count.
    fn spend(&mut self, one: UserId, other: UserId, first: i64, end: i64) -> Vec<Together> {
        let (Some(pair), mut begins, mut found) = (Pair::new(one, other), first, Vec::new()) else { return Vec::new() };
        while begins < end {
            let Some(from) = DateTime::from_timestamp(begins * MINUTE, 0) else { break };
            let ends = end.min((begins.div_euclid(MINUTES_OF_DAY) + 1) * MINUTES_OF_DAY);
            let spent = self.entry((pair, from.date_naive())).or_default();
            let minutes = u32::try_from(ends - begins).unwrap_or(u32::MAX).min(MINUTES_PER_DAY - *spent);
            *spent += minutes;
            if minutes > 0 {
                found.push(Together { pair, from, minutes });
            }
            begins = ends;
        }
        found
    }
}

const MINUTES_OF_DAY: i64 = 24 * 60;

/// The minute of the clock that a moment lies in, since 1970.
fn minute(at: DateTime<Utc>) -> i64 {
    at.timestamp().div_euclid(MINUTE)
}

/// The first minute of the clock that began at this moment or later.
fn first_whole_minute(since: DateTime<Utc>) -> i64 {
    let begun = minute(since);
    if since.timestamp_millis() > begun * MINUTE * 1000 { begun + 1 } else { begun }
}

#[cfg(test)]
#[path = "voice_tests.rs"]
mod tests;
