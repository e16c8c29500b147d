//! The talking session: serenity with poise. Commands, buttons and reactions come in here; nothing slow and nothing
//! ordered happens here.

use std::future::ready;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use poise::{BoxFuture, FrameworkContext, FrameworkError, FrameworkOptions};
use serenity::all::{ClientBuilder, CreateAllowedMentions, FullEvent, GatewayIntents, Http, Permissions};
use tokio::sync::watch;

use super::access::Access;
use super::caller::Caller;
use super::connection::{Identity, NoLine, in_short};
use super::files::Files;
use super::listener::Gateway;
use super::replies::{Failure, Line, Reply, in_words};
use super::{commands, inbound, stopped};
use crate::app::messenger::Messenger;
use crate::app::{Refusal, Wallflower};
use crate::texts::{Locale, Texts};

/// What the talking session asks Discord for. Interactions need no intent.
const INTENTS: GatewayIntents =
    GatewayIntents::GUILDS.union(GatewayIntents::GUILD_MESSAGE_REACTIONS).union(GatewayIntents::GUILD_MESSAGE_POLLS);

/// Of the five seconds that a stop may take, those for saying goodbye.
const GOODBYE: Duration = Duration::from_secs(2);

/// What each command finds.
#[derive(Clone)]
pub struct Data {
    pub wallflower: Arc<Wallflower>,
    /// For everything but answers to interactions.
    pub rest: Arc<Http>,
    /// Says notices, and looks whether people are there.
    pub voice: Arc<dyn Messenger>,
    /// What people hand over.
    pub files: Files,
    pub identity: Identity,
}

pub(super) type Context<'a> = poise::ApplicationContext<'a, Data, Failure>;
pub(super) type Command = poise::Command<Data, Failure>;

/// Talks on this process's shards until `stopping` turns true, or until Discord refuses for good.
pub async fn talk(
    access: &Access,
    data: Data,
    gateway: &Gateway,
    mut stopping: watch::Receiver<bool>,
) -> Result<(), NoLine> {
    let mut shards = FuturesUnordered::new();
    for shard in gateway.range.clone() {
        shards.push(talk_on(access, data.clone(), (gateway, shard), stopping.clone()));
    }
    let ended = tokio::select! {
        ended = shards.next() => ended.unwrap_or(Ok(())),
        () = stopped(&mut stopping) => Ok(()),
    };
    // All hear the stop, where it is one; after a refusal the others go with this.
    while ended.is_ok() && shards.next().await.is_some() {}
    ended
}

/// A client for each shard: one client started on a range of shards also begins one that is another's.
async fn talk_on(
    access: &Access,
    data: Data,
    (gateway, shard): (&Gateway, u32),
    mut stopping: watch::Receiver<bool>,
) -> Result<(), NoLine> {
    let framework =
        poise::Framework::builder().options(options()).setup(|_, _, _| Box::pin(async move { Ok(data) })).build();
    let http = access.answering_http();
    let told = |error: serenity::Error| NoLine::from(&error);
    let mut client = ClientBuilder::new_with_http(http, INTENTS).framework(framework).await.map_err(told)?;
    let shards = Arc::clone(&client.shard_manager);
    let talking = async {
        gateway.may_identify(shard).await;
        client.start_shard(shard, gateway.shards).await.map_err(told)
    };
    tokio::select! {
        ended = talking => ended,
        () = stopped(&mut stopping) => {
            // A session that Discord has ended for good does not answer.
            if tokio::time::timeout(GOODBYE, shards.shutdown_all()).await.is_err() {
                tracing::warn!("the talking session did not close in time");
            }
            Ok(())
        }
    }
}

fn options() -> FrameworkOptions<Data, Failure> {
    FrameworkOptions {
        commands: commands::all(),
        on_error: |error| Box::pin(on_error(error)),
        pre_command: |context| Box::pin(acknowledge(context)),
        command_check: Some(|context| Box::pin(ready(is_allowed(context)))),
        event_handler: |framework, event| handle(framework, event),
        allowed_mentions: Some(CreateAllowedMentions::new()),
        prefix_options: poise::PrefixFrameworkOptions { mention_as_prefix: false, ..Default::default() },
        initialize_owners: false,
        ..FrameworkOptions::default()
    }
}

fn handle<'a>(
    framework: FrameworkContext<'a, Data, Failure>,
    event: &'a FullEvent,
) -> BoxFuture<'a, Result<(), Failure>> {
    Box::pin(inbound::on_event(framework.serenity_context, framework.user_data, event))
}

/// Within three seconds, whatever follows. All answers to commands are seen only by who asked.
async fn acknowledge(context: poise::Context<'_, Data, Failure>) {
    let poise::Context::Application(context) = context else { return };
    match line(&context).defer().await {
        Ok(()) => context.has_sent_initial_response.store(true, Ordering::Relaxed),
        Err(error) => tracing::warn!(error = in_short(&error), "a command could not be acknowledged"),
    }
}

/// Admins can let others see admins' commands, so who may use them is decided here.
fn is_allowed(context: poise::Context<'_, Data, Failure>) -> Result<bool, Failure> {
    let poise::Context::Application(context) = context else { return Ok(false) };
    let for_admins = |command: &Command| command.default_member_permissions.contains(Permissions::MANAGE_GUILD);
    if context.command_tree.iter().any(|command| for_admins(command)) && !caller(&context)?.is_admin {
        return Err(Refusal::NotAnAdmin.into());
    }
    Ok(true)
}

pub(super) fn caller(context: &Context<'_>) -> Result<Caller, Failure> {
    Ok(Caller::of_command(context.interaction)?)
}

fn line<'a>(context: &Context<'a>) -> Line<'a> {
    let http = &context.framework.serenity_context.http;
    Line { http, interaction: context.interaction.id, token: &context.interaction.token }
}

/// Answers a command whose place is kept.
pub(super) async fn say(context: &Context<'_>, reply: impl Into<Reply>) -> Result<(), Failure> {
    Ok(line(context).fill(reply.into()).await?)
}

async fn on_error(error: FrameworkError<'_, Data, Failure>) {
    let context = error.ctx();
    let failure = match error {
        FrameworkError::Command { error, .. }
        | FrameworkError::EventHandler { error, .. }
        | FrameworkError::CommandCheckFailed { error: Some(error), .. } => error,
        FrameworkError::CommandStructureMismatch { .. } | FrameworkError::ArgumentParse { .. } => {
            Failure::Told(Texts::plain(Locale::English, "command-has-changed"))
        }
        FrameworkError::CommandPanic { payload, .. } => {
            tracing::error!(?payload, "a command panicked");
            Failure::Told(Texts::plain(Locale::English, "went-wrong-badly"))
        }
        other => {
            tracing::warn!(error = %other, "an interaction that is not ours");
            return;
        }
    };
    let Some(poise::Context::Application(context)) = context else {
        tracing::error!(error = %failure, "an event could not be handled");
        return;
    };
    if context.interaction_type == poise::CommandInteractionType::Command {
        tell(&context, &failure).await;
    }
}

async fn tell(context: &Context<'_>, failure: &Failure) {
    let interaction = context.interaction;
    let reply = Reply::from(in_words(failure, Locale::from_discord(&interaction.locale), interaction.id));
    let acknowledged = context.has_sent_initial_response.load(Ordering::Relaxed);
    let line = line(context);
    let told = if acknowledged { line.fill(reply).await } else { line.answer(reply).await };
    if let Err(error) = told {
        tracing::warn!(error = in_short(&error), "a command could not be answered");
    }
}
