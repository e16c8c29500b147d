//! What moderators read of a report.

use super::card::{Card, Panel};
use super::{Shown, mention, moment, others};
use crate::domain::ids::UserId;
use crate::domain::meetup::{Kind, Meetup};
use crate::domain::place::City;
use crate::texts::{Locale, Texts, args};

/// Who reports whom, and what to do now. Of an open evening it is not known who is meant: nobody but the reporter is named.
pub(super) fn report(locale: Locale, meetup: &Meetup, reporter: UserId) -> Card {
    let who = mention(reporter);
    let [body, done] = match meetup.kind {
        Kind::Suggested => {
            let others = others(locale, meetup, reporter);
            let both = args([("reporter", who.clone().into()), ("others", others.clone().into())]);
            let done = Texts::say(locale, "report-done", &args([("others", others.into())]));
            [Texts::say(locale, "report-body", &both), done]
        }
        Kind::OpenEvening => {
            let values = args([("reporter", who.clone().into()), ("evening", evening(meetup).into())]);
            [Texts::say(locale, "report-body-open", &values), Texts::plain(locale, "report-done-open")]
        }
    };
    let lines = [body, done, Texts::say(locale, "report-do", &args([("reporter", who.into())]))];
    let panel = Some(Panel { title: Texts::plain(locale, "report-title"), body: lines.join("\n\n") });
    Card { panel, ..Card::default() }
}

/// As far as it is settled: where its poll stood, in which city, and when.
fn evening(meetup: &Meetup) -> String {
    let room = meetup.room.map(|room| format!("<#{room}>"));
    let city = meetup.city.and_then(City::by_id).map(City::label);
    let time = meetup.appointment().map(|on| moment(on.slot.start(), Shown::Whole));
    room.into_iter().chain(city).chain(time).collect::<Vec<_>>().join(" · ")
}
