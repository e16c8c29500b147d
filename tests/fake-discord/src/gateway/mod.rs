//! The gateway: one WebSocket connection from hello to its close.

mod allowance;
mod compression;
pub mod intents;
mod sessions;

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use axum::extract::ws::{CloseFrame, Message, WebSocket};
use serde_json::{Value, json};
use tokio::sync::mpsc::{self, UnboundedReceiver};

use compression::Wrapping;
use futures_util::{FutureExt, SinkExt};
use sessions::ResumeError;
pub use sessions::{Frame, Goodbye, Identity, SessionView, Sessions, Wire};

use crate::Discord;
use crate::flood::Frames;

/// Frames of a flood that are written before this side looks what was said meanwhile.
const IN_ONE_GO: usize = 256;

/// A connection may send so many payloads in each minute.
const SENDS_PER_MINUTE: usize = 120;
const MINUTE: Duration = Duration::from_mins(1);

/// How long a client may take to hear our half of a closing handshake.
const GOODBYE: Duration = Duration::from_secs(1);

/// How the server ends a connection: Discord's code and words.
type Close = (u16, &'static str);

const UNKNOWN_OPCODE: Close = (4001, "Unknown opcode.");
const DECODE_ERROR: Close = (4002, "Error while decoding payload.");
const NOT_AUTHENTICATED: Close = (4003, "Not authenticated.");
const AUTHENTICATION_FAILED: Close = (4004, "Authentication failed.");
const ALREADY_AUTHENTICATED: Close = (4005, "Already authenticated.");
const INVALID_SEQ: Close = (4007, "Invalid seq.");
const RATE_LIMITED: Close = (4008, "Rate limited.");
const SESSION_TIMED_OUT: Close = (4009, "Session timed out.");
const INVALID_SHARD: Close = (4010, "Invalid shard.");
const SHARDING_REQUIRED: Close = (4011, "Sharding required.");
const INVALID_VERSION: Close = (4012, "Invalid API version.");
const INVALID_INTENTS: Close = (4013, "Invalid intent(s).");
const DISALLOWED_INTENTS: Close = (4014, "Disallowed intent(s).");

/// Discord puts at most so many communities on one shard.
const GUILDS_PER_SHARD: usize = 2500;

/// What a client asks for with the address.
#[derive(Debug)]
pub struct Asked {
    pub version: Option<String>,
    pub encoding: Option<String>,
    pub compress: Option<String>,
}

/// Serves one client until either side ends it.
pub async fn serve(discord: Discord, mut socket: WebSocket, asked: Asked) {
    let Some(wrapping) = Wrapping::of(&asked) else { return close(&mut socket, DECODE_ERROR).await };
    if asked.version.as_deref() != Some("10") {
        return close(&mut socket, INVALID_VERSION).await;
    }
    let (out, frames) = mpsc::unbounded_channel();
    let connection = discord.next_connection();
    let wire = Wire { connection, compressed: matches!(wrapping, Wrapping::Zstd(_)), out };
    let mut line = Line { discord, wire, wrapping, session: None, sent: VecDeque::new(), closed_with: None };
    let hello = json!({ "op": 10, "d": { "heartbeat_interval": line.heartbeat().as_millis(), "_trace": [] } });
    line.write(&hello);
    let ended = line.run(&mut socket, frames).await;
    if let Some(session) = line.session.take() {
        line.discord.change(|state| state.sessions.detach(&session, connection, ended, line.closed_with));
    }
}

async fn close(socket: &mut WebSocket, (code, reason): Close) {
    let frame = CloseFrame { code, reason: reason.into() };
    // The client may be gone already; then there is nobody to tell.
    let _ = socket.send(Message::Close(Some(frame))).await;
}

/// One connection and the session that it speaks for.
struct Line {
    discord: Discord,
    wire: Wire,
    wrapping: Wrapping,
    session: Option<String>,
    sent: VecDeque<Instant>,
    /// The code of the client's closing frame.
    closed_with: Option<u16>,
}

impl Line {
    fn heartbeat(&self) -> Duration {
        self.discord.options().heartbeat_interval
    }

    fn write(&self, payload: &Value) {
        // The receiver lives as long as this line.
        let _ = self.wire.out.send(Frame::Text(payload.to_string()));
    }

    /// True if the client ended its session, so that it cannot be resumed.
    async fn run(&mut self, socket: &mut WebSocket, mut frames: UnboundedReceiver<Frame>) -> bool {
        let mut last_heard = Instant::now();
        loop {
            let patience = (self.heartbeat() * 3 / 2).saturating_sub(last_heard.elapsed());
            let ended = tokio::select! {
                biased;
                frame = frames.recv() => self.obey(socket, frame).await,
                heard = socket.recv() => {
                    last_heard = Instant::now();
                    self.take(socket, heard).await
                }
                () = tokio::time::sleep(patience) => {
                    close(socket, SESSION_TIMED_OUT).await;
                    Some(false)
                }
            };
            if let Some(ended) = ended {
                return ended;
            }
        }
    }

    /// Does what the world wants of this line; `Some` where that ends it, as [`Self::run`] tells it.
    async fn obey(&mut self, socket: &mut WebSocket, frame: Option<Frame>) -> Option<bool> {
        match frame {
            Some(Frame::Text(text)) => {
                let message = self.wrapping.wrap(text);
                socket.send(message).await.is_err().then_some(false)
            }
            Some(Frame::Flood { frames, count, after }) => self.pour(socket, &frames, count, after).await,
            Some(Frame::Close(code, reason)) => {
                close(socket, (code, reason)).await;
                Some(false)
            }
            Some(Frame::Cut) | None => Some(false),
        }
    }

    /// Writes as fast as the client reads; what the client says meanwhile is heard.
    async fn pour(&mut self, socket: &mut WebSocket, frames: &Frames, count: usize, after: u64) -> Option<bool> {
        for (number, sequence) in (0..count).zip(after + 1..) {
            let message = self.wrapping.wrap(frames.frame(number, sequence));
            if socket.feed(message).await.is_err() {
                return Some(false);
            }
            if number % IN_ONE_GO == 0
                && let Some(heard) = socket.recv().now_or_never()
                && let Some(ended) = self.take(socket, heard).await
            {
                return Some(ended);
            }
        }
        socket.flush().await.is_err().then_some(false)
    }

    /// Takes what the client sent; `Some` where that ends the line.
    async fn take(&mut self, socket: &mut WebSocket, heard: Option<Result<Message, axum::Error>>) -> Option<bool> {
        match heard {
            Some(Ok(Message::Text(text))) => {
                let reason = self.hear(&text).err()?;
                close(socket, reason).await;
                Some(false)
            }
            Some(Ok(Message::Binary(_))) => {
                close(socket, DECODE_ERROR).await;
                Some(false)
            }
            Some(Ok(Message::Close(frame))) => {
                // The next read sends our half of the goodbye.
                let _ = tokio::time::timeout(GOODBYE, socket.recv()).await;
                self.closed_with = frame.as_ref().map(|f| f.code);
                Some(frame.is_none_or(|f| matches!(f.code, 1000 | 1001 | 1005)))
            }
            Some(Ok(_)) => None,
            Some(Err(_)) | None => Some(false),
        }
    }

    fn hear(&mut self, text: &str) -> Result<(), Close> {
        self.count_send()?;
        let payload: Value = serde_json::from_str(text).map_err(|_| DECODE_ERROR)?;
        let data = &payload["d"];
        match payload["op"].as_u64() {
            Some(1) => {
                self.heartbeat_arrived(data.as_u64());
                Ok(())
            }
            Some(2) => self.identify(data),
            Some(6) => self.resume(data),
            Some(3 | 4 | 8 | 31) if self.session.is_some() => Ok(()),
            Some(3 | 4 | 8 | 31) => Err(NOT_AUTHENTICATED),
            _ => Err(UNKNOWN_OPCODE),
        }
    }

    fn count_send(&mut self) -> Result<(), Close> {
        self.sent.retain(|at| at.elapsed() < MINUTE);
        self.sent.push_back(Instant::now());
        if self.sent.len() > SENDS_PER_MINUTE { Err(RATE_LIMITED) } else { Ok(()) }
    }

    fn heartbeat_arrived(&self, heard: Option<u64>) {
        let answered = self.discord.change(|state| {
            state.heartbeats += 1;
            if let Some(session) = &self.session {
                state.sessions.heartbeat(session, heard);
            }
            !state.faults.withhold_acks
        });
        if answered {
            self.write(&json!({ "op": 11 }));
        }
    }

    fn identify(&mut self, data: &Value) -> Result<(), Close> {
        if self.session.is_some() {
            return Err(ALREADY_AUTHENTICATED);
        }
        if data["token"].as_str().map(bare_token) != Some(self.discord.options().token.as_str()) {
            return Err(AUTHENTICATION_FAILED);
        }
        if !data["properties"].is_object() {
            return Err(DECODE_ERROR);
        }
        let intents = data["intents"].as_u64().ok_or(INVALID_INTENTS)?;
        if intents & !intents::KNOWN != 0 {
            return Err(INVALID_INTENTS);
        }
        if intents & intents::PRIVILEGED & !self.discord.options().privileged_intents != 0 {
            return Err(DISALLOWED_INTENTS);
        }
        let shard = match &data["shard"] {
            Value::Null => (0, 1),
            given => given[0].as_u64().zip(given[1].as_u64()).ok_or(INVALID_SHARD)?,
        };
        if shard.0 >= shard.1 {
            return Err(INVALID_SHARD);
        }
        if !self.discord.may_identify(shard.0) {
            self.write(&json!({ "op": 9, "d": false }));
            return Ok(());
        }
        let identity = Identity { intents, shard, resume_url: self.discord.gateway_url() };
        let wire = self.wire.clone();
        self.session = Some(self.discord.change(|state| {
            if state.world.communities.len() / usize::try_from(shard.1).unwrap_or(1) > GUILDS_PER_SHARD {
                return Err(SHARDING_REQUIRED);
            }
            state.identifies += 1;
            Ok(state.sessions.open(&state.world, &identity, wire))
        })?);
        Ok(())
    }

    fn resume(&mut self, data: &Value) -> Result<(), Close> {
        if self.session.is_some() {
            return Err(ALREADY_AUTHENTICATED);
        }
        if data["token"].as_str().map(bare_token) != Some(self.discord.options().token.as_str()) {
            return Err(AUTHENTICATION_FAILED);
        }
        let id = data["session_id"].as_str().ok_or(DECODE_ERROR)?.to_owned();
        let seq = data["seq"].as_u64().ok_or(DECODE_ERROR)?;
        let wire = self.wire.clone();
        let resumed = self.discord.change(|state| {
            state.resumes += 1;
            if state.faults.refuse_resumes > 0 {
                state.faults.refuse_resumes -= 1;
                state.sessions.forget(&id);
            }
            state.sessions.resume(&id, seq, wire)
        });
        match resumed {
            Ok(()) => self.session = Some(id),
            Err(ResumeError::Gone) => self.write(&json!({ "op": 9, "d": false })),
            Err(ResumeError::WrongSequence) => return Err(INVALID_SEQ),
        }
        Ok(())
    }
}

/// Some clients send the token with its kind in front, which Discord's gateway accepts.
fn bare_token(token: &str) -> &str {
    token.strip_prefix("Bot ").unwrap_or(token)
}
