//! What Wallflower knows about people who talk and meet. Pure: no I/O, no clock, no chance of its own.

pub mod calendar;
pub mod ids;
pub mod nudge;
pub mod place;
pub mod slot;
pub mod wall_clock;
