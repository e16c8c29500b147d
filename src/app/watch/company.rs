//! Company beside writing to each other: minutes in one voice channel, and talk in one thread.
//!
//! Bystanders' places live in memory only. What members spend together is counted as time is known to pass: with each
//! event of a voice channel, and with messages, which carry their time.

use chrono::{DateTime, Duration, Utc};

use super::state::{State, consent, note_consents};
use super::{Result, Watch};
use crate::domain::consent::Consent;
use crate::domain::ids::{ChannelId, CommunityId, MessageId, UserId};
use crate::domain::observation::Observation;
use crate::domain::tie::{Deltas, Kind, Thousandths, Week};
use crate::domain::voice::{Stay, Together};
use crate::store::Counted;

/// Threads and weeks whose writers are remembered, at some hundred bytes each; the store knows the rest.
pub(super) const THREADS: usize = 4_096;

/// Somebody came to a voice channel, went, or hears there no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Whereabouts {
    pub community: CommunityId,
    pub user: UserId,
    /// Where they hear what is said; `None` for nowhere.
    pub channel: Option<ChannelId>,
    /// `None` where it is told again after an interruption: some time since the last thing heard before.
    pub at: Option<DateTime<Utc>>,
}

impl Watch {
    /// Who sits in a community's voice channels as it arrives. What was known before ends where it was last known.
    pub async fn seat(
        &self,
        community: CommunityId,
        afk: Option<ChannelId>,
        seats: &[(UserId, ChannelId)],
        at: DateTime<Utc>,
    ) -> Result<()> {
        self.keep_afk_channel(community, afk).await?;
        let mut state = self.state();
        if let Some(place) = state.places.get_mut(&community) {
            place.afk_channel = afk;
            place.voices.begin(seats.iter().copied(), at);
            state.pending.sitting.insert(community);
        }
        Ok(())
    }

    /// Keeps for the next process where Discord puts whoever has fallen silent. [`Heard::AfkChannel`] follows.
    ///
    /// [`Heard::AfkChannel`]: super::Heard::AfkChannel
    pub async fn keep_afk_channel(&self, community: CommunityId, afk: Option<ChannelId>) -> Result<()> {
        let known = self.state().places.get(&community).map(|place| place.afk_channel);
        if known.is_some_and(|known| known != afk) {
            self.store.set_afk_channel(community, afk).await?;
        }
        Ok(())
    }
}

impl State {
    pub(super) fn sit(&mut self, whereabouts: &Whereabouts) {
        let Whereabouts { community, user, channel, at } = *whereabouts;
        if let Some(at) = at {
            self.pass(community, at);
        }
        if let Some(place) = self.places.get_mut(&community) {
            place.voices.sit(user, channel, at);
            self.pending.sitting.insert(community);
        }
    }

    /// Nobody is anybody's company in this channel from now on.
    pub(super) fn set_afk_channel(
        &mut self,
        community: CommunityId,
        channel: Option<ChannelId>,
        at: Option<DateTime<Utc>>,
    ) {
        if let Some(at) = at {
            self.pass(community, at);
        }
        if let Some(place) = self.places.get_mut(&community) {
            place.afk_channel = channel;
        }
    }

    /// It is known to be so late now in a community: counts what members have spent together since.
    pub(super) fn pass(&mut self, community: CommunityId, at: DateTime<Utc>) {
        let Some(place) = self.places.get_mut(&community) else { return };
        let mut voices = std::mem::take(&mut place.voices);
        let found = voices.pass(at, |channel| place.afk_channel != Some(channel) && place.counts(channel));
        place.voices = voices;
        self.pending.sitting.insert(community);
        for together in found {
            let both = together.pair.both();
            let Some((consents, from, minutes)) = self.as_members(community, together) else { continue };
            let counted = &mut self.pending.counted;
            let amount = Thousandths(i64::from(minutes) * Thousandths::ONE.0);
            both_ways(&mut counted.deltas, community, both, from, Kind::Voice, amount);
            note_consents(counted, community, consents);
        }
    }

    /// How many minutes begin after both had joined, and when the first of them does.
    fn as_members(&self, community: CommunityId, together: Together) -> Option<([Consent; 2], DateTime<Utc>, u32)> {
        let Together { pair, from, minutes } = together;
        let [one, other] = pair.both().map(|user| consent(&self.roster, community, user));
        let (one, other) = one.zip(other)?;
        let joined = one.from.max(other.from);
        let late = if MessageId::at(from).get() >= joined {
            0
        } else {
            (MessageId::from_column(joined).time() - from).num_minutes() + 1
        };
        let left = minutes.checked_sub(u32::try_from(late).ok()?).filter(|left| *left > 0)?;
        Some(([one, other], from + Duration::minutes(late), left))
    }

    /// The stays of members, in the communities in which something has changed.
    pub(super) fn stays_to_save(&mut self) -> Vec<(CommunityId, Vec<Stay>)> {
        let sitting = std::mem::take(&mut self.pending.sitting);
        let stays = |community: CommunityId| {
            let place = self.places.get(&community)?;
            let members = place.voices.stays().filter(|stay| self.roster.contains_key(&(community, stay.user)));
            Some((community, members.collect()))
        };
        sitting.into_iter().filter_map(stays).collect()
    }

    /// Notes for the store that a member has written in a thread, where it may be for the first time in that week.
    pub(super) fn note_writer(&mut self, observation: &Observation) {
        let (community, message, author) = (observation.community(), observation.message(), observation.author());
        if self.roster.get(&(community, author)).is_some_and(|from| message.get() >= *from)
            && self.threads.write(observation.channel(), Week::of(observation.at()), author).is_some()
        {
            note_written(&self.roster, &mut self.pending.counted, observation);
        }
    }
}

/// Notes that a member has written in a thread; whether it is their first there in that week the store knows.
pub(super) fn note_written(roster: &crate::store::Consents, counted: &mut Counted, observation: &Observation) {
    let (community, message, author) = (observation.community(), observation.message(), observation.author());
    if let Some(consent) = consent(roster, community, author).filter(|consent| message.get() >= consent.from) {
        let key = (community, observation.channel(), Week::of(observation.at()), author);
        let first = counted.written.entry(key).or_insert(message);
        *first = message.min(*first);
        note_consents(counted, community, [consent, consent]);
    }
}

fn both_ways(
    deltas: &mut Deltas,
    community: CommunityId,
    [one, other]: [UserId; 2],
    at: DateTime<Utc>,
    kind: Kind,
    amount: Thousandths,
) {
    deltas.add(community, one, other, at, kind, amount);
    deltas.add(community, other, one, at, kind, amount);
}
