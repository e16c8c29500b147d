//! Which files to read.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::{Broken, Place};

/// A file that may hold an exported chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportFile {
    pub path: PathBuf,
    /// As stored, compressed or not.
    pub bytes: u64,
}

const WHERE_TO_LOOK: &str = "Name a file or a folder that holds exports (.json or .json.gz)";

/// The files at `paths`, each once: those named, and all `.json` and `.json.gz` below the folders named, sorted by
/// path within each folder. Links to folders are not followed, since they may lead in circles.
pub fn find(paths: &[PathBuf]) -> Result<Vec<ExportFile>, Broken> {
    let mut found = Vec::new();
    let mut known = BTreeSet::new();
    for path in paths {
        let (mut names, is_folder) = named_by(path)?;
        if is_folder && names.is_empty() {
            return Err(Broken::new(
                path,
                Place::Whole,
                "the folder holds no .json and no .json.gz file",
                WHERE_TO_LOOK,
            ));
        }
        names.sort();
        for name in names {
            let meta = fs::metadata(&name).map_err(|error| unreadable(&name, &error))?;
            if known.insert(fs::canonicalize(&name).unwrap_or_else(|_| name.clone())) {
                found.push(ExportFile { path: name, bytes: meta.len() });
            }
        }
    }
    Ok(found)
}

fn named_by(path: &Path) -> Result<(Vec<PathBuf>, bool), Broken> {
    let meta = fs::metadata(path).map_err(|error| unreadable(path, &error))?;
    let mut names = Vec::new();
    if meta.is_dir() {
        collect(path, &mut names)?;
    } else {
        names.push(path.to_owned());
    }
    Ok((names, meta.is_dir()))
}

fn collect(folder: &Path, names: &mut Vec<PathBuf>) -> Result<(), Broken> {
    let mut waiting = vec![folder.to_owned()];
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(&folder).map_err(|error| unreadable(&folder, &error))? {
            let entry = entry.map_err(|error| unreadable(&folder, &error))?;
            let path = entry.path();
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                waiting.push(path);
            } else if is_export(&path) && path.is_file() {
                names.push(path);
            }
        }
    }
    Ok(())
}

fn is_export(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
    let name = Path::new(name.strip_suffix(".gz").unwrap_or(&name));
    name.extension().is_some_and(|extension| extension == "json")
}

fn unreadable(path: &Path, error: &std::io::Error) -> Broken {
    Broken::new(path, Place::Whole, format!("cannot be read: {error}"), WHERE_TO_LOOK)
}
