//! `/nudge`: how often Wallflower suggests, to whom at most, and in which style.
#![expect(clippy::unused_async, reason = "the command that holds the others does nothing, and poise wants it async")]

use serenity::all::Permissions;

use super::options::{BallotChoice, PlaceByChoice, RemindersChoice, StyleChoice};
use crate::app::Refusal;
use crate::discord::answers::{admin, places};
use crate::discord::bot::{Context, caller, say};
use crate::discord::caller::Caller;
use crate::discord::permissions::OwnPermissions;
use crate::discord::replies::Failure;
use crate::domain::nudge::Cadence;
use crate::domain::pairing::groups::Size;
use crate::domain::poll::Ballot;

#[poise::command(
    slash_command,
    install_context = "Guild",
    interaction_context = "Guild",
    default_member_permissions = "MANAGE_GUILD",
    subcommands(
        "frequency",
        "limit",
        "size",
        "lead",
        "style",
        "poll",
        "place",
        "reminders",
        "now",
        "preview",
        "pause",
        "status"
    ),
    subcommand_required
)]
pub async fn nudge(_: Context<'_>) -> Result<(), Failure> {
    Ok(())
}

#[poise::command(slash_command)]
async fn frequency(ctx: Context<'_>, #[max_length = 100] text: String) -> Result<(), Failure> {
    let caller = caller(&ctx)?;
    let cadence: Cadence = text.parse().map_err(|error| told(&error))?;
    let app = &ctx.framework.user_data.wallflower;
    let programme = app.change_programme(caller.community()?, |programme| programme.cadence = cadence.clone()).await?;
    say(&ctx, admin::frequency(caller.locale, &programme)).await
}

/// These say how to write it, in English.
fn told(error: &impl std::error::Error) -> Failure {
    Failure::Told(crate::discord::render::escape(&error.to_string()))
}

#[poise::command(slash_command)]
async fn limit(
    ctx: Context<'_>,
    #[min = 0]
    #[max = 10]
    asks: i64,
) -> Result<(), Failure> {
    let caller = caller(&ctx)?;
    let app = &ctx.framework.user_data.wallflower;
    let programme = app.change_programme(caller.community()?, |programme| programme.asks_per_30_days = asks).await?;
    say(&ctx, admin::limit(caller.locale, &programme)).await
}

#[poise::command(slash_command)]
async fn size(ctx: Context<'_>, #[max_length = 20] people: String) -> Result<(), Failure> {
    let caller = caller(&ctx)?;
    let size: Size = people.parse().map_err(|error| told(&error))?;
    let app = &ctx.framework.user_data.wallflower;
    let programme = app.change_programme(caller.community()?, |programme| programme.size = size).await?;
    say(&ctx, admin::size_set(caller.locale, &programme)).await
}

#[poise::command(slash_command)]
async fn lead(
    ctx: Context<'_>,
    #[min = 2]
    #[max = 14]
    days: i64,
) -> Result<(), Failure> {
    let caller = caller(&ctx)?;
    let app = &ctx.framework.user_data.wallflower;
    let programme = app.change_programme(caller.community()?, |programme| programme.lead_days = days).await?;
    say(&ctx, admin::lead(caller.locale, &programme)).await
}

#[poise::command(slash_command)]
async fn style(ctx: Context<'_>, style: StyleChoice) -> Result<(), Failure> {
    let caller = caller(&ctx)?;
    let app = &ctx.framework.user_data.wallflower;
    let programme = app.change_programme(caller.community()?, |programme| programme.style = style.into()).await?;
    say(&ctx, admin::style_set(caller.locale, &programme)).await
}

#[poise::command(slash_command)]
async fn poll(ctx: Context<'_>, ballot: BallotChoice) -> Result<(), Failure> {
    let caller = caller(&ctx)?;
    let ballot = ballot.into();
    if ballot == Ballot::Native {
        may_ask(&ctx, &caller).await?;
    }
    let app = &ctx.framework.user_data.wallflower;
    let programme = app.change_programme(caller.community()?, |programme| programme.ballot = ballot).await?;
    say(&ctx, admin::ballot_set(caller.locale, &programme)).await
}

#[poise::command(slash_command)]
async fn place(ctx: Context<'_>, by: PlaceByChoice) -> Result<(), Failure> {
    let caller = caller(&ctx)?;
    let app = &ctx.framework.user_data.wallflower;
    let programme = app.change_programme(caller.community()?, |programme| programme.place_by = by.into()).await?;
    say(&ctx, places::place_by_set(caller.locale, &programme)).await
}

#[poise::command(slash_command)]
async fn reminders(ctx: Context<'_>, when: RemindersChoice) -> Result<(), Failure> {
    let caller = caller(&ctx)?;
    let app = &ctx.framework.user_data.wallflower;
    let programme = app.change_programme(caller.community()?, |programme| programme.reminders = when.into()).await?;
    say(&ctx, admin::reminders_set(caller.locale, &programme)).await
}

/// Discord's own polls take a permission of their own, which is asked for before it hurts.
async fn may_ask(ctx: &Context<'_>, caller: &Caller) -> Result<(), Failure> {
    let (data, community) = (ctx.framework.user_data, caller.community()?);
    let programme = data.wallflower.store.programme(community).await?.ok_or(Refusal::NotSetUp)?;
    let standing = OwnPermissions::ask(&data.rest, community, data.identity.user).await?;
    let missing = standing.missing(programme.channel, Permissions::SEND_POLLS).await?;
    if missing.is_empty() {
        return Ok(());
    }
    Err(Failure::Told(admin::missing(caller.locale, programme.channel, missing)))
}

#[poise::command(slash_command)]
async fn now(ctx: Context<'_>) -> Result<(), Failure> {
    let caller = caller(&ctx)?;
    let (data, community) = (ctx.framework.user_data, caller.community()?);
    let app = &data.wallflower;
    let outlook = app.preview(community).await?.report;
    if !outlook.is_ripe() {
        return Err(Failure::Told(admin::outlook(caller.locale, &outlook)));
    }
    let report = app.hold_round_now(&*data.voice, community).await?;
    say(&ctx, admin::round_held(caller.locale, report.as_ref())).await
}

#[poise::command(slash_command)]
async fn preview(ctx: Context<'_>) -> Result<(), Failure> {
    let caller = caller(&ctx)?;
    let preview = ctx.framework.user_data.wallflower.preview(caller.community()?).await?;
    say(&ctx, admin::preview(caller.locale, &preview)).await
}

#[poise::command(slash_command)]
async fn pause(ctx: Context<'_>, resume: Option<bool>) -> Result<(), Failure> {
    let caller = caller(&ctx)?;
    let paused = !resume.unwrap_or(false);
    let app = &ctx.framework.user_data.wallflower;
    let programme = app.change_programme(caller.community()?, |programme| programme.paused = paused).await?;
    say(&ctx, admin::paused(caller.locale, &programme)).await
}

#[poise::command(slash_command)]
async fn status(ctx: Context<'_>) -> Result<(), Failure> {
    let caller = caller(&ctx)?;
    let status = ctx.framework.user_data.wallflower.status(caller.community()?).await?;
    say(&ctx, admin::status(caller.locale, &status)).await
}
