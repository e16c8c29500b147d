//! Talking in one thread: whoever writes there in the same week takes an interest in the same thing.

use std::collections::{HashMap, VecDeque};

use super::ids::{ChannelId, UserId};
use super::tie::Week;

/// Only the first of a week count: a thread in which more people write is a public place.
pub const COMPANY: usize = 25;

/// Who has written in which thread in which week, as far as is remembered.
#[derive(Debug)]
pub struct ThreadCompany {
    writers: HashMap<(ChannelId, Week), Vec<UserId>>,
    order: VecDeque<(ChannelId, Week)>,
    most: usize,
}

impl ThreadCompany {
    /// Remembers so many threads' weeks at most, those begun last.
    pub fn of_at_most(most: usize) -> Self {
        Self { writers: HashMap::new(), order: VecDeque::new(), most }
    }

    /// Somebody writes. Who had written there before them in that week, if it is their first time and there is room.
    pub fn write(&mut self, thread: ChannelId, week: Week, user: UserId) -> Option<Vec<UserId>> {
        if !self.writers.contains_key(&(thread, week)) {
            self.order.push_back((thread, week));
            if self.order.len() > self.most
                && let Some(oldest) = self.order.pop_front()
            {
                self.writers.remove(&oldest);
            }
        }
        let writers = self.writers.entry((thread, week)).or_default();
        if writers.len() >= COMPANY || writers.contains(&user) {
            return None;
        }
        let before = writers.clone();
        writers.push(user);
        Some(before)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn week(raw: i64) -> Week {
        Week::from_column(raw)
    }

    #[test]
    fn each_two_who_write_in_a_thread_meet_once_in_a_week() {
        let mut company = ThreadCompany::of_at_most(2);
        let (thread, [ana, bo, cy]) = (ChannelId::from_column(9), [1, 2, 3].map(UserId::from_column));
        assert_eq!(company.write(thread, week(1), ana), Some(vec![]));
        assert_eq!(company.write(thread, week(1), bo), Some(vec![ana]));
        assert_eq!(company.write(thread, week(1), ana), None);
        assert_eq!(company.write(thread, week(1), cy), Some(vec![ana, bo]));
        assert_eq!(company.write(thread, week(2), ana), Some(vec![]), "the next week begins anew");
        company.write(ChannelId::from_column(10), week(2), ana);
        assert_eq!(company.write(thread, week(1), ana), Some(vec![]), "the oldest is forgotten");
    }

    #[test]
    fn a_crowd_is_no_company() {
        let (mut company, crowd) = (ThreadCompany::of_at_most(1), i64::try_from(COMPANY).unwrap());
        let mut write = |raw| company.write(ChannelId::from_column(9), week(1), UserId::from_column(raw));
        assert!((1..=crowd).all(|raw| write(raw).is_some()));
        assert_eq!(write(crowd + 1), None);
    }
}
