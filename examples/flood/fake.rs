//! The sending side: a fake Discord with a flood made beforehand.

use std::io::BufRead;
use std::sync::Arc;

use anyhow::Result;
use fake_discord::flood::{By, Frames};
use fake_discord::talk::{Size, Talk};
use fake_discord::{Discord, Id, Options};
use serde::{Deserialize, Serialize};

use crate::processes::say;

/// Frames that are made; a longer flood says the same again, later.
const MADE: usize = 100_000;
const COMMUNITIES: usize = 4;
const CHANNELS_EACH: usize = 50;
/// Of whom a fifth has consented. All together write thirty messages a second.
const SIZE: Size = Size { people: 10_000, gap_ms: 33 };
const SEED: u64 = 20_261_124;

/// What a receiver has to know.
#[derive(Debug, Serialize, Deserialize)]
pub struct Stage {
    pub url: String,
    pub gateway: String,
    pub token: String,
    pub messages: usize,
    pub communities: Vec<Id>,
    /// Community and person.
    pub members: Vec<(Id, Id)>,
    /// Between members: who, to whom, whether by reply (else by mention), how many messages.
    pub truth: Vec<(Id, Id, bool, u64)>,
}

impl Stage {
    /// Frames before the flood: READY, and one for each community.
    pub fn frames_before(&self) -> u64 {
        1 + self.communities.len() as u64
    }
}

/// Tells the stage on standard output, floods at each line of standard input, and ends with it.
#[tokio::main(flavor = "current_thread")]
pub async fn serve(messages: usize) -> Result<()> {
    let discord = Discord::start(Options::default()).await;
    let places: Vec<(Id, Vec<Id>)> = (0..COMMUNITIES)
        .map(|number| {
            let community = discord.community(&format!("Den {number}"));
            let channels = (0..CHANNELS_EACH).map(|number| community.channel(&format!("room-{number}")).id);
            (community.id, channels.collect())
        })
        .collect();
    let talk = Talk::new(SEED, &places, SIZE, discord.now() + 60_000);
    let members = talk.members();
    let frames = Arc::new(Frames::of(talk.take(messages.min(MADE))));
    let (orders, mut ordered) = tokio::sync::mpsc::channel(1);
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines() {
            if line.is_err() || orders.blocking_send(()).is_err() {
                break;
            }
        }
    });
    say(&stage(&discord, messages, &places, members, &frames))?;
    while ordered.recv().await.is_some() {
        discord.pour(&frames, messages);
    }
    Ok(())
}

fn stage(
    discord: &Discord,
    messages: usize,
    places: &[(Id, Vec<Id>)],
    members: Vec<(Id, Id)>,
    frames: &Frames,
) -> Stage {
    let people: std::collections::BTreeSet<Id> = members.iter().map(|(_, person)| *person).collect();
    let between = |from: &Id, to: &Id| people.contains(from) && people.contains(to);
    let truth = frames.truth(messages).into_iter().filter(|((from, to, _), _)| between(from, to));
    Stage {
        url: discord.url(),
        gateway: discord.gateway_url(),
        token: discord.token(),
        messages,
        communities: places.iter().map(|(community, _)| *community).collect(),
        truth: truth.map(|((from, to, by), count)| (from, to, by == By::Reply, count)).collect(),
        members,
    }
}
