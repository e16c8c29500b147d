//! What somebody gets who asks for all that is kept of them: every row of theirs, and nobody else's word.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use wallflower::domain::ids::UserId;
use wallflower::domain::meetup::{Account, CheckIn, Fact, SaidBy, Standing, State, Yes};
use wallflower::domain::notice::{Address, Notice};
use wallflower::domain::poll::{Ballot, Poll};
use wallflower::store::{Delivery, Outcome, Saved, Store};

use super::home::*;
use super::members::{a_full_life, wish};
use super::support::TestDatabase;

on_both_engines!(
    every_row_is_handed_over,
    every_table_about_people_is_in_the_export_with_each_column,
    an_export_is_of_one_community_or_of_all,
    what_the_other_says_in_confidence_changes_no_export,
    a_wish_that_the_other_was_asked_about_is_in_no_export,
    what_waits_to_be_said_is_in_no_export,
);

/// Columns of tables about people that are not handed over, and why; `community` stands above all parts.
const LEFT_OUT: &[(&str, &str, &str)] = &[
    ("members", "past_scan", "our own bookkeeping of what was closed to the bot"),
    ("members", "rested", "repeats what paused_until said when the last round was held"),
    ("feeds", "secret", "a keyed hash of an address that is theirs, of use to nobody"),
    ("recent_messages", "shard", "our own toil"),
    ("recent_messages", "shards", "our own toil"),
    ("recent_messages", "sequence", "our own toil"),
    ("wishes", "spent", "tells whether the other is a member"),
    ("trips", "day", "stands in what lies from \"first\" to \"last\""),
    ("participants", "position", "the order of seats, which says nothing about anybody"),
    ("met", "said_by", "tells what the other answered"),
    ("met", "noted_at", "tells when the other answered"),
    ("notices", "lane", "repeats what its other columns say"),
    ("notices", "position", "the order of saying"),
    ("notices", "not_after", "how long it was worth saying"),
    ("notices", "attempts", "our own toil"),
    ("notices", "sending_at", "our own toil"),
];
/// Columns that go by another name there: both ends of a tie are "you" and "with".
const RENAMED: &[(&str, &str)] = &[
    ("low", "with"),
    ("high", "with"),
    ("low_to_high", "from_you"),
    ("high_to_low", "to_you"),
    ("details", "check_in"),
];

/// The columns of every table with a column `member`, or with a key to `members`.
async fn columns_about_people(database: &TestDatabase) -> BTreeMap<String, BTreeSet<String>> {
    let sqlite = "SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table'
        AND (EXISTS (SELECT 1 FROM pragma_table_info(m.name) WHERE name = 'member')
             OR EXISTS (SELECT 1 FROM pragma_foreign_key_list(m.name) WHERE \"table\" = 'members'))";
    let postgres = "SELECT c.table_name::text, c.column_name::text FROM information_schema.columns c
        WHERE c.table_schema = 'public' AND (
            EXISTS (SELECT 1 FROM information_schema.columns o WHERE o.table_schema = 'public'
                    AND o.table_name = c.table_name AND o.column_name = 'member')
            OR EXISTS (SELECT 1 FROM pg_constraint k WHERE k.confrelid = 'members'::regclass
                       AND k.conrelid = c.table_name::regclass))";
    let rows: Vec<(String, String)> = if database.url.starts_with("sqlite:") {
        let pool = sqlx::SqlitePool::connect(&database.url).await.unwrap();
        sqlx::query_as(sqlite).fetch_all(&pool).await.unwrap()
    } else {
        let pool = sqlx::PgPool::connect(&database.url).await.unwrap();
        sqlx::query_as(postgres).fetch_all(&pool).await.unwrap()
    };
    let mut tables: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (table, column) in rows {
        tables.entry(table).or_default().insert(column);
    }
    tables
}

/// The export of one person of [`HOME`], as the file will say it.
async fn handed_over(store: &Store, user: UserId) -> Value {
    let exports = store.export(user, Some(HOME)).await.unwrap();
    assert_eq!(exports.len(), 1);
    serde_json::to_value(&exports[0]).unwrap()
}

async fn everything_is_said(store: &Store) {
    let mut number = 0;
    while let Some(row) = waiting(store).await.into_iter().next() {
        number += 1;
        assert!(store.begin_sending(row.id, now()).await.unwrap());
        let delivery = Delivery { channel: Some(CHANNEL), message: Some(message(number)) };
        store.settle_notice(row.id, &Outcome::Sent(delivery)).await.unwrap();
    }
}

async fn every_row_is_handed_over(database: TestDatabase) {
    let store = database.open().await;
    a_full_life(&store).await;
    everything_is_said(&store).await;
    let kept = handed_over(&store, ANA).await;
    assert_eq!(kept["community_name"], "Home");
    assert_eq!((&kept["members"][0]["membership"], &kept["members"][0]["member"]), (&"active".into(), &text(ANA)));
    assert_eq!(kept["days_away"][1]["day"], "2026-12-25");
    assert_eq!(kept["avoids"][0]["person"], "somebody");
    assert_eq!(kept["wishes"][0]["person"], "somebody else");
    let week = serde_json::json!("2026-W23");
    let tie = |with, from_you, to_you| serde_json::json!({ "with": text(with), "week": week, "kind": "reply", "from_you": from_you, "to_you": to_you });
    assert_eq!(kept["ties"], serde_json::json!([tie(BO, 3000, 0)]), "the tie with Cy would tell that he is in");
    let bo = handed_over(&store, BO).await;
    assert_eq!(bo["ties"], serde_json::json!([tie(ANA, 0, 3000)]));
    assert_eq!(kept["participants"][0]["with"], serde_json::json!([text(BO)]));
    assert_eq!(kept["participants"][1]["state"], "held");
    assert_eq!((&kept["met"][0]["with"], &kept["met"][0]["known_before"]), (&text(BO), &false.into()));
    assert_eq!(kept["nudges"].as_array().unwrap().len(), 1);
    let said: BTreeSet<&str> =
        kept["notices"].as_array().unwrap().iter().map(|one| one["body"]["notice"].as_str().unwrap()).collect();
    assert_eq!(said, ["ask", "report", "welcome"].into());
}

fn text(user: UserId) -> Value {
    Value::String(user.to_string())
}

async fn every_table_about_people_is_in_the_export_with_each_column(database: TestDatabase) {
    let store = database.open().await;
    a_full_life(&store).await;
    everything_is_said(&store).await;
    let kept = handed_over(&store, ANA).await;
    let tables = columns_about_people(&database).await;
    assert!(tables.contains_key("ties") && tables.contains_key("avoids"), "the schema is read wrongly: {tables:?}");
    for (table, columns) in &tables {
        let row = &kept[table][0];
        assert!(row.is_object(), "`{table}` holds something of Ana that her export lacks: see src/store/export.rs");
        for column in columns.iter().filter(|column| *column != "community") {
            let called = RENAMED.iter().find(|(from, _)| from == column).map_or(column.as_str(), |(_, to)| to);
            // A row of Ana's own need not repeat whose it is.
            let is_own = table != "members" && column == "member";
            let left_out = LEFT_OUT.iter().any(|(of, one, _)| of == table && one == column);
            let given = row.get(called).is_some();
            assert!(given != left_out || is_own, "`{table}.{column}`: hand it over, or say here why not: {row}");
        }
    }
    let gone = LEFT_OUT.iter().find(|(of, one, _)| !tables.get(*of).is_some_and(|columns| columns.contains(*one)));
    assert_eq!(gone, None, "there is no such column any more");
}

async fn an_export_is_of_one_community_or_of_all(database: TestDatabase) {
    let store = database.open().await;
    a_full_life(&store).await;
    set_up(&store, ELSEWHERE, &[ANA]).await;
    store.leave(ELSEWHERE, ANA).await.unwrap();
    let exports = store.export(ANA, None).await.unwrap();
    let [home, elsewhere] = exports.as_slice() else { panic!("two communities, not {exports:?}") };
    assert_eq!((home.community, home.ties.len()), (HOME, 1));
    assert_eq!((elsewhere.community, elsewhere.members[0].membership, elsewhere.ties.len()), (ELSEWHERE, "left", 0));
    assert_eq!(store.export(ANA, Some(ELSEWHERE)).await.unwrap(), exports[1..]);
    assert!(store.export(UserId::from_column(1), None).await.unwrap().is_empty());
}

async fn what_the_other_says_in_confidence_changes_no_export(database: TestDatabase) {
    let store = database.open().await;
    set_up(&store, HOME, &[ANA, BO]).await;
    let plan = super::rounds::plan(vec![proposal(1, ANA, BO)]);
    assert!(store.save_round(&plan, now()).await.unwrap().is_some());
    let mut over = meetup(2, ANA, BO, State::CheckingIn { on: appointment() });
    over.polls = 1;
    store.create_meetup(&quiet(over), 1, &[], now()).await.unwrap();
    everything_is_said(&store).await;
    let before = handed_over(&store, ANA).await;
    assert_eq!(before["participants"].as_array().unwrap().len(), 2);
    let yes = Standing::In { since: now(), by: Yes::Answer };
    for standing in [yes, Standing::Declined, Standing::Known, Standing::Out] {
        let mut asked = store.meetup(meetup_id(1)).await.unwrap().unwrap();
        asked.participants[1].standing = standing;
        assert_eq!(store.save_step(&quiet(asked), &[], None, now()).await.unwrap(), Saved::Yes);
        assert_eq!(handed_over(&store, ANA).await, before, "{standing:?}");
    }
    let mut over = store.meetup(meetup_id(2)).await.unwrap().unwrap();
    over.participants[1].check_in = CheckIn::Said(Account::DidNotHappen);
    assert_eq!(store.save_step(&quiet(over), &[], None, now()).await.unwrap(), Saved::Yes);
    store.avoid(HOME, BO, "ana's hash", now()).await.unwrap();
    store.save_wish(HOME, &wish(BO, "ana's hash")).await.unwrap();
    store.exclude(HOME, "ana's hash", true, now()).await.unwrap();
    assert_eq!(handed_over(&store, ANA).await, before);
    // "We know each other" is in the export of who said it, once it is a fact.
    let mut known = quiet(store.meetup(meetup_id(1)).await.unwrap().unwrap());
    known.meetup.participants[1].standing = Standing::Known;
    known.facts.push(Fact::Met { pair: pair(ANA, BO), at: now(), said_by: SaidBy::Known });
    assert_eq!(store.save_step(&known, &[], None, now()).await.unwrap(), Saved::Yes);
    assert_eq!(handed_over(&store, ANA).await, before);
    assert_eq!(handed_over(&store, BO).await["met"][0]["known_before"], true);
}

fn poll() -> Poll {
    Poll::new(1, vec![slot(72), slot(96)], Ballot::Reactions, now())
}

fn appointment() -> wallflower::domain::meetup::Appointment {
    let State::Scheduled { on, .. } = scheduled(-24) else { unreachable!() };
    on
}

async fn a_wish_that_the_other_was_asked_about_is_in_no_export(database: TestDatabase) {
    let store = database.open().await;
    set_up(&store, HOME, &[ANA, BO]).await;
    store.save_wish(HOME, &wish(ANA, "bo's hash")).await.unwrap();
    let before = handed_over(&store, ANA).await;
    let mut wished = proposal(1, ANA, BO);
    wished.meetup.participants[0].standing = Standing::In { since: now(), by: Yes::Wish };
    wished.notices.remove(0);
    let mut plan = super::rounds::plan(vec![wished]);
    plan.spent.push(wish(ANA, "bo's hash"));
    assert!(store.save_round(&plan, now()).await.unwrap().is_some());
    assert_eq!(handed_over(&store, ANA).await, before);
    // She rests meanwhile: still she has heard nothing of it.
    let mut out = store.meetup(meetup_id(1)).await.unwrap().unwrap();
    out.participants[0].standing = Standing::Out;
    assert_eq!(store.save_step(&quiet(out), &[], None, now()).await.unwrap(), Saved::Yes);
    assert_eq!(handed_over(&store, ANA).await, before);
    assert_eq!(handed_over(&store, BO).await["participants"][0]["with"][0], text(ANA), "he was asked");
    // Both are in, and it has not been said to them yet.
    let mut both = store.meetup(meetup_id(1)).await.unwrap().unwrap();
    (both.state, both.polls, both.asked_until) = (State::Polling { poll: poll() }, 1, Some(later(120)));
    assert_eq!(store.save_step(&quiet(both), &[], None, now()).await.unwrap(), Saved::Yes);
    assert_eq!(handed_over(&store, ANA).await, before);
    assert_eq!(handed_over(&store, BO).await["participants"][0]["state"], "proposed");
    let mut both = store.meetup(meetup_id(1)).await.unwrap().unwrap();
    both.introduced = true;
    assert_eq!(store.save_step(&quiet(both), &[], None, now()).await.unwrap(), Saved::Yes);
    assert_eq!(handed_over(&store, ANA).await["participants"].as_array().unwrap().len(), 1, "both have said yes");
}

async fn what_waits_to_be_said_is_in_no_export(database: TestDatabase) {
    let store = database.open().await;
    set_up(&store, HOME, &[ANA]).await;
    store.say(HOME, &draft(Notice::Welcome, Address::Member(ANA)), notice_id(1), now()).await.unwrap();
    let notices = async || handed_over(&store, ANA).await["notices"].as_array().unwrap().len();
    assert_eq!(notices().await, 0);
    everything_is_said(&store).await;
    assert_eq!(notices().await, 1);
}
