use std::path::PathBuf;

use secrecy::ExposeSecret;

use super::*;

fn nothing(_: &str) -> Option<String> {
    None
}

fn written(text: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("wallflower.toml");
    std::fs::write(&path, text).unwrap();
    (folder, path)
}

fn refused(text: &str) -> String {
    let (_folder, path) = written(text);
    let error = Settings::load(Some(&path), nothing).unwrap_err().to_string();
    error.replace(&path.display().to_string(), "FILE")
}

#[test]
fn an_unknown_key_is_refused_with_its_line_and_the_nearest_one() {
    let text = "[discord]\n# a word\ntokn = \"x\"\n";
    assert_eq!(refused(text), "FILE:3: there is no setting \"discord.tokn\"; did you mean \"discord.token\"?");
    assert_eq!(
        refused("[databse]\nurl = \"sqlite://x\"\n"),
        "FILE:1: there is no setting \"databse\"; did you mean \"database.url\"?"
    );
}

#[test]
fn a_wrong_value_says_what_where_and_what_to_do() {
    assert_eq!(refused("[log]\nformat = \"xml\"\n"), "FILE:2: log.format must be \"text\" or \"json\"");
    assert_eq!(refused("[log]\n\nlevel = true\n"), "FILE:3: log.level must be text in quotes, not boolean");
    assert!(
        refused("[discord]\napi_base = \"localhost\"\n").starts_with("FILE:2: discord.api_base must be an address")
    );
    assert_eq!(
        refused("[discord]\ncompression = \"zlib\"\n"),
        "FILE:2: discord.compression must be \"zstd\" or \"none\""
    );
    assert!(refused("[discord]\ndev_guild = \"den\"\n").starts_with("FILE:2: discord.dev_guild must be the id"));
    assert!(refused("[database]\nurl = \"mysql://x\"\n").starts_with("FILE:2: database.url must begin with"));
    assert!(refused("[data]\nsecret = \"short\"\n").starts_with("FILE:2: data.secret must hold at least"));
    assert!(refused("[discord\n").starts_with("FILE:1: this is not TOML"));
}

#[test]
fn a_web_server_that_calendars_could_not_reach_is_refused() {
    let alone = refused("[web]\naddress = \"https://wallflower.example\"\n");
    assert!(alone.contains("web.address needs web.listen"), "{alone}");
    let everywhere = refused("[web]\nlisten = \"0.0.0.0:8080\"\n");
    assert!(everywhere.contains("web.listen listens everywhere"), "{everywhere}");
    let (_folder, path) = written("[web]\nlisten = \"[::]:8080\"\naddress = \"https://wallflower.example\"\n");
    assert!(Settings::load(Some(&path), nothing).is_ok());
}

#[test]
fn the_environment_overrides_the_file_and_names_itself() {
    let (_folder, path) = written("[discord]\ntoken = \"from-file\"\ndev_guild = 175928847299117063\n");
    let environment = |name: &str| (name == "DISCORD_TOKEN").then(|| "from-environment".to_owned());
    let settings = Settings::load(Some(&path), environment).unwrap();
    assert_eq!(settings.discord.token.unwrap().expose_secret(), "from-environment");
    assert_eq!(settings.discord.dev_guild.unwrap().to_string(), "175928847299117063");
    let origins: Vec<_> = settings.in_force.iter().map(|one| (one.key, one.origin.to_string())).collect();
    assert!(origins.contains(&("discord.token", "DISCORD_TOKEN in the environment".into())));
    assert!(origins.contains(&("discord.dev_guild", format!("{}:3", path.display()))));
    assert!(origins.contains(&("log.level", "default".into())));
}

#[test]
fn no_secret_is_ever_shown() {
    let text = "[discord]\ntoken = \"sentinel-token\"\n[data]\nsecret = \"sentinel-secret-of-ours\"\n\
                [database]\nurl = \"postgres://ana:sentinel-word@host/name?sslpassword=sentinel-other&x=1\"\n";
    let (_folder, path) = written(text);
    let settings = Settings::load(Some(&path), nothing).unwrap();
    let shown = format!("{settings:?}");
    assert!(!shown.contains("sentinel"), "{shown}");
    assert!(shown.contains("postgres://ana:(hidden)@host/name?sslpassword=(hidden)&x=1"), "{shown}");
}

#[test]
fn the_default_database_lies_in_the_data_folder() {
    let environment = |name: &str| (name == "WALLFLOWER_DATA_FOLDER").then(|| "/var/lib/wallflower/".to_owned());
    let (_folder, path) = written("");
    let settings = Settings::load(Some(&path), environment).unwrap();
    assert_eq!(settings.database.url.expose_secret(), "sqlite:///var/lib/wallflower/wallflower.db");
}

#[test]
fn the_commented_file_holds_each_setting_with_its_default_and_no_other() {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/config/wallflower.toml")).unwrap();
    let uncommented: Vec<&str> = text.lines().map(|line| line.strip_prefix("#:").unwrap_or(line)).collect();
    let table: toml::Table = uncommented.join("\n").parse().unwrap();
    let mut found = BTreeMap::new();
    for (section, keys) in &table {
        for (key, value) in keys.as_table().unwrap() {
            found.insert(format!("{section}.{key}"), value.as_str().unwrap().to_owned());
        }
    }
    let known: BTreeMap<String, String> =
        KEYS.iter().map(|key| (key.name.to_owned(), key.default.to_owned())).collect();
    assert_eq!(found, known);
    let (_folder, path) = written(&text);
    assert!(Settings::load(Some(&path), nothing).unwrap().in_force.iter().all(|one| one.origin == Origin::Default));
}
