//! What the listening stories stand on: a Discord, a database, a clock, and processes that come and go.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use chrono::{DateTime, Utc};
use fake_discord::{Channel, Community, Discord, Id, Options, Person};
use secrecy::SecretString;
use serenity::http::{Http, HttpBuilder};
use tokio::sync::watch::{Receiver, Sender};
use tokio::task::JoinHandle;
use wallflower::app::watch::{Watch, shard_of};
use wallflower::clock::{Clock, ManualClock};
use wallflower::discord::listener::{Gateway, Listener, ListenerError, Share};
use wallflower::domain::ids::{CommunityId, UserId};
use wallflower::domain::member::{Member, Membership, Profile};
use wallflower::domain::tie::{Kind, Week};
use wallflower::store::Store;

use crate::support::TestDatabase;

/// For how long a story waits in real time before it fails; sessions may be begun once in five seconds.
const PATIENCE: Duration = Duration::from_secs(20);
const LOOK_EVERY: Duration = Duration::from_millis(10);
/// What is to be read has been by then, where it can be.
const COMES_TO_REST: Duration = Duration::from_secs(2);
const REPLY: u8 = 19;

/// A Discord, a database and a clock, which outlive the processes.
pub struct Stage {
    pub discord: Discord,
    pub den: Community,
    pub general: Channel,
    pub store: Store,
    pub clock: Arc<ManualClock>,
    pub database: TestDatabase,
    /// Whether the processes ask for compression.
    pub compressed: bool,
}

/// One run of the listening half.
pub struct Process {
    pub watch: Arc<Watch>,
    pub begun: Receiver<Option<Gateway>>,
    pub stop: Sender<bool>,
    pub task: JoinHandle<Result<(), ListenerError>>,
}

impl Process {
    /// As SIGKILL: nothing is flushed, nobody is told.
    pub async fn dies(self) {
        self.task.abort();
        assert!(self.task.await.unwrap_err().is_cancelled());
    }

    pub async fn stops(self) -> Result<(), ListenerError> {
        self.stop.send_replace(true);
        tokio::time::timeout(Duration::from_secs(5), self.task).await.expect("a stop within five seconds").unwrap()
    }
}

pub fn community_id(raw: Id) -> CommunityId {
    CommunityId::new(raw).unwrap()
}

impl Stage {
    pub async fn new(database: TestDatabase) -> Self {
        Self::at(database, Options::default()).await
    }

    /// At a Discord that behaves like this.
    pub async fn at(database: TestDatabase, options: Options) -> Self {
        let discord = Discord::start(options).await;
        let den = discord.community("Den");
        let general = den.channel("general");
        let store = database.open().await;
        let clock = Arc::new(ManualClock::new(DateTime::from_timestamp_millis(discord.now()).unwrap()));
        store.community_present(community_id(den.id), "Den", clock.now()).await.unwrap();
        Self { discord, den, general, store, clock, database, compressed: true }
    }

    pub fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(self.discord.now()).unwrap()
    }

    /// Time passes for Discord and for all who follow its clock.
    pub fn passes(&self, by: Duration) {
        self.discord.advance(by);
        self.clock.set(self.now());
    }

    pub async fn member(&self, name: &str) -> Person {
        let person = self.den.person(name);
        let (community, user) = (community_id(self.den.id), UserId::new(person.id).unwrap());
        let (membership, profile) = (Membership::Active, Profile::default());
        self.store.enrol(&Member { community, user, counted_from: 1, membership, profile }).await.unwrap();
        person
    }

    pub fn http(&self) -> Arc<Http> {
        Arc::new(HttpBuilder::new(self.discord.token()).proxy(self.discord.url()).ratelimiter_disabled(true).build())
    }

    pub async fn begins(&self) -> Process {
        self.begins_with(Share::default()).await
    }

    /// Begins with a share of the shards, as a run of its own.
    pub async fn begins_with(&self, share: Share) -> Process {
        static RUNS: AtomicU32 = AtomicU32::new(0);
        let share = Share { run: format!("run {}", RUNS.fetch_add(1, Ordering::Relaxed)), ..share };
        let watch = Arc::new(Watch::open(self.store.clone()).await.unwrap());
        let token = SecretString::from(self.discord.token());
        let listener =
            Listener::new(token, self.http(), Arc::clone(&watch), self.store.clone(), Arc::clone(&self.clock) as _)
                .compressed(self.compressed)
                .sharing(share);
        let (begun, stop) = (listener.begun(), Sender::new(false));
        let task = tokio::spawn(listener.run(stop.subscribe()));
        Process { watch, begun, stop, task }
    }

    /// Begins, and has taken in the community.
    pub async fn listens(&self) -> Process {
        self.listens_with(Share::default()).await
    }

    /// Begins with a share of the shards, the den's among them, and has taken that in.
    pub async fn listens_with(&self, share: Share) -> Process {
        let mut process = self.begins_with(share).await;
        let began = process.begun.wait_for(Option::is_some);
        tokio::time::timeout(PATIENCE, began).await.expect("a session that begins").expect("a process that lives");
        let den = community_id(self.den.id);
        let shards = process.begun.borrow().as_ref().map_or(1, |gateway| gateway.shards);
        let own = shard_of(den, shards);
        eventually("the community to arrive", async || {
            let arrived = process.watch.session(own).is_some_and(|session| session.sequence > 1);
            arrived && process.watch.readings_left(den) == 0
        })
        .await;
        process
    }

    /// Who turned to whom by reply and mention, as the database has it.
    pub async fn told(&self) -> BTreeMap<(Id, Id, Kind), i64> {
        self.told_by([Kind::Reply, Kind::Mention]).await
    }

    /// Who turned to whom in these ways, as the database has it.
    pub async fn told_by<const N: usize>(&self, kinds: [Kind; N]) -> BTreeMap<(Id, Id, Kind), i64> {
        let mut told = BTreeMap::new();
        let ties = self.store.ties(community_id(self.den.id), Week::of(self.clock.now()).earlier(50)).await.unwrap();
        for (pair, counts) in ties {
            for kind in kinds {
                let talk = counts.of_kind(kind);
                told.insert((pair.low().to_u64(), pair.high().to_u64(), kind), talk.low_to_high.0);
                told.insert((pair.high().to_u64(), pair.low().to_u64(), kind), talk.high_to_low.0);
            }
        }
        told.retain(|_, amount| *amount != 0);
        told
    }

    /// The same, of what Discord remembers between these people, in these channels.
    pub fn truth(&self, people: &[&Person], channels: &[&Channel]) -> BTreeMap<(Id, Id, Kind), i64> {
        let members: Vec<Id> = people.iter().map(|person| person.id).collect();
        self.discord.world(|world| {
            let mut truth = BTreeMap::new();
            for message in world.messages.values().filter(|m| channels.iter().any(|channel| channel.id == m.channel)) {
                let answered = message.reference.as_ref().filter(|_| message.kind == REPLY);
                let to = match answered.and_then(|reference| world.messages.get(&reference.message)) {
                    Some(answered) => vec![(answered.author, Kind::Reply)],
                    None => message.mentions.iter().map(|id| (*id, Kind::Mention)).collect(),
                };
                // One message, shared evenly, but for a thousandth more to the first.
                let share = 999 / i64::try_from(to.len().max(1)).unwrap();
                for (place, (to, kind)) in to.into_iter().enumerate() {
                    if to != message.author && members.contains(&to) && members.contains(&message.author) {
                        *truth.entry((message.author, to, kind)).or_insert(0) += share + i64::from(place == 0);
                    }
                }
            }
            truth
        })
    }

    /// Waits until all that was said is counted; fails where more is counted, or less.
    pub async fn is_all_counted(&self, people: &[&Person], channels: &[&Channel]) {
        let truth = self.truth(people, channels);
        assert!(!truth.is_empty(), "a story in which nothing is said shows nothing");
        let mut told = BTreeMap::new();
        let counted = tokio::time::timeout(PATIENCE, async {
            loop {
                // A flush is due every few seconds of the clock.
                self.clock.advance(chrono::Duration::seconds(4));
                told = self.told().await;
                if told == truth {
                    break;
                }
                tokio::time::sleep(LOOK_EVERY).await;
            }
        });
        if counted.await.is_err() {
            let unread = self.store.readings().await.unwrap();
            assert_eq!(told, truth, "all is counted once; unread: {unread:?}");
        }
        // What counts twice may do so later. What stays unread waits behind a door.
        let unread = async || self.store.readings().await.unwrap().len() + self.store.listings().await.unwrap().len();
        let _ = tokio::time::timeout(COMES_TO_REST, async {
            while unread().await > 0 {
                tokio::time::sleep(LOOK_EVERY).await;
            }
        })
        .await;
        self.clock.advance(chrono::Duration::seconds(4));
        tokio::time::sleep(LOOK_EVERY).await;
        assert_eq!(self.told().await, truth, "all is counted once, also a while later");
    }
}

impl Stage {
    /// Whether the files of the database, where it is one, hold an id as text or number.
    pub fn bytes_hold(&self, id: Id) -> bool {
        let text = id.to_string();
        std::fs::read_dir(self.database.folder()).unwrap().any(|file| {
            let bytes = std::fs::read(file.unwrap().path()).unwrap();
            let has = |needle: &[u8]| bytes.windows(needle.len()).any(|window| window == needle);
            has(text.as_bytes()) || has(&id.to_be_bytes())
        })
    }
}

pub async fn eventually(what: &str, look: impl AsyncFnMut() -> bool) {
    eventually_within(PATIENCE, what, look).await;
}

pub async fn eventually_within(patience: Duration, what: &str, mut look: impl AsyncFnMut() -> bool) {
    let waited = tokio::time::timeout(patience, async {
        while !look().await {
            tokio::time::sleep(LOOK_EVERY).await;
        }
    });
    assert!(waited.await.is_ok(), "waited in vain for {what}");
}

/// Some talk: replies and mentions both ways, a bystander in between.
pub fn chat(place: &Channel, ana: &Person, bo: &Person, wally: &Person) {
    let hello = ana.says(place, "who is in for chess?");
    let answer = bo.replies_to(&hello, "me");
    wally.replies_to(&answer, "me too");
    ana.replies_to(&answer, "fine");
    bo.mentions(place, &[ana, wally], "look at this");
    ana.mentions(place, &[bo], "when?");
    ana.mentions(place, &[wally], "you too?");
}
