//! A request as it arrived: path, query, JSON or multipart body.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use axum::extract::{FromRequest, Multipart};
use axum::http::{HeaderMap, HeaderName, header};
use serde_json::Value;

use crate::Id;
use crate::refusal::Refusal;
use crate::world::File;

const PREFIX: &str = "/api/v10";
const MAX_BODY_BYTES: usize = 25 * 1024 * 1024;

/// A request in the log.
#[derive(Debug, Clone)]
pub struct Request {
    pub method: String,
    /// Below `/api/v10`, without the query.
    pub path: String,
    pub query: String,
    /// The JSON body, of multipart its `payload_json`; `Null` for none.
    pub body: Value,
    /// Names of the files that came with it.
    pub files: Vec<String>,
    pub status: u16,
    pub answer: Value,
    /// When it arrived, in real time.
    pub(crate) arrived: Instant,
    /// The bucket that it counts to.
    pub(crate) bucket: String,
}

impl Request {
    /// How long a 429 asked to wait, and whether with everything.
    pub(crate) fn patience(&self) -> Option<(Duration, bool)> {
        let seconds = self.answer["retry_after"].as_f64().filter(|_| self.status == 429)?;
        Some((Duration::try_from_secs_f64(seconds).ok()?, self.answer["global"] == true))
    }

    /// Answers to interactions count to no limit over all routes.
    pub(crate) fn counts_to_all(&self) -> bool {
        !self.path.starts_with("/interactions/") && !self.path.starts_with("/webhooks/")
    }
}

/// A request being answered.
#[derive(Debug)]
pub(crate) struct Call {
    pub method: String,
    pub path: String,
    pub raw_query: String,
    pub query: HashMap<String, String>,
    pub authorization: Option<String>,
    pub body: Value,
    pub files: Vec<File>,
    pub arrived: Instant,
}

impl Call {
    pub async fn read(request: axum::extract::Request) -> Result<Self, Refusal> {
        let arrived = Instant::now();
        let method = request.method().to_string();
        let Some(path) = request.uri().path().strip_prefix(PREFIX).map(str::to_owned) else {
            return Err(Refusal::no_such_route());
        };
        let raw_query = request.uri().query().unwrap_or("").to_owned();
        let authorization = text_of(request.headers(), &header::AUTHORIZATION);
        let content_type = text_of(request.headers(), &header::CONTENT_TYPE).unwrap_or_default();
        let (body, files) = if content_type.starts_with("multipart/form-data") {
            read_multipart(request).await?
        } else {
            (read_json(request).await?, Vec::new())
        };
        let query = parse_query(&raw_query);
        Ok(Self { method, path, raw_query, query, authorization, body, files, arrived })
    }

    /// The path's parts, still percent-encoded.
    pub fn steps(&self) -> Vec<&str> {
        self.path.split('/').filter(|step| !step.is_empty()).collect()
    }

    pub fn mutates(&self) -> bool {
        self.method != "GET"
    }

    pub fn id_in_query(&self, name: &str) -> Option<Id> {
        self.query.get(name)?.parse().ok()
    }

    /// A number of the query within bounds, else Discord's refusal.
    pub fn count(&self, name: &str, default: usize, max: usize) -> Result<usize, Refusal> {
        let Some(text) = self.query.get(name) else { return Ok(default) };
        match text.parse() {
            Ok(n) if (1..=max).contains(&n) => Ok(n),
            _ => Err(Refusal::invalid(name, &format!("int value should be between 1 and {max}."))),
        }
    }

    pub fn logged(&self, status: u16, answer: &Value) -> Request {
        Request {
            method: self.method.clone(),
            path: self.path.clone(),
            query: self.raw_query.clone(),
            body: self.body.clone(),
            files: self.files.iter().map(|f| f.name.clone()).collect(),
            status,
            answer: answer.clone(),
            arrived: self.arrived,
            bucket: super::limits::bucket_name(self),
        }
    }
}

fn text_of(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    headers.get(name).and_then(|v| v.to_str().ok()).map(str::to_owned)
}

async fn read_json(request: axum::extract::Request) -> Result<Value, Refusal> {
    let bytes = axum::body::to_bytes(request.into_body(), MAX_BODY_BYTES).await;
    let bytes = bytes.map_err(|_| Refusal::invalid("", "The request body could not be read."))?;
    if bytes.is_empty() {
        return Ok(Value::Null);
    }
    serde_json::from_slice(&bytes).map_err(|_| Refusal::invalid("", "The request body contains invalid JSON."))
}

async fn read_multipart(request: axum::extract::Request) -> Result<(Value, Vec<File>), Refusal> {
    let unreadable = || Refusal::invalid("", "The multipart body could not be read.");
    let mut parts = Multipart::from_request(request, &()).await.map_err(|_| unreadable())?;
    let (mut body, mut files) = (Value::Null, Vec::new());
    while let Some(part) = parts.next_field().await.map_err(|_| unreadable())? {
        let name = part.file_name().map(str::to_owned);
        let content_type = part.content_type().unwrap_or("application/octet-stream").to_owned();
        let is_payload = part.name() == Some("payload_json");
        let bytes = part.bytes().await.map_err(|_| unreadable())?.to_vec();
        if is_payload {
            body = serde_json::from_slice(&bytes).map_err(|_| unreadable())?;
        } else if let Some(name) = name {
            files.push(File { id: 0, name, content_type, bytes });
        }
    }
    Ok((body, files))
}

fn parse_query(raw: &str) -> HashMap<String, String> {
    raw.split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| (name.to_owned(), decode(value)))
        .collect()
}

/// Undoes percent-encoding; what is not UTF-8 becomes the replacement character.
pub(crate) fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let hex = tail.get(..2).and_then(|h| std::str::from_utf8(h).ok());
        if let (b'%', Some(byte)) = (first, hex.and_then(|h| u8::from_str_radix(h, 16).ok())) {
            bytes.push(byte);
            rest = &tail[2..];
        } else {
            bytes.push(*first);
            rest = tail;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
