//! Ids survive their text, and no other text becomes one.

use chrono::DateTime;
use proptest::prelude::*;

use super::*;

fn verbs(meetup: MeetupId) -> Vec<Verb> {
    let asks = ANSWERS.map(|answer| Verb::Ask { meetup, answer });
    let check_ins = ACCOUNTS.map(|account| Verb::CheckIn { meetup, account });
    let places = SETTINGS.map(|setting| Verb::Where { meetup, setting });
    let others = [
        Verb::CountMeIn,
        Verb::SeeMine,
        Verb::Host { meetup },
        Verb::WhereModal { meetup },
        Verb::Places { meetup },
        Verb::PlacePick { meetup },
        Verb::PlaceNew { meetup },
        Verb::PlaceNewModal { meetup },
        Verb::CannotMakeIt { meetup },
        Verb::Going { meetup },
        Verb::Maybe { meetup },
        Verb::AnotherTime { meetup },
        Verb::RunningLate { meetup },
        Verb::Move { meetup },
        Verb::MoveModal { meetup },
        Verb::OfferSuits { meetup },
        Verb::KeepTime { meetup },
        Verb::CallOff { meetup },
        Verb::CallOffModal { meetup },
        Verb::Again { meetup, gladly: true },
        Verb::Again { meetup, gladly: false },
        Verb::GoOn { meetup },
        Verb::Word { meetup },
        Verb::WordModal { meetup },
        Verb::WordIsFine { meetup, fine: true },
        Verb::WordIsFine { meetup, fine: false },
        Verb::Report { meetup },
        Verb::Propose { meetup },
        Verb::ProposeModal { meetup },
        Verb::CommonTimes { meetup },
        Verb::Vote { meetup },
        Verb::ProfileCity,
        Verb::ProfileCityModal,
        Verb::ProfileCityPick,
        Verb::ProfileTimes,
        Verb::ProfileVenue,
        Verb::ProfileDoor,
        Verb::DaysBack,
        Verb::TripsBack,
        Verb::CalendarBack,
    ];
    let ballots = POLLS.into_iter().flat_map(|poll| {
        [Verb::VoteYes { meetup, poll }, Verb::VoteIfNeedBe { meetup, poll }, Verb::VoteNone { meetup, poll }]
    });
    asks.into_iter().chain(check_ins).chain(places).chain(ballots).chain(others).collect()
}

proptest! {
    #[test]
    fn an_id_survives_its_text(
        millis in 0_i64..4_000_000_000_000, random: u128, index in any::<prop::sample::Index>(), marked: bool,
    ) {
        let now = DateTime::from_timestamp_millis(millis).unwrap();
        let verbs = verbs(MeetupId::new(now, random));
        let notice = marked.then(|| NoticeId::new(now, !random));
        let id = CustomId { verb: *index.get(&verbs), notice };
        let text = id.to_string();
        prop_assert!(text.len() <= MOST_CHARACTERS, "{text}");
        prop_assert_eq!(text.parse::<CustomId>(), Ok(id));
    }

    #[test]
    fn any_other_text_is_refused_without_harm(text in "(1:)?[a-z]{0,8}(:[0-9A-Za-z]{0,24}){0,4}") {
        if let Ok(id) = text.parse::<CustomId>() {
            prop_assert_eq!(id.to_string(), text);
        }
    }
}

#[test]
fn each_word_before_a_meetup_is_tried_here() {
    let tried: std::collections::BTreeSet<_> =
        verbs(MeetupId::new(DateTime::UNIX_EPOCH, 7)).into_iter().map(Verb::word).collect();
    assert_eq!(OF_A_MEETUP.iter().find(|word| !tried.contains(*word)), None);
}

#[test]
fn no_two_verbs_share_a_text() {
    let meetup = MeetupId::new(DateTime::UNIX_EPOCH, 7);
    let texts: std::collections::BTreeSet<_> =
        verbs(meetup).into_iter().map(|verb| CustomId::from(verb).to_string()).collect();
    assert_eq!(texts.len(), verbs(meetup).len());
}

#[test]
fn a_button_of_another_version_says_so() {
    assert_eq!("2:join".parse::<CustomId>(), Err(NotOurs::OtherVersion));
    assert_eq!("1:dance".parse::<CustomId>(), Err(NotOurs::OtherVersion));
    assert_eq!("somebody-elses".parse::<CustomId>(), Err(NotOurs::OtherVersion));
    assert_eq!("1:ask:short:yes".parse::<CustomId>(), Err(NotOurs::Broken));
    assert_eq!("1:join:nobody".parse::<CustomId>(), Err(NotOurs::Broken));
}
