//! Channels that were closed to the bot when a scan of the past began: it leaves them out, and they are read once they open,
//! before the next scan begins. That they are read for the same joiners and nobody else is kept by the store.

use super::channels::{Place, Sight};
use super::past::with_past;
use super::state::State;
use super::{Access, Result, Threads, Watch};
use crate::domain::ids::{ChannelId, CommunityId};
use crate::store::LeftOut;

impl Watch {
    /// Begins the scan of what was left out and is open now, of one channel and those that the same scans left out. Tells
    /// whether there was any.
    pub(super) async fn take_up_left_out(&self, community: CommunityId, left_out: &[LeftOut]) -> Result<bool> {
        let open: Vec<LeftOut> = {
            let state = self.state();
            left_out.iter().filter(|one| state.may_read(community, one.channel)).copied().collect()
        };
        let Some(first) = open.first() else { return Ok(false) };
        let together: Vec<LeftOut> = open.iter().filter(|one| one.is_of_the_same_scans(first)).copied().collect();
        let joiners = self.store.who_lacks(community, *first).await?;
        let channels = together.iter().map(|one| one.channel).collect();
        let scans = with_past(&self.state(), community, &joiners, channels);
        self.store.take_up(community, &together, &joiners, &scans).await
    }
}

impl State {
    /// The channels that a scan reads if it begins now, and those that it has to leave out.
    pub(super) fn past_channels(
        &self,
        community: CommunityId,
        left_out: &[LeftOut],
    ) -> (Vec<ChannelId>, Vec<ChannelId>) {
        let Some(place) = self.places.get(&community) else { return (Vec::new(), Vec::new()) };
        // What was left out before and opens just now is read first, for those who lack it.
        let is_open =
            |channel| self.may_read(community, channel) && !left_out.iter().any(|left_out| left_out.channel == channel);
        let read = place.past_channels().into_iter().filter(|channel| is_open(place.ruling(*channel)));
        let closed = place.ruling_channels().into_iter().filter(|channel| !is_open(*channel));
        (read.collect(), closed.collect())
    }
}

impl Place {
    /// The channel whose door is that of this one: a thread's is its parent's.
    pub fn ruling(&self, id: ChannelId) -> ChannelId {
        self.channels.get(&id).and_then(|channel| channel.sight.parent).unwrap_or(id)
    }

    /// The channels in which something was ever said, or may have been in threads, that counts and can be read. How long
    /// ago is not asked: the ear may be behind, and a channel that was silent since long takes one request.
    pub fn past_channels(&self) -> Vec<ChannelId> {
        let readable = self.channels.iter().filter(|(id, channel)| {
            let Sight { access, last_message, threads, .. } = &channel.sight;
            let speaks = last_message.is_some() || *threads != Threads::None;
            *access == Access::Reads && speaks && self.counts(**id)
        });
        let mut readable: Vec<ChannelId> = readable.map(|(id, _)| *id).collect();
        readable.sort_unstable();
        readable
    }

    /// The channels that count, but for threads, which are found through them. Nobody says whether something was said
    /// behind a door.
    fn ruling_channels(&self) -> Vec<ChannelId> {
        let shown = self.channels.iter().filter(|(_, channel)| channel.in_sight() && channel.sight.parent.is_none());
        let mut ruling: Vec<ChannelId> = shown.map(|(id, _)| *id).filter(|id| self.counts(*id)).collect();
        ruling.sort_unstable();
        ruling
    }
}
