//! A replay on a terminal: figures in words, and a bar for each amount, since people look rather than read.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use chrono::{DateTime, Utc};

use super::report::{Report, Suggestion, Talker, Tie};
use crate::texts::{Args, Locale, Texts, args};

/// Cells of the longest bar.
const BAR: usize = 24;

const HEADING: Style = Style::new().bold();
const FAINT: Style = Style::new().dimmed();
const ONE: Style = AnsiColor::Cyan.on_default();
const OTHER: Style = AnsiColor::Magenta.on_default();

/// Writes it all, at most `top` rows a list. Styles are written always: the stream strips them where nobody sees.
pub(super) fn write(report: &Report, locale: Locale, top: usize, out: &mut dyn Write) -> io::Result<()> {
    header(report, locale, out)?;
    heading(out, locale, "replay-talkers")?;
    let most = report.talkers.first().map_or(0, |talker| talker.messages);
    for talker in report.talkers.iter().take(top) {
        talker_row(talker, most, out)?;
    }
    heading(out, locale, "replay-ties")?;
    if report.ties.is_empty() {
        writeln!(out, "  {}", Texts::plain(locale, "replay-ties-none"))?;
    }
    let strongest = report.ties.first().map_or(0.0, |tie| tie.strength);
    for tie in report.ties.iter().take(top) {
        tie_row(tie, strongest, locale, out)?;
    }
    heading(out, locale, "replay-suggestions")?;
    if report.suggestions.is_empty() {
        writeln!(out, "  {}", Texts::plain(locale, "replay-suggestions-none"))?;
    }
    for suggestion in report.suggestions.iter().take(top) {
        suggestion_row(suggestion, locale, out)?;
    }
    remarks(report, locale, out)
}

fn heading(out: &mut dyn Write, locale: Locale, name: &str) -> io::Result<()> {
    writeln!(out, "\n{HEADING}{}{HEADING:#}", Texts::plain(locale, name))
}

fn header(report: &Report, locale: Locale, out: &mut dyn Write) -> io::Result<()> {
    let figures =
        [("messages", report.messages.into()), ("people", report.people.into()), ("channels", report.channels.into())];
    writeln!(out, "{HEADING}{}{HEADING:#}", Texts::say(locale, "replay-header", &args(figures)))?;
    if let (Some(first), Some(last), Some(now)) = (report.first, report.last, report.now) {
        let span = [("first", day(first).into()), ("last", day(last).into()), ("now", day(now).into())];
        writeln!(out, "{FAINT}{}{FAINT:#}", Texts::say(locale, "replay-span", &args(span)))?;
    }
    if let Some(days) = report.half_life_days {
        writeln!(out, "{FAINT}{}{FAINT:#}", Texts::say(locale, "replay-fading", &args([("days", days.into())])))?;
    }
    if let Some(weeks) = report.weeks {
        writeln!(out, "{FAINT}{}{FAINT:#}", Texts::say(locale, "replay-weeks", &args([("weeks", weeks.into())])))?;
    }
    Ok(())
}

fn day(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%d").to_string()
}

fn talker_row(talker: &Talker, most: u64, out: &mut dyn Write) -> io::Result<()> {
    let cells = cells_of(share(talker.messages, most));
    let rest = " ".repeat(BAR - cells);
    writeln!(out, "  {ONE}{}{ONE:#}{rest} {:>8}  {}", "█".repeat(cells), talker.messages, talker.name)
}

/// The bar is as long as the tie is strong, and cut where one's part ends and the other's begins.
fn tie_row(tie: &Tie, strongest: f64, locale: Locale, out: &mut dyn Write) -> io::Result<()> {
    let cells = cells_of(if strongest > 0.0 { tie.strength / strongest } else { 0.0 });
    let ones = part_of(cells, tie.a_to_b / (tie.a_to_b + tie.b_to_a));
    let (one, other, rest) = ("█".repeat(ones), "▒".repeat(cells - ones), " ".repeat(BAR - cells));
    let pair = Texts::say(locale, "replay-and", &args([("a", (&*tie.a_name).into()), ("b", (&*tie.b_name).into())]));
    writeln!(out, "  {ONE}{one}{ONE:#}{OTHER}{other}{OTHER:#}{rest} {:>8.1}  {pair}", tie.strength)?;
    let counts = [
        ("messages", tie.messages.into()),
        ("ab", tie.messages_a_to_b.into()),
        ("ba", tie.messages_b_to_a.into()),
        ("replies", tie.replies.into()),
        ("weeks", tie.weeks.into()),
    ];
    let indent = BAR + 13;
    writeln!(out, "{:indent$}{FAINT}{}{FAINT:#}", "", Texts::say(locale, "replay-tie-counts", &args(counts)))
}

fn suggestion_row(suggestion: &Suggestion, locale: Locale, out: &mut dyn Write) -> io::Result<()> {
    let and = |a: &str, b: &str| Texts::say(locale, "replay-and", &args([("a", a.into()), ("b", b.into())]));
    let Some((last, others)) = suggestion.names.split_last() else { return Ok(()) };
    let all = if others.is_empty() { last.clone() } else { and(&others.join(", "), last) };
    writeln!(out, "  {HEADING}{all}{HEADING:#}")?;
    for told in &suggestion.reasons {
        writeln!(out, "    {}", told.words)?;
    }
    let factors = suggestion.factors.iter().map(|weighed| weighed.words.clone());
    let ties = suggestion.ties.iter().map(|tie| format!("{} {:.1}", and(&tie.names[0], &tie.names[1]), tie.weight));
    let made_of: Vec<String> = factors.chain(ties).collect();
    writeln!(out, "    {FAINT}{:.1}: {}{FAINT:#}", suggestion.weight, made_of.join("; "))
}

/// What the reader should know before trusting the figures.
fn remarks(report: &Report, locale: Locale, out: &mut dyn Write) -> io::Result<()> {
    let count = |count: u64| args([("count", count.into())]);
    let mut remarks: Vec<String> = Vec::new();
    let mut remark = |name: &str, about: u64, args: &Args<'_>| {
        if about > 0 {
            remarks.push(Texts::say(locale, name, args));
        }
    };
    let skipped = &report.skipped;
    let both = args([("messages", skipped.messages.into()), ("files", skipped.files.into())]);
    remark("replay-skipped", skipped.messages + skipped.files, &both);
    remark("replay-repeats", report.repeats, &count(report.repeats));
    remark("replay-backwards", report.backwards, &count(report.backwards));
    remark("replay-unknown-replies", report.unknown_replies, &count(report.unknown_replies));
    remark("replay-nameless-reactions", report.nameless_reactions, &count(report.nameless_reactions));
    let left_over = report.left_over.map_or(0, |count| count as u64);
    remark("replay-left-over", left_over, &count(left_over));
    let communities = report.communities as u64;
    remark("replay-communities", communities.saturating_sub(1), &count(communities));
    if !remarks.is_empty() {
        writeln!(out)?;
    }
    remarks.iter().try_for_each(|remark| writeln!(out, "{FAINT}{remark}{FAINT:#}"))
}

#[expect(clippy::cast_precision_loss, reason = "a bar has a few cells")]
fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// A bar of at least one cell.
fn cells_of(share: f64) -> usize {
    part_of(BAR, share).max(1)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "between nothing and a few cells"
)]
fn part_of(cells: usize, share: f64) -> usize {
    ((cells as f64 * share.clamp(0.0, 1.0)).round() as usize).min(cells)
}
