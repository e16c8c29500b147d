//! The one place through which every request body and every answer passes, to be held against Discord's own
//! description and its written limits. What fails is refused as Discord does, and remembered for the test.

use serde_json::Value;

use super::Call;
use crate::refusal::Refusal;
use crate::{Discord, State};

/// Refuses a request that Discord would refuse.
pub(super) fn request(_discord: &Discord, _state: &mut State, _call: &Call) -> Result<(), Refusal> {
    Ok(())
}

/// Holds an answer of ours against Discord's description.
pub(super) fn answer(_discord: &Discord, _state: &mut State, _call: &Call, _status: u16, _body: &Value) {}
