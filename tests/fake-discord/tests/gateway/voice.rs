//! Voice channels, asked by an independent client.

use fake_discord::world::kind;
use fake_discord::{BOT_ID, Discord, Options, permissions};
use serde_json::{Value, json};

use crate::raw::{GUILDS, Line};

const VOICE_STATES: u64 = 1 << 7;

fn ids(list: &Value, path: &str) -> Vec<String> {
    let id = |one: &Value| one.pointer(path).and_then(Value::as_str).unwrap().to_owned();
    list.as_array().unwrap().iter().map(id).collect()
}

#[tokio::test]
async fn a_snapshot_tells_who_sits_where_to_sessions_that_hear_of_it_later_too() {
    let discord = Discord::start(Options::default()).await;
    let den = discord.community("Den");
    let (lounge, attic) = (den.channel_of_kind("lounge", kind::VOICE), den.channel_of_kind("attic", kind::VOICE));
    let (ana, bo) = (den.person("ana"), den.person("bo"));
    attic.denies_bot(permissions::VIEW_CHANNEL);
    den.has_afk_channel(Some(&attic));
    ana.enters(&lounge);
    bo.enters(&attic);
    let (mut line, _) = Line::identified(&discord, GUILDS | VOICE_STATES).await;
    let guild = line.event("GUILD_CREATE").await["d"].clone();
    assert_eq!(ids(&guild["voice_states"], "/user_id"), [ana.id.to_string()], "what the bot cannot see is not told");
    assert_eq!(guild["voice_states"][0]["channel_id"], lounge.id.to_string());
    assert!(guild["voice_states"][0].get("guild_id").is_none());
    assert_eq!(ids(&guild["members"], "/user/id"), [BOT_ID.to_string(), ana.id.to_string()]);
    assert_eq!(guild["afk_channel_id"], attic.id.to_string());
    let (mut line, _) = Line::identified(&discord, GUILDS).await;
    let guild = line.event("GUILD_CREATE").await["d"].clone();
    assert_eq!((&guild["voice_states"], guild["members"].as_array().unwrap().len()), (&json!([]), 1));
}

#[tokio::test]
async fn coming_going_and_going_deaf_are_told_as_far_as_the_bot_sees() {
    let discord = Discord::start(Options::default()).await;
    let den = discord.community("Den");
    let (lounge, attic) = (den.channel_of_kind("lounge", kind::VOICE), den.channel_of_kind("attic", kind::VOICE));
    let podium = den.channel_of_kind("stage", kind::STAGE);
    attic.denies_bot(permissions::VIEW_CHANNEL);
    let ana = den.person("ana");
    let (mut line, _) = Line::identified(&discord, GUILDS | VOICE_STATES).await;
    let told = async |line: &mut Line| line.event("VOICE_STATE_UPDATE").await["d"].clone();
    ana.enters(&lounge);
    let state = told(&mut line).await;
    assert_eq!((&state["guild_id"], &state["channel_id"]), (&den.id.to_string().into(), &lounge.id.to_string().into()));
    assert_eq!(
        (&state["user_id"], &state["member"]["user"]["id"]),
        (&ana.id.to_string().into(), &ana.id.to_string().into())
    );
    let flags = |state: &Value| ["deaf", "self_deaf", "self_mute", "suppress"].map(|flag| state[flag] == true);
    assert_eq!(flags(&state), [false; 4]);
    ana.deafens_themselves(true);
    assert_eq!(flags(&told(&mut line).await), [false, true, true, false], "who hears nothing does not speak either");
    ana.deafens_themselves(false);
    told(&mut line).await;
    ana.is_deafened(true);
    let state = told(&mut line).await;
    assert_eq!((flags(&state), &state["member"]["deaf"]), ([true, false, false, false], &true.into()));
    ana.enters(&attic);
    assert_eq!(told(&mut line).await["channel_id"], Value::Null, "out of sight looks like gone");
    ana.is_deafened(false);
    ana.enters(&podium);
    let state = told(&mut line).await;
    assert_eq!((flags(&state), &state["channel_id"]), ([false, false, false, true], &podium.id.to_string().into()));
    podium.is_deleted();
    assert_eq!(told(&mut line).await["channel_id"], Value::Null);
    line.event("CHANNEL_DELETE").await;
    ana.enters(&lounge);
    told(&mut line).await;
    ana.leaves(&den);
    assert_eq!(told(&mut line).await["channel_id"], Value::Null);
    den.has_afk_channel(Some(&lounge));
    assert_eq!(line.event("GUILD_UPDATE").await["d"]["afk_channel_id"], lounge.id.to_string());
}

#[tokio::test]
async fn only_voice_channels_that_one_may_enter_are_entered() {
    let discord = Discord::start(Options::default()).await;
    let den = discord.community("Den");
    let (general, lounge) = (den.channel("general"), den.channel_of_kind("lounge", kind::VOICE));
    lounge.denies(&den.everyone(), permissions::CONNECT);
    let ana = den.person("ana");
    for channel in [general.id, lounge.id, 1] {
        assert!(discord.change_world(|world| world.enter_voice(den.id, ana.id, channel)).is_err());
    }
    assert!(discord.change_world(|world| world.change_voice(den.id, ana.id, |_| ())).is_err(), "she is in none");
}
