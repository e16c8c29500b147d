//! Fair over time: half a year of rounds, as the example `simulate` plays and prints them.

#[path = "../examples/simulate/communities.rs"]
mod communities;
#[path = "../examples/simulate/rounds.rs"]
mod rounds;

use std::path::Path;

use communities::Community;
use rounds::{Policy, play};
use wallflower::domain::pairing::groups::Size;

#[test]
fn in_half_a_year_of_small_rounds_everybody_gets_a_turn_and_hardly_anything_is_lost() {
    let community = Community::generated(60, 5, 1);
    let (fair, unfair) =
        (play(&community, Policy::Fair, Size::PAIRS), play(&community, Policy::WithoutWaiting, Size::PAIRS));
    assert_eq!(fair.reached, fair.people, "{fair:?}");
    assert!(unfair.reached < unfair.people, "waiting is what reaches the last ones: {unfair:?}");
    assert_eq!(fair.too_early, 0, "{fair:?}");
    assert!(fair.repeats < fair.suggestions / 10 && fair.meetings > 0, "{fair:?}");
    assert!(fair.loss(unfair.weight) < 10.0, "{fair:?} against {unfair:?}");
    assert!(
        play(&community, Policy::Anew, Size::PAIRS).share_reached() < 50.0,
        "without a memory it is always the same"
    );
}

#[test]
fn in_half_a_year_of_tables_everybody_gets_a_turn() {
    let (community, tables) = (Community::generated(60, 2, 1), "4-6".parse().unwrap());
    let [fair, unfair, anew] =
        [Policy::Fair, Policy::WithoutWaiting, Policy::Anew].map(|policy| play(&community, policy, tables));
    assert_eq!(fair.reached, fair.people, "{fair:?}");
    assert!(fair.reached >= unfair.reached && fair.reached > anew.reached, "{fair:?}, {unfair:?}, {anew:?}");
    assert!(fair.repeats < fair.suggestions / 10 && fair.meetings > 0, "{fair:?}");
}

#[test]
fn the_same_seed_gives_the_same_half_year() {
    let played = || play(&Community::generated(60, 5, 1), Policy::Fair, Size::PAIRS);
    assert_eq!(played(), played());
}

/// A folder of exported chats that people really had, as `shared/data` holds them.
const CHATS: &str = "WALLFLOWER_TEST_CHATS";

#[test]
#[ignore = "needs real chats: set WALLFLOWER_TEST_CHATS to the folder that holds irc/train-mentions25"]
fn real_chats_give_nearly_everybody_a_turn() {
    let chats = std::env::var(CHATS).unwrap_or_else(|_| panic!("{CHATS} is not set"));
    let community = Community::of_chats(&Path::new(&chats).join("irc/train-mentions25")).unwrap();
    let (fair, unfair) =
        (play(&community, Policy::Fair, Size::PAIRS), play(&community, Policy::WithoutWaiting, Size::PAIRS));
    assert_eq!(
        fair.passed_over, 0,
        "whoever is left has ties only to people who were asked as often as may be: {fair:?}"
    );
    assert!(fair.share_reached() > 90.0 && fair.reached > unfair.reached, "{fair:?}");
    assert_eq!(fair.too_early, 0, "{fair:?}");
    assert!(fair.loss(unfair.weight) < 10.0, "{fair:?} against {unfair:?}");
}
