//! Registering the commands: one bulk overwrite, only when they differ from what Discord has from us, since an
//! application may make only so many a day.

use serenity::all::{CreateCommand, GuildId, Http};
use sha2::{Digest, Sha256};

use super::commands;
use super::connection::{Identity, NoLine};
use crate::domain::ids::CommunityId;
use crate::store::{Store, StoreError};

/// Why the commands stand not as they should.
#[derive(Debug, thiserror::Error)]
pub enum NotRegistered {
    #[error(transparent)]
    NoLine(#[from] NoLine),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the commands cannot be put into words: {0}")]
    Wording(#[from] serde_json::Error),
}

/// Registers everywhere, or only in `scope`. Tells whether that was needed.
pub async fn register(
    http: &Http,
    store: &Store,
    identity: Identity,
    scope: Option<CommunityId>,
) -> Result<bool, NotRegistered> {
    let commands = poise::builtins::create_application_commands(&commands::all());
    let hash = hash(&commands)?;
    let application = i64::try_from(identity.application.get()).unwrap_or(i64::MAX);
    if store.registration(application, scope).await?.as_ref() == Some(&hash) {
        return Ok(false);
    }
    let done = match scope {
        None => http.create_global_commands(&commands).await,
        Some(community) => http.create_guild_commands(GuildId::new(community.to_u64()), &commands).await,
    };
    done.map_err(|error| NoLine::from(&error))?;
    store.save_registration(application, scope, &hash).await?;
    Ok(true)
}

/// By value first: maps of translations have no order of their own.
fn hash(commands: &[CreateCommand]) -> Result<String, serde_json::Error> {
    let json = serde_json::to_value(commands)?.to_string();
    Ok(Sha256::digest(json.as_bytes()).iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_commands_have_the_same_hash() {
        let commands = || poise::builtins::create_application_commands(&commands::all());
        assert_eq!(hash(&commands()).unwrap(), hash(&commands()).unwrap());
        assert_ne!(hash(&commands()[1..]).unwrap(), hash(&commands()).unwrap());
    }
}
