//! Reads a settings file into texts by key, each with its line.

use std::collections::BTreeMap;
use std::path::Path;

use toml::de::{DeTable, DeValue};

use super::{ConfigError, Found, Origin, keys};

pub(super) fn read(path: &Path) -> Result<BTreeMap<&'static str, Found>, ConfigError> {
    let shown = path.display().to_string();
    let text =
        std::fs::read_to_string(path).map_err(|reason| ConfigError::Unreadable { path: shown.clone(), reason })?;
    let document = DeTable::parse(&text).map_err(|error| ConfigError::NotToml {
        path: shown.clone(),
        line: line_of(&text, error.span().map_or(0, |span| span.start)),
        reason: error.message().lines().collect::<Vec<_>>().join(" "),
    })?;
    let mut reading = Reading { path, text: &text, found: BTreeMap::new() };
    reading.table("", document.get_ref())?;
    Ok(reading.found)
}

struct Reading<'a> {
    path: &'a Path,
    text: &'a str,
    found: BTreeMap<&'static str, Found>,
}

impl Reading<'_> {
    fn table(&mut self, section: &str, table: &DeTable<'_>) -> Result<(), ConfigError> {
        for (key, value) in table {
            let name =
                if section.is_empty() { key.get_ref().to_string() } else { format!("{section}.{}", key.get_ref()) };
            let line = line_of(self.text, key.span().start);
            match (keys::known(&name), value.get_ref()) {
                (Some(name), value) => self.value(name, line, value)?,
                // A section, unless no key begins with it.
                (None, DeValue::Table(inner)) if is_section(&name) => self.table(&name, inner)?,
                (None, _) => {
                    let nearest = keys::nearest(&name).to_owned();
                    let path = self.path.display().to_string();
                    return Err(ConfigError::UnknownKey { path, line, key: name, nearest });
                }
            }
        }
        Ok(())
    }

    fn value(&mut self, key: &'static str, line: usize, value: &DeValue<'_>) -> Result<(), ConfigError> {
        let origin = Origin::File { path: self.path.to_path_buf(), line };
        let text = match value {
            DeValue::String(text) => text.trim().to_owned(),
            DeValue::Integer(number) if number.radix() == 10 => number.as_str().to_owned(),
            other => {
                let problem = format!("must be text in quotes, not {}", other.type_str());
                return Err(ConfigError::Value { origin, key, problem });
            }
        };
        self.found.insert(key, Found { text, origin });
        Ok(())
    }
}

fn is_section(name: &str) -> bool {
    super::KEYS.iter().any(|key| key.name.strip_prefix(name).is_some_and(|rest| rest.starts_with('.')))
}

/// From 1.
fn line_of(text: &str, at: usize) -> usize {
    text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1
}
