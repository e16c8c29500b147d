//! A message before it is sent: content, one panel, buttons, whom it may ping. Pure data, and how Discord wants it.

use serde_json::{Value, json};
use serenity::builder::{CreateActionRow, CreateAllowedMentions, CreateButton, CreateEmbed, CreateEmbedFooter};
use serenity::model::application::ButtonStyle;

use super::escape::cut;
use crate::discord::custom_id::{CustomId, Verb};
use crate::domain::ids::{NoticeId, UserId};

/// Wallflower yellow.
const COLOUR: u32 = 0x00E8_B04B;
/// Discord's own limits for the content of a message, and for the people whom `allowed_mentions` may name.
const LONGEST_CONTENT: usize = 2_000;
const MOST_PINGS: usize = 100;
/// Discord's own limit for one row.
const BUTTONS_IN_A_ROW: usize = 5;
/// Discord's own limits for its polls, in characters.
const LONGEST_QUESTION: usize = 300;
const LONGEST_ANSWER: usize = 55;
const MOST_ANSWERS: usize = 10;
/// The message makes no sound and lights nothing up (Discord's `SUPPRESS_NOTIFICATIONS`).
const SILENT: u64 = 1 << 12;

/// What one message says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Card {
    /// The text that a lock screen shows too.
    pub content: String,
    pub panel: Option<Panel>,
    pub buttons: Vec<Button>,
    /// Who may be pinged by the content. Everybody else's mention is only a name.
    pub pings: Vec<UserId>,
    pub silent: bool,
    pub file: Option<Attachment>,
    /// A poll of Discord's own.
    pub poll: Option<Question>,
    /// The notice that this is, for finding it again.
    pub mark: Option<NoticeId>,
}

/// The framed part of a message, which lock screens leave out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Panel {
    pub title: String,
    pub body: String,
}

/// A poll of Discord's own, in plain text: several answers may be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    pub text: String,
    pub answers: Vec<String>,
    pub hours: u16,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Button {
    pub label: String,
    pub verb: Verb,
    pub look: Look,
}

/// How much a button asks to be clicked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    Inviting,
    Plain,
    Grave,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    pub name: String,
    pub bytes: Vec<u8>,
}

impl Question {
    fn body(&self) -> Value {
        let media = |text: &str, most| json!({ "text": cut(text, most) });
        let answer = |text: &String| json!({ "poll_media": media(text, LONGEST_ANSWER) });
        json!({
            "question": media(&self.text, LONGEST_QUESTION),
            "answers": self.answers.iter().take(MOST_ANSWERS).map(answer).collect::<Vec<_>>(),
            "duration": self.hours,
            "allow_multiselect": true,
        })
    }
}

impl Button {
    pub fn inviting(label: String, verb: Verb) -> Self {
        Self { label, verb, look: Look::Inviting }
    }

    pub fn plain(label: String, verb: Verb) -> Self {
        Self { label, verb, look: Look::Plain }
    }

    pub fn grave(label: String, verb: Verb) -> Self {
        Self { label, verb, look: Look::Grave }
    }

    fn build(&self, mark: Option<NoticeId>) -> CreateButton {
        let style = match self.look {
            Look::Inviting => ButtonStyle::Success,
            Look::Plain => ButtonStyle::Secondary,
            Look::Grave => ButtonStyle::Danger,
        };
        CreateButton::new(CustomId { verb: self.verb, notice: mark }.to_string()).label(&self.label).style(style)
    }
}

impl Card {
    /// The same, with this content before the panel.
    #[must_use]
    pub fn under(self, content: String) -> Self {
        Self { content, ..self }
    }

    /// The same, with this file.
    #[must_use]
    pub fn with_file(self, file: Attachment) -> Self {
        Self { file: Some(file), ..self }
    }

    /// The same, with a last line that pings these: as many as the content has room for, and Discord allows.
    #[must_use]
    pub fn ringing(mut self, users: impl Iterator<Item = UserId>) -> Self {
        let mut left = LONGEST_CONTENT.saturating_sub(self.content.chars().count());
        for (number, user) in users.take(MOST_PINGS).enumerate() {
            let name = super::mention(user);
            let Some(after) = left.checked_sub(name.chars().count() + 1) else { break };
            left = after;
            if !self.content.is_empty() {
                self.content.push(if number == 0 { '\n' } else { ' ' });
            }
            self.content.push_str(&name);
            self.pings.push(user);
        }
        self
    }

    /// The same, to be found again by this notice's id: it travels in the buttons, or in the footer where there are none.
    #[must_use]
    pub fn marked(self, notice: NoticeId) -> Self {
        Self { mark: Some(notice), ..self }
    }

    pub fn embeds(&self) -> Vec<CreateEmbed> {
        let footer = self.mark.filter(|_| self.buttons.is_empty());
        if self.panel.is_none() && footer.is_none() {
            return Vec::new();
        }
        let mut embed = CreateEmbed::new().colour(COLOUR);
        if let Some(panel) = &self.panel {
            embed = embed.description(&panel.body);
            if !panel.title.is_empty() {
                embed = embed.title(&panel.title);
            }
        }
        if let Some(notice) = footer {
            embed = embed.footer(CreateEmbedFooter::new(notice.to_string()));
        }
        vec![embed]
    }

    pub fn components(&self) -> Vec<CreateActionRow> {
        let rows = self.buttons.chunks(BUTTONS_IN_A_ROW);
        rows.map(|row| CreateActionRow::Buttons(row.iter().map(|button| button.build(self.mark)).collect())).collect()
    }

    /// Only those in `pings`; nobody where it is empty.
    pub fn allowed_mentions(&self) -> CreateAllowedMentions {
        let users = self.pings.iter().map(|user| serenity::model::id::UserId::new(user.to_u64()));
        CreateAllowedMentions::new().users(users.collect::<Vec<_>>())
    }

    /// The body of a request that makes this message, under this nonce at most once.
    pub fn to_new_message(&self, nonce: NoticeId) -> Value {
        let mut body = self.to_edit();
        body["nonce"] = json!(nonce.to_string());
        body["enforce_nonce"] = json!(true);
        if self.silent {
            body["flags"] = json!(SILENT);
        }
        if let Some(poll) = &self.poll {
            body["poll"] = poll.body();
        }
        body
    }

    /// The body of a request that turns an earlier message into this one.
    pub fn to_edit(&self) -> Value {
        let mut body = json!({
            "content": self.content,
            "embeds": self.embeds(),
            "components": self.components(),
            "allowed_mentions": self.allowed_mentions(),
        });
        if let Some(file) = &self.file {
            body["attachments"] = json!([{ "id": 0, "filename": file.name }]);
        }
        body
    }
}
