//! What a poll comes to, and when.

use chrono::TimeZone;
use chrono_tz::Tz;
use proptest::prelude::*;

use super::*;

const SLOTS: u8 = 4;

fn start() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 9, 7, 9, 0, 0).unwrap()
}

fn poll() -> Poll {
    let slots = (0..SLOTS).map(|n| Slot::new(start() + Duration::days(4 + i64::from(n)), 60, Tz::UTC).unwrap());
    Poll::new(1, slots.collect(), Ballot::Buttons, start())
}

fn votes(choices: &[Choice]) -> Votes {
    Votes::new(choices.iter().copied(), start() + Duration::hours(1))
}

fn winner(all: &[Votes], host: Option<&Votes>, quorum: usize) -> Option<u8> {
    poll().winner(all.iter().map(Some), host, quorum)
}

fn closes(all: &[Option<Votes>]) -> DateTime<Utc> {
    poll().closes_at(all.iter().map(Option::as_ref))
}

use Choice::{IfNeedBe, NoneOfThese, Slot as Yes};

#[test]
fn most_yes_wins_then_fewest_if_need_be_then_the_host_then_the_earliest() {
    let most_yes = [votes(&[Yes(1), Yes(2)]), votes(&[Yes(2), IfNeedBe(1)])];
    assert_eq!(winner(&most_yes, None, 2), Some(2));
    let fewest_dragged = [votes(&[Yes(0), Yes(3)]), votes(&[Yes(0), Yes(3)]), votes(&[IfNeedBe(0)])];
    assert_eq!(winner(&fewest_dragged, None, 2), Some(3));
    let torn = [votes(&[Yes(1), IfNeedBe(2)]), votes(&[Yes(2), IfNeedBe(1)])];
    assert_eq!(winner(&torn, Some(&torn[1]), 2), Some(2), "the host would rather");
    assert_eq!(winner(&torn, None, 2), Some(1), "nobody leads, so the earlier one");
}

#[test]
fn a_time_that_only_some_can_make_is_none_for_two() {
    let apart = [votes(&[Yes(0), Yes(1)]), votes(&[Yes(2), IfNeedBe(3)])];
    assert_eq!(winner(&apart, None, 2), None);
    assert_eq!(winner(&[], None, 0), None, "nobody is no company");
}

#[test]
fn an_agreement_closes_a_poll_in_minutes_a_disagreement_of_all_in_hours() {
    let last = start() + Duration::hours(1);
    assert_eq!(closes(&[Some(votes(&[Yes(1)])), Some(votes(&[IfNeedBe(1)]))]), last + SETTLING);
    assert_eq!(closes(&[Some(votes(&[NoneOfThese])), Some(votes(&[NoneOfThese]))]), last + SETTLING);
    assert_eq!(closes(&[Some(votes(&[Yes(1)])), Some(votes(&[Yes(2)]))]), last + LOOKING_AGAIN);
    assert_eq!(closes(&[Some(votes(&[Yes(1)])), None]), start() + OPEN_FOR, "not all have voted");
}

#[test]
fn votes_kept_before_there_was_if_need_be_can_still_be_read() {
    let kept = r#"{"number":1,"slots":[],"message":null,"closes_by":"2026-09-07T09:00:00Z"}"#;
    assert_eq!(serde_json::from_str::<Poll>(kept).unwrap().ballot, Ballot::Reactions);
    let kept = r#"{"choices":[{"slot":0},"none_of_these"],"changed_at":"2026-09-07T09:00:00Z"}"#;
    assert_eq!(serde_json::from_str::<Votes>(kept).unwrap().choices, [Yes(0), NoneOfThese].into());
}

#[test]
fn a_poll_that_has_grown_waits_for_those_who_have_not_seen_all_of_it() {
    let grown_at = start() + Duration::hours(2);
    let slot = Slot::new(start() + Duration::days(9), 60, Tz::UTC).unwrap();
    let (grown, index) = poll().grown(slot, grown_at).unwrap();
    assert_eq!((index, grown.slots.len()), (SLOTS, 5));
    let closes = |all: &[Votes]| grown.closes_at(all.iter().map(Some));
    let early = votes(&[NoneOfThese]);
    let late = Votes::new([Yes(index)], grown_at);
    assert_eq!(closes(&[early.clone(), late.clone()]), start() + OPEN_FOR, "one said no to less than this");
    assert_eq!(closes(&[Votes::new([NoneOfThese], grown_at), late.clone()]), grown_at + LOOKING_AGAIN);
    assert_eq!(closes(&[Votes::new([Yes(index)], grown_at), late]), grown_at + SETTLING);
    let agreed_before = votes(&[Yes(0)]);
    assert_eq!(closes(&[agreed_before.clone(), agreed_before]), grown_at + SETTLING, "and nobody waits for more");
    assert!(grown.clone().grown(slot, grown_at).is_none(), "it is there already");
}

#[test]
fn a_few_times_can_be_proposed_and_none_in_discord_s_own_poll() {
    let later = |days| Slot::new(start() + Duration::days(days), 60, Tz::UTC).unwrap();
    let mut growing = poll();
    for days in 10..10 + i64::from(MOST_PROPOSED) {
        growing = growing.grown(later(days), start()).unwrap().0;
    }
    assert!(growing.grown(later(20), start()).is_none());
    let native = Poll { ballot: Ballot::Native, ..poll() };
    assert!(native.grown(later(20), start()).is_none());
}

#[test]
fn discord_numbers_answers_from_one_and_the_last_is_none_of_these() {
    let said: Vec<_> = (0..=SLOTS + 2).map(|number| poll().answer(number)).collect();
    assert_eq!(said[..3], [None, Some(Yes(0)), Some(Yes(1))]);
    assert_eq!(said[usize::from(SLOTS)..], [Some(Yes(SLOTS - 1)), Some(NoneOfThese), None]);
}

fn any_choices() -> impl Strategy<Value = Votes> {
    let fits = prop::collection::vec(0_u8..3, usize::from(SLOTS));
    fits.prop_map(|fits| {
        let choice = |(index, fit)| match fit {
            0 => None,
            1 => Some(IfNeedBe(index)),
            _ => Some(Yes(index)),
        };
        Votes::new((0..SLOTS).zip(fits).filter_map(choice), start())
    })
}

fn any_mark() -> impl Strategy<Value = Mark> {
    let slots = || prop::collection::btree_set(0..SLOTS, 0..4);
    prop_oneof![slots().prop_map(Mark::Suits), slots().prop_map(Mark::IfNeedBe), Just(Mark::NoneOfThese)]
}

proptest! {
    #[test]
    fn the_winner_has_its_quorum_and_nothing_beats_it(
        all in prop::collection::vec(any_choices(), 0..6), quorum in 0_usize..6,
    ) {
        let host = all.first();
        let (counts, _) = poll().counts(all.iter().map(Some));
        let can = |count: &Count| count.can() >= quorum.max(1);
        let Some(won) = winner(&all, host, quorum) else {
            prop_assert!(!counts.iter().any(can));
            return Ok(());
        };
        let best = counts[usize::from(won)];
        prop_assert!(can(&best));
        let wish = |index: u8| host.map(|host| host.fit(index));
        for (index, count) in (0..SLOTS).zip(&counts).filter(|(index, count)| *index != won && can(count)) {
            prop_assert!(count.yes <= best.yes);
            if count.yes == best.yes {
                prop_assert!(count.if_need_be >= best.if_need_be);
                let alike = count.if_need_be == best.if_need_be;
                prop_assert!(!alike || wish(index) <= wish(won));
                prop_assert!(!alike || wish(index) != wish(won) || index > won, "the earlier of equals");
            }
        }
    }

    #[test]
    fn nobody_s_place_in_the_list_decides(all in prop::collection::vec(any_choices(), 0..6), quorum in 0_usize..4) {
        let turned: Vec<_> = all.iter().rev().cloned().collect();
        prop_assert_eq!(winner(&all, all.first(), quorum), winner(&turned, all.first(), quorum));
    }

    /// Whoever says yes to what would be taken anyway cannot lose it by that.
    #[test]
    fn one_more_yes_never_costs_a_slot_its_place(
        all in prop::collection::vec(any_choices(), 1..6), who in any::<prop::sample::Index>(), quorum in 0_usize..4,
    ) {
        let Some(won) = winner(&all, None, quorum) else { return Ok(()) };
        let mut more = all.clone();
        let glad = who.get(&all).choices.iter().copied().filter(|choice| *choice != IfNeedBe(won)).chain([Yes(won)]);
        more[who.index(all.len())].choices = glad.collect();
        prop_assert_eq!(winner(&more, None, quorum), Some(won));
    }

    #[test]
    fn a_ballot_never_says_two_things_of_one_slot(marks in prop::collection::vec(any_mark(), 0..12)) {
        let mut choices = BTreeSet::new();
        for mark in marks {
            choices = mark.on(&choices);
            let said = |slot: u8| usize::from(choices.contains(&Yes(slot))) + usize::from(choices.contains(&IfNeedBe(slot)));
            prop_assert!((0..SLOTS).all(|slot| said(slot) <= 1));
            prop_assert!(!choices.contains(&NoneOfThese) || choices.len() == 1);
            match mark {
                Mark::Suits(slots) => prop_assert!(slots.iter().all(|slot| choices.contains(&Yes(*slot)))),
                Mark::IfNeedBe(slots) => prop_assert!(slots.iter().all(|slot| choices.contains(&IfNeedBe(*slot)))),
                Mark::NoneOfThese => prop_assert!(choices.contains(&NoneOfThese)),
            }
        }
    }
}
