//! What may follow a meetup that is over.

use super::*;

fn told(play: &mut Play, ana: Account, bo: Account) {
    play.scheduled().due().due().due().due();
    assert!(matches!(play.meetup.state, State::CheckingIn { .. }));
    play.step(Event::ChecksIn { user: user(ANA), account: ana });
    play.step(Event::ChecksIn { user: user(BO), account: bo });
}

fn again(id: i64, again: bool) -> Event {
    Event::MeetsAgain { user: user(id), again }
}

fn sequel(play: &Play) -> Step {
    let free = slots(play.now);
    let around = Circumstances {
        now: play.now,
        slots: &free,
        hosted_last: None,
        tied: &BTreeSet::new(),
        setting: play.setting,
        by_a_trip: false,
        ballot: play.ballot,
        place_by: play.place_by,
        reminders: play.reminders,
    };
    play.meetup.sequel(MeetupId::new(play.now, 2), &around)
}

fn follow(play: &mut Play) {
    let step = sequel(play);
    (play.meetup, play.said) = (step.meetup, step.notices);
    play.step(Event::PollPosted { message: MessageId::from_column(9) });
    play.votes(ANA, Choice::Slot(1)).votes(BO, Choice::Slot(1)).poll_closes();
    assert!(matches!(play.meetup.state, State::Scheduled { .. }));
}

#[test]
fn what_did_not_happen_may_be_tried_once_more_and_then_rests() {
    let mut play = Play::new();
    told(&mut play, Account::DidNotHappen, Account::DidNotHappen);
    assert_eq!((play.says(&Notice::TryAgain), play.says(&Notice::CloseRoom)), (1, 0), "the thread stays in sight");
    follow(&mut play);
    play.due().due().due().due();
    for id in [ANA, BO] {
        play.step(Event::ChecksIn { user: user(id), account: Account::DidNotHappen });
    }
    assert_eq!((play.says(&Notice::TryAgain), play.says(&Notice::CloseRoom)), (0, 1));
    assert!(!play.meetup.may_go_on());
}

#[test]
fn nothing_is_tried_again_where_something_was_not_right_or_nobody_said_a_word() {
    let mut wrong = Play::new();
    told(&mut wrong, Account::DidNotHappen, Account::NotRight);
    let mut silent = Play::new();
    silent.scheduled();
    while !silent.meetup.is_over() {
        silent.due();
    }
    let mut contradiction = Play::new();
    told(&mut contradiction, Account::WeMet, Account::WasAlone);
    for play in [wrong, silent, contradiction] {
        assert!(matches!(play.meetup.state, State::Fizzled { why: Fizzle::DidNotHappen }));
        assert_eq!((play.says(&Notice::TryAgain), play.says(&Notice::CloseRoom)), (0, 1));
    }
}

#[test]
fn only_where_all_would_meet_again_do_they_hear_of_it() {
    for (bo, offers) in [(true, 1), (false, 0)] {
        let mut play = Play::new();
        told(&mut play, Account::WeMet, Account::WeMet);
        play.step(again(ANA, true));
        assert_eq!(play.says(&Notice::MeetAgain), 0, "not before the other has said so too");
        play.step(again(BO, bo));
        assert_eq!(play.says(&Notice::MeetAgain), offers);
        assert_eq!(play.meetup.may_go_on(), bo);
        assert!(play.try_step(&again(BO, true)).is_err(), "the first word counts");
        assert!(matches!(play.meetup.state, State::Held { .. }) && play.meetup.due_at().is_none());
    }
}

#[test]
fn who_has_not_told_that_they_met_is_not_asked_whether_they_would_again() {
    let mut play = Play::new();
    play.scheduled().due().due().due().due();
    assert!(play.try_step(&again(ANA, true)).is_err());
    play.step(Event::ChecksIn { user: user(ANA), account: Account::WeMet }).step(again(ANA, true));
    play.step(Event::ChecksIn { user: user(BO), account: Account::WeMet });
    assert_eq!(play.says(&Notice::MeetAgain), 0);
    play.step(again(BO, true));
    assert_eq!(play.says(&Notice::MeetAgain), 1, "also where one of them said so before it was held");
}

#[test]
fn those_who_met_again_have_a_rhythm_of_three_weeks() {
    let mut play = Play::new();
    told(&mut play, Account::WeMet, Account::WeMet);
    play.step(again(ANA, true)).step(again(BO, true));
    let first = play.said.iter().find(|draft| draft.notice == Notice::MeetAgain).unwrap().due_at;
    assert_eq!(first, play.now);
    follow(&mut play);
    let ended = play.meetup.appointment().unwrap().slot.end();
    play.due().due().due().due();
    for id in [ANA, BO] {
        play.step(Event::ChecksIn { user: user(id), account: Account::WeMet }).step(again(id, true));
    }
    let next = play.said.iter().find(|draft| draft.notice == Notice::MeetAgain).unwrap().due_at;
    assert_eq!(next, ended + Duration::days(21));
}

#[test]
fn the_next_one_begins_with_its_poll_in_the_same_thread_and_six_messages_of_its_own() {
    let mut play = Play::new();
    told(&mut play, Account::DidNotHappen, Account::WasAlone);
    let step = sequel(&play);
    assert_eq!(step.meetup.room, play.meetup.room);
    assert_eq!(step.meetup.before, Before { missed: 1, held: 0 });
    assert!(step.meetup.introduced && step.meetup.votes().all(|votes| votes.is_none()));
    let said: Vec<_> = step.notices.iter().map(|draft| draft.notice.clone()).collect();
    assert_eq!(said, [Notice::PostPoll { poll: 1, because: None }]);
    assert_eq!(step.meetup.said, 1);
}

fn draft(id: i64) -> Event {
    Event::DraftsWord { user: user(id), word: "We laughed a lot.".to_owned() }
}

fn fine(id: i64, fine: bool) -> Event {
    Event::AnswersWord { user: user(id), fine }
}

#[test]
fn a_word_for_the_community_is_posted_only_if_it_is_fine_with_all() {
    for (bo, posted) in [(Some(true), 1), (Some(false), 0), (None, 0)] {
        let mut play = Play::new();
        told(&mut play, Account::WeMet, Account::WeMet);
        play.step(draft(ANA));
        assert_eq!((play.says(&Notice::WordDrafted), play.says(&Notice::Word)), (1, 0), "the author alone is not all");
        assert!(play.try_step(&draft(BO)).is_err(), "one word");
        assert!(play.try_step(&fine(ANA, false)).is_err(), "the author has said so");
        if let Some(bo) = bo {
            play.step(fine(BO, bo));
            assert!(play.try_step(&fine(BO, true)).is_err(), "the first word counts");
        }
        assert_eq!(play.says(&Notice::Word), posted);
        let to: Vec<_> = play.said.iter().filter(|draft| draft.notice == Notice::Word).map(|draft| draft.to).collect();
        assert!(to.iter().all(|to| *to == Address::Programme));
    }
}

#[test]
fn a_word_waits_until_it_was_held_and_stays_where_something_was_not_right() {
    for (bo, posted) in [(Account::WeMet, 1), (Account::NotRight, 0)] {
        let mut play = Play::new();
        play.scheduled().due().due().due().due();
        assert!(play.try_step(&draft(ANA)).is_err(), "not before they have told that they met");
        play.step(Event::ChecksIn { user: user(ANA), account: Account::WeMet });
        play.step(draft(ANA)).step(fine(BO, true));
        assert_eq!(play.says(&Notice::Word), 0);
        play.step(Event::ChecksIn { user: user(BO), account: bo });
        assert_eq!(play.says(&Notice::Word), posted);
    }
}
