//! The heat map of a meetup: days from left to right, parts of the day from above, in each how many are free at once.

use chrono::Datelike;

use super::{Canvas, Colour, Place, Size, size_of};
use crate::app::common_times::CommonTimes;
use crate::discord::answers::ballot::weekday;
use crate::domain::slot::{HeatDay, PartOfDay};
use crate::texts::{Locale, Texts, args};

const GROUND: Colour = [0x2B, 0x2D, 0x31];
const INK: Colour = [0xE6, 0xE8, 0xEB];
const FAINT: Colour = [0x9A, 0xA1, 0xAB];
const DARK_INK: Colour = [0x1B, 0x1C, 0x1F];
/// Nobody is free.
const EMPTY: Colour = [0x3A, 0x3D, 0x44];
/// From few to all: each is lighter than the one before, so that it can be told apart without seeing colours.
const HEAT: [Colour; 4] = [[0x2F, 0x4B, 0x7C], [0x23, 0x78, 0x8A], [0x3F, 0xB0, 0x7E], [0xF2, 0xD5, 0x4B]];

const MARGIN: usize = 24;
const HEAD: usize = 96;
const LABELS: usize = 128;
const CELL: Size = Size { width: 50, height: 46 };
const GAP: usize = 6;
const FOOT: usize = 56;
const ROUND: usize = 8;
/// Dots of a letter: in labels, and in numbers.
const SMALL: usize = 2;
const LARGE: usize = 3;

/// As a PNG file.
///
/// # Errors
/// Never in practice: it is written into memory.
pub fn draw(locale: Locale, times: &CommonTimes) -> Result<Vec<u8>, png::EncodingError> {
    let width = 2 * MARGIN + LABELS + times.days.len() * (CELL.width + GAP) - GAP;
    let height = HEAD + PartOfDay::ALL.len() * (CELL.height + GAP) + FOOT;
    let mut canvas = Canvas::new(Size { width, height }, GROUND);
    for (row, part) in PartOfDay::ALL.into_iter().enumerate() {
        let y = HEAD + row * (CELL.height + GAP) + (CELL.height - size_of("A", SMALL).height) / 2;
        canvas.text(Place { x: MARGIN, y }, &label(locale, part), SMALL, INK);
    }
    for (column, day) in times.days.iter().enumerate() {
        let is_first_of_month = column == 0 || day.day.day() == 1;
        column_of(&mut canvas, locale, (column, is_first_of_month), day, times.people);
    }
    foot(&mut canvas, locale, times, height);
    canvas.to_png()
}

fn column_of(canvas: &mut Canvas, locale: Locale, (column, names_month): (usize, bool), day: &HeatDay, people: usize) {
    let x = MARGIN + LABELS + column * (CELL.width + GAP);
    let middle = x + CELL.width / 2;
    if names_month {
        canvas.text_around(Place { x: middle, y: 24 }, &month(locale, day.day.month()), SMALL, FAINT);
    }
    let name = Texts::say(locale, "heat-weekday", &args([("weekday", weekday(day.day.weekday()).into())]));
    canvas.text_around(Place { x: middle, y: 48 }, &name, SMALL, INK);
    canvas.text_around(Place { x: middle, y: 74 }, &day.day.day().to_string(), LARGE, INK);
    for (row, free) in day.free.into_iter().enumerate() {
        let at = Place { x, y: HEAD + row * (CELL.height + GAP) };
        cell(canvas, at, free, people);
    }
}

fn cell(canvas: &mut Canvas, at: Place, free: usize, people: usize) {
    canvas.area(at, CELL, ROUND, colour(free, people));
    if free > 0 {
        let middle = Place { x: at.x + CELL.width / 2, y: at.y + CELL.height / 2 };
        let ink = if free * 2 > people { DARK_INK } else { INK };
        canvas.text_around(middle, &free.to_string(), LARGE, ink);
    }
}

/// All of them in the lightest, fewer in darker ones.
fn colour(free: usize, people: usize) -> Colour {
    match free {
        0 => EMPTY,
        free if free >= people => HEAT[HEAT.len() - 1],
        free => HEAT[(free * (HEAT.len() - 1) / people.max(1)).min(HEAT.len() - 2)],
    }
}

/// What the numbers are, and by whose clocks.
fn foot(canvas: &mut Canvas, locale: Locale, times: &CommonTimes, height: usize) {
    let values = args([("people", times.people.into()), ("zone", times.zone.name().replace('_', " ").into())]);
    let text = Texts::say(locale, "heat-foot", &values);
    canvas.text(Place { x: MARGIN, y: height - 34 }, &text, SMALL, FAINT);
}

fn label(locale: Locale, part: PartOfDay) -> String {
    let word = match part {
        PartOfDay::Morning => "heat-morning",
        PartOfDay::Lunch => "heat-lunch",
        PartOfDay::Afternoon => "heat-afternoon",
        PartOfDay::Evening => "heat-evening",
    };
    Texts::plain(locale, word)
}

fn month(locale: Locale, month: u32) -> String {
    Texts::say(locale, "heat-month", &args([("month", month.into())]))
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use chrono_tz::Europe::Amsterdam;

    use super::*;

    fn times(people: usize) -> CommonTimes {
        let first: NaiveDate = "2026-09-24".parse().unwrap();
        let free = |day: usize| {
            [day % 3, day % (people + 1), (day + 1) % (people + 1), people - day % 2].map(|free| free.min(people))
        };
        let days = first.iter_days().take(14).zip(0..).map(|(day, index)| HeatDay { day, free: free(index) }).collect();
        CommonTimes { days, people, zone: Amsterdam }
    }

    #[test]
    fn a_picture_is_drawn_of_two_and_of_many() {
        for people in [2, 6, 120] {
            let file = draw(Locale::English, &times(people)).unwrap();
            assert!(file.starts_with(b"\x89PNG\r\n\x1a\n") && file.len() < 60_000, "{}", file.len());
            let mut reader = png::Decoder::new(std::io::Cursor::new(&file)).read_info().unwrap();
            let mut dots = vec![0; reader.output_buffer_size().unwrap()];
            let info = reader.next_frame(&mut dots).unwrap();
            assert_eq!((info.width, info.height), (954, 360));
            assert!(dots.chunks(3).any(|dot| dot == HEAT[3]), "where all are free");
            assert_eq!(file, draw(Locale::English, &times(people)).unwrap(), "the same each time");
            if let Ok(folder) = std::env::var("WALLFLOWER_PICTURES") {
                std::fs::write(format!("{folder}/heat-{people}.png"), &file).unwrap();
            }
        }
    }

    #[test]
    fn the_more_are_free_the_lighter_it_is() {
        let light = |colour: Colour| colour.iter().map(|part| u32::from(*part)).sum::<u32>();
        for people in 1..20 {
            let shades: Vec<_> = (1..=people).map(|free| light(colour(free, people))).collect();
            assert!(shades.is_sorted(), "{people}: {shades:?}");
            assert_eq!(colour(people, people), HEAT[3]);
        }
    }
}
