//! The line goes dead after each request in turn: what stands at the end is the same, once.

use std::time::Duration;

use wallflower::app::messenger::{Letter, Messenger, Undelivered};
use wallflower::domain::meetup::Kind;
use wallflower::domain::notice::Notice;

use super::stage::Stage;

/// The pauses after which the deliverer comes back: while Discord remembers the nonce, and long after.
const PAUSES: [Duration; 2] = [Duration::from_secs(2), Duration::from_hours(1)];
/// More requests than any delivery has.
const MOST_REQUESTS: usize = 20;

/// Everything that stands, without ids and times.
fn all_that_stands(stage: &Stage) -> Vec<String> {
    let messages = stage.discord.all_messages().into_iter().map(|message| {
        let reactions: Vec<_> = message.reactions.iter().map(|(emoji, who)| format!("{emoji}{}", who.len())).collect();
        format!("{}: {} {}", message.channel_name, message.text, reactions.concat())
    });
    let threads =
        stage.den.threads().into_iter().map(|room| format!("{} {}", room.name(), room.thread_members().len()));
    let events = stage.den.events().into_iter().map(|event| format!("{} {:?}", event.name, event.location));
    let mut all: Vec<String> = messages.chain(threads).chain(events).collect();
    all.sort_unstable();
    all
}

/// As the deliverer does it after a failure that may have arrived.
async fn come_back(stage: &Stage, letter: &Letter, pause: Duration) {
    stage.discord.advance(pause);
    let found =
        if pause > Duration::from_mins(1) { stage.voice.find(letter, letter.id.time()).await.unwrap() } else { None };
    if found.is_none() {
        stage.deliver(letter).await;
    }
}

/// A new stage for each line that goes dead.
async fn same_end(prepare: impl AsyncFn(&mut Stage) -> Letter) {
    let mut whole = Stage::set().await;
    let letter = prepare(&mut whole).await;
    whole.deliver(&letter).await;
    let expected = all_that_stands(&whole);
    for pause in PAUSES {
        let mut cut = 0;
        for nth in 1..MOST_REQUESTS {
            let mut stage = Stage::set().await;
            let letter = prepare(&mut stage).await;
            stage.discord.after_request(nth, Box::new(|| {}));
            match stage.voice.deliver(&letter).await {
                Ok(_) => break,
                Err(why) => assert!(matches!(why, Undelivered::Later { .. }), "{why:?}"),
            }
            cut += 1;
            come_back(&stage, &letter, pause).await;
            assert_eq!(all_that_stands(&stage), expected, "cut after request {nth}, back after {pause:?}");
        }
        assert!(cut > 0 && cut < MOST_REQUESTS - 1, "{cut} requests were cut");
    }
}

#[tokio::test]
async fn an_ask_is_asked_once() {
    same_end(async |stage| {
        let (ana, meetup) = (stage.cast.ana, stage.cast.asked());
        stage.cast.directly(Notice::Ask, ana, Some(meetup))
    })
    .await;
}

#[tokio::test]
async fn a_room_is_opened_once() {
    same_end(async |stage| {
        let meetup = stage.cast.polling(Kind::Suggested);
        stage.cast.there(Notice::OpenRoom, &meetup)
    })
    .await;
}

#[tokio::test]
async fn a_room_is_filled_and_greeted_once() {
    same_end(async |stage| {
        stage.open_room().await;
        let meetup = stage.cast.polling(Kind::Suggested);
        stage.cast.there(Notice::RoomOpening, &meetup)
    })
    .await;
}

#[tokio::test]
async fn a_poll_is_posted_once_with_all_its_choices() {
    same_end(async |stage| {
        let meetup = stage.cast.polling(Kind::OpenEvening);
        stage.cast.there(Notice::PostPoll { poll: 1, because: None }, &meetup)
    })
    .await;
}

#[tokio::test]
async fn an_appointment_is_announced_once() {
    same_end(async |stage| {
        let meetup = stage.cast.scheduled(Kind::OpenEvening, None);
        stage.cast.there(Notice::ItIsOn { sequence: 0 }, &meetup)
    })
    .await;
}

#[tokio::test]
async fn an_event_is_published_once() {
    same_end(async |stage| {
        let meetup = stage.cast.scheduled(Kind::OpenEvening, None);
        stage.cast.there(Notice::PublishEvent { sequence: 0 }, &meetup)
    })
    .await;
}
