//! Whom a message names and for whom it rings, after permissions and `allowed_mentions`.

use std::collections::BTreeSet;

use super::{World, permissions};
use crate::Id;

/// Which mentions of one kind are let through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Allowed {
    All,
    Only(Vec<Id>),
}

impl Allowed {
    fn lets(&self, id: Id) -> bool {
        match self {
            Self::All => true,
            Self::Only(ids) => ids.contains(&id),
        }
    }
}

/// Which mentions in a text are let through.
#[derive(Debug, Clone)]
pub struct AllowedMentions {
    pub users: Allowed,
    pub roles: Allowed,
    pub everyone: bool,
    /// Whether the author of the answered message is named.
    pub replied_user: bool,
}

/// What holds where a message says nothing about it.
const ALL: AllowedMentions =
    AllowedMentions { users: Allowed::All, roles: Allowed::All, everyone: true, replied_user: true };

/// A text that may name somebody.
pub(super) struct Naming<'a> {
    pub channel: Id,
    pub author: Id,
    pub text: &'a str,
    pub replied_to: Option<Id>,
    pub allowed: Option<&'a AllowedMentions>,
    /// Named without standing in the text, as in Discord's own lines.
    pub also: &'a [Id],
    /// An ephemeral message reaches one reader at most.
    pub only_for: Option<Id>,
}

/// Whom a text names, and whose client rings.
#[derive(Debug, Default)]
pub(super) struct Named {
    pub users: Vec<Id>,
    pub roles: Vec<Id>,
    pub everyone: bool,
    pub pinged: BTreeSet<Id>,
}

fn ids_after(text: &str, openings: &[&str]) -> Vec<Id> {
    let after = |opening| text.split(opening).skip(1);
    let ids = openings.iter().flat_map(|o| after(*o)).filter_map(|rest| rest.split_once('>')?.0.parse().ok());
    ids.collect()
}

impl World {
    pub(super) fn named(&self, naming: &Naming) -> Named {
        let allowed = naming.allowed.unwrap_or(&ALL);
        let to_all = self.may(naming.author, naming.channel, permissions::MENTION_EVERYONE);
        let replied =
            naming.replied_to.and_then(|m| self.messages.get(&m)).map(|m| m.author).filter(|a| *a != naming.author);
        let users: BTreeSet<Id> = ids_after(naming.text, &["<@", "<@!"])
            .into_iter()
            .filter(|id| self.users.contains_key(id) && allowed.users.lets(*id))
            .chain(naming.also.iter().copied())
            .chain(replied.filter(|_| allowed.replied_user))
            .collect();
        let community = self.guild_of(naming.channel).and_then(|g| self.communities.get(&g));
        let roles = ids_after(naming.text, &["<@&"])
            .into_iter()
            .filter(|id| allowed.roles.lets(*id))
            .filter(|id| community.and_then(|c| c.roles.get(id)).is_some_and(|r| r.mentionable || to_all))
            .collect();
        let shouts = naming.text.contains("@everyone") || naming.text.contains("@here");
        let everyone = shouts && allowed.everyone && to_all;
        let mut named = Named { users: users.into_iter().collect(), roles, everyone, pinged: BTreeSet::new() };
        named.pinged = self.pinged(naming, &named);
        named
    }

    fn pinged(&self, naming: &Naming, named: &Named) -> BTreeSet<Id> {
        let community = self.guild_of(naming.channel).and_then(|g| self.communities.get(&g));
        let by_role = community.into_iter().flat_map(|c| &c.members).filter_map(|(id, member)| {
            (named.everyone || named.roles.iter().any(|r| member.roles.contains(r))).then_some(*id)
        });
        by_role
            .chain(named.users.iter().copied())
            .filter(|id| *id != naming.author && naming.only_for.is_none_or(|reader| reader == *id))
            .filter(|id| self.reaches(*id, naming))
            .collect()
    }

    /// Whether a mention there reaches somebody. In a thread being named brings one in, where the author may invite.
    fn reaches(&self, user: Id, naming: &Naming) -> bool {
        if self.can_see(user, naming.channel) {
            return true;
        }
        let Some(channel) = self.channels.get(&naming.channel) else { return false };
        let Some(thread) = &channel.thread else { return false };
        let may_invite = thread.invitable
            || thread.owner == naming.author
            || self.may(naming.author, naming.channel, permissions::MANAGE_THREADS);
        may_invite && channel.parent.is_some_and(|p| self.can_see(user, p))
    }
}
