//! What Wallflower knows about people who talk and meet. Pure: no I/O, no clock, no chance of its own.

pub mod ids;
pub mod place;
