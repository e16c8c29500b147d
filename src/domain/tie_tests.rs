//! Promises of the ties.

use proptest::prelude::*;

use super::*;

fn user(raw: u64) -> UserId {
    UserId::new(raw).unwrap()
}

fn community() -> CommunityId {
    CommunityId::new(1).unwrap()
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// Everything that `rows` holds of one pair.
fn of_pair(deltas: &Deltas, pair: Pair) -> Counts {
    let mut counts = Counts::default();
    for ((_, of, week, kind), talk) in deltas.iter().filter(|((_, of, _, _), _)| *of == pair) {
        assert_eq!(of, pair);
        counts.add(week, kind, talk);
    }
    counts
}

#[test]
fn weeks_are_those_of_the_iso_calendar() {
    assert_eq!(Week::of(at("1970-01-05T00:00:00Z")).get(), 0);
    assert_eq!(Week::of(at("1970-01-04T23:59:59Z")).get(), -1);
    assert_eq!(Week::of(at("2026-11-22T23:59:59Z")).to_string(), "2026-W47");
    assert_eq!(Week::of(at("2026-11-23T00:00:00Z")).to_string(), "2026-W48");
    assert_eq!(Week::of(at("2021-01-03T12:00:00Z")).to_string(), "2020-W53");
}

#[test]
fn a_kind_survives_its_column() {
    for kind in Kind::ALL {
        assert_eq!(kind.as_str().parse(), Ok(kind));
    }
    assert!("Reply".parse::<Kind>().is_err());
}

#[test]
fn attention_that_is_not_returned_is_no_tie() {
    let (ana, bo) = (user(1), user(2));
    let mut deltas = Deltas::default();
    let now = at("2026-11-20T12:00:00Z");
    for _ in 0..50 {
        deltas.add(community(), ana, bo, now, Kind::Reply, Thousandths::ONE);
    }
    let counts = of_pair(&deltas, Pair::new(ana, bo).unwrap());
    assert_eq!(counts.strength(now, None).thousandths(), Thousandths::ZERO);
    assert_eq!(counts.percent_answered(), 0);
}

#[test]
fn of_two_ties_with_the_same_sum_the_more_even_one_is_stronger() {
    let uneven = Strength { low_to_high: 9.0, high_to_low: 1.0 };
    let even = Strength { low_to_high: 5.0, high_to_low: 5.0 };
    assert!(even.value() > uneven.value());
    assert!((even.value() - 5.0).abs() < 1e-9);
}

#[test]
fn half_is_left_a_half_life_after_the_weeks_end_and_the_running_week_counts_whole() {
    let week = Week::of(at("2026-11-18T12:00:00Z"));
    let half_life = HalfLife::days(30.0).unwrap();
    assert!((half_life.left(week, week.start()) - 1.0).abs() < 1e-12);
    assert!((half_life.left(week, week.end() + Duration::days(30)) - 0.5).abs() < 1e-12);
    assert!((half_life.left(week, week.end() + Duration::days(60)) - 0.25).abs() < 1e-12);
}

#[test]
fn people_are_told_whole_messages_and_weeks() {
    let (ana, bo) = (user(1), user(2));
    let (monday, next_week) = (at("2026-11-16T00:00:00Z"), at("2026-11-23T00:00:00Z"));
    let mut deltas = Deltas::default();
    deltas.add(community(), ana, bo, monday, Kind::Reply, Thousandths(1000));
    deltas.add(community(), bo, ana, monday, Kind::Reply, Thousandths(1000));
    deltas.add(community(), ana, bo, next_week, Kind::Turn, Thousandths(700));
    deltas.add(community(), ana, bo, next_week, Kind::Reaction, Thousandths(9000));
    let counts = of_pair(&deltas, Pair::new(ana, bo).unwrap());
    assert_eq!(counts.of_kind(Kind::Reply).total().rounded(), 2);
    assert_eq!(counts.messages().total(), Thousandths(2700));
    assert_eq!((counts.weeks_with(Kind::Reply), counts.weeks_talked()), (1, 2));
    assert_eq!(counts.percent_answered(), 58);
}

type Said = (u64, u64, i64, usize, i64);

fn folded(said: &[Said]) -> Deltas {
    let mut deltas = Deltas::default();
    for (from, to, hours, kind, amount) in said {
        let at = DateTime::UNIX_EPOCH + Duration::hours(*hours);
        deltas.add(community(), user(*from), user(*to), at, Kind::ALL[*kind], Thousandths(*amount));
    }
    deltas
}

fn anything_said() -> impl Strategy<Value = Vec<Said>> {
    prop::collection::vec((1_u64..6, 1_u64..6, 0_i64..2000, 0_usize..6, 0_i64..2000), 0..60)
}

proptest! {
    #[test]
    fn batches_and_their_order_make_no_difference(said in anything_said(), cut in 0_usize..60, turn in 0_usize..60) {
        let whole = folded(&said);
        let cut = cut.min(said.len());
        let (mut first, mut second) = (folded(&said[..cut]), folded(&said[cut..]));
        let mut turned = said.clone();
        turned.rotate_left(turn.min(said.len()));
        prop_assert_eq!(&folded(&turned), &whole);
        let (one, other) = (first.clone(), second.clone());
        first.merge(other);
        second.merge(one);
        prop_assert_eq!(&first, &whole);
        prop_assert_eq!(&second, &whole);
    }

    #[test]
    fn nothing_said_to_another_is_lost_and_rows_are_sorted(said in anything_said()) {
        let mut deltas = folded(&said);
        let expected: i64 = said.iter().filter(|(from, to, ..)| from != to).map(|said| said.4).sum();
        let total: Thousandths = deltas.iter().map(|(_, talk)| talk.total()).sum();
        prop_assert_eq!(total.0, expected);
        prop_assert!(deltas.iter().map(|(key, _)| key).is_sorted());
        let taken = deltas.take();
        prop_assert!(deltas.is_empty());
        prop_assert_eq!(taken.iter().count(), taken.len());
    }

    #[test]
    fn a_tie_never_grows_by_waiting(said in anything_said(), days in 0_i64..400, half_life in 1.0_f64..90.0) {
        let pair = Pair::new(user(1), user(2)).unwrap();
        let counts = of_pair(&folded(&said), pair);
        let half_life = HalfLife::days(half_life);
        let now = DateTime::UNIX_EPOCH + Duration::days(90);
        let later = counts.strength(now + Duration::days(days), half_life).value();
        prop_assert!(later <= counts.strength(now, half_life).value() + 1e-9);
        prop_assert!(later <= counts.strength(now, None).value() + 1e-9);
    }
}
