//! What Wallflower says on Discord: the words of each notice, and how they arrive by real HTTP.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test's setup that fails is a failed test")]

mod arriving;
mod cut_off;
mod enduring;
mod letters;
mod polls;
mod rooms;
mod stage;
mod words;
