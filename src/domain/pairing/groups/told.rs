//! Why these should sit at one table, in figures that all of them could count: sums over the table, nothing of any two.

use super::super::{Edge, Reason, SOME_REPLIES};

/// The reasons of so many people with these ties, who all write in so many channels; the most telling first. Two are told
/// what two are told.
pub fn reasons(people: usize, ties: &[&Edge], shared_channels: u32) -> Vec<Reason> {
    if let (2, [tie]) = (people, ties) {
        return tie.reasons.clone();
    }
    let told = || ties.iter().flat_map(|tie| &tie.reasons);
    let sum = |count: &dyn Fn(&Reason) -> Option<u64>| told().filter_map(count).sum::<u64>();
    let replies = sum(&|reason| if let Reason::Replies { count, .. } = reason { Some(*count) } else { None });
    let messages = sum(&|reason| if let Reason::Talk { messages, .. } = reason { Some(*messages) } else { None });
    let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    [
        Some(Reason::PairsWhoTalk { pairs: number(ties.len()), of: number(people * people.saturating_sub(1) / 2) }),
        (replies >= SOME_REPLIES).then_some(Reason::RepliesAmongAll { count: replies }),
        (messages > 0).then_some(Reason::TalkAmongAll { messages }),
        (shared_channels > 1).then_some(Reason::ChannelsOfAll { count: shared_channels }),
    ]
    .into_iter()
    .flatten()
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::{Pair, UserId};

    fn tie(one: u64, other: u64, count: u64, messages: u64) -> Option<Edge> {
        let pair = Pair::new(UserId::new(one)?, UserId::new(other)?)?;
        let reasons = vec![Reason::Replies { count, weeks: 2 }, Reason::Talk { messages, weeks: 3 }];
        Some(Edge { pair, weight: 1, factors: Vec::new(), reasons })
    }

    #[test]
    fn a_table_is_told_sums_and_two_are_told_what_two_are_told() {
        let ties: Vec<Edge> = [tie(1, 2, 4, 10), tie(2, 3, 5, 20)].into_iter().flatten().collect();
        let ties: Vec<&Edge> = ties.iter().collect();
        assert_eq!(
            reasons(3, &ties, 2),
            [
                Reason::PairsWhoTalk { pairs: 2, of: 3 },
                Reason::RepliesAmongAll { count: 9 },
                Reason::TalkAmongAll { messages: 30 },
                Reason::ChannelsOfAll { count: 2 },
            ]
        );
        assert_eq!(reasons(2, &ties[..1], 2), ties[0].reasons);
    }
}
