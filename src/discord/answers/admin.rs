//! Answers to admins: numbers, reasons and what to do; never who with whom.

use std::collections::BTreeMap;

use chrono_tz::Tz;
use serenity::all::Permissions;

use super::{long_time, relative_time};
use crate::app::programme::{PastLeft, Reset, Status};
use crate::app::round::Preview;
use crate::app::watch::Access;
use crate::discord::render::{escape, list};
use crate::domain::ids::{ChannelId, UserId};
use crate::domain::meetup::Style;
use crate::domain::notice::Reminders;
use crate::domain::pairing::groups::Size;
use crate::domain::poll::Ballot;
use crate::domain::round::{FEWEST_MEMBERS, RoundReport};
use crate::domain::tie::HalfLife;
use crate::store::{Programme, Watch};
use crate::texts::{self, Locale, Texts, args};

/// Channels that status names as left out; more would push the rest out of sight.
const SKIPPED_SHOWN: usize = 10;

pub fn missing(locale: Locale, channel: ChannelId, missing: Permissions) -> String {
    let names: Vec<String> = missing.get_permission_names().into_iter().map(|name| format!("**{name}**")).collect();
    let values = args([("channel", format!("<#{channel}>").into()), ("names", names.join(", ").into())]);
    Texts::say(locale, "setup-missing", &values)
}

pub fn no_such_zone(locale: Locale, text: &str) -> String {
    Texts::say(locale, "setup-no-zone", &args([("zone", escape(text).into())]))
}

pub fn moderators_in_public(locale: Locale, channel: ChannelId) -> String {
    Texts::say(locale, "setup-moderators-in-public", &args([("channel", format!("<#{channel}>").into())]))
}

pub fn reset(locale: Locale, what: Reset) -> String {
    match what {
        Reset::RequiredRole => Texts::plain(locale, "reset-role"),
        Reset::Moderators => Texts::plain(locale, "reset-moderators"),
    }
}

pub fn set_up(locale: Locale, programme: &Programme, zone: Tz) -> String {
    let values = args([
        ("channel", format!("<#{}>", programme.channel).into()),
        ("zone", zone.name().into()),
        ("cadence", programme.cadence.to_string().into()),
        ("next", next(locale, programme).into()),
    ]);
    Texts::say(locale, "setup-done", &values)
}

fn next(locale: Locale, programme: &Programme) -> String {
    match programme.next_round_at {
        Some(at) if !programme.paused => format!("{} ({})", long_time(at), relative_time(at)),
        Some(_) => Texts::plain(locale, "rounds-paused"),
        None => Texts::plain(locale, "rounds-never"),
    }
}

pub fn status(locale: Locale, status: &Status) -> String {
    let programme = &status.programme;
    let moderators = status.community.moderators.map(|channel| format!("<#{channel}>"));
    let values = args([
        ("channel", format!("<#{}>", programme.channel).into()),
        ("zone", status.community.zone.name().into()),
        ("moderators", moderators.unwrap_or_else(|| Texts::plain(locale, "status-no-moderators")).into()),
        ("cadence", programme.cadence.to_string().into()),
        ("next", next(locale, programme).into()),
        ("size", size(locale, programme.size).into()),
        ("style", style(locale, programme.style).into()),
        ("ballot", ballot(locale, programme.ballot).into()),
        ("asks", programme.asks_per_30_days.into()),
        ("lead", programme.lead_days.into()),
        ("fading", status.community.half_life_days.into()),
    ]);
    let mut lines = vec![Texts::say(locale, "status", &values), outlook_as_of(locale, &status.outlook)];
    if let Some(report) = &programme.last_report {
        lines.push(Texts::say(locale, "status-last", &args([("count", report.suggested.into())])));
    }
    lines.extend(past(locale, status.past));
    lines.extend(skipped(locale, &status.skipped));
    if !status.unsaid.is_empty() {
        lines.push(Texts::plain(locale, "status-unsaid"));
        lines.extend(status.unsaid.iter().map(|reason| format!("- {}", escape(reason))));
    }
    lines.join("\n")
}

/// How far the reading of the past has come, while somebody's is still to be read.
fn past(locale: Locale, left: PastLeft) -> Option<String> {
    let PastLeft { members, done, channels } = left;
    let values = args([("members", members.into()), ("done", done.into()), ("channels", channels.into())]);
    let key = if channels == 0 { "status-past-waiting" } else { "status-past" };
    (members > 0).then(|| Texts::say(locale, key, &values))
}

/// The channels that are left out for want of a permission; a few stand for many.
fn skipped(locale: Locale, skipped: &BTreeMap<ChannelId, Access>) -> Option<String> {
    let named: Vec<_> = skipped.keys().take(SKIPPED_SHOWN).map(|channel| format!("<#{channel}>")).collect();
    let values = args([("count", skipped.len().into()), ("channels", named.join(", ").into())]);
    (!skipped.is_empty()).then(|| Texts::say(locale, "status-skipped", &values))
}

fn style(locale: Locale, style: Style) -> String {
    match style {
        Style::Discreet => Texts::plain(locale, "style-discreet"),
        Style::Open => Texts::plain(locale, "style-open"),
    }
}

/// What a round held now would come to, and why not to more.
pub fn outlook(locale: Locale, report: &RoundReport) -> String {
    if report.members < FEWEST_MEMBERS {
        let values = args([("members", report.members.into()), ("needed", FEWEST_MEMBERS.into())]);
        return Texts::say(locale, "outlook-too-few", &values);
    }
    if report.ties == 0 {
        return Texts::say(locale, "outlook-no-ties", &args([("members", report.members.into())]));
    }
    let values = args([
        ("members", report.members.into()),
        ("ties", report.ties.into()),
        ("suggested", report.suggested.into()),
    ]);
    let mut lines = vec![Texts::say(locale, "outlook", &values)];
    lines.extend(texts::held_back(locale, report).into_iter().map(|line| format!("- {line}")));
    lines.join("\n")
}

/// As seen at the last round, and saying so.
fn outlook_as_of(locale: Locale, report: &RoundReport) -> String {
    let outlook = outlook(locale, report);
    if report.is_ripe() { format!("{outlook}\n{}", Texts::plain(locale, "outlook-as-of")) } else { outlook }
}

/// The real numbers of their talk, under invented names: a preview must not tell who is in, nor what anybody said.
pub fn preview(locale: Locale, preview: &Preview) -> String {
    let invented = Texts::plain(locale, "invented-names");
    let mut names = invented.split(',').map(|name| name.trim().to_owned()).cycle();
    let mut lines = vec![outlook_as_of(locale, &preview.report)];
    for suggestion in &preview.suggestions {
        let called: BTreeMap<UserId, String> = suggestion.people.iter().copied().zip(names.by_ref()).collect();
        let all = suggestion.people.iter().filter_map(|user| called.get(user).cloned()).collect();
        let reasons = texts::reasons(locale, &suggestion.reasons);
        let talk = texts::factors_of_talk(locale, &suggestion.factors);
        let values = args([
            ("people", list(locale, all).into()),
            ("reasons", if reasons.is_empty() { reasons } else { format!(" {reasons}") }.into()),
            ("talk", if talk.is_empty() { talk } else { format!("\n-# {talk}") }.into()),
        ]);
        lines.push(Texts::say(locale, "preview-suggestion", &values));
    }
    if !preview.suggestions.is_empty() {
        lines.push(Texts::plain(locale, "preview-ending"));
    }
    lines.join("\n")
}

pub fn round_held(locale: Locale, report: Option<&RoundReport>) -> String {
    match report {
        None => Texts::plain(locale, "round-by-another"),
        Some(report) => {
            let held = Texts::say(locale, "round-held", &args([("count", report.suggested.into())]));
            format!("{held}\n{}", outlook(locale, report))
        }
    }
}

pub fn frequency(locale: Locale, programme: &Programme) -> String {
    let values = args([("cadence", programme.cadence.to_string().into()), ("next", next(locale, programme).into())]);
    Texts::say(locale, "frequency-set", &values)
}

pub fn size_set(locale: Locale, programme: &Programme) -> String {
    Texts::say(locale, "size-set", &args([("size", size(locale, programme.size).into())]))
}

fn size(locale: Locale, size: Size) -> String {
    match (size.least(), size.most()) {
        _ if size == Size::PAIRS => Texts::plain(locale, "size-pairs"),
        (least, most) if least == most => Texts::say(locale, "size-tables", &args([("least", least.into())])),
        (least, most) => {
            Texts::say(locale, "size-tables-between", &args([("least", least.into()), ("most", most.into())]))
        }
    }
}

pub fn lead(locale: Locale, programme: &Programme) -> String {
    Texts::say(locale, "lead-set", &args([("days", programme.lead_days.into())]))
}

pub fn reminders_set(locale: Locale, programme: &Programme) -> String {
    match programme.reminders {
        Reminders::Both => Texts::plain(locale, "reminders-both"),
        Reminders::DayBefore => Texts::plain(locale, "reminders-day"),
        Reminders::TwoHoursBefore => Texts::plain(locale, "reminders-soon"),
        Reminders::None => Texts::plain(locale, "reminders-none"),
    }
}

pub fn limit(locale: Locale, programme: &Programme) -> String {
    Texts::say(locale, "limit-set", &args([("count", programme.asks_per_30_days.into())]))
}

pub fn style_set(locale: Locale, programme: &Programme) -> String {
    match programme.style {
        Style::Discreet => Texts::plain(locale, "style-set-discreet"),
        Style::Open => Texts::plain(locale, "style-set-open"),
    }
}

pub fn ballot_set(locale: Locale, programme: &Programme) -> String {
    match programme.ballot {
        Ballot::Reactions => Texts::plain(locale, "ballot-set-reactions"),
        Ballot::Buttons => Texts::plain(locale, "ballot-set-buttons"),
        Ballot::Native => Texts::plain(locale, "ballot-set-native"),
    }
}

fn ballot(locale: Locale, ballot: Ballot) -> String {
    match ballot {
        Ballot::Reactions => Texts::plain(locale, "ballot-reactions"),
        Ballot::Buttons => Texts::plain(locale, "ballot-buttons"),
        Ballot::Native => Texts::plain(locale, "ballot-native"),
    }
}

pub fn paused(locale: Locale, programme: &Programme) -> String {
    if programme.paused {
        Texts::plain(locale, "nudges-paused")
    } else {
        Texts::say(locale, "nudges-resumed", &args([("next", next(locale, programme).into())]))
    }
}

pub fn excluded(locale: Locale, out: bool) -> String {
    if out { Texts::plain(locale, "excluded") } else { Texts::plain(locale, "let-in") }
}

pub fn fading(locale: Locale, half_life: HalfLife) -> String {
    Texts::say(locale, "fading-set", &args([("days", half_life.in_whole_days().into())]))
}

pub fn channels(locale: Locale, watches: &[(ChannelId, Watch)]) -> String {
    let mut lines = vec![Texts::plain(locale, "channels-heading")];
    lines.extend(watches.iter().map(|(channel, watch)| {
        let word = match watch {
            Watch::Watched => Texts::plain(locale, "channel-watched"),
            Watch::Ignored => Texts::plain(locale, "channel-ignored"),
        };
        format!("- <#{channel}>: {word}")
    }));
    lines.join("\n")
}
