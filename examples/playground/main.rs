//! The playground: Wallflower without a Discord account, in a browser. `docs/PLAYGROUND.md` tells how it works.
//!
//! ```sh
//! cargo run --release --example playground
//! ```

mod play;

use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::Parser;
use play::{Options, Playground};

/// Wallflower in a browser: an invented community, the real bot, and a clock that you move. Nothing leaves this machine.
#[derive(Parser)]
#[command(name = "playground")]
struct Arguments {
    /// The port of the page; 0 takes any free one. Where it is taken, the next free one is used.
    #[arg(long, default_value_t = 4040)]
    port: u16,
    /// The address to listen on. Anything but a loopback address needs --let-others-in.
    #[arg(long, default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    listen: IpAddr,
    /// Let whoever reaches this machine see the page and act in it as anybody.
    #[arg(long, conflicts_with = "export")]
    let_others_in: bool,
    /// Another seed makes another community.
    #[arg(long, default_value_t = 6)]
    seed: u64,
    /// How many invented members there are.
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u16).range(12..=120))]
    members: u16,
    /// How fast time runs at first: 0 stands still, 1 is real time.
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(0..=10_000))]
    speed: u32,
    /// A chat exported by DiscordChatExporter as JSON, instead of invented talk. It is shown on this machine only.
    #[arg(long, value_name = "FILE")]
    export: Option<PathBuf>,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("playground: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(given: Arguments) -> Result<()> {
    let options = Options {
        listen: given.listen,
        lets_others_in: given.let_others_in,
        port: given.port,
        seed: given.seed,
        members: usize::from(given.members),
        speed: given.speed,
        export: given.export,
    };
    let playground = Playground::open(options).await?;
    if playground.address.port() != given.port && given.port != 0 {
        println!("Port {} is taken.", given.port);
    }
    println!("The playground is at http://{} (Ctrl-C ends it; nothing of it is kept)", playground.address);
    tokio::select! {
        ended = playground.ended() => ended,
        interrupted = tokio::signal::ctrl_c() => Ok(interrupted?),
    }?;
    playground.close().await
}
