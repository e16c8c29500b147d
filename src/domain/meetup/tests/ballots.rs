//! Votes on a ballot with buttons.

use super::*;

fn with_buttons() -> Play {
    let mut play = Play::new();
    play.ballot = Ballot::Buttons;
    play.both_in();
    play
}

impl Play {
    fn marks(&mut self, id: i64, mark: Mark) -> &mut Self {
        self.step(Event::Marks { user: user(id), zone: Tz::UTC, poll: self.meetup.polls, mark })
    }
}

#[test]
fn one_yes_and_one_if_need_be_find_a_time_and_both_come() {
    let mut play = with_buttons();
    play.marks(ANA, Mark::Suits([0, 2].into())).marks(BO, Mark::IfNeedBe([2].into()));
    play.due();
    assert_eq!(play.meetup.appointment().map(|on| on.slot), Some(slots(start())[2]));
    assert_eq!(play.meetup.present().count(), 2);
}

#[test]
fn a_time_that_suits_both_wins_over_one_that_both_can_make() {
    let mut play = with_buttons();
    play.marks(ANA, Mark::IfNeedBe([0].into())).marks(ANA, Mark::Suits([1].into()));
    play.marks(BO, Mark::Suits([0].into())).marks(BO, Mark::IfNeedBe([1].into()));
    let earlier = play.meetup.clone();
    play.due();
    assert_eq!(play.meetup.appointment().map(|on| on.slot), Some(slots(start())[1]), "Ana leads, and would rather");
    play.meetup = earlier;
    play.marks(BO, Mark::Suits([2].into())).marks(ANA, Mark::Suits([2].into()));
    play.due();
    assert_eq!(play.meetup.appointment().map(|on| on.slot), Some(slots(start())[2]));
}

#[test]
fn a_ballot_of_the_first_poll_says_nothing_in_the_second() {
    let mut play = with_buttons();
    play.marks(ANA, Mark::NoneOfThese).marks(BO, Mark::NoneOfThese).due();
    assert_eq!(play.meetup.polls, 2);
    play.step(Event::PollPosted { message: MessageId::from_column(9) });
    let late = Event::Marks { user: user(ANA), zone: Tz::UTC, poll: 1, mark: Mark::Suits([0].into()) };
    assert!(play.try_step(&late).is_err());
}

#[test]
fn a_reaction_under_a_poll_with_buttons_counts_nothing() {
    let mut play = with_buttons();
    let reaction = Event::Votes { user: user(ANA), zone: Tz::UTC, choice: Choice::Slot(0), chosen: true };
    assert!(play.try_step(&reaction).is_err());
    assert!(play.try_step(&Event::PollRead { votes: Vec::new() }).is_err(), "there is nothing to be read");
}

#[test]
fn who_is_not_in_marks_nothing() {
    let mut play = with_buttons();
    let stranger = Event::Marks { user: user(99), zone: Tz::UTC, poll: 1, mark: Mark::Suits([0].into()) };
    assert!(play.try_step(&stranger).is_err());
}

#[test]
fn what_is_said_again_changes_nothing() {
    let mut play = with_buttons();
    play.marks(ANA, Mark::Suits([0].into()));
    let (before, said) = (play.meetup.clone(), play.said.len());
    play.at(play.now + Duration::minutes(5)).marks(ANA, Mark::Suits([0].into()));
    assert_eq!((&play.meetup, play.said.len()), (&before, said), "nobody waits longer for it");
}

#[test]
fn discord_s_own_poll_is_read_like_reactions_and_told_only_when_it_is_over() {
    let mut play = Play::new();
    play.ballot = Ballot::Native;
    play.both_in().votes(ANA, Choice::Slot(1)).votes(BO, Choice::Slot(1));
    let refreshed = Notice::RefreshPoll { poll: 1 };
    assert_eq!(play.says(&refreshed), 0, "it shows its numbers itself");
    play.poll_closes();
    assert_eq!(play.says(&refreshed), 1);
    assert_eq!(play.meetup.appointment().map(|on| on.slot), Some(slots(start())[1]));
}

#[test]
fn a_poll_keeps_the_way_of_voting_that_it_began_with() {
    let mut play = with_buttons();
    play.ballot = Ballot::Reactions;
    play.marks(ANA, Mark::NoneOfThese).marks(BO, Mark::NoneOfThese).due();
    assert!(matches!(&play.meetup.state, State::Polling { poll } if poll.ballot == Ballot::Reactions));
}
