//! Who should sit at one table: the same walls between each two as for a pair, except that whoever has met or was suggested
//! before may sit down again beside others. docs/GROUPS.md has them in one table.

use std::collections::{BTreeMap, BTreeSet};

use super::{Couple, Gathering, HeldBack, RoundReport, Suggestion};
use crate::domain::ids::{Pair, UserId};
use crate::domain::meetup::Style;
use crate::domain::member::{Profile, Setting};
use crate::domain::pairing::Edge;
use crate::domain::pairing::groups::{self, Beside, Size, Table};

impl Gathering {
    /// Tables of this size, the heaviest first.
    pub(super) fn seat(&self, style: Style, size: Size, at_most: usize, report: &mut RoundReport) -> Vec<Suggestion> {
        let edges = self.ties_at_tables(style, report);
        let profiles: BTreeMap<UserId, &Profile> =
            self.guests.iter().map(|guest| (guest.user, &guest.profile)).collect();
        let reach = |people: &[UserId]| {
            let profiles: Vec<&Profile> = people.iter().filter_map(|user| profiles.get(user).copied()).collect();
            Setting::in_reach(&profiles, self.window)
        };
        let beside = Beside { newcomers: &self.newcomers, avoided: &self.avoided, met: &self.met, reach: &reach };
        let mut tables = groups::tables(&edges, beside, size);
        let inside: usize = tables.iter().map(|table| table.ties.len()).sum();
        report.hold_back(HeldBack::OtherPartners, edges.len() - inside);
        report.hold_back(HeldBack::NextTime, tables.len().saturating_sub(at_most));
        tables.truncate(at_most);
        let talk: BTreeMap<Pair, &Edge> = self.edges.iter().map(|edge| (edge.pair, edge)).collect();
        tables.iter().map(|table| self.at_table(table, &edges, &talk)).collect()
    }

    /// The ties that hold people at a table. Two who were suggested to each other lately rest: nobody sits down on account of
    /// the other, though both may beside others. Two who have met count for little, and a table needs two who have not.
    fn ties_at_tables(&self, style: Style, report: &mut RoundReport) -> Vec<Edge> {
        let guests = self.guests_by_id();
        let mut edges = Vec::new();
        for (pair, Couple { edge, .. }) in self.spoken_for(&guests) {
            let [Some(one), Some(other)] = pair.both().map(|user| guests.get(&user)) else { continue };
            if one.held_back.or(other.held_back).is_some() {
                continue;
            }
            match self.wall(pair, style, one, other) {
                None => edges.push(edge),
                Some(HeldBack::AlreadyMet) if !self.asked_lately.contains(&pair) => edges.push(edge),
                Some(why) => report.hold_back(why, 1),
            }
        }
        edges
    }

    /// At a table of two each wish is a yes, as it is for a pair. A table is told of its `talk`, whatever holds it: of what
    /// holds it, a wish or a rest would show in the count of those who talk.
    fn at_table(&self, table: &Table, edges: &[Edge], talk: &BTreeMap<Pair, &Edge>) -> Suggestion {
        let ties: Vec<&Edge> = table.ties.iter().map(|place| &edges[*place]).collect();
        let wishes = |user: &&UserId| table.people.iter().any(|other| self.wishes.contains(&(**user, *other)));
        let wishing: BTreeSet<UserId> = table.people.iter().filter(wishes).copied().collect();
        let are_two = table.people.len() == 2;
        Suggestion {
            people: table.people.clone(),
            weight: table.weight,
            factors: if let (true, [tie]) = (are_two, &ties[..]) { tie.factors.clone() } else { Vec::new() },
            ties: ties.iter().filter(|_| !are_two).map(|tie| (tie.pair, tie.weight)).collect(),
            reasons: groups::reasons(&table.people, &talk_of(&table.people, talk), 0),
            wishing: wishing.into_iter().filter(|_| are_two).collect(),
        }
    }
}

/// The ties among these people, in the order of their pairs.
fn talk_of<'e>(people: &[UserId], talk: &BTreeMap<Pair, &'e Edge>) -> Vec<&'e Edge> {
    let pairs =
        people.iter().enumerate().flat_map(|(place, one)| people[place + 1..].iter().map(move |other| (*one, *other)));
    pairs.filter_map(|(one, other)| talk.get(&Pair::new(one, other)?).copied()).collect()
}
