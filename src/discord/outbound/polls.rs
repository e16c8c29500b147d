//! Polls by reactions: ours show the choices, everybody else's are votes.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde::de::IgnoredAny;
use serenity::http::{LightMethod, Route};

use super::failure::{Act, Deed, Failure};
use super::{Outbound, locale_of};
use crate::app::messenger::{Letter, Undelivered};
use crate::discord::ballot;
use crate::domain::ids::{ChannelId, MessageId, UserId};
use crate::domain::meetup::State;
use crate::domain::poll::{Ballot, Choice};
use crate::texts::Locale;

/// Discord's largest page of people under one reaction.
const PAGE: usize = 100;

#[derive(Deserialize)]
struct Person {
    id: UserId,
    #[serde(default)]
    bot: bool,
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
        let deed = Deed { act: Act::React, channel: Some(channel), locale: locale_of(letter) };
        for emoji in ballot::choices(poll.slots.len()).filter_map(ballot::emoji) {
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

    pub(super) async fn read_votes(
        &self,
        channel: ChannelId,
        message: MessageId,
        slots: usize,
    ) -> Result<Vec<(UserId, BTreeSet<Choice>)>, Undelivered> {
        let deed = Deed { act: Act::Read, channel: Some(channel), locale: Locale::default() };
        let mut chosen: BTreeMap<UserId, BTreeSet<Choice>> = BTreeMap::new();
        for choice in ballot::choices(slots) {
            let voters = self.voters(channel, message, choice).await.map_err(|failure| failure.told(deed))?;
            for voter in voters {
                chosen.entry(voter).or_default().insert(choice);
            }
        }
        Ok(chosen.into_iter().collect())
    }

    async fn voters(&self, channel: ChannelId, message: MessageId, choice: Choice) -> Result<Vec<UserId>, Failure> {
        let Some(reaction) = ballot::emoji(choice) else { return Ok(Vec::new()) };
        let route = Route::ChannelMessageReactionEmoji {
            channel_id: channel.to_u64().into(),
            message_id: message.to_u64().into(),
            reaction,
        };
        let mut voters = Vec::new();
        let mut after = None::<UserId>;
        loop {
            let mut parameters = vec![("limit", PAGE.to_string())];
            parameters.extend(after.map(|after| ("after", after.to_string())));
            let page: Vec<Person> = match self.line.read(route, parameters).await {
                // Moderators took all reactions of this kind away.
                Err(failure) if failure.is_unknown_emoji() => return Ok(voters),
                page => page?,
            };
            let full = page.len() >= PAGE;
            after = page.iter().map(|person| person.id).max().or(after);
            let people = page.into_iter().filter(|person| !person.bot && person.id != self.me);
            voters.extend(people.map(|person| person.id));
            if !full {
                return Ok(voters);
            }
        }
    }
}
