//! What listening costs: a fake Discord in a process of its own sends a flood of messages, and receivers take it in, each
//! in its own process, one after the other.
//!
//! `cargo run --release --example flood` prints the table of docs/PERFORMANCE.md. `--messages N` sets the length of the
//! flood, `--slow-disk` lets the database answer slowly, `--json` prints for machines. Receivers:
//!
//! - *ceiling*: reads the socket and parses each frame into a small borrowed struct, no more;
//! - *wallflower*: the listening half of the product, from the socket to SQLite on disk, checked against the truth;
//! - *serenity*: its client with a handler that counts messages.

mod ceiling;
mod fake;
mod library;
mod measure;
mod processes;
mod product;
mod table;

use std::io::{IsTerminal, Write};
use std::path::PathBuf;

use anyhow::Result;
use clap::{Parser, Subcommand, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};
use serde::{Deserialize, Serialize};

use processes::Run;
use table::Row;

#[derive(Debug, Parser)]
#[command(about = "What listening costs, beside the bare ceiling and a library's own handler")]
struct Cli {
    /// How many messages are sent.
    #[arg(long, default_value_t = 300_000)]
    messages: usize,
    /// Another process holds the database's lock most of the time.
    #[arg(long)]
    slow_disk: bool,
    /// Where the database is made; a folder of its own in it, gone afterwards.
    #[arg(long, value_name = "FOLDER")]
    folder: Option<PathBuf>,
    /// Only these receivers.
    #[arg(long, value_enum, value_delimiter = ',', default_values_t = Receiver::ALL)]
    only: Vec<Receiver>,
    /// For machines.
    #[arg(long)]
    json: bool,
    #[command(subcommand)]
    part: Option<Part>,
}

/// What this program does when it starts itself.
#[derive(Debug, Subcommand)]
enum Part {
    #[command(hide = true)]
    Fake { messages: usize },
    #[command(hide = true)]
    Receive {
        receiver: Receiver,
        transport: Transport,
        #[arg(long)]
        slow_disk: bool,
        #[arg(long)]
        folder: Option<PathBuf>,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Receiver {
    Ceiling,
    Wallflower,
    Serenity,
}

impl Receiver {
    const ALL: [Self; 3] = [Self::Ceiling, Self::Wallflower, Self::Serenity];
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Transport {
    Plain,
    Zstd,
}

fn main() -> Result<()> {
    let cli = Cli::parse();
    match cli.part {
        None => compare(&cli),
        Some(Part::Fake { messages }) => fake::serve(messages),
        Some(Part::Receive { receiver, transport, slow_disk, folder }) => match receiver {
            Receiver::Ceiling => ceiling::receive(transport),
            Receiver::Wallflower => product::receive(transport, slow_disk, folder),
            Receiver::Serenity => library::receive(),
        },
    }
}

fn compare(cli: &Cli) -> Result<()> {
    let mut rows: Vec<Row> = Vec::new();
    for transport in [Transport::Plain, Transport::Zstd] {
        // serenity knows no zstd-stream.
        let knows = |receiver: &&Receiver| **receiver != Receiver::Serenity || transport == Transport::Plain;
        for receiver in cli.only.iter().filter(knows) {
            let bar = bar(cli.messages, *receiver, transport);
            let run = Run {
                receiver: *receiver,
                transport,
                messages: cli.messages,
                slow_disk: cli.slow_disk,
                folder: cli.folder.as_deref(),
            };
            let outcome = run.go(|heard| bar.set_position(heard))?;
            bar.finish_and_clear();
            rows.push(Row::new(*receiver, transport, outcome));
        }
    }
    let mut out = std::io::stdout().lock();
    if cli.json {
        serde_json::to_writer_pretty(&mut out, &table::with_ratios(&rows))?;
        writeln!(out)?;
    } else {
        table::write(&rows, &mut out)?;
    }
    let wrong = rows.iter().any(|row| row.outcome.exact == Some(false));
    anyhow::ensure!(!wrong, "what was counted is not what was said");
    Ok(())
}

fn bar(messages: usize, receiver: Receiver, transport: Transport) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{msg:20} {bar:32} {percent:>3}%  {pos} of {len}  {eta}");
    let bar = ProgressBar::new(messages as u64).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar.with_message(format!("{receiver:?}, {transport:?}").to_lowercase())
}
