//! The whole story in a process of its own that is killed: after each step, and in the middle of each request.

use std::time::Duration;

use crate::house::House;
use crate::support::TestDatabase;
use crate::whole_way::{BetweenSteps, Nothing, tell};

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

async fn killed_after_each_step_it_comes_to_the_same_end(database: TestDatabase) {
    let mut house = House::new(database).await;
    house.opens_as_child().await;
    let mut killer = KilledAfterEachStep { dead_for: Duration::ZERO, kills: 0 };
    tell(&mut house, "discreet", &mut killer).await;
    assert!(killer.kills >= 12, "killed {} times", killer.kills);
}

/// Requests of the whole story that change something at Discord; those beyond the last one kill nobody.
const REQUESTS: usize = 75;

/// Tells the story once for each of these requests, in the middle of which the process dies.
async fn dies_in_the_middle_of(requests: impl Iterator<Item = usize>, missing_for: Duration) {
    for n in requests {
        let mut house = House::new(TestDatabase::sqlite()).await;
        house.opens_as_child().await;
        house.dies_at_request(n, missing_for);
        tell(&mut house, "discreet", &mut Nothing).await;
        let died = house.discord.kills() == 1;
        assert_eq!(died, n <= house.discord.mutating_requests(), "request {n}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_in_the_middle_of_some_requests() {
    dies_in_the_middle_of((7..REQUESTS).step_by(11), Duration::ZERO).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "some minutes: each request in turn"]
async fn killed_in_the_middle_of_each_request_and_born_again_at_once() {
    dies_in_the_middle_of(1..REQUESTS, Duration::ZERO).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "some minutes: each request in turn"]
async fn killed_in_the_middle_of_each_request_and_missing_for_an_hour() {
    dies_in_the_middle_of(1..REQUESTS, Duration::from_hours(1)).await;
}

on_both_engines!(killed_after_each_step_it_comes_to_the_same_end);
