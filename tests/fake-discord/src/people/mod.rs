//! How a test acts and looks: communities, people and channels, by name and in sentences.
//!
//! Each act goes through the same rules as the bot's requests; what a person could not do panics with the reason.

mod answer;
mod command_line;
mod community;
mod components;
mod interacting;
mod looking;
mod overwrites;
mod person;
mod polls;
mod sight;
mod speaking;
mod waiting;

pub use answer::{Answer, Modal};
pub use community::{Channel, Community, Role};
pub use interacting::Choice;
pub use looking::{Attached, Message, SeenMessage, Shown};
pub use person::Person;
pub use polls::SeenPoll;
pub use sight::Sight;
pub use waiting::Found;
