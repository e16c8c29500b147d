//! Promises of the window.

use proptest::prelude::*;

use super::*;
use crate::domain::ids::{ChannelId, CommunityId};

const ANA: u64 = 11;
const BO: u64 = 12;
const CY: u64 = 13;

fn user(raw: u64) -> UserId {
    UserId::new(raw).unwrap()
}

/// The message written `seconds` after the first.
fn message(seconds: i64) -> MessageId {
    MessageId::at(DateTime::from_timestamp(1_700_000_000 + seconds, 0).unwrap())
}

fn says(author: u64, seconds: i64, reply: Reply, mentions: &[u64]) -> Observation {
    let (community, channel) = (CommunityId::new(1).unwrap(), ChannelId::new(2).unwrap());
    let mentions = mentions.iter().map(|raw| user(*raw));
    Observation::new(community, channel, message(seconds), user(author), reply, mentions)
}

fn one(addressees: &Addressees) -> (UserId, Kind, i64) {
    assert_eq!(addressees.len(), 1, "{addressees:?}");
    (addressees[0].user, addressees[0].kind, addressees[0].weight.0)
}

#[test]
fn a_reply_is_certain_and_found_by_its_message_where_the_author_is_not_told() {
    let mut window = Window::default();
    window.hear(&says(ANA, 0, Reply::None, &[]));
    window.hear(&says(CY, 1, Reply::None, &[]));
    let told = window.hear(&says(BO, 2, Reply::To(user(ANA)), &[ANA, CY]));
    assert_eq!(one(&told), (user(ANA), Kind::Reply, 1000));
    let found = window.hear(&says(BO, 3, Reply::Unresolved(message(0)), &[ANA]));
    assert_eq!(one(&found), (user(ANA), Kind::Reply, 1000));
}

#[test]
fn a_reply_to_an_unknown_message_is_for_nobody_but_whom_it_pings() {
    let mut window = Window::default();
    window.hear(&says(ANA, 5, Reply::None, &[]));
    assert_eq!(window.hear(&says(BO, 6, Reply::Unresolved(message(1)), &[])), []);
    let pinged = window.hear(&says(BO, 7, Reply::Unresolved(message(1)), &[CY]));
    assert_eq!(one(&pinged), (user(CY), Kind::Mention, 1000));
}

#[test]
fn whoever_is_named_together_shares_one_message_and_the_first_leads() {
    let shares = |named: &[u64]| -> Vec<i64> {
        let addressees = Window::default().hear(&says(ANA, 0, Reply::None, named));
        addressees.iter().map(|addressee| addressee.weight.0).collect()
    };
    assert_eq!(shares(&[BO]), [1000]);
    assert_eq!(shares(&[BO, CY]), [500, 499]);
    assert_eq!(shares(&[BO, CY, 14]), [334, 333, 333]);
}

#[test]
fn who_was_spoken_to_answers_though_others_speak_between() {
    let mut window = Window::default();
    window.hear(&says(ANA, 0, Reply::None, &[BO]));
    window.hear(&says(CY, 10, Reply::None, &[]));
    assert_eq!(one(&window.hear(&says(BO, 20, Reply::None, &[]))), (user(ANA), Kind::Turn, SPOKEN_TO_FRESH));
    let late = window.hear(&says(BO, 400, Reply::None, &[]));
    assert_eq!(late[0].user, user(CY), "after five minutes the previous other speaker is likelier");
}

#[test]
fn in_a_busy_channel_one_goes_on_with_whom_one_named_unless_naming_is_the_custom_there() {
    let goes_on_with = |others_name: &[u64]| {
        let mut window = Window::default();
        (0..20).for_each(|second| drop(window.hear(&says(14, second, Reply::None, others_name))));
        window.hear(&says(ANA, 20, Reply::None, &[BO]));
        window.hear(&says(CY, 25, Reply::None, &[]));
        window.hear(&says(ANA, 30, Reply::None, &[]))[0].user
    };
    assert_eq!(goes_on_with(&[]), user(BO));
    assert_eq!(goes_on_with(&[15]), user(CY));
}

#[test]
fn a_guess_fades_with_silence_and_ends_in_nobody() {
    let guess_after = |seconds| {
        let mut window = Window::default();
        window.hear(&says(ANA, 0, Reply::None, &[]));
        window.hear(&says(BO, seconds, Reply::None, &[])).first().map_or(0, |addressee| addressee.weight.0)
    };
    assert_eq!(guess_after(30), PREVIOUS);
    assert!((1..PREVIOUS).contains(&guess_after(600)));
    assert_eq!(guess_after(7200), 0);
}

#[test]
fn talking_to_oneself_is_for_nobody() {
    let mut window = Window::default();
    window.hear(&says(ANA, 0, Reply::None, &[]));
    assert_eq!(window.hear(&says(ANA, 1, Reply::To(user(ANA)), &[ANA])), []);
}

proptest! {
    #[test]
    fn weights_stay_within_one_message_and_memory_within_its_bound(
        said in prop::collection::vec((1_u64..8, -40_i64..90, 0_u8..4, 1_u64..8, prop::collection::vec(1_u64..8, 0..4)), 0..400)
    ) {
        let (mut window, mut twin) = (Window::default(), Window::default());
        let mut seconds = 1000;
        for (author, gap, how, whom, mentions) in said {
            seconds += gap;
            let reply = match how {
                0 => Reply::To(user(whom)),
                1 => Reply::Unresolved(message(seconds - gap)),
                _ => Reply::None,
            };
            let observation = says(author, seconds, reply, &mentions);
            let addressees = window.hear(&observation);
            prop_assert_eq!(&addressees, &twin.hear(&observation));
            let total: Thousandths = addressees.iter().map(|addressee| addressee.weight).sum();
            prop_assert!(total <= Thousandths::ONE);
            for (place, addressee) in addressees.iter().enumerate() {
                prop_assert!(addressee.weight > Thousandths::ZERO && addressee.user != user(author));
                prop_assert!(addressees[..place].iter().all(|other| other.user != addressee.user));
            }
            prop_assert!(window.messages.len() <= RECENT_MESSAGES && window.addresses.len() <= RECENT_ADDRESSES);
        }
    }
}
