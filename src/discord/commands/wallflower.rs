//! `/wallflower`: how admins set a community up, and what they get to see.
#![expect(clippy::unused_async, reason = "the command that holds the others does nothing, and poise wants it async")]

use std::iter;

use chrono_tz::{TZ_VARIANTS, Tz};
use serenity::all::{PartialChannel, RoleId, User};

use super::options::{ResetChoice, WatchChoice, zones};
use crate::app::Refusal;
use crate::app::programme::Setup;
use crate::discord::answers::admin;
use crate::discord::bot::{Context, caller, say};
use crate::discord::connection::needed_permissions;
use crate::discord::permissions::{OwnPermissions, TO_SPEAK};
use crate::discord::replies::Failure;
use crate::domain::ids::{self, ChannelId, UserId};

#[poise::command(
    slash_command,
    install_context = "Guild",
    interaction_context = "Guild",
    default_member_permissions = "MANAGE_GUILD",
    subcommands("setup", "reset", "status", "exclude", "channels", "fading"),
    subcommand_required
)]
pub async fn wallflower(_: Context<'_>) -> Result<(), Failure> {
    Ok(())
}

fn id(channel: &PartialChannel) -> Result<ChannelId, Failure> {
    ChannelId::new(channel.id.get()).ok_or_else(|| Failure::Fault("a channel without an id".to_owned()))
}

#[poise::command(slash_command)]
async fn setup(
    ctx: Context<'_>,
    #[channel_types("Text")] channel: PartialChannel,
    #[autocomplete = "zones"] zone: Option<String>,
    #[channel_types("Text")] moderators: Option<PartialChannel>,
    role: Option<RoleId>,
) -> Result<(), Failure> {
    let caller = caller(&ctx)?;
    let (data, community) = (ctx.framework.user_data, caller.community()?);
    let setup = Setup {
        channel: id(&channel)?,
        zone: zone
            .map(|text| named_zone(&text).ok_or_else(|| Failure::Told(admin::no_such_zone(caller.locale, &text))))
            .transpose()?,
        moderators: moderators.as_ref().map(id).transpose()?,
        required_role: role.and_then(|role| ids::RoleId::new(role.get())),
    };
    let standing = OwnPermissions::ask(&data.rest, community, data.identity.user).await?;
    let moderators = setup.moderators.map(|channel| (channel, TO_SPEAK));
    for (channel, needed) in iter::once((setup.channel, needed_permissions())).chain(moderators) {
        let missing = standing.missing(channel, needed).await?;
        if !missing.is_empty() {
            return Err(Failure::Told(admin::missing(caller.locale, channel, missing)));
        }
    }
    if let Some(channel) = setup.moderators
        && standing.is_open_to_everyone(channel).await?
    {
        return Err(Failure::Told(admin::moderators_in_public(caller.locale, channel)));
    }
    // Discord may tell of the community later than an admin types.
    data.wallflower.store.community_present(community, standing.name(), data.wallflower.now()).await?;
    let programme = data.wallflower.set_up(community, setup).await?;
    let zone = data.wallflower.store.community(community).await?.map_or(Tz::UTC, |community| community.zone);
    say(&ctx, admin::set_up(caller.locale, &programme, zone)).await
}

#[poise::command(slash_command)]
async fn reset(ctx: Context<'_>, what: ResetChoice) -> Result<(), Failure> {
    let caller = caller(&ctx)?;
    let what = what.into();
    ctx.framework.user_data.wallflower.reset(caller.community()?, what).await?;
    say(&ctx, admin::reset(caller.locale, what)).await
}

fn named_zone(text: &str) -> Option<Tz> {
    TZ_VARIANTS.iter().copied().find(|zone| zone.name().eq_ignore_ascii_case(text.trim()))
}

#[poise::command(slash_command)]
async fn status(ctx: Context<'_>) -> Result<(), Failure> {
    let caller = caller(&ctx)?;
    let status = ctx.framework.user_data.wallflower.status(caller.community()?).await?;
    say(&ctx, admin::status(caller.locale, &status)).await
}

#[poise::command(slash_command)]
async fn exclude(ctx: Context<'_>, member: User, out: Option<bool>) -> Result<(), Failure> {
    let caller = caller(&ctx)?;
    let user = UserId::new(member.id.get()).ok_or(Refusal::Bot)?;
    let out = out.unwrap_or(true);
    ctx.framework.user_data.wallflower.exclude(caller.community()?, user, out).await?;
    say(&ctx, admin::excluded(caller.locale, out)).await
}

#[poise::command(slash_command)]
async fn channels(
    ctx: Context<'_>,
    // Those with rules of their own: a thread follows its channel.
    #[channel_types("Text", "News", "Voice", "Stage", "Forum", "Category")] channel: Option<PartialChannel>,
    watch: Option<WatchChoice>,
) -> Result<(), Failure> {
    let caller = caller(&ctx)?;
    let (app, community) = (&ctx.framework.user_data.wallflower, caller.community()?);
    if let (Some(channel), Some(watch)) = (channel, watch) {
        app.watch_channel(community, id(&channel)?, watch.into()).await?;
    }
    say(&ctx, admin::channels(caller.locale, &app.store.watches(community).await?)).await
}

#[poise::command(slash_command)]
async fn fading(
    ctx: Context<'_>,
    #[min = 1]
    #[max = 365]
    days: i64,
) -> Result<(), Failure> {
    let caller = caller(&ctx)?;
    let half_life = ctx.framework.user_data.wallflower.set_half_life(caller.community()?, days).await?;
    say(&ctx, admin::fading(caller.locale, half_life)).await
}
