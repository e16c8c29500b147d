//! Times that people propose while a poll runs.

use super::*;

fn friday() -> Slot {
    Slot::new(start() + Duration::days(8), 60, Tz::UTC).unwrap()
}

fn proposes(id: i64, slot: Slot) -> Event {
    Event::Proposes { user: user(id), slot }
}

fn voting(ballot: Ballot) -> Play {
    let mut play = Play::new();
    play.ballot = ballot;
    play.both_in();
    play
}

#[test]
fn a_proposed_time_becomes_one_to_choose_and_its_proposer_has_said_yes() {
    let mut play = voting(Ballot::Buttons);
    let marks = |id, mark| Event::Marks { user: user(id), zone: Tz::UTC, poll: 1, mark };
    play.step(marks(ANA, Mark::NoneOfThese)).step(marks(BO, Mark::NoneOfThese));
    play.at(start() + Duration::minutes(1)).step(proposes(ANA, friday()));
    assert_eq!(play.says(&Notice::RefreshPoll { poll: 1 }), 3);
    assert_eq!(play.meetup.silent().map(|one| one.user).collect::<Vec<_>>(), [user(BO)], "he has not seen it");
    assert!(play.meetup.due_at().unwrap() > play.now + Duration::hours(1), "so it does not close by his no");
    play.step(marks(BO, Mark::IfNeedBe([3].into()))).due();
    assert_eq!(play.meetup.appointment().map(|on| on.slot), Some(friday()));
}

#[test]
fn under_a_poll_by_reactions_the_proposer_reacts_like_everybody() {
    let mut play = voting(Ballot::Reactions);
    play.step(proposes(BO, friday()));
    assert!(play.meetup.participants.iter().all(|one| one.votes.is_none()));
    play.votes(ANA, Choice::Slot(3)).votes(BO, Choice::Slot(3)).poll_closes();
    assert_eq!(play.meetup.appointment().map(|on| on.slot), Some(friday()));
}

#[test]
fn a_second_poll_does_not_ask_about_a_proposed_time_again() {
    let mut play = voting(Ballot::Reactions);
    play.step(proposes(BO, friday()));
    assert_eq!(play.meetup.asked_slots.last(), Some(&friday()));
}

#[test]
fn only_who_is_in_proposes_and_neither_twice_nor_without_end() {
    let mut play = voting(Ballot::Reactions);
    assert!(play.try_step(&proposes(99, friday())).is_err());
    play.step(proposes(ANA, friday()));
    assert!(play.try_step(&proposes(BO, friday())).is_err(), "it is there already");
    let later = |days| Slot::new(start() + Duration::days(days), 60, Tz::UTC).unwrap();
    play.step(proposes(BO, later(9))).step(proposes(BO, later(10)));
    assert!(play.try_step(&proposes(BO, later(11))).is_err());
    let mut native = voting(Ballot::Native);
    assert!(native.try_step(&proposes(ANA, friday())).is_err(), "Discord's own poll cannot grow");
    assert!(Play::new().try_step(&proposes(ANA, friday())).is_err(), "and nothing is asked yet");
}
