//! Polls whose votes stand on Discord. By reactions: ours show the choices, everybody else's are votes. Or Discord's own.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde::de::IgnoredAny;
use serenity::all::AnswerId;
use serenity::http::{LightMethod, Route};

use super::failure::{Act, Deed, Failure};
use super::{Outbound, locale_of};
use crate::app::messenger::{Letter, Undelivered};
use crate::discord::ballot;
use crate::domain::ids::{ChannelId, MessageId, UserId};
use crate::domain::meetup::State;
use crate::domain::poll::{Ballot, Choice, Poll};
use crate::texts::Locale;

/// Discord's largest page of people under one reaction or answer.
const PAGE: usize = 100;

#[derive(Deserialize)]
struct Person {
    id: UserId,
    #[serde(default)]
    bot: bool,
}

#[derive(Deserialize)]
struct Voters {
    users: Vec<Person>,
}

/// Under what a choice's voters stand.
#[derive(Clone, Copy)]
enum Under {
    Reaction(&'static str),
    Answer(AnswerId),
}

impl Under {
    /// `number` counts the choices from 1 on. `None` where nothing stands for it.
    fn of(way: Ballot, number: u8, choice: Choice) -> Option<Self> {
        match way {
            Ballot::Reactions => ballot::emoji(choice).map(Self::Reaction),
            Ballot::Native => number.to_string().parse().ok().map(Self::Answer),
            Ballot::Buttons => None,
        }
    }
}

impl Outbound {
    /// Puts the choices under a poll, in order. Putting one that is there already changes nothing.
    pub(super) async fn put_reactions(
        &self,
        letter: &Letter,
        channel: ChannelId,
        message: MessageId,
    ) -> Result<(), Undelivered> {
        let Some(State::Polling { poll }) = letter.meetup.as_ref().map(|meetup| &meetup.state) else { return Ok(()) };
        if poll.ballot != Ballot::Reactions {
            return Ok(());
        }
        self.put_choices(letter, channel, message, ballot::choices(poll.slots.len())).await
    }

    /// What was proposed since stands there too, behind the others.
    pub(super) async fn put_proposed(
        &self,
        letter: &Letter,
        channel: ChannelId,
        message: MessageId,
    ) -> Result<(), Undelivered> {
        let Some(State::Polling { poll }) = letter.meetup.as_ref().map(|meetup| &meetup.state) else { return Ok(()) };
        if poll.ballot != Ballot::Reactions || poll.message != Some(message) {
            return Ok(());
        }
        let offered = poll.slots.len() - usize::from(poll.proposed);
        let proposed = poll.indices().skip(offered).map(Choice::Slot);
        self.put_choices(letter, channel, message, proposed).await
    }

    async fn put_choices(
        &self,
        letter: &Letter,
        channel: ChannelId,
        message: MessageId,
        choices: impl Iterator<Item = Choice> + Send,
    ) -> Result<(), Undelivered> {
        let deed = Deed { act: Act::React, channel: Some(channel), locale: locale_of(letter) };
        for emoji in choices.filter_map(ballot::emoji) {
            self.put_reaction(channel, message, emoji).await.map_err(|failure| failure.told(deed))?;
        }
        Ok(())
    }

    async fn put_reaction(&self, channel: ChannelId, message: MessageId, emoji: &str) -> Result<(), Failure> {
        let route = Route::ChannelMessageReactionMe {
            channel_id: channel.to_u64().into(),
            message_id: message.to_u64().into(),
            reaction: emoji,
        };
        let put = || self.line.ask::<IgnoredAny>(LightMethod::Put, route, None);
        match put().await {
            Err(failure) if failure.is_archived() => {
                self.reopen(channel).await?;
                put().await.map(|_| ())
            }
            result => result.map(|_| ()),
        }
    }

    /// A second ending changes nothing.
    pub(super) async fn end_poll(&self, channel: ChannelId, message: MessageId) -> Result<(), Failure> {
        let route =
            Route::ChannelPollExpire { channel_id: channel.to_u64().into(), message_id: message.to_u64().into() };
        match self.line.ask::<IgnoredAny>(LightMethod::Post, route, None).await {
            Err(failure) if failure.is_ended_poll() => Ok(()),
            result => result.map(|_| ()),
        }
    }

    pub(super) async fn read_votes(
        &self,
        channel: ChannelId,
        message: MessageId,
        poll: &Poll,
    ) -> Result<Vec<(UserId, BTreeSet<Choice>)>, Undelivered> {
        let deed = Deed { act: Act::Read, channel: Some(channel), locale: Locale::default() };
        let mut chosen: BTreeMap<UserId, BTreeSet<Choice>> = BTreeMap::new();
        for (number, choice) in (1..).zip(ballot::choices(poll.slots.len())) {
            let Some(under) = Under::of(poll.ballot, number, choice) else { continue };
            let voters = self.voters(channel, message, under).await.map_err(|failure| failure.told(deed))?;
            for voter in voters {
                chosen.entry(voter).or_default().insert(choice);
            }
        }
        Ok(chosen.into_iter().collect())
    }

    /// All people of all pages, ourselves and other bots left out.
    async fn voters(&self, channel: ChannelId, message: MessageId, under: Under) -> Result<Vec<UserId>, Failure> {
        let mut voters = Vec::new();
        let mut after = None::<UserId>;
        loop {
            let mut parameters = vec![("limit", PAGE.to_string())];
            parameters.extend(after.map(|after| ("after", after.to_string())));
            let page = self.page_of_voters(channel, message, under, parameters).await?;
            let full = page.len() >= PAGE;
            after = page.iter().map(|person| person.id).max().or(after);
            let people = page.into_iter().filter(|person| !person.bot && person.id != self.me);
            voters.extend(people.map(|person| person.id));
            if !full {
                return Ok(voters);
            }
        }
    }

    async fn page_of_voters(
        &self,
        channel: ChannelId,
        message: MessageId,
        under: Under,
        parameters: Vec<(&'static str, String)>,
    ) -> Result<Vec<Person>, Failure> {
        let (channel_id, message_id) = (channel.to_u64().into(), message.to_u64().into());
        match under {
            Under::Reaction(reaction) => {
                let route = Route::ChannelMessageReactionEmoji { channel_id, message_id, reaction };
                match self.line.read(route, parameters).await {
                    // Moderators took all reactions of this kind away.
                    Err(failure) if failure.is_unknown_emoji() => Ok(Vec::new()),
                    page => page,
                }
            }
            Under::Answer(answer_id) => {
                let route = Route::ChannelPollGetAnswerVoters { channel_id, message_id, answer_id };
                self.line.read::<Voters>(route, parameters).await.map(|page| page.users)
            }
        }
    }
}
