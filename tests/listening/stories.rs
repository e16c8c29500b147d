//! Stories of the listening session over a real socket: what is said is counted once, whatever happens to the line or to
//! the process. The truth is what the local Discord remembers.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use crate::on_both_engines;
use crate::support::TestDatabase;
use chrono::DateTime;
use fake_discord::{Channel, Community, Discord, Id, Options, Person, permissions};
use secrecy::SecretString;
use serenity::http::{Http, HttpBuilder};
use tokio::sync::watch::Sender;
use tokio::task::JoinHandle;
use wallflower::app::watch::{Access, Watch};
use wallflower::clock::{Clock, ManualClock};
use wallflower::discord::listener::{Listener, ListenerError};
use wallflower::domain::ids::{ChannelId, CommunityId, UserId};
use wallflower::domain::member::{Member, Membership, Profile};
use wallflower::domain::tie::{Kind, Week};
use wallflower::store::Store;

/// For how long a story waits in real time before it fails; sessions may be begun once in five seconds.
const PATIENCE: Duration = Duration::from_secs(20);
const REPLY: u8 = 19;

on_both_engines!(
    what_was_said_before_during_and_after_a_kill_counts_once,
    a_cut_line_is_resumed_and_a_refused_resume_is_read_again,
    a_stop_flushes_and_leaves_a_session_that_can_be_resumed,
    a_closed_past_is_skipped_and_said,
    being_thrown_out_is_noticed_at_once_or_at_the_next_start,
    final_refusals_end_it_with_one_sentence,
);

/// A Discord, a database and a clock, which outlive the processes.
struct Stage {
    discord: Discord,
    den: Community,
    general: Channel,
    store: Store,
    clock: Arc<ManualClock>,
    database: TestDatabase,
}

/// One run of the listening half.
struct Process {
    watch: Arc<Watch>,
    stop: Sender<bool>,
    task: JoinHandle<Result<(), ListenerError>>,
}

impl Process {
    /// As SIGKILL: nothing is flushed, nobody is told.
    async fn is_killed(self) {
        self.task.abort();
        assert!(self.task.await.unwrap_err().is_cancelled());
    }

    async fn stops(self) -> Result<(), ListenerError> {
        self.stop.send_replace(true);
        tokio::time::timeout(Duration::from_secs(5), self.task).await.expect("a stop within five seconds").unwrap()
    }
}

fn community_id(raw: Id) -> CommunityId {
    CommunityId::new(raw).unwrap()
}

impl Stage {
    async fn new(database: TestDatabase) -> Self {
        let discord = Discord::start(Options::default()).await;
        let den = discord.community("Den");
        let general = den.channel("general");
        let store = database.open().await;
        let clock = Arc::new(ManualClock::new(DateTime::from_timestamp_millis(discord.now()).unwrap()));
        store.community_present(community_id(den.id), "Den", clock.now()).await.unwrap();
        Self { discord, den, general, store, clock, database }
    }

    async fn member(&self, name: &str) -> Person {
        let person = self.den.person(name);
        let (community, user) = (community_id(self.den.id), UserId::new(person.id).unwrap());
        let (membership, profile) = (Membership::Active, Profile::default());
        self.store.enrol(&Member { community, user, counted_from: 1, membership, profile }).await.unwrap();
        person
    }

    fn http(&self) -> Arc<Http> {
        Arc::new(HttpBuilder::new(self.discord.token()).proxy(self.discord.url()).ratelimiter_disabled(true).build())
    }

    async fn begins(&self) -> Process {
        let watch = Arc::new(Watch::open(self.store.clone()).await.unwrap());
        let token = SecretString::from(self.discord.token());
        let listener =
            Listener::new(token, self.http(), Arc::clone(&watch), self.store.clone(), Arc::clone(&self.clock) as _);
        let stop = Sender::new(false);
        let task = tokio::spawn(listener.run(stop.subscribe()));
        Process { watch, stop, task }
    }

    /// Begins, and has taken in the community.
    async fn listens(&self) -> Process {
        let arrivals = self.discord.identifies();
        let process = self.begins().await;
        self.discord.until("the session to begin", |discord| discord.identifies() > arrivals).await;
        let (shard, den) = (0, community_id(self.den.id));
        eventually("the community to arrive", async || {
            let arrived = process.watch.session(shard).is_some_and(|session| session.sequence > 1);
            arrived && process.watch.readings_left(den) == 0
        })
        .await;
        process
    }

    /// Who turned to whom by reply and mention, as the database has it.
    async fn told(&self) -> BTreeMap<(Id, Id, Kind), i64> {
        let mut told = BTreeMap::new();
        let ties = self.store.ties(community_id(self.den.id), Week::of(self.clock.now()).earlier(50)).await.unwrap();
        for (pair, counts) in ties {
            for kind in [Kind::Reply, Kind::Mention] {
                let talk = counts.of_kind(kind);
                told.insert((pair.low().to_u64(), pair.high().to_u64(), kind), talk.low_to_high.0);
                told.insert((pair.high().to_u64(), pair.low().to_u64(), kind), talk.high_to_low.0);
            }
        }
        told.retain(|_, amount| *amount != 0);
        told
    }

    /// The same, of what Discord remembers between these people, in these channels.
    fn truth(&self, people: &[&Person], channels: &[&Channel]) -> BTreeMap<(Id, Id, Kind), i64> {
        let members: Vec<Id> = people.iter().map(|person| person.id).collect();
        self.discord.world(|world| {
            let mut truth = BTreeMap::new();
            for message in world.messages.values().filter(|m| channels.iter().any(|channel| channel.id == m.channel)) {
                let answered = message.reference.as_ref().filter(|_| message.kind == REPLY);
                let to = match answered.and_then(|reference| world.messages.get(&reference.message)) {
                    Some(answered) => vec![(answered.author, Kind::Reply)],
                    None => message.mentions.iter().map(|id| (*id, Kind::Mention)).collect(),
                };
                let share = 1000 / i64::try_from(to.len().max(1)).unwrap();
                for (to, kind) in to {
                    if to != message.author && members.contains(&to) && members.contains(&message.author) {
                        *truth.entry((message.author, to, kind)).or_insert(0) += share;
                    }
                }
            }
            truth
        })
    }

    /// Waits until all that was said is counted; fails where more is counted, or less.
    async fn is_all_counted(&self, people: &[&Person], channels: &[&Channel]) {
        let truth = self.truth(people, channels);
        assert!(!truth.is_empty(), "a story in which nothing is said shows nothing");
        eventually("all to be counted once", async || {
            // A flush is due every few seconds of the clock.
            self.clock.advance(chrono::Duration::seconds(4));
            self.told().await == truth
        })
        .await;
    }
}

impl Stage {
    /// Whether the files of the database, where it is one, hold an id as text or number.
    fn bytes_hold(&self, id: Id) -> bool {
        let text = id.to_string();
        std::fs::read_dir(self.database.folder()).unwrap().any(|file| {
            let bytes = std::fs::read(file.unwrap().path()).unwrap();
            let has = |needle: &[u8]| bytes.windows(needle.len()).any(|window| window == needle);
            has(text.as_bytes()) || has(&id.to_be_bytes())
        })
    }
}

async fn eventually(what: &str, mut look: impl AsyncFnMut() -> bool) {
    let waited = tokio::time::timeout(PATIENCE, async {
        while !look().await {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    });
    assert!(waited.await.is_ok(), "waited in vain for {what}");
}

/// Some talk: replies and mentions both ways, a bystander in between.
fn chat(place: &Channel, ana: &Person, bo: &Person, wally: &Person) {
    let hello = ana.says(place, "who is in for chess?");
    let answer = bo.replies_to(&hello, "me");
    wally.replies_to(&answer, "me too");
    ana.replies_to(&answer, "fine");
    bo.mentions(place, &[ana, wally], "look at this");
    ana.mentions(place, &[bo], "when?");
    ana.mentions(place, &[wally], "you too?");
}

async fn what_was_said_before_during_and_after_a_kill_counts_once(database: TestDatabase) {
    let stage = Stage::new(database).await;
    let (ana, bo, wally) = (stage.member("ana").await, stage.member("bo").await, stage.den.person("wally"));
    let general = &stage.general;
    let process = stage.listens().await;
    chat(general, &ana, &bo, &wally);
    stage.is_all_counted(&[&ana, &bo], &[general]).await;
    // Heard, and forgotten with the process.
    chat(general, &ana, &bo, &wally);
    process.is_killed().await;
    // Said to nobody: more than a page, in an old channel, a new one and a thread.
    for _ in 0..20 {
        chat(general, &ana, &bo, &wally);
    }
    let den2 = stage.den.channel("chess");
    chat(&den2, &ana, &bo, &wally);
    let thread = ana.opens_thread(general, "openings");
    chat(&thread, &ana, &bo, &wally);
    let process = stage.begins().await;
    chat(general, &ana, &bo, &wally);
    stage.is_all_counted(&[&ana, &bo], &[general, &den2, &thread]).await;
    let post = bo.opens_thread(&den2, "endgames");
    chat(&post, &ana, &bo, &wally);
    stage.is_all_counted(&[&ana, &bo], &[general, &den2, &thread, &post]).await;
    process.stops().await.unwrap();
    let rows = stage.database.rows().await;
    let stored = |id: Id| rows.iter().any(|(_, row)| row.contains(&id.to_string()));
    assert!(stored(bo.id), "the search must be able to find");
    assert!(!stored(wally.id) && !rows.iter().any(|(_, row)| row.contains("wally")), "a bystander is never stored");
    assert!(!stage.bytes_hold(wally.id), "nor in what SQLite has deleted or keeps in its log");
    stage.discord.assert_no_violations();
}

async fn a_cut_line_is_resumed_and_a_refused_resume_is_read_again(database: TestDatabase) {
    let stage = Stage::new(database).await;
    let (ana, bo, wally) = (stage.member("ana").await, stage.member("bo").await, stage.den.person("wally"));
    let general = &stage.general;
    let process = stage.listens().await;
    chat(general, &ana, &bo, &wally);
    stage.discord.drop_connections();
    chat(general, &ana, &bo, &wally);
    stage.discord.until("the resume", |discord| discord.resumes() == 1).await;
    stage.is_all_counted(&[&ana, &bo], &[general]).await;
    stage.discord.ask_to_reconnect();
    chat(general, &ana, &bo, &wally);
    stage.discord.until("the second resume", |discord| discord.resumes() == 2).await;
    stage.is_all_counted(&[&ana, &bo], &[general]).await;
    let begun = stage.discord.identifies();
    stage.discord.refuse_resumes(1);
    stage.discord.drop_connections();
    chat(general, &ana, &bo, &wally);
    stage.discord.until("a new session", |discord| discord.identifies() > begun).await;
    chat(general, &ana, &bo, &wally);
    stage.is_all_counted(&[&ana, &bo], &[general]).await;
    process.stops().await.unwrap();
}

async fn a_stop_flushes_and_leaves_a_session_that_can_be_resumed(database: TestDatabase) {
    let stage = Stage::new(database).await;
    let (ana, bo) = (stage.member("ana").await, stage.member("bo").await);
    let process = stage.listens().await;
    bo.replies_to(&ana.says(&stage.general, "hi"), "hi");
    let heard = |process: &Process| process.watch.session(0).unwrap().sequence;
    let told = stage.discord.sessions()[0].seq;
    eventually("the frames to be heard", async || heard(&process) == told).await;
    assert!(stage.told().await.is_empty(), "the clock stands still, so nothing was flushed");
    process.stops().await.unwrap();
    assert_eq!(stage.told().await, stage.truth(&[&ana, &bo], &[&stage.general]));
    stage.discord.until("the line to close", |discord| discord.sessions().iter().all(|s| !s.connected)).await;
    let (left, stored) = (stage.discord.sessions(), stage.store.session(0, 1).await.unwrap().unwrap());
    assert_eq!((left[0].id.clone(), left[0].seq), (stored.session, stored.sequence));
}

async fn a_closed_past_is_skipped_and_said(database: TestDatabase) {
    let stage = Stage::new(database).await;
    let (ana, bo, wally) = (stage.member("ana").await, stage.member("bo").await, stage.den.person("wally"));
    let closed = stage.den.channel("closed");
    stage.listens().await.is_killed().await;
    closed.denies_bot(permissions::READ_MESSAGE_HISTORY);
    chat(&closed, &ana, &bo, &wally);
    chat(&stage.general, &ana, &bo, &wally);
    let process = stage.begins().await;
    stage.is_all_counted(&[&ana, &bo], &[&stage.general]).await;
    let skipped = process.watch.skipped(community_id(stage.den.id));
    assert_eq!(skipped, BTreeMap::from([(ChannelId::new(closed.id).unwrap(), Access::NoHistory)]));
    process.stops().await.unwrap();
}

async fn being_thrown_out_is_noticed_at_once_or_at_the_next_start(database: TestDatabase) {
    let stage = Stage::new(database).await;
    let cave = stage.discord.community("Cave");
    let process = stage.listens().await;
    let removed = async |raw: Id| {
        let found = stage.store.community(community_id(raw)).await.unwrap();
        found.is_some_and(|found| found.removed_at.is_some())
    };
    eventually("both to be known", async || stage.store.communities().await.unwrap().len() == 2).await;
    stage.den.goes_down();
    cave.kicks_bot();
    eventually("the cave to be removed", async || removed(cave.id).await).await;
    assert!(!removed(stage.den.id).await, "an outage is no removal");
    process.is_killed().await;
    stage.den.comes_back();
    stage.den.kicks_bot();
    cave.adds_bot();
    let process = stage.begins().await;
    eventually("the den to be removed", async || removed(stage.den.id).await).await;
    eventually("the cave to be back", async || !removed(cave.id).await).await;
    process.stops().await.unwrap();
}

async fn final_refusals_end_it_with_one_sentence(database: TestDatabase) {
    let stage = Stage::new(database).await;
    let wrong = stage.discord.token().replace("opens", "shuts");
    let http = HttpBuilder::new(&wrong).proxy(stage.discord.url()).ratelimiter_disabled(true).build();
    let watch = Arc::new(Watch::open(stage.store.clone()).await.unwrap());
    let clock = Arc::clone(&stage.clock) as _;
    let listener = Listener::new(SecretString::from(wrong), Arc::new(http), watch, stage.store.clone(), clock);
    let (_stop, stop) = tokio::sync::watch::channel(false);
    assert!(matches!(listener.run(stop).await, Err(ListenerError::BadToken)));

    // The token is good for REST, and the gateway refuses it all the same.
    let process = stage.listens().await;
    stage.discord.close_connections(4004);
    assert!(matches!(process.task.await.unwrap(), Err(ListenerError::BadToken)));
    let process = stage.listens().await;
    stage.discord.close_connections(4014);
    assert!(matches!(process.task.await.unwrap(), Err(ListenerError::DisallowedIntents)));
}

/// The database is locked for longer than reading may rest: the line is closed, kept resumable, and taken up again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes half a minute of real time"]
async fn a_database_away_for_twenty_seconds_loses_nothing() {
    let stage = Stage::new(TestDatabase::sqlite()).await;
    let (ana, bo, wally) = (stage.member("ana").await, stage.member("bo").await, stage.den.person("wally"));
    let process = stage.listens().await;
    let file = stage.database.url.clone();
    let mut other = <sqlx::SqliteConnection as sqlx::Connection>::connect(&file).await.unwrap();
    sqlx::query("BEGIN IMMEDIATE").execute(&mut other).await.unwrap();
    chat(&stage.general, &ana, &bo, &wally);
    stage.clock.advance(chrono::Duration::seconds(4));
    eventually("the line to be closed", async || stage.discord.sessions().iter().all(|s| !s.connected)).await;
    chat(&stage.general, &ana, &bo, &wally);
    sqlx::query("ROLLBACK").execute(&mut other).await.unwrap();
    stage.discord.until("the resume", |discord| discord.resumes() == 1).await;
    stage.is_all_counted(&[&ana, &bo], &[&stage.general]).await;
    assert_eq!(stage.discord.identifies(), 1, "the session was kept");
    process.stops().await.unwrap();
}
