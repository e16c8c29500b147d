//! When a member can't meet beside their usual week, and the select that takes it back.

use chrono::{Datelike, NaiveDate};
use chrono_tz::Tz;
use serenity::all::{
    ButtonStyle, CreateActionRow, CreateButton, CreateSelectMenu, CreateSelectMenuKind, CreateSelectMenuOption,
};

use crate::app::busy::NotTaken;
use crate::discord::custom_id::{CustomId, Verb};
use crate::discord::render::escape;
use crate::discord::replies::{Failure, Reply};
use crate::domain::busy::{Broken, NotACalendar};
use crate::domain::slot::{NotDays, spans};
use crate::domain::wall_clock::local;
use crate::store::Busy;
use crate::texts::{Locale, Texts, args};

/// Options that a select holds; further spans come into it as others go.
const MOST_OPTIONS: usize = 25;
/// Parts both ends of a span in the value of its option.
const TO: char = '/';

type Span = (NaiveDate, NaiveDate);

/// `zone` is where its reader lives.
pub fn busy(locale: Locale, busy: &Busy, zone: Tz) -> Reply {
    let spans = spans(busy.days.iter().copied());
    let days = if spans.is_empty() {
        Texts::plain(locale, "busy-no-days")
    } else {
        let mut shown: Vec<_> = spans.iter().take(MOST_OPTIONS).map(|one| span(locale, *one)).collect();
        if spans.len() > MOST_OPTIONS {
            shown.push(Texts::say(locale, "and-more", &args([("count", (spans.len() - MOST_OPTIONS).into())])));
        }
        Texts::say(locale, "busy-days", &args([("days", shown.join(", ").into())]))
    };
    let calendar = match busy.times.last() {
        None => Texts::plain(locale, "busy-no-calendar"),
        Some(last) => {
            let until = day(locale, local(last.end(), zone).date());
            Texts::say(locale, "busy-calendar", &args([("count", busy.times.len().into()), ("until", until.into())]))
        }
    };
    let select = (!spans.is_empty()).then(|| select(locale, &spans));
    let button = (!busy.times.is_empty()).then(|| calendar_button(locale));
    let text = [Texts::plain(locale, "busy-heading"), days, calendar].join("\n");
    Reply::from(text).with_rows(select.into_iter().chain(button).collect())
}

fn calendar_button(locale: Locale) -> CreateActionRow {
    let button = CreateButton::new(CustomId::from(Verb::CalendarBack).to_string())
        .label(Texts::plain(locale, "button-calendar-back"))
        .style(ButtonStyle::Secondary);
    CreateActionRow::Buttons(vec![button])
}

fn select(locale: Locale, spans: &[Span]) -> CreateActionRow {
    let option = |one: &Span| CreateSelectMenuOption::new(span(locale, *one), format!("{}{TO}{}", one.0, one.1));
    let options: Vec<_> = spans.iter().take(MOST_OPTIONS).map(option).collect();
    let most = u8::try_from(options.len()).unwrap_or(1);
    let kind = CreateSelectMenuKind::String { options };
    let menu = CreateSelectMenu::new(CustomId::from(Verb::DaysBack).to_string(), kind).min_values(1).max_values(most);
    CreateActionRow::SelectMenu(menu.placeholder(Texts::plain(locale, "select-days-back")))
}

/// The spans that were chosen in the select.
pub fn chosen(words: &[String]) -> Vec<Span> {
    let span = |word: &String| {
        let (first, last) = word.split_once(TO)?;
        Some((first.parse().ok()?, last.parse().ok()?))
    };
    words.iter().filter_map(span).collect()
}

pub(super) fn span(locale: Locale, (first, last): Span) -> String {
    if first == last {
        return day(locale, first);
    }
    Texts::say(locale, "busy-span", &args([("first", day(locale, first).into()), ("last", day(locale, last).into())]))
}

fn day(locale: Locale, day: NaiveDate) -> String {
    let values = args([
        ("day", day.day().to_string().into()),
        ("month", day.month().into()),
        ("year", day.year().to_string().into()),
    ]);
    Texts::say(locale, "busy-day", &values)
}

/// What was wrong with it, and how to write it.
pub fn not_taken(locale: Locale, why: NotTaken) -> Failure {
    let (key, typed) = match why {
        NotTaken::Stop(stop) => return stop.into(),
        NotTaken::Calendar(why) => return Failure::Told(no_calendar(locale, why)),
        NotTaken::Days(NotDays::Unreadable(typed)) => ("busy-unreadable", typed),
        NotTaken::Days(NotDays::Backwards(typed)) => ("busy-backwards", typed),
        NotTaken::Days(NotDays::Over(typed)) => ("busy-over", typed),
        NotTaken::Days(NotDays::TooFar(typed)) => ("busy-too-far", typed),
    };
    let values = args([("typed", escape(&typed).into())]);
    Failure::Told(Texts::say(locale, key, &values))
}

fn no_calendar(locale: Locale, why: NotACalendar) -> String {
    let (line, key) = match why {
        NotACalendar::TooLarge => return Texts::plain(locale, "calendar-too-large"),
        NotACalendar::TooFull => return Texts::plain(locale, "calendar-too-full"),
        NotACalendar::Unreadable => return Texts::plain(locale, "calendar-unreadable"),
        NotACalendar::At { line, why } => (line, broken(why)),
    };
    let why = Texts::plain(locale, key);
    Texts::say(locale, "calendar-broken", &args([("line", line.to_string().into()), ("why", why.into())]))
}

const fn broken(why: Broken) -> &'static str {
    match why {
        Broken::NotBegun => "calendar-not-begun",
        Broken::NotALine => "calendar-not-a-line",
        Broken::NotEnded => "calendar-not-ended",
        Broken::NoStart => "calendar-no-start",
        Broken::NotATime => "calendar-not-a-time",
        Broken::Backwards => "calendar-backwards",
        Broken::UnknownZone => "calendar-unknown-zone",
        Broken::NotARule => "calendar-not-a-rule",
        Broken::TooOften => "calendar-too-often",
        Broken::TooMany => "calendar-too-many",
    }
}

pub fn not_fetched(locale: Locale) -> Failure {
    Failure::Told(Texts::plain(locale, "calendar-not-fetched"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_found_again_by_its_option() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let days = ["2026-12-24", "2026-12-25", "2027-01-02"].map(day);
        let spans = spans(days);
        let shown: Vec<_> = spans.iter().map(|one| span(Locale::English, *one)).collect();
        assert_eq!(shown, ["24 December 2026 to 25 December 2026", "2 January 2027"]);
        let words: Vec<_> = spans.iter().map(|one| format!("{}{TO}{}", one.0, one.1)).collect();
        assert_eq!(chosen(&words), spans);
        assert_eq!(chosen(&["nonsense".to_owned(), "2026-12-24/".to_owned()]), []);
    }
}
