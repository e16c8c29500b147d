//! Communities, their programmes, and the admins' word.

use chrono::Duration;
use wallflower::domain::ids::{ChannelId, RoleId};
use wallflower::domain::meetup::Style;
use wallflower::domain::notice::{Address, Notice};
use wallflower::store::{Engine, Exclusion, Programme, Saved, Store, StoreError, Watch};

use super::home::*;
use super::support::TestDatabase;
use super::tables::tables_naming;

on_both_engines!(
    opening_twice_changes_nothing,
    what_admins_set_is_kept,
    a_removed_community_rests_and_resumes_when_it_comes_back,
    a_community_that_stays_away_is_erased,
    a_paused_programme_is_not_due,
    saving_settings_leaves_the_count_of_rounds_alone,
    a_round_and_admins_do_not_undo_what_the_other_saved,
    channels_are_watched_or_ignored_by_the_latest_word,
    an_exclusion_tells_whether_it_changed_anything,
    a_registration_is_kept_by_application_and_scope,
);

async fn opening_twice_changes_nothing(database: TestDatabase) {
    let store = database.open().await;
    set_up(&store, HOME, &[ANA]).await;
    store.close().await;
    let store = Store::open(&database.url).await.unwrap();
    assert_eq!(store.engine() == Engine::Sqlite, database.url.starts_with("sqlite"));
    assert_eq!(store.members(HOME).await.unwrap(), [member(HOME, ANA)]);
    assert!(matches!(Store::open("mysql://nowhere").await, Err(StoreError::Address { .. })));
}

async fn what_admins_set_is_kept(database: TestDatabase) {
    let store = database.open().await;
    assert_eq!(store.community(HOME).await.unwrap(), None);
    assert_eq!(store.programme(HOME).await.unwrap(), None);
    set_up(&store, HOME, &[]).await;
    let mut community = store.community(HOME).await.unwrap().unwrap();
    community.zone = chrono_tz::Europe::Amsterdam;
    community.moderators = Some(ChannelId::from_column(5));
    let invitation = draft(Notice::Invitation, Address::Programme);
    let saved = store.set_up(&community, &programme(HOME), (&invitation, notice_id(1)), false, now()).await.unwrap();
    assert_eq!(saved, Saved::Yes);
    assert_eq!(waiting(&store).await.len(), 1);
    assert_eq!(store.community(HOME).await.unwrap(), Some(community.clone()));
    assert_eq!(store.communities().await.unwrap(), [community]);
    assert!(store.set_half_life(HOME, 60).await.unwrap());
    assert_eq!(store.community(HOME).await.unwrap().unwrap().half_life_days, 60);
    assert!(!store.set_half_life(ELSEWHERE, 60).await.unwrap());
    store.drop_moderators(HOME).await.unwrap();
    assert_eq!(store.community(HOME).await.unwrap().unwrap().moderators, None);

    let mut programme = Programme { revision: 1, ..programme(HOME) };
    programme.style = Style::Open;
    programme.cadence = "monthly first thu 19".parse().unwrap();
    programme.required_role = Some(RoleId::from_column(9));
    assert_eq!(store.save_programme(&programme).await.unwrap(), Saved::Yes);
    programme.revision = 2;
    assert_eq!(store.programme(HOME).await.unwrap(), Some(programme));
}

async fn a_removed_community_rests_and_resumes_when_it_comes_back(database: TestDatabase) {
    let store = database.open().await;
    set_up(&store, HOME, &[ANA, BO]).await;
    let step = proposal(1, ANA, BO);
    store.create_meetup(&step, 1, &notice_ids(&step, 1), now()).await.unwrap();
    let far = later(1000);
    store.community_removed(HOME, now()).await.unwrap();
    // A second word of the same removal does not begin the 30 days again.
    store.community_removed(HOME, later(5)).await.unwrap();
    assert_eq!(store.community(HOME).await.unwrap().unwrap().removed_at, Some(now()));
    assert!(store.communities().await.unwrap().is_empty());
    assert!(store.due_programmes(far).await.unwrap().is_empty());
    assert!(store.due_meetups(far).await.unwrap().is_empty());
    assert!(waiting(&store).await.is_empty());
    assert_eq!((store.next_due().await.unwrap(), store.next_round().await.unwrap()), (None, None));

    store.community_present(HOME, "Home again", later(10)).await.unwrap();
    let community = store.community(HOME).await.unwrap().unwrap();
    assert_eq!((community.removed_at, community.name.as_str()), (None, "Home again"));
    assert_eq!(store.due_programmes(far).await.unwrap(), [HOME]);
    assert_eq!(store.due_meetups(far).await.unwrap(), [meetup_id(1)]);
    assert_eq!(waiting(&store).await.len(), 2);
}

async fn a_community_that_stays_away_is_erased(database: TestDatabase) {
    let store = database.open().await;
    set_up(&store, HOME, &[ANA, BO]).await;
    set_up(&store, ELSEWHERE, &[ANA]).await;
    store.flush(&progress(talk(ANA, BO, 3))).await.unwrap();
    store.set_watch(HOME, CHANNEL, Watch::Ignored).await.unwrap();
    store.exclude(HOME, "somebody", true, now()).await.unwrap();
    store.community_removed(HOME, now()).await.unwrap();
    assert_eq!(store.erase_removed(now()).await.unwrap(), []);
    assert!(tables_naming(&database, HOME).await.len() > 4);
    assert_eq!(store.erase_removed(now() + Duration::milliseconds(1)).await.unwrap(), [HOME]);
    assert_eq!(tables_naming(&database, HOME).await, Vec::<String>::new());
    assert_eq!(store.communities_of(ANA).await.unwrap(), [ELSEWHERE]);
}

async fn a_paused_programme_is_not_due(database: TestDatabase) {
    let store = database.open().await;
    set_up(&store, HOME, &[]).await;
    assert!(store.due_programmes(later(7)).await.unwrap().is_empty());
    assert_eq!(store.due_programmes(later(8)).await.unwrap(), [HOME]);
    assert_eq!(store.next_round().await.unwrap(), Some(later(8)));
    let mut programme = programme(HOME);
    programme.paused = true;
    assert_eq!(store.save_programme(&programme).await.unwrap(), Saved::Yes);
    assert!(store.due_programmes(later(8)).await.unwrap().is_empty());
    assert_eq!(store.next_round().await.unwrap(), None);
}

async fn saving_settings_leaves_the_count_of_rounds_alone(database: TestDatabase) {
    let store = database.open().await;
    set_up(&store, HOME, &[]).await;
    let plan = super::rounds::plan(Vec::new());
    let _ = store.save_round(&plan, now()).await.unwrap();
    let read_after = Programme { revision: 1, ..programme(HOME) };
    assert_eq!(store.save_programme(&read_after).await.unwrap(), Saved::Yes);
    let after = store.programme(HOME).await.unwrap().unwrap();
    assert_eq!((after.round, after.last_round_at, after.last_report), (1, Some(now()), Some(plan.report)));
}

async fn a_round_and_admins_do_not_undo_what_the_other_saved(database: TestDatabase) {
    let store = database.open().await;
    set_up(&store, HOME, &[]).await;
    // A round has read the settings, and asks around for long.
    let plan = super::rounds::plan(Vec::new());
    let paused = Programme { paused: true, next_round_at: Some(later(99)), ..programme(HOME) };
    assert_eq!(store.save_programme(&paused).await.unwrap(), Saved::Yes);
    assert_eq!(store.save_round(&plan, now()).await.unwrap(), None);
    let kept = store.programme(HOME).await.unwrap().unwrap();
    assert_eq!((kept.paused, kept.round, kept.next_round_at), (true, 0, Some(later(99))));
    assert!(waiting(&store).await.is_empty(), "nothing is said of a round that was not held");
    // Two admins at once, and one admin while a round is saved.
    assert_eq!(store.save_programme(&programme(HOME)).await.unwrap(), Saved::Stale);
    let mut plan = plan;
    plan.programme = kept.clone();
    assert!(store.save_round(&plan, now()).await.unwrap().is_some());
    assert_eq!(store.save_programme(&kept).await.unwrap(), Saved::Stale);
    let community = store.community(HOME).await.unwrap().unwrap();
    let invitation = draft(Notice::Invitation, Address::Programme);
    let saved = store.set_up(&community, &kept, (&invitation, notice_id(1)), false, now()).await.unwrap();
    assert_eq!(saved, Saved::Stale);
    assert!(waiting(&store).await.iter().all(|row| row.notice != Notice::Invitation));
}

async fn channels_are_watched_or_ignored_by_the_latest_word(database: TestDatabase) {
    let store = database.open().await;
    set_up(&store, HOME, &[]).await;
    assert!(store.watches(HOME).await.unwrap().is_empty());
    store.set_watch(HOME, CHANNEL, Watch::Watched).await.unwrap();
    store.set_watch(HOME, CHANNEL, Watch::Ignored).await.unwrap();
    assert_eq!(store.watches(HOME).await.unwrap(), [(CHANNEL, Watch::Ignored)]);
}

async fn an_exclusion_tells_whether_it_changed_anything(database: TestDatabase) {
    let store = database.open().await;
    set_up(&store, HOME, &[]).await;
    assert!(store.exclude(HOME, "somebody", true, now()).await.unwrap());
    assert!(!store.exclude(HOME, "somebody", true, now()).await.unwrap());
    let candidates = store.candidates(HOME, since()).await.unwrap().unwrap();
    assert_eq!(
        candidates.exclusions,
        [Exclusion { person: "somebody".to_owned(), created_at: now(), lifted_at: None }]
    );
    assert!(store.exclude(HOME, "somebody", false, now()).await.unwrap());
    assert!(!store.exclude(HOME, "somebody", false, now()).await.unwrap());
}

async fn a_registration_is_kept_by_application_and_scope(database: TestDatabase) {
    let store = database.open().await;
    store.save_registration(1, None, "old").await.unwrap();
    store.save_registration(1, None, "new").await.unwrap();
    store.save_registration(1, Some(HOME), "tried").await.unwrap();
    assert_eq!(store.registration(1, None).await.unwrap().as_deref(), Some("new"));
    assert_eq!(store.registration(1, Some(HOME)).await.unwrap().as_deref(), Some("tried"));
    assert_eq!(store.registration(2, None).await.unwrap(), None);
}
