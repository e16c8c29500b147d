//! Messages as REST gives them, each read by itself: one that is not as documented costs no other.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::Trouble;
use crate::discord::listener::frame::Message;
use crate::domain::ids::{CommunityId, MessageId};
use crate::domain::observation::Observation;

#[derive(Debug)]
pub struct Told {
    pub id: MessageId,
    message: Option<Message>,
}

#[derive(Deserialize)]
struct Identified {
    id: MessageId,
}

impl Told {
    /// Passes over what cannot be read, as live counting does; without so much as an id it cannot be known how far
    /// the page goes.
    pub fn read(raw: &RawValue) -> Result<Self, Trouble> {
        if let Ok(message) = serde_json::from_str::<Message>(raw.get()) {
            return Ok(Self { id: message.id, message: Some(message) });
        }
        // The error's own words could quote people.
        tracing::warn!("a message of the past is not as documented and was passed over");
        let Identified { id } = serde_json::from_str(raw.get()).map_err(|_| Trouble::Later)?;
        Ok(Self { id, message: None })
    }

    /// As [`Message::observed_in`].
    pub fn observed_in(&self, community: CommunityId) -> Option<Observation> {
        self.message.as_ref()?.observed_in(Some(community))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(json: &str) -> Result<Told, Trouble> {
        Told::read(serde_json::from_str(json).unwrap())
    }

    #[test]
    fn a_message_that_cannot_be_read_keeps_its_place_and_tells_nothing() {
        let den = CommunityId::from_column(10);
        let good = told(r#"{"id":"7","channel_id":"20","type":0,"author":{"id":"1"}}"#).unwrap();
        assert!(good.observed_in(den).is_some());
        let odd = told(r#"{"id":"8","channel_id":"20","type":"new","author":null}"#).unwrap();
        assert_eq!((odd.id.get(), odd.observed_in(den)), (8, None));
        assert!(matches!(told("{}"), Err(Trouble::Later)));
    }
}
