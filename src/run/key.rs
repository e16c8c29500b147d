//! The key that people are hashed with: given, or made and kept beside the database, and always the one that the database
//! knows.

use std::io::Write as _;
use std::path::Path;

use secrecy::SecretString;

use super::{Lock, RunError, open, unusable, unusable_database};
use crate::app::fingerprint;
use crate::config::Settings;
use crate::store::Store;

/// The name of the key's file.
const KEY_FILE: &str = "secret.key";
/// Bytes of a key that we make: as many as its hash has.
const KEY_BYTES: usize = 32;

/// The key of the keyed hashes: given, or made once and kept where only we read it. Another one than the database has
/// known is refused: under it nobody would be recognised whom somebody avoids, and nobody would notice.
pub(super) async fn secret(settings: &Settings, store: &Store) -> Result<SecretString, RunError> {
    let path = settings.data.folder.join(KEY_FILE);
    let of_database = |reason| unusable_database(settings, reason);
    let known = store.key_fingerprint().await.map_err(of_database)?;
    let secret = match kept_secret(settings, &path)? {
        Some(secret) => secret,
        None if known.is_some() => return Err(RunError::KeyMissing { path: path.display().to_string() }),
        None => make_secret(&path).map_err(|reason| unusable("the key", &path, reason))?,
    };
    if !store.claim_key(&fingerprint(&secret)).await.map_err(of_database)? {
        let given = settings.data.secret.is_some();
        let path = if given { "WALLFLOWER_SECRET".to_owned() } else { path.display().to_string() };
        return Err(RunError::OtherKey { path });
    }
    Ok(secret)
}

/// The key that was given, or made before.
fn kept_secret(settings: &Settings, path: &Path) -> Result<Option<SecretString>, RunError> {
    if let Some(secret) = &settings.data.secret {
        return Ok(Some(secret.clone()));
    }
    let kept = match std::fs::read_to_string(path) {
        Ok(kept) => kept,
        Err(missing) if missing.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(reason) => return Err(unusable("the key", path, reason)),
    };
    let kept = kept.trim();
    if kept.len() < KEY_BYTES {
        let reason = std::io::Error::new(std::io::ErrorKind::InvalidData, "it is too short to be a key");
        return Err(unusable("the key", path, reason));
    }
    Ok(Some(SecretString::from(kept)))
}

/// Gives up what members and admins said about others under a key that is lost; tells how many words that were.
pub async fn give_up_key(settings: &Settings) -> Result<u64, RunError> {
    let mut lock = Lock::of(&settings.data.folder)?;
    let store = open(settings).await?;
    let _held = lock.take()?;
    let given_up = store.give_up_key().await.map_err(|reason| unusable_database(settings, reason));
    store.close().await;
    given_up
}

fn make_secret(path: &Path) -> std::io::Result<SecretString> {
    let key: [u8; KEY_BYTES] = rand::random();
    let text = key.iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    writeln!(file, "{text}")?;
    file.sync_all()?;
    Ok(SecretString::from(text))
}
