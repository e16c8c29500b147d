//! What the bot may do in each channel, as Discord computes it: its roles, then the channel's overwrites.

use super::frame::{Channel, Guild, Overwrite};
use crate::app::watch::{Access, BotStanding, Sight, Threads};
use crate::domain::ids::{CommunityId, RoleId, UserId};

const ADMINISTRATOR: u64 = 1 << 3;
const VIEW_CHANNEL: u64 = 1 << 10;
const READ_MESSAGE_HISTORY: u64 = 1 << 16;
const CONNECT: u64 = 1 << 20;
const MANAGE_THREADS: u64 = 1 << 34;

const TEXT: u8 = 0;
const VOICE: u8 = 2;
const CATEGORY: u8 = 4;
const ANNOUNCEMENT: u8 = 5;
const STAGE: u8 = 13;
const FORUM: u8 = 15;
const MEDIA: u8 = 16;

/// The bot in one community.
#[derive(Debug, Clone)]
pub struct Standing {
    pub community: CommunityId,
    pub bot: UserId,
    pub by_roles: BotStanding,
}

fn bits(text: &str) -> u64 {
    text.parse().unwrap_or(0)
}

impl Standing {
    pub fn of(bot: UserId, guild: &Guild<'_>) -> Self {
        let own = guild.members.iter().find(|member| member.user.id == bot);
        let roles = own.map(|member| member.roles.clone()).unwrap_or_default();
        // The role of everyone bears the community's own id.
        let has = |role: RoleId| role.get() == guild.id.get() || roles.contains(&role);
        let held = guild.roles.iter().filter(|role| has(role.id)).fold(0, |held, role| held | bits(role.permissions));
        let base = if guild.owner_id == bot { u64::MAX } else { held };
        Self { community: guild.id, bot, by_roles: BotStanding { roles, base: own.map(|_| base) } }
    }

    /// What the bot may do in a channel; `None` where Discord did not say.
    fn held(&self, channel: &Channel<'_>) -> Option<u64> {
        let base = self.by_roles.base?;
        let administers = base & ADMINISTRATOR != 0;
        Some(if administers { u64::MAX } else { self.overwritten(base, &channel.permission_overwrites) })
    }

    fn threads(&self, channel: &Channel<'_>) -> Threads {
        let manages = self.held(channel).is_some_and(|held| held & MANAGE_THREADS != 0);
        match channel.kind {
            TEXT if manages => Threads::All,
            TEXT => Threads::Joined,
            ANNOUNCEMENT | FORUM | MEDIA => Threads::Public,
            _ => Threads::None,
        }
    }

    fn access(&self, channel: &Channel<'_>) -> Access {
        let Some(held) = self.held(channel) else { return Access::Reads };
        let needed = if matches!(channel.kind, VOICE | STAGE) { VIEW_CHANNEL | CONNECT } else { VIEW_CHANNEL };
        match (held & needed == needed, held & READ_MESSAGE_HISTORY != 0) {
            (false, _) => Access::Hidden,
            (true, false) => Access::NoHistory,
            (true, true) => Access::Reads,
        }
    }

    /// First what is said of everyone, then of all roles together, then of the bot itself.
    fn overwritten(&self, base: u64, overwrites: &[Overwrite<'_>]) -> u64 {
        let of = |id: i64| overwrites.iter().filter(move |overwrite| overwrite.id.parse() == Ok(id));
        let apply = |held: u64, found: &mut dyn Iterator<Item = &Overwrite<'_>>| {
            let (allow, deny) = found.fold((0, 0), |(allow, deny), o| (allow | bits(o.allow), deny | bits(o.deny)));
            held & !deny | allow
        };
        let held = apply(base, &mut of(self.community.get()));
        let held = apply(held, &mut self.by_roles.roles.iter().flat_map(|role| of(role.get())));
        apply(held, &mut of(self.bot.get()))
    }

    /// A channel as the watch wants it; `None` for a category, in which nothing is said.
    pub fn sight(&self, channel: &Channel<'_>) -> Option<Sight> {
        let posts_only = matches!(channel.kind, FORUM | MEDIA);
        (channel.kind != CATEGORY).then(|| Sight {
            channel: channel.id,
            parent: None,
            age_restricted: channel.nsfw,
            // A forum's last "message" is a post, which is a thread of its own.
            last_message: channel.last_message_id.filter(|_| !posts_only),
            access: self.access(channel),
            threads: self.threads(channel),
            new: false,
        })
    }
}

/// A thread, which has no permissions of its own: those of its channel decide.
pub fn thread_sight(thread: &Channel<'_>, access: Access) -> Option<Sight> {
    thread.parent_id.map(|parent| Sight {
        channel: thread.id,
        parent: Some(parent),
        age_restricted: false,
        last_message: thread.last_message_id,
        access,
        threads: Threads::None,
        new: thread.newly_created,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn access(everyone: u64, overwrites: &str) -> Access {
        let json = format!(
            r#"{{"id":"10","name":"Den","owner_id":"9","roles":[{{"id":"10","permissions":"{everyone}"}},{{"id":"11","permissions":"0"}}],
                "members":[{{"user":{{"id":"1"}},"roles":["11"]}}],
                "channels":[{{"id":"20","type":0,"permission_overwrites":[{overwrites}]}}]}}"#
        );
        let guild: Guild<'_> = serde_json::from_str(&json).unwrap();
        Standing::of(UserId::new(1).unwrap(), &guild).access(&guild.channels[0])
    }

    fn overwrite(id: u64, allow: u64, deny: u64) -> String {
        format!(r#"{{"id":"{id}","type":0,"allow":"{allow}","deny":"{deny}"}}"#)
    }

    #[test]
    fn the_nearer_overwrite_wins() {
        let both = VIEW_CHANNEL | READ_MESSAGE_HISTORY;
        assert_eq!(access(both, ""), Access::Reads);
        assert_eq!(access(VIEW_CHANNEL, ""), Access::NoHistory);
        assert_eq!(access(both, &overwrite(10, 0, VIEW_CHANNEL)), Access::Hidden);
        let opened_for_the_role = [overwrite(10, 0, both), overwrite(11, both, 0)].join(",");
        assert_eq!(access(both, &opened_for_the_role), Access::Reads);
        let closed_for_the_bot = [overwrite(11, both, 0), overwrite(1, 0, READ_MESSAGE_HISTORY)].join(",");
        assert_eq!(access(both, &closed_for_the_bot), Access::NoHistory);
        assert_eq!(access(ADMINISTRATOR, &overwrite(10, 0, both)), Access::Reads);
    }
}
