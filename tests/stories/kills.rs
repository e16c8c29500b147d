//! The whole story in a process of its own that is killed: after each step, and in the middle of each request.

use std::time::Duration;

use crate::house::House;
use crate::support::TestDatabase;
use crate::whole_way::{BetweenSteps, tell};

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

on_both_engines!(killed_after_each_step_it_comes_to_the_same_end);
