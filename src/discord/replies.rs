//! Answers to interactions: acknowledged first, since Discord waits three seconds, then written into the place that was
//! kept. Never sent twice: after a failure nobody knows whether the first one arrived.

use serenity::all::{
    CreateActionRow, CreateAllowedMentions, CreateAttachment, CreateEmbed, CreateInteractionResponse,
    CreateInteractionResponseFollowup, CreateInteractionResponseMessage, EditInteractionResponse, Http, InteractionId,
};
use serenity::builder::Builder;

use super::connection::in_short;
use super::render::Card;
use crate::app::{Refusal, Stop};
use crate::domain::ids::MeetupId;
use crate::texts::{Locale, Texts, args};

/// Discord's limit for the text of a message.
const MOST_CHARACTERS: usize = 2000;

/// What a person gets to see. Pings nobody.
#[derive(Debug, Clone, Default)]
pub struct Reply {
    pub text: String,
    /// Framed parts; where there are none, those of a message that is changed stay.
    pub embeds: Vec<CreateEmbed>,
    pub rows: Vec<CreateActionRow>,
    pub files: Vec<CreateAttachment>,
    /// Messages that follow.
    pub more: Vec<Self>,
    /// Meetups of which its reader has heard the news, once this has been shown.
    pub news: Vec<MeetupId>,
}

impl From<Card> for Reply {
    fn from(card: Card) -> Self {
        let (embeds, rows) = (card.embeds(), card.components());
        Self { text: card.content, embeds, rows, ..Self::default() }
    }
}

impl From<String> for Reply {
    fn from(text: String) -> Self {
        Self { text, ..Self::default() }
    }
}

impl Reply {
    pub fn with_rows(mut self, rows: Vec<CreateActionRow>) -> Self {
        self.rows = rows;
        self
    }

    pub fn with_file(mut self, file: CreateAttachment) -> Self {
        self.files.push(file);
        self
    }
}

/// Why an interaction was not answered as wished.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    #[error(transparent)]
    Stop(#[from] Stop),
    /// What the person typed cannot be understood; the words say how to write it.
    #[error("{0}")]
    Told(String),
    /// A mistake of ours.
    #[error("{0}")]
    Fault(String),
    #[error("Discord: {}", in_short(.0))]
    Discord(Box<serenity::Error>),
}

impl From<serenity::Error> for Failure {
    fn from(error: serenity::Error) -> Self {
        Self::Discord(Box::new(error))
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Stop(refusal.into())
    }
}

impl From<crate::store::StoreError> for Failure {
    fn from(fault: crate::store::StoreError) -> Self {
        Self::Stop(fault.into())
    }
}

/// The line back to somebody who waits for an answer.
#[derive(Clone, Copy)]
pub struct Line<'a> {
    pub http: &'a Http,
    pub interaction: InteractionId,
    pub token: &'a str,
}

impl Line<'_> {
    /// Keeps a place for an answer that only the asking person sees.
    pub async fn defer(self) -> Result<(), serenity::Error> {
        let place = CreateInteractionResponseMessage::new().ephemeral(true);
        CreateInteractionResponse::Defer(place).execute(self.http, (self.interaction, self.token)).await
    }

    /// Keeps the message under which the click happened for a change.
    pub async fn defer_change(self) -> Result<(), serenity::Error> {
        CreateInteractionResponse::Acknowledge.execute(self.http, (self.interaction, self.token)).await
    }

    pub async fn open(self, modal: serenity::all::CreateModal) -> Result<(), serenity::Error> {
        CreateInteractionResponse::Modal(modal).execute(self.http, (self.interaction, self.token)).await
    }

    /// Answers at once, where no place was kept.
    pub async fn answer(self, reply: Reply) -> Result<(), serenity::Error> {
        let message = CreateInteractionResponseMessage::new()
            .content(fitting(&reply.text))
            .embeds(reply.embeds)
            .components(reply.rows)
            .files(reply.files)
            .allowed_mentions(nobody())
            .ephemeral(true);
        CreateInteractionResponse::Message(message).execute(self.http, (self.interaction, self.token)).await
    }

    /// Writes into the place that was kept, or changes the message that was kept for a change.
    pub async fn fill(self, reply: Reply) -> Result<(), serenity::Error> {
        let mut edit = EditInteractionResponse::new()
            .content(fitting(&reply.text))
            .components(reply.rows)
            .allowed_mentions(nobody());
        if !reply.embeds.is_empty() {
            edit = edit.embeds(reply.embeds);
        }
        for file in reply.files {
            edit = edit.new_attachment(file);
        }
        edit.execute(self.http, self.token).await?;
        for more in reply.more {
            self.add(more).await?;
        }
        Ok(())
    }

    /// One more message that only the asking person sees.
    pub async fn add(self, reply: Reply) -> Result<(), serenity::Error> {
        let message = CreateInteractionResponseFollowup::new()
            .content(fitting(&reply.text))
            .embeds(reply.embeds)
            .components(reply.rows)
            .files(reply.files)
            .allowed_mentions(nobody())
            .ephemeral(true);
        message.execute(self.http, (None, self.token)).await.map(drop)
    }
}

fn nobody() -> CreateAllowedMentions {
    CreateAllowedMentions::new()
}

/// Cut at the limit, at the end of a line where there is one.
fn fitting(text: &str) -> String {
    if text.chars().count() <= MOST_CHARACTERS {
        return text.to_owned();
    }
    let cut: String = text.chars().take(MOST_CHARACTERS - 2).collect();
    let end = cut.rfind('\n').unwrap_or(cut.len());
    format!("{}\n…", &cut[..end])
}

/// What the person hears of a failure. A fault is logged under the id that they are given.
pub fn in_words(failure: &Failure, locale: Locale, interaction: InteractionId) -> String {
    match failure {
        Failure::Stop(Stop::Refusal(refusal)) => refused(*refusal, locale),
        Failure::Told(words) => words.clone(),
        fault => {
            let id = fault_id(interaction);
            tracing::error!(fault = %id, error = %fault, "something went wrong on our side");
            Texts::say(locale, "went-wrong", &args([("id", id.into())]))
        }
    }
}

/// Short enough to be read aloud; the same interaction gives the same one. Of a snowflake, the lowest 22 bits say
/// little, the ones above are milliseconds.
pub fn fault_id(interaction: InteractionId) -> String {
    format!("{:07x}", (interaction.get() >> 20) & 0xfff_ffff)
}

/// A refusal in the words that the person hears.
pub fn refused(refusal: Refusal, locale: Locale) -> String {
    Texts::plain(
        locale,
        match refusal {
            Refusal::NotSetUp => "refused-not-set-up",
            Refusal::NotAMember => "refused-not-a-member",
            Refusal::RoleMissing => "refused-role-missing",
            Refusal::NotAnAdmin => "refused-not-an-admin",
            Refusal::Settled => "refused-settled",
            Refusal::NotYours => "refused-not-yours",
            Refusal::NotTheHost => "refused-not-the-host",
            Refusal::NotTheProposer => "refused-not-the-proposer",
            Refusal::Yourself => "refused-yourself",
            Refusal::Bot => "refused-bot",
            Refusal::NoSuchCity => "refused-no-such-city",
            Refusal::LivesThere => "refused-lives-there",
            Refusal::NoTrip => "refused-no-trip",
            Refusal::NoHome => "refused-no-home",
            Refusal::TooManyTrips => "refused-too-many-trips",
            Refusal::NoSuchDate => "refused-no-such-date",
            Refusal::NoTimes => "refused-no-times",
            Refusal::NoSuchPlace => "refused-no-such-place",
            Refusal::OneOpenEvening => "refused-one-open-evening",
            Refusal::NoSuchCadence => "refused-no-such-cadence",
            Refusal::NotRipe => "refused-not-ripe",
            Refusal::NoSuchTime => "refused-no-such-time",
            Refusal::TooSoon => "refused-too-soon",
            Refusal::TooFar => "refused-too-far",
            Refusal::AtNight => "refused-at-night",
            Refusal::ThereAlready => "refused-there-already",
            Refusal::NoMoreTimes => "refused-no-more-times",
            Refusal::NoMeetup => "refused-no-meetup",
            Refusal::NoSuchListedPlace => "refused-no-such-listed-place",
            Refusal::TooManyPlaces => "refused-too-many-places",
            Refusal::NotListed => "refused-not-listed",
            Refusal::NoMorePlaces => "refused-no-more-places",
            Refusal::TooFewSeats => "refused-too-few-seats",
            Refusal::NoFeeds => "refused-no-feeds",
            Refusal::NoOtherPoll => "refused-no-other-poll",
            Refusal::NoOtherTime => "refused-no-other-time",
            Refusal::NotAgain => "refused-not-again",
            Refusal::NoWord => "refused-no-word",
            Refusal::EveryoneIsNoCity => "refused-everyone-is-no-city",
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_refusal_has_words_of_its_own() {
        let all = [
            Refusal::NotSetUp,
            Refusal::NotAMember,
            Refusal::RoleMissing,
            Refusal::NotAnAdmin,
            Refusal::Settled,
            Refusal::NotYours,
            Refusal::NotTheHost,
            Refusal::NotTheProposer,
            Refusal::Yourself,
            Refusal::Bot,
            Refusal::NoSuchCity,
            Refusal::LivesThere,
            Refusal::NoTrip,
            Refusal::NoHome,
            Refusal::TooManyTrips,
            Refusal::NoSuchDate,
            Refusal::NoTimes,
            Refusal::NoSuchPlace,
            Refusal::OneOpenEvening,
            Refusal::NoSuchCadence,
            Refusal::NotRipe,
            Refusal::NoOtherPoll,
            Refusal::NoOtherTime,
            Refusal::NotAgain,
            Refusal::NoWord,
            Refusal::EveryoneIsNoCity,
            Refusal::NoSuchTime,
            Refusal::TooSoon,
            Refusal::TooFar,
            Refusal::AtNight,
            Refusal::ThereAlready,
            Refusal::NoMoreTimes,
            Refusal::NoMeetup,
            Refusal::NoSuchListedPlace,
            Refusal::TooManyPlaces,
            Refusal::NotListed,
            Refusal::NoMorePlaces,
            Refusal::TooFewSeats,
            Refusal::NoFeeds,
        ];
        let words: std::collections::BTreeSet<_> = all.map(|one| refused(one, Locale::English)).into();
        assert_eq!(words.len(), all.len());
    }

    #[test]
    fn a_long_text_is_cut_at_a_line() {
        let long = "some words\n".repeat(300);
        let cut = fitting(&long);
        assert!(cut.chars().count() <= MOST_CHARACTERS && cut.ends_with("some words\n…"));
        assert!(fitting(&"é".repeat(5000)).chars().count() <= MOST_CHARACTERS);
    }
}
