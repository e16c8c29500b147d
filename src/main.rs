//! Parses the command line and wires.

use std::io::{self, Write};
use std::process::ExitCode;

use clap::{CommandFactory, Parser};
use wallflower::app::replay;
use wallflower::cli::{Cli, Command};

fn main() -> ExitCode {
    let outcome = match Cli::parse().command {
        Command::Replay(request) => replay::run(&request, &mut anstream::stdout()),
        Command::Completions { shell } => completions(shell),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever reads has seen enough, as in `wallflower replay … | head`.
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(anstream::stderr(), "wallflower: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .any(|cause| cause.downcast_ref::<io::Error>().is_some_and(|cause| cause.kind() == io::ErrorKind::BrokenPipe))
}

fn completions(shell: clap_complete::Shell) -> anyhow::Result<()> {
    // Into memory first: clap_complete panics where it cannot write.
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "wallflower", &mut script);
    Ok(io::stdout().write_all(&script)?)
}
