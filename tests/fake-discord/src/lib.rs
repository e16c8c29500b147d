//! A strict local Discord for tests.

pub mod openapi;
pub mod rules;
