use super::*;

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
        may_be_named: true,
        open_to_everyone: true,
        venue: venue(number),
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
    let (couples, report) = gathering.pair(Style::Discreet, 5);
    assert_eq!(couples.len(), 3);
    assert!(couples.iter().all(|couple| !couple.pair.contains(user(1))));
    assert_eq!(report.held_back, BTreeMap::from([(HeldBack::NoCommonVenue, 1)]));
}
#[test]
fn a_pair_is_not_repeated_before_all_others_are_tried_even_where_these_are_busy() {
    let mut gathering = gathering(|_| Venue::Either);
    gathering.asked_before.insert(pair(1, 2));
    let suggested = |gathering: &Gathering| {
        let (couples, report) = gathering.pair(Style::Discreet, 9);
        assert_eq!(report.held_back.get(&HeldBack::OthersFirst), (couples.len() < 4).then_some(&1));
        couples.len()
    };
    assert_eq!(suggested(&gathering), 4, "there is nobody else");
    gathering.edges.push(Edge { weight: 1, ..edge(pair(2, 3)) });
    assert_eq!(suggested(&gathering), 3, "3 is a partner for 2, however faint");
    gathering.guests[2].held_back = Some(HeldBack::Busy);
    assert_eq!(gathering.pair(Style::Discreet, 9).0.len(), 2, "3 will be back");
    gathering.guests[2].held_back = Some(HeldBack::Excluded);
    assert_eq!(gathering.pair(Style::Discreet, 9).0.len(), 3, "3 may never be");
    gathering.guests[2].held_back = None;
    gathering.wishes.insert((user(1), user(2)));
    assert_eq!(suggested(&gathering), 4, "they wish it themselves");
}

#[test]
fn the_few_of_a_round_are_the_heaviest_few() {
    let mut gathering = gathering(|_| Venue::Either);
    gathering.edges.push(Edge { weight: 5001, ..edge(pair(2, 3)) });
    let (couples, report) = gathering.pair(Style::Discreet, 1);
    assert_eq!(couples.iter().map(|couple| couple.pair).collect::<Vec<_>>(), [pair(2, 3)]);
    assert_eq!(report.held_back.get(&HeldBack::NextTime), Some(&3));
}
