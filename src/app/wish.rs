//! "I'd like to meet X": private, answered with the same words whoever X is, and asked with the next round.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Duration, Utc};

use super::round::RETENTION_WEEKS;
use super::{Refusal, Result, Wallflower};
use crate::domain::ids::{CommunityId, MessageId, Pair, UserId};
use crate::domain::meetup::{Account, CheckIn, Standing};
use crate::domain::member::Member;
use crate::domain::pairing::{self, Reason};
use crate::domain::round::RoundReport;
use crate::domain::tie::{HalfLife, Week};
use crate::store::{Acquaintances, Avoid, Wish};

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

/// Somebody with whom a member talks much, and why they are named: in figures that both could count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acquaintance {
    pub user: UserId,
    pub reasons: Vec<Reason>,
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

    /// With whom this member talks most and has not met: at most three, the same until the next round. All is as the last
    /// round saw it, so that nothing shows of what the others do in private meanwhile; only whoever leaves or erases themselves
    /// is gone at once. What this member does counts at once.
    pub async fn who(&self, community: CommunityId, user: UserId) -> Result<Vec<Acquaintance>> {
        self.active_member(community, user).await?;
        let since = Week::of(self.now()).earlier(RETENTION_WEEKS);
        let known = self.store.acquaintances(community, user, &self.person(community, user), since).await?;
        let known = known.ok_or(Refusal::NotSetUp)?;
        let programme = &known.programme;
        // With fewer, a name would say more about who is in than about who talks.
        let ripe = programme.last_report.as_ref().is_some_and(RoundReport::is_ripe);
        let round = programme.last_round_at.filter(|_| ripe).ok_or(Refusal::NotRipe)?;
        let mut left_out = self.met_by_own_word(community, user).await?;
        left_out.extend(known.met.iter().filter(|met| met.noted_at <= round).map(|met| met.pair));
        let avoids = known.avoids.iter().filter(|one| one.member == user || one.created_at <= round);
        let by_person = self.by_person(community, &known.members);
        left_out.extend(avoided(&by_person, avoids));
        // Taken back since then or not.
        let kept_out = known.exclusions.iter().filter(|one| one.created_at <= round);
        let mut resting = known.rested.clone();
        resting.extend(kept_out.filter_map(|one| by_person.get(&one.person).copied()));
        Ok(closest(&known, user, round, (&left_out, &resting)))
    }

    /// What this member has told of whom they have met or know.
    async fn met_by_own_word(&self, community: CommunityId, user: UserId) -> Result<BTreeSet<Pair>> {
        let mut pairs = BTreeSet::new();
        for meetup in self.store.meetups_of(community, user).await? {
            let said = meetup
                .participant(user)
                .is_some_and(|seat| seat.standing == Standing::Known || seat.check_in == CheckIn::Said(Account::WeMet));
            let others = meetup.company_of(user).filter(|_| said);
            pairs.extend(others.filter_map(|other| Pair::new(user, other.user)));
        }
        Ok(pairs)
    }

    /// Members by the keyed hashes under which words are kept of them. Each hash costs some microseconds, so it is made
    /// once for all that is asked of it.
    pub(super) fn by_person(&self, community: CommunityId, members: &[Member]) -> BTreeMap<String, UserId> {
        members.iter().map(|member| (self.person(community, member.user), member.user)).collect()
    }
}

/// Pairs of which one would rather not meet the other.
pub(super) fn avoided<'a>(
    by_person: &BTreeMap<String, UserId>,
    avoids: impl IntoIterator<Item = &'a Avoid>,
) -> BTreeSet<Pair> {
    let pair = |avoid: &Avoid| Pair::new(avoid.member, *by_person.get(&avoid.person)?);
    avoids.into_iter().filter_map(pair).collect()
}

/// Counted as of the week of `round`; whoever has joined since, rested then or was kept out is not in it.
fn closest(
    known: &Acquaintances,
    user: UserId,
    round: DateTime<Utc>,
    (left_out, resting): (&BTreeSet<Pair>, &BTreeSet<UserId>),
) -> Vec<Acquaintance> {
    let half_life = Some(HalfLife::of_community(known.community.half_life_days));
    let joined_before = |member: &&Member| MessageId::from_column(member.counted_from).time() <= round;
    let takes_part = |member: &&Member| joined_before(member) && !resting.contains(&member.user);
    let members: BTreeSet<_> = known.members.iter().filter(takes_part).map(|member| member.user).collect();
    let mut by_strength: BTreeMap<_, Acquaintance> = BTreeMap::new();
    for (pair, counts) in &known.ties {
        let Some(other) = pair.other(user).filter(|other| members.contains(other) && !left_out.contains(pair)) else {
            continue;
        };
        let counts = counts.before(Week::of(round));
        let strength = counts.strength(round, half_life).thousandths();
        if strength >= pairing::FAINTEST {
            let reasons = pairing::reasons(&counts, 0);
            by_strength.insert((std::cmp::Reverse(strength), *pair), Acquaintance { user: other, reasons });
        }
    }
    by_strength.into_values().take(MOST_NAMES).collect()
}
