//! What a round knows of two people beside their talk, from the rows that it has read.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Duration, Utc};

use crate::domain::ids::{MessageId, Pair, UserId};
use crate::domain::meetup::SaidBy;
use crate::domain::member::Member;
use crate::domain::pairing::factor::MET_RESTS_DAYS;
use crate::domain::pairing::groups::is_newcomer;
use crate::domain::pairing::{self, About, Distance, Edge, History};
use crate::domain::slot::{Interval, Person, Wishes, free_together};
use crate::domain::tie::{Counts, HalfLife};
use crate::domain::trip::first_near;
use crate::store::Candidates;

/// Those who like it say yes within a day, mostly.
const YES_WITHIN_DAYS: i64 = 1;

/// When polls will offer times that open once those asked now have said yes.
fn polls_within(candidates: &Candidates, now: DateTime<Utc>) -> Interval {
    let (at_once, _) = Wishes::after(now, candidates.programme.lead_days).within();
    Interval::new(at_once.start() + Duration::days(YES_WITHIN_DAYS), at_once.end()).unwrap_or(at_once)
}

pub(super) struct Looking<'c> {
    pub(super) now: DateTime<Utc>,
    pub(super) history: History,
    /// When the polls that follow will offer times.
    pub(super) window: Interval,
    candidates: &'c Candidates,
    half_life: HalfLife,
    members: BTreeMap<UserId, &'c Member>,
    met: BTreeMap<Pair, DateTime<Utc>>,
}

impl<'c> Looking<'c> {
    pub(super) fn at(candidates: &'c Candidates, now: DateTime<Utc>) -> Self {
        let mut met = BTreeMap::new();
        for one in &candidates.met {
            let last = met.entry(one.pair).or_insert(one.at);
            *last = one.at.max(*last);
        }
        Self {
            now,
            window: polls_within(candidates, now),
            history: History::of(candidates.suggested.iter().copied()),
            candidates,
            half_life: HalfLife::of_community(candidates.community.half_life_days),
            members: candidates.members.iter().map(|member| (member.user, member)).collect(),
            met,
        }
    }

    /// The edge of two members; `None` where the tie is too faint, or one of them is no member any more.
    pub(super) fn weigh(&self, pair: Pair, counts: &Counts) -> Option<Edge> {
        let about = self.about(pair)?;
        pairing::weigh(pair, counts, &about, self.now, Some(self.half_life))
    }

    pub(super) fn rests(&self, pair: Pair) -> bool {
        self.history.rests(pair, self.now)
    }

    /// Who have met within the season, and who know each other by their own word.
    pub(super) fn met_lately(&self, candidates: &Candidates) -> BTreeSet<Pair> {
        let since = self.now - Duration::days(MET_RESTS_DAYS);
        let lately = candidates.met.iter().filter(|met| met.said_by == SaidBy::Known || met.at > since);
        lately.map(|met| met.pair).collect()
    }

    /// Who joined not long ago, and not with the first.
    pub(super) fn newcomers(&self) -> BTreeSet<UserId> {
        let joined = |member: &Member| MessageId::from_column(member.counted_from).time();
        let Some(first) = self.candidates.members.iter().map(joined).min() else { return BTreeSet::new() };
        let new = self.candidates.members.iter().filter(|member| is_newcomer(joined(member), first, self.now));
        new.map(|member| member.user).collect()
    }

    fn about(&self, pair: Pair) -> Option<About> {
        let [one, other] = pair.both().map(|user| self.members.get(&user).copied());
        let (one, other) = (one?, other?);
        let near_at = first_near(&[&one.profile, &other.profile], self.window);
        let [this, that] = [one, other].map(|member| self.person(member, near_at));
        Some(About {
            // Nobody keeps who writes in which channel: it would be a row of where each member spends their time.
            shared_channels: 0,
            met_at: self.met.get(&pair).copied(),
            distance: Distance::between(&one.profile, &other.profile, Some(self.window)),
            free_together: Some(free_together(&this, &that, self.now)),
            came_to_nothing: self.history.came_to_nothing(pair),
            weeks_waited: [one, other].map(|member| self.weeks_waited(member)),
        })
    }

    /// By the clocks of where they are then.
    fn person(&self, member: &Member, at: DateTime<Utc>) -> Person<'static> {
        let zone = member.zone_at(at, self.candidates.community.zone);
        Person { availability: member.profile.availability, zone, elsewhere: &[], taken: &[] }
    }

    fn weeks_waited(&self, member: &Member) -> u32 {
        let joined = MessageId::from_column(member.counted_from).time();
        self.history.weeks_waited(member.user, joined, self.now)
    }
}
