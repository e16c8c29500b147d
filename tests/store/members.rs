//! Members, what they say about others, and their right to be gone.

use wallflower::domain::ids::UserId;
use wallflower::domain::meetup::{Fact, SaidBy, State};
use wallflower::domain::member::{Door, Membership, Venue};
use wallflower::domain::notice::{Address, Notice};
use wallflower::domain::place::CityId;
use wallflower::domain::slot::Interval;
use wallflower::domain::tie::Week;
use wallflower::domain::voice::Stay;
use wallflower::store::{Avoid, Counted, Progress, Recent, Saved, Store, Wish};

use super::home::*;
use super::support::TestDatabase;
use super::tables::tables_naming;

on_both_engines!(
    days_away_are_each_kept_once_and_go_when_they_are_over,
    a_newer_calendar_replaces_the_older_and_what_is_over_goes,
    whoever_is_in_keeps_all_as_it_is,
    the_welcome_comes_with_the_joining,
    whoever_comes_back_is_counted_from_then_on,
    a_profile_is_kept_and_a_pause_too,
    who_has_left_cannot_be_changed,
    leaving_erases_ties_and_wishes_and_keeps_the_history,
    erasing_a_member_removes_every_row_of_theirs,
    the_other_keeps_someone,
    an_avoid_survives_the_others_leaving_and_dies_with_its_owner,
    a_newer_wish_replaces_the_older,
);

async fn whoever_is_in_keeps_all_as_it_is(database: TestDatabase) {
    let store = database.open().await;
    set_up(&store, HOME, &[ANA]).await;
    let mut again = member(HOME, ANA);
    again.counted_from = FROM + 1;
    assert!(!store.enrol(&again).await.unwrap());
    assert_eq!(store.member(HOME, ANA).await.unwrap(), Some(member(HOME, ANA)));
    assert_eq!(store.member(HOME, BO).await.unwrap(), None);
}

async fn the_welcome_comes_with_the_joining(database: TestDatabase) {
    let store = database.open().await;
    set_up(&store, HOME, &[]).await;
    let welcome = draft(Notice::Welcome, Address::Member(ANA));
    assert!(store.enrol_with_welcome(&member(HOME, ANA), &welcome, notice_id(1), now()).await.unwrap());
    assert!(!store.enrol_with_welcome(&member(HOME, ANA), &welcome, notice_id(2), now()).await.unwrap());
    let rows = waiting(&store).await;
    assert_eq!(rows.iter().map(|row| (row.id, row.to)).collect::<Vec<_>>(), [(notice_id(1), Address::Member(ANA))]);
}

async fn whoever_comes_back_is_counted_from_then_on(database: TestDatabase) {
    let store = database.open().await;
    set_up(&store, HOME, &[ANA, BO]).await;
    store.say(HOME, &draft(Notice::Welcome, Address::Member(ANA)), notice_id(1), now()).await.unwrap();
    store.say(HOME, &draft(Notice::Report, Address::Moderators { reporter: ANA }), notice_id(2), now()).await.unwrap();
    assert!(store.leave(HOME, ANA).await.unwrap());
    let left: Vec<_> = waiting(&store).await.into_iter().map(|row| row.id).collect();
    assert_eq!(left, [notice_id(2)], "what was to be said to her is dropped, what she reported is not");
    assert!(!store.leave(HOME, ANA).await.unwrap());
    assert_eq!(store.member(HOME, ANA).await.unwrap().unwrap().membership, Membership::Left);
    assert_eq!(store.members(HOME).await.unwrap(), [member(HOME, BO)]);
    assert_eq!(store.all_members().await.unwrap(), [(HOME, BO, FROM)]);
    let mut again = member(HOME, ANA);
    again.counted_from = FROM + 1;
    assert!(store.enrol(&again).await.unwrap());
    assert_eq!(store.member(HOME, ANA).await.unwrap(), Some(again));
    assert_eq!(store.all_members().await.unwrap().len(), 2);
}

async fn a_profile_is_kept_and_a_pause_too(database: TestDatabase) {
    let store = database.open().await;
    set_up(&store, HOME, &[ANA]).await;
    let mut ana = member(HOME, ANA);
    ana.profile.venue = Venue::Call;
    ana.profile.door = Door::Mention;
    ana.profile.may_be_named = true;
    ana.profile.open_to_everyone = true;
    assert!(store.save_profile(&ana).await.unwrap());
    assert!(store.pause(HOME, ANA, Some(later(24))).await.unwrap());
    ana.membership = Membership::PausedUntil(later(24));
    assert_eq!(store.member(HOME, ANA).await.unwrap(), Some(ana.clone()));
    // A profile that was loaded before the pause does not end it.
    ana.membership = Membership::Active;
    assert!(store.save_profile(&ana).await.unwrap());
    assert_eq!(store.member(HOME, ANA).await.unwrap().unwrap().membership, Membership::PausedUntil(later(24)));
    assert!(store.pause(HOME, ANA, None).await.unwrap());
    assert_eq!(store.member(HOME, ANA).await.unwrap(), Some(ana));
}

async fn who_has_left_cannot_be_changed(database: TestDatabase) {
    let store = database.open().await;
    set_up(&store, HOME, &[ANA]).await;
    store.leave(HOME, ANA).await.unwrap();
    assert!(!store.save_profile(&member(HOME, ANA)).await.unwrap());
    assert!(!store.pause(HOME, ANA, None).await.unwrap());
    assert!(!store.close_door(HOME, ANA, Door::Direct).await.unwrap());
    assert_eq!(store.member(HOME, ANA).await.unwrap().unwrap().membership, Membership::Left);
}

/// Something in every table that can hold something of Ana.
pub async fn a_full_life(store: &Store) {
    set_up(store, HOME, &[ANA, BO, CY]).await;
    store.flush(&progress(talk(ANA, BO, 3))).await.unwrap();
    store.flush(&progress(talk(CY, ANA, 1))).await.unwrap();
    store.flush(&company()).await.unwrap();
    store.flush(&just_said(ANA)).await.unwrap();
    store.avoid(HOME, ANA, "somebody", now()).await.unwrap();
    store.save_wish(HOME, &wish(ANA, "somebody else")).await.unwrap();
    store.set_feed(HOME, ANA, "the hash of a secret", now()).await.unwrap();
    let plan = super::rounds::plan(vec![proposal(1, ANA, BO)]);
    assert!(store.save_round(&plan, now()).await.unwrap().is_some());
    let mut held = quiet(meetup(2, ANA, BO, scheduled(-24)));
    let State::Scheduled { on, .. } = held.meetup.state.clone() else { unreachable!() };
    held.meetup.state = State::Held { on };
    held.facts.push(Fact::Met { pair: pair(ANA, BO), at: now(), said_by: SaidBy::Both });
    store.create_meetup(&held, 1, &[], now()).await.unwrap();
    let days = ["2026-12-24", "2026-12-25"].map(|day| day.parse().unwrap());
    store.add_days_away(HOME, ANA, &days).await.unwrap();
    store.add_trip(HOME, ANA, CityId::new(2_950_159), &days).await.unwrap();
    let lunch = Interval::new(later(24), later(25)).unwrap();
    store.replace_busy_times(HOME, ANA, &[lunch]).await.unwrap();
    let report = draft(Notice::Report, Address::Moderators { reporter: ANA });
    store.say_about(&held.meetup, &report, notice_id(70), now()).await.unwrap();
    store.say(HOME, &draft(Notice::Welcome, Address::Member(ANA)), notice_id(71), now()).await.unwrap();
}

/// A message of theirs was the last one that the session told.
pub fn just_said(author: UserId) -> Progress {
    let (community, message) = (HOME, message(1));
    let recent = vec![Recent { shard: 0, shards: 1, sequence: 1, community, author, message }];
    progress(Counted { recent, ..talk(author, BO, 0) })
}

/// Ana sits in a voice channel, and has written in a thread.
fn company() -> Progress {
    let mut counted = Counted::default();
    counted.consents.insert((HOME, ANA), FROM);
    counted.written.insert((HOME, CHANNEL, Week::of(now()), ANA), message(1));
    let stays = vec![(HOME, vec![Stay { user: ANA, channel: CHANNEL, since: now() }])];
    Progress { counted, stays, ..Progress::default() }
}

pub fn wish(member: UserId, person: &str) -> Wish {
    Wish { member, person: person.to_owned(), created_at: now(), expires_at: later(24), spent: false }
}

async fn leaving_erases_ties_and_wishes_and_keeps_the_history(database: TestDatabase) {
    let store = database.open().await;
    a_full_life(&store).await;
    store.leave(HOME, ANA).await.unwrap();
    let tables = tables_naming(&database, ANA).await;
    let gone =
        ["ties", "wishes", "stays", "thread_talk", "recent_messages", "days_away", "busy_times", "trips", "feeds"];
    assert!(gone.iter().all(|table| !tables.contains(&(*table).to_owned())), "{tables:?}");
    assert_eq!(store.met(HOME, ANA).await.unwrap().len(), 1);
    assert_eq!(store.meetups_of(HOME, ANA).await.unwrap().len(), 2);
}

async fn erasing_a_member_removes_every_row_of_theirs(database: TestDatabase) {
    let store = database.open().await;
    a_full_life(&store).await;
    let personal = [
        "avoids",
        "busy_times",
        "days_away",
        "feeds",
        "members",
        "met",
        "notices",
        "nudges",
        "participants",
        "pasts",
        "recent_messages",
        "stays",
        "thread_talk",
        "ties",
        "trips",
        "wishes",
    ];
    assert_eq!(tables_naming(&database, ANA).await, personal, "the story does not fill every table");
    assert!(store.forget(HOME, ANA).await.unwrap());
    assert!(!store.forget(HOME, ANA).await.unwrap());
    assert_eq!(tables_naming(&database, ANA).await, Vec::<String>::new());
    assert_eq!(store.communities_of(ANA).await.unwrap(), []);
    assert!(tables_naming(&database, BO).await.len() > 3, "others lose nothing but what was shared");
    // On SQLite not even the bytes stay: what is deleted is overwritten.
    store.close().await;
    for file in std::fs::read_dir(database.folder()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        assert!(!bytes.windows(8).any(|window| window == ANA.get().to_be_bytes()));
    }
}

async fn the_other_keeps_someone(database: TestDatabase) {
    let store = database.open().await;
    a_full_life(&store).await;
    store.forget(HOME, ANA).await.unwrap();
    let kept = store.meetup(meetup_id(2)).await.unwrap().unwrap();
    assert_eq!(kept.participants.iter().map(|one| one.user).collect::<Vec<_>>(), [BO]);
    assert_eq!(kept.invited, 2);
    // A step that was made before somebody erased themselves gives them no seat again, and no row of any kind.
    let mut stale = proposal(1, ANA, BO);
    stale.facts.push(Fact::Met { pair: pair(ANA, BO), at: now(), said_by: SaidBy::Known });
    stale.notices.clear();
    assert_eq!(store.save_step(&stale, &[], None, now()).await.unwrap(), Saved::Yes);
    assert_eq!(tables_naming(&database, ANA).await, Vec::<String>::new());
}

async fn a_newer_calendar_replaces_the_older_and_what_is_over_goes(database: TestDatabase) {
    let store = database.open().await;
    set_up(&store, HOME, &[ANA, BO]).await;
    let hours = |range: std::ops::Range<i64>| {
        range.map(|hour| Interval::new(later(2 * hour), later(2 * hour + 1)).unwrap()).collect::<Vec<_>>()
    };
    let kept = async |user| store.busy(HOME, user).await.unwrap().times;
    store.replace_busy_times(HOME, ANA, &hours(0..1500)).await.unwrap();
    assert_eq!(kept(ANA).await, hours(0..1500));
    store.replace_busy_times(HOME, ANA, &hours(7..10)).await.unwrap();
    store.replace_busy_times(HOME, CY, &hours(7..10)).await.unwrap();
    assert_eq!((kept(ANA).await, kept(BO).await, kept(CY).await), (hours(7..10), vec![], vec![]));
    store.prune_busy(later(15)).await.unwrap();
    assert_eq!(kept(ANA).await, hours(8..10));
    store.replace_busy_times(HOME, ANA, &[]).await.unwrap();
    assert_eq!(kept(ANA).await, []);
}

async fn days_away_are_each_kept_once_and_go_when_they_are_over(database: TestDatabase) {
    let store = database.open().await;
    set_up(&store, HOME, &[ANA, BO]).await;
    let day = |text: &str| text.parse::<chrono::NaiveDate>().unwrap();
    let kept = async |user| store.busy(HOME, user).await.unwrap().days;
    store.add_days_away(HOME, ANA, &[day("2026-12-24"), day("2026-12-25")]).await.unwrap();
    store.add_days_away(HOME, ANA, &[day("2026-12-25"), day("2027-01-02")]).await.unwrap();
    store.add_days_away(HOME, CY, &[day("2026-12-25")]).await.unwrap();
    assert_eq!(kept(ANA).await, ["2026-12-24", "2026-12-25", "2027-01-02"].map(day));
    assert_eq!((kept(BO).await, kept(CY).await), (vec![], vec![]), "a bystander's days are not kept");
    store.remove_days_away(HOME, ANA, (day("2026-12-20"), day("2026-12-24"))).await.unwrap();
    store.prune_busy("2026-12-26T23:00:00Z".parse().unwrap()).await.unwrap();
    assert_eq!(kept(ANA).await.len(), 2, "somewhere it is still that day");
    store.prune_busy("2026-12-27T00:00:00Z".parse().unwrap()).await.unwrap();
    assert_eq!(kept(ANA).await, [day("2027-01-02")]);
}

async fn an_avoid_survives_the_others_leaving_and_dies_with_its_owner(database: TestDatabase) {
    let store = database.open().await;
    set_up(&store, HOME, &[ANA, BO]).await;
    store.avoid(HOME, ANA, "bo's hash", now()).await.unwrap();
    store.avoid(HOME, ANA, "bo's hash", later(1)).await.unwrap();
    store.avoid(HOME, CY, "bo's hash", now()).await.unwrap();
    store.forget(HOME, BO).await.unwrap();
    let avoids = store.candidates(HOME, since()).await.unwrap().unwrap().avoids;
    let first = Avoid { member: ANA, person: "bo's hash".to_owned(), created_at: now() };
    assert_eq!(avoids, [first], "a bystander's avoid is not kept");
    store.forget(HOME, ANA).await.unwrap();
    assert_eq!(tables_naming(&database, "bo's hash").await, Vec::<String>::new());
}

async fn a_newer_wish_replaces_the_older(database: TestDatabase) {
    let store = database.open().await;
    set_up(&store, HOME, &[ANA, BO]).await;
    let mut spent = wish(ANA, "bo's hash");
    spent.spent = true;
    store.save_wish(HOME, &spent).await.unwrap();
    store.save_wish(HOME, &wish(ANA, "bo's hash")).await.unwrap();
    store.save_wish(HOME, &wish(BO, "ana's hash")).await.unwrap();
    store.save_wish(HOME, &wish(CY, "ana's hash")).await.unwrap();
    assert_eq!(store.wishes_of(HOME, ANA).await.unwrap(), [wish(ANA, "bo's hash")]);
    assert_eq!(store.wishes_of(HOME, CY).await.unwrap(), [], "a bystander's wish is not kept");
}
