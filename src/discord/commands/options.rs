//! What options of commands can be, and what Discord proposes while they are typed.

use std::iter;

use chrono::{DateTime, Days, NaiveDate, Utc};
use chrono_tz::{TZ_VARIANTS, Tz};
use serenity::all::{AutocompleteChoice, CreateAutocompleteResponse};

use crate::app::programme::Reset;
use crate::discord::answers::times;
use crate::discord::bot::Context;
use crate::domain::meetup::{PlaceBy, Style};
use crate::domain::member::{Door, Venue};
use crate::domain::notice::Reminders;
use crate::domain::place::{City, CityId, MOST_CHOICES, search};
use crate::domain::poll::Ballot;
use crate::domain::slot::Availability;
use crate::domain::wall_clock::{local, moment};
use crate::store::Watch;
use crate::texts::{Locale, Texts};

#[derive(Debug, Clone, Copy, poise::ChoiceParameter)]
pub enum VenueChoice {
    InPerson,
    Call,
    Either,
}

impl From<VenueChoice> for Venue {
    fn from(choice: VenueChoice) -> Self {
        match choice {
            VenueChoice::InPerson => Self::InPerson,
            VenueChoice::Call => Self::Call,
            VenueChoice::Either => Self::Either,
        }
    }
}

#[derive(Debug, Clone, Copy, poise::ChoiceParameter)]
pub enum RemindersChoice {
    Both,
    DayBefore,
    TwoHoursBefore,
    None,
}

impl From<RemindersChoice> for Reminders {
    fn from(choice: RemindersChoice) -> Self {
        match choice {
            RemindersChoice::Both => Self::Both,
            RemindersChoice::DayBefore => Self::DayBefore,
            RemindersChoice::TwoHoursBefore => Self::TwoHoursBefore,
            RemindersChoice::None => Self::None,
        }
    }
}

#[derive(Debug, Clone, Copy, poise::ChoiceParameter)]
pub enum DoorChoice {
    Direct,
    Mention,
    Look,
}

impl From<DoorChoice> for Door {
    fn from(choice: DoorChoice) -> Self {
        match choice {
            DoorChoice::Direct => Self::Direct,
            DoorChoice::Mention => Self::Mention,
            DoorChoice::Look => Self::Look,
        }
    }
}

#[derive(Debug, Clone, Copy, poise::ChoiceParameter)]
pub enum TimesChoice {
    WeekdayEvenings,
    Weekends,
    EveningsAndWeekends,
    AnyTime,
}

impl From<TimesChoice> for Availability {
    fn from(choice: TimesChoice) -> Self {
        let evenings = times::WEEKDAY_EVENINGS.iter();
        match choice {
            TimesChoice::WeekdayEvenings => evenings.copied().fold(Self::NEVER, times::add),
            TimesChoice::Weekends => times::WEEKENDS.iter().copied().fold(Self::NEVER, times::add),
            TimesChoice::EveningsAndWeekends => evenings.chain(&times::WEEKENDS).copied().fold(Self::NEVER, times::add),
            TimesChoice::AnyTime => Self::ALWAYS,
        }
    }
}

#[derive(Debug, Clone, Copy, poise::ChoiceParameter)]
pub enum ResetChoice {
    RequiredRole,
    Moderators,
}

impl From<ResetChoice> for Reset {
    fn from(choice: ResetChoice) -> Self {
        match choice {
            ResetChoice::RequiredRole => Self::RequiredRole,
            ResetChoice::Moderators => Self::Moderators,
        }
    }
}

#[derive(Debug, Clone, Copy, poise::ChoiceParameter)]
pub enum StyleChoice {
    Discreet,
    Open,
}

impl From<StyleChoice> for Style {
    fn from(choice: StyleChoice) -> Self {
        match choice {
            StyleChoice::Discreet => Self::Discreet,
            StyleChoice::Open => Self::Open,
        }
    }
}

#[derive(Debug, Clone, Copy, poise::ChoiceParameter)]
pub enum BallotChoice {
    Reactions,
    Buttons,
    Native,
}

impl From<BallotChoice> for Ballot {
    fn from(choice: BallotChoice) -> Self {
        match choice {
            BallotChoice::Reactions => Self::Reactions,
            BallotChoice::Buttons => Self::Buttons,
            BallotChoice::Native => Self::Native,
        }
    }
}

#[derive(Debug, Clone, Copy, poise::ChoiceParameter)]
pub enum PlaceByChoice {
    Host,
    Vote,
}

impl From<PlaceByChoice> for PlaceBy {
    fn from(choice: PlaceByChoice) -> Self {
        match choice {
            PlaceByChoice::Host => Self::Host,
            PlaceByChoice::Vote => Self::Vote,
        }
    }
}

#[derive(Debug, Clone, Copy, poise::ChoiceParameter)]
pub enum WatchChoice {
    Watched,
    Ignored,
}

impl From<WatchChoice> for Watch {
    fn from(choice: WatchChoice) -> Self {
        match choice {
            WatchChoice::Watched => Self::Watched,
            WatchChoice::Ignored => Self::Ignored,
        }
    }
}

fn choices(pairs: impl IntoIterator<Item = (String, String)>) -> CreateAutocompleteResponse {
    let choices = pairs.into_iter().take(MOST_CHOICES).map(|(name, value)| AutocompleteChoice::new(name, value));
    CreateAutocompleteResponse::new().set_choices(choices.collect())
}

/// Cities by what was typed so far; the value is the city's number.
pub async fn cities(_: Context<'_>, typed: &str) -> CreateAutocompleteResponse {
    choices(search(typed, MOST_CHOICES).into_iter().map(|city| (city.label(), city.id.to_string())))
}

/// The city that was chosen, or the first one that what was typed leads to.
pub fn city(chosen: &str) -> Option<&'static City> {
    let by_number = chosen.parse().ok().map(CityId::new).and_then(City::by_id);
    by_number.or_else(|| search(chosen, 1).first().copied())
}

/// Time zones whose names hold what was typed.
pub async fn zones(_: Context<'_>, typed: &str) -> CreateAutocompleteResponse {
    let typed = typed.trim().to_lowercase().replace(' ', "_");
    let fits = TZ_VARIANTS.iter().map(|zone| zone.name()).filter(|name| name.to_lowercase().contains(&typed));
    choices(fits.map(|name| (name.to_owned(), name.to_owned())))
}

/// What stands for the end of a pause at once.
const NOW: &str = "now";

/// Ends of a pause: now, and some round distances from it.
pub async fn pause_ends(context: Context<'_>, _: &str) -> CreateAutocompleteResponse {
    let locale = Locale::from_discord(&context.interaction.locale);
    let today = context.framework.user_data.wallflower.now().date_naive();
    choices(proposed_ends(locale, today))
}

/// With their values, which [`pause_end`] reads. "Now" is none of the days: which one it is differs from zone to zone.
fn proposed_ends(locale: Locale, today: NaiveDate) -> impl Iterator<Item = (String, String)> {
    let now = (Texts::plain(locale, "pause-over"), NOW.to_owned());
    let names = [
        (7, Texts::plain(locale, "pause-week")),
        (14, Texts::plain(locale, "pause-two-weeks")),
        (30, Texts::plain(locale, "pause-month")),
        (90, Texts::plain(locale, "pause-three-months")),
    ];
    let date = move |days| today.checked_add_days(Days::new(days)).unwrap_or(today);
    iter::once(now).chain(names.into_iter().map(move |(days, name)| (name, date(days).to_string())))
}

/// When a pause ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PauseEnd {
    Now,
    At(DateTime<Utc>),
}

/// "now", or the morning of a day such as 2026-12-24 in the member's zone; today or earlier means now. `None` for other
/// text.
pub fn pause_end(text: &str, now: DateTime<Utc>, zone: Tz) -> Option<PauseEnd> {
    if text.trim().eq_ignore_ascii_case(NOW) {
        return Some(PauseEnd::Now);
    }
    let day: NaiveDate = text.trim().parse().ok()?;
    if day <= local(now, zone).date() {
        return Some(PauseEnd::Now);
    }
    Some(PauseEnd::At(moment(day.and_time(chrono::NaiveTime::MIN), zone)))
}

#[cfg(test)]
mod tests {
    use chrono_tz::America::{Los_Angeles, New_York};
    use chrono_tz::Europe::Amsterdam;
    use chrono_tz::Pacific::Kiritimati;

    use super::*;

    #[test]
    fn a_pause_ends_on_the_morning_of_its_day_where_the_member_lives() {
        let now = "2026-11-20T23:30:00Z".parse().unwrap();
        let ends = |text, zone| pause_end(text, now, zone);
        assert_eq!(ends("2026-11-22", Amsterdam), Some(PauseEnd::At("2026-11-21T23:00:00Z".parse().unwrap())));
        assert_eq!(ends("2026-11-21", Amsterdam), Some(PauseEnd::Now));
        assert_eq!(ends(" 2026-11-21 ", New_York), Some(PauseEnd::At("2026-11-21T05:00:00Z".parse().unwrap())));
        assert_eq!(ends("soon", Amsterdam), None);
    }

    #[test]
    fn back_now_is_now_wherever_the_member_lives() {
        // The day has begun in UTC, and not yet in Los Angeles.
        let now: DateTime<Utc> = "2026-11-21T00:30:00Z".parse().unwrap();
        let proposed: Vec<_> = proposed_ends(Locale::English, now.date_naive()).collect();
        for zone in [Los_Angeles, Amsterdam, Kiritimati] {
            let ends: Vec<_> = proposed.iter().map(|(_, value)| pause_end(value, now, zone).unwrap()).collect();
            assert_eq!(ends[0], PauseEnd::Now, "{zone}");
            assert!(
                ends[1..].iter().all(|end| matches!(end, PauseEnd::At(moment) if *moment > now)),
                "{zone}: {ends:?}"
            );
        }
    }

    #[test]
    fn a_city_is_found_by_its_number_and_by_what_was_typed() {
        let utrecht = search("utrecht", 1)[0];
        assert_eq!(city(&utrecht.id.to_string()), Some(utrecht));
        assert_eq!(city("utrecht, nl"), Some(utrecht));
        assert_eq!(city("nowhere at all"), None);
    }
}
