//! What people get to see who type commands and click buttons, over a local Discord.

// Always so here; written out, it tells clippy that these are tests to their last function.
#[cfg(test)]
mod admins;
#[cfg(test)]
mod members;
#[cfg(test)]
mod process;
#[cfg(test)]
mod product;
#[cfg(test)]
#[path = "../support/mod.rs"]
mod support;
