//! All that a replay remembers while it reads: windows, ties and people, never the messages themselves.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};

use chrono::{DateTime, Utc};

use crate::domain::conversation::{Addressees, Habits, Settled, Window};
use crate::domain::ids::{ChannelId, CommunityId, MessageId, UserId};
use crate::domain::observation::{Observation, Reply};
use crate::domain::reaction::ReactionCap;
use crate::domain::thread::ThreadCompany;
use crate::domain::tie::{Deltas, Kind, Thousandths, Week};
use crate::export::{self, Author, Channel, Message, MessageType, Seen};

/// Characters of a name that are kept; Discord allows 32.
const LONGEST_NAME: usize = 40;
/// Messages whose author is known to replies, about 50 bytes each: more than a month of a busy channel.
const KNOWN_AUTHORS: usize = 200_000;

/// Threads and weeks whose writers are remembered, some hundred bytes each.
const KNOWN_THREADS: usize = 50_000;

/// Somebody who wrote.
#[derive(Debug, Default)]
pub(super) struct Person {
    /// Harmless to show: the latest nickname, else the account's name.
    pub(super) name: String,
    has_nickname: bool,
    pub(super) messages: u64,
    /// When they first wrote.
    pub(super) since: Option<DateTime<Utc>>,
    /// Where they write, threads counted as their channel.
    pub(super) places: BTreeSet<ChannelId>,
}

impl Person {
    fn is_called(&mut self, author: &Author<'_>) {
        let called = author.nickname.as_ref().unwrap_or(&author.name);
        if self.name != *called && (author.nickname.is_some() || !self.has_nickname) {
            self.name = export::plain(called, LONGEST_NAME);
            self.has_nickname = author.nickname.is_some();
        }
    }
}

/// What is told beside the ties.
#[derive(Debug, Default)]
pub(super) struct Figures {
    pub(super) messages: u64,
    pub(super) repeats: u64,
    pub(super) reactions: u64,
    pub(super) nameless_reactions: u64,
    pub(super) replies: u64,
    pub(super) unknown_replies: u64,
    pub(super) bad_messages: u64,
    pub(super) broken_files: u64,
    pub(super) first: Option<DateTime<Utc>>,
    pub(super) last: Option<DateTime<Utc>>,
}

/// The state of a replay; see the module.
#[derive(Debug, Default)]
pub(super) struct Fold {
    pub(super) figures: Figures,
    pub(super) people: BTreeMap<UserId, Person>,
    pub(super) deltas: Deltas,
    pub(super) communities: BTreeSet<CommunityId>,
    /// Channels and threads that hold a message, with whether they are threads.
    pub(super) channels: BTreeMap<ChannelId, bool>,
    pub(super) seen: Seen,
    here: Option<Channel>,
    windows: BTreeMap<ChannelId, (CommunityId, Window)>,
    habits: HashMap<CommunityId, Habits>,
    /// Bots, webhooks and the deleted, as far as they wrote.
    no_people: HashSet<UserId>,
    authors: KnownAuthors,
    reactions: ReactionCap,
    threads: Threads,
}

/// Who wrote in which thread in which week.
#[derive(Debug)]
struct Threads(ThreadCompany);

impl Default for Threads {
    fn default() -> Self {
        Self(ThreadCompany::of_at_most(KNOWN_THREADS))
    }
}

impl Fold {
    /// The messages to come are of this channel.
    pub(super) fn begin(&mut self, channel: Channel) {
        self.seen.begin(channel.id);
        self.here = Some(channel);
    }

    /// Takes in the channel's next message. Returns what is final by it: whom it was for, whom an earlier one was for.
    pub(super) fn hear(&mut self, message: &Message<'_>) -> Vec<(MessageId, Addressees)> {
        let author = message.author.id;
        self.authors.insert(message.id, author);
        if !message.author.is_person {
            self.no_people.insert(author);
        }
        let Some(here) = self.here.filter(|_| message.author.is_person && message.kind != MessageType::Other) else {
            return Vec::new();
        };
        if !self.seen.is_new(message.id) {
            self.figures.repeats += 1;
            return Vec::new();
        }
        self.count(message, here);
        let reply = self.reply_of(message);
        let mentions = message.mentions.iter().copied();
        let observation = Observation::new(here.community, here.id, message.id, author, reply, mentions);
        let (_, window) = self.windows.entry(here.id).or_insert_with(|| (here.community, Window::default()));
        let heard = window.hear(&observation, self.habits.entry(here.community).or_default());
        let told = self.tell(here.community, (message.id, author), &heard.addressees, heard.addressees.clone());
        let settled = heard.settled.map(|settled| self.tell_settled(here.community, settled));
        self.react(message, here);
        self.write_in_thread(message, here);
        settled.into_iter().chain((!heard.waits).then_some(told)).collect()
    }

    /// What still waits for later messages, now that there are none.
    pub(super) fn finish(&mut self) -> Vec<(MessageId, Addressees)> {
        let habits = &self.habits;
        let waiting = self.windows.values_mut().flat_map(|(community, window)| {
            let settled = habits.get(community).map(|habits| window.settle(habits)).unwrap_or_default();
            settled.into_iter().map(|settled| (*community, settled)).collect::<Vec<_>>()
        });
        let waiting: Vec<_> = waiting.collect();
        waiting.into_iter().map(|(community, settled)| self.tell_settled(community, settled)).collect()
    }

    fn tell_settled(&mut self, community: CommunityId, settled: Settled) -> (MessageId, Addressees) {
        let changes = settled.changes();
        self.tell(community, (settled.message, settled.author), &changes, settled.last)
    }

    /// Counts the changes; returns the message with those of its addressees who are people.
    fn tell(
        &mut self,
        community: CommunityId,
        (message, author): (MessageId, UserId),
        changes: &Addressees,
        mut told: Addressees,
    ) -> (MessageId, Addressees) {
        for to in changes.iter().filter(|to| !self.no_people.contains(&to.user)) {
            self.deltas.add(community, author, to.user, message.time(), to.kind, to.weight);
        }
        told.retain(|to| !self.no_people.contains(&to.user));
        (message, told)
    }

    fn count(&mut self, message: &Message<'_>, here: Channel) {
        let at = message.id.time();
        let figures = &mut self.figures;
        figures.messages += 1;
        figures.first = Some(figures.first.map_or(at, |first| first.min(at)));
        figures.last = Some(figures.last.map_or(at, |last| last.max(at)));
        self.communities.insert(here.community);
        self.channels.insert(here.id, here.is_thread());
        let person = self.people.entry(message.author.id).or_default();
        person.messages += 1;
        person.since = Some(person.since.map_or(at, |since| since.min(at)));
        person.places.insert(here.parent);
        person.is_called(&message.author);
    }

    fn reply_of(&mut self, message: &Message<'_>) -> Reply {
        if message.kind != MessageType::Reply {
            return Reply::None;
        }
        self.figures.replies += 1;
        let author = message.answers.and_then(|answered| self.authors.get(answered));
        self.figures.unknown_replies += u64::from(author.is_none());
        match (author, message.answers) {
            (Some(author), _) => Reply::To(author),
            (None, Some(answered)) => Reply::Unresolved(answered),
            (None, None) => Reply::None,
        }
    }

    /// One reaction per person and message, at the time of the message: exports do not say when somebody reacted.
    fn react(&mut self, message: &Message<'_>, here: Channel) {
        let (author, at) = (message.author.id, message.id.time());
        let mut reacted: Vec<UserId> = Vec::new();
        for reaction in &message.reactions {
            if !reaction.is_named {
                self.figures.nameless_reactions += reaction.count;
            }
            for user in &reaction.users {
                if !reacted.contains(user) && *user != author {
                    reacted.push(*user);
                }
            }
        }
        self.figures.reactions += reacted.len() as u64;
        for user in reacted {
            if self.reactions.admits(here.community, user, author, at) {
                self.deltas.add(here.community, user, author, at, Kind::Reaction, Thousandths::ONE);
            }
        }
    }

    /// Each two who write in one thread count once a week for it.
    fn write_in_thread(&mut self, message: &Message<'_>, here: Channel) {
        let (author, at) = (message.author.id, message.id.time());
        if !here.is_thread() {
            return;
        }
        for other in self.threads.0.write(here.id, Week::of(at), author).unwrap_or_default() {
            for (one, two) in [(author, other), (other, author)] {
                self.deltas.add(here.community, one, two, at, Kind::Thread, Thousandths::ONE);
            }
        }
    }

    /// Counts a message left out; the answer is how many there were before.
    pub(super) const fn skip_message(&mut self) -> u64 {
        self.figures.bad_messages += 1;
        self.figures.bad_messages - 1
    }

    /// Counts a file left out; the answer is how many there were before.
    pub(super) const fn skip_file(&mut self) -> u64 {
        self.figures.broken_files += 1;
        self.figures.broken_files - 1
    }
}

/// The authors of the latest messages.
#[derive(Debug, Default)]
struct KnownAuthors {
    by_message: HashMap<MessageId, UserId>,
    order: VecDeque<MessageId>,
}

impl KnownAuthors {
    fn insert(&mut self, message: MessageId, author: UserId) {
        if self.by_message.insert(message, author).is_none() {
            self.order.push_back(message);
        }
        if self.order.len() > KNOWN_AUTHORS
            && let Some(oldest) = self.order.pop_front()
        {
            self.by_message.remove(&oldest);
        }
    }

    fn get(&self, message: MessageId) -> Option<UserId> {
        self.by_message.get(&message).copied()
    }
}
