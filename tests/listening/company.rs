//! Company beside writing to each other, over a real socket: minutes in one voice channel, and talk in one thread.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::DateTime;
use fake_discord::world::kind;
use fake_discord::{Channel, Id, Person};
use wallflower::domain::tie::Kind;

use crate::on_both_engines;
use crate::stage::{Process, Stage, eventually};
use crate::support::TestDatabase;

on_both_engines!(
    minutes_together_count_for_those_who_hear_each_other,
    no_minute_counts_twice_whatever_becomes_of_line_and_process,
    two_who_write_in_one_thread_count_once_a_week,
);

/// All that Discord has told has been taken in.
async fn all_is_heard(stage: &Stage, process: &Process) {
    eventually("all to be heard", async || {
        let told = stage.discord.sessions().iter().filter(|one| one.connected).map(|one| one.seq).max();
        told.is_some() && process.watch.session(0).map(|session| session.sequence) == told
    })
    .await;
}

fn seconds_pass(stage: &Stage, seconds: u64) {
    stage.discord.advance(Duration::from_secs(seconds));
    stage.clock.set(DateTime::from_timestamp_millis(stage.discord.now()).unwrap());
}

/// What has happened up to now has, and then so many minutes pass.
async fn minutes_pass(stage: &Stage, process: &Process, minutes: u64) {
    all_is_heard(stage, process).await;
    seconds_pass(stage, minutes * 60);
}

/// To the beginning of the next minute of the clock.
fn the_minute_ends(stage: &Stage) {
    let over = u64::try_from(stage.discord.now() % 60_000).unwrap();
    stage.discord.advance(Duration::from_millis(60_000 - over));
    seconds_pass(stage, 0);
}

/// Thousandths of minutes that each two have, the same in both directions.
async fn minutes_of(stage: &Stage, one: &Person, other: &Person) -> i64 {
    let told = stage.told_by([Kind::Voice]).await;
    let of = |from: Id, to: Id| told.get(&(from, to, Kind::Voice)).copied().unwrap_or(0);
    assert_eq!(of(one.id, other.id), of(other.id, one.id));
    of(one.id, other.id) / 1000
}

/// With the flush that is due after some seconds.
async fn is_counted(stage: &Stage, process: &Process, (one, other): (&Person, &Person), minutes: i64) {
    all_is_heard(stage, process).await;
    seconds_pass(stage, 4);
    eventually("the minutes", async || minutes_of(stage, one, other).await >= minutes).await;
    assert_eq!(minutes_of(stage, one, other).await, minutes);
}

async fn minutes_together_count_for_those_who_hear_each_other(database: TestDatabase) {
    let stage = Stage::new(database).await;
    let voice = |name: &str| stage.den.channel_of_kind(name, kind::VOICE);
    let (lounge, attic, adults): (Channel, Channel, Channel) = (voice("lounge"), voice("attic"), voice("adults"));
    adults.is_marked_age_restricted();
    let (ana, bo, wally) = (stage.member("ana").await, stage.member("bo").await, stage.den.person("wally"));
    let process = stage.listens().await;
    let pass = async |minutes| minutes_pass(&stage, &process, minutes).await;
    the_minute_ends(&stage);
    ana.enters(&lounge);
    pass(5).await; // alone
    wally.enters(&lounge);
    pass(5).await; // with a bystander
    bo.enters(&lounge);
    pass(10).await;
    bo.deafens_themselves(true);
    pass(5).await;
    bo.deafens_themselves(false);
    bo.mutes_themselves(true);
    pass(3).await; // who says nothing is there all the same
    ana.is_deafened(true);
    pass(5).await;
    ana.is_deafened(false);
    ana.enters(&attic);
    pass(5).await;
    bo.enters(&attic);
    pass(4).await;
    stage.den.has_afk_channel(Some(&attic));
    pass(6).await;
    stage.den.has_afk_channel(None);
    pass(2).await;
    ana.enters(&adults);
    bo.enters(&adults);
    pass(7).await;
    bo.hangs_up();
    ana.enters(&lounge);
    pass(1).await;
    is_counted(&stage, &process, (&ana, &bo), 10 + 3 + 4 + 2).await;
    process.stops().await.unwrap();
    let rows = stage.database.rows().await;
    assert!(rows.iter().any(|(place, row)| place.starts_with("stays") && row.contains(&ana.id.to_string())));
    assert!(!rows.iter().any(|(_, row)| row.contains(&wally.id.to_string())), "a bystander is never stored");
    assert!(!stage.bytes_hold(wally.id));
    stage.discord.assert_no_violations();
}

async fn no_minute_counts_twice_whatever_becomes_of_line_and_process(database: TestDatabase) {
    let stage = Stage::new(database).await;
    let lounge = stage.den.channel_of_kind("lounge", kind::VOICE);
    let (ana, bo) = (stage.member("ana").await, stage.member("bo").await);
    ana.enters(&lounge);
    let process = stage.listens().await;
    the_minute_ends(&stage);
    bo.enters(&lounge);
    minutes_pass(&stage, &process, 10).await;
    // A message tells how late it is, so the minutes up to now are counted and stored.
    ana.says(&stage.general, "do you hear me?");
    is_counted(&stage, &process, (&ana, &bo), 10).await;
    stage.discord.drop_connections();
    stage.discord.until("the resume", |discord| discord.resumes() == 1).await;
    minutes_pass(&stage, &process, 5).await;
    ana.says(&stage.general, "and now?");
    is_counted(&stage, &process, (&ana, &bo), 15).await;
    let before_the_kill = stage.discord.now();
    process.dies().await;
    seconds_pass(&stage, 300);
    let process = stage.listens().await;
    minutes_pass(&stage, &process, 5).await;
    bo.hangs_up();
    all_is_heard(&stage, &process).await;
    let were = (stage.discord.now() - before_the_kill) / 60_000;
    seconds_pass(&stage, 4);
    eventually("the minutes after the kill", async || minutes_of(&stage, &ana, &bo).await > 15).await;
    let counted = minutes_of(&stage, &ana, &bo).await;
    assert!((15 + 4..=15 + were).contains(&counted), "{counted} were counted, there were {were} since the kill");
    process.stops().await.unwrap();
}

async fn two_who_write_in_one_thread_count_once_a_week(database: TestDatabase) {
    let stage = Stage::new(database).await;
    let (ana, bo, cy) = (stage.member("ana").await, stage.member("bo").await, stage.member("cy").await);
    let wally = stage.den.person("wally");
    let process = stage.listens().await;
    let thread = ana.opens_thread(&stage.general, "openings");
    let say = |people: &[&Person]| people.iter().for_each(|person| drop(person.says(&thread, "e4")));
    let expect = |pairs: &[(&Person, &Person, i64)]| -> BTreeMap<_, _> {
        let both = |(one, other, weeks): &(&Person, &Person, i64)| {
            [((one.id, other.id, Kind::Thread), weeks * 1000), ((other.id, one.id, Kind::Thread), weeks * 1000)]
        };
        pairs.iter().flat_map(both).collect()
    };
    let is_told = async |expected: BTreeMap<_, _>| {
        eventually("the threads", async || {
            seconds_pass(&stage, 4);
            stage.told_by([Kind::Thread]).await == expected
        })
        .await;
    };
    // Beside each other in a channel is no company of this kind.
    ana.says(&stage.general, "hello");
    bo.says(&stage.general, "hello");
    say(&[&ana, &bo, &wally, &ana, &bo]);
    is_told(expect(&[(&ana, &bo, 1)])).await;
    process.dies().await;
    say(&[&bo, &cy, &ana]);
    // Read by REST: Cy is new, the others have been counted.
    let process = stage.listens().await;
    let all = |weeks| expect(&[(&ana, &bo, weeks), (&ana, &cy, 1), (&bo, &cy, 1)]);
    is_told(all(1)).await;
    say(&[&ana, &bo, &cy]);
    seconds_pass(&stage, 7 * 24 * 60 * 60);
    say(&[&ana, &bo]);
    is_told(all(2)).await;
    process.stops().await.unwrap();
    assert!(!stage.bytes_hold(wally.id), "a bystander is never stored");
    stage.discord.assert_no_violations();
}
