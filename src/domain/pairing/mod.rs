//! Who should meet: how much each pair speaks for itself, and in which words that can be told.

pub mod matching;
pub mod pairs;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::ids::Pair;
use super::tie::{Counts, HalfLife, Kind, Thousandths};

/// The least strength at which a meeting is worth suggesting: two messages each way are an exchange, one is chance.
const FAINTEST: Thousandths = Thousandths(2000);
/// The share of answers from which "you answer each other" is true.
const EVEN_PERCENT: u8 = 40;
/// Replies from which their number says something.
const SOME_REPLIES: u64 = 2;

/// A pair that may be suggested.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edge {
    pub pair: Pair,
    /// In thousandths of a message; above zero.
    pub weight: i64,
    /// The most telling first.
    pub reasons: Vec<Reason>,
}

/// Why two should meet, in figures that both could count themselves: no name, no place, nothing said by one alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "reason", rename_all = "kebab-case")]
pub enum Reason {
    /// Replies between them, both directions together, and the weeks that hold them.
    Replies { count: u64, weeks: u32 },
    /// Messages for each other, replies and guesses included.
    Talk { messages: u64, weeks: u32 },
    /// What the quieter one writes to the other, in percent of what the other does.
    AnswerEachOther { percent: u8 },
    /// Channels in which both write.
    SharedChannels { count: u32 },
}

/// The edge of a pair at `now`, or `None` where their tie is too faint to suggest anything.
pub fn weigh(
    pair: Pair,
    counts: &Counts,
    shared_channels: u32,
    now: DateTime<Utc>,
    half_life: Option<HalfLife>,
) -> Option<Edge> {
    let strength = counts.strength(now, half_life).thousandths();
    (strength >= FAINTEST).then(|| Edge { pair, weight: strength.0, reasons: reasons(counts, shared_channels) })
}

fn reasons(counts: &Counts, shared_channels: u32) -> Vec<Reason> {
    let replies = counts.of_kind(Kind::Reply).total().rounded();
    let percent = counts.percent_answered();
    [
        (replies >= SOME_REPLIES).then(|| Reason::Replies { count: replies, weeks: counts.weeks_with(Kind::Reply) }),
        Some(Reason::Talk { messages: counts.messages().total().rounded(), weeks: counts.weeks_talked() }),
        (percent >= EVEN_PERCENT).then_some(Reason::AnswerEachOther { percent }),
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
        let edge = weigh(pair, &counts, 3, now, None).unwrap();
        assert_eq!(edge.weight, 4800);
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
    fn nobody_is_suggested_to_whom_they_never_answer() {
        let (pair, counts, now) = replies(40, 0);
        assert_eq!(weigh(pair, &counts, 3, now, None), None);
    }

    #[test]
    fn a_reason_survives_its_json() {
        let reason = Reason::Replies { count: 3, weeks: 2 };
        let text = serde_json::to_string(&reason).unwrap();
        assert_eq!(text, r#"{"reason":"replies","count":3,"weeks":2}"#);
        assert_eq!(serde_json::from_str::<Reason>(&text).unwrap(), reason);
    }
}
