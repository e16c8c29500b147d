//! All walls always, and how near the best of all seatings it comes.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::super::matching::Edge;
use super::super::matching::shapes::{Dice, Shape};
use super::*;

/// A small company, in plain words.
#[derive(Debug, Clone)]
struct Company {
    people: u32,
    edges: Vec<Edge>,
    /// Of each with each, as the edges say.
    weights: Vec<Vec<i64>>,
    apart: BTreeSet<[u32; 2]>,
    met: BTreeSet<[u32; 2]>,
    newcomers: BTreeSet<u32>,
    /// Where each one lives; the first of all places is near to every other.
    lives: Vec<u32>,
    size: Size,
}

impl Company {
    fn reach(&self, table: &[u32]) -> bool {
        let places: BTreeSet<u32> =
            table.iter().map(|one| self.lives[*one as usize]).filter(|place| *place > 0).collect();
        places.len() <= 1
    }

    fn weight(&self, one: u32, other: u32) -> i64 {
        self.weights[one as usize][other as usize]
    }

    fn ties(&self, table: &[u32]) -> i64 {
        pairs_of(table).map(|[one, other]| self.weight(one, other)).sum()
    }

    fn worth(&self, tables: &[Vec<u32>]) -> i64 {
        tables.iter().map(|table| self.ties(table) + SEAT * i64::try_from(table.len()).unwrap_or(0)).sum()
    }

    /// The walls, said anew and slowly.
    fn may_be(&self, table: &[u32], most: u8) -> bool {
        let known = |one: u32, others: &[u32], least: i64| {
            others.iter().any(|other| *other != one && self.weight(one, *other) >= least)
        };
        let (new, settled): (Vec<u32>, Vec<u32>) = table.iter().partition(|one| self.newcomers.contains(one));
        (usize::from(self.size.least())..=usize::from(most)).contains(&table.len())
            && new.len() <= 1
            && !pairs_of(table).any(|pair| self.apart.contains(&pair))
            && !pairs_of(table).all(|pair| self.met.contains(&pair))
            && self.reach(table)
            && if table.len() == 2 {
                known(table[0], table, STRONG)
            } else {
                settled.iter().all(|one| known(*one, &settled, STRONG))
                    && new.iter().all(|one| known(*one, &settled, 1))
            }
    }

    fn in_hall<T>(&self, ask: impl FnOnce(&Hall<'_>) -> T) -> T {
        let reach = |table: &[u32]| self.reach(table);
        let mut hall = Hall::new(self.people as usize, &ties(&self.edges), Rules::of(self.size), &reach);
        for pair in &self.apart {
            hall.keep_apart(*pair);
        }
        for pair in &self.met {
            hall.have_met(*pair);
        }
        for one in &self.newcomers {
            hall.is_new(*one);
        }
        ask(&hall)
    }

    /// The most that any seating without a further chair is worth: over all sets of people, by the table of the first of them.
    fn optimum(&self) -> i64 {
        let all = 1_usize << self.people;
        let named = |set: usize| (0..self.people).filter(|one| set >> one & 1 == 1).collect::<Vec<u32>>();
        let worth: Vec<Option<i64>> = (0..all)
            .map(|set| (self.size.holds(set.count_ones() as usize)).then(|| named(set)))
            .map(|table| table.filter(|table| self.may_be(table, self.size.most())).map(|table| self.worth(&[table])))
            .collect();
        let mut best = vec![0; all];
        for set in 1..all {
            let rest = set & (set - 1);
            best[set] = best[rest];
            let mut with = rest;
            loop {
                let table = with | (set ^ rest);
                if let Some(worth) = worth[table] {
                    best[set] = best[set].max(worth + best[set ^ table]);
                }
                if with == 0 {
                    break;
                }
                with = (with - 1) & rest;
            }
        }
        best[all - 1]
    }
}

/// All of it talk.
fn ties(edges: &[Edge]) -> Vec<Tie> {
    edges.iter().map(|edge| Tie { ends: edge.ends, weight: edge.weight, strong: edge.weight >= STRONG }).collect()
}

/// The heaviest edge of each two.
fn weights(people: u32, edges: &[Edge]) -> Vec<Vec<i64>> {
    let mut weights = vec![vec![0; people as usize]; people as usize];
    for edge in edges.iter().filter(|edge| edge.ends[0] != edge.ends[1]) {
        let [one, other] = edge.ends.map(|end| end as usize);
        weights[one][other] = edge.weight.max(weights[one][other]);
        weights[other][one] = weights[one][other];
    }
    weights
}

fn pairs_of(table: &[u32]) -> impl Iterator<Item = [u32; 2]> {
    table.iter().flat_map(|one| table.iter().filter(move |other| one < other).map(move |other| [*one, *other]))
}

fn some_pairs(people: u32, up_to: usize) -> impl Strategy<Value = BTreeSet<[u32; 2]>> {
    let pair = (0..people, 0..people)
        .prop_filter_map("two people", |(one, other)| (one != other).then(|| [one.min(other), one.max(other)]));
    prop::collection::btree_set(pair, 0..up_to)
}

prop_compose! {
    fn companies(most_people: u32)(people in 3..most_people, least in 2_u8..=8, more in 0_u8..=3)(
        edges in prop::collection::vec((0..people, 0..people, -100_i64..20_000), 0..4 * people as usize),
        apart in some_pairs(people, 6),
        met in some_pairs(people, 2 * people as usize),
        newcomers in prop::collection::btree_set(0..people, 0..3),
        lives in prop::collection::vec(0_u32..3, people as usize),
        size in Just((least, (least + more).min(8))),
        people in Just(people),
    ) -> Company {
        let edges: Vec<_> = edges.into_iter().map(|(one, other, weight)| Edge { ends: [one, other], weight }).collect();
        let size = Size::new(size.0, size.1).unwrap_or(Size::PAIRS);
        Company { people, weights: weights(people, &edges), edges, apart, met, newcomers, lives, size }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_table_keeps_every_wall_and_nobody_sits_twice(company in companies(40)) {
        let tables = company.in_hall(seat);
        for table in &tables {
            prop_assert!(company.may_be(table, company.size.with_a_chair_more()), "{table:?} of {company:?}");
        }
        let seated: BTreeSet<u32> = tables.iter().flatten().copied().collect();
        prop_assert_eq!(seated.len(), tables.iter().map(Vec::len).sum::<usize>());
        let full = |table: &&Vec<u32>| table.len() > usize::from(company.size.most());
        prop_assert!(company.size.least() == company.size.most() || !tables.iter().any(|table| full(&table)));
    }

    #[test]
    fn nobody_is_left_over_who_could_sit_down_somewhere(company in companies(25)) {
        let tables = company.in_hall(seat);
        let most = company.size.with_a_chair_more();
        for one in (0..company.people).filter(|one| !tables.iter().flatten().any(|seated| seated == one)) {
            for table in &tables {
                let mut wider = [&table[..], &[one]].concat();
                wider.sort_unstable();
                prop_assert!(!company.may_be(&wider, most), "{one} could join {table:?}: {company:?}");
            }
        }
    }
}

fn named(one: u32) -> UserId {
    UserId::from_column(i64::from(one) + 1)
}

fn pair_named([one, other]: [u32; 2]) -> Option<Pair> {
    Pair::new(named(one), named(other))
}

/// The company as a round sees it.
impl Company {
    fn tables(&self, edges: &[super::Edge]) -> Vec<Table> {
        let pairs = |pairs: &BTreeSet<[u32; 2]>| pairs.iter().filter_map(|pair| pair_named(*pair)).collect();
        let number = |user: &UserId| u32::try_from(user.get() - 1).unwrap();
        let reach = |table: &[UserId]| self.reach(&table.iter().map(number).collect::<Vec<u32>>());
        let newcomers = self.newcomers.iter().map(|one| named(*one)).collect();
        let (avoided, met): (BTreeSet<Pair>, BTreeSet<Pair>) = (pairs(&self.apart), pairs(&self.met));
        let beside = Beside { newcomers: &newcomers, avoided: &avoided, met: &met, reach: &reach };
        tables(edges, beside, self.size)
    }
}

fn shuffled_companies() -> impl Strategy<Value = (Company, Vec<Edge>)> {
    companies(20).prop_flat_map(|company| {
        let edges = company.edges.clone();
        (Just(company), Just(edges).prop_shuffle())
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn the_same_people_are_seated_in_the_same_way_in_whatever_order_they_come((company, shuffled) in shuffled_companies()) {
        let edges = |edges: &[Edge]| -> Vec<super::Edge> {
            let edge = |edge: &Edge| Some(super::Edge::of_talk(pair_named(edge.ends)?, edge.weight));
            edges.iter().filter_map(edge).collect()
        };
        let (one, other) = (edges(&company.edges), edges(&shuffled));
        let people = |tables: &[Table]| tables.iter().map(|table| table.people.clone()).collect::<Vec<_>>();
        let (tables, again) = (company.tables(&one), company.tables(&other));
        prop_assert_eq!(people(&tables), people(&again));
        for (table, again) in tables.iter().zip(&again) {
            let inside = |table: &Table, edges: &[super::Edge]| {
                table.ties.iter().map(|place| (edges[*place].pair, edges[*place].weight)).collect::<Vec<_>>()
            };
            prop_assert_eq!(inside(table, &one), inside(again, &other));
            prop_assert_eq!(table.weight, again.weight);
            let numbers: Vec<u32> = table.people.iter().map(|user| u32::try_from(user.get() - 1).unwrap()).collect();
            prop_assert!(company.may_be(&numbers, company.size.with_a_chair_more()), "{numbers:?} of {company:?}");
            prop_assert_eq!(table.weight, company.ties(&numbers));
        }
    }
}

#[test]
fn waiting_and_wishes_hold_nobody_at_a_table_of_strangers() {
    let pair = |one, other| Pair::new(UserId::from_column(one), UserId::from_column(other)).unwrap();
    let nobody = BTreeSet::new();
    let beside = Beside { newcomers: &BTreeSet::new(), avoided: &nobody, met: &nobody, reach: &|_| true };
    let [one, other] = [(1, 2), (2, 3)].map(|(one, other)| super::Edge::of_talk(pair(one, other), STRONG));
    let seated = |edges: &[super::Edge]| tables(edges, beside, "3".parse().unwrap()).len();
    assert_eq!(seated(&[one.clone(), other.clone()]), 1);
    assert_eq!(seated(&[one, super::Edge { talk: STRONG - 1, weight: 60_000, ..other }]), 0);
}

#[test]
fn ties_beyond_all_measure_are_seated_too() {
    let edges = [[0, 1], [1, 2], [0, 2], [3, 4]].map(|ends| Edge { ends, weight: i64::MAX });
    let everywhere = |_: &[u32]| true;
    for size in ["2", "3", "2-8"] {
        let rules = Rules::of(size.parse().unwrap());
        let tables = seat(&Hall::new(5, &ties(&edges), rules, &everywhere));
        assert!(!tables.is_empty(), "{size}");
    }
}

#[test]
fn nobody_is_new_while_all_are_and_the_last_to_join_are_for_four_weeks() {
    let day = |days| chrono::DateTime::UNIX_EPOCH + chrono::Duration::days(days);
    assert!(!is_newcomer(day(3), day(0), day(10)), "with the first");
    assert!(is_newcomer(day(90), day(0), day(100)) && !is_newcomer(day(60), day(0), day(100)));
}

#[test]
fn an_odd_one_makes_a_pair_a_three() {
    let edges = [[0, 1], [1, 2], [3, 4]].map(|ends| Edge { ends, weight: 5000 });
    let everywhere = |_: &[u32]| true;
    assert_eq!(seat(&Hall::new(5, &ties(&edges), Rules::of(Size::PAIRS), &everywhere)), [vec![0, 1, 2], vec![3, 4]]);
}

/// Looked at for each of them anew, whom a hub refuses would cost the cube of their number: this would take days.
#[test]
fn somebody_known_to_thousands_who_may_not_join_them_is_seated_soon() {
    let newcomers = 1..=20_000_u32;
    let edges: Vec<_> = newcomers.clone().map(|one| Edge { ends: [0, one], weight: 5000 + i64::from(one) }).collect();
    let everywhere = |_: &[u32]| true;
    let mut hall = Hall::new(20_001, &ties(&edges), Rules::of("4-6".parse().unwrap()), &everywhere);
    newcomers.for_each(|one| hall.is_new(one));
    assert_eq!(seat(&hall), Vec::<Vec<u32>>::new(), "one newcomer at a table");
}

/// A company of so many, with ties of a chat and a few walls, by the throw of the dice.
fn thrown(people: u32, size: Size, dice: &mut Dice) -> Company {
    let shape = [Shape::Chat, Shape::Random, Shape::Chords][dice.below(3) as usize];
    let edges = shape.edges(people, people as usize * (2 + dice.below(3) as usize), 12_000, dice);
    let mut pairs = |number: u32| -> BTreeSet<[u32; 2]> {
        let thrown: Vec<_> = (0..number).map(|_| [dice.below(people), dice.below(people)]).collect();
        thrown.into_iter().filter(|[one, other]| one < other).collect()
    };
    let (apart, met) = (pairs(3), pairs(6));
    let newcomers = (0..dice.below(3)).map(|_| dice.below(people)).collect();
    let lives = (0..people).map(|_| dice.below(6).saturating_sub(3)).collect();
    Company { people, weights: weights(people, &edges), edges, apart, met, newcomers, lives, size }
}

#[test]
fn small_companies_are_seated_on_average_within_a_percent_of_the_best_of_all_seatings() {
    let mut dice = Dice::new(7);
    let sizes = ["2", "3", "4", "2-3", "2-8", "3-4", "3-5", "4-6", "5-8"];
    let (mut shares, mut at_best, mut worst) = (Vec::new(), 0, 1.0_f64);
    let (mut unimproved, mut unimproved_best) = (Vec::new(), 0);
    for round in 0..360_usize {
        let Ok(size) = sizes[round % sizes.len()].parse() else { continue };
        let company = thrown(6 + dice.below(6), size, &mut dice);
        let best = company.optimum();
        let found = company.worth(&company.in_hall(|hall| seat_by_size(hall).into_tables()));
        assert!(found <= best, "{company:?}");
        let first = company.worth(&company.in_hall(|hall| build::first_tables(hall).into_tables()));
        if best > 0 {
            #[expect(clippy::cast_precision_loss, reason = "some thousands")]
            let share = found as f64 / best as f64;
            at_best += usize::from(found == best);
            worst = worst.min(share);
            shares.push(share);
            unimproved_best += usize::from(first == best);
            #[expect(clippy::cast_precision_loss, reason = "some thousands")]
            unimproved.push(first as f64 / best as f64);
        }
    }
    #[expect(clippy::cast_precision_loss, reason = "some hundreds")]
    let mean_of = |shares: &[f64]| shares.iter().sum::<f64>() / shares.len() as f64;
    let mean = mean_of(&shares);
    println!(
        "{} companies: {:.2} % on average, {at_best} at the best, {:.1} % at worst",
        shares.len(),
        mean * 100.0,
        worst * 100.0
    );
    println!("before anybody changes seats: {:.1} %, {unimproved_best}", mean_of(&unimproved) * 100.0);
    assert!(shares.len() > 300 && mean >= 0.99 && worst >= 0.7, "{mean}, at worst {worst}");
}
