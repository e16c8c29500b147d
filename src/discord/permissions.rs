//! What the bot may do in one channel, asked from Discord, so that what is missing can be named before it hurts.

use serenity::all::{
    Channel, ChannelId, Http, HttpError, Member, PartialGuild, PermissionOverwrite, PermissionOverwriteType,
    Permissions, UserId,
};

use crate::domain::ids;

/// Discord's "missing access": the channel is not even visible to us.
const MISSING_ACCESS: isize = 50001;

/// To tell moderators something.
pub const TO_SPEAK: Permissions =
    Permissions::VIEW_CHANNEL.union(Permissions::SEND_MESSAGES).union(Permissions::EMBED_LINKS);

/// What the bot may do in one server.
pub struct OwnPermissions<'a> {
    rest: &'a Http,
    guild: PartialGuild,
    me: Member,
}

impl<'a> OwnPermissions<'a> {
    pub async fn ask(rest: &'a Http, community: ids::CommunityId, bot: ids::UserId) -> Result<Self, serenity::Error> {
        let guild = rest.get_guild(community.to_u64().into()).await?;
        let me = rest.get_member(guild.id, UserId::new(bot.to_u64())).await?;
        Ok(Self { rest, guild, me })
    }

    /// The server's name.
    pub fn name(&self) -> &str {
        &self.guild.name
    }

    /// Whether all of the server can read this channel.
    pub async fn is_open_to_everyone(&self, channel: ids::ChannelId) -> Result<bool, serenity::Error> {
        let Channel::Guild(channel) = self.rest.get_channel(ChannelId::new(channel.to_u64())).await? else {
            return Ok(true);
        };
        let everyone = self.guild.id.everyone_role();
        let held = self.guild.roles.get(&everyone).map_or_else(Permissions::empty, |role| role.permissions);
        let of_everyone = |one: &&PermissionOverwrite| one.kind == PermissionOverwriteType::Role(everyone);
        let overwritten = channel.permission_overwrites.iter().find(of_everyone);
        let here = overwritten.map_or(held, |one| (held - one.deny) | one.allow);
        Ok(held.contains(Permissions::ADMINISTRATOR) || here.contains(Permissions::VIEW_CHANNEL))
    }

    /// What is missing in this channel of what is needed there.
    pub async fn missing(&self, channel: ids::ChannelId, needed: Permissions) -> Result<Permissions, serenity::Error> {
        match self.rest.get_channel(ChannelId::new(channel.to_u64())).await {
            Ok(Channel::Guild(channel)) => Ok(needed - self.guild.user_permissions_in(&channel, &self.me)),
            Ok(_) => Ok(needed),
            Err(serenity::Error::Http(HttpError::UnsuccessfulRequest(answer)))
                if answer.error.code == MISSING_ACCESS =>
            {
                Ok(Permissions::VIEW_CHANNEL)
            }
            Err(error) => Err(error),
        }
    }
}
