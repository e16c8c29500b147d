//! What the bot may do in one channel, asked from Discord, so that what is missing can be named before it hurts.

use serenity::all::{Channel, ChannelId, GuildId, Http, HttpError, Permissions, UserId};

use super::connection::needed_permissions;
use crate::domain::ids;

/// Discord's "missing access": the channel is not even visible to us.
const MISSING_ACCESS: isize = 50001;

/// What is missing of what Wallflower needs in its channel.
pub async fn missing(
    rest: &Http,
    community: ids::CommunityId,
    channel: ids::ChannelId,
    bot: ids::UserId,
) -> Result<Permissions, serenity::Error> {
    missing_of(rest, community, channel, bot, needed_permissions()).await
}

/// What is missing to tell moderators something.
pub async fn missing_to_speak(
    rest: &Http,
    community: ids::CommunityId,
    channel: ids::ChannelId,
    bot: ids::UserId,
) -> Result<Permissions, serenity::Error> {
    missing_of(rest, community, channel, bot, Permissions::VIEW_CHANNEL | Permissions::SEND_MESSAGES).await
}

async fn missing_of(
    rest: &Http,
    community: ids::CommunityId,
    channel: ids::ChannelId,
    bot: ids::UserId,
    needed: Permissions,
) -> Result<Permissions, serenity::Error> {
    let guild = GuildId::new(community.to_u64());
    let channel = match rest.get_channel(ChannelId::new(channel.to_u64())).await {
        Ok(Channel::Guild(channel)) => channel,
        Ok(_) => return Ok(needed),
        Err(serenity::Error::Http(HttpError::UnsuccessfulRequest(answer))) if answer.error.code == MISSING_ACCESS => {
            return Ok(Permissions::VIEW_CHANNEL);
        }
        Err(error) => return Err(error),
    };
    let member = rest.get_member(guild, UserId::new(bot.to_u64())).await?;
    let held = rest.get_guild(guild).await?.user_permissions_in(&channel, &member);
    Ok(needed - held)
}
