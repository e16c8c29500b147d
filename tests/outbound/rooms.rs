//! Private threads: who is in, who can read, and that there is one.

use fake_discord::world::permissions;
use wallflower::app::messenger::{Messenger, Undelivered};
use wallflower::domain::ids::ChannelId;
use wallflower::domain::meetup::Kind;
use wallflower::domain::notice::Notice;

use super::stage::Stage;

#[tokio::test]
async fn a_room_is_private_nameless_and_says_first_who_can_read_it() {
    let mut stage = Stage::set().await;
    let room = stage.open_filled_room().await;
    assert!(room.is_private_thread());
    assert!(!room.name().contains("ana") && !room.name().contains("bo"), "{}", room.name());
    assert!(stage.ana.can_see(&room) && stage.bo.can_see(&room) && !stage.cy.can_see(&room));
    let messages = stage.ana.sees(&room);
    let opening = messages.iter().find(|message| message.kind == 0).unwrap();
    assert!(
        opening.text.starts_with("-# Who can read this: the people in this thread, and moderators"),
        "{}",
        opening.text
    );
    assert!(opening.pinged.is_empty(), "being brought in rings, and the poll does");
    assert_eq!(stage.cy.sees_of_bot(), "", "a bystander sees nothing of it");
}

#[tokio::test]
async fn a_room_opened_twice_is_one_room() {
    let mut stage = Stage::set().await;
    let room = stage.open_room().await;
    let again = stage.open_room().await;
    assert_eq!(room.id, again.id);
    assert_eq!(stage.den.threads().len(), 1);
}

#[tokio::test]
async fn people_are_brought_in_once() {
    let mut stage = Stage::set().await;
    let room = stage.open_filled_room().await;
    let lines = room.messages().len();
    let meetup = stage.cast.polling(Kind::Suggested);
    let mut letter = stage.cast.there(Notice::RoomOpening, &meetup);
    letter.id = wallflower::domain::ids::NoticeId::new(stage.cast.now, 2 << 64);
    stage.deliver(&letter).await;
    assert_eq!(room.messages().len(), lines, "the same notice again");
}

#[tokio::test]
async fn who_has_left_does_not_keep_the_other_one_out() {
    let mut stage = Stage::set().await;
    stage.bo.leaves(&stage.den);
    let room = stage.open_filled_room().await;
    assert!(room.thread_members().contains(&stage.ana.id) && !room.thread_members().contains(&stage.bo.id));
}

#[tokio::test]
async fn a_missing_permission_is_named_with_its_channel() {
    let mut stage = Stage::set().await;
    stage.den.takes_from_bot(permissions::CREATE_PRIVATE_THREADS);
    let meetup = stage.cast.polling(Kind::Suggested);
    let letter = stage.cast.there(Notice::OpenRoom, &meetup);
    let Err(Undelivered::Forbidden(why)) = stage.voice.deliver(&letter).await else { panic!() };
    assert!(why.contains("Create Private Threads") && why.contains(&format!("<#{}>", stage.table.id)), "{why}");
}

#[tokio::test]
async fn an_evening_has_one_thread_under_its_announcement_with_one_opening() {
    let mut stage = Stage::set().await;
    let evening = stage.cast.scheduled(Kind::OpenEvening, None);
    let announcement = stage.cast.there(Notice::ItIsOn { sequence: 0 }, &evening);
    let announced = stage.deliver(&announcement).await;
    let (channel, message) = (announced.channel.unwrap(), announced.message.unwrap());
    let letter = stage.cast.change(Notice::OpenThread, &evening, channel, message);
    let first = stage.deliver(&letter).await;
    assert_eq!(first.channel.map(ChannelId::get), Some(message.get()), "a thread bears its message's id");
    stage.discord.advance(std::time::Duration::from_hours(1));
    assert_eq!(stage.deliver(&letter).await, first, "long after its nonce is forgotten, it is found");
    let thread = stage.discord.channel_by_id(message.to_u64());
    let said = stage.cy.sees(&thread).into_iter().filter(|one| one.text.contains("room to talk about the evening"));
    assert_eq!(said.count(), 1, "everybody reads it, once");
}
