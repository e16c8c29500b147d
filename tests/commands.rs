//! What people get to see who type commands and click buttons, over a local Discord.

use fake_discord::{Discord, Options};

use crate::support::TestDatabase;
use crate::support::product::{Product, set_up, settings};

mod support;

struct Stage {
    discord: Discord,
    database: TestDatabase,
    product: Product,
}

async fn stage() -> Stage {
    let discord = Discord::start(Options::default()).await;
    let database = TestDatabase::sqlite();
    let product = Product::start(&discord, settings(&discord, database.folder(), &database.url, &[]));
    discord.until_command("meet").await;
    discord.until_connected(1).await;
    Stage { discord, database, product }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_command_counts_somebody_in_and_only_they_see_it() {
    let stage = stage().await;
    let den = stage.discord.community("Den");
    den.channel("general");
    set_up(&den).await;
    let ana = den.person("ana");
    let answer = ana.runs("/meet join").await;
    assert!(answer.ephemeral && answer.text.starts_with("You are in."), "{answer:?}");
    assert!(ana.runs("/meet join").await.text.starts_with("You are in already."));
    stage.product.stop().await.unwrap();
    drop(stage.database);
}
