//! What Wallflower does: one file per use case.

pub mod replay;
