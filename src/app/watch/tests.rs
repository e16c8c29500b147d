use std::collections::BTreeMap;
use std::path::PathBuf;

use chrono::DateTime;
use tempfile::TempDir;

use super::*;
use crate::domain::member::{Member, Membership, Profile};
use crate::domain::observation::Reply;
use crate::domain::tie::{Kind, Talk, Week};
use crate::store::{Lease, Mark};

mod coming_back;
mod company;
mod exactly_once;
mod openings;
mod past;
mod repeats;
mod scans;
mod unheard;
mod waiting;

const DEN: i64 = 1_000;
const GENERAL: i64 = 2_000;
const ANA: i64 = 11;
const BO: i64 = 12;
/// A bystander whose id would be noticed anywhere.
const WALLY: i64 = 0x5eed_0bed_5eed_0bed;

fn den() -> CommunityId {
    CommunityId::from_column(DEN)
}

fn channel(raw: i64) -> ChannelId {
    ChannelId::from_column(raw)
}

fn user(raw: i64) -> UserId {
    UserId::from_column(raw)
}

/// The `n`-th message of the story, one a second since a Monday in 2026.
fn message(n: i64) -> MessageId {
    MessageId::at(DateTime::from_timestamp(1_767_600_000 + n, 0).unwrap())
}

fn sight(id: i64, last: Option<MessageId>) -> Sight {
    Sight {
        channel: channel(id),
        parent: None,
        category: None,
        age_restricted: false,
        last_message: last,
        access: Access::Reads,
        threads: Threads::None,
        rules: std::sync::Arc::default(),
        new: false,
    }
}

fn said(n: i64, author: i64, reply: Reply, mentions: &[i64]) -> Observation {
    Observation::new(den(), channel(GENERAL), message(n), user(author), reply, mentions.iter().map(|raw| user(*raw)))
}

fn replied(n: i64, author: i64, to: i64) -> Observation {
    said(n, author, Reply::To(user(to)), &[])
}

/// A database in a folder of its own.
struct Home {
    store: Store,
    folder: TempDir,
}

impl Home {
    async fn new(members: &[i64]) -> Self {
        let folder = TempDir::new().unwrap();
        let store = Store::open(&format!("sqlite://{}/test.db", folder.path().display())).await.unwrap();
        store.community_present(den(), "Den", message(0).time()).await.unwrap();
        let home = Self { store, folder };
        for id in members {
            home.enrol(*id, 1).await;
        }
        home
    }

    async fn enrol(&self, id: i64, counted_from: i64) {
        let membership = Membership::Active;
        let profile = Profile::default();
        let member = Member { community: den(), user: user(id), counted_from, membership, profile };
        self.store.enrol(&member).await.unwrap();
    }

    /// As after a start: a session has begun and one channel is known, empty but for `last`.
    async fn watch(&self, last: Option<MessageId>) -> Watch {
        let watch = Watch::open(self.store.clone()).await.unwrap();
        watch.begin(session("first", 1));
        watch.arrive(den(), &[sight(GENERAL, last)]).await.unwrap();
        watch
    }

    /// What stands in the database, as (who, whom, kind) in thousandths.
    async fn told(&self) -> BTreeMap<(i64, i64, Kind), i64> {
        let mut told = BTreeMap::new();
        for (pair, counts) in self.store.ties(den(), Week::of(message(0).time()).earlier(9)).await.unwrap() {
            for kind in Kind::ALL {
                let Talk { low_to_high, high_to_low } = counts.of_kind(kind);
                told.insert((pair.low().get(), pair.high().get(), kind), low_to_high.0);
                told.insert((pair.high().get(), pair.low().get(), kind), high_to_low.0);
            }
        }
        told.retain(|_, amount| *amount != 0);
        told
    }

    /// The bytes of the database, its log too.
    fn bytes(&self) -> Vec<u8> {
        let files = std::fs::read_dir(self.folder.path()).unwrap();
        let files: Vec<PathBuf> = files.map(|file| file.unwrap().path()).collect();
        files.into_iter().flat_map(|file| std::fs::read(file).unwrap()).collect()
    }
}

fn session(name: &str, sequence: u64) -> Resume {
    Resume { shard: 0, shards: 1, session: name.into(), resume_url: "ws://localhost".into(), sequence }
}

fn fold(watch: &Watch, heard: &Heard) {
    let sequence = watch.session(0).unwrap().sequence + 1;
    watch.fold(0, sequence, heard);
}

fn hear(watch: &Watch, observation: Observation) {
    fold(watch, &Heard::Message(observation));
}

fn react(watch: &Watch, reaction: Reaction) {
    fold(watch, &Heard::Reaction(reaction));
}

#[tokio::test]
async fn what_two_members_say_to_each_other_is_in_the_database_after_a_flush() {
    let home = Home::new(&[ANA, BO]).await;
    let watch = home.watch(None).await;
    hear(&watch, replied(1, ANA, BO));
    hear(&watch, said(2, BO, Reply::None, &[ANA]));
    hear(&watch, replied(3, ANA, BO));
    assert!(home.told().await.is_empty());
    watch.flush().await.unwrap();
    let expected = BTreeMap::from([((ANA, BO, Kind::Reply), 2000), ((BO, ANA, Kind::Mention), 1000)]);
    assert_eq!(home.told().await, expected);
    assert_eq!(
        home.store.marks(den()).await.unwrap(),
        [(channel(GENERAL), Mark { last: message(3), settled: message(3) })]
    );
    assert_eq!(home.store.session(0, 1).await.unwrap(), Some(session("first", 4)));
}

#[tokio::test]
async fn a_message_delivered_twice_counts_once() {
    let home = Home::new(&[ANA, BO]).await;
    let watch = home.watch(None).await;
    for n in [1, 2, 1, 2] {
        hear(&watch, replied(n, ANA, BO));
    }
    // Late, but not heard before.
    hear(&watch, replied(5, ANA, BO));
    hear(&watch, replied(4, ANA, BO));
    watch.flush().await.unwrap();
    assert_eq!(home.told().await, BTreeMap::from([((ANA, BO, Kind::Reply), 4000)]));
}

#[tokio::test]
async fn a_bystander_leaves_no_trace_in_the_database() {
    let home = Home::new(&[ANA, BO]).await;
    let watch = home.watch(None).await;
    for n in 0..30 {
        hear(&watch, replied(4 * n + 1, WALLY, ANA));
        hear(&watch, said(4 * n + 2, ANA, Reply::None, &[WALLY, BO]));
        hear(&watch, replied(4 * n + 3, BO, WALLY));
        hear(&watch, said(4 * n + 4, ANA, Reply::None, &[]));
        let at = message(4 * n + 4).time();
        let reaction = |user, author| Reaction {
            community: den(),
            channel: channel(GENERAL),
            message: message(4 * n + 1),
            author: Some(author),
            user,
            at,
        };
        react(&watch, reaction(user(ANA), user(WALLY)));
        react(&watch, reaction(user(WALLY), user(ANA)));
        watch.flush().await.unwrap();
    }
    let bytes = home.bytes();
    let found = |id: i64| {
        let text = id.to_string();
        let has = |needle: &[u8]| bytes.windows(needle.len()).any(|window| window == needle);
        has(text.as_bytes()) || has(&id.to_be_bytes()) || has(&id.to_le_bytes())
    };
    // The search can find: this mark is there.
    assert!(found(message(120).get()));
    assert!(!found(WALLY));
    assert!(home.told().await.keys().all(|(from, to, _)| *from != WALLY && *to != WALLY));
    assert!(!home.told().await.is_empty());
}

#[tokio::test]
async fn who_leaves_before_the_flush_is_not_in_it() {
    let home = Home::new(&[ANA, BO, 13]).await;
    let watch = home.watch(None).await;
    hear(&watch, replied(1, ANA, BO));
    hear(&watch, replied(2, ANA, 13));
    // The store alone knows it: the flush itself must ask.
    home.store.leave(den(), user(BO)).await.unwrap();
    watch.flush().await.unwrap();
    assert_eq!(home.told().await, BTreeMap::from([((ANA, 13, Kind::Reply), 1000)]));
}

#[tokio::test]
async fn who_leaves_and_comes_back_begins_anew() {
    let home = Home::new(&[ANA, BO]).await;
    let watch = home.watch(None).await;
    hear(&watch, replied(1, ANA, BO));
    home.store.leave(den(), user(BO)).await.unwrap();
    home.enrol(BO, message(2).get()).await;
    watch.flush().await.unwrap();
    assert!(home.told().await.is_empty(), "what was counted under the first consent is void");
    watch.refresh().await.unwrap();
    hear(&watch, replied(3, ANA, BO));
    watch.flush().await.unwrap();
    assert_eq!(home.told().await, BTreeMap::from([((ANA, BO, Kind::Reply), 1000)]));
}

#[tokio::test]
async fn who_is_dismissed_is_gone_from_what_waits() {
    let home = Home::new(&[ANA, BO]).await;
    let watch = home.watch(None).await;
    hear(&watch, replied(1, ANA, BO));
    watch.dismiss(den(), user(BO));
    hear(&watch, replied(2, ANA, BO));
    // Even though the store still has them.
    watch.flush().await.unwrap();
    assert!(home.told().await.is_empty());
}

#[tokio::test]
async fn a_joiner_is_counted_from_the_message_after_the_last_one_heard() {
    let home = Home::new(&[ANA]).await;
    let watch = home.watch(None).await;
    hear(&watch, replied(5, ANA, BO));
    // The click is older than a message that has already been heard without them.
    let admission = watch.admit(den(), user(BO), message(4).get()).await.unwrap();
    let from = admission.from();
    assert_eq!(from, message(5).get() + 1);
    home.enrol(BO, from).await;
    admission.keep();
    let again = watch.admit(den(), user(BO), message(9).get()).await.unwrap();
    assert_eq!((again.from(), again.is_new()), (from, false), "who is in keeps their moment");
    drop(again);
    hear(&watch, replied(6, ANA, BO));
    watch.flush().await.unwrap();
    assert_eq!(home.told().await, BTreeMap::from([((ANA, BO, Kind::Reply), 1000)]));
}

#[tokio::test]
async fn a_joiner_is_counted_from_after_what_an_earlier_process_counted() {
    let home = Home::new(&[ANA]).await;
    let watch = home.watch(None).await;
    hear(&watch, replied(5, ANA, BO));
    watch.flush().await.unwrap();
    // The next process; its community has not arrived yet.
    let watch = Watch::open(home.store.clone()).await.unwrap();
    let from = watch.admit(den(), user(BO), message(4).get()).await.unwrap().from();
    assert_eq!(from, message(5).get() + 1, "what was counted without them belongs to their past");
    // Nor when it waited while another process listened.
    let other = home.watch(None).await;
    other.begin(session("second", 1));
    other.arrive(den(), &[sight(GENERAL, Some(message(5)))]).await.unwrap();
    hear(&other, replied(8, ANA, BO));
    other.flush().await.unwrap();
    let lease = Lease { range: 0..1, shards: 1, owner: "one".into(), folder: "here".into() };
    watch.hold(lease).await.unwrap();
    assert_eq!(watch.admit(den(), user(BO), message(4).get()).await.unwrap().from(), message(8).get() + 1);
    // Nor while the bot is not there.
    let watch = home.watch(None).await;
    watch.begin(session("third", 1));
    watch.arrive(den(), &[sight(GENERAL, Some(message(8)))]).await.unwrap();
    hear(&watch, replied(9, ANA, BO));
    watch.depart(den()).await.unwrap();
    assert_eq!(watch.admit(den(), user(BO), message(4).get()).await.unwrap().from(), message(9).get() + 1);
}

#[tokio::test]
async fn nothing_is_flushed_or_scanned_while_somebody_is_enrolled() {
    let home = Home::new(&[ANA]).await;
    let watch = home.watch(None).await;
    let admission = watch.admit(den(), user(BO), message(1).get()).await.unwrap();
    hear(&watch, replied(2, ANA, BO));
    // A flush would find no member Bo, and drop what was just heard of him.
    assert!(watch.flushing.try_lock().is_err());
    home.enrol(BO, admission.from()).await;
    admission.keep();
    watch.flush().await.unwrap();
    assert_eq!(home.told().await, BTreeMap::from([((ANA, BO, Kind::Reply), 1000)]));
    // Whose enrolling failed is counted no more.
    drop(watch.admit(den(), user(13), message(3).get()).await.unwrap());
    assert!(watch.admit(den(), user(13), message(4).get()).await.unwrap().is_new());
}

#[tokio::test]
async fn a_flush_repeated_after_an_unknown_outcome_adds_nothing() {
    let home = Home::new(&[ANA, BO]).await;
    let watch = home.watch(None).await;
    hear(&watch, replied(1, ANA, BO));
    // Handed to the store, but its answer never came.
    let progress = watch.state().next_to_save().unwrap();
    home.store.flush(&progress).await.unwrap();
    hear(&watch, replied(2, ANA, BO));
    watch.flush().await.unwrap();
    assert_eq!(home.told().await, BTreeMap::from([((ANA, BO, Kind::Reply), 2000)]));
    // And one that never reached the store is not forgotten.
    hear(&watch, replied(3, ANA, BO));
    watch.state().next_to_save().unwrap();
    hear(&watch, replied(4, ANA, BO));
    watch.flush().await.unwrap();
    assert_eq!(home.told().await, BTreeMap::from([((ANA, BO, Kind::Reply), 4000)]));
}

#[tokio::test]
async fn ignored_and_age_restricted_channels_do_not_count_and_threads_follow_them() {
    let home = Home::new(&[ANA, BO]).await;
    let watch = home.watch(None).await;
    let (adults, thread) = (3_000, 3_001);
    watch.see(den(), &Sight { age_restricted: true, new: true, ..sight(adults, None) });
    watch.see(den(), &Sight { parent: Some(channel(adults)), new: true, ..sight(thread, None) });
    let says = |n: i64, place: i64| {
        let reply = Reply::To(user(BO));
        hear(&watch, Observation::new(den(), channel(place), message(n), user(ANA), reply, []));
    };
    says(1, adults);
    says(2, thread);
    watch.heed(den(), channel(adults), Word::Watched);
    says(3, adults);
    says(4, thread);
    watch.heed(den(), channel(GENERAL), Word::Ignored);
    says(5, GENERAL);
    says(6, 4_000);
    watch.flush().await.unwrap();
    assert_eq!(home.told().await, BTreeMap::from([((ANA, BO, Kind::Reply), 2000)]));
}

#[tokio::test]
async fn nothing_is_read_back_at_the_first_time_and_everything_since_the_mark_later() {
    let home = Home::new(&[ANA, BO]).await;
    let watch = home.watch(Some(message(10))).await;
    assert_eq!(watch.readings_left(den()), 0);
    hear(&watch, replied(11, ANA, BO));
    watch.flush().await.unwrap();
    watch.begin(session("second", 1));
    // A channel made since, a hidden one, and one whose past is closed to us.
    let made_since = message(15).get();
    let sights = [
        sight(GENERAL, Some(message(20))),
        sight(made_since, Some(message(21))),
        Sight { access: Access::Hidden, ..sight(5_000, Some(message(22))) },
        Sight { access: Access::NoHistory, ..sight(6_000, Some(message(22))) },
    ];
    watch.arrive(den(), &sights).await.unwrap();
    let readings = home.store.readings().await.unwrap();
    let gaps: Vec<_> = readings.iter().map(|reading| (reading.channel.get(), reading.after, reading.before)).collect();
    let expected = [
        (GENERAL, message(11), message(20)),
        (6_000, message(11), message(22)),
        (made_since, MessageId::from_column(made_since - 1), message(21)),
    ];
    assert_eq!(gaps, expected);
    assert_eq!(watch.readings_left(den()), 2, "the closed past waits");
    let skipped = BTreeMap::from([(channel(5_000), Access::Hidden), (channel(6_000), Access::NoHistory)]);
    assert_eq!(watch.skipped(den()), skipped);
}

#[tokio::test]
async fn a_thread_opened_again_before_it_was_found_archived_loses_nothing() {
    let home = Home::new(&[ANA, BO]).await;
    let watch = home.watch(Some(message(10))).await;
    watch.begin(session("second", 1));
    let parent = Sight { threads: Threads::Public, ..sight(GENERAL, Some(message(20))) };
    watch.arrive(den(), &[parent]).await.unwrap();
    let (listing, threads) = watch.next_listing().unwrap();
    assert_eq!((listing.channel, listing.since, threads), (channel(GENERAL), message(10), Threads::Public));
    hear(&watch, replied(30, ANA, BO));
    // It was silent for long, talked in while away and archived; now somebody writes in it again.
    let thread = Sight { parent: Some(channel(GENERAL)), ..sight(7_000, Some(message(15))) };
    watch.see(den(), &thread);
    let found = [(channel(7_000), message(15)), (channel(7_001), message(16))];
    watch.end_listing(&listing, &found).await.unwrap();
    watch.end_listing(&listing, &found).await.unwrap();
    let readings = home.store.readings().await.unwrap().into_iter();
    let gaps: Vec<_> = readings.map(|reading| (reading.channel.get(), reading.after, reading.before)).collect();
    let in_threads = [(7_000, message(10), message(15)), (7_001, message(10), message(16))];
    assert_eq!(gaps, [&[(GENERAL, message(10), message(20))][..], &in_threads].concat());
    assert!(watch.next_listing().is_none() && home.store.listings().await.unwrap().is_empty());
}

#[tokio::test]
async fn one_heart_counts_and_a_thousand_are_one() {
    let home = Home::new(&[ANA, BO]).await;
    let watch = home.watch(None).await;
    hear(&watch, said(1, BO, Reply::None, &[]));
    let at = message(2).time();
    // Discord did not say whose message it was; the window knows.
    let reaction = Reaction {
        community: den(),
        channel: channel(GENERAL),
        message: message(1),
        author: None,
        user: user(ANA),
        at,
    };
    for _ in 0..1000 {
        react(&watch, reaction);
    }
    watch.flush().await.unwrap();
    assert_eq!(home.told().await, BTreeMap::from([((ANA, BO, Kind::Reaction), 1000)]));
}

#[tokio::test]
async fn old_weeks_are_pruned() {
    let home = Home::new(&[ANA, BO]).await;
    let watch = home.watch(None).await;
    hear(&watch, replied(1, ANA, BO));
    watch.flush().await.unwrap();
    let week = Week::of(message(1).time());
    assert_eq!(home.store.prune_ties(week).await.unwrap(), 0);
    assert_eq!(home.store.prune_ties(Week::of(week.end())).await.unwrap(), 1);
    assert!(home.told().await.is_empty());
}
