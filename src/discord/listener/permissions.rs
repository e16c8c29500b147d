//! What the bot may do in each channel, as Discord computes it: its roles, then the channel's overwrites.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::frame::{Channel, Guild, Overwrite, Role};
use crate::app::watch::{Access, BotStanding, Exception, Rules, Sight, Threads};
use crate::domain::ids::{CommunityId, RoleId, UserId};

const ADMINISTRATOR: u64 = 1 << 3;
const VIEW_CHANNEL: u64 = 1 << 10;
const READ_MESSAGE_HISTORY: u64 = 1 << 16;
const CONNECT: u64 = 1 << 20;
const MANAGE_THREADS: u64 = 1 << 34;

/// An overwrite of a role, not of a person.
const ROLE: u8 = 0;

const TEXT: u8 = 0;
const VOICE: u8 = 2;
const CATEGORY: u8 = 4;
const ANNOUNCEMENT: u8 = 5;
const STAGE: u8 = 13;

/// Who owns the community may do everything, whatever the roles say.
const OWNS: u64 = u64::MAX;

/// What the bot may do in one community, by its roles.
#[derive(Debug, Clone)]
pub struct Rights {
    pub community: CommunityId,
    pub bot: UserId,
    pub by_roles: BotStanding,
}

fn bits(text: &str) -> u64 {
    text.parse().unwrap_or(0)
}

/// What these roles allow together, and that of everyone, which bears the community's own id.
fn held(community: CommunityId, roles: &[RoleId], allowed: &BTreeMap<RoleId, u64>) -> u64 {
    let has = |role: RoleId| role.get() == community.get() || roles.contains(&role);
    allowed.iter().filter(|(role, _)| has(**role)).fold(0, |held, (_, bits)| held | bits)
}

impl Rights {
    pub fn of(bot: UserId, guild: &Guild<'_>) -> Self {
        let own = guild.members.iter().find(|member| member.user.id == bot);
        let roles = own.map(|member| member.roles.clone()).unwrap_or_default();
        let allowed = guild.roles.iter().map(|role| (role.id, bits(role.permissions))).collect();
        let base = own.map(|_| if guild.owner_id == bot { OWNS } else { held(guild.id, &roles, &allowed) });
        Self { community: guild.id, bot, by_roles: BotStanding { roles, base, allowed } }
    }

    /// A role was made or allows something else now.
    pub fn role_is(&mut self, role: &Role<'_>) {
        self.by_roles.allowed.insert(role.id, bits(role.permissions));
        self.judge_roles();
    }

    pub fn role_goes(&mut self, role: RoleId) {
        self.by_roles.allowed.remove(&role);
        self.by_roles.roles.retain(|other| *other != role);
        self.judge_roles();
    }

    /// These are the bot's roles now.
    pub fn bot_has(&mut self, roles: Vec<RoleId>) {
        self.by_roles.roles = roles;
        self.by_roles.base.get_or_insert(0);
        self.judge_roles();
    }

    fn judge_roles(&mut self) {
        let BotStanding { roles, base, allowed } = &mut self.by_roles;
        *base = base.map(|base| if base == OWNS { OWNS } else { held(self.community, roles, allowed) });
    }

    /// What the bot may do in a channel; `None` where Discord did not say.
    fn held(&self, rules: &Rules) -> Option<u64> {
        let base = self.by_roles.base?;
        let administers = base & ADMINISTRATOR != 0;
        Some(if administers { u64::MAX } else { self.excepted(base, &rules.exceptions) })
    }

    /// What the bot may do in a channel with such rules, and which threads it may list there.
    pub fn judge(&self, rules: &Rules) -> (Access, Threads) {
        (self.access(rules), self.threads(rules))
    }

    fn threads(&self, rules: &Rules) -> Threads {
        let manages = self.held(rules).is_some_and(|held| held & MANAGE_THREADS != 0);
        match rules.kind {
            TEXT if manages => Threads::All,
            TEXT => Threads::Joined,
            ANNOUNCEMENT => Threads::Public,
            _ if rules.is_of_posts() => Threads::Public,
            _ => Threads::None,
        }
    }

    fn access(&self, rules: &Rules) -> Access {
        let Some(held) = self.held(rules) else { return Access::Reads };
        let needed = if matches!(rules.kind, VOICE | STAGE) { VIEW_CHANNEL | CONNECT } else { VIEW_CHANNEL };
        match (held & needed == needed, held & READ_MESSAGE_HISTORY != 0) {
            (false, _) => Access::Hidden,
            (true, false) => Access::NoHistory,
            (true, true) => Access::Reads,
        }
    }

    /// First what is said of everyone, then of all roles together, then of the bot itself.
    fn excepted(&self, base: u64, exceptions: &[Exception]) -> u64 {
        let of = |id: i64| exceptions.iter().filter(move |exception| exception.of == id);
        let apply = |held: u64, found: &mut dyn Iterator<Item = &Exception>| {
            let (allow, deny) = found.fold((0, 0), |(allow, deny), one| (allow | one.allow, deny | one.deny));
            held & !deny | allow
        };
        let held = apply(base, &mut of(self.community.get()));
        let held = apply(held, &mut self.by_roles.roles.iter().flat_map(|role| of(role.get())));
        apply(held, &mut of(self.bot.get()))
    }

    /// What a channel says of roles and of the bot. Whom else it names is nobody's business here.
    fn rules(&self, channel: &Channel<'_>) -> Rules {
        let exception = |overwrite: &Overwrite<'_>| {
            let of: i64 = overwrite.id.parse().ok()?;
            let exception = Exception { of, allow: bits(overwrite.allow), deny: bits(overwrite.deny) };
            (overwrite.kind == ROLE || of == self.bot.get()).then_some(exception)
        };
        Rules { kind: channel.kind, exceptions: channel.permission_overwrites.iter().filter_map(exception).collect() }
    }

    /// A channel as the watch wants it; `None` for a category, in which nothing is said.
    pub fn sight(&self, channel: &Channel<'_>) -> Option<Sight> {
        let rules = self.rules(channel);
        let (access, threads) = self.judge(&rules);
        (channel.kind != CATEGORY).then(|| Sight {
            channel: channel.id,
            parent: None,
            category: channel.parent_id,
            age_restricted: channel.nsfw,
            // A forum's last "message" is a post, which is a thread of its own.
            last_message: channel.last_message_id.filter(|_| !rules.is_of_posts()),
            access,
            threads,
            rules: Arc::new(rules),
            new: false,
        })
    }
}

/// A thread, which has no permissions of its own: those of its channel decide.
pub fn thread_sight(thread: &Channel<'_>, access: Access) -> Option<Sight> {
    thread.parent_id.map(|parent| Sight {
        channel: thread.id,
        parent: Some(parent),
        category: None,
        age_restricted: false,
        last_message: thread.last_message_id,
        access,
        threads: Threads::None,
        rules: Arc::default(),
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
        Rights::of(UserId::new(1).unwrap(), &guild).sight(&guild.channels[0]).unwrap().access
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
