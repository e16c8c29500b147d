//! Why these should sit at one table, in figures that all of them could count: sums over the table, nothing of any two.

use super::super::{Edge, Reason, SOME_REPLIES};

/// From so many people on a sum tells nobody what two of the others say to each other: of three, whoever takes away their
/// own share reads it.
const SUMMED_FROM: usize = 4;

/// The reasons of so many people with these ties, who all write in so many channels; the most telling first. Two are told
/// what two are told.
pub fn reasons(people: usize, ties: &[&Edge], shared_channels: u32) -> Vec<Reason> {
    if let (2, [tie]) = (people, ties) {
        return tie.reasons.clone();
    }
    let replies: u64 = ties.iter().map(|tie| tie.replies).sum();
    let messages = |reason: &Reason| if let Reason::Talk { messages, .. } = reason { Some(*messages) } else { None };
    let messages: u64 = ties.iter().flat_map(|tie| &tie.reasons).filter_map(messages).sum();
    let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    let sums = people >= SUMMED_FROM;
    let pairs = (number(ties.len()), number(people * people.saturating_sub(1) / 2));
    [
        sums.then_some(Reason::PairsWhoTalk { pairs: pairs.0, of: pairs.1 }),
        (sums && replies >= SOME_REPLIES).then_some(Reason::RepliesAmongAll { count: replies }),
        (sums && messages > 0).then_some(Reason::TalkAmongAll { messages }),
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

    fn tie(one: u64, other: u64, replies: u64, messages: u64) -> Option<Edge> {
        let pair = Pair::new(UserId::new(one)?, UserId::new(other)?)?;
        let reasons = vec![Reason::Talk { messages, weeks: 3 }];
        Some(Edge { replies, reasons, ..Edge::of_talk(pair, 1) })
    }

    #[test]
    fn a_table_is_told_sums_of_all_replies_and_two_are_told_what_two_are_told() {
        // A pair with one reply says nothing of it, and the table counts it.
        let ties: Vec<Edge> = [tie(1, 2, 4, 10), tie(2, 3, 5, 20), tie(3, 4, 1, 3)].into_iter().flatten().collect();
        let ties: Vec<&Edge> = ties.iter().collect();
        assert_eq!(
            reasons(4, &ties, 2),
            [
                Reason::PairsWhoTalk { pairs: 3, of: 6 },
                Reason::RepliesAmongAll { count: 10 },
                Reason::TalkAmongAll { messages: 33 },
                Reason::ChannelsOfAll { count: 2 },
            ]
        );
        assert_eq!(reasons(2, &ties[..1], 2), ties[0].reasons);
    }

    #[test]
    fn no_sum_tells_one_of_three_what_the_other_two_say_to_each_other() {
        let ties: Vec<Edge> = [tie(1, 2, 4, 10), tie(2, 3, 5, 20)].into_iter().flatten().collect();
        let ties: Vec<&Edge> = ties.iter().collect();
        assert_eq!(reasons(3, &ties, 2), [Reason::ChannelsOfAll { count: 2 }]);
    }
}
