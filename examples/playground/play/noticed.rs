//! What somebody should hear of: whom each message concerns, kept as long as it may matter.

use std::collections::HashMap;

use fake_discord::world::{Message, World, kind};
use fake_discord::{BOT_ID, Id};

use super::stage::{Stage, unpoisoned};

/// Of what rang for somebody, so much is remembered.
const MOST_RANG: usize = 400;
/// Of what only one person sees, so much stays.
const MOST_EPHEMERAL: usize = 20;

/// By person; the scan of new messages keeps it.
#[derive(Debug, Default)]
pub struct Noticed {
    /// Messages up to this one have been looked at.
    pub last: Id,
    /// What only one person sees: channel and message.
    pub ephemeral: HashMap<Id, Vec<(Id, Id)>>,
    /// What rang for somebody or stands in a conversation of theirs: channel and message.
    pub rang: HashMap<Id, Vec<(Id, Id)>>,
    /// The last message of the bot that concerns somebody, and the last one that asks something of them.
    pub news: HashMap<Id, Id>,
    pub questions: HashMap<Id, Id>,
}

impl Noticed {
    /// Takes the oldest of what only one person sees.
    pub fn outgrown(&mut self) -> Vec<Id> {
        let of_one =
            |all: &mut Vec<(Id, Id)>| all.drain(..all.len().saturating_sub(MOST_EPHEMERAL)).collect::<Vec<_>>();
        self.ephemeral.values_mut().flat_map(of_one).map(|(_, message)| message).collect()
    }
}

/// Whom a message concerns: whoever reads the conversation alone, is in the thread, or is named.
pub fn concerned(world: &World, message: &Message) -> Vec<Id> {
    let Some(channel) = world.channels.get(&message.channel) else { return Vec::new() };
    let people: Vec<Id> = if let Some(reader) = message.ephemeral_for {
        vec![reader]
    } else if channel.kind == kind::DM {
        channel.recipients.clone()
    } else if let Some(thread) = &channel.thread {
        thread.members.keys().copied().chain(message.pinged.iter().copied()).collect()
    } else {
        // Two who are named in the open are named silently.
        message.pinged.iter().chain(&message.mentions).copied().collect()
    };
    let mut people: Vec<Id> = people.into_iter().filter(|id| *id != BOT_ID && *id != message.author).collect();
    people.sort_unstable();
    people.dedup();
    people
}

pub fn note(stage: &Stage, message: &Message, people: &[Id]) {
    let mut noticed = unpoisoned(&stage.noticed);
    noticed.last = noticed.last.max(message.id);
    for person in people {
        let place = (message.channel, message.id);
        if message.ephemeral_for.is_some() {
            noticed.ephemeral.entry(*person).or_default().push(place);
        } else {
            // Whoever is named silently hears nothing.
            if message.pinged.contains(person) || !message.mentions.contains(person) {
                let rang = noticed.rang.entry(*person).or_default();
                rang.push(place);
                if rang.len() > MOST_RANG {
                    rang.drain(..MOST_RANG / 2);
                }
            }
            if message.author == BOT_ID {
                noticed.news.insert(*person, message.id);
                if !message.components.is_empty() {
                    noticed.questions.insert(*person, message.id);
                }
            }
        }
    }
}
