//! What is told after a meetup stays told, whoever goes then, shows nobody what another has told, and is passed on only
//! with a yes of all who were there.

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

/// The morning after: Ana and Bo have been asked.
fn asked() -> Play {
    let mut play = Play::new();
    play.scheduled().due().due().due().due();
    play
}

impl Play {
    fn erases(&mut self, id: i64) {
        self.meetup.participants.retain(|one| one.user != user(id));
    }
}

#[test]
fn what_was_told_stays_told_whoever_goes_before_or_after() {
    use Account::{NotRight, WeMet};
    let stories = [
        (vec![tells(ANA, WeMet), goes(ANA), tells(BO, WeMet)], Some(SaidBy::Both)),
        (vec![tells(ANA, WeMet), goes(BO)], Some(SaidBy::One)),
        (vec![goes(BO), tells(ANA, WeMet)], Some(SaidBy::One)),
        (vec![goes(BO), tells(BO, WeMet), tells(ANA, WeMet)], Some(SaidBy::Both)),
        (vec![tells(ANA, NotRight), goes(ANA), tells(BO, WeMet)], None),
        (vec![goes(ANA), goes(BO)], None),
    ];
    for (events, said_by) in stories {
        let mut play = asked();
        for event in &events {
            // Who has told has nothing to take back.
            assert!(play.try_step(event).is_ok() || matches!(event, Event::Withdraws { .. }), "{event:?}");
        }
        let facts: Vec<_> = play.facts.iter().map(|Fact::Met { said_by, .. }| *said_by).collect();
        assert_eq!(facts, said_by.into_iter().collect::<Vec<_>>(), "{events:?}");
        assert_eq!(play.meetup.state.name(), if said_by.is_some() { "held" } else { "fizzled" }, "{events:?}");
        assert!(play.meetup.present().count() == 2, "both were there");
    }
}

#[test]
fn whoever_met_somebody_who_has_erased_themselves_since_has_met_someone() {
    for (ana, state) in [(Account::WeMet, "held"), (Account::DidNotHappen, "fizzled")] {
        let mut play = asked();
        play.erases(BO);
        play.step(tells(ANA, ana));
        assert_eq!((play.meetup.state.name(), play.facts.len()), (state, 0), "there is nobody to name");
    }
}

#[test]
fn that_something_was_not_right_is_heard_however_late_and_after_whatever_was_told() {
    let reports = |play: &Play| play.says(&Notice::Report);
    let mut play = asked();
    play.step(goes(BO)).step(tells(ANA, Account::WeMet));
    assert!(play.meetup.is_over() && play.try_step(&tells(BO, Account::WeMet)).is_err(), "the rest is settled");
    play.step(tells(BO, Account::NotRight));
    assert!(reports(&play) == 1 && play.try_step(&tells(BO, Account::NotRight)).is_err(), "once");

    let mut play = asked();
    play.step(tells(ANA, Account::WeMet)).step(tells(BO, Account::WeMet)).step(again(ANA)).step(again(BO));
    assert!(play.meetup.may_go_on());
    play.step(tells(BO, Account::NotRight));
    assert!(reports(&play) == 1 && !play.meetup.may_go_on());
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
