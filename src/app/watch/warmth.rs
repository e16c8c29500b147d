//! After a start a channel's window knows nobody, so it may hear what was said before the first message.

use super::state::State;
use super::{Access, Watch};
use crate::domain::observation::Observation;

impl Watch {
    /// Whether a message is the first that this process hears in its channel while others were said there before; tells
    /// so once. What was said before may then be given to [`Self::warm`].
    pub fn finds_cold(&self, first: &Observation) -> bool {
        self.state().finds_cold(first)
    }

    /// Lets a channel's window hear what was said before its first message, oldest first. Counts nothing.
    pub fn warm(&self, first: &Observation, said: &[Observation]) {
        self.state().warm(first, said);
    }
}

impl State {
    fn finds_cold(&mut self, first: &Observation) -> bool {
        let Some(place) = self.places.get(&first.community()) else { return false };
        let Some(channel) = place.channels.get(&first.channel()).filter(|channel| channel.ear.is_none()) else {
            return false;
        };
        let reads = channel.sight.access == Access::Reads && place.counts(first.channel());
        reads && self.warmed.insert(first.channel()) && channel.sight.last_message.is_some()
    }

    fn warm(&mut self, first: &Observation, said: &[Observation]) {
        let Some(place) = self.places.get_mut(&first.community()) else { return };
        let channel = place.channels.get_mut(&first.channel());
        if let Some(channel) = channel.filter(|channel| channel.ear.is_none()) {
            let ear = channel.ear.get_or_insert_default();
            // It was learned from and counted when it was live.
            let mut habits = place.habits.clone();
            for said in said.iter().filter(|said| said.message() < first.message()) {
                ear.window.hear(said, &mut habits);
            }
            ear.window.settle(&habits);
        }
    }
}
