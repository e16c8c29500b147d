//! The whole story in a process of its own that is killed: after each step, and in the middle of each request.

use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::SeqCst;
use std::time::Duration;

use futures_util::stream::{self, StreamExt as _};

use crate::again::tell_of_what_follows;
use crate::house::House;
use crate::open_evening::tell_of_an_evening;
use crate::support::TestDatabase;
use crate::tables::tell_of_a_table;
use crate::whole_way::{BetweenSteps, Nothing, tell};

/// Three quarters of a story are waiting: for a process to begin, a line to stand, a reaction to be taken as meant.
const SIDE_BY_SIDE: usize = 3;
/// Each tale has more requests than these that change something at Discord.
const FEWEST_REQUESTS: usize = 55;
/// And none has as many.
const MANY: usize = 200;

/// How the process dies after each step, and how long it stays dead.
struct KilledAfterEachStep {
    dead_for: Duration,
    kills: usize,
}

impl BetweenSteps for KilledAfterEachStep {
    async fn after(&mut self, house: &mut House, _step: &str) {
        house.is_killed();
        house.passes(self.dead_for);
        house.opens_as_child().await;
        self.kills += 1;
    }
}

/// The stories that are told while the process is killed.
#[derive(Clone, Copy)]
enum Tale {
    Discreet,
    Open,
    Evening,
    Table,
    /// What follows a meetup: a word for the channel, and the next one.
    Sequel,
}

impl Tale {
    async fn tell(self, house: &mut House, between: &mut impl BetweenSteps) {
        match self {
            Self::Discreet => tell(house, "discreet", between).await,
            Self::Open => tell(house, "open", between).await,
            Self::Evening => tell_of_an_evening(house, between).await,
            Self::Table => tell_of_a_table(house, "discreet", between).await,
            Self::Sequel => tell_of_what_follows(house, between).await,
        }
    }

    async fn is_told_with_a_kill_after_each_step(self, database: TestDatabase) {
        let mut house = House::new(database).await;
        house.opens_as_child().await;
        let mut killer = KilledAfterEachStep { dead_for: Duration::ZERO, kills: 0 };
        self.tell(&mut house, &mut killer).await;
        assert!(killer.kills >= 11, "killed {} times", killer.kills);
    }

    /// Told once for each of these requests, in the middle of which the process dies, until one tale has no more so many.
    async fn is_told_with_a_kill_in_the_middle_of(self, requests: impl Iterator<Item = usize>, missing_for: Duration) {
        let is_over = AtomicBool::new(false);
        let rest = requests.take_while(|_| !is_over.load(SeqCst));
        let told = async |n| {
            let mut house = House::new(TestDatabase::sqlite()).await;
            house.opens_as_child().await;
            house.dies_at_request(n, missing_for);
            self.tell(&mut house, &mut Nothing).await;
            if house.discord.kills() == 0 {
                assert!(n > FEWEST_REQUESTS, "nobody was killed at request {n}");
                is_over.store(true, SeqCst);
            }
        };
        stream::iter(rest).for_each_concurrent(SIDE_BY_SIDE, told).await;
        assert!(is_over.load(SeqCst), "the tale goes on beyond the last request at which it was told with a kill");
    }

    async fn is_told_with_a_kill_in_the_middle_of_some(self) {
        self.is_told_with_a_kill_in_the_middle_of((7..MANY).step_by(11), Duration::ZERO).await;
    }

    async fn is_told_with_a_kill_in_the_middle_of_each(self) {
        self.is_told_with_a_kill_in_the_middle_of(1..MANY, Duration::ZERO).await;
    }
}

async fn killed_after_each_step_it_comes_to_the_same_end(database: TestDatabase) {
    Tale::Discreet.is_told_with_a_kill_after_each_step(database).await;
}

async fn killed_after_each_step_in_the_open_too(database: TestDatabase) {
    Tale::Open.is_told_with_a_kill_after_each_step(database).await;
}

async fn killed_after_each_step_of_an_open_evening_too(database: TestDatabase) {
    Tale::Evening.is_told_with_a_kill_after_each_step(database).await;
}

async fn killed_after_each_step_of_a_table_too(database: TestDatabase) {
    Tale::Table.is_told_with_a_kill_after_each_step(database).await;
}

async fn killed_after_each_step_of_what_follows_too(database: TestDatabase) {
    Tale::Sequel.is_told_with_a_kill_after_each_step(database).await;
}

/// One tale each, so that they are told side by side.
macro_rules! killed_in_the_middle_of_requests {
    ($($name:ident: $tale:expr),+ $(,)?) => {
        $(mod $name {
            use super::{Duration, MANY, Tale};

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn killed_in_the_middle_of_some_requests() {
                $tale.is_told_with_a_kill_in_the_middle_of_some().await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            #[ignore = "some minutes: each request in turn"]
            async fn killed_in_the_middle_of_each_request_and_born_again_at_once() {
                $tale.is_told_with_a_kill_in_the_middle_of_each().await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            #[ignore = "some minutes: a third of the requests in turn"]
            async fn killed_in_the_middle_of_each_third_request_and_missing_for_an_hour() {
                $tale.is_told_with_a_kill_in_the_middle_of((1..MANY).step_by(3), Duration::from_hours(1)).await;
            }
        })+
    };
}

killed_in_the_middle_of_requests!(discreet: Tale::Discreet, open: Tale::Open, evening: Tale::Evening, table: Tale::Table);

on_both_engines!(
    killed_after_each_step_it_comes_to_the_same_end,
    killed_after_each_step_in_the_open_too,
    killed_after_each_step_of_an_open_evening_too,
    killed_after_each_step_of_a_table_too,
    killed_after_each_step_of_what_follows_too,
);
