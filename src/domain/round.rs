//! A round: the moment at which Wallflower looks for people who should meet. Pure: who may be suggested to whom, which
//! pairs to choose, and an honest account of why so few.

mod tables;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::ids::{Pair, UserId};
use super::meetup::Style;
use super::member::Profile;
use super::pairing::groups::Size;
use super::pairing::{Edge, Factor, Reason, pairs};
use super::slot::Interval;

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
    pub profile: Profile,
}

impl Guest {
    /// Takes part, though perhaps not in this round.
    const fn may_come_back(&self) -> bool {
        matches!(self.held_back, None | Some(HeldBack::Busy | HeldBack::AskLimit))
    }
}

/// Two who could be suggested to each other.
#[derive(Debug, Clone)]
struct Couple {
    edge: Edge,
    wishing: Vec<UserId>,
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
    /// Beyond the number of suggestions of one round: their turn comes.
    NextTime,
}

/// What a round looks at.
#[derive(Debug, Clone, Default)]
pub struct Gathering {
    pub guests: Vec<Guest>,
    /// The ties between members, weighed.
    pub edges: Vec<Edge>,
    /// Who is new here, while others are not.
    pub newcomers: BTreeSet<UserId>,
    /// Who have met not long ago, or know each other.
    pub met: BTreeSet<Pair>,
    pub asked_lately: BTreeSet<Pair>,
    /// Whoever was suggested to each other before, within the time that is remembered.
    pub asked_before: BTreeSet<Pair>,
    pub avoided: BTreeSet<Pair>,
    /// Who would like to meet whom.
    pub wishes: BTreeSet<(UserId, UserId)>,
    /// When the polls that follow will offer times: trips count as far as they lie within. Without it, everybody is at home.
    pub window: Option<Interval>,
}

/// People who are to be asked whether they would like to meet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// By their ids: two, or as many as sit at a table.
    pub people: Vec<UserId>,
    pub weight: i64,
    /// What the weight of two is made of. Told to nobody whom it is about.
    pub factors: Vec<Factor>,
    /// What the weight of a table is made of: the ties inside, heaviest first. Told to nobody either.
    pub ties: Vec<(Pair, i64)>,
    pub reasons: Vec<Reason>,
    /// Who of two has said so already. Whoever wishes to meet one has not said so of a table.
    pub wishing: Vec<UserId>,
}

impl Suggestion {
    fn of_two(couple: &Couple) -> Self {
        let Couple { edge: Edge { pair, weight, factors, reasons, .. }, wishing } = couple.clone();
        Self { people: pair.both().to_vec(), weight, factors, ties: Vec::new(), reasons, wishing }
    }

    /// Each two of its people.
    pub fn pairs(&self) -> impl Iterator<Item = Pair> {
        let two = |(index, one): (usize, &UserId)| (*one, self.people[..index].to_vec());
        let all = self.people.iter().enumerate().map(two);
        all.flat_map(|(one, others)| others.into_iter().filter_map(move |other| Pair::new(one, other)))
    }
}

/// What came of a round, for the admins: numbers only.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct RoundReport {
    /// Members who take part.
    pub members: usize,
    /// Ties among them.
    pub ties: usize,
    /// Pairs or tables that were suggested.
    pub suggested: usize,
    /// How many members or pairs each reason held back.
    pub held_back: BTreeMap<HeldBack, usize>,
}

impl RoundReport {
    /// Whether there are enough members and ties for a round at all.
    pub const fn is_ripe(&self) -> bool {
        self.members >= FEWEST_MEMBERS && self.ties > 0
    }

    fn hold_back(&mut self, why: HeldBack, number: usize) {
        if number > 0 {
            *self.held_back.entry(why).or_default() += number;
        }
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
    /// Chooses at most `at_most` pairs, or tables of that size; nobody twice, the heaviest altogether.
    pub fn suggest(&self, style: Style, size: Size, at_most: usize) -> (Vec<Suggestion>, RoundReport) {
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
        let chosen = if size == Size::PAIRS {
            self.pair(style, at_most, &mut report)
        } else {
            self.seat(style, size, at_most, &mut report)
        };
        report.suggested = chosen.len();
        (chosen, report)
    }

    fn pair(&self, style: Style, at_most: usize, report: &mut RoundReport) -> Vec<Suggestion> {
        let couples = self.couples(style, report);
        let edges: Vec<_> = couples.iter().map(|couple| couple.edge.clone()).collect();
        let matched = pairs::heaviest(&edges, usize::MAX).len();
        let chosen: Vec<_> =
            pairs::heaviest(&edges, at_most).into_iter().map(|index| Suggestion::of_two(&couples[index])).collect();
        report.hold_back(HeldBack::OtherPartners, couples.len() - matched);
        report.hold_back(HeldBack::NextTime, matched - chosen.len());
        chosen
    }

    /// All pairs that somebody speaks for: by a tie, or by a wish where the other is open to everyone.
    fn spoken_for(&self, guests: &BTreeMap<UserId, &Guest>) -> BTreeMap<Pair, Couple> {
        let mut couples: BTreeMap<Pair, Couple> = BTreeMap::new();
        for edge in &self.edges {
            couples.insert(edge.pair, Couple { edge: edge.clone(), wishing: Vec::new() });
        }
        for (wisher, wished) in &self.wishes {
            let (Some(pair), Some(other)) = (Pair::new(*wisher, *wished), guests.get(wished)) else { continue };
            if other.profile.open_to_everyone {
                couples.entry(pair).or_insert_with(|| Couple { edge: Edge::of_talk(pair, 0), wishing: Vec::new() });
            }
            if let Some(couple) = couples.get_mut(&pair) {
                couple.edge.weight = couple.edge.weight.saturating_add(WISH_WEIGHT);
                couple.edge.factors.push(Factor::Wished { adds: WISH_WEIGHT });
                couple.wishing.push(*wisher);
            }
        }
        couples
    }

    fn guests_by_id(&self) -> BTreeMap<UserId, &Guest> {
        self.guests.iter().map(|guest| (guest.user, guest)).collect()
    }

    /// All pairs that could be suggested now.
    fn couples(&self, style: Style, report: &mut RoundReport) -> Vec<Couple> {
        let guests = self.guests_by_id();
        let mut couples = self.spoken_for(&guests);
        let mut held_back = |why| report.hold_back(why, 1);
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

    /// Those that stand for ever come first: a table may seat two who only rest from each other.
    fn wall(&self, pair: Pair, style: Style, one: &Guest, other: &Guest) -> Option<HeldBack> {
        if self.avoided.contains(&pair) {
            Some(HeldBack::Avoided)
        } else if one.profile.venue.excludes(other.profile.venue) {
            Some(HeldBack::NoCommonVenue)
        } else if style == Style::Open && !(one.profile.may_be_named && other.profile.may_be_named) {
            Some(HeldBack::NotNamed)
        } else if self.met.contains(&pair) {
            Some(HeldBack::AlreadyMet)
        } else if self.asked_lately.contains(&pair) {
            Some(HeldBack::AskedLately)
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests;
