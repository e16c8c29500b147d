//! Members: joining, telling about oneself, resting, leaving, wishing.

use crate::on_both_engines;
use crate::product::Stage;
use crate::support::TestDatabase;

/// Looks until what has been said is noted as said.
const PATIENCE: usize = 50;

on_both_engines!(
    a_command_or_one_click_counts_somebody_in_and_only_they_see_it,
    a_profile_is_told_by_options_selects_and_a_form,
    a_city_is_told_right_after_joining,
    no_city_of_that_name_says_what_to_try,
    days_on_which_somebody_cannot_are_told_shown_and_taken_back,
    a_trip_is_told_shown_and_taken_back,
    of_a_calendar_only_the_busy_times_are_kept,
    a_broken_calendar_is_refused_and_changes_nothing,
    a_pause_ends_and_leaving_stops,
    all_that_is_kept_is_handed_over_as_a_file_that_explains_itself,
    a_file_too_large_for_discord_is_packed_and_cut,
    whoever_erases_themselves_has_no_row_left,
    a_wish_is_answered_alike_whoever_the_other_is,
    an_old_button_is_answered_kindly,
);

async fn a_command_or_one_click_counts_somebody_in_and_only_they_see_it(database: TestDatabase) {
    let stage = Stage::set_up(database).await;
    let (ana, bo, zoe) = (stage.den.person("ana"), stage.den.person("bo"), stage.den.person("zoe"));
    let answer = ana.runs("/meet join").await;
    assert!(answer.ephemeral && answer.text.starts_with("You are in."), "{answer:?}");
    assert!(ana.runs("/meet join").await.text.starts_with("You are in already."));
    let invitation = stage
        .discord
        .until("the invitation", |_| stage.general.messages().into_iter().find(|one| one.labels() == ["Count me in"]))
        .await;
    assert!(invitation.full_text().split_whitespace().count() <= 60 + 6, "{}", invitation.full_text());
    assert!(bo.clicks(&invitation, "Count me in").await.ephemeral);
    assert!(!zoe.sees_of_bot().contains(&ana.mention()) && !zoe.sees_of_bot().contains("You are in"));
    assert!(stage.knows(ana.id).await && stage.knows(bo.id).await && !stage.knows(zoe.id).await);
    stage.ends().await;
}

async fn a_profile_is_told_by_options_selects_and_a_form(database: TestDatabase) {
    let stage = Stage::set_up(database).await;
    let ana = stage.member("ana").await;
    let choices = ana.completes("/meet profile city:utr", "city").await;
    assert!(choices.len() <= 25);
    let utrecht = choices.iter().find(|choice| choice.name == "Utrecht, Netherlands").unwrap();
    let line =
        format!("/meet profile city:{} venue:\"by call\" asks:\"only when I look\"", utrecht.value.as_str().unwrap());
    let profile = ana.runs(&line).await;
    for told in ["Utrecht, Netherlands", "by call", "only when you look", "weekday evenings"] {
        assert!(profile.text.contains(told), "{told}: {}", profile.text);
    }
    let profile = ana.selects(&profile, "When you are usually free", &["weekday evenings", "weekend lunchtimes"]).await;
    assert!(profile.updated && profile.text.contains("weekday evenings, weekend lunchtimes"), "{}", profile.text);
    let form = ana.clicks(&profile, "My city").await.modal();
    let which = ana.submits(&form, &[("City", "springfield")]).await;
    let label = which.labels().into_iter().find(|label| label.contains("Missouri")).unwrap();
    let profile = ana.selects(&which, "Choose your city", &[&label]).await;
    assert!(profile.text.contains(&label), "{}", profile.text);
    assert!(ana.runs("/meet profile city:\"no such place anywhere\"").await.text.starts_with("No such city"));
    stage.ends().await;
}

async fn a_city_is_told_right_after_joining(database: TestDatabase) {
    let stage = Stage::set_up(database).await;
    let (ana, bo) = (stage.den.person("ana"), stage.den.person("bo"));
    let invitation = stage
        .discord
        .until("the invitation", |_| stage.general.messages().into_iter().find(|one| one.labels() == ["Count me in"]))
        .await;
    let joined = ana.clicks(&invitation, "Count me in").await;
    let form = ana.clicks(&joined, "My city").await.modal();
    assert_eq!((form.title.as_str(), form.inputs().len()), ("Where do you live?", 1));
    // Its other name, without the accents of either.
    for typed in ["Zurigo", "ZURICH", "zürich"] {
        let which = ana.submits(&form, &[("City", typed)]).await;
        assert!(which.ephemeral && which.labels().len() <= 25 + 1, "{which:?}");
        assert!(which.labels().iter().any(|label| label.starts_with("Zürich, Switzerland")), "{:?}", which.labels());
    }
    let which = ana.submits(&form, &[("City", "san")]).await;
    assert_eq!((which.labels().len(), which.text.contains("may be more")), (25 + 1, true), "{}", which.text);
    let form = ana.clicks(&which, "My city").await.modal();
    let which = ana.submits(&form, &[("City", "zurich")]).await;
    let profile = ana.selects(&which, "Choose your city", &["Zürich, Switzerland"]).await;
    assert!(profile.updated && profile.text.contains("**City:** Zürich, Switzerland"), "{}", profile.text);
    assert!(ana.runs("/meet profile").await.text.contains("Zürich, Switzerland"));
    // What may be told besides stands there as well, and by the command as by the click.
    let told = bo.runs("/meet join").await;
    let told = bo.selects(&told, "In person or by call", &["by call"]).await;
    assert!(told.text.contains("**City:** not told") && told.text.contains("by call"), "{}", told.text);
    let again = ana.clicks(&invitation, "Count me in").await;
    assert!(again.text.starts_with("You are in already.") && again.labels().contains(&"My city".to_owned()));
    stage.ends().await;
}

async fn no_city_of_that_name_says_what_to_try(database: TestDatabase) {
    let stage = Stage::set_up(database).await;
    let (ana, zoe) = (stage.member("ana").await, stage.den.person("zoe"));
    let form = ana.clicks(&ana.runs("/meet join").await, "My city").await.modal();
    for typed in ["**Xyzzy** <@1>", "?!"] {
        let sorry = ana.submits(&form, &[("City", typed)]).await;
        assert!(sorry.ephemeral && sorry.text.contains("Try a larger one nearby"), "{}", sorry.text);
        assert!(!sorry.text.contains("**Xyzzy") && !sorry.text.contains("<@1>"), "{}", sorry.text);
        assert_eq!(sorry.labels(), ["My city"]);
    }
    // A form that stood open while its reader left keeps nothing.
    ana.runs("/meet leave").await;
    let late = ana.submits(&form, &[("City", "utrecht")]).await;
    assert!(late.text.starts_with("Only members"), "{}", late.text);
    assert!(!stage.knows(zoe.id).await);
    stage.ends().await;
}

async fn days_on_which_somebody_cannot_are_told_shown_and_taken_back(database: TestDatabase) {
    let stage = Stage::set_up(database).await;
    let (ana, zoe) = (stage.member("ana").await, stage.den.person("zoe"));
    assert!(ana.runs("/meet busy").await.text.contains("no day so far"));
    let told = ana.runs("/meet busy days:\"24-26 Dec, 2027-01-02\"").await;
    assert!(told.ephemeral && told.text.contains("24 December 2026 to 26 December 2026, 2 January 2027"), "{told:?}");
    for (typed, why) in [("soon **<@1>", "cannot read"), ("26-24 Dec", "before it begins"), ("2026-09-01", "is over")] {
        let told = ana.runs(&format!("/meet busy days:\"30 Dec, {typed}\"")).await;
        assert!(told.text.contains(why) && told.text.contains("Nothing has been changed"), "{}", told.text);
        assert!(!told.text.contains("**<@1>"), "{}", told.text);
    }
    let shown = ana.runs("/meet busy days:\"27 Dec\"").await;
    assert!(shown.text.contains("24 December 2026 to 27 December 2026, 2 January 2027"), "{}", shown.text);
    let back = ana.selects(&shown, "I can on these after all", &["24 December 2026 to 27 December 2026"]).await;
    assert!(back.updated && back.text.contains("**Not on:** 2 January 2027\n"), "{}", back.text);
    let none = ana.selects(&back, "I can on these after all", &["2 January 2027"]).await;
    assert!(none.text.contains("no day so far") && none.components.is_empty(), "{none:?}");
    assert!(zoe.runs("/meet busy days:\"24 Dec\"").await.text.starts_with("Only members"));
    assert!(!stage.knows(zoe.id).await);
    stage.ends().await;
}

async fn a_trip_is_told_shown_and_taken_back(database: TestDatabase) {
    let stage = Stage::set_up(database).await;
    let (ana, zoe) = (stage.member("ana").await, stage.den.person("zoe"));
    let homeless = ana.runs("/meet trip city:berlin days:\"3 Dec\"").await;
    assert!(homeless.text.starts_with("Tell first where you live"), "{}", homeless.text);
    ana.runs("/meet profile city:utrecht").await;
    let none = ana.runs("/meet trip").await;
    assert!(none.ephemeral && none.text.contains("No trip so far") && none.components.is_empty(), "{none:?}");
    let choices = ana.completes("/meet trip city:berl", "city").await;
    let berlin = choices.iter().find(|choice| choice.name == "Berlin, Germany").unwrap();
    let berlin = berlin.value.as_str().unwrap();
    let told = ana.runs(&format!("/meet trip city:{berlin} days:\"3-6 Dec, 9 Dec\"")).await;
    let line = "- **Berlin, Germany:** 3 December 2026 to 6 December 2026";
    assert!(told.ephemeral && told.text.contains(line) && told.text.contains("9 December 2026"), "{}", told.text);
    for (typed, why) in [
        ("city:berlin", "both a city and days"),
        ("days:\"3 Dec\"", "both a city and days"),
        ("city:\"no such place\" days:\"3 Dec\"", "No such city"),
        ("city:berlin days:\"soon **<@1>\"", "cannot read"),
        ("city:berlin days:\"2026-09-01\"", "is over"),
    ] {
        let told = ana.runs(&format!("/meet trip {typed}")).await;
        assert!(told.text.contains(why) && !told.text.contains("**<@1>"), "{typed}: {}", told.text);
    }
    let home = ana.runs("/meet trip city:utrecht days:\"12 Dec\"").await;
    assert!(home.text.starts_with("That is where you live"), "{}", home.text);
    let home = ana.runs("/meet trip city:utrecht days:\"9 Dec\"").await;
    assert!(home.text.contains("Utrecht, Netherlands:** 9 December 2026"), "home for a day: {}", home.text);
    let every_other: Vec<String> =
        (1..30).step_by(2).flat_map(|day| [format!("{day}.10."), format!("{day}.11.")]).collect();
    let many = ana.runs(&format!("/meet trip city:berlin days:\"{}\"", every_other.join(", "))).await;
    assert!(many.text.contains("more than 25 trips"), "{}", many.text);
    // Of a day the last word counts.
    let shown = ana.runs("/meet trip city:\"Cologne, Germany\" days:\"6 Dec\"").await;
    assert!(shown.text.contains("3 December 2026 to 5 December 2026"), "{}", shown.text);
    let back = ana.selects(&shown, "I'm not going after all", &["Köln, Germany"]).await;
    assert!(back.updated && !back.text.contains("Köln") && back.text.contains("Berlin"), "{}", back.text);
    assert!(zoe.runs("/meet trip city:berlin days:\"3 Dec\"").await.text.starts_with("Only members"));
    assert!(!stage.knows(zoe.id).await);
    stage.ends().await;
}

/// A calendar of one event, with words that nobody has to know.
fn calendar(when: &str) -> String {
    let secret = "SUMMARY:Dentist in Sentinel Street\r\nATTENDEE:mailto:cy@example.org\r\nUID:sentinel";
    format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\n{secret}\r\n{when}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")
}

async fn of_a_calendar_only_the_busy_times_are_kept(database: TestDatabase) {
    let stage = Stage::set_up(database).await;
    let (ana, zoe) = (stage.member("ana").await, stage.den.person("zoe"));
    ana.hands_over(
        "mine.ics",
        calendar("DTSTART:20260910T100000\r\nDURATION:PT1H\r\nRRULE:FREQ=DAILY;COUNT=3").as_bytes(),
    );
    let told = ana.runs("/meet busy file:mine.ics days:24.12.").await;
    assert!(told.text.contains("3 stretches of time") && told.text.contains("12 September 2026"), "{}", told.text);
    assert!(told.text.contains("24 December 2026"), "{}", told.text);
    for word in ["Dentist", "Sentinel", "sentinel", "example.org"] {
        assert!(!stage.database.rows().await.iter().any(|(_, row)| row.contains(word)), "{word} is kept");
    }
    ana.hands_over("mine.ics", calendar("DTSTART:20260911T100000\r\nDURATION:PT1H").as_bytes());
    let newer = ana.runs("/meet busy file:mine.ics").await;
    assert!(newer.text.contains("one stretch of time"), "{}", newer.text);
    let export = String::from_utf8(ana.runs("/privacy export").await.files[0].bytes.clone()).unwrap();
    assert!(export.contains("\"starts_at\": \"2026-09-11T08:00:00Z\""), "{export}");
    let gone = ana.clicks(&newer, "Forget my calendar").await;
    assert!(gone.updated && gone.text.contains("**Your calendar:** none"), "{}", gone.text);
    zoe.hands_over("hers.ics", calendar("DTSTART:20260911T100000\r\nDURATION:PT1H").as_bytes());
    assert!(zoe.runs("/meet busy file:hers.ics").await.text.starts_with("Only members"));
    stage.ends().await;
}

async fn a_broken_calendar_is_refused_and_changes_nothing(database: TestDatabase) {
    let stage = Stage::set_up(database).await;
    let ana = stage.member("ana").await;
    ana.hands_over("mine.ics", calendar("DTSTART:20260911T100000\r\nDURATION:PT1H").as_bytes());
    ana.runs("/meet busy file:mine.ics").await;
    let cut = calendar("DTSTART:20260911T100000");
    let long = calendar(&format!("X-NOTE:{}", "a".repeat(1024 * 1024)));
    for (file, why) in [
        (calendar("DTSTART;TZID=Nowhere:20260911T100000"), "line 7 names a time zone that I do not know"),
        (cut[..cut.len() - 20].to_owned(), "line 8 begins or ends what has no other end"),
        ("\u{89}PNG".to_owned(), "line 1 "),
        (String::new(), "line 1 "),
        (long, "too large"),
    ] {
        ana.hands_over("other.ics", file.as_bytes());
        let told = ana.runs("/meet busy file:other.ics").await;
        assert!(told.text.contains(why) && told.text.contains("Nothing has been changed"), "{why}: {}", told.text);
    }
    assert!(ana.runs("/meet busy").await.text.contains("one stretch of time"));
    stage.ends().await;
}

async fn a_pause_ends_and_leaving_stops(database: TestDatabase) {
    let stage = Stage::set_up(database).await;
    let ana = stage.member("ana").await;
    let ends = ana.completes("/meet pause until:x", "until").await;
    assert_eq!(ends[1].value, "2026-09-14");
    assert!(ana.runs("/meet pause until:2026-09-14").await.text.starts_with("You rest until <t:1789336800:F>"));
    assert!(ana.runs("/meet pause").await.text.starts_with("Welcome back"));
    assert!(ana.runs("/meet pause").await.text.starts_with("You rest"));
    assert!(ana.runs("/meet pause until:2099-01-01").await.text.starts_with("Write a day within the next year"));
    assert!(ana.runs("/meet pause until:someday").await.text.starts_with("Write a day within the next year"));
    assert!(ana.runs("/meet leave").await.text.starts_with("You are out"));
    assert!(ana.runs("/meet who").await.text.starts_with("Only members"));
    stage.ends().await;
}

async fn all_that_is_kept_is_handed_over_as_a_file_that_explains_itself(database: TestDatabase) {
    let stage = Stage::set_up(database).await;
    let (ana, bo, zoe) = (stage.member("ana").await, stage.member("bo").await, stage.den.person("zoe"));
    ana.runs("/meet avoid member:@zoe").await;
    ana.runs("/meet with member:@bo").await;
    ana.runs("/meet profile city:\"Zürich, Switzerland\"").await;
    let told = stage.discord.until("the welcome", |_| ana.dms().into_iter().next()).await;
    let mut file = ana.runs("/privacy export").await;
    // It has arrived before it is noted.
    for _ in 0..PATIENCE {
        if String::from_utf8_lossy(&file.files[0].bytes).contains(&told.id.to_string()) {
            break;
        }
        file = ana.runs("/privacy export").await;
    }
    assert!(file.ephemeral && file.files.len() == 1, "{file:?}");
    let text = String::from_utf8(file.files[0].bytes.clone()).unwrap();
    assert!(text.contains("\n  \"schema_version\": 1") && text.contains("Zürich"), "{text}");
    let kept: serde_json::Value = serde_json::from_str(&text).unwrap();
    let den = &kept["communities"][0];
    assert_eq!(den["community_name"], "Den");
    assert_eq!(den["notices"][0]["message"], told.id.to_string());
    for (part, rows) in den.as_object().unwrap().iter().filter(|(_, rows)| rows.is_array()) {
        assert!(kept["parts"][part].as_str().is_some_and(|words| words.len() > 40), "{part} is not explained: {rows}");
    }
    assert!(!text.contains(&zoe.id.to_string()) && !text.contains(&bo.id.to_string()), "hashes only: {text}");
    let shown = ana.runs("/privacy show").await;
    assert!(shown.text.contains("one person you avoid; one wish") && shown.text.len() < 600, "{}", shown.text);
    // In a direct message over all communities, in a community over that one.
    let other = stage.discord.community("Elsewhere");
    other.channel("general");
    let elsewhere = other.admin("chief");
    assert!(elsewhere.runs("/wallflower setup channel:#general").await.text.contains("is set up"));
    stage.discord.change_world(|world| world.join(other.id, ana.id));
    assert!(ana.at(&other).runs("/meet join").await.text.starts_with("You are in."));
    for (file, communities) in [(ana.runs_in_dm("/privacy export").await, 2), (ana.runs("/privacy export").await, 1)] {
        let kept: serde_json::Value = serde_json::from_slice(&file.files[0].bytes).unwrap();
        assert_eq!(kept["communities"].as_array().unwrap().len(), communities);
    }
    assert_eq!(zoe.runs("/privacy export").await.text, "Nothing is kept of you.");
    stage.ends().await;
}

async fn a_file_too_large_for_discord_is_packed_and_cut(database: TestDatabase) {
    let stage = Stage::set_up(database).await;
    let ana = stage.member("ana").await;
    // A little less than it holds: the row of her past goes as soon as that is read.
    let whole = ana.runs("/privacy export").await.files[0].bytes.len();
    stage.discord.change_world(|world| world.limits.file_bytes = whole * 9 / 10);
    let packed = ana.runs("/privacy export").await;
    assert!(packed.text.contains("packed with gzip") && packed.files[0].name.ends_with(".json.gz"), "{packed:?}");
    stage.discord.change_world(|world| world.limits.file_bytes = packed.files[0].bytes.len() * 2 / 5);
    let first = ana.runs("/privacy export").await;
    assert!(first.text.contains("cut into 3 files"), "{}", first.text);
    let all =
        stage.discord.until("the other pieces", |_| Some(first.now()).filter(|all| all.followups.len() == 2)).await;
    let pieces = all.files.iter().chain(all.followups.iter().flat_map(|more| &more.files));
    let names: Vec<_> = pieces.clone().map(|piece| piece.name.rsplit('.').next().unwrap()).collect();
    assert_eq!(names, ["001", "002", "003"]);
    let bytes: Vec<u8> = pieces.flat_map(|piece| piece.bytes.clone()).collect();
    let kept: serde_json::Value = serde_json::from_reader(flate2::read::GzDecoder::new(bytes.as_slice())).unwrap();
    assert_eq!(kept["communities"][0]["community_name"], "Den");
    stage.ends().await;
}

async fn whoever_erases_themselves_has_no_row_left(database: TestDatabase) {
    let stage = Stage::set_up(database).await;
    let (ana, zoe) = (stage.member("ana").await, stage.den.person("zoe"));
    let shown = ana.runs("/privacy show").await;
    assert!(shown.text.contains("Den") && shown.text.contains("never a word"), "{}", shown.text);
    assert_eq!(zoe.runs("/privacy show").await.text, "Nothing is kept of you.");
    assert!(ana.runs_in_dm("/privacy forget").await.text.starts_with("Erased"));
    assert!(!stage.knows(ana.id).await);
    assert_eq!(ana.runs("/privacy forget").await.text, "Nothing is kept of you.");
    stage.ends().await;
}

async fn a_wish_is_answered_alike_whoever_the_other_is(database: TestDatabase) {
    let stage = Stage::set_up(database).await;
    let (ana, bo, cy) = (stage.member("ana").await, stage.member("bo").await, stage.member("cy").await);
    let (di, zoe) = (stage.member("di").await, stage.den.person("zoe"));
    bo.runs("/meet pause until:2026-12-24").await;
    cy.runs("/meet avoid member:@ana").await;
    let mut answers = vec![ana.runs("/meet with member:@bo").await.text, ana.runs("/meet with member:@cy").await.text];
    answers.push(ana.uses_on("Suggest meeting", &zoe).await.text);
    answers.push(di.runs("/meet with member:@ana").await.text);
    assert!(answers.windows(2).all(|both| both[0] == both[1]), "paused, avoiding, bystander, member: {answers:#?}");
    assert!(ana.runs("/meet with member:@di").await.text.starts_with("Three wishes are open"));
    assert!(ana.runs("/meet with member:@bo").await.text.starts_with("You have wished for that"));
    assert!(!stage.knows(zoe.id).await);
    stage.ends().await;
}

async fn an_old_button_is_answered_kindly(database: TestDatabase) {
    let stage = Stage::set_up(database).await;
    let ana = stage.den.person("ana");
    let invitation = stage
        .discord
        .until("the invitation", |_| stage.general.messages().into_iter().find(|one| one.labels() == ["Count me in"]))
        .await;
    stage.discord.change_world(|world| {
        let message = world.messages.get_mut(&invitation.id).unwrap();
        message.components[0]["components"][0]["custom_id"] = "0:of-old".into();
    });
    let answer = ana.clicks(&invitation, "Count me in").await;
    assert!(answer.ephemeral && answer.text.contains("older version"), "{}", answer.text);
    stage.ends().await;
}
