//! An exported chat (DiscordChatExporter's JSON) as the town's talk. Its text is shown in the page and goes nowhere else.

use std::collections::HashMap;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use chrono::{DateTime, FixedOffset};
use fake_discord::DEFAULT_START_MS;
use flate2::read::MultiGzDecoder;
use serde::Deserialize;
use wallflower::export::{find, plain};

use super::town::DAY_MS;

/// Discord takes no longer text from people.
const MOST_TEXT: usize = 2000;
const MOST_NAME: usize = 32;
/// A picture or a sticker alone is talk too.
const NO_TEXT: &str = "…";
/// The account that stands for all who deleted theirs.
const DELETED_USER: &str = "456226577798135808";

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

#[derive(Deserialize)]
struct File {
    guild: Named,
    channel: Named,
    messages: Vec<RawMessage>,
}

#[derive(Deserialize)]
struct Named {
    name: String,
}

#[derive(Deserialize)]
struct RawMessage {
    id: String,
    #[serde(rename = "type")]
    kind: String,
    timestamp: DateTime<FixedOffset>,
    #[serde(default)]
    content: String,
    author: Author,
    #[serde(default)]
    mentions: Vec<Author>,
    reference: Option<Answered>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Author {
    id: String,
    name: String,
    nickname: Option<String>,
    #[serde(default)]
    is_bot: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answered {
    message_id: Option<String>,
}

/// Reads a file, or all files of a folder, as one community.
pub fn read(path: &Path) -> Result<Exported> {
    let mut reading = Reading::default();
    for file in find(&[PathBuf::from(path)])? {
        let found = parse(&file.path).with_context(|| {
            format!(
                "{}: this is no JSON export of DiscordChatExporter; export the channel again as JSON",
                file.path.display()
            )
        })?;
        reading.take(found);
    }
    let exported = reading.finish();
    ensure!(
        exported.people.len() >= 2,
        "{}: nobody talks with anybody in it; choose an export in which at least two people write",
        path.display()
    );
    Ok(exported)
}

fn parse(path: &Path) -> Result<File> {
    let stored = fs::read(path)?;
    let mut text = Vec::new();
    if stored.starts_with(&[0x1f, 0x8b]) {
        MultiGzDecoder::new(stored.as_slice()).read_to_end(&mut text)?;
    } else {
        text = stored;
    }
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&text);
    Ok(serde_json::from_slice(text)?)
}

#[derive(Default)]
struct Reading {
    exported: Exported,
    people: HashMap<String, usize>,
    /// Each message with its own id and the one that it answers.
    said: Vec<(Said, String, Option<String>)>,
}

impl Reading {
    fn take(&mut self, file: File) {
        if self.exported.community.is_empty() {
            self.exported.community = plain(&file.guild.name, MOST_NAME);
        }
        let channel = self.exported.channels.len();
        self.exported.channels.push(plain(&file.channel.name, MOST_NAME));
        for message in file.messages {
            let is_said = matches!(message.kind.as_str(), "Default" | "Reply" | "0" | "19");
            let text: String = message.content.chars().take(MOST_TEXT).collect();
            let is_person = !message.author.is_bot && message.author.id != DELETED_USER;
            if !is_said || !is_person {
                continue;
            }
            let text = if text.trim().is_empty() { NO_TEXT.to_owned() } else { text };
            let author = self.person(message.author);
            let mentions = message.mentions.into_iter().filter(|named| !named.is_bot);
            let mentions = mentions.map(|named| self.person(named)).collect();
            let at_ms = message.timestamp.timestamp_millis();
            let answered = message.reference.and_then(|answered| answered.message_id);
            self.said.push((Said { at_ms, author, channel, text, answers: None, mentions }, message.id, answered));
        }
    }

    fn person(&mut self, author: Author) -> usize {
        let name = author.nickname.filter(|name| !name.trim().is_empty()).unwrap_or(author.name);
        let people = &mut self.exported.people;
        *self.people.entry(author.id).or_insert_with(|| {
            people.push(plain(&name, MOST_NAME));
            people.len() - 1
        })
    }

    fn finish(mut self) -> Exported {
        self.said.sort_by_key(|(said, ..)| said.at_ms);
        let numbers: HashMap<String, usize> =
            self.said.iter().enumerate().map(|(number, (_, id, _))| (id.clone(), number)).collect();
        let first = self.said.first().map_or(DEFAULT_START_MS, |(said, ..)| said.at_ms);
        let weeks = (DEFAULT_START_MS - first).div_euclid(7 * DAY_MS);
        let said = self.said.into_iter().map(|(mut said, _, answered)| {
            said.at_ms += weeks * 7 * DAY_MS;
            said.answers = answered.and_then(|id| numbers.get(&id).copied());
            said
        });
        Exported { said: said.collect(), ..self.exported }
    }
}
