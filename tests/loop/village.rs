//! A community of ten whose people do what their temper says, as soon as they see something to do.

use std::collections::{BTreeSet, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use chrono::{DateTime, Duration, TimeZone, Utc};
use wallflower::app::ballots::Marked;
use wallflower::app::meetups::{Answer, Said};
use wallflower::app::programme::Setup;
use wallflower::app::{Refusal, Stop, Wallflower};
use wallflower::clock::{Clock, ManualClock};
use wallflower::domain::ids::{ChannelId, CommunityId, MessageId, UserId};
use wallflower::domain::meetup::{Account, Event, Meetup, State};
use wallflower::domain::member::Door;
use wallflower::domain::notice::Notice;
use wallflower::domain::pairing::groups::Size;
use wallflower::domain::poll::{Ballot, Choice, Poll};
use wallflower::domain::slot::Slot;
use wallflower::domain::tie::{Deltas, Kind, Thousandths};
use wallflower::store::{Counted, Progress, Store};

use super::life::{Cut, Deaths, MOST_FAULTS};
use super::memory::{Memory, Post};
use super::support::TestDatabase;

pub const HOME: CommunityId = CommunityId::from_column(700_000_000_000_000_001);
pub const CHANNEL: ChannelId = ChannelId::from_column(710_000_000_000_000_001);
pub const PEOPLE: usize = 10;
/// Reacts under every poll, and has never said "count me in".
pub const BYSTANDER: UserId = UserId::from_column(666_666_666_666_666_666);
/// Longer than any meetup takes, silences included.
const MOST_DAYS: i64 = 120;
/// People look at least this often.
const LOOKS_EVERY: Duration = Duration::hours(12);

/// What people do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Temper {
    Willing,
    Silent,
    /// One of each two says yes, the other one nothing.
    OneSided,
    /// Each one does what this seed says; the same whatever goes wrong.
    Mixed(u64),
}

pub struct Village {
    database: TestDatabase,
    store: Store,
    pub clock: Arc<ManualClock>,
    pub memory: Arc<Memory>,
    app: Wallflower,
    temper: Temper,
    deaths: Deaths,
    lives: usize,
    waits: Option<usize>,
    done: HashSet<(UserId, String)>,
}

fn wake(store: &Store, clock: &Arc<ManualClock>, life: usize) -> Wallflower {
    let mut seed = [7; 32];
    seed[..8].copy_from_slice(&life.to_le_bytes());
    Wallflower::new(store.clone(), Arc::clone(clock) as Arc<dyn Clock>, "a secret of the tests".to_owned().into(), seed)
}

impl Village {
    /// Sets up, lets everybody join and chat.
    pub async fn found(database: TestDatabase, temper: Temper, deaths: Deaths) -> Self {
        let store = database.open().await;
        // A Saturday at noon; the round is on Monday evening.
        let clock = Arc::new(ManualClock::new(Utc.with_ymd_and_hms(2026, 5, 30, 12, 0, 0).unwrap()));
        let memory = Arc::new(Memory::new(Arc::clone(&clock)));
        let app = wake(&store, &clock, 0);
        let waits = deaths.while_working;
        if let Some((every, fault)) = deaths.at_requests {
            memory.order(every, fault, MOST_FAULTS);
        }
        if let Some(fault) = deaths.at_each_first {
            memory.order_each_first(fault);
        }
        let mut village =
            Self { database, store, clock, memory, app, temper, deaths, lives: 0, waits, done: HashSet::new() };
        village.move_in().await;
        village
    }

    /// From now on polls are voted in like this.
    pub async fn votes_by(&self, ballot: Ballot) {
        self.app.change_programme(HOME, |programme| programme.ballot = ballot).await.unwrap();
    }

    /// From now on tables of five are made, and all of five have neighbours with whom they talk.
    pub async fn sits_in_fives(&self) {
        let mut counted = Counted::default();
        for number in 0..PEOPLE {
            counted.consents.insert((HOME, Self::person(number)), 1);
            let five = number - number % 5;
            let neighbour = five + (number + 1) % 5;
            let mut deltas = Deltas::default();
            for (from, to) in [(number, neighbour), (neighbour, number)] {
                let (from, to) = (Self::person(from), Self::person(to));
                deltas.add(HOME, from, to, self.clock.now(), Kind::Reply, Thousandths(30_000));
            }
            counted.deltas.merge(deltas);
        }
        self.store.flush(&Progress { counted, ..Progress::default() }).await.unwrap();
        self.app.change_programme(HOME, |programme| programme.size = Size::new(5, 5).unwrap()).await.unwrap();
    }

    async fn move_in(&mut self) {
        self.store.community_present(HOME, "Home", self.clock.now()).await.unwrap();
        let setup = Setup { channel: CHANNEL, zone: None, moderators: None, required_role: None };
        self.app.set_up(HOME, setup).await.unwrap();
        for number in 0..PEOPLE {
            self.app.join(HOME, Self::person(number), 1, &[]).await.unwrap();
        }
        let doors = [(2, Door::Mention), (4, Door::Look)];
        for (number, door) in doors {
            self.app.change_profile(HOME, Self::person(number), |profile| profile.door = door).await.unwrap();
        }
        self.memory.close_direct(Self::person(6));
        self.chat().await;
    }

    /// Neighbours talk, each two with another strength, so that there is one best matching.
    async fn chat(&self) {
        let mut counted = Counted::default();
        for number in 0..PEOPLE {
            counted.consents.insert((HOME, Self::person(number)), 1);
            let other = if number % 2 == 0 { number + 1 } else { number - 1 };
            let messages = 20 + i64::try_from(number / 2).unwrap();
            let (from, to) = (Self::person(number), Self::person(other));
            let mut deltas = Deltas::default();
            deltas.add(HOME, from, to, self.clock.now(), Kind::Reply, Thousandths(messages * 1000));
            counted.deltas.merge(deltas);
        }
        self.store.flush(&Progress { counted, ..Progress::default() }).await.unwrap();
    }

    pub fn person(number: usize) -> UserId {
        UserId::from_column(720_000_000_000_000_000 + i64::try_from(number).unwrap())
    }

    pub const fn app(&self) -> &Wallflower {
        &self.app
    }

    pub const fn store(&self) -> &Store {
        &self.store
    }

    /// How often the process died.
    pub const fn lives(&self) -> usize {
        self.lives
    }

    pub const fn database(&self) -> &TestDatabase {
        &self.database
    }

    /// The asks of the first round stand in the database, and the process is away until three in the morning.
    pub async fn sleep_through_the_round(&mut self) {
        self.hold_the_round().await;
        self.clock.advance(Duration::hours(9));
    }

    /// The first round, with nothing said yet.
    pub async fn hold_the_round(&mut self) {
        self.clock.set(self.store.programme(HOME).await.unwrap().unwrap().next_round_at.unwrap());
        self.app.hold_round(&*self.memory, HOME).await.unwrap().unwrap();
    }

    pub async fn meetups_of(&self, user: UserId) -> Vec<Meetup> {
        self.store.meetups_of(HOME, user).await.unwrap()
    }

    /// Each one once.
    pub async fn meetups(&self) -> Vec<Meetup> {
        let mut all: Vec<Meetup> = Vec::new();
        for number in 0..PEOPLE {
            let meetups = self.meetups_of(Self::person(number)).await;
            all.extend(meetups.into_iter().filter(|one| one.participants[0].user == Self::person(number)));
        }
        all
    }

    /// Till all is over.
    pub async fn live(&mut self) {
        let end = self.clock.now() + Duration::days(MOST_DAYS);
        loop {
            self.tick().await;
            self.look_around().await;
            self.rest_after_the_first_round().await;
            let next = self.app.next_due().await.unwrap();
            let Some(next) = next.filter(|_| self.clock.now() < end) else { return };
            let soonest = self.clock.now() + Duration::seconds(1);
            self.clock.set(next.max(soonest).min(self.clock.now() + LOOKS_EVERY));
        }
    }

    pub async fn rest_after_the_first_round(&self) {
        let programme = self.store.programme(HOME).await.unwrap().unwrap();
        if programme.round > 0 && !programme.paused {
            self.app.change_programme(HOME, |programme| programme.paused = true).await.unwrap();
        }
    }

    pub async fn tick(&mut self) {
        loop {
            let waits = self.next_waits();
            let done = tokio::select! {
                biased;
                () = self.memory.died() => None,
                done = Cut::after(waits, self.app.tick(&*self.memory)) => done,
            };
            match done {
                Some(done) => {
                    done.unwrap();
                    return;
                }
                None => self.rise_again(),
            }
        }
    }

    /// Time passes, with all that falls due meanwhile.
    pub async fn passes_until(&mut self, moment: DateTime<Utc>) {
        while self.clock.now() < moment {
            let next = self.app.next_due().await.unwrap().unwrap_or(moment);
            let soonest = self.clock.now() + Duration::seconds(1);
            self.clock.set(next.max(soonest).min(moment));
            self.tick().await;
        }
    }

    /// How often the next piece of work may wait; mostly it lives.
    fn next_waits(&mut self) -> Option<usize> {
        let longest = self.deaths.while_working?;
        let waits = self.waits?;
        self.waits = Some(if waits == 0 { longest } else { waits - 1 });
        (waits % 2 == 1).then_some(waits)
    }

    fn rise_again(&mut self) {
        let rest = self.deaths.rests.get(self.lives % self.deaths.rests.len().max(1));
        self.clock.advance(rest.copied().unwrap_or(Duration::zero()));
        self.lives += 1;
        self.app = wake(&self.store, &self.clock, self.lives);
    }

    /// A number from 0 to 99 that depends on who decides what, and on nothing else.
    fn whim(&self, user: UserId, what: &str) -> u64 {
        let seed = match self.temper {
            Temper::Mixed(seed) => seed,
            Temper::Willing => return 0,
            Temper::OneSided if user.get() % 2 == 0 => return 0,
            Temper::Silent | Temper::OneSided => return 99,
        };
        let mut hasher = DefaultHasher::new();
        (seed, user, what).hash(&mut hasher);
        hasher.finish() % 100
    }

    /// Everybody looks at what is before them, and acts.
    async fn look_around(&mut self) {
        for number in 0..PEOPLE {
            let user = Self::person(number);
            let Ok(mine) = self.app.mine(HOME, user).await else { continue };
            for meetup in mine.asks {
                self.answers(user, &meetup).await;
            }
            for meetup in mine.polls {
                self.votes(user, &meetup).await;
            }
            for meetup in mine.upcoming {
                self.prepares(user, &meetup).await;
            }
            for meetup in mine.check_ins {
                self.tells(user, &meetup).await;
            }
            for meetup in mine.news {
                if self.heard_of(user, &Notice::DidNotComeTogether, &meetup).await {
                    self.clicks(user, "news", &meetup, Click::News).await;
                }
            }
        }
    }

    /// One answer to each question; a click that was cut off is made again.
    async fn clicks(&mut self, user: UserId, what: &str, meetup: &Meetup, click: Click) {
        if !self.done.insert((user, format!("{what} {}", meetup.id))) {
            return;
        }
        loop {
            let waits = self.next_waits();
            match Cut::after(waits, click.make(&self.app, user, meetup)).await {
                Some(Ok(()) | Err(Stop::Refusal(Refusal::Settled | Refusal::NotYours | Refusal::NotTheHost))) => {
                    return;
                }
                Some(Err(stop)) => panic!("{what} by {user}: {stop}"),
                None => self.rise_again(),
            }
        }
    }

    /// Somebody does something, perhaps twice at once, so that one of the two finds it changed. What was cut off is done
    /// again; what does not fit is refused.
    pub async fn bears(&mut self, deed: impl AsyncFn(&Wallflower) -> Result<(), Stop>, twice: bool) {
        loop {
            let waits = self.next_waits();
            let work = async {
                let again = async { if twice { deed(&self.app).await } else { Ok(()) } };
                tokio::join!(deed(&self.app), again)
            };
            match Cut::after(waits, work).await {
                Some((one, other)) => {
                    for stop in [one, other].into_iter().filter_map(Result::err) {
                        assert!(matches!(stop, Stop::Refusal(_)), "{stop}");
                    }
                    return;
                }
                None => self.rise_again(),
            }
        }
    }

    /// Whether the question has reached them, or they are one who looks for themselves.
    async fn heard_of(&self, user: UserId, question: &Notice, meetup: &Meetup) -> bool {
        let door = self.store.member(HOME, user).await.unwrap().unwrap().profile.door;
        let reached = |post: &Post| (&post.notice, post.member, post.meetup) == (question, Some(user), Some(meetup.id));
        door == Door::Look || self.memory.posts().iter().any(reached)
    }

    async fn answers(&mut self, user: UserId, meetup: &Meetup) {
        if !self.heard_of(user, &Notice::Ask, meetup).await {
            return;
        }
        let answer = match self.whim(user, "answer") {
            0..70 => Answer::Yes,
            70..78 => Answer::NotNow,
            78..82 => Answer::KnowEachOther,
            82..86 => Answer::Avoid,
            86..90 => Answer::Report,
            _ => return,
        };
        self.clicks(user, "answer", meetup, Click::Answer(answer)).await;
    }

    async fn votes(&mut self, user: UserId, meetup: &Meetup) {
        let State::Polling { poll } = &meetup.state else { return };
        let Some(message) = poll.message else { return };
        let what = format!("vote {}", poll.number);
        let choices = match self.whim(user, &what) {
            0..70 => BTreeSet::from([Choice::Slot(0), Choice::Slot(1)]),
            70..85 => BTreeSet::from([Choice::NoneOfThese]),
            _ => return,
        };
        if poll.ballot == Ballot::Buttons {
            let mark = marked(user, poll, choices.contains(&Choice::NoneOfThese));
            return self.clicks(user, &what, meetup, Click::Mark(poll.number, mark)).await;
        }
        self.memory.reacts(message, user, choices.clone());
        self.memory.reacts(message, BYSTANDER, choices.clone());
        // Some reactions are missed, and found at closing only.
        if self.whim(user, "heard") < 70 {
            self.clicks(user, &what, meetup, Click::React(message, choices)).await;
        }
    }

    async fn prepares(&mut self, user: UserId, meetup: &Meetup) {
        match self.whim(user, "upcoming") {
            0..75 => self.clicks(user, "place", meetup, Click::Place).await,
            75..80 => self.clicks(user, "host", meetup, Click::Swap).await,
            80..88 => self.clicks(user, "out", meetup, Click::Event(Event::Withdraws { user })).await,
            88..94 => self.clicks(user, "again", meetup, Click::Event(Event::WantsAnotherTime { user })).await,
            _ => {}
        }
    }

    async fn tells(&mut self, user: UserId, meetup: &Meetup) {
        if !self.heard_of(user, &Notice::CheckIn, meetup).await {
            return;
        }
        let account = match self.whim(user, "account") {
            0..70 => Account::WeMet,
            70..80 => Account::DidNotHappen,
            80..85 => Account::WasAlone,
            85..90 => Account::NotRight,
            _ => return,
        };
        self.clicks(user, "check-in", meetup, Click::CheckIn(account)).await;
    }
}

/// Half of them come only if need be.
fn marked(user: UserId, poll: &Poll, none: bool) -> Marked {
    let starts = poll.slots.iter().take(2).map(Slot::start).collect();
    match (none, user.get() % 2) {
        (true, _) => Marked::NoneOfThese,
        (false, 0) => Marked::Suits(starts),
        (false, _) => Marked::IfNeedBe(starts),
    }
}

/// What a person can click.
enum Click {
    Answer(Answer),
    React(MessageId, BTreeSet<Choice>),
    Mark(u8, Marked),
    Place,
    Swap,
    Event(Event),
    CheckIn(Account),
    News,
}

impl Click {
    async fn make(&self, app: &Wallflower, user: UserId, meetup: &Meetup) -> Result<(), Stop> {
        match self {
            Self::Answer(answer) => app.answer(meetup.id, user, *answer).await,
            Self::React(message, choices) => {
                for choice in choices {
                    app.react(*message, user, Said::Reaction(*choice), true).await?;
                    app.react(*message, BYSTANDER, Said::Reaction(*choice), true).await?;
                }
                Ok(())
            }
            Self::Mark(poll, marked) => {
                let stranger = app.mark(meetup.id, BYSTANDER, *poll, marked.clone()).await;
                assert!(matches!(stranger, Err(Stop::Refusal(Refusal::NotYours))), "{stranger:?}");
                app.mark(meetup.id, user, *poll, marked.clone()).await.map(drop)
            }
            Self::Place => app.name_place(meetup.id, user, "the library").await.map(drop),
            Self::Swap => app.as_participant(meetup.id, Event::SwapsHost { user }, user).await.map(drop),
            Self::Event(event) => app.as_participant(meetup.id, event.clone(), user).await.map(drop),
            Self::News => app.hears_the_news(user, &[meetup.id]).await,
            Self::CheckIn(account) => app.check_in(meetup.id, user, *account).await.map(drop),
        }
    }
}
