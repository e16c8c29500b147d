//! The bot's sessions: who is connected, what each was told, and what a resume must repeat.

use std::collections::VecDeque;
use std::sync::Arc;

use serde_json::{Value, json};
use tokio::sync::mpsc::UnboundedSender;

use super::intents;
use crate::flood::Frames;
use crate::world::{Event, World, render};
use crate::{APPLICATION_ID, BOT_ID, Id};

/// How many events of a session are kept for a resume.
const REPLAY_LENGTH: usize = 100_000;

/// And how many where the past is forgotten.
const REPLAYED_OF_THE_PAST: usize = 2_000;

/// What a connection is told to do.
#[derive(Debug)]
pub enum Frame {
    Text(String),
    /// So many of these frames, numbered from the one after `after` on.
    Flood {
        frames: Arc<Frames>,
        count: usize,
        after: u64,
    },
    Close(u16, &'static str),
    /// The line goes dead, without a closing frame.
    Cut,
}

/// Where to write, and which connection that is.
#[derive(Debug, Clone)]
pub struct Wire {
    pub connection: u64,
    pub compressed: bool,
    pub out: UnboundedSender<Frame>,
}

#[derive(Debug)]
pub struct Session {
    pub id: String,
    pub intents: u64,
    /// This shard and how many there are.
    pub shard: (u64, u64),
    pub seq: u64,
    /// The sequence that its latest heartbeat named.
    pub heard: Option<u64>,
    pub wire: Option<Wire>,
    replay: VecDeque<(u64, String)>,
}

/// A session as a test sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionView {
    pub id: String,
    pub intents: u64,
    pub shard: (u64, u64),
    pub seq: u64,
    /// The sequence that its latest heartbeat named: so far the client has certainly read.
    pub heard: Option<u64>,
    pub connected: bool,
    /// Whether its connection is compressed.
    pub compressed: bool,
}

/// How a client ended a connection with a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Goodbye {
    pub session: String,
    pub intents: u64,
    /// Its closing code; `None` where the line just went dead.
    pub code: Option<u16>,
}

/// What an identify asked for, already checked.
#[derive(Debug)]
pub struct Identity {
    pub intents: u64,
    pub shard: (u64, u64),
    /// Where the session shall come back to.
    pub resume_url: String,
}

/// Why a resume fails.
#[derive(Debug, PartialEq, Eq)]
pub enum ResumeError {
    /// op 9 with `d: false`.
    Gone,
    /// Close 4007.
    WrongSequence,
}

impl Session {
    fn owns(&self, guild: Option<Id>) -> bool {
        guild.map_or(0, |id| (id >> 22) % self.shard.1) == self.shard.0
    }

    fn tell(&mut self, name: &str, data: &Value) {
        self.seq += 1;
        let text = json!({ "op": 0, "s": self.seq, "t": name, "d": data }).to_string();
        self.write(Frame::Text(text.clone()));
        self.replay.push_back((self.seq, text));
        if self.replay.len() > REPLAY_LENGTH {
            self.replay.pop_front();
        }
    }

    /// Tells frames that were made beforehand. They are not kept: a session that breaks within them is gone.
    fn pour(&mut self, frames: Arc<Frames>, count: usize) {
        let after = self.seq;
        self.seq += count as u64;
        self.replay.clear();
        self.write(Frame::Flood { frames, count, after });
    }

    fn write(&mut self, frame: Frame) {
        if let Some(wire) = &self.wire
            && wire.out.send(frame).is_err()
        {
            self.wire = None;
        }
    }
}

/// All sessions of the bot, connected or waiting to be resumed.
#[derive(Debug, Default)]
pub struct Sessions {
    all: Vec<Session>,
    goodbyes: Vec<Goodbye>,
    opened: u64,
}

impl Sessions {
    pub fn dispatch(&mut self, event: &Event) {
        for session in self.all.iter_mut().filter(|s| s.owns(event.guild)) {
            if let Some(data) = intents::delivered(event, session.intents) {
                session.tell(event.name, &data);
            }
        }
    }

    /// Floods all sessions that hear messages with the same frames.
    pub fn pour(&mut self, frames: &Arc<Frames>, count: usize) {
        for session in self.all.iter_mut().filter(|s| s.intents & intents::GUILD_MESSAGES != 0) {
            session.pour(Arc::clone(frames), count);
        }
    }

    /// Opens a session: READY, then each community of its shard.
    pub fn open(&mut self, world: &World, identity: &Identity, wire: Wire) -> String {
        self.opened += 1;
        let id = format!("{:032x}", 0xfa4e_0000_0000_u64 + self.opened);
        let mut session = Session {
            id: id.clone(),
            intents: identity.intents,
            shard: identity.shard,
            seq: 0,
            heard: None,
            wire: Some(wire),
            replay: VecDeque::new(),
        };
        let mine: Vec<Id> = world
            .communities
            .values()
            .filter(|c| c.members.contains_key(&BOT_ID) && session.owns(Some(c.id)))
            .map(|c| c.id)
            .collect();
        let guilds: Vec<Value> = mine.iter().map(|g| json!({ "id": g.to_string(), "unavailable": true })).collect();
        let ready = json!({
            "v": 10, "user": render::me(world), "guilds": guilds, "session_id": id, "session_type": "normal",
            "resume_gateway_url": identity.resume_url, "shard": [identity.shard.0, identity.shard.1],
            "application": { "id": APPLICATION_ID.to_string(), "flags": 0 }, "private_channels": [],
            "relationships": [], "presences": [], "user_settings": {}, "geo_ordered_rtc_regions": [],
            "guild_join_requests": [], "_trace": [],
        });
        session.tell("READY", &ready);
        for guild in mine.into_iter().filter(|g| world.communities[g].available) {
            if session.intents & intents::GUILDS != 0 {
                let told = render::guild_create(world, guild);
                session.tell("GUILD_CREATE", &intents::snapshot(&told, session.intents));
            }
        }
        self.all.push(session);
        id
    }

    /// Goes on after `seq`: what was missed, then RESUMED.
    pub fn resume(&mut self, id: &str, seq: u64, wire: Wire) -> Result<(), ResumeError> {
        let session = self.all.iter_mut().find(|s| s.id == id).ok_or(ResumeError::Gone)?;
        if seq > session.seq {
            return Err(ResumeError::WrongSequence);
        }
        if seq < session.seq && session.replay.front().is_none_or(|(first, _)| *first > seq + 1) {
            return Err(ResumeError::Gone);
        }
        session.write(Frame::Close(4000, "Session resumed elsewhere."));
        session.wire = Some(wire);
        let missed: Vec<String> =
            session.replay.iter().filter(|(s, _)| *s > seq).map(|(_, text)| text.clone()).collect();
        for text in missed {
            session.write(Frame::Text(text));
        }
        session.tell("RESUMED", &json!({ "_trace": [] }));
        Ok(())
    }

    /// The connection is gone; the session waits for a resume unless it was ended. `code` is how the client closed it.
    pub fn detach(&mut self, id: &str, connection: u64, ended: bool, code: Option<u16>) {
        let is_that = |s: &Session| s.id == id && s.wire.as_ref().is_some_and(|w| w.connection == connection);
        if let Some(left) = self.all.iter().find(|s| is_that(s)) {
            self.goodbyes.push(Goodbye { session: left.id.clone(), intents: left.intents, code });
        }
        if ended {
            self.all.retain(|s| !is_that(s));
        } else if let Some(session) = self.all.iter_mut().find(|s| is_that(s)) {
            session.wire = None;
        }
    }

    /// Sends a frame to one session, or to all.
    pub fn write_to(&mut self, only: Option<&str>, frame: impl Fn() -> Frame) {
        for session in self.all.iter_mut().filter(|s| only.is_none_or(|id| id == s.id)) {
            session.write(frame());
        }
    }

    /// A resume comes back within moments: what it would repeat of earlier ones is dropped.
    pub fn forget_the_past(&mut self) {
        self.goodbyes.clear();
        for session in &mut self.all {
            let old = session.replay.len().saturating_sub(REPLAYED_OF_THE_PAST);
            session.replay.drain(..old);
        }
    }

    pub fn lose_of_the_replay(&mut self, before_the_newest: usize) {
        for replay in self.all.iter_mut().map(|session| &mut session.replay) {
            if let Some(at) = replay.len().checked_sub(before_the_newest + 1) {
                replay.remove(at);
            }
        }
    }

    pub fn forget(&mut self, id: &str) {
        self.all.retain(|s| s.id != id);
    }

    pub fn forget_all(&mut self) {
        self.all.clear();
    }

    pub fn heartbeat(&mut self, id: &str, heard: Option<u64>) {
        if let Some(session) = self.all.iter_mut().find(|s| s.id == id) {
            session.heard = heard;
        }
    }

    pub fn goodbyes(&self) -> Vec<Goodbye> {
        self.goodbyes.clone()
    }

    pub fn views(&self) -> Vec<SessionView> {
        let view = |s: &Session| SessionView {
            id: s.id.clone(),
            intents: s.intents,
            shard: s.shard,
            seq: s.seq,
            heard: s.heard,
            connected: s.wire.is_some(),
            compressed: s.wire.as_ref().is_some_and(|wire| wire.compressed),
        };
        self.all.iter().map(view).collect()
    }
}
