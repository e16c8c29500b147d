//! Messages as REST gives them, each read by itself: one that is not as documented costs no other.

use serde::Deserialize;
use serde_json::error::Category;
use serde_json::value::RawValue;

use super::Trouble;
use crate::discord::listener::frame::Message;
use crate::domain::ids::{CommunityId, MessageId};
use crate::domain::observation::Observation;

#[derive(Debug)]
pub struct Told {
    pub id: MessageId,
    message: Result<Message, Unread>,
}

/// Why a message cannot be read. The error's own words could quote people, so it is only where in the text it was met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Unread {
    category: Category,
    column: usize,
}

#[derive(Deserialize)]
struct Identified {
    id: MessageId,
}

/// Reads a page in the order in which it comes. What cannot be read is passed over, as live counting does, and told once for
/// all of the page.
pub fn read_page(raw: &[Box<RawValue>]) -> Result<Vec<Told>, Trouble> {
    let page: Vec<Result<Told, Unread>> = raw.iter().map(|raw| Told::read(raw)).collect();
    let mut unread = page.iter().filter_map(|told| told.as_ref().map_or_else(|unread| Some(*unread), Told::unread));
    if let Some(Unread { category, column }) = unread.next() {
        let count = 1 + unread.count();
        tracing::warn!(count, ?category, column, "messages of the past are not as documented and were passed over");
    }
    // Without so much as an id it cannot be known how far the page goes.
    page.into_iter().collect::<Result<_, _>>().map_err(|_| Trouble::Later)
}

impl Told {
    /// Fails where it has not so much as an id.
    fn read(raw: &RawValue) -> Result<Self, Unread> {
        let error = match serde_json::from_str::<Message>(raw.get()) {
            Ok(message) => return Ok(Self { id: message.id, message: Ok(message) }),
            Err(error) => error,
        };
        let unread = Unread { category: error.classify(), column: error.column() };
        let Identified { id } = serde_json::from_str(raw.get()).map_err(|_| unread)?;
        Ok(Self { id, message: Err(unread) })
    }

    fn unread(&self) -> Option<Unread> {
        self.message.as_ref().err().copied()
    }

    /// As [`Message::observed_in`].
    pub fn observed_in(&self, community: CommunityId) -> Option<Observation> {
        self.message.as_ref().ok()?.observed_in(Some(community))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(json: &[&str]) -> Result<Vec<Told>, Trouble> {
        let raw: Vec<Box<RawValue>> = json.iter().map(|json| serde_json::from_str(json).unwrap()).collect();
        read_page(&raw)
    }

    const GOOD: &str = r#"{"id":"7","channel_id":"20","type":0,"author":{"id":"1"}}"#;
    const ODD: &str = r#"{"id":"8","channel_id":"20","type":"new","author":null}"#;

    #[test]
    fn a_message_that_cannot_be_read_keeps_its_place_and_tells_nothing() {
        let den = CommunityId::from_column(10);
        let page = told(&[GOOD, ODD]).unwrap();
        let seen: Vec<_> = page.iter().map(|told| (told.id.get(), told.observed_in(den).is_some())).collect();
        assert_eq!(seen, [(7, true), (8, false)]);
        assert!(matches!(told(&[GOOD, "{}"]), Err(Trouble::Later)));
    }

    #[test]
    fn a_page_that_cannot_be_read_is_told_once_and_quotes_nobody() {
        let (sender, lines) = std::sync::mpsc::channel();
        let subscriber = tracing_subscriber::fmt().with_ansi(false).with_writer(move || Line(sender.clone())).finish();
        let odd: Vec<String> = (100..200).map(|id| ODD.replace('8', &id.to_string())).collect();
        let page: Vec<&str> = std::iter::once(GOOD).chain(odd.iter().map(String::as_str)).collect();
        // With a second one beside it, a place in the code that another test comes by first does not stay silent here.
        let _second = tracing::Dispatch::new(tracing_subscriber::registry());
        tracing::subscriber::with_default(subscriber, || {
            assert_eq!(told(&page).unwrap().len(), 101);
            assert!(told(&[GOOD]).is_ok());
        });
        let lines: Vec<String> = lines.iter().collect();
        assert!(matches!(&lines[..], [one] if one.contains("count=100 category=Data column=")), "{lines:?}");
        assert!(!lines[0].contains("new"), "{lines:?}");
    }

    /// Each line as it is written.
    struct Line(std::sync::mpsc::Sender<String>);

    impl std::io::Write for Line {
        fn write(&mut self, line: &[u8]) -> std::io::Result<usize> {
            self.0.send(String::from_utf8_lossy(line).into_owned()).unwrap();
            Ok(line.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
}
