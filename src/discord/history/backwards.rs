//! One channel of a past, gathered page by page from its end: only from there on it is known where the last 5,000
//! messages begin. It is counted when it is whole, in the order in which it was said.

use chrono::{DateTime, Utc};

use super::PAGE;
use super::told::Told;
use crate::app::watch::PastReading;
use crate::domain::ids::MessageId;
use crate::domain::observation::Observation;

/// The most messages of a channel that a scan reads: fifty requests, and half a megabyte while it gathers.
const MOST: usize = 5_000;

pub struct Backwards {
    pub reading: PastReading,
    /// All from here on has been read.
    pub below: MessageId,
    /// How often it was refused since it last was not.
    pub refusals: usize,
    /// Since when it waits for its door to open.
    pub closed_since: Option<DateTime<Utc>>,
    read: usize,
    whole: bool,
    /// Newest first.
    said: Vec<Observation>,
}

impl Backwards {
    pub const fn new(reading: PastReading) -> Self {
        let (below, whole) = (reading.scan.below, !reading.speaks);
        Self { reading, below, refusals: 0, closed_since: None, read: 0, whole, said: Vec::new() }
    }

    /// Whether no page is missing.
    pub const fn is_whole(&self) -> bool {
        self.whole
    }

    /// Takes the page below [`Self::below`], oldest message first; tells whether it was the last one.
    pub fn take(&mut self, page: &[Told]) -> bool {
        let from = self.reading.scan.from;
        let within = page.iter().rev().filter(|message| message.id >= from && message.id < self.below);
        let room = MOST - self.read;
        self.said.extend(within.take(room).filter_map(|message| message.observed_in(self.reading.community)));
        self.read += page.len().min(room);
        let lowest = page.first().map(|message| message.id).filter(|lowest| *lowest < self.below);
        self.below = lowest.unwrap_or(self.below);
        self.whole = page.len() < PAGE || lowest.is_none_or(|lowest| lowest <= from) || self.read == MOST;
        self.whole
    }

    /// What was to be read, and all that was said, oldest first.
    pub fn in_order(mut self) -> (PastReading, Vec<Observation>) {
        self.said.reverse();
        (self.reading, self.said)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::watch::Threads;
    use crate::discord::history::told::read_page;
    use crate::domain::consent::Consent;
    use crate::domain::ids::{ChannelId, CommunityId, UserId};
    use crate::store::Scan;

    fn id(raw: usize) -> MessageId {
        MessageId::from_column(i64::try_from(raw).unwrap())
    }

    /// Messages `ids`, as Discord gives those below `below`: a page at most.
    fn page(ids: &[usize], below: MessageId) -> Vec<Told> {
        let found: Vec<_> = ids.iter().filter(|raw| id(**raw) < below).collect();
        let json = |raw: &&usize| format!(r#"{{"id":"{raw}","channel_id":"20","type":0,"author":{{"id":"1"}}}}"#);
        let raw = found[found.len().saturating_sub(PAGE)..].iter().map(|raw| serde_json::from_str(&json(raw)).unwrap());
        read_page(&raw.collect::<Vec<_>>()).unwrap()
    }

    /// Reads it all; gives what was said, and in how many pages.
    fn read(ids: &[usize], from: usize, below: usize) -> (Vec<i64>, usize) {
        let scan = Scan { channel: ChannelId::from_column(20), from: id(from), below: id(below), done: false };
        let joiner = Consent { user: UserId::from_column(1), from: scan.below.get() };
        let mut past = Backwards::new(PastReading {
            community: CommunityId::from_column(10),
            scan,
            joiners: vec![joiner],
            speaks: true,
            threads: Threads::None,
        });
        let mut pages = 1;
        while !past.take(&page(ids, past.below)) {
            pages += 1;
        }
        (past.in_order().1.iter().map(|said| said.message().get()).collect(), pages)
    }

    fn whole(ids: impl Iterator<Item = usize>) -> Vec<i64> {
        ids.map(|raw| i64::try_from(raw).unwrap()).collect()
    }

    #[test]
    fn all_within_the_bounds_is_read_in_its_order() {
        let ids: Vec<usize> = (1..=950).collect();
        assert_eq!(read(&ids, 301, 900), (whole(301..900), 6));
        assert_eq!(read(&ids, 1, 900), (whole(1..900), 9));
        assert_eq!(read(&[], 1, 900), (vec![], 1));
        // A full page that ends where the past begins is the last one.
        assert_eq!(read(&ids, 100, 200), (whole(100..200), 1));
    }

    #[test]
    fn of_a_busy_channel_the_last_5000_messages_are_read() {
        let ids: Vec<usize> = (1..=12_000).collect();
        assert_eq!(read(&ids, 1, 11_001), (whole(6_001..11_001), 50));
    }
}
