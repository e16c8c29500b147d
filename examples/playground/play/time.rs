//! One moving clock for Discord, the bot and the town. It waits for the bot: what is due is done before the clock goes on,
//! unless the bot takes longer than its patience, and nobody's click grows old while it is being answered.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use anyhow::Result;
use fake_discord::Id;
use serde::Serialize;
use tokio::sync::{RwLock, RwLockReadGuard, RwLockWriteGuard};
use wallflower::domain::ids::{CommunityId, UserId};
use wallflower::domain::meetup::Meetup;

use super::stage::{Stage, unpoisoned};
use super::talk::Source;
use super::temper::Agenda;
use super::town::{DAY_MS, HOUR_MS};

/// The clock moves this often.
const BEAT: Duration = Duration::from_millis(40);
/// A beat that came late moves the clock no further than this one would.
const LONGEST_BEAT: Duration = Duration::from_millis(200);
/// How fast it runs towards a goal: a day in two seconds.
const HASTE: u32 = 43_200;
/// The fastest that somebody may choose: a week a minute.
pub const FASTEST: u32 = 10_000;
/// For so long the clock waits for something that is due and does not get done; then it goes on, as time does.
const PATIENCE: Duration = Duration::from_millis(1500);
/// And for so long it runs in real time while the past of somebody who joined is being read.
const READS_FOR: Duration = Duration::from_secs(30);
/// What is said within one beat at most.
const MOST_SAID: usize = 250;
/// A goal is given up after so much of the playground's time.
const FURTHEST: i64 = 45 * DAY_MS;
/// The past of requests is dropped this often.
const FORGETS_EVERY: i64 = 6 * HOUR_MS;

/// What the clock runs towards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Goal {
    /// The next thing due after this moment.
    Due { after: i64 },
    /// Something of the bot that concerns this person, after this message.
    News { of: Id, after: Id },
    /// The same, if it asks something: it has buttons.
    Question { of: Id, after: Id },
}

#[derive(Debug, Clone, Copy)]
struct Run {
    goal: Goal,
    begun: i64,
    /// Which order this was.
    number: u64,
}

/// How time passes, as the page is told.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Course {
    /// 0 for a clock that stands still, 1 for real time.
    pub pace: u32,
    /// Whether it runs towards a goal.
    pub runs: bool,
    /// How often somebody has said how it is to pass.
    pub orders: u64,
    /// How often that was when it last stopped running. By the clock one could not tell what was seen before it stopped: it
    /// stands while the bot does what is due.
    pub stopped: u64,
    /// Whether it waits until the bot has read the past of somebody who joined.
    pub reads: bool,
}

#[derive(Debug)]
struct Orders {
    pace: u32,
    run: Option<Run>,
    count: u64,
    stopped: u64,
    reads: bool,
}

/// How time passes.
#[derive(Debug)]
pub struct Time {
    orders: Mutex<Orders>,
    /// Read by acts that wait for the bot's answer: meanwhile the clock, which writes, stands still.
    still: RwLock<()>,
}

impl Time {
    pub fn new(pace: u32) -> Self {
        Self {
            orders: Mutex::new(Orders { pace, run: None, count: 0, stopped: 0, reads: false }),
            still: RwLock::default(),
        }
    }

    pub fn told(&self) -> Course {
        let orders = unpoisoned(&self.orders);
        let runs = orders.run.is_some();
        let pace = if runs { HASTE } else { orders.pace };
        Course { pace, runs, orders: orders.count, stopped: orders.stopped, reads: orders.reads }
    }

    fn run(&self) -> Option<Run> {
        unpoisoned(&self.orders).run
    }

    /// Goes on at this pace, and towards no goal. Returns how many orders there were.
    pub fn set_pace(&self, pace: u32) -> u64 {
        let mut orders = unpoisoned(&self.orders);
        orders.pace = pace;
        orders.count += 1;
        if orders.run.take().is_some() {
            orders.stopped = orders.count;
        }
        orders.count
    }

    /// Runs until the goal is reached, and goes on in real time then. Returns how many orders there were.
    pub fn run_to(&self, goal: Goal, now: i64) -> u64 {
        let mut orders = unpoisoned(&self.orders);
        orders.count += 1;
        orders.run = Some(Run { goal, begun: now, number: orders.count });
        orders.count
    }

    /// This run is over, unless another order came meanwhile: real time again.
    fn arrives(&self, number: u64) {
        let mut orders = unpoisoned(&self.orders);
        if orders.run.take_if(|run| run.number == number).is_some() {
            orders.count += 1;
            (orders.pace, orders.stopped) = (1, orders.count);
        }
    }

    /// Keeps the clock still until it is dropped.
    pub async fn hold(&self) -> RwLockReadGuard<'_, ()> {
        self.still.read().await
    }

    /// The clock may move until this is dropped: whoever acts waits.
    pub async fn moves(&self) -> RwLockWriteGuard<'_, ()> {
        self.still.write().await
    }
}

/// Lets time pass for good.
pub async fn run(stage: &Stage, source: Source, seed: u64) -> Result<()> {
    let mut living = Living {
        stage,
        source,
        agenda: Agenda::new(seed, stage),
        waited: Duration::ZERO,
        read: Duration::ZERO,
        stood: None,
        forgot_at: 0,
    };
    let mut last = Instant::now();
    loop {
        tokio::time::sleep(BEAT).await;
        let elapsed = last.elapsed().min(LONGEST_BEAT);
        last = Instant::now();
        living.beat(elapsed).await?;
    }
}

struct Living<'a> {
    stage: &'a Stage,
    source: Source,
    agenda: Agenda,
    waited: Duration,
    read: Duration,
    /// The states of somebody's meetups when the clock began to run towards their news, and which run that was.
    stood: Option<(u64, Vec<&'static str>)>,
    forgot_at: i64,
}

impl Living<'_> {
    async fn beat(&mut self, elapsed: Duration) -> Result<()> {
        let stage = self.stage;
        self.agenda.look(stage, &mut self.source);
        let pace = stage.time.told().pace;
        // Somebody acts: the clock stands still until the bot has answered.
        let Ok(_moving) = stage.time.still.try_write() else { return Ok(()) };
        if pace == 0 {
            return Ok(());
        }
        let now = stage.discord.now();
        let next = stage.wallflower().await?.next_due().await?.map(|due| due.timestamp_millis());
        if next.is_some_and(|due| due <= now) && self.waited < PATIENCE {
            self.waited += elapsed;
            return Ok(());
        }
        let ahead = next.filter(|due| *due > now);
        if ahead.is_some() || next.is_none() {
            self.waited = Duration::ZERO;
        }
        if self.has_arrived(now, ahead).await? {
            return Ok(());
        }
        let pace = self.while_the_past_is_read(pace, elapsed).await?;
        let by = i64::try_from(elapsed.as_millis()).unwrap_or(0) * i64::from(pace);
        let to = (now + by).min(ahead.unwrap_or(i64::MAX));
        self.live_until(to).await;
        if now - self.forgot_at > FORGETS_EVERY {
            self.forgot_at = now;
            stage.forgets_the_past();
        }
        Ok(())
    }

    /// Real time, while the bot reads what was said before somebody joined: else a round would come before their ties do.
    async fn while_the_past_is_read(&mut self, pace: u32, elapsed: Duration) -> Result<u32> {
        let reads = pace > 1 && !self.stage.wallflower().await?.store.pasts().await?.is_empty();
        self.read = if reads { self.read + elapsed } else { Duration::ZERO };
        let waits = reads && self.read < READS_FOR;
        unpoisoned(&self.stage.time.orders).reads = waits;
        Ok(if waits { 1 } else { pace })
    }

    /// Whether the goal is reached, so that the clock goes on in real time.
    async fn has_arrived(&mut self, now: i64, ahead: Option<i64>) -> Result<bool> {
        let time = &self.stage.time;
        let Some(Run { goal, begun, number }) = time.run() else { return Ok(false) };
        let arrived = match goal {
            // Nothing is due now, and what was due when this began has been done.
            Goal::Due { after } => now >= after,
            Goal::News { of, after } => {
                let told = unpoisoned(&self.stage.noticed).news.get(&of).is_some_and(|news| *news > after);
                told || self.stands_elsewhere(of, number).await?
            }
            Goal::Question { of, after } => {
                unpoisoned(&self.stage.noticed).questions.get(&of).is_some_and(|asked| *asked > after)
            }
        };
        let in_vain = now - begun > FURTHEST || ahead.is_none() && self.agenda.next_at().is_none();
        if arrived || in_vain {
            time.arrives(number);
        }
        Ok(arrived || in_vain)
    }

    /// Whether somebody's meetups have moved on since this run began: not every step is told.
    async fn stands_elsewhere(&mut self, person: Id, run: u64) -> Result<bool> {
        let Some(user) = UserId::new(person) else { return Ok(false) };
        let store = &self.stage.wallflower().await?.store;
        let Some(community) = CommunityId::new(self.stage.town.community.id) else { return Ok(false) };
        let meetups = store.meetups_of(community, user).await?.into_iter().map(Meetup::as_known);
        let now: Vec<&'static str> = meetups.map(|meetup| meetup.state.name()).collect();
        match &self.stood {
            Some((since, stood)) if *since == run => Ok(*stood != now),
            _ => {
                self.stood = Some((run, now));
                Ok(false)
            }
        }
    }

    /// People talk and act, each at their moment; then the clock shows `to`. It stops at an act, since the bot may have
    /// something to do then.
    async fn live_until(&mut self, to: i64) {
        let stage = self.stage;
        for _ in 0..MOST_SAID {
            let (talk, deed) = (self.source.next_at(), self.agenda.next_at());
            let Some(next) = talk.into_iter().chain(deed).min().filter(|next| *next <= to) else {
                stage.set_now(to);
                return;
            };
            stage.set_now(next.max(stage.discord.now()));
            if deed == Some(next) {
                self.agenda.act(stage).await;
                return;
            }
            self.source.say(stage);
        }
    }
}
