//! The use cases: each loads, decides and saves. They know the domain, the store and two ports: the clock and the
//! messenger.

pub mod ballots;
pub mod busy;
pub mod common_times;
pub mod deliver;
pub mod enrol;
pub mod evenings;
pub mod feeds;
pub mod forget;
pub mod meetups;
pub mod messenger;
pub mod places;
pub mod presence;
pub mod programme;
pub mod replay;
pub mod round;
pub mod sequels;
pub mod timekeeper;
pub mod trips;
mod turns;
pub mod watch;
pub mod wish;

use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit, Mac};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha12Rng;
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;
use tokio::sync::Notify;

use crate::clock::Clock;
use crate::domain::ids::{CommunityId, MeetupId, NoticeId, UserId};
use crate::domain::meetup::OutOfTurn;
use crate::store::{Store, StoreError};
use turns::Turns;
use watch::Watch;

/// Wallflower itself, without any chat service: what it remembers, its clock, its chance and its secret.
pub struct Wallflower {
    pub store: Store,
    clock: Arc<dyn Clock>,
    chance: Mutex<ChaCha12Rng>,
    /// Turns people into keyed hashes where they may be bystanders. Not in the database.
    secret: SecretString,
    /// The ear, where this process listens.
    watch: Option<Arc<Watch>>,
    /// Where the web server can be reached, where there is one.
    feeds_at: Option<String>,
    /// How often reactions may have been missed since the polls were read last.
    absences: AtomicUsize,
    /// When what had been kept long enough was looked for last.
    tidied: Mutex<Option<DateTime<Utc>>>,
    turns: Turns,
    /// Rung after each change, so that what it leads to is said at once.
    bell: Notify,
    /// The same for the rounds, which are looked after apart.
    rounds_bell: Notify,
}

/// Why a person's wish is not fulfilled, in words that they may hear.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("this community has not set Wallflower up yet")]
    NotSetUp,
    #[error("only members can do that: /meet join")]
    NotAMember,
    #[error("this community asks for a role before joining")]
    RoleMissing,
    #[error("this is for people with Manage Server")]
    NotAnAdmin,
    #[error("that has been settled already")]
    Settled,
    #[error("that is not yours to answer")]
    NotYours,
    #[error("only the host says where")]
    NotTheHost,
    #[error("only the proposer moves an open evening")]
    NotTheProposer,
    #[error("that is yourself")]
    Yourself,
    #[error("a bot cannot come")]
    Bot,
    #[error("there is no such city in the list")]
    NoSuchCity,
    #[error("that is where they live")]
    LivesThere,
    #[error("who travels has to live somewhere")]
    NoHome,
    #[error("there are as many trips as may be")]
    TooManyTrips,
    #[error("a trip needs a city and days")]
    NoTrip,
    #[error("the date has passed or is too far away")]
    NoSuchDate,
    #[error("no times could be found")]
    NoTimes,
    #[error("the place is empty or too long")]
    NoSuchPlace,
    #[error("one open evening at a time")]
    OneOpenEvening,
    #[error("that is no cadence that rounds can keep")]
    NoSuchCadence,
    #[error("no day and time can be read in that")]
    NoSuchTime,
    #[error("that time is too soon")]
    TooSoon,
    #[error("that time is too far away")]
    TooFar,
    #[error("that time lies in somebody's night")]
    AtNight,
    #[error("that time is asked about already")]
    ThereAlready,
    #[error("no more times can be added to this poll")]
    NoMoreTimes,
    #[error("there is no meetup of theirs whose times could be shown")]
    NoMeetup,
    #[error("a listed place has a name of 1 to 80 characters")]
    NoSuchListedPlace,
    #[error("there are as many listed places as may be")]
    TooManyPlaces,
    #[error("that place is not on the list")]
    NotListed,
    #[error("as many places stand to choose as may be")]
    NoMorePlaces,
    #[error("an open evening cannot need more people than it has seats")]
    TooFewSeats,
    #[error("there is no web server to read calendars from")]
    NoFeeds,
    #[error("there is no other poll for this one, and another time can be named")]
    NoOtherPoll,
    #[error("this one gets no other time")]
    NoOtherTime,
    #[error("these cannot go straight to another poll now")]
    NotAgain,
    #[error("@everyone cannot stand for a city")]
    EveryoneIsNoCity,
    #[error("a word for the community needs a letter")]
    NoWord,
    #[error("a round cannot be held yet")]
    NotRipe,
}

/// Why a use case ended without doing what was asked. Nothing has changed.
#[derive(Debug, thiserror::Error)]
pub enum Stop {
    /// The person may hear it.
    #[error(transparent)]
    Refusal(#[from] Refusal),
    /// Something is wrong on our side; the person hears only that.
    #[error(transparent)]
    Fault(#[from] StoreError),
    /// Too many hands on one meetup at once.
    #[error("a meetup changed faster than it could be saved")]
    Contention,
    /// A fault in the choice itself, or the program ends meanwhile.
    #[error("choosing was broken off: {0}")]
    BrokenOff(tokio::task::JoinError),
}

impl From<OutOfTurn> for Stop {
    fn from(_: OutOfTurn) -> Self {
        Self::Refusal(Refusal::Settled)
    }
}

pub type Result<T, E = Stop> = std::result::Result<T, E>;

/// Of a fixed text, by which a key is recognised; longer than what people are hashed from, so it is nobody's.
const FINGERPRINT_OF: &[u8] = b"the key by which Wallflower hashes people";

/// By what a key is recognised, without telling it.
pub fn fingerprint(secret: &SecretString) -> String {
    keyed_hash(secret, &[FINGERPRINT_OF])
}

/// 16 bytes of HMAC-SHA256, in hexadecimal.
fn keyed_hash(secret: &SecretString, parts: &[&[u8]]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.expose_secret().as_bytes())
        .unwrap_or_else(|_| unreachable!("HMAC takes keys of any length"));
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().iter().take(16).fold(String::with_capacity(32), |mut text, byte| {
        use std::fmt::Write as _;
        let _ = write!(text, "{byte:02x}");
        text
    })
}

impl Wallflower {
    /// `seed` makes ids; the same seed gives the same ids.
    pub fn new(store: Store, clock: Arc<dyn Clock>, secret: SecretString, seed: [u8; 32]) -> Self {
        let chance = Mutex::new(ChaCha12Rng::from_seed(seed));
        let (absences, tidied) = (AtomicUsize::new(0), Mutex::new(None));
        Self {
            store,
            clock,
            chance,
            secret,
            watch: None,
            feeds_at: None,
            absences,
            tidied,
            turns: Turns::new(),
            bell: Notify::new(),
            rounds_bell: Notify::new(),
        }
    }

    /// Tells this ear at once who is counted from when, and which channels are watched.
    #[must_use]
    pub fn hearing_with(mut self, watch: Arc<Watch>) -> Self {
        self.watch = Some(watch);
        self
    }

    /// Calendars are read at this address.
    #[must_use]
    pub fn serving_feeds_at(self, base: Option<String>) -> Self {
        Self { feeds_at: base, ..self }
    }

    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    pub fn clock(&self) -> &dyn Clock {
        &*self.clock
    }

    /// A keyed hash of somebody in a community: the same person gives the same text, and nobody without the secret
    /// learns from it who that is.
    pub fn person(&self, community: CommunityId, user: UserId) -> String {
        keyed_hash(&self.secret, &[&community.get().to_be_bytes(), &user.get().to_be_bytes()])
    }

    fn random(&self) -> u128 {
        let mut chance = self.chance.lock().unwrap_or_else(PoisonError::into_inner);
        (u128::from(chance.next_u64()) << 64) | u128::from(chance.next_u64())
    }

    fn new_meetup_id(&self) -> MeetupId {
        MeetupId::new(self.now(), self.random())
    }

    fn new_notice_ids(&self, count: usize) -> Vec<NoticeId> {
        (0..count).map(|_| NoticeId::new(self.now(), self.random())).collect()
    }

    /// Something has changed: look again at what is due.
    pub fn ring(&self) {
        self.bell.notify_one();
        self.rounds_bell.notify_one();
    }
}
