//! One connection after the other of one listening session, frame by frame.

use std::future::poll_fn;
use std::task::Poll;
use std::time::Duration;

use futures_util::StreamExt;
use secrecy::ExposeSecret;
use tokio::sync::watch::Receiver;
use twilight_gateway::error::{ReceiveMessageError, ReceiveMessageErrorType};
use twilight_gateway::queue::InMemoryQueue;
use twilight_gateway::{CloseFrame, ConfigBuilder, Message, Session, Shard, ShardId, ShardState};

use super::intake::{Intake, Taken};
use super::{Gateway, INTENTS, Listener, ListenerError};
use crate::app::watch::Watch;
use crate::discord::stopped;
use crate::store::{Resume, StoreError};

/// How long a message heard may wait for its flush.
const FLUSH_EVERY: chrono::Duration = chrono::Duration::seconds(3);
/// Heartbeats are sent only while frames are read, so reading rests no longer than this.
const HOLD_AT_MOST: Duration = Duration::from_secs(15);
const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);
/// Of the five seconds that a stop may take, those for saying goodbye.
const GOODBYE: Duration = Duration::from_secs(1);
/// The shard doubles its pause with each attempt, up to four minutes; a new one begins with none.
const ATTEMPTS: u8 = 6;

const AUTHENTICATION_FAILED: u16 = 4004;
const INVALID_SEQUENCE: u16 = 4007;
const SHARDING_REQUIRED: u16 = 4011;
const INVALID_INTENTS: u16 = 4013;
const DISALLOWED_INTENTS: u16 = 4014;

/// Put behind the gateway's address, it leaves the library's own query (which asks for compression) behind the `#`, so
/// that it is not sent.
const PLAIN: &str = "/?v=10&encoding=json#";

/// Why a connection is given up.
pub(super) enum Ended {
    Stopped,
    /// Something was lost: a new session, and reading, must make up for it.
    Unresumable,
    /// The gateway has not answered for half a minute; the session goes on where it stands.
    Unreachable,
    /// The store has not answered for so long that Discord would think us dead.
    StoreAway,
    Final(ListenerError),
}

pub(super) struct Connection<'a, 'l> {
    listener: &'l Listener,
    gateway: &'a Gateway,
    shard: Shard<InMemoryQueue>,
    id: ShardId,
    /// Whether anything came over this line.
    was_up: bool,
    /// Outlives the connection: a resume tells nothing again of what it knows.
    intake: &'a mut Intake<'l>,
}

impl<'a, 'l> Connection<'a, 'l> {
    /// Connects with the first poll; resumes `session` where there is one.
    pub fn open(
        listener: &'l Listener,
        gateway: &'a Gateway,
        id: ShardId,
        intake: &'a mut Intake<'l>,
        session: Option<Resume>,
    ) -> Self {
        let token = listener.token.expose_secret().to_owned();
        let address = |url: &str| format!("{url}{}", if listener.compressed { "" } else { PLAIN });
        // There is no need to ration what is sent: heartbeats, and once an identify or a resume.
        let config = ConfigBuilder::new(token, INTENTS).ratelimit_messages(false);
        let mut config = config.proxy_url(address(&gateway.url)).queue(gateway.queue.clone());
        intake.interrupted();
        if let Some(Resume { session, resume_url, sequence, .. }) = session {
            config = config.session(Session::new(sequence, session)).resume_url(address(&resume_url));
        }
        Self { listener, gateway, shard: Shard::with_config(id, config.build()), id, was_up: false, intake }
    }

    /// Reads until something ends it.
    pub async fn serve(&mut self, stop: &mut Receiver<bool>) -> Ended {
        let clock = &*self.listener.clock;
        let mut flush_due = clock.until(clock.now() + FLUSH_EVERY);
        loop {
            let ended = tokio::select! {
                biased;
                () = stopped(stop) => Some(Ended::Stopped),
                next = self.next() => match next {
                    Ok(next) => self.hear(next).await,
                    Err(ended) => Some(ended),
                },
                () = &mut flush_due => {
                    flush_due = clock.until(clock.now() + FLUSH_EVERY);
                    flush(&self.listener.watch).await
                }
            };
            if let Some(ended) = ended {
                return ended;
            }
        }
    }

    /// Ends the connection, not the session: another connection may resume it.
    pub async fn close(mut self) {
        self.shard.close(CloseFrame::RESUME);
        // What still arrives is not taken in: it will be told again. Once the frame is out the shard is left alone,
        // since it would connect again.
        let goodbye = poll_fn(|context| {
            while let Poll::Ready(next) = self.shard.poll_next_unpin(context) {
                if !matches!(next, Some(Ok(Message::Text(_)))) {
                    return Poll::Ready(());
                }
            }
            let out = matches!(self.shard.state(), ShardState::Disconnected { .. } | ShardState::FatallyClosed);
            if out { Poll::Ready(()) } else { Poll::Pending }
        });
        let _ = tokio::time::timeout(GOODBYE, goodbye).await;
    }

    async fn hear(&mut self, next: Option<Result<Message, ReceiveMessageError>>) -> Option<Ended> {
        match next {
            Some(Ok(Message::Text(text))) => self.take(&text).await,
            Some(Ok(Message::Close(frame))) => {
                self.intake.interrupted();
                closed(frame.map(|frame| frame.code))
            }
            Some(Err(error)) => {
                // Its own words would hold the frame, and so people's data.
                if matches!(error.kind(), ReceiveMessageErrorType::Reconnect) {
                    tracing::warn!("the gateway cannot be reached; trying again");
                } else {
                    tracing::warn!("the gateway sent a frame that cannot be read");
                }
                self.intake.interrupted();
                let tried = |state| matches!(state, ShardState::Disconnected { reconnect_attempts } if reconnect_attempts >= ATTEMPTS);
                tried(self.shard.state()).then_some(Ended::Unreachable)
            }
            None => Some(Ended::Final(ListenerError::Refused(0))),
        }
    }

    /// The shard's next word. By itself it would come back compressed from a lost line, where READY told it to: where that
    /// is not wanted, this line ends and another one has to begin.
    async fn next(&mut self) -> Result<Option<Result<Message, ReceiveMessageError>>, Ended> {
        let Self { listener, shard, was_up, .. } = self;
        poll_fn(|context| {
            let next = shard.poll_next_unpin(context);
            let lost = matches!(shard.state(), ShardState::Disconnected { reconnect_attempts: 0 });
            match next {
                Poll::Pending if lost && *was_up && !listener.compressed => {
                    Poll::Ready(Err(if shard.session().is_some() { Ended::Unreachable } else { Ended::Unresumable }))
                }
                next => next.map(|next| {
                    *was_up = true;
                    Ok(next)
                }),
            }
        })
        .await
    }

    async fn take(&mut self, text: &str) -> Option<Ended> {
        let intake = &mut *self.intake;
        let taken = async {
            let mut pause = FIRST_PAUSE;
            loop {
                match intake.take(text).await {
                    Ok(taken) => return Ok(taken),
                    Err(StoreError::LeaseLost) => return Err(ListenerError::LeaseLost),
                    Err(error) => rest(&mut pause, &error).await,
                }
            }
        };
        match tokio::time::timeout(HOLD_AT_MOST, taken).await {
            Err(_) => Some(Ended::StoreAway),
            Ok(Err(lost)) => Some(Ended::Final(lost)),
            Ok(Ok(Taken::Gap)) => Some(Ended::Unresumable),
            Ok(Ok(Taken::Began)) => {
                self.listener.hears(self.gateway, self.id.number());
                None
            }
            Ok(Ok(Taken::In)) if self.listener.watch.is_full() => flush(&self.listener.watch).await,
            Ok(Ok(Taken::In)) => None,
        }
    }
}

/// Tries until it is done, for as long as reading may rest. Holds nothing of the connection meanwhile, which cannot be
/// shared between threads.
async fn flush(watch: &Watch) -> Option<Ended> {
    let flushed = async {
        let mut pause = FIRST_PAUSE;
        loop {
            match watch.flush().await {
                Ok(()) => return None,
                Err(StoreError::LeaseLost) => return Some(Ended::Final(ListenerError::LeaseLost)),
                Err(error) => rest(&mut pause, &error).await,
            }
        }
    };
    tokio::time::timeout(HOLD_AT_MOST, flushed).await.unwrap_or(Some(Ended::StoreAway))
}

async fn rest(pause: &mut Duration, error: &StoreError) {
    tracing::warn!(%error, "the store does not take what was heard; trying again");
    tokio::time::sleep(*pause).await;
    *pause = (*pause * 2).min(LONGEST_PAUSE);
}

/// What a closing code means; `None` where the connection comes back by itself.
fn closed(code: Option<u16>) -> Option<Ended> {
    Some(match code {
        Some(AUTHENTICATION_FAILED) => Ended::Final(ListenerError::BadToken),
        Some(INVALID_INTENTS | DISALLOWED_INTENTS) => Ended::Final(ListenerError::DisallowedIntents),
        Some(SHARDING_REQUIRED) => Ended::Final(ListenerError::TooManyCommunities),
        Some(code @ (4010 | 4012)) => Ended::Final(ListenerError::Refused(code)),
        Some(INVALID_SEQUENCE) => Ended::Unresumable,
        _ => return None,
    })
}
