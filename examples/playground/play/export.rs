//! An exported chat (DiscordChatExporter's JSON) as the town's talk. Who wrote what to whom is read by the product's own
//! reader, which passes over the words; they are read beside it, are shown in the page, and go nowhere else.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufReader, Read as _};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, ensure};
use fake_discord::DEFAULT_START_MS;
use flate2::read::MultiGzDecoder;
use serde::Deserialize;
use wallflower::domain::ids::{ChannelId, MessageId, UserId};
use wallflower::export::{
    Author, Broken, Channel, Entry, ExportFile, Message, MessageType, Seen, find, plain, read as each,
};

use super::town::DAY_MS;

/// Discord takes no longer text from people.
const MOST_TEXT: usize = 2000;
const MOST_NAME: usize = 32;
/// A picture or a sticker alone is talk too.
const NO_TEXT: &str = "…";

/// One message, with people and channels by their numbers.
#[derive(Debug)]
pub struct Said {
    pub at_ms: i64,
    pub author: usize,
    pub channel: usize,
    pub text: String,
    /// The number of the message that it answers.
    pub answers: Option<usize>,
    pub mentions: Vec<usize>,
}

/// What the files hold, oldest message first. Its times are moved by whole weeks, so that they begin near the present
/// of the playground: weekdays and hours stay.
#[derive(Debug, Default)]
pub struct Exported {
    pub community: String,
    pub channels: Vec<String>,
    pub people: Vec<String>,
    pub said: Vec<Said>,
}

impl Exported {
    /// When the first message was written.
    pub fn starts_at(&self) -> i64 {
        self.said.first().map_or(DEFAULT_START_MS, |said| said.at_ms)
    }
}

/// Reads a file, or all files of a folder, as one community.
pub fn read(path: &Path) -> Result<Exported> {
    let mut reading = Reading::default();
    for file in find(&[PathBuf::from(path)])? {
        let again = |place: String| {
            let path = file.path.display();
            format!("{path}{place}: this is no JSON export of DiscordChatExporter; export the channel again as JSON")
        };
        reading.listen(&file).map_err(|broken| anyhow!(again(broken.place().to_string())))?;
        reading.read_words(&file.path).with_context(|| again(String::new()))?;
    }
    if reading.left_out > 0 {
        eprintln!("playground: {} messages of a wrong shape are left out", reading.left_out);
    }
    let exported = reading.finish();
    ensure!(
        exported.people.len() >= 2,
        "{}: nobody talks with anybody in it; choose an export in which at least two people write",
        path.display()
    );
    Ok(exported)
}

/// A message as the product hears it.
struct Heard {
    id: MessageId,
    author: usize,
    channel: usize,
    answers: Option<MessageId>,
    mentions: Vec<UserId>,
}

#[derive(Default)]
struct Reading {
    exported: Exported,
    channels: HashMap<ChannelId, usize>,
    /// Everybody who writes.
    people: HashMap<UserId, usize>,
    seen: Seen,
    heard: Vec<Heard>,
    texts: HashMap<MessageId, String>,
    /// Messages of a wrong shape.
    left_out: usize,
}

impl Reading {
    fn listen(&mut self, file: &ExportFile) -> Result<(), Broken> {
        let mut here = 0;
        each(file, &|_| {}, &mut |entry| {
            match entry {
                Entry::Channel(channel) => here = self.begin(&channel),
                Entry::Message(message) => self.hear(&message, here),
                Entry::Bad(_) => self.left_out += 1,
            }
            Ok(())
        })
    }

    fn begin(&mut self, channel: &Channel) -> usize {
        self.seen.begin(channel.id);
        let next = self.channels.len();
        *self.channels.entry(channel.id).or_insert(next)
    }

    fn hear(&mut self, message: &Message<'_>, channel: usize) {
        let is_said = message.author.is_person && message.kind != MessageType::Other;
        if !is_said || !self.seen.is_new(message.id) {
            return;
        }
        let author = self.person(&message.author);
        let (answers, mentions) = (message.answers, message.mentions.clone());
        self.heard.push(Heard { id: message.id, author, channel, answers, mentions });
    }

    fn person(&mut self, author: &Author<'_>) -> usize {
        let name = author.nickname.as_ref().unwrap_or(&author.name);
        let people = &mut self.exported.people;
        *self.people.entry(author.id).or_insert_with(|| {
            people.push(plain(name, MOST_NAME));
            people.len() - 1
        })
    }

    /// Names and words, which the product's reader passes over.
    fn read_words(&mut self, path: &Path) -> Result<()> {
        let mut stored = Vec::new();
        BufReader::new(File::open(path)?).read_to_end(&mut stored)?;
        if stored.starts_with(&[0x1f, 0x8b]) {
            let mut unpacked = Vec::new();
            MultiGzDecoder::new(stored.as_slice()).read_to_end(&mut unpacked)?;
            stored = unpacked;
        }
        let words: Words = serde_json::from_slice(stored.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&stored))?;
        if self.exported.community.is_empty() {
            self.exported.community = plain(&words.guild.name, MOST_NAME);
        }
        if self.exported.channels.len() < self.channels.len() {
            self.exported.channels.push(plain(&words.channel.name, MOST_NAME));
        }
        let texts =
            words.messages.into_iter().filter_map(|one| Some((one.id?.parse().ok()?, one.forwarded, one.content)));
        self.texts.extend(texts.map(|(id, forwarded, content)| (id, text(content, forwarded))));
        Ok(())
    }

    fn finish(mut self) -> Exported {
        self.heard.sort_by_key(|heard| heard.id);
        let numbers: HashMap<MessageId, usize> = self.heard.iter().enumerate().map(|(at, one)| (one.id, at)).collect();
        let time = |heard: &Heard| heard.id.time().timestamp_millis();
        let first = self.heard.first().map_or(DEFAULT_START_MS, time);
        let moved = (DEFAULT_START_MS - first).div_euclid(7 * DAY_MS) * 7 * DAY_MS;
        let said = self.heard.iter().map(|heard| Said {
            at_ms: time(heard) + moved,
            author: heard.author,
            channel: heard.channel,
            text: self.texts.get(&heard.id).cloned().unwrap_or_else(|| NO_TEXT.to_owned()),
            answers: heard.answers.and_then(|id| numbers.get(&id).copied()),
            // Somebody who is only ever named is no part of the town.
            mentions: heard.mentions.iter().filter_map(|user| self.people.get(user).copied()).collect(),
        });
        Exported { said: said.collect(), ..self.exported }
    }
}

/// What somebody wrote, or passed on.
fn text(content: Option<String>, forwarded: Option<Forwarded>) -> String {
    let told = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
    let passed_on = || Some(format!("-# ↱ passed on\n> {}", told(forwarded?.content)?.replace('\n', "\n> ")));
    let text = told(content).or_else(passed_on).unwrap_or_else(|| NO_TEXT.to_owned());
    text.chars().take(MOST_TEXT).collect()
}

#[derive(Deserialize)]
struct Words {
    guild: Named,
    channel: Named,
    messages: Vec<Text>,
}

#[derive(Deserialize)]
struct Named {
    name: String,
}

#[derive(Deserialize)]
struct Text {
    #[serde(default, deserialize_with = "as_text")]
    id: Option<String>,
    #[serde(default, deserialize_with = "as_text")]
    content: Option<String>,
    #[serde(rename = "forwardedMessage", default)]
    forwarded: Option<Forwarded>,
}

#[derive(Deserialize)]
struct Forwarded {
    #[serde(default, deserialize_with = "as_text")]
    content: Option<String>,
}

/// A text, or nothing where something else stands: a message of a wrong shape costs only itself.
fn as_text<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let value = serde_json::Value::deserialize(deserializer)?;
    Ok(value.as_str().map(str::to_owned))
}
