//! What is known of a community's channels: whether they count, up to where they have been counted, and what has just
//! been said in them.

use std::collections::BTreeMap;
use std::sync::Arc;

use foldhash::{HashMap, HashSet};

use super::ear::Ear;
use super::unheard::{Unheard, widen};
use crate::domain::conversation::Habits;
use crate::domain::ids::{ChannelId, MessageId};
use crate::domain::voice::VoiceRooms;
use crate::store::{Access, Mark, Rules, SeenChannel, Threads, Voices, Watch as Word};

/// A channel or thread as Discord shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sight {
    pub channel: ChannelId,
    /// Of a thread only: the channel whose rules it follows.
    pub parent: Option<ChannelId>,
    /// In which the channel stands; none of a thread.
    pub category: Option<ChannelId>,
    pub age_restricted: bool,
    /// The newest message; it may have been deleted since.
    pub last_message: Option<MessageId>,
    pub access: Access,
    pub threads: Threads,
    /// By which the two above are judged anew when the bot's roles change.
    pub rules: Arc<Rules>,
    /// It was made just now, so nothing was said in it before.
    pub new: bool,
}

/// A stretch of a channel's past: above `after` and not above `before`. Guesses above `settled` that wait for their second
/// count go with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Gap {
    pub after: MessageId,
    pub before: MessageId,
    pub settled: MessageId,
}

/// Whose snapshot a sight comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Seen {
    /// The session's first look: all up to the newest message was said before it.
    AtArrival,
    /// Found among the archived threads, where nothing more is said without the session telling.
    Archived,
    /// During the session: what is newer than the last message heard will still be delivered.
    Later,
}

#[derive(Debug)]
pub(super) struct Channel {
    pub sight: Sight,
    /// Whether this session has shown it; else messages may be missing since its mark.
    in_sight: bool,
    /// Live counting takes messages above this one; those below are counted or left to reading.
    pub floor: MessageId,
    /// What was said above the floor and below the next message that is heard has not been heard.
    pub just_opened: bool,
    pub ear: Option<Box<Ear>>,
}

impl Channel {
    pub const fn in_sight(&self) -> bool {
        self.in_sight
    }
}

/// One community.
#[derive(Debug, Default)]
pub(super) struct Place {
    pub channels: HashMap<ChannelId, Channel>,
    pub words: HashMap<ChannelId, Word>,
    /// Up to which message each channel has been counted, and up to where all guesses were final when that was last
    /// stored; for channels that are not in sight, too.
    pub marks: HashMap<ChannelId, Mark>,
    /// The newest message heard of in any channel.
    pub latest: Option<MessageId>,
    /// Whether its session shows it as it is now: what is to be read or listed waits for that.
    pub in_sight: bool,
    /// What its replies have taught.
    pub habits: Habits,
    pub voices: VoiceRooms,
    pub unheard: Unheard,
    /// As the session of an earlier process has shown them last.
    pub hidden_before: HashSet<ChannelId>,
    pub afk_channel: Option<ChannelId>,
}

impl Place {
    pub fn new(marks: &[(ChannelId, Mark)], words: Vec<(ChannelId, Word)>) -> Self {
        let latest = marks.iter().map(|(_, mark)| mark.last).max();
        Self { words: words.into_iter().collect(), marks: marks.iter().copied().collect(), latest, ..Self::default() }
    }

    pub fn with_habits(self, habits: Habits) -> Self {
        Self { habits, ..self }
    }

    pub fn with_unheard(self, unheard: Unheard, hidden_before: Vec<ChannelId>) -> Self {
        Self { unheard, hidden_before: hidden_before.into_iter().collect(), ..self }
    }

    pub fn with_voices(self, voices: Voices) -> Self {
        Self { voices: VoiceRooms::of(voices.stays), afk_channel: voices.afk_channel, ..self }
    }

    /// As the session that goes on had shown it.
    pub fn shown(mut self, channels: &[SeenChannel]) -> Self {
        for seen in channels {
            let id = seen.channel;
            let sight = Sight {
                channel: id,
                parent: seen.parent,
                category: seen.category,
                age_restricted: seen.age_restricted,
                // Where nothing was ever said the mark lies just below the channel's own id.
                last_message: self.marks.get(&id).map(|mark| mark.last).filter(|last| last.get() >= id.get()),
                access: seen.access,
                threads: seen.threads,
                rules: Arc::clone(&seen.rules),
                new: false,
            };
            let (floor, just_opened) = (seen.floor, seen.just_opened);
            self.channels.insert(id, Channel { sight, in_sight: true, floor, just_opened, ear: None });
        }
        self
    }

    /// What the next process has to know of a channel to go on with this session.
    pub fn seen(&self, id: ChannelId) -> Option<SeenChannel> {
        let Channel { sight, floor, just_opened, .. } = self.known(id)?;
        Some(SeenChannel {
            channel: id,
            parent: sight.parent,
            category: sight.category,
            age_restricted: sight.age_restricted,
            access: sight.access,
            threads: sight.threads,
            rules: Arc::clone(&sight.rules),
            floor: *floor,
            just_opened: *just_opened,
        })
    }

    /// Up to where all guesses in a channel are final, once all that was told of it is counted.
    pub fn settled(&self, id: ChannelId) -> MessageId {
        let Some(mark) = self.marks.get(&id) else { return MessageId::from_column(0) };
        let ear = self.channels.get(&id).and_then(|channel| channel.ear.as_ref());
        // Never back: a message that came late may be older than what is final.
        ear.map_or(mark.settled, |ear| mark.settled.max(ear.flow.settled(mark.last)))
    }

    /// A channel's mark as it is to be stored.
    pub fn mark_to_save(&mut self, id: ChannelId, last: MessageId) -> Mark {
        let settled = self.settled(id).min(last);
        if let Some(mark) = self.marks.get_mut(&id) {
            mark.settled = settled;
        }
        Mark { last, settled }
    }

    /// Nothing waits in a channel any more; its window is no longer of use.
    pub fn forget_flow(&mut self, id: ChannelId) {
        if let Some(channel) = self.channels.get_mut(&id) {
            channel.ear = None;
        }
        if let Some(mark) = self.marks.get_mut(&id) {
            mark.settled = mark.last;
        }
    }

    pub fn lose_sight(&mut self) {
        self.in_sight = false;
        for channel in self.channels.values_mut() {
            channel.in_sight = false;
        }
    }

    /// Whether what is said there counts: the admins' word on it (a thread's is its parent's), else on its category, else
    /// Discord's own mark.
    pub fn counts(&self, id: ChannelId) -> bool {
        let Some(channel) = self.channels.get(&id) else { return false };
        let rules = channel.sight.parent.unwrap_or(id);
        let ruling = if rules == id { Some(channel) } else { self.channels.get(&rules) };
        let category = ruling.and_then(|ruling| ruling.sight.category);
        match self.words.get(&rules).or_else(|| self.words.get(&category?)) {
            Some(Word::Watched) => true,
            Some(Word::Ignored) => false,
            None => ruling.is_some_and(|ruling| !ruling.sight.age_restricted),
        }
    }

    /// Whether the bot may look into a channel now that it could not hear before in this session.
    pub fn opens(&self, sight: &Sight, seen: Seen) -> bool {
        let was_closed = match (self.known(sight.channel), sight.parent) {
            (Some(known), _) => known.sight.access == Access::Hidden,
            (None, None) => self.marks.contains_key(&sight.channel),
            (None, Some(parent)) => self.channels.get(&parent).is_some_and(|parent| parent.just_opened),
        };
        seen == Seen::Later && was_closed && sight.access != Access::Hidden
    }

    /// What the bot may do in a channel, as this session has shown it or, of a thread that is archived, its channel;
    /// `None` where trying must show.
    pub fn access(&self, id: ChannelId) -> Option<Access> {
        let parent = || self.known(self.channels.get(&id)?.sight.parent?);
        self.known(id).or_else(parent).map(|channel| channel.sight.access)
    }

    /// A channel that this session has shown.
    fn known(&self, id: ChannelId) -> Option<&Channel> {
        self.channels.get(&id).filter(|channel| channel.in_sight)
    }

    /// Takes in how a channel looks; returns what was said there unheard, and sets the mark behind it. `heard` is up to
    /// where a channel without a mark is known to have been silent.
    pub fn take_in(&mut self, sight: &Sight, seen: Seen, heard: Option<MessageId>) -> Option<Gap> {
        let id = sight.channel;
        // A message in a forum's post may bear the id of the post itself.
        let beginning = MessageId::from_column(id.get() - 1);
        // Until something is heard in it, each look at it may tell of more that was said behind the door.
        let just_opened = seen != Seen::AtArrival && self.known(id).is_some_and(|known| known.just_opened);
        let opens = self.opens(sight, seen) || (just_opened && sight.access != Access::Hidden);
        let known =
            self.known(id).filter(|_| seen != Seen::AtArrival && !opens).map(|known| (known.floor, known.just_opened));
        let said = match (seen, self.latest) {
            // What stands there was not heard. Where only the bot's roles changed, nobody says what is the newest.
            (_, latest) if opens => sight.last_message.max(latest),
            (Seen::AtArrival | Seen::Archived, _) => sight.last_message,
            (Seen::Later, latest) => sight.last_message.zip(latest).map(|(last, latest)| last.min(latest)),
        };
        let mark = match (self.marks.get(&id), heard) {
            (Some(mark), _) => mark.last,
            (None, _) if sight.new => beginning,
            // Nothing was said in it that we heard, so all is new since the last message heard anywhere.
            (None, Some(heard)) => beginning.max(heard),
            // The first time here: counting begins now, nothing is read back.
            (None, None) => said.unwrap_or(beginning),
        };
        let stored = self.marks.contains_key(&id);
        let (mark, said) = widen(self.unheard.take(id), (mark, stored), said);
        let settled = if stored { self.settled(id) } else { mark };
        // In a forum itself nothing is said.
        let gap = said.filter(|said| *said > mark && known.is_none() && !sight.rules.is_of_posts());
        let gap = gap.map(|before| Gap { after: mark, before, settled: settled.min(mark) });
        // What is told from now on is new, though its id may lie below one that was told elsewhere.
        let told = if seen == Seen::Later && !stored && !opens { beginning } else { mark };
        let (floor, just_opened) = known.unwrap_or_else(|| (gap.map_or(told, |gap| gap.before), opens));
        // Nothing is heard behind a closed door. A message that is tells that it is open, before that itself was told.
        let just_opened = just_opened || sight.access == Access::Hidden;
        let is_in_view = sight.access != Access::Hidden;
        let ear = self.channels.remove(&id).and_then(|channel| channel.ear);
        // Where a role opens it nobody says what is the newest, and there may be something.
        let unseen = said.filter(|_| opens && !sight.rules.is_of_posts());
        let sight = Sight { last_message: sight.last_message.max(unseen), ..sight.clone() };
        self.channels.insert(id, Channel { sight, in_sight: true, floor, just_opened, ear });
        let mark = self.marks.entry(id).or_insert(Mark { last: mark, settled: mark });
        // Whoever may not even look hears nothing live: the mark stays for the day when they may. Whoever may not look back
        // does, so what is to be read has to wait for that.
        let gap = gap.filter(|_| is_in_view)?;
        mark.last = gap.before;
        let is_read = self.counts(id);
        if is_read || !self.is_heard(id) {
            // What is said from now on is another flow: this one, with all that waits in it, goes on with the reading, or
            // can never be had again.
            self.forget_flow(id);
        }
        is_read.then_some(gap)
    }

    fn is_heard(&self, id: ChannelId) -> bool {
        self.channels.get(&id).is_some_and(|channel| channel.ear.is_some())
    }

    /// The open threads of a channel, as far as they are in sight.
    pub fn threads_of(&self, parent: ChannelId) -> impl Iterator<Item = ChannelId> {
        let sights = self.channels.values().map(|channel| &channel.sight);
        sights
            .filter(move |sight| sight.parent == Some(parent) && sight.access == Access::Reads)
            .map(|sight| sight.channel)
    }

    pub fn skipped(&self) -> BTreeMap<ChannelId, Access> {
        let skipped = self.channels.values().filter(|channel| channel.sight.access != Access::Reads);
        let skipped = skipped.map(|channel| (channel.sight.channel, channel.sight.access));
        skipped.filter(|(channel, _)| self.counts(*channel)).collect()
    }
}
