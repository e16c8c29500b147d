//! The past of who joins, over a real socket: read once, gently, and to the same end wherever the process dies.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::DateTime;
use fake_discord::{Channel, Person, RestFault, permissions, snowflake_at};
use wallflower::app::programme::PastLeft;
use wallflower::app::watch::Access;
use wallflower::domain::ids::{ChannelId, UserId};
use wallflower::domain::member::{Member, Membership, Profile};
use wallflower::domain::tie::Kind;

use crate::on_both_engines;
use crate::stage::{Process, Stage, chat, community_id, eventually};
use crate::support::TestDatabase;

on_both_engines!(
    who_joins_gets_the_last_weeks_once_however_often_the_process_dies,
    a_past_that_is_closed_is_skipped_and_said,
    a_past_that_was_closed_is_read_once_it_opens,
    a_past_whose_door_closes_and_opens_again_is_read_to_its_end,
    a_past_whose_door_stays_closed_counts_as_far_as_it_was_read,
    a_start_in_the_middle_of_a_talk_guesses_as_if_it_had_listened,
);

/// As a click would.
async fn joins(stage: &Stage, process: &Process, person: &Person) {
    let (community, user) = (community_id(stage.den.id), UserId::new(person.id).unwrap());
    let moment = i64::try_from(snowflake_at(stage.discord.now())).unwrap();
    let admission = process.watch.admit(community, user, moment).await.unwrap();
    let (membership, profile) = (Membership::Active, Profile::default());
    let member = Member { community, user, counted_from: admission.from(), membership, profile };
    stage.store.enrol(&member).await.unwrap();
    admission.keep();
}

const DAY: u64 = 24 * 60 * 60;

fn seconds_pass(stage: &Stage, seconds: u64) {
    stage.discord.advance(Duration::from_secs(seconds));
    stage.clock.set(DateTime::from_timestamp_millis(stage.discord.now()).unwrap());
}

async fn left(stage: &Stage) -> PastLeft {
    stage.store.pasts().await.unwrap().get(&community_id(stage.den.id)).map(PastLeft::from).unwrap_or_default()
}

async fn is_read(stage: &Stage) {
    eventually("the past to be read", async || left(stage).await == PastLeft::default()).await;
}

/// How many requests for messages of a channel's past were answered.
fn answered(stage: &Stage, channel: &Channel) -> usize {
    let path = format!("/channels/{}/messages", channel.id);
    let requests = stage.discord.requests();
    requests.iter().filter(|request| request.path == path && request.query.contains("before=")).count()
}

/// A process that dies over the next channel of the past, while it waits for the answer to its request with this number.
async fn one_dies_in_request(stage: &Stage, number: usize, channel: &Channel, talk: impl FnOnce()) {
    let path = format!("/channels/{}/messages", channel.id);
    stage.discord.fail_requests(number - 1, "GET", &path, RestFault::Slow(Duration::ZERO));
    stage.discord.fail_requests(1, "GET", &path, RestFault::Slow(Duration::from_mins(10)));
    let process = stage.begins().await;
    talk();
    stage.discord.until("the request to die in", |discord| discord.faults_to_come() == 0).await;
    process.dies().await;
    // Else the next one would hear the talk, and learn from it.
    stage.discord.invalidate_sessions(false);
    stage.discord.clear_faults();
    let past = stage.store.pasts().await.unwrap().remove(&community_id(stage.den.id)).unwrap();
    let scan = past.scans.iter().find(|scan| scan.channel.to_u64() == channel.id).unwrap();
    assert!(!scan.done, "a channel is done when it is whole");
}

/// Weeks of talk, then three join, and so many processes die over their past, each a request later than the one before.
/// Returns what was guessed to be Bo's for Ana.
async fn weeks_of_talk(database: TestDatabase, deaths: usize) -> i64 {
    let stage = Stage::new(database).await;
    let [ana, bo, cy, wally] = ["ana", "bo", "cy", "wally"].map(|name| stage.den.person(name));
    let (general, attic, chess) = (&stage.general, stage.den.channel("attic"), stage.den.channel("chess"));
    chat(&attic, &ana, &bo, &wally);
    seconds_pass(&stage, 5 * DAY);
    for _ in 0..18 {
        chat(general, &ana, &bo, &wally);
        chat(general, &bo, &cy, &wally);
        seconds_pass(&stage, 3 * DAY);
    }
    // Over the attic, which is silent for longer than the past reaches, it is quick.
    let thread = ana.opens_thread(general, "openings");
    chat(&thread, &ana, &bo, &wally);
    let closed = bo.opens_thread(general, "endgames");
    chat(&closed, &cy, &bo, &wally);
    closed.is_archived_now();
    let process = stage.listens().await;
    for person in [&ana, &bo, &cy] {
        joins(&stage, &process, person).await;
        seconds_pass(&stage, 60);
    }
    process.dies().await;
    for death in 1..=deaths {
        one_dies_in_request(&stage, death, general, || chat(&chess, &bo, &cy, &wally)).await;
        chat(&chess, &cy, &bo, &wally);
    }
    one_dies_in_request(&stage, 1, &thread, || {}).await;
    let process = stage.begins().await;
    chat(&chess, &bo, &cy, &wally);
    is_read(&stage).await;
    stage.is_all_counted(&[&ana, &bo, &cy], &[general, &thread, &closed, &chess]).await;
    process.stops().await.unwrap();
    assert!(!stage.database.rows().await.iter().any(|(_, row)| row.contains(&wally.id.to_string())));
    stage.discord.assert_no_violations();
    let guessed = stage.told_by([Kind::Turn]).await;
    guessed[&(bo.id, ana.id, Kind::Turn)]
}

async fn who_joins_gets_the_last_weeks_once_however_often_the_process_dies(database: TestDatabase) {
    let unharmed = weeks_of_talk(TestDatabase::sqlite(), 0).await;
    assert_eq!(weeks_of_talk(database, 3).await, unharmed);
}

async fn a_past_that_is_closed_is_skipped_and_said(database: TestDatabase) {
    let stage = Stage::new(database).await;
    let (ana, bo, wally) = (stage.member("ana").await, stage.den.person("bo"), stage.den.person("wally"));
    let closed = stage.den.channel("closed");
    closed.denies_bot(permissions::READ_MESSAGE_HISTORY);
    chat(&closed, &ana, &bo, &wally);
    chat(&stage.general, &ana, &bo, &wally);
    let process = stage.listens().await;
    joins(&stage, &process, &bo).await;
    is_read(&stage).await;
    stage.is_all_counted(&[&ana, &bo], &[&stage.general]).await;
    let skipped = process.watch.skipped(community_id(stage.den.id));
    assert_eq!(skipped, BTreeMap::from([(ChannelId::new(closed.id).unwrap(), Access::NoHistory)]));
    assert_eq!((answered(&stage, &closed), answered(&stage, &stage.general)), (0, 1));
    process.stops().await.unwrap();
}

/// A channel whose past is closed, and one that is hidden: both are opened later, with their threads, to another process.
async fn a_past_that_was_closed_is_read_once_it_opens(database: TestDatabase) {
    let stage = Stage::new(database).await;
    stage.discord.change_world(|world| world.tells_hidden = true);
    let (ana, bo, wally) = (stage.member("ana").await, stage.den.person("bo"), stage.den.person("wally"));
    let (deaf, hidden) = (stage.den.channel("deaf"), stage.den.channel("hidden"));
    let doors = [(&deaf, permissions::READ_MESSAGE_HISTORY), (&hidden, permissions::VIEW_CHANNEL)];
    let open = ana.opens_thread(&hidden, "openings");
    let archived = bo.opens_thread(&deaf, "endgames");
    let all = [&stage.general, &deaf, &hidden, &open, &archived];
    let talk = || all.iter().for_each(|channel| chat(channel, &ana, &bo, &wally));
    talk();
    archived.is_archived_now();
    for (channel, permission) in doors {
        channel.denies_bot(permission);
    }
    seconds_pass(&stage, 60);
    let process = stage.listens().await;
    joins(&stage, &process, &bo).await;
    is_read(&stage).await;
    stage.is_all_counted(&[&ana, &bo], &[&stage.general]).await;
    let skipped = process.watch.skipped(community_id(stage.den.id));
    assert!(doors.iter().all(|(channel, _)| skipped.contains_key(&ChannelId::new(channel.id).unwrap())));
    process.dies().await;
    let process = stage.listens().await;
    for (channel, permission) in doors {
        channel.allows_bot(permission);
    }
    stage.is_all_counted(&[&ana, &bo], &all).await;
    is_read(&stage).await;
    assert!(stage.store.left_out().await.unwrap().is_empty());
    // Closed and opened once more it is not read again.
    for (channel, permission) in doors {
        channel.denies_bot(permission);
        channel.allows_bot(permission);
    }
    talk();
    stage.is_all_counted(&[&ana, &bo], &all).await;
    process.stops().await.unwrap();
    stage.discord.assert_no_violations();
}

/// Two talk without naming each other, and a process that dies between any two of their messages is followed by another.
/// What was guessed, in the order of who, whom.
async fn small_talk(database: TestDatabase, dies_after: usize, rest_fails: bool) -> Vec<i64> {
    let stage = Stage::new(database).await;
    let (ana, bo, wally) = (stage.member("ana").await, stage.member("bo").await, stage.den.person("wally"));
    let mut process = stage.listens().await;
    // Frames that are heard and not flushed would be read as a gap.
    let heard = async |process: &Process| {
        eventually("the talk to be heard", async || {
            stage.clock.advance(chrono::Duration::seconds(4));
            let told = process.watch.session(0).map(|session| session.sequence);
            let stored = stage.store.session(0, 1).await.unwrap().map(|session| session.sequence);
            told == Some(stage.discord.sessions().last().unwrap().seq) && stored == told
        })
        .await;
    };
    for number in 0..6 {
        ana.says(&stage.general, "the tide is out");
        bo.says(&stage.general, "then we walk");
        if number == 3 {
            wally.mentions(&stage.general, &[&ana], "wait for me");
        }
        heard(&process).await;
        if number == dies_after {
            // Else the past of the two would take the fault that is meant for the warming.
            is_read(&stage).await;
            process.dies().await;
            let path = format!("/channels/{}/messages", stage.general.id);
            stage.discord.fail_requests(usize::from(rest_fails), "GET", &path, RestFault::Status(500));
            process = stage.listens().await;
        }
    }
    let told = stage.told_by([Kind::Turn]).await;
    process.stops().await.unwrap();
    [(&ana, &bo), (&bo, &ana)].map(|(one, other)| told[&(one.id, other.id, Kind::Turn)]).to_vec()
}

async fn a_start_in_the_middle_of_a_talk_guesses_as_if_it_had_listened(database: TestDatabase) {
    let unharmed = small_talk(TestDatabase::sqlite(), usize::MAX, false).await;
    assert_eq!(small_talk(database, 2, false).await, unharmed);
    // Where that fails, less is guessed.
    let cold = small_talk(TestDatabase::sqlite(), 2, true).await;
    assert!(cold[0] < unharmed[0] && cold[1] <= unharmed[1], "{cold:?} {unharmed:?}");
}

/// Two pages of talk, and Bo joins; the door is closed between the two.
async fn between_two_pages(database: TestDatabase) -> (Stage, Process, [Person; 2]) {
    let stage = Stage::new(database).await;
    let (ana, bo, wally) = (stage.member("ana").await, stage.den.person("bo"), stage.den.person("wally"));
    (0..16).for_each(|_| chat(&stage.general, &ana, &bo, &wally));
    let process = stage.listens().await;
    let path = format!("/channels/{}/messages", stage.general.id);
    for slow in [Duration::ZERO, Duration::from_millis(400)] {
        stage.discord.fail_requests(1, "GET", &path, RestFault::Slow(slow));
    }
    joins(&stage, &process, &bo).await;
    stage.discord.until("the second page to be asked for", |discord| discord.faults_to_come() == 0).await;
    stage.general.denies_bot(permissions::READ_MESSAGE_HISTORY);
    // A blind answer, and another one.
    let waits = async || answered(&stage, &stage.general) == 3 || left(&stage).await == PastLeft::default();
    eventually("the past to wait", waits).await;
    (stage, process, [ana, bo])
}

async fn a_past_whose_door_closes_and_opens_again_is_read_to_its_end(database: TestDatabase) {
    let (stage, process, [ana, bo]) = between_two_pages(database).await;
    stage.general.allows_bot(permissions::READ_MESSAGE_HISTORY);
    is_read(&stage).await;
    stage.is_all_counted(&[&ana, &bo], &[&stage.general]).await;
    assert_eq!(answered(&stage, &stage.general), 4, "what had been read is not read again");
    process.stops().await.unwrap();
}

async fn a_past_whose_door_stays_closed_counts_as_far_as_it_was_read(database: TestDatabase) {
    let (stage, process, [ana, bo]) = between_two_pages(database).await;
    eventually("the past to be given up", async || {
        stage.clock.advance(chrono::Duration::minutes(1));
        left(&stage).await == PastLeft::default()
    })
    .await;
    // Of the 16 that they had, each of seven messages, fourteen are among the last hundred.
    assert_eq!(stage.told().await[&(bo.id, ana.id, Kind::Reply)], 14_000);
    process.stops().await.unwrap();
}
