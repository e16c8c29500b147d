//! The files as another library reads them: `calcard` shares no code with the one that they are written with.

use calcard::common::PartialDateTime;
use calcard::icalendar::{
    ICalendar, ICalendarComponent, ICalendarComponentType, ICalendarMethod, ICalendarProperty, ICalendarStatus,
    ICalendarValue,
};
use calcard::{Entry as Read, Parser};

use super::*;

/// The one calendar that a file holds, and nothing else.
fn read(file: &str) -> ICalendar {
    let mut parser = Parser::new(file);
    let Read::ICalendar(calendar) = parser.entry() else { panic!("no calendar: {file}") };
    assert_eq!(parser.entry(), Read::Eof, "something follows: {file}");
    calendar
}

fn component(calendar: &ICalendar, wanted: &ICalendarComponentType) -> ICalendarComponent {
    let mut found = calendar.components.iter().filter(|one| one.component_type == *wanted);
    let component = found.next().unwrap().clone();
    assert_eq!(found.count(), 0, "one of each");
    component
}

/// The one value of a property, which RFC 5545 allows once at most.
fn value(component: &ICalendarComponent, name: &ICalendarProperty) -> Option<ICalendarValue> {
    let mut entries = component.entries.iter().filter(|entry| entry.name == *name);
    let entry = entries.next()?;
    assert_eq!((entry.values.len(), entries.count()), (1, 0), "{name:?} once, with one value");
    entry.values.first().cloned()
}

/// Only one that says itself that it is in UTC.
fn utc_time(at: &PartialDateTime) -> Option<DateTime<Utc>> {
    let read = at.to_date_time()?;
    (read.offset?.local_minus_utc() == 0).then(|| read.date_time.and_utc())
}

fn moment(component: &ICalendarComponent, name: &ICalendarProperty) -> Option<DateTime<Utc>> {
    match value(component, name)? {
        ICalendarValue::PartialDateTime(at) => utc_time(&at),
        other => panic!("{name:?} is no moment: {other:?}"),
    }
}

fn text(component: &ICalendarComponent, name: &ICalendarProperty) -> Option<String> {
    value(component, name)?.as_text().map(str::to_owned)
}

/// Holds a file against what it was made from, as RFC 5545 (3.6, 3.6.1) and RFC 5546 (3.2.1, 3.2.5) want it.
fn is_what_it_says(entry: &Entry, made_at: DateTime<Utc>) {
    let calendar = read(&entry.to_ics(made_at));
    let whole = component(&calendar, &ICalendarComponentType::VCalendar);
    let event = component(&calendar, &ICalendarComponentType::VEvent);
    assert_eq!(calendar.components.len(), 2, "the calendar and its event");
    assert_eq!(text(&whole, &ICalendarProperty::Version).as_deref(), Some("2.0"));
    assert!(whole.has_property(&ICalendarProperty::Prodid));
    let (method, status) = match entry.standing {
        Standing::Confirmed => (ICalendarMethod::Publish, ICalendarStatus::Confirmed),
        Standing::Cancelled => (ICalendarMethod::Cancel, ICalendarStatus::Cancelled),
    };
    assert_eq!(value(&whole, &ICalendarProperty::Method), Some(ICalendarValue::Method(method)));
    assert_eq!(event.status(), Some(&status));
    assert_eq!(event.uid(), Some(format!("{}@wallflower", entry.meetup).as_str()), "the same for ever");
    let sequence = value(&event, &ICalendarProperty::Sequence).and_then(|value| value.as_integer());
    assert_eq!(sequence, Some(i64::from(entry.sequence)));
    assert_eq!(moment(&event, &ICalendarProperty::Dtstamp), Some(made_at));
    assert_eq!(moment(&event, &ICalendarProperty::Dtstart), Some(entry.slot.start()));
    assert_eq!(moment(&event, &ICalendarProperty::Dtend), Some(entry.slot.end()));
    for (name, words) in [
        (ICalendarProperty::Summary, entry.summary),
        (ICalendarProperty::Location, entry.location),
        (ICalendarProperty::Description, entry.description),
    ] {
        assert_eq!(text(&event, &name).unwrap_or_default(), plain(words), "{name:?}");
    }
}

#[test]
fn a_meetup_that_is_made_changed_and_called_off_is_read_elsewhere_as_the_same_event() {
    let made_at = utc("2026-06-02T08:00:00Z");
    let made = Entry { description: "Told on Discord", ..entry() };
    is_what_it_says(&made, made_at);
    let moved = Slot::new(utc("2026-06-05T18:30:00Z"), 90, Amsterdam).unwrap();
    let changed = Entry { sequence: 101, slot: moved, location: "The Library; upstairs, left", ..made };
    is_what_it_says(&changed, made_at);
    is_what_it_says(&Entry { sequence: 102, standing: Standing::Cancelled, ..changed }, made_at);
}

#[test]
fn a_feed_is_read_elsewhere_as_all_its_meetups_once_each() {
    let made_at = utc("2026-06-02T08:00:00Z");
    let other = Entry { meetup: MeetupId::new(made_at, 8), sequence: 3, location: "The Library", ..entry() };
    let calendar = read(&feed("Meetups; of Ana", &[entry(), other], made_at));
    let events = calendar.components.iter().filter(|one| one.component_type == ICalendarComponentType::VEvent);
    let found: Vec<_> =
        events.map(|event| (event.uid().unwrap().to_owned(), moment(event, &ICalendarProperty::Dtstart))).collect();
    let uid = |entry: &Entry| format!("{}@wallflower", entry.meetup);
    assert_eq!(found, [&entry(), &other].map(|one| (uid(one), Some(one.slot.start()))));
    let whole = component(&calendar, &ICalendarComponentType::VCalendar);
    assert_eq!(text(&whole, &ICalendarProperty::Version).as_deref(), Some("2.0"));
    assert_eq!(read(&feed("", &[], made_at)).components.len(), 1, "none is a calendar too");
}

proptest! {
    #[test]
    fn whatever_people_write_is_read_elsewhere_as_they_wrote_it(
        summary in "[^\\p{C}]{0,60}",
        location in "(?s)[^\\p{C}]{0,120}",
        description in "([^\\p{C}]|\n){0,200}",
        sequence in 0_u32..1000,
        cancelled in any::<bool>(),
    ) {
        let standing = if cancelled { Standing::Cancelled } else { Standing::Confirmed };
        let (summary, location, description) = (&*summary, &*location, &*description);
        is_what_it_says(
            &Entry { sequence, standing, summary, location, description, ..entry() },
            utc("2026-06-02T08:00:00Z"),
        );
    }
}
