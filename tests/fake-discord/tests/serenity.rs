//! serenity drives the fake unchanged: commands, buttons, forms, private threads, reactions.

#![expect(clippy::unwrap_used, reason = "a test's setup that fails is a failed test")]

use std::sync::Arc;

use fake_discord::{Discord, Options, RestFault};
use serenity::all::{
    ActionRowComponent, AutocompleteChoice, ChannelType, Client, CommandInteraction, CommandOptionType,
    ComponentInteraction, Context, CreateActionRow, CreateAllowedMentions, CreateAttachment,
    CreateAutocompleteResponse, CreateButton, CreateCommand, CreateCommandOption, CreateEmbed, CreateInputText,
    CreateInteractionResponse, CreateInteractionResponseFollowup, CreateInteractionResponseMessage, CreateMessage,
    CreateModal, CreateScheduledEvent, CreateThread, EditInteractionResponse, EventHandler, GatewayIntents, Http,
    HttpBuilder, InputTextStyle, Interaction, Message, ModalInteraction, ReactionType, Ready, ScheduledEventType,
    Timestamp, async_trait,
};

struct Bot;

fn join_option(kind: CommandOptionType, name: &str) -> CreateCommandOption {
    CreateCommandOption::new(kind, name, "what it is")
}

fn meet() -> CreateCommand {
    let member = join_option(CommandOptionType::User, "member").required(true);
    let city = join_option(CommandOptionType::String, "city").set_autocomplete(true);
    CreateCommand::new("meet")
        .description("Meet the people you chat with")
        .add_option(join_option(CommandOptionType::SubCommand, "join"))
        .add_option(join_option(CommandOptionType::SubCommand, "slow"))
        .add_option(join_option(CommandOptionType::SubCommand, "with").add_sub_option(member))
        .add_option(join_option(CommandOptionType::SubCommand, "profile").add_sub_option(city))
        .add_option(join_option(CommandOptionType::SubCommand, "place"))
        .add_option(join_option(CommandOptionType::SubCommand, "ics"))
}

#[async_trait]
impl EventHandler for Bot {
    async fn ready(&self, ctx: Context, _: Ready) {
        let menu = CreateCommand::new("Suggest meeting").kind(serenity::all::CommandType::User);
        serenity::all::Command::set_global_commands(&ctx.http, vec![meet(), menu]).await.unwrap();
    }

    async fn message(&self, ctx: Context, message: Message) {
        if !message.author.bot && message.mentions_me(&ctx).await.unwrap_or(false) {
            message.reply(&ctx.http, "you called").await.unwrap();
        }
    }

    async fn interaction_create(&self, ctx: Context, interaction: Interaction) {
        match interaction {
            Interaction::Command(command) => answer_command(&ctx, &command).await,
            Interaction::Component(click) => answer_click(&ctx, &click).await,
            Interaction::Modal(form) => answer_form(&ctx, &form).await,
            Interaction::Autocomplete(typing) => {
                let choices = vec![AutocompleteChoice::new("Utrecht, NL", "utrecht")];
                let response = CreateAutocompleteResponse::new().set_choices(choices);
                typing.create_response(&ctx.http, CreateInteractionResponse::Autocomplete(response)).await.unwrap();
            }
            _ => {}
        }
    }
}

async fn answer_command(ctx: &Context, command: &CommandInteraction) {
    let which = command.data.options.first().map_or(command.data.name.clone(), |o| o.name.clone());
    let say = |text: &str| CreateInteractionResponseMessage::new().content(text).ephemeral(true);
    match which.as_str() {
        "slow" => {
            command.defer_ephemeral(&ctx.http).await.unwrap();
            let edit = EditInteractionResponse::new().content("at last");
            command.edit_response(&ctx.http, edit).await.unwrap();
            let more = CreateInteractionResponseFollowup::new().content("and more").ephemeral(true);
            command.create_followup(&ctx.http, more).await.unwrap();
        }
        "join" => {
            let row = CreateActionRow::Buttons(vec![CreateButton::new("v1:in").label("Count me in")]);
            let answer = say("Do you want in?").components(vec![row]);
            command.create_response(&ctx.http, CreateInteractionResponse::Message(answer)).await.unwrap();
        }
        "place" => {
            let input = CreateInputText::new(InputTextStyle::Short, "Where?", "where").max_length(100);
            let modal =
                CreateModal::new("v1:place", "A public place").components(vec![CreateActionRow::InputText(input)]);
            command.create_response(&ctx.http, CreateInteractionResponse::Modal(modal)).await.unwrap();
        }
        "ics" => {
            let file = CreateAttachment::bytes("BEGIN:VCALENDAR", "meetup.ics");
            let answer = say("here").add_file(file).embed(CreateEmbed::new().title("When").field("a", "b", true));
            command.create_response(&ctx.http, CreateInteractionResponse::Message(answer)).await.unwrap();
        }
        other => {
            let whom = command.data.resolved.users.values().next().map(|u| u.name.clone()).unwrap_or_default();
            let answer = say(&format!("{other} {whom}"));
            command.create_response(&ctx.http, CreateInteractionResponse::Message(answer)).await.unwrap();
        }
    }
}

async fn answer_click(ctx: &Context, click: &ComponentInteraction) {
    let answer = CreateInteractionResponseMessage::new().content("You are in.").components(vec![]);
    click.create_response(&ctx.http, CreateInteractionResponse::UpdateMessage(answer)).await.unwrap();
}

async fn answer_form(ctx: &Context, form: &ModalInteraction) {
    let ActionRowComponent::InputText(input) = &form.data.components[0].components[0] else { return };
    let text = input.value.clone().unwrap_or_default();
    let answer = CreateInteractionResponseMessage::new().content(format!("at {text}"));
    form.create_response(&ctx.http, CreateInteractionResponse::Message(answer)).await.unwrap();
}

fn http(discord: &Discord) -> Arc<Http> {
    let http = HttpBuilder::new(discord.token()).proxy(discord.url()).ratelimiter_disabled(true).build();
    http.set_application_id(fake_discord::APPLICATION_ID.into());
    Arc::new(http)
}

async fn start_bot(discord: &Discord) {
    let intents = GatewayIntents::GUILDS | GatewayIntents::GUILD_MESSAGES | GatewayIntents::GUILD_MESSAGE_REACTIONS;
    let http = HttpBuilder::new(discord.token()).proxy(discord.url()).ratelimiter_disabled(true).build();
    let mut client = serenity::all::ClientBuilder::new_with_http(http, intents).event_handler(Bot).await.unwrap();
    tokio::spawn(async move { client_runs(&mut client).await });
    discord.until_connected(1).await;
    discord.until_command("meet").await;
}

async fn client_runs(client: &mut Client) {
    client.start().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_serenity_bot_answers_people() {
    let discord = Discord::start(Options::default()).await;
    let den = discord.community("Den");
    let general = den.channel("general");
    let (ana, bo) = (den.person("ana"), den.person("bo"));
    start_bot(&discord).await;

    let answer = ana.runs("/meet join").await;
    assert_eq!((answer.text.as_str(), answer.ephemeral), ("Do you want in?", true));
    assert_eq!(ana.sees(&general).len(), 1);
    assert!(bo.sees(&general).is_empty(), "an ephemeral answer is for one person");
    assert!(bo.try_clicks(&answer, "Count me in").await.is_err());
    let clicked = ana.clicks(&answer, "Count me in").await;
    assert_eq!((clicked.text.as_str(), clicked.updated), ("You are in.", true));

    let slow = ana.runs("/meet slow").await;
    assert_eq!(slow.text, "at last");
    discord.until("the followup", |_| slow.now().followups.len() == 1).await;

    assert_eq!(ana.runs("/meet with member:@bo").await.text, "with bo");
    assert_eq!(ana.uses_on("Suggest meeting", &bo).await.text, "Suggest meeting bo");
    assert_eq!(ana.completes("/meet profile city:utre", "city").await[0].value, "utrecht");
    let modal = ana.runs("/meet place").await.modal();
    let placed = ana.submits(&modal, &[("Where?", "the old mill")]).await;
    assert_eq!((placed.text.as_str(), placed.ephemeral), ("at the old mill", false));
    assert_eq!(ana.runs("/meet ics").await.files[0].bytes, b"BEGIN:VCALENDAR");

    assert_eq!(ana.runs_in_dm("/meet join").await.text, "Do you want in?");
    let call = bo.says(&general, &format!("<@{}> hello", fake_discord::BOT_ID));
    let reply = discord.until("the reply", |d| d.bot_messages().into_iter().find(|m| m.text == "you called")).await;
    assert_eq!(reply.replies_to, Some(call.id));
    assert!(ana.try_runs("/meet with").await.unwrap_err().contains("required"));
    assert!(ana.try_runs("/meat").await.unwrap_err().contains("no command"));
}

#[tokio::test(flavor = "multi_thread")]
async fn serenity_reads_every_answer() {
    let discord = Discord::start(Options::default()).await;
    let den = discord.community("Den");
    let general = den.channel("general");
    let (ana, bo) = (den.person("ana"), den.person("bo"));
    let http = http(&discord);
    let channel = serenity::all::ChannelId::new(general.id);
    let guild = serenity::all::GuildId::new(den.id);

    assert_eq!(http.get_current_user().await.unwrap().id.get(), fake_discord::BOT_ID);
    http.get_current_application_info().await.unwrap();
    http.get_bot_gateway().await.unwrap();
    assert_eq!(guild.to_partial_guild(&http).await.unwrap().name, "Den");
    assert_eq!(guild.channels(&http).await.unwrap().len(), 1);
    guild.roles(&http).await.unwrap();
    assert_eq!(guild.member(&http, ana.id).await.unwrap().user.name, "ana");

    let new = CreateThread::new("ana and bo").kind(ChannelType::PrivateThread);
    let thread = channel.create_thread(&http, new).await.unwrap();
    thread.id.add_thread_member(&http, ana.id.into()).await.unwrap();
    assert_eq!(ana.threads().len(), 1);
    assert!(bo.threads().is_empty());
    assert_eq!(thread.id.get_thread_members(&http).await.unwrap().len(), 2);
    assert_eq!(guild.get_active_threads(&http).await.unwrap().threads.len(), 1);
    let only_ana = CreateAllowedMentions::new().users(vec![ana.id]);
    let text = format!("{} {}", ana.mention(), bo.mention());
    let message = thread.id.send_message(&http, CreateMessage::new().content(text).allowed_mentions(only_ana)).await;
    let message = message.unwrap();
    assert_eq!(ana.pings().len(), 2, "being added rings too");
    assert!(bo.pings().is_empty());

    let two = ReactionType::Unicode("2️⃣".into());
    message.react(&http, two.clone()).await.unwrap();
    let shown = discord.message(message.id.get()).unwrap();
    ana.reacts(&shown, "2️⃣");
    assert_eq!(message.reaction_users(&http, two, None, None).await.unwrap().len(), 2);

    let start = Timestamp::from_unix_timestamp(discord.now() / 1000 + 3600).unwrap();
    let end = Timestamp::from_unix_timestamp(discord.now() / 1000 + 7200).unwrap();
    let event = CreateScheduledEvent::new(ScheduledEventType::External, "Open evening", start);
    guild.create_scheduled_event(&http, event.end_time(end).location("the mill")).await.unwrap();
    assert_eq!(guild.scheduled_events(&http, true).await.unwrap().len(), 1);
    let dm = serenity::all::UserId::new(ana.id).create_dm_channel(&http).await.unwrap();
    dm.id.say(&http, "psst").await.unwrap();
    assert_eq!(ana.dms().len(), 1);
    assert_eq!(channel.messages(&http, serenity::all::GetMessages::new()).await.unwrap().len(), 0);
    discord.assert_no_violations();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_may_be_as_large_as_the_limit_and_no_larger() {
    let discord = Discord::start(Options::default()).await;
    let general = discord.community("Den").channel("general");
    discord.change_world(|world| world.limits.file_bytes = 8);
    let (http, channel) = (http(&discord), serenity::all::ChannelId::new(general.id));
    let file = |content: &str| CreateMessage::new().add_file(CreateAttachment::bytes(content.as_bytes(), "a.txt"));
    channel.send_message(&http, file("12345678")).await.unwrap();
    let refused = channel.send_message(&http, file("123456789")).await.unwrap_err();
    assert!(refused.to_string().contains("too large"), "{refused}");
    assert_eq!(discord.requests().last().map(|request| request.status), Some(413));
}

/// serenity as it runs in production: its own rate limiter on, `https://discord.com`.
async fn limited_http(discord: &Discord) -> Http {
    let tls = discord.serve_tls().await;
    let certificate = reqwest::Certificate::from_der(&tls.certificate).unwrap();
    let client = reqwest::Client::builder()
        .use_rustls_tls()
        .resolve("discord.com", tls.address)
        .add_root_certificate(certificate)
        .build()
        .unwrap();
    HttpBuilder::new(discord.token()).client(client).build()
}

#[tokio::test(flavor = "multi_thread")]
async fn serenitys_own_limiter_waits_over_tls_and_loses_nothing() {
    let discord = Discord::start(Options::default()).await;
    let den = discord.community("Den");
    let general = den.channel("general");
    let http = limited_http(&discord).await;
    let channel = serenity::all::ChannelId::new(general.id);
    discord.fail_requests(1, "POST", "/channels/", RestFault::TooMany { scope: "user", retry_after: 0.05 });
    for n in 0..3 {
        channel.say(&http, format!("{n}")).await.unwrap();
    }
    let said: Vec<String> = general.messages().into_iter().map(|m| m.text).collect();
    assert_eq!(said, ["0", "1", "2"]);
    assert_eq!(discord.requests().iter().filter(|r| r.status == 429).count(), 1);
    discord.assert_no_violations();
}
