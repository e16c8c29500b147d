//! Who comes to an open evening that has a time.

use super::evenings::{opened, standing};
use super::*;

const CY: i64 = 13;
const DI: i64 = 14;

fn with(limits: Limits) -> Play {
    let mut play = Play::new();
    let step = opened(Ballot::Reactions);
    (play.meetup, play.said) = (step.meetup, step.notices);
    play.meetup.limits = limits;
    play.step(Event::PollPosted { message: MessageId::from_column(8) });
    play
}

/// Ana's evening on the second of three evenings, with Bo.
pub(super) fn on(limits: Limits) -> Play {
    let mut play = with(limits);
    play.votes(ANA, Choice::Slot(1)).votes(BO, Choice::Slot(1)).poll_closes();
    assert!(matches!(play.meetup.state, State::Scheduled { .. }));
    play
}

fn two_seats() -> Limits {
    Limits { most: Some(2), least: None }
}

fn says(play: &mut Play, id: i64, rsvp: Rsvp) -> Standing {
    play.step(Event::Answers { user: user(id), zone: Tz::UTC, rsvp });
    standing(play, id)
}

fn offered_to(play: &Play) -> Vec<i64> {
    let offers = play.said.iter().filter(|draft| draft.notice == Notice::SeatFree);
    let to = |draft: &Draft| match draft.to {
        Address::Member(user) => user.get(),
        _ => panic!("told others: {draft:?}"),
    };
    offers.map(to).collect()
}

fn is_in(standing: Standing) -> bool {
    matches!(standing, Standing::In { .. })
}

#[test]
fn whoever_likes_comes_after_the_poll_too_and_may_say_maybe_or_no() {
    let mut play = on(Limits::default());
    assert!(is_in(says(&mut play, CY, Rsvp::Going)), "who has not voted comes as well");
    assert_eq!(says(&mut play, CY, Rsvp::Maybe), Standing::Maybe);
    assert!(is_in(says(&mut play, CY, Rsvp::Going)));
    assert_eq!(says(&mut play, CY, Rsvp::Cannot), Standing::Out);
    assert_eq!(says(&mut play, DI, Rsvp::Maybe), Standing::Maybe);
    assert_eq!((play.meetup.present().count(), play.meetup.maybes(), play.meetup.invited), (2, 1, 4));
    assert_eq!(play.says(&Notice::Update { sequence: 0 }), 5, "numbers change the announcement, not calendars");
}

#[test]
fn a_click_made_twice_changes_nothing_and_a_no_of_a_stranger_leaves_no_trace() {
    let mut play = on(Limits::default());
    says(&mut play, CY, Rsvp::Going);
    let before = (play.meetup.clone(), play.said.len());
    says(&mut play, CY, Rsvp::Going);
    play.step(Event::Answers { user: user(DI), zone: Tz::UTC, rsvp: Rsvp::Cannot });
    assert_eq!((play.meetup.clone(), play.said.len()), before);
}

#[test]
fn who_comes_too_late_waits_in_order_and_a_free_seat_goes_to_the_first() {
    let mut play = on(two_seats());
    assert_eq!(says(&mut play, CY, Rsvp::Going), Standing::Waiting { ticket: 1 });
    assert_eq!(says(&mut play, DI, Rsvp::Going), Standing::Waiting { ticket: 2 });
    says(&mut play, BO, Rsvp::Cannot);
    assert_eq!(offered_to(&play), [CY]);
    assert!(matches!(standing(&play, CY), Standing::Offered { .. }));
    assert_eq!(says(&mut play, BO, Rsvp::Going), Standing::Waiting { ticket: 3 }, "nobody passes those who wait");
    assert!(is_in(says(&mut play, CY, Rsvp::Going)));
    let order: Vec<_> = play.meetup.waiting_list().iter().map(|one| one.user).collect();
    assert_eq!(order, [user(DI), user(BO)]);
}

#[test]
fn a_seat_that_is_not_taken_in_time_goes_to_the_next_and_nobody_loses_one_asleep() {
    let mut play = on(two_seats());
    says(&mut play, CY, Rsvp::Going);
    says(&mut play, DI, Rsvp::Going);
    let night = play.now.date_naive().and_hms_opt(23, 0, 0).unwrap().and_utc();
    play.at(night);
    says(&mut play, BO, Rsvp::Cannot);
    let Standing::Offered { until } = standing(&play, CY) else { panic!("{:?}", standing(&play, CY)) };
    assert_eq!(until, night + Duration::hours(9 + 24), "a day from eight in the morning on");
    assert_eq!(play.meetup.due_at(), Some(until));
    play.due();
    assert_eq!(standing(&play, CY), Standing::Maybe);
    assert_eq!(offered_to(&play), [CY, DI]);
    play.at(play.now + Duration::minutes(1));
    assert!(play.meetup.due_at().unwrap() > play.now, "once is enough");
}

#[test]
fn who_says_maybe_or_no_to_a_free_seat_gives_it_on_at_once() {
    for rsvp in [Rsvp::Maybe, Rsvp::Cannot] {
        let mut play = on(two_seats());
        says(&mut play, CY, Rsvp::Going);
        says(&mut play, DI, Rsvp::Going);
        says(&mut play, BO, Rsvp::Cannot);
        says(&mut play, CY, rsvp);
        assert_eq!(offered_to(&play), [CY, DI]);
    }
}

#[test]
fn where_more_voted_than_there_are_seats_the_earliest_votes_count_and_the_proposer_comes() {
    let mut play = with(two_seats());
    for (minute, id) in [(1, CY), (2, BO), (3, DI)] {
        play.at(start() + Duration::minutes(minute)).votes(id, Choice::Slot(1));
    }
    play.poll_closes();
    assert!(is_in(standing(&play, ANA)) && is_in(standing(&play, CY)));
    assert_eq!([BO, DI].map(|id| standing(&play, id)), [1, 2].map(|ticket| Standing::Waiting { ticket }));
}

fn day_before(play: &mut Play) {
    while !matches!(play.meetup.state, State::Scheduled { coming: Coming::TwoHoursBefore, .. })
        && !play.meetup.is_over()
    {
        let before = play.meetup.appointment().map(|on| on.slot);
        play.due();
        if play.meetup.appointment().map(|on| on.slot) != before {
            return;
        }
    }
}

#[test]
fn with_too_few_the_next_time_by_votes_is_taken_a_day_before() {
    let mut play = with(Limits { most: None, least: Some(3) });
    for id in [ANA, BO, CY] {
        play.votes(id, Choice::Slot(0)).votes(id, Choice::Slot(2));
    }
    play.poll_closes();
    let first = slots(start())[0];
    assert_eq!(play.meetup.appointment().map(|on| on.slot), Some(first));
    says(&mut play, CY, Rsvp::Maybe);
    says(&mut play, DI, Rsvp::Maybe);
    day_before(&mut play);
    let on = play.meetup.appointment().unwrap();
    assert_eq!((on.slot, on.sequence), (slots(start())[2], 1));
    assert_eq!(play.now, first.start() - Duration::hours(24));
    assert!([ANA, BO, CY].iter().all(|id| is_in(standing(&play, *id))));
    assert_eq!(standing(&play, DI), Standing::Maybe, "who has not voted is not known to be free then");
    assert_eq!(play.says(&Notice::ItIsOn { sequence: 1 }), 1);
    assert_eq!(play.says(&Notice::PublishEvent { sequence: 1 }), 1, "the list of events follows");
}

#[test]
fn with_too_few_and_no_other_time_it_ends_kindly_a_day_early() {
    let mut play = with(Limits { most: None, least: Some(3) });
    for id in [ANA, BO, CY] {
        play.votes(id, Choice::Slot(0));
    }
    play.votes(ANA, Choice::Slot(2)).poll_closes();
    says(&mut play, CY, Rsvp::Cannot);
    assert!(!play.meetup.is_over(), "others may still come");
    day_before(&mut play);
    assert_eq!(play.meetup.state, State::Fizzled { why: Fizzle::TooFew });
    let ends =
        play.said.iter().filter(|draft| matches!(draft.notice, Notice::NotThisTime { why: NotThisTime::TooFew, .. }));
    assert_eq!(ends.count(), 1);
    assert_eq!(play.says(&Notice::Reminder { when: Reminder::DayBefore }), 0);
}

#[test]
fn who_withdrew_is_not_brought_to_another_time_by_an_old_vote() {
    let mut play = with(Limits { most: None, least: Some(3) });
    for id in [ANA, BO, CY] {
        play.votes(id, Choice::Slot(0)).votes(id, Choice::Slot(2));
    }
    play.poll_closes();
    play.step(Event::Withdraws { user: user(CY) });
    day_before(&mut play);
    assert_eq!(play.meetup.state, State::Fizzled { why: Fizzle::TooFew });
}

#[test]
fn with_enough_it_goes_on_and_later_losses_end_it_only_without_company() {
    let mut play = on(Limits::default());
    says(&mut play, CY, Rsvp::Going);
    day_before(&mut play);
    assert_eq!(play.says(&Notice::Reminder { when: Reminder::DayBefore }), 1);
    says(&mut play, CY, Rsvp::Cannot);
    assert!(!play.meetup.is_over());
    says(&mut play, BO, Rsvp::Cannot);
    assert_eq!(play.meetup.state, State::Fizzled { why: Fizzle::CalledOff });
}

#[test]
fn nothing_can_be_said_once_it_has_begun_or_where_it_is_no_open_evening() {
    let comes = Event::Answers { user: user(CY), zone: Tz::UTC, rsvp: Rsvp::Going };
    let mut play = on(Limits::default());
    let starts = play.meetup.appointment().unwrap().slot.start();
    play.at(starts);
    assert!(play.try_step(&comes).is_err());
    let mut pair = Play::new();
    pair.scheduled();
    assert!(pair.try_step(&comes).is_err());
}

#[test]
fn who_waits_for_a_seat_counts_among_those_who_come_and_who_lets_it_pass_does_not() {
    let mut play = on(two_seats());
    says(&mut play, CY, Rsvp::Going);
    let starts = play.meetup.appointment().unwrap().slot.start();
    play.at(starts - Duration::hours(25));
    says(&mut play, BO, Rsvp::Cannot);
    day_before(&mut play);
    assert!(!play.meetup.is_over(), "Cy may still take the seat");
    play.due();
    assert_eq!(standing(&play, CY), Standing::Maybe);
    assert_eq!(play.meetup.state, State::Fizzled { why: Fizzle::TooFew });
}

#[test]
fn who_sleeps_until_it_begins_is_passed_over_for_who_is_awake() {
    let mut play = on(two_seats());
    let starts = play.meetup.appointment().unwrap().slot.start();
    let asleep = Tz::America__Los_Angeles;
    play.at(starts - Duration::hours(2));
    let hour = play.now.with_timezone(&asleep).format("%H").to_string();
    assert_eq!(hour, "00", "the story needs a night there");
    play.step(Event::Answers { user: user(CY), zone: asleep, rsvp: Rsvp::Going });
    says(&mut play, DI, Rsvp::Going);
    says(&mut play, BO, Rsvp::Cannot);
    assert_eq!(offered_to(&play), [DI]);
    assert_eq!(standing(&play, CY), Standing::Waiting { ticket: 1 });
}

#[test]
fn once_it_is_decided_a_maybe_that_leaves_nobody_ends_it_at_once() {
    let mut play = on(Limits::default());
    says(&mut play, BO, Rsvp::Maybe);
    assert!(!play.meetup.is_over(), "until the day before, others may come");
    says(&mut play, BO, Rsvp::Going);
    day_before(&mut play);
    says(&mut play, BO, Rsvp::Maybe);
    assert_eq!(play.meetup.state, State::Fizzled { why: Fizzle::TooFew });
}

#[test]
fn an_evening_whose_second_poll_finds_its_time_has_a_thread_too() {
    let mut play = with(Limits::default());
    play.poll_closes();
    assert!(matches!(&play.meetup.state, State::Polling { poll } if poll.number == 2));
    play.step(Event::PollPosted { message: MessageId::from_column(9) });
    play.votes(ANA, Choice::Slot(0)).votes(BO, Choice::Slot(0)).poll_closes();
    assert!(matches!(play.meetup.state, State::Scheduled { .. }));
    assert_eq!(play.says(&Notice::OpenThread), 1);
}

fn any_rsvp() -> impl Strategy<Value = (i64, Rsvp, i64)> {
    let rsvp = prop_oneof![4 => Just(Rsvp::Going), 1 => Just(Rsvp::Maybe), 2 => Just(Rsvp::Cannot)];
    (BO..BO + 8, rsvp, prop_oneof![4 => 0_i64..30, 1 => 30_i64..900])
}

proptest! {
    /// Never more seats than there are; nobody overtakes; nobody is both; and each who waits has one ticket.
    #[test]
    fn seats_are_never_given_twice_and_the_waiting_list_keeps_its_order(
        most in 2_u16..5,
        answers in prop::collection::vec(any_rsvp(), 0..60),
    ) {
        let mut play = on(Limits { most: Some(most), least: None });
        for (id, rsvp, minutes) in answers {
            let then = play.now + Duration::minutes(minutes);
            while let Some(due) = play.meetup.due_at().filter(|due| *due <= then) {
                play.at(due).step(Event::TimePassed);
            }
            play.at(then);
            let before: Vec<_> = play.meetup.waiting_list().iter().map(|one| one.user).collect();
            let fits = play.try_step(&Event::Answers { user: user(id), zone: Tz::UTC, rsvp }).is_ok();
            let begun = play.meetup.appointment().is_none_or(|on| on.slot.start() <= then);
            prop_assert!(fits || begun || play.meetup.is_over(), "{:?}", play.meetup);
            let seated = play.meetup.participants.iter().filter(|one| one.holds_a_seat()).count();
            prop_assert!(seated <= usize::from(most), "{seated} in {most} seats");
            let after: Vec<_> = play.meetup.waiting_list().iter().map(|one| one.user).collect();
            let stayed: Vec<_> = before.iter().filter(|one| after.contains(one)).collect();
            prop_assert_eq!(after.iter().take(stayed.len()).collect::<Vec<_>>(), stayed, "the list keeps its order");
            // In the last two minutes there is no time left to be asked in.
            let soon = play.meetup.appointment().is_none_or(|on| on.slot.start() <= then + Duration::minutes(2));
            let scheduled = !play.meetup.is_over() && !soon;
            prop_assert!(!scheduled || after.is_empty() || seated == usize::from(most), "a seat is free and somebody waits");
            let users: BTreeSet<_> = play.meetup.participants.iter().map(|one| one.user).collect();
            prop_assert_eq!(users.len(), play.meetup.participants.len());
        }
    }
}
