//! What a replay found, as figures: the shape of `--json`.

use std::cmp::Reverse;

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::fold::Fold;
use crate::cli::Replay;
use crate::domain::ids::{Pair, UserId};
use crate::domain::pairing::{About, Edge, Effect, Factor, Reason, weigh};
use crate::domain::tie::{Counts, DeltaKey, HalfLife, Kind, Talk, Thousandths, Week};

/// All that a replay tells. Ids are strings, amounts are in messages, moments are RFC 3339.
#[derive(Debug, Serialize)]
pub struct Report {
    pub messages: u64,
    /// Threads and forum posts included.
    pub channels: usize,
    pub threads: usize,
    pub people: usize,
    pub communities: usize,
    pub first: Option<DateTime<Utc>>,
    pub last: Option<DateTime<Utc>>,
    /// The moment looked from.
    pub now: Option<DateTime<Utc>>,
    pub half_life_days: Option<f64>,
    pub weeks: Option<u32>,
    pub replies: u64,
    /// Replies to messages that are not in the export.
    pub unknown_replies: u64,
    /// One per person and message.
    pub reactions: u64,
    /// Reactions whose people the export does not name.
    pub nameless_reactions: u64,
    pub repeats: u64,
    /// Messages that stood after a later one.
    pub backwards: u64,
    pub skipped: Skipped,
    pub talkers: Vec<Talker>,
    pub ties: Vec<Tie>,
    pub suggestions: Vec<Suggestion>,
    /// The size of the groups, where groups were asked for, and how many who talk with somebody are at no table.
    pub groups: Option<String>,
    pub left_over: Option<usize>,
}

/// What `--skip-bad` left out.
#[derive(Debug, Serialize)]
pub struct Skipped {
    pub messages: u64,
    pub files: u64,
}

#[derive(Debug, Serialize)]
pub struct Talker {
    pub id: UserId,
    pub name: String,
    pub messages: u64,
}

/// Two who answer each other; `a` has the smaller id.
#[derive(Debug, Serialize)]
pub struct Tie {
    pub a: UserId,
    pub b: UserId,
    pub a_name: String,
    pub b_name: String,
    pub strength: f64,
    /// What their talk weighs when pairs are chosen; none where it is too faint to suggest anything.
    pub weight: Option<f64>,
    /// The two directions that the strength is the harmonic mean of.
    pub a_to_b: f64,
    pub b_to_a: f64,
    /// In whole messages, guesses included; the two directions, then both.
    pub messages_a_to_b: u64,
    pub messages_b_to_a: u64,
    pub messages: u64,
    pub replies: u64,
    pub mentions: u64,
    /// Inferred from turn-taking.
    pub turns: u64,
    pub reactions: u64,
    /// Threads in which both wrote, once for each week.
    pub threads: u64,
    /// Weeks in which they talked.
    pub weeks: u32,
    pub percent_answered: u8,
}

#[derive(Debug, Serialize)]
pub struct Suggestion {
    pub members: Vec<UserId>,
    pub names: Vec<String>,
    pub weight: f64,
    pub reasons: Vec<Told>,
    /// What the weight of a pair is made of; in the bot told to nobody whom it is about.
    pub factors: Vec<Weighed>,
    /// What the weight of a group is made of: the ties among them, heaviest first.
    pub ties: Vec<TieInside>,
}

#[derive(Debug, Serialize)]
pub struct TieInside {
    pub members: [UserId; 2],
    pub names: [String; 2],
    pub weight: f64,
}

/// A factor of a weight, for machines and in words with what it does.
#[derive(Debug, Serialize)]
pub struct Weighed {
    #[serde(flatten)]
    pub factor: Factor,
    pub effect: Effect,
    pub words: String,
}

/// A reason, for machines and in words.
#[derive(Debug, Serialize)]
pub struct Told {
    #[serde(flatten)]
    pub reason: Reason,
    pub words: String,
}

impl Fold {
    /// Looks at all that was read, from the moment and over the weeks that are asked for.
    pub(super) fn report(&self, request: &Replay) -> Report {
        let now = request.now.or(self.figures.last);
        let (mut ties, edges) = self.weighed(request, now);
        let (mut suggestions, left_over) = self.suggestions(&edges, request, now);
        let mut talkers = self.talkers();
        let most = request.top.unwrap_or(usize::MAX);
        ties.truncate(most);
        suggestions.truncate(most);
        talkers.truncate(most);
        let figures = &self.figures;
        Report {
            messages: figures.messages,
            channels: self.channels.len(),
            threads: self.channels.values().filter(|is_thread| **is_thread).count(),
            people: self.people.len(),
            communities: self.communities.len(),
            first: figures.first,
            last: figures.last,
            now,
            half_life_days: request.half_life.map(HalfLife::as_days),
            weeks: request.weeks,
            replies: figures.replies,
            unknown_replies: figures.unknown_replies,
            reactions: figures.reactions,
            nameless_reactions: figures.nameless_reactions,
            repeats: figures.repeats,
            backwards: self.seen.backwards(),
            skipped: Skipped { messages: figures.bad_messages, files: figures.broken_files },
            talkers,
            ties,
            suggestions,
            groups: request.groups.map(|size| size.to_string()),
            left_over,
        }
    }

    /// The ties, strongest first, and what may be suggested, of all pairs of authors; whoever was named but never wrote has
    /// not consented to anything. One pair's counts are put together at a time: most pairs are hardly more than a guess.
    fn weighed(&self, request: &Replay, now: Option<DateTime<Utc>>) -> (Vec<Tie>, Vec<Edge>) {
        let Some(now) = now else { return (Vec::new(), Vec::new()) };
        let span = request.weeks.map(|count| Week::of(now).earlier(count - 1)..=Week::of(now));
        let wanted = |((_, pair, week, _), _): &(DeltaKey, Talk)| {
            let consented = pair.both().iter().all(|user| self.people.contains_key(user));
            consented && span.as_ref().is_none_or(|span| span.contains(week))
        };
        let mut rows: Vec<(DeltaKey, Talk)> = self.deltas.iter().filter(wanted).collect();
        rows.sort_unstable_by_key(|((community, pair, week, kind), _)| (*pair, *week, *kind, *community));
        let (mut ties, mut edges) = (Vec::new(), Vec::new());
        for rows in rows.chunk_by(|((_, one, ..), _), ((_, other, ..), _)| one == other) {
            let mut counts = Counts::default();
            for ((_, _, week, kind), talk) in rows {
                counts.add(*week, *kind, *talk);
            }
            let (_, pair, ..) = rows[0].0;
            let about = About { shared_channels: self.shared_channels(&pair.both()), ..About::default() };
            ties.extend(self.tie(pair, &counts, request, now));
            edges.extend(weigh(pair, &counts, &about, now, request.half_life));
        }
        // Pairs come sorted and the sort is stable, so equals stay in the order of their ids.
        ties.sort_by(|one: &Tie, other| other.strength.total_cmp(&one.strength));
        (ties, edges)
    }

    fn tie(&self, pair: Pair, counts: &Counts, request: &Replay, now: DateTime<Utc>) -> Option<Tie> {
        let strength = counts.strength(now, request.half_life);
        (strength.thousandths() > Thousandths::ZERO).then(|| Tie {
            a: pair.low(),
            b: pair.high(),
            a_name: self.name(pair.low()),
            b_name: self.name(pair.high()),
            strength: strength.thousandths().messages(),
            weight: weigh(pair, counts, &About::default(), now, request.half_life)
                .map(|edge| Thousandths(edge.weight).messages()),
            a_to_b: strength.low_to_high,
            b_to_a: strength.high_to_low,
            messages_a_to_b: counts.messages().low_to_high.rounded(),
            messages_b_to_a: counts.messages().high_to_low.rounded(),
            messages: counts.messages().total().rounded(),
            replies: counts.of_kind(Kind::Reply).total().rounded(),
            mentions: counts.of_kind(Kind::Mention).total().rounded(),
            turns: counts.of_kind(Kind::Turn).total().rounded(),
            reactions: counts.of_kind(Kind::Reaction).total().rounded(),
            threads: counts.of_kind(Kind::Thread).low_to_high.rounded(),
            weeks: counts.weeks_talked(),
            percent_answered: counts.percent_answered(),
        })
    }

    fn talkers(&self) -> Vec<Talker> {
        let mut talkers: Vec<Talker> = self
            .people
            .iter()
            .map(|(id, person)| Talker { id: *id, name: self.name(*id), messages: person.messages })
            .collect();
        talkers.sort_by_key(|talker| Reverse(talker.messages));
        talkers
    }

    /// As in the export; the id of whoever has no name that can be shown.
    pub(super) fn name(&self, user: UserId) -> String {
        let name = self.people.get(&user).map(|person| person.name.clone()).filter(|name| !name.is_empty());
        name.unwrap_or_else(|| user.to_string())
    }
}
