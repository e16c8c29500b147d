//! The loop from setup to held or fizzled, over a real database and a messenger in memory, with the process dying
//! wherever it can: the same end, nothing said twice, nothing missing, nothing stale.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop there")]

#[path = "../support/memory.rs"]
mod memory;
#[path = "../support/mod.rs"]
#[macro_use]
mod support;
#[path = "../support/tables.rs"]
mod tables;

mod afterwards;
mod crowd;
mod discretion;
mod evenings;
mod fading;
mod feed;
mod gone;
mod life;
mod machine;
mod mended;
mod multitude;
mod promises;
mod quick_votes;
mod village;
mod weather;

use std::collections::BTreeSet;

use chrono::{Duration, Timelike};
use proptest::prelude::*;
use wallflower::app::meetups::Answer;
use wallflower::app::messenger::Place;
use wallflower::app::wish::Wished;
use wallflower::domain::ids::UserId;
use wallflower::domain::notice::{Notice, Reminder};
use wallflower::domain::poll::Ballot;

use life::Deaths;
use memory::Fault;
use promises::{Summary, keep};
use support::TestDatabase;
use tables::tables_naming;
use village::{CHANNEL, HOME, PEOPLE, Temper, Village};

on_both_engines!(
    everybody_says_yes_and_they_meet,
    a_silent_village_hears_nothing_in_the_room,
    one_sided_yeses_are_told_by_every_door,
    who_goes_before_the_first_words_reads_like_silence,
    dying_after_every_request_changes_nothing,
    dying_before_every_request_changes_nothing,
    dying_between_store_writes_changes_nothing,
    three_days_of_silence_leave_nothing_stale,
    dying_changes_nothing_where_people_vote_by_buttons,
    who_waited_at_night_is_not_woken,
);

async fn live(database: TestDatabase, temper: Temper, deaths: Deaths) -> Summary {
    let deadly = deaths.at_least();
    let mut village = Village::found(database, temper, deaths).await;
    village.live().await;
    assert!(village.lives() >= deadly, "died only {} times", village.lives());
    keep(&village).await;
    Summary::of(&village).await
}

async fn everybody_says_yes_and_they_meet(database: TestDatabase) {
    let summary = live(database, Temper::Willing, Deaths::default()).await;
    assert_eq!(summary.ends.len(), PEOPLE / 2);
    for (pair, end) in &summary.ends {
        assert_eq!((end.state.as_str(), end.met), ("held", 1), "{pair:?}");
        let said = |notice: Notice| end.said.get(&format!("{notice:?}")).copied().unwrap_or(0);
        let once = [
            Notice::RoomOpening,
            Notice::PostPoll { poll: 1, because: None },
            Notice::ItIsOn { sequence: 0 },
            Notice::Reminder { when: Reminder::DayBefore },
            Notice::Reminder { when: Reminder::TwoHoursBefore },
        ];
        for notice in once {
            assert_eq!(said(notice.clone()), 1, "{notice:?} in {end:?}");
        }
        assert_eq!(end.threads, 1);
        // One of the ten looks for herself, one has closed his direct messages.
        assert!(said(Notice::Ask) >= 1 && said(Notice::CheckIn) >= 1, "{end:?}");
    }
    assert_eq!(summary.doorbells, 1);
}

async fn a_silent_village_hears_nothing_in_the_room(database: TestDatabase) {
    let summary = live(database, Temper::Silent, Deaths::default()).await;
    for end in summary.ends.values() {
        assert_eq!((end.state.as_str(), end.met, end.threads), ("fizzled", 0, 0));
        assert!(end.said.keys().all(|notice| notice == "Ask"), "{end:?}");
    }
}

/// Of those who say yes one has chosen to be mentioned, one to look for herself, and one has closed his direct messages.
async fn one_sided_yeses_are_told_by_every_door(database: TestDatabase) {
    let mut village = Village::found(database, Temper::OneSided, Deaths::default()).await;
    village.live().await;
    keep(&village).await;
    let all = village.meetups().await;
    assert_eq!(all.len(), PEOPLE / 2);
    for one in all.iter().flat_map(|meetup| &meetup.participants) {
        assert_eq!(one.is_in(), one.user.get() % 2 == 0);
        assert_eq!(one.news, None, "{} has heard", one.user);
    }
    let posts: Vec<_> = village.memory.posts();
    let told: Vec<_> = posts.iter().filter(|post| post.notice == Notice::DidNotComeTogether).collect();
    let mentioned = told.iter().filter(|post| post.place == Place::Channel(CHANNEL)).collect::<Vec<_>>();
    assert_eq!(mentioned.iter().map(|post| post.member).collect::<Vec<_>>(), [Some(Village::person(2))]);
    let directly: BTreeSet<_> = told.iter().filter_map(|post| post.member).collect();
    assert_eq!(directly, [0, 2, 8].map(Village::person).into(), "the others look");
    let end = posts.iter().filter(|post| post.place == Place::Direct(Village::person(0))).map(|post| post.at).max();
    assert!(mentioned[0].at > end.unwrap() + Duration::days(7), "not on the day that tells all why");
}

/// Both have said yes, and one goes before anything was said in a room.
async fn who_goes_before_the_first_words_reads_like_silence(database: TestDatabase) {
    let mut village = Village::found(database, Temper::Silent, Deaths::default()).await;
    village.hold_the_round().await;
    let [ana, bo] = [0, 1].map(Village::person);
    let meetup = village.meetups_of(ana).await.remove(0);
    let until = meetup.due_at().unwrap();
    for user in [ana, bo] {
        village.app().answer(meetup.id, user, Answer::Yes).await.unwrap();
        assert!(village.app().mine(HOME, ana).await.unwrap().polls.is_empty(), "a yes is not told by a list");
    }
    village.app().pause(HOME, bo, Some(village.app().now() + Duration::days(90))).await.unwrap();
    village.live().await;
    keep(&village).await;
    let posts = village.memory.posts();
    assert!(posts.iter().all(|post| !matches!(post.notice, Notice::NotThisTime { .. } | Notice::RoomOpening)));
    let told: Vec<_> = posts.iter().filter(|post| post.notice == Notice::DidNotComeTogether).collect();
    assert_eq!(told.iter().map(|post| post.place).collect::<Vec<_>>(), [Place::Direct(ana)]);
    assert!(told[0].at >= until, "at the deadline, never earlier");
    assert!(village.meetups_of(ana).await[0].participants.iter().all(|one| one.news.is_none()));
}

async fn dying_after_every_request_changes_nothing(database: TestDatabase) {
    let undisturbed = live(TestDatabase::sqlite(), Temper::Mixed(1), Deaths::default()).await;
    // At once the nonce helps; after a minute it has to be looked for.
    let rests = vec![Duration::zero(), Duration::seconds(61)];
    let deaths = Deaths { at_each_first: Some(Fault::DiesAfter), rests, ..Deaths::default() };
    assert_eq!(live(database, Temper::Mixed(1), deaths).await, undisturbed);
}

async fn dying_before_every_request_changes_nothing(database: TestDatabase) {
    let undisturbed = live(TestDatabase::sqlite(), Temper::Mixed(2), Deaths::default()).await;
    let rest = Duration::seconds(61);
    let deaths = Deaths { at_each_first: Some(Fault::DiesBefore), rests: vec![rest], ..Deaths::default() };
    assert_eq!(live(database, Temper::Mixed(2), deaths).await, undisturbed);
}

async fn dying_between_store_writes_changes_nothing(database: TestDatabase) {
    let undisturbed = live(TestDatabase::sqlite(), Temper::Mixed(3), Deaths::default()).await;
    let rests = vec![Duration::zero(), Duration::seconds(30), Duration::seconds(61)];
    let deaths = Deaths { while_working: Some(23), rests, ..Deaths::default() };
    assert_eq!(live(database, Temper::Mixed(3), deaths).await, undisturbed);
}

async fn dying_changes_nothing_where_people_vote_by_buttons(database: TestDatabase) {
    let undisturbed = live_by_buttons(TestDatabase::sqlite(), Deaths::default()).await;
    assert!(undisturbed.ends.values().any(|end| end.state == "held"), "{undisturbed:?}");
    let rests = vec![Duration::zero(), Duration::seconds(61)];
    let deaths = Deaths { at_each_first: Some(Fault::DiesAfter), while_working: Some(31), rests, ..Deaths::default() };
    assert_eq!(live_by_buttons(database, deaths).await, undisturbed);
}

async fn live_by_buttons(database: TestDatabase, deaths: Deaths) -> Summary {
    let mut village = Village::found(database, Temper::Mixed(3), deaths).await;
    village.votes_by(Ballot::Buttons).await;
    village.live().await;
    keep(&village).await;
    Summary::of(&village).await
}

async fn three_days_of_silence_leave_nothing_stale(database: TestDatabase) {
    let rests = vec![Duration::zero(), Duration::hours(1), Duration::days(3)];
    let deaths = Deaths { at_requests: Some((5, Fault::DiesAfter)), rests, ..Deaths::default() };
    let summary = live(database, Temper::Willing, deaths).await;
    assert_eq!(summary.ends.len(), PEOPLE / 2);
}

async fn who_waited_at_night_is_not_woken(database: TestDatabase) {
    let mut village = Village::found(database, Temper::Willing, Deaths::default()).await;
    village.sleep_through_the_round().await;
    village.live().await;
    keep(&village).await;
    let nudges: Vec<_> = village.memory.posts().into_iter().filter(|post| post.notice.is_nudge()).collect();
    assert!(nudges.len() > PEOPLE);
    for post in nudges {
        assert!((8..22).contains(&post.at.hour()), "woken: {post:?}");
    }
}

fn any_fault() -> impl Strategy<Value = Fault> {
    prop_oneof![
        Just(Fault::LostAnswer),
        Just(Fault::ServerError),
        Just(Fault::TooMany(std::time::Duration::from_secs(7))),
        Just(Fault::DiesAfter),
        Just(Fault::DiesBefore),
    ]
}

/// Where somebody called it off or asked for another time, what had been held up until then is not said any more, and
/// should not be.
fn but_for_news_overtaken(mut summary: Summary) -> Summary {
    for end in summary.ends.values_mut() {
        let moved = end.said.keys().any(|notice| notice.contains("Some(Asked)"));
        let of_the_first = |notice: &str| notice == "ItIsOn { sequence: 0 }" || notice.contains("DayBefore");
        end.said.retain(|notice, _| end.why != "CalledOff" && !(moved && of_the_first(notice)));
        end.threads = if end.why == "CalledOff" { 0 } else { end.threads };
    }
    summary
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4, max_shrink_iters: 12, ..ProptestConfig::default() })]

    /// Whatever people do and whatever goes wrong on the way: the same end as without.
    #[test]
    fn trouble_on_the_way_changes_nothing(
        seed in any::<u64>(),
        every in 2_usize..6,
        fault in any_fault(),
        rest in prop_oneof![Just(0_i64), Just(30), Just(61)],
        while_working in prop::option::of(11_usize..60),
    ) {
        let rests = vec![Duration::seconds(rest)];
        let deaths = Deaths { at_requests: Some((every, fault)), while_working, rests, ..Deaths::default() };
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let (disturbed, undisturbed) = runtime.block_on(async {
            let disturbed = live(TestDatabase::sqlite(), Temper::Mixed(seed), deaths).await;
            (disturbed, live(TestDatabase::sqlite(), Temper::Mixed(seed), Deaths::default()).await)
        });
        prop_assert_eq!(but_for_news_overtaken(disturbed), but_for_news_overtaken(undisturbed));
    }

    /// With long silences the end may be another, and yet every promise holds (`keep` looks).
    #[test]
    fn long_silences_break_no_promise(
        seed in any::<u64>(),
        every in 3_usize..20,
        fault in any_fault(),
        rests in prop::collection::vec(prop_oneof![Just(0_i64), Just(61), Just(3600), Just(3 * 86_400)], 1..6),
    ) {
        let rests = rests.into_iter().map(Duration::seconds).collect();
        let deaths = Deaths { at_requests: Some((every, fault)), rests, ..Deaths::default() };
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(live(TestDatabase::sqlite(), Temper::Mixed(seed), deaths));
    }
}

#[tokio::test]
async fn meet_with_answers_alike_whoever_the_other_is() {
    let village = Village::found(TestDatabase::sqlite(), Temper::Willing, Deaths::default()).await;
    let app = village.app();
    let (bystander, paused, avoiding, left) =
        (UserId::from_column(666), Village::person(5), Village::person(6), Village::person(7));
    app.pause(HOME, paused, Some(app.now() + Duration::days(9))).await.unwrap();
    app.avoid(HOME, avoiding, Village::person(0)).await.unwrap();
    app.leave(HOME, left).await.unwrap();
    let before = village.database().rows().await.len();
    for (wisher, other) in [(0, Village::person(4)), (1, bystander), (2, paused), (0, avoiding), (3, left)] {
        assert_eq!(app.wish(HOME, Village::person(wisher), other).await.unwrap(), Wished::Noted);
        assert_eq!(app.wish(HOME, Village::person(wisher), other).await.unwrap(), Wished::NotAgainYet);
    }
    let rows = village.database().rows().await;
    let written: Vec<_> = rows.iter().filter(|(place, _)| !place.starts_with("wishes")).collect();
    assert_eq!(written.len(), before, "a wish sends nothing and marks nobody");
    assert!(tables_naming(village.database(), bystander).await.is_empty());
}
