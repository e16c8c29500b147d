//! The least that a receiver can do: read the socket, unpack, and parse each frame into a small borrowed struct.

use std::borrow::Cow;
use std::hint::black_box;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use serde::de::IgnoredAny;
use zstd_safe::{DCtx, InBuffer, OutBuffer};

use crate::Transport;
use crate::measure::Watch;
use crate::processes::{Word, say, stage, tell_progress};

const BUFFER: usize = 256 * 1024;
/// Guilds, messages, reactions and voice states, as the product asks for.
const INTENTS: u64 = 1 | 1 << 7 | 1 << 9 | 1 << 10;

#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow)]
    t: Option<&'a str>,
    #[serde(borrow)]
    d: Option<Payload<'a>>,
}

/// The fields that an observation is made of.
#[derive(Deserialize)]
struct Payload<'a> {
    #[serde(borrow, default)]
    id: Option<&'a str>,
    #[serde(borrow, default)]
    channel_id: Option<&'a str>,
    #[serde(borrow, default)]
    guild_id: Option<&'a str>,
    #[serde(rename = "type", default)]
    kind: u8,
    #[serde(borrow, default)]
    author: Option<Person<'a>>,
    #[serde(default)]
    webhook_id: Option<IgnoredAny>,
    #[serde(borrow, default)]
    mentions: Vec<Person<'a>>,
    #[serde(borrow, default)]
    referenced_message: Option<Referenced<'a>>,
}

#[derive(Deserialize)]
struct Person<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(default)]
    bot: bool,
}

#[derive(Deserialize)]
struct Referenced<'a> {
    #[serde(borrow)]
    author: Person<'a>,
}

pub fn receive(transport: Transport) -> Result<()> {
    let stage = stage()?;
    let mut socket = Socket::connect(&stage.gateway, transport)?;
    socket.identify(&stage.token)?;
    let heard = Arc::new(AtomicU64::new(0));
    let mut frames = 0;
    // HELLO comes before.
    while frames < 1 + stage.frames_before() {
        socket.frame(|_| ())?;
        frames += 1;
    }
    tell_progress(Arc::clone(&heard));
    let watch = Watch::start()?;
    let before = socket.received;
    say(&Word::Ready)?;
    for number in 1..=stage.messages {
        let is_message = socket.frame(|text| serde_json::from_slice::<Envelope<'_>>(text).map(|it| look(&it)))??;
        anyhow::ensure!(is_message, "something else than a message came");
        if number % 1024 == 0 {
            heard.store(number as u64, Ordering::Relaxed);
        }
    }
    let mut outcome = watch.stop(stage.messages)?;
    outcome.bytes = Some(socket.received - before);
    say(&Word::Done(outcome))
}

fn look(envelope: &Envelope<'_>) -> bool {
    let Some(payload) = &envelope.d else { return false };
    let author = payload.author.as_ref().map(|author| (&author.id, author.bot));
    let answered = payload.referenced_message.as_ref().map(|message| &message.author.id);
    black_box((payload.id, payload.channel_id, payload.guild_id, payload.kind, author, answered));
    black_box((payload.mentions.len(), payload.webhook_id.is_some()));
    envelope.t == Some("MESSAGE_CREATE")
}

/// A WebSocket of which only the reading of whole, unmasked frames is there.
struct Socket {
    stream: TcpStream,
    buffer: Vec<u8>,
    /// What of the buffer has been received and not yet been taken.
    from: usize,
    to: usize,
    received: u64,
    unpacking: Option<(DCtx<'static>, Vec<u8>)>,
}

impl Socket {
    fn connect(gateway: &str, transport: Transport) -> Result<Self> {
        let address = gateway.strip_prefix("ws://").context("a plain gateway")?;
        let stream = TcpStream::connect(address)?;
        let compress = if transport == Transport::Zstd { "&compress=zstd-stream" } else { "" };
        write!(
            &stream,
            "GET /?v=10&encoding=json{compress} HTTP/1.1\r\nHost: {address}\r\nUpgrade: websocket\r\n\
             Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
        )?;
        let unpacking = (transport == Transport::Zstd).then(|| (DCtx::create(), Vec::with_capacity(BUFFER)));
        let mut socket = Self { stream, buffer: vec![0; BUFFER], from: 0, to: 0, received: 0, unpacking };
        let end = b"\r\n\r\n";
        loop {
            socket.fill()?;
            if let Some(at) = socket.buffer[..socket.to].windows(end.len()).position(|bytes| bytes == end) {
                socket.from = at + end.len();
                return Ok(socket);
            }
        }
    }

    fn identify(&self, token: &str) -> Result<()> {
        let properties = r#"{"os":"linux","browser":"ceiling","device":"ceiling"}"#;
        let identify = format!(r#"{{"op":2,"d":{{"token":"{token}","intents":{INTENTS},"properties":{properties}}}}}"#);
        // A mask of zeros leaves the text as it is.
        let mut frame = vec![0x81, 0xfe];
        frame.extend(u16::try_from(identify.len())?.to_be_bytes());
        frame.extend([0; 4]);
        frame.extend(identify.bytes());
        Ok((&self.stream).write_all(&frame)?)
    }

    fn fill(&mut self) -> Result<()> {
        if self.to == self.buffer.len() {
            self.buffer.copy_within(self.from..self.to, 0);
            (self.from, self.to) = (0, self.to - self.from);
        }
        if self.to == self.buffer.len() {
            self.buffer.resize(self.to * 2, 0);
        }
        let count = self.stream.read(&mut self.buffer[self.to..])?;
        anyhow::ensure!(count > 0, "the fake has hung up");
        self.to += count;
        self.received += count as u64;
        Ok(())
    }

    /// The length of the next frame's header and payload, once they have been received.
    fn lengths(&self) -> Result<Option<(usize, usize)>> {
        let bytes = &self.buffer[self.from..self.to];
        let (header, payload) = match bytes {
            [first, ..] if !matches!(first, 0x81 | 0x82) => bail!("a frame that is no whole message: {first:#x}"),
            [_, 127, length @ ..] if length.len() >= 8 => {
                let length = length.first_chunk::<8>().context("eight bytes")?;
                (10, usize::try_from(u64::from_be_bytes(*length))?)
            }
            [_, 126, high, low, ..] => (4, usize::from(u16::from_be_bytes([*high, *low]))),
            [_, length @ ..=125, ..] => (2, usize::from(*length)),
            _ => return Ok(None),
        };
        Ok((bytes.len() >= header + payload).then_some((header, payload)))
    }

    /// Gives the next frame's text to `look`.
    fn frame<T>(&mut self, look: impl FnOnce(&[u8]) -> T) -> Result<T> {
        let (header, payload) = loop {
            match self.lengths()? {
                Some(lengths) => break lengths,
                None => self.fill()?,
            }
        };
        let bytes = &self.buffer[self.from + header..self.from + header + payload];
        let looked = match &mut self.unpacking {
            None => look(bytes),
            Some((context, text)) => {
                unpack(context, bytes, text)?;
                look(text)
            }
        };
        self.from += header + payload;
        Ok(looked)
    }
}

fn unpack(context: &mut DCtx<'static>, packed: &[u8], text: &mut Vec<u8>) -> Result<()> {
    text.clear();
    let mut input = InBuffer::around(packed);
    loop {
        let at = text.len();
        let mut output = OutBuffer::around_pos(text, at);
        let failed = |code| anyhow::anyhow!(zstd_safe::get_error_name(code));
        context.decompress_stream(&mut output, &mut input).map_err(failed)?;
        if input.pos == packed.len() && output.pos() < output.capacity() {
            return Ok(());
        }
        text.reserve(BUFFER);
    }
}
