//! "I'd like to meet X": private, answered with the same words whoever X is, and asked with the next round.

use std::collections::BTreeMap;

use chrono::Duration;

use super::{Refusal, Result, Wallflower};
use crate::domain::ids::{CommunityId, Pair, UserId};
use crate::domain::tie::{HalfLife, Week};
use crate::store::{Candidates, Wish};

/// One wish for the same person in this time.
const ONCE_IN: Duration = Duration::days(90);
/// A wish waits this long for a round.
const WISH_KEEPS: Duration = Duration::days(35);
/// Wishes that one member may have open at once.
const MOST_OPEN: usize = 3;
/// Names that `/meet who` shows.
const MOST_NAMES: usize = 3;

/// What the wisher hears. Says nothing about the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wished {
    Noted,
    /// The wisher has three open ones already.
    TooManyOpen,
    /// The wisher wished for the same person within 90 days.
    NotAgainYet,
}

impl Wallflower {
    /// Notes a wish. The answer depends on the wisher alone.
    pub async fn wish(&self, community: CommunityId, user: UserId, other: UserId) -> Result<Wished> {
        if user == other {
            return Err(Refusal::Yourself.into());
        }
        self.active_member(community, user).await?;
        let (now, person) = (self.now(), self.person(community, other));
        let wishes = self.store.wishes_of(community, user).await?;
        if wishes.iter().any(|wish| wish.person == person && now < wish.created_at + ONCE_IN) {
            return Ok(Wished::NotAgainYet);
        }
        // Also where the other has been asked meanwhile: a slot that came free would tell that they are in.
        if wishes.iter().filter(|wish| now < wish.expires_at).count() >= MOST_OPEN {
            return Ok(Wished::TooManyOpen);
        }
        let wish = Wish { member: user, person, created_at: now, expires_at: now + WISH_KEEPS, spent: false };
        self.store.save_wish(community, &wish).await?;
        Ok(Wished::Noted)
    }

    /// With whom this member talks most and has not met: at most three, the same until the next round.
    pub async fn who(&self, community: CommunityId, user: UserId) -> Result<Vec<UserId>> {
        self.active_member(community, user).await?;
        let Some(candidates) = self.candidates(community).await? else { return Err(Refusal::NotSetUp.into()) };
        // With fewer, a name would say more about who is in than about who talks.
        if !self.preview(community).await?.report.is_ripe() {
            return Err(Refusal::NotRipe.into());
        }
        Ok(self.closest(&candidates, user))
    }

    fn closest(&self, candidates: &Candidates, user: UserId) -> Vec<UserId> {
        // Counted as of the last round, so that asking again and again shows nothing of what was said since.
        let as_of = candidates.programme.last_round_at.unwrap_or_else(|| self.now());
        let half_life =
            i32::try_from(candidates.community.half_life_days).ok().and_then(|days| HalfLife::days(days.into()));
        let avoided = self.avoided(candidates);
        let met: Vec<_> = candidates.met.iter().map(|met| met.pair).collect();
        let mut by_strength: BTreeMap<_, UserId> = BTreeMap::new();
        for (pair, counts) in &candidates.ties {
            let Some(other) = pair.other(user).filter(|_| !avoided.contains(pair) && !met.contains(pair)) else {
                continue;
            };
            let strength = counts.before(Week::of(as_of)).strength(as_of, half_life).thousandths();
            if strength.0 > 0 {
                by_strength.insert((std::cmp::Reverse(strength), *pair), other);
            }
        }
        by_strength.into_values().take(MOST_NAMES).collect()
    }

    /// Pairs of which one would rather not meet the other.
    pub(super) fn avoided(&self, candidates: &Candidates) -> std::collections::BTreeSet<Pair> {
        let id = candidates.community.id;
        let by_person: BTreeMap<_, _> =
            candidates.members.iter().map(|member| (self.person(id, member.user), member.user)).collect();
        let pair = |(owner, person): &(UserId, String)| Pair::new(*owner, *by_person.get(person)?);
        candidates.avoids.iter().filter_map(pair).collect()
    }
}
