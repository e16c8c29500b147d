//! After a start a channel's window knows nobody, so it may hear what was said before the first message.

use super::ear::Ear;
use super::state::State;
use super::{Access, Watch};
use crate::domain::conversation::{Flow, Window};
use crate::domain::observation::Observation;
use crate::store::Reading;

impl Watch {
    /// Whether a message is the first that is heard in its channel (by this process, or since a gap) while others were said
    /// there before. These may then be given to [`Self::warm`].
    pub fn finds_cold(&self, first: &Observation) -> bool {
        let mut state = self.state();
        let readings = state.readings.len();
        let cold = state.finds_cold(first);
        if state.readings.len() > readings {
            self.opened.notify_one();
        }
        cold
    }

    /// Lets a channel's window hear what was said before its first message, oldest first. Counts nothing; what waits in it
    /// for its second count is counted with the messages to come.
    pub fn warm(&self, first: &Observation, said: &[Observation]) {
        self.state().warm(first, said);
    }

    /// The flow in which a reading goes on, after what was said up to its cursor, oldest first.
    pub fn recall(&self, reading: &Reading, said: &[Observation]) -> Flow {
        let habits = self.state().places.get(&reading.community).map(|place| place.habits.clone()).unwrap_or_default();
        let mut flow = Flow::after(reading.settled, Window::default());
        flow.recall(said.iter().filter(|said| said.message() <= reading.cursor), &habits);
        flow
    }
}

impl State {
    fn finds_cold(&mut self, first: &Observation) -> bool {
        let (community, id) = (first.community(), first.channel());
        let Some(channel) = self.channel(community, id) else { return false };
        let opens = channel.just_opened && first.message() > channel.floor && !self.repeats.know(first.message());
        // So it is nearly always.
        if channel.ear.is_some() && !opens {
            return false;
        }
        if opens {
            // Else what is recalled would go on with what is still to be read, instead of with this message.
            self.end_opening(first);
        }
        let Some(channel) = self.channel(community, id) else { return false };
        let heard = first.message() <= channel.floor || self.repeats.know(first.message());
        if channel.ear.is_some() || self.warmed.contains(&id) || heard {
            return false;
        }
        if channel.sight.last_message.is_none() {
            self.warmed.insert(id);
            return false;
        }
        channel.sight.access == Access::Reads && self.places.get(&community).is_some_and(|place| place.counts(id))
    }

    fn warm(&mut self, first: &Observation, said: &[Observation]) {
        let Some(place) = self.places.get_mut(&first.community()) else { return };
        let settled = place.settled(first.channel());
        let channel = place.channels.get_mut(&first.channel());
        if let Some(channel) = channel.filter(|channel| channel.ear.is_none()) {
            let mut flow = Flow::after(settled, Window::default());
            flow.recall(said.iter().filter(|said| said.message() < first.message()), &place.habits);
            channel.ear = Some(Box::new(Ear::of(flow)));
            self.warmed.insert(first.channel());
        }
    }
}
