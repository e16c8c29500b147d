//! The playground: its page answers only itself, and in a real browser the whole story can be lived through by clicking.
#![cfg(test)]

mod browser;
mod chromium;
mod days;
mod page;
#[path = "../../examples/playground/play/mod.rs"]
mod play;

use std::net::{IpAddr, Ipv4Addr};

use play::{Options, Playground};

/// A playground on a free port, of invented people.
async fn playground(members: usize) -> Playground {
    open(members, None).await.unwrap()
}

async fn open(members: usize, export: Option<std::path::PathBuf>) -> anyhow::Result<Playground> {
    Playground::open(Options { export, ..options(members) }).await
}

fn options(members: usize) -> Options {
    let listen = IpAddr::V4(Ipv4Addr::LOCALHOST);
    Options { listen, lets_others_in: false, port: 0, seed: 6, members, speed: 100, export: None }
}
