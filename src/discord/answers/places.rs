//! The list of places, and the choice among a few of them in a meetup.

use std::collections::BTreeMap;

use serenity::all::{
    ButtonStyle, CreateActionRow, CreateButton, CreateInputText, CreateModal, CreateSelectMenu, CreateSelectMenuKind,
    CreateSelectMenuOption, InputTextStyle,
};

use crate::app::meetups::PLACE_LENGTH;
use crate::app::places::PlaceBallot;
use crate::discord::custom_id::{CustomId, Verb};
use crate::discord::render::escape;
use crate::discord::replies::Reply;
use crate::domain::ids::{MeetupId, RoleId, UserId};
use crate::domain::meetup::{Appointment, PlaceBy};
use crate::domain::place::{City, CityId};
use crate::store::{Added, Place, Programme};
use crate::texts::{Locale, Texts, args};

/// The input of the form in which a place is proposed.
pub const NEW_PLACE_INPUT: &str = "new-place";
/// What a choice of a command holds.
const MOST_LETTERS: usize = 100;

fn city_name(city: CityId) -> String {
    City::by_id(city).map_or_else(|| city.to_string(), City::label)
}

/// As a choice of a command shows it.
pub fn label(place: &Place) -> String {
    let whole = format!("{} · {}", place.name, city_name(place.city));
    whole.chars().take(MOST_LETTERS).collect()
}

/// And what stands for it.
pub fn value(place: &Place) -> String {
    format!("{}:{}", place.city, place.name)
}

fn named(place: &Place) -> crate::texts::Args<'static> {
    args([("place", escape(&place.name).into()), ("city", escape(&city_name(place.city)).into())])
}

pub fn added(locale: Locale, place: &Place, added: Added) -> String {
    let key = if added == Added::Already { "places-already" } else { "places-added" };
    Texts::say(locale, key, &named(place))
}

pub fn removed(locale: Locale, place: &Place) -> String {
    Texts::say(locale, "places-removed", &named(place))
}

/// By city.
/// A role stands for a city from now on, or for none.
pub fn role_set(locale: Locale, role: RoleId, city: Option<&City>) -> String {
    let role = format!("<@&{role}>");
    match city {
        Some(city) => {
            let city = escape(&city.label());
            Texts::say(locale, "places-role", &args([("role", role.into()), ("city", city.into())]))
        }
        None => Texts::say(locale, "places-role-none", &args([("role", role.into())])),
    }
}

/// The places by city, and which roles stand for one.
pub fn list(locale: Locale, all: &[Place], roles: &[(RoleId, CityId)]) -> String {
    let listed = places(locale, all);
    let stands = |(role, city): &(RoleId, CityId)| format!("- <@&{role}>: {}", escape(&city_name(*city)));
    let lines = roles.iter().map(stands);
    let heading = (!roles.is_empty()).then(|| Texts::plain(locale, "places-roles"));
    [listed].into_iter().chain(heading).chain(lines).collect::<Vec<_>>().join("\n")
}

fn places(locale: Locale, all: &[Place]) -> String {
    if all.is_empty() {
        return Texts::plain(locale, "places-none");
    }
    let mut cities: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for place in all {
        cities.entry(city_name(place.city)).or_default().push(escape(&place.name));
    }
    let mut lines = vec![Texts::plain(locale, "places-heading")];
    lines.extend(cities.iter().map(|(city, names)| format!("- **{}:** {}", escape(city), names.join(", "))));
    lines.join("\n")
}

pub fn place_by_set(locale: Locale, programme: &Programme) -> String {
    match programme.place_by {
        PlaceBy::Host => Texts::plain(locale, "place-by-host"),
        PlaceBy::Vote => Texts::plain(locale, "place-by-vote"),
    }
}

/// What stands to choose in a meetup, how many chose it, and what the reader did.
pub fn ballot(locale: Locale, ballot: &PlaceBallot, reader: UserId) -> Reply {
    let meetup = &ballot.meetup;
    let mut lines = vec![how(locale, meetup.appointment())];
    if let Some(fair) = &ballot.fair {
        // To tens of kilometres: a home is a city, and nobody's way is anybody's business.
        let far = ((fair.furthest_km / 10.0).ceil() * 10.0).to_string();
        let values = args([("city", escape(&fair.city.label()).into()), ("far", far.into())]);
        lines.push(Texts::say(locale, "place-fair", &values));
    }
    if let Some(place) = meetup.appointment().and_then(|on| on.place.as_ref()) {
        lines.push(Texts::say(locale, "place-so-far", &args([("place", escape(place).into())])));
    }
    lines.extend(ballot.offered.iter().map(|place| {
        let values = args([("place", escape(place).into()), ("count", meetup.choosing(place).into())]);
        Texts::say(locale, "place-line", &values)
    }));
    let own = meetup.participant(reader).and_then(|seat| seat.place.as_deref());
    let select = (!ballot.offered.is_empty()).then(|| select(locale, ballot, own));
    let new = CreateButton::new(CustomId::from(Verb::PlaceNew { meetup: meetup.id }).to_string())
        .label(Texts::plain(locale, "button-new-place"))
        .style(ButtonStyle::Secondary);
    let rows = select.into_iter().chain([CreateActionRow::Buttons(vec![new])]).collect();
    Reply::from(lines.join("\n")).with_rows(rows)
}

fn how(locale: Locale, on: Option<&Appointment>) -> String {
    match on.map(|on| on.places.by).unwrap_or_default() {
        PlaceBy::Host => Texts::plain(locale, "place-how-host"),
        PlaceBy::Vote => Texts::plain(locale, "place-how-vote"),
    }
}

fn select(locale: Locale, ballot: &PlaceBallot, own: Option<&str>) -> CreateActionRow {
    let option = |place: &String| {
        CreateSelectMenuOption::new(place, place).default_selection(own.is_some_and(|own| own == place))
    };
    let kind = CreateSelectMenuKind::String { options: ballot.offered.iter().map(option).collect() };
    let id = CustomId::from(Verb::PlacePick { meetup: ballot.meetup.id }).to_string();
    let menu = CreateSelectMenu::new(id, kind).placeholder(Texts::plain(locale, "select-place"));
    CreateActionRow::SelectMenu(menu.min_values(1).max_values(1))
}

pub fn new_place_form(locale: Locale, meetup: MeetupId) -> CreateModal {
    let most = u16::try_from(PLACE_LENGTH).unwrap_or(u16::MAX);
    let label = Texts::plain(locale, "place-label");
    let input = CreateInputText::new(InputTextStyle::Short, label, NEW_PLACE_INPUT).min_length(1).max_length(most);
    let id = CustomId::from(Verb::PlaceNewModal { meetup }).to_string();
    CreateModal::new(id, Texts::plain(locale, "place-new-title")).components(vec![CreateActionRow::InputText(input)])
}
