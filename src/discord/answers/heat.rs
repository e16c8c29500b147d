//! When the people of a meetup could meet: a picture, and the best of it in words.

use std::cmp::Reverse;

use serenity::all::CreateAttachment;

use super::ballot::weekday;
use crate::app::common_times::CommonTimes;
use crate::discord::picture::heat_map;
use crate::discord::replies::{Failure, Reply};
use crate::domain::slot::PartOfDay;
use crate::texts::{Locale, Texts, args};
use chrono::Datelike;

const FILE: &str = "common-times.png";
/// Said in words as well, for who cannot see the picture.
const BEST: usize = 3;

pub fn heat(locale: Locale, times: &CommonTimes) -> Result<Reply, Failure> {
    let picture = heat_map::draw(locale, times).map_err(|error| Failure::Fault(error.to_string()))?;
    let best = best(locale, times);
    let text = if best.is_empty() {
        Texts::plain(locale, "heat-none")
    } else {
        Texts::say(locale, "heat", &args([("people", times.people.into()), ("best", best.join(", ").into())]))
    };
    let file = CreateAttachment::bytes(picture, FILE).description(text.clone());
    Ok(Reply::from(text).with_file(file))
}

/// The parts of days at which most are free, the earliest first among equals.
fn best(locale: Locale, times: &CommonTimes) -> Vec<String> {
    let all =
        times.days.iter().flat_map(|day| PartOfDay::ALL.into_iter().zip(day.free).map(move |part| (day.day, part)));
    let mut free: Vec<_> = all.filter(|(_, (_, free))| *free > 1 || times.people == 1 && *free == 1).collect();
    free.sort_by_key(|(day, (part, free))| (Reverse(*free), *day, *part));
    let line = |(day, (part, free)): &(chrono::NaiveDate, (PartOfDay, usize))| {
        let values = args([
            ("weekday", weekday(day.weekday()).into()),
            ("day", day.day().to_string().into()),
            ("month", day.month().into()),
            ("part", word(*part).into()),
            ("free", (*free).into()),
        ]);
        Texts::say(locale, "heat-best", &values)
    };
    free.iter().take(BEST).map(line).collect()
}

const fn word(part: PartOfDay) -> &'static str {
    match part {
        PartOfDay::Morning => "morning",
        PartOfDay::Lunch => "lunch",
        PartOfDay::Afternoon => "afternoon",
        PartOfDay::Evening => "evening",
    }
}
