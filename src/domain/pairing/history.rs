//! What has been suggested already, and what follows: who rests, whose turn it is, and who has waited long.

use std::collections::BTreeMap;

use chrono::{DateTime, Duration, Utc};

use crate::domain::ids::{Pair, UserId};

/// Suggestions count this long.
pub const REMEMBERED: Duration = Duration::days(365);
/// Two who were suggested to each other are not suggested again before, whatever they answered: one season.
pub const RESTS: Duration = Duration::days(90);
/// Nor, where it came to nothing twice, before this: two seasons.
const RESTS_LONGER: Duration = Duration::days(180);

/// Two who were suggested to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Suggested {
    pub pair: Pair,
    pub at: DateTime<Utc>,
    /// It ended before both had read of each other's yes. Whoever said what: a no, silence and a withdrawal are one.
    pub came_to_nothing: bool,
}

/// The suggestions of a community, within the time that is remembered.
#[derive(Debug, Clone, Default)]
pub struct History {
    pairs: BTreeMap<Pair, Tries>,
    last: BTreeMap<UserId, DateTime<Utc>>,
}

#[derive(Debug, Clone, Copy)]
struct Tries {
    last: DateTime<Utc>,
    came_to_nothing: u32,
}

impl History {
    pub fn of(suggestions: impl IntoIterator<Item = Suggested>) -> Self {
        let mut history = Self::default();
        suggestions.into_iter().for_each(|suggested| history.add(suggested));
        history
    }

    pub fn add(&mut self, suggested: Suggested) {
        let Suggested { pair, at, came_to_nothing } = suggested;
        let tries = self.pairs.entry(pair).or_insert(Tries { last: at, came_to_nothing: 0 });
        tries.last = tries.last.max(at);
        tries.came_to_nothing += u32::from(came_to_nothing);
        for user in pair.both() {
            let last = self.last.entry(user).or_insert(at);
            *last = at.max(*last);
        }
    }

    /// Whether the two are left alone for now: suggested to each other not long ago, or in vain twice.
    pub fn rests(&self, pair: Pair, now: DateTime<Utc>) -> bool {
        self.pairs.get(&pair).is_some_and(|tries| {
            let rests = if tries.came_to_nothing >= 2 { RESTS_LONGER } else { RESTS };
            now < tries.last + rests
        })
    }

    /// Whether they have been suggested to each other within the time that is remembered.
    pub fn knows(&self, pair: Pair) -> bool {
        self.pairs.contains_key(&pair)
    }

    pub fn came_to_nothing(&self, pair: Pair) -> u32 {
        self.pairs.get(&pair).map_or(0, |tries| tries.came_to_nothing)
    }

    /// Full weeks since somebody was last suggested to anybody; since they joined, where that never was.
    pub fn weeks_waited(&self, user: UserId, joined: DateTime<Utc>, now: DateTime<Utc>) -> u32 {
        let since = self.last.get(&user).map_or(joined, |last| joined.max(*last));
        u32::try_from((now - since).num_weeks()).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(one: u64, other: u64) -> Pair {
        Pair::new(UserId::new(one).unwrap(), UserId::new(other).unwrap()).unwrap()
    }

    fn day(day: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + Duration::days(day)
    }

    fn in_vain(day_of: i64) -> Suggested {
        Suggested { pair: pair(1, 2), at: day(day_of), came_to_nothing: true }
    }

    #[test]
    fn a_pair_rests_for_a_season_and_after_a_second_time_in_vain_for_two() {
        let mut history = History::of([in_vain(0)]);
        assert!(history.rests(pair(1, 2), day(89)) && !history.rests(pair(1, 2), day(90)));
        assert!(!history.rests(pair(1, 3), day(1)));
        history.add(in_vain(100));
        assert!(history.rests(pair(1, 2), day(279)) && !history.rests(pair(1, 2), day(280)));
        assert_eq!((history.came_to_nothing(pair(1, 2)), history.came_to_nothing(pair(1, 3))), (2, 0));
    }

    #[test]
    fn who_was_never_suggested_waits_since_they_joined() {
        let history = History::of([in_vain(70)]);
        let waited = |user, joined| history.weeks_waited(UserId::new(user).unwrap(), day(joined), day(84));
        assert_eq!((waited(1, 0), waited(3, 0), waited(3, 83)), (2, 12, 0));
        assert_eq!(waited(1, 80), 0, "who left and came back begins anew");
    }
}
