//! Parses the command line and wires.

use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use clap::{CommandFactory, Parser};
use tokio::signal;
use tokio::sync::watch;
use wallflower::app::replay;
use wallflower::cli::{CheckConfig, Cli, Command};
use wallflower::clock::SystemClock;
use wallflower::config::Settings;
use wallflower::discord::connection::invite_link_of;
use wallflower::{run, telemetry};

fn main() -> ExitCode {
    let cli = Cli::parse();
    let outcome = match cli.command.unwrap_or(Command::Run) {
        Command::Run => settings(cli.config.as_deref()).and_then(run_bot),
        Command::CheckConfig(how) => settings(cli.config.as_deref()).and_then(|settings| check_config(&settings, &how)),
        Command::InviteLink => settings(cli.config.as_deref()).and_then(|settings| print_invite_link(&settings)),
        Command::GiveUpKey => settings(cli.config.as_deref()).and_then(|settings| give_up_key(&settings)),
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

fn settings(file: Option<&Path>) -> anyhow::Result<Settings> {
    Ok(Settings::load(file, |name| std::env::var(name).ok())?)
}

fn run_bot(settings: Settings) -> anyhow::Result<()> {
    telemetry::start(&settings.log).context("the log cannot be started")?;
    let runtime = tokio::runtime::Runtime::new().context("the runtime cannot be started")?;
    let ran = runtime.block_on(async {
        let (stop, stopping) = watch::channel(false);
        tokio::spawn(async move {
            stop_signal().await;
            tracing::info!("Wallflower stops");
            stop.send_replace(true);
            // Kept, so that its loss does not read as a stop.
            std::future::pending::<()>().await;
        });
        run::run(settings, Arc::new(SystemClock), stopping).await
    });
    // Whatever still runs has had its time.
    runtime.shutdown_background();
    Ok(ran?)
}

/// Returns on Ctrl-C, and where there is such a thing on SIGTERM.
async fn stop_signal() {
    #[cfg(unix)]
    {
        match signal::unix::signal(signal::unix::SignalKind::terminate()) {
            Ok(mut terminate) => {
                tokio::select! {
                    _ = terminate.recv() => return,
                    _ = signal::ctrl_c() => return,
                }
            }
            Err(error) => tracing::warn!(%error, "SIGTERM cannot be heard"),
        }
    }
    let _ = signal::ctrl_c().await;
}

fn check_config(settings: &Settings, how: &CheckConfig) -> anyhow::Result<()> {
    let mut out = anstream::stdout();
    if how.json {
        return Ok(writeln!(out, "{}", serde_json::to_string_pretty(&settings.in_force)?)?);
    }
    let width = settings.in_force.iter().map(|one| one.key.len()).max().unwrap_or(0);
    for one in &settings.in_force {
        let shown = if one.shown.is_empty() { "(none)" } else { &one.shown };
        writeln!(out, "{:width$}  {shown}  ({})", one.key, one.origin)?;
    }
    Ok(())
}

fn print_invite_link(settings: &Settings) -> anyhow::Result<()> {
    let token = settings.discord.token.as_ref().ok_or(run::RunError::NoToken)?;
    let link =
        invite_link_of(token).context("the token does not say whose it is: copy it again from the Developer Portal")?;
    Ok(writeln!(anstream::stdout(), "{link}")?)
}

fn give_up_key(settings: &Settings) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Runtime::new().context("the runtime cannot be started")?;
    let given_up = runtime.block_on(run::give_up_key(settings))?;
    Ok(writeln!(
        anstream::stdout(),
        "Erased: {given_up} (avoided, excluded or wished for). The next start takes a new key."
    )?)
}

fn completions(shell: clap_complete::Shell) -> anyhow::Result<()> {
    // Into memory first: clap_complete panics where it cannot write.
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "wallflower", &mut script);
    Ok(io::stdout().write_all(&script)?)
}
