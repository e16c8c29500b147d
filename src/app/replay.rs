//! Looks at exported chats as if Wallflower had listened and every author had consented: who talks with whom, and who
//! should meet. Nothing is stored, and names stay on this machine.

mod csv;
mod fold;
mod render;
mod report;
mod suggest;

use std::io::{BufWriter, Write};

use anyhow::Context;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::cli::Replay;
use crate::domain::conversation::Addressees;
use crate::domain::ids::MessageId;
use crate::export::{self, Broken, Entry, ExportFile};
use crate::texts::Locale;

pub use report::Report;

use csv::AddresseesFile;
use fold::Fold;

/// What is listed on a terminal, unless `--top` says otherwise.
const DEFAULT_TOP: usize = 10;
/// Broken things that are named one by one; the rest is counted.
const MOST_NAMED: u64 = 10;
/// Input of fewer stored bytes is read before a progress bar could be looked at.
const LONG_INPUT: u64 = 4 * 1024 * 1024;

/// Replays what `request` names and prints to `out`. Without `--skip-bad` the first broken file or message is the
/// error, and nothing is printed.
pub fn run(request: &Replay, out: &mut dyn Write) -> anyhow::Result<()> {
    let mut fold = Fold::default();
    let mut addressees = request.addressees.as_deref().map(AddresseesFile::create).transpose()?;
    let files = found(request, &mut fold)?;
    let progress = progress_over(&files);
    for file in &files {
        read_file(file, request.skip_bad, &progress, &mut fold, addressees.as_mut())?;
    }
    progress.finish_and_clear();
    write(addressees.as_mut(), &fold.finish())?;
    if let Some(addressees) = addressees {
        addressees.finish()?;
    }
    let report = fold.report(request);
    let mut out = BufWriter::new(out);
    if request.json {
        serde_json::to_writer_pretty(&mut out, &report).map_err(std::io::Error::from)?;
        writeln!(out)?;
    } else {
        render::write(&report, Locale::English, request.top.unwrap_or(DEFAULT_TOP), &mut out)?;
    }
    Ok(out.flush()?)
}

/// The files of all paths; a path that leads nowhere is skipped where that is asked for.
fn found(request: &Replay, fold: &mut Fold) -> anyhow::Result<Vec<ExportFile>> {
    let error = match export::find(&request.paths) {
        Ok(files) => return Ok(files),
        Err(error) if !request.skip_bad => return Err(error.into()),
        Err(error) => error,
    };
    let mut files: Vec<ExportFile> = Vec::new();
    for path in &request.paths {
        match export::find(std::slice::from_ref(path)) {
            Ok(more) => files.extend(more),
            Err(error) => skip_file(fold, &error),
        }
    }
    if files.is_empty() { Err(error.into()) } else { Ok(files) }
}

fn read_file(
    file: &ExportFile,
    skip_bad: bool,
    progress: &ProgressBar,
    fold: &mut Fold,
    mut addressees: Option<&mut AddresseesFile>,
) -> anyhow::Result<()> {
    let read = export::read(file, &|bytes| progress.inc(bytes), &mut |entry| -> anyhow::Result<()> {
        match entry {
            Entry::Channel(channel) => fold.begin(channel),
            Entry::Message(message) => {
                write(addressees.as_deref_mut(), &fold.hear(&message))?;
            }
            Entry::Bad(broken) if skip_bad => {
                if fold.skip_message() < MOST_NAMED {
                    progress.suspend(|| name(&broken));
                }
            }
            Entry::Bad(broken) => return Err(broken.into()),
        }
        Ok(())
    });
    match read.map_err(anyhow::Error::downcast::<Broken>) {
        Ok(()) => Ok(()),
        Err(Ok(broken)) if skip_bad => {
            progress.suspend(|| skip_file(fold, &broken));
            Ok(())
        }
        Err(Ok(broken)) => Err(broken.into()),
        Err(Err(error)) => Err(error),
    }
}

fn write(file: Option<&mut AddresseesFile>, told: &[(MessageId, Addressees)]) -> anyhow::Result<()> {
    let Some(file) = file else { return Ok(()) };
    for (message, addressees) in told {
        file.write(*message, addressees).context("the file of --addressees cannot be written")?;
    }
    Ok(())
}

fn skip_file(fold: &mut Fold, broken: &Broken) {
    if fold.skip_file() < MOST_NAMED {
        name(broken);
    }
}

/// Says on standard error what is left out; that nobody may be reading there is no reason to stop.
fn name(broken: &Broken) {
    let _ = writeln!(anstream::stderr(), "wallflower: skipped {broken}");
}

/// Draws on standard error, and only where that is a terminal.
fn progress_over(files: &[ExportFile]) -> ProgressBar {
    let bytes: u64 = files.iter().map(|file| file.bytes).sum();
    if bytes < LONG_INPUT {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:32} {percent:>3}%  {bytes} of {total_bytes}  {eta}")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::with_draw_target(Some(bytes), ProgressDrawTarget::stderr()).with_style(style)
}
