//! The program itself, as it is installed: its own process, the machine's clock, its signals.

use std::collections::HashMap;
use std::process::{ExitStatus, Stdio};
use std::time::{Duration, Instant};

use tokio::process::{Child, Command};

/// Longer than any stop may take.
const PATIENCE: Duration = Duration::from_secs(20);

pub struct Program {
    process: Child,
}

impl Program {
    /// Starts `wallflower run`; it goes with the test.
    pub fn start(environment: &HashMap<&'static str, String>) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_wallflower"));
        command.arg("run").envs(environment).stdin(Stdio::null()).kill_on_drop(true);
        Self { process: command.spawn().unwrap() }
    }

    /// The same, with what it says on stderr kept for [`Self::ends_by_itself`].
    pub fn start_and_listen(environment: &HashMap<&'static str, String>) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_wallflower"));
        command.arg("run").envs(environment).stdin(Stdio::null()).stderr(Stdio::piped()).kill_on_drop(true);
        Self { process: command.spawn().unwrap() }
    }

    /// Waits for its end: its exit code, and what it said last.
    pub async fn ends_by_itself(self) -> (Option<i32>, String) {
        let ended = tokio::time::timeout(PATIENCE, self.process.wait_with_output()).await.expect("it goes on").unwrap();
        let said = String::from_utf8(ended.stderr).unwrap();
        (ended.status.code(), said.lines().last().unwrap_or_default().to_owned())
    }

    /// Sends it a signal, such as `TERM`, and waits for its end: how it ended, and how long that took.
    pub async fn stopped_by(mut self, signal: &str) -> (ExitStatus, Duration) {
        let id = self.process.id().expect("it has ended by itself");
        let begun = Instant::now();
        let sent = std::process::Command::new("sh").args(["-c", &format!("kill -{signal} {id}")]).status().unwrap();
        assert!(sent.success(), "the signal could not be sent");
        let ended = tokio::time::timeout(PATIENCE, self.process.wait()).await.expect("it goes on").unwrap();
        (ended, begun.elapsed())
    }
}
