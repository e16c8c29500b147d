//! `--addressees`: whom each message was for, one row per message and person.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::domain::conversation::Addressees;
use crate::domain::ids::MessageId;

/// The file while it grows: under another name, so that a run that fails leaves no half of it.
pub(super) struct AddresseesFile {
    target: PathBuf,
    growing: PathBuf,
    rows: Option<BufWriter<File>>,
}

impl AddresseesFile {
    pub(super) fn create(target: &Path) -> anyhow::Result<Self> {
        let mut growing = target.as_os_str().to_owned();
        growing.push(".part");
        let growing = PathBuf::from(growing);
        let begun = File::create(&growing).map(BufWriter::new).and_then(|mut rows| {
            rows.write_all(b"message_id,addressee_id,weight\n")?;
            Ok(rows)
        });
        let rows = begun.with_context(|| format!("{}: cannot be written", target.display()))?;
        Ok(Self { target: target.to_owned(), growing, rows: Some(rows) })
    }

    /// Weights are in messages, with three digits.
    pub(super) fn write(&mut self, message: MessageId, addressees: &Addressees) -> io::Result<()> {
        let Some(rows) = &mut self.rows else { return Ok(()) };
        for addressee in addressees {
            let (whole, rest) = (addressee.weight.0 / 1000, addressee.weight.0 % 1000);
            writeln!(rows, "{message},{},{whole}.{rest:03}", addressee.user)?;
        }
        Ok(())
    }

    pub(super) fn finish(mut self) -> anyhow::Result<()> {
        let finished = self.rows.take().map_or(Ok(()), |mut rows| rows.flush());
        let named = finished.and_then(|()| fs::rename(&self.growing, &self.target));
        named.with_context(|| format!("{}: cannot be written", self.target.display()))
    }
}

impl Drop for AddresseesFile {
    fn drop(&mut self) {
        if self.rows.take().is_some() {
            // Nothing better can be done with a leftover that cannot be removed.
            let _ = fs::remove_file(&self.growing);
        }
    }
}
