//! Channels open and close to the bot during a session, as its roles change. A closed one tells nothing: what was said in it
//! is read once it opens, from its mark up to the first message that is heard again.

use std::collections::BTreeMap;

use super::channels::{Gap, Place, Seen, Sight};
use super::state::State;
use super::{Access, BotStanding, Rules, Threads, Watch};
use crate::domain::ids::{ChannelId, CommunityId, MessageId};
use crate::domain::observation::Observation;
use crate::store::Mark;

impl Watch {
    /// The bot's roles in a community, or what they allow, have changed. `judge` says what it may do now by a channel's
    /// rules. Returns what became of those channels where that has changed.
    pub fn stand_anew(
        &self,
        community: CommunityId,
        standing: BotStanding,
        judge: impl Fn(&Rules) -> (Access, Threads),
    ) -> BTreeMap<ChannelId, Access> {
        let changed = self.state().stand_anew(community, standing, judge);
        self.ring_for_readings();
        changed
    }
}

impl State {
    fn stand_anew(
        &mut self,
        community: CommunityId,
        standing: BotStanding,
        judge: impl Fn(&Rules) -> (Access, Threads),
    ) -> BTreeMap<ChannelId, Access> {
        self.pending.shown.standings.insert(community, standing.clone());
        self.standings.insert(community, standing);
        let changed = self.places.get(&community).map(|place| place.judged(judge)).unwrap_or_default();
        for sight in &changed {
            self.see(community, sight);
        }
        changed.into_iter().map(|sight| (sight.channel, sight.access)).collect()
    }

    /// The first message that is heard since a channel was opened: what was said before it is still to be read.
    pub(super) fn end_opening(&mut self, first: &Observation) {
        let (community, id) = (first.community(), first.channel());
        let Some(place) = self.places.get_mut(&community) else { return };
        let gap = place.end_opening(id, first.message());
        let forum = place.end_opening_of_forum(id);
        for id in forum.into_iter().chain([id]) {
            self.pending.shown.channels.insert((community, id), place.seen(id));
        }
        if let Some(gap) = gap {
            // Stored together: a process that knew the reading and not the mark would read the stretch twice.
            self.pending.marks.insert((community, id), gap.before);
            self.open_reading(community, id, gap);
        }
    }
}

impl Place {
    /// The channels that are judged otherwise now. Their threads follow them.
    fn judged(&self, judge: impl Fn(&Rules) -> (Access, Threads)) -> Vec<Sight> {
        let sights = self.channels.values().filter(|channel| channel.in_sight()).map(|channel| &channel.sight);
        let anew = |sight: &Sight| {
            let (access, threads) = judge(&sight.rules);
            Sight { access, threads, new: false, ..sight.clone() }
        };
        let channels = sights.filter(|sight| sight.parent.is_none()).map(|sight| (sight, anew(sight)));
        let changed = channels.filter(|(sight, anew)| (sight.access, sight.threads) != (anew.access, anew.threads));
        changed.map(|(_, anew)| anew).collect()
    }

    /// The threads that follow a channel to another access, as they are then.
    pub fn following(&self, sight: &Sight) -> Vec<Sight> {
        let threads = self.channels.values().filter(|channel| channel.in_sight()).map(|channel| &channel.sight);
        let threads = threads.filter(|thread| thread.parent == Some(sight.channel) && thread.access != sight.access);
        threads.map(|thread| Sight { access: sight.access, new: false, ..thread.clone() }).collect()
    }

    /// The channels whose threads count and can be listed, now or once the past may be looked at.
    pub fn with_threads(&self) -> impl Iterator<Item = ChannelId> {
        let lists = |sight: &&Sight| sight.threads != Threads::None && sight.access != Access::Hidden;
        let channels = self.channels.values().map(|channel| &channel.sight).filter(lists);
        channels.map(|sight| sight.channel).filter(|channel| self.counts(*channel))
    }

    /// Since when threads of a channel may have been archived unheard, which is about to be opened.
    pub fn threads_unheard(&self, sight: &Sight, seen: Seen) -> Option<MessageId> {
        // It may also have been opened while nobody listened.
        let was_opened = seen == Seen::AtArrival && sight.access != Access::Hidden && self.was_hidden(sight.channel);
        if sight.threads == Threads::None || !(was_opened || self.opens(sight, seen)) {
            return None;
        }
        let threads = self.channels.values().filter(|channel| channel.sight.parent == Some(sight.channel));
        let heard = threads.map(|thread| thread.sight.channel).chain([sight.channel]);
        heard.filter_map(|channel| self.marks.get(&channel)).map(|mark| mark.last).max()
    }

    /// Whether the last that was seen of a channel was a closed door, be it by another process.
    fn was_hidden(&self, id: ChannelId) -> bool {
        let seen = self.channels.get(&id).map(|channel| channel.sight.access == Access::Hidden);
        seen.unwrap_or_else(|| self.hidden_before.contains(&id))
    }

    /// The stretch between what was to be read when a channel was opened and the first message that is heard there.
    fn end_opening(&mut self, id: ChannelId, first: MessageId) -> Option<Gap> {
        let counts = self.counts(id);
        let channel = self.channels.get_mut(&id)?;
        let before = MessageId::from_column(first.get() - 1);
        channel.just_opened = false;
        // What comes late is in the stretch.
        channel.floor = before;
        let after = self.marks.get(&id)?.last;
        if !counts || after >= before {
            return None;
        }
        let settled = self.settled(id).min(after);
        self.marks.insert(id, Mark { last: before, settled });
        // What is said from now on is another flow, as after every gap.
        self.forget_flow(id);
        Some(Gap { after, before, settled })
    }

    /// Nothing is ever heard in a forum itself: once one of its posts is heard, all that was said unheard in the others has
    /// been shown. Returns the forum, where it was just opened.
    fn end_opening_of_forum(&mut self, post: ChannelId) -> Option<ChannelId> {
        let parent = self.channels.get(&post)?.sight.parent?;
        let forum = self.channels.get_mut(&parent)?;
        let ends = forum.just_opened && forum.sight.rules.is_of_posts();
        forum.just_opened &= !ends;
        ends.then_some(parent)
    }
}
