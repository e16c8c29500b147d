//! What can be changed once there is a time: it is called off, with a word, for all who were to come.

use super::*;

fn calls_off(id: i64, reason: &str) -> Event {
    Event::CallsOff { user: user(id), reason: Some(reason.to_owned()) }
}

fn ends(play: &Play) -> Vec<(Address, Option<crate::domain::notice::Dropped>)> {
    let end = |draft: &Draft| match &draft.notice {
        Notice::NotThisTime { dropped, .. } => Some((draft.to, dropped.clone())),
        _ => None,
    };
    play.said.iter().filter_map(end).collect()
}

#[test]
fn either_of_two_calls_it_off_and_all_read_the_reason_once() {
    for id in [ANA, BO] {
        let mut play = Play::new();
        play.scheduled().step(Event::NamesPlace { user: user(ANA), place: "The Library".into() });
        let slot = play.meetup.appointment().unwrap().slot;
        play.step(calls_off(id, "The trains stand still."));
        assert_eq!(play.meetup.state, State::Fizzled { why: Fizzle::CalledOff });
        let told = ends(&play);
        assert_eq!(told.len(), 1, "once");
        let (to, dropped) = &told[0];
        let dropped = dropped.as_ref().unwrap();
        assert_eq!(
            (*to, dropped.slot, dropped.reason.as_deref()),
            (Address::Room, slot, Some("The trains stand still."))
        );
        assert_eq!(dropped.sequence, 2, "higher than what calendars have");
        assert!(play.try_step(&calls_off(id, "again")).is_err());
    }
}

#[test]
fn an_open_evening_is_called_off_by_its_proposer_alone() {
    let mut play = super::rsvp::on(Limits::default());
    assert!(play.try_step(&calls_off(BO, "I am tired.")).is_err());
    play.step(calls_off(ANA, "The place is closed."));
    assert_eq!(play.says(&Notice::PublishEvent { sequence: 1 }), 1, "the list of events follows");
    assert_eq!(ends(&play).len(), 1);
}

#[test]
fn whatever_ends_an_appointment_calendars_drop_it() {
    let mut play = Play::new();
    play.scheduled().step(Event::Withdraws { user: user(BO) });
    assert!(matches!(&ends(&play)[..], [(_, Some(dropped))] if dropped.reason.is_none() && dropped.sequence == 1));
}

#[test]
fn a_thread_is_closed_once_all_have_told_or_nobody_will() {
    let mut play = Play::new();
    play.scheduled().due().due().due().due();
    assert_eq!(play.says(&Notice::CloseRoom), 0, "till then there may be something to say");
    play.step(Event::ChecksIn { user: user(ANA), account: Account::WeMet });
    play.step(Event::ChecksIn { user: user(BO), account: Account::WeMet });
    assert_eq!(play.says(&Notice::CloseRoom), 1);
    let mut silent = Play::new();
    silent.scheduled().due().due().due().due().due().due();
    assert!(silent.meetup.is_over());
    assert_eq!(silent.says(&Notice::CloseRoom), 1);
}

#[test]
fn who_runs_late_says_so_once_and_not_days_ahead() {
    let mut play = Play::new();
    let late = Event::RunsLate { user: user(BO) };
    play.scheduled();
    assert!(play.try_step(&late).is_err(), "days ahead");
    play.due().due();
    let said = play.meetup.said;
    play.step(late.clone());
    assert!(play.try_step(&late).is_err(), "once");
    play.step(Event::RunsLate { user: user(ANA) });
    assert_eq!(play.says(&Notice::RunningLate), 2);
    assert_eq!(play.meetup.said, said, "their word, not one of our six messages");
}

fn saturday() -> Slot {
    Slot::new(start() + Duration::days(9), 90, Tz::UTC).unwrap()
}

fn offers(id: i64) -> Event {
    Event::OffersTime { user: user(id), slot: saturday() }
}

fn answers(id: i64, suits: bool) -> Event {
    Event::AnswersOffer { user: user(id), suits }
}

fn slot_of(play: &Play) -> Slot {
    play.meetup.appointment().unwrap().slot
}

#[test]
fn a_proposed_time_is_taken_once_it_suits_the_other_and_calendars_follow() {
    let mut play = Play::new();
    play.scheduled();
    let before = slot_of(&play);
    play.step(offers(BO));
    assert_eq!(slot_of(&play), before, "asking moves nothing");
    assert!(play.try_step(&offers(ANA)).is_err(), "one at a time");
    assert!(play.try_step(&answers(BO, true)).is_err(), "who proposes has said so");
    play.step(answers(ANA, true));
    let on = play.meetup.appointment().unwrap();
    assert_eq!((on.slot, on.sequence, on.moving), (saturday(), 1, None));
    assert_eq!(play.says(&Notice::ItIsOn { sequence: 1 }), 1);
    play.due();
    assert_eq!(play.now, saturday().start() - Duration::hours(24), "reminders follow too");
}

#[test]
fn a_no_or_silence_keeps_the_time_and_reads_alike() {
    let settled = |play: &mut Play| {
        assert_eq!(play.says(&Notice::OfferSettled), 1);
        assert_eq!(play.says(&Notice::ItIsOn { sequence: 1 }), 0);
        (slot_of(play), play.meetup.participants.iter().any(|one| one.agrees))
    };
    let mut no = Play::new();
    no.scheduled().step(offers(ANA)).step(answers(BO, false));
    let mut silence = Play::new();
    silence.scheduled().step(offers(ANA)).due();
    assert_eq!(settled(&mut no), settled(&mut silence));
    assert!(silence.try_step(&answers(BO, true)).is_err(), "too late");
}

#[test]
fn among_more_than_two_it_takes_all_of_them() {
    let mut play = Play::new();
    play.scheduled().step(offers(ANA));
    let cy = Participant::new(user(13), Tz::UTC, Standing::In { since: play.now, by: Yes::Answer });
    play.meetup.participants.push(cy);
    play.step(answers(BO, true));
    assert_ne!(slot_of(&play), saturday(), "Cy has not said whether it suits");
    play.step(answers(13, true));
    assert_eq!(slot_of(&play), saturday());
}

#[test]
fn the_time_moves_also_where_the_only_one_who_had_not_answered_goes() {
    let mut play = Play::new();
    play.scheduled().step(offers(ANA));
    play.meetup.participants.push(Participant::new(
        user(13),
        Tz::UTC,
        Standing::In { since: play.now, by: Yes::Answer },
    ));
    play.step(answers(13, true)).step(Event::Withdraws { user: user(BO) });
    assert_eq!(slot_of(&play), saturday());
    assert!(!play.meetup.is_over());
}

#[test]
fn what_was_announced_before_a_move_says_the_new_time_and_nobody_is_late_any_more() {
    let mut play = Play::new();
    play.scheduled().due();
    play.at(slot_of(&play).start() - Duration::hours(3)).step(Event::RunsLate { user: user(BO) });
    let before = play.said.len();
    play.step(offers(ANA)).step(answers(BO, true));
    let said: Vec<&Notice> = play.said[before..].iter().map(|draft| &draft.notice).collect();
    let (update, new) = (Notice::Update { sequence: 1 }, Notice::ItIsOn { sequence: 1 });
    assert_eq!(said, [&Notice::TimeOffered, &Notice::OfferSettled, &update, &new]);
    assert!(play.meetup.participants.iter().all(|one| !one.late));
}

#[test]
fn a_question_about_another_time_ends_with_the_meetup() {
    for end in [Event::Withdraws { user: user(BO) }, calls_off(BO, ""), Event::WantsAnotherTime { user: user(BO) }] {
        let mut play = Play::new();
        play.scheduled().step(offers(ANA)).step(end);
        assert_eq!(play.says(&Notice::OfferSettled), 1);
    }
}

#[test]
fn an_offered_time_leaves_six_messages_six() {
    let mut play = Play::new();
    play.scheduled();
    while play.try_step(&offers(ANA)).is_ok() {
        play.step(answers(BO, false));
    }
    play.due().due().due();
    assert!(play.meetup.said <= MOST_MESSAGES, "{}", play.meetup.said);
}

#[test]
fn another_time_is_refused_where_it_cannot_be_found_and_the_meetup_stays_as_it_was() {
    let mut play = Play::new();
    play.scheduled();
    let all = slots(play.now);
    play.meetup.asked_slots.extend(all);
    let before = (play.meetup.clone(), play.said.len());
    assert!(play.try_step(&Event::WantsAnotherTime { user: user(BO) }).is_err(), "no times are left");
    assert_eq!((play.meetup.clone(), play.said.len()), before);
    assert!(play.meetup.may_be_moved(), "one can still be named");
    play.step(offers(BO)).step(answers(ANA, true));
    assert_eq!(slot_of(&play), saturday());
}

#[test]
fn who_may_run_late_is_who_comes_and_shortly_before() {
    let mut play = Play::new();
    play.scheduled();
    let starts = slot_of(&play).start();
    let may = |play: &Play, id, hours| play.meetup.may_run_late(user(id), starts - Duration::hours(hours));
    assert!(!may(&play, BO, 4) && may(&play, BO, 3) && may(&play, BO, 0));
    assert!(!may(&play, 99, 3), "who does not come is not late");
    play.at(starts - Duration::hours(3)).step(Event::RunsLate { user: user(BO) });
    assert!(!may(&play, BO, 1) && may(&play, ANA, 1), "once");
}

#[test]
fn a_poll_that_is_called_off_is_closed_before_the_end_is_told() {
    let mut play = Play::new();
    play.both_in();
    let before = play.said.len();
    play.step(Event::Withdraws { user: user(BO) });
    let said: Vec<&Notice> = play.said[before..].iter().map(|draft| &draft.notice).collect();
    assert!(matches!(said[..], [Notice::RefreshPoll { poll: 1 }, Notice::NotThisTime { .. }]), "{said:?}");
}
