//! The command line: `wallflower run | replay | check-config | invite-link | give-up-key | completions`.

use std::path::PathBuf;

use chrono::{DateTime, Utc};
use clap::{Args, Parser, Subcommand};
use clap_complete::Shell;

use crate::domain::pairing::groups::{NoSize, Size};
use crate::domain::tie::HalfLife;

/// Turns the people you chat with into people you have met
#[derive(Debug, Parser)]
#[command(name = "wallflower", version, propagate_version = true)]
pub struct Cli {
    /// The settings [default: config/wallflower.toml, where it exists] [env: `WALLFLOWER_CONFIG`]
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Without one, `run`
    #[command(subcommand)]
    pub command: Option<Command>,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Runs the bot
    Run,
    /// Says what is set, and from where; secrets stay hidden
    CheckConfig(CheckConfig),
    /// Prints the link by which admins invite the bot
    InviteLink,
    /// Erases what members and admins said about others (avoid, exclude, wishes), where the key to it is lost for good
    GiveUpKey,
    /// Shows who would be suggested to meet, from exported chats
    Replay(Replay),
    /// Prints the completions of a shell
    Completions { shell: Shell },
}

#[derive(Debug, Args)]
pub struct CheckConfig {
    /// Print JSON, for machines: a list of `key`, `value` and `from`
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct Replay {
    /// Exported chats: .json, .json.gz, or folders of them; all together are one community
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Print JSON, for machines
    #[arg(long)]
    pub json: bool,
    /// Write whom each message was for: `message_id,addressee_id,weight`
    #[arg(long, value_name = "FILE.csv")]
    pub addressees: Option<PathBuf>,
    /// The moment to look from [default: the last message]
    #[arg(long, value_name = "RFC3339", value_parser = moment)]
    pub now: Option<DateTime<Utc>>,
    /// Let a week's talk count half after so many days [default: nothing fades]
    #[arg(long, value_name = "DAYS", value_parser = half_life)]
    pub half_life: Option<HalfLife>,
    /// Count the ties of the last weeks only, the running one included [default: all]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub weeks: Option<u32>,
    /// Suggest groups of so many, 2 to 8, such as 3 or 4-6 [default: pairs]
    #[arg(long, value_name = "SIZE", value_parser = size)]
    pub groups: Option<Size>,
    /// How many people, ties and suggestions to show [default: 10; all with --json]
    #[arg(long, value_name = "N")]
    pub top: Option<usize>,
    /// Go on where a file or a message is broken, and count those left out
    #[arg(long)]
    pub skip_bad: bool,
}

fn moment(text: &str) -> Result<DateTime<Utc>, String> {
    let parsed = DateTime::parse_from_rfc3339(text);
    parsed.map(|moment| moment.to_utc()).map_err(|_| "write it like 2026-11-23T18:00:00Z".to_owned())
}

fn half_life(text: &str) -> Result<HalfLife, String> {
    text.parse().ok().and_then(HalfLife::days).ok_or_else(|| "a number of days above 0, such as 30".to_owned())
}

fn size(text: &str) -> Result<Size, String> {
    text.parse().map_err(|error: NoSize| error.to_string())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn a_half_life_is_a_number_of_days() {
        assert!(half_life("30").is_ok() && half_life("0.5").is_ok());
        assert!(["0", "-3", "NaN", "inf", "month"].iter().all(|text| half_life(text).is_err()));
    }
}
