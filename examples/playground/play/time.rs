//! One moving clock for Discord, the bot and the town. It waits for the bot: nothing is skipped that is due, and nobody's
//! click grows old while it is being answered.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::Result;
use fake_discord::Id;

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

#[derive(Debug)]
struct Run {
    goal: Goal,
    begun: i64,
}

/// How time passes.
#[derive(Debug)]
pub struct Time {
    pace: AtomicU32,
    run: Mutex<Option<Run>>,
    /// Acts that wait for the bot's answer.
    held: AtomicUsize,
}

/// Keeps the clock still until it is dropped.
pub struct Hold<'a>(&'a Time);

impl Drop for Hold<'_> {
    fn drop(&mut self) {
        self.0.held.fetch_sub(1, Ordering::AcqRel);
    }
}

impl Time {
    pub fn new(pace: u32) -> Self {
        Self { pace: AtomicU32::new(pace), run: Mutex::default(), held: AtomicUsize::new(0) }
    }

    /// 0 for a clock that stands still, 1 for real time.
    pub fn pace(&self) -> u32 {
        if self.runs() { HASTE } else { self.pace.load(Ordering::Acquire) }
    }

    pub fn runs(&self) -> bool {
        unpoisoned(&self.run).is_some()
    }

    pub fn set_pace(&self, pace: u32) {
        *unpoisoned(&self.run) = None;
        self.pace.store(pace, Ordering::Release);
    }

    /// Runs until the goal is reached, and goes on in real time then.
    pub fn run_to(&self, goal: Goal, now: i64) {
        *unpoisoned(&self.run) = Some(Run { goal, begun: now });
    }

    pub fn hold(&self) -> Hold<'_> {
        self.held.fetch_add(1, Ordering::AcqRel);
        Hold(self)
    }

    fn is_held(&self) -> bool {
        self.held.load(Ordering::Acquire) > 0
    }
}

/// Lets time pass for good.
pub async fn run(stage: &Stage, source: Source) -> Result<()> {
    let mut living = Living { stage, source, agenda: Agenda::new(7), waited: Duration::ZERO, forgot_at: 0 };
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
    forgot_at: i64,
}

impl Living<'_> {
    async fn beat(&mut self, elapsed: Duration) -> Result<()> {
        let stage = self.stage;
        self.agenda.look(stage, &mut self.source);
        let pace = stage.time.pace();
        if pace == 0 || stage.time.is_held() {
            return Ok(());
        }
        let now = stage.discord.now();
        let next = stage.wallflower().await?.store.next_due().await?.map(|due| due.timestamp_millis());
        if next.is_some_and(|due| due <= now) && self.waited < PATIENCE {
            self.waited += elapsed;
            return Ok(());
        }
        let ahead = next.filter(|due| *due > now);
        if ahead.is_some() || next.is_none() {
            self.waited = Duration::ZERO;
        }
        if self.has_arrived(now, ahead) {
            return Ok(());
        }
        let by = i64::try_from(elapsed.as_millis()).unwrap_or(0) * i64::from(pace);
        let to = (now + by).min(ahead.unwrap_or(i64::MAX));
        self.live_until(to).await;
        if now - self.forgot_at > FORGETS_EVERY {
            self.forgot_at = now;
            stage.discord.forgets_the_past();
        }
        Ok(())
    }

    /// Whether the goal is reached, so that the clock goes on in real time.
    fn has_arrived(&self, now: i64, ahead: Option<i64>) -> bool {
        let time = &self.stage.time;
        let Some((goal, begun)) = unpoisoned(&time.run).as_ref().map(|run| (run.goal, run.begun)) else { return false };
        let arrived = match goal {
            // Nothing is due now, and what was due when this began has been done.
            Goal::Due { after } => now >= after,
            Goal::News { of, after } => unpoisoned(&self.stage.noticed).news.get(&of).is_some_and(|news| *news > after),
            Goal::Question { of, after } => {
                unpoisoned(&self.stage.noticed).questions.get(&of).is_some_and(|asked| *asked > after)
            }
        };
        let in_vain = now - begun > FURTHEST || ahead.is_none() && self.agenda.next_at().is_none();
        if arrived || in_vain {
            time.set_pace(1);
        }
        arrived || in_vain
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
