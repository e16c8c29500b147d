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

fn fine(id: i64) -> Event {
    Event::AnswersWord { user: user(id), fine: true }
}

/// The morning after: Ana and Bo have been asked.
fn asked() -> Play {
    let mut play = Play::new();
    play.scheduled().due().due().due().due();
    play
}

/// The same of Ana, Bo and Cy, who all said yes.
fn three_asked() -> Play {
    let tied = BTreeSet::from([pair(ANA, BO), pair(ANA, CY)]);
    let mut play = Play { meetup: proposed_to(&[ANA, BO, CY]), tied, ..Play::new() };
    play.both_in_of(&[ANA, BO, CY]);
    play.due().due().due().due();
    play
}

impl Play {
    /// These say yes, and vote for one time.
    fn both_in_of(&mut self, people: &[i64]) -> &mut Self {
        for id in people {
            self.step(Event::SaysYes { user: user(*id) });
        }
        if matches!(self.meetup.state, State::Proposed { .. }) {
            self.due();
        }
        self.step(Event::RoomOpened { channel: ChannelId::from_column(7) }).step(Event::Introduced);
        self.step(Event::PollPosted { message: MessageId::from_column(8) });
        for id in people {
            self.votes(*id, Choice::Slot(1));
        }
        self.poll_closes()
    }

    fn erases(&mut self, id: i64) {
        self.meetup.participants.retain(|one| one.user != user(id));
    }
}

#[test]
fn what_is_offered_to_who_met_and_what_is_said_to_that_does_not_show_what_the_other_told() {
    use Account::{DidNotHappen, NotRight, WasAlone, WeMet};
    for bo in [None, Some(WeMet), Some(DidNotHappen), Some(WasAlone), Some(NotRight)] {
        let mut play = asked();
        if let Some(account) = bo {
            play.step(tells(BO, account));
        }
        play.step(tells(ANA, WeMet));
        let ana = play.meetup.participant(user(ANA)).unwrap();
        assert!(ana.may_say_again() && play.meetup.may_draft_a_word(user(ANA)), "{bo:?}");
        let before = play.said.len();
        play.step(again(ANA)).step(draft(ANA));
        let said: Vec<_> = play.said[before..].iter().map(|draft| draft.notice.clone()).collect();
        let expected = if bo == Some(WeMet) { vec![Notice::WordDrafted] } else { vec![] };
        assert_eq!(said, expected, "the thread reads the draft where they met, and only there: {bo:?}");
    }
}

#[test]
fn a_draft_is_read_once_it_was_held_and_keeps_the_thread_in_sight() {
    let mut play = asked();
    play.step(tells(ANA, Account::WeMet)).step(draft(ANA));
    assert_eq!(play.says(&Notice::WordDrafted), 0, "that it is not there yet tells nothing");
    assert_eq!(play.meetup.clone().as_known_to(user(BO)).word, None, "nor does Bo read it in his own data");
    assert!(play.meetup.clone().as_known_to(user(ANA)).word.is_some());
    play.step(tells(BO, Account::WeMet));
    assert_eq!((play.says(&Notice::WordDrafted), play.says(&Notice::CloseRoom)), (1, 0));
    assert!(play.meetup.clone().as_known_to(user(BO)).word.is_some());
    play.step(fine(BO));
    assert_eq!(play.says(&Notice::Word), 1);
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
fn whoever_has_gone_is_not_asked_once_more_and_nobody_waits_for_them() {
    let mut play = asked();
    play.step(goes(BO)).due();
    let asked_again = play.said.iter().filter(|draft| draft.notice == Notice::CheckInAgain).map(|draft| draft.to);
    assert_eq!(asked_again.collect::<Vec<_>>(), [Address::Member(user(ANA))]);
    play.step(tells(ANA, Account::WeMet)).step(again(ANA)).step(draft(ANA));
    assert_eq!(play.meetup.state.name(), "held");
    assert_eq!((play.says(&Notice::MeetAgain), play.says(&Notice::WordDrafted)), (0, 0));
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
fn a_word_is_not_said_once_somebody_who_was_there_is_gone() {
    let met = || {
        let mut play = asked();
        play.step(tells(ANA, Account::WeMet)).step(tells(BO, Account::WeMet)).step(draft(ANA));
        play
    };
    // Its author, before it is fine with the other.
    let mut play = met();
    play.step(goes(ANA)).step(fine(BO));
    assert_eq!(play.says(&Notice::Word), 0);
    // Its reader, while it waits for the morning.
    let mut play = met();
    play.step(fine(BO));
    assert!(play.meetup.may_post_the_word() && play.says(&Notice::Word) == 1);
    play.step(goes(BO));
    assert!(!play.meetup.may_post_the_word());
    assert!(play.try_step(&fine(BO)).is_err(), "one word");
    // Either one, as if they had never been there.
    for erased in [ANA, BO] {
        let mut play = met();
        play.step(fine(BO)).erases(erased);
        assert!(!play.meetup.may_post_the_word() && !play.meetup.may_show_the_word());
    }
}

#[test]
fn a_word_of_three_needs_the_third_who_went_without_a_word_too() {
    let mut play = three_asked();
    play.step(tells(ANA, Account::WeMet)).step(tells(BO, Account::WeMet)).step(goes(CY));
    assert_eq!(play.meetup.state.name(), "held");
    play.step(draft(ANA)).step(fine(BO)).step(again(ANA)).step(again(BO));
    assert_eq!((play.says(&Notice::Word), play.says(&Notice::MeetAgain)), (0, 0));
    // Nor does it become right again by being erased.
    let mut play = three_asked();
    play.step(tells(CY, Account::NotRight)).step(tells(ANA, Account::WeMet)).step(tells(BO, Account::WeMet));
    play.step(draft(ANA)).step(fine(BO)).erases(CY);
    assert!(play.meetup.word.is_some() && !play.meetup.may_post_the_word());
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
