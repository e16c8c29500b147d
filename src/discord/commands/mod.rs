//! The commands, one file per group. Each is parse, use case, render; their words stand in Fluent.

mod described;
mod meet;
mod nudge;
mod options;
mod places;
mod privacy;
mod wallflower;

use super::bot::Command;
use crate::texts::{Locale, Texts};

/// All commands, as they are registered.
pub fn all() -> Vec<Command> {
    let mut commands = named();
    for command in &mut commands {
        described::describe(command, &mut |name| Texts::plain(Locale::English, name));
    }
    commands
}

/// All commands, still without words.
fn named() -> Vec<Command> {
    vec![
        meet::meet(),
        meet::suggest_meeting(),
        places::all_places(),
        privacy::privacy(),
        wallflower::wallflower(),
        nudge::nudge(),
    ]
}
