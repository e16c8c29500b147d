//! Polls by reactions: shown, counted, read.

use fake_discord::{Options, RestFault};
use wallflower::app::messenger::{Gone, Messenger, Undelivered};
use wallflower::domain::ids::{ChannelId, MessageId};
use wallflower::domain::meetup::Kind;
use wallflower::domain::notice::Notice;
use wallflower::domain::poll::Choice;

use super::stage::{Stage, spot};

const POLL: Notice = Notice::PostPoll { poll: 1, because: None };

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
    let votes = stage.voice.votes(channel, message, 3).await.unwrap();
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
    let found = stage.voice.find(&letter).await.unwrap().expect("the message stands");
    let poll = stage.discord.message(found.message.unwrap().to_u64()).unwrap();
    assert_eq!(shown(&poll), ["1️⃣", "2️⃣", "3️⃣", "🚫"]);
    assert_eq!(stage.discord.bot_messages().len(), 1);
}

#[tokio::test]
async fn a_poll_that_is_gone_says_so() {
    let stage = Stage::set().await;
    let (channel, message) = (ChannelId::new(stage.table.id).unwrap(), MessageId::new(12_345).unwrap());
    assert_eq!(stage.voice.votes(channel, message, 3).await, Err(Undelivered::Gone(Gone::Message)));
    let nowhere = ChannelId::new(54_321).unwrap();
    assert_eq!(stage.voice.votes(nowhere, message, 3).await, Err(Undelivered::Gone(Gone::Channel)));
}
