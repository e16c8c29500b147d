//! Two processes share a bot's shards and one PostgreSQL, and do as one would.

use std::process::Child;
use std::time::Duration;

use fake_discord::{DEFAULT_START_MS, Options};

use crate::house::{House, born, dies};
use crate::support::TestDatabase;
use crate::whole_way::{Nothing, tell};

/// The other half of the bot.
struct Other(Child);

impl Drop for Other {
    fn drop(&mut self) {
        dies(&mut self.0);
    }
}

mod postgres {
    use super::*;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    #[ignore = "needs a PostgreSQL server: set WALLFLOWER_TEST_POSTGRES_URL"]
    async fn two_processes_say_nothing_twice_and_leave_nothing_out() {
        // A millisecond later the community is in the first shard, whose process also hears direct messages.
        let options = Options { shards: 2, now_ms: DEFAULT_START_MS + 1, ..Options::default() };
        let house = House::at(TestDatabase::postgres().await, options).await;
        assert_eq!((house.den.id >> 22) % 2, 0);
        let folders = [house.folder().join("a"), house.folder().join("b")];
        let halves: Vec<Other> = ["0..1", "1..2"]
            .into_iter()
            .zip(&folders)
            .map(|(range, folder)| {
                let mut environment = house.environment();
                environment.insert("WALLFLOWER_DISCORD_SHARD_RANGE", range.to_owned());
                environment.insert("WALLFLOWER_DATA_FOLDER", folder.display().to_string());
                Other(born(&environment))
            })
            .collect();
        house.discord.until_connected(4).await;
        house.discord.until_command("meet").await;
        let mut house = house;
        tell(&mut house, "discreet", &mut Nothing).await;
        house.passes(Duration::from_hours(1));
        house.nothing_was_said_twice();
        assert_eq!(house.met().await.len(), 1);
        let shards: Vec<_> = house.discord.sessions().iter().map(|session| session.shard).collect();
        assert!(shards.contains(&(0, 2)) && shards.contains(&(1, 2)), "{shards:?}");
        drop(halves);
    }
}
