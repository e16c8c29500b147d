use super::*;
use crate::domain::member::Venue;
use crate::domain::place::CityId;
use crate::domain::trip::Trip;

/// `GeoNames`' numbers.
const UTRECHT: CityId = CityId::new(2_745_912);
const NEW_YORK: CityId = CityId::new(5_128_581);

const PEOPLE: u64 = 8;

fn user(number: u64) -> UserId {
    UserId::new(number).unwrap()
}

fn edge(pair: Pair) -> Edge {
    Edge::of_talk(pair, 5000)
}

fn pair(one: u64, other: u64) -> Pair {
    Pair::new(user(one), user(other)).unwrap()
}

/// Neighbours have ties; each takes what they are told here.
fn gathering(venue: impl Fn(u64) -> Venue) -> Gathering {
    let guest = |number| Guest {
        user: user(number),
        held_back: None,
        profile: Profile { may_be_named: true, open_to_everyone: true, venue: venue(number), ..Profile::default() },
    };
    let pairs = (1..PEOPLE).step_by(2).filter_map(|number| Pair::new(user(number), user(number + 1)));
    Gathering { guests: (1..=PEOPLE).map(guest).collect(), edges: pairs.map(edge).collect(), ..Gathering::default() }
}

#[test]
fn two_who_could_only_meet_where_one_does_not_want_to_are_not_suggested() {
    let mut gathering = gathering(|number| match number {
        1 | 4 => Venue::InPerson,
        2 | 5 => Venue::Call,
        _ => Venue::Either,
    });
    // A wish is no way through.
    gathering.wishes.insert((user(1), user(2)));
    let (couples, report) = gathering.suggest(Style::Discreet, Size::PAIRS, 5);
    assert_eq!(couples.len(), 3);
    assert!(couples.iter().all(|couple| !couple.people.contains(&user(1))));
    assert_eq!(report.held_back, BTreeMap::from([(HeldBack::NoCommonVenue, 1)]));
}
#[test]
fn a_pair_is_not_repeated_before_all_others_are_tried_even_where_these_are_busy() {
    let mut gathering = gathering(|_| Venue::Either);
    gathering.asked_before.insert(pair(1, 2));
    let suggested = |gathering: &Gathering| {
        let (couples, report) = gathering.suggest(Style::Discreet, Size::PAIRS, 9);
        assert_eq!(report.held_back.get(&HeldBack::OthersFirst), (couples.len() < 4).then_some(&1));
        couples.len()
    };
    assert_eq!(suggested(&gathering), 4, "there is nobody else");
    gathering.edges.push(Edge { weight: 1, ..edge(pair(2, 3)) });
    assert_eq!(suggested(&gathering), 3, "3 is a partner for 2, however faint");
    gathering.guests[2].held_back = Some(HeldBack::Busy);
    assert_eq!(gathering.suggest(Style::Discreet, Size::PAIRS, 9).0.len(), 2, "3 will be back");
    gathering.guests[2].held_back = Some(HeldBack::Excluded);
    assert_eq!(gathering.suggest(Style::Discreet, Size::PAIRS, 9).0.len(), 3, "3 may never be");
    gathering.guests[2].held_back = None;
    gathering.wishes.insert((user(1), user(2)));
    assert_eq!(suggested(&gathering), 4, "they wish it themselves");
}

#[test]
fn the_few_of_a_round_are_the_heaviest_few() {
    let mut gathering = gathering(|_| Venue::Either);
    gathering.edges.push(Edge { weight: 5001, ..edge(pair(2, 3)) });
    let (couples, report) = gathering.suggest(Style::Discreet, Size::PAIRS, 1);
    assert_eq!(couples.iter().flat_map(Suggestion::pairs).collect::<Vec<_>>(), [pair(2, 3)]);
    assert_eq!(report.held_back.get(&HeldBack::NextTime), Some(&3));
}

/// All eight talk with each other, in different measure.
fn a_circle() -> Gathering {
    let mut gathering = gathering(|_| Venue::Either);
    let all = (1..=PEOPLE).flat_map(|one| (one + 1..=PEOPLE).map(move |other| (one, other)));
    gathering.edges =
        all.map(|(one, other)| Edge::of_talk(pair(one, other), i64::try_from(900 + one * other).unwrap())).collect();
    gathering
}

fn tables_of(gathering: &Gathering, size: &str, style: Style, at_most: usize) -> (Vec<Suggestion>, RoundReport) {
    gathering.suggest(style, size.parse().unwrap(), at_most)
}

#[test]
fn a_round_makes_tables_where_more_than_two_are_to_sit_at_one() {
    let (tables, report) = tables_of(&a_circle(), "4", Style::Discreet, 5);
    assert_eq!(tables.iter().map(|table| table.people.len()).collect::<Vec<_>>(), [4, 4]);
    assert_eq!((report.suggested, report.held_back.get(&HeldBack::OtherPartners)), (2, Some(&16)));
    assert!(tables.iter().all(|table| table.ties.len() == 6 && table.factors.is_empty() && table.pairs().count() == 6));
    assert!(tables[0].weight > tables[1].weight, "the heaviest first");
    let (tables, report) = tables_of(&a_circle(), "4", Style::Discreet, 1);
    assert_eq!((tables.len(), report.held_back.get(&HeldBack::NextTime)), (1, Some(&1)));
}

#[test]
fn each_wall_between_two_is_one_at_a_table_or_takes_their_tie_away() {
    let together = |gathering: &Gathering, style| {
        let (tables, _) = tables_of(gathering, "4", style, 5);
        tables.iter().flat_map(Suggestion::pairs).collect::<BTreeSet<Pair>>()
    };
    let mut gathering = a_circle();
    gathering.avoided = (1..PEOPLE).map(|one| pair(one, PEOPLE)).collect();
    assert!(together(&gathering, Style::Discreet).iter().all(|two| !two.contains(user(PEOPLE))), "told to nobody");

    let mut gathering = a_circle();
    gathering.guests[0].profile.venue = Venue::Call;
    gathering.guests[1].profile.venue = Venue::InPerson;
    assert!(!together(&gathering, Style::Discreet).contains(&pair(1, 2)));

    let mut gathering = a_circle();
    gathering.guests[0].profile.may_be_named = false;
    assert!(together(&gathering, Style::Open).iter().all(|two| !two.contains(user(1))));
    assert!(together(&gathering, Style::Discreet).iter().any(|two| two.contains(user(1))));
    gathering.met = (2..=PEOPLE).map(|other| pair(1, other)).collect();
    assert!(
        together(&gathering, Style::Open).iter().all(|two| !two.contains(user(1))),
        "also not by whom they have met"
    );

    let mut gathering = a_circle();
    gathering.guests[0].held_back = Some(HeldBack::Busy);
    assert!(together(&gathering, Style::Discreet).iter().all(|two| !two.contains(user(1))));

    let mut gathering = a_circle();
    gathering.asked_lately = gathering.edges.iter().map(|edge| edge.pair).collect();
    assert!(
        together(&gathering, Style::Discreet).is_empty(),
        "nobody sits down on account of whom they were asked about"
    );
    gathering.asked_lately.remove(&pair(1, 2));
    assert!(together(&gathering, Style::Discreet).is_empty(), "two are not four");
    gathering.asked_lately = BTreeSet::from([pair(1, 2)]);
    gathering.edges.retain(|edge| edge.pair.both().iter().filter(|user| user.get() <= 4).count() != 1);
    assert!(together(&gathering, Style::Discreet).contains(&pair(1, 2)), "beside others they may sit");

    let mut gathering = a_circle();
    gathering.met = gathering.edges.iter().map(|edge| edge.pair).collect();
    assert!(together(&gathering, Style::Discreet).is_empty(), "it should bring somebody together");
}

#[test]
fn at_a_table_a_wish_draws_and_is_no_yes() {
    let mut gathering = a_circle();
    gathering.wishes.insert((user(1), user(8)));
    let (tables, _) = tables_of(&gathering, "4", Style::Discreet, 5);
    let table = tables.iter().find(|table| table.people.contains(&user(1))).unwrap();
    assert!(table.people.contains(&user(8)) && table.wishing.is_empty());
}

#[test]
fn a_table_is_told_who_talk_whatever_holds_it() {
    let told = |gathering: &Gathering| {
        let (tables, _) = tables_of(gathering, "4", Style::Discreet, 5);
        let beside = |table: &Suggestion| [7, 8].iter().all(|one| table.people.contains(&user(*one)));
        (tables.len(), tables.iter().find(|table| beside(table)).unwrap().reasons[0].clone())
    };
    let mut gathering = a_circle();
    // Two of them never wrote, and one would like to meet the other.
    gathering.edges.retain(|edge| edge.pair != pair(7, 8));
    gathering.wishes.insert((user(8), user(7)));
    assert_eq!(told(&gathering), (2, Reason::PairsWhoTalk { pairs: 5, of: 6 }), "the wish is not counted");
    let mut gathering = a_circle();
    gathering.edges.retain(|edge| edge.pair.both().iter().filter(|user| user.get() <= 4).count() != 1);
    gathering.asked_lately.insert(pair(7, 8));
    assert_eq!(told(&gathering), (2, Reason::PairsWhoTalk { pairs: 6, of: 6 }), "their rest shows in nothing");
}

/// Seven live in one town and want a table, the eighth an ocean away.
#[test]
fn a_visitor_sits_at_a_table_while_a_trip_brings_them_there() {
    let mut gathering = a_circle();
    for guest in &mut gathering.guests {
        guest.profile.venue = Venue::InPerson;
        guest.profile.city = Some(UTRECHT);
    }
    gathering.guests[7].profile.city = Some(NEW_YORK);
    let day = |text: &str| text.parse().unwrap();
    gathering.guests[7].profile.trips = vec![Trip { city: UTRECHT, first: day("2026-12-05"), last: day("2026-12-06") }];
    let december = |from: &str, until: &str| {
        let at = |day: &str| format!("2026-12-{day}T00:00:00Z").parse().unwrap();
        Some(Interval::new(at(from), at(until)).unwrap())
    };
    let seated = |gathering: &Gathering| tables_of(gathering, "4", Style::Discreet, 5).0.len();
    assert_eq!(seated(&gathering), 1, "everybody at home");
    gathering.window = december("01", "20");
    assert_eq!(seated(&gathering), 2);
    gathering.window = december("08", "28");
    assert_eq!(seated(&gathering), 1, "gone by then");
}
