//! Who is asked how it was, how often, and what their words together come to.

use super::*;

fn after_the_meeting() -> (Play, DateTime<Utc>) {
    let mut play = Play::new();
    play.scheduled();
    let end = play.meetup.appointment().unwrap().slot.end();
    play.at(end).step(Event::TimePassed);
    (play, end)
}

fn once_more(play: &Play) -> Vec<Address> {
    play.said.iter().filter(|draft| draft.notice == Notice::CheckInAgain).map(|draft| draft.to).collect()
}

#[test]
fn who_says_nothing_is_asked_once_more_and_then_no_more() {
    let (mut play, end) = after_the_meeting();
    play.due().step(Event::ChecksIn { user: user(ANA), account: Account::WeMet });
    assert_eq!((play.says(&Notice::CheckIn), once_more(&play)), (2, vec![]));
    play.due();
    assert_eq!(once_more(&play), [Address::Member(user(BO))]);
    let at = play.now.with_timezone(&Tz::Europe__Amsterdam);
    assert_eq!((at.format("%H:%M").to_string().as_str(), (play.now - end).num_days()), ("10:00", 2));
    play.due();
    assert_eq!((play.now, once_more(&play).len()), (end + CHECK_IN_OPEN_FOR, 1));
    assert!(matches!(play.facts[..], [Fact::Met { said_by: SaidBy::One, .. }]));
}

#[test]
fn whoever_is_asked_late_is_asked_once() {
    let (mut play, end) = after_the_meeting();
    play.at(end + Duration::days(3)).step(Event::TimePassed);
    assert_eq!(play.says(&Notice::CheckIn), 2);
    play.due();
    assert_eq!((play.now, once_more(&play)), (end + CHECK_IN_OPEN_FOR, vec![]));
    assert_eq!(play.meetup.state, State::Fizzled { why: Fizzle::DidNotHappen });
}

#[test]
fn words_that_do_not_fit_together_stay_as_they_are_and_make_no_meeting() {
    use Account::{DidNotHappen, NotRight, WasAlone};
    for other in [DidNotHappen, WasAlone, NotRight] {
        let (mut play, _) = after_the_meeting();
        play.due().step(Event::ChecksIn { user: user(ANA), account: Account::WeMet });
        play.step(Event::ChecksIn { user: user(BO), account: other });
        assert_eq!((play.meetup.state.name(), play.facts.len()), ("fizzled", 0), "{other:?}");
        let said = [ANA, BO].map(|id| play.meetup.participant(user(id)).unwrap().check_in);
        assert_eq!(said, [CheckIn::Said(Account::WeMet), CheckIn::Said(other)]);
        assert!(!play.said.iter().any(|draft| matches!(draft.notice, Notice::NotThisTime { .. })), "nobody is told");
    }
}
