//! The processes of one run, and how they speak with each other: a line of JSON at a time.

use std::io::{BufRead, BufReader, Lines, Write};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};

use crate::fake::Stage;
use crate::measure::Outcome;
use crate::{Receiver, Transport};

/// Between two words of progress.
const PROGRESS: Duration = Duration::from_millis(200);

/// What a receiver tells.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Word {
    Ready,
    Heard(u64),
    Done(Outcome),
}

/// Prints a line for the other process.
pub fn say(word: &impl Serialize) -> Result<()> {
    let mut out = std::io::stdout().lock();
    serde_json::to_writer(&mut out, word)?;
    writeln!(out)?;
    Ok(out.flush()?)
}

/// What the fake said, which a receiver is given on its standard input.
pub fn stage() -> Result<Stage> {
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    Ok(serde_json::from_str(&line)?)
}

/// Tells how far a receiver is, now and then, for as long as the process lives.
pub fn tell_progress(heard: Arc<AtomicU64>) {
    std::thread::spawn(move || {
        loop {
            std::thread::sleep(PROGRESS);
            if say(&Word::Heard(heard.load(Ordering::Relaxed))).is_err() {
                return;
            }
        }
    });
}

/// One receiver before one flood.
pub struct Run<'a> {
    pub receiver: Receiver,
    pub transport: Transport,
    pub messages: usize,
    pub slow_disk: bool,
    pub folder: Option<&'a Path>,
}

impl Run<'_> {
    pub fn go(&self, progress: impl Fn(u64)) -> Result<Outcome> {
        let mut fake = Process::start(|command| command.arg("fake").arg(self.messages.to_string()))?;
        let stage = fake.hear()?;
        let mut receiver = Process::start(|command| self.arguments(command))?;
        receiver.tell(&stage)?;
        loop {
            match serde_json::from_str(&receiver.hear()?)? {
                Word::Ready => fake.tell("pour")?,
                Word::Heard(heard) => progress(heard),
                Word::Done(outcome) => return Ok(outcome),
            }
        }
    }

    fn arguments<'c>(&self, command: &'c mut Command) -> &'c mut Command {
        let name = |word: &dyn std::fmt::Debug| format!("{word:?}").to_lowercase();
        command.args(["receive", &name(&self.receiver), &name(&self.transport)]);
        if self.slow_disk {
            command.arg("--slow-disk");
        }
        match self.folder {
            Some(folder) => command.arg("--folder").arg(folder),
            None => command,
        }
    }
}

/// This program again, in another part. It ends with this value.
struct Process {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Process {
    fn start(arguments: impl FnOnce(&mut Command) -> &mut Command) -> Result<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        let mut child = arguments(&mut command).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let lines = BufReader::new(child.stdout.take().context("a pipe was asked for")?).lines();
        Ok(Self { child, lines })
    }

    fn hear(&mut self) -> Result<String> {
        match self.lines.next() {
            Some(line) => Ok(line?),
            None => bail!("a process ended before its time: {}", self.child.wait()?),
        }
    }

    fn tell(&mut self, line: &str) -> Result<()> {
        let input = self.child.stdin.as_mut().context("a pipe was asked for")?;
        Ok(writeln!(input, "{line}")?)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
