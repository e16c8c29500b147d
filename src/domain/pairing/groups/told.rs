//! Why these should sit at one table, in figures that all of them could count: sums over the table, nothing of any two.

use super::super::{Edge, Reason, SOME_REPLIES};
use crate::domain::ids::UserId;

/// The reasons of these people with their ties, who all write in so many channels; the most telling first. Two are told
/// what two are told.
///
/// No sum is told where one of them is left with a single tie that is not their own: whoever takes away their own share
/// would read what two others say to each other. So it is among three, and at the end of a row of friends.
pub fn reasons(people: &[UserId], ties: &[&Edge], shared_channels: u32) -> Vec<Reason> {
    if let ([_, _], [tie]) = (people, ties) {
        return tie.reasons.clone();
    }
    let replies: u64 = ties.iter().map(|tie| tie.replies).sum();
    let messages = |reason: &Reason| if let Reason::Talk { messages, .. } = reason { Some(*messages) } else { None };
    let messages: u64 = ties.iter().flat_map(|tie| &tie.reasons).filter_map(messages).sum();
    let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    let of_others = |user: &UserId| ties.iter().filter(|tie| !tie.pair.contains(*user)).count();
    let sums = people.iter().all(|user| of_others(user) != 1);
    let pairs = (number(ties.len()), number(people.len() * people.len().saturating_sub(1) / 2));
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
    use crate::domain::ids::Pair;

    fn people(count: u64) -> Vec<UserId> {
        (1..=count).filter_map(UserId::new).collect()
    }

    fn tie(one: u64, other: u64, replies: u64, messages: u64) -> Option<Edge> {
        let pair = Pair::new(UserId::new(one)?, UserId::new(other)?)?;
        let reasons = vec![Reason::Talk { messages, weeks: 3 }];
        Some(Edge { replies, reasons, ..Edge::of_talk(pair, 1) })
    }

    fn told(count: u64, ties: &[Option<Edge>]) -> Vec<Reason> {
        reasons(&people(count), &ties.iter().flatten().collect::<Vec<_>>(), 2)
    }

    #[test]
    fn a_table_is_told_sums_of_all_replies_and_two_are_told_what_two_are_told() {
        // A pair with one reply says nothing of it, and the table counts it.
        let ring = [tie(1, 2, 4, 10), tie(2, 3, 5, 20), tie(3, 4, 1, 3), tie(1, 4, 0, 2)];
        assert_eq!(
            told(4, &ring),
            [
                Reason::PairsWhoTalk { pairs: 4, of: 6 },
                Reason::RepliesAmongAll { count: 10 },
                Reason::TalkAmongAll { messages: 35 },
                Reason::ChannelsOfAll { count: 2 },
            ]
        );
        let two = [tie(1, 2, 4, 10)];
        assert_eq!(told(2, &two), two[0].as_ref().map(|tie| tie.reasons.clone()).unwrap_or_default());
    }

    #[test]
    fn no_sum_tells_what_two_others_say_to_each_other() {
        let three = vec![tie(1, 2, 4, 10), tie(2, 3, 5, 20)];
        let row = vec![tie(1, 2, 4, 10), tie(2, 3, 5, 20), tie(3, 4, 1, 3)];
        let couples = vec![tie(1, 2, 4, 10), tie(3, 4, 5, 20)];
        let ball = vec![tie(1, 2, 4, 10), tie(2, 3, 5, 20), tie(1, 3, 4, 10)];
        for (count, ties) in [(3, three), (3, ball), (4, row), (4, couples)] {
            assert_eq!(told(count, &ties), [Reason::ChannelsOfAll { count: 2 }], "{ties:?}");
        }
        // Around one who knows them all, the others hear of no two.
        let star = [tie(1, 2, 4, 10), tie(1, 3, 5, 20), tie(1, 4, 1, 3)];
        assert_eq!(told(4, &star)[0], Reason::PairsWhoTalk { pairs: 3, of: 6 });
    }
}
