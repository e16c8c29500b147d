//! The names of all settings, and the one that a misspelt name is nearest to.

/// One setting.
#[derive(Debug, Clone, Copy)]
pub struct Key {
    /// Section and key, as "discord.token".
    pub name: &'static str,
    /// The variable of the environment that overrides the file.
    pub variable: &'static str,
    /// As text; empty where there is none.
    pub default: &'static str,
    /// Never shown.
    pub secret: bool,
}

const fn key(name: &'static str, variable: &'static str, default: &'static str) -> Key {
    Key { name, variable, default, secret: false }
}

const fn secret(name: &'static str, variable: &'static str) -> Key {
    Key { name, variable, default: "", secret: true }
}

/// Every setting there is, in the order of the commented file.
pub const KEYS: [Key; 14] = [
    secret("discord.token", "DISCORD_TOKEN"),
    key("discord.api_base", "WALLFLOWER_DISCORD_API_BASE", ""),
    key("discord.cdn_base", "WALLFLOWER_DISCORD_CDN_BASE", ""),
    key("discord.dev_guild", "WALLFLOWER_DISCORD_DEV_GUILD", ""),
    key("discord.compression", "WALLFLOWER_DISCORD_COMPRESSION", "zstd"),
    key("discord.shards", "WALLFLOWER_DISCORD_SHARDS", ""),
    key("discord.shard_range", "WALLFLOWER_DISCORD_SHARD_RANGE", ""),
    key("database.url", "WALLFLOWER_DATABASE_URL", "sqlite://data/wallflower.db"),
    key("data.folder", "WALLFLOWER_DATA_FOLDER", "data"),
    secret("data.secret", "WALLFLOWER_SECRET"),
    key("web.listen", "WALLFLOWER_WEB_LISTEN", ""),
    key("web.address", "WALLFLOWER_WEB_ADDRESS", ""),
    key("log.level", "WALLFLOWER_LOG_LEVEL", "info"),
    key("log.format", "WALLFLOWER_LOG_FORMAT", "text"),
];

pub(super) fn default_of(name: &str) -> &'static str {
    KEYS.iter().find(|key| key.name == name).map_or("", |key| key.default)
}

pub(super) fn known(name: &str) -> Option<&'static str> {
    KEYS.iter().map(|key| key.name).find(|known| *known == name)
}

/// The known name with the fewest edits from `name`; a right key under a wrong section is near.
pub(super) fn nearest(name: &str) -> &'static str {
    let last = |name: &str| name.rsplit('.').next().unwrap_or_default().to_owned();
    let far = |known: &str| edits(known, name).min(edits(&last(known), &last(name)) + 1);
    KEYS.iter().map(|key| key.name).min_by_key(|known| far(known)).unwrap_or_default()
}

/// The Levenshtein distance: insertions, deletions and replacements of characters.
fn edits(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (above, from) in one.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = above + 1;
        for (column, to) in other.iter().enumerate() {
            let replaced = diagonal + usize::from(from != *to);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_key_is_recognised() {
        assert_eq!(nearest("discord.tokn"), "discord.token");
        assert_eq!(nearest("databse.url"), "database.url");
        assert_eq!(nearest("token"), "discord.token");
        assert_eq!(nearest("logging.level"), "log.level");
    }

    #[test]
    fn edits_are_counted() {
        assert_eq!(edits("kitten", "sitting"), 3);
        assert_eq!(edits("", "abc"), 3);
    }
}
