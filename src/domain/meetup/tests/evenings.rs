//! Open evenings: who counts when they move.

use super::*;

const CY: i64 = 13;

/// Ana's evening, before its poll stands in the channel.
pub(super) fn proposed_by_ana(ballot: Ballot) -> Meetup {
    opened(ballot).meetup
}

pub(super) fn opened(ballot: Ballot) -> Step {
    let mut meetup = proposed();
    meetup.kind = Kind::OpenEvening;
    meetup.style = Style::Open;
    meetup.room = Some(ChannelId::from_column(7));
    meetup.participants.truncate(1);
    meetup.participants[0].standing = Standing::In { since: start(), by: Yes::Answer };
    meetup.invited = 1;
    let slots = slots(start());
    meetup.open_evening(&Circumstances {
        now: start(),
        slots: &slots,
        hosted_last: None,
        tied: &BTreeSet::new(),
        setting: Setting::Call,
        by_a_trip: false,
        ballot,
        place_by: PlaceBy::Host,
        reminders: Reminders::Both,
    })
}

/// Ana's evening, with its poll in the channel.
fn proposed_to_all() -> Play {
    let mut play = Play::new();
    let step = opened(Ballot::Reactions);
    (play.meetup, play.said) = (step.meetup, step.notices);
    play.step(Event::PollPosted { message: MessageId::from_column(8) });
    play
}

pub(super) fn standing(play: &Play, id: i64) -> Standing {
    play.meetup.participant(user(id)).unwrap().standing
}

fn comes(play: &Play, id: i64) -> bool {
    play.meetup.participant(user(id)).unwrap().is_in()
}

/// Two come; the time does not suit Cy.
fn scheduled_without_cy() -> Play {
    let mut play = proposed_to_all();
    play.votes(ANA, Choice::Slot(1)).votes(BO, Choice::Slot(1)).votes(CY, Choice::Slot(0)).poll_closes();
    assert_eq!(standing(&play, CY), Standing::Out);
    play
}

fn moved(play: &mut Play) {
    play.step(Event::WantsAnotherTime { user: user(ANA) });
    play.step(Event::PollPosted { message: MessageId::from_column(9) });
}

#[test]
fn whom_the_first_time_did_not_suit_votes_again_when_the_evening_moves() {
    let mut play = scheduled_without_cy();
    moved(&mut play);
    assert!(!comes(&play, CY), "nobody comes who has not said so");
    play.votes(CY, Choice::Slot(0)).votes(ANA, Choice::Slot(0)).poll_closes();
    assert!(matches!(play.meetup.state, State::Scheduled { .. }));
    assert!(comes(&play, CY) && comes(&play, ANA) && !comes(&play, BO));
    assert_eq!(play.meetup.invited, 3, "nobody is invited twice");
}

#[test]
fn a_vote_that_was_missed_counts_when_the_second_poll_is_read() {
    let mut play = scheduled_without_cy();
    moved(&mut play);
    let due = play.meetup.due_at().unwrap();
    let slot = BTreeSet::from([Choice::Slot(1)]);
    let votes = [ANA, CY].map(|id| (user(id), Tz::UTC, slot.clone())).to_vec();
    play.at(due).step(Event::PollRead { votes });
    assert!(comes(&play, CY) && !comes(&play, BO));
}

#[test]
fn who_withdrew_comes_back_by_voting_and_not_by_a_reaction_left_behind() {
    let mut play = proposed_to_all();
    play.votes(ANA, Choice::Slot(1)).votes(BO, Choice::Slot(1)).votes(CY, Choice::Slot(1));
    play.step(Event::Withdraws { user: user(BO) }).step(Event::Withdraws { user: user(CY) });
    play.votes(CY, Choice::Slot(2));
    let still_there = [ANA, BO, CY].map(|id| (user(id), Tz::UTC, BTreeSet::from([Choice::Slot(1)]))).to_vec();
    play.step(Event::PollRead { votes: still_there });
    assert!(comes(&play, CY) && !comes(&play, BO));
}

#[test]
fn taking_back_a_reaction_brings_nobody_in() {
    let mut play = proposed_to_all();
    let takes_back = Event::Votes { user: user(BO), zone: Tz::UTC, choice: Choice::Slot(0), chosen: false };
    assert!(play.try_step(&takes_back).is_err());
    assert_eq!(play.meetup.participants.len(), 1);
}

#[test]
fn only_its_proposer_moves_an_evening_and_it_stays_at_a_table() {
    let mut play = scheduled_without_cy();
    assert!(play.try_step(&Event::WantsAnotherTime { user: user(BO) }).is_err());
    moved(&mut play);
    assert_eq!(play.meetup.setting, Setting::InPerson);
}

#[test]
fn a_proposer_who_goes_before_anybody_could_read_it_tells_nobody() {
    let mut play = proposed_to_all();
    play.meetup.introduced = false;
    if let State::Polling { poll } = &mut play.meetup.state {
        poll.message = None;
    }
    play.said.clear();
    play.step(Event::Withdraws { user: user(ANA) });
    assert_eq!(play.said, []);
    play.step(Event::PollPosted { message: MessageId::from_column(8) });
    let ends = play.said.iter().filter(|draft| matches!(draft.notice, Notice::NotThisTime { .. })).count();
    assert_eq!(ends, 1, "unless the poll was on its way");
}
