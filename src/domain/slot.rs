//! stub
use chrono::{DateTime, Duration, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Availability(u32);
impl Availability {
    pub fn from_column(n: i64) -> Self {
        Self(n as u32)
    }
    pub fn to_column(self) -> i64 {
        self.0.into()
    }
}
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slot {
    start: DateTime<Utc>,
    minutes: u32,
    zone: Tz,
}
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interval;
impl Slot {
    pub fn start(&self) -> DateTime<Utc> {
        self.start
    }
    pub fn end(&self) -> DateTime<Utc> {
        self.start + Duration::minutes(60)
    }
    pub fn interval(&self) -> Interval {
        Interval
    }
}
pub struct Person {
    pub availability: Availability,
    pub zone: Tz,
}
pub struct Wishes;
impl Wishes {
    pub fn from(_: DateTime<Utc>) -> Self {
        Self
    }
    pub fn wanting(self, _: usize) -> Self {
        self
    }
    pub fn avoiding(self, _: Vec<Interval>) -> Self {
        self
    }
    pub fn not_again(self, _: Vec<Slot>) -> Self {
        self
    }
}
pub fn candidates(_: &[Person], _: &Wishes) -> Vec<Slot> {
    vec![]
}
pub fn next_morning(after: DateTime<Utc>, _: Tz, _: u32) -> DateTime<Utc> {
    after
}
