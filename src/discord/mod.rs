//! Discord: the only place that names its libraries.

pub mod custom_id;
pub mod history;
pub mod listener;
