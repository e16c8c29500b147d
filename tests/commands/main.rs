//! What people get to see who type commands and click buttons, over a local Discord.

mod admins;
mod members;
mod process;
mod product;
#[path = "../support/mod.rs"]
mod support;
