//! Joining, telling about oneself, pausing and leaving.

use chrono::{DateTime, Duration, Utc};
use chrono_tz::Tz;

use super::watch::{Admission, Alone};
use super::{Refusal, Result, Wallflower};
use crate::domain::ids::{CommunityId, RoleId, UserId};
use crate::domain::member::{Door, Member, Membership, Profile};
use crate::domain::notice::{Address, Draft, Notice};

/// The welcome is stale the day after.
const WELCOME_KEEPS: Duration = Duration::days(1);
/// The longest pause; whoever wants longer leaves.
pub const LONGEST_PAUSE: Duration = Duration::days(366);

/// What came of "count me in".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Joined {
    Now,
    /// Was in already; all stays as it is.
    Already,
}

impl Wallflower {
    /// "Count me in". `moment` is a snowflake: messages from it on are counted. The click says "I am 18 or older".
    pub async fn join(&self, community: CommunityId, user: UserId, moment: i64, roles: &[RoleId]) -> Result<Joined> {
        let programme = self.store.programme(community).await?.ok_or(Refusal::NotSetUp)?;
        if programme.required_role.is_some_and(|role| !roles.contains(&role)) {
            return Err(Refusal::RoleMissing.into());
        }
        // Counted from before they are enrolled, so that no message falls between.
        let admission = match &self.watch {
            Some(watch) => Some(watch.admit(community, user, moment).await?),
            None => None,
        };
        let counted_from = admission.as_ref().map_or(moment, Admission::from);
        let profile = Profile { city: self.city_of_roles(community, roles).await?, ..Profile::default() };
        let member = Member { community, user, counted_from, membership: Membership::Active, profile };
        // The first direct message shows whether direct messages arrive at all.
        let now = self.now();
        let to = Address::Member(user);
        let welcome = Draft { notice: Notice::Welcome, to, due_at: now, not_after: now + WELCOME_KEEPS };
        let ids = self.new_notice_ids(1);
        let enrolled = self.store.enrol_with_welcome(&member, &welcome, ids[0], now).await;
        if matches!(enrolled, Ok(false)) {
            self.recall(admission).await?;
            return Ok(Joined::Already);
        }
        // After an error they may be in all the same. Where they are not, the store drops what is counted of them.
        if let Some(admission) = admission {
            admission.keep();
        }
        enrolled?;
        self.ring();
        Ok(Joined::Now)
    }

    /// Whoever was in already, unknown to the ear, is counted since the moment that is stored.
    async fn recall(&self, admission: Option<Admission<'_>>) -> Result<()> {
        let unknown = admission.is_some_and(|admission| admission.is_new());
        if let Some(watch) = self.watch.as_ref().filter(|_| unknown) {
            watch.refresh().await?;
        }
        Ok(())
    }

    /// To be held while somebody is erased and no longer counted.
    pub(super) async fn alone(&self) -> Option<Alone<'_>> {
        match &self.watch {
            Some(watch) => Some(watch.alone().await),
            None => None,
        }
    }

    pub(super) fn stop_counting(&self, community: CommunityId, user: UserId) {
        if let Some(watch) = &self.watch {
            watch.dismiss(community, user);
        }
    }

    /// The member, where they have not left.
    pub async fn active_member(&self, community: CommunityId, user: UserId) -> Result<Member> {
        let member = self.store.member(community, user).await?;
        Ok(member.filter(|member| member.membership != Membership::Left).ok_or(Refusal::NotAMember)?)
    }

    /// The zone this member lives in.
    pub async fn zone_of(&self, member: &Member) -> Result<Tz> {
        let community = self.store.community(member.community).await?;
        Ok(member.zone(community.map_or(Tz::UTC, |community| community.zone)))
    }

    /// Changes what a member tells about themselves.
    pub async fn change_profile(
        &self,
        community: CommunityId,
        user: UserId,
        change: impl FnOnce(&mut Profile) + Send,
    ) -> Result<Member> {
        let mut member = self.active_member(community, user).await?;
        change(&mut member.profile);
        self.store.save_profile(&member).await?;
        Ok(member)
    }

    /// Rests until then; `None` takes part again at once. Who pauses can't make what is open.
    pub async fn pause(&self, community: CommunityId, user: UserId, until: Option<DateTime<Utc>>) -> Result<Member> {
        let mut member = self.active_member(community, user).await?;
        let now = self.now();
        member.membership = match until {
            None => Membership::Active,
            Some(until) if until > now && until <= now + LONGEST_PAUSE => Membership::PausedUntil(until),
            Some(_) => return Err(Refusal::NoSuchDate.into()),
        };
        self.store.pause(community, user, until).await?;
        if until.is_some() {
            self.withdraw_everywhere(community, user).await?;
        }
        Ok(member)
    }

    /// Ends the membership: ties are erased, what is open goes on without them.
    pub async fn leave(&self, community: CommunityId, user: UserId) -> Result<()> {
        self.active_member(community, user).await?;
        self.end_membership(community, user).await
    }

    /// First what is open, so that a cut leaves a member who can say it again; and once more what a click or a round has made
    /// meanwhile.
    pub(super) async fn end_membership(&self, community: CommunityId, user: UserId) -> Result<()> {
        self.withdraw_everywhere(community, user).await?;
        {
            let _alone = self.alone().await;
            self.store.leave(community, user).await?;
            self.stop_counting(community, user);
        }
        self.withdraw_everywhere(community, user).await
    }

    /// Direct messages do not arrive: from now on only when they look.
    pub(super) async fn close_direct_door(&self, community: CommunityId, user: UserId) -> Result<()> {
        self.store.close_door(community, user, Door::Direct).await?;
        Ok(())
    }
}
