//! The figures, side by side.

use std::io::Write;

use anyhow::Result;
use serde::Serialize;

use crate::measure::Outcome;
use crate::{Receiver, Transport};

#[derive(Debug, Clone, Serialize)]
pub struct Row {
    receiver: Receiver,
    transport: Transport,
    messages_per_second: f64,
    cpu_seconds_per_100_000: f64,
    #[serde(flatten)]
    pub outcome: Outcome,
}

/// A row with its processor time in multiples of the ceiling's on the same transport; `None` without a ceiling.
#[derive(Debug, Serialize)]
pub struct WithRatio<'a> {
    #[serde(flatten)]
    row: &'a Row,
    times_the_ceiling: Option<f64>,
}

impl Row {
    #[expect(clippy::cast_precision_loss, reason = "nobody sends 2^53 messages")]
    pub fn new(receiver: Receiver, transport: Transport, outcome: Outcome) -> Self {
        let messages = outcome.messages as f64;
        Self {
            receiver,
            transport,
            messages_per_second: messages / outcome.seconds,
            cpu_seconds_per_100_000: outcome.cpu_seconds / messages * 100_000.0,
            outcome,
        }
    }
}

pub fn with_ratios(rows: &[Row]) -> Vec<WithRatio<'_>> {
    let ceiling = |row: &Row| {
        let same = |other: &&Row| other.receiver == Receiver::Ceiling && other.transport == row.transport;
        rows.iter().find(same).map(|ceiling| row.cpu_seconds_per_100_000 / ceiling.cpu_seconds_per_100_000)
    };
    rows.iter().map(|row| WithRatio { row, times_the_ceiling: ceiling(row) }).collect()
}

pub fn write(rows: &[Row], out: &mut dyn Write) -> Result<()> {
    writeln!(
        out,
        "| receiver | transport | messages/s | CPU-s per 100,000 | x ceiling | peak MB | on the wire | exact |"
    )?;
    writeln!(out, "|---|---|---|---|---|---|---|---|")?;
    for WithRatio { row, times_the_ceiling } in with_ratios(rows) {
        let name = |word: &dyn std::fmt::Debug| format!("{word:?}").to_lowercase();
        let ratio = times_the_ceiling.map_or(String::new(), |ratio| format!("{ratio:.1}"));
        let wire = row.outcome.bytes.map_or(String::new(), |bytes| format!("{} MB", bytes / 1_000_000));
        let exact = row.outcome.exact.map_or("", |exact| if exact { "yes" } else { "NO" });
        writeln!(
            out,
            "| {} | {} | {:.0} | {:.2} | {ratio} | {:.0} | {wire} | {exact} |",
            name(&row.receiver),
            name(&row.transport),
            row.messages_per_second,
            row.cpu_seconds_per_100_000,
            row.outcome.peak_mb,
        )?;
    }
    Ok(())
}
