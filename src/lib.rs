//! Wallflower turns the people you chat with into people you have met.

pub mod app;
pub mod cli;
pub mod clock;
pub mod config;
pub mod discord;
pub mod domain;
pub mod export;
pub mod run;
pub mod store;
pub mod telemetry;
pub mod texts;
