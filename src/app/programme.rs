//! What admins set: the channel, how often, how many asks, in which style, and who is kept out.

use std::collections::BTreeMap;

use chrono::Duration;
use chrono_tz::Tz;

use super::timekeeper::PARKED_IS_TRIED_FOR;
use super::watch::Access;
use super::{Refusal, Result, Stop, Wallflower};
use crate::domain::ids::{ChannelId, CommunityId, RoleId, UserId};
use crate::domain::meetup::{PlaceBy, Style};
use crate::domain::notice::{Address, Draft, Notice, Reminders};
use crate::domain::nudge::Cadence;
use crate::domain::pairing::groups::Size;
use crate::domain::poll::Ballot;
use crate::domain::round::RoundReport;
use crate::domain::slot::DEFAULT_LEAD_DAYS;
use crate::domain::tie::HalfLife;
use crate::store::{Community, Past, Programme, Saved, Watch};

/// Asks that one member may get in 30 days, unless admins say otherwise.
const DEFAULT_ASKS_PER_30_DAYS: i64 = 2;
/// Pairs that one round asks, unless admins say otherwise: few words, well timed.
const DEFAULT_PAIRS_PER_ROUND: i64 = 5;

/// Settings that were changed meanwhile are changed again on the newer ones, this often.
const MOST_TRIES: usize = 8;

/// An admin who sets up wants to see the invitation now, not some day.
const INVITATION_KEEPS: Duration = Duration::days(1);

/// What `/wallflower setup` was given.
#[derive(Debug, Clone, Copy)]
pub struct Setup {
    pub channel: ChannelId,
    pub zone: Option<Tz>,
    pub moderators: Option<ChannelId>,
    pub required_role: Option<RoleId>,
}

/// What `/wallflower reset` takes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reset {
    RequiredRole,
    Moderators,
}

/// What `/wallflower status` shows.
#[derive(Debug, Clone)]
pub struct Status {
    pub community: Community,
    pub programme: Programme,
    /// As a round held now would find it.
    pub outlook: RoundReport,
    /// Why something could not be said lately, or a report at any time.
    pub unsaid: Vec<String>,
    /// What is still to be read of the past of who joined; nobody in it where all is read.
    pub past: PastLeft,
    /// Channels that are watched but cannot be read, or whose past cannot.
    pub skipped: BTreeMap<ChannelId, Access>,
}

/// How far the reading of the past has come: for how many members, and in how many channels of the scan under way.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PastLeft {
    pub members: usize,
    pub done: usize,
    pub channels: usize,
}

impl From<&Past> for PastLeft {
    fn from(past: &Past) -> Self {
        let done = past.scans.iter().filter(|scan| scan.done).count();
        Self { members: past.waiting.len() + past.reading.len(), done, channels: past.scans.len() }
    }
}

impl Wallflower {
    /// Sets a community up, or changes its set-up; what is not given stays as it is.
    pub async fn set_up(&self, id: CommunityId, setup: Setup) -> Result<Programme> {
        for _ in 0..MOST_TRIES {
            if let Some(programme) = self.try_to_set_up(id, setup).await? {
                return Ok(programme);
            }
        }
        Err(Stop::Contention)
    }

    /// `None` where a round or another admin was faster.
    async fn try_to_set_up(&self, id: CommunityId, setup: Setup) -> Result<Option<Programme>> {
        let mut community = self.store.community(id).await?.ok_or(Refusal::NotSetUp)?;
        community.zone = setup.zone.unwrap_or(community.zone);
        community.moderators = setup.moderators.or(community.moderators);
        let known = self.store.programme(id).await?;
        let is_new = known.is_none();
        let is_invited = known.as_ref().is_some_and(|known| known.channel == setup.channel);
        let mut programme = known.unwrap_or_else(|| new_programme(id, setup.channel));
        programme.channel = setup.channel;
        if let Some(role) = setup.required_role {
            // The role of everyone bears the server's own id, and nobody is listed as having it.
            programme.required_role = Some(role).filter(|role| role.get() != id.get());
        }
        if is_new || setup.zone.is_some() {
            programme.next_round_at = programme.cadence.next(self.now(), community.zone);
        }
        let (invitation, ids) = (self.invitation(), self.new_notice_ids(1));
        let invitation = (&invitation, ids[0]);
        if self.store.set_up(&community, &programme, invitation, is_invited, self.now()).await? == Saved::Stale {
            return Ok(None);
        }
        self.ring();
        Ok(Some(programme))
    }

    /// Takes back one thing that a set-up said.
    pub async fn reset(&self, id: CommunityId, what: Reset) -> Result<()> {
        match what {
            Reset::RequiredRole => {
                self.change_programme(id, |programme| programme.required_role = None).await.map(drop)
            }
            Reset::Moderators => {
                self.store.programme(id).await?.ok_or(Refusal::NotSetUp)?;
                Ok(self.store.drop_moderators(id).await?)
            }
        }
    }

    /// Lets talk fade by half in so many days, brought within what may be chosen; returns what it is now.
    pub async fn set_half_life(&self, id: CommunityId, days: i64) -> Result<HalfLife> {
        let half_life = HalfLife::of_community(days);
        self.store.programme(id).await?.ok_or(Refusal::NotSetUp)?;
        self.store.set_half_life(id, half_life.in_whole_days()).await?;
        Ok(half_life)
    }

    /// The invitation in the programme's channel: once for each channel.
    fn invitation(&self) -> Draft {
        let now = self.now();
        let not_after = now + INVITATION_KEEPS;
        Draft { notice: Notice::Invitation, to: Address::Programme, due_at: now, not_after }
    }

    /// Changes the programme; the next round follows its cadence.
    pub async fn change_programme(&self, id: CommunityId, change: impl Fn(&mut Programme) + Send) -> Result<Programme> {
        let community = self.store.community(id).await?.ok_or(Refusal::NotSetUp)?;
        for _ in 0..MOST_TRIES {
            let mut programme = self.store.programme(id).await?.ok_or(Refusal::NotSetUp)?;
            change(&mut programme);
            programme.next_round_at = programme.cadence.next(self.now(), community.zone);
            if self.store.save_programme(&programme).await? == Saved::Yes {
                self.ring();
                return Ok(programme);
            }
        }
        Err(Stop::Contention)
    }

    /// Keeps somebody out of all suggestions, or lets them in again; the same whether they are a member or not.
    pub async fn exclude(&self, community: CommunityId, user: UserId, out: bool) -> Result<bool> {
        let changed = self.store.exclude(community, &self.person(community, user), out, self.now()).await?;
        if out {
            self.withdraw_everywhere(community, user).await?;
        }
        Ok(changed)
    }

    /// An admin's word on whether a channel is watched, and its threads; of a category, on the channels in it that have no
    /// word of their own.
    pub async fn watch_channel(&self, community: CommunityId, channel: ChannelId, word: Watch) -> Result<()> {
        self.store.community(community).await?.ok_or(Refusal::NotSetUp)?;
        self.store.set_watch(community, channel, word).await?;
        if let Some(watch) = &self.watch {
            watch.heed(community, channel, word);
        }
        Ok(())
    }

    pub async fn status(&self, id: CommunityId) -> Result<Status> {
        let outlook = self.preview(id).await?.report;
        let community = self.store.community(id).await?.ok_or(Refusal::NotSetUp)?;
        let programme = self.store.programme(id).await?.ok_or(Refusal::NotSetUp)?;
        let since = self.now() - PARKED_IS_TRIED_FOR;
        let unsaid = self.store.parked(id, since).await?;
        let past = self.store.pasts().await?.get(&id).map(PastLeft::from).unwrap_or_default();
        let skipped = self.watch.as_ref().map(|watch| watch.skipped(id)).unwrap_or_default();
        Ok(Status { community, programme, outlook, unsaid, past, skipped })
    }
}

fn new_programme(community: CommunityId, channel: ChannelId) -> Programme {
    Programme {
        community,
        number: 1,
        channel,
        cadence: Cadence::default(),
        style: Style::Discreet,
        ballot: Ballot::Reactions,
        asks_per_30_days: DEFAULT_ASKS_PER_30_DAYS,
        pairs_per_round: DEFAULT_PAIRS_PER_ROUND,
        lead_days: DEFAULT_LEAD_DAYS,
        place_by: PlaceBy::default(),
        reminders: Reminders::default(),
        size: Size::PAIRS,
        required_role: None,
        paused: false,
        revision: 0,
        round: 0,
        next_round_at: None,
        last_round_at: None,
        last_report: None,
    }
}
