//! As in production: at discord.com, over TLS, with the library's own limiter, while Discord asks for patience.

use std::time::Duration;

use fake_discord::{Options, RestFault};

use crate::house::House;
use crate::support::TestDatabase;
use crate::whole_way::{BetweenSteps, tell};

/// Seconds that Discord asks for: long enough that whoever does not wait is seen.
const PATIENCE: f64 = 0.4;

/// Refuses requests of the next step.
#[derive(Default)]
struct AsksForPatience {
    refusals: usize,
}

impl AsksForPatience {
    fn refuses(&mut self, house: &House, scope: &'static str, method: &str, path: &str) {
        house.discord.fail_requests(1, method, path, RestFault::TooMany { scope, retry_after: PATIENCE });
        self.refusals += 1;
    }
}

impl BetweenSteps for AsksForPatience {
    async fn after(&mut self, house: &mut House, step: &str) {
        let threads = format!("/channels/{}/threads", house.tables.id);
        match step {
            "talked" => {
                self.refuses(house, "global", "POST", "/users/@me/channels");
                self.refuses(house, "shared", "POST", "/users/@me/channels");
                self.refuses(house, "user", "POST", "/channels/");
            }
            "one yes" => {
                self.refuses(house, "global", "POST", &threads);
                self.refuses(house, "shared", "POST", &threads);
                self.refuses(house, "user", "PUT", "/channels/");
                self.refuses(house, "global", "PUT", "/channels/");
                self.refuses(house, "shared", "POST", "/channels/");
            }
            "voted" => {
                self.refuses(house, "user", "GET", "/channels/");
                self.refuses(house, "global", "GET", "/channels/");
                self.refuses(house, "shared", "POST", "/channels/");
            }
            _ => {}
        }
    }
}

/// Whatever Discord refuses, and for whomever: all is said once, and nothing is asked before its time.
async fn whatever_discord_refuses_comes_once_and_not_before_its_time(database: TestDatabase) {
    let options = Options { rate_limits: true, until_timeout: Duration::from_mins(1), ..Options::default() };
    let mut house = House::at(database, options).await;
    house.opens_at_discord_com().await;
    let mut discord_says = AsksForPatience::default();
    let invitation = format!("/channels/{}/messages", house.tables.id);
    discord_says.refuses(&house, "user", "POST", &invitation);
    tell(&mut house, "discreet", &mut discord_says).await;
    house.closes().await;
    assert_eq!(house.discord.faults_to_come(), 0, "all was refused that was to be");
    let refused = house.discord.requests().iter().filter(|request| request.status == 429).count();
    assert!(refused >= discord_says.refusals, "{refused} refusals");
    assert_eq!(house.discord.impatient_requests(), Vec::<String>::new());
}

on_both_engines!(whatever_discord_refuses_comes_once_and_not_before_its_time);
