//! How many reactions may count: somebody who reacts to everything has not talked to everyone.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};

use super::ids::{CommunityId, UserId};

/// Reactions of one person to another that count on one day (UTC): beyond it they are habit.
const PER_DAY: u8 = 5;

/// Caps reactions per direction of a pair and day. The caller counts one per person and message at most.
#[derive(Debug, Default)]
pub struct ReactionCap {
    counted: HashMap<(CommunityId, UserId, UserId, NaiveDate), u8>,
    /// The days before it have been forgotten.
    since: NaiveDate,
}

impl ReactionCap {
    /// Whether one more reaction of `from` to a message of `to` counts; says yes five times a day.
    pub fn admits(&mut self, community: CommunityId, from: UserId, to: UserId, at: DateTime<Utc>) -> bool {
        let counted = self.counted.entry((community, from, to, at.date_naive())).or_default();
        let admitted = from != to && *counted < PER_DAY;
        *counted += u8::from(admitted);
        admitted
    }

    /// Forgets the days before `day`, so that a process that runs for years stays small. Looks only once a day.
    pub fn forget_before(&mut self, day: NaiveDate) {
        if day <= self.since {
            return;
        }
        self.since = day;
        self.counted.retain(|(_, _, _, counted_on), _| *counted_on >= day);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_of_hearts_counts_five_and_the_next_day_counts_anew() {
        let community = CommunityId::new(1).unwrap();
        let (ana, bo) = (UserId::new(2).unwrap(), UserId::new(3).unwrap());
        let noon = DateTime::from_timestamp(1_700_000_000, 0).unwrap();
        let mut cap = ReactionCap::default();
        let admitted = (0..9).filter(|_| cap.admits(community, ana, bo, noon)).count();
        assert_eq!(admitted, 5);
        assert!(cap.admits(community, bo, ana, noon), "the other direction has its own day");
        assert!(cap.admits(community, ana, bo, noon + chrono::Duration::days(1)));
        assert!(!cap.admits(community, ana, ana, noon), "one's own message is nobody else's");
        cap.forget_before(noon.date_naive() + chrono::Duration::days(1));
        assert_eq!(cap.counted.len(), 1, "yesterday is forgotten");
        // Told late, of a day that is forgotten: it opens nothing again that would stay.
        cap.forget_before(noon.date_naive());
        assert_eq!(cap.since, noon.date_naive() + chrono::Duration::days(1));
    }
}
