//! What comes in besides commands: clicks, forms, reactions, and channels that go. These come in no certain order, so the
//! coming and going of communities is left to the listener, which hears of it in order.

use serenity::all::{
    ActionRow, ActionRowComponent, CommandInteraction, ComponentInteraction, ComponentInteractionDataKind, Context,
    FullEvent, Interaction, MessageFlags, ModalInteraction, Reaction, ReactionType,
};

use super::answers::{ballot as ballots, heat, member, mine, places, profile, times};
use super::ballot;
use super::bot::Data;
use super::busy;
use super::caller::Caller;
use super::connection::in_short;
use super::custom_id::{CustomId, NotOurs, Verb};
use super::replies::{Failure, Line, Reply, in_words};
use super::{trips, voting};
use crate::app::meetups::{Answer, Said};
use crate::app::{Refusal, Stop};
use crate::domain::ids::{ChannelId, CommunityId, MeetupId, MessageId, UserId};
use crate::domain::meetup::{Account, Event, Rsvp};
use crate::domain::place::{City, CityId, MOST_CHOICES, search};
use crate::texts::{Locale, Texts};

/// Every event of the talking session.
pub async fn on_event(context: &Context, data: &Data, event: &FullEvent) -> Result<(), Failure> {
    match event {
        FullEvent::InteractionCreate { interaction: Interaction::Component(click) } => {
            clicked(context, data, click).await;
        }
        FullEvent::InteractionCreate { interaction: Interaction::Command(command) } => {
            named_who_is_gone(data, command).await?;
        }
        FullEvent::InteractionCreate { interaction: Interaction::Modal(form) } => submitted(context, data, form).await,
        FullEvent::ReactionAdd { add_reaction } => reacted(data, add_reaction, true).await?,
        FullEvent::ReactionRemove { removed_reaction } => reacted(data, removed_reaction, false).await?,
        FullEvent::MessagePollVoteAdd { event } => {
            voting::answered(data, event.message_id, event.user_id, event.answer_id, true).await?;
        }
        FullEvent::MessagePollVoteRemove { event } => {
            voting::answered(data, event.message_id, event.user_id, event.answer_id, false).await?;
        }
        FullEvent::ThreadDelete { thread, .. } => room_lost(data, thread.id.get()).await?,
        FullEvent::ChannelDelete { channel, .. } => room_lost(data, channel.id.get()).await?,
        FullEvent::Ready { .. } => data.wallflower.was_absent(),
        _ => {}
    }
    Ok(())
}

/// How a click was made, and so how it is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Door {
    /// The message is for one person: it changes, its buttons go away.
    Direct,
    /// The message is there for others too, or holds more: the answer is a new one that only the clicker sees.
    Channel,
    /// The answer to an own command: it changes, and keeps its selects.
    Own,
}

async fn clicked(context: &Context, data: &Data, click: &ComponentInteraction) {
    let line = Line { http: &context.http, interaction: click.id, token: &click.token };
    let locale = Locale::from_discord(&click.locale);
    let done = match click.data.custom_id.parse::<CustomId>() {
        Ok(CustomId { verb, .. }) => {
            let door = door(click, verb);
            match form(locale, verb) {
                Some(form) => line.open(form).await.map_err(Failure::from),
                None => answer_click(data, click, verb, door, line).await,
            }
        }
        Err(NotOurs::OtherVersion | NotOurs::Broken) => {
            line.answer(Texts::plain(locale, "old-button").into()).await.map_err(Failure::from)
        }
    };
    if let Err(error) = done {
        tracing::warn!(%error, "a click could not be answered");
    }
}

fn door(click: &ComponentInteraction, verb: Verb) -> Door {
    match verb {
        Verb::ProfileTimes
        | Verb::ProfileVenue
        | Verb::ProfileDoor
        | Verb::ProfileCityPick
        | Verb::DaysBack
        | Verb::TripsBack
        | Verb::CalendarBack
        | Verb::PlacePick { .. }
        | Verb::VoteYes { .. }
        | Verb::VoteIfNeedBe { .. }
        | Verb::VoteNone { .. } => Door::Own,
        _ if click.guild_id.is_none() || is_for_one(click) => Door::Direct,
        _ => Door::Channel,
    }
}

fn is_for_one(click: &ComponentInteraction) -> bool {
    click.message.flags.is_some_and(|flags| flags.contains(MessageFlags::EPHEMERAL))
}

/// A form has to be the first answer, so it opens before anything is asked of the store.
fn form(locale: Locale, verb: Verb) -> Option<serenity::all::CreateModal> {
    match verb {
        Verb::Where { meetup, setting } => Some(mine::place_form(locale, meetup, setting)),
        Verb::ProfileCity => Some(profile::city_form(locale)),
        Verb::Propose { meetup } => Some(ballots::time_form(locale, Verb::ProposeModal { meetup })),
        Verb::Move { meetup } => Some(ballots::time_form(locale, Verb::MoveModal { meetup })),
        Verb::CallOff { meetup } => Some(mine::call_off_form(locale, meetup)),
        Verb::Word { meetup } => Some(mine::word_form(locale, meetup)),
        Verb::PlaceNew { meetup } => Some(places::new_place_form(locale, meetup)),
        _ => None,
    }
}

async fn answer_click(
    data: &Data,
    click: &ComponentInteraction,
    verb: Verb,
    door: Door,
    line: Line<'_>,
) -> Result<(), Failure> {
    match door {
        Door::Channel => line.defer().await?,
        Door::Direct | Door::Own => line.defer_change().await?,
    }
    let locale = Locale::from_discord(&click.locale);
    let (caller, outcome) = match Caller::of_component(click) {
        Ok(caller) => {
            let outcome = carry_out(data, &caller, verb, &chosen(click)).await;
            (Some(caller), outcome)
        }
        Err(stop) => (None, Err(stop.into())),
    };
    let is_kept = !matches!(&outcome, Ok(_) | Err(Failure::Stop(Stop::Refusal(_)) | Failure::Told(_)));
    let reply = outcome.unwrap_or_else(|failure| in_words(&failure, locale, click.id).into());
    let news = reply.news.clone();
    match door {
        // After a fault the buttons stay, for another try.
        Door::Direct | Door::Own if is_kept => line.add(reply).await?,
        Door::Direct => line.fill(under(&click.message.content, reply)).await?,
        Door::Channel | Door::Own => line.fill(reply).await?,
    }
    if let Some(caller) = &caller {
        has_been_shown(data, caller, &news).await;
    }
    Ok(())
}

/// Only now: what got lost on its way has not been heard.
pub async fn has_been_shown(data: &Data, caller: &Caller, news: &[MeetupId]) {
    if let Err(error) = data.wallflower.hears_the_news(caller.user, news).await {
        tracing::warn!(%error, "news that was shown will be shown again");
    }
}

/// What was said stays, the buttons make way for the acknowledgment.
fn under(said: &str, reply: Reply) -> Reply {
    if said.is_empty() {
        return reply;
    }
    Reply { text: format!("{said}\n\n{}", reply.text), ..reply }
}

fn chosen(click: &ComponentInteraction) -> Vec<String> {
    match &click.data.kind {
        ComponentInteractionDataKind::StringSelect { values } => values.clone(),
        _ => Vec::new(),
    }
}

/// Parse is done; this is use case and render.
async fn carry_out(data: &Data, caller: &Caller, verb: Verb, chosen: &[String]) -> Result<Reply, Failure> {
    let (app, user, locale) = (&data.wallflower, caller.user, caller.locale);
    match verb {
        Verb::CountMeIn => return count_in(data, caller).await,
        Verb::SeeMine => return see_mine(data, caller).await,
        Verb::Ask { meetup, answer } => app.answer(meetup, user, answer).await?,
        Verb::Host { meetup } => drop(app.as_participant(meetup, Event::SwapsHost { user }, user).await?),
        Verb::CannotMakeIt { meetup } => drop(app.cannot_make_it(meetup, user).await?),
        Verb::Going { meetup } => {
            return Ok(mine::comes(locale, &app.rsvp(meetup, user, Rsvp::Going).await?, user).into());
        }
        Verb::OfferSuits { meetup } | Verb::KeepTime { meetup } => {
            let suits = matches!(verb, Verb::OfferSuits { .. });
            drop(app.as_participant(meetup, Event::AnswersOffer { user, suits }, user).await?);
        }
        Verb::RunningLate { meetup } => drop(app.as_participant(meetup, Event::RunsLate { user }, user).await?),
        Verb::Maybe { meetup } => drop(app.rsvp(meetup, user, Rsvp::Maybe).await?),
        Verb::AnotherTime { meetup } => drop(app.another_time(meetup, user).await?),
        Verb::CheckIn { meetup, account: Account::WeMet } => {
            return Ok(mine::met(locale, &app.check_in(meetup, user, Account::WeMet).await?, user));
        }
        Verb::CheckIn { meetup, account } => drop(app.check_in(meetup, user, account).await?),
        Verb::Again { meetup, gladly } => {
            return Ok(mine::again(locale, &app.meets_again(meetup, user, gladly).await?, user));
        }
        Verb::WordIsFine { meetup, fine } => drop(app.answer_word(meetup, user, fine).await?),
        Verb::GoOn { meetup } => drop(app.go_on(meetup, user).await?),
        Verb::Vote { .. } | Verb::VoteYes { .. } | Verb::VoteIfNeedBe { .. } | Verb::VoteNone { .. } => {
            return voting::vote(data, caller, verb, chosen).await;
        }
        Verb::Report { meetup } => app.answer(meetup, user, Answer::Report).await?,
        Verb::ProfileTimes | Verb::ProfileVenue | Verb::ProfileDoor | Verb::ProfileCityPick => {
            return change_profile(data, caller, verb, chosen).await;
        }
        Verb::Places { meetup } => return Ok(places::ballot(locale, &app.place_ballot(meetup, user).await?, user)),
        Verb::PlacePick { meetup } => {
            let place = chosen.first().ok_or(Refusal::Settled)?;
            return Ok(places::ballot(locale, &app.choose_place(meetup, user, place).await?, user));
        }
        Verb::CommonTimes { meetup } => return heat::heat(locale, &app.common_times(meetup, user).await?),
        Verb::DaysBack => return busy::days_back(data, caller, chosen).await,
        Verb::TripsBack => return trips::trips_back(data, caller, chosen).await,
        Verb::CalendarBack => return busy::calendar_back(data, caller).await,
        // These open forms, or come from them.
        Verb::Where { .. }
        | Verb::WhereModal { .. }
        | Verb::ProfileCity
        | Verb::ProfileCityModal
        | Verb::Propose { .. }
        | Verb::CallOff { .. }
        | Verb::CallOffModal { .. }
        | Verb::Word { .. }
        | Verb::WordModal { .. }
        | Verb::Move { .. }
        | Verb::MoveModal { .. }
        | Verb::ProposeModal { .. }
        | Verb::PlaceNew { .. }
        | Verb::PlaceNewModal { .. } => {
            return Err(Failure::Fault(format!("{verb:?} was clicked")));
        }
    }
    Ok(match reported(verb) {
        Some(meetup) => mine::reported(locale, app.reported(meetup).await?).into(),
        None => mine::acknowledged(locale, verb).into(),
    })
}

/// What a click reports.
const fn reported(verb: Verb) -> Option<MeetupId> {
    match verb {
        Verb::Ask { meetup, answer: Answer::Report }
        | Verb::Report { meetup }
        | Verb::CheckIn { meetup, account: Account::NotRight } => Some(meetup),
        _ => None,
    }
}

/// "Count me in", and what may be told besides.
pub async fn count_in(data: &Data, caller: &Caller) -> Result<Reply, Failure> {
    let (app, community) = (&data.wallflower, caller.community()?);
    let joined = app.join(community, caller.user, caller.moment, &caller.roles).await?;
    let member = app.active_member(community, caller.user).await?;
    Ok(member::joined(caller.locale, joined, &member.profile))
}

/// What waits for this member, and lies ahead of them.
pub async fn see_mine(data: &Data, caller: &Caller) -> Result<Reply, Failure> {
    let id = caller.community()?;
    let all = data.wallflower.mine(id, caller.user).await?;
    let community = data.wallflower.store.community(id).await?.ok_or(Refusal::NotSetUp)?;
    Ok(mine::mine(caller.locale, &community, caller.user, &all, data.wallflower.now()))
}

async fn change_profile(data: &Data, caller: &Caller, verb: Verb, chosen: &[String]) -> Result<Reply, Failure> {
    let first = chosen.first().map(String::as_str).unwrap_or_default();
    let (venue, door) = (profile::chosen_venue(first), profile::chosen_door(first));
    let city = first.parse().ok().map(CityId::new).and_then(City::by_id);
    let member = data
        .wallflower
        .change_profile(caller.community()?, caller.user, |profile| match verb {
            Verb::ProfileTimes => profile.availability = times::chosen(chosen),
            Verb::ProfileVenue => profile.venue = venue.unwrap_or(profile.venue),
            Verb::ProfileDoor => profile.door = door.unwrap_or(profile.door),
            _ => profile.city = city.map(|city| city.id).or(profile.city),
        })
        .await?;
    Ok(profile::profile(caller.locale, &member.profile))
}

async fn submitted(context: &Context, data: &Data, form: &ModalInteraction) {
    let line = Line { http: &context.http, interaction: form.id, token: &form.token };
    let locale = Locale::from_discord(&form.locale);
    if let Err(error) = line.defer().await {
        tracing::warn!(error = in_short(&error), "a form could not be acknowledged");
        return;
    }
    let reply = fill_in(data, form).await.unwrap_or_else(|failure| in_words(&failure, locale, form.id).into());
    if let Err(error) = line.fill(reply).await {
        tracing::warn!(error = in_short(&error), "a form could not be answered");
    }
}

async fn fill_in(data: &Data, form: &ModalInteraction) -> Result<Reply, Failure> {
    let caller = Caller::of_modal(form)?;
    let locale = caller.locale;
    let verb = match form.data.custom_id.parse::<CustomId>() {
        Ok(id) => id.verb,
        Err(_) => return Ok(Texts::plain(locale, "old-button").into()),
    };
    match verb {
        Verb::WhereModal { meetup } => {
            let place = input(&form.data.components, mine::PLACE_INPUT).ok_or(Refusal::NoSuchPlace)?;
            data.wallflower.name_place(meetup, caller.user, place).await?;
            Ok(mine::acknowledged(locale, verb).into())
        }
        Verb::MoveModal { meetup } => {
            let typed = |name| input(&form.data.components, name).unwrap_or_default();
            let time = (typed(ballots::DAY_INPUT), typed(ballots::TIME_INPUT));
            let slot = data.wallflower.offer_time(meetup, caller.user, time).await?;
            Ok(ballots::offered(locale, &slot).into())
        }
        Verb::CallOffModal { meetup } => {
            let reason = input(&form.data.components, mine::REASON_INPUT).unwrap_or_default();
            data.wallflower.call_off(meetup, caller.user, reason).await?;
            Ok(mine::acknowledged(locale, verb).into())
        }
        Verb::WordModal { meetup } => {
            let typed = input(&form.data.components, mine::WORD_INPUT).unwrap_or_default();
            data.wallflower.draft_word(meetup, caller.user, typed).await?;
            Ok(mine::acknowledged(locale, verb).into())
        }
        Verb::ProposeModal { meetup } => {
            let typed = |name| input(&form.data.components, name).unwrap_or_default();
            let time = (typed(ballots::DAY_INPUT), typed(ballots::TIME_INPUT));
            let (meetup, slot) = data.wallflower.propose_time(meetup, caller.user, time).await?;
            Ok(ballots::proposed(locale, &meetup, &slot).into())
        }
        Verb::PlaceNewModal { meetup } => {
            let typed = input(&form.data.components, places::NEW_PLACE_INPUT).ok_or(Refusal::NoSuchPlace)?;
            let ballot = data.wallflower.propose_place(meetup, caller.user, typed).await?;
            Ok(places::ballot(locale, &ballot, caller.user))
        }
        Verb::ProfileCityModal => {
            let typed = input(&form.data.components, profile::CITY_INPUT).unwrap_or_default();
            // Whoever may not keep one hears it before they choose.
            data.wallflower.active_member(caller.community()?, caller.user).await?;
            Ok(profile::pick_city(locale, typed, &search(typed, MOST_CHOICES)))
        }
        _ => Err(Failure::Fault(format!("{verb:?} was submitted"))),
    }
}

fn input<'a>(rows: &'a [ActionRow], name: &str) -> Option<&'a str> {
    rows.iter().flat_map(|row| &row.components).find_map(|component| match component {
        ActionRowComponent::InputText(input) if input.custom_id == name => input.value.as_deref(),
        _ => None,
    })
}

/// Only emoji of the ballot; the bot's own reactions are no votes.
async fn reacted(data: &Data, reaction: &Reaction, chosen: bool) -> Result<(), Failure> {
    let ReactionType::Unicode(emoji) = &reaction.emoji else { return Ok(()) };
    let Some(choice) = ballot::choice(emoji) else { return Ok(()) };
    let user = reaction.user_id.and_then(|user| UserId::new(user.get()));
    let message = MessageId::new(reaction.message_id.get());
    let (Some(user), Some(message)) = (user.filter(|user| *user != data.identity.user), message) else { return Ok(()) };
    Ok(data.wallflower.react(message, user, Said::Reaction(choice), chosen).await?)
}

async fn room_lost(data: &Data, channel: u64) -> Result<(), Failure> {
    let Some(room) = ChannelId::new(channel) else { return Ok(()) };
    Ok(data.wallflower.lose_room(room).await?)
}

/// A command may name somebody whom Discord knows, but not as somebody of this server.
async fn named_who_is_gone(data: &Data, command: &CommandInteraction) -> Result<(), Failure> {
    let Some(id) = command.guild_id.and_then(|guild| CommunityId::new(guild.get())) else { return Ok(()) };
    let resolved = &command.data.resolved;
    for user in resolved.users.keys().filter(|user| !resolved.members.contains_key(user)) {
        if let Some(user) = UserId::new(user.get()) {
            data.wallflower.seems_gone(&*data.voice, id, user).await?;
        }
    }
    Ok(())
}
