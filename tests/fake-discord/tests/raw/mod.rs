//! An independent client: bare WebSocket and bare HTTP, which believes nothing that a library would.

use fake_discord::Discord;
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

pub const GUILDS: u64 = 1;
pub const GUILD_MESSAGES: u64 = 1 << 9;
pub const REACTIONS: u64 = 1 << 10;
pub const DIRECT_MESSAGES: u64 = 1 << 12;
pub const MESSAGE_CONTENT: u64 = 1 << 15;

/// For how long silence is no failure.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(10);

/// One WebSocket to the gateway.
pub struct Line {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    token: String,
}

/// What the gateway said: a payload, or the code with which it closed (`None`: without a word).
#[derive(Debug)]
pub enum Heard {
    Payload(Value),
    Closed(Option<u16>),
}

impl Line {
    pub async fn open(discord: &Discord) -> Self {
        let mut line = Self::open_version(discord, 10).await;
        assert_eq!(line.payload().await["op"], 10, "hello comes first");
        line
    }

    pub async fn open_version(discord: &Discord, version: u8) -> Self {
        let url = format!("{}/?v={version}&encoding=json", discord.gateway_url());
        let (socket, _) = connect_async(url).await.unwrap();
        Self { socket, token: discord.token() }
    }

    /// Opens, identifies and waits for READY.
    pub async fn identified(discord: &Discord, intents: u64) -> (Self, Value) {
        Self::identified_as(discord, intents, (0, 1)).await
    }

    pub async fn identified_as(discord: &Discord, intents: u64, shard: (u64, u64)) -> (Self, Value) {
        let mut line = Self::open(discord).await;
        let token = line.token.clone();
        line.identify(&token, intents, shard).await;
        let ready = line.event("READY").await;
        (line, ready)
    }

    pub async fn send(&mut self, payload: Value) {
        self.socket.send(Message::Text(payload.to_string().into())).await.unwrap();
    }

    pub async fn identify(&mut self, token: &str, intents: u64, shard: (u64, u64)) {
        let properties = json!({ "os": "linux", "browser": "raw", "device": "raw" });
        let data = json!({ "token": token, "intents": intents, "properties": properties, "shard": [shard.0, shard.1] });
        self.send(json!({ "op": 2, "d": data })).await;
    }

    pub async fn resume(&mut self, session: &str, seq: u64) {
        let data = json!({ "token": self.token, "session_id": session, "seq": seq });
        self.send(json!({ "op": 6, "d": data })).await;
    }

    pub async fn heard(&mut self) -> Heard {
        loop {
            let next = tokio::time::timeout(PATIENCE, self.socket.next()).await.unwrap();
            return match next {
                Some(Ok(Message::Text(text))) => Heard::Payload(serde_json::from_str(&text).unwrap()),
                Some(Ok(Message::Close(frame))) => Heard::Closed(frame.map(|f| u16::from(f.code))),
                Some(Ok(_)) => continue,
                Some(Err(_)) | None => Heard::Closed(None),
            };
        }
    }

    pub async fn payload(&mut self) -> Value {
        match self.heard().await {
            Heard::Payload(payload) => payload,
            Heard::Closed(code) => panic!("closed with {code:?}"),
        }
    }

    pub async fn close_code(&mut self) -> Option<u16> {
        loop {
            if let Heard::Closed(code) = self.heard().await {
                return code;
            }
        }
    }

    /// The next event of this name, with all that came before it skipped.
    pub async fn event(&mut self, name: &str) -> Value {
        loop {
            let payload = self.payload().await;
            if payload["t"] == name {
                return payload;
            }
        }
    }

    /// Names of the events up to one, that one included.
    pub async fn names_until(&mut self, last: &str) -> Vec<String> {
        let mut names = Vec::new();
        while names.last().is_none_or(|name| name != last) {
            names.push(self.payload().await["t"].as_str().unwrap_or("").to_owned());
        }
        names
    }

    pub async fn hang_up(mut self, code: u16) {
        let frame = tokio_tungstenite::tungstenite::protocol::CloseFrame { code: code.into(), reason: "".into() };
        self.socket.close(Some(frame)).await.unwrap();
        while self.socket.next().await.is_some_and(|heard| heard.is_ok()) {}
    }
}

/// One REST request: status and body (`Null` for none).
pub async fn call(discord: &Discord, method: &str, path: &str, body: Value) -> (u16, Value) {
    let response = send(discord, method, path, body).await.unwrap();
    let status = response.status().as_u16();
    let text = response.text().await.unwrap();
    (status, if text.is_empty() { Value::Null } else { serde_json::from_str(&text).unwrap() })
}

pub async fn send(
    discord: &Discord,
    method: &str,
    path: &str,
    body: Value,
) -> Result<reqwest::Response, reqwest::Error> {
    let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
    let request = reqwest::Client::new()
        .request(method, format!("{}/api/v10{path}", discord.url()))
        .header("authorization", format!("Bot {}", discord.token()));
    let request = if body.is_null() { request } else { request.json(&body) };
    request.send().await
}

/// Status and Discord's code of a refusal.
pub async fn refused(discord: &Discord, method: &str, path: &str, body: Value) -> (u16, u64) {
    let (status, body) = call(discord, method, path, body).await;
    (status, body["code"].as_u64().unwrap_or(0))
}
