//! What goes to the log, and in which form. Discord's libraries log whole payloads when they cannot read one: those
//! targets are held down, whatever level is asked for, since payloads hold people's names and words.

use std::io::IsTerminal;

use tracing::level_filters::LevelFilter;
use tracing::{Level, Metadata};
use tracing_subscriber::filter::{EnvFilter, filter_fn};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::{SubscriberInitExt, TryInitError};
use tracing_subscriber::{Layer, fmt};

use crate::config::{Log, LogFormat};

/// Crates that handle payloads: from them only warnings.
const HELD_DOWN: [&str; 9] =
    ["serenity", "poise", "twilight", "tungstenite", "tokio_tungstenite", "tokio_websockets", "reqwest", "hyper", "h2"];
/// From these nothing at all: at each level they print what they received.
const SILENT: [&str; 2] = ["serenity::gateway::ws", "twilight_gateway::json"];

/// Sends the log to stderr from now on, for the whole process.
pub fn start(log: &Log) -> Result<(), TryInitError> {
    let level = EnvFilter::builder().with_default_directive(LevelFilter::INFO.into()).parse_lossy(&log.level);
    let colours = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let lines = fmt::layer().with_writer(std::io::stderr).with_ansi(colours && log.format == LogFormat::Text);
    let lines = match log.format {
        LogFormat::Text => lines.boxed(),
        LogFormat::Json => lines.json().boxed(),
    };
    tracing_subscriber::registry().with(lines.with_filter(filter_fn(prints_nobody)).with_filter(level)).try_init()
}

/// Whether an event of this kind cannot hold people's data.
fn prints_nobody(metadata: &Metadata<'_>) -> bool {
    may_print(metadata.target(), *metadata.level())
}

fn may_print(target: &str, level: Level) -> bool {
    let is_in = |name: &str| {
        target.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with("::") || rest.starts_with('_'))
    };
    !SILENT.iter().any(|name| is_in(name)) && (level <= Level::WARN || !HELD_DOWN.iter().any(|name| is_in(name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn payloads_of_discords_libraries_reach_no_log() {
        assert!(!may_print("serenity::gateway::ws", Level::WARN));
        assert!(!may_print("serenity::gateway::bridge::shard_runner", Level::TRACE));
        assert!(!may_print("twilight_gateway::shard", Level::DEBUG));
        assert!(!may_print("twilight_gateway::json", Level::ERROR));
        assert!(may_print("serenity::gateway::shard", Level::WARN));
        assert!(may_print("wallflower::app", Level::TRACE));
        assert!(may_print("poisedon", Level::TRACE));
    }
}
