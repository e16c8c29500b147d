//! What is told after a meetup, and when it is asked.

use super::*;

#[test]
fn what_ends_at_midnight_or_in_the_small_hours_is_asked_about_when_that_night_is_over() {
    let zone = Tz::Europe__Amsterdam;
    let utc = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
    for begins in ["2026-09-12T17:00:00Z", "2026-09-12T21:00:00Z", "2026-09-12T22:30:00Z", "2026-09-12T04:00:00Z"] {
        let slot = Slot::new(utc(begins), 60, zone).unwrap();
        assert_eq!(check_in_at(&slot, zone), utc("2026-09-13T08:00:00Z"), "{begins}");
        assert_eq!(check_in_again_at(&slot, zone), utc("2026-09-15T08:00:00Z"), "{begins}");
    }
}
