//! What Wallflower says on Discord: the words of each notice, and how they arrive by real HTTP.

mod arriving;
mod enduring;
mod letters;
mod polls;
mod rooms;
mod stage;
mod words;
