//! Who is in which voice channel, and who hears there.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{World, kind, permissions, render};
use crate::refusal::Refusal;
use crate::{BOT_ID, Id};

/// Somebody in a voice channel. Whoever is in none has no state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VoiceState {
    pub channel: Id,
    /// By a moderator.
    pub deaf: bool,
    pub self_deaf: bool,
    pub self_mute: bool,
    session: u64,
}

/// All voice states of a community.
pub type VoiceStates = BTreeMap<Id, VoiceState>;

impl World {
    /// Enters a voice channel or stage, from another one or from none.
    pub fn enter_voice(&mut self, guild: Id, user: Id, channel: Id) -> Result<(), Refusal> {
        let found = self.channels.get(&channel).filter(|c| c.guild == Some(guild));
        let found = found.ok_or_else(Refusal::unknown_channel)?;
        if !matches!(found.kind, kind::VOICE | kind::STAGE) {
            return Err(Refusal::invalid("channel_id", "Channel is not a voice channel."));
        }
        if !self.may(user, channel, permissions::VIEW_CHANNEL | permissions::CONNECT) {
            return Err(Refusal::missing_permissions());
        }
        let session = self.clock.next_id();
        let Some(community) = self.communities.get_mut(&guild) else { return Err(Refusal::unknown_guild()) };
        let before = community.voice.get(&user).cloned();
        let (deaf, self_deaf, self_mute) =
            before.as_ref().map_or((false, false, false), |b| (b.deaf, b.self_deaf, b.self_mute));
        let state = VoiceState { channel, deaf, self_deaf, self_mute, session };
        community.voice.insert(user, state);
        self.tell_voice(guild, user, before.map(|b| b.channel));
        Ok(())
    }

    /// Leaves the voice channel, if in one.
    pub fn leave_voice(&mut self, guild: Id, user: Id) {
        let left = self.communities.get_mut(&guild).and_then(|c| c.voice.remove(&user));
        if let Some(left) = left {
            self.tell_voice(guild, user, Some(left.channel));
        }
    }

    /// Everybody leaves a channel that is about to go.
    pub(super) fn empty_voice(&mut self, channel: Id) {
        let Some(guild) = self.guild_of(channel) else { return };
        let voices = self.communities.get(&guild).map(|c| c.voice.clone()).unwrap_or_default();
        for (user, _) in voices.into_iter().filter(|(_, state)| state.channel == channel) {
            self.leave_voice(guild, user);
        }
    }

    /// Changes something about somebody who is in a voice channel.
    pub fn change_voice(&mut self, guild: Id, user: Id, change: impl FnOnce(&mut VoiceState)) -> Result<(), Refusal> {
        let state = self.communities.get_mut(&guild).and_then(|c| c.voice.get_mut(&user));
        let state = state.ok_or_else(|| Refusal::invalid("user_id", "Target user is not connected to voice."))?;
        change(state);
        let channel = state.channel;
        self.tell_voice(guild, user, Some(channel));
        Ok(())
    }

    /// Whoever is too long silent is moved there; `None` for nowhere.
    pub fn set_afk_channel(&mut self, guild: Id, channel: Option<Id>) {
        let Some(community) = self.communities.get_mut(&guild) else { return };
        community.afk_channel = channel;
        let data = render::guild(self, guild);
        self.tell_guild(guild, "GUILD_UPDATE", data);
    }

    /// A bot is told of the channels that it can see; going elsewhere looks like leaving.
    fn tell_voice(&mut self, guild: Id, user: Id, before: Option<Id>) {
        let seen = |channel: Id| self.can_see(BOT_ID, channel);
        let state = self.communities.get(&guild).and_then(|c| c.voice.get(&user));
        let now = state.map(|s| s.channel).filter(|c| seen(*c));
        if now.is_none() && !before.is_some_and(seen) {
            return;
        }
        let mut data = voice_state(self, guild, user);
        data["channel_id"] = now.map_or(Value::Null, |c| json!(c.to_string()));
        data["guild_id"] = json!(guild.to_string());
        if let Some(member) = render::member(self, guild, user) {
            data["member"] = member;
        }
        self.tell_guild(guild, "VOICE_STATE_UPDATE", data);
    }

    /// Who is in a voice channel that the bot can see.
    pub fn seen_voices(&self, guild: Id) -> Vec<Id> {
        let voices = self.communities.get(&guild).map(|c| c.voice.clone()).unwrap_or_default();
        voices.into_iter().filter(|(_, state)| self.can_see(BOT_ID, state.channel)).map(|(user, _)| user).collect()
    }
}

/// Without community and member, as `GUILD_CREATE` lists it.
pub fn voice_state(world: &World, guild: Id, user: Id) -> Value {
    let state = world.communities.get(&guild).and_then(|c| c.voice.get(&user));
    // Nobody is invited to speak on a stage here: all are its audience.
    let in_audience = |s: &VoiceState| world.channels.get(&s.channel).is_some_and(|c| c.kind == kind::STAGE);
    let flag = |of: fn(&VoiceState) -> bool| state.is_some_and(of);
    json!({
        "channel_id": state.map(|s| s.channel.to_string()), "user_id": user.to_string(),
        "session_id": format!("{:032x}", state.map_or(0, |s| s.session)), "deaf": flag(|s| s.deaf), "mute": false,
        "self_deaf": flag(|s| s.self_deaf), "self_mute": flag(|s| s.self_mute || s.self_deaf), "self_video": false,
        "self_stream": false, "suppress": state.is_some_and(in_audience), "request_to_speak_timestamp": null,
    })
}
