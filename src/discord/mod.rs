//! Discord: the only place that names its libraries.

mod answers;
pub mod ballot;
pub mod bot;
mod caller;
mod commands;
pub mod connection;
pub mod custom_id;
mod inbound;
pub mod mute;
mod permissions;
pub mod registration;
pub mod render {
    pub mod escape;
}
mod replies;
