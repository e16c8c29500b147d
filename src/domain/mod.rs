//! What Wallflower knows about people who talk and meet. Pure: no I/O, no clock, no chance of its own.

pub mod conversation;
pub mod ids;
pub mod observation;
pub mod pairing;
pub mod reaction;
pub mod tie;
