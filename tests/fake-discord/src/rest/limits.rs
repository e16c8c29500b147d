//! Rate limits: the headers on every answer, and real 429s where a test switches them on.

use std::collections::{HashMap, VecDeque};
use std::time::{Duration, Instant};

use super::{Call, Request};
use crate::Discord;

/// Requests per second of one bot over all routes; interaction callbacks do not count.
const GLOBAL_PER_SECOND: usize = 50;

/// How many requests a bucket takes within which time.
#[derive(Debug, Clone, Copy)]
struct Bucket {
    limit: usize,
    window: Duration,
}

/// Whether a request may pass.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Permit {
    Granted { limit: usize, remaining: usize, reset_after: f64 },
    Refused { scope: &'static str, retry_after: f64 },
}

/// When each bucket was last used.
#[derive(Debug, Default)]
pub(crate) struct Limiter {
    used: HashMap<String, VecDeque<Instant>>,
    global: VecDeque<Instant>,
}

fn spent(used: &mut VecDeque<Instant>, window: Duration) -> (usize, Duration) {
    while used.front().is_some_and(|at| at.elapsed() >= window) {
        used.pop_front();
    }
    let reset = used.front().map_or(window, |at| window.saturating_sub(at.elapsed()));
    (used.len(), reset)
}

impl Limiter {
    pub fn admit(&mut self, call: &Call, enforced: bool) -> Permit {
        let bucket = bucket_of(call);
        if !enforced {
            let reset_after = bucket.window.as_secs_f64();
            return Permit::Granted { limit: bucket.limit, remaining: bucket.limit - 1, reset_after };
        }
        let counts = call.steps().first() != Some(&"interactions");
        let (all, reset) = spent(&mut self.global, Duration::from_secs(1));
        if counts && all >= GLOBAL_PER_SECOND {
            return Permit::Refused { scope: "global", retry_after: reset.as_secs_f64() };
        }
        let used = self.used.entry(bucket_name(call)).or_default();
        let (here, reset) = spent(used, bucket.window);
        if here >= bucket.limit {
            return Permit::Refused { scope: "user", retry_after: reset.as_secs_f64() };
        }
        used.push_back(Instant::now());
        if counts {
            self.global.push_back(Instant::now());
        }
        let remaining = bucket.limit - here - 1;
        Permit::Granted { limit: bucket.limit, remaining, reset_after: reset.as_secs_f64() }
    }
}

/// A request that arrives so soon after a 429 was under way already.
const UNDER_WAY: Duration = Duration::from_millis(50);

impl Discord {
    /// Requests that came before the time which a 429 had told: to its own bucket, or at all where it was `global`.
    pub fn impatient_requests(&self) -> Vec<String> {
        let log = self.requests();
        let impatient = |refused: &Request, next: &&Request| {
            let Some((patience, with_all)) = refused.patience() else { return false };
            let after = next.arrived.saturating_duration_since(refused.arrived);
            let concerned = if with_all { next.counts_to_all() } else { next.bucket == refused.bucket };
            concerned && after > UNDER_WAY && after < patience
        };
        let found = log.iter().flat_map(|refused| log.iter().filter(move |next| impatient(refused, next)));
        found.map(|next| format!("{} {}", next.method, next.path)).collect()
    }
}

fn bucket_of(call: &Call) -> Bucket {
    let (limit, ms) = match (call.method.as_str(), call.steps().as_slice()) {
        ("PUT" | "DELETE", ["channels", _, "messages", _, "reactions", ..]) => (1, 250),
        ("POST", ["channels", _, "messages"]) => (5, 5_000),
        ("POST", ["channels", _, .., "threads"] | ["users", "@me", "channels"]) => (10, 10_000),
        ("GET", _) => (50, 1000),
        _ => (10, 5_000),
    };
    Bucket { limit, window: Duration::from_millis(ms) }
}

/// Route and major parameter: requests of one name share a bucket.
pub(super) fn bucket_name(call: &Call) -> String {
    let is_id = |step: &&str| step.bytes().all(|b| b.is_ascii_digit());
    let steps = call.steps();
    let major = steps.get(1).copied().unwrap_or_default();
    let shape: Vec<&str> = steps.iter().map(|s| if is_id(s) { "_" } else { *s }).collect();
    // All emoji of a channel share one bucket.
    let shape = shape.iter().position(|s| *s == "reactions").map_or(&shape[..], |at| &shape[..=at]);
    format!("{}:{major}:{}", call.method, shape.join("/"))
}

/// A name as opaque as Discord's: FNV-1a over route and major parameter.
fn opaque(name: &str) -> String {
    let hash = name
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
    format!("{hash:016x}")
}

pub(super) fn headers(call: &Call, permit: Option<Permit>, now_ms: i64) -> Vec<(&'static str, String)> {
    let bucket = bucket_of(call);
    let (limit, remaining, reset_after) = match permit {
        Some(Permit::Granted { limit, remaining, reset_after }) => (limit, remaining, reset_after),
        _ => (bucket.limit, 0, bucket.window.as_secs_f64()),
    };
    let start_of_window = Duration::from_millis(u64::try_from(now_ms).unwrap_or(0)).as_secs_f64();
    vec![
        ("x-ratelimit-limit", limit.to_string()),
        ("x-ratelimit-remaining", remaining.to_string()),
        ("x-ratelimit-reset", format!("{:.3}", start_of_window + reset_after)),
        ("x-ratelimit-reset-after", format!("{reset_after:.3}")),
        ("x-ratelimit-bucket", opaque(&bucket_name(call))),
    ]
}
