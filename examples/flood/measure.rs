//! What this process has used, as Linux tells it.

use std::time::Instant;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

/// The kernel counts processor time for programs in hundredths of a second, whatever its own clock does.
const TICKS_PER_SECOND: f64 = 100.0;

/// What receiving a flood took.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Outcome {
    pub messages: usize,
    pub seconds: f64,
    /// Of the receiving process, in user and kernel mode together.
    pub cpu_seconds: f64,
    /// The most memory that this process ever held.
    pub peak_mb: f64,
    /// Received over the socket, where that was counted.
    pub bytes: Option<u64>,
    /// Whether what was counted is what was said, where that was looked at.
    pub exact: Option<bool>,
}

pub struct Watch {
    began: Instant,
    cpu: f64,
}

impl Watch {
    pub fn start() -> Result<Self> {
        Ok(Self { began: Instant::now(), cpu: cpu_seconds()? })
    }

    pub fn stop(&self, messages: usize) -> Result<Outcome> {
        Ok(Outcome {
            messages,
            seconds: self.began.elapsed().as_secs_f64(),
            cpu_seconds: cpu_seconds()? - self.cpu,
            peak_mb: peak_mb()?,
            bytes: None,
            exact: None,
        })
    }
}

/// `man proc_pid_stat`: the fields after the name, which may hold blanks, begin with the third; `utime` is the 14th.
fn cpu_seconds() -> Result<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat").context("only Linux tells what a process has used")?;
    let after_name = stat.rsplit(") ").next().unwrap_or_default();
    let ticks: Vec<f64> = after_name.split(' ').skip(11).take(2).map(str::parse).collect::<Result<_, _>>()?;
    Ok(ticks.iter().sum::<f64>() / TICKS_PER_SECOND)
}

fn peak_mb() -> Result<f64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).context("no VmHWM")?;
    let kilobytes: f64 = line.trim().trim_end_matches(" kB").parse()?;
    Ok(kilobytes / 1024.0)
}
