//! Promises of the window.

use chrono::DateTime;
use proptest::prelude::*;

use super::people::MOST_MESSAGES;
use super::*;
use crate::domain::ids::{ChannelId, CommunityId};

const ANA: u64 = 11;
const BO: u64 = 12;
const CY: u64 = 13;

fn user(raw: u64) -> UserId {
    UserId::new(raw).unwrap()
}

/// The message written `seconds` after the first.
fn message(seconds: i64) -> MessageId {
    MessageId::at(DateTime::from_timestamp(1_700_000_000 + seconds, 0).unwrap())
}

fn says(author: u64, seconds: i64, reply: Reply, mentions: &[u64]) -> Observation {
    let (community, channel) = (CommunityId::new(1).unwrap(), ChannelId::new(2).unwrap());
    let mentions = mentions.iter().map(|raw| user(*raw));
    Observation::new(community, channel, message(seconds), user(author), reply, mentions)
}

fn one(addressees: &Addressees) -> (UserId, Kind, i64) {
    assert_eq!(addressees.len(), 1, "{addressees:?}");
    (addressees[0].user, addressees[0].kind, addressees[0].weight.0)
}

/// Whom each message is taken to be for at once, in a channel that begins with the first.
fn told(window: &mut Window, observation: &Observation) -> Addressees {
    window.hear(observation, &mut Habits::default()).addressees
}

/// Ana and Bo talk by turns, every twenty seconds.
fn by_turns(window: &mut Window, until: i64) {
    for turn in 0..until / 20 {
        told(window, &says(if turn % 2 == 0 { ANA } else { BO }, turn * 20, Reply::None, &[]));
    }
}

fn weight_of(addressees: &Addressees, raw: u64) -> i64 {
    addressees.iter().find(|to| to.user == user(raw)).map_or(0, |to| to.weight.0)
}

#[test]
fn a_reply_is_certain_and_found_by_its_message_where_the_author_is_not_told() {
    let mut window = Window::default();
    told(&mut window, &says(ANA, 0, Reply::None, &[]));
    told(&mut window, &says(CY, 1, Reply::None, &[]));
    let answer = told(&mut window, &says(BO, 2, Reply::To(user(ANA)), &[ANA, CY]));
    assert_eq!(one(&answer), (user(ANA), Kind::Reply, 1000));
    let found = told(&mut window, &says(BO, 3, Reply::Unresolved(message(0)), &[ANA]));
    assert_eq!(one(&found), (user(ANA), Kind::Reply, 1000));
}

#[test]
fn a_reply_to_an_unknown_message_is_for_nobody_but_whom_it_pings() {
    let mut window = Window::default();
    told(&mut window, &says(ANA, 5, Reply::None, &[]));
    assert_eq!(told(&mut window, &says(BO, 6, Reply::Unresolved(message(1)), &[])), []);
    let pinged = told(&mut window, &says(BO, 7, Reply::Unresolved(message(1)), &[CY]));
    assert_eq!(one(&pinged), (user(CY), Kind::Mention, 1000));
}

#[test]
fn whoever_is_named_together_shares_one_message_and_the_first_leads() {
    let shares = |named: &[u64]| -> Vec<i64> {
        let addressees = told(&mut Window::default(), &says(ANA, 0, Reply::None, named));
        addressees.iter().map(|addressee| addressee.weight.0).collect()
    };
    assert_eq!(shares(&[BO]), [1000]);
    assert_eq!(shares(&[BO, CY]), [500, 499]);
    assert_eq!(shares(&[BO, CY, 14]), [500, 249, 249]);
}

#[test]
fn who_was_named_is_taken_to_answer_though_another_spoke_between() {
    let mut window = Window::default();
    told(&mut window, &says(ANA, 0, Reply::None, &[BO]));
    told(&mut window, &says(CY, 10, Reply::None, &[]));
    let answer = told(&mut window, &says(BO, 20, Reply::None, &[]));
    assert!(weight_of(&answer, ANA) >= 500, "{answer:?}");
    assert!(weight_of(&answer, ANA) > weight_of(&answer, CY), "{answer:?}");
}

#[test]
fn two_who_take_turns_talk_with_each_other_and_a_bystander_does_not_part_them() {
    let mut window = Window::default();
    by_turns(&mut window, 200);
    told(&mut window, &says(CY, 195, Reply::None, &[]));
    let next = told(&mut window, &says(ANA, 200, Reply::None, &[]));
    assert!(weight_of(&next, BO) > weight_of(&next, CY), "{next:?}");
}

#[test]
fn a_channel_is_measured_in_its_own_time() {
    let weights = |pace: i64| {
        let mut window = Window::default();
        // Long enough for a channel to show its pace.
        for turn in 0..200 {
            told(&mut window, &says(if turn % 2 == 0 { ANA } else { BO }, turn * pace, Reply::None, &[]));
        }
        weight_of(&told(&mut window, &says(CY, 200 * pace, Reply::None, &[])), BO)
    };
    assert!((weights(20) - weights(1200)).abs() <= 20, "{} and {}", weights(20), weights(1200));
}

#[test]
fn the_longer_the_silence_the_less_is_guessed() {
    let guess_after = |seconds: i64| {
        let mut window = Window::default();
        by_turns(&mut window, 200);
        let sum = told(&mut window, &says(CY, 200 + seconds, Reply::None, &[]));
        sum.iter().map(|to| to.weight.0).sum::<i64>()
    };
    assert!(guess_after(20) > guess_after(3_600));
    assert!(guess_after(3_600) > guess_after(36_000));
}

#[test]
fn whoever_is_answered_by_name_soon_had_been_meant() {
    let settled = |answer: Option<u64>| {
        let (mut window, mut habits) = (Window::default(), Habits::default());
        window.hear(&says(BO, 0, Reply::None, &[]), &mut habits);
        window.hear(&says(CY, 5, Reply::None, &[]), &mut habits);
        let asked = says(ANA, 10, Reply::None, &[]);
        assert!(window.hear(&asked, &mut habits).waits);
        if let Some(answer) = answer {
            window.hear(&says(answer, 15, Reply::None, &[ANA]), &mut habits);
        }
        let all = window.settle(&habits);
        all.into_iter().find(|settled| settled.message == asked.message()).unwrap()
    };
    let (alone, by_bo) = (settled(None), settled(Some(BO)));
    assert!(weight_of(&by_bo.last, BO) >= 500 && weight_of(&by_bo.last, BO) > weight_of(&alone.last, BO), "{by_bo:?}");
    assert!(weight_of(&by_bo.last, CY) < weight_of(&alone.last, CY), "{by_bo:?}");
    assert_eq!(by_bo.first, alone.first);
}

#[test]
fn whoever_takes_a_place_is_not_taken_for_who_had_it() {
    // Bo speaks, Cy speaks, Ana asks; so many come that the last of them takes Bo's place, and names somebody.
    let bo_beside_cy = |named: u64| {
        let (mut window, mut habits) = (Window::default(), Habits::default());
        let asked = says(ANA, 10, Reply::None, &[]);
        for said in [says(BO, 0, Reply::None, &[]), says(CY, 5, Reply::None, &[]), asked.clone()] {
            window.hear(&said, &mut habits);
        }
        let places = window.memory.people.place_of(user(BO));
        for other in 100..113 {
            window.hear(&says(other, i64::try_from(other).unwrap(), Reply::None, &[]), &mut habits);
        }
        window.hear(&says(113, 113, Reply::None, &[named]), &mut habits);
        assert_eq!((window.memory.people.place_of(user(113)), window.memory.people.place_of(user(BO))), (places, None));
        let all = window.settle(&habits);
        let last = all.into_iter().find(|settled| settled.message == asked.message()).unwrap().last;
        (weight_of(&last, BO), weight_of(&last, CY))
    };
    let ((bo, cy), (bo_again, cy_again)) = (bo_beside_cy(112), bo_beside_cy(ANA));
    assert!(bo > 50 && cy > 50, "{bo} and {cy}");
    // Ana is named, so she had asked somebody: as likely Bo, beside Cy, as if another had been named.
    assert!((bo * cy_again - bo_again * cy).abs() < bo * cy_again / 10, "{bo}:{cy}, {bo_again}:{cy_again}");
}

#[test]
fn a_guess_is_settled_once_and_within_its_bound() {
    let (mut window, mut habits) = (Window::default(), Habits::default());
    let (mut waiting, mut settled) = (Vec::new(), Vec::new());
    for number in 0..100 {
        let observation = says(ANA + number % 3, i64::try_from(number).unwrap() * 10, Reply::None, &[]);
        let heard = window.hear(&observation, &mut habits);
        if heard.waits {
            waiting.push(observation.message());
        }
        settled.extend(heard.settled.map(|settled| settled.message));
        assert!(waiting.len() - settled.len() <= AHEAD);
    }
    settled.extend(window.settle(&habits).into_iter().map(|settled| settled.message));
    assert_eq!(settled, waiting);
    assert_eq!(window.settle(&habits), []);
}

#[test]
fn the_changes_lead_from_the_first_to_the_last() {
    let to = |raw, weight| Addressee { user: user(raw), kind: Kind::Turn, weight: Thousandths(weight) };
    let (first, last) = (vec![to(ANA, 500), to(BO, 200), to(CY, 10)], vec![to(BO, 600), to(CY, 10), to(14, 30)]);
    let settled = Settled { message: message(0), author: user(15), first, last };
    assert_eq!(settled.changes(), [to(BO, 400), to(14, 30), to(ANA, -500)]);
}

#[test]
fn where_naming_is_the_custom_fewer_are_guessed() {
    let guesses = |named: &[u64]| {
        let mut window = Window::default();
        for turn in 0..60 {
            let named = if turn % 2 == 0 { named } else { &[] };
            told(&mut window, &says(ANA + turn % 4, i64::try_from(turn).unwrap() * 10, Reply::None, named));
        }
        told(&mut window, &says(15, 600, Reply::None, &[])).len()
    };
    assert!(guesses(&[20]) < guesses(&[]), "{} and {}", guesses(&[20]), guesses(&[]));
}

#[test]
fn who_names_no_one_where_most_do_is_less_likely_to_mean_somebody() {
    let guessed = |named: &[u64]| {
        let mut window = Window::default();
        for turn in 0..60 {
            let named = if turn % 2 == 0 { named } else { &[] };
            told(&mut window, &says(ANA + turn % 4, i64::try_from(turn).unwrap() * 10, Reply::None, named));
        }
        told(&mut window, &says(15, 600, Reply::None, &[])).first().map_or(0, |to| to.weight.0)
    };
    assert!(guessed(&[20]) < guessed(&[]), "{} and {}", guessed(&[20]), guessed(&[]));
}

#[test]
fn talking_to_oneself_is_for_nobody() {
    let mut window = Window::default();
    told(&mut window, &says(ANA, 0, Reply::None, &[]));
    assert_eq!(told(&mut window, &says(ANA, 1, Reply::To(user(ANA)), &[ANA])), []);
}

/// In this community everybody replies to the speaker before the last.
fn taught(replies: i64) -> Habits {
    let (mut window, mut habits) = (Window::default(), Habits::default());
    for turn in 0..replies {
        let who = |turn: i64| ANA + turn.rem_euclid(5).unsigned_abs();
        window.hear(&says(who(turn), turn * 10, Reply::To(user(who(turn - 2))), &[]), &mut habits);
    }
    habits
}

#[test]
fn replies_teach_how_far_the_shared_constants_are_right_here() {
    // How surely the next message, if it is for anybody, is for whom all answer here.
    let right = |habits: &Habits| {
        let who = |turn: i64| ANA + turn.rem_euclid(5).unsigned_abs();
        let mut window = Window::default();
        for turn in 0..50 {
            let reply = Reply::To(user(who(turn - 2)));
            window.hear(&says(who(turn), turn * 10, reply, &[]), &mut habits.clone());
        }
        window.hear(&says(who(50), 500, Reply::None, &[]), &mut habits.clone());
        let believed = window.later.latest().unwrap();
        believed[window.memory.people.place_of(user(who(48))).unwrap()] / believed.sum()
    };
    let (before, after) = (right(&Habits::default()), right(&taught(400)));
    assert!(after > before, "{after} and {before}");
}

#[test]
fn what_was_learned_is_stored_whole_and_taken_within_its_bounds() {
    let learned = taught(200).learned();
    assert!(learned.labels > 100);
    let stored: Learned = serde_json::from_str(&serde_json::to_string(&learned).unwrap()).unwrap();
    assert_eq!(Habits::new(constants::FITTED, stored), taught(200));
    let wild = Learned { trust: [i64::MIN, i64::MAX, 0, 1_000_000], labels: 1 };
    assert_eq!(Habits::new(constants::FITTED, wild).learned().trust, [300_000, 2_000_000, 300_000, 1_000_000]);
}

type Line = (u64, i64, u8, u64, Vec<u64>);

fn anything_said() -> impl Strategy<Value = Vec<Line>> {
    let line = (1_u64..30, -40_i64..90, 0_u8..9, 1_u64..30, prop::collection::vec(1_u64..30, 0..4));
    prop::collection::vec(line, 0..400)
}

/// How many are named where a crowd is: with more than a window remembers its author is pushed out.
const CROWD: u64 = 20;

fn observed(lines: Vec<Line>) -> Vec<Observation> {
    let mut seconds = 1000;
    let observation = |(author, gap, how, whom, mentions): Line| {
        seconds += gap;
        let reply = match how {
            0 => Reply::To(user(whom)),
            1 => Reply::Unresolved(message(seconds - gap)),
            _ => Reply::None,
        };
        let crowd: Vec<u64> = mentions.iter().flat_map(|first| *first..*first + CROWD).collect();
        // Most messages name nobody.
        let named: &[u64] = match how {
            2 => &mentions,
            3 => &crowd,
            _ => &[],
        };
        says(author, seconds, reply, named)
    };
    lines.into_iter().map(observation).collect()
}

fn holds(author: UserId, addressees: &Addressees) -> Result<(), TestCaseError> {
    let total: Thousandths = addressees.iter().map(|addressee| addressee.weight).sum();
    prop_assert!(total <= Thousandths::ONE);
    for (place, addressee) in addressees.iter().enumerate() {
        prop_assert!(addressee.weight > Thousandths::ZERO && addressee.user != author);
        prop_assert!(addressees[..place].iter().all(|other| other.user != addressee.user));
    }
    Ok(())
}

proptest! {
    #[test]
    fn weights_stay_within_one_message_whatever_is_said_and_whenever(lines in anything_said()) {
        let (mut window, mut habits) = (Window::default(), Habits::default());
        let (mut twin, mut twin_habits) = (Window::default(), Habits::default());
        for observation in observed(lines) {
            let heard = window.hear(&observation, &mut habits);
            prop_assert_eq!(&heard, &twin.hear(&observation, &mut twin_habits));
            holds(observation.author(), &heard.addressees)?;
            if let Some(settled) = heard.settled {
                holds(settled.author, &settled.last)?;
            }
        }
        for settled in window.settle(&habits) {
            holds(settled.author, &settled.last)?;
        }
        prop_assert_eq!(habits, twin_habits);
    }

    #[test]
    fn memory_stays_within_its_bound(lines in anything_said()) {
        let (mut window, mut habits) = (Window::default(), Habits::default());
        for observation in observed(lines) {
            window.hear(&observation, &mut habits);
            prop_assert!(window.messages.len() <= RECENT_MESSAGES);
            prop_assert!(window.pending.len() <= AHEAD && window.later.len() == window.pending.len());
            for users in [window.memory.people.users(), window.settled.people.users()] {
                let known: Vec<UserId> = users.iter().copied().filter(|user| user.get() > 0).collect();
                let distinct: std::collections::BTreeSet<UserId> = known.iter().copied().collect();
                prop_assert_eq!(known.len(), distinct.len());
            }
            prop_assert!(habits.learned().trust.iter().all(|trust| (300_000..=2_000_000).contains(trust)));
        }
        // What is finally believed is read by the places of what was believed at once.
        window.settle(&habits);
        prop_assert_eq!(window.memory.people.users(), window.settled.people.users());
    }

    #[test]
    fn however_much_a_channel_says_its_numbers_stay_exact(lines in anything_said(), before in 0_u8..200) {
        // As if so many messages had been said before: few, and nearly as many as numbers are exact for.
        let after = |messages: f32| {
            let mut window = Window::default();
            window.memory.rhythm.messages = messages;
            window.settled.rhythm.messages = messages;
            window
        };
        let (mut young, mut old) = (after(1_000.0), after(MOST_MESSAGES - f32::from(before)));
        let mut habits = [Habits::default(), Habits::default()];
        for observation in observed(lines) {
            prop_assert_eq!(young.hear(&observation, &mut habits[0]), old.hear(&observation, &mut habits[1]));
        }
        prop_assert_eq!(young.settle(&habits[0]), old.settle(&habits[1]));
        prop_assert!(old.memory.rhythm.messages <= MOST_MESSAGES);
    }
}

/// What somebody who wants to spoil the learning says next.
#[derive(Debug, Clone, Copy)]
enum Spite {
    /// Answers, or names, whoever the window takes to be the least likely of those who spoke lately.
    Against(bool),
    /// Answers the likeliest.
    Along,
    Plain,
    /// Names a crowd.
    Shouts,
}

fn spite() -> impl Strategy<Value = Vec<(u64, i64, Spite)>> {
    let spite = prop_oneof![
        5 => any::<bool>().prop_map(Spite::Against),
        1 => Just(Spite::Along),
        3 => Just(Spite::Plain),
        1 => Just(Spite::Shouts),
    ];
    prop::collection::vec((1_u64..9, prop_oneof![Just(0_i64), 1..90_i64, Just(90_000)], spite), 1..250)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn whoever_wants_to_spoil_the_learning_moves_it_within_its_bounds_only(
        said in spite(),
        trust in prop::array::uniform4(any::<i64>()),
        labels in prop_oneof![Just(0), any::<u64>(), Just(u64::MAX)],
    ) {
        let (mut window, mut habits) = (Window::default(), Habits::new(constants::FITTED, Learned { trust, labels }));
        let (mut seconds, mut last_of) = (0, std::collections::BTreeMap::<u64, i64>::new());
        for (author, gap, spite) in said {
            seconds += gap;
            let plain = says(author, seconds, Reply::None, &[]);
            // What it would guess, told by a window that is thrown away.
            let guessed = window.clone().hear(&plain, &mut habits.clone()).addressees;
            let of = |raw: &u64| guessed.iter().find(|to| to.user == user(*raw)).map_or(0, |to| to.weight.0);
            let others = || last_of.keys().copied().filter(|raw| *raw != author);
            let (least, most) = (others().min_by_key(of), others().max_by_key(of));
            let observation = match (spite, least, most) {
                (Spite::Against(true), Some(least), _) => says(author, seconds, Reply::To(user(least)), &[]),
                (Spite::Against(false), Some(least), _) => says(author, seconds, Reply::None, &[least]),
                (Spite::Along, _, Some(most)) => says(author, seconds, Reply::To(user(most)), &[]),
                (Spite::Shouts, ..) => says(author, seconds, Reply::None, &[1, 2, 3, 4, 5, 6, 7, 8, 90]),
                _ => plain,
            };
            last_of.insert(author, seconds);
            let heard = window.hear(&observation, &mut habits);
            prop_assert!(habits.learned().trust.iter().all(|trust| (300_000..=2_000_000).contains(trust)));
            prop_assert!(habits.trust().iter().all(|trust| (0.3..=2.0).contains(trust)));
            holds(observation.author(), &heard.addressees)?;
            if let Some(settled) = heard.settled {
                holds(settled.author, &settled.last)?;
            }
        }
        for settled in window.settle(&habits) {
            holds(settled.author, &settled.last)?;
        }
    }
}
