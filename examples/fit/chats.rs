//! Exported chats with the truth of who answered whom, and ways to make other chats of them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use wallflower::domain::ids::{MessageId, UserId};
use wallflower::domain::observation::{Observation, Reply};
use wallflower::export::{self, Entry, MessageType};

#[derive(Debug, Clone)]
pub struct Said {
    pub observation: Observation,
    /// Whom it really answered; `None` where nobody judged it.
    pub truth: Option<BTreeSet<UserId>>,
}

/// One channel.
#[derive(Debug, Clone, Default)]
pub struct Chat {
    pub messages: Vec<Said>,
}

/// All chats of a folder, by file name, with the truth of its `truth.csv`.
pub fn read(folder: &Path) -> Result<Vec<Chat>> {
    let truth = truth(folder)?;
    let mut chats = Vec::new();
    for file in export::find(&[folder.to_owned()])? {
        let (mut chat, mut channel) = (Chat::default(), None);
        export::read(&file, &|_| {}, &mut |entry| -> Result<()> {
            match entry {
                Entry::Channel(here) => channel = Some(here),
                Entry::Message(message) if message.author.is_person && message.kind != MessageType::Other => {
                    let here = channel.context("a message before its channel")?;
                    let mentions = message.mentions.iter().copied();
                    let author = message.author.id;
                    let observation =
                        Observation::new(here.community, here.id, message.id, author, Reply::None, mentions);
                    chat.messages.push(Said { observation, truth: truth.get(&message.id).cloned() });
                }
                Entry::Message(_) => {}
                Entry::Bad(broken) => return Err(broken.into()),
            }
            Ok(())
        })?;
        chats.push(chat);
    }
    Ok(chats)
}

fn truth(folder: &Path) -> Result<BTreeMap<MessageId, BTreeSet<UserId>>> {
    let path = folder.join("truth.csv");
    let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    let mut truth = BTreeMap::new();
    for line in text.lines().skip(1) {
        let mut columns = line.split(',').skip(1);
        let (message, _, answered) = (columns.next(), columns.next(), columns.next().unwrap_or_default());
        let message = message.context("a line of truth.csv without a message")?.parse()?;
        truth.insert(message, answered.split_whitespace().map(str::parse).collect::<Result<_, _>>()?);
    }
    Ok(truth)
}

/// A small generator, so that every run draws the same.
struct Draw(u64);

impl Draw {
    /// Between 0 and 1.
    fn next(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        #[expect(clippy::cast_precision_loss, reason = "32 bits are exact")]
        let drawn = (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 32) as f64 / f64::from(u32::MAX);
        drawn
    }
}

fn changed(chat: &Chat, mut change: impl FnMut(&Said) -> Option<Said>) -> Chat {
    Chat { messages: chat.messages.iter().filter_map(&mut change).collect() }
}

fn with(said: &Said, at: DateTime<Utc>, reply: Reply, mentions: Vec<UserId>) -> Observation {
    let old = &said.observation;
    let message = if at == old.at() { old.message() } else { MessageId::at(at) };
    Observation::new(old.community(), old.channel(), message, old.author(), reply, mentions)
}

/// Nobody is named any more.
pub fn nameless(chats: &[Chat]) -> Vec<Chat> {
    let plain = |said: &Said| {
        let observation = with(said, said.observation.at(), said.observation.reply(), Vec::new());
        Some(Said { observation, truth: said.truth.clone() })
    };
    chats.iter().map(|chat| changed(chat, plain)).collect()
}

/// All is said `times` slower.
pub fn slower(chats: &[Chat], times: i32) -> Vec<Chat> {
    let slow = |chat: &Chat| {
        let first = chat.messages.first().map(|said| said.observation.at());
        changed(chat, |said| {
            let at = said.observation.at();
            let at = first.map_or(at, |first| first + (at - first) * times);
            let observation = with(said, at, said.observation.reply(), said.observation.mentions().to_vec());
            Some(Said { observation, truth: said.truth.clone() })
        })
    };
    chats.iter().map(slow).collect()
}

/// A smaller channel: some of the people, each with all whom they answered or were answered by.
pub fn thinned(chats: &[Chat], share: f64) -> Vec<Chat> {
    let mut draw = Draw(0x9E37_79B9_7F4A_7C15);
    chats.iter().map(|chat| thin(chat, share, &mut draw)).collect()
}

fn thin(chat: &Chat, share: f64, draw: &mut Draw) -> Chat {
    let judged = || chat.messages.iter().filter_map(|said| Some((said.observation.author(), said.truth.as_ref()?)));
    let authors: BTreeSet<UserId> = judged().map(|(author, _)| author).collect();
    let seeds: BTreeSet<UserId> = authors.into_iter().filter(|_| draw.next() < share).collect();
    let mut kept = seeds.clone();
    for (author, answered) in judged() {
        for other in answered {
            if seeds.contains(&author) {
                kept.insert(*other);
            }
            if seeds.contains(other) {
                kept.insert(author);
            }
        }
    }
    let first = chat.messages.iter().position(|said| said.truth.is_some()).unwrap_or(0);
    let mut place = 0;
    changed(chat, |said| {
        place += 1;
        if place <= first || !kept.contains(&said.observation.author()) {
            return None;
        }
        let mentions = said.observation.mentions().iter().copied().filter(|user| kept.contains(user)).collect();
        let observation = with(said, said.observation.at(), said.observation.reply(), mentions);
        // What answered only people who are gone is judged no more.
        let left = |all: &BTreeSet<UserId>| all.iter().copied().filter(|user| kept.contains(user)).collect();
        let truth = said.truth.as_ref().map(|all| (all.is_empty(), left(all)));
        let truth = truth.filter(|(was_empty, left): &(bool, BTreeSet<_>)| *was_empty || !left.is_empty());
        Some(Said { observation, truth: truth.map(|(_, left)| left) })
    })
}

/// A share of the answers becomes replies, which are judged no more: as on Discord.
pub fn with_replies(chats: &[Chat], share: f64) -> Vec<Chat> {
    let mut draw = Draw(0xD1B5_4A32_D192_ED03);
    let mut replying = |said: &Said| {
        let answered = said.truth.as_ref().and_then(|all| all.first()).filter(|_| draw.next() < share);
        let Some(answered) = answered else { return Some(said.clone()) };
        let mentions = said.observation.mentions().to_vec();
        let observation = with(said, said.observation.at(), Reply::To(*answered), mentions);
        Some(Said { observation, truth: None })
    };
    chats.iter().map(|chat| changed(chat, &mut replying)).collect()
}

/// How people name in the whole of #ubuntu, as far as a quarter of the names tells: most name nearly whenever they turn to
/// somebody, the others hardly ever.
mod habit {
    /// Of the people, those who name.
    pub const NAMERS: f64 = 0.7;
    /// How often each kind names whom they turn to.
    pub const NAMER: f64 = 0.88;
    pub const OTHER: f64 = 0.12;
    /// Of the names, those that are there.
    pub const KEPT: f64 = 0.25;
    /// Of a namer's messages that name nobody yet, so many do: to somebody further back than the previous speaker, to the
    /// previous speaker, to nobody whom it answers; and of what nobody judged, which is made to name the previous speaker.
    pub const FURTHER_BACK: f64 = 0.92;
    pub const PREVIOUS: f64 = 0.65;
    pub const NO_ANSWER: f64 = 0.15;
    pub const UNJUDGED: f64 = 0.62;
    /// The others name so much more rarely.
    pub const RARER: f64 = 0.1;
}

/// Channels where naming is the custom: chats with a quarter of their names, with the other three quarters made of the truth.
pub fn naming(chats: &[Chat]) -> Vec<Chat> {
    let mut draw = Draw(0xA076_1D64_78BD_642F);
    chats.iter().map(|chat| with_names(chat, &mut draw)).collect()
}

/// Who of a chat are namers: drawn, by how often each names in what is there.
fn namers(chat: &Chat, draw: &mut Draw) -> BTreeSet<UserId> {
    let mut named: BTreeMap<UserId, (i32, i32)> = BTreeMap::new();
    for said in &chat.messages {
        let (with_name, all) = named.entry(said.observation.author()).or_default();
        let turns = said.truth.as_ref().is_none_or(|answered| !answered.is_empty());
        *with_name += i32::from(turns && !said.observation.mentions().is_empty());
        *all += i32::from(turns);
    }
    let likely = |share: f64, (with_name, all): (i32, i32)| {
        let seen = share * habit::KEPT;
        seen.powi(with_name) * (1.0 - seen).powi(all - with_name)
    };
    let is_namer = |count: (i32, i32), drawn: f64| {
        let (yes, no) =
            (habit::NAMERS * likely(habit::NAMER, count), (1.0 - habit::NAMERS) * likely(habit::OTHER, count));
        drawn * (yes + no) < yes
    };
    named.into_iter().filter(|(_, count)| is_namer(*count, draw.next())).map(|(user, _)| user).collect()
}

fn with_names(chat: &Chat, draw: &mut Draw) -> Chat {
    let namers = namers(chat, draw);
    let (mut last, mut before) = (None, None);
    changed(chat, |said| {
        let author = said.observation.author();
        let previous = if last == Some(author) { before } else { last };
        let (named, share) = match &said.truth {
            None => (previous, habit::UNJUDGED),
            Some(answered) if answered.is_empty() => (previous, habit::NO_ANSWER),
            Some(answered) if previous.is_some_and(|user| answered.contains(&user)) => (previous, habit::PREVIOUS),
            Some(answered) => (answered.first().copied(), habit::FURTHER_BACK),
        };
        if last != Some(author) {
            (before, last) = (last, Some(author));
        }
        let share = if namers.contains(&author) { share } else { share * habit::RARER };
        let named = named.filter(|_| said.observation.mentions().is_empty() && draw.next() < share);
        let Some(named) = named else { return Some(said.clone()) };
        let observation = with(said, said.observation.at(), said.observation.reply(), vec![named]);
        Some(Said { observation, truth: said.truth.clone() })
    })
}
