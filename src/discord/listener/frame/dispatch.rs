//! What stands around each payload, read in one go: Discord says of what kind a frame is before its payload, so a
//! message is parsed where it stands, and a payload that nobody asked for is not even looked at.

use std::fmt;

use serde::de::{Error as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer as _};
use serde_json::value::RawValue;

use super::Message;

const DISPATCH: u8 = 0;
const HELLO: u8 = 10;
const MESSAGE: &str = "MESSAGE_CREATE";

/// What stands around each payload.
#[derive(Debug, Deserialize)]
struct Envelope<'a> {
    op: u8,
    s: Option<u64>,
    #[serde(borrow)]
    t: Option<&'a str>,
    #[serde(borrow)]
    d: Option<&'a RawValue>,
}

/// Whether a frame is Discord's first word on a new line.
pub fn is_hello(text: &str) -> bool {
    serde_json::from_str::<Envelope<'_>>(text).is_ok_and(|envelope| envelope.op == HELLO)
}

/// One event of a session.
#[derive(Debug)]
pub struct Dispatch<'a> {
    pub sequence: u64,
    pub name: &'a str,
    pub payload: Payload<'a>,
}

#[derive(Debug)]
pub enum Payload<'a> {
    Message(Message),
    /// The JSON of anything else, and of a message that is not as documented.
    Other(&'a str),
    /// Nothing that was asked for.
    Ignored,
}

impl<'a> Dispatch<'a> {
    /// Reads a frame; `None` where it is no event, such as an answer to a heartbeat. Payloads are given of those events
    /// that `counts` says yes to.
    pub fn read(text: &'a str, counts: impl Fn(&str) -> bool) -> serde_json::Result<Option<Self>> {
        let mut header = Header::default();
        let read = serde_json::Deserializer::from_str(text).deserialize_map(Reading(&mut header));
        let Header { op: Some(DISPATCH), s: Some(sequence), t: Some(name) } = header else {
            // Its order is not Discord's, or it is no event.
            return Self::read_whole(text);
        };
        match read {
            Ok(message) => Ok(Some(Self { sequence, name, payload: Payload::Message(message) })),
            Err(_) if !counts(name) => Ok(Some(Self { sequence, name, payload: Payload::Ignored })),
            Err(_) => Self::read_whole(text),
        }
    }

    fn read_whole(text: &'a str) -> serde_json::Result<Option<Self>> {
        let Envelope { op, s, t, d } = serde_json::from_str(text)?;
        let payload = Payload::Other(d.map_or("null", RawValue::get));
        let event = s.zip(t).filter(|_| op == DISPATCH);
        Ok(event.map(|(sequence, name)| Self { sequence, name, payload }))
    }
}

/// What comes before a payload.
#[derive(Debug, Default)]
struct Header<'a> {
    op: Option<u8>,
    s: Option<u64>,
    t: Option<&'a str>,
}

/// Reads up to the payload, and that too where it is a message.
struct Reading<'h, 'a>(&'h mut Header<'a>);

impl<'a> Visitor<'a> for Reading<'_, 'a> {
    type Value = Message;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a message's frame")
    }

    fn visit_map<A: MapAccess<'a>>(self, mut map: A) -> Result<Message, A::Error> {
        let stopped = || A::Error::custom("it is no message, or comes before its kind");
        while let Some(key) = map.next_key::<&str>()? {
            match key {
                "op" => self.0.op = Some(map.next_value()?),
                "s" => self.0.s = map.next_value()?,
                "t" => self.0.t = map.next_value()?,
                "d" if self.0.t == Some(MESSAGE) && self.0.op == Some(DISPATCH) => return map.next_value(),
                _ => return Err(stopped()),
            }
        }
        Err(stopped())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<(u64, &str, String)> {
        let dispatch = Dispatch::read(text, |name| name != "TYPING_START").unwrap()?;
        Some((dispatch.sequence, dispatch.name, format!("{:?}", dispatch.payload)))
    }

    #[test]
    fn a_frame_says_the_same_in_any_order() {
        let message =
            r#"{"id":"30","channel_id":"20","guild_id":"10","type":0,"author":{"id":"1"},"content":"secret"}"#;
        let in_discords_order = format!(r#"{{"t":"MESSAGE_CREATE","s":7,"op":0,"d":{message}}}"#);
        let (sequence, name, payload) = read(&in_discords_order).unwrap();
        assert_eq!((sequence, name), (7, "MESSAGE_CREATE"));
        assert!(payload.starts_with("Message("), "{payload}");
        let in_another = format!(r#"{{"d":{message},"op":0,"s":7,"t":"MESSAGE_CREATE"}}"#);
        assert_eq!(read(&in_another), Some((7, "MESSAGE_CREATE", format!("Other({message:?})"))));
    }

    #[test]
    fn what_is_not_asked_for_is_not_looked_at_and_has_its_number() {
        let typing = r#"{"t":"TYPING_START","s":8,"op":0,"d":{"anything": at all"#;
        assert_eq!(read(typing), Some((8, "TYPING_START", "Ignored".to_owned())));
        let broken = r#"{"t":"MESSAGE_CREATE","s":9,"op":0,"d":{"id":5}}"#;
        assert_eq!(read(broken), Some((9, "MESSAGE_CREATE", r#"Other("{\"id\":5}")"#.to_owned())));
        let resumed = r#"{"t":"RESUMED","s":10,"op":0,"d":null}"#;
        assert_eq!(read(resumed), Some((10, "RESUMED", "Other(\"null\")".to_owned())));
    }

    #[test]
    fn what_is_no_event_is_none_and_what_is_no_json_an_error() {
        for frame in [r#"{"t":null,"s":null,"op":11,"d":null}"#, r#"{"op":10,"d":{"heartbeat_interval":5}}"#] {
            assert_eq!(read(frame), None);
        }
        for frame in ["", "[]", r#"{"t":"MESSAGE_CREATE","s":9,"op":0,"d":{"id""#] {
            assert!(Dispatch::read(frame, |_| true).is_err(), "{frame}");
        }
    }
}
