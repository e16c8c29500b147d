//! Chats exported by `DiscordChatExporter` as JSON: found, unpacked and read message by message.
//!
//! A file is `{guild, channel, …, messages: […], …}`; it is streamed, so that memory holds one message at a time.
//! Only ids, names, types, mentions, references and reactions are looked at; text is skipped while parsing. The shape
//! was learnt from `JsonMessageWriter` of github.com/Tyrrrz/DiscordChatExporter, and older files without its newer
//! fields are read as well.

mod files;
mod message;
mod reader;
mod seen;

use std::fmt;
use std::path::{Path, PathBuf};

pub use files::{ExportFile, find};
pub use message::{Author, Channel, Message, MessageType, Reaction};
pub use reader::{Entry, read};
pub use seen::Seen;

use crate::domain::ids::MessageId;

/// Where in a file something is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// The file as a whole.
    Whole,
    /// Counted from 1.
    Line { line: usize, column: usize },
    /// The place in the list, from 1, with its id where that can be read.
    Message { number: u64, id: Option<MessageId> },
}

/// Why a file, or one message of it, cannot be read: what, where and what to do.
#[derive(Debug, thiserror::Error)]
#[error("{}{place}: {reason}. {remedy}", path.display())]
pub struct Broken {
    path: PathBuf,
    place: Place,
    reason: String,
    remedy: &'static str,
}

impl Broken {
    fn new(path: &Path, place: Place, reason: impl Into<String>, remedy: &'static str) -> Self {
        // Parsers quote what they stumble over, and that must not steer a terminal.
        Self { path: path.to_owned(), place, reason: plain(&reason.into(), MOST_REASON), remedy }
    }

    pub const fn place(&self) -> &Place {
        &self.place
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole => Ok(()),
            Self::Line { line, column } => write!(f, ", line {line}, column {column}"),
            Self::Message { number, id: Some(id) } => write!(f, ", message {id} (number {number})"),
            Self::Message { number, id: None } => write!(f, ", message number {number}"),
        }
    }
}

/// Characters of a reason that are shown.
const MOST_REASON: usize = 200;

/// At most `most` characters of `text`, with all that could steer a terminal or turn its writing around replaced.
pub fn plain(text: &str, most: usize) -> String {
    let harmless = |c: char| if steers(c) { char::REPLACEMENT_CHARACTER } else { c };
    text.trim().chars().take(most).map(harmless).collect()
}

/// Control characters, line and paragraph separators, marks of direction, tags and invisible fillers. The joiners
/// that emoji and many scripts need are not among them.
fn steers(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
        || matches!(c, '\u{61c}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}
