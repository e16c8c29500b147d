//! `/privacy`: seeing, taking along and erasing what is kept. In direct messages over all communities.
#![expect(clippy::unused_async, reason = "the command that holds the others does nothing, and poise wants it async")]

use crate::discord::answers::{export, privacy as answers};
use crate::discord::bot::{Context, caller, say};
use crate::discord::replies::Failure;

#[poise::command(
    slash_command,
    install_context = "Guild",
    interaction_context = "Guild | BotDm",
    subcommands("show", "export", "forget"),
    subcommand_required
)]
pub async fn privacy(_: Context<'_>) -> Result<(), Failure> {
    Ok(())
}

#[poise::command(slash_command)]
async fn show(ctx: Context<'_>) -> Result<(), Failure> {
    let caller = caller(&ctx)?;
    let kept = ctx.framework.user_data.wallflower.privacy(caller.user, caller.community).await?;
    say(&ctx, answers::show(caller.locale, &kept)).await
}

#[poise::command(slash_command)]
async fn export(ctx: Context<'_>) -> Result<(), Failure> {
    let caller = caller(&ctx)?;
    let (app, limit) = (&ctx.framework.user_data.wallflower, ctx.interaction.attachment_size_limit);
    let kept = app.privacy(caller.user, caller.community).await?;
    let reply = export::export(caller.locale, caller.user, &kept, app.now(), limit);
    say(&ctx, reply.map_err(|error| Failure::Fault(error.to_string()))?).await
}

#[poise::command(slash_command)]
async fn forget(ctx: Context<'_>) -> Result<(), Failure> {
    let caller = caller(&ctx)?;
    let erased = ctx.framework.user_data.wallflower.forget(caller.user, caller.community).await?;
    say(&ctx, answers::forgotten(caller.locale, erased)).await
}
