//! People in voice channels.

use super::{Channel, Community, Person};

impl Person {
    /// Enters a voice channel, from another one or from none.
    ///
    /// # Panics
    /// If this person may not enter it, or it is none.
    pub fn enters(&self, channel: &Channel) {
        let entered = self.discord.change_world(|w| w.enter_voice(self.community, self.id, channel.id));
        entered.unwrap_or_else(|refusal| panic!("{} cannot enter: {}", self.name(), refusal.message));
    }

    /// Leaves the voice channel, if in one.
    pub fn hangs_up(&self) {
        self.discord.change_world(|w| w.leave_voice(self.community, self.id));
    }

    fn changes_voice(&self, change: impl FnOnce(&mut crate::world::VoiceState)) {
        let changed = self.discord.change_world(|w| w.change_voice(self.community, self.id, change));
        changed.unwrap_or_else(|refusal| panic!("{} is in no voice channel: {}", self.name(), refusal.message));
    }

    /// Switches the own sound off, or on again.
    ///
    /// # Panics
    /// If this person is in no voice channel. So do the others here.
    pub fn deafens_themselves(&self, deaf: bool) {
        self.changes_voice(|state| state.self_deaf = deaf);
    }

    /// Switches the own microphone off, or on again.
    pub fn mutes_themselves(&self, mute: bool) {
        self.changes_voice(|state| state.self_mute = mute);
    }

    /// A moderator switches this person's sound off, or on again.
    pub fn is_deafened(&self, deaf: bool) {
        self.changes_voice(|state| state.deaf = deaf);
    }
}

impl Community {
    /// Where Discord puts whoever has been silent for long; `None` for nowhere.
    pub fn has_afk_channel(&self, channel: Option<&Channel>) {
        self.discord.change_world(|w| w.set_afk_channel(self.id, channel.map(|c| c.id)));
    }
}
