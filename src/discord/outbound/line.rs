//! One request and its answer, with patience for 429.
//!
//! Bodies are sent and answers read as far as we need them, so that a field which Discord adds or changes elsewhere in an
//! answer does not make a delivered message look undelivered.

use std::sync::Arc;
use std::time::Duration;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use serenity::builder::CreateAttachment;
use serenity::http::{Http, HttpError, LightMethod, Multipart, MultipartUpload, Request, Route};

use super::failure::Failure;
use crate::discord::access::Access;
use crate::discord::render::Card;

/// Longer than this nobody waits with a notice in the hand; it goes back to the queue.
const MOST_PATIENCE: Duration = Duration::from_secs(10);
/// The library's limiter sleeps as long as Discord says, which may be hours, while other notices wait.
const LIMITER_PATIENCE: Duration = Duration::from_mins(1);
/// After a 429 without a number: it comes from something in front of Discord, which is stricter.
const UNTOLD_PATIENCE: Duration = Duration::from_secs(30);
const TOO_MANY: u16 = 429;

#[derive(Debug)]
pub(super) struct Line {
    http: Arc<Http>,
    client: reqwest::Client,
}

#[derive(Deserialize)]
struct Patience {
    retry_after: f64,
}

impl Line {
    pub fn new(access: &Access, http: Arc<Http>) -> Self {
        Self { http, client: access.client().clone() }
    }

    /// A request with or without a body, and its answer.
    pub async fn ask<T: DeserializeOwned>(
        &self,
        method: LightMethod,
        route: Route<'_>,
        body: Option<&Value>,
    ) -> Result<T, Failure> {
        self.call(Request::new(route, method).body(body.map(|body| body.to_string().into_bytes()))).await
    }

    /// As [`Self::ask`], without a body and with parameters in the address.
    pub async fn read<T: DeserializeOwned>(
        &self,
        route: Route<'_>,
        parameters: Vec<(&'static str, String)>,
    ) -> Result<T, Failure> {
        self.call(Request::new(route, LightMethod::Get).params(Some(parameters))).await
    }

    /// A message, with its file if it has one.
    pub async fn send<T: DeserializeOwned>(
        &self,
        method: LightMethod,
        route: Route<'_>,
        body: &Value,
        card: &Card,
    ) -> Result<T, Failure> {
        let Some(file) = &card.file else { return self.ask(method, route, Some(body)).await };
        let upload = CreateAttachment::bytes(file.bytes.clone(), &file.name);
        let multipart = Multipart {
            upload: MultipartUpload::Attachments(vec![upload]),
            fields: Vec::new(),
            payload_json: Some(body.to_string()),
        };
        self.call(Request::new(route, method).multipart(Some(multipart))).await
    }

    async fn call<T: DeserializeOwned>(&self, request: Request<'_>) -> Result<T, Failure> {
        let mut waited = Duration::ZERO;
        loop {
            let answer = self.once(request.clone()).await?;
            match answer.status {
                200..=299 => return read_answer(&answer.body),
                TOO_MANY => {
                    let after = answer.patience();
                    waited += after;
                    if waited > MOST_PATIENCE {
                        return Err(Failure::TooMany { after });
                    }
                    tokio::time::sleep(after).await;
                }
                status => return Err(Failure::from_answer(status, &answer.body)),
            }
        }
    }

    async fn once(&self, request: Request<'_>) -> Result<Answer, Failure> {
        let response = self.response(request).await?;
        let status = response.status().as_u16();
        let header = response.headers().get("retry-after").and_then(|value| value.to_str().ok());
        let retry_after = header.and_then(|seconds| seconds.parse().ok());
        let body = response.bytes().await.map_err(|error| Failure::from_transport(&error))?;
        Ok(Answer { status, retry_after, body: body.to_vec() })
    }

    /// Through the library's limiter where it is on. Its own way without it drops how long a 429 asks us to wait.
    async fn response(&self, request: Request<'_>) -> Result<reqwest::Response, Failure> {
        if let Some(limiter) = &self.http.ratelimiter {
            let performed = tokio::time::timeout(LIMITER_PATIENCE, limiter.perform(request)).await;
            // Cut off in its sleep or under way: that cannot be told apart.
            let too_long = |_| Failure::Broken { reason: "Discord asks for patience".to_owned(), sent: true };
            return performed.map_err(too_long)?.map_err(from_library);
        }
        let built = request.build(&self.client, self.http.token(), self.http.proxy.as_deref());
        built.map_err(from_library)?.send().await.map_err(|error| Failure::from_transport(&error))
    }
}

struct Answer {
    status: u16,
    /// Seconds, from the header.
    retry_after: Option<f64>,
    body: Vec<u8>,
}

impl Answer {
    /// How long a 429 asks us to wait: its body is more exact than its header.
    fn patience(&self) -> Duration {
        let asked = serde_json::from_slice::<Patience>(&self.body).ok().map(|asked| asked.retry_after);
        let seconds = asked.or(self.retry_after);
        seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok()).unwrap_or(UNTOLD_PATIENCE)
    }
}

fn read_answer<T: DeserializeOwned>(body: &[u8]) -> Result<T, Failure> {
    // An empty answer (204) reads as `null`.
    let body = if body.is_empty() { b"null" } else { body };
    // It was done; only what it made is unknown, and can be looked for.
    serde_json::from_slice(body).map_err(|error| Failure::Broken { reason: format!("unreadable: {error}"), sent: true })
}

fn from_library(error: serenity::Error) -> Failure {
    match error {
        serenity::Error::Http(HttpError::Request(error)) => Failure::from_transport(&error),
        other => Failure::Answer { code: 0, message: other.to_string() },
    }
}
