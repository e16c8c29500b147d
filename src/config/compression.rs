//! Whether what Discord tells the listening session is compressed on its way.

use super::{ConfigError, Values};

const KEY: &str = "discord.compression";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compression {
    None,
    /// Discord's `zstd-stream`.
    Zstd,
}

impl Compression {
    pub(super) fn of(values: &Values<'_>) -> Result<Self, ConfigError> {
        match values.text(KEY).as_str() {
            "none" => Ok(Self::None),
            "zstd" => Ok(Self::Zstd),
            _ => {
                let problem = "must be \"zstd\" or \"none\"".to_owned();
                Err(ConfigError::Value { origin: values.origin(KEY), key: KEY, problem })
            }
        }
    }
}
