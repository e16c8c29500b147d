//! One file from its first byte to its last, a message at a time.
//!
//! Each message is first cut out of the stream as raw JSON and then looked at, so that a message of a wrong shape
//! costs only itself; where the stream itself breaks, the file ends.

use std::cell::Cell;
use std::fmt;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;
use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::error::Category;
use serde_json::value::RawValue;

use super::message::{RawChannel, RawGuild, RawMessage};
use super::{Broken, Channel, ExportFile, Message, Place};
use crate::domain::ids::MessageId;

/// What a file gives, in its order.
pub enum Entry<'a> {
    /// Once, before all messages.
    Channel(Channel),
    Message(Message<'a>),
    /// A message whose shape is wrong; the ones after it follow.
    Bad(Broken),
}

const BUFFER: usize = 256 * 1024;
/// Nothing between two messages is longer, in bytes unpacked: Discord's own limits end far below, and a hostile
/// file cannot fill the memory.
const LONGEST_MESSAGE: u64 = 64 * 1024 * 1024;
const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

const EXPORT_AGAIN: &str = "Export this channel again, or leave it out with --skip-bad";
const NOT_AN_EXPORT: &str = "Take it out, or go on without it by --skip-bad: only DiscordChatExporter's JSON is read";
const SKIP_MESSAGE: &str = "Go on without this message by --skip-bad";

/// Hands everything in `file` to `sink` and the number of stored bytes read to `on_bytes` as it goes. Stops at the
/// first error of the sink, or where the file breaks; what came before has been handed over by then.
pub fn read<E: From<Broken>>(
    file: &ExportFile,
    on_bytes: &dyn Fn(u64),
    sink: &mut dyn FnMut(Entry<'_>) -> Result<(), E>,
) -> Result<(), E> {
    let path = &file.path;
    let mut stored = File::open(path)
        .map(|file| BufReader::with_capacity(BUFFER, Reported { file, on_bytes }))
        .map_err(|error| unreadable(path, &error))?;
    let is_packed = stored.fill_buf().map_err(|error| unreadable(path, &error))?.starts_with(&GZIP_MAGIC);
    if is_packed { parse(path, MultiGzDecoder::new(stored), sink) } else { parse(path, stored, sink) }
}

fn unreadable(path: &Path, error: &io::Error) -> Broken {
    Broken::new(path, Place::Whole, format!("cannot be read: {error}"), EXPORT_AGAIN)
}

fn parse<E: From<Broken>>(
    path: &Path,
    stream: impl Read,
    sink: &mut dyn FnMut(Entry<'_>) -> Result<(), E>,
) -> Result<(), E> {
    let since_message = Cell::new(0);
    // The buffer is the outermost layer, since the parser takes single bytes.
    let mut stream = BufReader::with_capacity(BUFFER, Metered { stream, since_message: &since_message });
    if stream.fill_buf().map_err(|error| unreadable(path, &error))?.starts_with(BYTE_ORDER_MARK) {
        stream.consume(BYTE_ORDER_MARK.len());
    }
    let mut deserializer = serde_json::Deserializer::from_reader(stream);
    let mut chat = Chat { path, sink, since_message: &since_message, stopped: None, channel: None, number: 0 };
    let outcome = deserializer.deserialize_map(&mut chat).and_then(|()| deserializer.end());
    match (chat.stopped.take(), outcome) {
        (Some(error), _) => Err(error),
        (None, Ok(())) => Ok(()),
        (None, Err(error)) => Err(broken(path, &error).into()),
    }
}

fn broken(path: &Path, error: &serde_json::Error) -> Broken {
    let place = match (error.line(), error.column()) {
        (0, _) => Place::Whole,
        (line, column) => Place::Line { line, column },
    };
    match error.classify() {
        Category::Io => Broken::new(path, place, format!("cannot be unpacked or read: {error}"), EXPORT_AGAIN),
        Category::Eof => Broken::new(path, place, "ends in the middle", EXPORT_AGAIN),
        Category::Syntax => Broken::new(path, place, format!("is no JSON: {}", bare(error)), EXPORT_AGAIN),
        Category::Data => Broken::new(path, place, format!("is no exported chat: {}", bare(error)), NOT_AN_EXPORT),
    }
}

/// The error without its position, which is told once and, inside a message, would be misleading.
fn bare(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.rfind(" at line ").map_or(text.clone(), |end| text[..end].to_owned())
}

/// Tells how much was read of what is stored.
struct Reported<'a> {
    file: File,
    on_bytes: &'a dyn Fn(u64),
}

impl Read for Reported<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read(buffer)?;
        (self.on_bytes)(count as u64);
        Ok(count)
    }
}

/// Ends the stream where one message would take too much memory.
struct Metered<'a, R> {
    stream: R,
    since_message: &'a Cell<u64>,
}

impl<R: Read> Read for Metered<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.since_message.get() > LONGEST_MESSAGE {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "a message is longer than 64 MiB"));
        }
        let count = self.stream.read(buffer)?;
        self.since_message.set(self.since_message.get() + count as u64);
        Ok(count)
    }
}

/// The object that a file consists of.
struct Chat<'a, E> {
    path: &'a Path,
    sink: &'a mut dyn FnMut(Entry<'_>) -> Result<(), E>,
    since_message: &'a Cell<u64>,
    /// The sink's error, which the parser can only pass on as text.
    stopped: Option<E>,
    channel: Option<Channel>,
    number: u64,
}

impl<E> Chat<'_, E> {
    fn hand<P: serde::de::Error>(&mut self, entry: Entry<'_>) -> Result<(), P> {
        (self.sink)(entry).map_err(|error| {
            self.stopped = Some(error);
            P::custom("stopped")
        })
    }

    fn open<P: serde::de::Error>(&mut self, guild: Option<RawGuild>, channel: Option<RawChannel>) -> Result<(), P> {
        let (Some(guild), Some(raw)) = (guild, channel) else {
            return Err(P::custom("\"guild\" and \"channel\" must stand before \"messages\""));
        };
        if &*guild.id == "0" {
            return Err(P::custom("these are direct messages, not a community"));
        }
        let community = guild.id.parse().map_err(P::custom)?;
        let channel = Channel { community, id: raw.id, parent: raw.parent() };
        self.channel = Some(channel);
        self.hand(Entry::Channel(channel))
    }

    fn message<P: serde::de::Error>(&mut self, raw: &RawValue) -> Result<(), P> {
        self.number += 1;
        self.since_message.set(0);
        match serde_json::from_str::<RawMessage<'_>>(raw.get()) {
            Ok(message) => self.hand(Entry::Message(message.into())),
            Err(error) => {
                let place = Place::Message { number: self.number, id: id_of(raw) };
                self.hand(Entry::Bad(Broken::new(self.path, place, bare(&error), SKIP_MESSAGE)))
            }
        }
    }
}

/// The id of a message that is otherwise of a wrong shape.
fn id_of(raw: &RawValue) -> Option<MessageId> {
    #[derive(Deserialize)]
    struct OnlyId {
        id: MessageId,
    }
    serde_json::from_str::<OnlyId>(raw.get()).ok().map(|message| message.id)
}

impl<'de, E> Visitor<'de> for &mut Chat<'_, E> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the object of an exported chat")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let (mut guild, mut channel) = (None, None);
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "guild" => guild = Some(map.next_value()?),
                "channel" => channel = Some(map.next_value()?),
                "messages" => {
                    self.open(guild.take(), channel.take())?;
                    map.next_value_seed(Messages(self))?;
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        if self.channel.is_some() { Ok(()) } else { Err(A::Error::custom("it holds no \"messages\"")) }
    }
}

struct Messages<'a, 'b, E>(&'a mut Chat<'b, E>);

impl<'de, E> DeserializeSeed<'de> for Messages<'_, '_, E> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de, E> Visitor<'de> for Messages<'_, '_, E> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the list of messages")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut messages: A) -> Result<(), A::Error> {
        while let Some(raw) = messages.next_element::<Box<RawValue>>()? {
            self.0.message(&raw)?;
        }
        Ok(())
    }
}
