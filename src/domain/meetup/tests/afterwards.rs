//! What is told after a meetup, and when it is asked.

use super::*;

fn tells(id: i64, account: Account) -> Event {
    Event::ChecksIn { user: user(id), account }
}

fn goes(id: i64) -> Event {
    Event::Withdraws { user: user(id) }
}

fn again(id: i64) -> Event {
    Event::MeetsAgain { user: user(id), again: true }
}

fn draft(id: i64) -> Event {
    Event::DraftsWord { user: user(id), word: "We laughed a lot.".to_owned() }
}

#[test]
fn who_was_left_out_of_a_table_knows_of_it_what_they_knew_when_it_was_asked_about() {
    let tied = BTreeSet::from([pair(ANA, BO), pair(ANA, CY)]);
    let mut play = Play { meetup: proposed_to(&[ANA, BO, CY]), tied, ..Play::new() };
    let known = |play: &Play| Meetup { revision: 0, ..play.meetup.clone().as_known_to(user(CY)) };
    play.step(Event::SaysYes { user: user(ANA) }).step(Event::SaysYes { user: user(BO) }).due();
    play.step(Event::RoomOpened { channel: ChannelId::from_column(7) }).step(Event::Introduced);
    let at_the_deadline = known(&play);
    assert_eq!(at_the_deadline.state.name(), "fizzled");
    play.step(Event::PollPosted { message: MessageId::from_column(8) });
    play.votes(ANA, Choice::Slot(1)).votes(BO, Choice::Slot(1));
    assert_eq!(known(&play), at_the_deadline);
    let mut ended = Play { meetup: play.meetup.clone(), tied: play.tied.clone(), now: play.now, ..Play::new() };
    ended.step(goes(BO));
    assert_eq!((ended.meetup.state.name(), known(&ended)), ("fizzled", at_the_deadline.clone()));
    play.poll_closes().due().due().due().due();
    assert_eq!(known(&play), at_the_deadline);
    play.step(tells(ANA, Account::WeMet)).step(tells(BO, Account::WeMet)).step(draft(ANA)).step(again(ANA));
    assert_eq!((play.meetup.state.name(), known(&play)), ("held", at_the_deadline));
}

#[test]
fn what_ends_at_midnight_or_in_the_small_hours_is_asked_about_when_that_night_is_over() {
    let zone = Tz::Europe__Amsterdam;
    let utc = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
    for begins in ["2026-09-12T17:00:00Z", "2026-09-12T21:00:00Z", "2026-09-12T22:30:00Z", "2026-09-12T04:00:00Z"] {
        let slot = Slot::new(utc(begins), 60, zone).unwrap();
        assert_eq!(check_in_at(&slot, zone), utc("2026-09-13T08:00:00Z"), "{begins}");
        assert_eq!(check_in_again_at(&slot, zone), utc("2026-09-15T08:00:00Z"), "{begins}");
    }
}
