//! What each one sees of what is said.

use wallflower::app::messenger::Place;
use wallflower::domain::meetup::Kind;
use wallflower::domain::notice::{NotThisTime, Notice, Reminder};

use super::stage::{Stage, spot};

#[tokio::test]
async fn an_ask_by_direct_message_names_nobody_on_a_lock_screen() {
    let mut stage = Stage::set().await;
    let (ana, meetup) = (stage.cast.ana, stage.cast.asked());
    let letter = stage.cast.directly(Notice::Ask, ana, Some(meetup));
    stage.say(&letter).await;
    let [ask] = &stage.ana.dms()[..] else { panic!("one message") };
    assert_eq!(ask.text, "There is a question for you from Den.");
    assert!(ask.full_text().contains(&stage.bo.mention()), "{}", ask.full_text());
    let labels = ["I'd like that", "Not now", "We know each other", "Rather not with this person", "Report"];
    assert_eq!(ask.labels(), labels);
    for other in [&stage.bo, &stage.cy, &stage.moderator] {
        assert_eq!(other.sees_of_bot(), "", "{} sees nothing", other.name());
    }
}

#[tokio::test]
async fn a_mention_says_only_that_there_is_something() {
    let mut stage = Stage::set().await;
    let meetup = stage.cast.asked();
    let mut letter = stage.cast.there(Notice::Ask, &meetup);
    letter.member = Some(stage.cast.ana);
    let said = stage.say(&letter).await;
    assert_eq!(said.pinged, [stage.ana.id]);
    assert_eq!(said.full_text(), format!("{} there is something for you.\nSee mine", stage.ana.mention()));
    assert!(!stage.cy.sees_of_bot().contains(&stage.bo.mention()));
}

#[tokio::test]
async fn the_doorbell_is_silent_and_nameless() {
    let mut stage = Stage::set().await;
    let place = Place::Channel(stage.cast.channel);
    let letter = stage.cast.letter(Notice::Doorbell, place, None);
    let said = stage.say(&letter).await;
    assert_eq!(said.labels(), ["See mine", "Count me in"]);
    assert!(said.pinged.is_empty() && !said.full_text().contains("<@"), "{}", said.full_text());
    let request = stage.discord.requests().pop().unwrap();
    assert_eq!(request.body["flags"], 4096);
}

#[tokio::test]
async fn what_is_said_to_one_alone_is_seen_by_that_one_alone() {
    let mut stage = Stage::set().await;
    let ana = stage.cast.ana;
    let checking = stage.cast.checking_in();
    for letter in [
        stage.cast.directly(Notice::Welcome, ana, None),
        stage.cast.directly(Notice::DidNotComeTogether, ana, Some(checking.clone())),
        stage.cast.directly(Notice::CheckIn, ana, Some(checking)),
    ] {
        stage.deliver(&letter).await;
    }
    let [welcome, sorry, check_in] = &stage.ana.dms()[..] else { panic!("three messages") };
    assert!(welcome.full_text().contains("/meet leave") && welcome.full_text().contains("/privacy"));
    assert!(sorry.full_text().contains("This one didn't come together") && !sorry.full_text().contains("<@"));
    assert_eq!(check_in.labels(), ["We met", "It didn't happen", "I was there alone", "Something was not right"]);
    assert!(!check_in.text.contains("<@") && check_in.full_text().contains(&stage.bo.mention()));
    assert_eq!(stage.bo.sees_of_bot() + &stage.moderator.sees_of_bot(), "");
}

#[tokio::test]
async fn an_appointment_comes_with_a_file_and_follows_its_changes() {
    let mut stage = Stage::set().await;
    stage.open_filled_room().await;
    let bare = stage.cast.scheduled(Kind::Suggested, None);
    let letter = stage.cast.there(Notice::ItIsOn { sequence: 0 }, &bare);
    let said = stage.say(&letter).await;
    assert_eq!(
        said.labels(),
        ["Where is it?", "Places", "Swap host", "Another time", "Move it", "Call it off", "Can't make it", "Report"]
    );
    assert_eq!(said.files.len(), 1);
    assert!(said.full_text().contains("BEGIN:VCALENDAR") && !said.full_text().contains("Zaak"));

    let placed = stage.cast.scheduled(Kind::Suggested, Some("Café de Zaak"));
    let (channel, message) = spot(&said);
    let update = stage.cast.change(Notice::Update { sequence: 1 }, &placed, channel, message);
    stage.deliver(&update).await;
    let now = said.now().unwrap();
    assert_eq!(now.files.len(), 1, "the new file takes the place of the old one");
    assert!(now.full_text().contains("**Where:** Café de Zaak") && now.full_text().contains("LOCATION:Café de Zaak"));

    let reminder = stage.cast.there(Notice::Reminder { when: Reminder::TwoHoursBefore }, &placed);
    assert!(stage.say(&reminder).await.text.contains("Café de Zaak"));
    let mut without_ana = stage.cast.fizzled(Kind::Suggested);
    without_ana.participants[0].standing = wallflower::domain::meetup::Standing::Out;
    let sorry = stage.cast.there(Notice::NotThisTime { why: NotThisTime::CannotMakeIt, dropped: None }, &without_ana);
    let sorry = stage.say(&sorry).await;
    assert_eq!((sorry.text.as_str(), sorry.pinged.as_slice()), (stage.bo.mention().as_str(), [stage.bo.id].as_slice()));
    assert!(!sorry.full_text().contains(&stage.ana.mention()), "nobody is blamed");
    assert!(!stage.cy.sees_of_bot().contains("Zaak"));
}

#[tokio::test]
async fn a_report_is_for_the_moderators_channel() {
    let mut stage = Stage::set().await;
    let den = stage.den.channel("moderators");
    let meetup = stage.cast.polling(Kind::Suggested);
    let place = Place::Channel(wallflower::domain::ids::ChannelId::new(den.id).unwrap());
    let mut letter = stage.cast.letter(Notice::Report, place, Some(meetup));
    letter.member = Some(stage.cast.ana);
    let text = stage.say(&letter).await.full_text();
    assert!(
        text.contains(&format!("{} reports something about {}", stage.ana.mention(), stage.bo.mention())),
        "{text}"
    );
}

#[tokio::test]
async fn an_open_evening_stands_in_the_list_of_events_once() {
    let mut stage = Stage::set().await;
    let bare = stage.cast.scheduled(Kind::OpenEvening, None);
    let letter = stage.cast.there(Notice::PublishEvent { sequence: 0 }, &bare);
    let first = stage.deliver(&letter).await.event;
    assert!(first.is_some());
    assert_eq!(stage.deliver(&letter).await.event, first, "twice is once");

    let placed = stage.cast.scheduled(Kind::OpenEvening, Some("Park, *by* the lake"));
    let letter = stage.cast.there(Notice::PublishEvent { sequence: 1 }, &placed);
    assert_eq!(stage.deliver(&letter).await.event, first);
    let [event] = &stage.den.events()[..] else { panic!("one event") };
    assert_eq!(event.name, "Open evening in Utrecht, Netherlands");
    assert_eq!(event.location.as_deref(), Some("Park, *by* the lake"));
    assert!(event.is_open());

    let off = stage.cast.fizzled(Kind::OpenEvening);
    let letter = stage.cast.there(Notice::PublishEvent { sequence: 2 }, &off);
    stage.deliver(&letter).await;
    stage.deliver(&letter).await;
    assert!(stage.den.events().iter().all(|event| !event.is_open()), "called off");
}

#[tokio::test]
async fn an_event_that_a_moderator_deletes_comes_back_with_the_next_change() {
    let mut stage = Stage::set().await;
    let bare = stage.cast.scheduled(Kind::OpenEvening, None);
    let letter = stage.cast.there(Notice::PublishEvent { sequence: 0 }, &bare);
    let first = stage.deliver(&letter).await.event;
    stage.den.deletes_event(&stage.den.events()[0]);
    assert!(stage.den.events().is_empty());
    let placed = stage.cast.scheduled(Kind::OpenEvening, Some("The park"));
    let letter = stage.cast.there(Notice::PublishEvent { sequence: 1 }, &placed);
    let second = stage.deliver(&letter).await.event;
    assert!(second.is_some() && second != first);
    let [event] = &stage.den.events()[..] else { panic!("one event") };
    assert_eq!(event.location.as_deref(), Some("The park"));
    // Deleted again and called off: there is nothing to take away.
    stage.den.deletes_event(&stage.den.events()[0]);
    let off = stage.cast.fizzled(Kind::OpenEvening);
    let letter = stage.cast.there(Notice::PublishEvent { sequence: 2 }, &off);
    stage.deliver(&letter).await;
    assert!(stage.den.events().is_empty());
}

#[tokio::test]
async fn an_evening_that_has_begun_ends_where_it_is_called_off() {
    let mut stage = Stage::set().await;
    let on = stage.cast.scheduled(Kind::OpenEvening, None);
    let letter = stage.cast.there(Notice::PublishEvent { sequence: 0 }, &on);
    stage.deliver(&letter).await;
    let begins = on.appointment().unwrap().slot.start() - stage.cast.now;
    stage.discord.advance(begins.to_std().unwrap() + std::time::Duration::from_mins(5));
    assert!(stage.den.events().iter().all(fake_discord::world::ScheduledEvent::is_open), "it is going on");
    let off = stage.cast.fizzled(Kind::OpenEvening);
    let letter = stage.cast.there(Notice::PublishEvent { sequence: 1 }, &off);
    stage.deliver(&letter).await;
    assert!(stage.den.events().iter().all(|event| !event.is_open()), "it is over");
}
