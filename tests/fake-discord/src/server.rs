//! The port: which request goes to the gateway, to REST, or to the clock that a child process follows.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::{Path, Query, State as Shared};
use axum::response::{IntoResponse, Json, Response};
use axum::routing::{any, get};
use serde_json::json;
use tokio::net::TcpListener;
use tokio::sync::{oneshot, watch};

use crate::faults::Faults;
use crate::gateway::Sessions;
use crate::world::World;
use crate::{Discord, Inner, Options, State, gateway, rest};

impl Discord {
    /// The routes again, for a second port.
    pub(crate) fn routes(&self) -> Router {
        router(Arc::downgrade(&self.inner))
    }

    /// Starts a Discord of its own on a free loopback port.
    ///
    /// # Panics
    /// Where no loopback port can be had.
    pub async fn start(options: Options) -> Self {
        Self::start_on(options, 0).await
    }

    /// Starts on a given port, for a Discord that a process in another place must find.
    ///
    /// # Panics
    /// Where that port cannot be had.
    #[expect(clippy::expect_used, reason = "without a port no test can go on")]
    pub async fn start_on(options: Options, port: u16) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", port)).await.expect("a loopback port");
        let address = listener.local_addr().expect("the port's address");
        let (hand_over, handed) = oneshot::channel::<std::sync::Weak<Inner>>();
        let server = tokio::spawn(async move {
            if let Ok(inner) = handed.await {
                // It holds no strong handle, so that the last one dropped ends it.
                let served = axum::serve(listener, router(inner)).await;
                tracing::debug!(?served, "the fake has stopped");
            }
        });
        let mut world = World::new(options.now_ms, options.bot_permissions);
        world.keeps_files_at = format!("http://{address}");
        let state = State {
            world,
            sessions: Sessions::default(),
            faults: Faults::default(),
            log: Vec::new(),
            violations: Vec::new(),
            limiter: rest::Limiter::default(),
            mutating: 0,
            kills: 0,
            heartbeats: 0,
            identifies: 0,
            identified_at: std::collections::BTreeMap::new(),
            resumes: 0,
            connections: 0,
        };
        let inner = Arc::new(Inner {
            options,
            address,
            state: Mutex::new(state),
            changed: watch::channel(0).0,
            server: server.abort_handle(),
        });
        // The task waits for nothing else, so it is there.
        let _ = hand_over.send(Arc::downgrade(&inner));
        Self { inner }
    }
}

type Handle = Shared<std::sync::Weak<Inner>>;

fn router(inner: std::sync::Weak<Inner>) -> Router {
    Router::new()
        .route("/", any(open_gateway))
        .route("/_fake/clock", get(tell_time))
        .route("/ephemeral-attachments/{channel}/{id}/{name}", get(hand_out))
        .fallback(answer_rest)
        .with_state(inner)
}

fn gone() -> Response {
    axum::http::StatusCode::SERVICE_UNAVAILABLE.into_response()
}

async fn open_gateway(
    Shared(inner): Handle,
    Query(query): Query<HashMap<String, String>>,
    upgrade: WebSocketUpgrade,
) -> Response {
    let Some(inner) = inner.upgrade() else { return gone() };
    let asked = |name| query.get(name).cloned();
    let asked = gateway::Asked { version: asked("v"), encoding: asked("encoding"), compress: asked("compress") };
    upgrade.on_upgrade(move |socket| gateway::serve(Discord { inner }, socket, asked))
}

async fn answer_rest(Shared(inner): Handle, request: axum::extract::Request) -> Response {
    let Some(inner) = inner.upgrade() else { return gone() };
    rest::answer(Discord { inner }, request).await
}

/// A file that somebody has handed over, as Discord's own place for files gives it.
async fn hand_out(Shared(inner): Handle, Path((_, id, _)): Path<(String, String, String)>) -> Response {
    let Some(inner) = inner.upgrade() else { return gone() };
    let file = (Discord { inner }).world(|w| w.handed.get(&id.parse().unwrap_or_default()).cloned());
    match file {
        Some(file) => ([(axum::http::header::CONTENT_TYPE, file.content_type)], file.bytes).into_response(),
        None => axum::http::StatusCode::NOT_FOUND.into_response(),
    }
}

/// `{"now": MS}`, at once if that is not `after`, else as soon as the clock is moved.
async fn tell_time(Shared(inner): Handle, Query(query): Query<HashMap<String, String>>) -> Response {
    let Some(inner) = inner.upgrade() else { return gone() };
    let discord = Discord { inner };
    let after: Option<i64> = query.get("after").and_then(|ms| ms.parse().ok());
    let mut changes = discord.changes();
    while after == Some(discord.now()) {
        if changes.changed().await.is_err() {
            return gone();
        }
    }
    Json(json!({ "now": discord.now() })).into_response()
}
