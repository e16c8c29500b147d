//! Acts that the bot must answer: commands, clicks, selects, forms.
//!
//! Each act has a form that panics where the bot does not answer, and a `try_` form for stories in which it is killed.

use serde_json::{Value, json};

use super::answer::{Answer, Modal};
use super::looking::{SeenMessage, Shown};
use super::{Channel, Person, command_line, components};
use crate::world::commands::{Command, SLASH, USER_MENU};
use crate::world::messages::LOADING;
use crate::world::{Act, InteractionKind, Reply, World, permissions, render};
use crate::{BOT_ID, Discord, Id};

/// One proposal of an autocomplete.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    pub name: String,
    pub value: Value,
}

/// What an act came to, while it may still change.
enum Progress {
    Waiting(&'static str),
    Done,
}

impl Answer {
    pub(super) fn of(discord: &Discord, interaction: Id) -> Self {
        discord.world(|w| {
            let found = &w.interactions[&interaction];
            let message = w.original(interaction).and_then(|m| w.messages.get(&m));
            let seen = message.map(|m| SeenMessage::of(discord, w, m));
            let followups = found.followups.iter().filter_map(|m| w.messages.get(m));
            Self {
                discord: discord.clone(),
                interaction,
                message: seen.as_ref().map(|m| m.id),
                text: seen.as_ref().map(|m| m.text.clone()).unwrap_or_default(),
                embeds: seen.as_ref().map(|m| m.embeds.clone()).unwrap_or_default(),
                components: seen.as_ref().map(|m| m.components.clone()).unwrap_or_default(),
                ephemeral: seen.as_ref().is_some_and(|m| m.ephemeral),
                files: seen.map(|m| m.files).unwrap_or_default(),
                updated: matches!(found.reply, Reply::Update { .. }),
                modal: if let Reply::Modal(data) = &found.reply { Some(opened(interaction, data)) } else { None },
                followups: followups.map(|m| SeenMessage::of(discord, w, m)).collect(),
            }
        })
    }
}

fn opened(interaction: Id, data: &Value) -> Modal {
    let text = |field: &str| data[field].as_str().unwrap_or_default().to_owned();
    Modal {
        interaction,
        title: text("title"),
        custom_id: text("custom_id"),
        components: data["components"].as_array().cloned().unwrap_or_default(),
    }
}

fn progress(world: &World, interaction: Id) -> Progress {
    let found = &world.interactions[&interaction];
    match &found.reply {
        Reply::None => Progress::Waiting("the bot did not answer"),
        Reply::Message(message) if world.messages.get(message).is_some_and(|m| m.flags & LOADING != 0) => {
            Progress::Waiting("the bot said that it is thinking, and then nothing")
        }
        Reply::Update { done: false } if found.followups.is_empty() => {
            Progress::Waiting("the bot acknowledged, but changed nothing")
        }
        _ => Progress::Done,
    }
}

impl Discord {
    /// Waits for the whole answer: the first within three seconds, a deferred one until it is edited.
    ///
    /// Ends early where the bot was killed meanwhile: nothing more will come.
    async fn answered(&self, interaction: Id, kills_before: usize) -> Result<(), String> {
        let first = self.options().first_answer_within;
        let dead = |d: &Self| d.kills() > kills_before;
        let is_whole = |d: &Self| d.world(|w| matches!(progress(w, interaction), Progress::Done));
        let has_begun = |d: &Self| d.world(|w| !matches!(w.interactions[&interaction].reply, Reply::None));
        if self.wait(first, |d| (has_begun(d) || dead(d)).then_some(())).await.is_none() {
            return Err(format!("the bot did not answer within {first:?}"));
        }
        self.wait(self.options().answer_timeout, |d| (is_whole(d) || dead(d)).then_some(())).await;
        match self.world(|w| progress(w, interaction)) {
            Progress::Waiting(missing) => Err(missing.into()),
            Progress::Done => Ok(()),
        }
    }
}

impl Person {
    async fn acts(&self, act: Act) -> Result<Answer, String> {
        let kills = self.discord.kills();
        let interaction = self.begins(&act)?;
        self.discord.answered(interaction, kills).await?;
        Ok(Answer::of(&self.discord, interaction))
    }

    /// Tells the bot of an act, if it is there to be told.
    fn begins(&self, act: &Act) -> Result<Id, String> {
        self.discord.change_world(|w| {
            let community = w.guild_of(act.channel).and_then(|g| w.communities.get(&g));
            if community.is_some_and(|c| !c.available || !c.members.contains_key(&BOT_ID)) {
                return Err("the bot is not in this community".into());
            }
            Ok(w.act(act))
        })
    }

    fn told<T>(&self, what: &str, outcome: Result<T, String>) -> T {
        self.discord.assert_no_violations();
        outcome.unwrap_or_else(|why| panic!("{}: {what}: {why}\n{}", self.name(), self.discord.describe()))
    }

    /// The community's first channel that this person can see.
    fn usual_channel(&self) -> Channel {
        let id = self.discord.world(|w| {
            let mut all = w.communities[&self.community].channels.iter();
            all.find(|c| w.may(self.id, **c, permissions::USE_APPLICATION_COMMANDS)).copied()
        });
        self.discord.channel_by_id(id.unwrap_or_else(|| panic!("{} sees no channel", self.name())))
    }

    /// Types a slash command in the community's first channel, as `/meet with member:@bo`.
    ///
    /// # Panics
    /// If the command is not offered to this person, is typed wrongly, or is not answered.
    pub async fn runs(&self, line: &str) -> Answer {
        self.runs_in(&self.usual_channel(), line).await
    }

    pub async fn runs_in(&self, channel: &Channel, line: &str) -> Answer {
        let outcome = self.try_runs_in(channel, line).await;
        self.told(line, outcome)
    }

    /// Types a slash command in the conversation with the bot.
    pub async fn runs_in_dm(&self, line: &str) -> Answer {
        self.runs_in(&self.dm(), line).await
    }

    pub async fn try_runs(&self, line: &str) -> Result<Answer, String> {
        self.try_runs_in(&self.usual_channel(), line).await
    }

    pub async fn try_runs_in(&self, channel: &Channel, line: &str) -> Result<Answer, String> {
        let data = self.typed(channel, line, None)?;
        self.acts(self.act(InteractionKind::Command, channel.id, None, SLASH, data)).await
    }

    fn act(&self, kind: InteractionKind, channel: Id, source: Option<Id>, command_kind: u64, data: Value) -> Act {
        Act { kind, user: self.id, channel, source, command_kind, data }
    }

    fn typed(&self, channel: &Channel, line: &str, focus: Option<&str>) -> Result<Value, String> {
        self.discord.world(|w| {
            let guild = w.channels.get(&channel.id).ok_or("this channel is gone")?.guild;
            let name = command_line::name(line)?;
            let command = w.find_command(guild, SLASH, name);
            let command = command.ok_or_else(|| format!("the bot has registered no command /{name}"))?;
            self.is_offered(w, command, channel.id, guild)?;
            command_line::parse(w, guild, command, line, focus)
        })
    }

    /// The commands that this person is offered in a channel, the community's own first.
    pub fn offered<'a>(&self, world: &'a World, channel: Id) -> Vec<&'a Command> {
        let guild = world.guild_of(channel);
        let scopes = [guild.map(Some), Some(None)].into_iter().flatten();
        let all = scopes.filter_map(|scope| world.commands.get(&scope)).flatten();
        all.filter(|command| self.is_offered(world, command, channel, guild).is_ok()).collect()
    }

    fn is_offered(&self, world: &World, command: &Command, channel: Id, guild: Option<Id>) -> Result<(), String> {
        let name = &command.name;
        if !command.offered_in(u64::from(guild.is_none())) {
            return Err(format!("{name} is not offered {}", if guild.is_some() { "in servers" } else { "in DMs" }));
        }
        let Some(guild) = guild else { return Ok(()) };
        if !world.may(self.id, channel, permissions::USE_APPLICATION_COMMANDS) {
            return Err("may not use commands there".into());
        }
        let held = world.communities[&guild].base_permissions(self.id);
        let closed = command.json["default_member_permissions"] == "0" && held != permissions::ALL;
        let needed = command.needed_permissions();
        if closed || held & needed != needed {
            return Err(format!("{name} is not offered to who lacks its default permissions"));
        }
        Ok(())
    }

    /// Uses a command of the context menu of a user.
    ///
    /// # Panics
    /// If it is not offered, or not answered.
    pub async fn uses_on(&self, menu: &str, target: &Person) -> Answer {
        let outcome = self.try_uses_on(menu, target).await;
        self.told(menu, outcome)
    }

    pub async fn try_uses_on(&self, menu: &str, target: &Person) -> Result<Answer, String> {
        self.try_uses_in(&self.usual_channel(), menu, target.id).await
    }

    /// The same on the name of somebody in this channel, where the answer then stands.
    pub async fn try_uses_in(&self, channel: &Channel, menu: &str, target: Id) -> Result<Answer, String> {
        let data = self.discord.world(|w| {
            let command = w.find_command(Some(self.community), USER_MENU, menu);
            let command = command.ok_or_else(|| format!("the bot has registered no user command \"{menu}\""))?;
            self.is_offered(w, command, channel.id, Some(self.community))?;
            let id = target.to_string();
            let mut resolved = json!({ "users": { id.clone(): render::user(w, target) } });
            if let Some(member) = render::resolved_member(w, self.community, target) {
                resolved["members"] = json!({ id.clone(): member });
            }
            Ok::<_, String>(json!({
                "id": command.id.to_string(), "name": command.name, "type": USER_MENU, "target_id": id,
                "resolved": resolved,
            }))
        })?;
        self.acts(self.act(InteractionKind::Command, channel.id, None, USER_MENU, data)).await
    }

    /// What autocomplete proposes for one option of a command being typed.
    ///
    /// # Panics
    /// If the option does not complete, or nothing is answered.
    pub async fn completes(&self, line: &str, option: &str) -> Vec<Choice> {
        let outcome = self.try_completes(line, option).await;
        self.told(line, outcome)
    }

    pub async fn try_completes(&self, line: &str, option: &str) -> Result<Vec<Choice>, String> {
        let channel = self.usual_channel();
        let data = self.typed(&channel, line, Some(option))?;
        let act = self.act(InteractionKind::Autocomplete, channel.id, None, SLASH, data);
        let kills = self.discord.kills();
        let interaction = self.begins(&act)?;
        self.discord.answered(interaction, kills).await?;
        self.discord.world(|w| match &w.interactions[&interaction].reply {
            Reply::Choices(choices) => {
                let choice =
                    |c: &Value| Choice { name: c["name"].as_str().unwrap_or("").into(), value: c["value"].clone() };
                Ok(choices.iter().map(choice).collect())
            }
            other => Err(format!("no choices but {other:?}")),
        })
    }

    /// The components of a message that this person can see.
    fn components_of(&self, message: Id) -> Result<(Id, Vec<Value>), String> {
        self.discord.world(|w| {
            let found = w.messages.get(&message).ok_or("the message is gone")?;
            if !w.can_read(self.id, found) {
                return Err("cannot see that message".into());
            }
            Ok((found.channel, found.components.clone()))
        })
    }

    /// Clicks the button with this label.
    ///
    /// # Panics
    /// If there is none, it is disabled, this person cannot see the message, or the bot does not answer.
    pub async fn clicks(&self, message: &impl Shown, label: &str) -> Answer {
        let outcome = self.try_clicks(message, label).await;
        self.told(&format!("clicks \"{label}\""), outcome)
    }

    pub async fn try_clicks(&self, message: &impl Shown, label: &str) -> Result<Answer, String> {
        let source = message.message_id();
        let (channel, all) = self.components_of(source)?;
        let button = components::button(&all, label)?;
        let data = json!({ "component_type": 2, "custom_id": button["custom_id"], "id": button["id"] });
        self.acts(self.act(InteractionKind::Component, channel, Some(source), 0, data)).await
    }

    /// Chooses options by their labels (of user selects: `@name`) in the select with this placeholder or `custom_id`.
    ///
    /// # Panics
    /// As `clicks`.
    pub async fn selects(&self, message: &impl Shown, which: &str, labels: &[&str]) -> Answer {
        let outcome = self.try_selects(message, which, labels).await;
        self.told(&format!("selects {labels:?}"), outcome)
    }

    pub async fn try_selects(&self, message: &impl Shown, which: &str, labels: &[&str]) -> Result<Answer, String> {
        let source = message.message_id();
        let (channel, all) = self.components_of(source)?;
        let select = components::select(&all, which)?;
        let count = u64::try_from(labels.len()).unwrap_or(u64::MAX);
        let (min, max) = (select["min_values"].as_u64().unwrap_or(1), select["max_values"].as_u64().unwrap_or(1));
        if count < min || count > max {
            return Err(format!("takes {min} to {max} options, not {count}"));
        }
        let mut data = json!({
            "component_type": select["type"], "custom_id": select["custom_id"], "id": select["id"], "values": [],
        });
        if let Some(options) = select["options"].as_array() {
            let value = |label: &&str| {
                let found = options.iter().find(|o| o["label"] == *label);
                found.map(|o| o["value"].clone()).ok_or_else(|| format!("no option \"{label}\""))
            };
            data["values"] = labels.iter().map(value).collect::<Result<Vec<_>, _>>()?.into();
        } else {
            let guild = self.discord.world(|w| w.channels.get(&channel).and_then(|c| c.guild));
            self.discord.world(|w| command_line::resolve_into(w, guild, select, labels, &mut data))?;
        }
        self.acts(self.act(InteractionKind::Component, channel, Some(source), 0, data)).await
    }

    /// Fills in a form, by the labels of its inputs, and sends it.
    ///
    /// # Panics
    /// If a label is unknown, a required input is empty, or the bot does not answer.
    pub async fn submits(&self, modal: &Modal, texts: &[(&str, &str)]) -> Answer {
        let outcome = self.try_submits(modal, texts).await;
        self.told(&format!("submits \"{}\"", modal.title), outcome)
    }

    pub async fn try_submits(&self, modal: &Modal, texts: &[(&str, &str)]) -> Result<Answer, String> {
        let data = modal.filled(texts)?;
        let opened_by = self.discord.world(|w| {
            w.interactions
                .get(&modal.interaction)
                .map(|opened_by| (opened_by.user, opened_by.channel, opened_by.source))
        });
        let (user, channel, source) = opened_by.ok_or("this form was opened too long ago")?;
        if user != self.id {
            return Err("this form stands open before somebody else".into());
        }
        self.acts(self.act(InteractionKind::ModalSubmit, channel, source, 0, data)).await
    }
}
