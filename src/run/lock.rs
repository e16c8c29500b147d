//! Keeps a second process out of the data folder, and gives the folder a name.

use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use fd_lock::{RwLock, RwLockWriteGuard};

use super::{RunError, unusable};

const LOCK_FILE: &str = "lock";

pub(super) struct Lock {
    file: RwLock<std::fs::File>,
    path: PathBuf,
    folder: PathBuf,
}

/// The lock, until it is dropped.
pub(super) struct Held<'l> {
    _guard: RwLockWriteGuard<'l, std::fs::File>,
    name: String,
}

impl Held<'_> {
    /// The name of the data folder, which no other one has.
    pub fn folder(&self) -> &str {
        &self.name
    }
}

impl Lock {
    pub fn of(folder: &Path) -> Result<Self, RunError> {
        let path = folder.join(LOCK_FILE);
        let opened = std::fs::OpenOptions::new().create(true).truncate(false).read(true).write(true).open(&path);
        let file = opened.map_err(|reason| unusable("the lock", &path, reason))?;
        Ok(Self { file: RwLock::new(file), path, folder: folder.to_path_buf() })
    }

    pub fn take(&mut self) -> Result<Held<'_>, RunError> {
        let path = self.folder.display().to_string();
        let mut guard = self.file.try_write().map_err(|_| RunError::Locked { path })?;
        let name = named(&mut guard).map_err(|reason| unusable("the lock", &self.path, reason))?;
        Ok(Held { _guard: guard, name })
    }
}

/// The name that stands in the file; made where there is none yet.
fn named(file: &mut std::fs::File) -> std::io::Result<String> {
    let mut name = String::new();
    file.read_to_string(&mut name)?;
    if name.trim().is_empty() {
        name = random_name();
        writeln!(file, "{name}")?;
        file.sync_all()?;
    }
    Ok(name.trim().to_owned())
}

/// A name that nothing else has.
pub(super) fn random_name() -> String {
    let name: u128 = rand::random();
    format!("{name:032x}")
}
