//! What moderators read of a report.

use super::card::{Card, Panel};
use super::{mention, others};
use crate::domain::ids::UserId;
use crate::domain::meetup::Meetup;
use crate::texts::{Locale, Texts, args};

/// Who reports whom, and what to do now.
pub(super) fn report(locale: Locale, meetup: &Meetup, reporter: UserId) -> Card {
    let (others, reporter) = (others(locale, meetup, reporter), mention(reporter));
    let both = args([("reporter", reporter.clone().into()), ("others", others.clone().into())]);
    let lines = [
        Texts::say(locale, "report-body", &both),
        Texts::say(locale, "report-done", &args([("others", others.into())])),
        Texts::say(locale, "report-do", &args([("reporter", reporter.into())])),
    ];
    let panel = Some(Panel { title: Texts::plain(locale, "report-title"), body: lines.join("\n\n") });
    Card { panel, ..Card::default() }
}
