//! From the gateway to committed ties: stories over a real socket, and the ledger's own promises.

#[path = "../support/mod.rs"]
mod support;

mod ledger;
mod stories;
