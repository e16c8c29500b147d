//! From the gateway to committed ties: stories over a real socket, and the ledger's own promises.

// Always so here; written out, it tells clippy that these are tests to their last function.
#[cfg(test)]
#[path = "../support/mod.rs"]
mod support;

#[cfg(test)]
mod company;
#[cfg(test)]
mod enrolling;
#[cfg(test)]
#[path = "../support/following.rs"]
mod following;
#[cfg(test)]
mod habits;
#[cfg(test)]
mod ledger;
#[cfg(test)]
mod openings;
#[cfg(test)]
mod past;
#[cfg(test)]
mod resuming;
#[cfg(test)]
mod stage;
#[cfg(test)]
mod stories;
#[cfg(test)]
mod storm;
#[cfg(test)]
mod wire;
