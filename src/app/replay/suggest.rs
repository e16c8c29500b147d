//! Who should meet, of all who wrote: pairs, or groups of a size.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::fold::Fold;
use super::report::{Suggestion, TieInside, Told, Weighed};
use crate::cli::Replay;
use crate::domain::ids::UserId;
use crate::domain::pairing::groups::{self, Beside, Size, Table, is_newcomer};
use crate::domain::pairing::{Edge, Factor, Reason, pairs};
use crate::domain::tie::Thousandths;
use crate::texts::{self, Locale};

impl Fold {
    /// The suggestions, heaviest first; for groups also how many who have a tie are in none.
    pub(super) fn suggestions(
        &self,
        edges: &[Edge],
        request: &Replay,
        now: Option<DateTime<Utc>>,
    ) -> (Vec<Suggestion>, Option<usize>) {
        let Some(now) = now else { return (Vec::new(), request.groups.map(|_| 0)) };
        let Some(size) = request.groups else {
            let chosen = pairs::heaviest(edges, usize::MAX).into_iter().map(|place| &edges[place]);
            return (chosen.map(|edge| self.pair(edge)).collect(), None);
        };
        let tables = self.tables(edges, size, now);
        let tied: BTreeSet<UserId> = edges.iter().flat_map(|edge| edge.pair.both()).collect();
        let seated: usize = tables.iter().map(|table| table.people.len()).sum();
        (tables.iter().map(|table| self.group(table, edges)).collect(), Some(tied.len().saturating_sub(seated)))
    }

    /// No export says who avoids whom, who has met, or where anybody lives.
    fn tables(&self, edges: &[Edge], size: Size, now: DateTime<Utc>) -> Vec<Table> {
        let is_new = |since: DateTime<Utc>| self.figures.first.is_some_and(|first| is_newcomer(since, first, now));
        let newcomers = self.people.iter().filter(|(_, person)| person.since.is_some_and(is_new));
        let newcomers = newcomers.map(|(user, _)| *user).collect();
        let nobody = BTreeSet::new();
        let beside = Beside { newcomers: &newcomers, avoided: &nobody, met: &nobody, reach: &|_| true };
        groups::tables(edges, beside, size)
    }

    fn pair(&self, edge: &Edge) -> Suggestion {
        let weighed = |factor: &Factor| Weighed {
            factor: *factor,
            effect: factor.effect(),
            words: texts::factors(Locale::English, &[*factor]),
        };
        Suggestion {
            members: edge.pair.both().to_vec(),
            names: edge.pair.both().iter().map(|user| self.name(*user)).collect(),
            weight: Thousandths(edge.weight).messages(),
            reasons: edge.reasons.iter().map(told).collect(),
            factors: edge.factors.iter().map(weighed).collect(),
            ties: Vec::new(),
        }
    }

    fn group(&self, table: &Table, edges: &[Edge]) -> Suggestion {
        let ties: Vec<&Edge> = table.ties.iter().map(|place| &edges[*place]).collect();
        let reasons = groups::reasons(&table.people, &ties, self.shared_channels(&table.people));
        let inside = |edge: &&Edge| TieInside {
            members: edge.pair.both(),
            names: edge.pair.both().map(|user| self.name(user)),
            weight: Thousandths(edge.weight).messages(),
        };
        Suggestion {
            members: table.people.clone(),
            names: table.people.iter().map(|user| self.name(*user)).collect(),
            weight: Thousandths(table.weight).messages(),
            reasons: reasons.iter().map(told).collect(),
            factors: Vec::new(),
            ties: ties.iter().map(inside).collect(),
        }
    }

    /// Channels in which all of them write.
    pub(super) fn shared_channels(&self, people: &[UserId]) -> u32 {
        let places = |user: &UserId| self.people.get(user).map(|person| &person.places);
        let Some((first, rest)) = people.split_first() else { return 0 };
        let all_write = |place: &&_| rest.iter().all(|user| places(user).is_some_and(|places| places.contains(*place)));
        let shared = places(first).map_or(0, |places| places.iter().filter(all_write).count());
        u32::try_from(shared).unwrap_or(u32::MAX)
    }
}

fn told(reason: &Reason) -> Told {
    Told { reason: reason.clone(), words: texts::reason(Locale::English, reason) }
}
