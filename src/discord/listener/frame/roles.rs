//! What changes what the bot may do in a whole community.

use serde::Deserialize;

use super::{Person, Role};
use crate::domain::ids::{CommunityId, RoleId};

/// `GUILD_ROLE_CREATE` and `GUILD_ROLE_UPDATE`.
#[derive(Debug, Deserialize)]
pub struct RoleChange<'a> {
    pub guild_id: CommunityId,
    #[serde(borrow)]
    pub role: Role<'a>,
}

/// `GUILD_ROLE_DELETE`.
#[derive(Debug, Deserialize)]
pub struct RoleGone {
    pub guild_id: CommunityId,
    pub role_id: RoleId,
}

/// `GUILD_MEMBER_UPDATE`: without the privileged intent, of the bot itself only.
#[derive(Debug, Deserialize)]
pub struct MemberChange {
    pub guild_id: CommunityId,
    pub user: Person,
    #[serde(default)]
    pub roles: Vec<RoleId>,
}
