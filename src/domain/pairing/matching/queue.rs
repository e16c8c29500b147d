//! What happens next: a priority queue for a clock that never goes back.
//!
//! A radix heap (Ahuja, Mehlhorn, Orlin and Tarjan 1990). Keys are never below the last one taken, so entries are
//! sorted only as far as needed: bucket `b` holds the keys whose highest bit that differs from the last key is
//! number `b - 1`, and bucket 0 those that equal it. Each entry moves to lower buckets only, at most 64 times and in practice
//! two or three; a push is an append. Equal keys leave in the order in which they came to bucket 0, so a run is repeatable.

/// Something that may have come to pass when the clock shows its key. Whoever takes it checks that it is still so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Event {
    /// The edge becomes tight: a tree grows, two trees augment, or a blossom shrinks.
    Tight { edge: u32 },
    /// The even vertex's dual reaches zero: it may as well stay alone.
    Spent { vertex: u32 },
    /// The dual of the odd blossom with this vertex reaches zero: it expands.
    Hollow { vertex: u32 },
}

const BUCKETS: usize = 65;

#[derive(Debug)]
pub struct Queue {
    last: i64,
    buckets: [Vec<(i64, Event)>; BUCKETS],
    /// How many of bucket 0 are taken already.
    taken: usize,
    len: usize,
}

impl Queue {
    pub fn new() -> Self {
        Self { last: 0, buckets: std::array::from_fn(|_| Vec::new()), taken: 0, len: 0 }
    }

    pub const fn len(&self) -> usize {
        self.len
    }

    fn bucket(&self, key: i64) -> usize {
        (i64::BITS - (key ^ self.last).leading_zeros()) as usize
    }

    /// `key` is not below that of the event taken last.
    pub fn push(&mut self, key: i64, event: Event) {
        debug_assert!(key >= self.last, "the clock goes back from {} to {key}", self.last);
        let bucket = self.bucket(key);
        self.buckets[bucket].push((key, event));
        self.len += 1;
    }

    /// The next event and its time.
    pub fn pop(&mut self) -> Option<(i64, Event)> {
        if self.taken == self.buckets[0].len() {
            self.refill()?;
        }
        let next = self.buckets[0][self.taken];
        self.taken += 1;
        self.len -= 1;
        Some(next)
    }

    /// Moves the clock to the least key and sorts its bucket anew.
    fn refill(&mut self) -> Option<()> {
        self.buckets[0].clear();
        self.taken = 0;
        let lowest = self.buckets.iter().position(|bucket| !bucket.is_empty())?;
        let mut entries = std::mem::take(&mut self.buckets[lowest]);
        self.last = entries.iter().map(|(key, _)| *key).min()?;
        for (key, event) in entries.drain(..) {
            let bucket = self.bucket(key);
            self.buckets[bucket].push((key, event));
        }
        self.buckets[lowest] = entries;
        Some(())
    }

    /// Drops what can no longer come to pass, and what is said twice.
    pub fn tidy(&mut self, may_come: impl Fn(i64, Event) -> bool) {
        self.buckets[0].drain(..self.taken);
        self.taken = 0;
        for bucket in &mut self.buckets {
            bucket.retain(|(key, event)| may_come(*key, *event));
            bucket.sort_unstable();
            bucket.dedup();
            bucket.shrink_to_fit();
        }
        self.len = self.buckets.iter().map(Vec::len).sum();
    }

    pub fn clear(&mut self) {
        for bucket in &mut self.buckets {
            bucket.clear();
        }
        (self.taken, self.len) = (0, 0);
    }
}

#[cfg(test)]
mod tests {
    use super::super::shapes::Dice;
    use super::*;

    fn times(queue: &mut Queue, how_many: usize) -> Vec<i64> {
        (0..how_many).filter_map(|_| queue.pop()).map(|(time, _)| time).collect()
    }

    #[test]
    fn events_come_in_the_order_of_their_times() {
        let mut dice = Dice::new(5);
        let (mut queue, mut waiting, mut now) = (Queue::new(), Vec::new(), 0);
        for _ in 0..20_000 {
            if dice.below(5) < 3 {
                let far = 1 << dice.below(40);
                let time = now + dice.weight(far) - 1;
                queue.push(time, Event::Spent { vertex: 0 });
                waiting.push(time);
                continue;
            }
            let next = waiting.iter().copied().min();
            assert_eq!(queue.pop().map(|(time, _)| time), next);
            waiting.retain(|time| Some(*time) != next);
            let as_soon = queue.len() - waiting.len();
            let taken_too = times(&mut queue, as_soon);
            assert!(taken_too.iter().all(|time| Some(*time) == next));
            now = next.unwrap_or(now);
        }
        assert_eq!(queue.len(), waiting.len());
    }

    #[test]
    fn who_came_first_at_one_time_goes_first() {
        let mut queue = Queue::new();
        for vertex in 0..5 {
            queue.push(7, Event::Spent { vertex });
        }
        assert!((0..5).all(|vertex| queue.pop() == Some((7, Event::Spent { vertex }))));
        assert_eq!(queue.pop(), None);
    }

    #[test]
    fn tidying_drops_what_will_not_come_and_what_is_said_twice() {
        let mut queue = Queue::new();
        for edge in [4, 1, 2, 1, 3, 4] {
            queue.push(i64::from(edge), Event::Tight { edge });
        }
        assert_eq!(times(&mut queue, 1), [1]);
        queue.tidy(|time, _| time != 3);
        assert_eq!(queue.len(), 3);
        assert_eq!(times(&mut queue, 9), [1, 2, 4]);
    }
}
