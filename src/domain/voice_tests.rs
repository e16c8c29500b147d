use proptest::prelude::*;

use super::*;

const LOUNGE: ChannelId = ChannelId::from_column(50);
const ATTIC: ChannelId = ChannelId::from_column(51);
/// Noon of a day, in seconds.
const NOON: i64 = 1_767_614_400;

fn user(raw: i64) -> UserId {
    UserId::from_column(raw)
}

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(NOON + seconds, 0).unwrap()
}

fn minutes(found: &[Together]) -> u32 {
    found.iter().map(|together| together.minutes).sum()
}

/// One and two sit in the lounge since noon.
fn two() -> VoiceRooms {
    let mut rooms = VoiceRooms::default();
    rooms.begin([(user(1), LOUNGE), (user(2), LOUNGE)], at(0));
    rooms
}

#[test]
fn two_in_one_channel_spend_whole_minutes_together_and_one_alone_none() {
    let mut rooms = two();
    rooms.sit(user(3), Some(ATTIC), Some(at(0)));
    assert_eq!(minutes(&rooms.pass(at(59), |_| true)), 0);
    let found = rooms.pass(at(150), |_| true);
    assert_eq!(found, [Together { pair: Pair::new(user(1), user(2)).unwrap(), from: at(0), minutes: 2 }]);
    rooms.sit(user(2), None, Some(at(150)));
    assert_eq!(minutes(&rooms.pass(at(600), |_| true)), 0);
}

#[test]
fn a_channel_that_does_not_count_counts_nothing() {
    assert_eq!(minutes(&two().pass(at(600), |channel| channel != LOUNGE)), 0);
}

#[test]
fn a_day_has_its_cap_and_midnight_begins_another() {
    let mut rooms = two();
    let found = rooms.pass(at(13 * 3600), |_| true);
    assert_eq!(
        found.iter().map(|one| (one.from, one.minutes)).collect::<Vec<_>>(),
        [(at(0), 120), (at(12 * 3600), 60)]
    );
    assert_eq!(minutes(&rooms.pass(at(23 * 3600), |_| true)), 60);
    assert_eq!(minutes(&rooms.pass(at(24 * 3600), |_| true)), 0);
}

#[test]
fn an_audience_is_no_company() {
    let company = i64::try_from(COMPANY).unwrap();
    let mut rooms = VoiceRooms::default();
    rooms.begin((1..=company).map(|raw| (user(raw), LOUNGE)), at(0));
    assert_eq!(rooms.pass(at(60), |_| true).len(), COMPANY * (COMPANY - 1) / 2);
    rooms.sit(user(company + 1), Some(LOUNGE), Some(at(60)));
    assert!(rooms.pass(at(120), |_| true).is_empty());
}

/// Told again after a cut: the line was silent from ten minutes to twenty minutes past noon.
#[test]
fn what_happened_at_an_unknown_time_is_counted_as_short_as_it_may_have_been() {
    let mut rooms = two();
    rooms.begin([(user(1), LOUNGE), (user(2), LOUNGE), (user(3), LOUNGE)], at(0));
    let all_three = rooms.pass(at(600), |_| true);
    assert_eq!(minutes(&all_three), 30);
    rooms.sit(user(2), None, None);
    rooms.sit(user(4), Some(LOUNGE), None);
    // One and Three have been there all the time.
    assert_eq!(minutes(&rooms.pass(at(1200), |_| true)), 10);
    assert_eq!(minutes(&rooms.pass(at(1260), |_| true)), 3, "from now on with Four");
}

#[test]
fn a_new_snapshot_closes_all_stays_where_they_were_last_known() {
    let mut rooms = two();
    assert_eq!(minutes(&rooms.pass(at(300), |_| true)), 5);
    rooms.begin([(user(1), LOUNGE), (user(2), LOUNGE)], at(900));
    assert_eq!(minutes(&rooms.pass(at(960), |_| true)), 1);
}

/// Who does what when: seconds since the act before, the person, and where to.
fn acts() -> impl Strategy<Value = Vec<(i64, i64, Option<ChannelId>)>> {
    let place = prop_oneof![Just(None), Just(Some(LOUNGE)), Just(Some(ATTIC))];
    proptest::collection::vec((0..200_i64, 1..5_i64, place), 1..30)
}

/// Minute by minute and pair by pair, from the acts alone.
fn truth(acts: &[(i64, i64, Option<ChannelId>)], end: i64) -> BTreeMap<Pair, u32> {
    let mut now = 0;
    let timed: Vec<_> = acts
        .iter()
        .map(|(after, who, place)| {
            now += after;
            (now, *who, *place)
        })
        .collect();
    // Where somebody is at the end of a second; acts of that second are done.
    let place = |who: i64, second: i64| {
        timed.iter().rev().find(|(when, of, _)| *when <= second && *of == who).and_then(|(.., place)| *place)
    };
    let mut truth = BTreeMap::new();
    for begins in (0..end - 59).step_by(60) {
        for one in 1..5 {
            for other in one + 1..5 {
                let there = place(one, begins).filter(|there| place(other, begins) == Some(*there));
                let stayed = |who| {
                    (begins..begins + 60).all(|second| place(who, second) == there)
                        && !timed.iter().any(|(when, of, to)| {
                            *of == who && (begins + 1..begins + 60).contains(when) && *to != there
                        })
                };
                if there.is_some() && stayed(one) && stayed(other) {
                    *truth.entry(Pair::new(user(one), user(other)).unwrap()).or_insert(0) += 1;
                }
            }
        }
    }
    truth
}

proptest! {
    /// However often somebody looks, and wherever the process dies and begins anew from its stays.
    #[test]
    fn the_minutes_are_those_that_were(acts in acts(), looks in proptest::collection::vec((0..60_usize, any::<bool>()), 0..20)) {
        let mut rooms = VoiceRooms::default();
        let (mut now, mut found) = (0, Vec::new());
        for (index, (after, who, place)) in acts.iter().enumerate() {
            for (_, dies) in looks.iter().filter(|(at, _)| *at == index) {
                found.extend(rooms.pass(at(now + after / 2), |_| true));
                if *dies {
                    rooms = VoiceRooms::of(rooms.stays().collect::<Vec<_>>());
                }
            }
            now += after;
            found.extend(rooms.pass(at(now), |_| true));
            rooms.sit(user(*who), *place, Some(at(now)));
        }
        found.extend(rooms.pass(at(now + 300), |_| true));
        let mut counted = BTreeMap::new();
        for together in found {
            *counted.entry(together.pair).or_insert(0) += together.minutes;
        }
        let mut truth = truth(&acts, now + 300);
        // The cap of a day; whoever begins anew begins it anew.
        truth.retain(|_, minutes| *minutes > 0);
        prop_assert_eq!(counted, truth);
    }

    /// Unknown times never make it more.
    #[test]
    fn an_unknown_time_never_adds_a_minute(acts in acts(), unknown in proptest::collection::vec(any::<bool>(), 40)) {
        let (mut rooms, mut now, mut counted) = (VoiceRooms::default(), 0, 0);
        for ((after, who, place), unknown) in acts.iter().zip(unknown) {
            now += after;
            if unknown {
                rooms.sit(user(*who), *place, None);
            } else {
                counted += minutes(&rooms.pass(at(now), |_| true));
                rooms.sit(user(*who), *place, Some(at(now)));
            }
        }
        counted += minutes(&rooms.pass(at(now + 300), |_| true));
        prop_assert!(counted <= truth(&acts, now + 300).values().sum::<u32>());
    }
}
