//! What can be seen: by one person, or by nobody but the test.

use std::fmt::Write as _;

use serde_json::Value;

use super::components::labels;
use super::polls::SeenPoll;
use super::{Answer, Channel, Person};
use crate::world::{self, World, kind};
use crate::{BOT_ID, Discord, Id};

/// A message, wherever it is and whoever may see it.
#[derive(Debug, Clone)]
pub struct Message {
    pub(super) discord: Discord,
    pub id: Id,
    pub channel: Id,
}

/// A file as a reader could open it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attached {
    pub name: String,
    pub bytes: Vec<u8>,
}

/// A message as it stood when somebody looked.
#[derive(Debug, Clone)]
pub struct SeenMessage {
    pub id: Id,
    pub channel: Id,
    pub channel_name: String,
    pub author: Id,
    pub author_name: String,
    /// Discord's message type: 0 plain, 19 reply, 20 answer to a command.
    pub kind: u8,
    /// The content alone; `full_text` has embeds, labels and files too.
    pub text: String,
    pub embeds: Vec<Value>,
    pub components: Vec<Value>,
    pub files: Vec<Attached>,
    pub ephemeral: bool,
    pub replies_to: Option<Id>,
    /// Discord's own poll in it.
    pub poll: Option<SeenPoll>,
    /// Each emoji with who put it there.
    pub reactions: Vec<(String, Vec<Id>)>,
    pub pinged: Vec<Id>,
    /// Milliseconds since 1970.
    pub at_ms: i64,
    pub edited: bool,
    discord: Discord,
}

/// Something that a person can point at: a message in any of its forms.
pub trait Shown {
    fn message_id(&self) -> Id;
}

impl Shown for Message {
    fn message_id(&self) -> Id {
        self.id
    }
}

impl Shown for SeenMessage {
    fn message_id(&self) -> Id {
        self.id
    }
}

impl Shown for Answer {
    fn message_id(&self) -> Id {
        self.message.unwrap_or_else(|| panic!("this answer has no message: {self:?}"))
    }
}

impl SeenMessage {
    pub(crate) fn of(discord: &Discord, world: &World, message: &world::Message) -> Self {
        let name = |id: Id| world.users.get(&id).map_or_else(|| id.to_string(), |u| u.name.clone());
        let channel = world.channels.get(&message.channel);
        Self {
            id: message.id,
            channel: message.channel,
            channel_name: channel
                .map_or_else(String::new, |c| if c.kind == kind::DM { "DM".into() } else { c.name.clone() }),
            author: message.author,
            author_name: name(message.author),
            kind: message.kind,
            text: message.content.clone(),
            embeds: message.embeds.clone(),
            components: message.components.clone(),
            files: message.files.iter().map(|f| Attached { name: f.name.clone(), bytes: f.bytes.clone() }).collect(),
            ephemeral: message.ephemeral_for.is_some(),
            replies_to: message.reference.as_ref().map(|r| r.message),
            poll: message.poll.as_ref().map(|poll| SeenPoll::of(poll, world.now_ms())),
            reactions: message.reactions.iter().map(|r| (r.emoji.clone(), r.users.clone())).collect(),
            pinged: message.pinged.iter().copied().collect(),
            at_ms: message.at_ms,
            edited: message.edited_ms.is_some(),
            discord: discord.clone(),
        }
    }

    /// Labels of buttons and options, also of disabled ones.
    pub fn labels(&self) -> Vec<String> {
        labels(&self.components)
    }

    pub fn is_from_bot(&self) -> bool {
        self.author == BOT_ID
    }

    /// Everything that a reader can read in it: content, embeds, labels, files.
    pub fn full_text(&self) -> String {
        let mut text = self.text.clone();
        for value in self.embeds.iter().chain(&self.components) {
            words(value, &mut text);
        }
        self.poll.iter().for_each(|poll| poll.words(&mut text));
        for file in &self.files {
            let _ = write!(text, "\n{}\n{}", file.name, String::from_utf8_lossy(&file.bytes));
        }
        text
    }

    /// `#channel author: text`, for messages of a failing test.
    pub fn line(&self) -> String {
        let only = if self.ephemeral { " (ephemeral)" } else { "" };
        format!("#{}{only} {}: {}", self.channel_name, self.author_name, self.full_text().replace('\n', " ⏎ "))
    }

    /// The same message as it stands now, if it still does.
    pub fn now(&self) -> Option<Self> {
        self.discord.message(self.id)
    }

    pub fn handle(&self) -> Message {
        Message { discord: self.discord.clone(), id: self.id, channel: self.channel }
    }
}

/// Collects the texts of embeds and components that are shown, in order.
fn words(value: &Value, into: &mut String) {
    const SHOWN: [&str; 9] =
        ["title", "description", "name", "value", "text", "label", "placeholder", "content", "url"];
    match value {
        Value::Object(fields) => {
            for (field, inner) in fields {
                match inner {
                    // An option's value is what the bot gets, not what anybody reads.
                    Value::String(text)
                        if SHOWN.contains(&field.as_str()) && !(field == "value" && fields.contains_key("label")) =>
                    {
                        into.push('\n');
                        into.push_str(text);
                    }
                    _ => words(inner, into),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| words(item, into)),
        _ => {}
    }
}

impl Message {
    /// As it stands now.
    ///
    /// # Panics
    /// If it was deleted.
    pub fn seen(&self) -> SeenMessage {
        self.discord.message(self.id).unwrap_or_else(|| panic!("message {} is gone", self.id))
    }

    pub fn exists(&self) -> bool {
        self.discord.message(self.id).is_some()
    }
}

impl Discord {
    /// A message by id, ephemeral ones too.
    pub fn message(&self, id: Id) -> Option<SeenMessage> {
        self.world(|w| w.messages.get(&id).map(|m| SeenMessage::of(self, w, m)))
    }

    /// Every message that exists, ephemeral ones too, oldest first.
    pub fn all_messages(&self) -> Vec<SeenMessage> {
        self.world(|w| w.messages.values().map(|m| SeenMessage::of(self, w, m)).collect())
    }

    /// Every message of the bot, oldest first.
    pub fn bot_messages(&self) -> Vec<SeenMessage> {
        self.all_messages().into_iter().filter(SeenMessage::is_from_bot).collect()
    }
}

impl World {
    /// Whether a message stands where somebody can read it.
    pub fn can_read(&self, user: Id, message: &world::Message) -> bool {
        message.ephemeral_for.is_none_or(|reader| reader == user) && self.can_see(user, message.channel)
    }
}

impl Person {
    fn read(&self, wanted: impl Fn(&world::Message) -> bool) -> Vec<SeenMessage> {
        self.discord.world(|w| {
            let mine = w.messages.values().filter(|m| w.can_read(self.id, m) && wanted(m));
            mine.map(|m| SeenMessage::of(&self.discord, w, m)).collect()
        })
    }

    /// What stands in a channel for this person, ephemeral answers to them included. Empty where they cannot look.
    pub fn sees(&self, channel: &Channel) -> Vec<SeenMessage> {
        self.read(|m| m.channel == channel.id)
    }

    pub fn can_see(&self, channel: &Channel) -> bool {
        self.discord.world(|w| w.can_see(self.id, channel.id))
    }

    /// Every message that this person can read anywhere, oldest first.
    pub fn sees_messages(&self) -> Vec<SeenMessage> {
        self.read(|_| true)
    }

    /// The conversation with the bot.
    pub fn dms(&self) -> Vec<SeenMessage> {
        let dm = self.discord.world(|w| dm_of(w, self.id));
        self.read(|m| Some(m.channel) == dm)
    }

    /// Messages that rang for this person and that they can still read.
    pub fn pings(&self) -> Vec<SeenMessage> {
        self.read(|m| m.pinged.contains(&self.id))
    }

    /// Threads that this person can see, archived ones too.
    pub fn threads(&self) -> Vec<Channel> {
        self.discord.world(|w| {
            let seen = w.channels.values().filter(|c| c.thread.is_some() && w.can_see(self.id, c.id));
            seen.map(|c| Channel { discord: self.discord.clone(), id: c.id }).collect()
        })
    }

    /// Everything that this person can read anywhere, as text: channel and thread names, messages with their
    /// authors and reactions, thread members, scheduled events.
    pub fn sees_all(&self) -> String {
        self.all_text(|_| true)
    }

    /// As `sees_all`, but only what the bot made: its messages, its threads, its events, its reactions.
    pub fn sees_of_bot(&self) -> String {
        self.all_text(|author| author == BOT_ID)
    }

    /// Everything that the bot ever showed this person in messages, as text, though it was changed or deleted since.
    pub fn was_shown(&self) -> String {
        self.discord.world(|w| {
            let mine = w.shown.iter().filter(|s| s.readers.contains(&self.id));
            let lines = mine.map(|s| SeenMessage::of(&self.discord, w, &s.message).line());
            lines.collect::<Vec<_>>().join("\n")
        })
    }

    fn all_text(&self, by: impl Fn(Id) -> bool) -> String {
        self.discord.world(|w| {
            let mut text = String::new();
            let name = |id: &Id| w.users.get(id).map_or_else(String::new, |u| u.name.clone());
            for message in w.messages.values().filter(|m| by(m.author) && w.can_read(self.id, m)) {
                text.push_str(&SeenMessage::of(&self.discord, w, message).line());
                for reaction in &message.reactions {
                    let who: Vec<String> = reaction.users.iter().filter(|u| by(**u)).map(name).collect();
                    let _ = write!(text, " [{} {}]", reaction.emoji, who.join(", "));
                }
                text.push('\n');
            }
            for channel in w.channels.values().filter(|c| w.can_see(self.id, c.id)) {
                let owner = channel.thread.as_ref().map_or(0, |t| t.owner);
                if by(owner) {
                    let members = channel.thread.iter().flat_map(|t| t.members.keys()).map(name);
                    let _ = writeln!(text, "#{}: {}", channel.name, members.collect::<Vec<_>>().join(", "));
                }
            }
            for community in w.communities.values().filter(|c| c.members.contains_key(&self.id)) {
                for event in community.events.values().filter(|e| by(e.creator)) {
                    let (about, place) = (event.description.as_deref(), event.location.as_deref());
                    let (about, place) = (about.unwrap_or(""), place.unwrap_or(""));
                    let _ = writeln!(text, "event {} {}: {about} at {place}", event.id, event.name);
                }
            }
            text
        })
    }
}

pub(super) fn dm_of(world: &World, user: Id) -> Option<Id> {
    world.channels.values().find(|c| c.kind == kind::DM && c.recipients.contains(&user)).map(|c| c.id)
}
