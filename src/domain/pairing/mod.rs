//! Who should meet: how much each pair speaks for itself, and in which words that can be told.

pub mod factor;
pub mod groups;
pub mod history;
pub mod matching;
mod numbered;
pub mod pairs;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::ids::Pair;
use super::tie::{Counts, HalfLife, Kind, Thousandths};

pub use factor::{Distance, Effect, Factor};
pub use history::{History, Suggested};

/// The least strength at which a meeting is worth suggesting: two messages each way are an exchange, one is chance.
pub const FAINTEST: Thousandths = Thousandths(2000);
/// The share of answers from which "you answer each other" is true.
const EVEN_PERCENT: u8 = 40;
/// Replies from which their number says something.
const SOME_REPLIES: u64 = 2;
/// Minutes together, and threads, from which they say something beside messages.
const SOME_MINUTES: u64 = 30;
const SOME_THREADS: u64 = 2;

/// A pair that may be suggested.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edge {
    pub pair: Pair,
    /// In thousandths of a message; above zero.
    pub weight: i64,
    /// The part of it that is their talk: the tie times all shares, before waiting and wishes are added.
    pub talk: i64,
    /// Replies between them, told or not.
    pub replies: u64,
    /// What the weight is made of. Told to nobody whom it is about.
    pub factors: Vec<Factor>,
    /// What may be told to both, the most telling first.
    pub reasons: Vec<Reason>,
}

impl Edge {
    /// All of it talk, of which nothing is told.
    pub const fn of_talk(pair: Pair, weight: i64) -> Self {
        Self { pair, weight, talk: weight, replies: 0, factors: Vec::new(), reasons: Vec::new() }
    }
}

/// What is known of two beside their talk; by default nothing, and then nothing is held for or against them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct About {
    /// Channels in which both write.
    pub shared_channels: u32,
    /// When they last met, if ever.
    pub met_at: Option<DateTime<Utc>>,
    pub distance: Option<Distance>,
    /// Parts of the week that both have free.
    pub free_together: Option<u32>,
    /// Suggestions of the two that came to nothing within a year.
    pub came_to_nothing: u32,
    pub weeks_waited: [u32; 2],
}

/// Why two should meet, in figures that both could count themselves: no name, no place, nothing said by one alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "reason", rename_all = "kebab-case")]
pub enum Reason {
    /// Replies between them, both directions together, and the weeks that hold them.
    Replies {
        count: u64,
        weeks: u32,
    },
    /// Messages for each other, replies and guesses included.
    Talk {
        messages: u64,
        weeks: u32,
    },
    /// What the quieter one writes to the other, in percent of what the other does.
    AnswerEachOther {
        percent: u8,
    },
    /// Minutes that both were in one voice channel and heard each other.
    Voice {
        minutes: u64,
    },
    /// Threads in which both wrote in the same week.
    Threads {
        count: u64,
    },
    /// Channels in which both write.
    SharedChannels {
        count: u32,
    },
    /// Of all pairs at a table so many talk with each other.
    PairsWhoTalk {
        pairs: u32,
        of: u32,
    },
    /// Replies among all at a table, and messages for each other, over all pairs who talk.
    RepliesAmongAll {
        count: u64,
    },
    TalkAmongAll {
        messages: u64,
    },
    /// Channels in which all at a table write.
    ChannelsOfAll {
        count: u32,
    },
}

/// The edge of a pair at `now`, or `None` where their tie is too faint to suggest anything.
pub fn weigh(
    pair: Pair,
    counts: &Counts,
    about: &About,
    now: DateTime<Utc>,
    half_life: Option<HalfLife>,
) -> Option<Edge> {
    let strength = counts.strength(now, half_life).thousandths();
    (strength >= FAINTEST).then(|| {
        let talk = [factor::tie(strength), Factor::Steady { tenths_of_weeks: counts.spread(now, half_life) }];
        let replies = counts.of_kind(Kind::Reply).total().rounded();
        Edge { replies, reasons: reasons(counts, about.shared_channels), ..edge(pair, &talk, about, now) }
    })
}

/// The edge of a pair whose talk makes these factors, at `now`; without reasons.
pub fn edge(pair: Pair, talk: &[Factor], about: &About, now: DateTime<Utc>) -> Edge {
    let factors: Vec<_> = talk.iter().copied().chain(circumstances(about, now)).collect();
    let (weight, talk) = (factor::weight(&factors), factor::talk(&factors));
    Edge { pair, weight, talk, replies: 0, factors, reasons: Vec::new() }
}

/// The factors that do not follow from their talk.
fn circumstances(about: &About, now: DateTime<Utc>) -> impl Iterator<Item = Factor> {
    let days = |met_at: DateTime<Utc>| u32::try_from((now - met_at).num_days()).unwrap_or(0);
    let times = about.came_to_nothing;
    let waited = about.weeks_waited;
    [
        Some(about.met_at.map_or(Factor::NeverMet, |met_at| Factor::Met { days: days(met_at) })),
        about.distance.map(|distance| Factor::Near { distance }),
        about.free_together.map(|parts| Factor::FreeTogether { parts }),
        (times > 0).then_some(Factor::CameToNothing { times }),
        (waited != [0, 0]).then(|| Factor::waiting(waited)),
    ]
    .into_iter()
    .flatten()
}

/// What may be told to both, the most telling first.
pub fn reasons(counts: &Counts, shared_channels: u32) -> Vec<Reason> {
    let replies = counts.of_kind(Kind::Reply).total().rounded();
    let percent = counts.percent_answered();
    let messages = counts.messages().total().rounded();
    // Told of both directions, so one of them is the number.
    let together = |kind| counts.of_kind(kind).low_to_high.rounded();
    let (minutes, threads) = (together(Kind::Voice), together(Kind::Thread));
    let silent = messages == 0;
    [
        (replies >= SOME_REPLIES).then(|| Reason::Replies { count: replies, weeks: counts.weeks_with(Kind::Reply) }),
        (!silent || minutes + threads == 0).then(|| Reason::Talk { messages, weeks: counts.weeks_talked() }),
        (percent >= EVEN_PERCENT).then_some(Reason::AnswerEachOther { percent }),
        (minutes >= SOME_MINUTES || silent && minutes > 0).then_some(Reason::Voice { minutes }),
        (threads >= SOME_THREADS || silent && threads > 0).then_some(Reason::Threads { count: threads }),
        (shared_channels > 1).then_some(Reason::SharedChannels { count: shared_channels }),
    ]
    .into_iter()
    .flatten()
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::UserId;
    use crate::domain::tie::{Talk, Week};

    fn replies(low_to_high: i64, high_to_low: i64) -> (Pair, Counts, DateTime<Utc>) {
        let now = DateTime::from_timestamp(1_700_000_000, 0).unwrap();
        let mut counts = Counts::default();
        let talk = Talk { low_to_high: Thousandths(low_to_high * 1000), high_to_low: Thousandths(high_to_low * 1000) };
        counts.add(Week::of(now), Kind::Reply, talk);
        (Pair::new(UserId::new(1).unwrap(), UserId::new(2).unwrap()).unwrap(), counts, now)
    }

    #[test]
    fn a_tie_is_suggested_with_what_both_can_see() {
        let (pair, counts, now) = replies(6, 4);
        let about = About { shared_channels: 3, ..About::default() };
        let edge = weigh(pair, &counts, &about, now, None).unwrap();
        assert_eq!(
            edge.factors,
            [Factor::Tie { strength: 4800 }, Factor::Steady { tenths_of_weeks: 10 }, Factor::NeverMet]
        );
        assert_eq!((edge.weight, edge.talk, edge.replies), (4800 * 40 / 100, 4800 * 40 / 100, 10));
        assert_eq!(
            edge.reasons,
            [
                Reason::Replies { count: 10, weeks: 1 },
                Reason::Talk { messages: 10, weeks: 1 },
                Reason::AnswerEachOther { percent: 66 },
                Reason::SharedChannels { count: 3 },
            ]
        );
    }

    #[test]
    fn company_is_a_reason_too_and_the_only_one_of_those_who_never_write() {
        let (pair, written, now) = replies(6, 4);
        let company = |kind, units: i64| {
            let both = Talk { low_to_high: Thousandths(units * 1000), high_to_low: Thousandths(units * 1000) };
            (Week::of(now), kind, both)
        };
        let with = |counts: &Counts, more: &[(Week, Kind, Talk)]| {
            let mut counts = counts.clone();
            for (week, kind, talk) in more {
                counts.add(*week, *kind, *talk);
            }
            weigh(pair, &counts, &About::default(), now, None).unwrap().reasons
        };
        let (evening, thread) = (company(Kind::Voice, 90), company(Kind::Thread, 1));
        let talked = with(&written, &[evening, thread]);
        assert!(
            talked.contains(&Reason::Voice { minutes: 90 })
                && talked.contains(&Reason::Talk { messages: 10, weeks: 1 })
        );
        assert!(!talked.iter().any(|reason| matches!(reason, Reason::Threads { .. })), "one thread may be chance");
        let never_wrote = with(&Counts::default(), &[evening, thread]);
        assert_eq!(never_wrote, [Reason::Voice { minutes: 90 }, Reason::Threads { count: 1 }]);
    }

    #[test]
    fn nobody_is_suggested_to_whom_they_never_answer() {
        let (pair, counts, now) = replies(40, 0);
        assert_eq!(weigh(pair, &counts, &About::default(), now, None), None);
    }

    /// So many messages each way in each of these weeks, counted back from now.
    fn weekly(weeks: std::ops::Range<u32>, each: i64) -> Counts {
        let mut counts = Counts::default();
        for week in weeks {
            let talk = Talk { low_to_high: Thousandths(each * 1000), high_to_low: Thousandths(each * 1000) };
            counts.add(Week::of(DateTime::UNIX_EPOCH).earlier(week), Kind::Reply, talk);
        }
        counts
    }

    fn weight(counts: &Counts, about: &About) -> i64 {
        let (pair, _, _) = replies(1, 1);
        weigh(pair, counts, about, DateTime::UNIX_EPOCH, None).map_or(0, |edge| edge.weight)
    }

    #[test]
    fn a_quarrel_of_one_day_weighs_less_than_half_as_much_talk_over_weeks() {
        let (quarrel, steady) = (weekly(0..1, 40), weekly(0..10, 2));
        assert!(weight(&quarrel, &About::default()) < weight(&steady, &About::default()));
    }

    #[test]
    fn online_for_a_year_and_never_met_outranks_met_last_month() {
        let (now, year, month) = (DateTime::UNIX_EPOCH, weekly(0..52, 1), weekly(0..52, 9));
        let met = |days| About { met_at: Some(now - chrono::Duration::days(days)), ..About::default() };
        assert!(weight(&year, &About::default()) > weight(&month, &met(30)));
        assert!(weight(&year, &met(200)) > weight(&year, &met(100)), "it recovers over seasons");
        assert!(weight(&year, &met(4000)) < weight(&year, &About::default()));
    }

    #[test]
    fn near_and_free_and_waiting_weigh_more() {
        let (counts, plain) = (weekly(0..10, 2), About::default());
        let near = About { distance: Some(Distance::AtATable { km: 5 }), ..plain.clone() };
        let far = About { distance: Some(Distance::AtATable { km: 600 }), ..plain.clone() };
        let call = About { distance: Some(Distance::FarByCall), ..plain.clone() };
        let busy = About { free_together: Some(0), ..plain.clone() };
        let refused = About { came_to_nothing: 1, ..plain.clone() };
        let waiting = About { weeks_waited: [0, 8], ..plain.clone() };
        let weights = [&refused, &busy, &far, &call, &plain, &near].map(|about| weight(&counts, about));
        assert_eq!(weights, [10_000, 5_000, 6_000, 14_000, 20_000, 24_000]);
        assert_eq!(weight(&counts, &waiting), 28_000);
        let (pair, _, now) = replies(1, 1);
        let edge = weigh(pair, &counts, &waiting, now, None).unwrap();
        assert_eq!(edge.talk, 20_000, "waiting makes nobody better known");
    }

    #[test]
    fn a_reason_survives_its_json() {
        let reason = Reason::Replies { count: 3, weeks: 2 };
        let text = serde_json::to_string(&reason).unwrap();
        assert_eq!(text, r#"{"reason":"replies","count":3,"weeks":2}"#);
        assert_eq!(serde_json::from_str::<Reason>(&text).unwrap(), reason);
    }
}
