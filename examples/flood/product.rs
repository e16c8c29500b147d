//! The listening half of Wallflower as the program runs it, from the socket to SQLite on disk.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::{Context, Result};
use secrecy::SecretString;
use sqlx::{Connection, SqliteConnection};
use tempfile::TempDir;
use tokio::sync::watch::Sender;
use wallflower::app::watch::Watch as Ear;
use wallflower::clock::{Clock, SystemClock};
use wallflower::discord::access::Access;
use wallflower::discord::listener::Listener;
use wallflower::domain::ids::{CommunityId, MessageId, UserId};
use wallflower::domain::member::{Member, Membership, Profile};
use wallflower::domain::tie::{Kind, Thousandths, Week};
use wallflower::store::Store;

use crate::Transport;
use crate::fake::Stage;
use crate::measure::Watch;
use crate::processes::{Word, say, stage, tell_progress};

const LOOK: Duration = Duration::from_millis(5);
/// A slow disk lets nobody write for so long, and then for so short.
const HELD: Duration = Duration::from_millis(700);
const FREE: Duration = Duration::from_millis(30);

pub fn receive(transport: Transport, slow_disk: bool, folder: Option<PathBuf>) -> Result<()> {
    let stage = stage()?;
    let folder = match folder {
        Some(folder) => TempDir::new_in(folder)?,
        None => TempDir::new()?,
    };
    let url = format!("sqlite://{}/wallflower.db", folder.path().display());
    // As `main` does.
    tokio::runtime::Runtime::new()?.block_on(run(&stage, transport, &url, slow_disk))
}

async fn run(stage: &Stage, transport: Transport, url: &str, slow_disk: bool) -> Result<()> {
    let store = Store::open(url).await?;
    enrol(&store, stage).await?;
    let ear = Arc::new(Ear::open(store.clone()).await?);
    let token = SecretString::from(stage.token.as_str());
    let http = Access::new(token.clone(), Some(stage.url.clone()))?.http();
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let listener = Listener::new(token, http, Arc::clone(&ear), store.clone(), clock);
    let listener = listener.compressed(transport == Transport::Zstd);
    let stop = Sender::new(false);
    let listening = tokio::spawn(listener.run(stop.subscribe()));
    let heard = |ear: &Ear| ear.session(0).map_or(0, |session| session.sequence);
    while heard(&ear) < stage.frames_before() {
        tokio::time::sleep(LOOK).await;
    }
    let progress = Arc::new(AtomicU64::new(0));
    tell_progress(Arc::clone(&progress));
    if slow_disk {
        tokio::spawn(hold(url.to_owned()));
    }
    let watch = Watch::start()?;
    say(&Word::Ready)?;
    let last = stage.frames_before() + stage.messages as u64;
    while heard(&ear) < last {
        progress.store(heard(&ear).saturating_sub(stage.frames_before()), Ordering::Relaxed);
        tokio::time::sleep(LOOK).await;
        anyhow::ensure!(!listening.is_finished(), "the listener has stopped");
    }
    // Stopping flushes what was heard, which belongs to the cost.
    stop.send_replace(true);
    listening.await??;
    let mut outcome = watch.stop(stage.messages)?;
    outcome.exact = Some(counted(&store, stage).await? == truth(stage));
    say(&Word::Done(outcome))
}

async fn enrol(store: &Store, stage: &Stage) -> Result<()> {
    for community in &stage.communities {
        store.community_present(CommunityId::from_column(i64::try_from(*community)?), "Den", SystemClock.now()).await?;
    }
    for (community, user) in &stage.members {
        let community = CommunityId::new(*community).context("a community")?;
        let user = UserId::new(*user).context("a person")?;
        let (membership, profile) = (Membership::Active, Profile::default());
        store.enrol(&Member { community, user, counted_from: 1, membership, profile }).await?;
    }
    Ok(())
}

type Told = BTreeMap<(u64, u64, Kind), Thousandths>;

fn truth(stage: &Stage) -> Told {
    let kind = |by_reply| if by_reply { Kind::Reply } else { Kind::Mention };
    let amount = |count: u64| Thousandths(i64::try_from(count).unwrap_or(i64::MAX) * Thousandths::ONE.0);
    stage.truth.iter().map(|(from, to, by_reply, count)| ((*from, *to, kind(*by_reply)), amount(*count))).collect()
}

/// What stands in the database by reply and mention.
async fn counted(store: &Store, stage: &Stage) -> Result<Told> {
    let mut told = Told::new();
    for community in &stage.communities {
        let community = CommunityId::new(*community).context("a community")?;
        let week = Week::of(MessageId::from_column(1).time());
        for (pair, counts) in store.ties(community, week).await? {
            for kind in [Kind::Reply, Kind::Mention] {
                let talk = counts.of_kind(kind);
                told.insert((pair.low().to_u64(), pair.high().to_u64(), kind), talk.low_to_high);
                told.insert((pair.high().to_u64(), pair.low().to_u64(), kind), talk.high_to_low);
            }
        }
    }
    told.retain(|_, amount| *amount != Thousandths::ZERO);
    Ok(told)
}

/// Holds the lock of the database nearly all the time, as a disk that is busy elsewhere would.
async fn hold(url: String) -> Result<()> {
    let mut connection = SqliteConnection::connect(&url).await?;
    loop {
        sqlx::query("BEGIN IMMEDIATE").execute(&mut connection).await?;
        tokio::time::sleep(HELD).await;
        sqlx::query("ROLLBACK").execute(&mut connection).await?;
        tokio::time::sleep(FREE).await;
    }
}
