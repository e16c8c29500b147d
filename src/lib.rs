//! Wallflower turns the people you chat with into people you have met: a Discord bot that notices which members of a
//! community talk with each other, asks each of them alone whether they would like to meet, finds the evening where both
//! say yes, and asks afterwards whether it happened.
//!
//! # The map of the house
//!
//! Nouns live in [`domain`], verbs in [`app`].
//!
//! - [`domain`] is pure: whom a message was for, ties, pairing, polls, slots, and the meetup with its one `step`. It knows
//!   nobody else; time and chance come in as arguments.
//! - [`app`] is one file per use case: load, decide, save. It knows the domain, the store and two ports: [`clock::Clock`],
//!   and [`app::messenger::Messenger`], which says what is to be said.
//! - [`store`] is what is remembered, in SQLite or PostgreSQL. One function per unit of work; no transaction leaves it.
//! - [`discord`] is the only place that names Discord's libraries. Two gateway sessions: the listener hears, in order and
//!   exactly once; the bot takes commands, clicks and reactions. `outbound` is the messenger.
//! - [`export`] reads exported chats for `wallflower replay`; [`texts`] holds all words that people read; [`config`] the
//!   settings, each with where it came from; [`cli`], [`run`] and [`telemetry`] wire it into a program; [`web`] serves
//!   calendars to subscribe to.
//!
//! # How it holds together
//!
//! Everything that can happen to a meetup is an event: a click, a reaction, time passing. A step gives the next state and
//! the notices that follow, and both are saved in one transaction, on top of the revision that the step was made from.
//! The deliverer says the notices afterwards. So whatever is killed, nothing is lost and nothing is said twice.
//!
//! Nobody sleeps: what is due stands in the database, and [`app::timekeeper`] asks for it. Whoever has not said "count me
//! in" has no row anywhere, and the text of messages is not even parsed.

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
pub mod web;
