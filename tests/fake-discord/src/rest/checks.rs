//! The one place through which every request body and every answer passes, to be held against Discord's own
//! description and its written limits. What fails is refused as Discord does, and remembered for the test.

use serde_json::Value;

use super::Call;
use crate::Discord;
use crate::openapi::{Validator, Violation};
use crate::refusal::Refusal;
use crate::rules;

/// Refuses a request that Discord would refuse.
pub(super) fn request(discord: &Discord, call: &Call) -> Result<(), Refusal> {
    let described = description(discord);
    let verdict = described
        .map_or(Ok(()), |v| v.check_request(&call.method, &call.path, &call.body))
        .and_then(|()| rules::check_request(&call.method, &call.path, &call.body));
    verdict.map_err(|violation| {
        remember(discord, &violation);
        Refusal::invalid(&violation.json_path.replace('[', ".").replace(']', ""), &violation.reason)
    })
}

/// Holds an answer of ours against Discord's description.
pub(super) fn answer(discord: &Discord, call: &Call, status: u16, body: &Value) {
    // A route that Discord does not have was remembered with its request, and no answer to it is described.
    let described = description(discord).filter(|_| status != 404 && status != 405);
    if let Some(Err(violation)) = described.map(|v| v.check_answer(&call.method, &call.path, status, body)) {
        remember(discord, &violation);
    }
}

fn description(discord: &Discord) -> Option<std::sync::Arc<Validator>> {
    discord.options().checks_description.then(Validator::from_env).flatten()
}

fn remember(discord: &Discord, violation: &Violation) {
    tracing::warn!(%violation, "against Discord's rules");
    discord.change(|state| state.violations.push(violation.to_string()));
}
