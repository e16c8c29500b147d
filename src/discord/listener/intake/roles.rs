//! The bot's roles in a community change, or what they allow: that opens channels to it, and closes others.

use super::super::frame::{MemberChange, RoleChange, RoleGone};
use super::super::permissions::Rights;
use super::{Intake, parse};
use crate::domain::ids::CommunityId;

impl Intake<'_> {
    pub(super) fn hear_of_roles(&self, name: &str, data: &str) {
        match name {
            "GUILD_ROLE_CREATE" | "GUILD_ROLE_UPDATE" => {
                if let Some(change) = parse::<RoleChange<'_>>(name, data) {
                    self.stand_anew(change.guild_id, |standing| standing.role_is(&change.role));
                }
            }
            "GUILD_ROLE_DELETE" => {
                if let Some(gone) = parse::<RoleGone>(name, data) {
                    self.stand_anew(gone.guild_id, |standing| standing.role_goes(gone.role_id));
                }
            }
            _ => {
                let change = parse::<MemberChange>(name, data).filter(|change| Some(change.user.id) == self.bot);
                if let Some(MemberChange { guild_id, roles, .. }) = change {
                    self.stand_anew(guild_id, |standing| standing.bot_has(roles));
                }
            }
        }
    }

    pub(super) fn standing(&self, community: CommunityId) -> Option<Rights> {
        let (bot, by_roles) = self.bot.zip(self.watch.standing(community))?;
        Some(Rights { community, bot, by_roles })
    }

    fn stand_anew(&self, community: CommunityId, change: impl FnOnce(&mut Rights)) {
        let Some(before) = self.standing(community) else { return };
        let mut now = before.clone();
        change(&mut now);
        if now.by_roles == before.by_roles {
            return;
        }
        for (channel, access) in self.watch.stand_anew(community, now.by_roles.clone(), |rules| now.judge(rules)) {
            tracing::info!(%community, %channel, ?access, "what the bot may do in a channel has changed with its roles");
        }
    }
}
