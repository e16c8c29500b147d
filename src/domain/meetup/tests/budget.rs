//! What follows from one's own yes is at most six messages in the room, and a kind end.

use super::*;

fn in_room(play: &Play) -> usize {
    play.said.iter().filter(|draft| draft.to == Address::Room && draft.notice.is_message()).count()
}

fn named(play: &mut Play, place: &str) -> usize {
    let before = play.said.len();
    play.step(Event::NamesPlace { user: user(ANA), place: place.into() });
    play.said[before..].iter().filter(|draft| matches!(draft.notice, Notice::PlaceNamed { .. })).count()
}

fn slot_start(play: &Play) -> DateTime<Utc> {
    play.meetup.appointment().unwrap().slot.start()
}

#[test]
fn the_usual_way_has_five_messages_and_six_with_a_late_place() {
    let mut play = Play::new();
    play.scheduled().due();
    assert_eq!((in_room(&play), play.says(&Notice::Reminder { when: Reminder::DayBefore })), (4, 1));
    assert_eq!(named(&mut play, "The Library"), 1);
    play.due();
    assert_eq!(play.says(&Notice::Reminder { when: Reminder::TwoHoursBefore }), 1);
    play.due().due();
    assert_eq!(in_room(&play), usize::from(MOST_MESSAGES));
    let early = {
        let mut play = Play::new();
        play.scheduled();
        named(&mut play, "The Library");
        play.due().due().due().due();
        in_room(&play)
    };
    assert_eq!(early, 5);
}

#[test]
fn the_longest_way_leaves_reminders_out_and_has_six_all_the_same() {
    let mut play = Play::new();
    play.both_in().votes(ANA, Choice::Slot(0)).votes(BO, Choice::NoneOfThese).poll_closes();
    play.step(Event::PollPosted { message: MessageId::from_column(9) });
    play.votes(ANA, Choice::Slot(0)).votes(BO, Choice::Slot(0)).poll_closes();
    play.due();
    named(&mut play, "The Library");
    play.due();
    named(&mut play, "The Harbour");
    play.due();
    assert_eq!(in_room(&play), usize::from(MOST_MESSAGES));
    assert_eq!(play.says(&Notice::Reminder { when: Reminder::TwoHoursBefore }), 1, "the last one also says where");
}

#[test]
fn a_place_is_said_as_well_only_on_the_last_day_and_only_if_it_is_another() {
    let mut play = Play::new();
    play.scheduled();
    assert_eq!(named(&mut play, "The Library"), 0, "there is time to look at the announcement");
    let start = slot_start(&play);
    play.at(start - Duration::hours(24)).step(Event::TimePassed);
    let sequence = play.meetup.appointment().unwrap().sequence;
    assert_eq!(named(&mut play, "The Library"), 0, "that is known");
    assert_eq!(play.meetup.appointment().unwrap().sequence, sequence);
    assert_eq!(named(&mut play, "The Harbour"), 1);
    play.at(start).step(Event::TimePassed);
    assert_eq!(named(&mut play, "The Library"), 0, "they sit there already");
}

#[test]
fn a_place_does_not_cost_the_reminder_that_says_it_too() {
    let mut play = Play::new();
    play.scheduled().due();
    assert_eq!((named(&mut play, "The Library"), named(&mut play, "The Harbour")), (1, 0));
    play.due();
    assert_eq!(play.says(&Notice::Reminder { when: Reminder::TwoHoursBefore }), 1);
    assert_eq!(in_room(&play), usize::from(MOST_MESSAGES));
}

#[test]
fn a_meetup_is_what_suits_both_when_its_poll_opens() {
    let mut play = Play::new();
    play.setting = Setting::Call;
    play.scheduled();
    assert_eq!(play.meetup.setting, Setting::Call);
    play.setting = Setting::InPerson;
    assert_eq!(named(&mut play, "https://call.example/1"), 0);
    assert_eq!(play.meetup.setting, Setting::Call, "a profile that changes does not move what is agreed");
    play.step(Event::WantsAnotherTime { user: user(BO) });
    assert_eq!(play.meetup.setting, Setting::InPerson);
}

#[test]
fn a_poll_says_why_there_is_another_and_the_end_comes_once() {
    let mut play = Play::new();
    play.scheduled().step(Event::WantsAnotherTime { user: user(BO) });
    assert_eq!(play.says(&Notice::PostPoll { poll: 2, because: Some(AnotherPollBecause::Asked) }), 1);
    play.step(Event::Withdraws { user: user(BO) });
    let is_end = |draft: &&Draft| matches!(draft.notice, Notice::NotThisTime { why: NotThisTime::CannotMakeIt, .. });
    assert_eq!(play.said.iter().filter(is_end).count(), 1);
}

/// They have a time, and have talked of another one, which did not suit.
fn with_a_word_more(reminders: Reminders) -> Play {
    let mut play = Play::new();
    play.reminders = reminders;
    play.scheduled();
    let slot = Slot::new(start() + Duration::days(9), 90, Tz::UTC).unwrap();
    play.step(Event::OffersTime { user: user(BO), slot });
    play.step(Event::AnswersOffer { user: user(ANA), suits: false });
    assert_eq!(in_room(&play), 4);
    play
}

#[test]
fn a_reminder_that_a_community_does_without_costs_no_words() {
    let before = |reminders, hours| {
        let mut play = with_a_word_more(reminders);
        let at = slot_start(&play) - Duration::hours(hours);
        play.at(at).step(Event::TimePassed);
        (in_room(&play), named(&mut play, "The Library"))
    };
    assert_eq!(before(Reminders::Both, 24), (5, 0), "the next one says where");
    assert_eq!(before(Reminders::DayBefore, 24), (5, 1), "there is no next one");
    assert_eq!(before(Reminders::TwoHoursBefore, 24), (4, 1), "and words are left for the one to come");
    assert_eq!(before(Reminders::None, 24), (4, 1));
    assert_eq!(before(Reminders::DayBefore, 2), (4, 1));
    assert_eq!(before(Reminders::None, 2), (4, 1));
}

#[test]
fn without_reminders_the_time_can_be_moved_as_long_as_there_are_words() {
    for (reminders, moves) in [(Reminders::Both, false), (Reminders::None, true)] {
        let mut play = with_a_word_more(reminders);
        play.due();
        let slot = Slot::new(start() + Duration::days(11), 90, Tz::UTC).unwrap();
        let offered = play.try_step(&Event::OffersTime { user: user(ANA), slot });
        assert_eq!(offered.is_ok(), moves, "{reminders:?}");
        assert!(!play.meetup.may_be_moved(), "no words are left for another");
    }
}
