//! A member's profile, with the selects that change it.

use serenity::all::{
    ButtonStyle, CreateActionRow, CreateButton, CreateInputText, CreateModal, CreateSelectMenu, CreateSelectMenuKind,
    CreateSelectMenuOption, InputTextStyle,
};

use super::times::Block;
use crate::discord::custom_id::{CustomId, Verb};
use crate::discord::render::escape;
use crate::discord::replies::Reply;
use crate::domain::member::{Door, Profile, Venue};
use crate::domain::place::City;
use crate::texts::{Locale, Texts, args};

/// The input of the city's form.
pub const CITY_INPUT: &str = "city";
/// The longest name of a place on Earth has 85 letters.
const CITY_LENGTH: u16 = 100;
/// Options that a select holds.
const MOST_OPTIONS: usize = 25;

const VENUES: [(Venue, &str); 3] = [(Venue::InPerson, "in_person"), (Venue::Call, "call"), (Venue::Either, "either")];
const DOORS: [(Door, &str); 3] = [(Door::Direct, "direct"), (Door::Mention, "mention"), (Door::Look, "look")];

pub fn profile(locale: Locale, profile: &Profile) -> Reply {
    let city = profile.city.and_then(City::by_id).map_or_else(|| Texts::plain(locale, "profile-no-city"), City::label);
    let values = args([
        ("city", city.into()),
        ("times", times(locale, profile).into()),
        ("venue", venue(locale, profile.venue).into()),
        ("asks", door(locale, profile.door).into()),
        ("named", yes_no(locale, profile.may_be_named).into()),
        ("open", yes_no(locale, profile.open_to_everyone).into()),
    ]);
    Reply::from(Texts::say(locale, "profile", &values)).with_rows(selects(locale, profile))
}

fn yes_no(locale: Locale, yes: bool) -> String {
    if yes { Texts::plain(locale, "yes") } else { Texts::plain(locale, "no") }
}

fn venue(locale: Locale, venue: Venue) -> String {
    match venue {
        Venue::InPerson => Texts::plain(locale, "venue-in-person"),
        Venue::Call => Texts::plain(locale, "venue-call"),
        Venue::Either => Texts::plain(locale, "venue-either"),
    }
}

fn door(locale: Locale, door: Door) -> String {
    match door {
        Door::Direct => Texts::plain(locale, "door-direct"),
        Door::Mention => Texts::plain(locale, "door-mention"),
        Door::Look => Texts::plain(locale, "door-look"),
    }
}

fn block(locale: Locale, block: Block) -> String {
    Texts::say(locale, "times-block", &args([("block", block.word().into())]))
}

fn times(locale: Locale, profile: &Profile) -> String {
    let all: Vec<_> = Block::all().filter(|block| block.is_in(profile.availability)).collect();
    if all.len() == Block::all().count() {
        return Texts::plain(locale, "times-any");
    }
    if all.is_empty() {
        return Texts::plain(locale, "times-none");
    }
    all.into_iter().map(|one| block(locale, one)).collect::<Vec<_>>().join(", ")
}

/// The selects and the button that change it.
pub fn selects(locale: Locale, profile: &Profile) -> Vec<CreateActionRow> {
    let times = Block::all().map(|one| {
        CreateSelectMenuOption::new(block(locale, one), one.word()).default_selection(one.is_in(profile.availability))
    });
    let venues = VENUES.map(|(one, word)| {
        CreateSelectMenuOption::new(venue(locale, one), word).default_selection(one == profile.venue)
    });
    let doors = DOORS
        .map(|(one, word)| CreateSelectMenuOption::new(door(locale, one), word).default_selection(one == profile.door));
    vec![
        select(Verb::ProfileTimes, times.collect(), Texts::plain(locale, "select-times")),
        select(Verb::ProfileVenue, venues.into(), Texts::plain(locale, "select-venue")),
        select(Verb::ProfileDoor, doors.into(), Texts::plain(locale, "select-door")),
        city_button(locale),
    ]
}

/// Opens the form that asks for a city.
fn city_button(locale: Locale) -> CreateActionRow {
    let button = CreateButton::new(CustomId::from(Verb::ProfileCity).to_string())
        .label(Texts::plain(locale, "button-city"))
        .style(ButtonStyle::Secondary);
    CreateActionRow::Buttons(vec![button])
}

/// Several may be chosen only of the times.
fn select(verb: Verb, options: Vec<CreateSelectMenuOption>, placeholder: String) -> CreateActionRow {
    let most = if verb == Verb::ProfileTimes { u8::try_from(options.len()).unwrap_or(1) } else { 1 };
    let kind = CreateSelectMenuKind::String { options };
    let menu = CreateSelectMenu::new(CustomId::from(verb).to_string(), kind);
    CreateActionRow::SelectMenu(menu.placeholder(placeholder).min_values(1).max_values(most))
}

/// The words of the selects, back.
pub fn chosen_venue(word: &str) -> Option<Venue> {
    VENUES.iter().find(|(_, known)| *known == word).map(|(venue, _)| *venue)
}

pub fn chosen_door(word: &str) -> Option<Door> {
    DOORS.iter().find(|(_, known)| *known == word).map(|(door, _)| *door)
}

/// The form that asks for a city's name.
pub fn city_form(locale: Locale) -> CreateModal {
    let input = CreateInputText::new(InputTextStyle::Short, Texts::plain(locale, "city-label"), CITY_INPUT);
    CreateModal::new(CustomId::from(Verb::ProfileCityModal).to_string(), Texts::plain(locale, "city-title"))
        .components(vec![CreateActionRow::InputText(input.min_length(1).max_length(CITY_LENGTH))])
}

/// The cities that go by what was typed, of which one is to be picked; or what to try where none does.
pub fn pick_city(locale: Locale, typed: &str, cities: &[&'static City]) -> Reply {
    if cities.is_empty() {
        let text = Texts::say(locale, "city-none", &args([("typed", escape(typed).into())]));
        return Reply::from(text).with_rows(vec![city_button(locale)]);
    }
    let options: Vec<_> = cities.iter().take(MOST_OPTIONS).map(|city| city_option(city)).collect();
    let text = match options.len() {
        1 => Texts::plain(locale, "city-this"),
        MOST_OPTIONS => Texts::plain(locale, "city-which-of-many"),
        _ => Texts::plain(locale, "city-which"),
    };
    let row = select(Verb::ProfileCityPick, options, Texts::plain(locale, "select-city"));
    Reply::from(text).with_rows(vec![row, city_button(locale)])
}

/// Its name and country, below them the region where the name does not hold it.
fn city_option(city: &City) -> CreateSelectMenuOption {
    let (label, region) = (city.label(), city.region_name());
    let option = CreateSelectMenuOption::new(&label, city.id.to_string());
    if region.is_empty() || label.contains(region) { option } else { option.description(region) }
}
