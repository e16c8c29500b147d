//! The settings: from a TOML file, overridden by the environment. Each value knows where it came from; unknown keys are
//! refused with their line and the nearest known key; secrets are redacted wherever they are shown.

mod compression;
mod file;
mod keys;
mod texts;

use std::collections::BTreeMap;
use std::fmt;
use std::net::SocketAddr;
use std::ops::Range;
use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret, SecretString};
use serde::{Serialize, Serializer};
use tracing_subscriber::EnvFilter;

use crate::domain::ids::CommunityId;

pub use compression::Compression;
pub use keys::{KEYS, Key};
use texts::{api_base, listen, secret, shard_range, shards, without_password};

/// Where the file is looked for when nobody names another.
pub const DEFAULT_FILE: &str = "config/wallflower.toml";
/// The variable that names the file.
pub const FILE_VARIABLE: &str = "WALLFLOWER_CONFIG";

/// All settings, ready to run with.
#[derive(Debug, Clone)]
pub struct Settings {
    pub discord: Discord,
    pub database: Database,
    pub data: Data,
    pub web: Web,
    pub log: Log,
    /// What each key came out as, and why; for `check-config`.
    pub in_force: Vec<InForce>,
}

#[derive(Debug, Clone)]
pub struct Discord {
    pub token: Option<SecretString>,
    /// Another server in Discord's place: a shared limiter, or a local one for tests.
    pub api_base: Option<String>,
    /// Another server in the place of the one where Discord keeps files: a local one for tests.
    pub cdn_base: Option<String>,
    /// Commands appear only there, at once; for trying out.
    pub dev_guild: Option<CommunityId>,
    /// Whether what Discord tells the listening session is compressed on its way.
    pub compression: Compression,
    /// How many shards there are in all; else as many as Discord recommends.
    pub shards: Option<u32>,
    /// Which of them are this process's; else all.
    pub shard_range: Option<Range<u32>>,
}

#[derive(Debug, Clone)]
pub struct Database {
    /// `sqlite://PATH` or `postgres://…`; may hold a password.
    pub url: SecretString,
}

#[derive(Debug, Clone)]
pub struct Data {
    /// Holds `secret.key`, the lock and, unless it is told otherwise, the database.
    pub folder: PathBuf,
    /// In place of `secret.key`.
    pub secret: Option<SecretString>,
}

/// The small web server, for calendars. Off where nothing says where it listens.
#[derive(Debug, Clone)]
pub struct Web {
    pub listen: Option<SocketAddr>,
    /// How it is reached from outside; else where it listens.
    pub address: Option<String>,
}

#[derive(Debug, Clone)]
pub struct Log {
    /// A level or directives, as `tracing` reads them.
    pub level: String,
    pub format: LogFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    Text,
    Json,
}

/// One key with its value in force, fit to be shown. As JSON it has `key`, `value` (`null` where there is none) and `from`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InForce {
    pub key: &'static str,
    /// Secrets are hidden, what is absent is empty.
    #[serde(rename = "value", serialize_with = "empty_as_none")]
    pub shown: String,
    #[serde(rename = "from")]
    pub origin: Origin,
}

fn empty_as_none<S: Serializer>(shown: &str, serializer: S) -> Result<S::Ok, S::Error> {
    Some(shown).filter(|shown| !shown.is_empty()).serialize(serializer)
}

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "source", rename_all = "snake_case")]
pub enum Origin {
    Default,
    File { path: PathBuf, line: usize },
    Environment { variable: &'static str },
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File { path, line } => write!(f, "{}:{line}", path.display()),
            Self::Environment { variable } => write!(f, "{variable} in the environment"),
        }
    }
}

/// What is wrong with the settings, where, and what to do.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("{path} cannot be read ({reason}): name a readable file with --config or {FILE_VARIABLE}")]
    Unreadable { path: String, reason: std::io::Error },
    #[error("{path}:{line}: this is not TOML: {reason}")]
    NotToml { path: String, line: usize, reason: String },
    #[error("{path}:{line}: there is no setting \"{key}\"; did you mean \"{nearest}\"?")]
    UnknownKey { path: String, line: usize, key: String, nearest: String },
    #[error("{origin}: {key} {problem}")]
    Value { origin: Origin, key: &'static str, problem: String },
}

/// A value as text, and where it stood.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    text: String,
    origin: Origin,
}

impl Settings {
    /// Reads `file` (else the one that the environment names, else the default one where it exists) and `environment`.
    pub fn load(file: Option<&Path>, environment: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let given = |name: &str| environment(name).filter(|value| !value.is_empty());
        let named = file.map(Path::to_path_buf).or_else(|| given(FILE_VARIABLE).map(PathBuf::from));
        let path = named.or_else(|| Some(PathBuf::from(DEFAULT_FILE)).filter(|path| path.exists()));
        let mut found = match path {
            Some(path) => file::read(&path)?,
            None => BTreeMap::new(),
        };
        for key in &KEYS {
            if let Some(text) = given(key.variable) {
                found.insert(key.name, Found { text, origin: Origin::Environment { variable: key.variable } });
            }
        }
        Self::typed(&found)
    }

    fn typed(found: &BTreeMap<&'static str, Found>) -> Result<Self, ConfigError> {
        let values = Values { found };
        let folder = values.text("data.folder");
        // The default database lies in the data folder, wherever that is.
        let url = values.given("database.url").map_or_else(
            || format!("sqlite://{}/wallflower.db", folder.trim_end_matches('/')),
            |found| found.text.clone(),
        );
        let settings = Self {
            discord: Discord {
                token: values.secret("discord.token"),
                api_base: values.parsed("discord.api_base", api_base)?,
                cdn_base: values.parsed("discord.cdn_base", api_base)?,
                dev_guild: values.parsed("discord.dev_guild", |text| {
                    text.parse().map_err(|_| "must be the id of a server, such as \"175928847299117063\"".to_owned())
                })?,
                compression: Compression::of(&values)?,
                shards: values.parsed("discord.shards", shards)?,
                shard_range: values.parsed("discord.shard_range", shard_range)?,
            },
            database: Database { url: database_url(&values, url)? },
            data: Data { folder: PathBuf::from(&folder), secret: values.parsed("data.secret", secret)? },
            web: web(&values)?,
            log: Log { level: log_level(&values)?, format: log_format(&values)? },
            in_force: Vec::new(),
        };
        let in_force = KEYS.iter().map(|key| values.in_force(key, &settings)).collect();
        Ok(Self { in_force, ..settings })
    }
}

struct Values<'a> {
    found: &'a BTreeMap<&'static str, Found>,
}

impl Values<'_> {
    fn given(&self, key: &str) -> Option<&Found> {
        self.found.get(key).filter(|found| !found.text.is_empty())
    }

    fn text(&self, key: &'static str) -> String {
        self.given(key).map_or_else(|| keys::default_of(key).to_owned(), |found| found.text.clone())
    }

    fn secret(&self, key: &str) -> Option<SecretString> {
        self.given(key).map(|found| SecretString::from(found.text.clone()))
    }

    fn origin(&self, key: &str) -> Origin {
        self.given(key).map_or(Origin::Default, |found| found.origin.clone())
    }

    fn parsed<T>(
        &self,
        key: &'static str,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> Result<Option<T>, ConfigError> {
        let Some(found) = self.given(key) else { return Ok(None) };
        let wrong = |problem| ConfigError::Value { origin: found.origin.clone(), key, problem };
        parse(&found.text).map(Some).map_err(wrong)
    }

    fn in_force(&self, key: &Key, settings: &Settings) -> InForce {
        let shown = match key.name {
            "database.url" => without_password(settings.database.url.expose_secret()),
            name if key.secret => {
                if self.given(name).is_some() {
                    "(hidden)".to_owned()
                } else {
                    String::new()
                }
            }
            name => self.text(name),
        };
        InForce { key: key.name, shown, origin: self.origin(key.name) }
    }
}

fn database_url(values: &Values<'_>, url: String) -> Result<SecretString, ConfigError> {
    let scheme = url.split_once(':').map_or("", |(scheme, _)| scheme);
    if ["sqlite", "postgres", "postgresql"].contains(&scheme) {
        return Ok(SecretString::from(url));
    }
    let problem = "must begin with sqlite:// or postgres://, such as \"sqlite://data/wallflower.db\"".to_owned();
    Err(ConfigError::Value { origin: values.origin("database.url"), key: "database.url", problem })
}

/// An address that nothing listens at, or a listener that nobody outside can name, is a mistake that shows only in calendars.
fn web(values: &Values<'_>) -> Result<Web, ConfigError> {
    let (listen, address) = (values.parsed("web.listen", listen)?, values.parsed("web.address", api_base)?);
    let wrong = |key: &'static str, problem: &str| {
        Err(ConfigError::Value { origin: values.origin(key), key, problem: problem.to_owned() })
    };
    match (listen, &address) {
        (None, Some(_)) => wrong("web.address", "needs web.listen beside it: without, there is no web server"),
        (Some(listen), None) if listen.ip().is_unspecified() => wrong(
            "web.listen",
            "listens everywhere, so web.address has to say how it is reached, such as \"https://wallflower.example\"",
        ),
        _ => Ok(Web { listen, address }),
    }
}

fn log_level(values: &Values<'_>) -> Result<String, ConfigError> {
    let key = "log.level";
    let text = values.text(key);
    let problem = "must be error, warn, info, debug or trace, or directives such as \"info,wallflower=debug\"";
    match EnvFilter::builder().parse(&text) {
        Ok(_) => Ok(text),
        Err(_) => Err(ConfigError::Value { origin: values.origin(key), key, problem: problem.to_owned() }),
    }
}

fn log_format(values: &Values<'_>) -> Result<LogFormat, ConfigError> {
    let key = "log.format";
    match values.text(key).as_str() {
        "text" => Ok(LogFormat::Text),
        "json" => Ok(LogFormat::Json),
        _ => {
            let problem = "must be \"text\" or \"json\"".to_owned();
            Err(ConfigError::Value { origin: values.origin(key), key, problem })
        }
    }
}

#[cfg(test)]
mod tests;
