//! Who has not voted is reminded.

use super::*;
use crate::domain::nudge::next_allowed;

const REMINDER: Notice = Notice::PollReminder { poll: 1 };

/// Both live where the hours of the day are those of UTC: the poll opens at nine in the morning.
fn asked() -> Play {
    let mut play = Play::new();
    play.meetup.participants.iter_mut().for_each(|one| one.zone = Tz::UTC);
    play.both_in();
    play
}

/// Time comes for the poll, which is read as Discord would show it.
fn due(play: &mut Play) -> &mut Play {
    play.poll_closes()
}

#[test]
fn who_has_not_voted_is_reminded_once_when_half_of_the_time_is_over() {
    let mut play = asked();
    play.votes(ANA, Choice::Slot(0));
    due(&mut play);
    assert_eq!((play.now, play.says(&REMINDER)), (start() + Duration::hours(24), 1));
    assert!(matches!(play.meetup.state, State::Polling { .. }), "it does not close by that");
    due(&mut play);
    assert_eq!(play.says(&REMINDER), 1);
    assert_eq!(play.now, start() + Duration::hours(48));
    assert!(matches!(&play.meetup.state, State::Polling { poll } if poll.number == 2));
}

#[test]
fn nobody_is_reminded_where_all_have_voted_or_all_can_read_it() {
    let mut play = asked();
    play.votes(ANA, Choice::Slot(0)).votes(BO, Choice::Slot(1));
    due(&mut play);
    assert_eq!(play.says(&REMINDER), 0);
    let mut open = Play::new();
    open.meetup.style = Style::Open;
    open.step(Event::SaysYes { user: user(ANA) }).step(Event::SaysYes { user: user(BO) });
    open.step(Event::PollPosted { message: MessageId::from_column(8) });
    assert_eq!(open.meetup.due_at(), Some(start() + Duration::hours(48)));
}

#[test]
fn a_reminder_waits_for_the_morning_of_whom_it_is_for() {
    let mut play = asked();
    play.meetup.participants[1].zone = Tz::Asia__Tokyo;
    play.votes(ANA, Choice::Slot(0));
    // Nine in the morning is six in the evening there; a day later by eight hours it is two in the night.
    play.at(start() + Duration::hours(32)).step(Event::PollRead { votes: ana_votes() });
    assert_eq!(play.says(&REMINDER), 0, "we were away when it was due");
    let morning = next_allowed(play.now, Tz::Asia__Tokyo);
    assert_eq!(play.meetup.due_at(), Some(morning));
    play.at(morning).step(Event::PollRead { votes: ana_votes() });
    assert_eq!(play.says(&REMINDER), 1);
}

fn ana_votes() -> Vec<(UserId, Tz, BTreeSet<Choice>)> {
    vec![(user(ANA), Tz::UTC, [Choice::Slot(0)].into())]
}

#[test]
fn a_reminder_that_comes_too_late_to_help_is_left_out() {
    let mut play = asked();
    play.votes(ANA, Choice::Slot(0));
    play.at(start() + Duration::hours(47)).step(Event::PollRead { votes: ana_votes() });
    assert_eq!(play.says(&REMINDER), 0);
    assert_eq!(play.meetup.due_at(), Some(start() + Duration::hours(48)));
}

#[test]
fn a_poll_with_buttons_reminds_as_well() {
    let mut play = Play::new();
    play.ballot = Ballot::Buttons;
    play.meetup.participants.iter_mut().for_each(|one| one.zone = Tz::UTC);
    play.both_in().due();
    assert_eq!(play.says(&REMINDER), 1);
}

#[test]
fn six_messages_are_enough_for_a_reminded_poll_and_its_meetup() {
    let mut play = asked();
    play.votes(ANA, Choice::Slot(1));
    due(&mut play);
    play.votes(BO, Choice::Slot(1));
    due(&mut play);
    play.due().due();
    let in_room = play.said.iter().filter(|draft| draft.to == Address::Room && draft.notice.is_message());
    assert_eq!(in_room.count(), usize::from(MOST_MESSAGES));
    assert!(play.try_step(&Event::WantsAnotherTime { user: user(ANA) }).is_err(), "a seventh is not said");
    assert!(matches!(play.meetup.state, State::Scheduled { .. }), "they meet all the same");
}
