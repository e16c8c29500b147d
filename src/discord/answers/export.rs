//! The file of `/privacy export`: JSON with an explanation of each part, packed or cut where Discord takes no file as
//! large.

use std::io::Write;

use chrono::{DateTime, Utc};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde::Serialize;
use serenity::all::CreateAttachment;

use crate::discord::replies::Reply;
use crate::domain::ids::UserId;
use crate::store::Export;
use crate::texts::{Locale, Texts, args};

/// Grows when a part changes its meaning or goes; a new part or field does not change it.
const SCHEMA_VERSION: u32 = 1;
const FILE: &str = "wallflower-my-data.json";
/// What Discord takes without a boost (10 MiB), where an interaction does not say it.
const USUAL_LIMIT: usize = 10 * 1024 * 1024;

#[derive(Serialize)]
struct Document<'a> {
    format: &'static str,
    schema_version: u32,
    made_at: DateTime<Utc>,
    user: UserId,
    about: String,
    parts: Parts,
    communities: &'a [Export],
}

/// What each list of an [`Export`] is.
#[derive(Serialize)]
struct Parts {
    members: String,
    days_away: String,
    busy_times: String,
    trips: String,
    pasts: String,
    stays: String,
    feeds: String,
    thread_talk: String,
    recent_messages: String,
    avoids: String,
    wishes: String,
    ties: String,
    participants: String,
    met: String,
    nudges: String,
    notices: String,
}

impl Parts {
    fn explained(locale: Locale) -> Self {
        Self {
            members: Texts::plain(locale, "export-members"),
            days_away: Texts::plain(locale, "export-days-away"),
            busy_times: Texts::plain(locale, "export-busy-times"),
            trips: Texts::plain(locale, "export-trips"),
            pasts: Texts::plain(locale, "export-pasts"),
            stays: Texts::plain(locale, "export-stays"),
            feeds: Texts::plain(locale, "export-feeds"),
            thread_talk: Texts::plain(locale, "export-thread-talk"),
            recent_messages: Texts::plain(locale, "export-recent-messages"),
            avoids: Texts::plain(locale, "export-avoids"),
            wishes: Texts::plain(locale, "export-wishes"),
            ties: Texts::plain(locale, "export-ties"),
            participants: Texts::plain(locale, "export-participants"),
            met: Texts::plain(locale, "export-met"),
            nudges: Texts::plain(locale, "export-nudges"),
            notices: Texts::plain(locale, "export-notices"),
        }
    }
}

/// The answer with the file. `limit` is the number of bytes that Discord takes in one file, 0 where it does not say.
pub fn export(
    locale: Locale,
    user: UserId,
    kept: &[Export],
    now: DateTime<Utc>,
    limit: u32,
) -> Result<Reply, serde_json::Error> {
    if kept.is_empty() {
        return Ok(Texts::plain(locale, "privacy-nothing").into());
    }
    let document = Document {
        format: "wallflower-export",
        schema_version: SCHEMA_VERSION,
        made_at: now,
        user,
        about: Texts::plain(locale, "export-about"),
        parts: Parts::explained(locale),
        communities: kept,
    };
    let limit = usize::try_from(limit).ok().filter(|limit| *limit > 0).unwrap_or(USUAL_LIMIT);
    let files = fitting(serde_json::to_vec_pretty(&document)?, limit).map_err(serde_json::Error::io)?;
    Ok(handed_over(locale, files))
}

/// As it is, else packed, else packed and cut into pieces that make the packed file when put one after the other.
fn fitting(json: Vec<u8>, limit: usize) -> std::io::Result<Vec<(String, Vec<u8>)>> {
    if json.len() <= limit {
        return Ok(vec![(FILE.to_owned(), json)]);
    }
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(&json)?;
    let packed = encoder.finish()?;
    if packed.len() <= limit {
        return Ok(vec![(format!("{FILE}.gz"), packed)]);
    }
    let pieces = (1..).zip(packed.chunks(limit));
    Ok(pieces.map(|(number, piece)| (format!("{FILE}.gz.{number:03}"), piece.to_vec())).collect())
}

/// One message for each file: a message as a whole has a limit too.
fn handed_over(locale: Locale, files: Vec<(String, Vec<u8>)>) -> Reply {
    let count = files.len();
    let packed = files.first().is_some_and(|(name, _)| name != FILE);
    let text = match count {
        1 if packed => Texts::plain(locale, "privacy-export-packed"),
        1 => Texts::plain(locale, "privacy-export"),
        _ => Texts::say(locale, "privacy-export-pieces", &args([("count", count.into()), ("file", FILE.into())])),
    };
    let mut messages = files.into_iter().map(|(name, bytes)| CreateAttachment::bytes(bytes, name));
    let first = messages.next().map_or_else(Reply::default, |file| Reply::default().with_file(file));
    let more = messages.map(|file| Reply::default().with_file(file)).collect();
    Reply { text, more, ..first }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use flate2::read::GzDecoder;

    use super::*;

    fn unpacked(files: &[(String, Vec<u8>)]) -> Vec<u8> {
        let packed: Vec<u8> = files.iter().flat_map(|(_, bytes)| bytes.clone()).collect();
        let mut json = Vec::new();
        GzDecoder::new(packed.as_slice()).read_to_end(&mut json).unwrap();
        json
    }

    #[test]
    fn what_is_too_large_is_packed_and_what_is_still_too_large_is_cut() {
        let json: Vec<u8> = (0_u32..4000).flat_map(|number| number.wrapping_mul(2_654_435_761).to_le_bytes()).collect();
        let names = |limit| -> Vec<String> {
            let files = fitting(json.clone(), limit).unwrap();
            assert!(files.iter().all(|(_, bytes)| bytes.len() <= limit));
            assert!(files[0].1 == json || unpacked(&files) == json);
            files.into_iter().map(|(name, _)| name).collect()
        };
        assert_eq!(names(json.len()), [FILE]);
        let text = vec![b' '; 16_000];
        assert_eq!(fitting(text.clone(), 15_999).unwrap()[0].0, "wallflower-my-data.json.gz");
        assert_eq!(unpacked(&fitting(text.clone(), 15_999).unwrap()), text);
        let pieces = names(6000);
        assert_eq!(pieces[..2], ["wallflower-my-data.json.gz.001", "wallflower-my-data.json.gz.002"]);
    }
}
