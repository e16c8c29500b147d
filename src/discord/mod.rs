//! Discord: the only place that names its libraries. `outbound` speaks, `render` finds the words, `custom_id` and
//! `ballot` are how people answer; `listener` watches, and `history` reads what it missed.

pub mod access;
mod answers;
pub mod ballot;
pub mod bot;
mod busy;
mod caller;
mod commands;
pub mod connection;
pub mod custom_id;
pub mod files;
pub mod history;
mod inbound;
pub mod listener;
pub mod outbound;
mod patience;
mod permissions;
mod picture;
pub mod registration;
pub mod render;
mod replies;
mod trips;
mod voting;

use tokio::sync::watch::Receiver;

/// Returns once it is true, or nobody is left who could make it so.
pub(crate) async fn stopped(flag: &mut Receiver<bool>) {
    let _ = flag.wait_for(|set| *set).await;
}
