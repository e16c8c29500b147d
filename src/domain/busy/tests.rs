//! Calendars as programs write them, and such as none should.

use chrono_tz::America::New_York;
use chrono_tz::Asia::Kolkata;
use chrono_tz::Europe::Amsterdam;
use proptest::prelude::*;

use super::super::wall_clock::local;
use super::super::wall_clock::tests::{any_zone, utc};
use super::*;

/// A Friday.
const NOW: &str = "2026-11-20T10:00:00Z";

fn file(events: &[&str]) -> String {
    let events: Vec<_> = events.iter().map(|event| format!("BEGIN:VEVENT\r\n{event}\r\nEND:VEVENT\r\n")).collect();
    let events = events.concat();
    format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Somebody//Calendar//EN\r\n{events}END:VCALENDAR\r\n")
}

fn busy_in(zone: Tz, events: &[&str]) -> Vec<String> {
    let stretches = read(file(events).as_bytes(), zone, utc(NOW)).unwrap();
    let shown = |one: &Interval| {
        let [start, end] = [one.start(), one.end()].map(|at| at.format("%m-%dT%H:%M").to_string());
        format!("{start}/{end}")
    };
    stretches.iter().map(shown).collect()
}

fn busy(events: &[&str]) -> Vec<String> {
    busy_in(Amsterdam, events)
}

fn broken(text: &str) -> (usize, Broken) {
    match read(text.as_bytes(), Amsterdam, utc(NOW)) {
        Err(NotACalendar::At { line, why }) => (line, why),
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_event_is_busy_from_its_start_to_its_end_whatever_clocks_it_names() {
    let one = ["12-01T09:00/12-01T10:30"];
    for event in [
        "DTSTART:20261201T090000Z\r\nDTEND:20261201T103000Z",
        "DTSTART:20261201T100000\r\nDTEND:20261201T113000",
        "DTSTART;TZID=Europe/Amsterdam:20261201T100000\r\nDURATION:PT1H30M",
        "DTSTART;TZID=America/New_York:20261201T040000\r\nDTEND;TZID=Asia/Kolkata:20261201T160000",
        "DTSTART;TZID=\"W. Europe Standard Time\":20261201T100000\r\nDTEND:20261201T103000Z",
        "SUMMARY:Dentist\\, again\r\n : and again\r\nDTSTART:2026120\r\n 1T090000Z\r\nDTEND:20261201T103000Z",
        "dtstart:20261201T090000Z\nDTEND:20261201T103000Z\nBEGIN:VALARM\nTRIGGER:-PT15M\nDURATION:PT99H\nEND:VALARM",
    ] {
        assert_eq!(busy(&[event]), one, "{event}");
    }
}

#[test]
fn a_whole_day_is_a_day_where_one_lives() {
    let christmas = "DTSTART;VALUE=DATE:20261225\r\nDTEND;VALUE=DATE:20261227";
    assert_eq!(busy(&[christmas]), ["12-24T23:00/12-26T23:00"]);
    assert_eq!(busy_in(New_York, &[christmas]), ["12-25T05:00/12-27T05:00"]);
    assert_eq!(busy_in(Kolkata, &["DTSTART;VALUE=DATE:20261225"]), ["12-24T18:30/12-25T18:30"]);
    // The night in which clocks change is an hour shorter.
    assert_eq!(busy(&["DTSTART;VALUE=DATE:20270328"]), ["03-27T23:00/03-28T22:00"]);
}

#[test]
fn what_takes_no_time_or_is_free_or_cancelled_counts_nothing() {
    let at = "DTSTART:20261201T090000Z";
    let lasting = format!("{at}\r\nDURATION:PT1H");
    for more in ["TRANSP:TRANSPARENT", "STATUS:CANCELLED"] {
        assert_eq!(busy(&[&format!("{lasting}\r\n{more}")]), Vec::<String>::new(), "{more}");
    }
    for more in ["TRANSP:OPAQUE", "STATUS:TENTATIVE", "CLASS:PRIVATE"] {
        assert_eq!(busy(&[&format!("{lasting}\r\n{more}")]).len(), 1, "{more}");
    }
    assert_eq!(busy(&[at]), Vec::<String>::new());
    assert_eq!(busy(&["DTSTART:20251201T090000Z\r\nDURATION:PT1H"]), Vec::<String>::new(), "it is over");
    assert_eq!(busy(&["DTSTART:20281201T090000Z\r\nDURATION:PT1H"]), Vec::<String>::new(), "it is far away");
    assert_eq!(busy(&["DTSTART:20261120T080000Z\r\nDURATION:PT4H"]), ["11-20T10:00/11-20T12:00"], "what is left");
}

#[test]
fn what_repeats_keeps_its_wall_time_over_the_change_of_clocks() {
    let weekly = "DTSTART;TZID=Europe/Amsterdam:20200106T190000\r\nDURATION:PT2H\r\nRRULE:FREQ=WEEKLY;BYDAY=MO";
    let all = busy(&[weekly]);
    assert_eq!((all.len(), all[0].as_str()), (26, "11-23T18:00/11-23T20:00"));
    assert!(all.contains(&"03-22T18:00/03-22T20:00".to_owned()) && all.contains(&"03-29T17:00/03-29T19:00".to_owned()));
    let until = |last: &str| busy(&[&format!("{weekly};UNTIL={last}")]).len();
    assert_eq!(until("20261130T180000Z"), 2, "its last moment counts, in UTC");
    assert_eq!(until("20261130T175959Z"), 1);
    assert_eq!(until("20261130"), 2, "a date is the whole day");
    let third =
        "DTSTART;TZID=Europe/Amsterdam:20261117T190000\r\nDURATION:PT1H\r\nRRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=3";
    assert_eq!(busy(&[third]), ["12-01T18:00/12-01T19:00", "12-15T18:00/12-15T19:00"]);
    let days = "DTSTART;VALUE=DATE:20261202\r\nRRULE:FREQ=MONTHLY;COUNT=2\r\nRDATE;VALUE=DATE:20261210";
    assert_eq!(busy(&[days]), ["12-01T23:00/12-02T23:00", "12-09T23:00/12-10T23:00", "01-01T23:00/01-02T23:00"]);
}

#[test]
fn one_occurrence_may_be_left_out_moved_or_called_off() {
    let series =
        "UID:tea\r\nDTSTART;TZID=Europe/Amsterdam:20261201T190000\r\nDURATION:PT1H\r\nRRULE:FREQ=WEEKLY;COUNT=3";
    let left_out = format!("{series}\r\nEXDATE;TZID=Europe/Amsterdam:20261208T190000");
    assert_eq!(busy(&[&left_out]), ["12-01T18:00/12-01T19:00", "12-15T18:00/12-15T19:00"]);
    let moved = "UID:tea\r\nRECURRENCE-ID:20261208T180000Z\r\nDTSTART:20261209T120000Z\r\nDURATION:PT1H";
    let all = ["12-01T18:00/12-01T19:00", "12-09T12:00/12-09T13:00", "12-15T18:00/12-15T19:00"];
    assert_eq!(busy(&[series, moved]), all);
    assert_eq!(busy(&[moved, series]), all, "whatever comes first");
    let off = format!("{moved}\r\nSTATUS:CANCELLED");
    assert_eq!(busy(&[series, &off]), ["12-01T18:00/12-01T19:00", "12-15T18:00/12-15T19:00"]);
    let of_another = moved.replace("UID:tea", "UID:cake");
    assert_eq!(busy(&[series, &of_another]).len(), 4);
}

#[test]
fn hours_that_clocks_skip_or_show_twice_are_no_trouble() {
    let nightly = "DTSTART;TZID=Europe/Amsterdam:20270327T023000\r\nDURATION:PT1H\r\nRRULE:FREQ=DAILY;COUNT=3";
    assert_eq!(busy(&[nightly]), ["03-27T01:30/03-27T02:30", "03-28T01:00/03-28T02:00", "03-29T00:30/03-29T01:30"]);
    let in_the_gap = "DTSTART;TZID=Europe/Amsterdam:20270328T023000\r\nDURATION:PT1H";
    assert_eq!(busy(&[in_the_gap]), ["03-28T01:00/03-28T02:00"]);
}

#[test]
fn what_overlaps_is_one_stretch() {
    let nine = "DTSTART:20261201T090000Z\r\nDURATION:PT1H";
    let ten = "DTSTART:20261201T100000Z\r\nDURATION:PT1H";
    let half_past = "DTSTART:20261201T093000Z\r\nDURATION:PT15M";
    assert_eq!(busy(&[ten, half_past, nine]), ["12-01T09:00/12-01T11:00"]);
}

#[test]
fn zones_go_by_the_place_that_they_stand_for() {
    let zone = "BEGIN:VTIMEZONE\nTZID:Our own\nX-LIC-LOCATION:Asia/Kolkata\nBEGIN:STANDARD\nDTSTART:19700101T000000\n\
                TZOFFSETFROM:+0530\nTZOFFSETTO:+0530\nEND:STANDARD\nEND:VTIMEZONE\n";
    let event = "BEGIN:VEVENT\nDTSTART;TZID=Our own:20261201T100000\nDURATION:PT1H\nEND:VEVENT\n";
    let text = format!("BEGIN:VCALENDAR\n{zone}{event}END:VCALENDAR\n");
    let read = read(text.as_bytes(), Amsterdam, utc(NOW)).unwrap();
    assert_eq!(read[0].start(), utc("2026-12-01T04:30:00Z"));
}

#[test]
fn a_broken_file_is_refused_with_its_line_and_why() {
    let event = |lines: &str| broken(&file(&[lines]));
    assert_eq!(broken(""), (1, Broken::NotBegun));
    assert_eq!(broken("\u{0}\u{1}PNG: no"), (1, Broken::NotBegun));
    assert_eq!(broken("Some text.\n"), (1, Broken::NotALine));
    assert_eq!(broken("\nBEGIN:VEVENT\nEND:VEVENT\n"), (2, Broken::NotBegun));
    assert_eq!(broken("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20261201\n"), (1, Broken::NotEnded), "it was cut off");
    assert_eq!(broken("BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR\n"), (3, Broken::NotEnded));
    assert_eq!(broken("BEGIN:VCALENDAR\nEND:VCALENDAR\nEND:VCALENDAR\n"), (3, Broken::NotBegun));
    assert_eq!(event("DTSTART:20261201T090000Z\r\nDURATION PT1H"), (6, Broken::NotALine));
    assert_eq!(event("UID:1"), (4, Broken::NoStart));
    assert_eq!(event("DTSTART:soon"), (5, Broken::NotATime));
    assert_eq!(event("DTSTART:20261301T090000Z"), (5, Broken::NotATime));
    assert_eq!(event("DTSTART:20261201T090000Z\r\nDTEND:20261201T080000Z"), (6, Broken::Backwards));
    assert_eq!(event("DTSTART:20261201T090000Z\r\nDURATION:-PT1H"), (6, Broken::Backwards));
    assert_eq!(event("DTSTART:20261201T090000Z\r\nDURATION:an hour"), (6, Broken::NotATime));
    assert_eq!(event("DTSTART;TZID=Atlantis:20261201T090000"), (5, Broken::UnknownZone));
    assert_eq!(event("DTSTART:20261201T090000Z\r\nRRULE:FREQ=SOMETIMES"), (6, Broken::NotARule));
    assert_eq!(event("DTSTART:20261201T090000Z\r\nDURATION:PT1S\r\nRRULE:FREQ=SECONDLY"), (7, Broken::TooOften));
    assert_eq!(read(&vec![b' '; MOST_BYTES + 1], Amsterdam, utc(NOW)), Err(NotACalendar::TooLarge));
    let hourly = "DTSTART:20261201T090000Z\r\nDURATION:PT1M\r\nRRULE:FREQ=HOURLY";
    assert_eq!(read(file(&[hourly]).as_bytes(), Amsterdam, utc(NOW)), Err(NotACalendar::TooFull));
}

#[test]
fn many_series_without_an_end_are_all_followed() {
    let series: Vec<String> = (0..60)
        .map(|day| format!("DTSTART:20{:02}1215T{:02}0000Z\r\nDURATION:PT10M\r\nRRULE:FREQ=WEEKLY", day % 20, day % 24))
        .chain(["DTSTART:20261119T233000Z\r\nDURATION:PT5M\r\nRRULE:FREQ=DAILY".to_owned()])
        .collect();
    let series: Vec<&str> = series.iter().map(String::as_str).collect();
    let last = busy(&series).into_iter().filter(|stretch| stretch.contains("T23:30")).count();
    assert_eq!(last, 180, "the one after all the others");
}

#[test]
fn rules_that_never_come_true_cost_little() {
    let never = "DTSTART:20261201T090000Z\r\nDURATION:PT1H\r\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30";
    let (lines, why) = broken(&file(&[never; 100]));
    assert_eq!((lines > 6, why), (true, Broken::TooOften));
    assert_eq!(busy(&["DTSTART:20300101T090000Z\r\nDURATION:PT1H\r\nRRULE:FREQ=DAILY"]), Vec::<String>::new());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Any file that is cut, torn or overwritten somewhere is read or refused, and what is read is in order.
    #[test]
    fn whatever_is_handed_over_harms_nobody(
        at in 0_usize..700, cut in 0_usize..40, torn in prop::collection::vec(any::<u8>(), 0..12), zone in any_zone(),
    ) {
        let mut bytes = file(&[
            "UID:a\r\nDTSTART;TZID=Europe/Amsterdam:20261201T190000\r\nDURATION:PT1H\r\nRRULE:FREQ=WEEKLY;BYDAY=MO,-1FR;COUNT=9",
            "UID:a\r\nRECURRENCE-ID:20261208T180000Z\r\nDTSTART:20261209T120000Z\r\nDTEND:20261209T120000Z",
            "UID:b\r\nDTSTART;VALUE=DATE:20261225\r\nEXDATE;VALUE=DATE:20270101\r\nRRULE:FREQ=YEARLY;BYMONTH=1,2;UNTIL=20270401",
        ])
        .into_bytes();
        let at = at.min(bytes.len());
        let end = (at + cut).min(bytes.len());
        bytes.splice(at..end, torn);
        if let Ok(stretches) = read(&bytes, zone, utc(NOW)) {
            prop_assert!(stretches.windows(2).all(|two| two[0].end() < two[1].start()));
            prop_assert!(stretches.iter().all(|one| one.start() >= utc(NOW) && one.end() <= utc(NOW) + HORIZON));
        }
    }

    /// A daily event is busy once on each local day, at its wall time wherever that exists.
    #[test]
    fn a_daily_event_keeps_its_wall_time_in_every_zone(zone in any_zone(), hour in 0_u32..24) {
        let event = format!("DTSTART;TZID={}:20261121T{hour:02}0000\r\nDURATION:PT30M\r\nRRULE:FREQ=DAILY;COUNT=150", zone.name());
        let stretches = read(file(&[&event]).as_bytes(), Amsterdam, utc("2026-11-18T00:00:00Z")).unwrap();
        prop_assert!(stretches.len() >= 149, "{}", stretches.len());
        let odd = stretches.iter().filter(|one| !local(one.start(), zone).to_string().ends_with(&format!("{hour:02}:00:00")));
        prop_assert!(odd.count() <= 2, "only where clocks skip that hour");
    }
}
