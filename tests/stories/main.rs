//! Whole flows over a strict local Discord: the real gateway, the real REST, the real database, and people who act.
#![cfg(test)]

#[path = "../support/mod.rs"]
#[macro_use]
mod support;
#[path = "../support/following.rs"]
mod following;

#[macro_use]
mod house;
mod again;
mod calls;
mod cannot_run;
mod changes;
mod check_ins;
mod kills;
mod leaving;
mod mended;
mod news;
mod no_room;
mod open_evening;
mod own_data;
mod past;
mod patience;
mod polls;
mod program;
mod real_discord;
mod refusals;
mod signals;
mod tables;
mod traces;
mod trips;
mod two_processes;
mod watchers;
mod whole_way;
mod whom;
mod wishes;
