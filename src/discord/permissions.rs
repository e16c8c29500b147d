//! What the bot may do in one channel, asked from Discord, so that what is missing can be named before it hurts.

use serenity::all::{Channel, ChannelId, Http, HttpError, Member, PartialGuild, Permissions, UserId};

use crate::domain::ids;

/// Discord's "missing access": the channel is not even visible to us.
const MISSING_ACCESS: isize = 50001;

/// To tell moderators something.
pub const TO_SPEAK: Permissions =
    Permissions::VIEW_CHANNEL.union(Permissions::SEND_MESSAGES).union(Permissions::EMBED_LINKS);

/// The bot in one server.
pub struct Standing<'a> {
    rest: &'a Http,
    guild: PartialGuild,
    me: Member,
}

impl<'a> Standing<'a> {
    pub async fn ask(rest: &'a Http, community: ids::CommunityId, bot: ids::UserId) -> Result<Self, serenity::Error> {
        let guild = rest.get_guild(community.to_u64().into()).await?;
        let me = rest.get_member(guild.id, UserId::new(bot.to_u64())).await?;
        Ok(Self { rest, guild, me })
    }

    /// The server's name.
    pub fn name(&self) -> &str {
        &self.guild.name
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
