//! What listening costs, part by part: `cargo bench`. Each part is given the same talk of 10,000 people, of whom 2,000 are
//! members, in 200 channels of four communities. The rates are messages a second on one core.
#![expect(clippy::unwrap_used, reason = "a bench that cannot be set up has nothing to tell")]

use std::collections::HashMap;

use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use fake_discord::flood::Frames;
use fake_discord::talk::{Said, Size, Talk};
use fake_discord::{DEFAULT_START_MS, Id};
use tempfile::TempDir;
use wallflower::app::watch::{Access, Heard, Sight, Threads, Watch};
use wallflower::discord::listener::frame::{Dispatch, Payload};
use wallflower::domain::conversation::{Addressee, Habits, Window};
use wallflower::domain::ids::{ChannelId, CommunityId, MessageId, UserId};
use wallflower::domain::member::{Member, Membership, Profile};
use wallflower::domain::observation::{Observation, Reply};
use wallflower::domain::tie::Deltas;
use wallflower::store::{Resume, Store};

const MESSAGES: usize = 100_000;
const SIZE: Size = Size { people: 10_000, gap_ms: 35 };
const SEED: u64 = 20_261_124;

fn main() {
    divan::main();
}

fn talk() -> Talk {
    Talk::new(SEED, &Talk::places(4, 50), SIZE, DEFAULT_START_MS)
}

fn user(id: Id) -> UserId {
    UserId::new(id).unwrap()
}

fn community(id: Id) -> CommunityId {
    CommunityId::new(id).unwrap()
}

fn channel(id: Id) -> ChannelId {
    ChannelId::new(id).unwrap()
}

fn observed(said: &Said) -> Observation {
    let message = MessageId::new(said.message).unwrap();
    let reply = said.answers.map_or(Reply::None, |(_, author)| Reply::To(user(author)));
    let mentions = said.mentions.iter().map(|named| user(*named));
    Observation::new(community(said.community), channel(said.channel), message, user(said.author), reply, mentions)
}

fn observations() -> Vec<Observation> {
    talk().take(MESSAGES).map(|said| observed(&said)).collect()
}

/// One window per channel, found by the place of its channel, so that only hearing is measured.
struct Ears {
    places: Vec<usize>,
    windows: Vec<Window>,
    habits: Habits,
}

impl Ears {
    fn of(all: &[Observation]) -> Self {
        let mut known: HashMap<ChannelId, usize> = HashMap::new();
        let places = all
            .iter()
            .map(|said| {
                let next = known.len();
                *known.entry(said.channel()).or_insert(next)
            })
            .collect();
        Self { places, windows: vec![Window::default(); known.len()], habits: Habits::default() }
    }

    fn hear(&mut self, all: &[Observation], mut then: impl FnMut(&Observation, &[Addressee])) {
        for (said, place) in all.iter().zip(&self.places) {
            let heard = self.windows[*place].hear(said, &mut self.habits);
            then(said, &heard.addressees);
        }
    }
}

/// Whom each message was for.
#[divan::bench(sample_count = 20)]
fn inference(bencher: Bencher) {
    let all = observations();
    bencher.counter(ItemsCount::new(MESSAGES)).with_inputs(|| Ears::of(&all)).bench_local_refs(|ears| {
        ears.hear(&all, |_, to| {
            black_box(to);
        });
    });
}

/// What was inferred, into what the next flush adds.
#[divan::bench(sample_count = 20)]
fn folding(bencher: Bencher) {
    let all = observations();
    let mut told: Vec<Vec<Addressee>> = Vec::new();
    Ears::of(&all).hear(&all, |_, to| told.push(to.to_vec()));
    bencher.counter(ItemsCount::new(MESSAGES)).with_inputs(Deltas::default).bench_local_refs(|deltas| {
        for (said, told) in all.iter().zip(&told) {
            for to in told {
                deltas.add(said.community(), said.author(), to.user, said.at(), to.kind, to.weight);
            }
        }
    });
}

/// Inference and folding as the product does them, with its channels, its ring of ids and its members; no flush.
#[divan::bench(sample_count = 10)]
fn watching(bencher: Bencher) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let heard: Vec<Heard> = observations().into_iter().map(Heard::Message).collect();
    let home = runtime.block_on(Home::new());
    bencher.counter(ItemsCount::new(MESSAGES)).with_inputs(|| runtime.block_on(home.watch())).bench_local_refs(
        |watch| {
            for (sequence, heard) in (2..).zip(&heard) {
                watch.fold(0, sequence, heard);
            }
        },
    );
}

/// The same, with the flushes to SQLite that come between; its own thread works beside this one.
#[divan::bench(sample_count = 3)]
fn watching_and_storing(bencher: Bencher) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let heard: Vec<Heard> = observations().into_iter().map(Heard::Message).collect();
    bencher
        .counter(ItemsCount::new(MESSAGES))
        .with_inputs(|| {
            let home = runtime.block_on(Home::new());
            let watch = runtime.block_on(home.watch());
            (home, watch)
        })
        .bench_local_refs(|(_home, watch)| {
            for (sequence, heard) in (2..).zip(&heard) {
                watch.fold(0, sequence, heard);
                if watch.is_full() {
                    runtime.block_on(watch.flush()).unwrap();
                }
            }
            runtime.block_on(watch.flush()).unwrap();
        });
}

/// Frames of about 1.5 KB into observations.
#[divan::bench(sample_count = 10)]
fn parsing(bencher: Bencher) {
    let frames = Frames::of(talk().take(MESSAGES / 10));
    let texts: Vec<String> = (0..MESSAGES / 10).map(|number| frames.frame(number, 1)).collect();
    bencher.counter(ItemsCount::new(texts.len())).bench_local(|| {
        for text in &texts {
            let dispatch = Dispatch::read(text, |_| true).unwrap().unwrap();
            let Payload::Message(message) = dispatch.payload else { unreachable!("only messages are sent") };
            black_box(message.observed_in(None));
        }
    });
}

/// A database with the members of the talk.
struct Home {
    store: Store,
    _folder: TempDir,
}

impl Home {
    async fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let store = Store::open(&format!("sqlite://{}/bench.db", folder.path().display())).await.unwrap();
        for (of, user_id) in talk().members() {
            let (community, user) = (community(of), user(user_id));
            store.community_present(community, "Den", MessageId::from_column(1).time()).await.unwrap();
            let (membership, profile) = (Membership::Active, Profile::default());
            store.enrol(&Member { community, user, counted_from: 1, membership, profile }).await.unwrap();
        }
        Self { store, _folder: folder }
    }

    /// As after a start, with every channel in sight.
    async fn watch(&self) -> Watch {
        let watch = Watch::open(self.store.clone()).await.unwrap();
        let resume_url = "wss://localhost".to_owned();
        watch.begin(Resume { shard: 0, shards: 1, session: "bench".to_owned(), resume_url, sequence: 1 });
        for (of, channels) in Talk::places(4, 50) {
            let sights: Vec<Sight> = channels.into_iter().map(sight).collect();
            watch.arrive(community(of), &sights).await.unwrap();
        }
        watch
    }
}

fn sight(id: Id) -> Sight {
    Sight {
        channel: channel(id),
        parent: None,
        category: None,
        age_restricted: false,
        last_message: None,
        access: Access::Reads,
        threads: Threads::None,
        rules: std::sync::Arc::default(),
        new: false,
    }
}
