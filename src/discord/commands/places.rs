//! `/places`: the list of good places by city, public ones.
#![expect(clippy::unused_async, reason = "the command that holds the others does nothing, and poise wants it async")]

use serenity::all::{AutocompleteChoice, CreateAutocompleteResponse};

use super::options::{cities, city};
use crate::app::Refusal;
use crate::discord::answers::places;
use crate::discord::bot::{Context, caller, say};
use crate::discord::replies::Failure;
use crate::domain::ids::{CommunityId, RoleId};
use crate::domain::place::{City, MOST_CHOICES};
use crate::store::Place;

#[poise::command(
    slash_command,
    rename = "places",
    install_context = "Guild",
    interaction_context = "Guild",
    default_member_permissions = "MANAGE_GUILD",
    subcommands("add", "list", "remove", "role"),
    subcommand_required
)]
pub async fn all_places(_: Context<'_>) -> Result<(), Failure> {
    Ok(())
}

#[poise::command(slash_command)]
async fn add(
    ctx: Context<'_>,
    #[autocomplete = "cities"] city: String,
    #[min_length = 1]
    #[max_length = 80]
    name: String,
) -> Result<(), Failure> {
    let caller = caller(&ctx)?;
    let city = named(&city)?;
    let app = &ctx.framework.user_data.wallflower;
    let (place, added) = app.add_place(caller.community()?, city.id, &name).await?;
    say(&ctx, places::added(caller.locale, &place, added)).await
}

fn named(typed: &str) -> Result<&'static City, Refusal> {
    city(typed).ok_or(Refusal::NoSuchCity)
}

#[poise::command(slash_command)]
async fn list(ctx: Context<'_>, #[autocomplete = "cities"] city: Option<String>) -> Result<(), Failure> {
    let caller = caller(&ctx)?;
    let only = city.as_deref().map(named).transpose()?;
    let mut all = ctx.framework.user_data.wallflower.store.places(caller.community()?).await?;
    all.retain(|place| only.is_none_or(|only| place.city == only.id));
    let roles = ctx.framework.user_data.wallflower.store.city_roles(caller.community()?).await?;
    say(&ctx, places::list(caller.locale, &all, &roles)).await
}

#[poise::command(slash_command)]
async fn remove(ctx: Context<'_>, #[autocomplete = "listed"] place: String) -> Result<(), Failure> {
    let caller = caller(&ctx)?;
    let app = &ctx.framework.user_data.wallflower;
    let community = caller.community()?;
    let listed = app.store.places(community).await?;
    let place = listed.into_iter().find(|one| places::value(one) == place).ok_or(Refusal::NotListed)?;
    app.remove_place(community, &place).await?;
    say(&ctx, places::removed(caller.locale, &place)).await
}

#[poise::command(slash_command)]
async fn role(
    ctx: Context<'_>,
    role: serenity::all::RoleId,
    #[autocomplete = "cities"] city: Option<String>,
) -> Result<(), Failure> {
    let caller = caller(&ctx)?;
    let city = city.as_deref().map(named).transpose()?;
    let role = RoleId::new(role.get()).ok_or_else(|| Failure::Fault("a role without an id".to_owned()))?;
    let app = &ctx.framework.user_data.wallflower;
    app.set_city_role(caller.community()?, role, city.map(|city| city.id)).await?;
    say(&ctx, places::role_set(caller.locale, role, city)).await
}

/// Places of the list whose names hold what was typed.
async fn listed(ctx: Context<'_>, typed: &str) -> CreateAutocompleteResponse {
    let community = ctx.interaction.guild_id.and_then(|guild| CommunityId::new(guild.get()));
    let all: Vec<Place> = match community {
        Some(community) => ctx.framework.user_data.wallflower.store.places(community).await.unwrap_or_default(),
        None => Vec::new(),
    };
    let typed = typed.trim().to_lowercase();
    let choices = all.iter().filter(|one| places::label(one).to_lowercase().contains(&typed)).take(MOST_CHOICES);
    let choices = choices.map(|one| AutocompleteChoice::new(places::label(one), places::value(one)));
    CreateAutocompleteResponse::new().set_choices(choices.collect())
}
