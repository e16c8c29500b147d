//! Polls by reactions: shown, counted, read.

use fake_discord::{Options, RestFault, permissions};
use wallflower::app::messenger::{Gone, Messenger, Undelivered};
use wallflower::domain::ids::{ChannelId, MessageId};
use wallflower::domain::meetup::{Kind, Meetup, State};
use wallflower::domain::notice::Notice;
use wallflower::domain::poll::{Ballot, Choice, Poll};

use super::stage::{Stage, spot};

const POLL: Notice = Notice::PostPoll { poll: 1, because: None };

fn asked(stage: &Stage) -> Poll {
    let State::Polling { poll } = stage.cast.polling(Kind::OpenEvening).state else { panic!("no poll") };
    poll
}

fn shown(message: &fake_discord::SeenMessage) -> Vec<&str> {
    message.reactions.iter().map(|(emoji, _)| emoji.as_str()).collect()
}

#[tokio::test]
async fn a_poll_shows_times_for_each_reader_with_real_counts_and_its_choices_in_order() {
    let mut stage = Stage::set().await;
    stage.open_filled_room().await;
    let meetup = stage.cast.polling(Kind::Suggested);
    let letter = stage.cast.there(POLL, &meetup);
    let poll = stage.say(&letter).await;
    assert_eq!(shown(&poll), ["1️⃣", "2️⃣", "3️⃣", "🚫"]);
    let starts: Vec<_> = stage.cast.slots().iter().map(|slot| slot.start().timestamp()).collect();
    assert!(
        poll.text.contains(&format!("1️⃣ <t:{}:F> — 0 can\n2️⃣ <t:{}:F> — 1 can", starts[0], starts[1])),
        "{}",
        poll.text
    );
    assert!(poll.text.contains("🚫 none of these — 0"), "{}", poll.text);
}

#[tokio::test]
async fn a_poll_stands_whole_where_reactions_are_slowed_down() {
    let mut stage = Stage::set_with(Options { rate_limits: true, ..Options::default() }).await;
    let meetup = stage.cast.polling(Kind::OpenEvening);
    let letter = stage.cast.there(POLL, &meetup);
    let poll = stage.say(&letter).await;
    assert_eq!(shown(&poll), ["1️⃣", "2️⃣", "3️⃣", "🚫"]);
    assert!(stage.discord.requests().iter().any(|request| request.status == 429), "it was slowed down");
}

#[tokio::test]
async fn the_text_of_a_poll_follows_the_votes_even_in_an_archived_thread() {
    let mut stage = Stage::set().await;
    let room = stage.open_filled_room().await;
    let mut meetup = stage.cast.polling(Kind::Suggested);
    let letter = stage.cast.there(POLL, &meetup);
    let poll = stage.say(&letter).await;
    meetup.participants[0].votes = meetup.participants[1].votes.clone();
    room.is_archived_now();
    let (channel, message) = spot(&poll);
    let refresh = stage.cast.change(Notice::RefreshPoll { poll: 1 }, &meetup, channel, message);
    stage.deliver(&refresh).await;
    assert!(poll.now().unwrap().text.contains("— 2 can"), "{}", poll.now().unwrap().text);
    assert_eq!(room.messages().iter().filter(|message| message.text.contains("When could")).count(), 1);

    let scheduled = stage.cast.scheduled(Kind::Suggested, None);
    let refresh = stage.cast.change(Notice::RefreshPoll { poll: 1 }, &scheduled, channel, message);
    stage.deliver(&refresh).await;
    assert!(poll.now().unwrap().text.starts_with("This poll is closed."));
}

#[tokio::test]
async fn a_vote_is_read_from_everybody_but_bots() {
    let mut stage = Stage::set().await;
    let meetup = stage.cast.polling(Kind::OpenEvening);
    let letter = stage.cast.there(POLL, &meetup);
    let poll = stage.say(&letter).await;
    let crowd: Vec<_> = (0..205).map(|n| stage.den.person(&format!("guest{n}"))).collect();
    for guest in &crowd {
        guest.reacts(&poll, "2️⃣");
    }
    stage.ana.reacts(&poll, "1️⃣");
    stage.ana.reacts(&poll, "🚫");
    stage.bo.reacts(&poll, "👍");
    let (channel, message) = spot(&poll);
    let votes = stage.voice.votes(channel, message, &asked(&stage)).await.unwrap();
    assert_eq!(votes.len(), 206, "the bot's own and the thumb count nothing");
    let of = |id: u64| votes.iter().find(|(user, _)| user.to_u64() == id).map(|(_, choices)| choices.clone());
    assert_eq!(of(stage.ana.id), Some([Choice::Slot(0), Choice::NoneOfThese].into()));
    assert_eq!(of(crowd[204].id), Some([Choice::Slot(1)].into()));
    assert_eq!(of(stage.bo.id), None);
    stage.discord.assert_no_violations();
}

#[tokio::test]
async fn reactions_that_were_cut_off_are_put_there_when_the_poll_is_found() {
    let mut stage = Stage::set().await;
    let meetup = stage.cast.polling(Kind::OpenEvening);
    let letter = stage.cast.there(POLL, &meetup);
    stage.discord.fail_requests(1, "PUT", "/channels/", RestFault::Status(500));
    let why = stage.fail(&letter).await;
    assert!(matches!(why, Undelivered::Later { may_have_arrived: true, .. }), "{why:?}");
    let found = stage.voice.find(&letter, letter.id.time()).await.unwrap().expect("the message stands");
    let poll = stage.discord.message(found.message.unwrap().to_u64()).unwrap();
    assert_eq!(shown(&poll), ["1️⃣", "2️⃣", "3️⃣", "🚫"]);
    assert_eq!(stage.discord.bot_messages().len(), 1);
}

#[tokio::test]
async fn a_poll_that_can_have_no_choices_does_not_stay() {
    let mut stage = Stage::set().await;
    let meetup = stage.cast.polling(Kind::OpenEvening);
    let letter = stage.cast.there(POLL, &meetup);
    stage.table.denies_bot(permissions::ADD_REACTIONS);
    let why = stage.fail(&letter).await;
    assert!(matches!(&why, Undelivered::Forbidden(why) if why.contains("Add Reactions")), "{why:?}");
    assert_eq!(stage.table.messages().len(), 0);
    stage.discord.assert_no_violations();
}

#[tokio::test]
async fn a_poll_that_is_gone_says_so() {
    let stage = Stage::set().await;
    let (channel, message) = (ChannelId::new(stage.table.id).unwrap(), MessageId::new(12_345).unwrap());
    assert_eq!(stage.voice.votes(channel, message, &asked(&stage)).await, Err(Undelivered::Gone(Gone::Message)));
    let nowhere = ChannelId::new(54_321).unwrap();
    assert_eq!(stage.voice.votes(nowhere, message, &asked(&stage)).await, Err(Undelivered::Gone(Gone::Channel)));
}

/// The same poll, as one of Discord's own.
fn natively(mut meetup: Meetup) -> Meetup {
    if let State::Polling { poll } = &mut meetup.state {
        poll.ballot = Ballot::Native;
    }
    meetup
}

#[tokio::test]
async fn a_poll_of_discord_s_own_shows_times_twice_and_is_read_page_by_page() {
    let mut stage = Stage::set().await;
    let meetup = natively(stage.cast.polling(Kind::OpenEvening));
    let letter = stage.cast.there(POLL, &meetup);
    let message = stage.say(&letter).await;
    let poll = message.poll.clone().unwrap();
    assert!(message.reactions.is_empty() && poll.question.contains("Europe/Amsterdam"), "{poll:?}");
    assert_eq!(poll.answers.len(), 4);
    let start = stage.cast.slots()[1].start();
    let shown = start.with_timezone(&chrono_tz::Europe::Amsterdam).format("2 · %A %-d %B, %H:%M").to_string();
    assert_eq!(poll.answers[1].0, shown);
    assert!(message.text.contains(&format!("2. <t:{}:F>", start.timestamp())), "{}", message.text);
    let crowd: Vec<_> = (0..205).map(|n| stage.den.person(&format!("guest{n}"))).collect();
    for guest in &crowd {
        guest.votes(&message, &[&shown]);
    }
    stage.ana.votes(&message, &[&poll.answers[0].0, "None of these"]);
    let State::Polling { poll } = &meetup.state else { panic!("no poll") };
    let (channel, id) = spot(&message);
    let votes = stage.voice.votes(channel, id, poll).await.unwrap();
    assert_eq!(votes.len(), 206);
    let of = |id: u64| votes.iter().find(|(user, _)| user.to_u64() == id).map(|(_, choices)| choices.clone());
    assert_eq!(of(stage.ana.id), Some([Choice::Slot(0), Choice::NoneOfThese].into()));
    assert_eq!(of(crowd[204].id), Some([Choice::Slot(1)].into()));
    stage.discord.assert_no_violations();
}

#[tokio::test]
async fn a_poll_of_discord_s_own_is_ended_once_it_is_over_and_never_before() {
    let mut stage = Stage::set().await;
    let meetup = natively(stage.cast.polling(Kind::OpenEvening));
    let letter = stage.cast.there(POLL, &meetup);
    let message = stage.say(&letter).await;
    let (channel, id) = spot(&message);
    let refresh = stage.cast.change(Notice::RefreshPoll { poll: 1 }, &meetup, channel, id);
    assert!(matches!(stage.fail(&refresh).await, Undelivered::Refused(_)));
    assert!(!message.now().unwrap().poll.unwrap().is_over);
    let scheduled = stage.cast.scheduled(Kind::OpenEvening, None);
    let refresh = stage.cast.change(Notice::RefreshPoll { poll: 1 }, &scheduled, channel, id);
    for _ in 0..2 {
        stage.deliver(&refresh).await;
        assert!(message.now().unwrap().poll.unwrap().is_over, "ended once, and once more does no harm");
    }
}
