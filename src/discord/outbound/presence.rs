//! Whether somebody is in a server: asked one at a time, which takes no privileged intent.

use serde::Deserialize;
use serenity::http::Route;

use super::Outbound;
use super::failure::{Act, Deed, Failure};
use crate::app::messenger::{Presence, Undelivered};
use crate::domain::ids::{CommunityId, RoleId, UserId};
use crate::texts::Locale;

#[derive(Deserialize)]
struct Member {
    roles: Vec<RoleId>,
}

impl Outbound {
    /// One request; two where somebody is not found: whoever does not even find the bot itself there is no witness.
    pub(super) async fn find_person(&self, community: CommunityId, user: UserId) -> Result<Presence, Undelivered> {
        let deed = Deed { act: Act::Read, channel: None, locale: Locale::default() };
        match self.member(community, user).await {
            Ok(member) => Ok(Presence::Here { roles: member.roles }),
            Err(failure) if failure.is_about_absence() => {
                self.member(community, self.me).await.map_err(|failure| failure.told(deed))?;
                Ok(Presence::Gone)
            }
            Err(failure) => Err(failure.told(deed)),
        }
    }

    async fn member(&self, community: CommunityId, user: UserId) -> Result<Member, Failure> {
        let route = Route::GuildMember { guild_id: community.to_u64().into(), user_id: user.to_u64().into() };
        self.line.read(route, Vec::new()).await
    }
}
