//! What Wallflower knows about people who talk and meet. Pure: no I/O, no clock, no chance of its own.

pub mod busy;
pub mod calendar;
pub mod consent;
pub mod conversation;
pub mod ids;
pub mod meetup;
pub mod member;
pub mod notice;
pub mod nudge;
pub mod observation;
pub mod pairing;
pub mod place;
pub mod poll;
pub mod reaction;
pub mod round;
pub mod slot;
pub mod thread;
pub mod tie;
pub mod trip;
pub mod voice;
pub mod wall_clock;
