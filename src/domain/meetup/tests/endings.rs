//! How those hear of an end who said yes: at once where they know of each other, else as if it had been a no.

use super::*;

/// What Ana is told, where she says yes and this happens then.
fn told_where(happens: impl FnOnce(&mut Play)) -> (Vec<Draft>, Play) {
    let mut play = Play::new();
    play.step(Event::SaysYes { user: user(ANA) });
    happens(&mut play);
    if !play.meetup.is_over() {
        play.due();
    }
    let to_ana = play.said.iter().filter(|draft| draft.to == Address::Member(user(ANA)));
    (to_ana.cloned().collect(), play)
}

fn room_says(play: &Play, wanted: fn(&Notice) -> bool) -> usize {
    play.said.iter().filter(|draft| draft.to == Address::Room && wanted(&draft.notice)).count()
}

const fn is_the_end(notice: &Notice) -> bool {
    matches!(notice, Notice::NotThisTime { .. })
}

#[test]
fn before_the_first_words_whatever_ends_it_reads_like_silence_in_words_and_in_moment() {
    let (silence, _) = told_where(|_| {});
    assert_eq!(silence.len(), 1);
    assert_eq!((&silence[0].notice, silence[0].due_at), (&Notice::DidNotComeTogether, start() + ASK_OPEN_FOR));
    let yes = Event::SaysYes { user: user(BO) };
    let goes = Event::Withdraws { user: user(BO) };
    let opened = Event::RoomOpened { channel: ChannelId::from_column(7) };
    for events in [
        vec![Event::SaysNo { user: user(BO) }],
        vec![goes.clone()],
        vec![yes.clone(), goes.clone()],
        vec![yes.clone(), opened.clone(), goes],
        vec![yes.clone(), Event::RoomLost],
        vec![yes, opened, Event::RoomLost],
    ] {
        let (told, play) = told_where(|play| events.iter().for_each(|event| play.try_step(event).unwrap()));
        assert_eq!(told, silence, "{events:?}");
        assert_eq!(room_says(&play, is_the_end), 0, "nobody is there to read it: {events:?}");
        assert!(play.meetup.has_news_for(user(ANA), start() + ASK_OPEN_FOR, None), "{events:?}");
        assert!(!play.meetup.has_news_for(user(ANA), start() + ASK_OPEN_FOR - Duration::seconds(1), None));
        assert!(!play.meetup.has_news_for(user(BO), start() + ASK_OPEN_FOR, None) || events.contains(&Event::RoomLost));
    }
}

#[test]
fn where_no_times_can_be_found_both_hear_it_once_and_at_the_deadline() {
    let mut play = Play::new();
    play.step(Event::SaysYes { user: user(ANA) });
    let around = Circumstances {
        now: play.now,
        slots: &[],
        hosted_last: None,
        tied: &BTreeSet::new(),
        setting: Setting::InPerson,
        by_a_trip: false,
        ballot: Ballot::Reactions,
        place_by: PlaceBy::Host,
        reminders: Reminders::Both,
    };
    let step = play.meetup.step(&Event::SaysYes { user: user(BO) }, &around).unwrap();
    assert_eq!((step.meetup.due_at(), &step.notices[..]), (Some(start() + ASK_OPEN_FOR), &[][..]));
    play.meetup = step.meetup;
    play.due();
    assert!(play.meetup.is_over());
    let told: Vec<_> = play.said.iter().map(|draft| (&draft.notice, draft.to, draft.due_at)).collect();
    let expected = [ANA, BO].map(|id| (&Notice::DidNotComeTogether, Address::Member(user(id)), start() + ASK_OPEN_FOR));
    assert_eq!(told, expected);
}

#[test]
fn after_the_first_words_the_room_hears_it_at_once_and_nobody_hears_it_again() {
    let mut play = Play::new();
    play.both_in().step(Event::Withdraws { user: user(BO) });
    assert_eq!(room_says(&play, is_the_end), 1);
    assert_eq!(play.says(&Notice::DidNotComeTogether), 0);
    assert!(!play.meetup.has_news_for(user(ANA), play.now + Duration::days(9), None));
}

#[test]
fn first_words_that_were_on_their_way_are_followed_by_the_end() {
    let mut play = Play::new();
    play.step(Event::SaysYes { user: user(ANA) }).step(Event::SaysYes { user: user(BO) });
    play.step(Event::RoomOpened { channel: ChannelId::from_column(7) }).step(Event::Withdraws { user: user(BO) });
    play.step(Event::Introduced);
    assert_eq!(room_says(&play, is_the_end), 1);
    assert!(play.meetup.participants.iter().all(|one| one.news.is_none()), "what the room says is not said again");
}

#[test]
fn who_is_in_by_a_wish_hears_nothing_before_the_first_words() {
    let mut play = Play::new();
    play.meetup.participants[0].standing = Standing::In { since: start(), by: Yes::Wish };
    play.step(Event::SaysYes { user: user(BO) }).step(Event::Withdraws { user: user(BO) });
    assert_eq!(play.says(&Notice::DidNotComeTogether), 0);
}

#[test]
fn news_is_heard_once_and_not_before_its_moment() {
    let (_, mut play) = told_where(|_| {});
    let hears = Event::HearsTheNews { user: user(ANA) };
    play.at(start() + ASK_OPEN_FOR).step(hears.clone());
    assert!(!play.meetup.has_news_for(user(ANA), play.now, None));
    assert!(play.try_step(&hears).is_err());
}

#[test]
fn till_the_deadline_all_looks_as_if_it_were_still_being_asked() {
    let mut silent = Play::new();
    silent.step(Event::SaysYes { user: user(ANA) });
    let mut gone = Play::new();
    gone.step(Event::SaysYes { user: user(ANA) }).step(Event::SaysYes { user: user(BO) });
    let known = |play: &Play| {
        let Meetup { state, participants, room, asked_slots, polls, .. } = play.meetup.clone().as_known();
        (state, participants[0].clone(), room, asked_slots, polls)
    };
    assert_eq!(known(&gone), known(&silent), "both have said yes, and nobody has read it");
    gone.step(Event::RoomOpened { channel: ChannelId::from_column(7) });
    assert_eq!(known(&gone), known(&silent));
    gone.step(Event::Withdraws { user: user(BO) });
    assert_eq!(known(&gone), known(&silent));
    assert_eq!(gone.meetup.state, silent.meetup.state, "whoever counts who is busy sees no difference");
    gone.due();
    silent.due();
    assert_eq!(known(&gone), known(&silent));
}

#[test]
fn news_waits_for_two_weeks_and_beyond_them_for_a_doorbell() {
    let (_, play) = told_where(|_| {});
    let from = start() + ASK_OPEN_FOR;
    let waits = |days, doorbell: Option<i64>| {
        play.meetup.has_news_for(user(ANA), from + Duration::days(days), doorbell.map(|day| from + Duration::days(day)))
    };
    assert!(waits(13, None) && waits(13, Some(2)));
    assert!(!waits(14, Some(2)), "a doorbell has rung meanwhile");
    assert!(waits(25, None) && waits(25, Some(-5)), "none has, where rounds are rare");
    assert!(waits(26, Some(25)) && !waits(27, Some(25)));
}
