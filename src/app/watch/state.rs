//! The watch's memory: who is counted, the communities, and what the next flush will add.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use chrono::{DateTime, Duration, Utc};
use foldhash::{HashMap, HashSet};

use super::channels::{Channel, Gap, Place, Seen, Sight};
use super::company::THREADS;
use super::ear::Ear;
use super::past::PutOff;
use super::repeats::Repeats;
use super::{Access, Reaction};
use crate::domain::consent::{Consent, Part, part};
use crate::domain::conversation::{Addressee, Flow, Heard, Learned, Settled, Window};
use crate::domain::ids::{ChannelId, CommunityId, MessageId, UserId};
use crate::domain::observation::Observation;
use crate::domain::reaction::ReactionCap;
use crate::domain::thread::ThreadCompany;
use crate::domain::tie::{Kind, Thousandths};
use crate::store::{BotStanding, Consents, Counted, Lease, Listing, Mark, Progress, Reading, Resume, Shown};

/// Reactions remembered, so that a second one by the same person to the same message does not count.
const REACTIONS: usize = 4_096;

/// What a listing found of archived threads tells of a thread that is opened again so long after it. Whoever lets the bot into an
/// old thread later does not mean all that was ever said in it.
const LISTED_TELLS: Duration = Duration::weeks(8);

/// What has gathered since the last flush.
#[derive(Debug, Default)]
pub(super) struct Pending {
    pub counted: Counted,
    pub marks: BTreeMap<(CommunityId, ChannelId), MessageId>,
    pub readings: Vec<Reading>,
    pub listings: Vec<Listing>,
    pub listed: Vec<Listing>,
    pub shown: Shown,
    /// Channels of whose messages, told before they were shown, something has changed.
    pub unheard: BTreeSet<(CommunityId, ChannelId)>,
    /// Communities in whose voice channels something has changed.
    pub sitting: BTreeSet<CommunityId>,
    /// Communities that have taught something.
    pub taught: BTreeSet<CommunityId>,
    /// Shards whose session has moved on.
    pub moved: BTreeSet<u32>,
    pub messages: usize,
    /// A channel is counted for the first time.
    pub begins: bool,
}

#[derive(Debug)]
pub(super) struct State {
    /// Since which message each member is counted.
    pub roster: Consents,
    pub places: HashMap<CommunityId, Place>,
    pub readings: Vec<Reading>,
    pub listings: Vec<Listing>,
    /// Those that have ended: whoever looks and whoever listens may learn of a thread in either order. Stored, since the
    /// second of the two may be another process.
    listed: HashMap<(CommunityId, ChannelId), MessageId>,
    pub put_off: PutOff,
    /// Channels whose flow need not be recalled again.
    pub warmed: HashSet<ChannelId>,
    /// Channels that Discord does not let us read, whatever the session has shown, and since when.
    pub refused: HashMap<(CommunityId, ChannelId), DateTime<Utc>>,
    /// A door has opened since the reader was last told to look.
    pub door_opened: bool,
    /// Of communities that have not arrived: up to where they were counted by those who listened before.
    pub counted_to: HashMap<CommunityId, MessageId>,
    pub sessions: BTreeMap<u32, Resume>,
    pub standings: HashMap<CommunityId, BotStanding>,
    /// Under which all is counted.
    pub lease: Option<Lease>,
    pub pending: Pending,
    /// Handed to the store, with an unknown outcome until [`State::saved`].
    in_flight: Option<Arc<Progress>>,
    reacted: VecDeque<(MessageId, UserId)>,
    reacted_set: HashSet<(MessageId, UserId)>,
    cap: ReactionCap,
    pub repeats: Repeats,
    /// Whose writing in a thread has been noted.
    pub threads: ThreadCompany,
}

impl State {
    pub fn new(roster: Consents, readings: Vec<Reading>) -> Self {
        Self {
            roster,
            readings,
            listings: Vec::new(),
            places: HashMap::default(),
            put_off: PutOff::new(),
            listed: HashMap::default(),
            warmed: HashSet::default(),
            counted_to: HashMap::default(),
            refused: HashMap::default(),
            door_opened: false,
            sessions: BTreeMap::new(),
            standings: HashMap::default(),
            lease: None,
            pending: Pending::default(),
            in_flight: None,
            reacted: VecDeque::new(),
            reacted_set: HashSet::default(),
            cap: ReactionCap::default(),
            repeats: Repeats::default(),
            threads: ThreadCompany::of_at_most(THREADS),
        }
    }

    pub fn channel(&self, community: CommunityId, id: ChannelId) -> Option<&Channel> {
        self.places.get(&community)?.channels.get(&id)
    }

    /// Since when they are counted, and whether that is new; `stored` is what the store says.
    pub fn admit(&mut self, community: CommunityId, user: UserId, moment: i64, stored: Option<i64>) -> (i64, bool) {
        if self.roster.get(&(community, user)).copied() != stored {
            self.dismiss(community, user);
        }
        if let Some(from) = stored {
            self.roster.insert((community, user), from);
            return (from, false);
        }
        let latest = self.places.get(&community).and_then(|place| place.latest);
        let latest = latest.max(self.counted_to.get(&community).copied()).map(MessageId::get);
        let others = self.roster.iter().filter(|((of, _), _)| *of == community).map(|(_, from)| *from);
        let from = others.chain(latest).max().map_or(moment, |before| moment.max(before + 1));
        self.roster.insert((community, user), from);
        (from, true)
    }

    pub fn dismiss(&mut self, community: CommunityId, user: UserId) {
        self.roster.remove(&(community, user));
        let counted = &mut self.pending.counted;
        if counted.consents.remove(&(community, user)).is_some() {
            counted.deltas.retain(|(of, pair, ..)| *of != community || !pair.contains(user));
            counted.written.retain(|(of, _, _, writer), _| *of != community || *writer != user);
            counted.recent.retain(|recent| recent.community != community || recent.author != user);
        }
    }

    /// Forgets a community that the store has erased. One that is in sight has come back since.
    pub fn erase(&mut self, community: CommunityId) {
        let members: Vec<_> = self.roster.keys().filter(|(of, _)| *of == community).map(|(_, user)| *user).collect();
        for user in members {
            self.dismiss(community, user);
        }
        self.places.retain(|id, place| *id != community || place.in_sight);
        self.counted_to.remove(&community);
        self.readings.retain(|reading| reading.community != community);
        self.listings.retain(|listing| listing.community != community);
        self.listed.retain(|(of, _), _| *of != community);
        self.refused.retain(|(of, _), _| *of != community);
    }

    pub fn replace_roster(&mut self, roster: Consents) {
        let changed: Vec<_> =
            self.roster.iter().filter(|(who, from)| roster.get(who) != Some(from)).map(|(who, _)| *who).collect();
        for (community, user) in changed {
            self.dismiss(community, user);
        }
        self.roster = roster;
    }

    pub fn arrive(&mut self, community: CommunityId, sights: &[Sight]) {
        let standing = self.standings.get(&community).cloned().unwrap_or_default();
        self.refused.retain(|(of, _), _| *of != community);
        self.show(community, Some(standing));
        // It may have been away, and a thread that is not shown again been archived meanwhile.
        if let Some(place) = self.places.get_mut(&community) {
            place.lose_sight();
        }
        // Channels first: threads follow their rules.
        let threads = sights.iter().filter(|sight| sight.parent.is_some());
        for sight in sights.iter().filter(|sight| sight.parent.is_none()).chain(threads) {
            self.take_in(community, sight, Seen::AtArrival, self.heard(community, sight.parent));
        }
        self.open_listings(community);
        // Only now, since each channel asks what was the latest before.
        if let Some(place) = self.places.get_mut(&community) {
            place.in_sight = true;
            place.latest = place.latest.max(sights.iter().filter_map(|sight| sight.last_message).max());
            // A community of empty channels has been listened to as well.
            place.latest = place.latest.max(place.marks.values().map(|mark| mark.last).max());
        }
    }

    /// What was said unheard may stand in threads that were archived since, which no snapshot shows. So may what was told of
    /// a thread before the thread itself was.
    fn open_listings(&mut self, community: CommunityId) {
        let Some((place, latest)) = self.places.get(&community).and_then(|place| Some((place, place.latest?))) else {
            return;
        };
        let unheard = place.unheard.first(latest.time() - LISTED_TELLS);
        let since = unheard.map_or(latest, |first| latest.min(MessageId::from_column(first.get() - 1)));
        let listings: Vec<_> = place.with_threads().map(|channel| Listing { community, channel, since }).collect();
        for listing in listings {
            self.open_listing(listing);
        }
    }

    /// All threads that a listing was to find have been found.
    pub fn end_listing(&mut self, listing: &Listing, found: &[Sight]) {
        for sight in found {
            self.take_in(listing.community, sight, Seen::Archived, Some(listing.since));
        }
        self.listings.retain(|other| other != listing);
        self.pending.listed.push(*listing);
        self.note_listed(listing);
    }

    fn note_listed(&mut self, listing: &Listing) {
        let listed = self.listed.entry((listing.community, listing.channel)).or_insert(listing.since);
        *listed = listing.since.min(*listed);
    }

    /// What the processes before this one have still to list, and what they have listed.
    pub fn take_over_listings(&mut self, to_end: Vec<Listing>, ended: &[Listing]) {
        self.listings = to_end;
        for listing in ended {
            self.note_listed(listing);
        }
    }

    /// A channel, and its threads, which follow it; or a thread.
    pub fn see(&mut self, community: CommunityId, sight: &Sight) {
        let threads = self.places.get(&community).map(|place| place.following(sight)).unwrap_or_default();
        for sight in std::iter::once(sight).chain(&threads) {
            self.take_in(community, sight, Seen::Later, self.heard(community, sight.parent));
        }
    }

    /// Up to where nothing is missing in a channel without a mark: the last message heard anywhere, but in threads that are
    /// looked for among the archived ones, or were, and have been opened again before they were found, only up to there.
    fn heard(&self, community: CommunityId, parent: Option<ChannelId>) -> Option<MessageId> {
        let is_parent = |listing: &&Listing| listing.community == community && Some(listing.channel) == parent;
        let since = self.listings.iter().filter(is_parent).map(|listing| listing.since);
        let latest = self.places.get(&community).and_then(|place| place.latest);
        let lately = |since: &MessageId| latest.is_none_or(|latest| since.time() > latest.time() - LISTED_TELLS);
        let listed = parent.and_then(|parent| self.listed.get(&(community, parent)).copied()).filter(lately);
        since.chain(listed).min().or(latest)
    }

    pub fn take_in(&mut self, community: CommunityId, sight: &Sight, seen: Seen, heard: Option<MessageId>) {
        let Some(place) = self.places.get_mut(&community) else { return };
        let channel = sight.channel;
        let mark = |place: &Place| place.marks.get(&channel).map(|mark| mark.last);
        let (before, seen_before) = (mark(place), place.seen(channel));
        let was_closed = place.access(channel).is_some_and(|access| access != Access::Reads);
        let listing = place.threads_unheard(sight, seen);
        if place.unheard.get(channel).is_some() {
            self.pending.unheard.insert((community, channel));
        }
        let gap = place.take_in(sight, seen, heard);
        let (after, seen_after) = (mark(place), place.seen(channel));
        if was_closed && place.access(channel) == Some(Access::Reads) {
            self.refused.retain(|(of, _), _| *of != community);
            self.door_opened = true;
        }
        if seen == Seen::AtArrival || seen_after != seen_before {
            self.pending.shown.channels.insert((community, channel), seen_after);
        }
        if let Some(mark) = after.filter(|_| after != before) {
            self.pending.marks.insert((community, channel), mark);
            self.pending.begins |= before.is_none();
        }
        if let Some(gap) = gap {
            self.open_reading(community, channel, gap);
        }
        if let Some(since) = listing {
            self.open_listing(Listing { community, channel, since });
        }
    }

    pub fn open_reading(&mut self, community: CommunityId, channel: ChannelId, gap: Gap) {
        let Gap { after, before, settled } = gap;
        self.warmed.remove(&channel);
        let reading = Reading { community, channel, after, before, cursor: after, settled };
        self.pending.readings.push(reading);
        self.readings.push(reading);
    }

    fn open_listing(&mut self, listing: Listing) {
        self.pending.listings.push(listing);
        self.listings.push(listing);
    }

    /// Takes in a message as it is told; says whether something was counted of it.
    pub fn hear(&mut self, observation: &Observation) -> bool {
        let (community, id, message) = (observation.community(), observation.channel(), observation.message());
        let Some(place) = self.places.get_mut(&community) else { return false };
        place.latest = place.latest.max(Some(message));
        let minute_ends = place.voices.is_due(message);
        let counts = place.counts(id);
        // What another session has shown says nothing of what was said before this one told of it.
        let Some(channel) = place.channels.get_mut(&id).filter(|channel| channel.in_sight()) else {
            self.note_unheard(community, id, message);
            return false;
        };
        channel.sight.last_message = channel.sight.last_message.max(Some(message));
        if message <= channel.floor || self.repeats.know(message) {
            return false;
        }
        if channel.just_opened {
            self.end_opening(observation);
            return self.hear(observation);
        }
        let is_thread = channel.sight.parent.is_some();
        let mark = place.marks.entry(id).or_insert(Mark { last: message, settled: channel.floor });
        let ear = channel.ear.get_or_insert_with(|| Box::new(Ear::of(Flow::after(mark.settled, Window::default()))));
        if !ear.admits(message) {
            return false;
        }
        mark.last = message.max(mark.last);
        self.pending.marks.insert((community, id), mark.last);
        self.pending.messages += 1;
        let counted = &mut self.pending.counted;
        let mut is_counted = false;
        if counts {
            let labels = place.habits.learned().labels;
            let heard = ear.flow.hear(observation, &mut place.habits);
            if place.habits.learned().labels != labels {
                self.pending.taught.insert(community);
            }
            is_counted = count(&self.roster, counted, observation, &heard);
            if is_thread {
                self.note_writer(observation);
            }
        } else {
            // What is said from here on is not for us, and tells nothing.
            count_settled(&self.roster, counted, community, &ear.flow.settle(&place.habits), |part| part == Part::Live);
        }
        if minute_ends {
            self.pass(community, message.time());
        }
        is_counted
    }

    pub fn react(&mut self, reaction: &Reaction) {
        let Reaction { community, channel, message, user, at, .. } = *reaction;
        let Some(place) = self.places.get(&community).filter(|place| place.counts(channel)) else { return };
        let flow = place.channels.get(&channel).and_then(|channel| channel.ear.as_ref()).map(|ear| &ear.flow);
        let author = reaction.author.or_else(|| flow.and_then(|flow| flow.author_of(message)));
        let Some(author) = author.filter(|author| *author != user) else { return };
        let consents = consent(&self.roster, community, user).zip(consent(&self.roster, community, author));
        let Some((reader, writer)) = consents else { return };
        if part(reader, writer, message) != Part::Live
            || !self.first_of(message, user)
            || !self.cap.admits(community, user, author, at)
        {
            return;
        }
        self.cap.forget_before(at.date_naive());
        let counted = &mut self.pending.counted;
        counted.deltas.add(community, user, author, at, Kind::Reaction, Thousandths::ONE);
        note_consents(counted, community, [reader, writer]);
    }

    /// Whether this is the person's first reaction to this message, as far as is remembered.
    fn first_of(&mut self, message: MessageId, user: UserId) -> bool {
        if !self.reacted_set.insert((message, user)) {
            return false;
        }
        self.reacted.push_back((message, user));
        if self.reacted.len() > REACTIONS
            && let Some(oldest) = self.reacted.pop_front()
        {
            self.reacted_set.remove(&oldest);
        }
        true
    }

    /// What is to be stored next: first what was handed out before and is not known to have arrived.
    pub fn next_to_save(&mut self) -> Option<Arc<Progress>> {
        if self.in_flight.is_none() {
            self.tidy();
            let (stays, unheard) = (self.stays_to_save(), self.unheard_to_save());
            let Pending { counted, marks, readings, listings, listed, shown, taught, moved, .. } =
                std::mem::take(&mut self.pending);
            let (marks, learned) = (self.marks_to_save(marks), self.learned_to_save(&taught));
            let sessions: Vec<_> = moved.iter().filter_map(|shard| self.sessions.get(shard).cloned()).collect();
            let unmoved = marks.is_empty() && readings.is_empty() && listings.is_empty() && listed.is_empty();
            let silent = counted.deltas.is_empty() && counted.written.is_empty() && stays.is_empty();
            let idle = silent && unmoved && unheard.is_empty() && shown.is_empty() && sessions.is_empty();
            let lease = self.lease.clone();
            let progress = Progress {
                counted,
                marks,
                learned,
                readings,
                listings,
                listed,
                shown,
                unheard,
                stays,
                sessions,
                lease,
            };
            self.in_flight = (!idle).then(|| Arc::new(progress));
        }
        self.in_flight.clone()
    }

    /// Whether a channel's first mark is not known to be stored.
    pub fn begins_unsaved(&self) -> bool {
        self.pending.begins || self.in_flight.is_some()
    }

    pub fn saved(&mut self) {
        self.in_flight = None;
    }

    /// Whether a reading is known to the store.
    pub fn is_saved(&self, reading: &Reading) -> bool {
        let same = |other: &Reading| other.channel == reading.channel && other.after == reading.after;
        let in_flight = self.in_flight.iter().flat_map(|progress| &progress.readings);
        !self.pending.readings.iter().chain(in_flight).any(same)
    }

    fn marks_to_save(
        &mut self,
        marks: BTreeMap<(CommunityId, ChannelId), MessageId>,
    ) -> BTreeMap<(CommunityId, ChannelId), Mark> {
        let places = &mut self.places;
        let mark = |((community, channel), last)| {
            let place = places.get_mut(&community);
            let mark = place.map_or(Mark { last, settled: last }, |place| place.mark_to_save(channel, last));
            ((community, channel), mark)
        };
        marks.into_iter().map(mark).collect()
    }

    fn learned_to_save(&self, taught: &BTreeSet<CommunityId>) -> BTreeMap<CommunityId, Learned> {
        let learned = |community: &CommunityId| Some((*community, self.places.get(community)?.habits.learned()));
        taught.iter().filter_map(learned).collect()
    }
}

/// Adds what a message was for, between members both of whom had said "count me in" before it was written.
///
/// A guess is counted as it is first made, and changed by what it is when it is settled. The mark says up to where all are
/// settled, so that whoever goes on after a kill between the two settles the others. Says whether something was counted of
/// the message itself.
pub(super) fn count(roster: &Consents, counted: &mut Counted, observation: &Observation, heard: &Heard) -> bool {
    count_part(roster, counted, observation, heard, |part| part == Part::Live)
}

/// Adds what a message was for, between members for whom it belongs to the part that is wanted.
pub(super) fn count_part(
    roster: &Consents,
    counted: &mut Counted,
    observation: &Observation,
    heard: &Heard,
    wanted: impl Fn(Part) -> bool,
) -> bool {
    let community = observation.community();
    // Most messages are a bystander's, and end here.
    let is_counted = consent(roster, community, observation.author()).is_some_and(|from| {
        count_from(roster, counted, (community, observation.message()), from, &heard.addressees, &wanted)
    });
    count_settled(roster, counted, community, heard.settled.iter().chain(&heard.over), wanted);
    is_counted
}

/// Adds what guesses that are final now change, as [`count_part`] does.
pub(super) fn count_settled<'s>(
    roster: &Consents,
    counted: &mut Counted,
    community: CommunityId,
    settled: impl IntoIterator<Item = &'s Settled>,
    wanted: impl Fn(Part) -> bool,
) {
    for settled in settled {
        if let Some(from) = consent(roster, community, settled.author) {
            count_from(roster, counted, (community, settled.message), from, &settled.changes(), &wanted);
        }
    }
}

fn count_from(
    roster: &Consents,
    counted: &mut Counted,
    (community, message): (CommunityId, MessageId),
    from: Consent,
    addressees: &[Addressee],
    wanted: impl Fn(Part) -> bool,
) -> bool {
    let mut is_counted = false;
    for to in addressees {
        let Some(other) = consent(roster, community, to.user) else { continue };
        if wanted(part(from, other, message)) {
            counted.deltas.add(community, from.user, to.user, message.time(), to.kind, to.weight);
            note_consents(counted, community, [from, other]);
            is_counted = true;
        }
    }
    is_counted
}

/// Since when they are counted; `None` for who is no member.
pub(super) fn consent(roster: &Consents, community: CommunityId, user: UserId) -> Option<Consent> {
    roster.get(&(community, user)).map(|from| Consent { user, from: *from })
}

pub(super) fn note_consents(counted: &mut Counted, community: CommunityId, both: [Consent; 2]) {
    for Consent { user, from } in both {
        counted.consents.insert((community, user), from);
    }
}
