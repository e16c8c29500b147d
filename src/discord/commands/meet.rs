//! `/meet`: what members do.
#![expect(clippy::unused_async, reason = "the command that holds the others does nothing, and poise wants it async")]

use serenity::all::{Attachment, User};

use super::options::{DoorChoice, PauseEnd, TimesChoice, VenueChoice, cities, city, pause_end, pause_ends};
use crate::app::Refusal;
use crate::discord::answers::{heat, member, profile as profiles};
use crate::discord::bot::{Context, caller, say};
use crate::discord::busy as busyness;
use crate::discord::inbound::{count_in, has_been_shown, see_mine};
use crate::discord::replies::Failure;
use crate::discord::trips;
use crate::domain::ids::{ChannelId, UserId};
use crate::domain::meetup::Limits;
use crate::domain::member::{Membership, Profile};

#[poise::command(
    slash_command,
    install_context = "Guild",
    interaction_context = "Guild",
    subcommands(
        "join", "profile", "busy", "trip", "pause", "leave", "who", "with", "avoid", "upcoming", "times", "history",
        "calendar", "open"
    ),
    subcommand_required
)]
pub async fn meet(_: Context<'_>) -> Result<(), Failure> {
    Ok(())
}

#[poise::command(slash_command)]
async fn join(ctx: Context<'_>) -> Result<(), Failure> {
    let caller = caller(&ctx)?;
    say(&ctx, count_in(ctx.framework.user_data, &caller).await?).await
}

#[poise::command(slash_command)]
async fn profile(
    ctx: Context<'_>,
    #[autocomplete = "cities"] city: Option<String>,
    times: Option<TimesChoice>,
    venue: Option<VenueChoice>,
    asks: Option<DoorChoice>,
    named: Option<bool>,
    open_to_everyone: Option<bool>,
) -> Result<(), Failure> {
    let caller = caller(&ctx)?;
    let change = change(city.as_deref(), times, venue, asks, named, open_to_everyone)?;
    let app = &ctx.framework.user_data.wallflower;
    let member = app.change_profile(caller.community()?, caller.user, change).await?;
    say(&ctx, profiles::profile(caller.locale, &member.profile)).await
}

/// What is not given stays as it is.
fn change(
    chosen: Option<&str>,
    times: Option<TimesChoice>,
    venue: Option<VenueChoice>,
    asks: Option<DoorChoice>,
    named: Option<bool>,
    open_to_everyone: Option<bool>,
) -> Result<impl FnOnce(&mut Profile) + Send, Failure> {
    let city = chosen.map(|chosen| city(chosen).ok_or(Refusal::NoSuchCity)).transpose()?;
    Ok(move |profile: &mut Profile| {
        profile.city = city.map(|city| city.id).or(profile.city);
        profile.availability = times.map_or(profile.availability, Into::into);
        profile.venue = venue.map_or(profile.venue, Into::into);
        profile.door = asks.map_or(profile.door, Into::into);
        profile.may_be_named = named.unwrap_or(profile.may_be_named);
        profile.open_to_everyone = open_to_everyone.unwrap_or(profile.open_to_everyone);
    })
}

#[poise::command(slash_command)]
async fn busy(
    ctx: Context<'_>,
    #[max_length = 400] days: Option<String>,
    file: Option<Attachment>,
) -> Result<(), Failure> {
    let (caller, data) = (caller(&ctx)?, ctx.framework.user_data);
    if let Some(days) = days {
        busyness::not_on(data, &caller, &days).await?;
    }
    if let Some(file) = file {
        busyness::take_calendar(data, &caller, &file).await?;
    }
    say(&ctx, busyness::show(data, &caller).await?).await
}

#[poise::command(slash_command)]
async fn trip(
    ctx: Context<'_>,
    #[autocomplete = "cities"] city: Option<String>,
    #[max_length = 400] days: Option<String>,
) -> Result<(), Failure> {
    let (caller, data) = (caller(&ctx)?, ctx.framework.user_data);
    match (city, days) {
        (Some(chosen), Some(days)) => {
            let city = super::options::city(&chosen).ok_or(Refusal::NoSuchCity)?;
            trips::travel(data, &caller, city, &days).await?;
        }
        (None, None) => {}
        _ => return Err(Refusal::NoTrip.into()),
    }
    say(&ctx, trips::show(data, &caller).await?).await
}

#[poise::command(slash_command)]
async fn pause(ctx: Context<'_>, #[autocomplete = "pause_ends"] until: Option<String>) -> Result<(), Failure> {
    let caller = caller(&ctx)?;
    let (app, community) = (&ctx.framework.user_data.wallflower, caller.community()?);
    let now = app.now();
    let member = app.active_member(community, caller.user).await?;
    let until = match until {
        Some(text) => {
            let zone = app.zone_of(&member).await?;
            match pause_end(&text, now, zone).ok_or(Refusal::NoSuchDate)? {
                PauseEnd::Now => None,
                PauseEnd::At(moment) => Some(moment),
            }
        }
        None if matches!(member.membership, Membership::PausedUntil(until) if until > now) => None,
        None => Some(now + crate::app::enrol::LONGEST_PAUSE),
    };
    let member = app.pause(community, caller.user, until).await?;
    say(&ctx, member::paused(caller.locale, member.membership)).await
}

#[poise::command(slash_command)]
async fn leave(ctx: Context<'_>) -> Result<(), Failure> {
    let caller = caller(&ctx)?;
    ctx.framework.user_data.wallflower.leave(caller.community()?, caller.user).await?;
    say(&ctx, member::left(caller.locale)).await
}

#[poise::command(slash_command)]
async fn who(ctx: Context<'_>) -> Result<(), Failure> {
    let caller = caller(&ctx)?;
    let people = ctx.framework.user_data.wallflower.who(caller.community()?, caller.user).await?;
    say(&ctx, member::who(caller.locale, &people)).await
}

#[poise::command(slash_command)]
async fn with(ctx: Context<'_>, member: User) -> Result<(), Failure> {
    wish(ctx, &member).await
}

/// The same by a right click on somebody.
#[poise::command(context_menu_command = "Suggest meeting", install_context = "Guild", interaction_context = "Guild")]
pub async fn suggest_meeting(ctx: Context<'_>, member: User) -> Result<(), Failure> {
    wish(ctx, &member).await
}

async fn wish(ctx: Context<'_>, member: &User) -> Result<(), Failure> {
    let caller = caller(&ctx)?;
    let other = person(member)?;
    let wished = ctx.framework.user_data.wallflower.wish(caller.community()?, caller.user, other).await?;
    say(&ctx, member::wished(caller.locale, wished)).await
}

/// Whoever it is: only a bot is refused, and that everybody can see.
fn person(user: &User) -> Result<UserId, Refusal> {
    UserId::new(user.id.get()).filter(|_| !user.bot).ok_or(Refusal::Bot)
}

#[poise::command(slash_command)]
async fn avoid(ctx: Context<'_>, member: User) -> Result<(), Failure> {
    let caller = caller(&ctx)?;
    let other = person(&member)?;
    ctx.framework.user_data.wallflower.avoid(caller.community()?, caller.user, other).await?;
    say(&ctx, member::avoided(caller.locale)).await
}

#[poise::command(slash_command)]
async fn upcoming(ctx: Context<'_>) -> Result<(), Failure> {
    let caller = caller(&ctx)?;
    let mine = see_mine(ctx.framework.user_data, &caller).await?;
    let news = mine.news.clone();
    say(&ctx, mine).await?;
    has_been_shown(ctx.framework.user_data, &caller, &news).await;
    Ok(())
}

#[poise::command(slash_command)]
async fn times(ctx: Context<'_>) -> Result<(), Failure> {
    let caller = caller(&ctx)?;
    let app = &ctx.framework.user_data.wallflower;
    let here = ChannelId::new(ctx.interaction.channel_id.get()).ok_or(Refusal::NoMeetup)?;
    let meetup = app.meetup_meant(caller.community()?, caller.user, here).await?;
    say(&ctx, heat::heat(caller.locale, &app.common_times(meetup, caller.user).await?)?).await
}

#[poise::command(slash_command)]
async fn history(ctx: Context<'_>) -> Result<(), Failure> {
    let caller = caller(&ctx)?;
    let entries = ctx.framework.user_data.wallflower.history(caller.community()?, caller.user).await?;
    say(&ctx, member::history(caller.locale, &entries)).await
}

#[poise::command(slash_command)]
async fn calendar(ctx: Context<'_>, revoke: Option<bool>) -> Result<(), Failure> {
    let caller = caller(&ctx)?;
    let (app, community) = (&ctx.framework.user_data.wallflower, caller.community()?);
    let answer = if revoke == Some(true) {
        member::feed_revoked(caller.locale, app.revoke_feed(community, caller.user).await?)
    } else {
        member::feed(caller.locale, &app.new_feed(community, caller.user).await?)
    };
    say(&ctx, answer).await
}

#[poise::command(slash_command)]
async fn open(
    ctx: Context<'_>,
    #[autocomplete = "cities"] city: Option<String>,
    #[min = 2]
    #[max = 500]
    seats: Option<u16>,
    #[min = 2]
    #[max = 500]
    at_least: Option<u16>,
) -> Result<(), Failure> {
    let caller = caller(&ctx)?;
    let city = city.map(|chosen| super::options::city(&chosen).ok_or(Refusal::NoSuchCity)).transpose()?;
    let app = &ctx.framework.user_data.wallflower;
    let limits = Limits { most: seats, least: at_least };
    let meetup = app.open_evening(caller.community()?, caller.user, (city.map(|city| city.id), limits)).await?;
    say(&ctx, member::opened(caller.locale, &meetup)).await
}
