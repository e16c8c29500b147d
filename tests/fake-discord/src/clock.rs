//! The fake's own time, and what is made from it: snowflakes and timestamps.
//!
//! Nothing moves it but the test, so a story of a month runs in a second.

use chrono::{DateTime, SecondsFormat, Utc};

use crate::Id;

/// The first second of 2015: snowflakes count milliseconds from here.
pub const DISCORD_EPOCH_MS: i64 = 1_420_070_400_000;

/// 2026-09-07T09:00:00Z, a Monday: the moment at which a fake starts unless told otherwise.
pub const DEFAULT_START_MS: i64 = 1_788_771_600_000;

/// Low bits of a snowflake that hold no time.
const SEQUENCE_BITS: u32 = 22;

/// Milliseconds since 1970, moved by hand, and the last snowflake given out.
#[derive(Debug)]
pub struct Clock {
    now_ms: i64,
    last_id: Id,
}

impl Clock {
    pub fn starting_at(now_ms: i64) -> Self {
        Self { now_ms, last_id: 0 }
    }

    pub fn now_ms(&self) -> i64 {
        self.now_ms
    }

    pub fn set(&mut self, now_ms: i64) {
        self.now_ms = now_ms;
    }

    /// A snowflake of this moment, larger than each one before, also where the clock was set back.
    pub fn next_id(&mut self) -> Id {
        self.last_id = snowflake_at(self.now_ms).max(self.last_id + 1);
        self.last_id
    }
}

/// The smallest snowflake of a moment.
pub fn snowflake_at(ms: i64) -> Id {
    u64::try_from(ms - DISCORD_EPOCH_MS).unwrap_or(0) << SEQUENCE_BITS
}

/// The moment that a snowflake holds, in milliseconds since 1970.
pub fn moment_of(id: Id) -> i64 {
    i64::try_from(id >> SEQUENCE_BITS).unwrap_or(0) + DISCORD_EPOCH_MS
}

/// As Discord writes an instant: `2026-09-07T09:00:00.000000+00:00`.
pub fn timestamp(ms: i64) -> String {
    DateTime::<Utc>::from_timestamp_millis(ms).unwrap_or_default().to_rfc3339_opts(SecondsFormat::Micros, false)
}

/// Reads an instant that a client wrote.
pub fn parse_timestamp(text: &str) -> Option<i64> {
    DateTime::parse_from_rfc3339(text).ok().map(|at| at.timestamp_millis())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_start_is_a_monday_morning() {
        assert_eq!(timestamp(DEFAULT_START_MS), "2026-09-07T09:00:00.000000+00:00");
    }

    #[test]
    fn ids_grow_even_when_the_clock_is_set_back() {
        let mut clock = Clock::starting_at(DEFAULT_START_MS);
        let first = clock.next_id();
        clock.set(DEFAULT_START_MS - 60_000);
        assert!(clock.next_id() > first);
        assert_eq!(moment_of(first), DEFAULT_START_MS);
    }
}
