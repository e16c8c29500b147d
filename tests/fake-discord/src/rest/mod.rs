//! REST: each request passes through [`answer`], which checks, applies, logs and answers it.

mod checks;
mod commands;
mod events;
mod guilds;
mod interactions;
mod limits;
mod messages;
mod polls;
mod reactions;
mod request;
mod routes;
mod threads;

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

pub(crate) use limits::Limiter;
use limits::Permit;
use request::Call;
pub use request::Request;

use crate::faults::RestFault;
use crate::refusal::Refusal;
use crate::{Discord, State};

/// What a route answers: a status and a body, `Null` for none.
type Outcome = Result<(u16, Value), Refusal>;

/// What is to be done with an answer once the lock is free.
enum Next {
    Send,
    /// The line goes dead instead.
    HangUp,
}

/// One request from its arrival to its answer.
pub(crate) async fn answer(discord: Discord, request: axum::extract::Request) -> Response {
    let call = match Call::read(request).await {
        Ok(call) => call,
        Err(refusal) => return respond(&discord, None, refusal.status, &refusal.body(), None),
    };
    let fault = discord.change(|state| state.faults.for_request(&call.method, &call.path));
    match &fault {
        Some(RestFault::TooMany { scope, retry_after }) => return too_many(&discord, &call, scope, *retry_after),
        Some(RestFault::Status(status)) => return failed(&discord, &call, *status, 0),
        Some(RestFault::Code(status, code)) => return failed(&discord, &call, *status, *code),
        Some(RestFault::Slow(by)) => tokio::time::sleep(*by).await,
        Some(RestFault::HangUp) | None => {}
    }
    let permit = discord.change(|state| state.limiter.admit(&call, discord_limits(&discord)));
    if let Permit::Refused { scope, retry_after } = permit {
        return too_many(&discord, &call, scope, retry_after);
    }
    let checked = authorised(&discord, &call).and_then(|()| checks::request(&discord, &call));
    let (status, body, next) = discord.change(|state| apply(&discord, state, &call, checked));
    checks::answer(&discord, &call, status, &body);
    if matches!(next, Next::HangUp) || matches!(fault, Some(RestFault::HangUp)) {
        // Unwinding ends this connection's task without an answer, and without a word on stderr.
        std::panic::resume_unwind(Box::new("the fake hangs up as ordered"));
    }
    respond(&discord, Some(&call), status, &body, Some(permit))
}

fn discord_limits(discord: &Discord) -> bool {
    discord.options().rate_limits
}

/// Applies and logs under one lock, so that a kill finds the request applied and unanswered.
fn apply(discord: &Discord, state: &mut State, call: &Call, checked: Result<(), Refusal>) -> (u16, Value, Next) {
    let too_large = call.files.iter().any(|file| file.bytes.len() > state.world.limits.file_bytes);
    let checked = if too_large { Err(Refusal::too_large()) } else { checked };
    let outcome = checked.and_then(|()| routes::route(discord, state, call));
    let (status, body) = match outcome {
        Ok(answer) => answer,
        Err(refusal) => (refusal.status, refusal.body()),
    };
    state.log.push(call.logged(status, &body));
    let mut next = Next::Send;
    if call.mutates() && status < 400 {
        state.mutating += 1;
        if let Some(kill) = state.faults.kill_due(state.mutating) {
            kill();
            state.kills += 1;
            next = Next::HangUp;
        }
    }
    (status, body, next)
}

/// Interactions and webhooks carry their token in the path; all else needs the bot's.
fn authorised(discord: &Discord, call: &Call) -> Result<(), Refusal> {
    let by_path = matches!(call.steps().first(), Some(&"interactions" | &"webhooks"));
    let open = by_path || call.path == "/gateway";
    let expected = format!("Bot {}", discord.options().token);
    if open || call.authorization.as_deref() == Some(expected.as_str()) { Ok(()) } else { Err(Refusal::unauthorized()) }
}

fn too_many(discord: &Discord, call: &Call, scope: &str, retry_after: f64) -> Response {
    let global = scope == "global";
    let body = json!({
        "message": "You are being rate limited.", "retry_after": retry_after, "global": global, "code": 0,
    });
    checks::answer(discord, call, 429, &body);
    discord.change(|state| state.log.push(call.logged(429, &body)));
    let mut response = respond(discord, Some(call), 429, &body, None);
    let headers = response.headers_mut();
    let mut put = |name: &'static str, value: String| {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(name, value);
        }
    };
    put("retry-after", format!("{}", retry_after.ceil()));
    put("x-ratelimit-scope", scope.into());
    put("x-ratelimit-reset-after", format!("{retry_after:.3}"));
    put("x-ratelimit-remaining", "0".into());
    if global {
        put("x-ratelimit-global", "true".into());
    }
    response
}

fn failed(discord: &Discord, call: &Call, status: u16, code: u32) -> Response {
    let body = json!({ "message": format!("{status}: ordered by the test"), "code": code });
    discord.change(|state| state.log.push(call.logged(status, &body)));
    respond(discord, Some(call), status, &body, None)
}

fn respond(discord: &Discord, call: Option<&Call>, status: u16, body: &Value, permit: Option<Permit>) -> Response {
    let code = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = if body.is_null() {
        code.into_response()
    } else {
        let json = [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))];
        (code, json, Body::from(body.to_string())).into_response()
    };
    if let Some(call) = call {
        let now_ms = discord.now();
        for (name, value) in limits::headers(call, permit, now_ms) {
            if let Ok(value) = HeaderValue::from_str(&value) {
                response.headers_mut().insert(name, value);
            }
        }
    }
    response
}
