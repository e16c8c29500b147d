//! More than two: those who say yes and talk with each other come together, and of the others nobody learns anything.

use super::*;

const DI: i64 = 14;
const ED: i64 = 15;
const FIVE: [i64; 5] = [ANA, BO, CY, DI, ED];

/// Ana talks with Bo and Cy, and Di with Ed.
fn five() -> Play {
    let tied = BTreeSet::from([pair(ANA, BO), pair(ANA, CY), pair(DI, ED)]);
    Play { meetup: proposed_to(&FIVE), tied, ..Play::new() }
}

fn says_yes(play: &mut Play, people: &[i64]) {
    for id in people {
        play.step(Event::SaysYes { user: user(*id) });
    }
}

fn present(play: &Play) -> Vec<i64> {
    play.meetup.present().map(|one| one.user.get()).collect()
}

fn told_alone(play: &Play) -> Vec<i64> {
    let alone = play.said.iter().filter_map(|draft| match (&draft.notice, draft.to) {
        (Notice::DidNotComeTogether, Address::Member(user)) => Some(user.get()),
        _ => None,
    });
    alone.collect()
}

#[test]
fn those_who_say_yes_and_talk_with_each_other_meet_at_the_deadline_and_not_before() {
    let mut play = five();
    says_yes(&mut play, &[ANA, BO, CY]);
    play.step(Event::SaysNo { user: user(DI) });
    assert_eq!((play.meetup.state.name(), play.said.len()), ("proposed", 0), "that all others answered shows nothing");
    play.due();
    assert_eq!((play.meetup.state.name(), present(&play)), ("polling", vec![ANA, BO, CY]));
    assert_eq!(play.says(&Notice::RoomOpening), 1);
    assert!(told_alone(&play).is_empty(), "who said no or nothing hears nothing");
    let standing = |id| play.meetup.participant(user(id)).unwrap().standing;
    assert_eq!((standing(DI), standing(ED)), (Standing::Declined, Standing::Absent));
}

#[test]
fn all_yeses_open_it_at_once() {
    let mut play = five();
    says_yes(&mut play, &FIVE);
    assert_eq!((play.meetup.state.name(), present(&play)), ("polling", FIVE.to_vec()));
}

#[test]
fn who_said_yes_and_would_sit_among_strangers_hears_what_a_no_would_have_told() {
    let mut play = five();
    says_yes(&mut play, &[ANA, BO, DI]);
    play.due();
    assert_eq!((present(&play), told_alone(&play)), (vec![ANA, BO], vec![DI]));
    assert!(play.meetup.has_news_for(user(DI), play.now, None));
    play.step(Event::HearsTheNews { user: user(DI) });
    assert!(!play.meetup.has_news_for(user(DI), play.now, None), "while the others go on");
    assert_eq!(play.meetup.state.name(), "polling");
}

#[test]
fn without_two_who_talk_with_each_other_it_ends_as_it_does_for_two() {
    for yeses in [&[][..], &[ANA], &[BO, CY], &[BO, CY, ED]] {
        let mut play = five();
        says_yes(&mut play, yeses);
        play.due();
        assert_eq!(play.meetup.state, State::Fizzled { why: Fizzle::NotEverybody }, "{yeses:?}");
        assert_eq!(told_alone(&play), yeses, "{yeses:?}");
        assert!(!play.said.iter().any(|draft| draft.to == Address::Room));
    }
}

#[test]
fn whoever_goes_meanwhile_is_missing_and_nobody_reads_why() {
    let told = [Event::SaysNo { user: user(CY) }, Event::Withdraws { user: user(CY) }].map(Some);
    let told = told.into_iter().chain([None]).map(|cy| {
        let mut play = five();
        says_yes(&mut play, &[ANA, BO]);
        if let Some(event) = cy {
            play.step(event);
        }
        play.due();
        (present(&play), play.said)
    });
    let told: Vec<_> = told.collect();
    assert_eq!(told[0].0, [ANA, BO]);
    assert!(told.windows(2).all(|both| both[0] == both[1]), "{told:?}");
}

#[test]
fn before_the_first_words_nobody_is_brought_among_strangers_and_later_the_table_goes_on() {
    let mut play = five();
    says_yes(&mut play, &[ANA, BO, CY]);
    play.due().step(Event::Withdraws { user: user(ANA) });
    assert_eq!(play.meetup.state, State::Fizzled { why: Fizzle::CalledOff }, "Bo and Cy never talked");
    assert_eq!(told_alone(&play), [BO, CY]);

    let mut play = five();
    says_yes(&mut play, &[ANA, BO, CY]);
    play.due().step(Event::RoomOpened { channel: ChannelId::from_column(7) }).step(Event::Introduced);
    play.step(Event::Withdraws { user: user(ANA) });
    assert_eq!((play.meetup.state.name(), present(&play)), ("polling", vec![BO, CY]), "they have said hello");
}

#[test]
fn who_is_left_out_of_what_opened_early_hears_it_at_the_deadline() {
    let mut play = five();
    says_yes(&mut play, &FIVE);
    play.step(Event::Withdraws { user: user(ED) });
    assert_eq!((present(&play), told_alone(&play)), (vec![ANA, BO, CY], vec![DI]));
    let news = play.said.iter().find(|draft| draft.notice == Notice::DidNotComeTogether).unwrap();
    assert_eq!(news.due_at, start() + ASK_OPEN_FOR);
}

#[test]
fn to_whom_it_came_to_nothing_the_meetup_of_the_others_is_over() {
    let mut play = five();
    says_yes(&mut play, &[ANA, BO, CY, ED]);
    play.due().step(Event::RoomOpened { channel: ChannelId::from_column(7) }).step(Event::Introduced);
    for id in [DI, ED] {
        let known = play.meetup.clone().as_known_to(user(id));
        assert_eq!((known.state.name(), known.room, known.polls), ("fizzled", None, 0));
        assert_eq!(known.host(), None);
        assert_eq!(known.company_of(user(id)).count(), 5, "whom they were asked about");
    }
    let known = play.meetup.clone().as_known_to(user(ANA));
    assert_eq!((known.state.name(), known.company_of(user(ANA)).count()), ("polling", 3));
}

#[test]
fn only_those_who_were_there_have_met() {
    let mut play = five();
    says_yes(&mut play, &[ANA, BO, CY, DI]);
    play.due().step(Event::RoomOpened { channel: ChannelId::from_column(7) }).step(Event::Introduced);
    play.step(Event::PollPosted { message: MessageId::from_column(8) });
    for id in [ANA, BO, CY] {
        play.votes(id, Choice::Slot(1));
    }
    play.poll_closes().due().due().due().due();
    for id in [ANA, BO] {
        play.step(Event::ChecksIn { user: user(id), account: Account::WeMet });
    }
    play.step(Event::ChecksIn { user: user(CY), account: Account::WeMet });
    assert_eq!(play.meetup.state.name(), "held");
    let met: BTreeSet<Pair> = play.facts.iter().map(|Fact::Met { pair, .. }| *pair).collect();
    assert_eq!(met, [pair(ANA, BO), pair(ANA, CY), pair(BO, CY)].into());
    let left_out = [DI, ED].map(|id| play.meetup.participant(user(id)).unwrap().is_left_out());
    assert_eq!(left_out, [true, true], "to the end");
}

fn any_answer() -> impl Strategy<Value = Event> {
    let who = prop::sample::select(&FIVE[..]).prop_map(user);
    prop_oneof![
        4 => who.clone().prop_map(|user| Event::SaysYes { user }),
        1 => who.clone().prop_map(|user| Event::SaysNo { user }),
        1 => who.clone().prop_map(|user| Event::SaysWeKnowEachOther { user }),
        1 => who.prop_map(|user| Event::Withdraws { user }),
        1 => Just(Event::RoomOpened { channel: ChannelId::from_column(7) }),
        1 => Just(Event::RoomLost),
        1 => Just(Event::Introduced),
        1 => Just(Event::TimePassed),
    ]
}

proptest! {
    /// Whatever is answered in whatever order, whoever is brought together said yes and knows somebody there, and whoever
    /// hears that it came to nothing had said yes and is not among them.
    #[test]
    fn no_order_of_answers_brings_anybody_among_strangers(
        events in prop::collection::vec((any_answer(), 0_i64..2000), 0..40),
        ties in prop::collection::btree_set((0_usize..5, 0_usize..5), 0..8),
    ) {
        let mut play = five();
        let tied = ties.into_iter().filter_map(|(one, other)| Pair::new(user(FIVE[one]), user(FIVE[other])));
        play.tied = tied.collect();
        let mut yeses = BTreeSet::new();
        for (event, minutes) in events {
            play.at(play.now + Duration::minutes(minutes));
            if let (Event::SaysYes { user }, true) = (&event, play.try_step(&event).is_ok()) {
                yeses.insert(*user);
            } else if !matches!(event, Event::SaysYes { .. }) {
                let _ = play.try_step(&event);
            }
            if matches!(play.meetup.state, State::Polling { .. }) {
                let present: Vec<UserId> = play.meetup.present().map(|one| one.user).collect();
                prop_assert!(present.len() >= 2 && present.iter().all(|one| yeses.contains(one)));
                if !play.meetup.introduced {
                    let held = |one: &UserId| {
                        present.iter().any(|other| Pair::new(*one, *other).is_some_and(|pair| play.tied.contains(&pair)))
                    };
                    prop_assert!(present.iter().all(held), "{present:?} with {:?}", play.tied);
                }
            }
            let open = matches!(play.meetup.state, State::Proposed { .. }) && play.meetup.asked_until.is_none();
            prop_assert!(!open || play.said.is_empty(), "nothing is said while it is being asked");
            prop_assert!(told_alone(&play).iter().all(|id| yeses.contains(&user(*id))));
            let mut told = told_alone(&play);
            told.sort_unstable();
            told.dedup();
            prop_assert_eq!(told.len(), told_alone(&play).len(), "nobody hears it twice");
        }
    }
}
