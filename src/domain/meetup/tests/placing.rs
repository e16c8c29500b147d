//! Where: proposed by those who come, said by the host or chosen by all.

use super::*;

fn chooses(id: i64, place: &str) -> Event {
    Event::ChoosesPlace { user: user(id), place: place.to_owned() }
}

fn place(play: &Play) -> Option<&str> {
    play.meetup.appointment().and_then(|on| on.place.as_deref())
}

/// The meetup has its time; who says where is this one's to choose.
fn on(by: PlaceBy) -> Play {
    let mut play = Play::new();
    play.place_by = by;
    play.scheduled();
    play
}

fn updates(play: &Play) -> usize {
    play.said.iter().filter(|draft| matches!(draft.notice, Notice::Update { .. })).count()
}

#[test]
fn the_host_s_choice_counts_and_the_other_s_is_a_proposal() {
    let mut play = on(PlaceBy::Host);
    play.step(chooses(BO, "The Library"));
    assert_eq!((place(&play), updates(&play), play.meetup.choosing("The Library")), (None, 0, 1));
    play.step(chooses(ANA, "The Library"));
    assert_eq!((place(&play), updates(&play)), (Some("The Library"), 1));
    play.step(chooses(ANA, "The Library"));
    assert_eq!(updates(&play), 1, "the same once more changes nothing");
}

#[test]
fn a_vote_is_settled_once_all_have_chosen() {
    let mut play = on(PlaceBy::Vote);
    play.step(chooses(ANA, "The Park")).step(chooses(ANA, "The Library"));
    assert_eq!((place(&play), play.meetup.choosing("The Park")), (None, 0));
    play.step(chooses(BO, "The Library"));
    assert_eq!(place(&play), Some("The Library"));
    let sequence = play.meetup.appointment().unwrap().sequence;
    play.step(chooses(BO, "The Park"));
    assert_eq!(place(&play), Some("The Library"), "one to one: the host's");
    play.step(chooses(ANA, "The Park"));
    assert_eq!((place(&play), play.meetup.appointment().unwrap().sequence), (Some("The Park"), sequence + 1));
}

#[test]
fn who_has_chosen_decides_the_day_before() {
    let mut play = on(PlaceBy::Vote);
    play.step(chooses(BO, "The Park"));
    play.due();
    assert_eq!((place(&play), play.says(&Notice::Reminder { when: Reminder::DayBefore })), (Some("The Park"), 1));
    let mut silent = on(PlaceBy::Vote);
    silent.due();
    assert_eq!(place(&silent), None, "nobody has chosen, and no place is invented");
}

#[test]
fn the_host_s_own_words_stand_whatever_is_chosen() {
    let mut play = on(PlaceBy::Vote);
    play.step(Event::NamesPlace { user: user(ANA), place: "The Harbour".into() });
    play.step(chooses(BO, "The Park"));
    play.due();
    assert_eq!(place(&play), Some("The Harbour"));
}

#[test]
fn five_places_stand_to_choose_and_only_by_those_who_come_at_a_table() {
    let mut play = on(PlaceBy::Vote);
    for name in ["1", "2", "3", "4", "5"] {
        play.step(chooses(BO, name));
    }
    assert!(play.try_step(&chooses(BO, "6")).is_err() && play.try_step(&chooses(99, "1")).is_err());
    play.step(chooses(BO, "2"));
    let mut call = Play::new();
    call.setting = Setting::Call;
    call.scheduled();
    assert!(call.try_step(&chooses(ANA, "1")).is_err());
    assert!(Play::new().both_in().try_step(&chooses(ANA, "1")).is_err(), "there is no time yet");
}

#[test]
fn another_poll_asks_for_places_anew() {
    let mut play = on(PlaceBy::Vote);
    play.step(chooses(BO, "The Park")).step(Event::WantsAnotherTime { user: user(ANA) });
    play.step(Event::PollPosted { message: MessageId::from_column(9) });
    play.votes(ANA, Choice::Slot(0)).votes(BO, Choice::Slot(0)).poll_closes();
    play.step(chooses(ANA, "The Library"));
    assert_eq!((place(&play), play.meetup.choosing("The Park")), (None, 0));
}
