//! Whole flows over a strict local Discord: the real gateway, the real REST, the real database, and people who act.
#![cfg(test)]

#[path = "../support/mod.rs"]
#[macro_use]
mod support;

mod house;
mod kills;
mod no_room;
mod open_evening;
mod own_data;
mod past;
mod refusals;
mod whole_way;
mod wishes;
