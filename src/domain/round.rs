//! A round: the moment at which Wallflower looks for people who should meet. Pure: who may be suggested to whom, which
//! pairs to choose, and an honest account of why so few.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::ids::{Pair, UserId};
use super::meetup::Style;
use super::member::Venue;
use super::pairing::{Edge, Factor, Reason, pairs};

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

impl Guest {
    /// Takes part, though perhaps not in this round.
    const fn may_come_back(&self) -> bool {
        matches!(self.held_back, None | Some(HeldBack::Busy | HeldBack::AskLimit))
    }
}

impl Couple {
    fn edge(&self) -> Edge {
        let Self { pair, weight, factors, reasons, wishing: _ } = self.clone();
        Edge { pair, weight, talk: 0, replies: 0, factors, reasons }
    }
}

/// Why a member or a pair is not suggested this time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HeldBack {
    Paused,
    /// Kept out by the admins.
    Excluded,
    /// A meetup of theirs is open.
    Busy,
    /// Has not (any more) the role that the admins require.
    RoleMissing,
    /// Has had as many asks as the admins allow.
    AskLimit,
    /// They met not long ago, or know each other.
    AlreadyMet,
    /// Suggested to each other not long ago.
    AskedLately,
    /// Suggested to each other before, and one of them has others to whom they never were.
    OthersFirst,
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
    /// Who have met not long ago, or know each other.
    pub met: BTreeSet<Pair>,
    pub asked_lately: BTreeSet<Pair>,
    /// Whoever was suggested to each other before, within the time that is remembered.
    pub asked_before: BTreeSet<Pair>,
    pub avoided: BTreeSet<Pair>,
    /// Who would like to meet whom.
    pub wishes: BTreeSet<(UserId, UserId)>,
}

/// Two who are to be asked, and who of them has said so already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Couple {
    pub pair: Pair,
    pub weight: i64,
    /// What the weight is made of. Told to nobody whom it is about.
    pub factors: Vec<Factor>,
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

    /// So many people are kept out by the admins, members or not: how many of them are members would tell who is in.
    pub fn keeps_out(&mut self, people: usize) {
        self.held_back.remove(&HeldBack::Excluded);
        if people > 0 {
            self.held_back.insert(HeldBack::Excluded, people);
        }
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
        let edges: Vec<_> = couples.iter().map(Couple::edge).collect();
        let matched = pairs::heaviest(&edges, usize::MAX).len();
        let chosen: Vec<_> = pairs::heaviest(&edges, at_most).into_iter().map(|index| couples[index].clone()).collect();
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
            let Edge { pair, weight, factors, reasons, .. } = edge.clone();
            couples.insert(pair, Couple { pair, weight, factors, reasons, wishing: Vec::new() });
        }
        for (wisher, wished) in &self.wishes {
            let (Some(pair), Some(other)) = (Pair::new(*wisher, *wished), guests.get(wished)) else { continue };
            if other.open_to_everyone {
                let (factors, reasons, wishing) = (Vec::new(), Vec::new(), Vec::new());
                couples.entry(pair).or_insert(Couple { pair, weight: 0, factors, reasons, wishing });
            }
            if let Some(couple) = couples.get_mut(&pair) {
                couple.weight = couple.weight.saturating_add(WISH_WEIGHT);
                couple.factors.push(Factor::Wished { adds: WISH_WEIGHT });
                couple.wishing.push(*wisher);
            }
        }
        let mut held_back = |why| *report.held_back.entry(why).or_default() += 1;
        couples.retain(|pair, _| {
            let [Some(one), Some(other)] = pair.both().map(|user| guests.get(&user)) else { return false };
            if !one.may_come_back() || !other.may_come_back() {
                return false;
            }
            let wall = self.wall(*pair, style, one, other);
            if one.held_back.or(other.held_back).is_none() {
                wall.into_iter().for_each(&mut held_back);
            }
            wall.is_none()
        });
        let have_others = self.who_has_others(&couples);
        couples.retain(|pair, couple| {
            let others_first = self.asked_before.contains(pair)
                && couple.wishing.is_empty()
                && pair.both().iter().any(|user| have_others.contains(user));
            let is_here = |user| guests.get(&user).is_some_and(|guest| guest.held_back.is_none());
            let are_here = pair.both().into_iter().all(is_here);
            if are_here && others_first {
                held_back(HeldBack::OthersFirst);
            }
            are_here && !others_first
        });
        couples.into_values().collect()
    }

    /// Who could be suggested to somebody to whom they never were: now, or once a meetup or a limit lets them.
    fn who_has_others(&self, couples: &BTreeMap<Pair, Couple>) -> BTreeSet<UserId> {
        let new = couples.keys().filter(|pair| !self.asked_before.contains(pair));
        new.flat_map(|pair| pair.both()).collect()
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
mod tests;
