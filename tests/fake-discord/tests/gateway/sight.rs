//! What the bot may see changes while it listens, asked by an independent client.

use fake_discord::{BOT_ID, Channel, Community, Discord, Options, Role, permissions};
use serde_json::{Value, json};

use crate::raw::{GUILDS, Line};

/// A community with a channel in it which only those with a role can see, and a thread in that.
struct House {
    discord: Discord,
    den: Community,
    room: Channel,
    thread: Channel,
    insiders: Role,
}

impl House {
    async fn new(tells_hidden: bool) -> Self {
        let discord = Discord::start(Options::default()).await;
        discord.change_world(|world| world.tells_hidden = tells_hidden);
        let den = discord.community("Den");
        let (ana, room, insiders) = (den.person("ana"), den.channel("backroom"), den.role("insiders"));
        room.denies(&den.everyone(), permissions::VIEW_CHANNEL);
        room.allows(&insiders, permissions::VIEW_CHANNEL);
        ana.takes_role(&insiders);
        let thread = ana.opens_thread(&room, "openings");
        Self { discord, den, room, thread, insiders }
    }

    /// A session without a privileged intent, and the channels that it is shown.
    async fn line(&self) -> (Line, Vec<Value>) {
        let (mut line, _) = Line::identified(&self.discord, GUILDS).await;
        let guild = line.event("GUILD_CREATE").await["d"].clone();
        (line, guild["channels"].as_array().unwrap().iter().map(|channel| channel["id"].clone()).collect())
    }
}

async fn told(line: &mut Line) -> (String, Value) {
    let payload = line.payload().await;
    (payload["t"].as_str().unwrap_or_default().to_owned(), payload["d"].clone())
}

async fn opens(line: &mut Line, den: &House) {
    let (name, list) = told(line).await;
    assert_eq!((name.as_str(), &list["channel_ids"]), ("THREAD_LIST_SYNC", &json!([den.room.id.to_string()])));
    let threads: Vec<&Value> = list["threads"].as_array().unwrap().iter().map(|thread| &thread["id"]).collect();
    assert_eq!(threads, [&json!(den.thread.id.to_string())], "with the threads that are open in it");
}

#[tokio::test]
async fn of_the_bots_own_roles_every_session_is_told_and_of_other_peoples_none() {
    let den = House::new(false).await;
    let (mut line, shown) = den.line().await;
    assert!(shown.is_empty(), "what the bot cannot see is not shown: {shown:?}");
    den.den.person("bo").takes_role(&den.insiders);
    den.den.gives_bot_role(&den.insiders);
    let (name, member) = told(&mut line).await;
    assert_eq!((name.as_str(), &member["user"]["id"]), ("GUILD_MEMBER_UPDATE", &json!(BOT_ID.to_string())));
    assert!(member["roles"].as_array().unwrap().contains(&json!(den.insiders.id.to_string())));
    let (name, channel) = told(&mut line).await;
    assert_eq!((name.as_str(), &channel["id"]), ("CHANNEL_CREATE", &json!(den.room.id.to_string())));
    opens(&mut line, &den).await;
    // Nobody's member is told to have changed by this.
    den.insiders.is_deleted();
    let (name, role) = told(&mut line).await;
    assert_eq!((name.as_str(), &role["role_id"]), ("GUILD_ROLE_DELETE", &json!(den.insiders.id.to_string())));
    let (name, channel) = told(&mut line).await;
    assert_eq!((name.as_str(), &channel["id"]), ("CHANNEL_DELETE", &json!(den.room.id.to_string())));
    den.den.channel("new");
    assert_eq!(told(&mut line).await.0, "CHANNEL_CREATE", "and that was all");
}

#[tokio::test]
async fn channels_that_cannot_be_seen_are_told_where_that_is_ordered() {
    let den = House::new(true).await;
    let (mut line, shown) = den.line().await;
    assert_eq!(shown, [json!(den.room.id.to_string())]);
    den.den.gives_bot_role(&den.insiders);
    assert_eq!(told(&mut line).await.0, "GUILD_MEMBER_UPDATE");
    opens(&mut line, &den).await;
    den.insiders.holds(permissions::SEND_MESSAGES);
    assert_eq!(told(&mut line).await.0, "GUILD_ROLE_UPDATE");
    den.den.takes_bot_role(&den.insiders);
    assert_eq!(told(&mut line).await.0, "GUILD_MEMBER_UPDATE");
    den.den.channel("new");
    assert_eq!(told(&mut line).await.0, "CHANNEL_CREATE", "a channel that is hidden is not told to be gone");
}

#[tokio::test]
async fn a_channels_own_rules_open_and_close_it() {
    for tells_hidden in [true, false] {
        let den = House::new(tells_hidden).await;
        let (mut line, _) = den.line().await;
        den.room.allows_bot(permissions::VIEW_CHANNEL);
        let [opened, closed] = if tells_hidden { ["CHANNEL_UPDATE"; 2] } else { ["CHANNEL_CREATE", "CHANNEL_DELETE"] };
        let (name, channel) = told(&mut line).await;
        assert_eq!((name.as_str(), &channel["id"]), (opened, &json!(den.room.id.to_string())));
        opens(&mut line, &den).await;
        den.room.denies_bot(permissions::VIEW_CHANNEL);
        assert_eq!(told(&mut line).await.0, closed);
    }
}
