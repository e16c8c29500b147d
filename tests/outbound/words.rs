//! The words of each notice, before they are sent.

use std::collections::BTreeSet;

use chrono::Duration;
use serde_json::{Value, json};
use wallflower::app::messenger::{Letter, Place};
use wallflower::discord::custom_id::{CustomId, Verb};
use wallflower::discord::render::{Card, appointment_card, event_text, render, room_name};
use wallflower::domain::ids::UserId;
use wallflower::domain::meetup::{Before, Kind, Meetup, Moving, Participant, Standing, State};
use wallflower::domain::member::Setting;
use wallflower::domain::notice::{AnotherPollBecause, Dropped, NotThisTime, Notice, Reminder};
use wallflower::domain::slot::Slot;
use wallflower::texts::Locale;

use super::letters::Cast;

fn body(letter: &Letter) -> Value {
    render(letter).unwrap_or_else(|| panic!("{:?} says nothing", letter.notice)).to_new_message(letter.id)
}

/// All messages before anybody has heard of anybody, each with a name.
fn before_both_yes(cast: &mut Cast) -> Vec<(&'static str, Letter)> {
    let (ana, asked) = (cast.ana, cast.asked());
    let channel = Place::Channel(cast.channel);
    let mut called = cast.letter(Notice::Ask, channel, Some(asked.clone()));
    called.member = Some(ana);
    vec![
        ("welcome", cast.directly(Notice::Welcome, ana, None)),
        ("ask", cast.directly(Notice::Ask, ana, Some(asked.clone()))),
        ("ask_by_mention", called),
        ("doorbell", cast.letter(Notice::Doorbell, channel, None)),
        ("did_not_come_together", cast.directly(Notice::DidNotComeTogether, ana, Some(asked.clone()))),
        ("news_by_mention", {
            let mut called = cast.letter(Notice::DidNotComeTogether, channel, Some(asked));
            called.member = Some(ana);
            called
        }),
    ]
}

fn from_both_yes_on(cast: &mut Cast) -> Vec<(&'static str, Letter)> {
    let polling = cast.polling(Kind::Suggested);
    let mut second = polling.clone();
    second.polls = 2;
    if let State::Polling { poll } = &mut second.state {
        poll.number = 2;
    }
    let because = Some(AnotherPollBecause::NoCommonTime);
    let open = cast.polling(Kind::OpenEvening);
    let bare = cast.scheduled(Kind::Suggested, None);
    let on = cast.scheduled(Kind::Suggested, Some("Café *de Zaak* <@1>"));
    let open_on = cast.scheduled(Kind::OpenEvening, None);
    let (checking, ana, asked) = (cast.checking_in(), cast.ana, cast.asked());
    let mut report = cast.there(Notice::Report, &polling);
    report.member = Some(ana);
    vec![
        ("open_ask", cast.there(Notice::OpenAsk, &asked)),
        ("room_opening", cast.there(Notice::RoomOpening, &polling)),
        ("poll", cast.there(Notice::PostPoll { poll: 1, because: None }, &polling)),
        ("second_poll", cast.there(Notice::PostPoll { poll: 2, because }, &second)),
        ("open_evening_poll", cast.there(Notice::PostPoll { poll: 1, because: None }, &open)),
        ("closed_poll", cast.there(Notice::RefreshPoll { poll: 1 }, &on)),
        ("it_is_on_without_place", cast.there(Notice::ItIsOn { sequence: 0 }, &bare)),
        ("it_is_on", cast.there(Notice::ItIsOn { sequence: 1 }, &on)),
        ("open_evening_is_on", cast.there(Notice::ItIsOn { sequence: 0 }, &open_on)),
        ("reminder_day", cast.there(Notice::Reminder { when: Reminder::DayBefore }, &bare)),
        ("place_named", cast.there(Notice::PlaceNamed { sequence: 1 }, &on)),
        ("reminder_soon", cast.there(Notice::Reminder { when: Reminder::TwoHoursBefore }, &on)),
        ("not_this_time", cast.there(Notice::NotThisTime { why: NotThisTime::CannotMakeIt, dropped: None }, &polling)),
        ("no_common_time", cast.there(Notice::NotThisTime { why: NotThisTime::NoCommonTime, dropped: None }, &polling)),
        ("check_in", cast.directly(Notice::CheckIn, ana, Some(checking.clone()))),
        ("report", report),
        ("report_open_evening", {
            let mut report = cast.there(Notice::Report, &open_on);
            report.member = Some(ana);
            report
        }),
        ("check_in_waits", cast.there(Notice::CheckInWaits, &checking)),
        ("check_in_again", cast.directly(Notice::CheckInAgain, ana, Some(checking))),
    ]
}

/// What is said on the way to the table, and after it.
fn on_the_way(cast: &mut Cast) -> Vec<(&'static str, Letter)> {
    let polling = cast.polling(Kind::Suggested);
    let on = cast.scheduled(Kind::Suggested, None);
    let (mut moving, mut seats) = (on.clone(), cast.scheduled(Kind::OpenEvening, None));
    if let State::Scheduled { on, .. } = &mut moving.state {
        let slot = Slot::new(on.slot.start() + Duration::days(1), 60, on.slot.zone()).unwrap();
        on.moving = Some(Moving { slot, until: on.slot.start() - Duration::hours(2) });
    }
    moving.participants[0].agrees = true;
    let mut late = on.clone();
    late.participants[1].late = true;
    let until = seats.appointment().unwrap().slot.start() - Duration::hours(30);
    seats.participants[1].standing = Standing::Offered { until };
    let bo = seats.participants[1].user;
    let slot = on.appointment().unwrap().slot;
    let dropped = Some(Dropped { slot, sequence: 3, reason: Some("*Rain*, <@1>".to_owned()) });
    let mut held = cast.checking_in();
    held.state = State::Held { on: held.appointment().unwrap().clone() };
    let worded = Meetup { word: Some("We *laughed* <@1>".to_owned()), ..held.clone() };
    let again = Meetup { before: Before { missed: 0, held: 1 }, ..held.clone() };
    let channel = Place::Channel(cast.channel);
    vec![
        ("poll_reminder", cast.there(Notice::PollReminder { poll: 1 }, &polling)),
        ("time_offered", cast.there(Notice::TimeOffered, &moving)),
        ("offer_settled", cast.there(Notice::OfferSettled, &on)),
        ("offer_closed", cast.there(Notice::OfferSettled, &polling)),
        ("running_late", cast.there(Notice::RunningLate, &late)),
        ("running_late_nameless", cast.there(Notice::RunningLate, &seats)),
        ("seat_free", cast.directly(Notice::SeatFree, bo, Some(seats.clone()))),
        ("evening_thread", cast.there(Notice::OpenThread, &seats)),
        ("too_few", cast.there(Notice::NotThisTime { why: NotThisTime::TooFew, dropped: None }, &seats)),
        ("called_off", cast.there(Notice::NotThisTime { why: NotThisTime::CannotMakeIt, dropped }, &on)),
        ("word_drafted", cast.there(Notice::WordDrafted, &worded)),
        ("word", cast.letter(Notice::Word, Place::Channel(cast.channel), Some(worded.clone()))),
        ("try_again", cast.there(Notice::TryAgain, &held)),
        ("meet_again", cast.there(Notice::MeetAgain, &held)),
        ("meet_again_rhythm", cast.there(Notice::MeetAgain, &again)),
        ("held_lately", cast.letter(Notice::HeldLately { count: 3 }, channel, None)),
    ]
}

fn all(cast: &mut Cast) -> Vec<(&'static str, Letter)> {
    let mut all = before_both_yes(cast);
    all.extend(from_both_yes_on(cast));
    all.extend(on_the_way(cast));
    all
}

#[test]
fn each_notice_has_these_words() {
    for (name, letter) in all(&mut Cast::imagined("Den")) {
        insta::assert_snapshot!(name, serde_json::to_string_pretty(&body(&letter)).unwrap());
    }
}

#[test]
fn a_table_is_spoken_to_as_a_table() {
    let mut cast = Cast::imagined("Den");
    let asked = cast.table();
    let mut came = Meetup { polls: 1, ..cast.table() };
    came.state = cast.polling(Kind::Suggested).state;
    came.room = Some(cast.channel);
    for (place, one) in came.participants.iter_mut().enumerate() {
        let comes = Standing::In { since: cast.now, by: wallflower::domain::meetup::Yes::Answer };
        one.standing = if place < 3 { comes } else { Standing::Absent };
    }
    let mut report = cast.there(Notice::Report, &came);
    report.member = Some(cast.ana);
    let ana = cast.ana;
    let all = [
        ("table_ask", cast.directly(Notice::Ask, ana, Some(asked.clone()))),
        ("table_open_ask", cast.there(Notice::OpenAsk, &asked)),
        ("table_room_opening", cast.there(Notice::RoomOpening, &came)),
        ("table_report", report),
    ];
    let absent = came.participants[3].user.to_string();
    for (name, letter) in all {
        let body = body(&letter);
        assert_eq!(body.to_string().contains(&absent), name.ends_with("ask"), "{name}: {body}");
        insta::assert_snapshot!(name, serde_json::to_string_pretty(&body).unwrap());
    }
}

#[test]
fn before_both_yes_nothing_names_anybody_but_the_ask_to_one_alone() {
    let mut cast = Cast::imagined("Den");
    let (ana, bo) = (cast.ana.to_string(), cast.bo.to_string());
    for (name, letter) in before_both_yes(&mut cast) {
        let mut body = body(&letter);
        assert!(!body["content"].as_str().unwrap().contains(&bo), "{name}: {body}");
        if name == "ask" {
            assert!(body["embeds"].to_string().contains(&bo), "the ask says with whom");
            body["embeds"] = Value::Null;
        }
        let text = body.to_string();
        assert!(!text.contains(&bo), "{name}: {text}");
        assert_eq!(text.contains(&ana), name.ends_with("_by_mention"), "{name}: {text}");
    }
}

#[test]
fn a_report_of_an_evening_with_many_names_nobody_but_the_reporter() {
    let mut cast = Cast::imagined("Den");
    let bo = cast.bo.to_string();
    for (name, letter) in from_both_yes_on(&mut cast).into_iter().filter(|(name, _)| name.starts_with("report")) {
        assert_eq!(body(&letter).to_string().contains(&bo), name == "report", "{name}");
    }
}

/// A mention that rings stands in the content: in a panel it is only a name.
fn rung_by(body: &Value) -> Vec<String> {
    let allowed = &body["allowed_mentions"];
    assert_eq!(allowed["parse"], json!([]), "{body}");
    let rung: Vec<String> = serde_json::from_value(allowed["users"].clone()).unwrap();
    assert!(rung.iter().all(|user| body["content"].as_str().unwrap().contains(&format!("<@{user}>"))), "{body}");
    rung
}

#[test]
fn what_has_to_be_arranged_by_rings_for_who_is_in_and_nothing_else_rings() {
    let mut cast = Cast::imagined("Den");
    let (ana, bo) = (cast.ana.to_string(), cast.bo.to_string());
    for (name, letter) in all(&mut cast) {
        let expected = match name {
            // Whom it is for, who has not voted, who is waited for, and who has a seat where Bo has an offer.
            "ask_by_mention" | "news_by_mention" | "poll_reminder" | "running_late" | "too_few" => vec![ana.clone()],
            "time_offered" => vec![bo.clone()],
            "poll"
            | "second_poll"
            | "it_is_on_without_place"
            | "it_is_on"
            | "open_evening_is_on"
            | "reminder_day"
            | "reminder_soon"
            | "called_off"
            | "meet_again"
            | "meet_again_rhythm"
            | "not_this_time" => vec![ana.clone(), bo.clone()],
            _ => vec![],
        };
        assert_eq!(rung_by(&body(&letter)), expected, "{name}");
        let gone = letter.meetup.clone().map(|mut meetup| {
            meetup.participants[1].standing = Standing::Out;
            meetup
        });
        let without_bo: Vec<_> = expected.into_iter().filter(|user| *user != bo).collect();
        let letter = Letter { meetup: gone, ..letter };
        // What was for Bo alone is not said at all.
        let rung = render(&letter).map_or_else(Vec::new, |card| rung_by(&card.to_new_message(letter.id)));
        assert_eq!(rung, without_bo, "{name}, without Bo");
    }
}

#[test]
fn what_is_edited_rings_nowhere() {
    let mut cast = Cast::imagined("Den");
    let (channel, message) = (cast.channel, wallflower::domain::ids::MessageId::new(5).unwrap());
    let (polling, on) = (cast.polling(Kind::Suggested), cast.scheduled(Kind::OpenEvening, Some("The Library")));
    for (notice, meetup) in [(Notice::RefreshPoll { poll: 1 }, polling), (Notice::Update { sequence: 2 }, on)] {
        let letter = cast.change(notice, &meetup, channel, message);
        assert_eq!(rung_by(&body(&letter)), Vec::<String>::new(), "{:?}", letter.notice);
    }
}

#[test]
fn a_crowd_is_rung_as_far_as_a_message_holds() {
    let mut cast = Cast::imagined("Den");
    let mut meetup = cast.scheduled(Kind::OpenEvening, None);
    crowded(&mut meetup);
    let body = body(&cast.there(Notice::ItIsOn { sequence: 0 }, &meetup));
    let rung = rung_by(&body);
    assert!((50..=100).contains(&rung.len()), "{}", rung.len());
    let named = body["content"].as_str().unwrap().matches("<@").count();
    assert_eq!(named, rung.len(), "who is named there is rung");
    within_limits("crowd", &body);
}

#[test]
fn two_who_call_each_other_read_of_no_place() {
    let mut cast = Cast::imagined("Den");
    let call = |mut meetup: Meetup| {
        meetup.setting = Setting::Call;
        meetup
    };
    let (polling, bare) = (call(cast.polling(Kind::Suggested)), call(cast.scheduled(Kind::Suggested, None)));
    let linked = call(cast.scheduled(Kind::Suggested, Some("https://call.example/a_b?c=1")));
    let letters = [
        ("call_poll", cast.there(Notice::PostPoll { poll: 1, because: None }, &polling)),
        ("call_is_on_without_place", cast.there(Notice::ItIsOn { sequence: 0 }, &bare)),
        ("call_is_on", cast.there(Notice::ItIsOn { sequence: 1 }, &linked)),
        ("call_reminder_day", cast.there(Notice::Reminder { when: Reminder::DayBefore }, &bare)),
    ];
    for (name, letter) in letters {
        let card = render(&letter).unwrap();
        let file = card.file.as_ref().map(|file| String::from_utf8(file.bytes.clone()).unwrap()).unwrap_or_default();
        let body = card.to_new_message(letter.id);
        assert!(!(body.to_string() + &file).to_lowercase().contains("public place"), "{name}: {body}");
        match name {
            "call_is_on_without_place" => assert!(file.contains("LOCATION:By call"), "{file}"),
            "call_is_on" => {
                assert!(file.contains("LOCATION:https://call.example/a_b?c=1"), "{file}");
                assert!(body.to_string().contains("<https://call.example/a_b?c=1>"), "a link can be clicked: {body}");
            }
            _ => {}
        }
        insta::assert_snapshot!(name, serde_json::to_string_pretty(&body).unwrap());
    }
}

#[test]
fn only_a_bare_link_to_a_call_is_one() {
    let mut cast = Cast::imagined("Den");
    let words = "https://call.example/) <@99> **loud**";
    for (setting, place) in [(Setting::InPerson, "https://call.example/1"), (Setting::Call, words)] {
        let mut meetup = cast.scheduled(Kind::Suggested, Some(place));
        meetup.setting = setting;
        let body = body(&cast.there(Notice::ItIsOn { sequence: 0 }, &meetup)).to_string();
        assert!(body.contains(r"https\\://call.example"), "{body}");
        assert!(!body.contains("<@99>") && !body.contains("**loud**"), "{body}");
    }
}

#[test]
fn an_evening_shows_its_move_to_its_proposer_alone() {
    let cast = Cast::imagined("Den");
    let moves =
        |card: Option<Card>| card.unwrap().buttons.iter().any(|button| matches!(button.verb, Verb::AnotherTime { .. }));
    let locale = Locale::English;
    for (kind, bo_moves, all_move) in [(Kind::OpenEvening, false, false), (Kind::Suggested, true, true)] {
        let meetup = cast.scheduled(kind, None);
        assert!(moves(appointment_card(locale, &meetup, cast.ana, cast.now)), "{kind:?}: Ana proposes it");
        assert_eq!(moves(appointment_card(locale, &meetup, cast.bo, cast.now)), bo_moves, "{kind:?}");
        for notice in [Notice::ItIsOn { sequence: 0 }, Notice::Reminder { when: Reminder::DayBefore }] {
            assert_eq!(moves(render(&cast.clone().there(notice, &meetup))), all_move, "{kind:?}");
        }
    }
}

#[test]
fn each_message_can_be_found_by_its_notice() {
    for (name, letter) in all(&mut Cast::imagined("Den")) {
        let body = body(&letter);
        let buttons = texts_at(&body["components"], "custom_id");
        let in_footer = body["embeds"][0]["footer"]["text"] == letter.id.to_string();
        let in_buttons = buttons.iter().all(|id| id.parse::<CustomId>().unwrap().notice == Some(letter.id));
        assert!(in_footer || (!buttons.is_empty() && in_buttons), "{name}: {body}");
    }
}

/// All values of this name, however deep.
fn texts_at(value: &Value, name: &str) -> Vec<String> {
    match value {
        Value::Array(all) => all.iter().flat_map(|inner| texts_at(inner, name)).collect(),
        Value::Object(fields) => fields
            .iter()
            .flat_map(|(field, inner)| match inner.as_str() {
                Some(text) if field == name => vec![text.to_owned()],
                _ => texts_at(inner, name),
            })
            .collect(),
        _ => Vec::new(),
    }
}

fn length(value: &Value) -> usize {
    value.as_str().map_or(0, |text| text.chars().count())
}

fn within_limits(name: &str, body: &Value) {
    assert!(length(&body["content"]) <= 2_000, "{name}: {}", length(&body["content"]));
    assert!(length(&body["nonce"]) <= 25, "{name}");
    let embeds = body["embeds"].as_array().unwrap();
    assert!(embeds.len() <= 1, "{name}");
    for embed in embeds {
        let (title, description) = (length(&embed["title"]), length(&embed["description"]));
        let footer = length(&embed["footer"]["text"]);
        assert!(title <= 256 && description <= 4_096 && footer <= 2_048, "{name}: {title}, {description}, {footer}");
        assert!(title + description + footer <= 6_000, "{name}");
    }
    let rows = body["components"].as_array().unwrap();
    assert!(rows.len() <= 5 && rows.iter().all(|row| row["components"].as_array().unwrap().len() <= 5), "{name}");
    assert!(texts_at(&body["components"], "label").iter().all(|label| label.chars().count() <= 80), "{name}");
    let ids = texts_at(&body["components"], "custom_id");
    assert!(ids.iter().all(|id| id.len() <= 100), "{name}");
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "{name}: an id twice");
}

/// The longest names that Discord lets a community and a person have, and a large table.
fn crowded(meetup: &mut Meetup) {
    let standing = meetup.participants[0].standing;
    let more = (0..200_u64).map(|n| UserId::new(u64::from(u32::MAX) * 1_000_000_000 + n).unwrap());
    meetup.participants.extend(more.map(|user| Participant::new(user, chrono_tz::UTC, standing)));
    if let State::Scheduled { on, .. } | State::CheckingIn { on } = &mut meetup.state {
        on.place = Some("*".repeat(100));
    }
}

#[test]
fn the_longest_names_fit() {
    let mut cast = Cast::imagined(&"*".repeat(100));
    for (name, mut letter) in all(&mut cast) {
        letter.meetup.iter_mut().for_each(crowded);
        within_limits(name, &body(&letter));
    }
    let mut meetup = cast.scheduled(Kind::OpenEvening, None);
    crowded(&mut meetup);
    assert!(room_name(Locale::English, &meetup).chars().count() <= 100);
    let letter = cast.there(Notice::PublishEvent { sequence: 0 }, &meetup);
    let text = event_text(&letter, meetup.appointment().unwrap()).unwrap();
    assert!(text.name.chars().count() <= 100 && text.place.chars().count() <= 100);
    assert!(text.description.chars().count() <= 1_000);
}

#[test]
fn a_table_for_two_is_asked_in_the_same_words_whoever_answered_already() {
    let mut cast = Cast::imagined("Den");
    let (ana, asked) = (cast.ana, cast.asked());
    let letter = cast.directly(Notice::Ask, ana, Some(asked.clone()));
    let said = body(&letter);
    for standing in [Standing::Declined, Standing::Out, cast.polling(Kind::Suggested).participants[0].standing] {
        let mut answered = asked.clone();
        answered.participants[1].standing = standing;
        let letter = Letter { meetup: Some(answered), ..letter.clone() };
        assert_eq!(body(&letter), said, "{standing:?}");
    }
}

#[test]
fn the_words_of_a_host_do_not_ping_or_format() {
    let mut cast = Cast::imagined("Den");
    let meetup = cast.scheduled(Kind::Suggested, Some("**loud** <@99> [x](https://y.example)"));
    let body = body(&cast.there(Notice::ItIsOn { sequence: 0 }, &meetup)).to_string();
    assert!(body.contains(r"\\*\\*loud\\*\\* \\<\\@99\\> \\[x\\]\\(https\\://y.example\\)"), "{body}");
}
