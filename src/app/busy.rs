//! When a member can't meet beside their usual week: days that they name, and the busy times of a calendar.

use chrono::NaiveDate;
use chrono_tz::Tz;

use super::{Result, Stop, Wallflower};
use crate::domain::busy::{self, NotACalendar};
use crate::domain::ids::{CommunityId, UserId};
use crate::domain::member::Member;
use crate::domain::slot::{Interval, NotDays, days, merged, whole_days};
use crate::domain::wall_clock::local;
use crate::store::Busy;

/// Why what was told of busy times is not taken. Nothing has changed.
#[derive(Debug, thiserror::Error)]
pub enum NotTaken {
    #[error(transparent)]
    Days(#[from] NotDays),
    #[error(transparent)]
    Calendar(#[from] NotACalendar),
    #[error(transparent)]
    Stop(#[from] Stop),
}

impl Wallflower {
    /// What a member has told of when they can't, as far as it lies ahead, and by which clocks they read it.
    pub async fn busy(&self, community: CommunityId, user: UserId) -> Result<(Busy, Tz)> {
        let member = self.active_member(community, user).await?;
        let zone = self.zone_of(&member).await?;
        let today = local(self.now(), zone).date();
        let mut busy = self.store.busy(community, user).await?;
        busy.days.retain(|day| *day >= today);
        busy.times.retain(|one| one.end() > self.now());
        Ok((busy, zone))
    }

    /// "Not on these dates", as somebody typed it.
    pub async fn not_on(&self, community: CommunityId, user: UserId, text: &str) -> Result<(), NotTaken> {
        let member = self.active_member(community, user).await?;
        let today = local(self.now(), self.zone_of(&member).await?).date();
        let days: Vec<NaiveDate> = days(text, today)?.into_iter().collect();
        Ok(self.store.add_days_away(community, user, &days).await.map_err(Stop::from)?)
    }

    /// They can on these days after all, from the first to the last.
    pub async fn can_again(&self, community: CommunityId, user: UserId, days: &[(NaiveDate, NaiveDate)]) -> Result<()> {
        self.active_member(community, user).await?;
        for span in days {
            self.store.remove_days_away(community, user, *span).await?;
        }
        Ok(())
    }

    /// Takes the busy times of a calendar in the place of those of an earlier one.
    pub async fn take_calendar(&self, community: CommunityId, user: UserId, file: Vec<u8>) -> Result<(), NotTaken> {
        let member = self.active_member(community, user).await?;
        let (zone, now) = (self.zone_of(&member).await?, self.now());
        // A calendar of years takes a while, and others wait for nobody's.
        let read = tokio::task::spawn_blocking(move || busy::read(&file, zone, now)).await;
        let times = read.unwrap_or(Err(NotACalendar::Unreadable))?;
        Ok(self.store.replace_busy_times(community, user, &times).await.map_err(Stop::from)?)
    }

    /// Forgets what their calendar said.
    pub async fn drop_calendar(&self, community: CommunityId, user: UserId) -> Result<()> {
        self.active_member(community, user).await?;
        Ok(self.store.replace_busy_times(community, user, &[]).await?)
    }

    /// What of a member's time is taken, besides by `others`: in order and apart from each other. A day is as long as clocks say
    /// where they are on it.
    pub(super) async fn taken(&self, member: &Member, zone: Tz, others: Vec<Interval>) -> Result<Vec<Interval>> {
        let busy = self.store.busy(member.community, member.user).await?;
        let days = busy.days.into_iter().filter_map(|day| whole_days((day, day), member.zone_on(day, zone)));
        Ok(merged(others.into_iter().chain(busy.times).chain(days).collect()))
    }
}
