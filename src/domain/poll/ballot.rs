//! How people vote.

use serde::{Deserialize, Serialize};

/// How a community votes. The votes inside are the same.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ballot {
    /// One reaction is one choice.
    #[default]
    Reactions,
    /// A button opens one's own ballot, with "if need be" besides yes.
    Buttons,
    /// Discord's own poll, which counts for itself and cannot be changed.
    Native,
}

impl Ballot {
    pub const ALL: [Self; 3] = [Self::Reactions, Self::Buttons, Self::Native];

    /// Whether times can be added while a poll runs.
    pub const fn can_grow(self) -> bool {
        match self {
            Self::Reactions | Self::Buttons => true,
            Self::Native => false,
        }
    }

    /// Whether the votes stand on Discord, to be read again there; else they are ours alone.
    pub const fn stands_on_discord(self) -> bool {
        match self {
            Self::Reactions | Self::Native => true,
            Self::Buttons => false,
        }
    }
}
