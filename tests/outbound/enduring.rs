//! What happens when something does not go through.

use std::time::Duration;

use fake_discord::RestFault;
use fake_discord::world::{Draft, permissions};
use wallflower::app::messenger::{Gone, Letter, Messenger, Place, Presence, Undelivered};
use wallflower::domain::ids::RoleId;
use wallflower::domain::meetup::Kind;
use wallflower::domain::notice::Notice;

use super::stage::{Stage, spot, voice_at};

/// Longer than Discord remembers a nonce.
const AN_HOUR: Duration = Duration::from_hours(1);

fn doorbell(stage: &mut Stage) -> Letter {
    let place = Place::Channel(stage.cast.channel);
    stage.cast.letter(Notice::Doorbell, place, None)
}

#[tokio::test]
async fn a_notice_sent_twice_is_one_message() {
    let mut stage = Stage::set().await;
    let letter = doorbell(&mut stage);
    let first = stage.deliver(&letter).await;
    assert_eq!(stage.deliver(&letter).await, first);
    assert_eq!(stage.table.messages().len(), 1);
}

#[tokio::test]
async fn a_notice_is_found_long_after_its_nonce_is_forgotten() {
    let mut stage = Stage::set().await;
    let (ana, meetup) = (stage.cast.ana, stage.cast.asked());
    let with_buttons = stage.cast.directly(Notice::Ask, ana, Some(meetup));
    let with_footer = stage.cast.directly(Notice::Welcome, ana, None);
    let in_channel = doorbell(&mut stage);
    for letter in [with_buttons, with_footer, in_channel] {
        assert_eq!(
            stage.voice.find(&letter, letter.id.time()).await.unwrap(),
            None,
            "{:?} was not sent yet",
            letter.notice
        );
        let sent = stage.deliver(&letter).await;
        stage.discord.advance(AN_HOUR);
        (0..150).for_each(|n| drop(stage.cy.says(&stage.table, &format!("chat {n}"))));
        assert_eq!(stage.voice.find(&letter, letter.id.time()).await.unwrap(), Some(sent), "{:?}", letter.notice);
    }
    stage.discord.assert_no_violations();
}

/// More than is looked through.
fn a_flood(stage: &Stage) {
    (0..2_100).for_each(|n| drop(stage.cy.says(&stage.table, &format!("chat {n}"))));
}

#[tokio::test]
async fn a_notice_is_found_however_much_was_said_since() {
    let mut stage = Stage::set().await;
    let letter = doorbell(&mut stage);
    let sent = stage.deliver(&letter).await;
    stage.discord.advance(AN_HOUR);
    a_flood(&stage);
    assert_eq!(stage.voice.find(&letter, letter.id.time()).await, Ok(Some(sent)));
}

#[tokio::test]
async fn what_cannot_be_looked_through_to_its_end_is_unknown() {
    let mut stage = Stage::set().await;
    let letter = doorbell(&mut stage);
    a_flood(&stage);
    assert_eq!(stage.voice.find(&letter, letter.id.time()).await, Err(Undelivered::Unknown));
}

#[tokio::test]
async fn a_copy_in_another_ones_message_is_not_ours() {
    let mut stage = Stage::set().await;
    let letter = doorbell(&mut stage);
    let footer = serde_json::json!({ "description": "mine", "footer": { "text": letter.id.to_string() } });
    let copy = Draft { embeds: vec![footer], ..Draft::new(stage.table.id, stage.cy.id, "") };
    stage.discord.change_world(|world| world.post(copy)).unwrap();
    assert_eq!(stage.voice.find(&letter, letter.id.time()).await.unwrap(), None);
}

#[tokio::test]
async fn without_history_not_found_is_no_answer() {
    let mut stage = Stage::set().await;
    let letter = doorbell(&mut stage);
    stage.deliver(&letter).await;
    stage.den.takes_from_bot(permissions::READ_MESSAGE_HISTORY);
    let found = stage.voice.find(&letter, letter.id.time()).await;
    assert!(matches!(&found, Err(Undelivered::Forbidden(why)) if why.contains("Read Message History")), "{found:?}");
}

#[tokio::test]
async fn closed_doors_are_told_apart() {
    let mut stage = Stage::set().await;
    let (ana, bo, meetup) = (stage.cast.ana, stage.cast.bo, stage.cast.asked());
    stage.ana.closes_dms();
    let letter = stage.cast.directly(Notice::Ask, ana, Some(meetup.clone()));
    assert_eq!(stage.fail(&letter).await, Undelivered::DirectMessagesClosed);
    stage.bo.leaves(&stage.den);
    let letter = stage.cast.directly(Notice::Ask, bo, Some(meetup.clone()));
    assert_eq!(stage.fail(&letter).await, Undelivered::Gone(Gone::Person));
    stage.table.is_deleted();
    let letter = doorbell(&mut stage);
    assert_eq!(stage.fail(&letter).await, Undelivered::Gone(Gone::Channel));
}

#[tokio::test]
async fn a_message_or_thread_that_is_gone_says_so() {
    let mut stage = Stage::set().await;
    let room = stage.open_filled_room().await;
    let meetup = stage.cast.polling(Kind::Suggested);
    let letter = stage.cast.there(Notice::PostPoll { poll: 1, because: None }, &meetup);
    let poll = stage.say(&letter).await;
    let (channel, message) = spot(&poll);
    let refresh = stage.cast.change(Notice::RefreshPoll { poll: 1 }, &meetup, channel, message);
    stage.moderator.deletes(&poll);
    assert_eq!(stage.fail(&refresh).await, Undelivered::Gone(Gone::Message));
    room.is_deleted();
    assert_eq!(stage.fail(&refresh).await, Undelivered::Gone(Gone::Channel));
    assert_eq!(stage.fail(&letter).await, Undelivered::Gone(Gone::Channel));
}

#[tokio::test]
async fn a_channel_that_may_not_be_written_in_is_named() {
    let mut stage = Stage::set().await;
    let letter = doorbell(&mut stage);
    stage.table.denies_bot(permissions::SEND_MESSAGES);
    let Undelivered::Forbidden(why) = stage.fail(&letter).await else { panic!() };
    assert!(why.contains("Send Messages") && why.contains(&format!("<#{}>", stage.table.id)), "{why}");
    stage.table.denies_bot(permissions::VIEW_CHANNEL);
    assert!(matches!(stage.fail(&letter).await, Undelivered::Forbidden(_)));
}

#[tokio::test]
async fn a_short_429_is_waited_for_and_a_long_one_is_handed_back() {
    let mut stage = Stage::set().await;
    let letter = doorbell(&mut stage);
    let too_many = |retry_after| RestFault::TooMany { scope: "user", retry_after };
    stage.discord.fail_requests(2, "POST", "/channels/", too_many(0.05));
    stage.deliver(&letter).await;
    assert_eq!(stage.table.messages().len(), 1);

    stage.discord.fail_requests(1, "POST", "/channels/", too_many(600.0));
    let second = doorbell(&mut stage);
    let Undelivered::Later { after, may_have_arrived, .. } = stage.fail(&second).await else { panic!() };
    assert_eq!((after, may_have_arrived), (Some(Duration::from_mins(10)), false));
}

#[tokio::test]
async fn a_lost_answer_may_have_arrived_and_sending_again_is_safe() {
    let mut stage = Stage::set().await;
    for fault in [RestFault::HangUp, RestFault::Status(502)] {
        let letter = doorbell(&mut stage);
        stage.discord.fail_requests(1, "POST", "/channels/", fault);
        let why = stage.fail(&letter).await;
        assert!(matches!(why, Undelivered::Later { may_have_arrived: true, .. }), "{why:?}");
        stage.deliver(&letter).await;
    }
    assert_eq!(stage.table.messages().len(), 2);
}

#[tokio::test]
async fn where_nobody_listens_nothing_has_arrived() {
    let mut stage = Stage::set().await;
    let letter = doorbell(&mut stage);
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let voice = voice_at(&format!("http://{closed}"), &stage.discord.token());
    let why = voice.deliver(&letter).await.unwrap_err();
    assert!(matches!(why, Undelivered::Later { may_have_arrived: false, after: None, .. }), "{why:?}");
}

#[tokio::test]
async fn a_failing_lookup_before_a_room_has_opened_nothing() {
    let mut stage = Stage::set().await;
    let meetup = stage.cast.polling(Kind::Suggested);
    let letter = stage.cast.there(Notice::OpenRoom, &meetup);
    stage.discord.fail_requests(1, "GET", "/guilds/", RestFault::Status(503));
    let why = stage.fail(&letter).await;
    assert!(matches!(why, Undelivered::Later { may_have_arrived: false, .. }), "{why:?}");
    assert!(stage.den.threads().is_empty());
}

#[tokio::test]
async fn somebody_is_gone_only_where_the_bot_finds_itself() {
    let stage = Stage::set().await;
    let (home, bo) = (stage.cast.community.id, stage.cast.bo);
    let adults = stage.den.role("adults");
    stage.bo.takes_role(&adults);
    let roles = vec![RoleId::new(adults.id).unwrap()];
    assert_eq!(stage.voice.presence(home, bo).await, Ok(Presence::Here { roles }));
    stage.bo.leaves(&stage.den);
    let itself = format!("/guilds/{}/members/{}", stage.den.id, fake_discord::BOT_ID);
    stage.discord.fail_requests(1, "GET", &itself, RestFault::Status(503));
    let untold = stage.voice.presence(home, bo).await;
    assert!(matches!(untold, Err(Undelivered::Later { .. })), "{untold:?}");
    assert_eq!(stage.voice.presence(home, bo).await, Ok(Presence::Gone));
    stage.den.kicks_bot();
    assert!(stage.voice.presence(home, bo).await.is_err(), "a server that is closed to us tells nothing");
    stage.discord.assert_no_violations();
}
