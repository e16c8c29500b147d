//! A round: the moment at which Wallflower looks for people who should meet. Pure: who may be suggested to whom, which
//! pairs to choose, and an honest account of why so few.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::ids::{Pair, UserId};
use super::meetup::Style;
use super::member::Venue;
use super::pairing::{Edge, Reason, pairs};

/// Below this many members a suggestion would be a guessing game about who else is in.
pub const FEWEST_MEMBERS: usize = 8;
/// What a wish ("I'd like to meet X") adds to the weight of a pair: more than most ties, so that it is asked soon.
const WISH_WEIGHT: i64 = 20_000;

/// A member as a round sees them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guest {
    pub user: UserId,
    /// What keeps them out of this round, if anything does.
    pub held_back: Option<HeldBack>,
    pub may_be_named: bool,
    pub open_to_everyone: bool,
    pub venue: Venue,
}

/// Why a member or a pair is not suggested this time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HeldBack {
    Paused,
    /// Excluded by the admins.
    Excluded,
    /// A meetup of theirs is open.
    Busy,
    /// Has not (any more) the role that the admins require.
    RoleMissing,
    /// Has had as many asks as the admins allow.
    AskLimit,
    AlreadyMet,
    /// Suggested to each other not long ago.
    AskedLately,
    /// One of them would rather not. Told to nobody by name.
    Avoided,
    /// One wants to sit at a table, the other takes calls only.
    NoCommonVenue,
    /// Style *open*, and one of them does not want their name in the channel.
    NotNamed,
    /// Better partners were found for them.
    OtherPartners,
    /// Beyond the number of pairs of one round: their turn comes.
    NextTime,
}

/// What a round looks at.
#[derive(Debug, Clone, Default)]
pub struct Gathering {
    pub guests: Vec<Guest>,
    /// The ties between members, weighed.
    pub edges: Vec<Edge>,
    pub met: BTreeSet<Pair>,
    pub asked_lately: BTreeSet<Pair>,
    pub avoided: BTreeSet<Pair>,
    /// Who would like to meet whom.
    pub wishes: BTreeSet<(UserId, UserId)>,
}

/// Two who are to be asked, and who of them has said so already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Couple {
    pub pair: Pair,
    pub weight: i64,
    pub reasons: Vec<Reason>,
    pub wishing: Vec<UserId>,
}

/// What came of a round, for the admins: numbers only.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct RoundReport {
    /// Members who take part.
    pub members: usize,
    /// Ties among them.
    pub ties: usize,
    pub suggested: usize,
    /// How many members or pairs each reason held back.
    pub held_back: BTreeMap<HeldBack, usize>,
}

impl RoundReport {
    /// Whether there are enough members and ties for a round at all.
    pub const fn is_ripe(&self) -> bool {
        self.members >= FEWEST_MEMBERS && self.ties > 0
    }
}

impl Gathering {
    /// Chooses at most `at_most` pairs, nobody twice, the heaviest altogether.
    pub fn pair(&self, style: Style, at_most: usize) -> (Vec<Couple>, RoundReport) {
        let mut report = RoundReport {
            members: self.guests.iter().filter(|guest| guest.held_back != Some(HeldBack::Paused)).count(),
            ties: self.edges.len(),
            ..RoundReport::default()
        };
        for held_back in self.guests.iter().filter_map(|guest| guest.held_back) {
            *report.held_back.entry(held_back).or_default() += 1;
        }
        if !report.is_ripe() {
            return (Vec::new(), report);
        }
        let couples = self.couples(style, &mut report);
        let edges: Vec<_> = couples
            .iter()
            .map(|couple| Edge { pair: couple.pair, weight: couple.weight, reasons: couple.reasons.clone() })
            .collect();
        let mut chosen: Vec<_> = pairs::heaviest(&edges).into_iter().map(|index| couples[index].clone()).collect();
        chosen.sort_by_key(|couple| (std::cmp::Reverse(couple.weight), couple.pair));
        let matched = chosen.len();
        chosen.truncate(at_most);
        report.suggested = chosen.len();
        for (reason, number) in
            [(HeldBack::OtherPartners, couples.len() - matched), (HeldBack::NextTime, matched - chosen.len())]
        {
            if number > 0 {
                report.held_back.insert(reason, number);
            }
        }
        (chosen, report)
    }

    /// All pairs that could be suggested now: by a tie, or by a wish where the other is open to everyone.
    fn couples(&self, style: Style, report: &mut RoundReport) -> Vec<Couple> {
        let guests: BTreeMap<_, _> = self.guests.iter().map(|guest| (guest.user, guest)).collect();
        let mut couples: BTreeMap<Pair, Couple> = BTreeMap::new();
        for edge in &self.edges {
            let couple =
                Couple { pair: edge.pair, weight: edge.weight, reasons: edge.reasons.clone(), wishing: Vec::new() };
            couples.insert(edge.pair, couple);
        }
        for (wisher, wished) in &self.wishes {
            let (Some(pair), Some(other)) = (Pair::new(*wisher, *wished), guests.get(wished)) else { continue };
            if other.open_to_everyone {
                let stranger = Couple { pair, weight: 0, reasons: Vec::new(), wishing: Vec::new() };
                couples.entry(pair).or_insert(stranger);
            }
            if let Some(couple) = couples.get_mut(&pair) {
                couple.weight += WISH_WEIGHT;
                couple.wishing.push(*wisher);
            }
        }
        couples.retain(|pair, _| {
            let both = pair.both().map(|user| guests.get(&user));
            let [Some(one), Some(other)] = both else { return false };
            if one.held_back.is_some() || other.held_back.is_some() {
                return false;
            }
            let wall = self.wall(*pair, style, one, other);
            if let Some(wall) = wall {
                *report.held_back.entry(wall).or_default() += 1;
            }
            wall.is_none()
        });
        couples.into_values().collect()
    }

    fn wall(&self, pair: Pair, style: Style, one: &Guest, other: &Guest) -> Option<HeldBack> {
        if self.avoided.contains(&pair) {
            Some(HeldBack::Avoided)
        } else if self.met.contains(&pair) {
            Some(HeldBack::AlreadyMet)
        } else if self.asked_lately.contains(&pair) {
            Some(HeldBack::AskedLately)
        } else if one.venue.excludes(other.venue) {
            Some(HeldBack::NoCommonVenue)
        } else if style == Style::Open && !(one.may_be_named && other.may_be_named) {
            Some(HeldBack::NotNamed)
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PEOPLE: u64 = 8;

    fn user(number: u64) -> UserId {
        UserId::new(number).unwrap()
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
        Gathering {
            guests: (1..=PEOPLE).map(guest).collect(),
            edges: pairs.map(|pair| Edge { pair, weight: 5000, reasons: Vec::new() }).collect(),
            ..Gathering::default()
        }
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
}
