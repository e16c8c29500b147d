//! How payloads go onto the wire: as text, or through one compression context that lasts as long as the connection.

use axum::body::Bytes;
use axum::extract::ws::Message;
use zstd_safe::{CCtx, CParameter, InBuffer, OutBuffer};

use super::Asked;

/// Quick, as a busy server would have it.
const LEVEL: i32 = 1;

/// Transport compression as the client asked for it.
pub enum Wrapping {
    Text,
    /// `compress=zstd-stream`: each payload is one binary message, flushed, of one stream.
    Zstd(CCtx<'static>),
}

impl Wrapping {
    /// `None` for what this Discord cannot serve.
    pub fn of(asked: &Asked) -> Option<Self> {
        if asked.encoding.as_deref().is_some_and(|encoding| encoding != "json") {
            return None;
        }
        match asked.compress.as_deref() {
            None => Some(Self::Text),
            Some("zstd-stream") => {
                let mut context = CCtx::create();
                context.set_parameter(CParameter::CompressionLevel(LEVEL)).ok()?;
                Some(Self::Zstd(context))
            }
            Some(_) => None,
        }
    }

    /// The payload as a message of the socket.
    ///
    /// # Panics
    /// Where there is no memory for it.
    pub fn wrap(&mut self, text: String) -> Message {
        match self {
            Self::Text => Message::Text(text.into()),
            Self::Zstd(context) => Message::Binary(compressed(context, &text)),
        }
    }
}

/// More than the bound of a whole payload, for the stream's own header.
const HEADER: usize = 64;

#[expect(clippy::expect_used, reason = "a compressor that fails has no memory left")]
fn compressed(context: &mut CCtx<'static>, text: &str) -> Bytes {
    let mut whole = Vec::with_capacity(zstd_safe::compress_bound(text.len()) + HEADER);
    let (mut input, mut output) = (InBuffer::around(text.as_bytes()), OutBuffer::around(&mut whole));
    while input.pos < text.len() {
        context.compress_stream(&mut output, &mut input).expect("compression");
    }
    while context.flush_stream(&mut output).expect("compression") > 0 {}
    whole.into()
}
