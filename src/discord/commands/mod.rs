//! The commands, one file per group. Each is parse, use case, render.

mod meet;
mod nudge;
mod options;
mod privacy;
mod wallflower;

use super::bot::Command;

/// All commands, as they are registered.
pub fn all() -> Vec<Command> {
    vec![meet::meet(), meet::suggest_meeting(), privacy::privacy(), wallflower::wallflower(), nudge::nudge()]
}
